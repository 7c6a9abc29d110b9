"""Nearest neighbours, against a search of all pairs by SciPy."""

import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation import neighbours
from course_utils.evaluation.neighbours import nearest


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def all_pairs(images, reference, count):
    """The same by brute force, in whole numbers."""
    a, b = (array.reshape(len(array), -1).astype(float) for array in (images, reference))
    squares = cdist(a, b, "sqeuclidean")
    indices = np.argsort(squares, axis=1, kind="stable")[:, :count]
    return indices, np.sqrt(np.take_along_axis(squares, indices, axis=1)) / 255


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).integers(0, 256, (90, 28, 28), np.uint8)


@pytest.mark.parametrize("count", [1, 2, 7, 60])
@pytest.mark.parametrize("blocks", [(1024, 512), (7, 8), (1, 1)])
def test_it_finds_what_a_search_of_all_pairs_finds(monkeypatch, noise, count, blocks):
    monkeypatch.setattr(neighbours, "_IMAGES", blocks[0])
    monkeypatch.setattr(neighbours, "_REFERENCE", blocks[1])
    indices, distances = nearest(noise[60:], noise[:60], count)
    assert indices.shape == distances.shape == (30, count)
    assert indices.dtype == np.int64 and distances.dtype == np.float64
    expected = all_pairs(noise[60:], noise[:60], count)
    np.testing.assert_array_equal(indices, expected[0])
    np.testing.assert_allclose(distances, expected[1], rtol=1e-15)


def test_digits():
    images, reference = digits.load("test")[0][:20], digits.load("train")[0][:3000]
    indices, distances = nearest(images, reference, count=3)
    expected = all_pairs(images, reference, count=3)
    np.testing.assert_array_equal(indices, expected[0])
    np.testing.assert_allclose(distances, expected[1], rtol=1e-15)


def test_it_keeps_within_its_memory():
    images = np.zeros((1500, 28, 28), np.uint8)
    tracemalloc.start()
    try:
        nearest(images, np.concatenate([images] * 3))
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


def test_black_and_white_are_as_far_apart_as_can_be():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1] = 255
    indices, distances = nearest(images, images, count=2)
    np.testing.assert_array_equal(indices, [[0, 1], [1, 0]])
    np.testing.assert_array_equal(distances, [[0, 28], [0, 28]])


def test_extreme_pixels_are_exact(monkeypatch):
    """The sums in float32 come nearest to their limit here."""
    monkeypatch.setattr(neighbours, "_REFERENCE", 3)
    images = 255 * np.random.default_rng(0).integers(0, 2, (12, 28, 28), np.uint8)
    images[0], images[1], images[1, 0, 0] = 0, 0, 1
    expected = all_pairs(images, images, 12)
    for found, wanted in zip(nearest(images, images, 12), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_of_equal_distances_the_lower_index_comes_first(monkeypatch):
    monkeypatch.setattr(neighbours, "_REFERENCE", 4)
    reference = np.zeros((10, 28, 28), np.uint8)
    reference[3] = 9
    indices, _ = nearest(reference[:1], reference, count=10)
    assert indices[0].tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9, 3]


@pytest.mark.parametrize("count", [0, 3, -1, 1.5, True, "1", None])
def test_a_bad_count_is_refused(noise, count):
    with pytest.raises(ValueError, match=r"count = .* 1 … 2"):
        nearest(noise[:1], noise[:2], count)
    language.use("zh")
    with pytest.raises(ValueError, match="参照图像共有 2 幅"):
        nearest(noise[:1], noise[:2], count)


def test_other_things_than_images_are_refused(noise):
    for images, reference in ((noise / 255, noise), (noise, noise[:0]), (noise[0], noise)):
        with pytest.raises(ValueError, match="image"):
            nearest(images, reference)
