"""All four measures of manifolds: prdc, naive loops, conventions, closed forms, bad input."""

import importlib
from itertools import pairwise

import numpy as np
import pytest

from course_utils import language
from course_utils.evaluation import distances
from course_utils.evaluation.density_coverage import density_coverage
from course_utils.evaluation.distances import radii
from course_utils.evaluation.manifolds import Manifold, manifold_measures
from course_utils.evaluation.precision_recall import precision_recall

MANIFOLDS = importlib.import_module("course_utils.evaluation.manifolds")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def naive(features, reference, neighbours):
    """Sample by sample, as the definitions say."""

    def radius(samples, i):
        return sorted(np.linalg.norm(samples - samples[i], axis=1))[neighbours]  # [0] is itself

    real = [radius(reference, i) for i in range(len(reference))]
    generated = [radius(features, j) for j in range(len(features))]
    n, m = len(features), len(reference)
    inside = [
        [np.linalg.norm(features[j] - reference[i]) < real[i] for j in range(n)] for i in range(m)
    ]
    recalled = [
        any(np.linalg.norm(features[j] - reference[i]) < generated[j] for j in range(n))
        for i in range(m)
    ]
    return {
        "precision": sum(any(inside[i][j] for i in range(m)) for j in range(n)) / n,
        "recall": sum(recalled) / m,
        "density": sum(map(sum, inside)) / (neighbours * n),
        "coverage": sum(map(any, inside)) / m,
    }


def all_ways(features, reference, neighbours=5):
    """What the functions give together, alone, and with the manifold of the reference."""
    alone = {}
    for known in (reference, Manifold.of(reference, neighbours)):
        alone |= precision_recall(features, known, neighbours)._asdict()
        alone |= density_coverage(features, known, neighbours)._asdict()
        together = manifold_measures(features, known, neighbours)
        assert alone == together
    return together


@pytest.mark.parametrize("case", range(3))
def test_prdc_gives_the_same(references, reference_inputs, case):
    stored = references["cases"][case]
    found = all_ways(*reference_inputs(*stored["inputs"]), references["neighbours"])
    assert found == pytest.approx(stored["manifold_measures"], rel=0, abs=1e-9)


@pytest.mark.parametrize("neighbours", [1, 3, 18])
def test_naive_loops_give_the_same(neighbours):
    random = np.random.default_rng(neighbours)
    features, reference = random.normal(size=(19, 3)), random.normal(0.4, 1, (23, 3))
    expected = naive(features, reference, neighbours)
    assert all_ways(features, reference, neighbours) == pytest.approx(expected, rel=0, abs=1e-12)
    assert min(expected.values()) > 0


def test_balls_do_not_hold_what_is_exactly_as_far_away_as_their_radius():
    # Real samples 0, 2, 6 have radii 2, 2, 4; generated ones 10, 4, 4.5 have 5.5, 0.5, 0.5.
    real, generated = np.array([[0], [2], [6]]), np.array([[10], [4], [4.5]])
    # 10 and 4 are 4 and 2 away from 6: the first is on the rim. 4 is on the rim of 2's ball.
    expected = {"precision": 2 / 3, "recall": 1 / 3, "density": 2 / 3, "coverage": 1 / 3}
    assert all_ways(generated, real, 1) == expected == naive(generated, real, 1)


@pytest.mark.parametrize("decimals", [0, 1])
def test_ties_are_outside_whatever_rounding_makes_of_them(decimals):
    # On a grid of tenths nearly all distances are equal to some radius, and none is exact.
    random = np.random.default_rng(0)
    grid = [random.integers(-3, 4, (count, 2)) for count in (80, 100)]
    expected = naive(*grid, 4)
    scaled = [part / 10**decimals + 0.3 * decimals for part in grid]
    assert all_ways(*scaled, 4) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("scale", [0.1, 0.7, 1 / 3, 1.7e-5])
def test_ties_are_outside_around_the_middle_sample_too(scale):
    # Its own norm there is 0, and takes part in no rounding; that of its neighbours does.
    real, generated = (np.arange(first, first + 11)[:, None] for first in (-5, -3))
    for neighbours in (2, 4):
        found = all_ways(scale * generated, scale * real, neighbours)
        assert found == pytest.approx(naive(generated, real, neighbours), rel=0, abs=1e-12)


