"""The lab and its faces: the canvas, the plain panel, and what is left where nobody looks."""

import gc
import json
import threading
import time
import weakref

import ipywidgets
import numpy as np
import pytest

from course_utils import language
from course_utils.widgets import Lab, javascript, lab, presence, strings, views
from course_utils.widgets.frames import Camera
from course_utils.widgets.plain import PlainPanel

pytestmark = pytest.mark.usefixtures("english", "quiet_cell")
VIEWS = [views.Histograms(), views.Curves()]


@pytest.fixture
def displayed(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda *things, **_: shown.extend(things))
    return shown


@pytest.fixture
def live(monkeypatch, displayed, quiet_cell):
    monkeypatch.setenv("COURSE_MODE", "live")
    monkeypatch.setattr(lab, "CELL", quiet_cell)
    return displayed


@pytest.fixture
def make_lab(session):
    made = []

    def make(*arguments, **options):
        made.append(Lab(session, *arguments, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def shown(make_lab, live):
    made = make_lab([views.Histograms(), views.Curves()])
    made.show()
    return made


class Wire:
    """Notes what a widget publishes on its comm."""

    def __init__(self, widget, monkeypatch):
        self.messages = []

        def send(data=None, metadata=None, buffers=None):
            self.messages.append((data, buffers))

        monkeypatch.setattr(widget.comm, "send", send)

    @property
    def custom(self):
        return [data["content"] for data, _ in self.messages if data["method"] == "custom"]


def says(made, **message):
    """A message of the page, as ipywidgets hands it over."""
    made._panel.widget._handle_custom_msg(message, [])


# --- live: the canvas -------------------------------------------------------------------------


def test_the_panel_is_displayed_and_waits_for_play(shown, live, session):
    (box,) = live
    assert box is shown.box() and box.children == (shown._panel.widget,)
    widget = shown._panel.widget
    assert widget.config["label"].endswith("test") and widget.state["status"] == "paused"
    assert not session.playing


def test_autoplay(make_lab, live, session, until):
    make_lab(VIEWS).show(autoplay=True)
    until(lambda: session.playing)


def test_messages_in_frames_and_answers_out(shown, session, monkeypatch, until):
    wire = Wire(shown._panel.widget, monkeypatch)
    says(shown, type="hello", view="a")
    until(lambda: [m for m in wire.custom if m["type"] == "frame"])
    ((data, buffers),) = [
        m for m in wire.messages if m[0].get("content", {}).get("type") == "frame"
    ]
    frame = data["content"]
    assert len(buffers) == 4 and all(isinstance(buffer, bytes) for buffer in buffers)
    assert len(buffers[frame["views"][0]["buffers"]["real"]]) == 4 * 30
    says(shown, type="command", id=5, action="set", knobs={"flip_rate": 0.3})
    until(lambda: {"type": "answer", "id": 5, "error": None} in wire.custom)
    until(lambda: shown._panel.widget.state["knobs"]["flip_rate"] == 0.3)
    assert session.read(lambda gan: gan.knobs["flip_rate"]) == 0.3


def test_a_call_of_show_again_shows_the_same_panel(shown, live):
    shown.show()
    assert live[0] is live[1]


def test_the_cell_run_again_with_the_same_session(shown, make_lab, live):
    again = make_lab(VIEWS)
    again.show()
    assert shown._panel.widget.state["status"] == "replaced"
    assert again._panel.widget.state["status"] == "paused"
    shown.show()  # the older variable shown once more is a new panel
    assert shown._panel.widget.state["status"] == "paused"
    assert again._panel.widget.state["status"] == "replaced"


def test_a_closed_lab_leaves_no_thread_no_listener_no_widget(make_lab, live, session):
    widgets, threads = set(ipywidgets.widgets.widget._instances), set(threading.enumerate())
    made = make_lab(VIEWS)
    made.show()
    says(made, type="hello", view="a")
    made.close()
    made.close()
    deadline = time.monotonic() + 5
    while set(threading.enumerate()) - threads and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - threads
    assert session.read(lambda gan: session._listeners) == []
    assert not session.closed
    left = {type(widget).__name__ for name, widget in ipywidgets.widgets.widget._instances.items()
            if name not in widgets}  # fmt: skip
    assert left <= {"Layout"}  # ipywidgets itself forgets those


def test_a_lab_that_was_never_shown_leaves_nothing(session):
    made = Lab(session, VIEWS)
    assert session.read(lambda gan: session._listeners) == []
    gone = weakref.ref(made)
    del made
    gc.collect()
    assert gone() is None


def test_bad_arguments_are_refused_at_once(session):
    with pytest.raises(ValueError, match="knobs"):
        Lab(session, knobs=["no_such"])
    with pytest.raises(ValueError, match=r"views\.Points"):
        Lab(session, [views.Images()])
    with pytest.raises(ValueError, match="steps"):
        Lab(session, steps=-1)


def test_views_that_suit_the_samples(session, image_gan):
    from course_utils.training import Session

    kinds = [view.kind for view in Lab(session).views]
    assert kinds == ["points", "curves", "histograms"]
    images = Session(image_gan, name="images")
    assert [view.kind for view in Lab(images).views] == ["images", "curves", "histograms"]
    images.close()


def test_save_and_replay(session, make_lab, tmp_path):
    made = make_lab(VIEWS)
    session.play(30)
    session.wait(20)
    log = session.read(lambda gan: gan.history.log())
    made.save(tmp_path / "run.json")
    session.reset(4)
    made.replay(tmp_path / "run.json")
    session.wait(20)
    assert session.read(lambda gan: gan.history.log()) == log
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(ValueError, match="replay"):
        made.replay(tmp_path / "bad.json")


# --- the plain panel --------------------------------------------------------------------------


def test_without_a_hello_the_plain_panel_comes_and_goes_with_a_late_one(
    make_lab, live, monkeypatch, until
):
    monkeypatch.setattr(lab, "CANVAS_SECONDS", 0.05)
    made = make_lab(VIEWS)
    made.show()
    until(lambda: len(made.box().children) == 2)
    assert "canvas has not appeared" in made.box().children[1].children[0].value
    says(made, type="hello", view="a")
    assert made.box().children == (made._panel.widget,)


def test_no_plain_panel_while_a_cell_may_hold_up_the_hello(
    make_lab, live, monkeypatch, until, quiet_cell
):
    monkeypatch.setattr(lab, "CANVAS_SECONDS", 0.02)
    quiet_cell.running = True
    made = make_lab(VIEWS)
    made.show()
    time.sleep(0.2)
    assert len(made.box().children) == 1
    quiet_cell.running = False
    until(lambda: len(made.box().children) == 2)


def test_a_canvas_that_came_up_keeps_the_plain_panel_away(make_lab, live, monkeypatch):
    monkeypatch.setattr(lab, "CANVAS_SECONDS", 0.3)
    made = make_lab(VIEWS)
    made.show()
    says(made, type="hello", view="a")
    time.sleep(0.5)
    assert len(made.box().children) == 1


@pytest.fixture
def quick_picture(monkeypatch):
    from course_utils import plotting

    monkeypatch.setattr(plotting, "png", lambda figure: b"picture")
    monkeypatch.setattr(Camera, "figure", lambda *arguments: None)


@pytest.fixture
def plain(shown):
    panel = PlainPanel(shown._controller, "why")
    shown._controller.add(panel)
    yield panel
    shown._controller.remove(panel)


def test_the_plain_panel_shows_picture_status_and_words(plain, session, until):
    until(lambda: bytes(plain._picture.value).startswith(b"\x89PNG"))
    first = bytes(plain._picture.value)
    session.play(20)
    session.wait(20)
    until(lambda: "step 20" in plain._status.value)
    until(lambda: bytes(plain._picture.value) != first)
    assert "D(x)" in plain._summary.value or "nothing has been" in plain._summary.value


def test_its_buttons(quick_picture, plain, session, until):
    plain._play.click()
    until(lambda: session.playing and plain._play.description == "Pause")
    plain._play.click()
    until(lambda: not session.playing and plain._play.description == "Play")
    step = session.read(lambda gan: gan.step)
    by_name = {button.description: button for button in plain._buttons}
    by_name["Step D"].click()
    until(lambda: session.read(lambda gan: gan.step) == step + 1)
    by_name["Save run"].click()
    until(lambda: "download=" in plain._file.value)
    by_name["New seed"].click()
    until(lambda: session.read(lambda gan: gan.step) == 0)


def test_its_knobs_both_ways(quick_picture, plain, session, until):
    plain._knobs["instance_noise"].value = 0.25
    until(lambda: session.read(lambda gan: gan.knobs["instance_noise"]) == 0.25)
    session.set(generator_learning_rate=0.01, latent_distribution="uniform")
    until(lambda: plain._knobs["generator_learning_rate"].value == 0.01)
    until(lambda: plain._knobs["latent_distribution"].value == "uniform")
    # What came from Python is not sent back as a move of the learner's, nor a slider's rounding.
    plain._knobs["fake_target"].value = -5.55e-17
    assert session.read(lambda gan: len(gan.history.changes())) == 3


def test_its_rewind_and_speed(quick_picture, plain, session, until):
    session.play(600)
    session.wait(20)
    until(lambda: len(plain._rewind.options) > 2)
    plain._rewind.value = plain._rewind.options[1]
    plain._go_back.click()
    until(lambda: session.read(lambda gan: gan.step) == plain._rewind.options[1])
    plain._speed.value = 5.0
    until(lambda: session.speed == 5)
    plain._speed.value = 0.0
    until(lambda: session.speed is None)
    until(lambda: plain._state["speed"] is None)
    assert plain._speed.label == "full speed"


def test_its_file_field_replays_and_refuses_in_words(quick_picture, plain, session, until):
    session.play(25)
    session.wait(20)
    log = session.read(lambda gan: gan.history.log())
    text = json.dumps({"format": "gan-course-run", "version": 1, "name": "x", **log}).encode()
    session.reset(9)
    plain._uploaded({"new": [{"name": "a", "content": memoryview(b"\xff")}]})
    until(lambda: "not JSON" in plain._message.value)
    plain._uploaded({"new": [{"name": "b", "content": memoryview(text)}]})
    until(lambda: session.read(lambda gan: gan.history.log()) == log)


def test_its_controls_have_labels_and_close_with_it(quick_picture, plain, shown):
    for control in plain._knobs.values():
        assert control.description and control.comm is not None
    shown._controller.remove(plain)
    assert all(control.comm is None for control in plain._knobs.values())


def test_no_box_names_a_panel_that_is_closed(make_lab, live):
    boxes, panels = [], []
    for _ in range(3):
        one = make_lab([views.Histograms()])
        one.show()
        boxes.append(one._box)
        panels.append(one._panel.widget)
    assert [panel.comm is None for panel in panels] == [True, False, False]
    assert [len(box.children) for box in boxes] == [0, 1, 1]
    assert all(box.comm is not None for box in boxes)  # outputs on pages name them


# --- headless ---------------------------------------------------------------------------------


@pytest.fixture
def pictures(monkeypatch):
    from course_utils import plotting

    shown = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: shown.append((figure, alt)))
    return shown


@pytest.fixture
def headless(monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "headless")


def test_headless_trains_its_steps_and_leaves_picture_and_words(
    make_lab, headless, pictures, session, capsys, displayed
):
    make_lab([views.Points(), views.Curves()], steps=50).show()
    ((figure, alt),) = pictures
    assert alt.startswith("Step 50.") and alt in capsys.readouterr().out
    assert session.read(lambda gan: gan.step) == 50 and not session.playing
    assert len(figure.axes) >= 4 and displayed == []
    assert session.read(lambda gan: session._listeners) == []


def test_headless_draws_the_curve_of_a_measure(make_lab, headless, pictures):
    make_lab([views.Curves(measures={"step now": lambda gan: gan.step})], steps=60).show()
    ((figure, _),) = pictures
    lines = [line for ax in figure.axes for line in ax.lines if line.get_label() == "step now"]
    values = np.asarray(lines[0].get_ydata(), float)
    assert len(set(values[np.isfinite(values)])) >= 8


def test_headless_a_failure_is_raised_after_the_picture(make_lab, headless, pictures, session):
    def run(steps, players="both"):
        raise RuntimeError("our slip")

    session._gan.run = run
    with pytest.raises(RuntimeError, match="our slip"):
        make_lab([views.Curves()], steps=5).show()
    assert len(pictures) == 1


def test_headless_picture_is_small_and_has_all_glyphs(make_lab, headless, session, monkeypatch):
    from course_utils import plotting

    sizes = []

    def show(figure, alt):
        with plotting.missing_glyphs():
            sizes.append(len(plotting.png(figure)))

    monkeypatch.setattr(plotting, "show", show)
    monkeypatch.setattr(language, "_chosen", "zh")
    make_lab(steps=300).show()
    assert sizes[0] <= 60_000


# --- words ------------------------------------------------------------------------------------


def test_every_word_of_the_front_end_is_there_in_both_languages(monkeypatch):
    names = json.loads((javascript.STATIC / "strings.json").read_text("utf-8"))
    assert set(names) <= set(strings.STRINGS)
    assert strings.for_front_end().keys() == names.keys()
    for both in [*strings.STRINGS.values(), *strings.CURVES.values(), *strings.GROUPS.values()]:
        assert both.en and both.zh
    for name, describes in names.items():
        both = strings.STRINGS[name]
        for field in ("step", "rate", "seed", "title", "value", "low", "high", "count"):
            wanted = f"{{{field}}}"
            assert (wanted in both.en) == (wanted in both.zh) == (wanted in describes), name


def test_chinese_words_are_chinese(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")
    assert strings.for_front_end()["play"] == "开始训练"


def test_knobs_groups_and_choices_have_words():
    from course_utils.training import KNOBS

    for knob in KNOBS.values():
        assert knob.group in strings.GROUPS and set(knob.choices) <= set(strings.CHOICES)


def test_importing_the_widgets_is_cheap():
    import subprocess
    import sys

    code = "import sys, course_utils.widgets.lab; assert not {'tensorflow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_cell_is_watched_by_the_panel_in_a_notebook(quiet_cell, shown):
    assert presence.CELL is quiet_cell
