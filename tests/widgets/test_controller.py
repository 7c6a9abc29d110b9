"""The controller: commands, state, frames, and everything that can happen to a panel."""

import gc
import json
import threading
import time
import weakref

import pytest

from course_utils.training import NonFiniteError, Session
from course_utils.widgets import recording, views
from course_utils.widgets.controller import Controller

pytestmark = pytest.mark.usefixtures("english", "quiet_cell")


@pytest.fixture
def controller(session, clock):
    controller = Controller(session, [views.Histograms(), views.Curves()], clock=clock)
    controller.open()
    yield controller
    controller.close()


@pytest.fixture
def face(controller, make_face):
    face = make_face()
    controller.add(face)
    return face


@pytest.fixture
def command(controller, face, until):
    """Sends a command, waits for its answer, and returns the error."""
    numbers = iter(range(1000))

    def send(action, **fields):
        number = next(numbers)
        message = {"type": "command", "id": number, "action": action, **fields}
        controller.receive(message)
        until(lambda: face.answers(number))
        assert len(face.answers(number)) == 1
        return face.answers(number)[0]

    return send


def say(controller, kind, view="a", **fields):
    controller.receive({"type": kind, "view": view, **fields})


def settled(controller, settle):
    settle(controller.session)
    return controller.state


# --- commands ---------------------------------------------------------------------------------


def test_play_and_pause(controller, session, command, settle, until):
    assert command("play") is None and session.playing
    until(lambda: controller.state["status"] == "playing")
    until(lambda: session.read(lambda gan: gan.step) > 0)
    assert command("pause") is None and not session.playing
    state = settled(controller, settle)
    assert state["status"] == "paused" and state["message"] == ""
    assert state["step"] == session.read(lambda gan: gan.step)


@pytest.mark.parametrize("players", ["both", "discriminator", "generator"])
def test_one_step(controller, session, command, settle, players):
    assert command("step", players=players) is None
    session.wait(20)
    events = session.read(lambda gan: gan.history.events)
    assert events == [{"run": 1, "players": players}]
    assert settled(controller, settle)["step"] == 1


def test_knobs_are_set_and_marked(controller, command, settle):
    assert command("set", knobs={"instance_noise": 0.25, "latent_distribution": "uniform"}) is None
    state = settled(controller, settle)
    assert state["knobs"]["instance_noise"] == 0.25
    assert [0, "instance noise", "0.25"] in state["changes"]
    assert [0, "latent distribution", "uniform on [-1, 1]"] in state["changes"]


def test_speed(controller, session, command, settle):
    assert command("speed", value=5) is None and session.speed == 5
    assert settled(controller, settle)["speed"] == 5
    assert command("speed", value=None) is None and session.speed is None


def test_reset_and_rewind(controller, session, command, settle):
    session.play(500)
    session.wait(20)
    snapshots = settled(controller, settle)["snapshots"]
    assert len(snapshots) > 2
    assert command("rewind", step=snapshots[1] + 1) is None
    assert settled(controller, settle)["step"] == snapshots[1]
    assert command("reset", seed=None) is None
    state = settled(controller, settle)
    assert state["step"] == 0 and state["seed"] == 0 and state["snapshots"] == [0]
    assert command("reset", seed=7) is None and settled(controller, settle)["seed"] == 7
    seeds = set()
    for _ in range(4):
        command("reset", seed="new")
        seeds.add(settled(controller, settle)["seed"])
    assert len(seeds) > 1


def test_save_and_replay(controller, session, face, command, settle):
    session.play(40)
    session.wait(20)
    command("set", knobs={"instance_noise": 0.1})
    assert command("save") is None
    (file,) = [message for message in face.sent if message["type"] == "file"]
    assert file["name"] == "test-40.json"
    log = recording.loads(file["text"])
    assert command("reset", seed=3) is None
    assert command("replay", text=file["text"]) is None
    session.wait(20)
    assert session.read(lambda gan: gan.history.log()) == log
    assert not settled(controller, settle)["replaying"]