def test_a_ball_of_radius_0_holds_nothing_even_if_rounding_makes_a_square_negative():
    for seed in range(10):
        random = np.random.default_rng(seed)
        image, others = random.normal(size=(1, 16)), random.normal(9, 1, (30, 16))
        real = np.concatenate([np.repeat(image, 40, axis=0), others])
        found = all_ways(np.concatenate([image, random.normal(-9, 1, (30, 16))]), real)
        assert found["precision"] == found["density"] == found["coverage"] == 0


def test_blocks_and_order_do_not_matter(monkeypatch):
    random = np.random.default_rng(1)
    features, reference = random.normal(size=(130, 8)), random.normal(0.3, 1, (170, 8))
    expected = all_ways(features, reference)
    assert all_ways(features[::-1], random.permutation(reference)) == expected
    monkeypatch.setattr(distances, "_BLOCK", 1000)
    assert all_ways(features, reference) == expected


def test_scale_rotation_and_place_do_not_matter():
    random = np.random.default_rng(2)
    features, reference = random.normal(size=(90, 4)), random.normal(0.3, 1, (110, 4))
    expected = all_ways(features, reference)
    rotation = np.linalg.qr(random.normal(size=(4, 4)))[0]
    for change in (lambda x: 1e-6 * x, lambda x: x @ rotation, lambda x: x + 1e6):
        assert all_ways(change(features), change(reference)) == expected


def test_samples_of_one_distribution_have_known_means():
    # A generated sample is as likely as each real one to be one of the k nearest to a real sample:
    # density 1. Its ball is empty if the k nearest of all others are real.
    count, fewer, k, seeds = 240, 160, 3, 40
    found = {"density": [], "coverage": []}
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        values = density_coverage(random.normal(size=(fewer, 3)), random.normal(size=(count, 3)), k)
        found["density"].append(values.density)
        found["coverage"].append(values.coverage)
    others = count + fewer - 1
    empty = np.prod([(count - 1 - i) / (others - i) for i in range(k)])
    for name, expected in (("density", 1), ("coverage", 1 - empty)):
        error = np.std(found[name], ddof=1) / np.sqrt(seeds)
        assert np.mean(found[name]) == pytest.approx(expected, abs=3 * error)
        assert error < 0.02


def test_precision_and_recall_are_each_others_mirror():
    random = np.random.default_rng(3)
    a, b = random.normal(size=(150, 3)), random.normal(0.5, 0.5, (150, 3))
    assert precision_recall(a, b) == precision_recall(b, a)[::-1]


def test_what_a_generator_does_wrong_is_seen_where_it_should_be():
    random = np.random.default_rng(4)
    real = np.concatenate([random.normal(size=(200, 2)), random.normal(30, 1, (200, 2))])
    good = np.concatenate([random.normal(size=(200, 2)), random.normal(30, 1, (200, 2))])
    cases = {
        "good": good,
        "half of the modes": np.concatenate([good[:200], random.normal(size=(200, 2))]),
        "nothing real": good + 1000,
        "copies": random.permutation(real),
    }
    found = {name: all_ways(features, real) for name, features in cases.items()}
    assert min(found["good"].values()) > 0.9
    half = found["half of the modes"]
    assert (
        half["precision"] > 0.95 and 0.45 < half["recall"] < 0.5 and 0.45 < half["coverage"] < 0.5
    )
    assert set(found["nothing real"].values()) == {0.0}
    assert set(found["copies"].values()) == {1.0}


def test_one_outlier_spoils_recall_but_not_coverage():
    # Its ball, up to its nearest neighbours, reaches across all that is real.
    random = np.random.default_rng(5)
    real = random.normal(size=(300, 2))
    collapsed = random.normal(0, 0.01, (300, 2))
    outlier = np.concatenate([collapsed[:-1], [[50.0, 0]]])
    assert precision_recall(collapsed, real).recall < 0.05
    assert precision_recall(outlier, real).recall > 0.4
    before, after = (density_coverage(part, real).coverage for part in (collapsed, outlier))
    assert after == pytest.approx(before, abs=0.01) and before < 0.1


