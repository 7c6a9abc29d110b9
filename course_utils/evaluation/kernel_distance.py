"""The kernel distance between two samples of features: unbiased, unlike the Fréchet distance.

With the features of Inception it is the KID of Bińkowski et al. 2018, arXiv:1801.01401.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.checks import whole_number
from course_utils.evaluation.distances import check_dimensions, checked_samples

_BLOCK = 2**20  # kernel values held in memory at a time: 8 MB, and as much for their squares


class KernelDistance(NamedTuple):
    """The squared maximum mean discrepancy (MMD²), found on random subsets.

    Attributes:
        mean: over the subsets.
        deviation: the standard deviation of one subset's value, as papers state it. It is not the
            error of the mean. NaN if there is one value only: `subsets` is 1, or the subsets are
            the whole samples.
    """

    mean: float
    deviation: float


class KernelInterval(NamedTuple):
    """MMD² of whole samples, and its 95 % interval.

    Attributes:
        value: the mean over all pairs of samples.
        low: the lower end.
        high: the upper end.
    """

    value: float
    low: float
    high: float


def kernel_distance(
    features: np.ndarray,
    reference: np.ndarray,
    size: int = 1000,
    subsets: int = 100,
    seed: int = 0,
) -> KernelDistance:
    """Unbiased MMD² with the kernel k(x, y) = (x·y / d + 1)³ (Bińkowski et al.).

    Of a subset X of the features and a subset Y of the reference, `size` samples each, it is the
    mean of k(x, x') over pairs of different samples of X, plus that of Y, minus twice the mean of
    k(x, y). The kernel sees means, variances and skewness: two distributions in which all moments
    up to the third are equal have distance 0.

    Args:
        features: [n, d], n >= 2.
        reference: [m, d], m >= 2.
        size: of a subset, at least 2; lowered to the smaller of n and m. If that is one of them,
            its subsets are all the same, and `deviation` shows the spread of the other alone.
        subsets: how many are drawn, at least 1; each without replacement.
        seed: for drawing; the subsets are those of torch-fidelity for the same seed.

    Returns:
        Mean and deviation. They change with the scale of the features, for large ones nearly with
        its sixth power (not quite, because of the + 1): a value means nothing beside that of
        another network. Unbiased for independent samples: for equal distributions the mean is 0
        for every n (the median need not be); no upper end. Samples with equally many of each class
        are not independent, and come out too low: 500 real digits, 50 of each class, get -27 on
        average. Cost O(subsets · size² · d), memory bounded: the usual 100 subsets of 1,000 with 64
        dimensions take 1.5 s of CPU.

    Raises:
        ValueError: a sample is not finite numbers [n, d], has fewer than 2 rows, or d differs; or
            `size` or `subsets` is too small.
    """
    features, reference = _checked(features, reference)
    subsets = whole_number("subsets", subsets, 1)
    size = min(whole_number("size", size, 2), len(features), len(reference))
    whole = size == len(features) == len(reference)
    random = np.random.RandomState(seed)
    values = [
        _squared_discrepancy(
            *(x[random.choice(len(x), size, replace=False)] for x in (features, reference))
        )
        for _ in range(1 if whole else subsets)
    ]
    deviation = float(np.std(values)) if len(values) > 1 else np.nan
    return KernelDistance(float(np.mean(values)), deviation)


def kernel_interval(features: np.ndarray, reference: np.ndarray) -> KernelInterval:
    """The unbiased MMD² of whole samples, all pairs at once, and how far off it may be.

    How the value changes without each single sample follows from the mean kernel values of that
    sample: the jackknife with as many groups as samples (see `intervals.jackknife`), for both.

    Args:
        features: [n, d], n >= 3.
        reference: [m, d], m >= 3.

    Returns:
        The value and its interval, which unlike `jackknife`'s contains the sampling error of the
        reference, too: it tells whether the distributions may be equal, a distance of 0. Near 0 it
        is too wide: it held the true 0 in 98 % of the draws. Both are right for independent samples
        only; with equally many of each class they come out too low (see `kernel_distance`). It is
        not meant for comparing two generators with one reference, as that error is common to both.
        `kernel_distance` estimates the same value, less exactly, as it does not see all pairs.
        Cost O((n + m)² d), memory bounded: 10,000 of 64 dimensions against as many take 1.5 s of
        CPU.

    Raises:
        ValueError: a sample is not finite numbers [n, d], has fewer than 3 rows, or d differs.
    """
    features, reference = _checked(features, reference, 3)
    samples = _extended(features), _extended(reference)
    value, variance = 0.0, 0.0
    for a, b in (samples, samples[::-1]):
        n, m = len(a), len(b)
        within = _sums_of_cubes(a, a) - _cubes(a)  # of each sample with all others of its kind
        between = _sums_of_cubes(a, b)
        value += within.sum() / (n * (n - 1)) - between.sum() / (n * m)
        without = (within.sum() - 2 * within) / ((n - 1) * (n - 2))
        without -= 2 * (between.sum() - between) / ((n - 1) * m)
        variance += (n - 1) * np.var(without)
    margin = 1.96 * np.sqrt(variance)
    return KernelInterval(float(value), float(value - margin), float(value + margin))


def _squared_discrepancy(a: np.ndarray, b: np.ndarray) -> float:
    """Unbiased MMD² of two samples [n, d] of one size."""
    a, b = _extended(a), _extended(b)
    within = sum(_sums_of_cubes(x, x).sum() - _cubes(x).sum() for x in (a, b))
    between = _sums_of_cubes(a, b).sum()
    return within / (len(a) * (len(a) - 1)) - 2 * between / len(a) ** 2


def _extended(samples: np.ndarray) -> np.ndarray:
    """Samples [n, d] as [n, d + 1], whose products are x·y / d + 1."""
    return np.column_stack([samples / np.sqrt(samples.shape[1]), np.ones(len(samples))])


def _cubes(a: np.ndarray) -> np.ndarray:
    """The kernel of each sample with itself, float64 [n]."""
    return np.einsum("ij,ij->i", a, a) ** 3


def _sums_of_cubes(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The sum of the kernel of each sample of `a` with all of `b`, float64 [n]."""
    sums = np.empty(len(a))
    size = max(1, _BLOCK // len(b))
    for start in range(0, len(a), size):
        products = a[start : start + size] @ b.T
        sums[start : start + size] = np.einsum("ij,ij->i", products * products, products)
    return sums


def _checked(
    features: np.ndarray, reference: np.ndarray, at_least: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    features = checked_samples(features, at_least=at_least)
    reference = checked_samples(reference, "reference", at_least=at_least)
    check_dimensions(features.shape[1], reference.shape[1])
    return features, reference
