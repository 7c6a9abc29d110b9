"""The engine promises: each network moves only in its own step, knobs act at once, runs repeat."""

import os
import signal
import sys
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_utils.training.history import CURVES
from course_utils.training.knobs import KNOBS
from course_utils.training.updates import Part


def test_step_of_d_moves_only_d(gan, weights, moved):
    before = [weights(gan.discriminator), weights(gan.generator), weights(gan.ema_generator)]
    gan.run(3, "discriminator")
    assert moved(before[0], weights(gan.discriminator))
    assert not moved(before[1], weights(gan.generator))
    assert not moved(before[2], weights(gan.ema_generator))
    assert int(gan.generator_optimizer.iterations) == 0
    assert int(gan.discriminator_optimizer.iterations) == 3


def test_step_of_g_moves_only_g(gan, weights, moved):
    before = [weights(gan.discriminator), weights(gan.generator)]
    gan.run(3, "generator")
    assert not moved(before[0], weights(gan.discriminator))
    assert moved(before[1], weights(gan.generator))
    assert int(gan.discriminator_optimizer.iterations) == 0


def test_every_weight_of_both_moves(gan, weights):
    before = weights(gan.discriminator) + weights(gan.generator)
    gan.run(50)
    after = weights(gan.discriminator) + weights(gan.generator)
    assert all((old != new).any() for old, new in zip(before, after, strict=True))


ANOTHER_VALUE = {
    "latent_distribution": "uniform",
    "latent_scale": 0.5,
    "instance_noise": 0.3,
    "real_target": 0.8,
    "fake_target": 0.2,
    "flip_rate": 0.5,
    "discriminator_learning_rate": 1e-2,
    "generator_learning_rate": 1e-2,
    "decay_steps": 40,
    "schedule": "constant",
    "discriminator_steps": 3,
    "r1_weight": 5.0,
    "ema_decay": 0.9,
}


def test_another_value_is_tried_for_every_knob():
    # Those of classes have tests of their own, with a GAN that has classes.
    assert ANOTHER_VALUE.keys() == {name for name in KNOBS if KNOBS[name].group != "classes"}


@pytest.mark.parametrize("name", ANOTHER_VALUE)
def test_knob_acts_in_the_next_chunk_without_retrace_or_new_moments(gan, weights, name, moved):
    """One step with the knob changed differs from one step without, from the very same state."""
    from course_utils.training.state import read_state, write_state

    if name == "schedule":
        gan.set(decay_steps=40)
    gan.run(20)
    state, traces = read_state(gan), gan.trace_count
    optimizers = gan.discriminator_optimizer, gan.generator_optimizer

    def outcome():
        gan.run(1)
        return weights(gan.generator) + weights(gan.discriminator) + weights(gan.ema_generator)

    unchanged = outcome()
    write_state(gan, state)
    moments = [
        variable.numpy().copy() for optimizer in optimizers for variable in optimizer.variables
    ]
    gan.set(**{name: ANOTHER_VALUE[name]})
    after = [
        variable.numpy().copy() for optimizer in optimizers for variable in optimizer.variables
    ]
    assert not moved(moments, after), "setting a knob touched the optimizers"
    changed = outcome()
    assert moved(unchanged, changed), f"{name} has no effect"
    assert gan.trace_count == traces == 1
    assert (gan.discriminator_optimizer, gan.generator_optimizer) == optimizers
    write_state(gan, state)
    gan.set(**{name: KNOBS[name].from_number(KNOBS[name].default)})
    assert not moved(unchanged, outcome()), f"{name} leaves a trace after it was put back"


def test_d_steps_per_g_step(gan):
    gan.set(discriminator_steps=4)
    gan.run(10)
    assert int(gan.discriminator_optimizer.iterations) == 40
    assert int(gan.generator_optimizer.iterations) == 10


def test_learning_rate_is_what_adam_takes(gan, weights):
    """Adam's first step moves each weight by the learning rate, whatever the gradient."""
    gan.set(generator_learning_rate=0.03)
    before = weights(gan.generator)
    gan.run(1, "generator")
    steps = np.concatenate(
        [np.abs(new - old).ravel() for old, new in zip(before, weights(gan.generator), strict=True)]
    )
    steps = steps[steps > 0]
    np.testing.assert_allclose(steps, 0.03, rtol=5e-3)


