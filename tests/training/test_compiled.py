"""One compiled call for each update: the same game as the fused steps, and the same promises."""

import os
import signal
import sys
import threading

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.training import GAN
from course_utils.training.compiled import FusedSteps, SingleUpdates, has_convolutions
from course_utils.training.sources import ImageSource
from course_utils.training.state import read_state, write_state


@pytest.fixture(scope="module")
def shared_image_gan():
    generator = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4 * 4 * 2, use_bias=False),
            layers.Reshape((4, 4, 2)),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(2, 3, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    images = np.random.default_rng(0).integers(0, 256, (50, 8, 8), dtype=np.uint8)
    options = {"batch_size": 8, "r1_weight": 0.1, "ema_decay": 0.9}
    return GAN(generator, discriminator, ImageSource(images), **options)


@pytest.fixture
def image_gan(shared_image_gan):
    shared_image_gan.knobs._set(r1_weight=0.1, ema_decay=0.9, discriminator_steps=1)
    shared_image_gan.reset(0)
    return shared_image_gan


def test_convolutions_decide(gan, image_gan):
    assert not has_convolutions(gan.generator, gan.discriminator) and gan.fused
    assert has_convolutions(image_gan.generator) and has_convolutions(image_gan.discriminator)
    assert isinstance(gan._steps, FusedSteps) and isinstance(image_gan._steps, SingleUpdates)


def test_both_ways_train_the_same(gan, weights, monkeypatch):
    """Same seed, same random numbers, same updates: equal to rounding."""
    gan.set(r1_weight=0.5, discriminator_steps=2, instance_noise=0.1, ema_decay=0.9)
    initial = read_state(gan)
    fused = gan.run(20)
    expected = weights(gan.generator) + weights(gan.discriminator) + weights(gan.ema_generator)
    write_state(gan, initial)
    # By XLA too, because its random numbers are others than TensorFlow's own.
    monkeypatch.setattr(gan, "_steps", SingleUpdates(gan, jit_compile=True))
    traces = gan.trace_count
    single = gan.run(20)
    gan.trace_count = traces  # the shared GAN is traced once, as far as other tests are concerned
    np.testing.assert_allclose(single, fused, rtol=1e-3, atol=1e-5)
    found = weights(gan.generator) + weights(gan.discriminator) + weights(gan.ema_generator)
    for old, new in zip(expected, found, strict=True):
        np.testing.assert_allclose(new, old, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_each_step_moves_one_network(image_gan, weights, moved, player):
    gan = image_gan
    still = {"discriminator": "generator", "generator": "discriminator"}[player]
    before = {name: weights(getattr(gan, name)) for name in (player, still)}
    first = gan.run(1)[-1]
    gan.reset(0)
    rows = gan.run(3, player)
    assert moved(before[player], weights(getattr(gan, player)))
    trainable = [v.numpy() for v in getattr(gan, still).trainable_variables]
    gan.reset(0)
    start = [v.numpy() for v in getattr(gan, still).trainable_variables]
    assert not moved(start, trainable)
    assert int(gan.step) == 0 and rows.shape == (3, 8)
    silent = [4, 5, 7] if player == "discriminator" else [0, 1, 2, 3, 6]
    assert np.isnan(rows[:, silent]).all() or (rows[:, silent] == rows[0, silent]).all()
    assert np.isfinite(first).all()


def test_no_knob_traces_anything(image_gan):
    gan = image_gan
    gan.run(2)
    traces = gan.trace_count
    gan.set(
        latent_distribution="uniform",
        instance_noise=0.2,
        flip_rate=0.1,
        generator_learning_rate=1e-2,
        discriminator_steps=3,
        ema_decay=0.0,
        r1_weight=0.0,
    )
    gan.run(2)
    assert gan.trace_count == traces == 2


def test_with_xla_only_the_penalty_is_compiled_anew_and_only_once(image_gan, monkeypatch):
    gan = image_gan
    monkeypatch.setattr(gan, "_steps", SingleUpdates(gan, jit_compile=True))
    traces = gan.trace_count
    gan.run(2)
    assert gan.trace_count == traces + 2
    gan.set(instance_noise=0.2, discriminator_steps=3, ema_decay=0.0, r1_weight=3.0)
    gan.run(1)
    assert gan.trace_count == traces + 2
    for weight in (0.0, 2.0, 0.0):
        gan.set(r1_weight=weight)
        gan.run(1)
    assert gan.trace_count == traces + 3
    gan.trace_count = traces  # as far as other tests are concerned, it was traced without XLA


def test_a_run_repeats(image_gan, weights, moved):
    gan = image_gan
    first = gan.run(30)
    after = weights(gan.generator) + weights(gan.discriminator)
    gan.reset()
    np.testing.assert_array_equal(gan.run(30), first)
    assert not moved(after, weights(gan.generator) + weights(gan.discriminator))


def test_penalty_and_discriminator_steps_act(image_gan, weights, moved):
    gan = image_gan
    gan.run(3)
    state = read_state(gan)

    def outcome(**knobs):
        write_state(gan, state)
        gan.set(**knobs)
        gan.run(1)
        return weights(gan.discriminator)

    plain = outcome()
    assert moved(plain, outcome(r1_weight=5.0))
    assert not moved(plain, outcome(r1_weight=0.1))
    assert moved(plain, outcome(r1_weight=0.0))
    iterations = int(gan.discriminator_optimizer.iterations)
    outcome(r1_weight=0.1, discriminator_steps=4)
    assert int(gan.discriminator_optimizer.iterations) == iterations + 3


def test_chunks_of_any_size_give_the_same_weights(image_gan, weights, moved):
    gan = image_gan
    gan.run(9)
    whole = weights(gan.generator) + weights(gan.discriminator)
    gan.reset()
    for count in (1, 5, 0, 3):
        gan.run(count)
    assert not moved(whole, weights(gan.generator) + weights(gan.discriminator))
    assert gan.history.rows.shape == (9, 8)


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent otherwise on Windows")
def test_an_interrupt_does_not_wait_for_all_steps_and_loses_none(image_gan):
    image_gan.run(1)
    for delay in (0.05, 0.11, 0.2):
        timer = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            image_gan.run(1000)
        timer.join()
        assert image_gan.history.steps == image_gan.step < 900


def test_a_failing_update_leaves_step_and_history_in_agreement(image_gan, monkeypatch):
    update, calls = image_gan._steps._update_generator, iter(range(100))

    def fails_at_the_third():
        if next(calls) == 2:
            raise MemoryError
        return update()

    monkeypatch.setattr(image_gan._steps, "_update_generator", fails_at_the_third)
    with pytest.raises(MemoryError):
        image_gan.run(5)
    assert image_gan.step == image_gan.history.steps == 2


def test_fit_trains_convolutions_too(image_gan):
    image_gan.fit(np.zeros((8, 8, 8, 1), np.float32), batch_size=8, epochs=1, verbose=0)
    assert image_gan.step == 1 and np.isfinite(image_gan.history.rows).all()


class TestImageSource:
    def test_draws_every_image_scaled(self):
        from course_utils.training.randomness import Draws

        images = np.arange(0, 250, 10, dtype=np.uint8)[:, None, None] * np.ones((2, 3), np.uint8)
        drawn = ImageSource(images).draw(Draws(3, 7, 0), 2000).numpy()
        assert drawn.shape == (2000, 2, 3, 1) and drawn.dtype == np.float32
        values, counts = np.unique(drawn[:, 0, 0, 0], return_counts=True)
        np.testing.assert_allclose(values, images[:, 0, 0] / 127.5 - 1, atol=1e-6)
        assert counts.min() > 40 and counts.max() < 130  # 80 each

    @pytest.mark.parametrize(
        "images", [np.zeros((2, 4, 4)), np.zeros((2, 4), np.uint8), np.zeros((0, 4, 4), np.uint8)]
    )
    def test_refuses_what_is_not_an_image(self, images):
        with pytest.raises(ValueError, match=r"uint8, 0 … 255"):
            ImageSource(images)
