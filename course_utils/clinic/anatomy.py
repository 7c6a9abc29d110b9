"""What a Keras network is made of, as far as a doctor must know."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np

_RANGES = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, np.inf),
    "softplus": (0.0, np.inf),
}


def layers_of(model: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    """All layers inside, however deep, in the order of the pass."""
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from layers_of(layer)


def learned_variables(model: keras.Model) -> list[keras.Variable]:
    """The variables that training is meant to move, also while `trainable` is False.

    The flag hides them from `trainable_variables`: it is raised to look, and put back layer by
    layer.
    """
    flags = [(layer, layer.trainable) for layer in (model, *layers_of(model))]
    model.trainable = False  # a flag that is already up is not handed down again
    model.trainable = True
    try:
        return list(model.trainable_variables)
    finally:
        for layer, flag in flags:
            layer.trainable = flag


def normalizations(model: keras.Model) -> list[keras.layers.BatchNormalization]:
    """All batch normalisations inside."""
    return [v for v in layers_of(model) if isinstance(v, keras.layers.BatchNormalization)]


def random_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """Dropout and noise: layers that draw random numbers, in training mode only."""
    drawn = [v for v in layers_of(model) if getattr(v, "seed_generator", None) is not None]
    return [v for v in drawn if getattr(v, "rate", 0) or getattr(v, "stddev", 0)]


def last_activation(model: keras.Model) -> str:
    """The name of the last activation; "linear" without one."""
    for layer in reversed(list(layers_of(model))):
        if isinstance(layer, keras.layers.ReLU):
            return "relu"
        if getattr(layer, "activation", None) is not None:
            return getattr(layer.activation, "__name__", "linear")
        if layer.weights:
            break
    return "linear"


def output_range(model: keras.Model) -> tuple[float, float]:
    """Smallest and largest value that the last activation can give."""
    return _RANGES.get(last_activation(model), (-np.inf, np.inf))


def convolves(*models: keras.Model) -> bool:
    """Whether any layer is a convolution."""
    return any("Conv" in type(layer).__name__ for model in models for layer in layers_of(model))


class Kept:
    """All variables of some models, to be put back: weights, statistics, random states."""

    def __init__(self, *models: keras.Model):
        self._held = [(v, np.asarray(v).copy()) for model in models for v in model.variables]

    def restore(self) -> None:
        """Put the values back that the variables had."""
        for variable, value in self._held:
            variable.assign(value)

    @property
    def finite(self) -> bool:
        """Whether no value is NaN or infinite."""
        return all(np.isfinite(value).all() for _, value in self._held)
