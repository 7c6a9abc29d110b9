import json

import numpy as np
import pytest

from course_utils.training import replay
from course_utils.training.history import CURVES, History


def test_curves_and_changes_are_kept_in_order(gan):
    gan.run(10)
    gan.set(instance_noise=0.1)
    gan.set(instance_noise=0.1)  # no change, no entry
    gan.run(5, "discriminator")
    gan.set(instance_noise=0.2, r1_weight=1.0)
    history = gan.history
    assert history.steps == 15 and history["generator_loss"].shape == (15,)
    assert history.changes() == [
        (10, "instance_noise", 0.1),
        (15, "instance_noise", 0.2),
        (15, "r1_weight", 1.0),
    ]
    assert [event.get("players") for event in history.events if "run" in event] == [
        "both",
        "discriminator",
    ]
    # The generator's curves stand still while it sits out.
    assert len(set(history["generator_loss"][9:])) == 1


def test_log_survives_json_and_replays_bit_by_bit(gan, make_gan, weights, moved):
    gan.set(flip_rate=0.05)
    gan.run(40)
    gan.set(instance_noise=0.1, latent_distribution="uniform")
    gan.run(3, "generator")
    gan.run(40)
    log = json.loads(gan.history.log_json())
    other = make_gan(seed=77, real_target=0.7)
    replay(other, log)
    ours = weights(gan.generator) + weights(gan.discriminator) + weights(gan.ema_generator)
    theirs = weights(other.generator) + weights(other.discriminator) + weights(other.ema_generator)
    assert not moved(ours, theirs)
    np.testing.assert_array_equal(gan.history.rows, other.history.rows)
    assert dict(gan.knobs) == dict(other.knobs)


def test_a_logged_rate_is_the_very_rate_of_the_training():
    from course_utils.training.knobs import Knobs

    knobs = Knobs()
    for rate in np.geomspace(1e-6, 1.0, 300):
        knobs._set(generator_learning_rate=rate)
        exact = float(knobs.read("generator_learning_rate"))
        knobs._set(generator_learning_rate=json.loads(json.dumps(knobs["generator_learning_rate"])))
        assert float(knobs.read("generator_learning_rate")) == exact


def test_rows_can_be_read_while_they_grow():
    history = History(seed=0, knobs={})
    early = []
    for count in range(50):
        history.record_run("both", np.full((100, len(CURVES)), count, np.float32))
        early.append(history.rows)
    assert history.steps == 5000
    for count, rows in enumerate(early):
        assert len(rows) == 100 * (count + 1) and rows[-1, 0] == count
    with pytest.raises(ValueError, match="read-only"):
        history.rows[0, 0] = 1


def test_log_is_a_copy(gan):
    gan.run(1)
    log = gan.history.log()
    gan.run(1)
    assert log["events"] == [{"run": 1, "players": "both"}]


@pytest.mark.parametrize("log", [{}, [], None, {"seed": 0, "knobs": {}, "events": [{"walk": 3}]}])
def test_what_is_not_a_log_is_refused(gan, log):
    with pytest.raises(ValueError, match="log of a run"):
        replay(gan, log)


def test_until_cuts_runs_and_drops_what_came_later():
    history = History(seed=0, knobs={"a": 1})
    history.record_run("both", np.ones((10, len(CURVES)), np.float32))
    history.record_change({"a": 2})
    history.record_run("both", np.zeros((10, len(CURVES)), np.float32))
    cut = history.until(15)
    assert cut.steps == 15 and cut.present_knobs() == {"a": 2}
    assert history.until(10).present_knobs() == {"a": 1}
    assert history.until(0).events == [] and history.steps == 20


def numbered(first, last):
    """Rows whose first column is the step's number."""
    rows = np.zeros((last - first + 1, len(CURVES)), np.float32)
    rows[:, 0] = np.arange(first, last + 1)
    return rows


def test_a_long_run_is_thinned_whatever_the_chunks(monkeypatch):
    monkeypatch.setattr("course_utils.training.history.MOST_ROWS", 64)
    random = np.random.default_rng(0)
    for total in (64, 65, 129, 1000, 4097):
        history, done = History(seed=0, knobs={}), 0
        while done < total:
            count = int(min(total - done, random.integers(1, 200)))
            history.record_run("both", numbered(done + 1, done + count))
            done += count
        steps, rows = history.curves()
        assert history.steps == total and 32 <= len(rows) <= 64
        np.testing.assert_array_equal(steps, rows[:, 0])
        np.testing.assert_array_equal(np.diff(steps), history.stride)
        assert history.last_row[0] == total
        cut = history.until(total // 2)
        assert cut.steps == total // 2 and cut.curves()[0][-1] <= total // 2
        cut.record_run("both", numbered(total // 2 + 1, total))
        np.testing.assert_array_equal(cut.curves()[0], cut.rows[:, 0])


def test_half_an_hour_of_play_takes_little_memory():
    history = History(seed=0, knobs={})
    chunk = np.zeros((1000, len(CURVES)), np.float32)
    for _ in range(20_000):  # 20 million steps
        history.record_run("both", chunk)
    assert history.steps == 20_000_000
    assert history._rows.buffer.nbytes < 4.3e6
