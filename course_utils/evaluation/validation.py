"""What measures ask of the points, features, probabilities and labels that they are given."""

from __future__ import annotations

import numpy as np

from course_utils.language import text

LARGEST = 1e30
"""The largest magnitude of a feature: beyond, measures of its sixth power would overflow."""


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


def checked_features(features: np.ndarray, name: str = "features", at_least: int = 1) -> np.ndarray:
    """Return `features` as float64 [n, d], d >= 1.

    Args:
        features: what a measure was given.
        name: how the message calls them.
        at_least: the smallest n that the measure makes sense for.

    Raises:
        ValueError: they are not [n, d] numbers, some are NaN, infinite or beyond ±`LARGEST`, or n
            is too small.
    """
    try:
        array = np.asarray(features, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[1] == 0:
        shape = np.shape(features)
        raise ValueError(
            text(
                en=f"{name} must be numbers of the shape [n, d], one sample in each row; these "
                f"have the shape {shape}.",
                zh=f"{name} 必须是形状为 [n, d] 的数值数组，每行一个样本；现在的形状是 {shape}。",
            )
        )
    if len(array) < at_least:
        raise ValueError(
            text(
                en=f"{name} holds {len(array)} samples; at least {at_least} are needed. Draw more.",
                zh=f"{name} 只有 {len(array)} 个样本，至少需要 {at_least} 个，请多采样一些。",
            )
        )
    finite = np.isfinite(array)
    if not finite.all():
        bad = int((~finite.all(axis=1)).sum())
        raise ValueError(
            text(
                en=f"{bad} of {len(array)} rows of {name} are NaN or infinite: the training has "
                "probably diverged. Lower the learning rates, or go back to an earlier snapshot.",
                zh=f"{name} 的 {len(array)} 行中有 {bad} 行含有 NaN 或无穷大：训练很可能已经发散。"
                "请调低学习率，或回到较早的快照。",
            )
        )
    largest = float(max(array.max(initial=0), -array.min(initial=0)))
    if largest > LARGEST:
        raise ValueError(
            text(
                en=f"{name} holds numbers as large as {largest:.1e}; at most {LARGEST:.0e} can be "
                "measured. The training has probably diverged. Lower the learning rates, or go "
                "back to an earlier snapshot.",
                zh=f"{name} 中的数值最大达到 {largest:.1e}，能够计算的上限是 {LARGEST:.0e}："
                "训练很可能已经发散。请调低学习率，或回到较早的快照。",
            )
        )
    return array


def checked_probabilities(probabilities: np.ndarray) -> np.ndarray:
    """Return `probabilities` as float64 [n, k], its rows scaled to sums of exactly 1.

    Raises:
        ValueError: they are not [n, k] numbers, n >= 1, in [0, 1] whose rows sum to 1 (± 0.001).
    """
    array = checked_features(probabilities, "probabilities", at_least=1)
    sums = array.sum(axis=1, keepdims=True)
    wrong = int(((array < 0).any(axis=1) | (abs(sums[:, 0] - 1) > 1e-3)).sum())
    if wrong:
        raise ValueError(
            text(
                en=f"{wrong} of {len(array)} rows are no probabilities: numbers of at least 0 that "
                "sum to 1 are needed. Logits must go through softmax first.",
                zh=f"{len(array)} 行中有 {wrong} 行不是概率：每行必须是不小于 0 且和为 1 的数。"
                "如果是 logits，请先做 softmax。",
            )
        )
    return array / sums


def checked_labels(labels: np.ndarray, count: int, classes: int = 10) -> np.ndarray:
    """Return `labels` as int64 [count].

    Args:
        labels: the classes of `count` samples.
        count: how many there must be.
        classes: a label is one of 0 … classes - 1.

    Raises:
        ValueError: they are not whole numbers [count] in this range.
    """
    array = np.asarray(labels)
    if array.shape != (count,) or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(
            text(
                en=f"labels have the type {array.dtype} and the shape {array.shape}; whole numbers "
                f"of the shape ({count},) are needed, one for each sample.",
                zh=f"labels 的类型是 {array.dtype}，形状是 {array.shape}；应为形状为 ({count},) "
                "的整数数组，每个样本对应一个标签。",
            )
        )
    wrong = array[(array < 0) | (array >= classes)]
    if wrong.size:
        raise ValueError(
            text(
                en=f"labels contain {wrong[0]}: a label is one of 0 … {classes - 1}.",
                zh=f"labels 中有 {wrong[0]}：标签必须是 0 … {classes - 1} 之间的整数。",
            )
        )
    return array.astype(np.int64)
