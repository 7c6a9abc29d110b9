"""Lesson 06 as a learner uses it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ["en"], indirect=True)
def test_the_first_look(code, open_notebook, use_lab):
    """As lesson 05's, there in Chinese; the quiz looks like lesson 03's."""
    notebook = open_notebook(f"notebooks/{code}/06_acgan.ipynb")
    notebook.run("setup")
    notebook.run("first-look")
    use_lab(notebook, "first-look", "session", "class_flip_rate", view="images")
