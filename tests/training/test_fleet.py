"""A member of a fleet does what the same GAN does when the engine trains it alone."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow

MEMBERS = {
    "plain": {"generator_learning_rate": 2e-3},
    "R1": {"r1_weight": 0.5, "discriminator_learning_rate": 4e-3},
    "decay": {"decay_steps": 80, "generator_learning_rate": 5e-3},
    "schedule": {"decay_steps": 80, "schedule": "cosine"},
    "labels": {"flip_rate": 0.2, "real_target": 0.9, "fake_target": 0.1},
    "noise": {"instance_noise": 0.3},
    "D steps": {"discriminator_steps": 3},
    "latents": {"latent_distribution": "uniform", "latent_scale": 2.0},
    "average": {"ema_decay": 0.99},
    "all": {
        "generator_learning_rate": 3e-3, "discriminator_learning_rate": 2e-3, "r1_weight": 0.1,
        "decay_steps": 150, "flip_rate": 0.05, "real_target": 0.95, "instance_noise": 0.1,
        "discriminator_steps": 2, "latent_distribution": "uniform", "ema_decay": 0.9,
    },
}  # fmt: skip
TOLERANCE = {1: 1e-6, 10: 1e-5, 100: 1e-4}
"""Largest difference of a weight (they are of the order of 1) after so many steps: rounding, which
grows because Adam divides small gradients by small numbers."""


def knob_lists(members):
    """What the members' knobs are, as lists; a knob that a member does not name has its default."""
    from course_utils.training.knobs import KNOBS

    names = {name for knobs in members for name in knobs}
    default = {name: KNOBS[name].from_number(KNOBS[name].default) for name in names}
    return {name: [knobs.get(name, default[name]) for knobs in members] for name in names}


@pytest.fixture(scope="module")
def make():
    from course_utils.data.targets import x_squared
    from course_utils.models import x2
    from course_utils.training import GAN

    def build(**options):
        sizes = {"batch_size": 16, "generator_batch_size": 24, **options}
        return GAN(x2.build_generator(), x2.build_discriminator(), x_squared, **sizes)

    return build


@pytest.fixture(scope="module")
def plain(make):
    """A GAN whose knobs do not matter; it is never trained."""
    return make()


def largest_difference(fleet, member, alone):
    own = fleet.weights(member)
    pairs = [
        (a, b)
        for part in ("generator", "discriminator", "ema_generator")
        for a, b in zip(own[part], getattr(alone, part).get_weights(), strict=True)
    ]
    return max(np.abs(a - b).max() for a, b in pairs)


def variants():
    from course_utils.training import Minimax

    return {
        "one update": {},
        "two updates": {"separate_batches": True, "betas": (0.5, 0.9), "loss": Minimax()},
    }


@pytest.mark.parametrize("variant", ["one update", "two updates"])
def test_every_member_does_what_it_does_alone(make, variant):
    from course_utils.training.fleet import Fleet
    from course_utils.training.knobs import KNOBS

    options = variants()[variant]
    fleet = Fleet(make(seed=3, **options), **knob_lists(list(MEMBERS.values())))
    alone = make(seed=3, **options)
    defaults = {name: knob.from_number(knob.default) for name, knob in KNOBS.items()}
    states = {}
    for steps in TOLERANCE:
        fleet.run(steps - fleet.step)
        states[steps] = [fleet.weights(i) for i in range(len(fleet))]
    for member, (name, knobs) in enumerate(MEMBERS.items()):
        alone.knobs._set(**{**defaults, **knobs})
        alone.reset()
        assert fleet.knobs(member) == dict(alone.knobs)
        for steps, tolerance in TOLERANCE.items():
            alone.run(steps - alone.step)
            for part, arrays in states[steps][member].items():
                for ours, theirs in zip(arrays, getattr(alone, part).get_weights(), strict=True):
                    worst = np.abs(ours - theirs).max()
                    assert worst <= tolerance, f"{name}, {part} after {steps} steps: {worst:.1e}"


