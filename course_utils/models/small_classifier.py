"""A small classifier of digits, trained from scratch in seconds: an instrument of measurement.

The judge was made once, and stays as it is. This one is made anew from whatever images it is given:
how often it is right says what can be learned from them.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from course_utils.data.images import checked_images, to_unit_range
from course_utils.training import runtime  # noqa: F401  (sets TensorFlow's threads before it starts)
from course_utils.training.randomness import check_seed

STEPS = 300
BATCH = 100
RATE = 1e-2
SHIFT = 2
"""A batch is moved by up to so many pixels in each direction."""
_BLOCK = 500  # images that are classified in one call


def build_network(seed: int = 0) -> keras.Model:
    """Images float32 [N, 28, 28, 1] in [-1, 1] -> logits [N, 10]; 18,730 weights.

    Args:
        seed: for the initial weights. No random state of Keras or TensorFlow is used or changed.
    """

    def initial(layer: int) -> keras.Initializer:
        return keras.initializers.GlorotUniform(3 * seed + layer)

    options = {"padding": "same", "activation": "relu"}
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(24, 5, strides=2, kernel_initializer=initial(0), **options),
            layers.MaxPooling2D(2),  # 7 × 7
            layers.Conv2D(48, 3, kernel_initializer=initial(1), **options),
            layers.MaxPooling2D(2, padding="same"),  # 4 × 4
            layers.Flatten(),
            layers.Dense(10, kernel_initializer=initial(2)),
        ],
        name="small_classifier",
    )


class Classifier:
    """A classifier, trained by `train`.

    Args:
        network: `build_network()`, trained.
    """

    def __init__(self, network: keras.Model):
        signature = [tf.TensorSpec((None, 28, 28, 1), tf.float32)]
        self._see = tf.function(lambda images: network(images, training=False), signature)

    def classify(self, images: np.ndarray) -> np.ndarray:
        """The most probable digit of each image.

        Args:
            images: uint8 [N, 28, 28], N >= 1.

        Returns:
            int64 [N], 0 … 9.

        Raises:
            ValueError: the images have another type or shape.
        """
        images = checked_images(images)
        blocks = [
            self._see(to_unit_range(images[start : start + _BLOCK])).numpy().argmax(axis=1)
            for start in range(0, len(images), _BLOCK)
        ]
        return np.concatenate(blocks)


def train(images: np.ndarray, labels: np.ndarray, seed: int = 0) -> Classifier:
    """Train a classifier for 300 steps of Adam, however many images there are.

    The rate falls linearly to 0; each batch of 100 is shifted a little. Without XLA: it would take
    longer to compile than it saves.

    Args:
        images: uint8 [N, 28, 28], N >= 1.
        labels: integers [N], 0 … 9.
        seed: whole number, 0 <= seed < 2**25: initial weights, batches and shifts. The same number
            gives the same classifier.

    Raises:
        ValueError: the images have another type or shape, or the seed is out of its range.
    """
    network = build_network(check_seed(seed))
    rate = keras.optimizers.schedules.PolynomialDecay(RATE, STEPS, 0.0)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, network(x, training=True))
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(value, variables), variables)

    for x, y in _batches(checked_images(images), labels, seed):
        step(tf.constant(to_unit_range(x)), tf.constant(y.astype(np.int32)))
    return Classifier(network)


def _batches(images: np.ndarray, labels: np.ndarray, seed: int):
    """Yield each batch: all images in a new order, again and again."""
    random = np.random.default_rng(seed)
    rounds = -(-STEPS * BATCH // len(images))
    order = np.concatenate([random.permutation(len(images)) for _ in range(rounds)])
    edge, side = (SHIFT, SHIFT), images.shape[1]
    padded = np.pad(images, ((0, 0), edge, edge))
    for chosen in order[: STEPS * BATCH].reshape(STEPS, BATCH):
        down, right = random.integers(0, 2 * SHIFT + 1, 2)
        yield padded[chosen, down : down + side, right : right + side], np.asarray(labels)[chosen]
