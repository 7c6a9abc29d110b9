"""How often each class is generated, according to a classifier."""

from __future__ import annotations

import math

import numpy as np

from course_utils.evaluation.validation import checked_probabilities


def class_shares(probabilities: np.ndarray) -> np.ndarray:
    """The share of images for which each class is the most probable one.

    Every image counts for some class, whether it looks like a digit or not.

    Args:
        probabilities: [n, k], n >= 1, of k classes; rows sum to 1.

    Returns:
        float64 [k], sums to 1. Even with equal classes the smallest of them is below 1 / k: by
        0.5 percentage points at n = 10,000, by 5 at n = 100 (k = 10).

    Raises:
        ValueError: the rows are not probabilities.
    """
    probabilities = checked_probabilities(probabilities)
    counts = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])
    return counts / len(probabilities)


def sampling_error(share: float, n: int) -> float:
    """Half the width of the 95 % interval of a share among `n` images: 1.96 √(p (1 - p) / n)."""
    return 1.96 * math.sqrt(share * (1 - share) / n)
