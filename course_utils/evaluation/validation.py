"""What every 2-D measure asks of its points."""

from __future__ import annotations

import numpy as np

from course_utils.language import text


def checked_points(points: np.ndarray, name: str = "points", at_least: int = 1) -> np.ndarray:
    """Return `points` as float64 [n, 2].

    Args:
        points: what a measure was given.
        name: how the message calls them.
        at_least: the smallest number of points that the measure makes sense for.

    Raises:
        ValueError: they are not [n, 2] numbers, some are NaN or infinite, or they are too few.
    """
    try:
        array = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[1] != 2:
        shape = np.shape(points)
        raise ValueError(
            text(
                en=f"{name} must be numbers of the shape [n, 2], one (x, y) in each row; these "
                f"have the shape {shape}.",
                zh=f"{name} 必须是形状为 [n, 2] 的数值数组，每行一个点 (x, y)；"
                f"现在的形状是 {shape}。",
            )
        )
    if len(array) < at_least:
        raise ValueError(
            text(
                en=f"{name} holds {len(array)} points; at least {at_least} are needed. Draw more.",
                zh=f"{name} 只有 {len(array)} 个点，至少需要 {at_least} 个，请多采样一些。",
            )
        )
    bad = int((~np.isfinite(array).all(axis=1)).sum())
    if bad:
        raise ValueError(
            text(
                en=f"{bad} of {len(array)} points in {name} are NaN or infinite: the training has "
                "probably diverged. Lower the learning rates, or go back to an earlier snapshot.",
                zh=f"{name} 的 {len(array)} 个点中有 {bad} 个是 NaN 或无穷大：训练很可能已经发散。"
                "请调低学习率，或回到较早的快照。",
            )
        )
    return array
