"""Building: two languages from one body of code, stable ids, solutions, outputs that stay true."""

import nbformat
import pytest

from course_utils.publishing.build import build, is_executed, publish, read_notebook
from course_utils.publishing.comments import translate
from course_utils.publishing.source import read


def _build(course, lang, kind="student", name="10_first"):
    return build(course, read(course.source(name)), lang, kind)


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _without_comments(source):
    return [line.split("#")[0].rstrip() for line in source.split("\n")]


@pytest.mark.parametrize("kind", ["student", "solutions"])
def test_the_code_differs_in_comments_and_language_line_alone(course, kind):
    en, zh = _code(_build(course, "en", kind)), _code(_build(course, "zh", kind))
    assert [cell.id for cell in en] == [cell.id for cell in zh]
    for one, other in zip(en, zh, strict=True):
        expected = one.source.replace('language.use("en")', 'language.use("zh")')
        assert _without_comments(expected) == _without_comments(other.source)
    assert 'language.use("zh")' in zh[0].source
    assert 'language.use("en")' not in zh[0].source


def test_comments_come_in_the_notebooks_language(course):
    en, zh = (_build(course, lang).cells for lang in ("en", "zh"))
    draw_en, draw_zh = (next(c for c in x if c.id == "draw-samples").source for x in (en, zh))
    assert draw_en.startswith("# Real samples.\n") and "  # y = x²\n" in draw_en
    assert draw_zh.startswith("# 真实样本。\n") and "  # 曲线 y = x²\n" in draw_zh
    assert "# [3]" in draw_en and "# [3]" in draw_zh


def test_prose_comes_in_one_language_under_the_sources_ids(course):
    en, zh = _build(course, "en"), _build(course, "zh")
    assert [cell.id for cell in en.cells] == [cell.id for cell in zh.cells]
    assert [cell.id for cell in en.cells] == [
        "welcome", "setup", "draw-samples-text", "draw-samples", "sum-task", "sum-starter",
        "sum-check",
    ]  # fmt: skip
    assert en.cells[0].source.startswith("# Real samples")
    assert zh.cells[0].source.startswith("# 真实样本")


def test_a_build_is_reproducible_and_valid(course):
    assert nbformat.writes(_build(course, "en")) == nbformat.writes(_build(course, "en"))
    nbformat.validate(_build(course, "zh", "solutions"))


def test_a_solutions_notebook_holds_the_exercises_alone(course):
    cells = _build(course, "en", "solutions").cells
    assert [cell.id for cell in cells] == [
        "solutions-title", "setup", "sum-task", "sum-explained", "sum-solution", "sum-check",
    ]  # fmt: skip
    assert "](../../en/10_first.ipynb)" in cells[0].source
    assert "](../zh/10_first.ipynb#cell-id=solutions-title)" in cells[0].source


def test_the_students_notebook_holds_no_solution(course):
    text = nbformat.writes(_build(course, "en"))
    assert "sum(x**2" not in text and "Square first" not in text


def test_a_lesson_without_exercises_has_no_solutions(course):
    assert not read(course.source("11_second")).has_solutions


def test_placeholders_lead_to_the_same_language_and_the_same_place(course):
    welcome = _build(course, "zh").cells[0].source
    assert "[第 11 课](11_second.ipynb)" in welcome
    assert "[英文版](../en/10_first.ipynb#cell-id=welcome)" in welcome
    assert "[这里](../solutions/zh/10_first.ipynb)" in welcome
    assert "5 分钟" in welcome and "? 秒" in welcome


def test_metadata_says_from_what_and_by_which_command(course):
    metadata = _build(course, "zh").metadata
    assert metadata.kernelspec.name == "python3"
    assert metadata.title == "真实样本"
    about = dict(metadata.course)
    assert len(about.pop("source_sha256")) == 64
    assert about == {
        "lesson": "10_first",
        "language": "zh",
        "kind": "student",
        "source": "notebooks/source/10_first.md",
        "command": "python -m course_utils build 10_first",
    }


@pytest.mark.parametrize(("lang", "words"), [("en", "Without one it is skipped"), ("zh", "跳过")])
def test_a_badge_stands_above_gpu_cells(course, lang, words):
    cells = _build(course, lang, name="11_second").cells
    place = [cell.id for cell in cells].index("wide")
    assert cells[place - 1].id == "wide-gpu"
    assert cells[place - 1].cell_type == "markdown" and words in cells[place - 1].source


def test_allowances_are_not_published(course):
    assert "allow:" not in nbformat.writes(_build(course, "en", name="11_second"))


def _publish(course):
    return publish(course, read(course.source("10_first")), "en", "student")


def test_outputs_stay_when_only_prose_changes(published, edit):
    assert _publish(published) == (False, False)
    edit(published.source("10_first"), "Look at the sum", "See the sum")
    assert _publish(published) == (True, False)
    notebook = read_notebook(published.notebook("10_first", "en", "student"))
    assert "See the sum" in nbformat.writes(notebook)
    assert is_executed(notebook)
    assert _code(notebook)[1].outputs


@pytest.mark.parametrize(
    ("old", "new"),
    [("range(3)", "range(4)"), ('tags=["nbval-check-output"]', ""), ('"sum-check"', '"sum-test"')],
)
def test_outputs_go_when_any_code_changes(published, edit, old, new):
    edit(published.source("10_first"), old, new)
    assert _publish(published) == (True, True)
    notebook = read_notebook(published.notebook("10_first", "en", "student"))
    assert not is_executed(notebook)
    assert not any(cell.outputs or cell.execution_count for cell in _code(notebook))


def test_translate_leaves_other_text_alone():
    code = 'print("# no comment")  # [N, 2]\nlanguage.use("en")  # noqa'
    assert translate(code, "zh") == code
