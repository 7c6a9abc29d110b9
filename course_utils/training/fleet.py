"""A fleet: hundreds of small GANs of the same networks and seed, trained at once.

The members differ in their knobs only. The engine's random numbers are pure functions of the seed
and the step, so that all members share the very same draws, which are made once for all of them.
Each member does what `GAN.run` does alone, up to rounding.
"""

from __future__ import annotations

import math

import numpy as np
import tensorflow as tf

from course_utils.language import text
from course_utils.training.checks import whole_number
from course_utils.training.fleet_step import FleetStep, State
from course_utils.training.gan import GAN
from course_utils.training.interrupts import held_back
from course_utils.training.knobs import KNOBS
from course_utils.training.stacked import stack

CHUNK = 50
"""The most steps of one compiled call; an interrupt waits for its end."""

PART_SIZE = 2**17
"""Numbers in the largest tensor of one compiled call: more would not fit into a core's cache."""


class Fleet:
    """Many GANs like `gan`, trained at once.

    Args:
        gan: networks (`Sequential` of `Dense`), data, loss, batch sizes, Adam's betas, seed and
            knobs are taken from it. It is not trained, and its weights do not matter.
        **knobs: for each knob that differs between the members a list of values `[members]`.

    Attributes:
        step: how many steps each member has made.

    Raises:
        ValueError: a network is of another kind, a knob is unknown or out of its range, the lists
            differ in length, or the GAN has no data.
    """

    def __init__(self, gan: GAN, **knobs):
        if gan.source is None:
            raise ValueError(
                text(
                    en="This GAN has no data to draw from: make it with `data=…`.",
                    zh="这个 GAN 没有可供采样的数据：创建时请传入 `data=…`。",
                )
            )
        self._gan = gan
        self._members = _members(knobs)
        every = [gan.knobs.complete({**gan.knobs, **self._own(knobs, i)}) for i in range(len(self))]
        self._knobs = every
        numbers = {
            name: np.array([knob.to_number(one[name]) for one in every], np.float32)
            for name, knob in KNOBS.items()
        }
        self._step = FleetStep(gan, numbers)
        largest = max(gan.batch_size, gan.generator_batch_size) * max(
            self._step.generator.widest, self._step.discriminator.widest
        )
        parts = math.ceil(len(self) / max(1, PART_SIZE // largest))
        # All parts are of one size, so that the step is compiled once; the last one is filled up.
        self._part = math.ceil(len(self) / parts)
        index = np.minimum(np.arange(parts * self._part), len(self) - 1)
        self._part_knobs = [
            {name: tf.constant(values[piece]) for name, values in numbers.items()}
            for piece in np.split(index, parts)
        ]
        self.reset()

    def __len__(self) -> int:
        """The number of members."""
        return self._members

    def knobs(self, member: int) -> dict:
        """All knobs of one member, by name."""
        return dict(self._knobs[member])

    def reset(self, seed: int | None = None) -> None:
        """Back to step 0, with the weights that `GAN.reset(seed)` makes; None: the same seed."""
        self._gan.reset(seed)
        self.seed, self.step = self._gan.seed, 0
        generator = stack(self._gan.generator.get_weights(), self._part)
        discriminator = stack(self._gan.discriminator.get_weights(), self._part)
        state = State(discriminator, generator, generator.weights)
        self._parts = [state] * len(self._part_knobs)

    def run(self, steps: int) -> None:
        """Trains every member for `steps` more steps of both players, as `GAN.run` does.

        A member that diverges goes on with NaN and does not disturb the others; see `finite`.
        """
        left = whole_number("steps", steps, 0)
        while left > 0:
            count = min(left, CHUNK)
            with held_back():
                self._parts = [
                    self._step.run(
                        state, knobs, tf.constant(self.seed), tf.constant(self.step),
                        tf.constant(count),
                    )
                    for state, knobs in zip(self._parts, self._part_knobs, strict=True)
                ]  # fmt: skip
                self.step += count
            left -= count

    # --- looking at it -----------------------------------------------------------------------

    def generate(self, count: int, seed: int = 0, averaged: bool = True) -> np.ndarray:
        """What `GAN.generate` draws, for all members: float32 `[members, count, 2]`."""
        random = np.random.default_rng(seed)
        shape = (whole_number("count", count, 0), self._step.generator.inputs)
        drawn = {
            "normal": random.standard_normal(shape, np.float32),
            "uniform": 2 * np.random.default_rng(seed).random(shape, np.float32) - 1,
        }
        scaled = np.stack(
            [np.float32(one["latent_scale"]) * drawn[one["latent_distribution"]].T
             for one in self._padded(self._knobs)]
        )  # fmt: skip
        pieces = [
            self._step.generator(
                state.average if averaged else state.generator.weights, tf.constant(latents)
            ).numpy()
            for state, latents in zip(self._parts, np.split(scaled, len(self._parts)), strict=True)
        ]
        return np.concatenate(pieces)[: len(self)].transpose(0, 2, 1)

    def weights(self, member: int) -> dict[str, list[np.ndarray]]:
        """One member's weights, as `get_weights()` of Keras gives them.

        Returns:
            Lists of arrays under "generator", "discriminator" and "ema_generator".
        """
        state, row = self._parts[member // self._part], member % self._part
        named = {
            "generator": state.generator.weights,
            "discriminator": state.discriminator.weights,
            "ema_generator": state.average,
        }
        return {name: [array[row].numpy() for array in arrays] for name, arrays in named.items()}

    @property
    def finite(self) -> np.ndarray:
        """Whether each member's weights are all finite numbers, bool `[members]`."""
        found = []
        for state in self._parts:
            arrays = state.generator.weights + state.discriminator.weights
            each = [np.isfinite(array.numpy()).reshape(self._part, -1).all(1) for array in arrays]
            found.append(np.all(each, axis=0))
        return np.concatenate(found)[: len(self)]

    def _padded(self, values: list) -> list:
        return values + values[-1:] * (len(self._parts) * self._part - len(self))

    @staticmethod
    def _own(knobs: dict, member: int) -> dict:
        return {name: values[member] for name, values in knobs.items()}


def _members(knobs: dict) -> int:
    """How many members these lists of values make."""
    lengths = {name: len(values) for name, values in knobs.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(
            text(
                en="Each knob needs one value for each GAN: lists of one length, at least 1; "
                f"these have {lengths}.",
                zh="每个旋钮要给每个 GAN 一个值：列表长度必须相同且不小于 1；"
                f"现在的长度是 {lengths}。",
            )
        )
    return next(iter(lengths.values()))
