"""Reading a source: cells, pairs, line numbers, and what JupyterLab makes of the file."""

import jupytext
import pytest

from course_utils.publishing.source import SourceError, parse, read


def test_cells_know_their_lines(course):
    lesson = read(course.source("10_first"))
    lines = lesson.text.split("\n")
    for cell in lesson.cells:
        assert lines[cell.line - 1] == cell.text.split("\n")[0]
    assert [cell.id for cell in lesson.code] == [
        "setup", "draw-samples", "sum-starter", "sum-solution", "sum-check",
    ]  # fmt: skip


def test_equal_cells_get_lines_of_their_own(course):
    text = read(course.source("10_first")).text + '\n```python id="again"\n1\n```\n' * 2
    first, second = parse("10_first", text).code[-2:]
    assert first.text == second.text and second.line == first.line + 4


def test_pairs_hold_both_halves(course):
    pairs = read(course.source("10_first")).pairs
    assert [pair.id for pair in pairs] == [
        "welcome", "draw-samples-text", "sum-task", "sum-explained",
    ]  # fmt: skip
    assert all(pair.en.lang == "en" and pair.zh.lang == "zh" for pair in pairs)


def test_saving_from_jupyterlab_keeps_every_cell(course):
    lesson = read(course.source("10_first"))
    saved = jupytext.writes(jupytext.reads(lesson.text, fmt="md"), fmt="md")
    again = parse(lesson.name, saved)
    keep = [(c.kind, c.id, c.lang, c.tags, c.text, c.long) for c in lesson.cells]
    assert [(c.kind, c.id, c.lang, c.tags, c.text, c.long) for c in again.cells] == keep
    assert again.title == lesson.title and again.reading_minutes == lesson.reading_minutes


def test_blank_lines_between_regions_are_no_cell(course):
    text = read(course.source("10_first")).text
    spaced = parse("10_first", text.replace("\n```python", "\n\n\n\n```python") + "\n\n\n")
    assert [cell.id for cell in spaced.cells] == [cell.id for cell in parse("10_first", text).cells]
    assert not any(cell.unknown for cell in spaced.cells)


def test_a_file_without_header_is_no_source():
    with pytest.raises(SourceError, match="header") as caught:
        parse("10_first", "# Just text\n")
    assert "reading_minutes" in caught.value.cure
