"""Targets: geometry, densities, one transform for two libraries."""

import numpy as np
import pytest

from course_utils import language
from course_utils.data import targets
from course_utils.data.targets import grid, ring, sine, two_moons, x_squared

ALL = [
    x_squared,
    sine,
    ring(),
    ring(modes=3, radius=1.0, sigma=0.2),
    grid(),
    grid(4, 0.5, 0.1),
    two_moons,
]
BLURRED = [target for target in ALL if target.sigma]
WIDE = [
    ring(sigma=0.2),
    ring(modes=1, radius=1.0, sigma=0.3),
    grid(3, 1.0, 0.25),
    targets.Moons(sigma=0.2),
]

each = pytest.mark.parametrize("target", ALL, ids=repr)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@each
def test_points_are_float32_within_the_frame(target):
    points = target.sample(5000, seed=0)
    assert points.shape == (5000, 2) and points.dtype == np.float32
    (x_min, x_max), (y_min, y_max) = target.bounds
    assert np.mean((points >= [x_min, y_min]) & (points <= [x_max, y_max])) > 0.999
    assert str(target.title)


@each
def test_same_seed_same_points(target):
    assert np.array_equal(target.sample(50, seed=7), target.sample(50, seed=7))
    assert not np.array_equal(target.sample(50, seed=7), target.sample(50, seed=8))
    assert not np.array_equal(target.sample(50), target.sample(50))
    rng = np.random.default_rng(7)
    assert np.array_equal(target.sample(50, rng), target.sample(50, seed=7))
    assert not np.array_equal(target.sample(50, rng), target.sample(50, seed=7))


@each
@pytest.mark.parametrize("n", [0, -1, 2.0, "10", None, True])
def test_impossible_counts_are_refused(target, n):
    with pytest.raises(ValueError, match="at least 1"):
        target.sample(n)


@pytest.mark.parametrize("target", [x_squared, sine], ids=repr)
def test_graphs_hold_their_points(target):
    low, high = target.interval
    points = target.sample(20_000, seed=1).astype(np.float64)
    x, y = points.T
    np.testing.assert_allclose(y, target.f(x), atol=1e-6)
    assert low <= x.min() < low + 0.001 and high - 0.001 < x.max() <= high
    assert abs(x.mean() - (low + high) / 2) < 4 * (high - low) / np.sqrt(12 * 20_000)
    assert abs(x.var() / ((high - low) ** 2 / 12) - 1) < 0.03
    curve = target.curve(101)
    np.testing.assert_allclose(curve[[0, -1], 0], [low, high])
    np.testing.assert_allclose(curve[:, 1], target.f(curve[:, 0]))
    assert target.density(points) is None


def test_x_squared_moments():
    y = x_squared.sample(50_000, seed=2)[:, 1].astype(np.float64)
    assert abs(y.mean() - 1 / 12) < 4 * np.sqrt(1 / 180 / 50_000)
    assert abs(y.var() - 1 / 180) < 2e-4  # E x^4 - (E x^2)^2 = 1/80 - 1/144
    assert x_squared.f(3.0) == 9.0


@pytest.mark.parametrize(
    "target", [ring(), ring(5, 1.0, 0.1), grid(), grid(4, 0.5, 0.05)], ids=repr
)
def test_modes_are_hit_equally_often_with_the_right_spread(target):
    n = 40_000
    points = target.sample(n, seed=3).astype(np.float64)
    offsets = points[:, None] - target.modes
    nearest = np.square(offsets).sum(-1).argmin(1)
    counts = np.bincount(nearest, minlength=len(target.modes))
    expected = n / len(target.modes)
    assert np.square(counts - expected).sum() / expected < 2 * len(target.modes) + 10  # chi-squared
    residuals = offsets[np.arange(n), nearest]
    assert abs(residuals.std() / target.sigma - 1) < 0.02
    assert np.abs(residuals.mean(0)).max() < 5 * target.sigma / np.sqrt(n)


def test_ring_geometry():
    modes = ring(modes=8, radius=2.0).modes
    np.testing.assert_allclose(np.hypot(*modes.T), 2.0)
    np.testing.assert_allclose(modes[:3], [[2, 0], [np.sqrt(2)] * 2, [0, 2]], atol=1e-12)
    assert ring(modes=1).modes.shape == (1, 2)


def test_grid_geometry():
    modes = grid(side=5, spacing=2.0).modes
    assert modes.shape == (25, 2) and len(np.unique(modes, axis=0)) == 25
    np.testing.assert_allclose(np.unique(modes), [-4, -2, 0, 2, 4])


