"""Lesson 01 as a learner uses it."""

from __future__ import annotations

import re

import pytest

from course_utils.exercises import lesson_01
from course_utils.exercises.questions import LETTERS
from course_utils.verify import WHOLE_IN_BROWSER

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", WHOLE_IN_BROWSER["01_x2_gan"], indirect=True)
def test_from_beginning_to_end(code, open_notebook, answers, use_lab):
    notebook = open_notebook(f"notebooks/{code}/01_x2_gan.ipynb")
    notebook.run_all(400)
    for cell in ("real-points", "alone-surface", "watch"):
        data = notebook.outputs()[cell][0]["data"]
        assert len(data["image/png"]) > 5000, cell
    moved = re.search(r"G: (\d\.\d+) +D: (\d\.\d+)", notebook.text("recipe-run"))
    assert float(moved[1]) > 0.01 and float(moved[2]) == 0
    notebook.screenshot(f"01-recipe-{code}")
    use_lab(notebook, "lab-panel", "lab.session", "instance_noise")
    answers(notebook.cell("quiz")).all(lesson_01.quiz.questions)
    notebook.screenshot(f"01-quiz-{code}")


@pytest.mark.parametrize("code", ["en"], indirect=True)
def test_predictions(code, open_notebook, answers):
    notebook = open_notebook(f"notebooks/{code}/01_x2_gan.ipynb")
    notebook.run("setup")
    for cell, question in (
        ("alone-predict", lesson_01.accuracy_alone),
        ("recipe-predict", lesson_01.who_moved),
        ("seeds-predict", lesson_01.how_many_succeed),
    ):
        asked = answers(notebook.run(cell))
        last = len(question.choices) - 1
        asked.press(LETTERS[last])
        asked.says(question.choices[last].text)
    notebook.screenshot(f"01-predictions-{code}")
