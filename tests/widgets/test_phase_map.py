"""The phase map: its training, its results, its panel's messages, and how each of them ends."""

import threading
import time

import numpy as np
import pytest

from course_utils import language
from course_utils.evaluation.outcomes import CHECKPOINTS, OUTCOMES
from course_utils.widgets import javascript

X = ("generator_learning_rate", [1e-3, 3e-3, 1e-2])
Y = ("instance_noise", [0.0, 0.1])


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture(scope="module")
def build():
    from course_utils.data.targets import x_squared
    from course_utils.models import x2
    from course_utils.training import GAN

    def make(**knobs):
        return GAN(x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=8, **knobs)

    return make


class Ring:
    """A fleet that compiles nothing: member i draws circles that grow from step to step."""

    def __init__(self, gan, **knobs):
        self._sizes = [len(values) for values in knobs.values()]
        self.step = 0

    def __len__(self):
        return self._sizes[0]

    def run(self, steps):
        time.sleep(0.002)
        self.step += steps

    def generate(self, count, seed=0):
        angle = np.linspace(0, 6, count)
        circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1).astype(np.float32)
        return (np.arange(len(self)) / 10 + self.step / 1000)[:, None, None] * circle


class Stub:
    """A GAN that has knobs, and nothing else."""

    def __init__(self, **knobs):
        from course_utils.data.targets import x_squared
        from course_utils.training.sources import PointSource

        self.knobs, self.source = knobs, PointSource(x_squared)

    def reset(self, seed):
        from course_utils.training.randomness import check_seed

        self.seed = check_seed(seed)


@pytest.fixture
def make(monkeypatch, until):
    """Makes maps of a fleet that is quick; see `finished` for a real one."""
    from course_utils.training import fleet
    from course_utils.widgets import PhaseMap

    monkeypatch.setattr(fleet, "Fleet", Ring)
    made = []

    def map_(x=X, y=Y, build=Stub, **options):
        made.append(PhaseMap(build, x, y, **{"steps": 40, "seed": 2, **options}))
        return made[-1]

    yield map_
    for one in made:
        one.close()
    until(
        lambda: not [t.name for t in threading.enumerate() if t.name.startswith("phase-map")], 200
    )


@pytest.fixture(scope="module")
def finished(build):
    from course_utils.widgets import PhaseMap

    done = PhaseMap(build, X, Y, steps=40, seed=2, name="finished")
    done.run.finish()
    yield done
    done.close()


@pytest.fixture
def live(make, monkeypatch, quiet_cell):
    """A map on a page, and what its canvas sends."""
    monkeypatch.setenv("COURSE_MODE", "live")

    def show(**options):
        shown = make(**options)
        shown.show()
        sent = []
        shown._panel._canvas.send = lambda message, buffers=None: sent.append(message)
        return shown, sent

    return show


def say(shown, **message):
    """A message from the page."""
    shown._panel._receive({"view": "v", "id": "v-1", **message})


# --- training and results -----------------------------------------------------------------------


def test_results_have_one_record_for_each_cell(finished):
    results = finished.results
    assert results.shape == (2, 3)
    np.testing.assert_allclose(results["x"], np.tile(X[1], (2, 1)), rtol=1e-6)
    np.testing.assert_allclose(results["y"], np.repeat(Y[1], 3).reshape(2, 3), rtol=1e-6)
    assert set(results["outcome"].flat) <= set(OUTCOMES)
    assert np.isfinite(results["measure"]).all() and np.isnan(results["modes"]).all()
    assert finished.status == "done" and finished.run.fleet.step == 40


def test_a_cell_is_the_run_that_open_makes_alone(finished):
    """Row and column are not mixed up, and neither are seed, knobs and steps."""
    session = finished.open(1, 0)
    session.wait()
    knobs = session.read(lambda gan: dict(gan.knobs))
    assert (knobs["generator_learning_rate"], knobs["instance_noise"]) == (1e-3, 0.1)
    assert session.read(lambda gan: (gan.seed, gan.step)) == (2, 40)
    alone = session.read(lambda gan: gan.generate(50, seed=1))
    points = finished.run.fleet.generate(50, seed=1).reshape(2, 3, 50, 2)
    np.testing.assert_allclose(points[1, 0], alone, atol=1e-4)
    session.close()


def test_what_colours_a_cell(make):
    shown = make(measure=("width", lambda points: float(np.ptp(points[:, 0]))))
    shown.run.finish()
    points = shown.run.fleet.generate(200, seed=7)
    np.testing.assert_allclose(shown.run.values, np.ptp(points[:, :, 0], axis=1), rtol=1e-5)
    assert shown.colour_limits() == (shown.run.values.min(), shown.run.values.max())


