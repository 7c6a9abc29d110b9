import keras
import numpy as np
import pytest
from keras import layers

from course_utils.clinic.specimen import Specimen
from course_utils.clinic.watching import STEPS, phase_lengths, regular, watch


def movers(plan):
    return [{"d": (True, False), "g": (False, True), "b": (True, True)}[c] for c in plan]


def test_phases_are_stretches_in_which_one_player_moves():
    assert phase_lengths(movers("dddggb")) == [("d", 3), ("g", 2)]
    assert phase_lengths(movers("bbbb")) == []


def test_five_steps_to_one_are_regular_and_thresholds_are_not():
    assert regular(phase_lengths(movers("ddgdddddgdddddgdd")))
    assert not regular(phase_lengths(movers("ddgdddddgdddgddd")))
    assert not regular(phase_lengths(movers("dddddddddddddggg")))


@pytest.fixture
def specimen():
    g = keras.Sequential([keras.Input((2,)), layers.Dense(3), layers.Dense(2)])
    d = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    data = 5 + np.random.default_rng(0).normal(size=(60, 2))
    return Specimen(g, d, data)


def test_a_part_that_never_moves_is_measured_unless_it_is_meant_to_stand(specimen):
    first, second = specimen.generator.layers

    def step():
        second.kernel.assign_add(0.1 * second.kernel)
        specimen.discriminator.layers[0].kernel.assign_add([[0.1], [0.1]])

    found, walk = watch(step, specimen, dict)
    assert found["g_part_still"] == pytest.approx((6 + 3 + 2) / (6 + 3 + 6 + 2))
    assert found["d_part_still"] == pytest.approx(1 / 3)
    assert walk.shape == (STEPS, 2) and (walk > 0).all()
    assert found["growth"] == pytest.approx(1.1**STEPS - 1, rel=1e-3)
    first.trainable = False
    found, _ = watch(step, specimen, dict)
    assert found["g_part_still"] == pytest.approx(2 / 8)


def test_a_network_that_stands_still_has_no_part_that_does(specimen):
    found, walk = watch(lambda: None, specimen, dict)
    assert "g_part_still" not in found and found["g_moves"] == 0
    assert walk.shape == (4 * STEPS, 2) and not walk.any()


def test_a_network_of_zeros_can_be_watched(specimen):
    weights = specimen.discriminator_weights
    for variable in weights:
        variable.assign(np.zeros(variable.shape))

    def step():
        weights[0].assign_add([[3.0], [4.0]])

    _, walk = watch(step, specimen, dict)
    assert walk[0, 0] == pytest.approx(5) and walk[1, 0] == pytest.approx(1)


def test_a_step_that_stops_because_it_diverged_says_so(specimen):
    def step():
        kernel = specimen.discriminator.layers[0].kernel
        kernel.assign(np.nan * kernel)
        raise FloatingPointError("loss is NaN")

    found, walk = watch(step, specimen, dict)
    assert found == {"finite": 0.0} and walk.shape == (0, 2)
