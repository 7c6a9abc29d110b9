"""Fresh weights for networks that are built already, so that a reset needs no new graph."""

from __future__ import annotations

import keras
import numpy as np


def reinitialize(model: keras.Model, seed: int) -> None:
    """Draws all weights of `model` anew, each by its layer's own initializer, from `seed`.

    Equal seeds give equal weights, whatever happened before and whatever Keras' global seed is.

    Raises:
        TypeError: a layer has a weight whose initializer cannot be found.
    """
    variables = [
        (layer, variable)
        for layer in model._flatten_layers(include_self=False, recursive=True)
        for variable in layer._trainable_variables + layer._non_trainable_variables
    ]
    generators = [
        generator
        for layer in model._flatten_layers(include_self=False, recursive=True)
        for generator in _seed_generators(layer)
    ]
    # (The first number is not used; the lessons' seeds stand for the weights that the others give.)
    seeds = np.random.SeedSequence(seed).generate_state(1 + len(variables) + len(generators))[1:]
    for (layer, variable), own_seed in zip(variables, seeds, strict=False):
        variable.assign(_initial_value(layer, variable, int(own_seed) % 2**31))
    for generator, own_seed in zip(generators, seeds[len(variables) :], strict=True):
        generator.state.assign([int(own_seed) % 2**31, 0])


def _initial_value(layer, variable, seed: int):
    initializer = getattr(layer, f"{variable.name}_initializer", None)
    if initializer is None:
        # Batch normalisation's are the only ones that are named otherwise.
        initializer = {
            "moving_mean": getattr(layer, "moving_mean_initializer", None),
            "moving_variance": getattr(layer, "moving_variance_initializer", None),
        }.get(variable.name)
    if initializer is None:
        raise TypeError(
            f"{layer.name}: no initializer is known for its weight {variable.name!r}. "
            f"Give the layer an attribute {variable.name}_initializer."
        )
    settings = initializer.get_config()
    if "seed" in settings:
        initializer = type(initializer).from_config({**settings, "seed": seed})
    return initializer(variable.shape, dtype=variable.dtype)


def _seed_generators(layer):
    return [
        value for value in vars(layer).values() if isinstance(value, keras.random.SeedGenerator)
    ]


def reset_optimizer(optimizer: keras.optimizers.Optimizer) -> None:
    """Forgets the moments and the count of updates; the learning rate stays."""
    for variable in optimizer.variables:
        if variable is not optimizer._learning_rate:
            variable.assign(np.zeros(variable.shape, variable.dtype))
