"""Lesson 04 as a learner uses it."""

from __future__ import annotations

import pytest

from course_utils.exercises import lesson_04
from course_utils.exercises.questions import LETTERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ["zh"], indirect=True)
def test_a_prediction(code, open_notebook, answers):
    """The panel and its doctor have tests of their own."""
    notebook = open_notebook(f"notebooks/{code}/04_clinic.ipynb")
    notebook.run("setup")
    asked, question = answers(notebook.run("stuck-ask")), lesson_04.stuck_at
    asked.press(LETTERS[1])
    asked.says(question.choices[1].text)
