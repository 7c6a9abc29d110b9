"""The judge: a small classifier of digits through whose eyes the course measures images.

It was trained on MNIST's training digits by `python -m course_utils train judge`, never sees a
generator's gradient, and stays as it is while lessons are compared.
"""

from __future__ import annotations

import functools
import hashlib
import os
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from course_utils.data.images import checked_images, to_unit_range
from course_utils.language import text
from course_utils.models import weights
from course_utils.training import runtime  # noqa: F401  (sets TensorFlow's threads before it starts)

FILE = Path(__file__).with_name("judge.npz")
SHA256 = "3a0e31555c33aee1c2b09c2d73a42f961594cf821c90f8e56732ef431d5155de"
FEATURES = 64
CLASSES = 10
_BLOCK = 500  # images in one call: more is not quicker, and needs more memory


def build_network() -> keras.Model:
    """Images float32 [N, 28, 28, 1] in [-1, 1] -> logits [N, 10] and features [N, 64].

    150,850 weights, the moving statistics of batch normalization included.
    """
    images = keras.Input((28, 28, 1))
    x = images
    for channels, size, strides in ((24, 5, 2), (48, 3, 1), (64, 3, 2), (96, 3, 1)):
        x = layers.Conv2D(channels, size, strides, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.95)(x)
        x = layers.ReLU()(x)
    x = layers.Dropout(0.3)(layers.Flatten()(layers.MaxPooling2D(2)(x)))
    features = layers.Dense(FEATURES, activation="relu", name="features")(x)
    logits = layers.Dense(CLASSES, name="logits")(features)
    return keras.Model(images, [logits, features], name="judge")


class Judge:
    """A trained judge.

    Args:
        network: `build_network()`, trained.
        temperature: by which the logits are divided before the softmax, > 0, so that the judge is
            as often right as it is sure. Guo et al. 2017, arXiv:1706.04599. It was found on real
            digits: how sure the judge may be of something that is no digit, nobody has measured.
        provenance: how it was made: command, seed, epochs, versions, accuracy and so on.
    """

    def __init__(
        self,
        network: keras.Model,
        temperature: float,
        provenance: dict | None = None,
    ):
        self.temperature, self.provenance = temperature, provenance or {}
        self._network = network
        # Without XLA: it would take longer to compile than ten thousand images to be judged.
        signature = [tf.TensorSpec((None, 28, 28, 1), tf.float32)]
        self._see = tf.function(lambda images: network(images, training=False), signature)

    def look(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features and probabilities of images, in one pass.

        An image's values do not depend on the other images, except for rounding.

        Args:
            images: uint8 [N, 28, 28], 0 = paper, 255 = ink.

        Returns:
            See `features` and `probabilities`.

        Raises:
            ValueError: the images have another type or shape.
        """
        logits, features = self._logits_and_features(images)
        scaled = logits.astype(np.float64) / self.temperature
        odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return features, (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)

    def features(self, images: np.ndarray) -> np.ndarray:
        """The activations of the last hidden layer, float32 [N, 64], 0 or more. Args: `look`."""
        return self.look(images)[0]

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """The calibrated probabilities of the digits 0 … 9, float32 [N, 10]. Args: `look`."""
        return self.look(images)[1]

    def logits(self, images: np.ndarray) -> np.ndarray:
        """The logits before calibration, float32 [N, 10]. Args: `look`."""
        return self._logits_and_features(images)[0]

    def _logits_and_features(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        images = checked_images(images)
        blocks = [
            self._see(to_unit_range(images[start : start + _BLOCK]))
            for start in range(0, len(images), _BLOCK)
        ]
        logits, features = zip(*blocks, strict=True)
        return np.concatenate(logits), np.concatenate(features)

    def save(self, path: str | os.PathLike) -> None:
        """Write the judge to an npz file, its temperature as a part of the provenance."""
        self.provenance["temperature"] = self.temperature
        weights.save(self._network, path, self.provenance)


@functools.cache
def load() -> Judge:
    """The judge of the course; later calls return the same one at once.

    Raises:
        weights.WeightsError: its file is missing or damaged.
    """
    judge = read(FILE)
    found = digest(FILE)
    if found != SHA256:
        path = f"course_utils/models/{FILE.name}"
        raise weights.WeightsError(
            text(
                en=f"{path} is not the course's judge (SHA-256 {found[:16]}… ≠ {SHA256[:16]}…). "
                f"Run `git checkout -- {path}` in the course's folder, or download the course "
                "again.",
                zh=f"{path} 不是本课程的裁判（SHA-256 {found[:16]}… ≠ {SHA256[:16]}…）。"
                f"请在课程目录下运行 `git checkout -- {path}` 恢复该文件，或者重新下载课程。",
            )
        )
    return judge


def read(path: str | os.PathLike) -> Judge:
    """A judge that `Judge.save` wrote.

    Raises:
        weights.WeightsError: the file is missing or damaged.
    """
    network = build_network()
    provenance = weights.load(network, path)
    return Judge(network, provenance["temperature"], provenance)


def digest(path: str | os.PathLike) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
