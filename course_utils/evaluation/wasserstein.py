"""The sliced Wasserstein distance between two samples."""

from __future__ import annotations

import numpy as np

from course_utils.evaluation.validation import checked_points
from course_utils.language import text


def sliced_wasserstein(a: np.ndarray, b: np.ndarray, directions: int = 64) -> float:
    """Mean over directions of the 1-D Wasserstein-1 distance between the projected samples.

    The directions are spread evenly over the half circle, so there is no randomness
    (Rabin et al., 2011, draw them). A shift by a vector v gives |v| · 2/π.

    Args:
        a: [n, 2].
        b: [m, 2]; the order of the two does not matter.
        directions: how many, at least 1.

    Returns:
        From 0 (best) to infinity, in units of the coordinates. Biased upwards: two samples of one
        distribution give a fraction of its width / sqrt(n), not 0; compare with the floor.
        Cost O(directions · (n + m) log(n + m)).

    Raises:
        ValueError: a sample is not finite numbers [n, 2], or `directions` is below 1.
    """
    from scipy.stats import wasserstein_distance

    a, b = checked_points(a, "a"), checked_points(b, "b")
    if directions < 1:
        raise ValueError(
            text(
                en=f"directions = {directions!r}: at least 1 is needed.",
                zh=f"directions = {directions!r}：至少需要 1 个方向。",
            )
        )
    angles = np.pi * (np.arange(directions) + 0.5) / directions
    vectors = np.stack([np.cos(angles), np.sin(angles)])  # [2, directions]
    distances = map(wasserstein_distance, (a @ vectors).T, (b @ vectors).T)
    return float(np.mean(list(distances)))
