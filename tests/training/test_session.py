"""The session: right from any thread, nothing lost, nothing left running."""

import contextlib
import random
import sys
import threading
import time
from concurrent.futures import Future

import numpy as np
import pytest

from course_utils.training import GANInUse, NonFiniteError, Session, SessionClosed
from course_utils.training.session import close_all


@pytest.fixture
def session(gan):
    session = Session(gan, name="test")
    yield session
    close_all()


def training_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("training-")]


def test_plays_a_number_of_steps_and_pauses(session):
    session.play(500)
    assert session.wait(20)
    assert session.read(lambda gan: gan.step) == 500
    assert not session.playing


def test_plays_until_paused_and_goes_on(session):
    session.play()
    time.sleep(0.1)
    session.pause()
    first = session.read(lambda gan: gan.step)
    time.sleep(0.05)
    assert session.read(lambda gan: gan.step) == first > 0
    session.play(10)
    assert session.wait(20) and session.read(lambda gan: gan.step) == first + 10


def test_background_training_equals_training_in_the_foreground(session, weights, moved, make_gan):
    session.play(700)
    session.wait(20)
    background = session.read(lambda gan: weights(gan.generator) + weights(gan.discriminator))
    other = make_gan()
    other.run(700)
    assert not moved(background, weights(other.generator) + weights(other.discriminator))


def test_steps_of_one_player(session, weights, moved):
    before = session.read(lambda gan: weights(gan.generator))
    session.step("discriminator", 5)
    assert session.wait(20)
    assert not moved(before, session.read(lambda gan: weights(gan.generator)))
    session.step("generator")
    assert session.wait(20)
    assert moved(before, session.read(lambda gan: weights(gan.generator)))


def test_a_knob_set_while_playing_is_in_the_log_and_is_replayed(session, weights, moved, make_gan):
    from course_utils.training import replay

    session.play()
    for rate in (2e-3, 5e-3, 1e-3):
        time.sleep(0.03)
        session.set(generator_learning_rate=rate, instance_noise=rate)
    session.step("discriminator", 7)
    session.wait(20)
    session.play(50)
    session.wait(20)
    log, ours = session.read(
        lambda gan: (gan.history.log(), weights(gan.generator) + weights(gan.discriminator))
    )
    assert len([event for event in log["events"] if "set" in event]) == 3
    other = make_gan(seed=5)
    replay(other, log)
    assert not moved(ours, weights(other.generator) + weights(other.discriminator))


def test_chunks_stay_short(session):
    session.play()
    time.sleep(0.3)
    waited = []
    for _ in range(20):
        start = time.perf_counter()
        session.read(lambda gan: None)
        waited.append(time.perf_counter() - start)
    session.pause()
    assert (
        np.median(waited) < 0.5
    )  # a chunk is aimed at 0.03 s; the bound only catches a blocked worker


