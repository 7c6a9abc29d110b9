"""The tables in the two READMEs: the lessons, with minutes and seconds, and the leaderboard.

Filled in between markers, from the sources and ``notebooks/timings.json`` and from the file of the
leaderboard, so that no figure in them is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from course_utils import language
from course_utils.evaluation import leaderboard
from course_utils.language import LANGUAGES, text
from course_utils.publishing import timings
from course_utils.publishing.layout import Layout
from course_utils.publishing.rules.violation import Violation
from course_utils.publishing.source import Lesson, SourceError, read

FILES = {"en": "README.md", "zh": "README.zh.md"}
HEADS = {
    "en": ("lesson", "reading", "computing (CPU)"),
    "zh": ("课程", "阅读", "运行（CPU 时间）"),
}
_TABLE = re.compile(r"(<!-- lessons:begin -->\n).*?(<!-- lessons:end -->)", re.DOTALL)
_BOARD = re.compile(r"(<!-- leaderboard:begin -->\n).*?(<!-- leaderboard:end -->)", re.DOTALL)


def table(layout: Layout, lessons: list[Lesson], lang: str) -> str:
    """Return the Markdown table of the lessons in one language, with a line break at its end."""
    lines = [f"| | {' | '.join(HEADS[lang])} |", "|---|---|---|---|"]
    for lesson in lessons:
        number = lesson.name.partition("_")[0]
        path = layout.relative(layout.notebook(lesson.name, lang, "student"))
        seconds = timings.cpu_seconds(layout, lesson.name, "student") or "?"
        minutes = {"en": f"{lesson.reading_minutes} min", "zh": f"{lesson.reading_minutes} 分钟"}
        computing = {"en": f"about {seconds} s", "zh": f"约 {seconds} 秒"}
        title = f"[{lesson.title[lang]}]({path})"
        lines.append(f"| {number} | {title} | {minutes[lang]} | {computing[lang]} |")
    return "\n".join(lines) + "\n"


def update(layout: Layout) -> list[Path]:
    """Write the tables; return the files that changed."""
    changed = []
    for path, content in _expected(layout):
        if path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def violations(layout: Layout) -> Iterator[Violation]:
    """Yield a violation for each README whose table is not what `update` writes."""
    for path, content in _expected(layout):
        if path.read_text(encoding="utf-8") != content:
            yield Violation(
                layout.relative(path),
                "readme",
                text(en="a table is out of date", zh="其中的表格已过期"),
                text(
                    en="Run `python -m course_utils build`.",
                    zh="请运行 `python -m course_utils build`。",
                ),
            )


def _expected(layout: Layout) -> Iterator[tuple[Path, str]]:
    try:
        lessons = [read(layout.source(name)) for name in layout.lessons()]
    except SourceError:  # check says so, lesson by lesson
        return
    for lang in LANGUAGES:
        path = layout.root / FILES[lang]
        if path.exists():
            new = table(layout, lessons, lang)
            found = path.read_text(encoding="utf-8")
            content, count = _TABLE.subn(lambda match, new=new: match[1] + new + match[2], found)
            if not count:
                # Without its markers a README gets them at its end, rather than no table for ever.
                content = f"{found}\n<!-- lessons:begin -->\n{new}<!-- lessons:end -->\n"
            board = _board(lang) if _BOARD.search(content) else ""
            yield path, _BOARD.sub(lambda match, board=board: match[1] + board + match[2], content)


def _board(lang: str) -> str:
    before = language.current()
    language.use(lang)
    try:
        return leaderboard.load().markdown()
    finally:
        language.use(before)
