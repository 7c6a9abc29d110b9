"""Seed 000's riddle: how can D and G + D both be about 99 % accurate, and D say 0.53 at inference?

Two halves, both batch normalisation in D. D's batches are mixed, those of G's step all fake: batch
statistics make one and the same sample fake beside real ones and real among its like. And in Keras
up to 2.2 the moving statistics of a D whose `trainable` was False at its first training call were
never updated: at inference it works with mean 0 and variance 1, so that its logits stay near 0.
Momentum 1 does the same today.

The seed's listing has no networks; small DCGANs stand in for them. Its log says that it has 136
images, batches of 50, 50 and 36, one vector for each image, and trains each network until its last
loss is below a threshold.
"""

from __future__ import annotations

from course_utils.training import runtime  # noqa: F401  # isort: skip  (threads, before TensorFlow)

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from course_utils.clinic.anatomy import Kept
from course_utils.data import digits
from course_utils.language import text

BATCHES = (50, 50, 36)
VECTOR = 64


@dataclass(frozen=True)
class Variant:
    """One candidate for the networks and the loop behind the log.

    Attributes:
        d_bn: batch normalisation in D: None, "tracked", or "stale" (moving statistics never move).
        g_bn: the same in G.
        d_dropout: dropout rate in D.
        noisy: G's first pictures are visible noise rather than grey.
        separate: D's step judges real and generated samples in two batches: a cure.
        g_mixed: G's step judges its samples beside real ones: another cure.
        rates: learning rates of D (SGD) and G (RMSprop). Without batch normalisation D does not
            learn with the seed's own.
    """

    d_bn: str | None = None
    g_bn: str | None = None
    d_dropout: float = 0.0
    noisy: bool = False
    separate: bool = False
    g_mixed: bool = False
    rates: tuple[float, float] = (1e-4, 5e-5)


_FASTER = (2e-2, 2e-4)

VARIANTS: dict[str, Variant] = {
    "none": Variant(rates=_FASTER),
    "d_dropout": Variant(d_dropout=0.4, rates=_FASTER),
    "g_bn": Variant(g_bn="tracked", rates=_FASTER),
    "d_bn": Variant(d_bn="tracked"),
    "d_bn_stale": Variant(d_bn="stale"),
    "d_bn_stale_g_noisy": Variant(d_bn="stale", noisy=True),
    "d_bn_separate": Variant(d_bn="tracked", separate=True),
    "d_bn_g_mixed": Variant(d_bn="tracked", g_mixed=True),
}
"""The candidates; the last two are cures."""


class Row(NamedTuple):
    """What D says in one combination of modes; the same weights in every row of a table.

    Attributes:
        g_training: G works in training mode, else in inference mode.
        d_training: the same for D.
        mixed: D is shown real and generated samples in one batch, else in two.
        real_belief: mean D(x).
        fake_belief: mean D(G(z)).
        real_called_real: share of real samples with D(x) > 0.5.
        fake_called_real: share of generated samples with D(G(z)) > 0.5.
    """

    g_training: bool
    d_training: bool
    mixed: bool
    real_belief: float
    fake_belief: float
    real_called_real: float
    fake_called_real: float


class Switch(NamedTuple):
    """Share of generated samples called real, by G's last step and D's next: the same weights."""

    by_g_step: float
    by_d_step: float


