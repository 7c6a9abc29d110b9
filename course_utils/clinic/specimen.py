"""What lies on the doctor's table: two networks, real samples, latents, and passes through them."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from course_utils.clinic import conditions, intake
from course_utils.clinic.anatomy import Kept, convolves, last_activation, learned_variables
from course_utils.clinic.conditions import Batch, together
from course_utils.clinic.habits import Outputs, logits
from course_utils.language import text

_SAMPLES = 256
_SAMPLES_OF_CONVOLUTIONS = 64  # they cost ten times as much


class Specimen:
    """Checks what is given, and makes the passes that the tests need.

    Networks may know classes: G and D are told them by a second input, or D tells them by a second
    output. How a class is written, the input's shape says: see `conditions.encode`.

    Args:
        generator: a Keras model, latents [n, numbers] to samples, or [latents, classes] to samples.
        discriminator: a Keras model, samples, or [samples, classes], to one number for each; or to
            that and one number for each class, in either order.
        data: real samples as D is fed them, [n, …], 50 or more; some thousands of them are kept.
        latents: a function of n that returns G's inputs: latents, or a list of latents and classes;
            None draws them from N(0, 1), and classes from `labels`.
        labels: the samples' classes, as `conditions.read_labels` takes them; needed where a network
            knows classes.

    Attributes:
        count: how many samples each test takes: 256, of convolutional networks 64.
        sigmoid: D ends in a sigmoid.
        classes: how many there are; 0 where no network knows any.
        has_head: D tells classes.

    Raises:
        TypeError: a network is no Keras model, or has more inputs or outputs.
        ValueError: `data` are too few, not finite, or do not fit D; D does not give one number for
            each sample; or `labels` are missing or do not fit.
    """

    def __init__(
        self, generator, discriminator, data, latents: Callable | None = None, labels=None
    ):
        discriminator = intake.functional(discriminator, lambda: np.asarray(data[:2], np.float32))
        if latents is not None:
            generator = intake.functional(generator, lambda: latents(2))
        intake.check_model("generator", generator, outputs=1)
        intake.check_model("discriminator", discriminator, outputs=2)
        self.generator, self.discriminator = generator, discriminator
        self.data, self._given = intake.checked_data(data, discriminator), len(data)
        self.has_head = len(discriminator.outputs) == 2
        told = [len(model.inputs) == 2 for model in (generator, discriminator)]
        self.labels, self.classes = None, 0
        if self.has_head or any(told):
            self._read_labels(labels)
        self.random = np.random.default_rng(0)
        self.count = _SAMPLES_OF_CONVOLUTIONS if convolves(generator, discriminator) else _SAMPLES
        self._verdict = intake.verdict_place(discriminator)
        verdict = discriminator
        if self.has_head:
            verdict = keras.Model(discriminator.inputs, discriminator.outputs[self._verdict])
        self.sigmoid = last_activation(verdict) == "sigmoid" or self._says_probabilities()
        self._latents = latents or self._normal
        self.generator_weights = learned_variables(generator)
        self.discriminator_weights = learned_variables(discriminator)
        made = self.generate(self.draw(2)).values.shape[1:]
        if made != self.data.shape[1:]:
            raise ValueError(
                text(
                    en=f"The generator makes samples of the shape {made}, the discriminator takes "
                    f"{self.data.shape[1:]}. If your loop joins classes to them, make that a part "
                    "of the networks: a keras.Model with two inputs, the class the second.",
                    zh=f"生成器的输出形状是 {made}，判别器的输入形状是 {self.data.shape[1:]}。"
                    "如果你的训练循环在外面把类别拼接上去，请把拼接放进网络里："
                    "用有两个输入的 keras.Model，第二个输入是类别。",
                )
            )

    def keep(self) -> Kept:
        """All variables as they are now."""
        return Kept(self.generator, self.discriminator)

    def real(self, count: int | None = None) -> Batch:
        """Real samples, drawn with replacement."""
        chosen = self.random.integers(len(self.data), size=count or self.count)
        return Batch(self.data[chosen], None if self.labels is None else self.labels[chosen])

    def draw(self, count: int | None = None) -> Batch:
        """Latents, with classes as frequent as in the data; ValueError if they are not as many."""
        count = count or self.count
        drawn = self._latents(count)
        if isinstance(drawn, list | tuple):
            values, labels = np.asarray(drawn[0], np.float32), conditions.decode(drawn[1])
            _check_count(count, values, labels)
            return Batch(values, labels)
        values = np.asarray(drawn, np.float32)
        _check_count(count, values)
        if self.labels is None:
            return Batch(values)
        return Batch(values, self.labels[self.random.integers(len(self.labels), size=len(values))])

    def generate(self, latents: Batch, training: bool = False) -> Batch:
        """Generated samples."""
        made = self.generator(_fed(self.generator, latents), training=training)
        return Batch(np.asarray(made, np.float32), latents.labels)

    def judge(self, samples: Batch, training: bool = False) -> np.ndarray:
        """D's raw outputs, [n]."""
        return np.asarray(self._judged(samples, training)).ravel()

    def classify(self, samples: Batch) -> np.ndarray:
        """What D's second output says of each class, [n, classes], in inference mode."""
        answer = self.discriminator(_fed(self.discriminator, samples), training=False)
        return np.asarray(answer[1 - self._verdict])

    def logits(self, outputs: np.ndarray) -> np.ndarray:
        """D's raw outputs as logits."""
        return logits(outputs, self.sigmoid)

    def outputs(self, real: Batch, latents: Batch) -> Outputs:
        """D's raw outputs in training mode, as in `habits.Outputs`."""
        fake = self.generate(latents, training=True)
        both = self.judge(together(real, fake), training=True)
        count = len(real.values)
        return both[:count], both[count:], self.judge(fake, training=True)

    def gradients(self, real: Batch, latents: Batch):
        """Gradients as they should be: cross-entropy, right labels, training mode, mixed batch.

        What D says of classes has no part in them.

        Returns:
            Lists of arrays: of D's loss; of G's non-saturating and of its minimax loss; then the
            mean norm of the gradient of D's logit at the generated samples, and D's raw outputs.
        """
        count = len(real.values)
        with tf.GradientTape(persistent=True) as tape:
            made = self.generator(_fed(self.generator, latents), training=True)
            fake = tf.cast(made, tf.float32)
            tape.watch(fake)
            fakes = Batch(fake, latents.labels)
            mixture = tf.concat([real.values, tf.stop_gradient(fake)], 0)
            labels = None if self.labels is None else np.append(real.labels, latents.labels)
            both = tf.reshape(self._judged(Batch(mixture, labels), training=True), [-1])
            alone = self._judged(fakes, training=True)
            mixed, judged = self._logits(both), self._logits(alone)
            targets = tf.concat([tf.ones(count), tf.zeros(len(latents.values))], 0)
            d_loss = tf.reduce_mean(tf.nn.softplus(mixed) - targets * mixed)
            g_loss = tf.reduce_mean(tf.nn.softplus(-judged))
            minimax = tf.reduce_mean(-tf.nn.softplus(judged))
            total = tf.reduce_sum(judged)
        slope = tape.gradient(total, fake)
        slope = np.zeros((1, 1)) if slope is None else np.asarray(slope)
        raw = np.asarray(both)
        found = (
            _gradients(tape, d_loss, self.discriminator_weights),
            _gradients(tape, g_loss, self.generator_weights),
            _gradients(tape, minimax, self.generator_weights),
            float(np.linalg.norm(slope.reshape(len(slope), -1), axis=1).mean()),
            (raw[:count], raw[count:], np.asarray(alone).ravel()),
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
        both = together(self.real(), self.generate(self.draw()))
        fed = _fed(self.discriminator, both)
        targets = np.repeat(np.float32([1, 0]), len(both.values) // 2)
        weights = self.discriminator_weights
        optimizer = keras.optimizers.Adam(rate)
        optimizer.build(weights)

        @tf.function(autograph=False)  # once traced, a third of the cost
        def update():
            with tf.GradientTape() as tape:
                said = self._logits(tf.reshape(self._verdict_of(fed, training=True), [-1]))
                loss = tf.reduce_mean(tf.nn.softplus(said) - targets * said)
            found = tape.gradient(loss, weights)
            optimizer.apply(
                [0 * v if g is None else g for g, v in zip(found, weights, strict=True)], weights
            )
            return loss

        for _ in range(steps):
            loss = update()
        return float(loss)

    def _judged(self, samples: Batch, training: bool):
        return self._verdict_of(_fed(self.discriminator, samples), training)

    def _verdict_of(self, fed, training: bool):
        answer = self.discriminator(fed, training=training)
        # Networks of mixed precision, or of float64, too: all arithmetic here is in float32.
        return tf.cast(answer[self._verdict] if self.has_head else answer, tf.float32)

    def _logits(self, outputs):
        if not self.sigmoid:
            return outputs
        p = tf.clip_by_value(outputs, 1e-7, 1 - 1e-7)
        return tf.math.log(p) - tf.math.log1p(-p)

    def _normal(self, count: int) -> np.ndarray:
        shape = (count, *self.generator.inputs[0].shape[1:])
        return self.random.normal(size=shape).astype(np.float32)

    def _says_probabilities(self) -> bool:
        """Whether D stays within 0 and 1 far outside of the data: a sigmoid that has no layer."""
        noise = self.random.normal(size=(64, *self.data.shape[1:])).astype(np.float32)
        far = Batch(self.data.mean() + 10 * self.data.std() * noise, self.real(64).labels)
        said = self.judge(far)
        return bool((said >= 0).all() and (said <= 1).all() and np.ptp(said) > 0)

    def _read_labels(self, labels) -> None:
        if labels is None:
            raise ValueError(
                text(
                    en="These networks know classes: give labels, the classes of the real samples.",
                    zh="这两个网络涉及类别：请用 labels 给出真实样本的类别。",
                )
            )
        self.labels = conditions.read_labels(labels, self._given)[intake.thin(self._given)]
        self.classes = int(self.labels.max()) + 1
        networks = {"generator": self.generator, "discriminator": self.discriminator}
        for name, model in networks.items():
            for place in model.inputs[1:]:
                if not conditions.takes(tuple(place.shape[1:]), self.classes):
                    raise ValueError(
                        text(
                            en=f"The {name}'s second input has the shape {place.shape}; it must "
                            f"take one of {self.classes} classes: [n], [n, 1] or "
                            f"[n, {self.classes}].",
                            zh=f"{name} 的第二个输入形状是 {place.shape}；它应当接收 "
                            f"{self.classes} 个类别之一：[n]、[n, 1] 或 [n, {self.classes}]。",
                        )
                    )


def _check_count(count: int, *drawn: np.ndarray) -> None:
    for values in drawn:
        if values.shape[:1] != (count,):
            raise ValueError(
                text(
                    en=f"latents({count}) returned an array of the shape {values.shape}; it must "
                    "return as many latents as it is asked for, n for every n.",
                    zh=f"latents({count}) 返回的数组形状是 {values.shape}；"
                    "要多少个隐变量就应当返回多少个：对任何 n 都返回 n 个。",
                )
            )


def auc(real: np.ndarray, fake: np.ndarray) -> float:
    """How often D finds a real sample [n] more real than a generated one [m]; ties count half."""
    larger, equal = real[:, None] > fake, real[:, None] == fake
    return float(larger.mean() + equal.mean() / 2)


def norm(arrays) -> float:
    """Euclidean norm of all numbers in some arrays."""
    return float(np.sqrt(sum((np.asarray(v, np.float64) ** 2).sum() for v in arrays)))


def _fed(model: keras.Model, batch: Batch):
    """A batch as this model takes it; classes only if it is told them."""
    if len(model.inputs) == 1:
        return batch.values
    place = model.inputs[1]
    told = conditions.encode(batch.labels, tuple(place.shape[1:]), place.dtype)
    return [tf.convert_to_tensor(batch.values), tf.constant(told)]


def _gradients(tape, loss, variables) -> list[np.ndarray]:
    # What a loss does not depend on has the gradient None; it counts as 0.
    found = tape.gradient(loss, [v.value for v in variables])
    pairs = zip(found, variables, strict=True)
    # An embedding's are sparse.
    return [
        np.zeros(v.shape) if g is None else np.asarray(tf.convert_to_tensor(g)) for g, v in pairs
    ]
