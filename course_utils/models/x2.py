"""The networks of lesson 01: a GAN that learns to draw points of y = x²."""

from __future__ import annotations

import keras
from keras import layers

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