def test_rates_decay_linearly_to_zero(gan):
    gan.set(discriminator_learning_rate=0.01, decay_steps=100)
    gan.run(51)
    assert float(gan.discriminator_optimizer.learning_rate) == pytest.approx(0.005)
    gan.run(100)
    assert float(gan.discriminator_optimizer.learning_rate) == 0.0


def test_chunks_of_any_size_give_the_same_weights(gan, weights, moved):
    gan.run(300)
    whole = weights(gan.generator) + weights(gan.discriminator)
    gan.reset()
    for count in (1, 7, 0, 192, 100):
        gan.run(count)
    assert not moved(whole, weights(gan.generator) + weights(gan.discriminator))
    assert gan.history.rows.shape == (300, len(CURVES))


def test_long_runs_are_cut_into_chunks(gan):
    rows = gan.run(2500)
    assert rows.shape == (2500, len(CURVES)) and gan.step == 2500
    assert np.isfinite(rows).all()
    np.testing.assert_array_equal(rows, gan.history.rows)


def test_seed_decides(gan, weights, moved):
    gan.run(20)
    first = weights(gan.generator)
    gan.reset(1)
    gan.run(20)
    assert moved(first, weights(gan.generator))
    gan.reset(0)
    gan.run(20)
    assert not moved(first, weights(gan.generator))


def test_first_step_agrees_with_the_game_written_by_hand(gan, drawn):
    """Losses and beliefs of step 1 against NumPy, from the weights before it."""
    generator, discriminator = gan.generator.get_weights(), gan.discriminator.get_weights()
    real, latents = drawn(gan, 0, 0)

    def forward(weights, values):
        w1, b1, w2, b2 = weights
        return np.maximum(values @ w1 + b1, 0) @ w2 + b2

    fake = forward(generator, latents)
    real_logits, fake_logits = forward(discriminator, real), forward(discriminator, fake)
    expected_loss = np.log1p(np.exp(-real_logits)).mean() + np.log1p(np.exp(fake_logits)).mean()
    row = dict(zip(CURVES, gan.run(1)[0], strict=True))
    assert row["discriminator_loss"] == pytest.approx(expected_loss, rel=1e-5)
    assert row["real_belief"] == pytest.approx((1 / (1 + np.exp(-real_logits))).mean(), rel=1e-5)
    assert row["fake_belief"] == pytest.approx((1 / (1 + np.exp(-fake_logits))).mean(), rel=1e-5)


def test_step_equals_what_the_old_trick_meant(weights, make_gan, drawn):
    """Our step against `train_on_batch` on D and on the stacked model, both properly frozen."""
    gan = make_gan(separate_batches=True)
    generator = keras.models.clone_model(gan.generator)
    discriminator = keras.models.clone_model(gan.discriminator)
    generator.set_weights(gan.generator.get_weights())
    discriminator.set_weights(gan.discriminator.get_weights())
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    discriminator.compile(loss=loss, optimizer=keras.optimizers.Adam(1e-3))
    ones, zeros = np.ones((16, 1)), np.zeros((16, 1))

    for step in range(5):
        real, latents = drawn(gan, step, 0)
        fake = generator(latents)
        discriminator.trainable = True
        discriminator.train_on_batch(real, ones)
        discriminator.train_on_batch(fake, zeros)
        if step == 0:
            discriminator.trainable = False
            stacked = keras.Sequential([generator, discriminator])
            stacked.compile(loss=loss, optimizer=keras.optimizers.Adam(1e-3))
        stacked.train_on_batch(drawn(gan, step, 32)[1], ones)
    gan.run(5)
    for ours, theirs in ((gan.generator, generator), (gan.discriminator, discriminator)):
        for mine, other in zip(weights(ours), weights(theirs), strict=True):
            np.testing.assert_allclose(mine, other, atol=2e-6)


def test_r1_penalty_is_the_mean_squared_slope(gan):
    """Against finite differences of the logit."""
    points = np.random.default_rng(0).normal(size=(16, 2)).astype(np.float32)

    def logits(values):
        return gan.discriminator(tf.constant(values, tf.float32)).numpy()[:, 0].astype(float)

    epsilon = 1e-2
    slopes = np.stack(
        [
            (logits(points + epsilon * axis) - logits(points - epsilon * axis)) / (2 * epsilon)
            for axis in np.eye(2)
        ]
    )
    expected = np.median((slopes**2).sum(axis=0))
    parts = [Part(tf.constant(point[None]), None, None, None) for point in points]
    slope = [float(gan._verdict_and_squared_slope(part)[1]) for part in parts]
    assert np.median(slope) == pytest.approx(expected, rel=0.02)


