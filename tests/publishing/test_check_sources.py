"""Every rule for sources refuses a source that breaks it, and names file, cell and cure."""

import contextlib
import re
from dataclasses import dataclass

import pytest

from course_utils import language
from course_utils.publishing import reviews
from course_utils.publishing.check import check
from course_utils.publishing.source import SourceError, read

HANZI = re.compile(r"[\u4e00-\u9fff]")
LONG = "\n".join(f"x{number} = {number}" for number in range(16))
VERY_LONG = "\n".join(f"x{number} = {number}" for number in range(26))
ZH_SUM = """<!-- #region lang="zh" id="sum-explained" tags=["solution"] -->
先求平方，再相加。
<!-- #endregion -->

"""
EN_SUM = """<!-- #region lang="en" id="sum-explained" tags=["solution"] -->
Square first, then add.
<!-- #endregion -->

"""
SOLUTION = """```python id="sum-solution" tags=["solution"]
def sum_of_squares(numbers):
    return sum(x**2 for x in numbers)
```

"""
CHECK = """```python id="sum-check" tags=["check"]
print(sum_of_squares([1, 2, 3]) in (None, 14))
```
"""
DRAW = '```python id="draw-samples" tags=["nbval-check-output"]\n'


@dataclass(frozen=True)
class Broken:
    """A change to 10_first.md, and what must be refused: a rule, in a cell, with these words."""

    rule: str
    cell: str | None
    old: str
    new: str
    words: str = ""
    also: tuple[str, ...] = ()  # other rules that this change cannot help breaking


