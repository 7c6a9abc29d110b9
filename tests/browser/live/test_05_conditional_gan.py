"""Lesson 05 as a learner uses it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ["zh"], indirect=True)
def test_the_first_look(code, open_notebook, use_lab):
    """As lesson 06's, there in English; the quiz looks like 03's, the mixer has its own test."""
    notebook = open_notebook(f"notebooks/{code}/05_conditional_gan.ipynb")
    notebook.run("setup")
    notebook.run("first-look")
    use_lab(notebook, "first-look", "session", "class_flip_rate", view="images")