GARBAGE = [
    ({"action": "explode"}, "explode"),
    ({"action": ["play"]}, "action"),
    ({}, "None"),
    ({"action": "step"}, "players"),
    ({"action": "step", "players": "nobody"}, "nobody"),
    ({"action": "step", "players": 3}, "players"),
    ({"action": "speed"}, "value"),
    ({"action": "speed", "value": "fast"}, "fast"),
    ({"action": "speed", "value": -1}, "-1"),
    ({"action": "speed", "value": 10**400}, "possible"),
    ({"action": "speed", "value": float("nan")}, "nan"),
    ({"action": "reset", "seed": "old"}, "old"),
    ({"action": "reset", "seed": 2**60}, "seed"),
    ({"action": "reset", "seed": [1]}, "seed"),
    ({"action": "rewind"}, "step"),
    ({"action": "rewind", "step": True}, "step"),
    ({"action": "rewind", "step": -4}, "-4"),
    ({"action": "rewind", "step": "9"}, "step"),
    ({"action": "set"}, "knobs"),
    ({"action": "set", "knobs": {}}, "knobs"),
    ({"action": "set", "knobs": [1]}, "knobs"),
    ({"action": "set", "knobs": {"no_such": 1}}, "no_such"),
    ({"action": "set", "knobs": {"instance_noise": 7}}, "instance_noise = 7"),
    ({"action": "set", "knobs": {"instance_noise": 10**400}}, "knobs"),
    ({"action": "set", "knobs": {"instance_noise": {}}}, "knobs"),
    ({"action": "set", "knobs": {"instance_noise": 0.5, "flip_rate": 9}}, "flip_rate"),
    ({"action": "set", "knobs": {"latent_distribution": "flat"}}, "flat"),
    ({"action": "replay"}, "text"),
    ({"action": "replay", "text": 3}, "text"),
    ({"action": "replay", "text": "no JSON"}, "JSON"),
    ({"action": "replay", "text": '{"format": "gan-course-run", "version": 9}'}, "version 9"),
]


@pytest.mark.parametrize(("fields", "says"), GARBAGE, ids=[str(g[0])[:50] for g in GARBAGE])
def test_garbage_is_answered_in_words_and_changes_nothing(
    controller, session, face, settle, until, fields, says
):
    before = session.read(lambda gan: (dict(gan.knobs), gan.history.log(), gan.step))
    controller.receive({"type": "command", "id": 1, **fields})
    until(lambda: face.answers(1))
    (error,) = face.answers(1)
    assert says in error and len(error) <= 1000
    settle(session)
    assert session.read(lambda gan: (dict(gan.knobs), gan.history.log(), gan.step)) == before
    assert not session.playing and session.speed is None and session.failure is None
    assert controller.state["message"] == ""


@pytest.mark.parametrize(
    "message",
    [
        None, 3, "play", [], {}, {"type": "dance", "id": 1}, {"type": "hello"},
        {"type": "hello", "view": 3}, {"type": "hello", "view": "x" * 1000},
        {"type": "ack", "view": "a"}, {"type": "ack", "view": "a", "number": "1"},
        {"type": "ack", "view": "a", "number": True},
        {"type": {"a": 1}, "id": {"b": 2}},
    ],
)  # fmt: skip
def test_messages_that_are_none_are_answered_and_harmless(controller, face, message):
    controller.receive(message)
    (answer,) = face.sent
    assert answer["type"] == "answer" and answer["error"]
    json.dumps(answer)
    assert controller.presence.views == 0


def test_an_error_that_nobody_expects_is_answered(controller, command, monkeypatch):
    monkeypatch.setattr(controller.session, "pause", lambda: 1 / 0)
    assert "ZeroDivisionError" in command("pause")


# --- config and state -------------------------------------------------------------------------


def test_config_and_state_are_plain_json(controller, session, command):
    config = json.loads(json.dumps(controller.config))
    assert len(config["knobs"]) == 13 and [view["kind"] for view in config["views"]] == [
        "histograms", "curves",
    ]  # fmt: skip
    by_name = {knob["name"]: knob for knob in config["knobs"]}
    assert by_name["latent_distribution"]["choices"] == ["uniform", "normal"]
    assert by_name["latent_distribution"]["default"] == "normal"
    assert by_name["generator_learning_rate"]["scale"] == "log"
    assert config["speeds"][0]["value"] is None
    assert {knob["group"] for knob in config["knobs"]} == {g["name"] for g in config["groups"]}
    session.play(30)
    session.wait(20)
    command("set", knobs={"flip_rate": 0.1})
    assert json.loads(json.dumps(controller.state)) == controller.state


