"""Rules for single cells: ids, options, tags, the first cell, length, comments, placeholders."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from course_utils.language import text
from course_utils.publishing import comments, markdown, placeholders
from course_utils.publishing.rules.violation import Report, Violation
from course_utils.publishing.source import ID_LENGTH, OPTIONS, TAGS, Cell, Lesson, id_faults

LINES = 15
LINES_WITH_REASON = 25
ALLOWANCES = ("chinese", "little-chinese", "half-width", "glossary", "links", "maths-order")


def violations(report: Report, lessons: Collection[str]) -> Iterator[Violation]:
    """Yield the breaches in the report's lesson; links may lead to the ``lessons`` named."""
    lesson = report.lesson
    yield from _ids(report, lesson)
    yield from _options(report, lesson)
    yield from _setup(report, lesson)
    for cell in lesson.cells:
        if cell.kind == "code":
            yield from _code(report, cell)
        else:
            yield from _prose(report, cell, lessons)


def _ids(report: Report, lesson: Lesson) -> Iterator[Violation]:
    for cell, fault in id_faults(lesson):
        if fault == "missing":
            yield report(
                "cell-id",
                cell,
                text(en="the cell has no id", zh="单元格没有 id"),
                text(
                    en='Add id="…" to its region marker or code fence.',
                    zh='请在区块标记或代码围栏上加 id="…"。',
                ),
            )
        elif fault == "form":
            yield report(
                "id-form",
                cell,
                text(
                    en=f"the id {cell.id!r} is not in kebab-case",
                    zh=f"id {cell.id!r} 不符合命名规则",
                ),
                text(
                    en="Use lower-case letters, digits and single hyphens, "
                    f"at most {ID_LENGTH} characters.",
                    zh=f"只用小写字母、数字和单个连字符，最多 {ID_LENGTH} 个字符。",
                ),
            )
        else:
            yield report(
                "duplicate-id",
                cell,
                text(en=f"the id {cell.id!r} is used twice", zh=f"id {cell.id!r} 重复使用"),
                text(
                    en="Give one of the cells another id; only the halves of a pair share one.",
                    zh="请给其中一个单元格换一个 id；只有一对中英文区块才共用同一个 id。",
                ),
            )


def _options(report: Report, lesson: Lesson) -> Iterator[Violation]:
    for cell in lesson.cells:
        for option in cell.unknown:
            yield report(
                "option",
                cell,
                text(en=f"unknown option {option!r}", zh=f"未知选项 {option!r}"),
                text(
                    en=f"Options are: {', '.join(sorted(OPTIONS))}.",
                    zh=f"可用选项：{'、'.join(sorted(OPTIONS))}。",
                ),
            )
        for tag in cell.tags:
            if tag not in TAGS:
                yield report(
                    "tag",
                    cell,
                    text(en=f"the tag {tag!r} is not documented", zh=f"标签 {tag!r} 不在约定之内"),
                    text(en=f"Tags are: {', '.join(TAGS)}.", zh=f"可用标签：{'、'.join(TAGS)}。"),
                )


def _setup(report: Report, lesson: Lesson) -> Iterator[Violation]:
    if not lesson.code:
        return
    first = lesson.code[0]
    lines = [line.strip() for line in first.text.split("\n")]
    if first.id == "setup" and "setup" in first.tags and lines.count(comments.LANGUAGE_LINE) == 1:
        return
    yield report(
        "setup",
        first,
        text(
            en="the first code cell is not the set-up cell with the language line",
            zh="第一个代码单元格不是带有语言设置行的 setup 单元格",
        ),
        text(
            en=f'Let it begin with ```python id="setup" tags=["setup"] and hold the line '
            f"{comments.LANGUAGE_LINE} once.",
            zh='请以 ```python id="setup" tags=["setup"] 开头，'
            f"并且恰好包含一行 {comments.LANGUAGE_LINE}。",
        ),
    )


def _code(report: Report, cell: Cell) -> Iterator[Violation]:
    length = cell.text.count("\n") + 1
    if length > (LINES_WITH_REASON if cell.long else LINES):
        yield report(
            "long-cell",
            cell,
            text(en=f"the code has {length} lines", zh=f"代码有 {length} 行"),
            text(
                en=f"Split it at {LINES} lines, or keep to {LINES_WITH_REASON} and say why: "
                'long="the whole training step".',
                zh=f"请拆成不超过 {LINES} 行的单元格；确有必要时可到 {LINES_WITH_REASON} 行，"
                '并写明理由：long="完整的训练步"。',
            ),
        )
    for row, comment in comments.faults(cell.text):
        yield report(
            "comment",
            cell,
            text(
                en=f"the comment {comment!r} is not in both languages",
                zh=f"注释 {comment!r} 没有同时写成两种语言",
            ),
            text(
                en="Write # en: Real samples. | zh: 真实样本。",
                zh="请写成 # en: Real samples. | zh: 真实样本。",
            ),
            row,
        )


def _prose(report: Report, cell: Cell, lessons: Collection[str]) -> Iterator[Violation]:
    if cell.lang not in ("en", "zh"):
        yield report(
            "prose-language",
            cell,
            text(en="the prose is in no language's region", zh="文字不在任何语言的区块里"),
            text(
                en='Put it between <!-- #region lang="en" id="…" --> and <!-- #endregion -->, '
                'and the same in lang="zh".',
                zh='请放进 <!-- #region lang="en" id="…" --> 与 <!-- #endregion --> 之间，'
                '并写出对应的 lang="zh" 区块。',
            ),
        )
    for placeholder in placeholders.unknown(cell.text, lessons):
        row = cell.text[: cell.text.index(placeholder)].count("\n")
        yield report(
            "placeholder",
            cell,
            text(en=f"unknown placeholder {placeholder}", zh=f"未知占位符 {placeholder}"),
            text(
                en=f"Placeholders are: {', '.join(placeholders.NAMES)}; the lesson must exist.",
                zh=f"可用占位符：{'、'.join(placeholders.NAMES)}；所指的课程必须存在。",
            ),
            row,
        )
    for name in markdown.allowances(cell.text):
        if name not in ALLOWANCES:
            yield report(
                "allowance",
                cell,
                text(en=f"unknown allowance {name!r}", zh=f"未知豁免 {name!r}"),
                text(
                    en=f"Allowances are: {', '.join(ALLOWANCES)}.",
                    zh=f"可用豁免：{'、'.join(ALLOWANCES)}。",
                ),
            )
