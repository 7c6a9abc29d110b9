"""Networks for the plane: sizes, knobs, and settings that do what their names say."""

import pytest

from course_utils.data import targets
from course_utils.evaluation.modes import count_modes
from course_utils.models import plane
from course_utils.training.knobs import KNOBS


@pytest.fixture(scope="module")
def ring_gan():
    return plane.build_gan(targets.ring())


def trained(gan, settings, seed):
    plane.start(gan, settings, seed)
    gan.run(settings.steps)
    return count_modes(gan.generate(2500), gan.source.target)


def test_parameters():
    assert plane.build_generator().count_params() == 4482
    assert plane.build_discriminator().count_params() == 4417
    assert plane.build_generator(latent_dim=3, hidden=4).input_shape == (None, 3)
    assert plane.build_discriminator(hidden=4).count_params() == 12 + 20 + 5


def test_settings_hold_knobs_that_exist():
    for settings in (plane.RING, plane.RING_COLLAPSING, plane.GRID, plane.GRID_COLLAPSING):
        assert settings.knobs.keys() <= KNOBS.keys() and settings.steps > 0


def test_start_forgets_the_settings_before(ring_gan):
    plane.start(ring_gan, plane.RING_COLLAPSING, 3)
    assert ring_gan.knobs["latent_scale"] == 0.02 and ring_gan.knobs["r1_weight"] == 0
    plane.start(ring_gan, plane.RING, 4)
    assert ring_gan.knobs["latent_scale"] == 1 and ring_gan.knobs["r1_weight"] == 0.1
    assert (ring_gan.seed, ring_gan.step, ring_gan.history.events) == (4, 0, [])
    again = plane.build_gan(targets.ring(), plane.RING)
    assert dict(ring_gan.knobs) == dict(again.knobs)


@pytest.mark.slow
def test_the_ring_collapses_onto_one_mode_and_is_cured(ring_gan):
    for seed in (0, 1):
        sick = trained(ring_gan, plane.RING_COLLAPSING, seed)
        assert sick.covered == 1 and sick.divergence > 2 and sick.high_quality > 0.8
        # The best D for all mass on one of 8 modes: D(fake) = 1/9.
        assert ring_gan.history["fake_belief"][-200:].mean() == pytest.approx(1 / 9, abs=0.03)
        cured = trained(ring_gan, plane.RING, seed)
        assert cured.covered == 8 and cured.divergence < 0.05 and cured.high_quality > 0.5


@pytest.mark.slow
def test_the_grid_collapses_onto_one_mode_and_is_cured():
    gan = plane.build_gan(targets.grid())
    sick = trained(gan, plane.GRID_COLLAPSING, 0)
    assert sick.covered == 1 and sick.divergence > 3 and sick.high_quality > 0.9
    cured = trained(gan, plane.GRID, 0)
    assert cured.covered >= 15 and cured.divergence < 0.15
