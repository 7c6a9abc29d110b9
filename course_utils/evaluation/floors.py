"""Real against real: what a measure gives when there is nothing to improve."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from course_utils.data.targets import Target


@dataclass(frozen=True)
class Floor:
    """Values of a measure between pairs of real samples: median, smallest and largest."""

    median: float
    low: float
    high: float


def floor(
    metric: Callable[[np.ndarray, np.ndarray], float],
    target: Target,
    n: int,
    seeds: Iterable[int] = range(10),
) -> Floor:
    """Measure real samples against other real samples.

    Args:
        metric: takes two samples [n, 2]; one that needs a single sample may ignore the second.
        target: where the samples come from.
        n: points in each sample. Use the number of generated points: most measures depend on it.
        seeds: one pair of independent samples is drawn for each.

    Raises:
        ValueError: what `metric` and `target.sample` raise.
    """
    pairs = ([np.random.default_rng([seed, half]) for half in (0, 1)] for seed in seeds)
    values = [metric(target.sample(n, a), target.sample(n, b)) for a, b in pairs]
    return Floor(float(np.median(values)), float(min(values)), float(max(values)))
