"""The Fréchet distance against N: Gaussians, whose limit is known; drawing; bad input."""

import numpy as np
import pytest

from course_utils import language
from course_utils.evaluation.frechet import Gaussian, frechet_distance
from course_utils.evaluation.frechet_growth import frechet_growth


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def test_the_limit_is_the_distance_of_the_distributions():
    dimensions = 64
    deviations = np.linspace(0.5, 1.5, dimensions)
    reference = Gaussian(np.eye(dimensions)[0], np.eye(dimensions))
    exact = 1 + ((deviations - 1) ** 2).sum()
    samples = np.random.default_rng(0).normal(size=(3000, dimensions)) * deviations
    counts, values, slope, limit = frechet_growth(samples, reference)
    # The sampling error, which no extrapolation takes away, is 0.04 here (standard deviation).
    assert limit == pytest.approx(exact, abs=0.12)
    assert values[-1] - exact > 0.24 and values[0] - exact > 1.5
    assert slope == pytest.approx(1100, rel=0.1)
    np.testing.assert_allclose(values, limit + slope / counts, rtol=0.02)


def test_two_samples_of_one_gaussian_end_near_what_the_reference_lacks():
    # Both biases are about 1104 / N in 64 dimensions: d + d (d + 1) / 4.
    random = np.random.default_rng(1)
    features, reference = random.normal(size=(4000, 64)), random.normal(size=(8000, 64))
    growth = frechet_growth(features, reference, seed=3)
    assert growth.limit == pytest.approx(1104 / 8000, abs=0.06)
    assert growth.slope == pytest.approx(1104, rel=0.1)


def test_counts_are_evenly_spaced_in_their_reciprocals_and_end_at_all():
    samples = np.random.default_rng(0).normal(size=(2000, 3))
    counts = frechet_growth(samples, samples).counts
    assert counts[0] == 200 and counts[-1] == 2000 and len(counts) == 10
    np.testing.assert_allclose(np.diff(1 / counts), -0.0005, rtol=0.03)
    few = np.random.default_rng(0).normal(size=(100, 5))
    assert frechet_growth(few, few).counts[0] == 50  # ten times as many as dimensions


def test_counts_can_be_chosen_and_the_line_goes_through_two():
    random = np.random.default_rng(2)
    features, reference = random.normal(size=(500, 4)), random.normal(size=(300, 4))
    growth = frechet_growth(features, reference, [500, 100, 500])
    np.testing.assert_array_equal(growth.counts, [100, 500])
    assert growth.values[1] == pytest.approx(frechet_distance(features, reference), rel=1e-9)
    np.testing.assert_allclose(growth.values, growth.limit + growth.slope / growth.counts)
    known = frechet_growth(features, Gaussian.of(reference), [100, 500])
    np.testing.assert_array_equal(known.values, growth.values)


def test_it_repeats_itself_and_subsets_differ():
    features, reference = np.random.default_rng(4).normal(size=(2, 400, 4))
    first, again = (frechet_growth(features, reference, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.values, again.values)
    other = frechet_growth(features, reference, seed=6)
    assert (first.values[:-1] != other.values[:-1]).all()
    assert first.values[-1] == pytest.approx(other.values[-1])  # all samples, whatever the seed


def test_more_repeats_make_the_values_steadier():
    features, reference = np.random.default_rng(4).normal(size=(2, 400, 4))
    spread = {
        repeats: np.std(
            [
                frechet_growth(features, reference, [50, 400], repeats, seed).values[0]
                for seed in range(30)
            ]
        )
        for repeats in (1, 16)
    }
    assert 2 < spread[1] / spread[16] < 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"counts": [10]}, "two or more different"),
        ({"counts": [10, 10]}, "two or more different"),
        ({"counts": []}, "two or more different"),
        ({"counts": [1, 10]}, "from 2"),
        ({"counts": [10, 101]}, "the number of samples, 100"),
        ({"counts": [10.0, 20.0]}, "whole numbers"),
        ({"repeats": 0}, "repeats is 0"),
        ({"repeats": 2.5}, "repeats is 2.5"),
        ({"features": np.zeros((1, 3))}, "at least 2"),
        ({"features": np.full((100, 3), np.nan)}, "100 of 100"),
        ({"features": np.random.default_rng(0).normal(size=(59, 3))}, "at least 60"),
        ({"features": np.random.default_rng(0).normal(size=(99, 4))}, "same network"),
    ],
)
def test_impossible_arguments_are_refused(arguments, message):
    samples = np.random.default_rng(0).normal(size=(2, 100, 3))
    with pytest.raises(ValueError, match=message):
        frechet_growth(**{"features": samples[0], "reference": samples[1], **arguments})


def test_messages_are_in_the_learners_language(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")
    samples = np.random.default_rng(0).normal(size=(30, 3))
    with pytest.raises(ValueError, match="不足以拟合直线：至少需要 60 个"):
        frechet_growth(samples, samples)
    with pytest.raises(ValueError, match="需要至少两个不同的整数"):
        frechet_growth(samples, samples, [3])
