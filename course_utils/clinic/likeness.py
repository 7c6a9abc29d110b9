"""How like the real samples the generated ones are, without asking D. NumPy and SciPy only."""

from __future__ import annotations

import numpy as np


def energy_coefficient(a: np.ndarray, b: np.ndarray) -> float:
    """(2 E|X-Y| - E|X-X'| - E|Y-Y'|) / 2 E|X-Y|: 0 for equal distributions, at most 1.

    Székely and Rizzo 2013, section 3; without bias, so around 0 for equal distributions.

    Args:
        a: [n, …], n >= 2: all numbers of a sample are its coordinates.
        b: [m, …], m >= 2.

    Returns:
        NaN if a number is not finite, 0 if all samples are the same. Cost O((n + m)² d).
    """
    from scipy.spatial.distance import cdist

    a, b = flat(a), flat(b)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("nan")
    between = 2 * cdist(a, b).mean()
    within = sum(cdist(v, v).sum() / (len(v) * (len(v) - 1)) for v in (a, b))
    return float((between - within) / between) if between else 0.0


def width(samples: np.ndarray) -> float:
    """Root of the summed variances of all coordinates, in their units."""
    return float(np.sqrt(flat(samples).var(axis=0).sum()))


def flat(samples: np.ndarray) -> np.ndarray:
    """Float64 [n, numbers in a sample]."""
    samples = np.asarray(samples, np.float64)
    return samples.reshape(len(samples), -1)
