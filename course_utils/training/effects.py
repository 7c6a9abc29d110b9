"""What the knobs do to latents, samples, labels, learning rates and averaged weights.

Functions for the compiled step: they take tensors and return tensors, or assign variables.
"""

from __future__ import annotations

import math

import tensorflow as tf

from course_utils.training.knobs import CLASSES, KNOBS, Knobs
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


def class_weights(knobs: Knobs, shares) -> tf.Tensor:
    """How often each class is drawn, float32 `[C]`: `shares` of the data, or the weights' knobs.

    Classes that the data do not have are never drawn; weights that leave no class are ignored.
    """
    classes = len(shares)
    weights = [knobs.read(f"class_{label}") for label in range(min(classes, CLASSES))]
    weights = tf.stack(weights + [tf.constant(1.0)] * (classes - len(weights)))
    wanted = tf.where(knobs.read("class_sampling") > 0.5, weights, shares)
    present = tf.where(shares > 0.0, wanted, 0.0)  # the data have nothing of the other classes
    return tf.where(tf.reduce_sum(present) > 0.0, present, shares)


def with_class_flips(knobs: Knobs, draws: Draws, labels, count: int, classes: int) -> tf.Tensor:
    """Labels, int32 `[count]`, a share `class_flip_rate` of them replaced by another class."""
    flipped = draws.uniform("class_flips", (count,)) < knobs.read("class_flip_rate")
    others = draws.uniform("flipped_classes", (count,)) * (classes - 1.0)
    return tf.where(flipped, (labels + 1 + tf.cast(others, tf.int32)) % classes, labels)


def rate_factor(schedule, decay, step) -> tf.Tensor:
    """What learning rates are multiplied by at `step`, 0 … 1.

    Args:
        schedule: of the knob `schedule`, a number for each choice; a scalar, or `[members]`.
        decay: of the knob `decay_steps`, of the same shape.
        step: a scalar.
    """
    gone = tf.minimum(1.0, tf.cast(step, tf.float32) / tf.maximum(decay, 1.0))
    factors = {
        "constant": tf.ones_like(gone),
        "linear": 1.0 - gone,
        "cosine": 0.5 * (1.0 + tf.cos(math.pi * gone)),
        "step": tf.where(gone < 0.5, 1.0, tf.where(gone < 0.75, 0.1, 0.01)),
    }
    ways = tf.stack([factors[way] for way in KNOBS["schedule"].choices])
    chosen = tf.one_hot(tf.cast(schedule, tf.int32), len(factors), axis=0)
    return tf.where(decay > 0.0, tf.reduce_sum(chosen * ways, axis=0), 1.0)


def set_learning_rate(optimizer, knobs: Knobs, name: str, step) -> None:
    """Gives `optimizer` the rate of knob `name`, lowered as `schedule` and `decay_steps` say."""
    factor = rate_factor(knobs.read("schedule"), knobs.read("decay_steps"), step)
    optimizer.learning_rate.assign(knobs.read(name) * factor)


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
