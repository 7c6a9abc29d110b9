"""Lesson 00 as a learner uses it: run all, press the buttons, write an answer, read replies."""

from __future__ import annotations

import re

import pytest

from course_utils import language
from course_utils.exercises import lesson_00
from course_utils.exercises.feedback import STATUSES
from course_utils.verify import WHOLE_IN_BROWSER

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", WHOLE_IN_BROWSER["00_start_here"], indirect=True)
def test_from_beginning_to_end(code, open_notebook, answers, use_lab):
    notebook = open_notebook(f"notebooks/{code}/00_start_here.ipynb")
    notebook.run_all(180)

    findings = notebook.text("check-environment")
    assert findings.count("✓") >= 5 and "✗" not in findings
    assert notebook.text("repeat").strip() == "True"
    (png,) = [
        output["data"]["image/png"]
        for output in notebook.outputs()["picture"]
        if "image/png" in output.get("data", {})
    ]
    assert len(png) > 5000

    cell = notebook.cell("button")
    cell.get_by_role("button", name=language.text(en="Are you there?", zh="你在吗？")).click()
    answer = language.text(en="Yes: widgets work here.", zh="我在：控件工作正常。")
    cell.get_by_role("status").filter(has_text=answer).wait_for()
    notebook.screenshot(f"00-button-{code}")

    assert str(STATUSES["not_attempted"].heading) in notebook.text("compare")
    predict = answers(notebook.cell("predict"))
    predict.press("C")
    predict.says(lesson_00.how_long.choices[2].text)
    predict.press("A")
    predict.says(language.text(en="Your prediction stays", zh="你的预测不变"))
    predict.says(lesson_00.how_long.choices[2].text)
    notebook.run("compare")
    compared = notebook.text("compare")
    for choice in lesson_00.how_long.choices:
        assert answers.longest(choice.explanation) in compared
    notebook.screenshot(f"00-predict-{code}")

    for cell in ("train", "panel"):  # whose session a cell below them has closed
        notebook.run(cell)
    use_lab(notebook, "panel", "panel.session", "instance_noise")

    right = answers(notebook.cell("quiz")).all(lesson_00.quiz.questions)
    notebook.screenshot(f"00-quiz-{code}")
    notebook.run("progress")
    count = len(lesson_00.quiz.questions)
    assert re.search(rf"{count}/{count}.*\b{right}\b", notebook.text("progress"))


def test_an_exercise_is_written_and_checked(open_notebook):
    notebook = open_notebook("notebooks/en/00_start_here.ipynb")
    for cell in ("setup", "squares-starter", "squares-check"):
        notebook.run(cell)
    assert str(STATUSES["not_attempted"].heading) in notebook.text("squares-check")
    for expression, status, word in (
        ("2 * x", "wrong", "doubles"),
        ("x * x", "correct", ""),
    ):
        notebook.cell("squares-starter").locator(".cm-content").click()
        keyboard = notebook.page.keyboard
        keyboard.press("ControlOrMeta+a")
        keyboard.insert_text(f"def squares(x):\n    return {expression}")
        keyboard.press("Shift+Enter")
        notebook.run("squares-check")
        said = notebook.text("squares-check")
        assert str(STATUSES[status].heading) in said and word in said
