"""DCGANs of 28 × 28 digits: the textbook's, and one that a laptop's CPU trains in a minute.

The quick one keeps what makes a DCGAN (convolutions, batch normalisation in G, leaky ReLUs in D,
tanh; Radford, Metz and Chintala 2016, arXiv:1511.06434) and moves the work to where a CPU is good
at it: all convolutions see 7 × 7 places with many channels, and a pixel shuffle (Shi et al. 2016,
arXiv:1609.05158) turns 16 channels into 4 × 4 pixels.
"""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

from course_utils.data import digits
from course_utils.models import weights
from course_utils.training import GAN
from course_utils.training.sources import ImageSource

LATENT_DIM = 64
SETTINGS = {
    "batch_size": 64,
    "betas": (0.0, 0.99),
    "discriminator_learning_rate": 2e-3,
    "generator_learning_rate": 2e-3,
    "r1_weight": 2.0,
    "ema_decay": 0.995,
}
"""What `build_gan` gives to `training.GAN`.

Found by experiment, with seed 0 and 60 seconds of two cores: R1 and β1 = 0 together matter most.
"""
PRETRAINED = Path(__file__).with_name("dcgan.npz")


class PixelShuffle(layers.Layer):
    """Turns `block`² channels into `block` × `block` pixels: `[H, W, b²c]` -> `[bH, bW, c]`."""

    def __init__(self, block: int, **options):
        super().__init__(**options)
        self.block = block

    def call(self, images):
        """See the class."""
        return keras.ops.depth_to_space(images, self.block, data_format="channels_last")

    def compute_output_shape(self, shape):
        """The shape after it, batch size first."""
        count, height, width, channels = shape
        return count, self.block * height, self.block * width, channels // self.block**2

    def get_config(self):
        """Keras' way to save the layer."""
        return {**super().get_config(), "block": self.block}


class PixelUnshuffle(PixelShuffle):
    """The inverse: `block` × `block` pixels become `block`² channels."""

    def call(self, images):
        """See the class."""
        return keras.ops.space_to_depth(images, self.block, data_format="channels_last")

    def compute_output_shape(self, shape):
        """The shape after it, batch size first."""
        count, height, width, channels = shape
        return count, height // self.block, width // self.block, channels * self.block**2


def build_generator(latent_dim: int = LATENT_DIM, channels: int = 32) -> keras.Model:
    """The quick G: latents `[N, latent_dim]` -> images `[N, 28, 28, 1]` in [-1, 1]."""
    inputs = keras.Input((latent_dim,))
    return keras.Sequential([inputs, *generator_layers(channels)], name="generator")


def generator_layers(channels: int = 32) -> list[layers.Layer]:
    """The layers of the quick G: vectors `[N, any]` -> images `[N, 28, 28, 1]` in [-1, 1]."""
    hidden = []
    for _ in range(2):
        hidden += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
        hidden += [_convolution(channels, use_bias=False, kernel_initializer="he_normal")]
    return [
        layers.Dense(7 * 7 * channels, use_bias=False),
        layers.Reshape((7, 7, channels)),
        *hidden,
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        _convolution(4 * 4),
        PixelShuffle(4),
        layers.Activation("tanh"),
    ]


def build_discriminator(channels: int = 32, hidden: int = 128) -> keras.Model:
    """The quick D: images `[N, 28, 28, 1]` -> logits `[N, 1]`.

    The dense layer before the last one matters most: it sees the whole image at once.
    """
    parts = [*convolution_layers(channels), *dense_layers(hidden), layers.Dense(1)]
    return keras.Sequential([keras.Input((28, 28, 1)), *parts], name="discriminator")


def convolution_layers(channels: int = 32) -> list[layers.Layer]:
    """The first layers of the quick D: images `[N, 28, 28, any]` -> `[N, 7 · 7 · channels]`."""
    hidden = [PixelUnshuffle(4)]
    for _ in range(2):
        hidden += [_convolution(channels), layers.LeakyReLU(0.2)]
    return [*hidden, layers.Flatten()]


def dense_layers(hidden: int = 128) -> list[layers.Layer]:
    """Those after them: `[N, any]` -> features `[N, hidden]`."""
    return [layers.Dense(hidden), layers.LeakyReLU(0.2)]


def textbook_generator(latent_dim: int = 100, channels: int = 64) -> keras.Model:
    """G by the guidelines of the DCGAN paper: latents `[N, latent_dim]` -> `[N, 28, 28, 1]`.

    Two transposed convolutions of stride 2, whose kernels (4 × 4) the stride divides.
    """
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 2 * channels, use_bias=False),
            layers.Reshape((7, 7, 2 * channels)),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(channels, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
        ],
        name="generator",
    )


def textbook_discriminator(channels: int = 64) -> keras.Model:
    """D by the guidelines of the DCGAN paper: images `[N, 28, 28, 1]` -> logits `[N, 1]`."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(channels, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(2 * channels, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(1),
        ],
        name="discriminator",
    )


def build_gan(seed: int = 0, **options) -> GAN:
    """The quick GAN on the 60,000 training digits, untrained.

    Args:
        seed: fixes the whole run.
        **options: what differs from `SETTINGS`; see `training.GAN`.
    """
    images, _ = digits.load("train")
    return GAN(
        build_generator(),
        build_discriminator(),
        ImageSource(images),
        seed=seed,
        **{**SETTINGS, **options},
    )


def pretrained_generator() -> keras.Model:
    """The quick G with averaged weights of a longer training, which ships in the package.

    Its attribute `provenance` is a dict that says how it was made. To make it anew:

        python -m course_utils train dcgan --seconds 180 --out digits.npz --weights \
        course_utils/models/dcgan.npz

    Raises:
        weights.WeightsError: the file is missing or damaged.
    """
    generator = build_generator()
    generator.provenance = weights.load(generator, PRETRAINED)
    return generator


def _convolution(channels: int, **options) -> layers.Layer:
    return layers.Conv2D(channels, 3, padding="same", **options)
