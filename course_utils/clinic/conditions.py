"""Classes that networks are told of: from labels to what a network's input takes, and back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.language import text


class Batch(NamedTuple):
    """Samples or latents.

    Attributes:
        values: float32 [n, …].
        labels: the class of each, int64 [n]; None where no network knows classes.
    """

    values: np.ndarray
    labels: np.ndarray | None = None


def together(a: Batch, b: Batch) -> Batch:
    """One batch of two."""
    labels = None if a.labels is None else np.concatenate([a.labels, b.labels])
    return Batch(np.concatenate([a.values, b.values]), labels)


def read_labels(labels, count: int) -> np.ndarray:
    """Labels as int64 [count].

    Args:
        labels: whole numbers from 0 [count] or [count, 1], or one-hot vectors [count, C].
        count: of the samples that they belong to.

    Raises:
        ValueError: they are neither, or not one for each sample, or all the same.
    """
    array = np.asarray(labels)
    if array.ndim == 2 and array.shape[1] > 1:
        one_hot = np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all()
        read = array.argmax(axis=1) if one_hot else None
    else:
        read = array.ravel() if array.size == len(array) else None
    numeric = read is not None and np.issubdtype(read.dtype, np.number) and len(read) == count
    if not (numeric and (read >= 0).all() and (read == np.round(read)).all() and np.ptp(read) > 0):
        raise ValueError(
            text(
                en=f"labels have the shape {array.shape}; give one for each of the {count} "
                "samples: whole numbers from 0 [n], or one-hot vectors [n, C], two classes or "
                "more.",
                zh=f"labels 的形状是 {array.shape}；应当为 {count} 个样本各给一个标签："
                "从 0 开始的整数 [n]，或独热向量 [n, C]，至少有两个类别。",
            )
        )
    return read.astype(np.int64)


def takes(shape: tuple[int | None, ...], classes: int) -> bool:
    """Whether an input of this shape, of one sample, can be told a class; see `encode`."""
    return shape in ((), (1,)) or (len(shape) in (1, 3) and (shape[-1] or 0) >= classes)


def encode(labels: np.ndarray, shape: tuple[int | None, ...], dtype: str) -> np.ndarray:
    """Labels as an input of this shape takes them.

    Args:
        labels: int64 [n].
        shape: of one sample: (), (1,) for whole numbers, (C,) for one-hot vectors, (H, W, C) for
            planes, of which the class's own holds ones.
        dtype: of the result.
    """
    if shape in ((), (1,)):
        return labels.reshape(-1, *shape).astype(dtype)
    one_hot = np.eye(shape[-1], dtype=dtype)[labels]
    if len(shape) == 3:
        one_hot = one_hot[:, None, None]
    return np.broadcast_to(one_hot, (len(labels), *shape)).copy()


def decode(conditions: np.ndarray) -> np.ndarray:
    """Labels, int64 [n], of what `encode` gives."""
    conditions = np.asarray(conditions)
    if conditions.ndim == 4:
        conditions = conditions[:, 0, 0]
    whole = conditions.ndim == 1 or conditions.shape[1] == 1
    return (conditions.ravel() if whole else conditions.argmax(axis=1)).astype(np.int64)


def others(labels: np.ndarray, classes: int, random: np.random.Generator) -> np.ndarray:
    """For each label another one, all others equally often."""
    return (labels + random.integers(1, classes, size=len(labels))) % classes
