"""Measures for mixtures of Gaussians: how many modes, how near, and in the right proportions?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from course_utils.data.targets import Target
from course_utils.evaluation.validation import checked_points
from course_utils.language import text

RADIUS = 3
"""A point is of high quality if it is at most so many standard deviations away from a mode."""

PERFECT_SHARE = 1 - math.exp(-(RADIUS**2) / 2)
"""Share of high-quality points of a perfect generator: P(χ² <= 9) with 2 degrees of freedom."""


@dataclass(frozen=True)
class ModeCount:
    """How generated points are spread over the modes of a mixture.

    Attributes:
        covered: how many modes are covered, 0 … `total` (best).
        total: how many modes the target has.
        high_quality: share of points within 3σ of a mode; `PERFECT_SHARE` = 98.9 % for a perfect
            generator, up to 1 for one that keeps to the centres.
        divergence: KL divergence of the modes' shares from the target's, in nats, from 0 (best) to
            ln `total` (all points belong to one mode).
        counts: how many high-quality points each mode has, in the order of the target's modes.
    """

    covered: int
    total: int
    high_quality: float
    divergence: float
    counts: tuple[int, ...]

    def __str__(self) -> str:
        """Return one line in the learner's language."""
        return text(
            en=f"{self.covered} of {self.total} modes covered, {self.high_quality:.1%} of the "
            f"points within {RADIUS}σ of a mode, KL over modes {self.divergence:.2f}",
            zh=f"覆盖 {self.covered}/{self.total} 个模式，{self.high_quality:.1%} 的点"
            f"距某个模式不超过 {RADIUS}σ，各模式份额的 KL 散度为 {self.divergence:.2f}",
        )


def count_modes(points: np.ndarray, target: Target, share: float = 0.2) -> ModeCount:
    """Count the modes that generated points cover.

    Each point belongs to its nearest mode, and is of high quality if it lies within 3σ of it
    (Srivastava et al. 2017, VEEGAN, arXiv:1705.07761). There, one such point makes its mode count;
    here a mode needs a part of its fair share, so that stray points on the way from one mode to
    another do not. The divergence is the reverse one, Σ q ln(q / p), which stays finite when modes
    are missing: q are the modes' shares of all points, whether near or not, and p = 1 / modes
    (Lin et al. 2018, PacGAN, arXiv:1712.04086).

    Args:
        points: [n, 2], n >= modes / `share`.
        target: a mixture of equal Gaussians with `modes` and `sigma`, such as `ring()`.
        share: part of the fair share n / modes of high-quality points that makes a mode count,
            above 0 and at most 1.

    Returns:
        See `ModeCount`. The divergence of real points is not 0 but about (modes - 1) / 2n. Cost
        O(n · modes).

    Raises:
        ValueError: the points are not finite numbers [n, 2], or too few; the target has no modes;
            `share` is out of its range.
    """
    if target.modes is None:
        raise ValueError(
            text(
                en=f"The target {target.name!r} has no modes to count; `ring()` and `grid()` have.",
                zh=f"目标分布 {target.name!r} 没有可以计数的模式；`ring()` 和 `grid()` 有。",
            )
        )
    if not 0 < share <= 1:
        raise ValueError(
            text(
                en=f"share = {share!r}: it must be above 0 and at most 1.",
                zh=f"share = {share!r}：必须大于 0 且不超过 1。",
            )
        )
    total = len(target.modes)
    points = checked_points(points, at_least=math.ceil(total / share))
    squared = np.stack([((points - mode) ** 2).sum(axis=1) for mode in target.modes], axis=1)
    nearest = squared.argmin(axis=1)
    near = squared.min(axis=1) <= (RADIUS * target.sigma) ** 2
    counts = np.bincount(nearest[near], minlength=total)
    shares = np.bincount(nearest, minlength=total) / len(points)
    present = shares[shares > 0]
    return ModeCount(
        covered=int((counts >= share * len(points) / total).sum()),
        total=total,
        high_quality=float(near.mean()),
        # Rounding can make it -1e-16.
        divergence=max(0.0, float((present * np.log(present * total)).sum())),
        counts=tuple(counts.tolist()),
    )
