"""The energy distance between two samples."""

from __future__ import annotations

import numpy as np

from course_utils.evaluation.validation import checked_points

_BLOCK = 2**20  # distances held in memory at a time: 8 MB


def energy_distance(a: np.ndarray, b: np.ndarray, unbiased: bool = True) -> float:
    """Energy distance 2 E|X-Y| - E|X-X'| - E|Y-Y'| between two samples (Székely and Rizzo, 2013).

    It is 0 only when the two distributions are equal. There is no root here: SciPy's 1-D function
    `scipy.stats.energy_distance` returns the root of the biased value.

    Args:
        a: [n, 2].
        b: [m, 2]; the order of the two does not matter.
        unbiased: average over pairs of different points (U-statistic, n and m >= 2). False keeps
            the distance 0 of each point to itself (V-statistic, n and m >= 1).

    Returns:
        A distance in units of the coordinates. Unbiased: its mean is the true value for every n, so
        that equal distributions give values around 0, more than half of them negative. Otherwise:
        never negative, but too large by about (E|X-X'| / n + E|Y-Y'| / m).
        Cost O((n + m)²), memory bounded.

    Raises:
        ValueError: a sample is not finite numbers [n, 2], or too small.
    """
    least = 2 if unbiased else 1
    a, b = checked_points(a, "a", least), checked_points(b, "b", least)
    between = _sum_of_distances(a, b) / (len(a) * len(b))
    within = sum(_sum_of_distances(x, x) / (len(x) * (len(x) - unbiased)) for x in (a, b))
    return float(2 * between - within)


def _sum_of_distances(a: np.ndarray, b: np.ndarray) -> float:
    from scipy.spatial.distance import cdist

    rows = max(1, _BLOCK // len(b))
    return sum(cdist(a[i : i + rows], b).sum() for i in range(0, len(a), rows))
