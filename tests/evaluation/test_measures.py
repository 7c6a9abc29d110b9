"""The 2-D measures: against SciPy, against closed forms, on degenerate and impossible input."""

import numpy as np
import pytest
from scipy import stats

from course_utils import evaluation, language
from course_utils.data.targets import grid, ring, sine, x_squared
from course_utils.evaluation import (
    bins_covered,
    curve_error,
    energy,
    energy_distance,
    sliced_wasserstein,
    x2_success,
)

f = x_squared.f
MEASURES = {
    "curve_error": lambda points: curve_error(points, f),
    "bins_covered": lambda points: bins_covered(points, f),
    "x2_success": x2_success,
    "energy_distance, first": lambda points: energy_distance(points, x_squared.sample(200, 0)),
    "energy_distance, second": lambda points: energy_distance(x_squared.sample(200, 0), points),
    "sliced_wasserstein, first": lambda points: sliced_wasserstein(points, x_squared.sample(9, 0)),
    "sliced_wasserstein, second": lambda points: sliced_wasserstein(x_squared.sample(9, 0), points),
}
each = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def normals(n, seed, mean=(0, 0), scale=1.0):
    return np.random.default_rng(seed).normal(mean, scale, (n, 2))


# Input


@each
@pytest.mark.parametrize(
    "points", [np.zeros(200), np.zeros((200, 3)), np.zeros((2, 100)), [["a", "b"]] * 200, None, 1.0]
)
def test_other_shapes_are_refused(measure, points):
    with pytest.raises(ValueError, match=r"shape \[n, 2\]"):
        measure(points)


@each
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_diverged_points_are_refused_with_their_number(measure, value):
    points = x_squared.sample(200, 0)
    points[[3, 50], [0, 1]] = value
    with pytest.raises(ValueError, match="2 of 200 points"):
        measure(points)
    language.use("zh")
    with pytest.raises(ValueError, match="200 个点中有 2 个"):
        measure(points)


@each
def test_no_points_are_refused(measure):
    with pytest.raises(ValueError, match="holds 0 points; at least"):
        measure(np.zeros((0, 2)))


@pytest.mark.parametrize(
    ("measure", "least"),
    [(lambda p: bins_covered(p, f), 100), (lambda p: bins_covered(p, f, bins=10, share=0.5), 20),
     (x2_success, 100), (lambda p: energy_distance(p, p), 2)],
)  # fmt: skip
def test_too_few_points_are_refused(measure, least):
    points = x_squared.sample(least, 0)
    measure(points)
    with pytest.raises(ValueError, match=f"holds {least - 1} points; at least {least}"):
        measure(points[1:])


@each
def test_the_order_of_points_and_their_type_do_not_matter(measure):
    points = x_squared.sample(300, 1)
    assert measure(points) == pytest.approx(measure(points[::-1].astype(np.float64)), abs=1e-12)
    assert measure(points) == measure(points.tolist())


# Curve error


def test_curve_error_by_hand():
    assert curve_error([[0, 0.5], [0.5, 0.25], [-1, 0]], f) == pytest.approx(0.5)
    assert curve_error([[0.25, 1.5]], sine.f) == pytest.approx(1)


def test_curve_error_of_normal_noise():
    points = x_squared.sample(200_000, 0).astype(float)
    points[:, 1] += np.random.default_rng(0).normal(0, 0.03, len(points))
    assert curve_error(points, f) == pytest.approx(0.03 * np.sqrt(2 / np.pi), rel=0.01)


def test_curve_error_is_blind_to_collapse():
    assert curve_error(np.tile([0.3, 0.09], (100, 1)), f) == pytest.approx(0)


# Coverage


def on_curve(x):
    return np.stack([x, f(x)], axis=-1)


def test_real_samples_cover_everything():
    assert [bins_covered(x_squared.sample(1000, seed), f) for seed in range(20)] == [1.0] * 20


