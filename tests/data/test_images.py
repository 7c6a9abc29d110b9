"""Images as pixels and as what networks see."""

import numpy as np
import pytest

from course_utils.data import digits
from course_utils.data.images import to_pixels, to_unit_range


def test_paper_is_minus_one_and_ink_is_one():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1] = 255
    seen = to_unit_range(images)
    assert seen.shape == (2, 28, 28, 1) and seen.dtype == np.float32
    assert (seen[0] == -1).all() and (seen[1] == 1).all()


def test_every_grey_level_comes_back():
    levels = np.arange(256, dtype=np.uint8)
    images = np.zeros((256, 28, 28), np.uint8) + levels[:, None, None]
    np.testing.assert_array_equal(to_pixels(to_unit_range(images)), images)
    some = digits.load("test")[0][:50]
    np.testing.assert_array_equal(to_pixels(to_unit_range(some)), some)


def test_samples_are_clipped_and_rounded():
    values = np.array([-9, -1, -1 + 0.4 / 127.5, -1 + 0.6 / 127.5, 1, np.inf], np.float32)
    samples = np.zeros((6, 28, 28, 1), np.float32) + values[:, None, None, None]
    assert to_pixels(samples)[:, 0, 0].tolist() == [0, 0, 0, 1, 255, 255]
    assert to_pixels(samples).dtype == np.uint8


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 28, 28), np.float32), "float32"),
        (np.zeros((2, 28, 28, 1), np.float32), "to_pixels"),
        (np.zeros((28, 28), np.uint8), r"\(28, 28\)"),
        (np.zeros((2, 32, 32), np.uint8), "32"),
        (np.zeros((0, 28, 28), np.uint8), "empty"),
        (None, "object"),
    ],
)
def test_other_images_are_refused(images, message):
    with pytest.raises(ValueError, match=message):
        to_unit_range(images)


def test_other_samples_are_refused():
    with pytest.raises(ValueError, match=r"\(3, 28, 28\)"):
        to_pixels(np.zeros((3, 28, 28), np.float32))
    broken = np.zeros((3, 28, 28, 1), np.float32)
    broken[1, 4, 4] = np.nan
    with pytest.raises(ValueError, match="1 of 3"):
        to_pixels(broken)
