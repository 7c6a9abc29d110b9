"""One call, one table: everything the course can measure about a set of digits."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from course_utils.data.images import checked_images
from course_utils.evaluation.floors import Floor
from course_utils.evaluation.full_measures import Estimate, Seen, full_measures
from course_utils.evaluation.table import aligned
from course_utils.evaluation.validation import checked_labels
from course_utils.language import Text, text

LEAST = 500
"""The fewest images of a full report: a tenth of them is measured alone for the intervals."""

FLOORS = Path(__file__).with_name("full_floors.json")

SECTIONS = {
    Text(en="Are they like real digits?", zh="像不像真实数字？"): (
        "judge_fid",
        "fid_limit",
        "kernel_distance",
        "classifier_score",
        "precision",
        "density",
    ),
    Text(en="Are all kinds of digits there?", zh="各种各样的数字都有吗？"): (
        "recall",
        "coverage",
        "classes_covered",
        "class_divergence",
        "class_similarity",
        "feature_diversity",
        "pixel_diversity",
        "duplicate_pairs",
    ),
    Text(en="Are they what was asked for?", zh="是不是要求画的数字？"): (
        "conditional_accuracy",
        "gan_test",
        "gan_train",
    ),
    Text(en="Are they copies?", zh="是不是照抄训练数据？"): ("near_copies", "c_t"),
}

TITLES = {
    "judge_fid": Text(en="judge-FID (lower)", zh="裁判 FID（越低越好）"),
    "fid_limit": Text(en="judge-FID, extrapolated to N = ∞", zh="裁判 FID，外推到 N = ∞"),
    "kernel_distance": Text(en="judge-KID (lower)", zh="裁判 KID（越低越好）"),
    "classifier_score": Text(en="classifier score (higher)", zh="分类器得分（越高越好）"),
    "precision": Text(en="precision (higher)", zh="精确率（越高越好）"),
    "density": Text(en="density (as real)", zh="密度（接近真实为好）"),
    "recall": Text(en="recall (higher)", zh="召回率（越高越好）"),
    "coverage": Text(en="coverage (higher)", zh="覆盖率（越高越好）"),
    "classes_covered": Text(en="classes covered", zh="覆盖的类别数"),
    "class_divergence": Text(en="KL over classes (lower)", zh="各类别份额的 KL 散度（越低越好）"),
    "class_similarity": Text(
        en="MS-SSIM within a class (as real)", zh="类内 MS-SSIM（接近真实为好）"
    ),
    "feature_diversity": Text(
        en="diversity within a class, features (as real)",
        zh="类内多样性，按裁判特征（接近真实为好）",
    ),
    "pixel_diversity": Text(
        en="diversity within a class, pixels (as real)", zh="类内多样性，按像素（接近真实为好）"
    ),
    "duplicate_pairs": Text(
        en="duplicate pairs in a million (birthday paradox)",
        zh="每百万对图像中的重复对（生日悖论）",
    ),
    "conditional_accuracy": Text(en="conditional accuracy (higher)", zh="条件准确率（越高越好）"),
    "gan_test": Text(en="GAN-test (as real)", zh="GAN-test（接近真实为好）"),
    "gan_train": Text(en="GAN-train (higher)", zh="GAN-train（越高越好）"),
    "near_copies": Text(en="near copies (as real)", zh="近似副本的占比（接近真实为好）"),
    "c_t": Text(en="C_T (far below 0: copies)", zh="C_T（远小于 0 说明照抄）"),
}

FORMATS = {
    "judge_fid": "{:.2f}",
    "fid_limit": "{:.2f}",
    "kernel_distance": "{:.1f}",
    "classifier_score": "{:.2f}",
    "classes_covered": "{:.0f}",
    "class_divergence": "{:.4f}",
    "duplicate_pairs": "{:,.2f}",
    "conditional_accuracy": "{:.2%}",
    "gan_test": "{:.2%}",
    "gan_train": "{:.2%}",
    "near_copies": "{:.2%}",
    "c_t": "{:.1f}",
}

_OF_LABELS = ("conditional_accuracy", "gan_test", "gan_train")


@dataclass(frozen=True)
class FullReport:
    """All measures of one set of digits; `print` shows them as a table.

    Attributes:
        images: how many were measured.
        estimates: name -> value and 95 % interval, see `full_measures.full_measures`.
        floors: name -> the same measure of as many real digits.
    """

    images: int
    estimates: dict[str, Estimate]
    floors: dict[str, Floor]

    def __getitem__(self, name: str) -> float:
        """Return the value of the measure `name`."""
        return self.estimates[name].value

    def like_real(self, name: str) -> bool:
        """Whether real digits may well get this value.

        Where an interval is known: whether it, or the value, reaches into the range of real digits.
        Where none is, that range is widened by 0.6 times its width at both ends: of six draws and a
        seventh, the seventh lies outside of the range in 2 of 7 cases, but in 5 % outside of that.
        """
        value, interval = self.estimates[name]
        floor = self.floors[name]
        low, high = interval or (value, value)
        margin = 0.0 if interval else 0.6 * (floor.high - floor.low)
        return not (low > floor.high + margin or high < floor.low - margin)

    def as_dict(self) -> dict:
        """Return everything as plain numbers, strings and dictionaries, ready for JSON."""
        measures = {
            name: {
                "value": estimate.value if isfinite(estimate.value) else None,
                "interval": estimate.interval if _finite(estimate.interval) else None,
                "real_against_real": asdict(self.floors[name]),
            }
            for name, estimate in self.estimates.items()
        }
        return {"images": self.images, "measures": measures}

    def __str__(self) -> str:
        """Return the table in the learner's language."""
        head = (
            text(en="measure", zh="指标"),
            "",
            text(en="generated", zh="生成样本"),
            text(en="95 % interval", zh="95% 区间"),
            text(en="real against real", zh="真实对真实"),
            text(en="smallest … largest", zh="最小 … 最大"),
        )
        rows, titles = [head], {}
        for section, names in SECTIONS.items():
            if present := [name for name in names if name in self.estimates]:
                titles[len(rows)] = str(section)
                rows += map(self._row, present)
        lines = aligned(rows)
        for position, title in sorted(titles.items(), reverse=True):
            lines.insert(position, title)
        first = text(
            en=f"{self.images:,} images against MNIST's 10,000 test digits, as the judge sees them",
            zh=f"{self.images:,} 幅图像，与 MNIST 的 10,000 个测试数字对比，由裁判提取特征",
        )
        last = text(
            en="≠: real digits hardly ever get such a value at this number (of twenty rows one may "
            "still be chance). An interval says at most what drawing other images from this "
            "generator would change; it says nothing about training it again.",
            zh="≠：数量相同时，真实数字几乎得不到这样的值（二十行里仍可能有一行出于偶然）。"
            "区间至多反映从这个生成器重新抽样会带来的变化，并不反映重新训练会带来的变化。",
        )
        return "\n".join([first, *lines, last])

    def _row(self, name: str) -> tuple[str, ...]:
        show = FORMATS.get(name, "{:.3f}").format
        (value, interval), real = self.estimates[name], self.floors[name]
        return (
            "  " + str(TITLES[name]),
            "" if self.like_real(name) else "≠",
            show(value),
            f"{show(interval[0])} … {show(interval[1])}" if _finite(interval) else "",
            show(real.median),
            f"{show(real.low)} … {show(real.high)}",
        )