def test_chosen_knobs_only(session):
    controller = Controller(session, [], ["flip_rate", "instance_noise", "flip_rate"])
    assert [knob["name"] for knob in controller.config["knobs"]] == ["flip_rate", "instance_noise"]
    for wrong in (["no_such"], "flip_rate"):
        with pytest.raises(ValueError, match="knobs"):
            Controller(session, [], wrong)


def test_the_state_is_sent_only_when_it_changed(controller, session, face, settle, clock):
    say(controller, "hello")
    settle(session)
    count = len(face.states)
    for _ in range(3):
        say(controller, "beat")
        settle(session)
    assert len(face.states) == count


def test_a_dragged_slider_is_one_mark_and_few_states(controller, session, face, command, settle):
    session.play(300)
    session.wait(20)
    settle(session)
    before = len(face.states)
    done = threading.Event()
    session.post(lambda s: done.wait(20))  # the worker is busy while all moves come in
    for number in range(100):
        fields = {"action": "set", "knobs": {"instance_noise": number / 200}}
        controller.receive({"type": "command", "id": f"m{number}", **fields})
    done.set()
    state = settled(controller, settle)
    assert state["knobs"]["instance_noise"] == 0.495
    assert [change[2] for change in state["changes"]] == ["0.495"]
    assert all(face.answers(f"m{number}") == [None] for number in range(100))
    assert len(face.states) - before <= 3


def test_at_most_a_hundred_changes_are_sent(gan):
    from course_utils.widgets.state import Changes

    changes = Changes()
    for number in range(90):
        gan.run(3)
        gan.set(instance_noise=number / 200 + 0.1)
        gan.set(flip_rate=number / 400 + 0.1)
        found = changes.update(gan.history)
    assert len(found) == 100 and found[-1] == (270, "label flips", "0.323")
    gan.reset()
    assert changes.update(gan.history) == []


@pytest.fixture
def attentive(controller, make_face, settle):
    """A face that acknowledges every frame at once."""
    face = make_face()
    note = face.show_frame

    def show_frame(frame, changes):
        note(frame, changes)
        say(controller, "ack", number=frame.number)

    face.show_frame = show_frame
    controller.add(face)
    say(controller, "hello")
    settle(controller.session)
    return face


def test_the_summary_of_a_run_that_stands_comes_at_once(controller, session, attentive, settle):
    assert "nothing has been trained" in controller.state["summary"]
    session.play(10)
    session.wait(20)
    summary = settled(controller, settle)["summary"]
    assert summary.startswith("Step 10. Mean D(x)") and "Half of D's answers" in summary


def test_the_summary_of_a_run_that_goes_on_comes_every_five_seconds(
    controller, session, attentive, clock, until, settle
):
    session.play(5)  # compiles
    session.wait(60)
    settle(session)
    before = controller.state["summary"]
    controller.play()
    until(lambda: controller.state["status"] == "playing")
    for _ in range(4):
        clock.now += 1
        step = attentive.frames[-1].step
        until(lambda step=step: attentive.frames[-1].step > step)
    assert controller.state["summary"] == before
    clock.now += 1
    until(lambda: controller.state["summary"] != before)


def test_acknowledgements_do_not_hasten_the_frames(controller, session, attentive, until, clock):
    session.play(5)  # compiles
    session.wait(60)
    controller.play()
    until(lambda: controller.state["status"] == "playing")
    shown = len(attentive.frames)
    step = session.read(lambda gan: gan.step)
    until(lambda: session.read(lambda gan: gan.step) > step + 300)  # the clock stands still
    assert len(attentive.frames) <= shown + 1


# --- frames -----------------------------------------------------------------------------------


def test_no_frame_before_hello_and_one_after(controller, session, face, settle):
    session.play(5)
    session.wait(20)
    settle(session)
    assert face.frames == []
    say(controller, "hello")
    settle(session)
    assert [frame.step for frame in face.frames] == [5]
    assert {"type": "alive"} in face.sent
    assert face.threads == ["training-test"]


