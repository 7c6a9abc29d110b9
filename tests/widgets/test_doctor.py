"""The doctor in the panel: asked once at a time, between two chunks, and the run is as it was."""

import contextlib
import threading

import numpy as np
import pytest

from course_utils import language
from course_utils.clinic import Diagnosis, running
from course_utils.training.state import read_state
from course_utils.widgets import Lab, views
from course_utils.widgets.controller import Controller
from course_utils.widgets.panel import Panel
from course_utils.widgets.plain import PlainPanel
from course_utils.widgets.strings import STRINGS

pytestmark = pytest.mark.usefixtures("english", "quiet_cell")
SICK = Diagnosis("sick", (), {"energy": 0.5}, (), {})


@pytest.fixture
def controller(session, clock):
    controller = Controller(session, [views.Histograms()], clock=clock)
    controller.open()
    yield controller
    controller.close()


@pytest.fixture
def face(controller, make_face):
    face = make_face()
    face.reports = []
    face.show_examination = face.reports.append
    controller.add(face)
    return face


@pytest.fixture
def slow(monkeypatch):
    """An examination that takes until `go` is set, and then returns or raises `result`."""

    class Slow:
        go, began, result, calls = threading.Event(), threading.Event(), SICK, 0

        def __call__(self, gan):
            self.calls += 1
            self.began.set()
            assert self.go.wait(20)
            if isinstance(self.result, Exception):
                raise self.result
            return self.result

    slow = Slow()
    monkeypatch.setattr(running, "diagnose_gan", slow)
    yield slow
    slow.go.set()


def examine(controller, number=1):
    controller.receive({"type": "command", "id": number, "action": "examine"})


def everything(session):
    state = session.read(read_state)
    history = session.read(lambda gan: gan.history)
    return state, history, history.log(), history.rows.copy(), session.snapshot_steps


# --- the run is as it was ---------------------------------------------------------------------


def test_a_run_with_an_examination_is_the_run_without(session):
    def run(examined):
        session.reset(0)
        session.play(60)
        session.wait(60)
        if examined:
            before = everything(session)
            diagnosis = Lab(session, [views.Curves()]).examine()
            assert isinstance(diagnosis, Diagnosis) and diagnosis.unseen == ()
            assert diagnosis.numbers["d_moves"] > 0 and diagnosis.numbers["rows"] == 60
            after = everything(session)
            assert after[1] is before[1]
            assert after[2] == before[2] and after[4] == before[4]
        session.play(40)
        session.wait(60)
        return everything(session)

    plain, examined = run(False), run(True)
    for name, values in plain[0].items():
        assert np.array_equal(values, examined[0][name]), name
    assert plain[2] == examined[2] and np.array_equal(plain[3], examined[3])


def test_what_an_examination_breaks_off_is_put_back_too(session, monkeypatch):
    def spoil(history, *, generator, step, **given):
        step()
        generator.set_weights([0 * value for value in generator.get_weights()])
        raise RuntimeError("broken off")

    session.play(5)
    session.wait(60)
    before = everything(session)
    monkeypatch.setattr(running, "diagnose", spoil)
    with pytest.raises(RuntimeError, match="broken off"):
        Lab(session, [views.Curves()]).examine()
    after = everything(session)
    assert all(np.array_equal(after[0][name], value) for name, value in before[0].items())
    assert after[2] == before[2] and after[1] is before[1]
    assert session.failure is None


def test_a_gan_of_classes_is_examined_with_its_labels(conditional_gan):
    before, history = read_state(conditional_gan), conditional_gan.history
    steps = history.steps  # other tests train it, too
    diagnosis = running.diagnose_gan(conditional_gan)
    assert diagnosis.numbers["d_moves"] > 0
    after = read_state(conditional_gan)
    assert all(np.array_equal(after[name], value) for name, value in before.items())
    assert conditional_gan.history is history and history.steps == steps


@pytest.mark.parametrize(("chosen", "word"), [("en", "data"), ("zh", "数据")])
def test_a_gan_without_data_is_refused_in_words(gan, monkeypatch, chosen, word):
    monkeypatch.setattr(language, "_chosen", chosen)
    monkeypatch.setattr(gan, "source", None)
    with pytest.raises(ValueError, match=word):
        running.diagnose_gan(gan)


def test_a_gan_whose_rates_are_zero_gets_a_note(gan, monkeypatch):
    monkeypatch.setattr(gan, "run", lambda steps: None)
    diagnosis = running.diagnose_gan(gan)
    assert "at_rest" in [f.cause for f in diagnosis.findings if f.grade == "note"]
    assert diagnosis.numbers["d_ever_moved"] == diagnosis.numbers["g_ever_moved"] == 0


# --- the panel --------------------------------------------------------------------------------


