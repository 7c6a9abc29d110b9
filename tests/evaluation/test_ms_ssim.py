"""MS-SSIM, against TensorFlow's and a naive single-scale formula."""

import sys

import numpy as np
import pytest

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation.ms_ssim import POWERS, WINDOW, ms_ssim, within_class_similarity


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def pairs():
    """Equal digits, noisy ones, negatives, other digits, noise, paper beside ink."""
    images = digits.load("test")[0]
    a, b = images[:80].copy(), images[80:160].copy()
    rng = np.random.default_rng(0)
    b[:10] = a[:10]
    b[10:30] = np.clip(a[10:30] + rng.normal(0, 40, (20, 28, 28)), 0, 255)
    b[30:40] = 255 - a[30:40]
    b[40:50] = rng.integers(0, 256, (10, 28, 28))
    a[50], b[50] = 0, 255
    return a, b


@pytest.mark.parametrize("scales", [2, 3])
def test_it_is_tensorflows(pairs, scales):
    import tensorflow as tf

    powers = np.divide(POWERS[:scales], sum(POWERS[:scales]))
    a, b = (part[..., None] for part in pairs)
    expected = tf.image.ssim_multiscale(a, b, 255, powers, filter_size=WINDOW).numpy()
    np.testing.assert_allclose(ms_ssim(*pairs, scales), expected, atol=1e-5)


def test_one_scale_is_ssim(pairs):
    """Wang et al. 2004, window by window, written down as it stands in the paper."""
    offsets = np.arange(WINDOW) - WINDOW // 2
    weights = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    weights /= weights.sum()
    found = ms_ssim(*pairs, scales=1)
    for number in range(0, 80, 5):
        a, b = (part[number] for part in pairs)
        values = []
        for row, column in np.ndindex(22, 22):
            window = (slice(row, row + WINDOW), slice(column, column + WINDOW))
            x, y = a[window] / 255, b[window] / 255
            mean_x, mean_y = (weights * x).sum(), (weights * y).sum()
            var_x, var_y = ((weights * (v - (weights * v).sum()) ** 2).sum() for v in (x, y))
            cov = (weights * (x - mean_x) * (y - mean_y)).sum()
            values.append(
                (2 * mean_x * mean_y + 1e-4)
                * (2 * cov + 9e-4)
                / ((mean_x**2 + mean_y**2 + 1e-4) * (var_x + var_y + 9e-4))
            )
        assert found[number] == pytest.approx(np.mean(values), abs=1e-12)


def test_equal_images_get_1_and_the_order_does_not_matter(pairs):
    values = ms_ssim(*pairs)
    np.testing.assert_allclose(values[:10], 1, rtol=1e-12)
    assert (values[10:] < 0.99).all() and (values >= 0).all()
    np.testing.assert_allclose(ms_ssim(*pairs[::-1]), values, rtol=1e-12)


def test_a_pair_does_not_depend_on_the_other_pairs(monkeypatch, pairs):
    whole = ms_ssim(*pairs)
    # (As an attribute of the package the name means the function.)
    monkeypatch.setattr(sys.modules[ms_ssim.__module__], "_BLOCK", 7)
    np.testing.assert_allclose(ms_ssim(*pairs), whole, rtol=1e-12)
    single = ms_ssim(pairs[0][25:26], pairs[1][25:26])
    np.testing.assert_allclose(single, whole[25:26], rtol=1e-12)


def test_real_digits_have_what_the_docstring_says():
    images, labels = digits.load("test")
    found = np.mean([within_class_similarity(images, labels, seed=seed) for seed in (0, 1)], axis=0)
    assert found.argmin() == 5 and found[5] == pytest.approx(0.35, abs=0.05)
    assert found.argmax() == 1 and found[1] == pytest.approx(0.62, abs=0.05)
    assert found.mean() == pytest.approx(0.45, abs=0.03)


def test_it_is_the_mean_over_the_pairs_of_a_class():
    """All pairs of three images, each equally often; and never an image with itself."""
    images, labels = digits.load("test")
    three = images[labels == 4][:3]
    every = ms_ssim(three[[0, 0, 1]], three[[1, 2, 2]])
    found = within_class_similarity(three, np.full(3, 4), pairs=3000)
    assert np.isnan(np.delete(found, 4)).all()
    assert found[4] == pytest.approx(every.mean(), abs=0.01)


def test_a_class_that_is_always_the_same_gets_1():
    images, labels = digits.load("test")
    images = images[:400].copy()
    images[labels[:400] == 7] = images[0]
    found = within_class_similarity(images, labels[:400])
    assert found[7] == pytest.approx(1) and np.delete(found, 7).max() < 0.75


def test_a_seed_gives_the_same_pairs():
    images, labels = (array[:500] for array in digits.load("test"))
    again = [within_class_similarity(images, labels, 20, seed) for seed in (3, 3, 4)]
    np.testing.assert_array_equal(again[0], again[1])
    assert (again[0] != again[2]).any()


def test_what_cannot_be_compared_is_refused(pairs):
    a, b = pairs
    for first, second, scales, message in (
        (a, b[:3], 3, "a holds 80 images, b 3"),
        (a / 255, b, 3, "float64"),
        (a[:0], b[:0], 3, "empty"),
        (a, b, 4, "scales is 4; it must be a whole number, 1 … 3"),
        (a, b, 0, "scales is 0"),
    ):
        with pytest.raises(ValueError, match=message):
            ms_ssim(first, second, scales)
    with pytest.raises(ValueError, match="labels"):
        within_class_similarity(a, np.zeros(3, int))
    with pytest.raises(ValueError, match="pairs is 0"):
        within_class_similarity(a, np.zeros(80, int), pairs=0)
    language.use("zh")
    with pytest.raises(ValueError, match="两两比较时数量必须相同"):
        ms_ssim(a, b[:3])
