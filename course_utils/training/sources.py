"""Where real samples come from inside the compiled step.

A source has one method, `draw(draws, count)`, which returns `count` real samples as a float32
tensor made from the random numbers of a `randomness.Draws`. A source of labelled samples returns
them with their labels, and has `classes` and `shares`.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from course_utils.language import text
from course_utils.training.conditions import one_hot


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
        self._images = tf.constant(_checked_images(images))

    def draw(self, draws, count: int) -> tf.Tensor:
        """Real images, float32 `[count, H, W, C]` in [-1, 1]."""
        size = len(self._images)
        # Below 2**23 images: TensorFlow's uniform float32 are multiples of 2**-23.
        indices = tf.cast(draws.uniform("data", (count,)) * size, tf.int32)
        chosen = tf.gather(self._images, tf.minimum(indices, size - 1))
        return to_unit_range(chosen)


class LabelledSource:
    """Draws samples of classes: first the class, then one of its samples, with replacement.

    Args:
        samples: images, uint8 `[N, H, W]` or `[N, H, W, C]`, which are scaled to [-1, 1] when they
            are drawn; or float32 `[N, ...]`, which stay as they are. N >= 1.
        labels: whole numbers `[N]`, 0 <= label < `classes`.
        classes: how many there are; None for the largest label + 1.

    Attributes:
        classes: how many there are.
        shares: float32 `[classes]`, the classes' shares of the samples; they sum to 1.

    Raises:
        ValueError: samples or labels are of another type, shape or range.
    """

    def __init__(self, samples: np.ndarray, labels: np.ndarray, classes: int | None = None):
        samples = np.asarray(samples)
        if not np.issubdtype(samples.dtype, np.floating):
            samples = _checked_images(samples)
        labels = np.asarray(labels)
        self.classes = int(labels.max()) + 1 if classes is None and labels.size else classes
        counts = one_hot(labels, self.classes or 1).sum(axis=0, dtype=np.float64)
        if len(samples) != len(labels) or not len(labels):
            raise ValueError(
                text(
                    en=f"There are {len(samples)} samples and {len(labels)} labels: give one label "
                    "for each sample, and at least one.",
                    zh=f"有 {len(samples)} 个样本、{len(labels)} 个标签：每个样本需要一个标签，"
                    "且至少要有一个样本。",
                )
            )
        order = np.argsort(labels, kind="stable")
        dtype = samples.dtype if samples.dtype == np.uint8 else np.float32
        self._samples = tf.constant(samples[order].astype(dtype, copy=False))
        self._counts = tf.constant(counts, tf.float32)
        self._first = tf.constant(np.cumsum(counts) - counts, tf.int32)
        self.shares = tf.constant(counts / counts.sum(), tf.float32)

    def draw(self, draws, count: int, weights=None) -> tuple[tf.Tensor, tf.Tensor]:
        """Real samples, float32 `[count, ...]`, and their labels, int32 `[count]`.

        Args:
            draws: the random numbers.
            count: how many.
            weights: how often each class is drawn, relative, float32 `[classes]`, >= 0; None, or
                zero for all classes there are, draws each as often as it is in the data.
        """
        present = tf.where(self.shares > 0.0, self.shares if weights is None else weights, 0.0)
        weights = tf.where(tf.reduce_sum(present) > 0.0, present, self.shares)
        labels = draw_classes(draws, "real_classes", count, weights)
        # Below 2**23 samples of a class: see ImageSource.
        size = tf.gather(self._counts, labels)
        place = tf.minimum(draws.uniform("data", (count,)) * size, size - 1.0)
        index = tf.gather(self._first, labels) + tf.cast(place, tf.int32)
        chosen = tf.gather(self._samples, index)
        return (to_unit_range(chosen) if chosen.dtype == tf.uint8 else chosen), labels


def draw_classes(draws, stream: str, count: int, weights) -> tf.Tensor:
    """Labels, int32 `[count]`, each class as often as its weight says; one weight is above 0."""
    ends = tf.cumsum(weights)
    # A uniform is below 1, so that it never reaches a class of weight 0 behind the last end.
    places = draws.uniform(stream, (count, 1)) * ends[-1]
    return tf.reduce_sum(tf.cast(places >= ends[:-1], tf.int32), axis=1)


def to_unit_range(pixels: tf.Tensor) -> tf.Tensor:
    """Bytes 0 … 255 as float32 in [-1, 1]."""
    return tf.cast(pixels, tf.float32) / 127.5 - 1.0


def _checked_images(images) -> np.ndarray:
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
    return images if images.ndim == 4 else images[..., None]


def as_source(target_or_source):
    """A source as it is; a 2-D target wrapped in a `PointSource`."""
    if hasattr(target_or_source, "draw"):
        return target_or_source
    return PointSource(target_or_source)
