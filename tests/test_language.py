"""The language switch: what it chooses, and how it refuses."""

import subprocess
import sys

import pytest

from course_utils import language
from course_utils.language import Text


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(language, "_chosen", None)
    monkeypatch.delenv(language.VARIABLE, raising=False)


def test_english_without_a_choice():
    assert language.current() == "en"
    assert language.text(en="step", zh="步") == "step"


def test_use_chooses_and_outweighs_the_environment(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "zh")
    assert language.current() == "zh"
    language.use("en")
    assert language.current() == "en"
    language.use("zh")
    assert language.text(en="step", zh="步") == "步"


@pytest.mark.parametrize("code", ["fr", "EN", "", None, 1])
def test_unknown_language_is_refused_in_both_languages(code):
    language.use("zh")
    with pytest.raises(ValueError, match=r'use "en" or "zh".*请使用'):
        language.use(code)
    assert language.current() == "zh"


def test_unknown_language_in_the_environment_names_the_variable(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "de")
    with pytest.raises(ValueError, match="COURSE_LANGUAGE is 'de'"):
        language.current()
    language.use("en")
    assert language.current() == "en"


def test_empty_variable_is_no_choice(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "")
    assert language.current() == "en"


def test_text_needs_both_languages_by_name():
    with pytest.raises(TypeError):
        language.text("step", "步")
    with pytest.raises(TypeError):
        language.text(en="step")


def test_a_constant_follows_a_later_change():
    label = Text(en="step {n}", zh="第 {n} 步")
    assert label.format(n=3) == "step 3"
    language.use("zh")
    assert str(label) == "第 {n} 步"
    assert label.format(n=3) == "第 3 步"
    assert f"{Text(en='loss', zh='损失'):>4}|" == "  损失|"


def test_constants_are_values():
    assert Text(en="a", zh="甲") == Text(en="a", zh="甲")
    with pytest.raises(AttributeError):
        Text(en="a", zh="甲").en = "b"


def test_import_is_light():
    heavy = "{'numpy', 'matplotlib', 'tensorflow'}"
    code = f"import sys, course_utils.language; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
