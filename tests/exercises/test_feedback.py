"""Feedback: accessible, faithful to what it shows, in the language of its message."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import language
from course_utils.exercises.feedback import (
    STATUSES,
    CheckResult,
    Feedback,
    StaticText,
    _markdown,
    code,
)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language_code", ["en", "zh"])
def test_a_status_is_told_by_role_icon_and_words(status, language_code):
    language.use(language_code)
    page = Feedback(status, "message").html()
    assert 'role="status"' in page and 'aria-live="polite"' in page
    assert f'<span aria-hidden="true">{STATUSES[status].icon}</span>' in page
    assert html.escape(str(STATUSES[status].heading)) in page


@pytest.mark.parametrize("status", STATUSES)
def test_every_colour_follows_the_theme_and_has_a_fallback(status):
    page = Feedback(status, "message").html()
    colours = re.findall(r"(?:solid|color:) ([^;\"]+)", page)
    assert colours and all(
        re.fullmatch(r"var\(--jp-[\w-]+, (#\w{6}|inherit)\)", c) for c in colours
    )


def test_all_statuses_differ_in_words():
    headings = [(str(s.heading.en), str(s.heading.zh)) for s in STATUSES.values()]
    assert len(set(headings)) == len(headings)


def test_markdown_and_maths_reach_the_page():
    page = Feedback("wrong", "Take **both**: `a_b` and $x_1 * y_1 < z$.", "About $x^2$").html()
    assert "<strong>both</strong>" in page and "<code>a_b</code>" in page
    assert "$x_1 * y_1 &lt; z$" in page and "About $x^2$" in page
    assert "$$a*b*c$$" in Feedback("wrong", "Thus\n\n$$a*b*c$$\n\nso").html()


def test_html_in_a_message_is_text():
    assert "<script>" not in Feedback("wrong", "<script>", "<script>").html()


@given(st.text(st.characters(codec="utf-8")))
def test_code_shows_any_text_exactly(text):
    page = _markdown().render(f"before {code(text)} after")
    shown = re.search(r"<code>(.*?)</code>", page, re.DOTALL)
    wanted = " ".join(text.split()).replace("\x00", "\ufffd")
    assert page.count("<code>") == 1 and html.unescape(shown.group(1)).strip() == wanted


def test_code_can_always_be_sent():
    assert code("a\ud800b") == "`a?b`"


def test_a_notebook_gets_text_html_and_the_status():
    result = CheckResult("wrong", "m", "t", mistake_id="sum", exercise_id="01.1")
    data, metadata = result._repr_mimebundle_()
    assert data == {"text/plain": str(result), "text/html": result.html()}
    assert metadata["course"] == {"status": "wrong", "exercise": "01.1", "mistake": "sum"}
    assert result._repr_html_() == result.html() and repr(result) == str(result)


def test_ipython_shows_it():
    from IPython.core.formatters import DisplayFormatter

    data, metadata = DisplayFormatter().format(Feedback("correct", "yes"))
    assert data["text/plain"] == "✓ Correct\nyes" and 'role="status"' in data["text/html"]
    assert metadata["course"] == {"status": "correct"}


def test_static_text_is_markdown_and_prints_as_it_is():
    assert StaticText("**a**")._repr_mimebundle_() == {
        "text/markdown": "**a**",
        "text/plain": "**a**",
    }
    assert repr(StaticText("**a**")) == "**a**"
