"""All measures of one set of generated digits, each beside its real-against-real value."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isnan

import numpy as np

from course_utils.data.images import checked_images
from course_utils.evaluation.class_balance import class_shares, sampling_error
from course_utils.evaluation.conditional import accuracy_by_class, accuracy_interval
from course_utils.evaluation.image_measures import (
    check_count,
    image_floor,
    measure_conditional,
    measure_images,
    real_accuracies,
    real_shares,
)
from course_utils.evaluation.table import Measure, aligned, compared
from course_utils.evaluation.validation import checked_labels
from course_utils.language import Text, text

TITLES = {
    "judge_fid": Text(en="judge-FID (lower is better)", zh="裁判 FID（越低越好）"),
    "classifier_score": Text(en="classifier score (higher)", zh="分类器得分（越高越好）"),
    "confidence": Text(
        en="judge's mean confidence (best: as real)", zh="裁判的平均置信度（越接近真实样本越好）"
    ),
    "smallest_share": Text(
        en="share of the rarest class (higher)", zh="最少见类别的占比（越高越好）"
    ),
    "conditional_accuracy": Text(en="conditional accuracy (higher)", zh="条件准确率（越高越好）"),
    "feature_diversity": Text(
        en="within-class diversity, features (best: as real)",
        zh="类内多样性，按裁判特征（越接近真实样本越好）",
    ),
    "pixel_diversity": Text(
        en="within-class diversity, pixels (best: as real)",
        zh="类内多样性，按像素（越接近真实样本越好）",
    ),
}

FORMATS = {
    "judge_fid": "{:.2f}",
    "classifier_score": "{:.2f}",
    "confidence": "{:.2%}",
    "smallest_share": "{:.1%}",
    "conditional_accuracy": "{:.2%}",
    "feature_diversity": "{:.3f}",
    "pixel_diversity": "{:.3f}",
}

FEW = 2000
"""With fewer images the report says how much of the judge-FID is due to their number."""


@dataclass(frozen=True)
class ImageReport:
    """The measures of one set of generated digits; `print` shows them as a table.

    Attributes:
        images: how many were measured.
        measures: see `image_measures.measure_images` and, if labels were given,
            `image_measures.measure_conditional`.
        shares: the share of each digit 0 … 9 among the images.
        asked: how often each digit was asked for; None without labels.
        accuracies: the conditional accuracy of each digit, NaN where it was not asked for; None
            without labels.
    """

    images: int
    measures: tuple[Measure, ...]
    shares: tuple[float, ...]
    asked: tuple[int, ...] | None = None
    accuracies: tuple[float, ...] | None = None

    def __getitem__(self, name: str) -> float:
        """Return the value of the measure `name` for the generated images."""
        return next(measure.value for measure in self.measures if measure.name == name)

    def as_dict(self) -> dict:
        """Return everything as plain numbers, strings and dictionaries, ready for JSON."""
        measures = {
            measure.name: {"value": measure.value, "real_against_real": asdict(measure.floor)}
            for measure in self.measures
        }
        found = {"images": self.images, "measures": measures, "class_shares": list(self.shares)}
        if self.accuracies:
            found["class_accuracies"] = [None if isnan(a) else a for a in self.accuracies]
            found["accuracy_interval"] = accuracy_interval(
                self["conditional_accuracy"], self.images
            )
        return found

    def __str__(self) -> str:
        """Return the table in the learner's language."""
        head = text(
            en=f"{self.images:,} images, judged against MNIST's 10,000 test digits",
            zh=f"{self.images:,} 幅图像，与 MNIST 的 10,000 个测试数字对比",
        )
        show = "{:.1%}".format
        classes = [
            (text(en="class", zh="类别"), *map(str, range(len(self.shares)))),
            (text(en="generated", zh="生成样本"), *map(show, self.shares)),
            (text(en="test digits", zh="测试数字"), *map(show, real_shares())),
        ]
        if self.accuracies:
            generated = ("–" if isnan(each) else show(each) for each in self.accuracies)
            classes += [
                (text(en="accuracy: generated", zh="准确率：生成样本"), *generated),
                (
                    text(en="accuracy: test digits", zh="准确率：测试数字"),
                    *map(show, real_accuracies()),
                ),
            ]
        reach = 100 * sampling_error(0.1, self.images)
        note = text(
            en=f"By chance alone a share of 10 % varies by ± {reach:.1f} percentage points (95 %).",
            zh=f"单凭随机波动，10% 的占比就会上下浮动 {reach:.1f} 个百分点（95% 区间）。",
        )
        lines = [head, *compared(self.measures, TITLES, FORMATS), *aligned(classes), note]
        if self.accuracies:
            lines += self._accuracy_notes()
        if self.images < FEW:
            lines.append(self._bias())
        return "\n".join(lines)

    def _accuracy_notes(self) -> list[str]:
        worst = int(np.nanargmin(self.accuracies))
        low, high = accuracy_interval(self["conditional_accuracy"], self.images)
        least, most = accuracy_interval(self.accuracies[worst], self.asked[worst])
        notes = [
            text(
                en=f"95 % intervals: conditional accuracy {low:.2%} … {high:.2%}; "
                f"the least accurate class, {worst}: {least:.1%} … {most:.1%}.",
                zh=f"95% 区间：条件准确率 {low:.2%} … {high:.2%}；"
                f"准确率最低的类别 {worst} 为 {least:.1%} … {most:.1%}。",
            )
        ]
        if _equal(self.asked):
            notes.append(
                text(
                    en="Real against real: digits of which each class has the same number. The "
                    "test digits' classes are not quite equal: that alone costs some judge-FID.",
                    zh="“真实对真实”一列所用的数字，各类别数量相等；而测试数字的各类别数量略有差别，"
                    "仅此一点就会使裁判 FID 略微升高。",
                )
            )
        return notes

    def _bias(self) -> str:
        counts = self.images, 10_000
        here, usual = (image_floor("judge_fid", n, _equal(self.asked)).median for n in counts)
        return text(
            en=f"Few images bias the judge-FID upwards: real digits get {here:.2f} at "
            f"{self.images:,} images, {usual:.2f} at 10,000. Compare equal numbers only.",
            zh=f"图像太少会使裁判 FID 偏高：真实数字在 {self.images:,} 幅时为 {here:.2f}，"
            f"在 10,000 幅时为 {usual:.2f}。只能比较数量相同的结果。",
        )


