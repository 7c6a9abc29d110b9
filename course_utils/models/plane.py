"""The networks of lesson 02, GANs that learn a distribution over the plane, and ways to train them.

They are large enough for a grid of 25 Gaussians, and small enough that a step takes a third of a
millisecond. `Settings` hold knobs only, so that one GAN, compiled once, can be reset and trained in
all of these ways.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import keras
from keras import layers

from course_utils.data.targets import Target
from course_utils.training import GAN

LATENT_DIM = 2


def build_generator(latent_dim: int = LATENT_DIM, hidden: int = 64) -> keras.Model:
    """G: latents `[N, latent_dim]` -> points `[N, 2]`. 4,482 parameters at the default sizes."""
    return _network("generator", latent_dim, hidden, 2)


def build_discriminator(hidden: int = 64) -> keras.Model:
    """D: points `[N, 2]` -> logits `[N, 1]`, sigmoid not applied. 4,417 parameters by default."""
    return _network("discriminator", 2, hidden, 1)


def _network(name: str, inputs: int, hidden: int, outputs: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            layers.Dense(hidden, activation="leaky_relu", kernel_initializer="he_uniform"),
            layers.Dense(hidden, activation="leaky_relu", kernel_initializer="he_uniform"),
            layers.Dense(outputs),
        ],
        name=name,
    )


@dataclass(frozen=True)
class Settings:
    """A way to train a GAN in the plane.

    Attributes:
        steps: how many steps a run takes.
        knobs: values of knobs; all others have their defaults.
    """

    steps: int
    knobs: dict = field(default_factory=dict)


_COMMON = {
    "latent_distribution": "uniform",
    "discriminator_learning_rate": 8e-3,
    "ema_decay": 0.99,
}

RING = Settings(
    steps=1500,
    knobs={**_COMMON, "generator_learning_rate": 4e-3, "r1_weight": 0.1},
)
"""Covers all 8 modes of `ring()`."""

RING_COLLAPSING = Settings(
    steps=1500,
    knobs={**_COMMON, "generator_learning_rate": 1e-3, "latent_scale": 0.02},
)
"""Ends on a single mode of `ring()`: G starts as a narrow cloud, and D, without R1, is too steep
around it to show it a way to the other modes."""

GRID = Settings(
    steps=4000,
    knobs={**_COMMON, "generator_learning_rate": 4e-3, "r1_weight": 0.03},
)
"""Comes to nearly all 25 modes of `grid()`."""

GRID_COLLAPSING = Settings(
    steps=750,
    knobs={
        **_COMMON,
        "generator_learning_rate": 1e-3,
        "latent_scale": 0.01,
        "discriminator_steps": 3,
    },
)
"""Ends on a single mode of `grid()`, for the same reason as `RING_COLLAPSING`."""


def build_gan(
    target: Target,
    settings: Settings = RING,
    *,
    hidden: int = 64,
    batch_size: int = 128,
    loss=None,
    seed: int = 0,
) -> GAN:
    """A GAN for `target`, ready to `run`.

    Args:
        target: what it learns, see `course_utils.data.targets`.
        settings: the initial values of its knobs.
        hidden: units in each hidden layer of both networks.
        batch_size: see `GAN`.
        loss: see `GAN`.
        seed: see `GAN`.
    """
    return GAN(
        build_generator(hidden=hidden),
        build_discriminator(hidden=hidden),
        target,
        batch_size=batch_size,
        loss=loss,
        betas=(0.5, 0.99),
        seed=seed,
        **settings.knobs,
    )


def start(gan: GAN, settings: Settings, seed: int) -> None:
    """Resets `gan` to fresh weights, with the knobs of `settings` and the defaults for the rest.

    Args:
        gan: any GAN; it need not be compiled anew.
        settings: how it is to be trained.
        seed: see `GAN`.
    """
    gan.set(**gan.knobs.complete(settings.knobs))
    gan.reset(seed)
