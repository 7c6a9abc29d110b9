"""What a rule reports."""

from __future__ import annotations

from dataclasses import dataclass

from course_utils import language
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import Cell, Lesson


@dataclass(frozen=True)
class Violation:
    """One breach of a rule.

    Attributes:
        file: path from the course's root.
        rule: name of the rule.
        message: what is wrong, in the learner's language.
        cure: what to do about it.
        cell: id of the cell, if the breach is in one.
        line: line of ``file``, counted from 1, if there is one.
    """

    file: str
    rule: str
    message: str
    cure: str
    cell: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """``file:line cell 'id': message [rule]. Cure: ...`` in the learner's language."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.cell is not None:
            place += language.text(en=f" cell {self.cell!r}", zh=f" 单元格 {self.cell!r}")
        return language.text(
            en=f"{place}: {self.message} [{self.rule}]. Cure: {self.cure}",
            zh=f"{place}：{self.message} [{self.rule}]。处理办法：{self.cure}",
        )


@dataclass(frozen=True)
class Report:
    """Makes the violations of one lesson's source."""

    layout: Layout
    lesson: Lesson

    def __call__(self, rule: str, cell: Cell, message: str, cure: str, row: int = 0) -> Violation:
        """Report a breach in ``cell``, on the row (from 0) of its text."""
        file = self.layout.relative(self.layout.source(self.lesson.name))
        return Violation(file, rule, message, cure, cell.name, cell.line + row)
