"""Precision and recall of a generator: how much of it is real, how much of what is real it makes.

Kynkäänniemi et al. 2019, arXiv:1904.06991.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.evaluation.distances import squared_distances
from course_utils.evaluation.manifolds import Manifold


class PrecisionRecall(NamedTuple):
    """Two shares, each from 0 to 1.

    Attributes:
        precision: of the generated samples, those that lie where real samples lie: quality.
        recall: of the real samples, those that lie where generated samples lie: variety.
    """

    precision: float
    recall: float


def precision_recall(
    features: np.ndarray, reference: np.ndarray | Manifold, neighbours: int = 5
) -> PrecisionRecall:
    """Which samples lie in one of the balls around the others (Kynkäänniemi et al., section 3).

    The ball around a sample reaches to its k-th nearest neighbour among its own kind; like prdc,
    and unlike the paper, the ball does not hold what is exactly that far away.

    Args:
        features: generated, [n, d], n > neighbours.
        reference: real, [m, d], m > neighbours, or the Manifold of such features.
        neighbours: k, at least 1; the paper has 3, prdc and this course 5.

    Returns:
        Both from 0 to 1. Real samples do not get 1: the balls of a finite sample leave gaps, so
        that both depend on n, m, d and k; compare equal ones, and look at real against real.
        One far outlier has a large ball, and can spoil either: see `density_coverage`. A generator
        that copies the reference gets 1 for both. Cost as `manifold_measures`, which gives all
        four in the time of these two.

    Raises:
        ValueError: a sample is not finite numbers [n, d], d differs, or `neighbours` is not below
            n and m.
    """
    generated = Manifold.of(features, neighbours)
    real = Manifold.of_reference(reference, generated.samples.shape[1], neighbours)
    precise = np.zeros(len(generated.samples), bool)
    recalled = np.zeros(len(real.samples), bool)
    for rows, squares in squared_distances(real.samples, generated.samples):
        precise |= (squares < real.bounds[rows, None]).any(axis=0)
        recalled[rows] = (squares < generated.bounds).any(axis=1)
    return PrecisionRecall(float(precise.mean()), float(recalled.mean()))
