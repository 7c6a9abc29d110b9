"""Checks of arguments that every part of the course shares."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import language
from course_utils.checks import whole_number


@pytest.mark.parametrize("value", [3, 3.0, np.int64(3), np.float32(3)])
def test_a_whole_number_of_any_type_becomes_an_int(value):
    found = whole_number("rows", value, 1, 3)
    assert found == 3 and type(found) is int


@pytest.mark.parametrize("value", [0, 4, 2.5, True, "2", None, [2, 3], float("nan"), float("inf")])
def test_anything_else_is_refused_in_the_learners_language(monkeypatch, value):
    for code, words in (
        ("en", "rows is .*a whole number, 1 … 3"),
        ("zh", "rows 是 .*整数，范围 1 … 3"),
    ):
        monkeypatch.setattr(language, "_chosen", code)
        with pytest.raises(ValueError, match=words):
            whole_number("rows", value, 1, 3)


def test_without_a_limit_any_size_will_do():
    assert whole_number("seed", 10**30, 0) == 10**30


def test_latents_and_the_latent_explorer_need_no_tensorflow():
    code = (
        "import sys, course_utils.checks, course_utils.models.latents\n"
        "from course_utils.widgets import latent_explorer\n"
        "print(sorted({'tensorflow', 'keras', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
