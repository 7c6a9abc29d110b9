"""A learner's plain Keras training loop, with every line where an illness can live as an option.

It is what a doctor is given: two Keras models, real samples as D sees them, one `step()` of the
training, and the log that the loop has written. It uses nothing of the course's engine on purpose.
"""

from __future__ import annotations

from course_utils.training import runtime  # noqa: F401  # isort: skip  (threads, before TensorFlow)

import keras
import numpy as np
import tensorflow as tf

from course_utils.checks import whole_number
from course_utils.clinic.case import Options
from course_utils.clinic.networks import CLASSES, build
from course_utils.data import digits, targets

CURVES = ("d_loss", "g_loss", "d_accuracy", "g_accuracy")
_POINTS = 4000


def real_samples(options: Options) -> np.ndarray:
    """What G imitates, float32 [4000, 2] or [images, 28, 28, 1], always the same samples."""
    if options.data == "digits":
        images = digits.load("train")[0][: options.images].astype(np.float32) / 255
        low, high = options.data_range
        return (low + (high - low) * images).reshape(-1, 28, 28, 1)
    if options.data == "ring":
        target = targets.ring()
    else:
        target = {"moons": targets.two_moons, "x2": targets.x_squared}[options.data]
    return target.sample(_POINTS, seed=99).astype(np.float32)


def gaussian_of(points: np.ndarray) -> np.ndarray:
    """Which of the ring's Gaussians is nearest, int [n]: by the angle."""
    turns = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi)
    return np.rint(turns * CLASSES).astype(int) % CLASSES


