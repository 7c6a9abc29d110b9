"""MNIST: 70,000 handwritten digits, inside the package, and ways to draw from their classes.

Yann LeCun, Corinna Cortes and Christopher J.C. Burges made the data set (CC BY-SA 3.0).
"""

from __future__ import annotations

import functools
import hashlib
import numbers
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from course_utils.language import text

# Deflated. LZMA would save 18 % of 11.5 MB and double the time to load: not worth it.
FILE = Path(__file__).with_name("mnist.npz")
SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"
CLASSES = 10


class DataError(RuntimeError):
    """A data file of the package is missing or damaged."""


def load(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Load the digits; later calls return the same arrays at once.

    Args:
        split: "train" (60,000 digits) or "test" (10,000 digits by other writers).

    Returns:
        images, uint8 [n, 28, 28], 0 = paper, 255 = ink, and labels, uint8 [n], 0 ... 9. Both are
        read-only: copy before changing them.

    Raises:
        ValueError: `split` is neither "train" nor "test".
        DataError: the file is missing or damaged.
    """
    if split not in ("train", "test"):
        raise ValueError(
            text(
                en=f'split = {split!r} is not part of MNIST: use "train" or "test".',
                zh=f'split = {split!r}：MNIST 没有这一部分，请使用 "train" 或 "test"。',
            )
        )
    return _load(split)


def sample_indices(
    labels: np.ndarray,
    n: int,
    class_weights: str | Sequence[float] | None = None,
    seed: int | np.random.Generator | None = None,
) -> np.ndarray:
    """Draw examples with replacement, each class as often as its weight says.

    Args:
        labels: integers [N], 0 ... 9.
        n: how many to draw, at least 1.
        class_weights: None draws every example equally often, "balanced" every class; ten numbers
            >= 0 draw the classes in these proportions.
        seed: the same number gives the same indices; a Generator is used as it stands.

    Returns:
        int64 [n], indices into `labels`.

    Raises:
        ValueError: an argument is out of its range, or a class with a weight has no example.
    """
    labels = _checked_labels(labels)
    if not isinstance(n, numbers.Integral) or isinstance(n, bool) or n < 1:
        raise ValueError(
            text(
                en=f"n = {n!r}: it must be a whole number of at least 1.",
                zh=f"n = {n!r}：必须是不小于 1 的整数。",
            )
        )
    rng = np.random.default_rng(seed)
    if class_weights is None:
        return rng.integers(len(labels), size=n)
    counts = np.bincount(labels, minlength=CLASSES)
    if isinstance(class_weights, str) and class_weights == "balanced":
        weights = (counts > 0).astype(float)
    else:
        weights = _ten_numbers("class_weights", class_weights, 'None, "balanced"')
    empty = np.flatnonzero((counts == 0) & (weights > 0))
    if weights.sum() == 0 or empty.size:
        raise ValueError(
            text(
                en=f"class_weights = {class_weights!r}: at least one class needs a positive weight,"
                f" and none may be drawn that has no examples (here {empty.tolist()}).",
                zh=f"class_weights = {class_weights!r}：至少要有一个类别的权重为正，"
                f"而且没有样本的类别（这里是 {empty.tolist()}）权重必须为 0。",
            )
        )
    # An example's chance: the share of its class, divided by the size of its class.
    shares = weights / weights.sum() / np.maximum(counts, 1)
    chances = shares[labels]
    return rng.choice(len(labels), size=n, p=chances / chances.sum())


def unbalanced(
    labels: np.ndarray, kept: Sequence[float], seed: int | np.random.Generator | None = None
) -> np.ndarray:
    """Choose a part of the data in which the classes are unequally frequent, without repeats.

    Args:
        labels: integers [N], 0 ... 9.
        kept: ten numbers, the share of each class that stays, from 0 (none) to 1 (all).
        seed: the same number gives the same indices; a Generator is used as it stands.

    Returns:
        int64, ascending indices into `labels`; of a class with c examples round(kept · c).

    Raises:
        ValueError: an argument is out of its range, or nothing would be left.
    """
    labels = _checked_labels(labels)
    shares = _ten_numbers("kept", kept, most=1)
    rng = np.random.default_rng(seed)
    chosen = []
    for label, share in enumerate(shares):
        members = np.flatnonzero(labels == label)
        chosen.append(rng.choice(members, size=round(share * members.size), replace=False))
    indices = np.sort(np.concatenate(chosen))
    if not indices.size:
        raise ValueError(
            text(
                en=f"kept = {kept!r} leaves no example: make a share of a class larger.",
                zh=f"kept = {kept!r}：一个样本也没有留下，请调大某个类别的保留比例。",
            )
        )
    return indices


@functools.cache
def _load(split: str) -> tuple[np.ndarray, np.ndarray]:
    _verify()
    with np.load(FILE, allow_pickle=False) as arrays:
        images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


@functools.cache
def _verify() -> None:
    """Compare the file's hash with the known one, once per process."""
    try:
        found = hashlib.sha256(FILE.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(_remedy(error.strerror or type(error).__name__)) from error
    if found != SHA256:
        raise DataError(_remedy(f"SHA-256 {found[:16]}… ≠ {SHA256[:16]}…"))


def _remedy(problem: str) -> str:
    path = f"course_utils/data/{FILE.name}"
    return text(
        en=f"The digits in {path} cannot be used ({problem}). Run `git checkout -- {path}` in the "
        "course's folder, or download the course again.",
        zh=f"无法使用手写数字文件 {path}（{problem}）。请在课程目录下运行 "
        f"`git checkout -- {path}` 恢复该文件，或者重新下载课程。",
    )


def _checked_labels(labels: np.ndarray) -> np.ndarray:
    labels = np.asarray(labels)
    whole = labels.ndim == 1 and labels.size and np.issubdtype(labels.dtype, np.integer)
    if not whole or labels.min() < 0 or labels.max() >= CLASSES:
        raise ValueError(
            text(
                en=f"labels must be a list of whole numbers from 0 to 9, at least one; these have "
                f"the shape {labels.shape} and the type {labels.dtype}.",
                zh=f"labels 必须是由 0 到 9 的整数组成的一维数组，且不能为空；现在的形状是 "
                f"{labels.shape}，类型是 {labels.dtype}。",
            )
        )
    return labels


def _ten_numbers(
    name: str, values: Sequence[float], others: str = "", most: float = np.inf
) -> np.ndarray:
    """Turn `values` into float64 [10] within 0 ... `most`; `others` names what else is allowed."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.shape == (CLASSES,) and np.all((array >= 0) & (array <= most) & np.isfinite(array)):
        return array
    limits = "[0, ∞)" if most == np.inf else f"[0, {most}]"
    raise ValueError(
        text(
            en=f"{name} = {values!r} is not possible. Allowed: {others + ', or ' if others else ''}"
            f"ten numbers in {limits}, one for each digit.",
            zh=f"{name} = {values!r} 无效。可以使用：{others + ' 或' if others else ''}"
            f"{limits} 内的十个数，0 到 9 每个类别对应一个。",
        )
    )
