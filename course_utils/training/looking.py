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

from course_utils.training.conditions import checked_conditions, one_hot
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
    the averaged generator if `ema_decay` is above 0, else of G itself; of a conditional one they
    belong to the classes 0, 1, …, C-1, 0, 1, … in turn. D is asked as it is used for inference and
    without instance noise: nothing that is trained, or drawn, changes by looking. A D that is told
    classes hears of each sample its own, and of a place all classes in equal parts.

    Args:
        gan: what to look at. Call this on the thread that trains it.
        real: how many real samples D is asked about; those of `real_samples`.
        count: how many generated samples, >= 1.
        places: arrays `[places, ...]` of points at which D is asked as well.
        arrows: for how many of the generated samples to say where they are pushed, <= `count`.
        seed: fixes the latents: they equal `gan.latents(count, seed)`.

    Attributes:
        real: the real samples, float32 `[real, ...]`; empty without data.
    """

    def __init__(
        self,
        gan: GAN,
        real: int,
        count: int,
        places: Sequence[np.ndarray] = (),
        arrows: int = 0,
        seed: int = 0,
    ):
        self._gan, self._arrows = gan, min(arrows, count)
        self._latents = _FixedLatents(gan, count, seed)
        self._asked = _constant(checked_conditions(None, count, gan.classes))
        self.real, labels = _real_batch(gan, real)
        known = [self.real, *(np.asarray(array, np.float32) for array in places)]
        # One sample at least: an empty batch has no place in a compiled convolution.
        one = np.zeros((1, *gan.generator.output_shape[1:]), np.float32)
        self._known = tf.constant(np.concatenate([*(a for a in known if len(a)), one]))
        self._told = self._conditions_of_known(labels)
        self._ends = np.cumsum([len(array) for array in known])
        self._compiled: dict[bool, Callable] = {}

    def __call__(self) -> Look:
        """Looks; the first call compiles, and the first one after averaging began or ended."""
        averaged = self._gan.knobs["ema_decay"] > 0
        if averaged not in self._compiled:
            # Without the checks of a `tf.function`'s call, which cost as much as the rest.
            compiled = tf.function(self._look, jit_compile=self._gan.fused, autograph=False)
            self._compiled[averaged] = compiled.get_concrete_function(averaged)
        parts = self._compiled[averaged]()
        generated, beliefs, known, push = (part.numpy() for part in parts)
        real, *places, _ = np.split(known, self._ends)
        return Look(generated, beliefs, real, places, push, averaged)

    def _conditions_of_known(self, labels: np.ndarray):
        classes = self._gan.classes
        if not classes:
            return None
        told = np.full((len(self._known), classes), 1 / classes, np.float32)
        told[: len(labels)] = one_hot(labels, classes)
        return tf.constant(told)

    def _look(self, averaged: bool):
        gan = self._gan
        generated = gan.generate_from(self._latents(), self._asked, averaged=averaged)
        pushed = generated[: self._arrows]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(pushed)
            asked = None if self._asked is None else self._asked[: self._arrows]
            logits, class_logits = gan.judge(pushed, asked)
            loss = tf.reduce_sum(gan.adversarial_loss.generator(logits))
            if class_logits is not None:
                entropy = tf.nn.softmax_cross_entropy_with_logits(asked, class_logits)
                loss += gan.knobs.read("auxiliary_weight") * tf.reduce_sum(entropy)
        push = -tape.gradient(loss, pushed) if self._arrows else tf.zeros_like(pushed)
        beliefs = self._belief(generated, self._asked), self._belief(self._known, self._told)
        return generated, *beliefs, push

    def _belief(self, samples, conditions):
        return tf.sigmoid(self._gan.judge(samples, conditions)[0])[:, 0]


class Choosing:
    """Generates what is chosen, again and again: of fixed latents, and of any conditions.

    The latents follow the knobs as those of `Looking` do, and the averaged generator is asked in
    the same case.

    Args:
        gan: what to look at. Call this on the thread that trains it.
        latents: how many there are to choose from: those of `gan.latents(latents, seed)`. Or
            latents of your own, float32 `[n, latent_dim]`, to which no knob applies.
        seed: see `latents`.
    """

    def __init__(self, gan: GAN, latents: int | np.ndarray, seed: int = 0):
        self._gan = gan
        own = not isinstance(latents, int)
        fixed = tf.constant(latents, tf.float32) if own else _FixedLatents(gan, latents, seed)
        self._latents = (lambda: fixed) if own else fixed
        self._compiled: dict[tuple, Callable] = {}

    def __call__(self, numbers: np.ndarray, conditions: np.ndarray | None = None) -> np.ndarray:
        """The samples, float32 `[N, ...]`; each number of them compiles once.

        Args:
            numbers: which latents, whole numbers `[N]`.
            conditions: float32 `[N, C]`; None without classes.
        """
        key = self._gan.knobs["ema_decay"] > 0, len(numbers)
        inputs = tf.constant(numbers, tf.int32), _constant(conditions)
        if key not in self._compiled:
            compiled = tf.function(self._choose, jit_compile=self._gan.fused, autograph=False)
            specs = [None if part is None else tf.TensorSpec.from_tensor(part) for part in inputs]
            self._compiled[key] = compiled.get_concrete_function(*specs, key[0])
        return self._compiled[key](*(part for part in inputs if part is not None)).numpy()

    def _choose(self, numbers, conditions, averaged: bool):
        latents = tf.gather(self._latents(), numbers)
        return self._gan.generate_from(latents, conditions, averaged=averaged)


class _FixedLatents:
    """The same latents each time, as the knobs now say: they equal `gan.latents(count, seed)`."""

    def __init__(self, gan: GAN, count: int, seed: int):
        shape = count, gan.latent_dim
        self._knobs = gan.knobs
        self._normal = tf.constant(np.random.default_rng(seed).standard_normal(shape, np.float32))
        self._uniform = tf.constant(2 * np.random.default_rng(seed).random(shape, np.float32) - 1)

    def __call__(self):
        normal = self._knobs.read("latent_distribution") > 0.5
        scale = self._knobs.read("latent_scale")
        return scale * tf.where(normal, self._normal, self._uniform)


def real_samples(gan: GAN, count: int) -> np.ndarray:
    """The same `count` real samples every time, float32 `[count, ...]`; empty without data."""
    return _real_batch(gan, count)[0]


def _real_batch(gan: GAN, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The same real samples every time, and their labels, int32 `[count]`; none without classes."""
    if gan.source is None or not count:
        return np.zeros((0, *gan.generator.output_shape[1:]), np.float32), np.zeros(0, np.int32)
    drawn = gan.source.draw(Draws(0, 0, 0), count)
    samples, labels = drawn if isinstance(drawn, tuple) else (drawn, np.zeros(0, np.int32))
    return np.asarray(samples, np.float32), np.asarray(labels)


def _constant(array: np.ndarray | None):
    return None if array is None else tf.constant(array, tf.float32)
