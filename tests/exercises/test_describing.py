"""Values on one line: short, exact enough, without addresses."""

import numpy as np
import pytest

from course_utils.exercises.describing import describe, short


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1 / 3, "0.333333"),
        (np.float64(0.5), "0.5"),
        ([1.0, np.float32(2)], "[1, 2]"),
        ({"loss": 0.25}, "{'loss': 0.25}"),
        (np.array([1, 2]), "[1, 2]"),
        (np.array([[0.5, 1.0]]), "[[0.5, 1. ]]"),
        (np.arange(100).reshape(50, 2), "[0, 1, 2, 3, …] (50×2 int64)"),
        (len, "len"),
        (int, "int"),
        (object(), "<object>"),
        ([object()], "[<object>]"),
        ([lambda: 1], "[<lambda>]"),
    ],
)
def test_short(value, shown):
    assert short(value) == shown


@pytest.mark.parametrize("value", [list(range(10**5)), "x" * 10**5, [[["y" * 99] * 99] * 99] * 99])
def test_short_is_short(value):
    assert len(short(value)) <= 160


def test_an_address_in_a_repr_is_left_out():
    class Odd:
        def __repr__(self):
            return "<Odd at 0x7f00>"

    assert short([Odd()]) == "[<Odd>]"


def test_describe_never_raises():
    class Odd:
        shape = dtype = property(lambda self: 1 / 0)
        __array__ = None

        def __repr__(self):
            raise RuntimeError

    assert describe(Odd()) == "an object of type `Odd`"
