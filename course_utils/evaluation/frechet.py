"""The Fréchet distance between two samples of features, each described by a Gaussian.

With the features of Inception it is the FID of Heusel et al. 2017, arXiv:1706.08500; with those of
the course's judge it is called judge-FID.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from course_utils.evaluation.validation import checked_features
from course_utils.language import text


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
        """The Gaussian of features [n, d], n >= 2; warns if n <= d, when it is flat.

        Raises:
            ValueError: the features are not finite numbers [n, d], or fewer than 2.
        """
        features = checked_features(features, name, at_least=2)
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
        covariance = np.cov(features, rowvar=False).reshape(dimensions, dimensions)
        return cls(features.mean(axis=0), covariance)


def frechet_distance(features: np.ndarray, reference: np.ndarray | Gaussian) -> float:
    """|m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁C₂)^½), of means m and covariances C (Heusel et al., eq. 6).

    The trace of the root is the sum of the roots of the eigenvalues of C₁^½ C₂ C₁^½, a symmetric
    matrix with the same eigenvalues as C₁C₂: so no root of an unsymmetric matrix is needed, which
    can come out complex or not at all.

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
    if len(a.mean) != len(b.mean):
        raise ValueError(
            text(
                en=f"features has {len(a.mean)} dimensions, reference {len(b.mean)}: both must "
                "come from the same network.",
                zh=f"features 有 {len(a.mean)} 维，reference 有 {len(b.mean)} 维：二者必须来自"
                "同一个网络。",
            )
        )
    values, vectors = np.linalg.eigh(a.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    # Rounding can make an eigenvalue that should be 0 slightly negative, and the distance, too.
    products = np.maximum(np.linalg.eigvalsh(root @ b.covariance @ root), 0)
    traces = np.trace(a.covariance) + np.trace(b.covariance) - 2 * np.sqrt(products).sum()
    return max(0.0, float(((a.mean - b.mean) ** 2).sum() + traces))
