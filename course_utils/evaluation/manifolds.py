"""Where samples lie: a ball around each, up to its k-th nearest neighbour.

Precision, recall, density and coverage are made of these balls: here all four in one pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.evaluation.distances import (
    check_dimensions,
    checked_neighbours,
    checked_samples,
    rounding,
    squared_distances,
    squared_radii,
)


class Manifold(NamedTuple):
    """Samples, and the ball around each that reaches to its k-th nearest other sample.

    Attributes:
        samples: float64 [n, d].
        bounds: float64 [n]: a ball holds what is at a squared distance below this. It is the
            squared radius, less what rounding may take from a distance: so the balls are open, what
            is as far away as the radius is outside, and a ball of radius 0 holds nothing.
        neighbours: k.
    """

    samples: np.ndarray
    bounds: np.ndarray
    neighbours: int

    @classmethod
    def of(cls, features: np.ndarray, neighbours: int = 5, name: str = "features") -> Manifold:
        """The manifold of features [n, d], n > neighbours. It costs O(n² d): keep a reference's.

        Raises:
            ValueError: the features are not finite numbers [n, d], or `neighbours` is out of range.
        """
        samples = checked_samples(features, name)
        neighbours = checked_neighbours(neighbours, samples, name)
        squares = squared_radii(samples, neighbours)
        # On the rim both ends may have been rounded: this sample's norm, and what is a radius away.
        bounds = np.where(squares > 0, (1 - 1e-13) * squares - rounding(samples), -np.inf)
        return cls(samples, bounds, neighbours)

    @classmethod
    def of_reference(
        cls, reference: np.ndarray | Manifold, dimensions: int, neighbours: int
    ) -> Manifold:
        """The manifold of a reference for features of so many dimensions, unless it is one already.

        Raises:
            ValueError: as in `of`, or the reference has another number of dimensions.
        """
        known = isinstance(reference, Manifold) and reference.neighbours == neighbours
        samples = reference.samples if isinstance(reference, Manifold) else reference
        found = reference if known else cls.of(samples, neighbours, "reference")
        check_dimensions(dimensions, found.samples.shape[1])
        return found


def manifold_measures(
    features: np.ndarray, reference: np.ndarray | Manifold, neighbours: int = 5
) -> dict[str, float]:
    """Precision, recall, density and coverage, for which each distance is computed only once.

    `precision_recall` and `density_coverage` say what they mean, and give the same numbers.

    Args:
        features: [n, d], n > neighbours.
        reference: [m, d], m > neighbours, or the Manifold of such features.
        neighbours: k, at least 1.

    Returns:
        precision, recall, density and coverage. Cost O((n + m)² d), memory bounded: 10,000 samples
        of 64 dimensions against as many take 1.2 s of CPU.

    Raises:
        ValueError: a sample is not finite numbers [n, d], d differs, or `neighbours` is not below
            n and m.
    """
    generated = Manifold.of(features, neighbours)
    real = Manifold.of_reference(reference, generated.samples.shape[1], neighbours)
    holders = np.zeros(len(generated.samples), np.int64)  # real balls that hold a generated sample
    covered = np.zeros(len(real.samples), bool)  # real balls that hold one at all
    recalled = np.zeros(len(real.samples), bool)  # real samples that a generated ball holds
    for rows, squares in squared_distances(real.samples, generated.samples):
        inside = squares < real.bounds[rows, None]
        holders += np.count_nonzero(inside, axis=0)
        covered[rows] = inside.any(axis=1)
        recalled[rows] = (squares < generated.bounds).any(axis=1)
    return {
        "precision": float((holders > 0).mean()),
        "recall": float(recalled.mean()),
        "density": int(holders.sum()) / (neighbours * len(holders)),
        "coverage": float(covered.mean()),
    }
