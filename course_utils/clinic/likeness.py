"""How like the real samples the generated ones are, without asking D. NumPy and SciPy only."""

from __future__ import annotations

import numpy as np

_NEAR = 0.1  # of the data's width
_MARGIN = 0.02  # of a last activation's range, for data just outside it


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


def strays(real: np.ndarray, generated: np.ndarray) -> tuple[float, float]:
    """Shares of the generated samples that are near no real one, and of the real ones missed.

    Near means no farther from the next sample than a tenth of the data's width, or than 99 % of the
    real ones are from theirs. The energy coefficient hardly sees a cloud over thin modes, or that
    every second mode is missing; these do.

    Args:
        real: [n, …], n >= 2; as many are used as are generated.
        generated: [m, …].
    """
    from scipy.spatial.distance import cdist

    real, generated = flat(real)[: len(generated)], flat(generated)
    among = cdist(real, real)
    np.fill_diagonal(among, np.inf)
    far = max(np.quantile(among.min(axis=1), 0.99), _NEAR * width(real))
    between = cdist(generated, real)
    return float((between.min(axis=1) > far).mean()), float((between.min(axis=0) > far).mean())


def out_of_reach(real: np.ndarray, generated: np.ndarray, reach: tuple[float, float]) -> float:
    """Share of the real numbers that lie outside of what G can give; see `anatomy.output_range`.

    Args:
        real: numbers of any shape.
        generated: if any of these lie outside, too, that is not G's range: 0.
        reach: smallest and largest value.
    """
    low, high = reach[0] - _MARGIN, reach[1] + _MARGIN
    if (generated < low).any() or (generated > high).any():
        return 0.0
    return float(((real < low) | (real > high)).mean())


def width(samples: np.ndarray) -> float:
    """Root of the summed variances of all coordinates, in their units."""
    return float(np.sqrt(flat(samples).var(axis=0).sum()))


def flat(samples: np.ndarray) -> np.ndarray:
    """Float64 [n, numbers in a sample]."""
    samples = np.asarray(samples, np.float64)
    return samples.reshape(len(samples), -1)
