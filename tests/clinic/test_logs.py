from types import SimpleNamespace

import numpy as np
import pytest

from course_utils import language
from course_utils.clinic.logs import forget, log_numbers, read_log, rows_of
from course_utils.training.history import CURVES, History


def test_aliases_and_what_fit_returns_are_read():
    rows = {"disc_loss": [1, 2], "generator_loss": [3, 4], "something": [5, 6]}
    for history in (rows, SimpleNamespace(history=rows)):
        log = read_log(history)
        assert {name: curve.tolist() for name, curve in log.items()} == {
            "d_loss": [1, 2],
            "g_loss": [3, 4],
        }
    assert read_log(None) == {}


def test_the_engines_summed_loss_is_halved():
    history = History(seed=0, knobs={})
    row = np.zeros((3, len(CURVES)), np.float32)
    row[:, CURVES.index("discriminator_loss")] = 2 * np.log(2)
    history.record_run("both", row)
    np.testing.assert_allclose(read_log(history)["d_loss"], np.log(2), rtol=1e-6)


@pytest.mark.parametrize(("code", "word"), [("en", "no curve"), ("zh", "没有")])
def test_a_log_without_known_names_is_refused(code, word):
    before = language.current()
    language.use(code)
    try:
        for history in ({}, {"loss": [1.0]}, 3):
            with pytest.raises(ValueError, match=word):
                read_log(history)
        with pytest.raises(ValueError, match="d_loss"):
            read_log({"d_loss": [[1.0]]})
    finally:
        language.use(before)


def test_a_running_mean_unwinds_to_the_values():
    values = 0.7 + 0.02 * np.random.default_rng(0).normal(size=400)
    means = np.cumsum(values) / np.arange(1, 401)
    plain = log_numbers({"d_loss": values})
    averaged = log_numbers({"d_loss": means})
    assert averaged["logged_d_loss_unwound"] == pytest.approx(plain["logged_d_loss_roughness"])
    assert plain["logged_d_loss_unwound"] > 100 * plain["logged_d_loss_roughness"]
    assert averaged["logged_d_loss_unwinding"] == pytest.approx(1, abs=0.3)
    assert plain["logged_d_loss_unwinding"] == pytest.approx(7 / 3, abs=0.5)


def test_short_and_broken_curves_give_no_level():
    assert "logged_d_loss" not in log_numbers({"d_loss": np.ones(49)})
    broken = log_numbers({"d_loss": np.append(np.ones(60), np.nan)})
    assert broken["log_finite"] == 0 and "logged_d_loss" not in broken
    assert log_numbers({}) == {"log_finite": 1.0}


def test_what_was_appended_is_taken_off():
    history = {"d_loss": [1.0], "note": "kept"}
    rows = rows_of(history)
    history["d_loss"] += [2.0, 3.0]
    forget(history, rows)
    assert history == {"d_loss": [1.0], "note": "kept"}
    forget(None, rows_of(None))


def test_arrays_in_the_place_of_others_and_new_names_are_undone():
    curve, rows = np.ones(2), [1.0]
    history = {"d_loss": curve, "g_loss": rows}
    before = rows_of(history)
    history["d_loss"] = np.append(history["d_loss"], 3.0)
    history["g_loss"] = [*history["g_loss"], 3.0]
    history["d_accuracy"] = [0.5]
    forget(history, before)
    assert history.keys() == {"d_loss", "g_loss"}
    assert history["d_loss"] is curve and history["g_loss"] is rows == [1.0]