def test_the_command_is_answered_at_once_and_the_diagnosis_comes(
    controller, session, face, slow, until
):
    examine(controller)
    assert face.answers(1) == [None]
    assert [report["busy"] for report in face.reports[1:]] == [True]
    slow.go.set()
    until(lambda: len(face.reports) == 3)
    assert face.reports[-1] == {"busy": False, "step": 0, "text": str(SICK), "error": ""}
    assert "Something is wrong" in face.reports[-1]["text"]


def test_in_the_learners_language(controller, face, slow, until, monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")
    slow.go.set()
    examine(controller)
    until(lambda: face.reports[-1].get("text"))
    assert "训练有问题" in face.reports[-1]["text"]


def test_one_examination_at_a_time_and_another_one_afterwards(controller, face, slow, until):
    examine(controller, 1)
    examine(controller, 2)
    assert face.answers(2) == [None]
    slow.go.set()
    until(lambda: face.reports[-1].get("text"))
    assert slow.calls == 1
    examine(controller, 3)
    until(lambda: slow.calls == 2 and face.reports[-1].get("text"))


def test_training_waits_and_goes_on(controller, session, face, slow, until):
    session.play()
    until(lambda: session.read(lambda gan: gan.step) > 0)
    examine(controller)
    assert slow.began.wait(20)
    gan = session._gan
    step = gan.step
    assert session.playing
    slow.go.set()
    until(lambda: session.read(lambda gan: gan.step) > step)
    until(lambda: face.reports[-1].get("text"))
    assert face.reports[-1]["step"] == step  # where it was made, not where the run is now


@pytest.mark.parametrize(
    ("error", "words"),
    [(ValueError("give 50 samples"), "give 50 samples"), (KeyError("odd"), "KeyError")],
)
def test_an_exception_is_shown_and_the_run_goes_on(
    controller, session, face, slow, until, error, words
):
    slow.result = error
    slow.go.set()
    examine(controller)
    until(lambda: len(face.reports) == 3)
    report = face.reports[-1]
    assert words in report["error"] and not report["text"] and not report["busy"]
    session.play(3)
    assert session.wait(60)
    examine(controller, 2)
    until(lambda: slow.calls == 2)


def test_a_face_that_fails_does_not_keep_the_doctor_busy(controller, face, slow, until):
    def fail(report):
        raise RuntimeError("the page is gone")

    face.show_examination = fail
    slow.go.set()
    examine(controller)
    until(lambda: controller.doctor.report.get("text"))
    assert not controller.doctor.report["busy"]
    face.show_examination = face.reports.append
    examine(controller, 2)
    until(lambda: slow.calls == 2 and face.reports and face.reports[-1].get("text"))


def test_a_diagnosis_that_cannot_be_said_does_not_either(controller, face, slow, until):
    slow.result = Diagnosis("no such verdict", (), {}, (), {})
    slow.go.set()
    examine(controller)
    until(lambda: face.reports[-1].get("error"))
    assert "KeyError" in face.reports[-1]["error"] and not face.reports[-1]["busy"]


def test_closing_while_examining_leaves_no_thread(controller, session, face, slow, until):
    examine(controller)
    assert slow.began.wait(20)
    closing = threading.Thread(target=session.close)
    closing.start()
    controller.close()
    slow.go.set()
    closing.join(20)
    assert not closing.is_alive() and not session._thread.is_alive()
    assert not controller.doctor.report["busy"]


def test_an_examination_that_waits_when_the_session_closes_is_over(controller, session, face, slow):
    done = session.post(lambda session: slow.go.wait(20))
    examine(controller)
    closing = threading.Thread(target=session.close)
    closing.start()
    assert session._closed.wait(20)
    slow.go.set()
    closing.join(20)
    assert done.done() and slow.calls == 0
    assert controller.doctor.report == {"busy": False, "step": 0, "text": "", "error": ""}


# --- the faces --------------------------------------------------------------------------------


def test_a_face_that_comes_later_shows_the_diagnosis_too(controller, face, slow, until):
    slow.go.set()
    examine(controller)
    until(lambda: face.reports[-1].get("text"))
    with contextlib.closing(Panel(controller)) as panel:
        controller.add(panel)
        assert panel.widget.examination == face.reports[-1]


def test_the_plain_panel(controller, slow, until):
    panel = PlainPanel(controller)
    controller.add(panel)
    (button,) = (b for b in panel._buttons if b.description == str(STRINGS["doctor"]))
    said = panel._doctor
    assert said.value == "" and not button.disabled
    button.click()
    until(lambda: button.disabled)
    assert str(STRINGS["doctor_busy"]) in said.value and 'role="status"' in said.value
    slow.go.set()
    until(lambda: not button.disabled)
    assert "at step 0" in said.value and "Something is wrong" in said.value
    slow.result = ValueError("1 < 2")
    button.click()
    until(lambda: "1 &lt; 2" in said.value)
    assert 'role="alert"' in said.value and not button.disabled
