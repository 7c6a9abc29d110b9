"""Whatever is handed in, a check never raises."""

import sys
import types

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import language
from course_utils.exercises import (
    Number,
)


class Hostile:
    """Every attribute and operation fails."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError("repr")

    def __bool__(self):
        raise RuntimeError("bool")

    def __eq__(self, other):
        raise RuntimeError("eq")

    __hash__ = None


class Endless:
    """Looks like an array and has every attribute."""

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __len__(self):
        return -1

    def __array__(self, *_, **__):
        raise ValueError("no array")


GARBAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.recursive(
        st.integers() | st.text() | st.floats(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    ),
    st.lists(st.floats(), max_size=3).map(np.array),
    st.sampled_from([..., NotImplemented, object, int, type, len, abs, np.mean, np, range(3)]),
)

ODD = {
    "hostile": Hostile(),
    "hostile class": Hostile,
    "endless": Endless(),
    "endless class": Endless,
    "half an array": types.SimpleNamespace(shape=3, dtype="x", __array__=1),
    "huge integer": 10**5000,
    "integer beyond floats": 10**400,
    "array of strings": np.array(["a"]),
    "array of objects": np.array([object()]),
    "NaN array": np.array(np.nan),
    "infinite scalar": np.float32("inf"),
    "empty array": np.zeros((0, 2)),
    "date": np.datetime64("2020-01-01"),
    "stream": sys.stdout,
    "exception": Exception("x"),
    "set": {1, 2},
    "iterator": iter([]),
    "generator": (i for i in ()),
    "markup": "</p><script>$x$` **\ud800\x00",
    "long": [list(range(1000))] * 1000,
    "itself": [],
    "object": object(),
}
ODD["itself"].append(ODD["itself"])


def never_raises(exercise, make, garbage):
    value = make(returns=Number(), holds=lambda got: got == 0.125)
    for check, answer in [
        (exercise.check, garbage),
        (exercise.check, lambda points: garbage),
        (exercise.check, lambda points: (garbage, garbage)),
        (value.check, garbage),
    ]:
        result = check(answer)
        assert result.status in {"wrong", "error", "not_attempted"} or result.correct, str(result)
        result.html().encode("utf-8")
        str(result).encode("utf-8")
        assert "<script" not in result.html()
        assert " at 0x" not in str(result)
        assert len(str(result)) < 2000


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(garbage=GARBAGE, code=st.sampled_from(["en", "zh"]))
def test_check_never_raises_whatever_it_gets(exercise, make, garbage, code):
    language.use(code)
    never_raises(exercise, make, garbage)


@pytest.mark.parametrize("name", sorted(ODD))
@pytest.mark.parametrize("code", ["en", "zh"])
def test_check_never_raises_for_odd_objects(exercise, make, name, code):
    language.use(code)
    never_raises(exercise, make, ODD[name])
