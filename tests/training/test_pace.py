"""Speed limits, posts and replays of a session: what the live panel leans on."""

import json
import threading
import time

import numpy as np
import pytest

from course_utils.training import Session, SessionClosed
from course_utils.training.pace import Pace
from course_utils.training.session import close_all


@pytest.fixture
def session(gan):
    session = Session(gan, name="test")
    yield session
    close_all()


def all_weights(gan):
    models = gan.generator, gan.discriminator, gan.ema_generator
    return [variable.numpy().copy() for model in models for variable in model.variables]


def same(ours, theirs):
    return all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_a_speed_limit_is_kept_and_lifted(session):
    session.step()  # compiles
    session.wait()
    session.set_speed(50)
    start, first = time.monotonic(), session.read(lambda gan: gan.step)
    session.play()
    time.sleep(1.5)
    made, seconds = session.read(lambda gan: gan.step) - first, time.monotonic() - start
    assert 20 < made <= 50 * seconds + 2
    assert 0 < session.steps_per_second < 100
    session.set_speed(None)
    assert session.speed is None
    assert until(lambda: session.read(lambda gan: gan.step) > first + made + 500)
    session.pause()
    assert session.steps_per_second == 0


def test_a_slow_session_still_answers_at_once(session):
    session.step()
    session.wait()
    session.set_speed(0.1)
    session.play()
    assert until(lambda: session.read(lambda gan: gan.step) == 2)
    start = time.monotonic()
    session.set(instance_noise=0.2)
    session.pause()
    assert time.monotonic() - start < 2  # the next step is due 10 s later


@pytest.mark.parametrize("speed", [0, -1, 1e9, "fast", float("nan"), True])
def test_impossible_speeds_are_refused(session, speed):
    with pytest.raises(ValueError, match=r"0\.1 … 1e\+06"):
        session.set_speed(speed)
    assert session.speed is None


def test_chunks_grow_to_the_time_they_should_take():
    pace = Pace()
    pace.start()
    for _ in range(20):
        pace.record(pace.count(), pace.count() * 1e-4)
    assert 200 <= pace.count() <= 400
    for _ in range(20):
        pace.record(pace.count(), pace.count() * 1e-2)
    assert pace.count() <= 4


def test_posts_do_not_wait_and_act_before_the_next_chunk(session):
    entered, go = threading.Event(), threading.Event()
    session.post(lambda s: (entered.set(), go.wait(20)))
    assert entered.wait(20)
    start = time.monotonic()
    futures = [session.post(lambda s, k=k: s.set(instance_noise=k / 1000)) for k in range(100)]
    futures.append(session.post(lambda s: s.play(1)))
    assert time.monotonic() - start < 2 and not any(future.done() for future in futures)
    go.set()
    for future in futures:
        future.result(20)
    session.wait()
    events = session.read(lambda gan: gan.history.log()["events"])
    assert [event["set"]["instance_noise"] for event in events[:-1]] == [
        k / 1000 for k in range(1, 100)
    ]
    assert events[-1] == {"run": 1, "players": "both"}


def test_what_goes_wrong_in_a_post_is_in_its_future_only(session):
    future = session.post(lambda s: s.set(instance_noise=7))
    with pytest.raises(ValueError, match="instance_noise"):
        future.result(20)
    session.play(1)
    assert session.wait(20)


def test_posts_to_a_closed_session_are_refused(session):
    go = threading.Event()
    session.post(lambda s: go.wait(20))
    late = session.post(lambda s: s.play())
    closer = threading.Thread(target=session.close)
    closer.start()
    assert until(lambda: session.closed)
    go.set()
    closer.join(20)
    for future in (late, session.post(lambda s: s.play())):
        assert isinstance(future.exception(20), SessionClosed)


def test_a_replay_gives_the_same_weights_and_the_same_log(session, gan):
    session.set(flip_rate=0.05)
    session.play(120)
    session.wait()
    session.set(instance_noise=0.1, latent_distribution="uniform")
    session.step("generator", 3)
    session.wait()
    session.play(700)
    session.wait()
    session.set(instance_noise=0.0)
    log = json.loads(session.read(lambda gan: gan.history.log_json()))
    weights, rows = session.read(all_weights), session.read(lambda gan: gan.history.rows.copy())
    session.set(r1_weight=2.0)
    session.reset(5)
    session.replay(log)
    assert session.replaying
    assert session.wait(30) and not session.replaying
    assert session.read(lambda gan: gan.history.log()) == log
    assert same(weights, session.read(all_weights))
    np.testing.assert_array_equal(rows, session.read(lambda gan: gan.history.rows))


def test_a_replay_can_be_paused_and_goes_on(session):
    session.play(600)
    session.wait()
    log, weights = session.read(lambda gan: gan.history.log()), session.read(all_weights)
    session.set_speed(300)
    session.replay(log)
    assert until(lambda: session.read(lambda gan: gan.step) > 20)
    session.pause()
    assert session.replaying and session.read(lambda gan: gan.step) < 600
    session.set_speed(None)
    session.play()
    assert session.wait(30) and not session.replaying
    assert same(weights, session.read(all_weights))


@pytest.mark.parametrize(
    "take_over",
    [
        lambda session: session.set(instance_noise=0.3),
        lambda session: session.step("both", 1),
        lambda session: session.reset(1),
        lambda session: session.rewind(0),
    ],
)
def test_a_hand_on_the_controls_ends_a_replay(session, take_over):
    session.play(600)
    session.wait()
    log = session.read(lambda gan: gan.history.log())
    session.set_speed(100)
    session.replay(log)
    take_over(session)
    assert not session.replaying
    session.pause()
    session.set_speed(None)
    session.play(5)
    assert session.wait(20)


@pytest.mark.parametrize(
    "log",
    [
        {"seed": 0, "knobs": {}},
        {"seed": 0, "knobs": {}, "events": [{"walk": 1}]},
        {"seed": 0, "knobs": {}, "events": [{"run": -5, "players": "both"}]},
        {"seed": 0, "knobs": {}, "events": [{"run": 5, "players": "referee"}]},
        {"seed": 0, "knobs": {}, "events": [{"set": {"instance_noise": 9}}]},
        {"seed": 0, "knobs": {"charm": 1}, "events": []},
        {"seed": -1, "knobs": {}, "events": []},
        {"seed": 0, "knobs": [], "events": [{"set": 3}]},
        7,
    ],
)
def test_a_bad_log_changes_nothing(session, log):
    session.play(50)
    session.wait()
    weights = session.read(all_weights)
    with pytest.raises((ValueError, TypeError)):
        session.replay(log)
    assert session.read(lambda gan: gan.step) == 50 and not session.replaying
    assert same(weights, session.read(all_weights))
