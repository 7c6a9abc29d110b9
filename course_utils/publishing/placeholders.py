"""Fills ``{{...}}`` in prose: measured times and links between notebooks."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

from course_utils.publishing import timings
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import Lesson

PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*(?::\s*(\w+)\s*)?\}\}")
NAMES = ("cpu_seconds", "reading_minutes", "lesson:NN_name", "other_language", "solutions")


def fill(text: str, layout: Layout, lesson: Lesson, lang: str, kind: str, cell: str) -> str:
    """Return prose with its placeholders filled for one notebook.

    Args:
        text: the prose.
        layout: where the notebooks are.
        lesson: the lesson the prose belongs to.
        lang: language of the notebook.
        kind: ``"student"`` or ``"solutions"``.
        cell: id of the prose's cell; ``{{other_language}}`` leads to the same cell.

    Returns:
        The text; an unknown placeholder stays as it is, and a time not measured yet is ``?``.
    """
    here = layout.notebook(lesson.name, lang, kind)

    def link(name: str, code: str, kind: str) -> str:
        target = layout.notebook(name, code, kind)
        return os.path.relpath(target, here.parent).replace(os.sep, "/")

    def value(match: re.Match[str]) -> str:
        name, argument = match.groups()
        if name == "cpu_seconds" and not argument:
            return str(timings.cpu_seconds(layout, lesson.name, kind) or "?")
        if name == "reading_minutes" and not argument:
            return str(lesson.reading_minutes)
        if name == "lesson" and argument:
            return link(argument, lang, "student")
        if name == "solutions" and not argument:
            return link(lesson.name, lang, "solutions")
        if name == "other_language" and not argument:
            # JupyterLab scrolls to a cell named in this way.
            return link(lesson.name, "zh" if lang == "en" else "en", kind) + f"#cell-id={cell}"
        return match[0]

    return PLACEHOLDER.sub(value, text)


def unknown(text: str, lessons: Collection[str]) -> list[str]:
    """Return the placeholders of ``text`` that cannot be filled; ``lessons`` are all there are."""
    known = {
        ("cpu_seconds", None),
        ("reading_minutes", None),
        ("other_language", None),
        ("solutions", None),
    }
    known |= {("lesson", name) for name in lessons}
    return [match[0] for match in PLACEHOLDER.finditer(text) if match.groups() not in known]
