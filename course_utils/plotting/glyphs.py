"""Characters that no font can draw, turned into an error."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from course_utils.language import text
from course_utils.strict import MISSING_GLYPH


class MissingGlyphError(RuntimeError):
    """A figure contains a character that its fonts lack, and shows a box in its place."""


@contextmanager
def missing_glyphs() -> Iterator[None]:
    """Raise an error at the end of the block if a figure drawn in it lacked a glyph or a font.

    Matplotlib warns about plain text but only logs about text that holds $maths$; both count.

    Raises:
        MissingGlyphError: naming each message.
    """
    found: list[str] = []
    logger = logging.getLogger("matplotlib")
    recorder = _Recorder(found)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        logger.addHandler(recorder)
        try:
            yield
        finally:
            logger.removeHandler(recorder)
    for warning in caught:
        if MISSING_GLYPH.search(str(warning.message)):
            found.append(str(warning.message))
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
    if found:
        lines = "\n".join(dict.fromkeys(found))
        raise MissingGlyphError(
            text(
                en=f"A figure holds characters that its fonts cannot draw:\n{lines}\nUse others, "
                "or write them as $maths$.",
                zh=f"图中有字体无法显示的字符：\n{lines}\n请换用其他字符，或写成 $数学公式$。",
            )
        )


class _Recorder(logging.Handler):
    """Keeps the messages of Matplotlib's log that tell of a missing glyph or font."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.found = found

    def emit(self, entry: logging.LogRecord) -> None:
        message = entry.getMessage()
        if MISSING_GLYPH.search(message):
            self.found.append(message)
