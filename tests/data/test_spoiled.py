"""Sets with known faults: each fault is what it says, and nothing but it."""

import re

import numpy as np
import pytest

from course_utils import language
from course_utils.data import digits, targets
from course_utils.data.spoiled import spoil_digits, spoil_points

RING = targets.ring()
TRAINING = RING.sample(300, 1)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def pool():
    """Fresh digits and training digits, images and labels of each."""
    images, labels = digits.load("train")
    return (images[2000:5000], labels[2000:5000]), (images[:2000], labels[:2000])


def points(n=400, **faults):
    return spoil_points(RING, n, **faults)


def rows(array):
    """Samples as a list of bytes, to be compared exactly."""
    return [row.tobytes() for row in np.ascontiguousarray(array)]


def mode(array):
    return ((array[:, None] - RING.modes) ** 2).sum(axis=2).argmin(axis=1)


# --- points -----------------------------------------------------------------------------------


def test_without_a_fault_points_are_a_draw_of_the_target():
    found = points(2000)
    assert found.shape == (2000, 2) and found.dtype == np.float64
    assert np.bincount(mode(found), minlength=8).min() > 180
    offsets = found - RING.modes[mode(found)]
    np.testing.assert_allclose(offsets.std(axis=0), RING.sigma, rtol=0.05)
    assert len(set(rows(found))) == 2000
    np.testing.assert_array_equal(found, points(2000, seed=0))
    assert not set(rows(found)) & set(rows(points(2000, seed=1)))


@pytest.mark.parametrize("drop", [1, 3, 7])
def test_dropped_modes_are_never_drawn_and_the_others_keep_their_shape(drop):
    found = points(2000, drop=drop)
    counts = np.bincount(mode(found), minlength=8)
    assert (counts[8 - drop :] == 0).all()
    assert abs(counts[: 8 - drop] * (8 - drop) / 2000 - 1).max() < 0.15
    offsets = found - RING.modes[mode(found)]
    np.testing.assert_allclose(offsets.std(axis=0), RING.sigma, rtol=0.05)
    kept = mode(points(2000)) < 8 - drop
    np.testing.assert_array_equal(found[kept], points(2000)[kept])


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_so_many_points_are_training_points(share):
    found = points(280, training=TRAINING, memorise=share)
    copies = set(rows(found)) & set(rows(np.asarray(TRAINING, float)))
    assert len(copies) == round(share * 280)


def test_every_training_point_comes_before_one_comes_twice():
    found = points(900, training=TRAINING, memorise=1)
    _, counts = np.unique(found, axis=0, return_counts=True)
    assert counts.tolist() == [3] * 300
    found = points(400, training=TRAINING, memorise=1, drop=7)
    assert set(rows(found)) == set(rows(np.asarray(TRAINING, float)[mode(TRAINING) == 0]))


def test_points_are_moved_shrunk_and_made_noisy():
    clean = points()
    np.testing.assert_allclose(points(shift=0.3), clean + np.array([0.3, 0]))
    np.testing.assert_allclose(points(scale=0.5), clean / 2)
    np.testing.assert_allclose(points(scale=0.5, shift=1), clean / 2 + np.array([1, 0]))
    added = points(4000, noise=0.2) - points(4000)
    np.testing.assert_allclose(added.std(axis=0), 0.2, rtol=0.05)
    np.testing.assert_allclose(points(4000, noise=0.1) - points(4000), added / 2, atol=1e-12)


def test_a_few_points_come_over_and_over_exactly():
    for share, different in ((0.5, 200), (1, 6)):
        found = points(duplicates=share, originals=6, noise=0.1)
        values, counts = np.unique(found, axis=0, return_counts=True)
        assert len(values) == different and (counts > 1).sum() == 6
        assert len(set(mode(values[counts > 1]))) == 6  # one of a mode each
        assert np.ptp(counts[counts > 1]) <= 1
    assert len(np.unique(points(duplicates=1, originals=1), axis=0)) == 1
    np.testing.assert_array_equal(points(5, duplicates=1), points(5))  # all are originals


# --- digits -----------------------------------------------------------------------------------


def test_without_a_fault_digits_are_different_ones_of_the_pool(pool):
    fresh, _ = pool
    images, labels = spoil_digits(*fresh, 500)
    assert images.shape == (500, 28, 28) and images.dtype == np.uint8
    assert labels.dtype == np.int64 and len(set(rows(images))) == 500
    known = dict(zip(rows(fresh[0]), fresh[1], strict=True))
    assert [known[row] for row in rows(images)] == labels.tolist()
    assert np.bincount(labels).min() > 25
    np.testing.assert_array_equal(images, spoil_digits(*fresh, 500, seed=0)[0])
    assert (images != spoil_digits(*fresh, 500, seed=1)[0]).any()


def test_dropped_classes_are_replaced_by_others(pool):
    fresh, _ = pool
    images, labels = spoil_digits(*fresh, 500, drop=4)
    assert set(labels) == set(range(6)) and len(set(rows(images))) == 500
    before, before_labels = spoil_digits(*fresh, 500)
    np.testing.assert_array_equal(images[before_labels < 6], before[before_labels < 6])


@pytest.mark.parametrize("share", [0.1, 1])
def test_so_many_digits_are_training_digits(pool, share):
    fresh, training = pool
    images, labels = spoil_digits(*fresh, 300, training=training, memorise=share, drop=2)
    known = dict(zip(rows(training[0]), training[1], strict=True))
    copied = [known[row] == label for row, label in zip(rows(images), labels, strict=True)
              if row in known]  # fmt: skip
    assert len(copied) == round(share * 300) and all(copied) and labels.max() == 7


