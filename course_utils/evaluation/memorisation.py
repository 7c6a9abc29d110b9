"""Does a generator repeat its training data? Held-out data say how near is too near."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.data.images import checked_images
from course_utils.evaluation.validation import checked_features
from course_utils.language import text

COMPONENTS = 64
"""Principal components in which images are compared: of 784, with 86 % of the digits' variance."""
CELLS = 20
"""The most cells into which the space is divided."""
LEAST = 100
"""The fewest training samples, and the fewest held-out ones."""

_FOR_CELL = 100  # held-out samples, in the mean
_NEAR = 1  # %: the nearest held-out samples of a cell, which say what a near copy is
_FEW = 5  # with fewer held-out samples there is no cell, with fewer others none in C_T
_FITTED = 5000  # training samples from which components and cells are made: more change little
_SAMPLES, _TRAIN = 512, 4096  # compared at a time: the products take 8 MB


class Copying(NamedTuple):
    """How near generated samples are to the training samples, and how near held-out ones are.

    Attributes:
        distance: median over the generated samples of the Euclidean distance to the nearest
            training sample; for images in their principal components, ink counted from 0 to 1.
        held_out_distance: the same for the held-out samples.
        near_copies: share of the generated samples that are nearer to a training sample than all
            but 1 % of the held-out samples in the same cell are, or equal to one: from 0 to 1, 0.01
            for real ones if each cell has 99 held-out samples; see `copying`.
        c_t: far below 0 if the generated samples are copies, about 0 if they are as far from the
            training samples as held-out ones, far above 0 if they are unlike the training samples;
            NaN if no cell has five of them.
    """

    distance: float
    held_out_distance: float
    near_copies: float
    c_t: float

    def __str__(self) -> str:
        """Return one line in the learner's language."""
        return text(
            en=f"{self.near_copies:.1%} near copies, C_T {self.c_t:.1f}, median distance to the "
            f"training data {self.distance:.2f} (held-out data: {self.held_out_distance:.2f})",
            zh=f"近似副本占 {self.near_copies:.1%}，C_T 为 {self.c_t:.1f}，"
            f"到训练数据的距离中位数为 {self.distance:.2f}"
            f"（留出数据为 {self.held_out_distance:.2f}）",
        )


def copying(samples: np.ndarray, train: np.ndarray, held_out: np.ndarray, seed: int = 0) -> Copying:
    """Compare generated samples' distances from the training data with those of held-out data.

    C_T is the three-sample test of Meehan et al. 2020, arXiv:2004.05675, section 3. The space is
    divided into cells by k-means. In each cell the Mann-Whitney U test compares the distances of
    the generated samples with those of the held-out ones, as a number of standard deviations; C_T
    is the mean of these numbers, weighted with the cells' shares of the held-out samples. Cells
    matter: all ones are alike, so they are nearer to each other than other digits are, and a
    generator that draws too many ones copies nothing. Here the nearest training sample may lie in
    any cell. Cells with fewer than five held-out samples are joined to their neighbours, so that
    every generated sample is compared with some.

    Images are compared in their principal components. Pixels would take eight times as long, and
    noise on a copy hides it sooner there. The judge's features would not do: the judge was trained
    on the same digits as the generator.

    Args:
        samples: uint8 [n, 28, 28], n >= 1; or features or points of any kind, [n, d] numbers.
        train: [N, …], N >= 100, of the same kind: what the generator was trained on, all of it.
        held_out: [m, …], m >= 100: drawn from the same source, but not trained on.
        seed: for the choice of training samples from which components and cells are made.

    Returns:
        See `Copying`. The C_T of copies grows with √n: compare equal numbers. That of real samples
        is 0 with a standard deviation of about 1 / √cells: 0.2 (20 cells, for 2,000 held-out
        samples and more). 10,000 digits that were not trained on, but come from writers who were,
        have -0.9 beside the test digits, which come from others. A cell of fewer than 99 held-out
        samples, m, has no nearest hundredth: there a near copy is nearer than all of them, which a
        real sample is with a chance of 1 / (m + 1); of all real samples, 2 % are for 100 held-out
        ones, 1 % for 200 and more. If more than a hundredth of the held-out samples are equal to
        training samples, so many real ones are near copies. A copy that was shifted by a pixel is
        not found. Cost O((n + m) N d): 10,000 images and 10,000 held-out ones against 60,000
        take 2.8 s of CPU; with a `Control` for more than one generator, each takes half.

    Raises:
        ValueError: the samples are not of this kind, or too few.
    """
    return Control(train, held_out, seed).copying(samples)


