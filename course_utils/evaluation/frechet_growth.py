"""How the Fréchet distance falls as samples grow, and where it would end.

Chong and Forsyth 2020, arXiv:1911.07023: with infinitely many samples, FID∞.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from course_utils.checks import whole_number
from course_utils.evaluation.distances import check_dimensions, checked_samples
from course_utils.evaluation.frechet import Gaussian, frechet_distance
from course_utils.language import text


class FrechetGrowth(NamedTuple):
    """The distance at some numbers of samples, and the straight line against 1 / N.

    Attributes:
        counts: int64 [c], ascending: the numbers N of samples.
        values: float64 [c]: the mean distance of the drawn subsets of that size.
        slope: of the line: value ≈ limit + slope / N. It is the generator's own, so that even equal
            numbers of samples do not rank two generators fairly.
        limit: where the line meets 1 / N = 0.
    """

    counts: np.ndarray
    values: np.ndarray
    slope: float
    limit: float


def frechet_growth(
    features: np.ndarray,
    reference: np.ndarray | Gaussian,
    counts: Sequence[int] | None = None,
    repeats: int = 5,
    seed: int = 0,
) -> FrechetGrowth:
    """Measure random subsets of N samples, and extrapolate to infinity (Chong and Forsyth).

    Args:
        features: [n, d], n >= 20 d unless `counts` is given.
        reference: [m, d], m >= 2, or the Gaussian of such features.
        counts: two or more different numbers of samples, 2 … n. None: ten of them, evenly spaced
            in 1 / N, from the larger of n / 10 and 10 d, as the line bends below that, to n.
        repeats: how many subsets of each size are drawn, without replacement, at least 1.
        seed: for drawing.

    Returns:
        Values in squared units of the features. `limit` is free of the bias that a finite n brings,
        not of that of a finite reference; for a perfect generator it may come out slightly
        negative. That holds for independent samples only: with equally many of each class it is too
        low, for 500 real digits, 50 of each class, -1.9. It is less certain than the value at n, as
        it lies beyond all that was measured. Cost O(c · repeats · (n d² + d³)): 10,000 samples of
        64 dimensions take 0.1 s of CPU.

    Raises:
        ValueError: a sample is not finite numbers [n, d], d differs, n is too small, or `counts` or
            `repeats` is not of the kind above.
    """
    features = checked_samples(features, at_least=2, stacklevel=3)
    if not isinstance(reference, Gaussian):
        reference = Gaussian.of(reference, "reference")
    check_dimensions(features.shape[1], len(reference.mean))
    counts = _counts(*features.shape) if counts is None else _checked_counts(counts, len(features))
    repeats = whole_number("repeats", repeats, 1)
    random = np.random.default_rng(seed)
    values = np.array(
        [
            np.mean(
                [
                    frechet_distance(random.choice(features, count, replace=False), reference)
                    for _ in range(1 if count == len(features) else repeats)
                ]
            )
            for count in counts
        ]
    )
    slope, limit = np.polyfit(1 / counts, values, 1)
    return FrechetGrowth(counts, values, float(slope), float(limit))


def _counts(samples: int, dimensions: int) -> np.ndarray:
    if samples < 20 * dimensions:
        raise ValueError(
            text(
                en=f"{samples} samples of {dimensions} dimensions are too few for a line: at least "
                f"{20 * dimensions} are needed. Draw more, or choose `counts` yourself.",
                zh=f"{dimensions} 维特征只有 {samples} 个样本，不足以拟合直线：至少需要 "
                f"{20 * dimensions} 个。请多采样一些，或自行指定 counts。",
            )
        )
    fewest = max(samples // 10, 10 * dimensions)
    return np.rint(1 / np.linspace(1 / fewest, 1 / samples, 10)).astype(np.int64)


def _checked_counts(counts: Sequence[int], samples: int) -> np.ndarray:
    array = np.unique(np.asarray(counts))
    whole = np.issubdtype(array.dtype, np.integer)
    if not whole or len(array) < 2 or array[0] < 2 or array[-1] > samples:
        raise ValueError(
            text(
                en=f"counts = {counts!r}: two or more different whole numbers are needed, from 2 "
                f"to the number of samples, {samples}.",
                zh=f"counts = {counts!r}：需要至少两个不同的整数，取值从 2 到样本数 {samples}。",
            )
        )
    return array.astype(np.int64)
