"""The language of everything that code shows: English or Chinese.

A lesson's first cell calls `use`. Messages are written where they are needed, in both languages at
once: `text(en=..., zh=...)` inside functions, `Text(en=..., zh=...)` for constants, which follow a
later change of language.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

LANGUAGES = ("en", "zh")
VARIABLE = "COURSE_LANGUAGE"  # the environment's say, until `use` is called

_chosen: str | None = None


def use(code: str) -> None:
    """Choose the language of messages, labels and feedback, for all threads.

    Args:
        code: "en" for English or "zh" for Chinese.

    Raises:
        ValueError: `code` is neither.
    """
    global _chosen
    if code not in LANGUAGES:
        raise ValueError(
            f'language {code!r} is not available: use "en" or "zh". '
            f'没有 {code!r} 这种语言：请使用 "en"（英文）或 "zh"（中文）。'
        )
    _chosen = code


def current() -> str:
    """Return the language in use, "en" or "zh".

    Before the first `use` it is the environment variable COURSE_LANGUAGE, or "en" without one.

    Raises:
        ValueError: COURSE_LANGUAGE is neither "en" nor "zh".
    """
    if _chosen is not None:
        return _chosen
    code = os.environ.get(VARIABLE) or "en"
    if code not in LANGUAGES:
        raise ValueError(
            f'environment variable {VARIABLE} is {code!r}: set it to "en" or "zh", or unset it. '
            f'环境变量 {VARIABLE} 的值是 {code!r}：请改为 "en" 或 "zh"，或者取消这个变量。'
        )
    return code


def text(*, en: str, zh: str) -> str:
    """Return the string of the language in use."""
    return zh if current() == "zh" else en


@dataclass(frozen=True)
class Text:
    """A string in both languages that shows itself in the one in use when it is shown."""

    en: str
    zh: str

    def __str__(self) -> str:
        """Return the string of the language in use."""
        return text(en=self.en, zh=self.zh)

    def __format__(self, specification: str) -> str:
        """Format the string of the language in use, as in f-strings."""
        return format(str(self), specification)

    def format(self, **values: object) -> str:
        """Fill the placeholders of the string of the language in use, as `str.format` does."""
        return str(self).format(**values)
