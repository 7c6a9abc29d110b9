"""The doctor's button: pressed once at a time, and what was found stands in the panel."""

from __future__ import annotations

BUTTON = '[data-action="examine"]'
FOUND = {"busy": False, "step": 1234, "text": "Something is <b>wrong</b>.\n1. D stands still"}


def says(front, **report):
    """Python tells how the doctor gets on."""
    report = {"busy": False, "step": 0, "text": "", "error": "", **report}
    front.page.evaluate("report => model.set('examination', report)", report)


def is_disabled(front) -> bool:
    return front.attribute("aria-disabled", BUTTON) == "true"


def test_one_examination_at_a_time(front):
    front.page.evaluate("model.answering = false")
    front.page.locator(BUTTON).focus()
    front.page.keyboard.press("Enter")
    front.page.keyboard.press("Enter")  # before Python has said anything
    assert front.sent() == [{"action": "examine"}] and is_disabled(front)
    says(front, busy=True)
    identity = front.page.evaluate("model.sent.find(m => m.type === 'command').id")
    front.page.evaluate("id => model.emit({ type: 'answer', id, error: null })", identity)
    front.page.locator(BUTTON).click(force=True)
    assert len(front.sent()) == 1 and is_disabled(front)
    assert "examines this run" in front.text(".gan-doctor[role=status]")
    assert front.page.evaluate("document.activeElement.dataset.action") == "examine"
    says(front, **FOUND)
    assert not is_disabled(front)
    front.press("examine")
    assert len(front.sent()) == 2


def test_what_was_found_is_shown_as_text_and_can_be_dismissed(front):
    says(front, **FOUND)
    shown = front.text(".gan-doctor[role=status]")
    assert FOUND["text"] in shown and "at step 1,234" in shown
    front.press("dismiss-doctor")
    assert front.text(".gan-doctor") == ""
    assert front.page.evaluate("document.activeElement.dataset.action") == "examine"


def test_why_there_is_no_diagnosis_is_an_alert_until_the_next_one(front):
    says(front, busy=True)
    says(front, error="50 samples are needed")
    assert front.text("[role=alert]").startswith("50 samples are needed")
    assert front.text(".gan-doctor") == "" and not is_disabled(front)
    front.press("examine")
    assert front.text("[role=alert]") == ""


def test_a_link_that_was_lost_leaves_the_button_usable(front):
    front.page.evaluate("model.alive = model.answering = false")
    front.press("examine")
    assert is_disabled(front)
    front.run(12_000)
    assert not is_disabled(front)


def test_a_page_that_comes_later_shows_it_too(front):
    says(front, **FOUND)
    front.page.evaluate("() => { window.stop2 = render(); }")
    assert front.page.locator(".gan-doctor-words").all_inner_texts() == 2 * [FOUND["text"]]
    front.page.evaluate("stop2()")
    says(front, **{**FOUND, "text": "other"})
    assert front.page.evaluate("model.listeners['change:examination'].length") == 1
