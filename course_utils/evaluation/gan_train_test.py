"""Can a classifier learn from generated images, and does one that learned from real ones see them?

Shmelkov et al. 2018, "How good is my GAN?", arXiv:1807.09499, section 3.
"""

from __future__ import annotations

import functools

import numpy as np

from course_utils.data.images import checked_images
from course_utils.evaluation.validation import checked_labels
from course_utils.language import text

LEAST = 100
"""The fewest images that a classifier is trained on."""


def gan_train(images: np.ndarray, labels: np.ndarray, seed: int = 0) -> float:
    """Train a small classifier on generated images and ask it about the 10,000 test digits.

    It is the Classification Accuracy Score of Ravuri and Vinyals 2019, arXiv:1905.10887: it falls
    if the images are unlike real ones, and if they lack variety or whole classes.

    Args:
        images: uint8 [n, 28, 28], n >= 100; no test digits, as it is those that are asked about.
        labels: integers [n], 0 … 9: the classes that were asked for. A generator that cannot be
            asked has none.
        seed: whole number, 0 <= seed < 2**25: the same number gives the same value.

    Returns:
        The share of test digits that are recognized, from 0 (about 0.1: nothing was learned) to
        what as many real training digits give: 0.978 to 0.983 for 10,000, 0.964 to 0.967 for 1,000
        (three seeds). More images give more: compare equal n. 10,000 images of the course's ACGAN
        give 0.960; one real image of each class, repeated, gives 0.42. Another seed changes it by
        up to 0.003; `accuracy_interval` says what the choice of the test digits does. Cost: 4 s of
        CPU, on one core, for any n.

    Raises:
        ValueError: images or labels are not of this kind, or too few; `seed` is out of its range.
    """
    from course_utils.data import digits
    from course_utils.models import small_classifier

    images, labels = _checked(images, labels)
    known, truth = digits.load("test")
    found = small_classifier.train(images, labels, seed).classify(known)
    return float((found == truth).mean())


def gan_test(images: np.ndarray, labels: np.ndarray, seed: int = 0) -> float:
    """Ask a small classifier that was trained on real digits about generated images.

    It sees whether the images are what was asked for, not whether they vary: one good image of each
    class, repeated, gets 1. The same as `conditional_accuracy`, with a classifier that is not the
    judge, is not in the package, and is a little worse: no generator of the course was tuned to it.

    Args:
        images: uint8 [n, 28, 28], n >= 100.
        labels: integers [n], 0 … 9: the classes that were asked for.
        seed: whole number, 0 <= seed < 2**25: the classifier, and the n training digits (60,000 at
            most) that it is trained on.

    Returns:
        The share of images that are recognized as what was asked for, from 0 to 1. Real digits get
        about 0.98 at n = 10,000, 0.965 at 1,000; far more means that the images are easier than
        real ones. Cost: as `gan_train`; the classifier is kept, so that further calls with the same
        n and seed take 0.4 s.

    Raises:
        ValueError: images or labels are not of this kind, or too few; `seed` is out of its range.
    """
    images, labels = _checked(images, labels)
    return float((real_classifier(len(images), seed).classify(images) == labels).mean())


def _checked(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    images = checked_images(images)
    if len(images) < LEAST:
        raise ValueError(
            text(
                en=f"images holds {len(images)} images; at least {LEAST} are needed, 10,000 are "
                "usual.",
                zh=f"images 只有 {len(images)} 幅图像，至少需要 {LEAST} 幅，通常使用 10,000 幅。",
            )
        )
    return images, checked_labels(labels, len(images))


@functools.lru_cache(maxsize=8)
def real_classifier(count: int, seed: int):
    """The classifier of `count` training digits, chosen at random."""
    from course_utils.data import digits
    from course_utils.models import small_classifier
    from course_utils.training.randomness import check_seed

    images, labels = digits.load("train")
    chosen = np.random.default_rng(check_seed(seed)).permutation(len(images))[:count]
    return small_classifier.train(images[chosen], labels[chosen], seed)
