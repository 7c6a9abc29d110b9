"""Where in the learner's own code an exception came from."""

from __future__ import annotations

import inspect
import linecache
import os
import sysconfig
from pathlib import Path
from types import CodeType

from course_utils import language
from course_utils.exercises.feedback import code

_PACKAGE = str(Path(__file__).parent.parent)
_SCHEMES = ("stdlib", "platstdlib", "purelib", "platlib")
_INSTALLED = tuple(
    os.path.normcase(path) + os.sep
    for path in {_PACKAGE, *(sysconfig.get_path(scheme) for scheme in _SCHEMES)}
)


def body_of(function: object) -> CodeType | None:
    """Return the code object of a Python function, without its decorators, or None."""
    try:
        body = inspect.unwrap(function).__code__
    except Exception:
        return None
    return body if type(body) is CodeType else None


def place_of(error: BaseException, function: object) -> str:
    """Return the innermost line of the learner's own code that `error` came through, in words.

    Args:
        error: with its traceback.
        function: the learner's; whatever stands in the same file is the learner's too.

    Returns:
        Such as " (line 3 of the cell with `f`: `return 1 / n`)", Markdown; empty if there is none.
    """
    own = body_of(function)
    home = own.co_filename if own else None
    found = None
    traceback = error.__traceback__
    while traceback is not None:
        body = traceback.tb_frame.f_code
        if body.co_filename == home or _is_learners(body.co_filename):
            found = (body.co_filename, traceback.tb_lineno, body.co_name)
        traceback = traceback.tb_next
    if found is None:
        return ""
    filename, number, name = found
    source = linecache.getline(filename, number).strip()[:200]
    line = language.text(en=f": {code(source)}", zh=f"：{code(source)}") if source else ""
    return language.text(
        en=f" (line {number} of the cell with {code(name)}{line})",
        zh=f"（{code(name)} 所在单元格的第 {number} 行{line}）",
    )


def is_own_not_implemented(error: BaseException, function: object) -> bool:
    """Return whether the function itself, not a library below it, raised NotImplementedError."""
    if not isinstance(error, NotImplementedError):
        return False
    traceback = error.__traceback__
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    own = body_of(function)
    return own is None or traceback.tb_frame.f_code is own


def _is_learners(filename: str) -> bool:
    # A cell is "<ipython-input-…>" or a file in the temporary directory; "<frozen …>" is Python's.
    if filename.startswith("<"):
        return filename.startswith("<ipython-input")
    return not os.path.normcase(filename).startswith(_INSTALLED)
