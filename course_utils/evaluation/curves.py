"""Measures for targets that lie on the graph of a function: how near, and how much of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.data.targets import x_squared
from course_utils.evaluation.validation import checked_points


def curve_error(points: np.ndarray, f: Callable[[np.ndarray], np.ndarray]) -> float:
    """Mean vertical distance between the points and the graph of `f`: mean |y - f(x)|.

    It says nothing about coverage: a generator that always draws one point of the graph gets 0.

    Args:
        points: [n, 2], n >= 1.
        f: takes x as float64 [n], returns [n].

    Returns:
        From 0 (best) to infinity, in units of y. An unbiased estimate of the generator's mean for
        every n. Cost O(n).

    Raises:
        ValueError: the points are not finite numbers [n, 2].
    """
    x, y = checked_points(points).T
    return float(np.abs(y - f(x)).mean())


def bins_covered(
    points: np.ndarray,
    f: Callable[[np.ndarray], np.ndarray],
    interval: tuple[float, float] = (-0.5, 0.5),
    bins: int = 20,
    tolerance: float = 0.02,
    share: float = 0.2,
) -> float:
    """Share of the equal bins of x that the points cover.

    With x uniform, the fair share of a bin is n / `bins` points. A bin is covered if it holds at
    least `share` of that, counting only points nearer to the graph than `tolerance`.

    Args:
        points: [n, 2], n >= bins / share (100 by default), so that one point is not yet a cover.
        f: takes x as float64 [n], returns [n].
        interval: the range of x that the bins divide.
        bins: how many.
        tolerance: largest |y - f(x)| of a point that counts, in units of y.
        share: part of the fair share that is enough, above 0 and at most 1.

    Returns:
        From 0 to 1 (best), in steps of 1 / bins. Slightly pessimistic for small n: real samples
        miss a given bin with a chance of 0.6 % at n = 100, practically never at n = 1,000.
        Cost O(n).

    Raises:
        ValueError: the points are not finite numbers [n, 2], or too few.
    """
    points = checked_points(points, at_least=round(bins / share))
    x, y = points.T
    counts, _ = np.histogram(x[np.abs(y - f(x)) < tolerance], bins, interval)
    return float(np.mean(counts >= share * len(points) / bins))


def x2_success(points: np.ndarray) -> bool:
    """Whether points solve the x² task: mean |y - x²| < 0.01 and all 20 bins covered.

    Args:
        points: [n, 2], n >= 100; the course uses 1,000 or more.

    Raises:
        ValueError: the points are not finite numbers [n, 2], or too few.
    """
    return bins_covered(points, x_squared.f) == 1.0 and curve_error(points, x_squared.f) < 0.01
