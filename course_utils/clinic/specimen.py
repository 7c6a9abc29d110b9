"""What lies on the doctor's table: two networks, real samples, latents, and passes through them."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from course_utils.clinic.anatomy import Kept, convolves, last_activation, learned_variables
from course_utils.clinic.habits import Outputs, logits
from course_utils.language import text

LEAST = 50
"""The fewest real samples that are enough."""
_SAMPLES = 256
_SAMPLES_OF_CONVOLUTIONS = 64  # they cost ten times as much


class Specimen:
    """Checks what is given, and makes the passes that the tests need.

    Args:
        generator: a Keras model with one input [n, numbers].
        discriminator: a Keras model, samples to one number for each.
        data: real samples as D is fed them, [n, …], 50 or more.
        latents: a function of n that returns G's inputs; None draws them from N(0, 1).

    Attributes:
        count: how many samples each test takes: 256, of convolutional networks 64.
        sigmoid: D ends in a sigmoid.

    Raises:
        TypeError: a network is no Keras model, or has several inputs.
        ValueError: `data` are too few, not finite, or do not fit D; or D gives several numbers.
    """

    def __init__(self, generator, discriminator, data, latents: Callable | None = None):
        for name, model in (("generator", generator), ("discriminator", discriminator)):
            _check_model(name, model)
        self.generator, self.discriminator = generator, discriminator
        self.data = _checked_data(data, discriminator)
        self.random = np.random.default_rng(0)
        self.count = _SAMPLES_OF_CONVOLUTIONS if convolves(generator, discriminator) else _SAMPLES
        self.sigmoid = last_activation(discriminator) == "sigmoid"
        self._latents = latents or self._normal
        self.generator_weights = learned_variables(generator)
        self.discriminator_weights = learned_variables(discriminator)
        if np.asarray(discriminator(self.real(2), training=False)).size != 2:
            raise ValueError(
                text(
                    en="The discriminator must give one number for each sample.",
                    zh="判别器应该为每个样本输出一个数。",
                )
            )

    def keep(self) -> Kept:
        """All variables as they are now."""
        return Kept(self.generator, self.discriminator)

    def real(self, count: int | None = None) -> np.ndarray:
        """Real samples, float32, drawn with replacement."""
        chosen = self.random.integers(len(self.data), size=count or self.count)
        return self.data[chosen]

    def draw(self, count: int | None = None) -> np.ndarray:
        """Latents, float32."""
        return np.asarray(self._latents(count or self.count), np.float32)

    def generate(self, latents: np.ndarray, training: bool = False) -> np.ndarray:
        """Generated samples."""
        return np.asarray(self.generator(latents, training=training))

    def judge(self, samples, training: bool = False) -> np.ndarray:
        """D's raw outputs, [n]."""
        return np.asarray(self.discriminator(samples, training=training)).ravel()

    def logits(self, outputs: np.ndarray) -> np.ndarray:
        """D's raw outputs as logits."""
        return logits(outputs, self.sigmoid)

    def outputs(self, real: np.ndarray, latents: np.ndarray) -> Outputs:
        """D's raw outputs in training mode, as in `habits.Outputs`."""
        fake = self.generate(latents, training=True)
        both = self.judge(np.concatenate([real, fake]), training=True)
        return both[: len(real)], both[len(real) :], self.judge(fake, training=True)

    def gradients(self, real: np.ndarray, latents: np.ndarray):
        """Gradients as they should be: cross-entropy, right labels, training mode, mixed batch.

        Returns:
            Lists of arrays: of D's loss; of G's non-saturating and of its minimax loss; then the
            mean norm of the gradient of D's logit at the generated samples, and D's raw outputs.
        """
        with tf.GradientTape(persistent=True) as tape:
            fake = self.generator(latents, training=True)
            tape.watch(fake)
            both = self.discriminator(tf.concat([real, tf.stop_gradient(fake)], 0), training=True)
            alone = self.discriminator(fake, training=True)
            mixed, judged = self._logits(tf.reshape(both, [-1])), self._logits(alone)
            labels = tf.concat([tf.ones(len(real)), tf.zeros(len(latents))], 0)
            d_loss = tf.reduce_mean(tf.nn.softplus(mixed) - labels * mixed)
            g_loss = tf.reduce_mean(tf.nn.softplus(-judged))
            minimax = tf.reduce_mean(-tf.nn.softplus(judged))
            total = tf.reduce_sum(judged)
        slope = tape.gradient(total, fake)
        slope = np.zeros((1, 1)) if slope is None else np.asarray(slope)
        raw = np.asarray(both).ravel()
        found = (
            _gradients(tape, d_loss, self.discriminator_weights),
            _gradients(tape, g_loss, self.generator_weights),
            _gradients(tape, minimax, self.generator_weights),
            float(np.linalg.norm(slope.reshape(len(slope), -1), axis=1).mean()),
            (raw[: len(real)], raw[len(real) :], np.asarray(alone).ravel()),
        )
        del tape
        return found

    def second_opinion(self, steps: int = 40, rate: float = 2e-3) -> float:
        """D's loss after a few steps of Adam on it alone, with the right labels, in training mode.

        Where samples are unlike the data it falls fast. If it does, and the learner's D has not
        learned as much in a whole training, something is wrong with how that D is taught. The
        variables are changed: put them back.

        Args:
            steps: of `count` real and as many generated samples, which stay the same.
            rate: Adam's learning rate.
        """
        real, fake = self.real(), self.generate(self.draw())
        both = np.concatenate([real, fake])
        labels = np.repeat(np.float32([1, 0]), len(real))
        optimizer = keras.optimizers.Adam(rate)
        optimizer.build(self.discriminator_weights)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                said = self._logits(tf.reshape(self.discriminator(both, training=True), [-1]))
                loss = tf.reduce_mean(tf.nn.softplus(said) - labels * said)
            found = _gradients(tape, loss, self.discriminator_weights)
            optimizer.apply([tf.constant(g, tf.float32) for g in found], self.discriminator_weights)
        return float(loss)

    def _logits(self, outputs):
        if not self.sigmoid:
            return outputs
        p = tf.clip_by_value(outputs, 1e-7, 1 - 1e-7)
        return tf.math.log(p) - tf.math.log1p(-p)

    def _normal(self, count: int) -> np.ndarray:
        shape = (count, *self.generator.inputs[0].shape[1:])
        return self.random.normal(size=shape).astype(np.float32)


