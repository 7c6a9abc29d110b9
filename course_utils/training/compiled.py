"""The compiled calls that train a GAN: many steps fused into one, or one call for each update.

Small networks want all their steps in one call, compiled by XLA, so that Python and TensorFlow are
out of the way. For networks with convolutions every update is a call of its own, because XLA
computes a convolution inside a loop or a branch ten times slower. Without XLA the first step of the
quick DCGAN comes after 3 seconds and a step takes 40 ms of CPU, with it after 9 and 28; by the
clock, on two cores, a step takes about as long either way. So a panel does without, and a long
training asks for it (`jit_compile`).
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from course_utils.training.history import CURVES
from course_utils.training.randomness import Draws

do_not_convert = tf.autograph.experimental.do_not_convert

LONGEST_CHUNK = 1024
"""The most steps of one call."""

GENERATOR_DRAW = 32
"""G's own draw within a step: it comes after the most that D can make."""


def joined(discriminator_part, generator_part) -> list:
    """What the two updates return, in the order of `history.CURVES`."""
    *discriminator, discriminator_class_loss = discriminator_part
    *generator, generator_class_loss = generator_part
    return [*discriminator, *generator, discriminator_class_loss, generator_class_loss]


def parted(row) -> tuple[list, list]:
    """The inverse of `joined`: the values `[8]` of D's update, and of G's."""
    d_loss, d_real, d_fake, d_norm, g_loss, g_norm, d_class_loss, g_class_loss = row
    return [d_loss, d_real, d_fake, d_norm, d_class_loss], [g_loss, g_norm, g_class_loss]


def has_convolutions(*models: keras.Model) -> bool:
    """Whether a layer of the models is a convolution, of any kind."""
    return any(
        "Conv" in type(layer).__name__
        for model in models
        for layer in model._flatten_layers(include_self=False, recursive=True)
    )


class FusedSteps:
    """Many steps in one compiled call.

    Args:
        gan: the GAN; its `trace_count` grows whenever the call is traced.

    Attributes:
        longest: the most steps of one call.
    """

    longest = LONGEST_CHUNK

    def __init__(self, gan):
        self._gan = gan
        self._compiled = tf.function(self._chunk, jit_compile=True)

    def __call__(
        self, steps: int, train_discriminator: bool, train_generator: bool, row: np.ndarray
    ) -> np.ndarray:
        """Makes 1 … `longest` steps.

        Args:
            steps: how many.
            train_discriminator: whether D is updated.
            train_generator: whether G is updated.
            row: the curves after the last step, float32 `[8]`: a player who sits out keeps his.

        Returns:
            The curves of these steps, float32 `[steps, 8]`, see `history.CURVES`.
        """
        rows = self._compiled(
            tf.constant(steps),
            tf.constant(int(train_discriminator)),
            tf.constant(int(train_generator)),
            tf.constant(row),
        )
        return rows.numpy()[:steps].copy()

    def _chunk(self, steps, train_discriminator, train_generator, row):
        gan = self._gan
        gan.trace_count += 1
        rows = tf.TensorArray(tf.float32, size=LONGEST_CHUNK, element_shape=(len(CURVES),))
        first = gan._step.read_value()
        done = tf.constant(0)
        # `while`, because XLA would compile `for … in tf.range(steps)` anew for each `steps`.
        while done < steps:
            row = self._one_step(first + done, train_discriminator, train_generator, row)
            rows = rows.write(done, row)
            done += 1
        gan._step.assign_add(steps)
        return rows.stack()

    def _one_step(self, step, train_discriminator, train_generator, row):
        gan = self._gan
        # AutoGraph makes the loops and branches of this class compiled ones. What is called here
        # has none, as in `SingleUpdates`, and is left alone.
        update_discriminator = do_not_convert(gan.update_discriminator)
        update_generator = do_not_convert(gan.update_generator)
        do_not_convert(gan._set_learning_rates)(step)
        discriminator_part, generator_part = map(tf.stack, parted(tf.unstack(row)))
        updates = tf.cast(gan.knobs.read("discriminator_steps"), tf.int32) * train_discriminator
        draw = tf.constant(0)
        while draw < updates:
            draws = Draws(gan._seed, step, draw)
            real, conditions = do_not_convert(gan.draw_real)(draws)
            discriminator_part = tf.stack(update_discriminator(real, draws, conditions=conditions))
            draw += 1
        if train_generator > 0:
            generator_part = tf.stack(update_generator(Draws(gan._seed, step, GENERATOR_DRAW)))
        return tf.stack(joined(tf.unstack(discriminator_part), tf.unstack(generator_part)))


class SingleUpdates:
    """One compiled call for each update of a network; called like `FusedSteps`.

    Args:
        gan: the GAN; its `trace_count` grows whenever a call is traced.
        jit_compile: whether XLA compiles the calls. Then there may be no branch inside, and the
            knob `r1_weight` chooses between two calls that update D, with the penalty and without
            it; each is compiled when it is first needed. No other knob compiles anything.
    """

    longest = 1  # More would save nothing, and an interrupt would have to wait for them.

    def __init__(self, gan, jit_compile: bool = False):
        self._gan, self._jit_compile = gan, jit_compile
        # Without AutoGraph, as in Keras's own `fit`: there is no Python branch on a tensor inside,
        # and looking for one takes a fifth of the first step's time.
        options = {"jit_compile": jit_compile, "autograph": False}
        self._update_discriminator = tf.function(self._discriminator, **options)
        self._update_generator = tf.function(self._generator, **options)

    def __call__(
        self, steps: int, train_discriminator: bool, train_generator: bool, row: np.ndarray
    ) -> np.ndarray:
        """See `FusedSteps`."""
        gan = self._gan
        discriminator_part, generator_part = parted(row)
        with_penalty = gan.knobs["r1_weight"] > 0 if self._jit_compile else None
        rows = np.empty((steps, len(CURVES)), np.float32)
        for step in range(steps):
            for draw in range(gan.knobs["discriminator_steps"] * train_discriminator):
                discriminator_part = self._update_discriminator(
                    tf.constant(draw), with_penalty
                ).numpy()
            if train_generator:
                generator_part = self._update_generator().numpy()
            gan._step.assign_add(1)
            rows[step] = joined(discriminator_part, generator_part)
        return rows

    def _discriminator(self, draw, with_penalty):
        gan = self._gan
        gan.trace_count += 1
        step = gan._step.read_value()
        gan._set_learning_rates(step)
        draws = Draws(gan._seed, step, draw)
        real, conditions = gan.draw_real(draws)
        return tf.stack(gan.update_discriminator(real, draws, with_penalty, conditions))

    def _generator(self):
        gan = self._gan
        gan.trace_count += 1
        step = gan._step.read_value()
        gan._set_learning_rates(step)
        return tf.stack(gan.update_generator(Draws(gan._seed, step, GENERATOR_DRAW)))