@dataclass
class Riddle:
    """The seed's loop, with explicit steps.

    Args:
        variant: a name in `VARIANTS`.
        seed: of the weights, of the 136 images and of their order.
        thresholds: D, then G, is trained until its last loss is below.

    Attributes:
        d_log: a row for each step of D: loss, accuracy, share of real and of generated samples
            called real, all before the update.
        g_log: a row for each step of G: loss, share of generated samples called real.
        switches: one for each return from G to D.

    Raises:
        ValueError: there is no such variant.
    """

    variant: str
    seed: int = 0
    thresholds: tuple[float, float] = (0.12, 0.18)
    d_log: list[list[float]] = field(default_factory=list)
    g_log: list[list[float]] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)

    def __post_init__(self):
        if self.variant not in VARIANTS:
            names = ", ".join(VARIANTS)
            raise ValueError(
                text(
                    en=f"variant is {self.variant!r}; it must be one of {names}.",
                    zh=f"variant 是 {self.variant!r}；可选的值：{names}。",
                )
            )
        keras.utils.set_random_seed(self.seed)
        self._options = options = VARIANTS[self.variant]
        self.discriminator, self.generator = _discriminator(options), _generator(options)
        self._fooled: float | None = None  # what G's last step said, until D's next
        self._random = np.random.default_rng(1000 + self.seed)
        images = digits.load("train")[0]
        chosen = self._random.choice(len(images), sum(BATCHES), replace=False)
        self._real = (images[chosen].astype(np.float32) / 127.5 - 1).reshape(-1, 28, 28, 1)
        self._vectors = self._random.normal(size=(sum(BATCHES), VECTOR)).astype(np.float32)
        self._d_optimizer = keras.optimizers.SGD(options.rates[0])
        self._g_optimizer = keras.optimizers.RMSprop(options.rates[1])
        self._d_optimizer.build(self.discriminator.trainable_variables)
        self._g_optimizer.build(self.generator.trainable_variables)
        self._d_function = tf.function(self._d_update, reduce_retracing=True)
        self._g_function = tf.function(self._g_update, reduce_retracing=True)

    def train(self, phases: int = 6, most: int = 300) -> Riddle:
        """Train D, then G, and so on.

        Args:
            phases: how many times each network has its turn.
            most: passes through the images in one turn; beyond it training ends.
        """
        for _ in range(phases):
            if not self._turn(self._d_step, self.thresholds[0], most):
                break
            if not self._turn(self._g_step, self.thresholds[1], most):
                break
        return self

    def table(self) -> list[Row]:
        """D(x) and D(G(z)) in all eight combinations of modes, of 50 real samples and 50 fakes."""
        count = BATCHES[0]
        real, vectors = self._real[:count], self._vectors[:count]
        kept, rows = Kept(self.generator, self.discriminator), []
        for g_training in (False, True):
            for d_training in (False, True):
                for mixed in (True, False):
                    fake = np.asarray(self.generator(vectors, training=g_training))
                    groups = [np.concatenate([real, fake])] if mixed else [real, fake]
                    said = [self.discriminator(v, training=d_training) for v in groups]
                    kept.restore()  # training mode moves the statistics
                    logits = np.concatenate([np.asarray(v).ravel() for v in said])
                    rows.append(Row(g_training, d_training, mixed, *_summary(logits, count)))
        return rows

    def _turn(self, step, threshold: float, most: int) -> bool:
        for _ in range(most):
            for real, vectors in self._batches():
                loss = step(real, vectors)
            if loss < threshold:  # of the pass's last batch, as in the seed
                return True
        return False

    def _d_step(self, real, vectors) -> float:
        self.d_log.append(self._d_function(real, vectors).numpy().tolist())
        if self._fooled is not None:
            self.switches.append(Switch(self._fooled, self.d_log[-1][3]))
            self._fooled = None
        return self.d_log[-1][0]

    def _g_step(self, real, vectors) -> float:
        self.g_log.append(self._g_function(real, vectors).numpy().tolist())
        loss, self._fooled = self.g_log[-1]
        return loss

    def _batches(self) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
        order = self._random.permutation(sum(BATCHES))
        for chosen in np.split(order, np.cumsum(BATCHES)[:-1]):
            yield tf.constant(self._real[chosen]), tf.constant(self._vectors[chosen])

    def _d_update(self, real, vectors):
        fake = self.generator(vectors, training=False)  # as generator.predict
        count = tf.shape(real)[0]
        labels = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0)
        with tf.GradientTape() as tape:
            groups = [real, fake] if self._options.separate else [tf.concat([real, fake], 0)]
            logits = tf.concat([self.discriminator(v, training=True) for v in groups], 0)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))
        weights = self.discriminator.trainable_variables
        self._d_optimizer.apply(tape.gradient(loss, weights), weights)
        said_real = tf.cast(logits > 0, tf.float32)
        right = tf.reduce_mean(tf.cast(said_real == labels, tf.float32))
        shares = tf.reduce_mean(said_real[:count]), tf.reduce_mean(said_real[count:])
        return tf.stack([loss, right, *shares])

    def _g_update(self, real, vectors):
        with tf.GradientTape() as tape:
            fake = self.generator(vectors, training=True)
            shown = tf.concat([real, fake], 0) if self._options.g_mixed else fake
            logits = self.discriminator(shown, training=True)[-tf.shape(fake)[0] :]
            loss = tf.reduce_mean(tf.nn.softplus(-logits))
        weights = self.generator.trainable_variables
        self._g_optimizer.apply(tape.gradient(loss, weights), weights)
        return tf.stack([loss, tf.reduce_mean(tf.cast(logits > 0, tf.float32))])


def _summary(logits: np.ndarray, count: int) -> tuple[float, float, float, float]:
    belief = 1 / (1 + np.exp(-logits.astype(np.float64)))
    real, fake = belief[:count], belief[count:]
    means = float(real.mean()), float(fake.mean())
    return *means, float((real > 0.5).mean()), float((fake > 0.5).mean())


def _normalization(kind: str) -> layers.Layer:
    return layers.BatchNormalization(momentum=1.0 if kind == "stale" else 0.99)


def _discriminator(options: Variant) -> keras.Sequential:
    parts = [keras.Input((28, 28, 1))]
    for channels in (16, 32, 32):
        parts.append(layers.Conv2D(channels, 4, strides=2, padding="same"))
        if options.d_bn:
            parts.append(_normalization(options.d_bn))
        parts.append(layers.LeakyReLU(0.2))
        if options.d_dropout:
            parts.append(layers.Dropout(options.d_dropout))
    return keras.Sequential([*parts, layers.Flatten(), layers.Dense(1)])


def _generator(options: Variant) -> keras.Sequential:
    start = keras.initializers.VarianceScaling(4.0) if options.noisy else "glorot_uniform"
    further = {"padding": "same", "kernel_initializer": start}
    parts = [
        keras.Input((VECTOR,)),
        layers.Dense(7 * 7 * 32, kernel_initializer=start),
        layers.Reshape((7, 7, 32)),
    ]
    for channels in (32, 16):
        parts += [_normalization(options.g_bn)] if options.g_bn else []
        parts += [layers.ReLU(), layers.Conv2DTranspose(channels, 4, strides=2, **further)]
    parts += [_normalization(options.g_bn)] if options.g_bn else []
    last = layers.Conv2D(1, 3, activation="tanh", **further)
    return keras.Sequential([*parts, layers.ReLU(), last])