def test_rewind_gives_the_very_weights_of_then(session, weights, moved):
    seen = {}
    session.on_change(lambda s: seen.setdefault(s._gan.step, weights(s._gan.generator)))
    session.play(3000)
    session.wait(30)
    steps = session.snapshot_steps
    assert len(steps) > 3
    target = steps[len(steps) // 2]
    assert session.rewind(target + 1) == target
    assert not moved(seen[target], session.read(lambda gan: weights(gan.generator)))
    assert session.read(lambda gan: gan.history.steps) == target
    assert max(session.snapshot_steps) == target


def test_rewound_run_with_another_knob_replays(session, weights, moved, make_gan):
    from course_utils.training import replay

    session.play(600)
    session.wait(30)
    session.set(instance_noise=0.2)
    session.play(600)
    session.wait(30)
    session.set(r1_weight=1.0)
    session.rewind(session.snapshot_steps[1])
    session.play(100)
    session.wait(30)
    log, ours = session.read(lambda gan: (gan.history.log(), weights(gan.generator)))
    other = make_gan()
    replay(other, log)
    assert not moved(ours, weights(other.generator))


def test_reset_starts_over(session, weights, moved):
    start = session.read(lambda gan: weights(gan.generator))
    session.play(50)
    session.wait(20)
    session.set(instance_noise=0.1)
    session.reset()
    assert not moved(start, session.read(lambda gan: weights(gan.generator)))
    assert session.read(lambda gan: (gan.step, gan.knobs["instance_noise"])) == (0, 0.1)
    session.reset(9)
    assert moved(start, session.read(lambda gan: weights(gan.generator)))


def test_nan_stops_at_the_right_step_and_leaves_a_good_snapshot(session):
    session.play(400)
    session.wait(20)
    poisoned = 437

    # From one step on D's weights are NaN, as if an update had overflowed there.
    real_run = session._gan.run

    def run(count, players="both"):
        first = session._gan.step
        if first < poisoned <= first + count:
            before = real_run(poisoned - 1 - first, players)
            session._gan.discriminator.trainable_variables[0].assign(np.full((2, 25), np.nan))
            return np.concatenate([before, real_run(count - len(before), players)])
        return real_run(count, players)

    session._gan.run = run
    try:
        session.play()
        deadline = time.monotonic() + 20
        while session.failure is None and time.monotonic() < deadline:
            time.sleep(0.01)
        with pytest.raises(NonFiniteError) as caught:
            session.pause()
    finally:
        del session._gan.run
    assert caught.value.step == poisoned
    assert "437" in str(caught.value) and caught.value.knobs["instance_noise"] == 0.0
    kept, values = session.read(lambda gan: (gan.step, gan.generator.get_weights()))
    assert kept == caught.value.kept_step <= 436
    assert all(np.isfinite(value).all() for value in values)
    session.play(10)
    assert session.wait(20)


def test_real_divergence_is_caught(session):
    session.set(
        latent_scale=5.0,
        real_target=1.5,
        discriminator_learning_rate=1.0,
        generator_learning_rate=1.0,
    )
    session.read(
        lambda gan: gan.discriminator.trainable_variables[0].assign(np.full((2, 25), 3e38))
    )
    session.play()
    with pytest.raises(NonFiniteError):
        session.wait(20)


def test_exception_in_the_background_is_raised_by_the_next_call_once(session):
    def explode(_):
        raise ZeroDivisionError("in a listener")

    session.on_change(lambda s: None)
    with pytest.raises(ZeroDivisionError):
        session.on_change(explode)
        session.play(100)
        session.wait(20)
    session.play(5)
    assert session.wait(20)


def test_exception_of_a_task_belongs_to_its_caller(session):
    with pytest.raises(ValueError, match="instance_noise"):
        session.set(instance_noise=-1)
    assert session.failure is None
    assert session.read(lambda gan: gan.knobs["instance_noise"]) == 0.0


def test_a_listener_that_reads_survives_a_failure_and_reading_is_no_change(session):
    told = []

    def listener(session):
        told.append(session.read(lambda gan: gan.step))

    remove = session.on_change(listener)
    session._fail(ZeroDivisionError())
    session._tasks.put((Future(), lambda gan: None, False))
    with contextlib.suppress(ZeroDivisionError):
        session.pause()
    session.pause()
    session.read(lambda gan: None)  # the listeners have heard of the pause when this returns
    assert told and len(session._listeners) == 1
    count = len(told)
    for _ in range(20):
        session.read(lambda gan: None)
    session.wait()
    assert len(told) == count
    remove()
    session.reset()
    session.read(lambda gan: None)
    assert len(told) == count


def test_waiting_in_a_listener_is_refused(session):
    session.on_change(lambda session: session.wait())
    with pytest.raises(RuntimeError, match="wait for itself"):
        session.play(1)
        session.wait(20)


def test_a_loaded_checkpoint_leaves_no_snapshots_of_another_run(session, tmp_path):
    path = tmp_path / "run.npz"
    session.play(100)
    session.wait(20)
    session.save(path)
    session.reset(7)
    session.play(1500)
    session.wait(20)
    session.load(path)
    assert session.snapshot_steps == [100]
    with pytest.raises(ValueError, match="no snapshot"):
        session.rewind(50)
    assert session.rewind(3000) == 100
    assert session.read(lambda gan: (gan.step, gan.seed, gan.history.steps)) == (100, 0, 100)


def test_sessions_of_one_name_made_at_once_leave_one(gan):
    for _ in range(20):
        made, errors = [], []

        def make(made=made, errors=errors):
            try:
                made.append(Session(gan, name="test"))
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=make) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not errors and len(made) == 3
        assert len([session for session in made if not session.closed]) == 1
        assert len(training_threads()) == 1
    close_all()
    assert not training_threads()


def test_calls_on_a_closed_session_return_at_once(session):
    session.close()
    start = time.monotonic()
    for _ in range(20):
        with pytest.raises(SessionClosed):
            session.set(instance_noise=0.1)
    assert time.monotonic() - start < 5


def test_same_name_closes_the_earlier_session(session, gan):
    session.play()
    second = Session(gan, name="test")
    assert session.closed and not second.closed
    assert len(training_threads()) == 1
    with pytest.raises(SessionClosed, match="run again"):
        session.play()


def test_one_session_trains_at_a_time(session, make_gan):
    other = Session(make_gan(), name="other")
    session.play()
    other.play()
    deadline = time.monotonic() + 10
    while session.playing and time.monotonic() < deadline:
        time.sleep(0.01)
    assert other.playing and not session.playing