def test_a_second_tab_gets_a_frame_though_nothing_changed(controller, session, face, settle):
    say(controller, "hello", "a")
    settle(session)
    say(controller, "ack", "a", number=1)
    say(controller, "hello", "b")
    settle(session)
    assert len(face.frames) == 2


def test_two_frames_in_flight_and_the_third_when_one_was_drawn(
    controller, session, face, command, settle
):
    say(controller, "hello")
    for noise in (0.1, 0.2, 0.3):
        command("set", knobs={"instance_noise": noise})
        settle(session)
    assert len(face.frames) == 2
    say(controller, "ack", number=1)
    settle(session)
    assert len(face.frames) == 3  # what was left out is made up for
    say(controller, "ack", number=3)
    settle(session)
    assert len(face.frames) == 3  # and nothing is drawn twice


def test_a_hidden_tab_costs_no_frame(controller, session, face, command, settle):
    say(controller, "beat", visible=False)
    command("set", knobs={"instance_noise": 0.1})
    settle(session)
    assert face.frames == []
    say(controller, "beat", visible=True)
    settle(session)
    assert len(face.frames) == 1


def test_full_speed_keeps_to_the_rate(session, make_face, until):
    controller = Controller(session, [views.Histograms()])
    face = make_face()
    face.show_frame = lambda frame, changes: (
        face.frames.append(frame),
        controller.receive({"type": "ack", "view": "a", "number": frame.number}),
    )
    controller.open()
    controller.add(face)
    say(controller, "hello")
    until(lambda: face.frames)
    controller.play()
    until(lambda: len(face.frames) > 3)
    first, started = len(face.frames), time.monotonic()
    until(lambda: len(face.frames) > first + 10)
    assert (len(face.frames) - first) / (time.monotonic() - started) <= 15
    controller.close()


def test_a_slow_run_shows_every_step(controller, session, attentive, until):
    session.set_speed(10)
    controller.play()
    until(lambda: attentive.frames[-1].step >= 6, 60)
    session.pause()
    steps = [frame.step for frame in attentive.frames]
    assert steps == sorted(steps) and set(range(7)) <= set(steps)


def test_while_the_kernel_is_deaf_frames_come_twice_a_second_without_acks(
    controller, session, face, command, settle, clock, quiet_cell
):
    say(controller, "hello")
    quiet_cell.running = True
    for number in range(6):
        clock.now += 0.3
        session.set(instance_noise=number / 10)
        settle(session)
    assert 3 <= len(face.frames) <= 5
    assert face.sent.count({"type": "alive"}) == 1 + len(face.frames)


# --- who is there -----------------------------------------------------------------------------


@pytest.fixture
def asleep(controller, session, face, command, clock, until):
    """A panel that has fallen asleep."""
    say(controller, "hello")
    command("play")
    clock.now += 10.1
    until(lambda: controller.state["status"] == "asleep")


def test_training_rests_when_nobody_is_there_and_says_so(asleep, controller, session):
    assert not session.playing
    assert "Nobody was looking" in controller.state["message"]


@pytest.mark.parametrize("kind", ["hello", "beat"])
def test_and_goes_on_when_somebody_is_back(asleep, controller, session, until, kind):
    say(controller, kind)
    until(lambda: session.playing)
    until(lambda: controller.state["status"] == "playing")
    assert controller.state["message"] == ""


def test_a_panel_that_was_paused_stays_paused(controller, session, face, command, clock, settle):
    say(controller, "hello")
    command("play")
    command("pause")
    clock.now += 100
    say(controller, "hello")
    settle(session)
    assert not session.playing and controller.state["status"] == "paused"


def test_pause_while_asleep_stays_paused(asleep, controller, session, command, settle):
    command("pause")
    say(controller, "beat")
    settle(session)
    assert not session.playing and controller.state["status"] == "paused"


def test_what_code_started_goes_on_without_anybody(controller, session, clock, face, until):
    clock.now += 100
    session.play()
    until(lambda: session.read(lambda gan: gan.step) > 200)
    assert session.playing and controller.state["status"] == "playing"