BROKEN = {
    "no minutes": Broken("header", None, "    reading_minutes: 5\n", "", "reading minutes"),
    "no title": Broken("header", None, "      zh: 真实样本\n", "", "title"),
    "bad yaml": Broken("header", None, "    title:\n", "    title: [\n", "jupytext"),
    "other kernel": Broken("header", None, "name: python3", "name: julia", "python3"),
    "no id": Broken("cell-id", "?", 'id="draw-samples" ', "", "no id"),
    "prose without id": Broken(
        "cell-id", "?", 'lang="en" id="welcome"', 'lang="en"', "no id", ("partner",)
    ),
    "id with capitals": Broken(
        "id-form", "Draw_Samples", 'id="draw-samples" ', 'id="Draw_Samples" ', "kebab-case"
    ),
    "id twice in code": Broken(
        "duplicate-id", "sum-starter", 'id="sum-check"', 'id="sum-starter"', "used twice", ("lint",)
    ),
    "id of prose and code": Broken(
        "duplicate-id", "welcome", 'id="draw-samples"', 'id="welcome"', "used twice", ("format",)
    ),
    "unknown option": Broken(
        "option", "draw-samples", 'id="draw-samples"', 'id="draw-samples" hidden="yes"', "'hidden'"
    ),
    "unknown tag": Broken("tag", "draw-samples", '["nbval-check-output"]', '["todo"]', "'todo'"),
    "prose in no region": Broken(
        "prose-language", "?", DRAW, "A stray remark.\n\n" + DRAW, "no language", ("cell-id",)
    ),
    "set-up without language": Broken("setup", "setup", 'language.use("en")', "language", "first"),
    "set-up not first": Broken(
        "setup",
        "early",
        '```python id="setup"',
        '```python id="early"\n1\n```\n\n```python id="setup"',
    ),
    "set-up without tag": Broken("setup", "setup", ' tags=["setup"]', ""),
    "exercise without solution": Broken(
        "exercise", "sum-starter", SOLUTION, "", "no solution", ("lint",)
    ),
    "exercise without check": Broken("exercise", "sum-starter", CHECK, "", "no check"),
    "check before solution": Broken(
        "exercise",
        "sum-check",
        SOLUTION + CHECK,
        CHECK + "\n" + SOLUTION,
        "before the solution",
        ("lint",),
    ),
    "solution without exercise": Broken(
        "exercise",
        "sum-solution",
        'id="sum-starter" tags=["exercise"]',
        'id="sum-starter"',
        "before any exercise",
    ),
    "comment in one language": Broken(
        "comment", "draw-samples", "# en: Real samples. | zh: 真实样本。", "# Real samples."
    ),
    "comment with English twice": Broken(
        "comment", "draw-samples", "| zh: 真实样本。", "| zh: Real samples."
    ),
    "trailing comment": Broken("comment", "draw-samples", "  # [3]", "  # three numbers", "three"),
    "long cell": Broken(
        "long-cell", "long", CHECK, CHECK + f'\n```python id="long"\n{LONG}\n```\n', "16 lines"
    ),
    "very long cell": Broken(
        "long-cell", "long", CHECK, CHECK + f'\n```python id="long" long="all"\n{VERY_LONG}\n```\n'
    ),
    "unknown placeholder": Broken(
        "placeholder", "welcome", "running {{cpu_seconds}}", "running {{cpu_time}}", "{{cpu_time}}"
    ),
    "link to no lesson": Broken(
        "placeholder",
        "welcome",
        "{{lesson:11_second}}",
        "{{lesson:12_none}}",
        "12_none",
        ("links",),
    ),
    "unknown allowance": Broken(
        "allowance", "sum-explained", "Square first", "<!-- allow: all -->\nSquare first", "'all'"
    ),
    "no partner": Broken("partner", "sum-explained", ZH_SUM, "", "Chinese half is missing"),
    "no English partner": Broken("partner", "sum-explained", EN_SUM, "", "English half is missing"),
    "Chinese first": Broken(
        "pair-order", "sum-explained", EN_SUM + ZH_SUM, ZH_SUM + EN_SUM, "does not follow"
    ),
    "code between the halves": Broken(
        "pair-order",
        "sum-explained",
        EN_SUM + ZH_SUM,
        EN_SUM + '```python id="one"\n1\n```\n\n' + ZH_SUM,
    ),
    "tags differ": Broken(
        "pair-tags",
        "sum-explained",
        'lang="zh" id="sum-explained" tags=["solution"]',
        'lang="zh" id="sum-explained"',
        "solution",
    ),
    "heading level": Broken("headings", "draw-samples-text", "## 抽取", "### 抽取", "English 2"),
    "heading missing": Broken("headings", "draw-samples-text", "## 抽取\n", "抽取。\n", "nothing"),
    "formula": Broken("maths", "welcome", "曲线 $y = x^2$", "曲线 $y = x^3$", "y=x^3"),
    "displayed formula": Broken("maths", "welcome", r"\quad\text{最优时}", "", "frac"),
    "order of formulas": Broken(
        "maths", "welcome", "![一条曲线]", "$y = x^2$\n\n![一条曲线]", "y=x^2"
    ),
    "link": Broken(
        "links",
        "welcome",
        "（[Goodfellow 等人](https://arxiv.org/abs/1406.2661)）",
        "",
        "arxiv.org",
        ("references",),
    ),
    "link elsewhere": Broken("links", "welcome", "这里]({{solutions}})", "这里](elsewhere.ipynb)"),
    "image": Broken(
        "images", "welcome", "一条曲线](images/curve.png)", "一条曲线](images/line.png)"
    ),
    "reference": Broken("references", "sum-explained", "then add.", "then add (1406.2661)."),
    "list": Broken("lists", "welcome", "- 参考解答在", "参考解答在", "2"),
    "table": Broken("tables", "welcome", "| $x$ | 一个样本 |\n", "", "2", ("maths",)),
    "little Chinese": Broken(
        "little-chinese", "sum-explained", "先求平方，再相加。", "Square first, then add.", "0%"
    ),
    "one paragraph not Chinese": Broken(
        "little-chinese",
        "draw-samples-text",
        "请注意总和：换一个种子，它几乎不变。",
        "请注意总和：换一个种子，它几乎不变，也就是说随机性的影响在这里并不大，可以放心使用。\n\n"
        "Look at the sum, it hardly changes at all.",
        "Look at the sum",
    ),
    "Chinese in English": Broken(
        "chinese-in-english", "sum-explained", "Square first", "先 square", "先"
    ),
    "half-width comma": Broken("half-width", "sum-explained", "先求平方，", "先求平方,", "平方,再"),
    "half-width colon after bold": Broken(
        "half-width", "sum-explained", "先求平方，", "**先求平方**:", "平方:再"
    ),
    "half-width parenthesis": Broken("half-width", "sum-explained", "相加。", "相加(求和)。"),
    "avoided term": Broken("glossary", "sum-explained", "先求平方", "鉴别器先求平方", "'鉴别器'"),
    "term not translated": Broken("glossary", "welcome", "**生成器**从", "**它**从", "'generator'"),
    "unformatted": Broken("format", "sum-check", "[1, 2, 3]", "[1,2,3]", "not formatted"),
    "undefined name": Broken("lint", "draw-samples", "for x in samples", "for x in sample", "F821"),
    "syntax": Broken("lint", "draw-samples", "range(3)]", "range(3)", "syntax"),
    "solutions do not stand alone": Broken(
        "lint", "sum-solution", "sum(x**2 for x in numbers)", "sum(numbers, squares[0])", "F821"
    ),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_broken_source_is_refused(course, edit, broken, lang):
    path = course.source("10_first")
    edit(path, broken.old, broken.new)
    _review(course)
    language.use(lang)
    found = list(check(course, ["10_first"], published=False))

    assert {violation.rule for violation in found} - set(broken.also) == {broken.rule}
    first = next(violation for violation in found if violation.rule == broken.rule)
    assert first.file == "notebooks/source/10_first.md"
    assert first.cell == broken.cell
    assert first.line
    shown = str(first)
    assert shown.startswith(f"notebooks/source/10_first.md:{first.line}")
    assert broken.cell is None or repr(broken.cell) in shown
    assert first.cure
    if lang == "en":
        assert broken.words in first.message
        assert "Cure: " in shown
    else:
        assert HANZI.search(first.message) or broken.rule == "lint"  # ruff speaks English
        assert "处理办法：" in shown


def _review(course) -> None:
    for name in course.lessons():
        with contextlib.suppress(SourceError):
            reviews.update(course, read(course.source(name)))


def test_good_sources_pass(course):
    _review(course)
    assert [str(violation) for violation in check(course, published=False)] == []


def test_the_line_is_that_of_the_source(course, edit):
    edit(course.source("10_first"), "[1, 2, 3]", "[1,2,3]")
    edit(course.source("10_first"), "先求平方，", "先求平方,")
    edit(course.source("10_first"), "{{cpu_seconds}}", "{{cpu_time}}")
    lines = course.source("10_first").read_text(encoding="utf-8").split("\n")
    shown = {v.rule: lines[v.line - 1] for v in check(course, ["10_first"], published=False)}
    assert "[1,2,3]" in shown["format"]
    assert "先求平方," in shown["half-width"]
    assert "{{cpu_time}}" in shown["placeholder"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("maths-order", "曲线 $y = x^2$。\n", "曲线，见下。$$y = x^2$$ \n"),
        (
            "links",
            "[Goodfellow 等人](https://arxiv.org/abs/1406.2661)",
            "[百科](https://zh.example.org)",
        ),
        ("glossary", "**生成器**从", "**它**从"),
        ("half-width", "中学习", "中,学习"),
        (
            "little-chinese",
            "阅读约需",
            "\n\nOne long sentence that has not got a Chinese word in it.\n\n阅读约需",
        ),
    ],
)
def test_an_allowance_permits_what_its_rule_refuses(course, edit, name, old, new):
    path = course.source("10_first")
    if name == "maths-order":  # the same formulas, in another order
        edit(path, "曲线 $y = x^2$", "曲线")
        edit(path, "$x$ | 一个样本 |\n", "$x$ | 一个样本 |\n\n曲线是 $y = x^2$。\n")
        rules = {"maths"}
    else:
        edit(path, old, new)
        rules = {"links", "references"} if name == "links" else {name}
    _review(course)
    assert {violation.rule for violation in check(course, published=False)} == rules
    edit(path, "# 真实样本\n", f"# 真实样本\n\n<!-- allow: {name} -->\n")
    _review(course)
    expected = {"references"} if name == "links" else set()
    assert {violation.rule for violation in check(course, published=False)} == expected


