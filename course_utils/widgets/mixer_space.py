"""What a conditional generator makes of mixtures of two classes, for the class mixer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_utils.data.images import to_pixels
from course_utils.exercises.feedback import last_line
from course_utils.language import text

WALK = 11
"""Images of a walk, at the shares 0, 0.1 … 1 of the second class."""


class Place(NamedTuple):
    """Where the mixer is: two classes, the share of the second one, and the latent's number."""

    first: int
    second: int
    share: float
    latent: int


@dataclass(frozen=True)
class Seen:
    """What there is to see at a place.

    Attributes:
        place: where.
        walk: uint8 [WALK, 28, 28], from the first class to the second, all of one latent.
        image: uint8 [28, 28], at the place's share.
        verdicts: what the judge says of the walk's images, float32 [WALK, 10]; None where the
            classes are not the ten digits.
        verdict: and of the image, float32 [10], or None.
        step: how far the generator has been trained, or None if nobody trains it.
    """

    place: Place
    walk: np.ndarray
    image: np.ndarray
    verdicts: np.ndarray | None
    verdict: np.ndarray | None
    step: int | None = None


def look(
    generate: Callable, latent: np.ndarray, classes: int, place: Place, step: int | None = None
) -> Seen:
    """See what is at a place.

    Args:
        generate: takes latents float32 [N, latent_dim] and conditions float32 [N, classes],
            returns images float32 [N, 28, 28, 1] in [-1, 1].
        latent: float32 [latent_dim], the same for all images.
        classes: that the generator knows.
        place: where to look.
        step: see `Seen`.

    Raises:
        ValueError: the generator fails or answers with something else than images.
    """
    from course_utils.models import judge

    shares = np.append(np.arange(WALK) / (WALK - 1), place.share).astype(np.float32)[:, None]
    every = np.eye(classes, dtype=np.float32)
    conditions = (1 - shares) * every[place.first] + shares * every[place.second]
    latents = np.tile(latent, (len(shares), 1))
    try:
        answer = np.asarray(generate(latents, conditions))
    except Exception as error:
        line = last_line(error)
        raise ValueError(
            text(
                en=f"The generator failed, so there is nothing new to see: {line}",
                zh=f"生成器运行出错，画面没有更新：{line}",
            )
        ) from error
    images = to_pixels(answer)
    seen = judge.load().probabilities(images) if classes == judge.CLASSES else None
    verdicts, verdict = (None, None) if seen is None else (seen[:-1], seen[-1])
    return Seen(place, images[:-1], images[-1], verdicts, verdict, step)