def test_collapse_covers_one_bin():
    assert bins_covered(on_curve(np.full(1000, 0.31)), f) == pytest.approx(1 / 20)


def test_half_the_range_covers_half_the_bins():
    assert bins_covered(on_curve(np.linspace(-0.5, -0.001, 1000)), f) == pytest.approx(0.5)


def test_points_off_the_curve_or_the_range_do_not_count():
    x = np.linspace(-0.5, 0.5, 1000)
    assert bins_covered(np.add(on_curve(x), [0, 0.019]), f) == 1
    assert bins_covered(np.add(on_curve(x), [0, 0.021]), f) == 0
    assert bins_covered(np.add(on_curve(x), [0, 0.021]), f, tolerance=0.03) == 1
    assert bins_covered(on_curve(x + 1.1), f) == 0


def test_the_edges_belong_to_the_range():
    assert bins_covered(on_curve(np.tile([-0.5, 0.5], 100)), f) == pytest.approx(2 / 20)


def test_a_fifth_of_the_fair_share_is_enough_and_less_is_not():
    # 2,000 points, 20 bins: a fair share of 100, a fifth of it 20. All others are in the first bin.
    for count, bins in ((20, 2), (19, 1)):
        x = np.r_[np.full(2000 - count, -0.49), np.full(count, 0.2)]
        assert bins_covered(on_curve(x), f) == pytest.approx(bins / 20)


def test_the_parameters_of_coverage():
    x = np.r_[np.full(90, 0.1), np.full(10, 0.9)]
    wide = {"interval": (0.0, 1.0), "bins": 2}
    assert bins_covered(on_curve(x), f, **wide) == 1
    assert bins_covered(on_curve(x), f, **wide, share=0.3) == 0.5


def test_success_needs_both_accuracy_and_coverage():
    real = x_squared.sample(1000, 0).astype(float)
    assert x2_success(real) is True
    assert x2_success(np.add(real, [0, 0.0099])) is True
    assert x2_success(np.add(real, [0, 0.0101])) is False  # all bins covered, too inaccurate
    assert x2_success(on_curve(np.linspace(-0.5, 0.44, 1000))) is False  # exact, one bin empty


# Energy distance


def embedded(values):
    """1-D values as points on the x-axis."""
    return np.stack([values, np.zeros(len(values))], axis=-1)


@pytest.mark.parametrize(("n", "m"), [(200, 200), (150, 71), (1, 5)])
def test_energy_distance_agrees_with_scipy_in_one_dimension(n, m):
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=n), rng.gamma(2.0, size=m)
    expected = stats.energy_distance(a, b) ** 2  # SciPy takes the root
    assert energy_distance(embedded(a), embedded(b), unbiased=False) == pytest.approx(expected)
    turned = [embedded(x) @ [[0.6, 0.8], [-0.8, 0.6]] for x in (a, b)]
    assert energy_distance(*turned, unbiased=False) == pytest.approx(expected)


def test_energy_distance_by_hand():
    a, b = [[0, 0], [3, 4]], [[0, 0], [0, 0], [3, 0]]
    between = (0 + 0 + 3 + 5 + 5 + 4) / 6
    assert energy_distance(a, b, unbiased=False) == pytest.approx(2 * between - 10 / 4 - 12 / 9)
    assert energy_distance(a, b) == pytest.approx(2 * between - 10 / 2 - 12 / 6)


def test_energy_distance_of_two_gaussians():
    # |X - Y| of round 2-D Gaussians d apart is Rice: E = s sqrt(pi/2) L(-d²/2s²), s² = 2 here.
    def mean_distance(d):
        return stats.rice(d / np.sqrt(2), scale=np.sqrt(2)).mean()

    expected = 2 * mean_distance(1.5) - 2 * mean_distance(0)
    values = [
        energy_distance(normals(1000, s), normals(1000, s + 100, (1.5, 0))) for s in range(10)
    ]
    assert np.mean(values) == pytest.approx(expected, abs=4 * np.std(values) / np.sqrt(10))
    assert np.std(values) < 0.1 * expected


