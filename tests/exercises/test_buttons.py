"""Real button clicks, from any thread."""

import itertools
import threading
import time

import ipywidgets

from course_utils import language
from course_utils.exercises.feedback import StaticText


def click(row, letter):
    """Press a button as the front end does."""
    row.buttons["ABC".index(letter)].click()


def in_thread(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_live_the_buttons_come_after_the_static_text(prediction, displayed, live):
    prediction.ask()
    static, box = displayed
    assert isinstance(static, StaticText) and isinstance(box, ipywidgets.VBox)


def test_buttons_are_labelled_and_reached_by_the_keyboard(prediction, displayed, live):
    prediction.ask()
    row = prediction._buttons
    assert [button.description for button in row.buttons] == ["A", "B", "C"]
    assert [button.tooltip for button in row.buttons][:2] == [
        "Answer A: near 50 %",
        "Answer B: near 95 %",
    ]
    assert all(type(b) is ipywidgets.Button and b.tabbable is not False for b in row.buttons)
    assert not any(button.disabled for button in row.buttons)
    labels = [w.value for w in row.box.children[0].children if isinstance(w, ipywidgets.Label)]
    assert labels == ["Your prediction:"]


def test_a_click_commits_and_shows_it(prediction, displayed, live):
    prediction.ask()
    row = prediction._buttons
    assert row.feedback.value == ""
    click(row, "A")
    assert prediction.answered == "A"
    assert 'role="status"' in row.feedback.value and "near $50$ %" in row.feedback.value
    assert "WHY" not in row.feedback.value
    click(row, "B")
    assert prediction.answered == "A" and "stays" in row.feedback.value


def test_a_click_from_another_thread(prediction, displayed, live):
    prediction.ask()
    in_thread(click, prediction._buttons, "C")
    assert prediction.answered == "C" and "100" in prediction._buttons.feedback.value


def test_clicks_from_many_threads_keep_one_prediction_and_show_it(prediction, displayed, live):
    prediction.ask()
    row = prediction._buttons
    barrier = threading.Barrier(12)

    def press(letter):
        barrier.wait(10)
        click(row, letter)

    threads = [threading.Thread(target=press, args=(letter,)) for letter in "ABC" * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert f"<strong>{prediction.answered}.</strong>" in row.feedback.value


def test_what_is_shown_is_the_last_answer_recorded(quiz, displayed, live, monkeypatch):
    quiz.ask()
    question = quiz.questions[0]
    row = question._buttons
    respond, delays = row._respond, itertools.cycle([0.02, 0])

    def slow(index):
        feedback = respond(index)
        time.sleep(next(delays))  # without the lock the first answer would be shown last
        return feedback

    monkeypatch.setattr(row, "_respond", slow)
    for _ in range(5):
        threads = [threading.Thread(target=click, args=(row, letter)) for letter in "AB"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert f"<strong>{question.answered}.</strong>" in row.feedback.value


def test_an_exception_in_a_callback_is_shown_in_the_widget(
    prediction, displayed, live, monkeypatch
):
    prediction.ask()
    row = prediction._buttons

    def fails(index):
        raise RuntimeError("our slip")

    monkeypatch.setattr(row, "_respond", fails)
    in_thread(click, row, "A")
    assert "our slip" in row.feedback.value and 'role="status"' in row.feedback.value


def test_running_the_cell_again_closes_the_earlier_buttons(prediction, displayed, live):
    prediction.ask()
    earlier = prediction._buttons
    click(earlier, "B")
    widgets = [earlier.box, earlier.feedback, *earlier.buttons]
    prediction.ask()
    assert all(widget.comm is None for widget in widgets)
    now = prediction._buttons
    assert now is not earlier and now.box.comm is not None
    assert prediction.answered == "B" and "near 95 %" in now.feedback.value
    click(earlier, "A")  # a message that was still under way does no harm
    assert prediction.answered == "B"


def test_an_answer_in_text_shows_under_the_buttons_too(prediction, displayed, live):
    prediction.ask()
    prediction.answer("b")
    assert "near 95 %" in prediction._buttons.feedback.value


def test_feedback_follows_the_language_of_the_moment(quiz, displayed, live):
    quiz.ask()
    language.use("zh")
    click(quiz.questions[0]._buttons, "A")
    assert "甲解释" in quiz.questions[0]._buttons.feedback.value
