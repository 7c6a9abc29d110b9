"""Density and coverage: like precision and recall, but an outlier spoils them less.

Naeem et al. 2020, arXiv:2002.09797.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.evaluation.distances import checked_samples, squared_distances
from course_utils.evaluation.manifolds import Manifold


class DensityCoverage(NamedTuple):
    """What the balls around real samples hold.

    Attributes:
        density: how many of them hold a generated sample, on average, divided by k: quality. Around
            1 for real samples; above it where generated samples keep to crowded places.
        coverage: the share of them that hold a generated sample, 0 … 1: variety.
    """

    density: float
    coverage: float


def density_coverage(
    features: np.ndarray, reference: np.ndarray | Manifold, neighbours: int = 5
) -> DensityCoverage:
    """Count generated samples in the balls around real ones (Naeem et al., section 3).

    The ball around a real sample reaches to its k-th nearest other real sample, which is itself
    outside, as in prdc. There are no balls around generated samples, so that a few bad ones far
    out do not seem to cover everything. The large ball of a real outlier adds at most 1 / k to the
    density and 1 / m to the coverage.

    Args:
        features: generated, [n, d], n >= 1.
        reference: real, [m, d], m > neighbours, or the Manifold of such features.
        neighbours: k, at least 1.

    Returns:
        Density from 0 to m / k, 1 on average for samples of the reference's distribution, whatever
        n, m and k. Coverage from 0 to 1, on average about 1 - (m / (n + m))ᵏ for such samples: 0.97
        for n = m and k = 5, less for smaller n, so that only equal n compare. Cost
        O(m (n + m) d), memory bounded: 10,000 of 64 dimensions against as many take 0.8 s of CPU.

    Raises:
        ValueError: a sample is not finite numbers [n, d], d differs, or `neighbours` is not below
            m.
    """
    features = checked_samples(features, stacklevel=3)
    real = Manifold.of_reference(reference, features.shape[1], neighbours)
    held = 0
    covered = np.zeros(len(real.samples), bool)
    for rows, squares in squared_distances(real.samples, features):
        inside = squares < real.bounds[rows, None]
        held += int(np.count_nonzero(inside))
        covered[rows] = inside.any(axis=1)
    return DensityCoverage(held / (neighbours * len(features)), float(covered.mean()))
