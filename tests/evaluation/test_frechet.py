"""The Fréchet distance: closed forms, independent implementations, conventions, bad input."""

import warnings

import numpy as np
import pytest
from scipy.linalg import sqrtm

from course_utils import language
from course_utils.evaluation import frechet_distance
from course_utils.evaluation.frechet import Gaussian


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def exact(n, mean, deviations, seed=0):
    """Features whose mean is exactly `mean`, and whose covariance is diag(`deviations`²)."""
    random = np.random.default_rng(seed).normal(size=(n, len(mean)))
    random -= random.mean(axis=0)
    white = random @ np.linalg.inv(np.linalg.cholesky(np.cov(random, rowvar=False))).T
    return white * deviations + mean


def test_gaussians_have_a_closed_form():
    a = exact(50, [0, 0, 0], [1, 2, 3])
    b = exact(80, [3, 4, 0], [2, 2, 0.5], seed=1)
    assert frechet_distance(a, b) == pytest.approx(25 + 1 + 0 + 6.25)
    assert frechet_distance(a, Gaussian(np.array([3.0, 4, 0]), np.diag([4.0, 4, 0.25]))) == (
        pytest.approx(32.25)
    )


def test_correlated_gaussians_in_two_dimensions():
    # tr (C₁C₂)^½ of 2 × 2 matrices is √(tr C₁C₂ + 2 √det C₁C₂).
    random = np.random.default_rng(3)
    a = random.normal(size=(60, 2)) @ [[1, 0.9], [0, 0.3]]
    b = random.normal(size=(70, 2)) @ [[0.2, -0.5], [1, 0]] + 1
    c, d = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = np.sqrt(np.trace(c @ d) + 2 * np.sqrt(np.linalg.det(c @ d)))
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(c) + np.trace(d) - 2 * root
    assert frechet_distance(a, b) == pytest.approx(expected)


@pytest.mark.parametrize("case", range(3))
def test_torchmetrics_and_torch_fidelity_give_the_same(references, reference_inputs, case):
    stored = references["cases"][case]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one case has fewer samples than dimensions
        value = frechet_distance(*reference_inputs(*stored["inputs"]))
    assert value == pytest.approx(stored["frechet_distance"], rel=1e-6)
    assert value == pytest.approx(stored["frechet_distance_of_torch_fidelity"], rel=1e-6)


def test_the_root_of_scipy_gives_the_same(reference_inputs):
    a, b = (part.astype(np.float64) for part in reference_inputs(7, 300, 400, 24))
    c, d = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = np.trace(sqrtm(c @ d)).real
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(c) + np.trace(d) - 2 * root
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-8)


def test_conventions(reference_inputs):
    a, b = reference_inputs(5, 400, 500, 8)
    value = frechet_distance(a, b)
    assert frechet_distance(b, a) == pytest.approx(value)
    assert frechet_distance(a[::-1], b) == pytest.approx(value)
    assert frechet_distance(3 * a, 3 * b) == pytest.approx(9 * value, rel=1e-5)
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(8, 8)))[0]
    assert frechet_distance(a @ rotation, b @ rotation) == pytest.approx(value, rel=1e-5)
    assert frechet_distance(a, Gaussian.of(b)) == value
    assert 0 <= frechet_distance(a, a) < 1e-9


def test_empty_directions_change_nothing():
    # The judge has units that never fire. The root of a rounding error of 1e-14 would be 1e-7.
    a, b = 10 * np.random.default_rng(2).normal(size=(2, 500, 20)) @ np.diag(np.arange(20))
    b += 0.1
    inside = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 20)))[
        0
    ].T  # 20 of 64 dimensions
    assert frechet_distance(a @ inside, b @ inside) == pytest.approx(frechet_distance(a, b), 1e-9)


@pytest.mark.filterwarnings("ignore:.*samples are the same")
def test_features_without_spread_are_compared_by_their_means():
    flat, other = np.full((20, 3), 2.0), exact(30, [0, 0, 0], [1, 1, 1])
    assert frechet_distance(flat, np.full((9, 3), 1.0)) == pytest.approx(3)
    assert frechet_distance(flat, other) == pytest.approx(12 + 3)
    assert frechet_distance(np.full((5, 1), 1.0), np.full((5, 1), 3.0)) == pytest.approx(4)


def test_large_numbers_do_not_drown_the_difference():
    a, b = exact(90, [0, 0], [1, 1]), exact(90, [0.1, 0], [1, 1], seed=1)
    assert frechet_distance(a + 1e6, b + 1e6) == pytest.approx(0.01, rel=1e-4)


def test_it_is_biased_upwards_by_few_samples():
    random = np.random.default_rng(0)
    reference = Gaussian(np.zeros(20), np.eye(20))
    few, many = (frechet_distance(random.normal(size=(n, 20)), reference) for n in (100, 10_000))
    assert few > 30 * many > 0


def test_fewer_samples_than_dimensions_are_warned_of():
    random = np.random.default_rng(0)
    few, many = random.normal(size=(8, 8)), random.normal(size=(9, 8))
    with pytest.warns(UserWarning, match="features: 8 samples in 8 dimensions"):
        assert np.isfinite(frechet_distance(few, many))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frechet_distance(many, many)


def test_samples_that_are_all_the_same_are_warned_of():
    same, other = np.full((20, 3), 0.1), exact(30, [0, 0, 0], [1, 1, 1])
    for pair, name in (((same, other), "features"), ((other, same), "reference")):
        with pytest.warns(UserWarning, match=f"{name}: all 20 samples are the same") as caught:
            assert frechet_distance(*pair) == pytest.approx(0.03 + 3)
        assert len(caught) == 1 and caught[0].filename == __file__


@pytest.mark.filterwarnings("ignore:.*samples are the same")
@pytest.mark.parametrize(
    ("features", "message"),
    [
        (np.zeros((1, 3)), "at least 2"),
        (np.zeros((0, 3)), "at least 2"),
        (np.zeros(5), r"\[n, d\]"),
        (np.zeros((5, 0)), r"\[n, d\]"),
        (np.zeros((5, 2, 2)), r"\[n, d\]"),
        ("features", r"\[n, d\]"),
        (np.array([[1, np.nan, 0]] * 3 + [[0, 0, 0]] * 5), "3 of 8"),
        (np.full((9, 3), np.inf), "9 of 9"),
        (np.zeros((9, 4)), "same network"),
    ],
)
def test_impossible_features_are_refused(features, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(features, np.random.default_rng(0).normal(size=(20, 3)))


def test_messages_name_the_sample_that_is_wrong(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")
    with pytest.raises(ValueError, match="reference 只有 1 个样本"):
        frechet_distance(np.random.default_rng(0).normal(size=(20, 3)), np.zeros((1, 3)))