@pytest.mark.parametrize("row", [0, 400])
def test_one_real_outlier_changes_little(row):
    """It adds at most 1 / k to the density and 1 / m to the coverage; it may spoil precision."""
    random = np.random.default_rng(8)
    features, real = random.normal(size=(500, 8)), random.normal(size=(500, 8))
    expected = all_ways(features, real)
    real[row] = 1e6
    assert all_ways(features, real) == pytest.approx(expected, abs=0.01)
    real[row], features[row] = 0, 1e6
    found = all_ways(features, real)
    del found["recall"], expected["recall"]  # its ball holds all
    assert found == pytest.approx(expected, abs=0.01)


def test_few_different_images_recall_nothing():
    random = np.random.default_rng(6)
    real = random.normal(size=(200, 16))
    ten = np.repeat(real[:10], 20, axis=0)  # ten digits, again and again
    found = all_ways(ten, real)
    assert found["precision"] == 1 and found["recall"] == 0 and found["coverage"] < 0.5
    with pytest.warns(UserWarning, match="features: all 50 samples are the same"):
        assert manifold_measures(np.repeat(real[:1], 50, axis=0), real)["recall"] == 0
    with pytest.warns(UserWarning, match="reference: all 50 samples are the same"):
        found = manifold_measures(real, np.ones((50, 16)))
    assert found["precision"] == found["density"] == found["coverage"] == 0


def test_warnings_name_the_line_that_asked():
    same, real = np.ones((50, 4)), np.random.default_rng(0).normal(size=(60, 4))
    for measure in (precision_recall, density_coverage, manifold_measures):
        with pytest.warns(UserWarning, match="features: all 50") as caught:
            measure(same, real)
        assert caught[0].filename == __file__


def test_each_distance_is_computed_once(monkeypatch):
    counted = []

    def counting(a, b):
        counted.append(len(a) * len(b))
        return distances.squared_distances(a, b)

    monkeypatch.setattr(MANIFOLDS, "squared_distances", counting)
    random = np.random.default_rng(0)
    manifold_measures(random.normal(size=(30, 2)), random.normal(size=(40, 2)))
    assert counted == [30 * 40]


def test_a_manifold_with_another_number_of_neighbours_is_made_anew():
    random = np.random.default_rng(7)
    features, reference = random.normal(size=(50, 3)), random.normal(size=(60, 3))
    values = [manifold_measures(features, Manifold.of(reference, k), 3) for k in (3, 9)]
    assert values[0] == values[1] == manifold_measures(features, reference, 3)
    density = [density_coverage(features, reference, k).coverage for k in (1, 3, 9)]
    assert all(a < b for a, b in pairwise(density))


@pytest.mark.parametrize("measure", [precision_recall, density_coverage, manifold_measures])
@pytest.mark.parametrize(
    ("features", "neighbours", "message"),
    [
        (np.zeros(5), 5, r"features must be numbers of the shape \[n, d\]"),
        (np.array([[1, np.inf, 0]] * 3 + [[0, 0, 0]] * 5), 5, "3 of 8 rows of features"),
        (np.eye(9), 5, "9 dimensions, reference 3"),
        (np.eye(30, 3), 20, "less than the number of samples; reference holds 20"),
        (np.eye(30, 3), 0, "neighbours = 0"),
        (np.eye(30, 3) * 1e60, 5, r"features holds numbers as large as 1\.0e\+60"),
    ],
)
def test_impossible_arguments_are_refused(measure, features, neighbours, message):
    real = np.random.default_rng(0).normal(size=(20, 3))
    with pytest.raises(ValueError, match=message):
        measure(features, real, neighbours)


def test_density_and_coverage_need_only_one_sample_the_others_more_than_k():
    real = np.random.default_rng(0).normal(size=(20, 3))
    inside = np.linalg.norm(real - real[0], axis=1) < radii(real)
    assert density_coverage(real[:1], real) == (inside.sum() / 5, inside.sum() / 20)
    for measure in (precision_recall, manifold_measures):
        with pytest.raises(ValueError, match="features holds 5"):
            measure(real[:5], real)


def test_messages_are_in_the_learners_language(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")
    real = np.random.default_rng(0).normal(size=(20, 3))
    with pytest.raises(
        ValueError, match="必须是不小于 1 且小于样本数的整数；reference 有 20 个样本"
    ):
        density_coverage(real[:2], real, 20)
