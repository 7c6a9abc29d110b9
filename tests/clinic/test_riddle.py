import numpy as np
import pytest

from course_utils.clinic.anatomy import normalizations
from course_utils.clinic.riddle import VARIANTS, Riddle


@pytest.fixture(scope="module")
def solved():
    """Two turns of each network, with thresholds that are soon reached."""
    return Riddle("d_bn_stale", seed=0, thresholds=(0.4, 0.45)).train(phases=2)


@pytest.fixture(scope="module")
def said(solved):
    """What is said of the samples that G trains on, by D's mode and by what they stand beside."""
    return {(row.d_training, row.mixed): row for row in solved.table() if row.g_training}


def test_the_same_weights_call_the_same_fakes_fake_and_real(said):
    beside, among = said[True, True], said[True, False]
    assert beside.fake_called_real < 0.1 and beside.real_called_real > 0.8  # D is nearly right
    assert among.fake_called_real > 0.8  # and so is the model of G and D


def test_statistics_that_stay_leave_d_without_an_opinion_at_inference(solved, said):
    norms = normalizations(solved.discriminator)
    assert norms and not any(np.any(np.asarray(layer.moving_mean)) for layer in norms)
    row, other = said[False, True], said[False, False]
    assert row.fake_belief == pytest.approx(other.fake_belief, abs=1e-5)  # it knows no neighbours
    for belief in (row.real_belief, row.fake_belief):
        assert belief == pytest.approx(0.5, abs=0.05)


def test_the_log_holds_both_sides_of_the_switch(solved):
    [switch] = solved.switches
    assert switch.by_g_step > 0.8 and switch.by_d_step < 0.1
    assert switch.by_g_step in [fooled for _, fooled in solved.g_log]
    assert switch.by_d_step in [fooled for *_, fooled in solved.d_log]


def test_without_batch_normalisation_no_mode_matters():
    table = Riddle("none", seed=0).table()
    assert len(table) == 8
    assert np.ptp([row.fake_belief for row in table]) < 1e-5
    assert np.ptp([row.real_belief for row in table]) < 1e-5


def test_unknown_variants_are_refused():
    with pytest.raises(ValueError, match="variant"):
        Riddle("magic")
    assert {"none", "d_bn_separate", "d_bn_g_mixed"} <= set(VARIANTS)
