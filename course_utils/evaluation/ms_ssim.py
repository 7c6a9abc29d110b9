"""The structural similarity of images at several scales: do two images look alike to the eye?"""

from __future__ import annotations

import functools

import numpy as np

from course_utils.checks import whole_number
from course_utils.data.images import checked_images
from course_utils.evaluation.validation import checked_labels
from course_utils.language import text

POWERS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""How much each scale counts, the finest first (Wang et al. 2003, section 3.2)."""
WINDOW = 7
"""Height and width of the window, in pixels; 11 is usual, and fits only twice into 28 pixels."""
SIGMA = 1.5
"""Standard deviation of the window's Gaussian weights, in pixels."""
SCALES = 3
"""28, 14 and 7 pixels: more do not fit the window.

With this window and these scales, pairs of digits of one class stand out from other pairs more
than with two scales, with either window.
"""

_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2  # they keep the quotients finite in plain regions
_BLOCK = 500  # pairs at a time: 20 MB


def ms_ssim(a: np.ndarray, b: np.ndarray, scales: int = SCALES) -> np.ndarray:
    """The multi-scale structural similarity of pairs of images.

    At each scale, local variances and covariances are compared within a window, at the coarsest one
    local means, too; from one scale to the next the images are halved by means of 2 × 2 pixels. The
    values of the scales, negative ones counted as 0, are multiplied with the weights `POWERS` as
    exponents, of which the first `scales` are scaled to the sum 1. Wang, Simoncelli and Bovik 2003,
    "Multi-scale structural similarity for image quality assessment", equation 7.

    It is what `tf.image.ssim_multiscale` computes with the same powers and `filter_size=7`. Values
    of other windows and numbers of scales are on another scale: they cannot be compared.

    Args:
        a: uint8 [n, 28, 28], n >= 1.
        b: the same; its first image is compared with the first of `a`, and so on.
        scales: how many, 1 (single-scale SSIM of Wang et al. 2004) … 3.

    Returns:
        float64 [n], from 0 (nothing in common) to 1 (equal images); with one scale it can be
        negative. The order of the two does not matter. Cost O(n): 10,000 pairs take 0.4 s of CPU.

    Raises:
        ValueError: the images are not of this kind, or not equally many; `scales` is out of its
            range.
    """
    a, b = checked_images(a), checked_images(b)
    scales = whole_number("scales", scales, 1, SCALES)
    if len(a) != len(b):
        raise ValueError(
            text(
                en=f"a holds {len(a)} images, b {len(b)}: pairs need equally many.",
                zh=f"a 有 {len(a)} 幅图像，b 有 {len(b)} 幅：两两比较时数量必须相同。",
            )
        )
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(a), _BLOCK)]
    return np.concatenate([_similarity(a[block], b[block], scales) for block in blocks])


def within_class_similarity(
    images: np.ndarray, labels: np.ndarray, pairs: int = 100, seed: int = 0
) -> np.ndarray:
    """The mean `ms_ssim` of pairs of different images of a class: high where a class looks alike.

    Odena et al. 2017, arXiv:1610.09585, section 4.2: a class whose value lies above that of the
    real images of the class has lost variety.

    Args:
        images: uint8 [n, 28, 28].
        labels: integers [n], 0 … 9.
        pairs: how many of each class are drawn at random, 1 or more.
        seed: for the draw: the same number gives the same pairs.

    Returns:
        float64 [10], each from 0 to 1 (all images of the class are the same); NaN for a class with
        fewer than two images. Real digits have from 0.35 (the 5) to 0.62 (the 1), in the mean 0.45.
        An unbiased estimate for every number of images; 100 pairs leave a standard error of about
        0.02 for each class. Noise has a low value, too: low does not mean good. Cost O(pairs):
        0.04 s of CPU for 100.

    Raises:
        ValueError: an argument is not of the kind above.
    """
    images = checked_images(images)
    labels = checked_labels(labels, len(images))
    pairs = whole_number("pairs", pairs, 1)
    rng = np.random.default_rng(seed)
    similarities = np.full(10, np.nan)
    for label in range(10):
        members = np.flatnonzero(labels == label)
        if len(members) > 1:
            first = rng.integers(len(members), size=pairs)
            # A step of 1 … members - 1 around the circle leads to every other image equally often.
            second = (first + rng.integers(1, len(members), size=pairs)) % len(members)
            values = ms_ssim(images[members[first]], images[members[second]])
            similarities[label] = values.mean()
    return similarities


def _similarity(a: np.ndarray, b: np.ndarray, scales: int) -> np.ndarray:
    """`ms_ssim` of a block."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    powers = np.divide(POWERS[:scales], sum(POWERS[:scales]))
    product = np.ones(len(a))
    for scale, power in enumerate(powers):
        if scale:
            a, b = _halved(a), _halved(b)
        luminance, contrast = _compared(a, b)
        if scale == scales - 1:
            contrast = luminance * contrast
        value = contrast.mean(axis=(1, 2))
        product *= value if scales == 1 else np.maximum(value, 0) ** power
    return product


def _compared(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wang et al. 2004, equations 6 and 13: for each window that fits into the images."""
    mean_a, mean_b = _blurred(a), _blurred(b)
    product, squares = mean_a * mean_b, mean_a**2 + mean_b**2
    covariance, variances = _blurred(a * b) - product, _blurred(a**2 + b**2) - squares
    luminance = (2 * product + _C1) / (squares + _C1)
    return luminance, (2 * covariance + _C2) / (variances + _C2)


def _blurred(images: np.ndarray) -> np.ndarray:
    """The weighted mean of each window: [n, side, side] -> [n, side - 6, side - 6]."""
    window = _window(images.shape[-1])
    return window @ images @ window.T


@functools.cache
def _window(side: int) -> np.ndarray:
    """The window in one dimension, as a matrix [side - 6, side]."""
    offsets = np.arange(WINDOW) - WINDOW // 2
    weights = np.exp(-(offsets**2) / (2 * SIGMA**2))
    matrix = np.zeros((side - WINDOW + 1, side))
    for row, start in enumerate(matrix):
        start[row : row + WINDOW] = weights / weights.sum()
    return matrix


def _halved(images: np.ndarray) -> np.ndarray:
    """Means of 2 × 2 pixels."""
    side = images.shape[-1] // 2
    return images.reshape(-1, side, 2, side, 2).mean(axis=(2, 4))
