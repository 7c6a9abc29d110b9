"""The course's one GAN: a `keras.Model` that trains two networks against each other.

Each network is updated in a step of its own, by a gradient over its own variables: no `trainable`
switches. Many steps run in one compiled call that also draws its own random numbers, so that Python
is out of the loop; for networks with convolutions each update is a call of its own, which is
quicker for them. Every knob is a variable which these calls read.
"""

from __future__ import annotations

import threading

import keras
import numpy as np
import tensorflow as tf

from course_utils.language import text
from course_utils.training import effects
from course_utils.training.checks import PLAYERS, check_players, whole_number
from course_utils.training.compiled import (
    GENERATOR_DRAW,
    FusedSteps,
    SingleUpdates,
    has_convolutions,
)
from course_utils.training.errors import GANInUse
from course_utils.training.history import CURVES, History
from course_utils.training.initializers import reinitialize, reset_optimizer
from course_utils.training.interrupts import held_back
from course_utils.training.knobs import Knobs
from course_utils.training.losses import NonSaturating
from course_utils.training.randomness import Draws, check_seed
from course_utils.training.sources import as_source


class GAN(keras.Model):
    """A generator G and a discriminator D, and the game they play.

    Args:
        generator: Keras model from latents `[N, latent_dim]` to samples.
        discriminator: Keras model from samples to logits `[N, 1]` (no sigmoid).
        data: a target of `course_utils.data`, or a source with `draw(draws, count)`. None if the
            network is only trained by `fit`, on data of its own.
        batch_size: real samples, and as many generated ones, in one step of D.
        generator_batch_size: samples in one step of G; as many as `batch_size` if None.
        loss: a loss of `course_utils.training.losses`.
        separate_batches: True makes two updates of D, one on the real batch and then one on the
            generated batch, as two calls of `train_on_batch` do; False makes one update on both.
        betas: Adam's β1 and β2, for both networks.
        seed: whole number, 0 <= seed < 2**25: fixes the initial weights and all that is drawn.
        jit_compile: for networks with convolutions, whether XLA compiles their updates: some six
            seconds more before the first step, and a third less of CPU for each. Networks without
            convolutions are always compiled by XLA.
        **knobs: initial values of knobs, see `course_utils.training.knobs.KNOBS`.

    Attributes:
        ema_generator: G with averaged weights (knob `ema_decay`); equal to G while there is no
            averaging.
        history: what has been trained so far, see `course_utils.training.history.History`.
        fused: whether many steps are one compiled call; with convolutions each update is one, see
            `course_utils.training.compiled`.
        trace_count: how often a compiled call has been traced.
    """

    def __init__(
        self,
        generator,
        discriminator,
        data=None,
        *,
        batch_size: int = 128,
        generator_batch_size: int | None = None,
        loss=None,
        separate_batches: bool = False,
        betas: tuple[float, float] = (0.9, 0.999),
        seed: int = 0,
        jit_compile: bool = False,
        **knobs,
    ):
        super().__init__(name="gan")
        self.generator, self.discriminator = generator, discriminator
        self.ema_generator = keras.models.clone_model(generator)
        self.latent_dim = int(generator.input_shape[-1])
        self.batch_size = whole_number("batch_size", batch_size, 1)
        self.generator_batch_size = whole_number(
            "generator_batch_size", generator_batch_size or batch_size, 1
        )
        self.separate_batches = separate_batches
        self.adversarial_loss = loss or NonSaturating()
        self.source = None if data is None else as_source(data)
        self.knobs = Knobs(**knobs)
        self.initial_knobs = dict(self.knobs)
        self.trace_count = 0
        self._session: tuple[str, threading.Thread] | None = None
        self.seed = check_seed(seed)
        self._seed = tf.Variable(self.seed, dtype=tf.int32, trainable=False)
        self._step = tf.Variable(0, dtype=tf.int32, trainable=False)
        beta_1, beta_2 = betas
        self.discriminator_optimizer = keras.optimizers.Adam(beta_1=beta_1, beta_2=beta_2)
        self.generator_optimizer = keras.optimizers.Adam(beta_1=beta_1, beta_2=beta_2)
        self.discriminator_optimizer.build(discriminator.trainable_variables)
        self.generator_optimizer.build(generator.trainable_variables)
        self.fused = not has_convolutions(generator, discriminator)
        self._steps = FusedSteps(self) if self.fused else SingleUpdates(self, jit_compile)
        # One mean for each curve, for Keras' progress bar and callbacks in `fit`.
        self._means = {name: keras.metrics.Mean(name=name) for name in CURVES}
        self.built = True
        # "auto" would be XLA, see `compiled`.
        super().compile(jit_compile="auto" if self.fused else False)
        self.reset(self.seed)

    # --- the game: one update of each network ------------------------------------------------

    def update_discriminator(self, real, draws, with_penalty: bool | None = None):
        """One step of D: it trains D's variables and no others.

        Args:
            real: real samples `[batch_size, ...]`, float32.
            draws: this update's random numbers.
            with_penalty: whether the R1 penalty is computed; None lets its knob decide at each
                step, by a branch, in which XLA computes convolutions slowly.

        Returns:
            Loss (nats), mean D(real), mean D(fake) and the norm of the gradient, before the update.
        """
        # Dynamic, because `fit` may end an epoch with a smaller batch.
        count = real.shape[0] or tf.shape(real)[0]
        knobs, loss = self.knobs, self.adversarial_loss
        fake = self.generator(self._latents(draws, count), training=True)
        real_part = (
            effects.with_instance_noise(knobs, draws, "real_noise", real),
            effects.targets(knobs, draws, "real_flips", count, "real_target", "fake_target"),
            loss.real,
        )
        fake_part = (
            effects.with_instance_noise(knobs, draws, "fake_noise", fake),
            effects.targets(knobs, draws, "fake_flips", count, "fake_target", "real_target"),
            loss.fake,
        )
        if self.separate_batches:
            real_loss, real_norm, (real_logits,) = self._descend_discriminator(
                [real_part], True, with_penalty
            )
            fake_loss, fake_norm, (fake_logits,) = self._descend_discriminator([fake_part])
            value, norm = real_loss + fake_loss, tf.sqrt(real_norm**2 + fake_norm**2)
        else:
            value, norm, logits = self._descend_discriminator(
                [real_part, fake_part], True, with_penalty
            )
            real_logits, fake_logits = logits
        return value, _mean_belief(real_logits), _mean_belief(fake_logits), norm

    def update_generator(self, draws):
        """One step of G, through D: it trains G's variables and no others.

        Returns:
            Loss (nats) and the norm of the gradient, before the update.
        """
        latents = self._latents(draws, self.generator_batch_size)
        with tf.GradientTape() as tape:
            fake = self.generator(latents, training=True)
            seen = effects.with_instance_noise(self.knobs, draws, "fake_noise", fake)
            logits = self.discriminator(seen, training=True)
            loss = tf.reduce_mean(self.adversarial_loss.generator(logits))
        variables = self.generator.trainable_variables
        gradients = tape.gradient(loss, variables)
        self.generator_optimizer.apply(gradients, variables)
        updates = self.generator_optimizer.iterations
        decay = self.knobs.read("ema_decay")
        effects.average_weights(self.ema_generator, self.generator, decay, updates)
        return loss, tf.linalg.global_norm(gradients)

    def _latents(self, draws, count: int):
        return effects.latents(self.knobs, draws, (count, self.latent_dim))

    def _descend_discriminator(
        self, parts, penalise: bool = False, with_penalty: bool | None = None
    ):
        """One Adam step of D on the sum of the parts' mean losses; returns loss, norm and logits.

        Args:
            parts: a list of (samples, targets, loss).
            penalise: whether D's slope at the samples of the first part may be penalised.
            with_penalty: see `update_discriminator`.
        """
        variables = self.discriminator.trainable_variables
        weight = self.knobs.read("r1_weight")

        def gradients_of_loss(add_penalty: bool):
            with tf.GradientTape() as tape:
                first, *others = (samples for samples, _, _ in parts)
                logits, penalty = self._logits_and_squared_slope(first, add_penalty)
                all_logits = [logits, *(self.discriminator(each, training=True) for each in others)]
                value = tf.add_n(
                    [
                        tf.reduce_mean(loss(part_logits, targets))
                        for part_logits, (_, targets, loss) in zip(all_logits, parts, strict=True)
                    ]
                )
                if add_penalty:
                    value += 0.5 * weight * penalty
            return value, all_logits, tape.gradient(value, variables)

        if penalise and with_penalty is None:
            value, logits, gradients = tf.cond(
                weight > 0.0, lambda: gradients_of_loss(True), lambda: gradients_of_loss(False)
            )
        else:
            value, logits, gradients = gradients_of_loss(penalise and with_penalty)
        self.discriminator_optimizer.apply(gradients, variables)
        return value, tf.linalg.global_norm(gradients), logits

    def _logits_and_squared_slope(self, samples, with_slope: bool = True):
        """D's logits and, from the same pass, mean ‖∇D(x)‖², D(x) being the logit; else None.

        R1: Mescheder et al. 2018, arXiv:1801.04406, equation 9.
        """
        if not with_slope:
            return self.discriminator(samples, training=True), None
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(samples)
            logits = self.discriminator(samples, training=True)
            total = tf.reduce_sum(logits)
        slope = tape.gradient(total, samples)
        squares = tf.reduce_sum(slope**2, axis=tf.range(1, tf.rank(slope)))
        return logits, tf.reduce_mean(squares)

    def _set_learning_rates(self, step):
        for player in PLAYERS[1:]:
            optimizer, name = getattr(self, f"{player}_optimizer"), f"{player}_learning_rate"
            effects.set_learning_rate(optimizer, self.knobs, name, step)

    # --- training ----------------------------------------------------------------------------

    def run(self, steps: int, players: str = "both") -> np.ndarray:
        """Trains on samples drawn from `data`.

        Args:
            steps: how many steps, >= 0.
            players: "both", "discriminator" or "generator": who is updated.

        Returns:
            The curves of these steps, float32 `[steps, 6]`, columns as in `history.CURVES`.

        Raises:
            ValueError: `steps` or `players` is not of the kind above, or the network has no data.
            GANInUse: the GAN belongs to a session.
        """
        steps = whole_number("steps", steps, 0)
        check_players(players)
        self._check_owner()
        if self.source is None:
            raise ValueError(
                text(
                    en="This GAN has no data to draw from: make it with `data=…`, or train it with "
                    "`fit`.",
                    zh="这个 GAN 没有可供采样的数据：创建时请传入 `data=…`，或改用 `fit` 训练。",
                )
            )
        train_discriminator, train_generator = players != "generator", players != "discriminator"
        pieces = [np.zeros((0, len(CURVES)), np.float32)]
        row = self.history.last_row
        while steps > 0:
            count = min(steps, self._steps.longest)
            with held_back():
                pieces.append(self._steps(count, train_discriminator, train_generator, row))
                row = pieces[-1][-1]
                self.history.record_run(players, pieces[-1])
            steps -= count
        return np.concatenate(pieces)

    def set(self, **knobs) -> None:
        """Sets knobs, see `knobs.KNOBS`, and notes the change in the history."""
        self._check_owner()
        before = dict(self.knobs)
        after = self.knobs._set(**knobs)
        changed = {name: value for name, value in after.items() if value != before[name]}
        if changed:
            self.history.record_change(changed)

    def reset(self, seed: int | None = None) -> None:
        """Back to step 0 with fresh weights; the knobs stay as they are.

        Args:
            seed: a new seed, or None for the present one. The same seed gives the same weights.
        """
        self._check_owner()
        self.seed = self.seed if seed is None else check_seed(seed)
        self._seed.assign(self.seed)
        self._step.assign(0)
        reinitialize(self.generator, 2 * self.seed)
        reinitialize(self.discriminator, 2 * self.seed + 1)
        self.ema_generator.set_weights(self.generator.get_weights())
        reset_optimizer(self.generator_optimizer)
        reset_optimizer(self.discriminator_optimizer)
        self.initial_knobs = dict(self.knobs)
        self.history = History(seed=self.seed, knobs=self.initial_knobs)

    def adopt(self, history: History, knobs: dict) -> None:
        """Takes over the history of a state that was just put back, and goes on with `knobs`."""
        self.seed, self.history, self.initial_knobs = history.seed, history, dict(history.knobs)
        self._seed.assign(history.seed)
        self.knobs._set(**history.present_knobs())
        self.set(**knobs)

    def _check_owner(self) -> None:
        # Two threads that train the same weights would spoil them without a word.
        if self._session is not None and self._session[1] is not threading.current_thread():
            raise GANInUse(self._session[0])

    @property
    def step(self) -> int:
        """How many steps have been made since the last reset."""
        return int(self._step.numpy())

    # --- Keras' own way: fit, callbacks, TensorBoard -----------------------------------------

    def compile(self, **options):
        """Keras' `compile`, for `run_eagerly`, `jit_compile` and `steps_per_execution` only.

        Raises:
            TypeError: an optimizer, loss or metric is given: the game has its own.
        """
        refused = {
            "optimizer",
            "loss",
            "loss_weights",
            "metrics",
            "weighted_metrics",
        } & options.keys()
        if refused:
            raise TypeError(
                text(
                    en=f"{', '.join(sorted(refused))}: a GAN has two optimizers and its own "
                    "losses. Give `betas` and `loss` to GAN(…); learning rates are knobs.",
                    zh=f"{'、'.join(sorted(refused))}：GAN 有两个优化器和自己的损失。"
                    "请把 `betas` 和 `loss` 传给 GAN(…)，学习率则作为旋钮设置。",
                )
            )
        super().compile(**options)

    def fit(self, *arguments, **options):
        """Keras' `fit` on real samples of your own: one step of D and one of G for each batch.

        The knob `discriminator_steps` does not act here, and what was trained by `fit` cannot be
        replayed. In `gan.history` each of its steps has the last epoch's mean values.

        Returns:
            Keras' own History of the epochs.
        """
        self._check_owner()
        before = self.step
        super().fit(*arguments, **options)
        means = np.array([mean.result() for mean in self._means.values()], np.float32)
        self.history.record_fit(np.tile(means, (self.step - before, 1)))
        return self._history_of_fit

    @property
    def history(self) -> History:
        """What has been trained so far."""
        return self._history_of_game

    @history.setter
    def history(self, value) -> None:
        # Keras' `fit` assigns its own History here, to return it.
        if isinstance(value, History):
            self._history_of_game = value
        else:
            self._history_of_fit = value

    def train_step(self, real):
        """One step of both players on a batch of `fit`; returns the curves' means so far."""
        if isinstance(real, tuple):
            real = real[0]
        step = self._step.read_value()
        self._set_learning_rates(step)
        draws = Draws(self._seed, step, 0)
        d_loss, d_real, d_fake, d_norm = self.update_discriminator(tf.cast(real, tf.float32), draws)
        g_loss, g_norm = self.update_generator(Draws(self._seed, step, GENERATOR_DRAW))
        self._step.assign_add(1)
        row = (d_loss, d_real, d_fake, d_norm, g_loss, g_norm)
        for name, value in zip(CURVES, row, strict=True):
            self._means[name].update_state(value)
        return {name: mean.result() for name, mean in self._means.items()}

    @property
    def metrics(self):
        """The curves' running means, in the order of `history.CURVES`; Keras resets them."""
        return list(self._means.values())

    def call(self, latents, training=False):
        """Samples from latents `[N, latent_dim]`, by the averaged generator unless training."""
        return (self.generator if training else self.ema_generator)(latents, training=training)

    # --- looking at it -----------------------------------------------------------------------

    def latents(self, count: int, seed: int = 0) -> np.ndarray:
        """Latents z as the knobs now say, float32 `[count, latent_dim]`: equal for equal `seed`."""
        random = np.random.default_rng(seed)
        shape = (whole_number("count", count, 0), self.latent_dim)
        if self.knobs["latent_distribution"] == "normal":
            latents = random.standard_normal(shape, np.float32)
        else:
            latents = 2 * random.random(shape, np.float32) - 1
        return np.float32(self.knobs["latent_scale"]) * latents

    def generate(self, count: int, seed: int = 0, averaged: bool = True) -> np.ndarray:
        """`count` generated samples, float32, by the averaged generator (or by G itself)."""
        generator = self.ema_generator if averaged else self.generator
        latents = self.latents(count, seed)
        batches = [
            generator(latents[start : start + 4096], training=False).numpy()
            for start in range(0, max(count, 1), 4096)
        ]
        return np.concatenate(batches)

    def belief(self, samples) -> np.ndarray:
        """D(x): how real D believes each sample to be, float32 `[N]` in [0, 1]."""
        logits = self.discriminator(tf.convert_to_tensor(samples, tf.float32), training=False)
        return tf.sigmoid(logits).numpy()[:, 0]


def _mean_belief(logits):
    return tf.reduce_mean(tf.sigmoid(logits))
