"""What a doctor accepts: networks and data are checked, with words for what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np

from course_utils.language import text

LEAST = 50
"""The fewest real samples that are enough."""
MOST = 10_000
"""About how many are kept: evenly spaced ones of larger data, which are not copied as a whole."""


def functional(model, example: Callable):
    """A model of a class of one's own as one with `inputs` and `outputs`, of the same weights.

    Args:
        model: any; other models come back as they are, and so do those that take no symbols.
        example: gives what the model is called with, [n, …].
    """
    if not isinstance(model, keras.Model) or getattr(model, "inputs", None):
        return model
    given = example()
    if isinstance(given, list | tuple) or np.ndim(given) < 2:
        return model
    try:
        inputs = keras.Input(np.shape(given)[1:])
        return keras.Model(inputs, model(inputs))
    except Exception:  # whatever a learner's `call` raises on symbols
        return model


def check_model(name: str, model, outputs: int) -> None:
    """Raise TypeError unless it is a Keras model with one or two inputs, and outputs as many."""
    inputs = getattr(model, "inputs", None) or ()
    fits = isinstance(model, keras.Model) and 1 <= len(inputs) <= 2
    if not fits or not 1 <= len(model.outputs) <= outputs:
        raise TypeError(
            text(
                en=f"{name} must be a Keras model, built, whose first input is what it is made "
                "for and whose second, if it has one, the class. For a generator of a class of "
                "your own give latents=, too.",
                zh=f"{name} 应该是已构建的 Keras 模型：第一个输入是它要处理的内容，"
                "第二个输入（如果有）是类别。如果生成器是你自己定义的模型类，请同时给出 latents=。",
            )
        )


def thin(count: int) -> slice:
    """Which of so many samples are kept."""
    return slice(None, None, -(-count // MOST) or 1)


def checked_data(data, discriminator: keras.Model) -> np.ndarray:
    """Samples as float32; raises ValueError unless they are enough, finite, and fit D."""
    array = np.asarray(data)
    numeric = np.issubdtype(array.dtype, np.number) or array.dtype == bool
    if numeric and array.ndim:
        array = array[thin(len(array))].astype(np.float32, copy=False)
    else:
        array = np.zeros(0)
    expected = tuple(discriminator.inputs[0].shape[1:])
    fits = array.ndim == len(expected) + 1 and all(
        wanted in (None, had) for wanted, had in zip(expected, array.shape[1:], strict=True)
    )
    if not fits or len(array) < LEAST or not np.isfinite(array).all():
        raise ValueError(
            text(
                en=f"data have the shape {np.shape(data)}; at least {LEAST} real samples are "
                f"needed, finite numbers of the shape {expected} each, as the discriminator is "
                "fed them.",
                zh=f"data 的形状是 {np.shape(data)}；至少需要 {LEAST} 个真实样本，每个都是形状为 "
                f"{expected} 的有限数值，与输入判别器时一样。",
            )
        )
    return array


def verdict_place(discriminator: keras.Model) -> int:
    """Which of D's outputs is one number for each sample."""
    sizes = [int(np.prod([n or 0 for n in v.shape[1:]])) for v in discriminator.outputs]
    if sizes.count(1) != 1:
        raise ValueError(
            text(
                en="The discriminator must give one number for each sample, and may give one for "
                "each class beside it.",
                zh="判别器应该为每个样本输出一个数，另外还可以为每个类别各输出一个数。",
            )
        )
    return sizes.index(1)