def test_a_running_cell_of_a_deaf_kernel_puts_nothing_to_sleep(
    controller, session, face, command, clock, quiet_cell, until
):
    say(controller, "hello")
    command("play")
    quiet_cell.running = True
    clock.now += 1000
    step = session.read(lambda gan: gan.step)
    until(lambda: session.read(lambda gan: gan.step) > step + 100)
    assert session.playing


def test_with_a_face_that_cannot_tell_training_goes_on(
    controller, session, face, make_face, command, clock, until
):
    plain = make_face(acknowledges=False)
    controller.add(plain)
    command("play")
    clock.now += 1000
    step = session.read(lambda gan: gan.step)
    until(lambda: session.read(lambda gan: gan.step) > step + 100)
    controller.remove(plain)
    assert plain.closed
    until(lambda: not session.playing)


# --- what happens from outside ----------------------------------------------------------------


def test_the_stop_button_pauses_and_the_panel_says_why(controller, session, face, command, until):
    from course_utils.training.session import pause_all

    say(controller, "hello")
    command("play")
    pause_all()  # what an interrupt does while no cell runs
    until(lambda: "stop button" in controller.state["message"])
    assert controller.state["status"] == "paused"
    command("play")
    until(lambda: controller.state["status"] == "playing")
    assert controller.state["message"] == ""


def test_the_panel_says_that_the_network_is_compiled(controller, session, gan, until):
    gan.trace_count = 0
    controller.play()
    until(lambda: "being compiled" in controller.state["message"])
    gan.trace_count = 1
    until(lambda: controller.state["message"] == "")


def test_the_sessions_own_speed_is_among_those_offered(session):
    session.set_speed(33)
    offered = [one["value"] for one in Controller(session, []).config["speeds"]]
    assert offered == [None, 1000, 500, 100, 33, 20, 5, 1]


def test_changes_made_in_python_are_shown(controller, session, face, settle):
    session.set(flip_rate=0.2)
    assert settled(controller, settle)["knobs"]["flip_rate"] == 0.2
    session.reset(11)
    assert settled(controller, settle)["seed"] == 11


def broken(session, error):
    def run(steps, players="both"):
        raise error

    session._gan.run = run


def test_a_failure_is_told_stops_training_and_is_raised_in_python(
    controller, session, face, command, until
):
    say(controller, "hello")
    broken(session, RuntimeError("our slip"))
    assert command("play") is None
    until(lambda: controller.state["status"] == "failed")
    message = controller.state["message"]
    assert "RuntimeError: our slip" in message and "Press Play" in message
    with pytest.raises(RuntimeError, match="our slip"):
        session.set(instance_noise=0.1)
    assert controller.state["status"] == "failed"  # the learner has not seen it yet


def test_play_dismisses_a_failure_and_shows_the_next(controller, session, face, command, until):
    say(controller, "hello")
    broken(session, RuntimeError("first"))
    command("play")
    until(lambda: "first" in controller.state["message"])
    broken(session, RuntimeError("second"))
    command("play")
    until(lambda: "second" in controller.state["message"])
    del session._gan.run
    command("play")
    until(lambda: controller.state["status"] == "playing")
    assert controller.state["message"] == "" and session.failure is None


def test_nan_says_where_and_goes_on(controller, session, face, command, until):
    say(controller, "hello")
    real_run = session._gan.run

    def overflows(steps, players="both"):
        rows = real_run(steps, players)
        if session._gan.history.steps >= 20:
            rows[-1] = float("nan")
        return rows

    session._gan.run = overflows
    command("play")
    until(lambda: controller.state["status"] == "failed")
    message = controller.state["message"]
    assert "NaN" in message and "instance_noise" in message and "step" in message
    assert isinstance(session.failure, NonFiniteError)
    del session._gan.run
    command("play")
    until(lambda: controller.state["status"] == "playing")
    until(lambda: session.read(lambda gan: gan.step) > 30)


class Failing(views.Histograms):
    def frame(self, gan, seen):
        raise RuntimeError("our slip")


def test_a_view_that_fails_is_named_and_training_goes_on(session, make_face, until):
    controller = Controller(session, [Failing(), views.Curves()])
    face = make_face(acknowledges=False)
    controller.open()
    controller.add(face)
    until(lambda: "our slip" in controller.state["message"])
    assert "both kinds of samples" in controller.state["message"]
    controller.play()
    until(lambda: face.frames[-1].step > 0)
    assert session.failure is None and session.playing
    controller.close()


