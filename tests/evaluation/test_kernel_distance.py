"""The kernel distance: by hand, a naive double loop, torch-fidelity, bias, degenerate input."""

import importlib
from itertools import product

import numpy as np
import pytest

from course_utils import language
from course_utils.evaluation.frechet import frechet_distance
from course_utils.evaluation.kernel_distance import kernel_distance, kernel_interval

MODULE = importlib.import_module("course_utils.evaluation.kernel_distance")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def naive(a, b):
    """Unbiased MMD² of whole samples, pair by pair."""

    def mean(first, second, skip):
        pairs = [
            (x @ y / len(x) + 1) ** 3
            for (i, x), (j, y) in product(enumerate(first), enumerate(second))
            if not (skip and i == j)
        ]
        return sum(pairs) / len(pairs)

    return mean(a, a, True) + mean(b, b, True) - 2 * mean(a, b, False)


def test_by_hand():
    # One dimension, k(x, y) = (x y + 1)³: k(0, 1) = 1, k(2, 3) = 343;
    # k(0, 2) = k(0, 3) = 1, k(1, 2) = 27, k(1, 3) = 64.
    expected = 1 + 343 - 2 * (1 + 1 + 27 + 64) / 4
    value, deviation = kernel_distance([[0], [1]], [[2], [3]])
    assert value == pytest.approx(expected, rel=1e-12) and np.isnan(deviation)


def test_a_double_loop_gives_the_same():
    random = np.random.default_rng(0)
    a, b, few = (
        random.normal(size=(12, 3)),
        random.normal(1, 2, (12, 3)),
        random.normal(size=(5, 3)),
    )
    assert kernel_distance(a, b).mean == pytest.approx(naive(a, b), rel=1e-10)
    assert kernel_interval(a, b).value == pytest.approx(naive(a, b), rel=1e-10)
    assert kernel_interval(few, b).value == pytest.approx(naive(few, b), rel=1e-10)


@pytest.mark.parametrize("case", range(3))
def test_torch_fidelity_gives_the_same(references, reference_inputs, case):
    stored = references["cases"][case]
    found = kernel_distance(*reference_inputs(*stored["inputs"]), **references["kernel_distance"])
    np.testing.assert_allclose(found, stored["kernel_distance"], rtol=1e-6, atol=0)


def test_it_is_unbiased_where_the_frechet_distance_is_not():
    """Two samples of one Gaussian in 64 dimensions."""
    for count, expected, seeds in ((100, 22, 12), (1000, 2.2, 3)):
        frechet, kernel = [], []
        for seed in range(seeds):
            pair = np.random.default_rng(seed).normal(size=(2, count, 64))
            frechet.append(frechet_distance(*pair))
            kernel.append(kernel_interval(*pair))
        assert np.mean(frechet) == pytest.approx(expected, rel=0.05)
        values, low, high = np.transpose(kernel)
        assert abs(values.mean()) < 3 * values.std(ddof=1) / np.sqrt(seeds)
        assert np.mean((low < 0) & (high > 0)) > 0.9


def test_the_value_between_gaussians_has_a_closed_form():
    # In one dimension, x ~ N(0, 1) and y ~ N(μ, 1): E (x x' + 1)³ = 1 + 3 E x² E x'² = 4;
    # with a = E y = μ, b = E y² = μ² + 1, c = E y³ = μ³ + 3 μ: 1 + 3 a² + 3 b² + c², and between
    # them 1 + 3 b.
    shift = 0.5
    a, b, c = shift, shift**2 + 1, shift**3 + 3 * shift
    expected = 4 + 1 + 3 * a**2 + 3 * b**2 + c**2 - 2 * (1 + 3 * b)
    random = np.random.default_rng(1)
    samples = random.normal(size=(4000, 1)), random.normal(shift, 1, (5000, 1))
    value, low, high = kernel_interval(*samples)
    assert low < expected < high and high - low < 2
    whole = kernel_distance(*samples, size=1000, subsets=50)
    assert whole.mean == pytest.approx(expected, abs=4 * whole.deviation / 7)
    assert value == pytest.approx(whole.mean, abs=4 * whole.deviation / 7)


