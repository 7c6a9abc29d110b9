"""Lesson 02 as a learner uses it."""

from __future__ import annotations

import pytest

from course_utils.exercises import lesson_02
from course_utils.exercises.questions import LETTERS
from course_utils.verify import WHOLE_IN_BROWSER

pytestmark = pytest.mark.slow


# First, because JupyterLab saves by itself after two minutes: widgets of the kernel of then.
@pytest.mark.parametrize("code", ["zh"], indirect=True)  # in English all of it runs, below
def test_the_first_look(code, open_notebook, answers, use_lab):
    notebook = open_notebook(f"notebooks/{code}/02_the_game_live.ipynb")
    notebook.run("setup")
    asked, question = answers(notebook.run("dies-ask")), lesson_02.which_dies
    last = len(question.choices) - 1
    asked.press(LETTERS[last])
    asked.says(question.choices[last].text)
    notebook.run("first-look")
    use_lab(notebook, "first-look", "session", "instance_noise")


@pytest.mark.parametrize("code", WHOLE_IN_BROWSER["02_the_game_live"], indirect=True)
def test_from_beginning_to_end(code, open_notebook, answers, use_lab):
    notebook = open_notebook(f"notebooks/{code}/02_the_game_live.ipynb")
    notebook.run_all(400)
    answers(notebook.cell("quiz")).all(lesson_02.quiz.questions)
    notebook.screenshot(f"02-quiz-{code}")