def test_a_run_that_diverges_is_shown_as_such(make):
    shown = make(x=("generator_learning_rate", [1e-3, 2e-3]))
    generate = shown.run.fleet.generate

    def with_infinity(count, seed):
        points = generate(count, seed)
        points[1, 3, 0] = np.inf
        return points

    shown.run.fleet.generate = with_infinity
    shown.run.finish()
    assert shown.results["outcome"][0, 1] == "diverged"
    assert np.isfinite(shown.results["measure"]).tolist() == [[True, False], [True, True]]
    assert "diverged" not in shown.results["outcome"].flat[[0, 2, 3]]
    shown.figure()


def test_stop_and_go_on_gives_the_same(make):
    whole, shown = make(name="another"), make()
    whole.run.finish()
    stops = []

    def stop_once(run):
        if run.fleet.step and not stops:
            stops.append(run.fleet.step)
            run.ask_to_stop()

    shown.run._listener = stop_once
    shown.start()
    shown.wait()
    assert shown.status == "stopped" and 0 < shown.run.fleet.step < 40
    assert set(shown.results["outcome"].flat) == {""}
    shown.start()
    shown.wait()
    assert shown.status == "done"
    for field in whole.results.dtype.names:
        np.testing.assert_array_equal(shown.results[field], whole.results[field])


def test_starting_pauses_sessions(make, session, until):
    session.play()
    shown = make()
    shown.start()
    shown.wait()
    until(lambda: not session.playing, 200)


def test_progress_is_told_while_it_trains(make):
    shown, steps = make(), []
    shown.run._listener = lambda run: steps.append(run.fleet.step)
    shown.run.finish()
    assert len(set(steps)) >= CHECKPOINTS and steps == sorted(steps)


# --- how it ends ----------------------------------------------------------------------------------


def test_a_second_map_of_the_same_name_replaces_the_first(make):
    first, second = make(steps=100_000), make()
    first.start()
    assert first.status == "replaced" and first.run.status == "ready"  # it does not start again
    third = make(steps=100_000)
    third.start()
    fourth = make()
    assert third.status == "replaced" and third.run.status == "stopped"
    assert second.status == "replaced" and fourth.status == "ready"


def test_an_exception_stops_it_and_is_raised(make):
    shown = make(measure=("bad", lambda points: 1 / 0))
    shown.start()
    with pytest.raises(ZeroDivisionError):
        shown.wait()
    assert shown.status == "failed"
    with pytest.raises(ZeroDivisionError):
        shown.results  # noqa: B018
    with pytest.raises(ZeroDivisionError):
        make(measure=("bad", lambda points: 1 / 0)).run.finish()


def test_an_interrupt_stops_it(make, monkeypatch):
    shown = make(steps=100_000)
    shown.start()

    def interrupted(self, timeout=None):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shown.wait()
    assert shown.status == "stopped"


def test_an_interrupt_of_the_headless_run_leaves_a_picture(make, monkeypatch, capsys):
    shown = make()
    run = Ring.run

    def interrupted(self, steps):
        run(self, steps)
        if self.step >= 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(Ring, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shown.show()
    assert shown.status == "stopped" and "step 10 of 40" in capsys.readouterr().out


def test_closing_stops_it(make):
    shown = make(steps=100_000)
    shown.start()
    shown.close()
    shown.close()
    assert shown.status == "closed" and shown.run.status in ("stopped", "ready")


# --- without a front end --------------------------------------------------------------------------


def test_headless_trains_and_leaves_picture_and_text(make, capsys, monkeypatch):
    from course_utils import plotting

    pictures = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: pictures.append((figure, alt)))
    shown = make()
    shown.show()
    (figure, alt), printed = pictures[0], capsys.readouterr().out
    assert shown.status == "done" and alt == printed.strip()
    assert "3 × 2 GANs" in alt and "step 40 of 40" in alt
    axes = figure.axes[0]
    letters = {text.get_text() for text in axes.texts}
    assert letters == {str(OUTCOMES[name].letter) for name in shown.outcomes()}
    assert len(axes.texts) == 6


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_picture_has_all_its_glyphs(make, code, monkeypatch):
    from course_utils import plotting

    monkeypatch.setattr(language, "_chosen", code)
    shown = make()
    shown.run.finish()
    shown.run.verdicts = [
        verdict._replace(outcome=name)
        for verdict, name in zip(shown.run.verdicts, [*OUTCOMES, "learned"], strict=True)
    ]
    with plotting.missing_glyphs():
        plotting.png(shown.figure())


# --- on the page ----------------------------------------------------------------------------------


def test_the_page_starts_stops_and_hears_of_it(live, until):
    shown, sent = live(steps=100_000)
    say(shown, type="hello")
    assert sent == [{"type": "alive"}]
    assert shown._panel._canvas.state["status"] == "ready"
    say(shown, type="command", action="start")
    until(lambda: shown._panel._canvas.state["step"] > 0)
    assert shown._panel._canvas.state["status"] == "training"
    say(shown, type="command", action="stop", id="v-2")
    until(lambda: shown._panel._canvas.state["status"] == "stopped")
    assert [(m["id"], m["error"]) for m in sent if m["type"] == "answer"] == [
        ("v-1", None), ("v-2", None),
    ]  # fmt: skip


