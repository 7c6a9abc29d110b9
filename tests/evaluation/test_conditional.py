"""Was it what was asked for, and how different are the images of one class?"""

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.special import gamma

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation import (
    accuracy_by_class,
    conditional_accuracy,
    relative_diversity,
    within_class_diversity,
)
from course_utils.evaluation.conditional import accuracy_interval
from course_utils.evaluation.real_digits import look_at_test_digits


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


# Accuracy


def test_accuracy_counts_the_most_probable_class():
    probabilities = [[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.4, 0.1, 0.5]]
    labels = [0, 1, 1, 0]
    assert conditional_accuracy(probabilities, labels) == 0.5
    found = accuracy_by_class(probabilities, np.array(labels, np.uint8))
    np.testing.assert_array_equal(found, [0.5, 0.5, np.nan])


def test_accuracy_is_the_mean_of_the_classes_by_their_frequency():
    rng = np.random.default_rng(0)
    probabilities, labels = rng.dirichlet(np.ones(5), 400), rng.integers(5, size=400)
    each = accuracy_by_class(probabilities, labels)
    for label in range(5):
        assert each[label] == np.mean(probabilities[labels == label].argmax(axis=1) == label)
    whole = np.average(each, weights=np.bincount(labels))
    assert conditional_accuracy(probabilities, labels) == pytest.approx(whole)


def test_labels_that_are_none_are_refused():
    probabilities = np.full((4, 3), 1 / 3)
    for labels, message in (
        ([0, 1, 2, 3], "contain 3: a label is one of 0 … 2"),
        ([0, 1, 2, -1], "contain -1"),
        ([0, 1, 2], r"the shape \(3,\)"),
        ([[0], [1], [2], [0]], r"the shape \(4, 1\)"),
        ([0.0, 1.0, 2.0, 0.0], "float64"),
        (["0", "1", "2", "0"], "whole numbers"),
    ):
        for measure in (conditional_accuracy, accuracy_by_class):
            with pytest.raises(ValueError, match=message):
                measure(probabilities, labels)


@pytest.mark.parametrize(("share", "n"), [(0.993, 10_000), (0.5, 100), (1.0, 50), (0.0, 50)])
def test_interval_holds_the_shares_that_a_score_test_accepts(share, n):
    """Wilson's limits are the p with |share - p| = 1.96 √(p (1 - p) / n)."""
    limits = accuracy_interval(share, n)
    assert limits[0] <= share <= limits[1] and limits[0] < limits[1]
    for p in limits:
        if 1e-9 < p < 1 - 1e-9:
            assert abs(share - p) == pytest.approx(1.959964 * np.sqrt(p * (1 - p) / n), rel=1e-5)


def test_interval_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        accuracy_interval(0.5, 0)
    with pytest.raises(ValueError, match="0 … 1"):
        accuracy_interval(1.2, 10)


# Diversity


def test_two_points_are_as_diverse_as_they_are_apart():
    features = np.array([[0.0, 0.0], [9.0, 9.0], [3.0, 4.0], [9.0, 9.0], [7.0, 7.0]])
    found = within_class_diversity(features, [0, 2, 0, 2, 3], classes=5)
    np.testing.assert_array_equal(found, [5, np.nan, 0, np.nan, np.nan])
    assert within_class_diversity(features, [0, 2, 0, 2, 3]).shape == (4,)


def test_all_pairs_count_over_blocks(monkeypatch):
    monkeypatch.setattr("course_utils.evaluation.distances._BLOCK", 100)  # 5 rows of a class
    rng = np.random.default_rng(1)
    features, labels = rng.normal(size=(60, 3)), rng.integers(3, size=60)
    expected = [pdist(features[labels == label]).mean() for label in range(3)]
    np.testing.assert_allclose(within_class_diversity(features, labels), expected, rtol=1e-12)


@pytest.mark.parametrize("dimensions", [1, 2, 64])
def test_gaussians_have_the_diversity_of_the_formula(dimensions):
    """The difference of two samples is N(0, 2 σ²): mean length 2 σ Γ((d + 1) / 2) / Γ(d / 2)."""
    rng, scales = np.random.default_rng(2), np.array([0.5, 3.0])
    labels = np.repeat([0, 1], 1500)
    features = scales[labels, None] * rng.normal(size=(3000, dimensions)) + 100.0 * labels[:, None]
    expected = 2 * scales * gamma((dimensions + 1) / 2) / gamma(dimensions / 2)
    np.testing.assert_allclose(within_class_diversity(features, labels), expected, rtol=0.05)


def test_one_outlier_does_not_make_the_others_of_its_class_equal():
    features = np.random.default_rng(9).normal(size=(60, 3))
    features[0], features[5] = 1e7, features[6]
    expected = pdist(features).mean()
    assert within_class_diversity(features, [0] * 60)[0] == pytest.approx(expected, rel=1e-12)
    near = within_class_diversity(features * [0, 1, 1] + [1e8, 0, 0], [0] * 60)[0]
    assert near == pytest.approx(pdist(features[:, 1:]).mean(), rel=1e-10)


def test_images_are_compared_pixel_by_pixel():
    images = np.zeros((3, 28, 28), np.uint8)
    images[1] = 255  # from paper: 28
    images[2, 3, 4] = 51  # from paper: 0.2
    found = within_class_diversity(images, [0, 0, 1])
    assert found[0] == pytest.approx(28) and np.isnan(found[1])
    assert within_class_diversity(images, [0, 1, 0])[0] == pytest.approx(0.2)


def test_test_digits_are_as_diverse_as_themselves():
    images, labels = digits.load("test")
    features, _ = look_at_test_digits()
    chosen = labels < 3  # the other classes do not count where nothing was asked for
    assert relative_diversity(features[chosen], labels[chosen]) == pytest.approx(1)
    few = np.flatnonzero(labels == 1)[:200]
    of_all = pdist(images[labels == 1].reshape(-1, 784) / 255).mean()
    expected = pdist(images[few].reshape(200, 784) / 255).mean() / of_all
    assert relative_diversity(images[few], labels[few]) == pytest.approx(expected)
    assert relative_diversity(3 * features[few], labels[few]) == pytest.approx(
        3 * relative_diversity(features[few], labels[few])
    )


def test_a_class_that_is_always_the_same_lowers_the_mean():
    features, _ = look_at_test_digits()
    labels = digits.load("test")[1]
    chosen = np.flatnonzero(labels < 2)
    features, labels = features[chosen].copy(), labels[chosen]
    features[labels == 1] = features[labels == 1][0]
    assert relative_diversity(features, labels) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("samples", "labels", "message"),
    [
        (np.ones((4, 64)), [0, 1, 2, 3], "No class has two samples"),
        (np.ones((4, 3)), [0, 0, 1, 1], r"shape \[3\].*\[n, 64\]"),
        (np.ones((4, 28, 28)), [0, 0, 1, 1], "samples must be numbers"),
        (np.ones((4, 28, 27), np.uint8), [0, 0, 1, 1], "uint8"),
        (np.full((4, 64), np.nan), [0, 0, 1, 1], "NaN"),
        (np.ones((4, 64)), [0, 0, 1, 10], "contain 10"),
        (np.ones((4, 64)), [0, 0, 1], "one for each sample"),
    ],
)
def test_what_cannot_be_compared_is_refused(samples, labels, message):
    with pytest.raises(ValueError, match=message):
        relative_diversity(samples, labels)
