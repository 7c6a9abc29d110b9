"""What images are turned into before two sets of them are compared: features, one row an image.

A distance between sets of features is a distance as the extractor sees it. What it cannot see costs
nothing, and what it exaggerates counts twice: always name the extractor beside the number.
"""

from __future__ import annotations

import functools

import numpy as np

from course_utils.data.images import checked_images
from course_utils.language import text

INCEPTION_SIDE = 299
_BLOCK = 64  # images that Inception sees in one call: 70 MB of pixels


def judge_features(images: np.ndarray) -> np.ndarray:
    """What the course's judge sees: the extractor of every figure that is called judge-FID.

    Args:
        images: uint8 [n, 28, 28], 0 = paper, 255 = ink.

    Returns:
        float32 [n, 64], 0 or more. The judge was trained to tell digits apart: it looks at what
        makes a 7 a 7, hardly at what all digits share. Cost: 1 s of CPU for 10,000 images.

    Raises:
        ValueError: the images have another type or shape.
    """
    from course_utils.models import judge

    return judge.load().features(images)


def pixel_features(images: np.ndarray) -> np.ndarray:
    """The pixels themselves, in order to see why nobody uses them.

    Every pixel counts the same, and only for itself: a digit that is moved by one pixel is another
    digit, a grey one is nearly the right one.

    Args:
        images: uint8 [n, 28, 28], 0 = paper, 255 = ink.

    Returns:
        float32 [n, 784], 0 … 1. A covariance of 784 dimensions needs thousands of images.

    Raises:
        ValueError: the images have another type or shape.
    """
    images = checked_images(images)
    return (images.reshape(len(images), -1) / np.float32(255)).astype(np.float32)


def inception_features(images: np.ndarray, weights: str | None = "imagenet") -> np.ndarray:
    """What Inception v3 sees, of Keras's applications; the FID of papers stands on such a network.

    It was trained on photographs (ImageNet), knows no digits, and wants 299 × 299 pixels in
    colour, so that 28 × 28 of them are blown up a hundredfold. These are Keras's weights: the
    reference code of Heusel et al. 2017, arXiv:1706.08500, uses another training of the same
    network, and papers' numbers compare only with those.

    Args:
        images: uint8 [n, 28, 28], 0 = paper, 255 = ink.
        weights: "imagenet"; None takes random weights, in order to try the way without a network.

    Returns:
        float32 [n, 2048], 0 or more. Cost on a CPU: about 0.1 s for each image, and a download of
        88 MB the first time.

    Raises:
        ValueError: the images have another type or shape.
        ConnectionError: the weights are not on this computer and cannot be downloaded.
    """
    images = checked_images(images)
    network, preprocess = _inception(weights)
    import tensorflow as tf

    features = []
    for start in range(0, len(images), _BLOCK):
        block = tf.cast(images[start : start + _BLOCK, ..., None], tf.float32)
        # Parmar et al. 2022, arXiv:2104.11222: how one resizes changes the FID. Enlarging needs
        # no antialiasing; what matters is that real and generated images go the same way.
        block = tf.image.resize(block, (INCEPTION_SIDE, INCEPTION_SIDE), "bicubic")
        block = tf.image.grayscale_to_rgb(tf.clip_by_value(block, 0.0, 255.0))
        features.append(np.asarray(network(preprocess(block), training=False)))
    return np.concatenate(features)


@functools.cache
def _inception(weights: str | None):
    from keras.applications import inception_v3

    from course_utils.training import runtime  # noqa: F401  (sets TensorFlow's threads)

    try:
        network = inception_v3.InceptionV3(include_top=False, pooling="avg", weights=weights)
    except Exception as error:
        # Keras raises a plain Exception if the download fails; anything else is no matter of ours.
        if "URL fetch failure" not in str(error):
            raise
        raise ConnectionError(
            text(
                en="Inception's weights (88 MB) are not on this computer and could not be "
                "downloaded. With a network, run this cell again; behind a proxy, set HTTPS_PROXY "
                "first. The course does not need them: judge_features works offline.",
                zh="本机没有 Inception 的权重（88 MB），下载也没有成功。"
                "联网后重新运行本单元格即可；如果需要代理，请先设置 HTTPS_PROXY。"
                "课程本身并不需要它：judge_features 可以离线使用。",
            )
        ) from error
    return network, inception_v3.preprocess_input
