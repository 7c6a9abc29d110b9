"""Checks lesson sources and their notebooks against the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from course_utils.language import LANGUAGES, text
from course_utils.publishing import glossary, readme
from course_utils.publishing.layout import LESSON_NAME, Layout
from course_utils.publishing.rules import cells, exercises, languages, notebooks, pairs, style
from course_utils.publishing.rules.violation import Report, Violation
from course_utils.publishing.source import Lesson, SourceError, id_faults, read


def check(
    layout: Layout,
    names: Sequence[str] | None = None,
    only: Collection[str] = LANGUAGES,
    published: bool = True,
) -> Iterator[Violation]:
    """Yield every breach of a rule, lesson by lesson.

    Args:
        layout: the course.
        names: the lessons, by their full names; None means all, and stray notebooks too.
        only: the languages whose notebooks are checked (sources are always checked whole).
        published: whether to check the notebooks as well as the sources.
    """
    try:
        terms = glossary.read(layout.glossary)
    except glossary.GlossaryError as error:
        terms = []
        yield Violation(
            layout.relative(layout.glossary),
            "glossary",
            text(en=f"a row is wrong: {error}", zh=f"有一行不符合要求：{error}"),
            text(
                en="Give each term one row with en, zh and check (both or avoid).",
                zh="请为每个术语写一行，填好 en、zh 和 check（both 或 avoid）。",
            ),
        )
    known = layout.lessons()
    lessons: dict[str, Lesson] = {}
    for name in known if names is None else names:
        lesson = yield from _read(layout, layout.source(name))
        if lesson is None:
            continue
        lessons[name] = lesson
        yield from source_violations(layout, lesson, known, terms)
        if published and _buildable(lesson):
            yield from notebooks.violations(layout, lesson, only)
    if names is None and published and len(lessons) == len(known):
        yield from notebooks.strays(layout, lessons)
        yield from readme.violations(layout)


def source_violations(
    layout: Layout, lesson: Lesson, known: Collection[str], terms: list[glossary.Term]
) -> Iterator[Violation]:
    """Yield the breaches in one source; ``known`` are the names of all lessons."""
    report = Report(layout, lesson)
    yield from cells.violations(report, known)
    yield from exercises.violations(report)
    yield from pairs.violations(report)
    yield from languages.violations(report, terms)
    if _buildable(lesson):
        yield from style.violations(report)


def _buildable(lesson: Lesson) -> bool:
    return not any(id_faults(lesson))


def _read(layout: Layout, path: Path):
    if not LESSON_NAME.fullmatch(path.stem):
        yield Violation(
            layout.relative(path),
            "name",
            text(en=f"{path.stem!r} is not a lesson's name", zh=f"{path.stem!r} 不是课程文件名"),
            text(
                en="Name it NN_name.md: two digits, then lower-case words joined by underscores.",
                zh="请命名为 NN_name.md：两位数字，后接用下划线连接的小写单词。",
            ),
        )
        return None
    try:
        return read(path)
    except SourceError as error:
        yield Violation(layout.relative(path), "header", str(error), error.cure, line=1)
        return None
