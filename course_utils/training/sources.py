"""Where real samples come from inside the compiled step.

A source has one method, `draw(draws, count)`, which returns `count` real samples as a float32
tensor made from the random numbers of a `randomness.Draws`.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from course_utils.language import text


class PointSource:
    """Draws points `[count, 2]` from a target of `course_utils.data.targets`."""

    def __init__(self, target):
        self.target = target

    def draw(self, draws, count: int) -> tf.Tensor:
        """Real points, float32 `[count, 2]`, made from the random numbers of `draws`."""
        uniforms = draws.uniform("data", (count, self.target.uniforms_per_point))
        normals = draws.normal("data_normals", (count, self.target.normals_per_point))
        return self.target.transform(uniforms, normals, tf)


class ImageSource:
    """Draws images, each as often as any other, with replacement.

    Args:
        images: uint8 `[N, H, W]` or `[N, H, W, C]`, N >= 1. They stay bytes in memory; what is
            drawn is scaled to [-1, 1], the range of tanh.

    Raises:
        ValueError: they are of another type or shape.
    """

    def __init__(self, images: np.ndarray):
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.ndim not in (3, 4) or not len(images):
            raise ValueError(
                text(
                    en=f"images have the type {images.dtype} and the shape {images.shape}; give "
                    "bytes (uint8, 0 … 255) of the shape [N, height, width], at least one image.",
                    zh=f"images 的类型是 {images.dtype}，形状是 {images.shape}；请传入字节图像"
                    "（uint8，0 … 255），形状为 [N, 高, 宽]，至少一幅。",
                )
            )
        self._images = tf.constant(images if images.ndim == 4 else images[..., None])

    def draw(self, draws, count: int) -> tf.Tensor:
        """Real images, float32 `[count, H, W, C]` in [-1, 1]."""
        size = len(self._images)
        # Below 2**23 images: TensorFlow's uniform float32 are multiples of 2**-23.
        indices = tf.cast(draws.uniform("data", (count,)) * size, tf.int32)
        chosen = tf.gather(self._images, tf.minimum(indices, size - 1))
        return tf.cast(chosen, tf.float32) / 127.5 - 1.0


def as_source(target_or_source):
    """A source as it is; a 2-D target wrapped in a `PointSource`."""
    if hasattr(target_or_source, "draw"):
        return target_or_source
    return PointSource(target_or_source)
