"""Ways through latent space: straight, on the sphere, and truncated normal draws."""

import math

import numpy as np
import pytest
from scipy import stats

from course_utils import language
from course_utils.models import latents
from course_utils.models.latents import linear, spherical, truncated_normal


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def pair():
    return np.random.default_rng(0).standard_normal((2, 64))


# --- from a to b ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [linear, spherical])
def test_it_goes_from_a_to_b(way, pair):
    a, b = pair
    walk = way(a, b, [0, 0.25, 1])
    assert walk.shape == (3, 64) and walk.dtype == np.float32
    np.testing.assert_allclose(walk[[0, 2]], [a, b], atol=1e-6)
    np.testing.assert_array_equal(way(a, b, 0.25), walk[1:2])
    np.testing.assert_allclose(way(b, a, 0.75), walk[1:2], atol=1e-6)


def test_the_straight_line():
    np.testing.assert_array_equal(linear([0, 4], [2, 0], [0.25]), [[0.5, 3]])


def test_the_sphere_in_the_plane():
    root = math.sqrt(0.5)
    np.testing.assert_allclose(spherical([1, 0], [0, 1], 0.5), [[root, root]], atol=1e-7)
    # Lengths 1 and 3: half-way in the direction, and half-way in the length.
    np.testing.assert_allclose(spherical([1, 0], [0, 3], 0.5), [[2 * root, 2 * root]], atol=1e-6)
    third = spherical([1, 0], [-0.5, math.sqrt(0.75)], 1 / 3)  # 40° of 120°
    np.testing.assert_allclose(third, [[math.cos(math.radians(40)), math.sin(math.radians(40))]])


def test_on_the_sphere_length_and_angle_go_at_a_constant_rate(pair):
    a, b = pair
    shares = np.linspace(0, 1, 21)
    walk = spherical(a, b, shares)
    expected = np.linalg.norm(a) + shares * (np.linalg.norm(b) - np.linalg.norm(a))
    np.testing.assert_allclose(np.linalg.norm(walk, axis=1), expected, rtol=1e-6)
    angles = [latents.angle(a, z) for z in walk[1:]]
    np.testing.assert_allclose(angles, shares[1:] * latents.angle(a, b), rtol=1e-4)


def test_of_equal_lengths_it_is_the_formula_of_the_paper(pair):
    a, b = pair / np.linalg.norm(pair, axis=1, keepdims=True) * 8
    angle = math.acos(a @ b / 64)
    t = 0.3
    paper = (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)
    np.testing.assert_allclose(spherical(a, b, t)[0], paper, atol=1e-6)


@pytest.mark.parametrize("turn", [0, 1e-12, 1e-7, 1e-3])
def test_nearly_parallel_vectors_are_no_trouble(turn):
    a, b = np.array([3.0, 0]), 5 * np.array([math.cos(turn), math.sin(turn)])
    half = [4 * math.cos(turn / 2), 4 * math.sin(turn / 2)]
    np.testing.assert_allclose(spherical(a, b, 0.5)[0], half, rtol=1e-6, atol=1e-12)


def test_lengths_of_normal_draws_are_kept_on_the_sphere_and_lost_on_the_line():
    """The numbers in the module's docstring."""
    pairs = np.random.default_rng(1).standard_normal((2000, 2, 64))
    on_line, on_sphere = (
        np.array([np.linalg.norm(way(a, b, 0.5)) for a, b in pairs]) for way in (linear, spherical)
    )
    assert on_line.mean() == pytest.approx(5.64, abs=0.05)
    assert on_sphere.mean() == pytest.approx(7.97, abs=0.05)
    assert on_sphere.std() == pytest.approx(0.71 / math.sqrt(2), abs=0.04)
    assert stats.chi(64).cdf(math.sqrt(32)) == pytest.approx(3e-4, abs=0.5e-4)