def norm(arrays) -> float:
    """Euclidean norm of all numbers in some arrays."""
    return float(np.sqrt(sum((np.asarray(v, np.float64) ** 2).sum() for v in arrays)))


def _gradients(tape, loss, variables) -> list[np.ndarray]:
    # What a loss does not depend on has the gradient None; it counts as 0.
    found = tape.gradient(loss, [v.value for v in variables])
    pairs = zip(found, variables, strict=True)
    return [np.zeros(v.shape) if g is None else np.asarray(g) for g, v in pairs]


def _check_model(name: str, model) -> None:
    if not isinstance(model, keras.Model) or len(getattr(model, "inputs", None) or ()) != 1:
        raise TypeError(
            text(
                en=f"{name} must be a Keras model, built, with one input; networks that are told "
                "a class as well are not examined yet.",
                zh=f"{name} 应该是已构建的、只有一个输入的 Keras 模型；"
                "还接收类别的条件网络目前不能检查。",
            )
        )


def _checked_data(data, discriminator: keras.Model) -> np.ndarray:
    array = np.asarray(data)
    numeric = np.issubdtype(array.dtype, np.number) or array.dtype == bool
    array = array.astype(np.float32) if numeric else np.zeros(0)
    expected = tuple(discriminator.inputs[0].shape[1:])
    fits = array.ndim == len(expected) + 1 and all(
        wanted in (None, had) for wanted, had in zip(expected, array.shape[1:], strict=True)
    )
    if not fits or len(array) < LEAST or not np.isfinite(array).all():
        raise ValueError(
            text(
                en=f"data have the shape {np.shape(data)}; at least {LEAST} real samples are "
                f"needed, finite numbers of the shape {expected} each, as the discriminator is "
                "fed them.",
                zh=f"data 的形状是 {np.shape(data)}；至少需要 {LEAST} 个真实样本，每个都是形状为 "
                f"{expected} 的有限数值，与输入判别器时一样。",
            )
        )
    return array
