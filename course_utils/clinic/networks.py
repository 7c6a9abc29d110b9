"""The patients' networks: dense ones for points and digits, and seed 001's, scaled down."""

from __future__ import annotations

import keras
from keras import layers

from course_utils.clinic.case import Options

CLASSES = 8
"""Of conditional networks: the ring's Gaussians."""
_CHANNELS = 8  # seed 001 begins with 64


def build(options: Options) -> tuple[keras.Model, keras.Model]:
    """Build a generator and a discriminator, untrained, from Keras' present random state.

    Returns:
        G: [n, latent_dim] to [n, 2] or [n, 28, 28, 1]; D: from there to [n, 1]. Conditional ones
        have a second input, one-hot classes [n, 8].
    """
    if options.networks == "seed001":
        return _seed001_generator(options), _seed001_discriminator(options)
    digits = options.data == "digits"
    inside = [keras.Input((options.latent_dim,))]
    for units in (128, 256) if digits else (64, 64):
        inside += _hidden(units, options.g_bn, 0.0)
    inside.append(layers.Dense(784 if digits else 2, activation=options.g_activation))
    if digits:
        inside.append(layers.Reshape((28, 28, 1)))
    judge = [keras.Input((28, 28, 1)), layers.Flatten()] if digits else [keras.Input((2,))]
    for units in (128, 64) if digits else (64, 64):
        judge += _hidden(units, options.d_bn, options.d_dropout)
    judge.append(_verdict(options))
    if options.conditional:
        return _told(inside), _told(judge)
    return keras.Sequential(inside), keras.Sequential(judge)


def _told(parts: list) -> keras.Model:
    """The same layers, with the class joined to what goes in."""
    given, classes = parts[0], keras.Input((CLASSES,))
    out = layers.Concatenate()([given, classes])
    for layer in parts[1:]:
        out = layer(out)
    return keras.Model([given, classes], out)


def _hidden(units: int, normalized: bool, dropout: float) -> list:
    parts = [layers.Dense(units, kernel_initializer="he_uniform")]
    if normalized:
        parts.append(layers.BatchNormalization())
    parts.append(layers.LeakyReLU(0.2))
    if dropout:
        parts.append(layers.Dropout(dropout))
    return parts


def _verdict(options: Options) -> layers.Layer:
    return layers.Dense(1, activation="sigmoid" if options.d_sigmoid else None)


def _seed001_generator(options: Options) -> keras.Sequential:
    # As in the seed: one batch normalisation, then five layers without bias, and without one
    # unless it is asked for.
    parts = [
        keras.Input((options.latent_dim,)),
        layers.Dense(7 * 7 * _CHANNELS),
        layers.BatchNormalization(),
        layers.LeakyReLU(),
        layers.Reshape((7, 7, _CHANNELS)),
    ]
    for channels, strides in ((2, 1), (1, 2), (1, 2), (0.5, 1)):
        parts.append(_transposed(int(channels * _CHANNELS), 5, strides))
        parts += [layers.BatchNormalization()] if options.g_bn else []  # why it needs no bias
        parts.append(layers.LeakyReLU())
    return keras.Sequential([*parts, _transposed(1, 3, 1, activation="tanh")])


def _transposed(channels: int, size: int, strides: int, **further) -> layers.Layer:
    return layers.Conv2DTranspose(
        channels, size, strides=strides, padding="same", use_bias=False, **further
    )


def _seed001_discriminator(options: Options) -> keras.Sequential:
    parts = [keras.Input((28, 28, 1))]
    for channels, strides in ((1, 1), (1, 2), (1, 2), (0.5, 2)):
        parts.append(layers.Conv2D(int(channels * _CHANNELS), 5, strides=strides, padding="same"))
        parts += [layers.LeakyReLU(), layers.Dropout(0.3)]
    return keras.Sequential([*parts, layers.Flatten(), _verdict(options)])