def evaluate_images(images: np.ndarray, labels: np.ndarray | None = None) -> ImageReport:
    """Measure generated digits with the judge, in one pass; nothing is random.

    Args:
        images: uint8 [N, 28, 28], 0 = paper, 255 = ink; N >= 100, usually 10,000.
        labels: integers [N], 0 … 9: the digits that were asked for; None if nobody asked. If they
            are equally frequent, the real-against-real values are those of digits of which each
            class has the same number.

    Raises:
        ValueError: images or labels have another type or shape, a label is out of its range, or
            there are too few images.
    """
    from course_utils.models import judge

    images = checked_images(images)
    check_count(len(images))
    if labels is not None:
        labels = checked_labels(labels, len(images))
    features, probabilities = judge.load().look(images)
    found, asked, accuracies = measure_images(features, probabilities), None, None
    if labels is not None:
        found |= measure_conditional(images, features, probabilities, labels)
        asked = tuple(np.bincount(labels, minlength=10).tolist())
        accuracies = tuple(accuracy_by_class(probabilities, labels).tolist())
    measures = tuple(
        Measure(name, value, image_floor(name, len(images), _equal(asked)))
        for name, value in found.items()
    )
    shares = tuple(class_shares(probabilities).tolist())
    return ImageReport(len(images), measures, shares, asked, accuracies)


def _equal(asked: tuple[int, ...] | None) -> bool:
    """Whether each class was asked for as often as the others, as far as that is possible."""
    return asked is not None and max(asked) - min(asked) <= 1
