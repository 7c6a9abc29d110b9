"""Lesson 03 as a learner uses it."""

from __future__ import annotations

import pytest

from course_utils.exercises import lesson_03
from course_utils.exercises.questions import LETTERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ["en"], indirect=True)
def test_the_first_look(code, open_notebook, answers, use_lab):
    notebook = open_notebook(f"notebooks/{code}/03_dcgan.ipynb")
    notebook.run("setup")
    asked, question = answers(notebook.run("even-ask")), lesson_03.which_kernel
    last = len(question.choices) - 1
    asked.press(LETTERS[last])
    asked.says(question.choices[last].text)
    notebook.run("first-look")
    use_lab(notebook, "first-look", "session", "instance_noise", view="images")


@pytest.mark.parametrize("code", ["zh"], indirect=True)
def test_the_quiz(code, open_notebook, answers):
    """All cells together run in the notebooks' own test; the explorer has a test of its own."""
    notebook = open_notebook(f"notebooks/{code}/03_dcgan.ipynb")
    notebook.run("setup")
    notebook.run("quiz")
    answers(notebook.cell("quiz")).all(lesson_03.quiz.questions)
    notebook.screenshot(f"03-quiz-{code}")
