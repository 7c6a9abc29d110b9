import numpy as np
import pytest

from course_utils.clinic.riddle import VARIANTS, Riddle


@pytest.fixture(scope="module")
def tables():
    """Before any training: what modes do to one and the same weights."""
    return {name: Riddle(name, seed=0).table() for name in ("none", "d_bn", "d_bn_stale")}


def test_without_batch_normalisation_no_mode_matters(tables):
    assert np.ptp([row.fake_belief for row in tables["none"]]) < 1e-5
    assert np.ptp([row.real_belief for row in tables["none"]]) < 1e-5


def test_with_it_beside_real_samples_is_not_among_themselves(tables):
    training = {row.mixed: row for row in tables["d_bn"] if row.d_training and not row.g_training}
    assert abs(training[True].fake_belief - training[False].fake_belief) > 0.01
    inference = {row.mixed: row for row in tables["d_bn"] if not row.d_training}
    assert inference[True].fake_belief == pytest.approx(inference[False].fake_belief, abs=1e-5)


def test_a_few_steps_are_logged_and_stale_statistics_stay():
    riddle = Riddle("d_bn_stale", seed=0, thresholds=(9.0, 9.0)).train(phases=2)
    assert (len(riddle.d_log), len(riddle.g_log), len(riddle.switches)) == (6, 6, 1)
    assert riddle.switches[0].by_g_step == riddle.g_log[2][1]
    assert riddle.switches[0].by_d_step == riddle.d_log[3][3]
    statistics = [v for v in riddle.discriminator.variables if "moving_mean" in v.path]
    assert statistics and not any(np.any(np.asarray(v)) for v in statistics)


def test_unknown_variants_are_refused():
    with pytest.raises(ValueError, match="variant"):
        Riddle("magic")
    assert {"none", "d_bn_separate", "d_bn_g_mixed"} <= set(VARIANTS)
