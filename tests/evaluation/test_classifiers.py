"""The classifier score and the class shares: closed forms, a reference, conventions, bad input."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

from course_utils import language
from course_utils.evaluation import class_shares, classifier_score
from course_utils.evaluation.class_balance import sampling_error

REFERENCES = json.loads(Path(__file__).with_name("reference_values.json").read_text())["cases"]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def test_the_best_and_the_worst_score():
    assert classifier_score(np.tile(np.eye(10), (7, 1))) == pytest.approx(10)
    assert classifier_score(np.full((50, 10), 0.1)) == pytest.approx(1)
    assert classifier_score(np.tile(np.eye(10)[3], (50, 1))) == pytest.approx(1)
    assert classifier_score(np.tile(np.eye(10)[:4], (5, 1))) == pytest.approx(4)


def test_a_score_computed_by_hand():
    # p(y) = (0.5, 0.5): each image contributes 0.9 ln 1.8 + 0.1 ln 0.2.
    expected = np.exp(0.9 * np.log(1.8) + 0.1 * np.log(0.2))
    assert classifier_score([[0.9, 0.1], [0.1, 0.9]]) == pytest.approx(expected)


def test_unequal_classes_score_the_entropy_of_their_shares():
    shares = np.array([0.5, 0.25, 0.25])
    certain = np.repeat(np.eye(3), [20, 10, 10], axis=0)
    assert classifier_score(certain) == pytest.approx(np.exp(-(shares * np.log(shares)).sum()))


@pytest.mark.parametrize("case", REFERENCES, ids=lambda case: str(case["inputs"]))
def test_torchmetrics_gives_the_same(case):
    seed, n, _, d = case["inputs"]
    random = np.random.default_rng(seed)  # as in benchmarks/reference_values.py
    mixing = random.normal(size=(d, d)) / np.sqrt(d)
    features = np.maximum(random.normal(size=(n, d)) @ mixing, 0).astype(np.float32)
    probabilities = softmax(4 * features.astype(np.float64), axis=1)
    assert classifier_score(probabilities) == pytest.approx(case["classifier_score"], rel=1e-10)


def test_the_order_of_the_images_does_not_matter():
    probabilities = softmax(np.random.default_rng(0).normal(size=(300, 10)) * 3, axis=1)
    value = classifier_score(probabilities)
    assert classifier_score(probabilities[::-1]) == pytest.approx(value)
    assert classifier_score(probabilities.astype(np.float32)) == pytest.approx(value, rel=1e-6)
    assert 1 <= value <= 10


def test_shares_are_counted_by_the_most_probable_class():
    probabilities = np.array([[0.6, 0.3, 0.1], [0.4, 0.35, 0.25], [0.1, 0.2, 0.7], [0, 0, 1]])
    shares = class_shares(probabilities)
    assert shares.tolist() == [0.5, 0, 0.5] and shares.dtype == np.float64
    assert class_shares(probabilities[:2]).tolist() == [1, 0, 0]


def test_sampling_error_holds_95_percent():
    shares = np.random.default_rng(0).binomial(1000, 0.1, 20_000) / 1000
    assert np.mean(abs(shares - 0.1) <= sampling_error(0.1, 1000)) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("measure", [classifier_score, class_shares])
@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (np.array([[2.0, -1.0], [0.5, 0.5]]), "1 of 2 rows .* softmax"),
        (np.array([[3.0, 1.0], [0.5, 0.5]]), "softmax"),
        (np.full((4, 10), np.nan), "4 of 4"),
        (np.zeros((0, 10)), "at least 1"),
        (np.full(10, 0.1), r"\[n, d\]"),
        ([["a"]], r"\[n, d\]"),
    ],
)
def test_what_is_no_probability_is_refused(measure, probabilities, message):
    with pytest.raises(ValueError, match=message):
        measure(probabilities)
