"""Rule for exercises: a task and its starter, then a solution, then a check."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from course_utils.language import text
from course_utils.publishing.rules.violation import Report, Violation
from course_utils.publishing.source import Cell


def violations(report: Report) -> Iterator[Violation]:
    """Yield the exercises that lack a part, and the parts that belong to no exercise."""
    code = [
        cell for cell in report.lesson.code if {"exercise", "solution", "check"} & set(cell.tags)
    ]
    starters = [index for index, cell in enumerate(code) if "exercise" in cell.tags]
    for cell in code[: starters[0] if starters else None]:
        yield report(
            "exercise",
            cell,
            text(
                en="a solution or check stands before any exercise",
                zh="参考解答或检查单元格前面没有练习",
            ),
            _order(),
        )
    for start, end in pairwise([*starters, len(code)]):
        yield from _exercise(report, code[start], code[start + 1 : end])
    yield from _tasks_without_starter(report)


def _exercise(report: Report, starter: Cell, rest: list[Cell]) -> Iterator[Violation]:
    solutions = [index for index, cell in enumerate(rest) if "solution" in cell.tags]
    checks = [index for index, cell in enumerate(rest) if "check" in cell.tags]
    if not solutions:
        yield report(
            "exercise",
            starter,
            text(en="the exercise has no solution", zh="练习没有参考解答"),
            _order(),
        )
    if not checks:
        yield report(
            "exercise",
            starter,
            text(en="the exercise has no check", zh="练习没有检查单元格"),
            _order(),
        )
    if solutions and checks and solutions[0] > checks[0]:
        message = text(
            en="the check stands before the solution, so the solutions notebook cannot run it",
            zh="检查单元格在参考解答之前，参考解答笔记本将无法运行",
        )
        yield report("exercise", rest[checks[0]], message, _order())


def _tasks_without_starter(report: Report) -> Iterator[Violation]:
    task = None
    for cell in report.lesson.cells:
        if cell.kind == "prose" and "exercise" in cell.tags:
            task = task or cell
        elif cell.kind == "code" and "exercise" in cell.tags:
            task = None
        elif cell.kind == "code" and task is not None:
            break
    if task is not None:
        message = text(en="the task has no starter cell", zh="练习题后面没有供学生填写的代码单元格")
        yield report("exercise", task, message, _order())


def _order() -> str:
    return text(
        en='Write, in this order: the starter (tags=["exercise"]), the solution '
        '(tags=["solution"]), the check (tags=["check"]).',
        zh='请依次写出：起始代码（tags=["exercise"]）、参考解答（tags=["solution"]）、'
        '检查（tags=["check"]）。',
    )