def test_the_state_has_what_is_drawn(live):
    shown, _ = live()
    config = shown._panel._canvas.config
    assert config["x"]["labels"] == ["0.001", "0.003", "0.01"]
    assert len(config["y"]["labels"]) == 2
    assert shown._panel._canvas.state["values"] == [None] * 6
    shown.start()
    shown.wait()
    state = shown._panel._canvas.state
    assert state["outcomes"] == shown.outcomes() and state["status"] == "done"
    np.testing.assert_allclose(state["values"], shown.run.values, rtol=1e-3)


def test_a_click_opens_that_run_in_a_lab(live, build, until, monkeypatch):
    from course_utils.training import session as sessions
    from course_utils.widgets import lab as labs

    monkeypatch.setattr(labs, "CANVAS_SECONDS", 1000.0)  # nobody answers for the lab's canvas
    shown, _ = live(build=build)
    say(shown, type="command", action="open", row=1, column=2)
    until(lambda: shown._panel._lab is not None, 200)
    lab = shown._panel._lab
    assert len(shown._panel._box.children) == 2
    lab.session.wait()
    assert lab.session.read(lambda gan: gan.knobs["instance_noise"]) == 0.1
    assert shown._panel._canvas.state["opened"] == [1, 2]
    say(shown, type="command", action="open", row=0, column=0)
    until(lambda: shown._panel._lab is not lab, 200)
    assert len(shown._panel._box.children) == 2 and lab.session.closed
    opened = shown._panel._lab.session
    shown.close()
    assert opened.closed and "phase map: one run" not in sessions._sessions


@pytest.mark.parametrize(
    "message", [{"action": "open", "row": 5, "column": 0}, {"action": "fly"}, {}]
)
def test_a_wrong_command_is_answered_with_what_is_wrong(live, until, message):
    shown, sent = live()
    say(shown, type="command", **message)
    if message.get("action") == "open":
        until(lambda: "row is 5" in shown._panel._canvas.state["note"], 200)
    else:
        assert "unknown action" in sent[-1]["error"]


def test_a_failure_is_shown_on_the_page(live):
    shown, _ = live(measure=("bad", lambda points: 1 / 0))
    shown.start()
    with pytest.raises(ZeroDivisionError):
        shown.wait()
    state = shown._panel._canvas.state
    assert state["status"] == "failed" and "ZeroDivisionError" in state["message"]


def test_a_replaced_map_says_so_on_the_page(live, make):
    shown, _ = live()
    make()
    state = shown._panel._canvas.state
    assert state["status"] == "replaced" and "newer map" in state["message"]


def test_a_picture_takes_the_place_of_a_canvas_that_does_not_come(live):
    shown, _ = live()
    panel = shown._panel
    panel._timer.cancel()
    panel._canvas_is_late()
    plain = panel._plain
    assert plain.widget in panel._box.children and plain._button.description == "Start"
    plain._button.click()
    shown.wait()
    assert plain._button.disabled and "step 40 of 40" in plain._line.value
    assert bytes(plain._image.value).startswith(b"\x89PNG")
    say(shown, type="hello")  # it has come after all
    assert plain.widget not in panel._box.children


def test_the_page_knows_every_string():
    import re

    from course_utils.widgets.phase_words import STRINGS

    source = (javascript.STATIC / "phase_map.js").read_text("utf-8")
    said = set(re.findall(r'say\("(\w+)"', source))
    status = {"ready", "training", "stopped", "done", "failed", "replaced", "closed"}
    python = {"opening", "was_replaced", "was_closed", "broken", "fallback"}  # used there
    assert said | status | {"start", "stop", "continue"} | python == set(STRINGS)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": ("temperature", [1.0])}, "no knob 'temperature'"),
        ({"x": ("r1_weight", [])}, "one value or more"),
        ({"x": ("r1_weight", [0.1, 0.1])}, "one value or more"),
        ({"x": ("r1_weight", [0.1, -1])}, "r1_weight = -1"),
        ({"x": Y}, "two different knobs"),
        ({"steps": 19}, "steps is 19"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_refuses_what_makes_no_map(make, options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)


def test_refuses_a_build_that_drops_the_knobs(make):
    with pytest.raises(ValueError, match=r"Pass the knobs on"):
        make(build=lambda **knobs: Stub(**{**knobs, "instance_noise": 0.2}))


def test_refuses_cells_that_do_not_exist(finished):
    for row, column in ((2, 0), (0, 3), (-1, 0)):
        with pytest.raises(ValueError, match="must be a whole number"):
            finished.open(row, column)