def _finite(interval: tuple[float, float] | None) -> bool:
    return interval is not None and all(map(isfinite, interval))


def report(images: np.ndarray, labels: np.ndarray | None = None) -> FullReport:
    """Measure digits in every way that the course knows; nothing is random.

    `evaluate_images` says in a second what the judge thinks; this takes about twenty times as long.

    Args:
        images: uint8 [N, 28, 28], 0 = paper, 255 = ink; N >= 500, usually 10,000.
        labels: integers [N], 0 … 9: the digits that were asked for; None if nobody asked. Then the
            classes are those that the judge sees, and what needs labels is left out.

    Raises:
        ValueError: images or labels have another type or shape, a label is out of its range, or
            there are too few images.
    """
    images = checked_images(images)
    if len(images) < LEAST:
        raise ValueError(
            text(
                en=f"{len(images)} images are too few for a full report: at least {LEAST} are "
                "needed, 10,000 are usual. evaluate_images takes 100.",
                zh=f"{len(images)} 幅图像不足以生成完整报告：至少需要 {LEAST} 幅，"
                "通常使用 10,000 幅。evaluate_images 只需要 100 幅。",
            )
        )
    if labels is not None:
        labels = checked_labels(labels, len(images))
    estimates = full_measures(Seen.of(images, labels), labels is not None)
    asked = None if labels is None else np.bincount(labels, minlength=10)
    equal = asked is not None and np.ptp(asked) <= 1
    floors = {name: full_floor(name, len(images), equal) for name in estimates}
    return FullReport(len(images), estimates, floors)


def full_floor(name: str, count: int, equal_classes: bool = True) -> Floor:
    """What a measure gives for `count` real digits: median, smallest and largest.

    They were measured by `benchmarks/full_floors.py` with training digits; what compares with the
    training digits (near copies, C_T) and the accuracies of classifiers that learned from them
    (the judge's, GAN-test), with halves of the test digits.
    Between the counts that were measured the value is interpolated: in 1 / N, as biases go, and
    coverage as its formula goes (Naeem et al. 2020, section 3.3). Beyond the last it stays.

    Args:
        name: a measure of `full_measures`.
        count: how many images, 500 or more.
        equal_classes: of each class the same number, in place of as many as a random draw has;
            always so for what needs labels.
    """
    stored = _floors()["equal" if equal_classes or name in _OF_LABELS else "by_chance"]
    known = np.array([int(measured) for measured in stored], np.float64)
    rows = np.array([stored[measured][name] for measured in stored])  # [counts, 3]
    if name == "coverage":  # 1 - (m / (n + m))ᵏ
        found = [-np.expm1(np.interp(count, known, np.log1p(-row))) for row in rows.T]
    else:
        found = [np.interp(-1 / count, -1 / known, row) for row in rows.T]
    return Floor(*map(float, found))


@functools.cache
def _floors() -> dict:
    return json.loads(FLOORS.read_text(encoding="utf-8"))["floors"]
