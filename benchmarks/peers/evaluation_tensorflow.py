"""The multi-scale structural similarity of TensorFlow on stored pairs of images."""

from __future__ import annotations

import os

import numpy as np
import tensorflow as tf
from evaluation_measuring import run

from course_utils.evaluation.ms_ssim import POWERS, SCALES, WINDOW

tf.config.threading.set_intra_op_parallelism_threads(int(os.environ.get("OMP_NUM_THREADS", 0)))
tf.config.threading.set_inter_op_parallelism_threads(int(os.environ.get("OMP_NUM_THREADS", 0)))
POWERS = np.divide(POWERS[:SCALES], sum(POWERS[:SCALES]))


@tf.function
def similarity(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    """The same scales, window and weights as ours."""
    return tf.image.ssim_multiscale(first, second, 255, tuple(POWERS), filter_size=WINDOW)


def ms_ssim(arrays: dict) -> np.ndarray:
    """One value for each pair."""
    return similarity(arrays["first"][..., None], arrays["second"][..., None]).numpy()


if __name__ == "__main__":
    run("tf.image.ssim_multiscale", {"ms_ssim": ms_ssim}, {"tensorflow": tf.__version__})