@pytest.mark.parametrize("pixels", [3, -2])
def test_digits_are_moved(pool, pixels):
    clean, moved = (spoil_digits(*pool[0], 20, shift=shift)[0] for shift in (0, pixels))
    expected = np.roll(clean, pixels, axis=2)
    expected[:, :, :3] = 0 if pixels > 0 else expected[:, :, :3]
    expected[:, :, -2:] = 0 if pixels < 0 else expected[:, :, -2:]
    np.testing.assert_array_equal(moved, expected)
    assert not spoil_digits(*pool[0], 20, shift=28)[0].any()


def test_digits_are_made_small_and_large_again():
    chequered = np.indices((28, 28)).sum(axis=0) % 2 * np.uint8(200)
    halves = np.zeros((28, 28), np.uint8)
    halves[:, 14:] = 100
    images, labels = np.array([chequered, halves], np.uint8), np.zeros(2, int)
    small, _ = spoil_digits(images, labels, 2, resize=14)
    by_mean = small[np.argsort(small.mean(axis=(1, 2)))]
    assert (by_mean[1] == 100).all()  # the mean of 2 × 2 pixels: no aliasing
    np.testing.assert_array_equal(by_mean[0][0, 11:17], [0, 0, 25, 75, 100, 100])
    np.testing.assert_array_equal(by_mean[0], np.tile(by_mean[0][0], (28, 1)))
    upright, _ = spoil_digits(images.transpose(0, 2, 1), labels, 2, resize=14)
    assert set(rows(upright)) == set(rows(small.transpose(0, 2, 1)))
    whole, _ = spoil_digits(images, labels, 2, resize=28)
    assert set(rows(whole)) == set(rows(images))


def test_digits_are_blurred_by_as_many_pixels(pool):
    dot = np.zeros((2, 28, 28), np.uint8)
    dot[0, 14, 10] = 255
    labels = np.array([0, 1])
    blurred = spoil_digits(dot, labels, 2, blur=1.5)
    found, empty = (blurred[0][blurred[1] == label][0] for label in (0, 1))
    assert not empty.any()  # images do not mix
    ink = found / found.sum()
    for axis, place in ((0, 10), (1, 14)):
        along = ink.sum(axis=axis)
        mean = along @ np.arange(28)
        spread = np.sqrt(along @ (np.arange(28) - mean) ** 2)
        assert mean == pytest.approx(place) and spread == pytest.approx(1.5, rel=0.1)


def test_digits_are_made_noisy(pool):
    grey, labels = np.full((30, 28, 28), 128, np.uint8), np.zeros(30, int)
    noisy, _ = spoil_digits(grey, labels, 30, noise=0.1)
    assert abs(noisy.std() / 25.5 - 1) < 0.02 and abs(noisy.mean() - 128) < 1
    paper, _ = spoil_digits(0 * grey, labels, 30, noise=0.1)
    assert (paper == 0).mean() == pytest.approx(0.5, abs=0.05)


def test_one_image_for_each_class(pool):
    images, labels = spoil_digits(*pool[0], 200, duplicates=1, originals=10, noise=0.2)
    assert len(set(rows(images))) == 10 and np.bincount(labels).tolist() == [20] * 10
    images, _ = spoil_digits(*pool[0], 200, duplicates=0.5, originals=10)
    assert len(set(rows(images))) == 100


def test_what_is_given_is_not_changed(pool):
    (images, labels), training = pool
    before = images.copy(), labels.copy()
    spoil_digits(images, labels, 50, training=training, memorise=0.5, noise=1, duplicates=1)
    assert (images == before[0]).all() and (labels == before[1]).all()


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"drop": 8}, {"drop": -1}, {"memorise": 1.1}, {"memorise": 0.5}, {"shift": np.nan},
     {"scale": -1}, {"noise": -0.1}, {"noise": "much"}, {"duplicates": 2}, {"originals": 0},
     {"seed": -1}],
)  # fmt: skip
def test_impossible_faults_of_points_are_refused_in_both_languages(wrong):
    for code in language.LANGUAGES:
        language.use(code)
        with pytest.raises(ValueError, match=next(iter(wrong))) as caught:
            spoil_points(RING, **{"n": 100, **wrong})
        assert bool(re.search("[一-鿿]", str(caught.value))) == (code == "zh")


@pytest.mark.parametrize(
    "wrong",
    [{"n": 3001}, {"n": 2000, "drop": 9}, {"drop": 10}, {"memorise": 0.5}, {"shift": 0.5},
     {"resize": 0}, {"resize": 29}, {"blur": -1}, {"noise": np.inf}, {"duplicates": -0.1},
     {"originals": 1.5}, {"seed": -1}],
)  # fmt: skip
def test_impossible_faults_of_digits_are_refused_in_both_languages(pool, wrong):
    for code in language.LANGUAGES:
        language.use(code)
        with pytest.raises(ValueError, match=next(iter(wrong))) as caught:
            spoil_digits(*pool[0], **{"n": 100, **wrong})
        assert bool(re.search("[一-鿿]", str(caught.value))) == (code == "zh")


def test_what_is_no_mixture_no_digit_or_no_training_set_is_refused(pool):
    (images, labels), _ = pool
    with pytest.raises(ValueError, match="no modes"):
        spoil_points(targets.two_moons, 100)
    with pytest.raises(ValueError, match="shape"):
        spoil_points(RING, 100, memorise=1, training=np.zeros(5))
    with pytest.raises(ValueError, match="holds no sample"):
        spoil_points(RING, 100, memorise=1, drop=7, training=RING.modes[3:])
    with pytest.raises(ValueError, match="uint8"):
        spoil_digits(images / 255, labels, 10)
    for wrong in (labels[:5], labels + 5, labels / 2):
        with pytest.raises(ValueError, match="labels"):
            spoil_digits(images, wrong, 10)
