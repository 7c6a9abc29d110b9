"""Looking at a GAN while it trains: everything that a picture needs, in one compiled call.

An eager Keras call costs 1-2 ms each time, most of it in Python; a panel that draws ten pictures a
second would steal a tenth of the training. One compiled call of all that is asked for costs a few
tenths of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from course_utils.training.gan import GAN
from course_utils.training.randomness import Draws


class Look(NamedTuple):
    """What was seen, as NumPy arrays.

    Attributes:
        generated: float32 `[count, ...]`, samples of the fixed latents.
        generated_belief: float32 `[count]`, D(x) of them, in [0, 1].
        real_belief: float32 `[real]`, D(x) of the real samples, in [0, 1].
        places_belief: for each array of places, D(x) there, float32 `[places]`, in [0, 1].
        push: float32 `[arrows, ...]`: -∂L/∂x of each of the first generated samples x, L being its
            share of G's loss in nats: where G's own update would move that sample.
        averaged: whether the samples are those of the averaged generator.
    """

    generated: np.ndarray
    generated_belief: np.ndarray
    real_belief: np.ndarray
    places_belief: list[np.ndarray]
    push: np.ndarray
    averaged: bool


class Looking:
    """Looks at `gan` again and again through the same latents, so that pictures move smoothly.

    The latents follow the knobs `latent_distribution` and `latent_scale`. The samples are those of
    the averaged generator if `ema_decay` is above 0, else of G itself. D is asked as it is used for
    inference and without instance noise: nothing that is trained, or drawn, changes by looking.

    Args:
        gan: what to look at. Call this on the thread that trains it.
        real: real samples, float32 `[real, ...]`; may be empty.
        count: how many generated samples, >= 1.
        places: arrays `[places, ...]` of points at which D is asked as well.
        arrows: for how many of the generated samples to say where they are pushed, <= `count`.
        latents: latents of your own, float32 `[count, latent_dim]`, to which no knob applies, in
            place of those of `seed`.
        seed: fixes the latents: they equal `gan.latents(count, seed)`.
    """

    def __init__(
        self,
        gan: GAN,
        real: np.ndarray,
        count: int,
        places: Sequence[np.ndarray] = (),
        arrows: int = 0,
        latents: np.ndarray | None = None,
        seed: int = 0,
    ):
        shape = (count, gan.latent_dim)
        self._gan, self._arrows = gan, min(arrows, count)
        self._own = None if latents is None else tf.constant(latents, tf.float32)
        self._normal = tf.constant(np.random.default_rng(seed).standard_normal(shape, np.float32))
        self._uniform = tf.constant(2 * np.random.default_rng(seed).random(shape, np.float32) - 1)
        known = [np.asarray(array, np.float32) for array in (real, *places)]
        # One sample at least: an empty batch has no place in a compiled convolution.
        one = np.zeros((1, *gan.discriminator.input_shape[1:]), np.float32)
        self._known = tf.constant(np.concatenate([*(a for a in known if len(a)), one]))
        self._ends = np.cumsum([len(array) for array in known])
        self._compiled: dict[bool, Callable] = {}

    def __call__(self) -> Look:
        """Looks; the first call compiles, and the first one after averaging began or ended."""
        averaged = self._gan.knobs["ema_decay"] > 0
        if averaged not in self._compiled:
            # Without the checks of a `tf.function`'s call, which cost as much as the rest.
            compiled = tf.function(self._look, jit_compile=self._gan.fused)
            self._compiled[averaged] = compiled.get_concrete_function(averaged)
        parts = self._compiled[averaged]()
        generated, beliefs, known, push = (part.numpy() for part in parts)
        real, *places, _ = np.split(known, self._ends)
        return Look(generated, beliefs, real, places, push, averaged)

    def _latents(self):
        if self._own is not None:
            return self._own
        knobs = self._gan.knobs
        normal = knobs.read("latent_distribution") > 0.5
        return knobs.read("latent_scale") * tf.where(normal, self._normal, self._uniform)

    def _look(self, averaged: bool):
        gan = self._gan
        generator = gan.ema_generator if averaged else gan.generator
        generated = generator(self._latents(), training=False)
        pushed = generated[: self._arrows]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(pushed)
            logits = gan.discriminator(pushed, training=False)
            loss = tf.reduce_sum(gan.adversarial_loss.generator(logits))
        push = -tape.gradient(loss, pushed) if self._arrows else tf.zeros_like(pushed)
        return generated, self._belief(generated), self._belief(self._known), push

    def _belief(self, samples):
        return tf.sigmoid(self._gan.discriminator(samples, training=False))[:, 0]


def real_samples(gan: GAN, count: int) -> np.ndarray:
    """The same `count` real samples every time, float32 `[count, ...]`; empty without data."""
    if gan.source is None:
        return np.zeros((0, *gan.generator.output_shape[1:]), np.float32)
    return np.asarray(gan.source.draw(Draws(0, 0, 0), count), np.float32)
