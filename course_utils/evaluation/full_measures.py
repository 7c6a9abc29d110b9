"""All that the course can measure about digits, each value with its 95 % interval."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from course_utils.evaluation.birthday import birthday_paradox
from course_utils.evaluation.class_modes import count_class_modes
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.conditional import accuracy_interval, conditional_accuracy
from course_utils.evaluation.frechet import frechet_distance
from course_utils.evaluation.frechet_growth import frechet_growth
from course_utils.evaluation.gan_train_test import gan_test, gan_train
from course_utils.evaluation.image_measures import real_shares, reference
from course_utils.evaluation.intervals import jackknife
from course_utils.evaluation.kernel_distance import kernel_interval
from course_utils.evaluation.manifolds import Manifold, manifold_measures
from course_utils.evaluation.memorisation import Control
from course_utils.evaluation.ms_ssim import within_class_similarity
from course_utils.evaluation.real_digits import look_at_test_digits
from course_utils.evaluation.within_class import relative_diversity

BLOCKS = 10
"""Disjoint parts whose spread gives the intervals of measures that nothing simpler fits."""


class Seen(NamedTuple):
    """Digits, what the judge sees of them, and their classes: asked for, or else as seen.

    Attributes:
        images: uint8 [n, 28, 28].
        features: float32 [n, 64].
        probabilities: float32 [n, 10].
        labels: int64 [n].
    """

    images: np.ndarray
    features: np.ndarray
    probabilities: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, images: np.ndarray, labels: np.ndarray | None = None) -> Seen:
        """Have the judge look at images."""
        from course_utils.models import judge

        features, probabilities = judge.load().look(images)
        if labels is None:
            labels = probabilities.argmax(axis=1)
        return cls(images, features, probabilities, labels)

    def part(self, rows: np.ndarray) -> Seen:
        """Some of them."""
        return Seen(*(array[rows] for array in self))


class Estimate(NamedTuple):
    """A value and its 95 % interval; None if no honest one is known."""

    value: float
    interval: tuple[float, float] | None = None


def full_measures(seen: Seen, asked: bool, control: Control | None = None) -> dict[str, Estimate]:
    """All measures of at least 500 digits, in the order in which a report shows them.

    The intervals say how far a value may be off because these images were drawn and no others; the
    trained generator stays the same. Of shares they are Wilson's; of Fréchet distance, kernel
    distance, classifier score and divergence the jackknife's; of the rest they come from the spread
    over ten disjoint parts of the images, each beside a tenth of the test digits. So those of the
    kernel distance, and of what is covered, also contain the chance in the test digits; that of the
    precision does not. They are too wide rather than too narrow.

    Args:
        seen: the digits.
        asked: whether `seen.labels` was asked for; then accuracies are measured, too.
        control: what their distances to the training digits are compared with; by default the test
            digits'.

    Returns:
        Name -> estimate. Without `asked` three measures are missing.
    """
    with ThreadPoolExecutor(1) as other_core:
        # Training classifiers takes as long as all the rest, and each uses one core only.
        accuracies = other_core.submit(_trained_accuracies, seen) if asked else None
        estimates = _measures_without_training(seen, control or _test_control())
        return estimates | (accuracies.result() if accuracies else {})


def _trained_accuracies(seen: Seen) -> dict[str, Estimate]:
    count = len(seen.images)
    accuracy = conditional_accuracy(seen.probabilities, seen.labels)
    tested = gan_test(seen.images, seen.labels)
    return {
        "conditional_accuracy": Estimate(accuracy, accuracy_interval(accuracy, count)),
        "gan_test": Estimate(tested, accuracy_interval(tested, count)),
        # What other images would have taught, only more trainings could tell.
        "gan_train": Estimate(gan_train(seen.images, seen.labels)),
    }


def _measures_without_training(seen: Seen, control: Control) -> dict[str, Estimate]:
    count = len(seen.images)
    estimates = {
        name: Estimate(measure(array), jackknife(measure, array))
        for name, measure, array in (
            ("judge_fid", lambda features: frechet_distance(features, reference()), seen.features),
            ("classifier_score", classifier_score, seen.probabilities),
        )
    }
    estimates["fid_limit"] = Estimate(_fid_limit(seen.features))
    kernel = kernel_interval(seen.features, _test_digits().features)
    estimates["kernel_distance"] = Estimate(kernel.value, (kernel.low, kernel.high))
    estimates |= _with_blocks(seen)
    precision = estimates["precision"].value
    estimates["precision"] = Estimate(precision, accuracy_interval(precision, count))
    modes = count_class_modes(seen.probabilities, np.array(real_shares()))
    estimates["classes_covered"] = Estimate(float(modes.covered))
    estimates["class_divergence"] = Estimate(
        modes.divergence, jackknife(_class_divergence, seen.probabilities)
    )
    copies = control.copying(seen.images)
    share = copies.near_copies
    estimates["near_copies"] = Estimate(share, accuracy_interval(share, count))
    estimates["c_t"] = Estimate(copies.c_t)
    estimates["duplicate_pairs"] = _duplicate_pairs(seen.images)
    return estimates


@functools.cache
def _test_digits() -> Seen:
    from course_utils.data import digits

    images, labels = digits.load("test")
    return Seen(images, *look_at_test_digits(), labels.astype(np.int64))


@functools.cache
def _test_manifold() -> Manifold:
    return Manifold.of(_test_digits().features)


@functools.cache
def _test_control() -> Control:
    from course_utils.data import digits

    return Control(digits.load("train")[0], _test_digits().images)


def _duplicate_pairs(images: np.ndarray) -> Estimate:
    """In a million pairs: the inverse of the support, which is infinite where there are none."""
    found = birthday_paradox(images)
    value, low, high = (float(1e6 / each) for each in (found.support, found.high, found.low))
    return Estimate(value, (low, high))


def _class_divergence(probabilities: np.ndarray) -> float:
    return count_class_modes(probabilities, np.array(real_shares())).divergence


def _fid_limit(features: np.ndarray) -> float:
    # A tenth of few images has no covariance of full rank: begin with more of them.
    few = len(features) < 20 * features.shape[1]
    counts = np.linspace(len(features) // 2, len(features), 6).astype(int) if few else None
    return frechet_growth(features, reference(), counts).limit


def _with_blocks(seen: Seen) -> dict[str, Estimate]:
    """The measures of which only the spread over parts is known."""
    real = _test_digits()
    values = {
        **manifold_measures(seen.features, _test_manifold()),
        **_variety(seen, pairs=100),
    }
    parts = [_blocks(len(each.images), seed) for seed, each in enumerate((seen, real))]
    rows = [
        _measures_of_block(seen.part(mine), real.part(others))
        for mine, others in zip(*parts, strict=True)
    ]
    return {
        name: Estimate(value, _interval(value, [row[name] for row in rows]))
        for name, value in values.items()
    }


def _measures_of_block(seen: Seen, real: Seen) -> dict[str, float]:
    return {
        **manifold_measures(seen.features, real.features),
        **_variety(seen, pairs=100 // BLOCKS),
    }


def _variety(seen: Seen, pairs: int) -> dict[str, float]:
    similarities = within_class_similarity(seen.images, seen.labels, pairs)
    return {
        "class_similarity": float(np.nanmean(similarities)),
        "feature_diversity": relative_diversity(seen.features, seen.labels),
        "pixel_diversity": relative_diversity(seen.images, seen.labels),
    }


def _blocks(count: int, seed: int) -> list[np.ndarray]:
    """Rows of `BLOCKS` disjoint parts; at random, as images may come sorted by class."""
    return np.array_split(np.random.default_rng(seed).permutation(count), BLOCKS)


def _interval(value: float, blocks: list[float]) -> tuple[float, float]:
    """The mean of independent parts is off by their deviation / √parts: the whole by no more."""
    from scipy.special import stdtrit

    margin = stdtrit(BLOCKS - 1, 0.975) * np.std(blocks, ddof=1) / np.sqrt(BLOCKS)
    return float(value - margin), float(value + margin)
