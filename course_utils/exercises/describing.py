"""Values in words and on one line, however strange, large or hostile they are.

Nothing here raises, and nothing shows a memory address, so that outputs stay the same from run to
run.
"""

from __future__ import annotations

import inspect
import reprlib

import numpy as np

from course_utils import language
from course_utils.exercises.feedback import code


def describe(value: object) -> str:
    """Return in words what kind of value this is, Markdown. Never raises, whatever the value."""
    try:
        return _describe(value)
    except Exception:
        name = code(type(value).__name__)
        return language.text(en=f"an object of type {name}", zh=f" {name} 类型的对象")


def short(value: object, limit: int = 160) -> str:
    """Return `value` on one line, at most `limit` characters, as plain text. Never raises."""
    try:
        line = " ".join(_shortened.repr(value).split())
    except Exception:
        line = f"<{type(value).__name__}>"
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _describe(value: object) -> str:
    shown = code(short(value))
    if value is None or value is Ellipsis:
        return language.text(en=shown, zh=f" {shown} ")
    if isinstance(value, (bool, np.bool_)):
        return language.text(en=f"the truth value {shown}", zh=f"布尔值 {shown}")
    if isinstance(value, (int, float, complex, np.number)):
        return language.text(en=f"the number {shown}", zh=f"数 {shown}")
    if isinstance(value, str):
        return language.text(en=f"the string {shown}", zh=f"字符串 {shown}")
    name = code(type(value).__name__)
    if isinstance(value, (list, tuple, set, dict)):
        return language.text(
            en=f"a {name} of length {len(value)}", zh=f"长度为 {len(value)} 的 {name}"
        )
    if inspect.isroutine(value):
        return language.text(en="a function", zh="一个函数")
    if is_array(value):
        shape, dtype = code(tuple(value.shape)), code(np.dtype(_dtype_name(value)).name)
        return language.text(
            en=f"an array of shape {shape} and dtype {dtype}",
            zh=f"形状为 {shape}、dtype 为 {dtype} 的数组",
        )
    return language.text(en=f"an object of type {name}", zh=f" {name} 类型的对象")


class _Shortened(reprlib.Repr):
    """`repr` cut short, with six significant digits and without memory addresses."""

    def repr1(self, value: object, level: int) -> str:
        if is_array(value):
            return self._array(value)
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, float):
            return f"{value:.6g}"
        if inspect.isroutine(value) or isinstance(value, type):
            return str(value.__name__)
        if type(value).__repr__ is object.__repr__:
            return f"<{type(value).__name__}>"
        return super().repr1(value, level)

    def repr_instance(self, value: object, level: int) -> str:
        shown = super().repr_instance(value, level)
        return f"<{type(value).__name__}>" if " at 0x" in shown else shown

    @staticmethod
    def _array(value: object) -> str:
        array = np.asarray(value)
        if array.size <= 12:
            return np.array2string(array, precision=6, separator=", ", threshold=20)
        sizes = "×".join(map(str, array.shape))
        first = np.array2string(array.ravel()[:4], precision=4, separator=", ")[:-1]
        return f"{first}, …] ({sizes} {array.dtype})"


_shortened = _Shortened()
_shortened.maxstring = _shortened.maxother = 80
_shortened.maxlist = _shortened.maxtuple = _shortened.maxdict = 8


def is_array(value: object) -> bool:
    """Whether `value` is a NumPy array or a tensor, known by what it can do."""
    if isinstance(value, np.ndarray):
        return True
    if isinstance(value, (np.generic, type)):
        return False
    try:
        return all(hasattr(value, name) for name in ("shape", "dtype", "__array__"))
    except Exception:  # an object whose attributes raise
        return False


def _dtype_name(value: object) -> str:
    return str(getattr(value.dtype, "name", value.dtype))