def test_flipped_labels(gan):
    from course_utils.training import effects
    from course_utils.training.randomness import Draws

    gan.set(flip_rate=0.25, real_target=0.9, fake_target=0.1)
    draws = Draws(0, 0, 0)
    names = "real_target", "fake_target"
    targets = effects.targets(gan.knobs, draws, "real_flips", 4096, *names).numpy()
    np.testing.assert_allclose(np.unique(targets), [0.1, 0.9])
    assert (targets < 0.5).mean() == pytest.approx(0.25, abs=0.03)


def test_averaged_generator_follows_slowly(gan, weights, moved):
    gan.set(ema_decay=0.99)
    gan.run(200)
    assert moved(weights(gan.generator), weights(gan.ema_generator))
    gan.set(ema_decay=0.0)
    gan.run(1)
    assert not moved(weights(gan.generator), weights(gan.ema_generator))


@pytest.mark.parametrize("rows", [160, 100], ids=["even", "uneven last batch"])
def test_fit_trains_as_keras_users_expect(weights, moved, make_gan, tmp_path, rows):
    from course_utils.data.targets import x_squared
    from course_utils.training import checkpoints, replay

    gan = make_gan()
    before = weights(gan.generator), weights(gan.discriminator)
    seen = []
    history = gan.fit(
        x_squared.sample(rows, seed=0),
        batch_size=32,
        epochs=2,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(logs))
        ],
    )
    steps = 2 * -(-rows // 32)
    assert gan.step == gan.history.steps == steps
    assert set(CURVES) <= set(history.history) and len(seen) == 2
    assert moved(before[0], weights(gan.generator))
    assert moved(before[1], weights(gan.discriminator))
    # And the engine goes on from there.
    gan.run(3)
    gan.set(instance_noise=0.1)
    checkpoints.save(gan, tmp_path / "run.npz")
    checkpoints.load(gan, tmp_path / "run.npz")
    assert gan.step == gan.history.steps == steps + 3
    with pytest.raises(ValueError, match="fit"):
        replay(gan, gan.history.log())


def test_compile_refuses_what_it_would_ignore(gan):
    with pytest.raises(TypeError, match="optimizer"):
        gan.compile(optimizer="sgd")


@pytest.mark.parametrize("separate", [False, True], ids=["one update", "two updates"])
def test_a_step_with_penalty_and_noise_agrees_with_one_written_by_hand(separate, make_gan, drawn):
    """R1 on the (noisy) real samples only, noise in G's step too: new weights of both networks."""
    from course_utils.training.randomness import Draws

    weight, noise = 5.0, 0.3
    gan = make_gan(separate_batches=separate, r1_weight=weight, instance_noise=noise)
    generator, discriminator = (
        keras.models.clone_model(model) for model in (gan.generator, gan.discriminator)
    )
    generator.set_weights(gan.generator.get_weights())
    discriminator.set_weights(gan.discriminator.get_weights())
    optimizers = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)

    @tf.function(jit_compile=True)
    def drawn_noise(number):
        draws = Draws(gan._seed, tf.constant(0) * number, number)
        return draws.normal("real_noise", (16, 2)), draws.normal("fake_noise", (16, 2))

    (real, z), (real_noise, fake_noise) = drawn(gan, 0, 0), drawn_noise(tf.constant(0))
    real = tf.constant(real) + noise * real_noise
    fake = generator(z) + noise * fake_noise

    def real_loss():
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            logits = discriminator(real)
        slope = slope_tape.gradient(logits, real)
        penalty = tf.reduce_mean(tf.reduce_sum(slope**2, axis=1))
        return tf.reduce_mean(tf.nn.softplus(-logits)) + weight / 2 * penalty

    def fake_loss():
        return tf.reduce_mean(tf.nn.softplus(discriminator(fake)))

    def descend(loss, model, optimizer):
        with tf.GradientTape() as tape:
            value = loss()
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(value, variables), variables)

    if separate:
        descend(real_loss, discriminator, optimizers[0])
        descend(fake_loss, discriminator, optimizers[0])
    else:
        descend(lambda: real_loss() + fake_loss(), discriminator, optimizers[0])
    z, fake_noise = drawn(gan, 0, 32)[1], drawn_noise(tf.constant(32))[1]
    descend(
        lambda: tf.reduce_mean(tf.nn.softplus(-discriminator(generator(z) + noise * fake_noise))),
        generator,
        optimizers[1],
    )
    gan.run(1)
    for mine, theirs in ((gan.generator, generator), (gan.discriminator, discriminator)):
        for a, b in zip(mine.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=2e-6)