def test_energy_distance_is_unbiased_for_any_size():
    values = [energy_distance(normals(20, s), normals(10, s + 5000)) for s in range(1000)]
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(len(values))
    biased = [energy_distance(normals(20, s), normals(10, s + 5000), False) for s in range(1000)]
    # Two round Gaussians are sqrt(pi) apart on average.
    assert np.mean(biased) == pytest.approx(np.sqrt(np.pi) * (1 / 20 + 1 / 10), rel=0.05)
    assert min(biased) >= 0


def test_energy_distance_does_not_depend_on_the_blocks(monkeypatch):
    a, b = normals(101, 0), normals(53, 1)
    whole = energy_distance(a, b)
    monkeypatch.setattr(energy, "_BLOCK", 7)
    assert energy_distance(a, b) == pytest.approx(whole, abs=1e-12)


# Sliced Wasserstein distance


@pytest.mark.parametrize(("n", "m"), [(100, 100), (60, 33)])
def test_sliced_wasserstein_agrees_with_its_definition(n, m):
    a, b = normals(n, 0), normals(m, 1, (1, 0), 2.0)
    grid_of_quantiles = (np.arange(n * m) + 0.5) / (n * m)  # exact: fine enough for both samples
    values = []
    for angle in (np.arange(16) + 0.5) * np.pi / 16:
        p, q = (np.sort(x @ [np.cos(angle), np.sin(angle)]) for x in (a, b))
        p, q = (x[(grid_of_quantiles * len(x)).astype(int)] for x in (p, q))
        values.append(np.abs(p - q).mean())
    assert sliced_wasserstein(a, b, directions=16) == pytest.approx(np.mean(values))


def test_sliced_wasserstein_of_a_shift():
    a = normals(50, 0)
    shifted = sliced_wasserstein(a, np.add(a, [3, -4]))
    assert shifted == pytest.approx(5 * 2 / np.pi, rel=1e-3)
    assert sliced_wasserstein(np.add(a, [3, -4]), a) == pytest.approx(shifted)
    assert sliced_wasserstein(a, a) == 0


def test_sliced_wasserstein_of_a_scaled_gaussian():
    expected = (2 - 1) * np.sqrt(2 / np.pi)  # W1 of N(0, 1) and N(0, 2²) in each direction
    value = sliced_wasserstein(normals(20_000, 0), normals(20_000, 1, scale=2.0), directions=8)
    assert value == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("directions", [0, -1])
def test_no_directions_are_refused(directions):
    with pytest.raises(ValueError, match="directions = "):
        sliced_wasserstein(normals(5, 0), normals(5, 1), directions)


# Floors


def test_floor_pairs_independent_real_samples():
    seen = []
    floor = evaluation.floor(lambda a, b: seen.append((a, b)) or len(seen), ring(), 50, range(5))
    assert (floor.median, floor.low, floor.high) == (3, 1, 5)
    samples = np.stack([x for pair in seen for x in pair])
    assert samples.shape == (10, 50, 2) and len(np.unique(samples[:, 0, 0])) == 10


def test_floors_are_reproducible_and_fall_with_n():
    small = evaluation.floor(sliced_wasserstein, x_squared, 100, range(5))
    assert small == evaluation.floor(sliced_wasserstein, x_squared, 100, range(5))
    large = evaluation.floor(sliced_wasserstein, x_squared, 1600, range(5))
    assert 2 < small.median / large.median < 8  # about sqrt(16)
    assert small.low <= small.median <= small.high


def test_floor_of_the_unbiased_energy_distance_is_around_zero():
    floor = evaluation.floor(energy_distance, grid(), 300, range(30))
    assert floor.low < 0 < floor.high
