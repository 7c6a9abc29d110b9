"""Rules for pairs: both halves are there, together, and made of the same parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from course_utils.language import text
from course_utils.publishing import markdown, placeholders, reviews
from course_utils.publishing.rules.violation import Report, Violation
from course_utils.publishing.source import Cell, Pair


def violations(report: Report) -> Iterator[Violation]:
    """Yield the breaches between the halves of the lesson's pairs."""
    yield from _partners(report)
    for pair in report.lesson.pairs:
        if pair.en.tags != pair.zh.tags:
            yield report(
                "pair-tags",
                pair.zh,
                text(
                    en=f"the tags differ: English {_show(pair.en.tags)}, "
                    f"Chinese {_show(pair.zh.tags)}",
                    zh=f"标签不一致：英文 {_show(pair.en.tags)}，中文 {_show(pair.zh.tags)}",
                ),
                text(en="Give both halves the same tags.", zh="请让两个区块的标签一致。"),
            )
        yield from _parts(report, pair)
    yield from _reviews(report)


def _partners(report: Report) -> Iterator[Violation]:
    cells = report.lesson.cells
    prose = [(index, cell) for index, cell in enumerate(cells) if cell.lang in ("en", "zh")]
    for index, cell in prose:
        other = "zh" if cell.lang == "en" else "en"
        place = next((i for i, c in prose if (c.id, c.lang) == (cell.id, other)), None)
        if place is None:
            yield _partner_missing(report, cell, other)
        elif cell.lang == "en" and place != index + 1:
            yield report(
                "pair-order",
                cell,
                text(
                    en="the Chinese half does not follow directly",
                    zh="中文区块没有紧跟在英文区块之后",
                ),
                text(
                    en='Put the lang="zh" region directly after the lang="en" region.',
                    zh='请把 lang="zh" 区块放到 lang="en" 区块的正后方。',
                ),
            )


def _partner_missing(report: Report, cell: Cell, other: str) -> Violation:
    return report(
        "partner",
        cell,
        text(en=f"the {_name(other)} half is missing", zh=f"缺少{_name(other)}区块"),
        text(
            en=f'Write the region with lang="{other}" and the same id (English first).',
            zh=f'请补上 lang="{other}" 且 id 相同的区块（英文在前）。',
        ),
    )


def _parts(report: Report, pair: Pair) -> Iterator[Violation]:
    layout, lesson = report.layout, report.lesson
    # Filled for the same notebook, so that a placeholder equals the target it stands for.
    en, zh = (
        markdown.parse(
            placeholders.fill(
                markdown.without_allowances(cell.text), layout, lesson, "en", "student", pair.id
            )
        )
        for cell in (pair.en, pair.zh)
    )
    allowed = markdown.allowances(pair.en.text) + markdown.allowances(pair.zh.text)
    yield from _compare(report, pair, "headings", en.headings, zh.headings)
    if "maths-order" in allowed:
        yield from _compare(report, pair, "maths", sorted(en.maths), sorted(zh.maths))
    else:
        yield from _compare(report, pair, "maths", en.maths, zh.maths)
    if "links" not in allowed:
        yield from _compare(report, pair, "links", sorted(en.links), sorted(zh.links))
    yield from _compare(report, pair, "images", sorted(en.images), sorted(zh.images))
    yield from _compare(report, pair, "references", sorted(en.references), sorted(zh.references))
    yield from _compare(report, pair, "lists", en.lists, zh.lists)
    yield from _compare(report, pair, "tables", en.tables, zh.tables)


def _compare(report: Report, pair: Pair, rule: str, en: list, zh: list) -> Iterator[Violation]:
    if en == zh:
        return
    only_en, only_zh = Counter(en) - Counter(zh), Counter(zh) - Counter(en)
    if not only_en and not only_zh:  # the same parts in another order
        only_en, only_zh = Counter(en), Counter(zh)
    shown_en, shown_zh = _show(only_en.elements()), _show(only_zh.elements())
    what, cure = _explain(rule)
    yield report(
        rule,
        pair.zh,
        text(
            en=f"the {what} differ: English {shown_en}, Chinese {shown_zh}",
            zh=f"{what}不一致：英文 {shown_en}，中文 {shown_zh}",
        ),
        cure,
    )


def _explain(rule: str) -> tuple[str, str]:
    return {
        "headings": (
            text(en="heading levels", zh="标题的级别"),
            text(en="Give both halves the same headings.", zh="请让两个区块的标题数量和级别相同。"),
        ),
        "maths": (
            text(en="formulas", zh="公式"),
            text(
                en="Write the same formulas in the same order; "
                "where the sentence needs another order, add <!-- allow: maths-order -->.",
                zh="请按相同顺序写相同的公式；"
                "语句确实需要不同顺序时，加上 <!-- allow: maths-order -->。",
            ),
        ),
        "links": (
            text(en="link targets", zh="链接目标"),
            text(
                en="Link to the same targets; if a page exists once for each language, "
                "add <!-- allow: links -->.",
                zh="请链接到相同的目标；若某网页分语言各有一份，加上 <!-- allow: links -->。",
            ),
        ),
        "images": (
            text(en="images", zh="图片"),
            text(en="Show the same images in both halves.", zh="请在两个区块中使用相同的图片。"),
        ),
        "references": (
            text(en="arXiv references", zh="arXiv 文献编号"),
            text(en="Cite the same arXiv ids.", zh="请引用相同的 arXiv 编号。"),
        ),
        "lists": (
            text(en="numbers of list items", zh="列表的项数"),
            text(en="Give each list the same number of items.", zh="请让对应列表的项数相同。"),
        ),
        "tables": (
            text(en="numbers of table rows", zh="表格的行数"),
            text(en="Give each table the same number of rows.", zh="请让对应表格的行数相同。"),
        ),
    }[rule]


def _reviews(report: Report) -> Iterator[Violation]:
    name = report.lesson.name
    for pair, changed in reviews.changed_alone(report.layout, report.lesson):
        yield report(
            "review",
            pair.en if changed == "en" else pair.zh,
            text(
                en=f"only the {_name(changed)} half has changed since the pair's last review",
                zh=f"上次核对之后，只有{_name(changed)}区块改动过",
            ),
            text(
                en="Bring the other half up to date; if it still says the same, run "
                f"`python -m course_utils build {name} --reviewed`.",
                zh="请同步修改另一种语言的区块；若两边意思仍然一致，"
                f"请运行 `python -m course_utils build {name} --reviewed`。",
            ),
        )
    unrecorded = reviews.unrecorded(report.layout, report.lesson)
    if unrecorded:
        yield report(
            "review",
            unrecorded[0].en,
            text(
                en=f"{len(unrecorded)} new or changed pairs are not recorded yet, from this one on",
                zh=f"有 {len(unrecorded)} 对新写或改动过的区块尚未登记，这是第一对",
            ),
            text(
                en=f"Run `python -m course_utils build {name}`.",
                zh=f"请运行 `python -m course_utils build {name}`。",
            ),
        )


def _name(lang: str) -> str:
    return {"en": text(en="English", zh="英文"), "zh": text(en="Chinese", zh="中文")}[lang]


def _show(values: Any) -> str:
    return ", ".join(map(str, values)) or text(en="nothing", zh="无")
