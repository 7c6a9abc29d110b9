"""The game: one update of each network, by a gradient over its own variables.

What the networks are told of classes decides which game it is: nothing (Goodfellow et al. 2014,
arXiv:1406.2661); both the same condition (Mirza and Osindero 2014, arXiv:1411.1784); or G a
condition that a second head of D has to find out (Odena, Olah and Shlens 2017, arXiv:1610.09585).
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from course_utils.training import effects
from course_utils.training.sources import draw_classes


class Part(NamedTuple):
    """Samples that D learns from in one update.

    Attributes:
        samples: float32 `[N, ...]`.
        conditions: float32 `[N, C]`, or None without classes.
        targets: what D is told to answer, float32 `[N, 1]`.
        loss: of logits and targets, one value for each sample.
    """

    samples: tf.Tensor
    conditions: tf.Tensor | None
    targets: tf.Tensor
    loss: object


class Updates:
    """The updates of `gan.GAN`, to which all attributes belong."""

    def update_discriminator(
        self, real, draws, with_penalty: bool | None = None, conditions=None, shares=None
    ):
        """One step of D: it trains D's variables and no others.

        Args:
            real: real samples `[batch_size, ...]`, float32.
            draws: this update's random numbers.
            with_penalty: whether the R1 penalty is computed; None lets its knob decide at each
                step, by a branch, in which XLA computes convolutions slowly.
            conditions: of the real samples, float32 `[batch_size, C]`; None without classes.
            shares: how often G is asked for each class, float32 `[C]`; None for the knobs' way.

        Returns:
            Loss (nats), mean D(real), mean D(fake), the norm of the gradient and the class loss
            (nats), before the update.
        """
        # Dynamic, because `fit` may end an epoch with a smaller batch.
        count = real.shape[0] or tf.shape(real)[0]
        knobs, loss = self.knobs, self.adversarial_loss
        asked = self._asked_for(draws, count, shares)
        fake = self.generate_from(self._latents(draws, count), asked, training=True)
        real_part = Part(
            effects.with_instance_noise(knobs, draws, "real_noise", real),
            conditions,
            effects.targets(knobs, draws, "real_flips", count, "real_target", "fake_target"),
            loss.real,
        )
        fake_part = Part(
            effects.with_instance_noise(knobs, draws, "fake_noise", fake),
            asked,
            effects.targets(knobs, draws, "fake_flips", count, "fake_target", "real_target"),
            loss.fake,
        )
        if self.separate_batches:
            first = self._descend_discriminator([real_part], True, with_penalty)
            second = self._descend_discriminator([fake_part])
            value, norm = first[0] + second[0], tf.sqrt(first[1] ** 2 + second[1] ** 2)
            (real_logits,), (fake_logits,) = first[2], second[2]
            class_loss = 0.5 * (first[3] + second[3])
        else:
            value, norm, logits, class_loss = self._descend_discriminator(
                [real_part, fake_part], True, with_penalty
            )
            real_logits, fake_logits = logits
        return value, _mean_belief(real_logits), _mean_belief(fake_logits), norm, class_loss

    def update_generator(self, draws, shares=None):
        """One step of G, through D: it trains G's variables and no others.

        Args:
            draws: this update's random numbers.
            shares: see `update_discriminator`.

        Returns:
            Loss (nats), the norm of the gradient and the class loss (nats), before the update.
        """
        count = self.generator_batch_size
        latents, asked = self._latents(draws, count), self._asked_for(draws, count, shares)
        with tf.GradientTape() as tape:
            fake = self.generate_from(latents, asked, training=True)
            seen = effects.with_instance_noise(self.knobs, draws, "fake_noise", fake)
            logits, class_logits = self.judge(seen, asked, training=True)
            loss = tf.reduce_mean(self.adversarial_loss.generator(logits))
            class_loss = _class_loss(class_logits, asked)
            objective = loss + self.knobs.read("auxiliary_weight") * class_loss
        variables = self.generator.trainable_variables
        gradients = tape.gradient(objective, variables)
        self.generator_optimizer.apply(gradients, variables)
        updates = self.generator_optimizer.iterations
        decay = self.knobs.read("ema_decay")
        effects.average_weights(self.ema_generator, self.generator, decay, updates)
        return loss, tf.linalg.global_norm(gradients), class_loss

    def generate_from(self, latents, conditions=None, training: bool = False, averaged=False):
        """What G makes of latents `[N, latent_dim]` and, if it knows classes, conditions `[N, C]`.

        Args:
            latents: float32 tensor.
            conditions: float32 tensor; None without classes.
            training: whether batch normalisation and dropout work as in training.
            averaged: True asks the averaged generator.
        """
        generator = self.ema_generator if averaged else self.generator
        inputs = [latents, conditions] if self.classes else latents
        return generator(inputs, training=training)

    def judge(self, samples, conditions=None, training: bool = False):
        """D's logits `[N, 1]`, and those of its class head `[N, C]`, or None if it has none.

        Args:
            samples: float32 tensor.
            conditions: float32 tensor `[N, C]`; not looked at by a D without such an input.
            training: whether batch normalisation and dropout work as in training.
        """
        inputs = [samples, conditions] if len(self.discriminator.inputs) > 1 else samples
        answer = self.discriminator(inputs, training=training)
        return answer if self.has_class_head else (answer, None)

    def draw_real(self, draws) -> tuple[tf.Tensor, tf.Tensor | None]:
        """A batch of real samples, and the conditions that D is told of them, or None."""
        if not self.classes:
            drawn = self.source.draw(draws, self.batch_size)
            return (drawn[0] if isinstance(drawn, tuple) else drawn), None
        weights = effects.class_weights(self.knobs, self.source.shares)
        samples, labels = self.source.draw(draws, self.batch_size, weights)
        return samples, self._told(draws, labels, self.batch_size)

    def _told(self, draws, labels, count):
        labels = effects.with_class_flips(self.knobs, draws, labels, count, self.classes)
        return tf.one_hot(labels, self.classes)

    def _latents(self, draws, count: int):
        return effects.latents(self.knobs, draws, (count, self.latent_dim))

    def _asked_for(self, draws, count, shares=None):
        """The conditions that G is asked for, float32 `[count, C]`: classes as in real batches."""
        if not self.classes:
            return None
        weights = shares
        if shares is None:
            weights = effects.class_weights(self.knobs, self._class_shares)
        return tf.one_hot(draw_classes(draws, "fake_classes", count, weights), self.classes)

    def _descend_discriminator(
        self, parts: list[Part], penalise: bool = False, with_penalty: bool | None = None
    ):
        """One Adam step of D on the sum of the parts' mean losses.

        Args:
            parts: what D learns from.
            penalise: whether D's slope at the samples of the first part may be penalised.
            with_penalty: see `update_discriminator`.

        Returns:
            The loss, the gradient's norm, each part's logits and the mean class loss.
        """
        variables = self.discriminator.trainable_variables
        weight = self.knobs.read("r1_weight")

        def gradients_of_loss(add_penalty: bool):
            with tf.GradientTape() as tape:
                first, *others = parts
                verdict, penalty = self._verdict_and_squared_slope(first, add_penalty)
                others = [self.judge(p.samples, p.conditions, training=True) for p in others]
                all_logits, all_class_logits = zip(verdict, *others, strict=True)
                value = tf.add_n(
                    [
                        tf.reduce_mean(part.loss(logits, part.targets))
                        for part, logits in zip(parts, all_logits, strict=True)
                    ]
                )
                if add_penalty:
                    value += 0.5 * weight * penalty
                class_losses = [
                    _class_loss(logits, part.conditions)
                    for part, logits in zip(parts, all_class_logits, strict=True)
                ]
                class_loss = tf.add_n(class_losses)
                objective = value + self.knobs.read("auxiliary_weight") * class_loss
            gradients = tape.gradient(objective, variables)
            return value, list(all_logits), class_loss / len(parts), gradients

        if penalise and with_penalty is None:
            value, logits, class_loss, gradients = tf.cond(
                weight > 0.0, lambda: gradients_of_loss(True), lambda: gradients_of_loss(False)
            )
        else:
            value, logits, class_loss, gradients = gradients_of_loss(penalise and with_penalty)
        self.discriminator_optimizer.apply(gradients, variables)
        return value, tf.linalg.global_norm(gradients), logits, class_loss

    def _verdict_and_squared_slope(self, part: Part, with_slope: bool = True):
        """D's verdict and, from the same pass, mean ‖∇D(x)‖², D(x) being the logit; else None.

        R1: Mescheder et al. 2018, arXiv:1801.04406, equation 9.
        """
        samples, conditions = part.samples, part.conditions
        if not with_slope:
            return self.judge(samples, conditions, training=True), None
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(samples)
            verdict = self.judge(samples, conditions, training=True)
            total = tf.reduce_sum(verdict[0])
        slope = tape.gradient(total, samples)
        squares = tf.reduce_sum(slope**2, axis=tf.range(1, tf.rank(slope)))
        return verdict, tf.reduce_mean(squares)


def _mean_belief(logits):
    return tf.reduce_mean(tf.sigmoid(logits))


def _class_loss(class_logits, conditions):
    """Mean cross-entropy of a class head, in nats: Odena et al. 2017, arXiv:1610.09585, eq. 3."""
    if class_logits is None:
        return tf.constant(0.0)
    losses = tf.nn.softmax_cross_entropy_with_logits(labels=conditions, logits=class_logits)
    return tf.reduce_mean(losses)
