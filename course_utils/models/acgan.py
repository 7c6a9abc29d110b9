"""Auxiliary classifier GANs of digits: D also says which class it sees.

Odena, Olah and Shlens 2017, arXiv:1610.09585. D is not told the class; G is asked for one, and both
learn from how well D's second head finds it out. The quick networks are those of `models.dcgan`;
the textbook ones are the architecture of a widely copied program (lukedeo/keras-acgan), far too
large for a CPU.
"""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

from course_utils.data import digits
from course_utils.models import dcgan, weights
from course_utils.models.conditional import CLASSES, LATENT_DIM, checked_choice, through
from course_utils.training import GAN
from course_utils.training.sources import LabelledSource

COMBINATIONS = ("concatenate", "multiply", "add")
"""How G joins z and the class, see `build_generator`."""
SETTINGS = {**dcgan.SETTINGS, "betas": (0.5, 0.99), "r1_weight": 0.0, "batch_size": 32}
"""What `build_gan` gives to `training.GAN`.

Found by experiment. The class already does what R1 does for `models.dcgan`: without it a step costs
a fifth less, and nothing is lost.
"""
TEXTBOOK_SETTINGS = {
    "batch_size": 100,
    "generator_batch_size": 200,
    "betas": (0.5, 0.999),
    "discriminator_learning_rate": 5e-5,
    "generator_learning_rate": 5e-5,
    "latent_distribution": "uniform",
}
"""Those of the program that the textbook networks come from."""
PRETRAINED = Path(__file__).with_name("acgan.npz")


def build_generator(
    combination: str = "concatenate",
    latent_dim: int = LATENT_DIM,
    channels: int = 32,
    classes: int = CLASSES,
) -> keras.Model:
    """The quick G of a class.

    Latents `[N, latent_dim]` and conditions `[N, classes]` -> images `[N, 28, 28, 1]` in [-1, 1].

    Args:
        combination: "concatenate" joins z and the condition; "multiply" and "add" do that to z and
            a learned vector e(c) for each class, place by place.
        latent_dim: of z and of e(c).
        channels: of the convolutions.
        classes: how many there are.

    Raises:
        ValueError: there is no such combination.
    """
    latents, conditions = keras.Input((latent_dim,)), keras.Input((classes,))
    wide = keras.initializers.RandomNormal(stddev=1.0)  # as wide as z
    joined = _combined(combination, latents, conditions, wide)
    images = through(dcgan.generator_layers(channels), joined)
    return keras.Model([latents, conditions], images, name="generator")


def build_discriminator(
    channels: int = 32, hidden: int = 128, classes: int = CLASSES
) -> keras.Model:
    """The quick D: images `[N, 28, 28, 1]` -> logits `[N, 1]` and class logits `[N, classes]`."""
    image = keras.Input((28, 28, 1))
    features = through([*dcgan.convolution_layers(channels), *dcgan.dense_layers(hidden)], image)
    outputs = [layers.Dense(1)(features), layers.Dense(classes)(features)]
    return keras.Model(image, outputs, name="discriminator")


def textbook_generator(latent_dim: int = 100, classes: int = CLASSES) -> keras.Model:
    """The G of the widely copied program, channels last; inputs and outputs as `build_generator`.

    z times e(c); dense layers of 1024 and 6272; convolutions of 256 and 128 channels (5 × 5).
    """
    latents, conditions = keras.Input((latent_dim,)), keras.Input((classes,))
    wide = {"padding": "same", "activation": "relu", "kernel_initializer": "glorot_normal"}
    several = [
        layers.Dense(1024, activation="relu"),
        layers.Dense(7 * 7 * 128, activation="relu"),
        layers.Reshape((7, 7, 128)),
        layers.UpSampling2D(),
        layers.Conv2D(256, 5, **wide),
        layers.UpSampling2D(),
        layers.Conv2D(128, 5, **wide),
        layers.Conv2D(1, 2, **{**wide, "activation": "tanh"}),
    ]
    joined = _combined("multiply", latents, conditions, "glorot_normal")
    return keras.Model([latents, conditions], through(several, joined), name="generator")


def textbook_discriminator(classes: int = CLASSES) -> keras.Model:
    """The D of the widely copied program, with logits; see `build_discriminator`.

    Convolutions of 32, 64, 128 and 256 channels (3 × 3), every second one with stride 2.
    """
    image, several = keras.Input((28, 28, 1)), []
    for channels, strides in ((32, 2), (64, 1), (128, 2), (256, 1)):
        several += [layers.Conv2D(channels, 3, strides, "same"), layers.LeakyReLU(0.3)]
        several += [layers.Dropout(0.3)]
    features = through([*several, layers.Flatten()], image)
    outputs = [layers.Dense(1)(features), layers.Dense(classes)(features)]
    return keras.Model(image, outputs, name="discriminator")


def build_gan(
    seed: int = 0, combination: str = "concatenate", data: LabelledSource | None = None, **options
) -> GAN:
    """The quick ACGAN on the 60,000 training digits, untrained.

    Args:
        seed: fixes the whole run.
        combination: see `build_generator`.
        data: labelled digits of your own.
        **options: what differs from `SETTINGS`; see `training.GAN`.
    """
    return GAN(
        build_generator(combination),
        build_discriminator(),
        data or LabelledSource(*digits.load("train"), CLASSES),
        seed=seed,
        **{**SETTINGS, **options},
    )


def pretrained_generator() -> keras.Model:
    """The quick G with averaged weights of a longer training, which ships in the package.

    Its attribute `provenance` is a dict that says how it was made. To make it anew:

        python -m course_utils train acgan --seconds 180 --out digits.npz --weights \
        course_utils/models/acgan.npz

    Raises:
        weights.WeightsError: the file is missing or damaged.
    """
    generator = build_generator()
    generator.provenance = weights.load(generator, PRETRAINED)
    return generator


def _combined(combination: str, latents, conditions, initializer):
    checked_choice("combination", combination, COMBINATIONS)
    if combination == "concatenate":
        return layers.Concatenate()([latents, conditions])
    # The row of a class, as `Embedding` would look it up: the product with its one-hot vector.
    embedding = layers.Dense(
        latents.shape[-1], use_bias=False, kernel_initializer=initializer, name="embedding"
    )(conditions)
    return (layers.Multiply() if combination == "multiply" else layers.Add())([latents, embedding])
