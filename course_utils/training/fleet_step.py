"""The step of a fleet: what `GAN._one_step` does, for many members with stacked weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from course_utils.training import effects
from course_utils.training.gan import GAN
from course_utils.training.knobs import KNOBS
from course_utils.training.randomness import Draws
from course_utils.training.stacked import Layers, Player, adam, choose, per_member


class State(NamedTuple):
    """All that changes in a step, for the members of one compiled call.

    Attributes:
        discriminator, generator: weights and moments.
        average: the averaged generators' weights.
    """

    discriminator: Player
    generator: Player
    average: list


class FleetStep:
    """Steps of many GANs like `gan` in one compiled call.

    Args:
        gan: its networks, data, loss, batch sizes and Adam's betas hold for all members.
        knobs: for each knob the values of all members of the fleet, float32 `[members]`. What none
            of them uses (noise, flips, R1, averaging, more than one step of D) is not compiled.
    """

    def __init__(self, gan: GAN, knobs: dict[str, np.ndarray]):
        self._gan = gan
        self.generator, self.discriminator = Layers(gan.generator), Layers(gan.discriminator)
        self._used = {name: values != KNOBS[name].default for name, values in knobs.items()}
        self.run = tf.function(self._run, jit_compile=True, autograph=False)

    def _any(self, name: str) -> bool:
        """Whether any member's knob differs from its default."""
        return bool(self._used[name].any())

    def _run(self, state: State, knobs: dict, seed, first, steps) -> State:
        """`steps` steps, the first of which has the number `first`; all three are int32 tensors.

        Args:
            state: of the members of this call.
            knobs: their values, float32 `[members]`, by name.
            seed: of all of them.
            first: see above.
            steps: see above.
        """

        def one_step(done, state):
            return done + 1, self._one_step(state, knobs, seed, first + done)

        return tf.while_loop(lambda done, _: done < steps, one_step, (tf.constant(0), state))[1]

    def _one_step(self, state: State, knobs: dict, seed, step) -> State:
        left = effects.rate_factor(knobs["schedule"], knobs["decay_steps"], step)

        def update_discriminator(draw, player):
            draws = Draws(seed, step, draw)
            rates = left * knobs["discriminator_learning_rate"]
            updated = self._update_discriminator(player, state.generator, knobs, draws, rates)
            if not self._any("discriminator_steps"):
                return draw + 1, updated
            return draw + 1, choose(knobs["discriminator_steps"] > tf.cast(draw, tf.float32),
                                    updated, player)  # fmt: skip

        start = (tf.constant(0), state.discriminator)
        if self._any("discriminator_steps"):
            most = tf.cast(tf.reduce_max(knobs["discriminator_steps"]), tf.int32)
            _, discriminator = tf.while_loop(
                lambda draw, _: draw < most, update_discriminator, start
            )
        else:
            _, discriminator = update_discriminator(*start)
        draws = Draws(seed, step, 32)  # G's own draw, see `GAN._one_step`
        rates = left * knobs["generator_learning_rate"]
        generator = self._update_generator(state.generator, discriminator, knobs, draws, rates)
        average = generator.weights
        if self._any("ema_decay"):
            updates = generator.updates
            keep = tf.minimum(knobs["ema_decay"], (1.0 + updates) / (10.0 + updates))
            average = [
                per_member(keep, mean) * mean + per_member(1.0 - keep, mean) * weight
                for mean, weight in zip(state.average, generator.weights, strict=True)
            ]
        return State(discriminator, generator, average)

    def _update_discriminator(self, player, generator, knobs, draws, rates) -> Player:
        count, loss = self._gan.batch_size, self._gan.adversarial_loss
        real = tf.transpose(self._gan.draw_real(draws)[0])
        fake = self.generator(generator.weights, self._latents(knobs, draws, count))
        real_part = (
            self._with_noise(real, knobs, draws, "real_noise", count),
            self._targets(knobs, draws, "real_flips", count, "real_target", "fake_target"),
            loss.real,
        )
        fake_part = (
            self._with_noise(fake, knobs, draws, "fake_noise", count),
            self._targets(knobs, draws, "fake_flips", count, "fake_target", "real_target"),
            loss.fake,
        )
        if self._gan.separate_batches:
            player = self._descend(player, [real_part], real_part[0], knobs, rates)
            return self._descend(player, [fake_part], None, knobs, rates)
        return self._descend(player, [real_part, fake_part], real_part[0], knobs, rates)

    def _descend(self, player, parts, penalised, knobs, rates) -> Player:
        with tf.GradientTape() as tape:
            tape.watch(player.weights)
            values = [
                tf.reduce_mean(loss(self.discriminator(player.weights, samples), targets), [1, 2])
                for samples, targets, loss in parts
            ]
            if penalised is not None and self._any("r1_weight"):
                values.append(0.5 * knobs["r1_weight"] * self._squared_slope(player, penalised))
            # Each member's gradient: the others' losses do not depend on its weights.
            total = tf.add_n([tf.reduce_sum(value) for value in values])
        return adam(player, tape.gradient(total, player.weights), rates,
                    self._gan.discriminator_optimizer)  # fmt: skip

    def _squared_slope(self, player, samples):
        """Mean ‖∇D(x)‖² `[members]`, see `GAN._logits_and_squared_slope`."""
        samples = tf.broadcast_to(samples, [player.updates.shape[0], *samples.shape[-2:]])
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(samples)
            total = tf.reduce_sum(self.discriminator(player.weights, samples))
        return tf.reduce_mean(tf.reduce_sum(tape.gradient(total, samples) ** 2, axis=1), axis=1)

    def _update_generator(self, player, discriminator, knobs, draws, rates) -> Player:
        count = self._gan.generator_batch_size
        latents = self._latents(knobs, draws, count)
        with tf.GradientTape() as tape:
            tape.watch(player.weights)
            fake = self.generator(player.weights, latents)
            seen = self._with_noise(fake, knobs, draws, "fake_noise", count)
            logits = self.discriminator(discriminator.weights, seen)
            values = tf.reduce_mean(self._gan.adversarial_loss.generator(logits), [1, 2])
            total = tf.reduce_sum(values)
        return adam(player, tape.gradient(total, player.weights), rates,
                    self._gan.generator_optimizer)  # fmt: skip

    def _latents(self, knobs, draws, count: int):
        """Latents `[inputs, count]` for all members, or `[members, inputs, count]`."""
        shape, normal = (count, self.generator.inputs), KNOBS["latent_distribution"].default
        uniform = self._used["latent_distribution"]
        latents = None
        if not uniform.all():
            latents = tf.transpose(draws.normal("latents", shape))
        if uniform.any():
            drawn = tf.transpose(2.0 * draws.uniform("latents", shape) - 1.0)
            own = (knobs["latent_distribution"] == normal)[:, None, None]
            latents = drawn if latents is None else tf.where(own, latents, drawn)
        if self._any("latent_scale"):
            latents = knobs["latent_scale"][:, None, None] * latents
        return latents

    def _with_noise(self, samples, knobs, draws, stream: str, count: int):
        if not self._any("instance_noise"):
            return samples
        noise = tf.transpose(draws.normal(stream, (count, samples.shape[-2])))
        return samples + knobs["instance_noise"][:, None, None] * noise

    def _targets(self, knobs, draws, stream: str, count: int, own: str, other: str):
        """D's targets `[members, 1, count]`, or `[members, 1, 1]` where no label is flipped."""
        own, other, rate = (knobs[name][:, None, None] for name in (own, other, "flip_rate"))
        if not self._any("flip_rate"):
            return own
        return tf.where(tf.transpose(draws.uniform(stream, (count, 1))) < rate, other, own)
