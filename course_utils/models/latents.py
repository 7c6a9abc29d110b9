"""Ways through a generator's latent space: two walks from a to b, and truncated normal latents.

The normal distribution in many dimensions is a thin shell: |z| is near √dim, 7.97 ± 0.71 in 64.
Half-way on the straight line between two draws it is near √(dim/2) instead, 5.6, and of all draws
in 64 dimensions 3 in 10,000 are as short: a trained generator has hardly seen any. On the sphere
|z| stays in the shell. What is on the straight line need not look worse for that: look.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence

import numpy as np

from course_utils.checks import whole_number
from course_utils.language import text


def linear(a: np.ndarray, b: np.ndarray, shares: float | Sequence[float]) -> np.ndarray:
    """Points on the straight line from `a` to `b`: (1 - t) a + t b.

    Args:
        a: [dim], finite numbers.
        b: [dim].
        shares: t, one or [n], each within 0 (there is `a`) … 1 (there is `b`).

    Returns:
        float32 [n, dim], one point for each share.

    Raises:
        ValueError: the vectors or the shares are not of this kind.
    """
    a, b, t = _checked(a, b, shares)
    return ((1 - t) * a + t * b).astype(np.float32)


def spherical(a: np.ndarray, b: np.ndarray, shares: float | Sequence[float]) -> np.ndarray:
    """Points on the way from `a` to `b` around the origin.

    The direction turns at a constant rate from that of `a` to that of `b`, on the great circle
    through both (slerp: White 2016, "Sampling Generative Networks", arXiv:1609.04468). The length
    goes at a constant rate from |a| to |b|. White's formula applied to the vectors as they are does
    nearly the same where they are at right angles, as two draws in many dimensions nearly are;
    here direction and length are independent of each other at every angle.

    The points at one share, over many pairs of normal draws, have every direction equally often, as
    normal draws have; their lengths are spread less, as they are means of two.

    Args:
        a: [dim], finite numbers, not all 0.
        b: [dim], the same, and not opposite to `a`: a half turn could go any way.
        shares: t, one or [n], each within 0 (there is `a`) … 1 (there is `b`).

    Returns:
        float32 [n, dim], one point for each share.

    Raises:
        ValueError: the vectors or the shares are not of this kind.
    """
    a, b, t = _checked(a, b, shares)
    angle = _angle(a, b)
    if np.pi - angle < 1e-6:
        raise ValueError(
            text(
                en="a and b point in opposite directions, so that there is no shortest way around "
                "the origin from one to the other. Draw another b.",
                zh="a 与 b 的方向正好相反，绕原点从 a 到 b 没有唯一的最短路径。请换一个 b。",
            )
        )
    # sin(tφ) / sin φ, also where φ = 0: NumPy's sinc(x) is sin(πx) / (πx).
    share_a, share_b = (s * np.sinc(s * angle / np.pi) / np.sinc(angle / np.pi) for s in (1 - t, t))
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    direction = share_a * (a / length_a) + share_b * (b / length_b)
    return (((1 - t) * length_a + t * length_b) * direction).astype(np.float32)


def angle(a: np.ndarray, b: np.ndarray) -> float:
    """The angle between two vectors [dim] in degrees, 0 … 180.

    Raises:
        ValueError: they are not finite numbers [dim] of one dimension, or all 0.
    """
    a, b, _ = _checked(a, b, 0)
    return float(np.degrees(_angle(a, b)))


def truncated_normal(
    count: int, dim: int, threshold: float = np.inf, seed: int | np.random.Generator | None = None
) -> np.ndarray:
    """Normal latents of which each component is drawn again until it is within ±threshold.

    The truncation trick (Brock et al. 2019, BigGAN, arXiv:1809.11096): the lower the threshold, the
    fewer different images, and the better ones where the generator bears it. Not all do, as the
    paper says: near 0 is outside the shell that the training drew from, |z| < threshold √dim.

    Nothing is drawn twice here: each component moves to the same quantile of the truncated
    distribution, which gives the same distribution. So the same seed gives the same latents without
    a threshold and, the lower it gets, the same ones closer and closer to 0.

    Args:
        count: how many, >= 0.
        dim: components of each, >= 1.
        threshold: above 0; infinity truncates nothing.
        seed: the same number, >= 0, gives the same latents; a Generator is used as it stands; None
            gives others each time.

    Returns:
        float32 [count, dim], each component within ±threshold.

    Raises:
        ValueError: an argument is out of its range.
    """
    from scipy.special import ndtr, ndtri  # the normal distribution function and its inverse

    count, dim = whole_number("count", count, 0), whole_number("dim", dim, 1)
    threshold = checked_threshold(threshold)
    if not (seed is None or isinstance(seed, np.random.Generator)):
        seed = whole_number("seed", seed, 0)
    normals = np.random.default_rng(seed).standard_normal((count, dim))
    if np.isinf(threshold):
        return normals.astype(np.float32)
    low, high = ndtr(-threshold), ndtr(threshold)
    moved = ndtri(low + (high - low) * ndtr(normals)).astype(np.float32)
    # The float32 that is nearest to the threshold may be above it: of 0.1 it is 0.1000000015.
    limit = np.float32(min(threshold, float(np.finfo(np.float32).max)))
    if float(limit) > threshold:
        limit = np.nextafter(limit, np.float32(0))
    return np.clip(moved, -limit, limit)


def checked_threshold(threshold: float) -> float:
    """Return `threshold` as a float.

    Raises:
        ValueError: it is no number above 0.
    """
    if isinstance(threshold, numbers.Real) and not isinstance(threshold, bool) and threshold > 0:
        return float(threshold)
    raise ValueError(
        text(
            en=f"threshold = {threshold!r}: it must be a number above 0; math.inf truncates "
            "nothing.",
            zh=f"threshold = {threshold!r}：必须是大于 0 的数；math.inf 表示不截断。",
        )
    )


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    """The angle between two vectors, 0 … π; unlike the arc cosine, exact at both ends."""
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if 0 in lengths:
        raise ValueError(
            text(
                en="a or b is all 0, so that it has no direction. Draw another one.",
                zh="a 或 b 的分量全为 0，没有方向。请重新取一个。",
            )
        )
    a, b = a / lengths[0], b / lengths[1]
    return float(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


def _numbers(values) -> np.ndarray:
    """Return `values` as float64; what is no numbers, as one NaN of an impossible shape."""
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError):
        return np.full((1, 1), np.nan)


def _checked(a, b, shares) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a and b, float64 [dim], and the shares, float64 [n, 1]."""
    a, b, t = _numbers(a), _numbers(b), _numbers(shares)
    is_pair = a.ndim == 1 and a.size and a.shape == b.shape
    if not (is_pair and np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError(
            text(
                en=f"a and b, of the shapes {a.shape} and {b.shape}, must both be [dim], finite "
                "numbers: two latent vectors of one generator.",
                zh=f"a 和 b 的形状是 {a.shape} 和 {b.shape}；两者都应是 [dim]，"
                "且为有限的数：同一个生成器的两个隐向量。",
            )
        )
    if t.ndim > 1 or not ((t >= 0) & (t <= 1)).all():
        raise ValueError(
            text(
                en=f"shares = {shares!r}: give a number within 0 … 1, or a list of such numbers.",
                zh=f"shares = {shares!r}：请给出 0 … 1 之间的一个数或一列数。",
            )
        )
    return a, b, t.reshape(-1, 1)
