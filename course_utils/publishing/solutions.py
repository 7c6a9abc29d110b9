"""Which cells of a lesson belong to which notebook.

A solutions notebook holds only the exercises: the set-up, each task, its solution and its check.
"""

from __future__ import annotations

from course_utils.publishing.source import Cell, Lesson

TITLE_ID = "solutions-title"

_TITLE = {
    "en": (
        "# {title}: solutions\n\n"
        "Worked solutions to the exercises of [{title}]({{{{lesson:{name}}}}}). "
        "Try each exercise yourself first. · [中文]({{{{other_language}}}})"
    ),
    "zh": (
        "# {title}：参考解答\n\n"
        "这里是[{title}]({{{{lesson:{name}}}}})各练习的参考解答。"
        "请先自己动手做一遍，再来对照。 · [English]({{{{other_language}}}})"
    ),
}


def belongs(cell: Cell, kind: str) -> bool:
    """Whether ``cell`` is in the notebook of ``kind`` (``"student"`` or ``"solutions"``)."""
    tags = set(cell.tags)
    if kind == "student":
        return "solution" not in tags
    if "exercise" in tags:
        return cell.kind == "prose"  # the starter's place is taken by the solution
    return bool(tags & {"setup", "check", "solution"})


def title(lesson: Lesson, lang: str) -> str:
    """Return the Markdown that opens the solutions notebook, with placeholders."""
    return _TITLE[lang].format(title=lesson.title[lang], name=lesson.name)
