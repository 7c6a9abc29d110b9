"""What the TensorFlow peers of the image benchmark share."""

from __future__ import annotations

import math

import tensorflow as tf

from course_utils.data import digits


def parameters(*networks) -> tuple[int, ...]:
    """How many numbers each network trains."""
    return tuple(
        sum(math.prod(variable.shape) for variable in network.trainable_variables)
        for network in networks
    )


def shuffled_digits(batch: int):
    """Batches of MNIST's training digits, float32 `[batch, 28, 28, 1]` in [-1, 1], without end."""
    images, _ = digits.load("train")
    data = tf.data.Dataset.from_tensor_slices(images[..., None]).repeat().shuffle(len(images))
    return iter(data.batch(batch).map(lambda x: tf.cast(x, tf.float32) / 127.5 - 1.0))


def binary_cross_entropy(logits, label: float):
    """Mean binary cross-entropy of logits, in nats."""
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))
