"""Which classes are generated at all, and how far their shares are from the real ones."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.validation import checked_probabilities
from course_utils.language import text


class ClassModes(NamedTuple):
    """How generated images are spread over the classes.

    Attributes:
        covered: how many classes are covered, 0 … `total` (best).
        total: how many classes there are.
        divergence: KL divergence of the classes' shares from the real ones, in nats, from 0 (best)
            to -ln p (all images are of one class, whose real share is p): 2.3 for digits.
    """

    covered: int
    total: int
    divergence: float

    def __str__(self) -> str:
        """Return one line in the learner's language."""
        return text(
            en=f"{self.covered} of {self.total} classes covered, KL over classes "
            f"{self.divergence:.4f}",
            zh=f"覆盖 {self.covered}/{self.total} 个类别，各类别份额的 KL 散度为 "
            f"{self.divergence:.4f}",
        )


def count_class_modes(
    probabilities: np.ndarray, real_shares: np.ndarray, share: float = 0.2
) -> ClassModes:
    """Count the classes that generated images cover, according to a classifier.

    What `count_modes` does for mixtures of Gaussians: each image counts for its most probable
    class, and a class is covered if it has a part of the images that it has among real ones. The
    usual count asks for a single image (Metz et al. 2017, unrolled GAN, arXiv:1611.02163), so that
    any mistake of the classifier covers a class. The divergence is Σ q ln(q / p), with q the shares
    of the generated images and p the real ones (Lin et al. 2018, PacGAN, arXiv:1712.04086); it
    stays finite when classes are missing.

    Args:
        probabilities: [n, k] of k classes, n >= 1 / (`share` · the smallest real share), so that
            one image is not yet a cover; rows sum to 1.
        real_shares: [k], above 0, with the sum 1: the share of each class among real images, best
            as the same classifier sees them (`class_shares`).
        share: part of its real share that makes a class count, above 0 and at most 1.

    Returns:
        See `ClassModes`. Within a class it sees nothing: one image of each class, repeated, is
        perfect. The divergence is biased upwards, by about (k - 1) / 2n: 0.0005 for 10,000 digits.
        Cost O(n k).

    Raises:
        ValueError: the rows are not probabilities, or too few; `real_shares` are no shares of as
            many classes; `share` is out of its range.
    """
    if not 0 < share <= 1:
        raise ValueError(
            text(
                en=f"share = {share!r}: it must be above 0 and at most 1.",
                zh=f"share = {share!r}：必须大于 0 且不超过 1。",
            )
        )
    probabilities = checked_probabilities(probabilities)
    count, classes = probabilities.shape
    real = _checked_shares(real_shares, classes)
    needed = math.ceil(1 / (share * real.min()))
    if count < needed:
        raise ValueError(
            text(
                en=f"{count} images are too few to count {classes} classes: at least {needed} are "
                "needed. Draw more.",
                zh=f"{count} 幅图像不足以统计 {classes} 个类别：至少需要 {needed} 幅，"
                "请多采样一些。",
            )
        )
    shares = class_shares(probabilities)
    present = shares > 0
    divergence = (shares[present] * np.log(shares[present] / real[present])).sum()
    return ClassModes(
        covered=int((shares >= share * real).sum()),
        total=classes,
        divergence=max(0.0, float(divergence)),  # rounding can make it -1e-16
    )


def _checked_shares(shares: np.ndarray, classes: int) -> np.ndarray:
    try:
        array = np.asarray(shares, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.shape != (classes,) or not (array > 0).all() or abs(array.sum() - 1) > 1e-6:
        raise ValueError(
            text(
                en=f"real_shares must be {classes} numbers above 0 with the sum 1, one for each "
                "class; `class_shares` of real images gives them.",
                zh=f"real_shares 必须是 {classes} 个大于 0 且和为 1 的数，每个类别一个；"
                "可以对真实图像调用 `class_shares` 得到。",
            )
        )
    return array