class Patient:
    """Two networks and the loop that trains them.

    Args:
        options: how they are built and trained.
        seed: of the weights, the batches and the latents.

    Attributes:
        generator: a Keras model, latents [n, latent_dim] to samples; conditional ones have a
            second input, one-hot classes [n, 8].
        discriminator: a Keras model, samples to [n, 1]; likewise.
        data: the real samples, as D is fed them.
        labels: the classes that D is told of them, int [n]; None without conditional networks.
        history: the log: one list for each name in `CURVES`, a row for each update of that player.
    """

    def __init__(self, options: Options, seed: int = 0):
        keras.utils.set_random_seed(seed)
        self.options = options
        self.generator, self.discriminator = build(options)
        self.data = real_samples(options)
        self.history: dict[str, list[float]] = {name: [] for name in CURVES}
        self._random = np.random.default_rng(seed + 10_000)
        self.labels = gaussian_of(self.data) if options.conditional else None
        if options.shuffled_conditions:
            self.labels = self._random.permutation(self.labels)
        self._bce = keras.losses.BinaryCrossentropy(from_logits=options.from_logits)
        self._means = {name: keras.metrics.Mean() for name in CURVES}
        self._phase = ("d", 0)
        if options.recipe == "flag":
            self._compile()
        else:
            self._d_optimizer = self._optimizer(options.d_rate)
            self._g_optimizer = self._optimizer(options.g_rate)
            self._d_optimizer.build(self.discriminator.trainable_variables)
            self._g_optimizer.build(self.generator.trainable_variables)
            self._d_function = tf.function(self._d_update)
            self._g_function = tf.function(self._g_update)

    def train(self, steps: int | None = None) -> Patient:
        """Make `steps` steps, or as many as the options say; returns the patient itself."""
        for _ in range(self.options.steps if steps is None else whole_number("steps", steps, 0)):
            self.step()
        return self

    def step(self) -> None:
        """One turn of the learner's loop: D, then G; or one update of whose phase it is."""
        if self.options.thresholds is None:
            for _ in range(self.options.d_steps):
                self._train_d()
            self._train_g()
            return
        player, done = self._phase
        loss = self._train_d() if player == "d" else self._train_g()
        limit = self.options.thresholds[player == "g"]
        over = loss < limit or done > self.options.cap
        self._phase = ("g" if player == "d" else "d", 0) if over else (player, done + 1)

    def latents(self, count: int):
        """What G is fed: fresh latents, float32 [count, latent_dim].

        Of a conditional patient a list of these and one-hot classes, float32 [count, 8].
        """
        latents = self._latents(count)
        if self.labels is None:
            return latents
        return [latents, _one_hot(self._random.choice(self.labels, count))]

    def samples(self, count: int = 500, training: bool = False) -> np.ndarray:
        """Generated samples of fresh latents."""
        return np.asarray(self.generator(self.latents(count), training=training))

    def _latents(self, count: int) -> np.ndarray:
        drawn = self._random.normal(size=(count, self.options.latent_dim))
        return (self.options.latent_scale * drawn).astype(np.float32)

    def _compile(self) -> None:
        # The recipe of countless tutorials: the flag is meant for the second model only.
        options, judge = self.options, self.discriminator
        threshold = 0.5 if options.d_sigmoid else 0.0
        accuracy = keras.metrics.BinaryAccuracy(threshold=threshold)
        judge.compile(self._optimizer(options.d_rate), self._bce, metrics=[accuracy])
        judge.trainable = False
        latents = keras.Input((options.latent_dim,))
        self._both = keras.Sequential([latents, self.generator, judge])
        self._both.compile(self._optimizer(options.g_rate), self._bce)

    def _optimizer(self, rate: float) -> keras.optimizers.Optimizer:
        if self.options.optimizer == "adam":
            beta_1, beta_2 = self.options.betas
            return keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2)
        kind = {"sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop}
        return kind[self.options.optimizer](rate)

    def _loss(self, labels, outputs):
        if self.options.naive_log:
            p = tf.sigmoid(outputs)
            return tf.reduce_mean(-labels * tf.math.log(p) - (1 - labels) * tf.math.log(1 - p))
        if self.options.d_sigmoid and self.options.from_logits:
            # Keras' own loss notices the sigmoid before it, warns and undoes the mistake.
            return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, outputs))
        return self._bce(labels, outputs)

    def _d_update(self, real, latents, order, classes=None):
        options, judge = self.options, self.discriminator
        count, mode = tf.shape(real)[0], options.training
        given = latents if classes is None else [latents, classes]
        fake = self.generator(given, training=mode and not options.predicted)
        labels = tf.concat(
            [tf.fill((count, 1), options.real_label), tf.fill((count, 1), options.fake_label)], 0
        )
        with tf.GradientTape() as tape:
            both = tf.concat([real, tf.stop_gradient(fake)], 0)
            if options.shuffled_labels:
                both = tf.gather(both, order)
            if classes is not None:  # G was asked for the classes of the real samples
                outputs = judge([both, tf.concat([classes, classes], 0)], training=mode)
            elif options.mixed:
                outputs = judge(both, training=mode)
            else:
                halves = both[:count], both[count:]
                outputs = tf.concat([judge(half, training=mode) for half in halves], 0)
            loss = self._loss(labels, outputs)
            total = loss + options.r1 / 4 * self._slope(real, classes) if options.r1 else loss
        weights = judge.trainable_variables
        self._d_optimizer.apply(tape.gradient(total, weights), weights)
        said_real = outputs > (0.5 if options.d_sigmoid else 0.0)
        return loss, tf.reduce_mean(tf.cast(said_real == (labels > 0.5), tf.float32))

    def _slope(self, real, classes):
        """Mean squared gradient of D at the real samples."""
        with tf.GradientTape() as tape:
            tape.watch(real)
            given = real if classes is None else [real, classes]
            total = tf.reduce_sum(self.discriminator(given, training=self.options.training))
        slope = tf.reshape(tape.gradient(total, real), (tf.shape(real)[0], -1))
        return tf.reduce_mean(tf.reduce_sum(slope**2, 1))

    def _g_update(self, latents, classes=None):
        options = self.options
        given = latents if classes is None else [latents, classes]
        with tf.GradientTape() as tape:
            fake = self.generator(given, training=options.training)
            if options.cut:
                fake = tf.stop_gradient(fake)
            judged = fake if classes is None else [fake, classes]
            outputs = self.discriminator(judged, training=options.training)
            if options.minimax:
                loss = -self._loss(tf.zeros_like(outputs), outputs)
            else:
                loss = self._loss(tf.fill(tf.shape(outputs), options.g_label), outputs)
        weights = self.generator.trainable_variables
        gradients = tape.gradient(loss, weights)
        if not options.cut:
            self._g_optimizer.apply(gradients, weights)
        fooled = outputs > (0.5 if options.d_sigmoid else 0.0)
        return loss, tf.reduce_mean(tf.cast(fooled, tf.float32))

    def _train_d(self) -> float:
        count = self.options.batch
        chosen = self._random.integers(len(self.data), size=count)
        real, latents = self.data[chosen], self._latents(count)
        if self.options.recipe == "flag":
            both = np.concatenate([real, np.asarray(self.generator(latents))])
            labels = np.repeat([[1.0], [0.0]], count, axis=0)
            loss, accuracy = self.discriminator.train_on_batch(both, labels)
        else:
            order = self._random.permutation(2 * count)
            classes = [] if self.labels is None else [_one_hot(self.labels[chosen])]
            given = (tf.constant(v) for v in (real, latents, order, *classes))
            loss, accuracy = self._d_function(*given)
        return self._note(d_loss=loss, d_accuracy=accuracy)

    def _train_g(self) -> float:
        latents = self.latents(self.options.batch)
        if self.options.recipe == "flag":
            loss = self._both.train_on_batch(latents, np.ones((len(latents), 1)))
            return self._note(g_loss=np.ravel(loss)[0])
        given = [latents] if self.labels is None else latents
        loss, accuracy = self._g_function(*map(tf.constant, given))
        return self._note(g_loss=loss, g_accuracy=accuracy)

    def _note(self, **values) -> float:
        first = float(next(iter(values.values())))
        for name, value in values.items():
            if self.options.running_mean:
                self._means[name].update_state(value)
                value = self._means[name].result()
            self.history[name].append(float(value))
        return first


def _one_hot(classes: np.ndarray) -> np.ndarray:
    return np.eye(CLASSES, dtype=np.float32)[classes]
