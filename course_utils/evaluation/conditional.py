"""Is the image of the class that was asked for? A classifier compares what it sees with that."""

from __future__ import annotations

import numpy as np

from course_utils.evaluation.validation import checked_labels, checked_probabilities
from course_utils.language import text


def conditional_accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The share of images whose most probable class is the one that was asked for.

    It says nothing about variety: a generator that always draws the same clear 7 when asked for a
    7 gets 1. `within_class_diversity` sees that. Nor is it better to have more than real digits.

    Args:
        probabilities: [n, k], n >= 1, of k classes; rows sum to 1.
        labels: integers [n], 0 … k - 1: the classes that were asked for.

    Returns:
        From 0 to 1 (best); 1 / k if the labels were ignored. Unbiased; `accuracy_interval` says
        how far off it may be. The course's judge gives the 10,000 test digits 0.994.

    Raises:
        ValueError: the rows are not probabilities, or the labels are not of this kind.
    """
    return float(_hits(probabilities, labels)[0].mean())


def accuracy_by_class(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """`conditional_accuracy` of the images of each class.

    Args:
        probabilities: [n, k], n >= 1, of k classes; rows sum to 1.
        labels: integers [n], 0 … k - 1: the classes that were asked for.

    Returns:
        float64 [k], 0 … 1; NaN for a class that was not asked for.

    Raises:
        ValueError: the rows are not probabilities, or the labels are not of this kind.
    """
    hits, labels, classes = _hits(probabilities, labels)
    counts = np.bincount(labels, minlength=classes)
    right = np.bincount(labels, hits, minlength=classes)
    return np.divide(right, counts, out=np.full(classes, np.nan), where=counts > 0)


def accuracy_interval(accuracy: float, n: int) -> tuple[float, float]:
    """The 95 % interval of an accuracy that was found with `n` images (Wilson, 1927).

    Unlike ± 1.96 √(p (1 - p) / n) it stays inside 0 … 1, and it is no point where p is 0 or 1.

    Args:
        accuracy: a share of `n`, 0 … 1.
        n: how many images, at least 1.

    Returns:
        Its lower and its upper end: 0.991 … 0.995 for 0.993 of 10,000, 0.986 … 0.997 of 1,000.

    Raises:
        ValueError: an argument is out of its range.
    """
    from scipy.stats import binomtest

    if n < 1 or not 0 <= accuracy <= 1:
        raise ValueError(
            text(
                en=f"accuracy = {accuracy!r} of n = {n!r} images: a share, 0 … 1, of at least one "
                "image is needed.",
                zh=f"accuracy = {accuracy!r}，n = {n!r}：accuracy 必须在 0 … 1 之间，"
                "n 必须不小于 1。",
            )
        )
    interval = binomtest(round(accuracy * n), n).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def _hits(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """For each image whether it is of its class; the labels; the number of classes."""
    probabilities = checked_probabilities(probabilities)
    labels = checked_labels(labels, *probabilities.shape)
    return probabilities.argmax(axis=1) == labels, labels, probabilities.shape[1]
