"""Kinds of value: what is taken, and how the rest is refused in words."""

import numpy as np
import pytest

from course_utils import language
from course_utils.exercises.values import Array, Kind, Number, Refused, Tuple, convert
from course_utils.language import Text


class Tensor:
    """As little of a tensor as TensorFlow and PyTorch have in common."""

    def __init__(self, values):
        self.values = np.asarray(values)

    shape = property(lambda self: self.values.shape)
    dtype = property(lambda self: self.values.dtype)

    def __array__(self, dtype=None, copy=None):
        return self.values


def refusal(kind, got):
    with pytest.raises(Refused) as caught:
        convert(kind, got, "`f()`")
    return caught.value


@pytest.mark.parametrize(
    "got", [2, 2.0, np.float32(2), np.int64(2), np.array(2.0), Tensor(2.0), Tensor(np.int32(2))]
)
def test_a_number_is_taken_as_float(got):
    value = Number().convert(got)
    assert value == 2.0 and type(value) is float


def test_a_whole_number_is_taken_as_int():
    assert type(Number(whole=True).convert(np.float64(3.0))) is int
    assert refusal(Number(whole=True), 2.5).message.endswith("expected one whole number.")


@pytest.mark.parametrize(
    ("got", "mistake", "words"),
    [
        (True, "type", "the truth value `True`"),
        (np.bool_(True), "type", "the truth value `True`"),
        ("2", "type", "the string `'2'`"),
        ([2.0], "type", "a `list` of length 1"),
        (2j, "type", "the number `2j`"),
        (len, "type", "a function"),
        (np.zeros(3), "shape", "an array of shape `(3,)` and dtype `float64`"),
        (np.zeros((1, 1)), "shape", "Take its only element"),
        (Tensor(np.zeros(2)), "shape", "shape `(2,)`"),
        (np.nan, "not-finite", "the number `nan`"),
        (np.float32("-inf"), "not-finite", "It must be finite"),
    ],
)
def test_what_is_not_a_number_is_refused_with_got_and_expected(got, mistake, words):
    caught = refusal(Number(), got)
    assert caught.mistake_id == mistake
    assert caught.message.startswith("`f()`: got ")
    assert words in caught.message and "expected one number" in caught.message


@pytest.mark.parametrize("got", [np.zeros((4, 2)), Tensor(np.zeros((4, 2)))])
def test_an_array_is_copied(got):
    value = Array(("n", 2), "float").convert(got)
    value[:] = 1
    assert type(value) is np.ndarray and np.asarray(got).sum() == 0


@pytest.mark.parametrize(
    ("kind", "got", "mistake", "words"),
    [
        (Array(("n", 2)), np.zeros((2, 3)), "shape", "numbers of shape `(n, 2)`"),
        (Array((3,)), np.zeros((3, 1)), "shape", "of shape `(3,)`"),
        (Array((3,)), [0, 0, 0], "type", "`np.array(...)`"),
        (Array(dtype="float"), np.zeros(3, int), "dtype", "floating-point numbers"),
        (Array(dtype="integer"), np.zeros(3), "dtype", "integers"),
        (Array(dtype="bool"), np.zeros(3), "dtype", "truth values"),
        (Array(dtype="float32"), np.zeros(3), "dtype", "an array of `float32`"),
        (Array(), np.array(["a"]), "dtype", "numbers"),
        (Array(), 3, "type", "the number `3`"),
        (Array(), np.array([[0, np.inf], [np.nan, 0]]), "not-finite", "2 NaN or infinite"),
        (Array(), np.array([[0, np.inf], [np.nan, 0]]), "not-finite", "index `(0, 1)`"),
    ],
)
def test_what_is_not_the_array_is_refused(kind, got, mistake, words):
    caught = refusal(kind, got)
    assert caught.mistake_id == mistake
    assert words in caught.message


def test_a_shape_may_depend_on_the_inputs():
    kind = Array(lambda points: (len(points),)).settle((np.zeros((4, 2)),))
    assert kind.convert(np.zeros(4)).shape == (4,)
    assert "`(4,)`" in refusal(kind, np.zeros(3)).message


def test_an_unknown_dtype_is_the_authors_mistake():
    with pytest.raises(TypeError, match="flot"):
        Array(dtype="flot")


def test_a_tuple_names_the_part_that_is_wrong():
    kind = Tuple(Number(), Array((2,)))
    first, second = kind.convert([1, np.zeros(2)])
    assert first == 1.0 and second.shape == (2,)
    assert "value 2: got an array" in refusal(kind, (1, np.zeros(3))).message
    assert refusal(kind, (1,)).mistake_id == "shape"
    assert "expected 2 values (one number; an array" in refusal(kind, 3).message


def test_a_tuple_settles_its_parts():
    kind = Tuple(Array(lambda n: (n,))).settle((2,))
    assert refusal(kind, (np.zeros(3),)).mistake_id == "shape"


def test_a_kind_of_the_authors_own():
    kind = Kind(Text(en="a string", zh="一个字符串"), lambda value: isinstance(value, str))
    assert kind.convert("x") == "x"
    assert "expected a string" in refusal(kind, 3).message


@pytest.mark.parametrize(
    ("kind", "got", "message"),
    [
        (Number(), "2", "`f()`：得到的是字符串 `'2'`，应当是一个数。"),
        (
            Array(("n", 2), "float"),
            3,
            "`f()`：得到的是数 `3`，应当是一个形状为 `(n, 2)` 的浮点数数组。",
        ),
        (Tuple(Number(), Number()), [], "应当是 2 个值（一个数；一个数）。"),
    ],
)
def test_refusals_in_chinese(kind, got, message):
    language.use("zh")
    assert message in refusal(kind, got).message
