"""Measures of a GAN of digits that are cheap enough to be shown while it trains."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.data.images import to_pixels
from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.image_measures import (
    check_count,
    image_floor,
    measure_images,
    reference,
)
from course_utils.language import text

SEEN = 0.01
"""A class counts as seen if at least this share of the images belongs to it."""


def live_measures(count: int = 500, seed: int = 0) -> dict[str, Callable[[object], float]]:
    """Functions of a GAN, for `views.Curves(measures=…)`: confidence, classes seen, judge-FID.

    They look at the same generated images: at each step the first that is called generates them,
    from the same random numbers each time, and has them judged. The judge looks at the test digits
    when the functions are made.

    Args:
        count: how many images are generated, 100 or more. Fewer cost less and bias the judge-FID
            more: its title names the value that as many real digits get.
        seed: for the latents.

    Returns:
        Titles, in the language in use, and functions; NaN where an image is not finite.

    Raises:
        ValueError: `count` is too small.
    """
    check_count(count)
    reference()  # Made once: here, where one waits for a cell anyway, and not in a running panel.
    look = _Look(count, seed)
    floor = image_floor("judge_fid", count).median
    fid = text(
        en=f"judge-FID ({count} images; real digits: {floor:.1f})",
        zh=f"裁判 FID（{count} 幅图像；真实数字为 {floor:.1f}）",
    )
    return {
        text(en="judge's confidence", zh="裁判的置信度"): lambda gan: look(gan)["confidence"],
        text(en="classes seen", zh="出现的类别数"): lambda gan: look(gan)["classes"],
        fid: lambda gan: look(gan)["judge_fid"],
    }


class _Look:
    """The measures of a GAN's images, kept until it is trained or its knobs are set."""

    def __init__(self, count: int, seed: int):
        self._count, self._seed = count, seed
        self._moment, self._values = None, {}

    def __call__(self, gan) -> dict[str, float]:
        # A run that was rewound comes to the same step again, but hardly to the same losses.
        history = gan.history
        moment = history, history.steps, history.last_row.tobytes(), dict(gan.knobs)
        if self._moment is None or self._moment[0] is not history or self._moment[1:] != moment[1:]:
            self._values = self._measure(gan)
            self._moment = moment
        return self._values

    def _measure(self, gan) -> dict[str, float]:
        from course_utils.models import judge

        samples = gan.generate(self._count, self._seed)
        if not np.isfinite(samples).all():
            return dict.fromkeys(("confidence", "classes", "judge_fid"), float("nan"))
        features, probabilities = judge.load().look(to_pixels(samples))
        classes = float((class_shares(probabilities) >= SEEN).sum())
        return {**measure_images(features, probabilities), "classes": classes}
