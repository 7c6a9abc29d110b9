"""Conditional GANs of digits: both networks are told the class (Mirza and Osindero 2014).

arXiv:1411.1784. The networks are the quick ones of `models.dcgan`. G gets the class as a one-hot
vector beside z; D in one of four ways, of which the projection (Miyato and Koyama 2018,
arXiv:1802.05637) has the form of the best answer.
"""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

from course_utils.data import digits
from course_utils.language import text
from course_utils.models import dcgan, weights
from course_utils.training import GAN
from course_utils.training.sources import LabelledSource

CLASSES = 10
LATENT_DIM = dcgan.LATENT_DIM
WAYS = ("concatenation", "planes", "embedding", "projection")
"""How D gets the condition, see `build_discriminator`."""
SETTINGS = {**dcgan.SETTINGS, "betas": (0.5, 0.99), "r1_weight": 0.0}
"""What `build_gan` gives to `training.GAN`.

Found by experiment. The class already does what R1 does for `models.dcgan`: without it a step costs
a fifth less, and nothing is lost.
"""
PRETRAINED = Path(__file__).with_name("cgan.npz")


def build_generator(
    latent_dim: int = LATENT_DIM, channels: int = 32, classes: int = CLASSES
) -> keras.Model:
    """The quick G of a class.

    Latents `[N, latent_dim]` and conditions `[N, classes]` -> images `[N, 28, 28, 1]` in [-1, 1].
    """
    latents, conditions = keras.Input((latent_dim,)), keras.Input((classes,))
    joined = layers.Concatenate()([latents, conditions])
    images = through(dcgan.generator_layers(channels), joined)
    return keras.Model([latents, conditions], images, name="generator")


def build_discriminator(
    way: str = "projection", channels: int = 32, hidden: int = 128, classes: int = CLASSES
) -> keras.Model:
    """The quick D: images `[N, 28, 28, 1]` and conditions `[N, classes]` -> logits `[N, 1]`.

    Args:
        way: how D gets the condition: "concatenation" joins it to what the convolutions found,
            before the dense layer; "planes" joins one plane of ones or zeros for each class to the
            image; "embedding" joins one learned plane for each class; "projection" adds the inner
            product of the features with a learned vector for each class to the logit.
        channels: of the convolutions.
        hidden: how many features the dense layer has.
        classes: how many there are.

    Raises:
        ValueError: there is no such way.
    """
    checked_choice("way", way, WAYS)
    image, conditions = keras.Input((28, 28, 1)), keras.Input((classes,))
    seen = image
    if way == "planes":
        planes = layers.RepeatVector(28 * 28)(conditions)
        planes = layers.Reshape((28, 28, classes))(planes)
        seen = layers.Concatenate()([image, planes])
    if way == "embedding":
        plane = layers.Dense(28 * 28, use_bias=False)(conditions)
        plane = layers.Reshape((28, 28, 1))(plane)
        seen = layers.Concatenate()([image, plane])
    found = through(dcgan.convolution_layers(channels), seen)
    if way == "concatenation":
        found = layers.Concatenate()([found, conditions])
    features = through(dcgan.dense_layers(hidden), found)
    logits = layers.Dense(1)(features)
    if way == "projection":
        vector = layers.Dense(hidden, use_bias=False)(conditions)
        logits = layers.Add()([logits, layers.Dot(axes=1)([vector, features])])
    return keras.Model([image, conditions], logits, name="discriminator")


def build_gan(
    seed: int = 0, way: str = "projection", data: LabelledSource | None = None, **options
) -> GAN:
    """The quick conditional GAN on the 60,000 training digits, untrained.

    Args:
        seed: fixes the whole run.
        way: see `build_discriminator`.
        data: labelled digits of your own.
        **options: what differs from `SETTINGS`; see `training.GAN`.
    """
    return GAN(
        build_generator(),
        build_discriminator(way),
        data or LabelledSource(*digits.load("train"), CLASSES),
        seed=seed,
        **{**SETTINGS, **options},
    )


def pretrained_generator() -> keras.Model:
    """The quick G with averaged weights of a longer training, which ships in the package.

    Its attribute `provenance` is a dict that says how it was made. To make it anew:

        python -m course_utils train cgan --seconds 180 --out digits.npz --weights \
        course_utils/models/cgan.npz

    Raises:
        weights.WeightsError: the file is missing or damaged.
    """
    generator = build_generator()
    generator.provenance = weights.load(generator, PRETRAINED)
    return generator


def through(several: list[layers.Layer], inputs):
    """What comes out of layers, one after the other."""
    for layer in several:
        inputs = layer(inputs)
    return inputs


def checked_choice(name: str, choice: str, choices: tuple[str, ...]) -> str:
    """`choice`; raises ValueError, with the argument's name, unless it is one of `choices`."""
    if choice not in choices:
        allowed = " | ".join(map(repr, choices))
        raise ValueError(
            text(
                en=f"{name} = {choice!r} is not possible. Choose one of: {allowed}.",
                zh=f"{name} = {choice!r} 不是允许的取值。可选：{allowed}。",
            )
        )
    return choice
