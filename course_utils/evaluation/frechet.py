"""The Fréchet distance between two samples of features, each described by a Gaussian.

With the features of Inception it is the FID of Heusel et al. 2017, arXiv:1706.08500; with those of
the course's judge it is called judge-FID.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from course_utils.evaluation.distances import check_dimensions, checked_samples
from course_utils.language import text

_ROWS = 500  # centred at a time, so that they stay in the cache: half the time of np.cov


class Gaussian(NamedTuple):
    """The Gaussian with a sample's mean and covariance.

    Attributes:
        mean: float64 [d].
        covariance: float64 [d, d], unbiased (divided by n - 1), symmetric.
    """

    mean: np.ndarray
    covariance: np.ndarray

    @classmethod
    def of(cls, features: np.ndarray, name: str = "features") -> Gaussian:
        """The Gaussian of features [n, d], n >= 2.

        Warns if n <= d, as the covariance has no full rank then, and if all samples are the same.

        Raises:
            ValueError: the features are not finite numbers [n, d], or fewer than 2.
        """
        features = checked_samples(features, name, at_least=2)
        count, dimensions = features.shape
        if count <= dimensions:
            warnings.warn(
                text(
                    en=f"{name}: {count} samples in {dimensions} dimensions; their covariance has "
                    f"no full rank. Use more than {dimensions}, better ten times as many.",
                    zh=f"{name}：{dimensions} 维特征只有 {count} 个样本，协方差矩阵不满秩。"
                    f"样本数应大于 {dimensions}，最好达到它的十倍。",
                ),
                stacklevel=3,
            )
        mean = np.full(count, 1 / count) @ features  # quicker than features.mean(axis=0)
        products = np.zeros((dimensions, dimensions))
        for start in range(0, count, _ROWS):
            centred = features[start : start + _ROWS] - mean
            products += centred.T @ centred
        return cls(mean, products / (count - 1))


def frechet_distance(features: np.ndarray, reference: np.ndarray | Gaussian) -> float:
    """|m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁C₂)^½), of means m and covariances C (Heusel et al., eq. 6).

    If C₁ = R₁R₁ᵀ and C₂ = R₂R₂ᵀ, then the trace of the root is the sum of the singular values of
    R₁ᵀR₂: their squares are the eigenvalues of C₁C₂. So no root of an unsymmetric matrix is needed,
    which can come out complex or not at all; and where features are always 0, as the outputs of
    dead ReLUs are, no root of a rounding error makes an error that is larger by far.

    Args:
        features: [n, d], n >= 2.
        reference: [m, d], m >= 2, or the Gaussian of such features.

    Returns:
        From 0 (best) to infinity, in squared units of the features. Biased upwards by about c / n,
        where c depends on the generator (Chong and Forsyth 2020, arXiv:1911.07023): compare equal,
        large n, and look at the real-against-real value. Only means and covariances count: two
        distributions with equal ones have distance 0, however different they are.
        Cost O((n + m) d² + d³).

    Raises:
        ValueError: a sample is not finite numbers [n, d], has fewer than 2 rows, or d differs.
    """
    a = Gaussian.of(features)
    b = reference if isinstance(reference, Gaussian) else Gaussian.of(reference, "reference")
    check_dimensions(len(a.mean), len(b.mean))
    products = np.linalg.svd(_root(a.covariance).T @ _root(b.covariance), compute_uv=False)
    traces = np.trace(a.covariance) + np.trace(b.covariance) - 2 * products.sum()
    # Rounding can make a distance that should be 0 slightly negative.
    return max(0.0, float(((a.mean - b.mean) ** 2).sum() + traces))


def _root(covariance: np.ndarray) -> np.ndarray:
    """A matrix R with R Rᵀ = covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0))
