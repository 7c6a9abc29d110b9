"""How many different images can a generator draw? The birthday paradox estimates it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from course_utils.data.images import checked_images
from course_utils.language import text

DUPLICATE = 1.25
"""Images at most so far apart are duplicates: Euclidean distance, ink counted from 0 to 1.

So near are 5 to 7 of the 50 million pairs of 10,000 real digits, all of them ones; no other two
real digits in 10,000 are nearer than 1.9.
"""

_ROWS = 256  # images, compared with all at a time: 30 MB for 10,000


class Birthday(NamedTuple):
    """How often two generated images are duplicates, and what follows from it.

    Attributes:
        duplicates: pairs of images that are duplicates.
        support: so many equally likely images would give as many duplicates; infinity if there
            are none, when only `low` says something.
        low: lower end of the 95 % interval of `support`.
        high: its upper end, infinity if there are no duplicates.
        batch: images in the smallest batch that holds duplicates at least every second time, of
            `support` equally likely images: 23 for the 365 birthdays.
    """

    duplicates: int
    support: float
    low: float
    high: float
    batch: float

    def __str__(self) -> str:
        """Return one line in the learner's language."""
        if not self.duplicates:
            return text(
                en=f"no duplicates: support of at least {self.low:,.0f} images",
                zh=f"没有重复图像：支撑集至少有 {self.low:,.0f} 幅图像",
            )
        return text(
            en=f"{self.duplicates:,} pairs of duplicates: support of {self.support:,.0f} images "
            f"({self.low:,.0f} … {self.high:,.0f}); of {self.batch:,.0f} images, two are "
            "duplicates every second time",
            zh=f"{self.duplicates:,} 对重复图像：支撑集约有 {self.support:,.0f} 幅图像"
            f"（{self.low:,.0f} … {self.high:,.0f}）；每次抽取 {self.batch:,.0f} 幅，"
            "约有一半的情况会出现重复",
        )


def birthday_paradox(images: np.ndarray, distance: float = DUPLICATE) -> Birthday:
    """Estimate from duplicates among generated images how many there are to choose from.

    Arora and Zhang 2017, arXiv:1706.08224, look for the smallest batch of s images that holds
    duplicates with a probability of one half; then the generator has about s² images. Here every
    pair counts, not only those within a batch: if a share p of all pairs are duplicates, the
    support is 1 / p, and s ≈ √(2 ln 2 / p). In the paper a person looks at the nearest pairs and
    decides; here a distance does, which was calibrated on real digits (see `DUPLICATE`) and finds
    no duplicate that is shifted.

    Args:
        images: uint8 [n, 28, 28], n >= 2, drawn independently.
        distance: up to where two images are duplicates, above 0 and at most 28, in units of ink.

    Returns:
        See `Birthday`. If some images are likelier than others, the support is that of the likely
        ones: 1 / Σ p², not how many can occur at all. n images see a support of up to about n² / 6:
        beyond, duplicates are missing. For 10,000 real digits it is 7 to 10 million (they are ones;
        without ones there are none). The interval allows for chance, also for unequally likely
        images; it does not say whether `distance` is right. Cost O(n²): 1 s of CPU for 10,000
        images, memory bounded.

    Raises:
        ValueError: the images are not of this kind, or fewer than 2; `distance` is out of its
            range.
    """
    images = checked_images(images)
    count = len(images)
    if count < 2:
        raise ValueError(
            text(
                en="One image makes no pair: at least 2 are needed, 1,000 or more are useful.",
                zh="一幅图像无法配对：至少需要 2 幅，1,000 幅以上才有意义。",
            )
        )
    if not 0 < distance <= 28:
        raise ValueError(
            text(
                en=f"distance = {distance!r}: it must be above 0 and at most 28, the distance of "
                "black from white.",
                zh=f"distance = {distance!r}：必须大于 0 且不超过 28（全黑与全白图像之间的距离）。",
            )
        )
    partners = _partners(images, distance)
    duplicates, pairs = int(partners.sum()) // 2, count * (count - 1) / 2
    fewest, most = _interval(partners)
    low, high = max(1.0, pairs / most), pairs / fewest if fewest else math.inf
    support = pairs / duplicates if duplicates else math.inf
    # A batch of s has s (s - 1) / 2 pairs, and needs ln 2 of them for each image of the support.
    batch = (1 + math.sqrt(1 + 8 * math.log(2) * support)) / 2
    return Birthday(duplicates, support, low, high, math.ceil(batch) if duplicates else math.inf)


def _partners(images: np.ndarray, distance: float) -> np.ndarray:
    """How many duplicates each image has among the others, int64 [n]."""
    # Products of whole numbers in -128 … 127: every sum stays below 2²⁴, so that it is exact.
    pixels = images.reshape(len(images), -1).astype(np.float32) - 128
    squares = np.einsum("ij,ij->i", pixels, pixels)
    # |a - b|² <= limit where a·b >= (|a|² + |b|² - limit) / 2.
    halves = squares.astype(np.float64) / 2
    limit = (255 * distance) ** 2 / 2
    partners = np.full(len(images), -1)  # an image is no duplicate of itself
    for start in range(0, len(images), _ROWS):
        rows = slice(start, start + _ROWS)
        least = (halves[rows] - limit)[:, None] + halves[start:]
        near = pixels[rows] @ pixels[start:].T >= least
        partners[rows] += near.sum(axis=1)
        partners[start + _ROWS :] += near[:, _ROWS:].sum(axis=0)
    return partners


def _interval(partners: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the expected number of duplicates."""
    from scipy.stats import chi2

    n, count = len(partners), partners.sum() / 2
    if not count:
        return 0.0, -math.log(0.025)
    # Pairs without a common image are independent. Those with one are not if some images are
    # likelier than others: there are n (n - 1)(n - 2) of them, of which so many are duplicates.
    both, share = (partners * (partners - 1.0)).sum(), count / (n * (n - 1) / 2)
    variance = count + max(0.0, both - n * (n - 1) * (n - 2) * share**2)
    # As if so many duplicates were counted independently: the interval of a Poisson mean.
    effective = count**2 / variance
    low, high = chi2.ppf(0.025, 2 * effective), chi2.ppf(0.975, 2 * effective + 2)
    return low / 2 / effective * count, high / 2 / effective * count
