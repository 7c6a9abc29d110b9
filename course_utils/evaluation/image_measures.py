"""What the judge says about images, and what it says about real ones at the same number."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np

from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.conditional import accuracy_by_class, conditional_accuracy
from course_utils.evaluation.floors import Floor
from course_utils.evaluation.frechet import Gaussian, frechet_distance
from course_utils.evaluation.real_digits import look_at_test_digits
from course_utils.evaluation.within_class import relative_diversity
from course_utils.language import text

LEAST = 100
"""The fewest images that are measured, as the floors begin here.

From 65 on the covariance of 64 features has full rank, but so few images say little of it.
"""

FLOORS = Path(__file__).with_name("image_floors.json")


def measure_images(features: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """The measures of images that the judge has looked at.

    Args:
        features: [n, 64], n > 64, from `judge.look`.
        probabilities: [n, 10], from the same call.

    Returns:
        judge_fid: `frechet_distance` to the 10,000 test digits, 0 or more, lower is better.
        classifier_score: 1 … 10, higher is better.
        confidence: mean of the highest probability, 0.1 … 1, best where real digits are.
        smallest_share: that of the rarest class, 0 … 0.1, higher is better.

    Raises:
        ValueError: features or probabilities are not of the kind above.
    """
    return {
        "judge_fid": frechet_distance(features, reference()),
        "classifier_score": classifier_score(probabilities),
        "confidence": float(np.max(probabilities, axis=1).mean(dtype=np.float64)),
        "smallest_share": float(class_shares(probabilities).min()),
    }


def measure_conditional(
    images: np.ndarray, features: np.ndarray, probabilities: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """The measures of images of which one knows what was asked for.

    Args:
        images: uint8 [n, 28, 28].
        features: [n, 64], from `judge.look`.
        probabilities: [n, 10], from the same call.
        labels: integers [n], 0 … 9, the classes that were asked for.

    Returns:
        conditional_accuracy: 0 … 1, best where real digits are.
        feature_diversity: `relative_diversity` of the features, best where real digits are.
        pixel_diversity: the same of the images themselves.

    Raises:
        ValueError: an argument is not of the kind above, or no class has two images.
    """
    return {
        "conditional_accuracy": conditional_accuracy(probabilities, labels),
        "feature_diversity": relative_diversity(features, labels),
        "pixel_diversity": relative_diversity(images, labels),
    }


def check_count(count: int) -> None:
    """Raises ValueError if so few images are too few."""
    if count < LEAST:
        raise ValueError(
            text(
                en=f"{count} images are too few: at least {LEAST} are needed, 10,000 are usual.",
                zh=f"{count} 幅图像太少：至少需要 {LEAST} 幅，通常使用 10,000 幅。",
            )
        )


@functools.cache
def reference() -> Gaussian:
    """The Gaussian of the judge's features of the 10,000 test digits."""
    return Gaussian.of(look_at_test_digits()[0])


@functools.cache
def real_shares() -> tuple[float, ...]:
    """The share of each digit among the test digits, as the judge sees them."""
    return tuple(class_shares(look_at_test_digits()[1]).tolist())


@functools.cache
def real_accuracies() -> tuple[float, ...]:
    """The share of each digit's test images in which the judge sees that digit."""
    from course_utils.data import digits

    return tuple(accuracy_by_class(look_at_test_digits()[1], digits.load("test")[1]).tolist())


def image_floor(name: str, count: int, equal_classes: bool = False) -> Floor:
    """What a measure gives for `count` real digits: median, smallest and largest of many draws.

    They were measured by `benchmarks/image_floors.py` with training digits, and conditional
    accuracy with test digits, on which the judge was not trained: for counts from 100 to 60,000,
    with equal classes to 50,000 (accuracy: 10,000). Between these counts the value is
    interpolated, linearly in log count against log value; beyond the last it stays.

    Args:
        name: a measure of `measure_images` or `measure_conditional`.
        count: how many images, 100 or more.
        equal_classes: of each class the same number, in place of as many as a random draw has;
            the test digits, to which the judge-FID compares, keep their slightly unequal classes.
            Always so for the measures of `measure_conditional`.

    Raises:
        ValueError: `count` is too small.
    """
    check_count(count)
    stored = _floors()
    proportional = name in stored["floors"][str(LEAST)] and not equal_classes
    floors = stored["floors" if proportional else "balanced_floors"]
    known = np.log([int(measured) for measured in floors])
    rows = np.log([floors[measured][name] for measured in floors])  # [counts, 3]
    return Floor(*(float(np.exp(np.interp(np.log(count), known, row))) for row in rows.T))


@functools.cache
def _floors() -> dict:
    return json.loads(FLOORS.read_text(encoding="utf-8"))
