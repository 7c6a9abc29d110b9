"""Bilingual comments in code: ``# en: Real samples. | zh: 真实样本。``, standing or trailing."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from course_utils.publishing.markdown import HANZI

BILINGUAL = re.compile(r"#\s*en:\s*(?P<en>.+?)\s*\|\s*zh:\s*(?P<zh>.+?)\s*$")
LANGUAGE_LINE = 'language.use("en")'

# Comments that are for tools, and shapes such as [batch, 2], hold no sentence.
_PRAGMA = re.compile(r"#\s*(noqa|type:|fmt:|ruff:|isort:)")
_SHAPE = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"(?<![\w.])[A-Za-z]{3,}(?![\w.(=])")


def translate(code: str, lang: str) -> str:
    """Return ``code`` with each bilingual comment in one language and the language line set to it.

    Args:
        code: the source of a code cell.
        lang: ``"en"`` or ``"zh"``.
    """
    lines = [BILINGUAL.sub(lambda match: f"# {match[lang]}", line) for line in code.split("\n")]
    return "\n".join(
        line.replace(LANGUAGE_LINE, f'language.use("{lang}")')
        if line.strip() == LANGUAGE_LINE
        else line
        for line in lines
    )


def faults(code: str) -> Iterator[tuple[int, str]]:
    """Yield the row (from 0) and text of each comment that lacks one of the languages."""
    for row, comment in _comments(code):
        both = BILINGUAL.fullmatch(comment)
        if both:
            if HANZI.search(both["en"]) or not HANZI.search(both["zh"]):
                yield row, comment
        elif _has_words(comment):
            yield row, comment


def _has_words(comment: str) -> bool:
    if _PRAGMA.match(comment):
        return False
    return bool(HANZI.search(comment) or _WORD.search(_SHAPE.sub(" ", comment)))


def _comments(code: str) -> Iterator[tuple[int, str]]:
    # Lines such as "%timeit f()" are IPython's: the tokenizer need not understand them.
    python = "\n".join(
        "" if line.lstrip().startswith(("%", "!")) else line for line in code.split("\n")
    )
    try:
        for token in tokenize.generate_tokens(io.StringIO(python).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0] - 1, token.string
    except (tokenize.TokenError, SyntaxError):
        return  # code that is not Python is refused by the rule "lint"
