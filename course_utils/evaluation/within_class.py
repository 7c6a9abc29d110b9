"""How different the images of one class are from each other: does a class always look the same?"""

from __future__ import annotations

import functools

import numpy as np

from course_utils.data.images import SIDE, checked_images
from course_utils.evaluation.distances import rounding, squared_distances
from course_utils.evaluation.real_digits import look_at_test_digits
from course_utils.evaluation.validation import checked_features, checked_labels
from course_utils.language import text


def within_class_diversity(
    samples: np.ndarray, labels: np.ndarray, classes: int | None = None
) -> np.ndarray:
    """The mean Euclidean distance between two samples of the same class, over all pairs.

    Nothing is estimated: all n (n - 1) / 2 pairs of different samples of a class count.

    Args:
        samples: features of any kind, [n, d] numbers; or images, uint8 [n, 28, 28], which are
            compared pixel by pixel with ink counted from 0 to 1.
        labels: integers [n], 0 … classes - 1.
        classes: how many there are, at least 1; None: as many as the largest label says.

    Returns:
        float64 [classes], in units of the features, 0 or more; 0 if all samples of the class are
        the same, NaN if it has fewer than two. An unbiased estimate of the generator's value for
        every n. It cannot tell different good samples from different bad ones: noise is diverse,
        too. Cost O(d n² / classes), memory bounded: 10,000 images take 0.5 s of CPU, their
        features 0.1 s.

    Raises:
        ValueError: samples, labels or `classes` are not of this kind.
    """
    pixels = np.asarray(samples).dtype == np.uint8
    samples = checked_images(samples) if pixels else checked_features(samples, "samples")
    if classes is None:
        classes = int(np.max(labels, initial=0)) + 1
    labels = checked_labels(labels, len(samples), classes)
    diversities = np.full(classes, np.nan)
    for label in np.unique(labels):
        members = samples[labels == label].reshape(np.sum(labels == label), -1)
        pairs = len(members) * (len(members) - 1) / 2
        if pairs:
            total = _sum_of_distances(members.astype(np.float64))
            diversities[label] = total / pairs / (255 if pixels else 1)
    return diversities


def relative_diversity(samples: np.ndarray, labels: np.ndarray) -> float:
    """The within-class diversity of generated digits, as a part of that of the test digits.

    Args:
        samples: the judge's features, [n, 64]; or images, uint8 [n, 28, 28], for their pixels.
        labels: integers [n], 0 … 9: the classes that were asked for.

    Returns:
        The mean over the classes that have two samples of their `within_class_diversity` divided
        by that of the test digits: 0 if every class is always the same image, about 1 for real
        digits (`image_measures.image_floor` knows how much that varies). Below it some variety is
        missing; far above it the samples are no digits.

    Raises:
        ValueError: samples or labels are not of this kind, or no class has two samples.
    """
    ratios = within_class_diversity(samples, labels, 10) / _real_diversity(np.shape(samples)[1:])
    if np.isnan(ratios).all():
        raise ValueError(
            text(
                en="No class has two samples, so that nothing can be compared: ask for more.",
                zh="没有一个类别有两个样本，无法比较：请多生成一些样本。",
            )
        )
    return float(np.nanmean(ratios))


@functools.cache
def _real_diversity(shape: tuple[int, ...]) -> np.ndarray:
    """The diversity of the test digits, float64 [10], where a sample has this shape."""
    from course_utils.data import digits

    features, _ = look_at_test_digits()
    images, labels = digits.load("test")
    known = {part.shape[1:]: part for part in (features, images)}
    if shape not in known:
        raise ValueError(
            text(
                en=f"Samples of the shape {list(shape)} cannot be compared with the test digits: "
                f"give features of the judge, [n, {features.shape[1]}], or images, uint8 "
                f"[n, {SIDE}, {SIDE}].",
                zh=f"单个样本的形状是 {list(shape)}，无法与测试数字比较：请使用裁判给出的特征，"
                f"形状为 [n, {features.shape[1]}]；或图像，类型为 uint8，"
                f"形状为 [n, {SIDE}, {SIDE}]。",
            )
        )
    return within_class_diversity(known[shape], labels)


def _sum_of_distances(points: np.ndarray) -> float:
    """The sum over all pairs of points, float64 [n, d]."""
    noise = rounding(points)
    total = 0.0
    for rows, squares in squared_distances(points, points):
        squares[squares <= noise[rows, None]] = 0  # copies, and each point itself
        total += np.sqrt(squares, out=squares).sum()
    return total / 2
