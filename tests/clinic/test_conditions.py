import numpy as np
import pytest

from course_utils.clinic import conditions
from course_utils.clinic.conditions import Batch

LABELS = np.array([2, 0, 1, 2])


@pytest.mark.parametrize("shape", [(), (1,), (3,), (5,), (2, 2, 3)])
def test_what_is_encoded_can_be_decoded(shape):
    told = conditions.encode(LABELS, shape, "float32")
    assert told.shape == (4, *shape) and told.dtype == np.float32
    np.testing.assert_array_equal(conditions.decode(told), LABELS)


def test_planes_hold_ones_at_the_class_only():
    planes = conditions.encode(LABELS, (2, 2, 3), "float32")
    assert (planes[0, ..., 2] == 1).all() and planes[0].sum() == 4


def test_which_inputs_can_be_told_a_class():
    assert all(conditions.takes(v, 10) for v in [(), (1,), (10,), (12,), (28, 28, 10)])
    assert not any(conditions.takes(v, 10) for v in [(9,), (28, 28, 1), (4, 10)])


@pytest.mark.parametrize("given", [
    LABELS, LABELS.astype(float), LABELS[:, None], np.eye(3)[LABELS], LABELS.tolist(),
])  # fmt: skip
def test_labels_are_read_in_every_form(given):
    read = conditions.read_labels(given, 4)
    assert read.dtype == np.int64
    np.testing.assert_array_equal(read, LABELS)


@pytest.mark.parametrize(("language", "word"), [("en", "whole numbers"), ("zh", "整数")])
@pytest.mark.parametrize("given", [
    LABELS[:3], LABELS - 1, LABELS + 0.5, np.zeros(4), np.ones((4, 3)), np.zeros((4, 0)), ["a"] * 4,
])  # fmt: skip
def test_what_are_no_labels_is_refused(given, language, word, speak):
    speak(language)
    with pytest.raises(ValueError, match=word):
        conditions.read_labels(given, 4)


def test_other_labels_differ_everywhere_and_are_all_met():
    labels = np.repeat(np.arange(4), 100)
    changed = conditions.others(labels, 4, np.random.default_rng(0))
    assert (changed != labels).all() and (np.bincount(changed) > 60).all()


def test_batches_are_joined_with_their_labels():
    a, b = Batch(np.zeros((2, 3)), LABELS[:2]), Batch(np.ones((2, 3)), LABELS[2:])
    joined = conditions.together(a, b)
    np.testing.assert_array_equal(joined.labels, LABELS)
    assert joined.values.shape == (4, 3)
    assert conditions.together(Batch(a.values), Batch(b.values)).labels is None