def test_an_error_of_the_panel_itself_does_not_stop_training(
    controller, session, face, command, until, monkeypatch
):
    say(controller, "hello")
    monkeypatch.setattr(controller.camera, "take", lambda *a: 1 / 0)
    command("play")
    step = session.read(lambda gan: gan.step)
    until(lambda: session.read(lambda gan: gan.step) > step + 100)
    assert session.playing and session.failure is None
    monkeypatch.undo()
    until(lambda: "ZeroDivisionError" in controller.state["message"])


def test_another_listener_that_fails_is_told_at_the_next_beat(controller, session, face, until):
    session.on_change(lambda s: 1 / 0)
    session.post(lambda s: None).result(20)
    until(lambda: session.failure)
    say(controller, "beat")
    until(lambda: controller.state["status"] == "failed")
    assert "ZeroDivisionError" in controller.state["message"]


# --- ends -------------------------------------------------------------------------------------


def test_a_closed_session_is_told_at_the_next_beat(controller, session, face):
    say(controller, "hello")
    session.close()
    say(controller, "beat")
    assert controller.state["status"] == "closed"
    assert face.states[-1]["status"] == "closed" and "run the cell" in face.states[-1]["message"]
    controller.receive({"type": "command", "id": 1, "action": "play"})
    assert len(face.answers(1)) == 1 and "closed" in face.answers(1)[0]


def test_a_command_to_a_closed_session_is_answered_once(controller, session, face):
    session.close()
    controller.receive({"type": "command", "id": 1, "action": "play"})
    assert len(face.answers(1)) == 1 and "closed" in face.answers(1)[0]
    assert face.states[-1]["status"] == "closed"


def test_commands_that_wait_when_the_session_closes_are_answered(controller, session, face):
    begun, go = threading.Event(), threading.Event()
    session.post(lambda s: begun.set() or go.wait(20))
    begun.wait(20)
    for number in range(5):
        controller.receive({"type": "command", "id": number, "action": "play"})
    closing = threading.Thread(target=session.close)
    closing.start()
    while not session.closed:
        time.sleep(0.001)
    go.set()
    closing.join(20)
    assert not closing.is_alive()
    assert all(len(face.answers(number)) == 1 for number in range(5))


def test_the_newest_panel_of_a_session_is_the_live_one(controller, session, face, make_face, until):
    newer, newest = (Controller(session, [views.Curves()]) for _ in range(2))
    newer.open()
    assert controller.state["status"] == "replaced" and "newer panel" in controller.state["message"]
    assert not face.closed  # its page still says so
    controller.receive({"type": "command", "id": 1, "action": "play"})
    assert "newer panel" in face.answers(1)[0] and not session.playing
    assert session.read(lambda gan: len(session._listeners)) == 1
    newest.open()
    assert face.closed
    newest.close()
    newer.close()
    assert session.read(lambda gan: session._listeners) == []


def test_a_newer_session_of_the_name_replaces_panel_and_session(controller, session, face, gan):
    second = Session(gan, name="test")
    try:
        assert session.closed
        newer = Controller(second, [])
        newer.open()
        assert controller.state["status"] == "replaced"
        say(controller, "beat")
        assert controller.state["status"] == "replaced"
        newer.close()
    finally:
        second.close()


def test_opening_twice_listens_once(controller, session):
    controller.open()
    assert session.read(lambda gan: len(session._listeners)) == 1
    assert controller.state["status"] == "paused"


def test_a_closed_controller_leaves_nothing(session, make_face):
    threads = set(threading.enumerate())
    controller = Controller(session, [views.Points(), views.Curves()])
    controller.open()
    face = make_face()
    controller.add(face)
    say(controller, "hello")
    controller.close()
    controller.close()
    assert face.closed and session.read(lambda gan: session._listeners) == []
    gone = weakref.ref(controller)
    del controller, face
    session.post(lambda s: None).result(20)
    gc.collect()
    assert gone() is None
    assert set(threading.enumerate()) == threads