@pytest.mark.parametrize("way", [linear, spherical])
@pytest.mark.parametrize(
    ("a", "b", "shares", "words"),
    [
        ([1, 2], [1, 2, 3], 0.5, r"\(2,\) and \(3,\)"),
        ([[1, 2]], [[1, 2]], 0.5, r"\(1, 2\)"),
        ([], [], 0.5, r"\[dim\]"),
        ([1, np.nan], [1, 2], 0.5, "finite"),
        ([1, 2], [1, np.inf], 0.5, "finite"),
        ("a", [1, 2], 0.5, "finite"),
        ([1, 2], [2, 1], 1.5, r"shares = 1\.5.*0 … 1"),
        ([1, 2], [2, 1], [0.5, np.nan], "0 … 1"),
        ([1, 2], [2, 1], [[0.5]], "0 … 1"),
        ([1, 2], [2, 1], "half", "shares = 'half'"),
    ],
)
def test_what_is_no_pair_or_share_is_refused(way, a, b, shares, words):
    with pytest.raises(ValueError, match=words):
        way(a, b, shares)
    language.use("zh")
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        way(a, b, shares)


@pytest.mark.parametrize(("b", "words"), [([-2, 0], "opposite"), ([0, 0], "no direction")])
def test_without_a_way_around_the_origin_there_is_an_error(b, words):
    with pytest.raises(ValueError, match=words):
        spherical([1, 0], b, 0.5)
    assert linear([1, 0], b, 0.5).shape == (1, 2)


# --- truncation -------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0.04, 0.5, 1, 2, 3])
def test_it_is_the_truncated_normal_distribution(threshold):
    z = truncated_normal(500, 20, threshold, seed=0)
    assert z.shape == (500, 20) and z.dtype == np.float32
    assert stats.kstest(z.ravel(), stats.truncnorm(-threshold, threshold).cdf).pvalue > 0.01


def test_it_is_what_drawing_again_gives():
    rng = np.random.default_rng(0)
    again = rng.standard_normal(10_000)
    while (outside := np.abs(again) > 0.7).any():
        again[outside] = rng.standard_normal(outside.sum())
    z = truncated_normal(1000, 10, 0.7, seed=1).ravel()
    assert stats.ks_2samp(z, again).pvalue > 0.01


def test_without_a_threshold_they_are_normal_draws():
    normals = np.random.default_rng(3).standard_normal((5, 7)).astype(np.float32)
    np.testing.assert_array_equal(truncated_normal(5, 7, seed=3), normals)
    for threshold in (9.0, 1e39):  # the second is beyond float32
        with np.errstate(over="raise"):
            truncated = truncated_normal(5, 7, threshold, seed=3)
        np.testing.assert_allclose(truncated, normals, rtol=1e-6)
    assert truncated_normal(0, 7).shape == (0, 7)


def test_a_lower_threshold_moves_the_same_draws_towards_zero():
    high, low = (truncated_normal(50, 20, threshold, seed=0) for threshold in (1.0, 0.9))
    assert (np.sign(high) == np.sign(low)).all()
    assert (np.abs(low) <= np.abs(high)).all() and np.abs(high - low).max() <= 0.1 + 1e-6


@pytest.mark.parametrize("threshold", [1e-50, 0.1, 0.7, 1.0, 1 / 3])
def test_no_component_is_beyond_the_threshold(threshold):
    """Nor is it in float32, where the number nearest to 0.1 is above 0.1."""

    class Extreme(np.random.Generator):
        def standard_normal(self, size):
            return np.full(size, 9.0) * [1, -1]

    for z in truncated_normal(3, 2, threshold, Extreme(np.random.PCG64())):
        assert [abs(float(component)) <= threshold for component in z] == [True, True]
        assert z.tolist() == pytest.approx([threshold, -threshold], rel=1e-6)


def test_a_generator_is_used_as_it_stands():
    rng = np.random.default_rng(3)
    first, second = truncated_normal(2, 3, seed=rng), truncated_normal(2, 3, seed=rng)
    np.testing.assert_array_equal(np.concatenate([first, second]), truncated_normal(4, 3, seed=3))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1, 2), "count is -1.*0 …"),
        ((2.5, 2), r"count is 2\.5"),
        ((True, 2), "count is True"),
        ((2, 0), "dim is 0.*1 …"),
        ((2, 2, 0), "threshold = 0.*above 0"),
        ((2, 2, np.nan), "threshold = nan"),
        ((2, 2, "1"), "threshold = '1'"),
        ((2, 2, None), "threshold = None.*math.inf"),
        ((2, 2, 1, -1), "seed is -1.*0 …"),
        ((2, 2, 1, "0"), "seed is '0'"),
    ],
)
def test_bad_arguments_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        truncated_normal(*arguments)
    language.use("zh")
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        truncated_normal(*arguments)