class Control:
    """What training and held-out samples say: made once, it serves any number of generators.

    Args:
        train: see `copying`.
        held_out: see `copying`.
        seed: see `copying`.

    Raises:
        ValueError: the samples are not of this kind, or too few.
    """

    def __init__(self, train: np.ndarray, held_out: np.ndarray, seed: int = 0):
        from scipy.cluster.vq import kmeans

        train = _checked(train, "train", LEAST)
        self._shape = train.shape[1:]
        chosen = np.random.default_rng(seed).permutation(len(train))[:_FITTED]
        self._axes = _principal_axes(train[chosen]) if train.ndim == 3 else None
        # Near the origin, products of coordinates lose nothing to rounding.
        self._origin = np.median(train, axis=0) if train.ndim == 2 else None
        self._train = self._coordinates(train)
        held_out = self._coordinates(self._alike(held_out, "held_out", LEAST))
        self._distances = _nearest(held_out, self._train)
        fitted = self._train[chosen]
        cells = min(CELLS, max(2, len(held_out) // _FOR_CELL))
        self._centres, _ = kmeans(fitted, fitted[:cells], thresh=0.01 * fitted.std())
        counts = np.bincount(self._cell_of(held_out), minlength=len(self._centres))
        self._centres = self._centres[counts >= _FEW]
        self._cells = self._cell_of(held_out)

    def copying(self, samples: np.ndarray) -> Copying:
        """See the function `copying`."""
        samples = self._coordinates(self._alike(samples, "samples", 1))
        distances, cells = _nearest(samples, self._train), self._cell_of(samples)
        near, statistics, weights = 0, [], []
        for cell in np.unique(self._cells):
            mine, control = distances[cells == cell], self._distances[self._cells == cell]
            # By this rule of interpolation one more real sample is below with a chance of 1 %.
            limit = np.percentile(control, _NEAR, method="weibull")
            near += np.sum((mine < limit) | (mine == 0))
            if min(len(mine), len(control)) >= _FEW:
                statistics.append(_mann_whitney(mine, control))
                weights.append(len(control))
        return Copying(
            distance=float(np.median(distances)),
            held_out_distance=float(np.median(self._distances)),
            near_copies=float(near / len(samples)),
            c_t=float(np.average(statistics, weights=weights)) if weights else float("nan"),
        )

    def _alike(self, samples: np.ndarray, name: str, least: int) -> np.ndarray:
        """`samples`, checked; raises ValueError unless they are of the same kind as `train`."""
        samples = _checked(samples, name, least)
        if samples.shape[1:] != self._shape:
            raise ValueError(
                text(
                    en=f"A sample of {name} has the shape {samples.shape[1:]}, one of train "
                    f"{self._shape}: both must be images, or features from the same network.",
                    zh=f"{name} 中单个样本的形状是 {samples.shape[1:]}，train 中是 {self._shape}："
                    "二者必须都是图像，或来自同一个网络的特征。",
                )
            )
        return samples

    def _coordinates(self, samples: np.ndarray) -> np.ndarray:
        """Where samples lie, [n, d]: images in their principal components, others moved to 0."""
        if self._axes is None:
            return samples - self._origin
        parts = [
            samples[start : start + _TRAIN].reshape(-1, len(self._axes)).astype(np.float32)
            @ self._axes
            for start in range(0, len(samples), _TRAIN)
        ]
        return np.concatenate(parts)

    def _cell_of(self, samples: np.ndarray) -> np.ndarray:
        from scipy.cluster.vq import vq

        return vq(samples, self._centres)[0]


def _checked(samples: np.ndarray, name: str, least: int) -> np.ndarray:
    if np.asarray(samples).dtype != np.uint8:
        return checked_features(samples, name, least)
    images = checked_images(samples)
    if len(images) < least:
        raise ValueError(
            text(
                en=f"{name} holds {len(images)} images; at least {least} are needed.",
                zh=f"{name} 只有 {len(images)} 幅图像，至少需要 {least} 幅。",
            )
        )
    return images


def _principal_axes(images: np.ndarray) -> np.ndarray:
    """What turns pixels 0 … 255 into principal components of ink 0 … 1, float32 [784, d]."""
    pixels = images.reshape(len(images), -1).astype(np.float32)
    _, axes = np.linalg.eigh(np.cov(pixels, rowvar=False))
    return (axes[:, -COMPONENTS:] / 255).astype(np.float32)


def _nearest(samples: np.ndarray, train: np.ndarray) -> np.ndarray:
    """The distance of each sample to the nearest training sample: [n]."""
    # |x - t|² is smallest where x·t - |t|²/2 is largest; only the distance to that t is taken
    # from the difference, so that a copy has exactly 0.
    half_squares = np.einsum("ij,ij->i", train, train) / 2
    distances = np.empty(len(samples))
    for first in range(0, len(samples), _SAMPLES):
        block = samples[first : first + _SAMPLES]
        best, index = np.full(len(block), -np.inf), np.zeros(len(block), np.int64)
        for start in range(0, len(train), _TRAIN):
            found = block @ train[start : start + _TRAIN].T
            found -= half_squares[start : start + _TRAIN]
            nearest = found.argmax(axis=1)
            values = found[np.arange(len(block)), nearest]
            better = values > best
            best[better], index[better] = values[better], start + nearest[better]
        distances[first : first + _SAMPLES] = np.linalg.norm(block - train[index], axis=1)
    # Components of equal images may differ by rounding, if they were computed in other blocks.
    rounding = 20 * np.finfo(samples.dtype).eps * np.linalg.norm(samples, axis=1)
    distances[distances <= rounding] = 0
    return distances


def _mann_whitney(a: np.ndarray, b: np.ndarray) -> float:
    """How many standard deviations U is above its mean: positive if `a` is mostly larger."""
    from scipy.stats import mannwhitneyu

    n, m = len(a), len(b)
    u = mannwhitneyu(a, b, method="asymptotic").statistic
    return float((u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12))