def test_close_leaves_no_thread_and_wakes_those_who_wait(session):
    session.play()
    ended = []

    def wait():
        try:
            session.wait()
        except SessionClosed:
            ended.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.05)
    session.close()
    session.close()
    waiting.join(5)
    assert ended and not waiting.is_alive() and not training_threads()


def test_interrupt_while_waiting_pauses(session, monkeypatch):
    session.play()
    calls = iter([None, None, KeyboardInterrupt])

    def interrupted_sleep(_):
        if next(calls) is KeyboardInterrupt:
            raise KeyboardInterrupt

    monkeypatch.setattr("course_utils.training.session.time.sleep", interrupted_sleep)
    with pytest.raises(KeyboardInterrupt):
        session.wait()
    assert not session.playing


def test_ten_thousand_random_actions_from_several_threads(session, gan):
    """No deadlock, no lost exception: errors reach the thread that asked, all else works."""
    total, workers = 10_000, 5
    wrong, unexpected, done = [], [], []

    def act(seed):
        choice = random.Random(seed)
        for _ in range(total // workers):
            action = choice.randrange(9)
            try:
                if action == 0:
                    session.play(choice.choice([None, 0, 1, 20]))
                elif action in (1, 2):
                    session.pause()
                elif action == 3:
                    session.step(choice.choice(["both", "generator", "discriminator"]))
                elif action == 4:
                    session.set(instance_noise=choice.random())
                elif action == 5 and choice.random() < 0.1:
                    session.reset(choice.randrange(3))
                elif action == 6:
                    session.rewind(choice.randrange(100))
                elif action == 7:
                    try:
                        session.set(instance_noise=-1)
                        wrong.append("a bad value was accepted")
                    except ValueError:
                        pass
                else:
                    session.read(lambda gan: gan.step)
                done.append(1)
            except BaseException as error:
                unexpected.append(error)

    threads = [threading.Thread(target=act, args=(seed,)) for seed in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "deadlock"
    assert not unexpected and not wrong and len(done) == total
    session.pause()
    assert session.read(lambda gan: gan.history.steps == gan.step)
    assert gan.trace_count == 1


def test_closing_in_the_middle_of_random_actions(gan):
    for round_number in range(20):
        session = Session(gan, name="test")
        errors = []

        def act(seed, session=session, errors=errors):
            choice = random.Random(seed)
            try:
                while True:
                    choice.choice([session.play, session.pause, session.step, session.reset])()
            except SessionClosed:
                pass
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=act, args=(round_number * 10 + k,)) for k in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.03)
        session.close()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads) and not errors
    assert not training_threads()


IN_A_KERNEL = """
from course_utils.data.targets import x_squared
from course_utils.models import x2
from course_utils.training import GAN, Session
gan = GAN(x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=16)
session = Session(gan, name="kernel")
session.play(1)
session.wait()
session.play()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent otherwise on Windows")
def test_the_stop_button_pauses_while_no_cell_runs():
    """In a real kernel: training goes on between cells, and an interrupt there pauses it."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:

        def run(code):
            said = []
            client.execute_interactive(
                code, timeout=60, output_hook=lambda message: said.append(message["content"])
            )
            assert not any("traceback" in content for content in said), said
            return "".join(content.get("text", "") for content in said)

        run(IN_A_KERNEL)
        assert "True" in run("print(session.playing)")
        manager.interrupt_kernel()
        time.sleep(0.5)
        first = run("print(session.playing, gan.step)")
        assert first.startswith("False")
        assert run("print(session.playing, gan.step)") == first
        run("session.play(5); session.wait(); session.close()")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_failure_of_an_earlier_session_does_not_block_the_new_one(session, gan, caplog):
    def explode(session):
        if session._gan.step:
            raise ZeroDivisionError

    session.on_change(explode)
    session.play(1)
    deadline = time.monotonic() + 10
    while session.failure is None and time.monotonic() < deadline:
        time.sleep(0.01)
    second = Session(gan, name="test")
    second.play(3)
    assert second.wait(20) and "ZeroDivisionError" in caplog.text


def test_a_gan_in_a_session_cannot_be_trained_past_it(session, gan):
    for past in (lambda: gan.run(1), lambda: gan.set(flip_rate=0.1), lambda: gan.reset(1)):
        with pytest.raises(GANInUse, match="session 'test'"):
            past()
    session.play(3)
    assert session.wait(20)
    session.close()
    gan.run(1)
    assert gan.step == 4


def test_a_gan_can_move_to_a_second_session_of_the_same_name(session, gan):
    second = Session(gan, name="test")
    second.play(3)
    assert second.wait(20) and session.closed


def test_a_gan_cannot_serve_two_sessions(session, gan):
    with pytest.raises(GANInUse, match="session 'test'"):
        Session(gan, name="another")
    session.play(1)
    assert session.wait(20)
