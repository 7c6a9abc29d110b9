"""The link between a view and Python: signs of life, frames, answers that do not come."""

from __future__ import annotations

import pytest

ALERT = '[role="alert"]'


def test_a_view_says_hello_and_then_that_it_is_there(front):
    assert front.sent("hello") == [{}]
    assert front.attribute("data-link") == "up"
    front.run(10_100)
    assert front.sent("beat") == [{"visible": True}] * 5
    views = front.page.evaluate("[...new Set(model.sent.map(m => m.view))]")
    assert len(views) == 1 and views[0]


def test_without_answers_the_panel_greys_out_and_comes_back(front):
    front.page.locator('[data-knob="noise"]').focus()
    front.page.evaluate("model.alive = false")
    front.run(9000)
    assert front.attribute("data-link") == "up"  # 8 s after the first beat that has no answer
    front.run(2000)
    assert front.attribute("data-link") == "down"
    assert "Python" in front.text(ALERT)
    assert front.page.locator('[data-knob="noise"]').is_disabled()
    assert front.page.locator('[data-action="play"]').is_disabled()
    front.page.evaluate("model.alive = true")
    front.run(2500)
    assert front.attribute("data-link") == "up"
    assert front.text(ALERT) == ""
    assert front.page.locator('[data-action="play"]').is_enabled()
    assert front.page.evaluate("document.activeElement.dataset.knob") == "noise"
    assert len(front.sent("hello")) >= 2  # Python may have forgotten this view


def test_whatever_was_moved_while_the_link_was_lost_shows_the_truth_again(front):
    front.page.evaluate("model.alive = model.answering = false")
    front.move("noise", 0.7)
    front.run(11_000)
    assert front.value("noise") == "0"
    front.run(600)
    assert front.page.locator(".gan-late").inner_text() == ""  # the alert says it all


def test_a_frame_is_a_sign_of_life_too(front):
    front.page.evaluate("model.alive = false")
    for _ in range(10):
        front.run(2000)
        front.frame()
    assert front.attribute("data-link") == "up"


def test_no_connection_at_all_raises_nothing(front):
    front.page.evaluate("() => { model.send = () => { throw new Error('no comm'); }; }")
    front.press("play")
    front.run(11_000)
    assert front.attribute("data-link") == "down"


def test_a_command_without_an_answer_is_called_late_after_three_seconds(front):
    front.page.evaluate("model.answering = false")
    front.press("play")
    front.run(2400)
    assert front.page.locator(".gan-late").inner_text() == ""
    front.run(1200)
    assert "Python" in front.page.locator(".gan-late").inner_text()
    identity = front.page.evaluate("model.sent.find(m => m.type === 'command').id")
    front.page.evaluate("id => model.emit({ type: 'answer', id, error: null })", identity)
    assert front.page.locator(".gan-late").inner_text() == ""


def test_an_answer_with_an_error_is_shown_and_can_be_dismissed(front):
    front.page.evaluate("model.answering = false")
    front.press("step-both")
    identity = front.page.evaluate("model.sent.at(-1).id")
    front.page.evaluate("id => model.emit({ type: 'answer', id, error: 'no <b>' })", identity)
    assert "no <b>" in front.text(ALERT)
    front.press("dismiss")
    assert front.text(ALERT) == ""


def test_answers_to_another_view_are_left_alone(front):
    front.page.evaluate("model.emit({ type: 'answer', id: 'other-1', error: 'not mine' })")
    assert front.text(ALERT) == ""


def test_every_drawn_frame_is_acknowledged(front):
    for number in range(1, 6):
        front.show()
        assert front.attribute("data-frames") == str(number)
    assert front.sent("ack") == [{"number": number} for number in range(1, 6)]


def test_of_two_frames_in_one_refresh_only_the_latest_is_drawn(front, sample_frame):
    for step, found in ((1, "earlier"), (2, "latest")):
        views, arrays = sample_frame()
        views[0]["measures"] = [{"title": "this is the", "text": found}]
        front.frame(views=views, arrays=arrays, step=step)
    front.run(50)
    assert front.attribute("data-frames") == "1"
    assert front.attribute("data-step") == "2"
    assert "latest" in front.text(".gan-view-points table")
    assert front.sent("ack") == [{"number": 2}]


def test_a_hidden_page_acknowledges_without_drawing(front):
    front.page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          window.requestAnimationFrame = () => 1; // as in a hidden tab
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    assert front.sent("beat")[-1] == {"visible": False}
    front.frame()
    front.run(1600)
    assert front.sent("ack") == [{"number": 1}]
    assert front.attribute("data-frames") == "0"
    front.run(3000)
    assert {beat["visible"] for beat in front.sent("beat")[-2:]} == {False}


def test_a_page_that_goes_says_so(front):
    front.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert front.sent("bye") == [{}]


@pytest.mark.parametrize("status", ["closed", "replaced"])
def test_a_panel_that_is_over_cannot_be_used(front, status):
    front.state(status=status, message="run it again")
    assert front.page.locator('[data-action="play"]').is_disabled()
    assert front.page.locator('[data-knob="noise"]').is_disabled()
    assert "run it again" in front.text(ALERT)


@pytest.mark.parametrize("status", ["failed", "asleep", "paused"])
def test_a_panel_that_rests_can(front, status):
    front.state(status=status, message="what now")
    assert front.page.locator('[data-action="play"]').is_enabled()
    assert "what now" in front.text(ALERT)
    front.state(status="paused", message="")
    assert front.text(ALERT) == ""


def test_the_summary_changes_at_most_every_five_seconds(front):
    line = '[aria-live="polite"]'
    front.state(summary="first")
    assert front.text(line) == "all calm"  # from the first state
    front.run(5100)
    assert front.text(line) == "first"
    for k in range(40):
        front.state(summary=f"number {k}")
        front.run(100)
    assert front.text(line) == "first"
    front.run(1200)
    assert front.text(line) == "number 39"