def test_moons_geometry():
    x, y = targets.Moons(sigma=1e-4).sample(20_000, seed=4).astype(np.float64).T
    upper = np.hypot(x, y)
    lower = np.hypot(x - 1, y - 0.5)
    on_upper = np.abs(upper - 1) < 1e-3
    assert np.all(on_upper | (np.abs(lower - 1) < 1e-3))
    assert abs(on_upper.mean() - 0.5) < 0.02
    assert y[on_upper & (np.abs(lower - 1) > 1e-2)].min() > -1e-3
    # Means of the half circles: (0, 2/pi) and (1, 1/2 - 2/pi).
    np.testing.assert_allclose([x.mean(), y.mean()], [0.5, 0.25], atol=0.02)


@pytest.mark.parametrize("target", WIDE, ids=repr)
def test_density_integrates_to_one_and_agrees_with_a_histogram(target):
    (x_min, x_max), (y_min, y_max) = target.bounds
    cells = 120
    x_edges, y_edges = np.linspace(x_min, x_max, cells + 1), np.linspace(y_min, y_max, cells + 1)
    area = (x_edges[1] - x_edges[0]) * (y_edges[1] - y_edges[0])
    centres = (
        np.stack(
            np.meshgrid(x_edges[:-1] + x_edges[1:], y_edges[:-1] + y_edges[1:], indexing="ij"), -1
        ).reshape(-1, 2)
        / 2
    )
    probability = target.density(centres) * area
    assert abs(probability.sum() - 1) < 2e-3
    n = 200_000
    counts, *_ = np.histogram2d(*target.sample(n, seed=5).T, bins=[x_edges, y_edges])

    # Coarser cells (10 x 10 of them) so that each count is large.
    def coarse(values):
        return values.reshape(10, cells // 10, 10, cells // 10).sum((1, 3))

    expected, found = n * coarse(probability), coarse(counts)
    big = expected > 50
    assert big.sum() >= 20
    assert np.abs((found - expected)[big] / np.sqrt(expected[big])).max() < 5


def test_density_at_a_point_by_hand():
    target = ring(modes=1, radius=1.0, sigma=0.5)
    peak = 1 / (2 * np.pi * 0.25)
    np.testing.assert_allclose(target.density([[1, 0], [1, 0.5]]), [peak, peak * np.exp(-0.5)])
    with pytest.raises(ValueError, match=r"\[n, 2\]"):
        target.density([1.0, 0.0])


def test_moons_quadrature_is_converged():
    points = two_moons.sample(500, seed=6)
    angle = (np.arange(20_000) + 0.5) / 20_000 * np.pi
    upper = np.stack([np.cos(angle), np.sin(angle)], -1)
    lines = np.concatenate([upper, [1, 0.5] - upper])
    squares = np.square(points[:50, None].astype(np.float64) - lines).sum(-1)
    brute = np.exp(-squares / (2 * 0.05**2)).mean(1) / (2 * np.pi * 0.05**2)
    np.testing.assert_allclose(two_moons.density(points[:50]), brute, rtol=1e-6, atol=1e-8)


@each
def test_the_largest_uniform_number_stays_inside(target):
    largest = np.nextafter(np.float32(1), np.float32(0))
    uniforms = np.full((1, target.uniforms_per_point), largest, np.float32)
    normals = np.zeros((1, target.normals_per_point), np.float32)
    point = target.transform(uniforms, normals, np)
    if target.modes is not None:
        np.testing.assert_allclose(point[0], target.modes[-1], atol=1e-5)
    assert point.dtype == np.float32


@pytest.mark.parametrize("count", [3, 25, 49, 1000])
def test_rounding_never_chooses_a_mode_too_many(count):
    largest = np.nextafter(np.float32(1), np.float32(0))
    assert targets._choose(np.array([0, largest], np.float32), count, np).tolist() == [0, count - 1]


def test_numpy_and_tensorflow_agree():
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    for target in ALL:
        uniforms = rng.random((1000, target.uniforms_per_point), dtype=np.float32)
        normals = rng.standard_normal((1000, target.normals_per_point), dtype=np.float32)
        compiled = tf.function(lambda u, n, t=target: t.transform(u, n, tf), jit_compile=True)
        points = compiled(tf.constant(uniforms), tf.constant(normals))
        assert points.dtype == tf.float32 and points.shape == (1000, 2)
        np.testing.assert_allclose(points, target.transform(uniforms, normals, np), atol=2e-6)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: ring(modes=0), "modes = 0"),
        (lambda: ring(modes=2.5), "modes = 2.5"),
        (lambda: ring(radius=-1), "radius = -1"),
        (lambda: ring(sigma=0), "sigma = 0"),
        (lambda: grid(side=0), "side = 0"),
        (lambda: grid(spacing=float("nan")), "spacing = nan"),
        (lambda: targets.Moons(sigma=float("inf")), "sigma = inf"),
    ],
)
def test_impossible_settings_are_refused(make, name):
    with pytest.raises(ValueError, match=name):
        make()


def test_messages_follow_the_language():
    language.use("zh")
    with pytest.raises(ValueError, match="n = 0：必须是"):
        x_squared.sample(0)
    assert str(two_moons.title) == "双月形"
