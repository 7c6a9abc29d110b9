"""What a generator makes of places in its latent space, for the latent explorer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_utils.checks import whole_number
from course_utils.data.images import checked_images, to_pixels
from course_utils.evaluation.neighbours import nearest
from course_utils.exercises.feedback import last_line
from course_utils.language import text
from course_utils.models import latents

WALK = 11
"""Images of a walk, at t = 0, 0.1 … 1."""
_PEERS = 16  # reference images whose own neighbours tell what a small distance is


class Place(NamedTuple):
    """Where the explorer is: the numbers of A and B, the share t of B, and the threshold."""

    a: int
    b: int
    share: float
    threshold: float


@dataclass(frozen=True)
class Seen:
    """What there is to see at a place; of two things the first is on the straight line.

    Attributes:
        place: where.
        latent_dim: components of a latent vector.
        angle: between A and B, in degrees.
        walks: uint8 [2, WALK, 28, 28], from A to B.
        images: uint8 [2, 28, 28], at the place's t.
        lengths: |z| of these, float [2].
        neighbours: the reference images nearest to them, uint8 [2, 28, 28], or None.
        numbers: indices of these, int [2], or None.
        distances: of these, float [2], see `evaluation.neighbours`, or None.
        peers: how far a reference image's own nearest is, the median; None where there is no other.
        samples: uint8 [n, 28, 28], of latents truncated at the place's threshold.
        sample_length: mean |z| of these.
        variety: distance of two of the samples, the root of its mean square, 0 if all are equal.
    """

    place: Place
    latent_dim: int
    angle: float
    walks: np.ndarray
    images: np.ndarray
    lengths: np.ndarray
    neighbours: np.ndarray | None
    numbers: np.ndarray | None
    distances: np.ndarray | None
    peers: float | None
    samples: np.ndarray
    sample_length: float
    variety: float


class LatentSpace:
    """A generator's latent space; see `LatentExplorer` for the arguments and errors."""

    def __init__(
        self,
        generator: Callable,
        reference: np.ndarray | None,
        latent_dim: int | None,
        rows: int,
        columns: int,
        seed: int,
    ):
        latent_dim = _latent_dim(generator) if latent_dim is None else latent_dim
        self.latent_dim = whole_number("latent_dim", latent_dim, 1)
        self.rows = whole_number("rows", rows, 1, 32)
        self.columns = whole_number("columns", columns, 1, 32)
        self.seed = whole_number("seed", seed, 0)
        self._generator = generator
        self._reference = None if reference is None else checked_images(reference)
        self._peers = _distance_of_peers(self._reference)
        self._kept: dict[str, tuple] = {}

    def look(self, place: Place) -> Seen:
        """See what is there.

        Raises:
            ValueError: the generator fails or answers with something else than images, or the place
                does not exist.
        """
        a, b = self.end(0, place.a), self.end(1, place.b)
        walks = self._keep("walks", place[:2], lambda: self._walk(a, b, np.linspace(0, 1, WALK)))
        samples, length = self._keep("samples", place.threshold, lambda: self._sample(place))
        points = _paths(a, b, place.share)
        images = self._images(points)
        found = numbers = distances = None
        if self._reference is not None:
            numbers, distances = (array[:, 0] for array in nearest(images, self._reference))
            found = self._reference[numbers]
        # Twice the variance, as two samples that are drawn independently differ by.
        spread = 2 * (samples / 255).var(axis=0, ddof=min(1, len(samples) - 1)).sum()
        return Seen(
            place=place,
            latent_dim=self.latent_dim,
            angle=latents.angle(a, b),
            walks=walks,
            images=images,
            lengths=np.linalg.norm(points, axis=1),
            neighbours=found,
            numbers=numbers,
            distances=distances,
            peers=self._peers,
            samples=samples,
            sample_length=length,
            variety=float(np.sqrt(spread)),
        )

    def end(self, which: int, number: int) -> np.ndarray:
        """Return the n-th end point, float32 [latent_dim]; `which`: 0 is A, 1 is B."""
        rng = np.random.default_rng([self.seed, which, number])
        return rng.standard_normal(self.latent_dim).astype(np.float32)

    def _walk(self, a: np.ndarray, b: np.ndarray, shares: np.ndarray) -> np.ndarray:
        return self._images(_paths(a, b, shares)).reshape(2, len(shares), 28, 28)

    def _sample(self, place: Place) -> tuple[np.ndarray, float]:
        count = self.rows * self.columns
        z = latents.truncated_normal(count, self.latent_dim, place.threshold, self.seed)
        return self._images(z), float(np.linalg.norm(z, axis=1).mean())

    def _keep(self, name: str, key, make: Callable):
        """Return what `make` makes, or made last time if `key` is still the same."""
        if name not in self._kept or self._kept[name][0] != key:
            self._kept[name] = key, make()
        return self._kept[name][1]

    def _images(self, z: np.ndarray) -> np.ndarray:
        """Return the generator's images of latents [n, latent_dim], uint8 [n, 28, 28]."""
        # A Keras model in training mode would normalize by this batch.
        mode = {"training": False} if hasattr(self._generator, "input_shape") else {}
        try:
            answer = np.asarray(self._generator(z, **mode))
        except Exception as error:
            line = last_line(error)
            raise ValueError(
                text(
                    en=f"The generator failed, so there is nothing new to see: {line}",
                    zh=f"生成器运行出错，画面没有更新：{line}",
                )
            ) from error
        if answer.shape != (len(z), 28, 28, 1):
            raise ValueError(
                text(
                    en=f"For {len(z)} latent vectors the generator answered with the shape "
                    f"{answer.shape}; images [{len(z)}, 28, 28, 1] were expected.",
                    zh=f"对 {len(z)} 个隐向量，生成器输出的形状是 {answer.shape}，"
                    f"应为图像 [{len(z)}, 28, 28, 1]。",
                )
            )
        return to_pixels(answer)


def _paths(a: np.ndarray, b: np.ndarray, shares) -> np.ndarray:
    return np.concatenate([latents.linear(a, b, shares), latents.spherical(a, b, shares)])


def _distance_of_peers(reference: np.ndarray | None) -> float | None:
    """Return how far images of the reference are from their nearest other one, the median."""
    if reference is None or len(reference) < 2:
        return None
    some = np.linspace(0, len(reference) - 1, min(_PEERS, len(reference))).astype(int)
    _, distances = nearest(reference[some], reference, count=2)
    return float(np.median(distances[:, 1]))  # [:, 0] are their distances from themselves


def _latent_dim(generator: Callable) -> int:
    shape = getattr(generator, "input_shape", None)
    if isinstance(shape, tuple) and len(shape) == 2 and shape[1]:
        return shape[1]
    raise ValueError(
        text(
            en="How long a latent vector is cannot be read from this generator: give latent_dim.",
            zh="无法从这个生成器得知隐向量的维数：请给出 latent_dim。",
        )
    )
