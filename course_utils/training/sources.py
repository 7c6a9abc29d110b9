"""Where real samples come from inside the compiled step.

A source has one method, `draw(draws, count)`, which returns `count` real samples as a float32
tensor made from the random numbers of a `randomness.Draws`.
"""

from __future__ import annotations

import tensorflow as tf


class PointSource:
    """Draws points `[count, 2]` from a target of `course_utils.data.targets`."""

    def __init__(self, target):
        self.target = target

    def draw(self, draws, count: int) -> tf.Tensor:
        """Real points, float32 `[count, 2]`, made from the random numbers of `draws`."""
        uniforms = draws.uniform("data", (count, self.target.uniforms_per_point))
        normals = draws.normal("data_normals", (count, self.target.normals_per_point))
        return self.target.transform(uniforms, normals, tf)


def as_source(target_or_source):
    """A source as it is; a 2-D target wrapped in a `PointSource`."""
    if hasattr(target_or_source, "draw"):
        return target_or_source
    return PointSource(target_or_source)