def test_what_no_member_uses_is_left_out_and_changes_nothing(make):
    """Each of these fleets compiles one branch only; the others are skipped at trace time."""
    from course_utils.training.fleet import Fleet

    alone = make()
    for knobs in ({}, MEMBERS["latents"]):
        lists = knob_lists([{"generator_learning_rate": 2e-3, **knobs}] * 2)
        fleet = Fleet(make(), **lists)
        fleet.run(20)
        alone.knobs._set(
            **{
                "generator_learning_rate": 2e-3, "latent_distribution": "normal",
                "latent_scale": 1.0, **knobs,
            }
        )  # fmt: skip
        alone.reset()
        alone.run(20)
        assert largest_difference(fleet, 1, alone) <= 1e-5, knobs


def test_other_networks_and_targets(monkeypatch):
    import keras
    from keras import layers

    from course_utils.data.targets import ring
    from course_utils.training import GAN, fleet

    def build():
        def network(name, inputs, outputs):
            return keras.Sequential(
                [
                    keras.Input((inputs,)),
                    layers.Dense(12, activation="leaky_relu"),
                    layers.Dense(8, activation="tanh", use_bias=False),
                    layers.Dense(outputs),
                ],
                name=name,
            )

        return GAN(network("g", 3, 2), network("d", 2, 1), ring(), batch_size=16, seed=5)

    rates = [1e-3, 2e-3, 3e-3, 4e-3, 5e-3]
    monkeypatch.setattr(fleet, "PART_SIZE", 2 * 16 * 12)  # parts of two, the last one filled up
    members = fleet.Fleet(build(), generator_learning_rate=rates)
    members.run(30)
    alone = build()
    for member in (0, 4):
        alone.knobs._set(generator_learning_rate=rates[member])
        alone.reset()
        alone.run(30)
        assert largest_difference(members, member, alone) <= 1e-5
        ours = members.generate(50, seed=2)
        assert ours.shape == (5, 50, 2)
        np.testing.assert_allclose(ours[member], alone.generate(50, seed=2), atol=1e-4)


def test_samples_are_those_of_the_gan(make, plain):
    from course_utils.training.fleet import Fleet

    knobs = [
        {"ema_decay": 0.99, "latent_distribution": "normal", "latent_scale": 1.0},
        {"ema_decay": 0.0, "latent_distribution": "uniform", "latent_scale": 0.5},
    ]
    fleet, alone = Fleet(plain, **knob_lists(knobs)), make()
    fleet.run(15)
    for member, own in enumerate(knobs):
        alone.knobs._set(**own)
        alone.reset()
        alone.run(15)
        for averaged in (True, False):
            ours = fleet.generate(40, seed=9, averaged=averaged)[member]
            theirs = alone.generate(40, seed=9, averaged=averaged)
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_chunks_and_resets_change_nothing(plain, monkeypatch):
    from course_utils.training import fleet

    monkeypatch.setattr(fleet, "CHUNK", 4)
    members = fleet.Fleet(plain, generator_learning_rate=[1e-3, 2e-3])
    members.run(9)
    whole = members.generate(20)
    members.reset()
    assert members.step == 0
    members.run(2)
    members.run(7)
    assert members.step == 9
    np.testing.assert_array_equal(members.generate(20), whole)
    members.reset(seed=1)
    members.run(9)
    assert members.seed == 1
    assert np.abs(members.generate(20) - whole).max() > 1e-3
    members.reset(seed=0)  # `plain` belongs to all tests


def test_a_member_that_diverges_does_not_disturb_the_others(plain):
    from course_utils.training.fleet import Fleet

    fleet = Fleet(plain, generator_learning_rate=[1e-3, 2e-3, 3e-3])
    fleet.run(5)
    before = fleet._parts
    fleet.run(5)
    undisturbed = fleet.generate(30)
    player = before[0].discriminator
    poisoned = [player.weights[0].numpy(), *player.weights[1:]]
    poisoned[0][1, 0, 0] = np.nan
    fleet._parts = [before[0]._replace(discriminator=player._replace(weights=poisoned))]
    fleet.step = 5
    fleet.run(5)
    assert fleet.finite.tolist() == [True, False, True]
    disturbed = fleet.generate(30)
    np.testing.assert_array_equal(disturbed[[0, 2]], undisturbed[[0, 2]])
    assert np.isnan(disturbed[1]).all()