def test_a_long_cell_with_a_reason_passes(course, edit):
    cell = f'\n```python id="long" long="the whole step"\n{LONG}\n```\n'
    edit(course.source("10_first"), CHECK, CHECK + cell)
    _review(course)
    assert not list(check(course, published=False))


@pytest.mark.parametrize("half", ["en", "zh"])
def test_a_half_that_changed_alone_waits_for_review(course, edit, run, half):
    path = course.source("10_first")
    assert run(course, "build") == 0
    assert not list(check(course, published=False))
    change = {"en": ("then add.", "then sum up."), "zh": ("再相加。", "再求和。")}
    edit(path, *change[half])
    assert run(course, "build") == 0  # building again does not hide it
    found = list(check(course, published=False))
    assert [(v.rule, v.cell) for v in found] == [("review", "sum-explained")]
    assert "--reviewed" in found[0].cure
    text = path.read_text(encoding="utf-8").split("\n")
    assert change[half][1] in text[found[0].line - 1]

    other = "zh" if half == "en" else "en"
    edit(path, *change[other])  # the partner follows: no more questions
    assert run(course, "build") == 0
    assert not list(check(course, published=False))

    edit(path, "Look at the sum", "See the sum")
    assert run(course, "build 10 --reviewed") == 0
    assert not list(check(course, published=False))


def test_a_pair_never_built_is_refused(course):
    found = list(check(course, ["10_first"], published=False))
    assert [(v.rule, v.cell) for v in found] == [("review", "welcome")]
    assert "4 new" in found[0].message and "build 10_first" in found[0].cure


def test_a_wrong_file_name_is_refused(course):
    course.source("10_first").rename(course.source("first"))
    found = next(iter(check(course, ["first"], published=False)))
    assert (found.rule, found.file) == ("name", "notebooks/source/first.md")


def test_a_glossary_with_a_term_twice_is_refused(course):
    with course.glossary.open("a", encoding="utf-8") as file:
        file.write("Generator,产生器,,both\n")
    _review(course)
    found = list(check(course, published=False))
    assert [(v.rule, v.file) for v in found] == [("glossary", "notebooks/source/glossary.csv")]
