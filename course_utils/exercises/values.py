"""What kind of value an exercise expects, and how a value that is of another kind is described.

These are the mistakes that every exercise shares: another type, a wrong shape or dtype, NaN. They
are recognised before the mistakes of the single exercise, so that those can rely on getting a value
of the right kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils import language
from course_utils.exercises.describing import describe, is_array
from course_utils.exercises.feedback import code
from course_utils.language import Text

_KINDS = {"float": np.floating, "integer": np.integer, "number": np.number, "bool": np.bool_}


class Refused(Exception):
    """An answer that cannot be checked further.

    Attributes:
        status: "wrong", "error" or "not_attempted".
        mistake_id: such as "type", "shape", "dtype", "not-finite", "arity", "raised".
        message: Markdown for the learner.
    """

    def __init__(self, mistake_id: str, message: str, status: str = "wrong") -> None:
        super().__init__(message)
        self.mistake_id = mistake_id
        self.message = message
        self.status = status


class Expected:
    """A kind of value. `convert` turns a value of that kind into plain Python or NumPy."""

    def settle(self, inputs: tuple) -> Expected:
        """Return the kind for a call with these inputs; most kinds do not depend on them."""
        return self

    def what(self) -> str:
        """Return the name of the kind, as in "expected: one number"."""
        raise NotImplementedError

    def convert(self, got: object) -> object:
        """Return `got`, which may be anything, as a value of this kind.

        Raises:
            Refused: `got` is of another kind.
        """
        raise NotImplementedError

    def refuse(self, mistake_id: str, got: str, remedy: str = "") -> Refused:
        """Return the refusal that says what was got, what was expected, and the remedy."""
        return Refused(
            mistake_id,
            language.text(
                en=f"got {got}; expected {self.what()}. {remedy}".strip(),
                zh=f"得到的是{got}，应当是{self.what()}。{remedy}",
            ),
        )


@dataclass(frozen=True)
class Number(Expected):
    """One finite real number: a Python or NumPy scalar, or an array or tensor of shape ().

    Attributes:
        whole: whether it must be a whole number; then it is converted to int, otherwise to float.
    """

    whole: bool = False

    def what(self) -> str:
        """Return the name of the kind."""
        if self.whole:
            return language.text(en="one whole number", zh="一个整数")
        return language.text(en="one number", zh="一个数")

    def convert(self, got: object) -> float | int:
        """Return `got` as a float, or as an int where `whole`; see `Expected.convert`."""
        value = got
        if is_array(got):
            array = _as_array(self, got)
            if array.shape != ():
                single = language.text(
                    en="Take its only element with `.item()`.", zh="请用 `.item()` 取出唯一的元素。"
                )
                raise self.refuse("shape", describe(got), single if array.size == 1 else "")
            value = array[()]
        if not isinstance(value, (int, float, np.integer, np.floating)) or isinstance(value, bool):
            raise self.refuse("type", describe(got))
        if not np.isfinite(value):
            raise self.refuse("not-finite", describe(got), _about_nan())
        if self.whole and value != int(value):
            raise self.refuse("type", describe(got))
        return int(value) if self.whole else float(value)


@dataclass(frozen=True)
class Array(Expected):
    """A NumPy array, or a tensor, without NaN or infinity.

    Attributes:
        shape: the sizes; a string such as "n" stands for any size. A function of the inputs that
            returns such a tuple where the shape depends on them. None for any shape.
        dtype: "number", "float", "integer", "bool", or an exact name such as "float32".
    """

    shape: tuple[int | str, ...] | Callable[..., tuple] | None = None
    dtype: str = "number"

    def __post_init__(self) -> None:
        """Refuse a dtype that NumPy does not know, with its TypeError."""
        if self.dtype not in _KINDS:
            np.dtype(self.dtype)

    def settle(self, inputs: tuple) -> Array:
        """Return the kind with the shape that these inputs lead to."""
        return Array(tuple(self.shape(*inputs)), self.dtype) if callable(self.shape) else self

    def what(self) -> str:
        """Return the name of the kind."""
        kinds = {
            "number": Text("numbers", "数"),
            "float": Text("floating-point numbers", "浮点数"),
            "integer": Text("integers", "整数"),
            "bool": Text("truth values", "布尔值"),
        }
        items = str(kinds.get(self.dtype, code(self.dtype)))
        if self.shape is None or callable(self.shape):
            return language.text(en=f"an array of {items}", zh=f"一个{items}数组")
        shown = code(
            "(" + ", ".join(map(str, self.shape)) + ("," if len(self.shape) == 1 else "") + ")"
        )
        return language.text(
            en=f"an array of {items} of shape {shown}", zh=f"一个形状为 {shown} 的{items}数组"
        )

    def convert(self, got: object) -> np.ndarray:
        """Return a copy of `got` as a NumPy array; see `Expected.convert`."""
        if not is_array(got):
            remedy = ""
            if isinstance(got, (list, tuple)):
                remedy = language.text(
                    en="Turn it into an array with `np.array(...)`.",
                    zh="请用 `np.array(...)` 转换成数组。",
                )
            raise self.refuse("type", describe(got), remedy)
        array = _as_array(self, got)
        if self.shape is not None and not _fits(array.shape, self.shape):
            raise self.refuse("shape", describe(got))
        kind = _KINDS.get(self.dtype)
        if not (array.dtype == self.dtype if kind is None else np.issubdtype(array.dtype, kind)):
            raise self.refuse("dtype", describe(got))
        if array.dtype.kind in "fc" and not np.isfinite(array).all():
            first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
            count = int((~np.isfinite(array)).sum())
            got_text = language.text(
                en=f"{describe(got)} with {count} NaN or infinite values, the first at index "
                f"{code(first)}",
                zh=f"{describe(got)}，其中有 {count} 个 NaN 或无穷大，第一个的下标是 {code(first)}",
            )
            raise self.refuse("not-finite", got_text, _about_nan())
        return np.array(array)


class Tuple(Expected):
    """A tuple, or a list, of values of given kinds."""

    def __init__(self, *parts: Expected) -> None:
        """Keep the kinds of the parts, in their order."""
        self.parts = parts

    def settle(self, inputs: tuple) -> Tuple:
        """Return the kind with each part settled."""
        return Tuple(*(part.settle(inputs) for part in self.parts))

    def what(self) -> str:
        """Return the name of the kind."""
        parts = "; ".join(part.what() for part in self.parts)
        return language.text(
            en=f"{len(self.parts)} values ({parts})",
            zh=f" {len(self.parts)} 个值（{parts.replace('; ', '；')}）",
        )

    def convert(self, got: object) -> tuple:
        """Return the converted parts; see `Expected.convert`."""
        if not isinstance(got, (tuple, list)):
            raise self.refuse("type", describe(got))
        if len(got) != len(self.parts):
            raise self.refuse("shape", describe(got))
        return tuple(
            convert(part, value, language.text(en=f"value {i}", zh=f"第 {i} 个值"))
            for i, (part, value) in enumerate(zip(self.parts, got, strict=True), start=1)
        )


@dataclass(frozen=True)
class Kind(Expected):
    """Any other kind of value, such as a string, a function or a model. It is not converted.

    Attributes:
        name: the name of the kind, as in "expected: a Keras model".
        accepts: tells whether a value is of this kind.
    """

    name: Text
    accepts: Callable[[object], bool]

    def what(self) -> str:
        """Return the name of the kind."""
        return str(self.name)

    def convert(self, got: object) -> object:
        """Return `got` itself; see `Expected.convert`."""
        if not self.accepts(got):
            raise self.refuse("type", describe(got))
        return got


def convert(expected: Expected, got: object, where: str) -> object:
    """Return `expected.convert(got)`; a refusal begins with `where`.

    Raises:
        Refused: `got` is of another kind, or so strange that it cannot be looked at.
    """
    colon = language.text(en=": ", zh="：")
    try:
        return expected.convert(got)
    except Refused as refusal:
        raise Refused(refusal.mistake_id, f"{where}{colon}{refusal.message}") from None
    except Exception as error:
        name = code(type(error).__name__)
        cause = language.text(en=f" ({name} on reading it)", zh=f"（读取时出现 {name}）")
        refusal = expected.refuse("type", describe(got) + cause)
        raise Refused("type", f"{where}{colon}{refusal.message}") from None


def _as_array(expected: Expected, got: object) -> np.ndarray:
    array = np.asarray(got)
    if array.dtype.kind not in "biuf":
        raise expected.refuse("dtype", describe(got))
    return array


def _fits(shape: tuple[int, ...], wanted: tuple) -> bool:
    return len(shape) == len(wanted) and all(
        isinstance(want, str) or size == want for size, want in zip(shape, wanted, strict=True)
    )


def _about_nan() -> str:
    return language.text(
        en="It must be finite: NaN and infinity come from 0/0, log(0) or a mean of nothing.",
        zh="结果必须是有限值：NaN 和无穷大来自 0/0、log(0)，或对空数组取平均。",
    )