@pytest.mark.slow
def test_outcomes_after_2000_steps_are_those_of_single_runs(make):
    """One cell from the middle of each region of the map of both rates.

    Runs that cycle or collapse are chaotic: rounding grows until the last points differ, so that of
    their measures only those are compared that do not depend on the moment.
    """
    from course_utils.data.targets import x_squared
    from course_utils.evaluation.outcomes import CHECKPOINTS, Judge
    from course_utils.training.fleet import Fleet

    grid = np.geomspace(1e-4, 1e-1, 16)
    cells = {  # rates of G and D
        "unfinished": (grid[1], grid[9]),
        "learned": (grid[7], grid[9]),
        "cycling": (grid[7], grid[5]),
        "collapsed": (grid[13], grid[10]),
    }
    tolerances = {"difference": 0.01, "spread": 0.1, "movement": 0.1, "error": 0.02}
    sizes = {"batch_size": 64, "generator_batch_size": 128}
    rates = ("generator_learning_rate", "discriminator_learning_rate")
    fleet = Fleet(make(**sizes), **dict(zip(rates, zip(*cells.values(), strict=True), strict=True)))
    alone, judge = make(**sizes), Judge(x_squared)
    ours, every = [], 2000 // CHECKPOINTS
    for _ in range(CHECKPOINTS):
        fleet.run(every)
        ours.append(fleet.generate(200, seed=7))
    for member, (outcome, values) in enumerate(cells.items()):
        alone.knobs._set(**dict(zip(rates, values, strict=True)))
        alone.reset()
        theirs = []
        for _ in range(CHECKPOINTS):
            alone.run(every)
            theirs.append(alone.generate(200, seed=7))
        mine = judge.verdict(np.stack(ours)[:, member])
        single = judge.verdict(np.stack(theirs))
        assert mine.outcome == single.outcome == outcome
        if outcome in ("unfinished", "learned"):
            for measure, tolerance in tolerances.items():
                found, expected = getattr(mine, measure), getattr(single, measure)
                assert found == pytest.approx(expected, abs=tolerance), (outcome, measure)
        else:
            assert mine.spread == pytest.approx(single.spread, rel=0.5, abs=0.05)


# --- what is refused -------------------------------------------------------------------------


def refused_networks():
    import keras
    from keras import layers

    inputs = keras.Input((2,))
    return {
        "Dropout": keras.Sequential(
            [inputs, layers.Dense(4), layers.Dropout(0.5), layers.Dense(1)]
        ),
        "softmax": keras.Sequential([inputs, layers.Dense(4, activation="softmax")]),
        "Functional": keras.Model(inputs, layers.Dense(1)(inputs)),
    }


@pytest.mark.parametrize("kind", ["Dropout", "softmax", "Functional"])
def test_refuses_other_networks(kind):
    from course_utils.training.stacked import Layers

    with pytest.raises(ValueError, match=kind):
        Layers(refused_networks()[kind])


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({}, "one value for each GAN"),
        ({"r1_weight": []}, "one value for each GAN"),
        ({"r1_weight": [0.1], "ema_decay": [0.1, 0.2]}, "'ema_decay': 2"),
        ({"temperature": [1.0]}, "no knob 'temperature'"),
        ({"r1_weight": [0.1, -1.0]}, "r1_weight = -1.0"),
    ],
)
def test_refuses_other_knobs(plain, knobs, message):
    from course_utils.training.fleet import Fleet

    with pytest.raises(ValueError, match=message):
        Fleet(plain, **knobs)


def test_refuses_a_gan_without_data_and_steps_below_zero(make, plain):
    from course_utils.models import x2
    from course_utils.training import GAN
    from course_utils.training.fleet import Fleet

    with pytest.raises(ValueError, match="no data"):
        Fleet(GAN(x2.build_generator(), x2.build_discriminator()), r1_weight=[0.0])
    with pytest.raises(ValueError, match="steps is -1"):
        Fleet(plain, r1_weight=[0.0]).run(-1)
