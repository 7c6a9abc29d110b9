"""The jackknife: closed forms, how often it holds the truth, dealing, bad input."""

import numpy as np
import pytest
from scipy.stats import t as student

from course_utils import language
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.frechet import Gaussian, frechet_distance
from course_utils.evaluation.intervals import jackknife
from course_utils.evaluation.manifolds import Manifold, manifold_measures


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def test_the_mean_has_students_interval_if_each_sample_is_a_group():
    samples = np.random.default_rng(0).normal(3, 2, 40)
    expected = student.interval(0.95, 39, samples.mean(), samples.std(ddof=1) / np.sqrt(40))
    np.testing.assert_allclose(jackknife(np.mean, samples, groups=40), expected)


def test_groups_give_the_interval_of_their_means():
    # With groups of equal size the mean's jackknife is Student's interval of the groups' means.
    samples = np.random.default_rng(1).normal(size=200)
    group = np.random.default_rng(7).permutation(np.arange(200) % 10)
    means = [samples[group == number].mean() for number in range(10)]
    expected = student.interval(0.95, 9, samples.mean(), np.std(means, ddof=1) / np.sqrt(10))
    np.testing.assert_allclose(jackknife(np.mean, samples, groups=10, seed=7), expected)


def test_the_truth_is_inside_19_times_of_20():
    """The product of two means: smooth, not linear."""

    def measure(samples):
        return samples[:, 0].mean() * samples[:, 1].mean()

    inside = 0
    for seed in range(400):
        low, high = jackknife(measure, np.random.default_rng(seed).normal((2, 3), 1, (100, 2)))
        inside += low < 6 < high
    assert inside / 400 == pytest.approx(0.95, abs=0.03)


def test_the_width_is_that_of_repeated_draws():
    reference = Gaussian(np.zeros(8), np.eye(8))

    def measure(features, probabilities):
        return np.array([frechet_distance(features, reference), classifier_score(probabilities)])

    values, errors = [], []
    for seed in range(150):
        random = np.random.default_rng(seed)
        sample = random.normal(0.4, 1, (400, 8)), random.dirichlet(np.ones(5), 400)
        low, high = jackknife(measure, *sample)
        values.append(measure(*sample))
        errors.append((high - low) / 2 / student.ppf(0.975, 19))
        np.testing.assert_allclose((low + high) / 2, values[-1])
    np.testing.assert_allclose(np.mean(errors, axis=0), np.std(values, axis=0), rtol=0.2)


def test_for_measures_of_manifolds_it_is_not_too_narrow():
    real = Manifold.of(np.random.default_rng(99).normal(size=(300, 4)))

    def measure(features):
        return np.array(list(manifold_measures(features, real).values()))

    samples = [np.random.default_rng(seed).normal(0.5, 1, (300, 4)) for seed in range(40)]
    spread = np.std([measure(sample) for sample in samples], axis=0)
    ends = [jackknife(measure, sample) for sample in samples[:4]]
    errors = np.mean([(high - low) / 2 / student.ppf(0.975, 19) for low, high in ends], axis=0)
    assert (errors > 0.75 * spread).all() and (errors < 2.5 * spread).all()


def test_rows_stay_together():
    images = np.arange(50)[:, None] * np.ones((1, 3))

    def measure(images, labels):
        np.testing.assert_array_equal(images[:, 0], labels)
        return len(labels)

    low, high = jackknife(measure, images, np.arange(50), groups=10)
    assert low == high == 50  # without any group there are 45


def test_every_sample_is_left_out_once():
    left = []

    def measure(samples):
        left.extend(set(range(43)) - set(samples))
        return 0.0

    jackknife(measure, np.arange(43), groups=5)
    assert sorted(left) == list(range(43))


def test_it_repeats_itself_and_the_seed_deals():
    samples = np.random.default_rng(2).normal(size=100)
    assert jackknife(np.mean, samples) == jackknife(np.mean, samples)
    assert jackknife(np.mean, samples) != jackknife(np.mean, samples, seed=1)


def test_what_cannot_be_measured_has_no_interval():
    low, high = jackknife(lambda samples: np.nan, np.arange(40))
    assert np.isnan(low) and np.isnan(high)


@pytest.mark.parametrize(
    ("arrays", "groups", "message"),
    [
        ((), 20, "at least one array"),
        ((np.zeros(5), np.zeros(6)), 2, r"\[5, 6\] rows"),
        ((np.float64(3),), 2, "groups is 2.* 2 … 0"),
        ((np.zeros(19),), 20, "groups is 20.* 2 … 19"),
        ((np.zeros(19),), 1, "groups is 1"),
        ((np.zeros(19),), 2.5, "groups is 2.5"),
        ((np.zeros(19),), True, "groups is True"),
    ],
)
def test_impossible_arguments_are_refused(arrays, groups, message):
    with pytest.raises(ValueError, match=message):
        jackknife(np.mean, *arrays, groups=groups)


def test_messages_are_in_the_learners_language(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")
    with pytest.raises(ValueError, match="所有数组的行数必须相同"):
        jackknife(np.mean, np.zeros(5), np.zeros(6))
