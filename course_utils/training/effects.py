"""What the knobs do to latents, samples, labels, learning rates and averaged weights.

Functions for the compiled step: they take tensors and return tensors, or assign variables.
"""

from __future__ import annotations

import tensorflow as tf

from course_utils.training.knobs import Knobs
from course_utils.training.randomness import Draws


def latents(knobs: Knobs, draws: Draws, shape: tuple[int, int]) -> tf.Tensor:
    """Latents z, float32 of `shape`, of the distribution and scale that the knobs say."""
    drawn = tf.cond(
        knobs.read("latent_distribution") > 0.5,
        lambda: draws.normal("latents", shape),
        lambda: 2.0 * draws.uniform("latents", shape) - 1.0,
    )
    return knobs.read("latent_scale") * drawn


def with_instance_noise(knobs: Knobs, draws: Draws, stream: str, samples) -> tf.Tensor:
    """`samples` with normal noise added: Sønderby et al. 2016, arXiv:1610.04490."""
    deviation = knobs.read("instance_noise")
    shape = samples.shape if samples.shape.is_fully_defined() else tf.shape(samples)
    return tf.cond(
        deviation > 0.0,
        lambda: samples + deviation * draws.normal(stream, shape),
        lambda: samples,
    )


def targets(knobs: Knobs, draws: Draws, stream: str, count: int, own: str, other: str) -> tf.Tensor:
    """D's targets `[count, 1]`: knob `own`, and for a share `flip_rate` of them knob `other`."""
    flipped = draws.uniform(stream, (count, 1)) < knobs.read("flip_rate")
    return tf.where(flipped, knobs.read(other), knobs.read(own))


def set_learning_rate(optimizer, knobs: Knobs, name: str, step) -> None:
    """Gives `optimizer` the rate of knob `name`, lowered linearly if `decay_steps` says so."""
    decay = knobs.read("decay_steps")
    left = tf.maximum(0.0, 1.0 - tf.cast(step, tf.float32) / tf.maximum(decay, 1.0))
    optimizer.learning_rate.assign(knobs.read(name) * tf.where(decay > 0.0, left, 1.0))


def average_weights(average, model, decay, updates) -> None:
    """Moves the averaged weights towards the present ones: Yazıcı et al. 2018, arXiv:1806.04498.

    Early on the average is short, so that the random initial weights are soon forgotten. What is
    not trained (such as the moving statistics of batch normalization) is copied.

    Args:
        average: the model whose weights are averages.
        model: the model that is trained, of the same architecture.
        decay: share of the average that is kept, 0 <= decay < 1.
        updates: how many updates `model` has had.
    """
    updates = tf.cast(updates, tf.float32)
    keep = tf.minimum(decay, (1.0 + updates) / (10.0 + updates))
    for mean, value in zip(average.trainable_variables, model.trainable_variables, strict=True):
        mean.assign(keep * mean + (1.0 - keep) * value)
    for copy, value in zip(
        average.non_trainable_variables, model.non_trainable_variables, strict=True
    ):
        copy.assign(value)
