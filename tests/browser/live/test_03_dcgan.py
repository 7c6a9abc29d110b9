"""Lesson 03 as a learner uses it."""

from __future__ import annotations

import pytest

from course_utils import language
from course_utils.exercises import lesson_03
from course_utils.exercises.questions import LETTERS


@pytest.mark.parametrize("code", language.LANGUAGES, indirect=True)
def test_the_first_look(code, open_notebook, answers, use_lab):
    notebook = open_notebook(f"notebooks/{code}/03_dcgan.ipynb")
    notebook.run("setup")
    asked, question = answers(notebook.run("even-ask")), lesson_03.which_kernel
    last = len(question.choices) - 1
    asked.press(LETTERS[last])
    asked.says(question.choices[last].text)
    notebook.run("first-look")
    use_lab(notebook, "first-look", "session", "instance_noise", view="images")


@pytest.mark.parametrize("code", ["en"], indirect=True)
def test_from_beginning_to_end(code, open_notebook, answers):
    notebook = open_notebook(f"notebooks/{code}/03_dcgan.ipynb")
    notebook.run_all(500)
    cell = notebook.cell("explorer")
    picture = cell.locator("img").nth(2)  # the image at the present place of the straight walk
    before = picture.get_attribute("src")
    cell.get_by_role("slider").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.until(lambda: picture.get_attribute("src") != before, "another image at t")
    notebook.screenshot(f"03-explorer-{code}")
    answers(notebook.cell("quiz")).all(lesson_03.quiz.questions)