def test_averaged_weights_after_three_updates(gan):
    """By hand: the average keeps min(decay, (1 + t) / (10 + t)) of itself at update t."""
    gan.set(ema_decay=0.5)
    expected = gan.generator.get_weights()
    for update in (1, 2, 3):
        gan.run(1)
        keep = min(0.5, (1 + update) / (10 + update))
        expected = [
            keep * mean + (1 - keep) * value
            for mean, value in zip(expected, gan.generator.get_weights(), strict=True)
        ]
    for mean, value in zip(gan.ema_generator.get_weights(), expected, strict=True):
        np.testing.assert_allclose(mean, value, atol=1e-6)


def test_losses_are_those_of_the_paper():
    """Against NumPy, in probabilities: D = sigmoid(logit)."""
    from course_utils.training import Minimax, NonSaturating

    logits = np.array([[-3.0], [0.0], [2.0]], np.float32)
    belief = 1 / (1 + np.exp(-logits))
    expected = {NonSaturating: -np.log(belief), Minimax: np.log(1 - belief)}
    for loss, generator in expected.items():
        np.testing.assert_allclose(loss().generator(logits), generator, atol=1e-6)
        np.testing.assert_allclose(loss().real(logits, 1.0), -np.log(belief), atol=1e-6)
        np.testing.assert_allclose(loss().fake(logits, 0.0), -np.log(1 - belief), atol=1e-6)
        smoothed = -0.9 * np.log(belief) - 0.1 * np.log(1 - belief)
        np.testing.assert_allclose(loss().real(logits, 0.9), smoothed, atol=1e-6)


def test_each_dropout_layer_draws_its_own_mask():
    from course_utils.training.initializers import reinitialize

    model = keras.Sequential(
        [keras.Input((4000,)), keras.layers.Dropout(0.5), keras.layers.Dropout(0.5)]
    )
    reinitialize(model, 0)
    kept = (model(np.ones((1, 4000)), training=True).numpy() > 0).mean()
    assert kept == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize("steps", [np.int64(5), 5.0])
def test_whole_numbers_of_other_types_will_do(gan, steps):
    assert gan.run(steps).shape == (5, len(CURVES))


def test_dropout_is_on_in_training_and_off_in_generate(moved):
    """Sub-models called inside a custom step run in inference mode unless told otherwise."""
    from course_utils.data.targets import x_squared
    from course_utils.models import x2
    from course_utils.training import GAN

    generator = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(8),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2),
        ]
    )
    gan = GAN(generator, x2.build_discriminator(), x_squared, batch_size=16)
    moving_mean = generator.layers[1].moving_mean
    before = moving_mean.numpy().copy()
    gan.run(5)
    assert moved([before], [moving_mean.numpy().copy()]), "batch norm was not in training mode"
    np.testing.assert_array_equal(gan.generate(10), gan.generate(10))
    first = [v.numpy() for v in generator.variables]
    gan.reset()
    gan.run(5)
    assert not moved(first, [v.numpy() for v in generator.variables]), "dropout is not seeded"


@pytest.mark.parametrize("steps", [-1, 1.5, True])
def test_bad_number_of_steps(gan, steps):
    with pytest.raises(ValueError, match="whole number"):
        gan.run(steps)


def test_bad_players(gan):
    with pytest.raises(ValueError, match="discriminator"):
        gan.run(1, "critic")


def test_without_data(gan):
    gan.source, source = None, gan.source
    try:
        with pytest.raises(ValueError, match="fit"):
            gan.run(1)
    finally:
        gan.source = source


def test_bad_seed(gan):
    with pytest.raises(ValueError, match="seed"):
        gan.reset(-1)


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent otherwise on Windows")
def test_an_interrupt_loses_no_step(gan):
    """Interrupted at random moments, the history holds exactly the steps that were made."""
    gan.run(1)
    for delay in np.random.default_rng(0).uniform(0.01, 0.1, 20):
        timer = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            gan.run(10_000_000)
        timer.join()
        assert gan.history.steps == gan.step
