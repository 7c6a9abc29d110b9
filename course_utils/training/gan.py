"""The course's one GAN: a `keras.Model` that trains two networks against each other.

Each network is updated in a step of its own, see `updates`: no `trainable` switches. Many steps run
in one compiled call that also draws its own random numbers, so that Python is out of the loop; for
networks with convolutions each update is a call of its own, which is quicker for them. Every knob
is a variable which these calls read.
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
    joined,
)
from course_utils.training.conditions import check_networks, checked_conditions, one_hot
from course_utils.training.errors import GANInUse
from course_utils.training.history import CURVES, History
from course_utils.training.initializers import reinitialize, reset_optimizer
from course_utils.training.interrupts import held_back
from course_utils.training.knobs import CLASSES, KNOBS, Knobs
from course_utils.training.losses import NonSaturating
from course_utils.training.randomness import Draws, check_seed
from course_utils.training.sources import as_source
from course_utils.training.updates import Updates


class GAN(Updates, keras.Model):
    """A generator G and a discriminator D, and the game they play.

    Args:
        generator: Keras model from latents `[N, latent_dim]` to samples; with a second input,
            conditions `[N, C]`, it is a conditional one.
        discriminator: Keras model from samples to logits `[N, 1]` (no sigmoid). With a second
            input, conditions `[N, C]`, it judges samples and conditions together; with a second
            output, logits `[N, C]`, it also says which class it sees, and the `auxiliary_weight`
            of the class loss acts on both networks.
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
        classes: how many classes G can be asked for; 0 for none.
        has_class_head: whether D says which class it sees.
        acting_knobs: the names of the knobs that do something in this game.
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
        self.latent_dim = int(generator.inputs[0].shape[-1])
        self.classes = check_networks(generator, discriminator)
        self.has_class_head = len(discriminator.outputs) > 1
        self.batch_size = whole_number("batch_size", batch_size, 1)
        self.generator_batch_size = whole_number(
            "generator_batch_size", generator_batch_size or batch_size, 1
        )
        self.separate_batches = separate_batches
        self.adversarial_loss = loss or NonSaturating()
        self.source = None if data is None else as_source(data)
        self._class_shares = self._shares_of_classes()
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

    def _set_learning_rates(self, step):
        for player in PLAYERS[1:]:
            optimizer, name = getattr(self, f"{player}_optimizer"), f"{player}_learning_rate"
            effects.set_learning_rate(optimizer, self.knobs, name, step)

    def _shares_of_classes(self):
        """How often the data have each class, float32 `[C]`."""
        if not self.classes or self.source is None:
            return tf.fill([max(self.classes, 1)], 1.0 / max(self.classes, 1))
        if getattr(self.source, "classes", 0) != self.classes:
            raise ValueError(
                text(
                    en=f"The generator knows {self.classes} classes, the data "
                    f"{getattr(self.source, 'classes', 0)}. Give data as "
                    "`training.sources.LabelledSource(samples, labels, classes)`.",
                    zh=f"生成器有 {self.classes} 个类别，数据有 "
                    f"{getattr(self.source, 'classes', 0)} 个。请用 "
                    "`training.sources.LabelledSource(samples, labels, classes)` 提供数据。",
                )
            )
        return self.source.shares

    @property
    def acting_knobs(self) -> list[str]:
        """See the class."""
        own = {"class_sampling", "class_flip_rate"}
        own |= {f"class_{label}" for label in range(min(self.classes, CLASSES))}
        head = {"auxiliary_weight"} if self.has_class_head else set()
        acting = (own if self.classes else set()) | head
        return [name for name in KNOBS if KNOBS[name].group != "classes" or name in acting]

    # --- training ----------------------------------------------------------------------------

    def run(self, steps: int, players: str = "both") -> np.ndarray:
        """Trains on samples drawn from `data`.

        Args:
            steps: how many steps, >= 0.
            players: "both", "discriminator" or "generator": who is updated.

        Returns:
            The curves of these steps, float32 `[steps, 8]`, columns as in `history.CURVES`.

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
        replayed. In `gan.history` each of its steps has the last epoch's mean values. A GAN of
        classes needs the labels too, `fit(samples, labels)`, whole numbers `[N]`; those in a
        `tf.data.Dataset` are not checked. G is asked for classes as often as the batch has them.

        Returns:
            Keras' own History of the epochs.
        """
        self._check_owner()
        labels = options.get("y", arguments[1] if len(arguments) > 1 else None)
        if self.classes and labels is not None:
            labels = np.asarray(labels)
            one_hot(labels[:, 0] if labels.shape[1:] == (1,) else labels, self.classes)
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

    def train_step(self, batch):
        """One step of both players on a batch of `fit`; returns the curves' means so far.

        Args:
            batch: real samples; or samples and their labels, int `[N]`, for a conditional GAN.
        """
        real, labels = (*batch, None)[:2] if isinstance(batch, tuple) else (batch, None)
        step = self._step.read_value()
        self._set_learning_rates(step)
        draws = Draws(self._seed, step, 0)
        conditions, shares = self._conditions_of_fit(draws, labels)
        discriminator_part = self.update_discriminator(
            tf.cast(real, tf.float32), draws, conditions=conditions, shares=shares
        )
        generator_part = self.update_generator(Draws(self._seed, step, GENERATOR_DRAW), shares)
        self._step.assign_add(1)
        for name, value in zip(CURVES, joined(discriminator_part, generator_part), strict=True):
            self._means[name].update_state(value)
        return {name: mean.result() for name, mean in self._means.items()}

    def _conditions_of_fit(self, draws, labels):
        """What D is told of a batch, `[N, C]`, and the shares of its classes, `[C]`; or None."""
        if not self.classes:
            return None, None
        if labels is None:
            raise ValueError(
                text(
                    en="This GAN knows classes: call `fit(samples, labels)`.",
                    zh="这个 GAN 带有类别：请调用 `fit(samples, labels)`。",
                )
            )
        labels = tf.reshape(tf.cast(labels, tf.int32), [-1])
        shares = tf.reduce_mean(tf.one_hot(labels, self.classes), axis=0)
        return self._told(draws, labels, tf.shape(labels)[0]), shares

    @property
    def metrics(self):
        """The curves' running means, in the order of `history.CURVES`; Keras resets them."""
        return list(self._means.values())

    def call(self, inputs, training=False):
        """What `generator` makes of its inputs, averaged unless training."""
        return (self.generator if training else self.ema_generator)(inputs, training=training)

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

    def generate(
        self, count: int, seed: int = 0, averaged: bool = True, conditions=None
    ) -> np.ndarray:
        """`count` generated samples, float32, by the averaged generator (or by G itself).

        Args:
            count: how many.
            seed: fixes the latents.
            averaged: whether the averaged generator makes them.
            conditions: for a conditional GAN, labels `[count]` or conditions float32 `[count, C]`;
                None asks for the classes 0, 1, …, C-1, 0, 1, … in turn.

        Raises:
            ValueError: see `conditions.checked_conditions`.
        """
        latents = self.latents(count, seed)
        asked = checked_conditions(conditions, count, self.classes)
        batches = []
        for start in range(0, max(count, 1), 4096):
            some = slice(start, start + 4096)
            inputs = latents[some], None if asked is None else asked[some]
            batches.append(self.generate_from(*inputs, averaged=averaged).numpy())
        return np.concatenate(batches)

    def belief(self, samples, conditions=None) -> np.ndarray:
        """D(x): how real D believes each sample to be, float32 `[N]` in [0, 1].

        Args:
            samples: `[N, ...]`.
            conditions: for a D that is told them, labels `[N]` or conditions float32 `[N, C]`.
        """
        samples = tf.convert_to_tensor(samples, tf.float32)
        if len(self.discriminator.inputs) > 1:
            if conditions is None:
                raise ValueError(
                    text(
                        en="This discriminator judges samples and classes together: give "
                        "`conditions`, the label of each sample.",
                        zh="这个判别器同时判断样本和类别：请用 `conditions` 给出每个样本的标签。",
                    )
                )
            conditions = tf.constant(checked_conditions(conditions, len(samples), self.classes))
        logits, _ = self.judge(samples, conditions)
        return tf.sigmoid(logits).numpy()[:, 0]
