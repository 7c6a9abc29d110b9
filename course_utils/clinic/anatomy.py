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
_RESHAPING = (
    keras.layers.InputLayer,
    keras.layers.Reshape,
    keras.layers.Flatten,
    keras.layers.Permute,
    keras.layers.Cropping2D,
    keras.layers.Dropout,
)
"""These leave the values as they are (dropout: in inference mode)."""


def layers_of(model: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    """All layers inside, however deep, in the order of the pass."""
    for layer in _parts(model):
        yield layer
        yield from layers_of(layer)


def _parts(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    """The layers that one holds itself; those of a block or a wrapper stand in its attributes."""
    held = getattr(layer, "layers", None)
    if held is None:
        values = [[*v] if isinstance(v, list) else v for v in vars(layer).values()]
        held = [v for v in keras.tree.flatten(values) if isinstance(v, keras.layers.Layer)]
    return list({id(v): v for v in held}.values())


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
    """The name of what the outputs went through last, if it is in `_RANGES`; else "linear"."""
    for part in reversed(list(_operations_of(model))):
        if isinstance(part, _RESHAPING):
            continue
        activation = getattr(part, "activation", None)
        # `keras.layers.ReLU` and `keras.ops.sigmoid` are called what they do.
        name = getattr(activation, "__name__", type(part).__name__).lower()
        return name if name in _RANGES else "linear"
    return "linear"


def _operations_of(model: keras.Model) -> Iterator[keras.Operation]:
    """What a pass goes through, in its order, and what is inside of that."""
    for part in getattr(model, "operations", getattr(model, "layers", ())):
        inside = list(_operations_of(part))
        yield from inside or [part]


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
