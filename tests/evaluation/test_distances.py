"""Distances: against SciPy, near and far from 0, independent of blocks, neighbours, bad input."""

import warnings

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from course_utils import language
from course_utils.evaluation import distances
from course_utils.evaluation.distances import radii, squared_distances


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def gathered(a, b):
    found = np.full((len(a), len(b)), np.nan)
    for rows, squares in squared_distances(a, b):
        found[rows] = squares
    return found


@pytest.mark.parametrize("block", [1, 100, 2**20])
def test_scipy_finds_the_same_distances(monkeypatch, block):
    monkeypatch.setattr(distances, "_BLOCK", block)
    random = np.random.default_rng(0)
    a, b = random.normal(size=(53, 7)), random.normal(size=(31, 7))
    np.testing.assert_allclose(gathered(a, b), cdist(a, b, "sqeuclidean"), rtol=1e-12)


def test_whole_numbers_are_exact():
    random = np.random.default_rng(1)
    a, b = random.integers(-255, 256, (2, 40, 784)).astype(float)
    np.testing.assert_array_equal(gathered(a, b), cdist(a, b, "sqeuclidean"))


def test_samples_far_from_0_keep_their_distances():
    random = np.random.default_rng(2)
    a, b = random.normal(size=(20, 3)), random.normal(size=(30, 3))
    far = 2.0**40
    a, b = (np.round(x * 2**10) / 2**10 for x in (a, b))  # so that adding `far` rounds nothing
    np.testing.assert_allclose(gathered(a + far, b + far), gathered(a, b), rtol=1e-11)


@pytest.mark.parametrize("neighbours", [1, 3, 59])
def test_a_sample_is_no_neighbour_of_its_own(monkeypatch, neighbours):
    samples = np.random.default_rng(3).normal(size=(60, 5))
    expected = np.sort(cdist(samples, samples), axis=1)[:, neighbours]
    np.testing.assert_allclose(radii(samples, neighbours), expected, rtol=1e-10)
    monkeypatch.setattr(distances, "_BLOCK", 7 * 60)
    np.testing.assert_allclose(radii(samples, neighbours), expected, rtol=1e-10)


def test_on_a_line():
    np.testing.assert_array_equal(radii(np.array([[0], [1], [3], [7]]), 1), [1, 1, 2, 4])
    np.testing.assert_array_equal(radii(np.array([[0], [1], [3], [7]]), 2), [3, 2, 3, 6])


def test_copies_are_neighbours_at_distance_0():
    samples = np.random.default_rng(4).normal(5, 1, size=(30, 64))
    copied = np.concatenate([samples, samples[:10], samples[:10]])
    found = radii(copied, 2)
    assert (found[:10] == 0).all() and (found[30:] == 0).all() and (found[10:30] > 1).all()


def test_order_does_not_matter():
    samples = np.random.default_rng(5).normal(size=(100, 6))
    order = np.random.default_rng(6).permutation(100)
    np.testing.assert_allclose(radii(samples[order]), radii(samples)[order], rtol=1e-12)


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(distances, "_BLOCK", 5000)
    sizes = [squares.size for _, squares in squared_distances(*np.ones((2, 1000, 2)))]
    assert max(sizes) == 5000 and sum(sizes) == 10**6


@pytest.mark.parametrize("far", [1e6, 1e9])
def test_one_outlier_takes_nothing_from_the_others(far):
    samples = np.random.default_rng(7).normal(size=(200, 8))
    samples[0], samples[7] = far, samples[8]
    expected = np.sort(cdist(samples, samples), axis=1)[:, 1]
    np.testing.assert_allclose(radii(samples, 1), expected, rtol=1e-10)


def test_a_whole_number_of_any_type_will_do():
    samples = np.random.default_rng(8).normal(size=(20, 2))
    for three in (3.0, np.int64(3), np.float32(3)):
        np.testing.assert_array_equal(radii(samples, three), radii(samples, 3))


@pytest.mark.parametrize("neighbours", [0, 10, -1, 2.5, True, "5", None])
def test_impossible_numbers_of_neighbours_are_refused(neighbours):
    with pytest.raises(ValueError, match="less than the number of samples; features holds 10"):
        radii(np.random.default_rng(0).normal(size=(10, 2)), neighbours)


def test_samples_that_are_all_the_same_are_warned_of(monkeypatch):
    with pytest.warns(UserWarning, match="features: all 9 samples are the same") as caught:
        assert (radii(np.full((9, 3), 0.3)) == 0).all()
    assert caught[0].filename == __file__
    monkeypatch.setattr(language, "_chosen", "zh")
    with pytest.warns(UserWarning, match="features：9 个样本完全相同"):
        radii(np.full((9, 3), 0.3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        radii(np.array([[0.0], [1], [2], [3], [4], [0]]))  # the first and the last are equal


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (np.zeros(9), r"\[n, d\]"),
        (np.array([[np.nan, 0]] * 9), "9 of 9"),
        ("x", r"\[n, d\]"),
        (np.eye(9) * -2e160, r"2\.0e\+160; at most 1e\+30 .* diverged"),
    ],
)
def test_impossible_features_are_refused(features, message):
    with pytest.raises(ValueError, match=message):
        radii(features)
