"""Rules for the words: Chinese is Chinese, English is English, a term has one translation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_utils.language import text
from course_utils.publishing import glossary
from course_utils.publishing.markdown import HANZI, Block, allowances, parse, without_allowances
from course_utils.publishing.rules.violation import Report, Violation
from course_utils.publishing.source import Cell, Pair

CHINESE_SHARE = 0.4  # of hanzi in a Chinese region; a Latin word counts as two hanzi
ENGLISH_BLOCK = 8  # Latin words, without any hanzi: an untranslated sentence
NAMES_OF_LANGUAGES = ("简体中文", "中文")  # welcome in English: the link to the other language

_H = HANZI.pattern
_HALF_WIDTH = re.compile(rf"{_H}[,.:;?!()]|[,.:;?!()]{_H}")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def violations(report: Report, terms: list[glossary.Term]) -> Iterator[Violation]:
    """Yield the breaches in the lesson's prose; ``terms`` is the glossary."""
    for cell in report.lesson.cells:
        allowed = allowances(cell.text)
        if cell.lang == "en" and "chinese" not in allowed:
            yield from _english(report, cell)
        if cell.lang == "zh":
            blocks = parse(without_allowances(cell.text)).blocks
            if "little-chinese" not in allowed:
                yield from _little_chinese(report, cell, blocks)
            if "half-width" not in allowed:
                yield from _half_width(report, cell, blocks)
            if "glossary" not in allowed:
                yield from _avoided(report, cell, blocks, terms)
    for pair in report.lesson.pairs:
        if "glossary" not in allowances(pair.en.text) + allowances(pair.zh.text):
            yield from _untranslated(report, pair, terms)


def chinese_share(words: str) -> float | None:
    """Return the share of hanzi in ``words``, in [0, 1], or None if there is nothing to count.

    A Latin word counts as two hanzi, about what it takes to say the same.
    """
    hanzi, latin = len(HANZI.findall(words)), len(_LATIN_WORD.findall(words))
    return hanzi / (hanzi + 2 * latin) if hanzi + latin else None


def _english(report: Report, cell: Cell) -> Iterator[Violation]:
    for row, line in enumerate(cell.text.split("\n")):
        for name in NAMES_OF_LANGUAGES:
            line = line.replace(name, "")
        found = "".join(HANZI.findall(line))
        if found:
            yield report(
                "chinese-in-english",
                cell,
                text(en=f"Chinese in the English half: {found}", zh=f"英文区块中有中文：{found}"),
                text(
                    en="Translate it, or, if it belongs there, "
                    "add <!-- allow: chinese --> to the region.",
                    zh="请译成英文；若确实需要，请在区块中加上 <!-- allow: chinese -->。",
                ),
                row,
            )


def _little_chinese(report: Report, cell: Cell, blocks: list[Block]) -> Iterator[Violation]:
    cure = text(
        en="Translate it, or, for names and references, "
        "add <!-- allow: little-chinese --> to the region.",
        zh="请译成中文；若只是人名、文献等内容，请在区块中加上 <!-- allow: little-chinese -->。",
    )
    share = chinese_share(" ".join(block.bare for block in blocks))
    if share is not None and share < CHINESE_SHARE:
        yield report(
            "little-chinese",
            cell,
            text(
                en=f"only {share:.0%} of the Chinese half is Chinese",
                zh=f"中文区块中只有 {share:.0%} 是中文",
            ),
            cure,
        )
        return
    for block in blocks:
        if not HANZI.search(block.bare) and len(_LATIN_WORD.findall(block.bare)) >= ENGLISH_BLOCK:
            yield report(
                "little-chinese",
                cell,
                text(
                    en=f"a paragraph of the Chinese half is not Chinese: {block.bare[:40]!r}",
                    zh=f"中文区块中有一段不是中文：{block.bare[:40]!r}",
                ),
                cure,
                block.line,
            )


def _half_width(report: Report, cell: Cell, blocks: list[Block]) -> Iterator[Violation]:
    for block in blocks:
        found = _HALF_WIDTH.search(block.text)
        if found:
            around = block.text[max(0, found.start() - 4) : found.end() + 4].replace("\n", " ")
            yield report(
                "half-width",
                cell,
                text(
                    en=f"half-width punctuation beside Chinese: {around!r}",
                    zh=f"汉字旁边用了半角标点：{around!r}",
                ),
                text(
                    en="Use ，。：；？！（） beside Chinese characters.",
                    zh="请改用全角标点 ，。：；？！（）。",
                ),
                block.line + block.text.count("\n", 0, found.start()),
            )


def _avoided(
    report: Report, cell: Cell, blocks: list[Block], terms: list[glossary.Term]
) -> Iterator[Violation]:
    for wrong, right in glossary.avoided(terms, "\n".join(block.text for block in blocks)):
        yield report(
            "glossary",
            cell,
            text(en=f"{wrong!r} is not the course's term", zh=f"“{wrong}”不是本课程的用词"),
            text(en=f"Write {right}, as in glossary.csv.", zh=f"请按 glossary.csv 写作“{right}”。"),
        )


def _untranslated(report: Report, pair: Pair, terms: list[glossary.Term]) -> Iterator[Violation]:
    en, zh = (parse(without_allowances(cell.text)).text for cell in (pair.en, pair.zh))
    for term, right in glossary.untranslated(terms, en, zh):
        yield report(
            "glossary",
            pair.zh,
            text(
                en=f"the English half says {term!r}, the Chinese half lacks {right}",
                zh=f"英文区块中有 {term!r}，中文区块中却没有“{right}”",
            ),
            text(
                en="Use the glossary's term, or, where the sentence does without it, "
                "add <!-- allow: glossary -->.",
                zh="请使用术语表中的译法；若语句本不需要，请加上 <!-- allow: glossary -->。",
            ),
        )
