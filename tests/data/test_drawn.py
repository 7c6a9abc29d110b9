"""The painted target: cells by their weight, an exact density, one transform for two libraries."""

import json

import numpy as np
import pytest

from course_utils import language
from course_utils.data.drawn import drawn

BOUNDS = ((-1.0, 2.0), (0.0, 1.0))
WEIGHTS = [[0, 1, 3], [4, 0, 0]]  # row 0 is the lowest


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def picture(seed=0):
    """A 32 x 32 uint8 image with empty cells at its beginning, its end and between."""
    rng = np.random.default_rng(seed)
    ink = rng.integers(0, 256, (32, 32), dtype=np.uint8) * (rng.random((32, 32)) < 0.3)
    ink[0], ink[-1] = 0, 0
    return ink.astype(np.uint8)


def test_points_fall_into_cells_by_their_weights():
    points = drawn(WEIGHTS, BOUNDS).sample(80_000, seed=0)
    assert points.shape == (80_000, 2) and points.dtype == np.float32
    counts, *_ = np.histogram2d(
        points[:, 1], points[:, 0], bins=[[0, 0.5, 1], [-1, 0, 1, 2]]
    )  # [y, x]
    assert counts.sum() == 80_000
    expected = 10_000 * np.array(WEIGHTS)
    assert (counts[expected == 0] == 0).all()
    assert (np.abs(counts - expected) < 4 * np.sqrt(expected + 1)).all()


def test_points_are_uniform_within_a_cell():
    points = drawn([[0, 0], [0, 1]], ((0, 4), (0, 2))).sample(50_000, seed=1).astype(float)
    np.testing.assert_allclose(points.mean(0), [3, 1.5], atol=0.02)
    np.testing.assert_allclose(points.var(0), [4 / 12, 1 / 12], rtol=0.03)
    assert abs(np.corrcoef(points.T)[0, 1]) < 0.02
    assert (points.min(0) >= [2, 1]).all() and (points.max(0) <= [4, 2]).all()


def test_density_by_hand():
    target = drawn(WEIGHTS, BOUNDS)  # cells of 1 x 0.5, weights of 8 in all
    inside = [[0.5, 0.1], [1.5, 0.4], [-0.5, 0.9], [-0.5, 0.1]]
    np.testing.assert_allclose(target.density(inside), [0.25, 0.75, 1, 0])
    outside = [[-1.1, 0.9], [2.1, 0.1], [-0.5, 1.1], [0.5, -0.1]]
    assert target.density(outside).tolist() == [0, 0, 0, 0]
    with pytest.raises(ValueError, match=r"\[n, 2\]"):
        target.density([0.5, 0.1])


def test_density_agrees_with_samples_of_a_picture():
    target = drawn(picture(), BOUNDS)
    points = target.sample(400_000, seed=2)
    edges = [np.linspace(*pair, 9) for pair in BOUNDS]  # 8 x 8 blocks of 4 x 4 cells
    counts, *_ = np.histogram2d(*points.T, bins=edges)
    fine = [np.linspace(*pair, 33)[:-1] + (pair[1] - pair[0]) / 64 for pair in BOUNDS]
    centres = np.stack(np.meshgrid(*fine, indexing="ij"), -1).reshape(-1, 2)
    mass = target.density(centres) * 3 / 32**2
    assert mass.sum() == pytest.approx(1)
    expected = 400_000 * mass.reshape(8, 4, 8, 4).sum((1, 3))
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected + 1)).all()
    assert (target.density(points) > 0).mean() > 0.999  # some round onto a neighbour's edge


@pytest.mark.parametrize("ends", [(0, 0), (1, 0), (0, 1)])
def test_the_extreme_uniform_numbers_never_choose_an_empty_cell(ends):
    weights = [[ends[0], 0, 1e-9, 5, 0, 1, ends[1]]]
    largest = np.nextafter(np.float32(1), np.float32(0))
    uniforms = np.array([[0, 0.5, 0.5], [largest, 0.5, 0.5]], np.float32)
    target = drawn(weights, ((0, 7), (0, 1)))
    points = target.transform(uniforms, np.zeros((2, 0), np.float32), np)
    cells = np.floor(points[:, 0]).astype(int)
    assert np.array(weights)[0, cells].min() > 0
    assert cells[1] == (6 if ends[1] else 5)


def test_numpy_and_tensorflow_agree_under_xla():
    tf = pytest.importorskip("tensorflow")
    uniforms = np.random.default_rng(0).random((2000, 3), dtype=np.float32)
    for weights in (WEIGHTS, picture(), [[1]], [[1], [2]], np.ones((200, 300)), np.ones((9, 49))):
        target = drawn(weights, BOUNDS)
        compiled = tf.function(lambda u, t=target: t.transform(u, None, tf), jit_compile=True)
        points = compiled(tf.constant(uniforms))
        assert points.dtype == tf.float32 and points.shape == (2000, 2)
        np.testing.assert_allclose(points, target.transform(uniforms, None, np), atol=2e-6)


def test_a_gan_trains_on_it():
    from course_utils.models import plane

    gan = plane.build_gan(drawn(picture()), hidden=4, batch_size=8)
    assert np.isfinite(gan.run(3)).all()


def test_it_survives_json():
    target = drawn(picture(), BOUNDS)
    again = drawn(**json.loads(json.dumps(target.as_dict())))
    assert np.array_equal(again.sample(50, seed=3), target.sample(50, seed=3))
    assert again.bounds == target.bounds == BOUNDS


def test_later_strokes_do_not_change_it():
    ink = picture().astype(np.float64)
    target = drawn(ink)
    before = target.sample(20, seed=0)
    ink[:] = 1
    assert np.array_equal(target.sample(20, seed=0), before)
    assert target.density([[-1.9, -1.9]])[0] == 0


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (np.zeros((32, 32)), "drawing is empty"),
        ([[1, -1]], "negative"),
        ([[1, np.nan]], "negative, NaN"),
        ([[np.inf, 1]], "infinite"),
        ([1, 2], r"\(2,\)"),
        ([], r"shape \(0,\)"),
        ([[]], r"shape \(1, 0\)"),
        ([["a"]], "numbers of the shape"),
        (None, "numbers of the shape"),
        ([[1, 2], [3]], "numbers of the shape"),
        (np.ones((300, 300)), "65,536"),
    ],
)
def test_impossible_drawings_are_refused(weights, says):
    with pytest.raises(ValueError, match=says):
        drawn(weights)


@pytest.mark.parametrize(
    "bounds",
    [None, 3, ((0, 1),), ((1, 0), (0, 1)), ((0, 1), (2, 2)), ((0, np.inf), (0, 1)), (("a", 1), 2)],
)
def test_impossible_bounds_are_refused(bounds):
    with pytest.raises(ValueError, match="bounds = "):
        drawn([[1]], bounds)


def test_messages_follow_the_language():
    language.use("zh")
    with pytest.raises(ValueError, match="画板是空的"):
        drawn([[0]])
    assert str(drawn([[1]]).title) == "你画的图形"
