"""Images outside the networks (uint8, 0 … 255) and inside them (float32, -1 … 1)."""

from __future__ import annotations

import numpy as np

from course_utils.language import text

SIDE = 28
"""Height and width of an image, in pixels."""


def to_unit_range(images: np.ndarray) -> np.ndarray:
    """Turn images into what networks see: pixel / 127.5 - 1.

    Args:
        images: uint8 [N, 28, 28], 0 = paper, 255 = ink.

    Returns:
        float32 [N, 28, 28, 1], -1 = paper, 1 = ink.

    Raises:
        ValueError: the images have another type or shape.
    """
    return checked_images(images)[..., None].astype(np.float32) / np.float32(127.5) - 1


def to_pixels(samples: np.ndarray) -> np.ndarray:
    """Turn a generator's output into images: clipped to [-1, 1], rounded to whole grey levels.

    Args:
        samples: float32 [N, 28, 28, 1], -1 = paper, 1 = ink.

    Returns:
        uint8 [N, 28, 28], 0 = paper, 255 = ink.

    Raises:
        ValueError: the samples have another shape, or some values are NaN.
    """
    samples = np.asarray(samples)
    if samples.ndim != 4 or samples.shape[1:] != (SIDE, SIDE, 1):
        raise ValueError(
            text(
                en=f"samples have the shape {samples.shape}; [N, {SIDE}, {SIDE}, 1] is needed.",
                zh=f"samples 的形状是 {samples.shape}；应为 [N, {SIDE}, {SIDE}, 1]。",
            )
        )
    levels = np.rint((np.clip(samples[..., 0], -1, 1) + 1) * 127.5)
    broken = int(np.isnan(levels).any(axis=(1, 2)).sum())
    if broken:
        raise ValueError(
            text(
                en=f"{broken} of {len(samples)} samples contain NaN: the training has probably "
                "diverged. Lower the learning rates, or go back to an earlier snapshot.",
                zh=f"{len(samples)} 个样本中有 {broken} 个含有 NaN：训练很可能已经发散。"
                "请调低学习率，或回到较早的快照。",
            )
        )
    return levels.astype(np.uint8)


def checked_images(images: np.ndarray) -> np.ndarray:
    """Return `images` as an array.

    Raises:
        ValueError: it is not uint8 [N, 28, 28], N >= 1.
    """
    images = np.asarray(images)
    if images.dtype == np.uint8 and images.ndim == 3 and images.shape[1:] == (SIDE, SIDE):
        if len(images):
            return images
        raise ValueError(
            text(
                en="images is empty: at least one image is needed.",
                zh="images 是空的：至少需要一幅图像。",
            )
        )
    remedy_en = remedy_zh = ""
    if images.shape[1:] == (SIDE, SIDE, 1) and np.issubdtype(images.dtype, np.floating):
        remedy_en = " `to_pixels` turns a generator's output into images."
        remedy_zh = "`to_pixels` 可以把生成器的输出转换成图像。"
    raise ValueError(
        text(
            en=f"images have the type {images.dtype} and the shape {images.shape}; uint8 "
            f"[N, {SIDE}, {SIDE}] is needed, 0 = paper, 255 = ink.{remedy_en}",
            zh=f"images 的类型是 {images.dtype}，形状是 {images.shape}；应为 uint8 "
            f"[N, {SIDE}, {SIDE}]，0 为底色，255 为笔迹。{remedy_zh}",
        )
    )