def test_the_interval_is_as_wide_as_values_scatter():
    found = []
    for seed in range(60):
        random = np.random.default_rng(seed)
        found.append(kernel_interval(random.normal(0.5, 1, (150, 4)), random.normal(size=(250, 4))))
    values, low, high = np.transpose(found)
    widths = (high - low) / (2 * 1.96)
    assert 0.8 < widths.mean() / values.std() < 1.4
    np.testing.assert_allclose(values - low, high - values)


def test_third_moments_are_seen_and_fourth_are_not():
    random = np.random.default_rng(2)
    normal = random.normal(size=(3000, 1))
    skewed = random.exponential(size=(3000, 1)) - 1  # mean 0 and variance 1, too
    flat = random.uniform(-np.sqrt(3), np.sqrt(3), (3000, 1))
    assert kernel_interval(skewed, normal).low > 1
    low, high = kernel_interval(flat, normal)[1:]
    assert low < 0 < high


def test_blocks_and_order_do_not_matter(monkeypatch):
    random = np.random.default_rng(3)
    a, b = random.normal(size=(70, 5)), random.normal(1, 1, (90, 5))
    value, interval = kernel_distance(a, b, 40, 7), kernel_interval(a, b)
    assert kernel_distance(a, b, 40, 7) == value
    assert kernel_distance(a, b, 40, 7, seed=1) != value
    monkeypatch.setattr(MODULE, "_BLOCK", 300)
    np.testing.assert_allclose(kernel_distance(a, b, 40, 7), value, rtol=1e-10)
    np.testing.assert_allclose(kernel_interval(a, b), interval, rtol=1e-10)
    np.testing.assert_allclose(kernel_interval(a[::-1], random.permutation(b)), interval)
    np.testing.assert_allclose(kernel_interval(b, a), interval)


def test_subsets_are_lowered_to_the_smaller_sample():
    random = np.random.default_rng(4)
    a, b = random.normal(size=(30, 2)), random.normal(size=(50, 2))
    assert kernel_distance(a, b, subsets=9) == kernel_distance(a, b, 30, 9)
    assert kernel_distance(b, a, subsets=9) == kernel_distance(b, a, 30, 9)
    assert kernel_distance(a, b, subsets=9).deviation > 0
    same = kernel_distance(a, a[::-1], subsets=9)
    assert np.isnan(same.deviation)
    assert np.isnan(kernel_distance(a, b, 29, 1).deviation)


def test_impossible_numbers_are_refused():
    samples = np.random.default_rng(0).normal(size=(2, 20, 3))
    for size in (1, 0, -5, 2.5, True, None, "9"):
        with pytest.raises(ValueError, match=r"size is .* whole number, 2 …"):
            kernel_distance(*samples, size=size)
    for subsets in (0, 1.5, False, None):
        with pytest.raises(ValueError, match=r"subsets is .* whole number, 1 …"):
            kernel_distance(*samples, subsets=subsets)


@pytest.mark.parametrize("measure", [kernel_distance, kernel_interval])
@pytest.mark.parametrize(
    ("features", "message"),
    [
        (np.zeros((1, 3)), "features holds 1 samples"),
        (np.zeros(5), r"\[n, d\]"),
        (np.array([[1, np.nan, 0]] * 3 + [[0, 0, 0]] * 5), "3 of 8"),
        (np.eye(9), "9 dimensions, reference 3"),
    ],
)
def test_impossible_features_are_refused(measure, features, message):
    with pytest.raises(ValueError, match=message):
        measure(features, np.random.default_rng(0).normal(size=(20, 3)))


def test_samples_that_are_all_the_same_are_warned_of():
    others = np.random.default_rng(0).normal(size=(20, 3))
    for measure in (kernel_distance, kernel_interval):
        with pytest.warns(UserWarning, match="features: all 5 samples are the same") as caught:
            assert measure(np.full((5, 3), 2.0), others)[0] > 1
        assert caught[0].filename == __file__
