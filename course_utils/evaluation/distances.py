"""Euclidean distances between all samples, a block at a time, and to the nearest neighbours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

from course_utils.checks import whole_number
from course_utils.evaluation.validation import checked_features
from course_utils.language import text

_BLOCK = 2**20  # distances held in memory at a time: 8 MB


def squared_distances(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield the squared distances of some rows of `a` to all rows of `b`, then of the next rows.

    |x - y|² = |x|² - 2 x·y + |y|² is one product of matrices, if each x is extended by |x|² and 1,
    and each y by 1 and |y|². The origin is moved to the median of the y, so that rounding takes
    nothing from samples that are far from 0 and near each other, even if a few others are
    elsewhere; whole numbers stay exact.

    Args:
        a: float64 [n, d].
        b: float64 [m, d].

    Yields:
        Which rows of `a`, and float64 [rows, m]. The next block is written over this one. Rounding
        may leave values just below 0 where x and y are equal.
    """
    origin = _middle(b)
    a, b = a - origin, b - origin
    left = np.column_stack([-2 * a, np.einsum("ij,ij->i", a, a), np.ones(len(a))])
    right = np.column_stack([b, np.ones(len(b)), np.einsum("ij,ij->i", b, b)]).T
    size = max(1, _BLOCK // len(b))
    buffer = np.empty((min(size, len(a)), len(b)))
    for start in range(0, len(a), size):
        block = left[start : start + size]
        rows = slice(start, start + len(block))
        yield rows, np.matmul(block, right, out=buffer[: len(block)])


def radii(features: np.ndarray, neighbours: int = 5) -> np.ndarray:
    """The distance of each sample to the `neighbours`-th nearest other one.

    Args:
        features: [n, d], n > neighbours.
        neighbours: 1 … n - 1. A sample is no neighbour of its own, but its copies are.

    Returns:
        float64 [n], in units of the features; 0 where a sample has that many copies. Cost O(n² d),
        memory bounded: 10,000 samples of 64 dimensions take 0.5 s of CPU.

    Raises:
        ValueError: the features are not finite numbers [n, d], or `neighbours` is out of its range.
    """
    features = checked_samples(features, stacklevel=3)
    return np.sqrt(squared_radii(features, checked_neighbours(neighbours, features)))


def squared_radii(samples: np.ndarray, neighbours: int) -> np.ndarray:
    """The squares of `radii`, of samples float64 [n, d] that were checked; exact for integers."""
    found = np.empty(len(samples))
    for rows, squares in squared_distances(samples, samples):
        np.einsum("ii->i", squares[:, rows])[:] = np.inf  # itself
        squares.partition(neighbours - 1, axis=1)
        found[rows] = squares[:, neighbours - 1]
    found[found <= rounding(samples)] = 0  # copies
    return found


def rounding(samples: np.ndarray) -> np.ndarray:
    """How far off the squared distances from each of the samples [n, d] to near ones may be: [n].

    It is ten times the usual error, a few units in the last place of the sample's squared norm. Of
    that of another sample, far away, the distance itself is a large part.
    """
    return 1e-13 * np.square(samples - _middle(samples)).sum(axis=1)


def _middle(samples: np.ndarray) -> np.ndarray:
    """The median of samples [n, d], or of a hundred among them, as all would take longer: [d]."""
    return np.median(samples[:: 1 + len(samples) // 100], axis=0)


def checked_samples(
    features: np.ndarray, name: str = "features", at_least: int = 1, stacklevel: int = 4
) -> np.ndarray:
    """`validation.checked_features`, and a warning if all samples are the same."""
    samples = checked_features(features, name, at_least)
    first = samples[:1]
    if len(samples) > 1 and (samples[-1:] == first).all() and (samples == first).all():
        warnings.warn(
            text(
                en=f"{name}: all {len(samples)} samples are the same. Either the generator has "
                "collapsed to one image, or the array was filled with one sample by mistake.",
                zh=f"{name}：{len(samples)} 个样本完全相同。要么生成器已崩溃到同一幅图像，"
                "要么数组被误填成了同一个样本。",
            ),
            stacklevel=stacklevel,
        )
    return samples


def checked_neighbours(neighbours: int, samples: np.ndarray, name: str = "features") -> int:
    """Return `neighbours` as an int.

    Raises:
        ValueError: it is no whole number in 1 … n - 1, for samples [n, d].
    """
    try:
        return whole_number("neighbours", neighbours, 1, len(samples) - 1)
    except ValueError:
        raise ValueError(
            text(
                en=f"neighbours = {neighbours!r}: it must be a whole number, at least 1 and less "
                f"than the number of samples; {name} holds {len(samples)}.",
                zh=f"neighbours = {neighbours!r}：必须是不小于 1 且小于样本数的整数；"
                f"{name} 有 {len(samples)} 个样本。",
            )
        ) from None


def check_dimensions(features: int, reference: int) -> None:
    """Raises ValueError if features and reference differ in their numbers of dimensions."""
    if features != reference:
        raise ValueError(
            text(
                en=f"features has {features} dimensions, reference {reference}: both must come "
                "from the same network.",
                zh=f"features 有 {features} 维，reference 有 {reference} 维：二者必须来自"
                "同一个网络。",
            )
        )
