"""The networks of lesson 01, a GAN that learns to draw points of y = x², and two ways to train it.

The sizes are those of the tutorial that lesson 01 takes apart: one hidden layer of 15 in G and of
25 in D.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import keras
from keras import layers

from course_utils.data.targets import x_squared
from course_utils.training import GAN

LATENT_DIM = 5


def build_generator(latent_dim: int = LATENT_DIM, hidden: int = 15) -> keras.Model:
    """G: latents `[N, latent_dim]` -> points `[N, 2]`. 122 parameters at the default sizes."""
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(hidden, activation="relu", kernel_initializer="he_uniform"),
            layers.Dense(2),
        ],
        name="generator",
    )


def build_discriminator(hidden: int = 25) -> keras.Model:
    """D: points `[N, 2]` -> logits `[N, 1]`, sigmoid not applied. 101 parameters by default."""
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(hidden, activation="relu", kernel_initializer="he_uniform"),
            layers.Dense(1),
        ],
        name="discriminator",
    )


@dataclass(frozen=True)
class Settings:
    """A way to train the x² GAN.

    Attributes:
        steps: how many steps a run takes.
        separate_batches: whether D is updated on real and generated batches one after the other.
        beta_1: Adam's β1, for both networks.
        decaying: whether the learning rates fall linearly to 0 over the run.
        knobs: initial values of knobs.
    """

    steps: int
    separate_batches: bool = True
    beta_1: float = 0.9
    decaying: bool = False
    knobs: dict = field(default_factory=dict)


TUTORIAL = Settings(steps=10_000)
"""As the tutorial has it: Adam as it comes, normal latents, D updated on one kind at a time."""

RELIABLE = Settings(
    steps=20_000,
    separate_batches=False,
    beta_1=0.5,
    decaying=True,
    knobs={
        "latent_distribution": "uniform",
        "generator_learning_rate": 2e-3,
        "discriminator_learning_rate": 4e-3,
        "r1_weight": 0.05,
    },
)
"""The same networks, trained so that nearly every seed succeeds: see lesson 01 for the evidence."""


def build_gan(settings: Settings = RELIABLE, *, seed: int = 0, steps: int | None = None) -> GAN:
    """The x² GAN, ready to `run`.

    Args:
        settings: `RELIABLE`, `TUTORIAL` or your own.
        seed: see `GAN`.
        steps: over how many steps the rates decay, if they do; `settings.steps` if None.
    """
    return GAN(
        build_generator(),
        build_discriminator(),
        x_squared,
        batch_size=64,
        generator_batch_size=128,
        separate_batches=settings.separate_batches,
        betas=(settings.beta_1, 0.999),
        seed=seed,
        **{
            "decay_steps": (steps or settings.steps) if settings.decaying else 0,
            **settings.knobs,
        },
    )
