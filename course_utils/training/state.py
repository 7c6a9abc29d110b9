"""The whole state of a GAN as plain arrays: what a snapshot and a checkpoint hold."""

from __future__ import annotations

import numpy as np

from course_utils.language import text
from course_utils.training.gan import GAN

_PARTS = (
    "generator",
    "discriminator",
    "ema_generator",
    "generator_optimizer",
    "discriminator_optimizer",
)


def _variables(gan: GAN) -> dict:
    """All variables by a name that does not depend on how many layers were made before."""
    named = {"step": gan._step}
    for part in _PARTS:
        for index, variable in enumerate(getattr(gan, part).variables):
            # A moment is named after its weight and that weight's layer, which Keras numbers anew
            # in each process: only the last word of its name stays the same.
            name = variable.name.rpartition("_")[2] if "optimizer" in part else variable.name
            named[f"{part}/{index}/{name}"] = variable
    return named


def read_state(gan: GAN) -> dict[str, np.ndarray]:
    """Copies of all weights, moments and counters, by name."""
    return {name: variable.numpy().copy() for name, variable in _variables(gan).items()}


def write_state(gan: GAN, state: dict[str, np.ndarray]) -> None:
    """Puts back what `read_state` read: all of it, or nothing if it does not fit.

    Raises:
        ValueError: `state` comes from networks of other shapes.
    """
    variables = _variables(gan)
    problems = sorted(variables.keys() ^ state.keys()) or [
        name for name, variable in variables.items() if tuple(variable.shape) != state[name].shape
    ]
    if problems:
        raise ValueError(
            text(
                en=f"This state belongs to other networks: {problems[0]} does not fit. "
                "Build the GAN with the sizes and options that it was saved with.",
                zh=f"这份状态属于另一组网络：{problems[0]} 对不上。"
                "请用保存时的尺寸和选项来创建 GAN。",
            )
        )
    for name, variable in variables.items():
        variable.assign(state[name])
