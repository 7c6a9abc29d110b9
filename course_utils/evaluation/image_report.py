"""All measures of one set of generated digits, each beside its real-against-real value."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from course_utils.data.images import checked_images
from course_utils.evaluation.class_balance import class_shares, sampling_error
from course_utils.evaluation.image_measures import (
    check_count,
    image_floor,
    measure_images,
    real_shares,
)
from course_utils.evaluation.table import Measure, aligned, compared
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
}

FORMATS = {
    "judge_fid": "{:.2f}",
    "classifier_score": "{:.2f}",
    "confidence": "{:.2%}",
    "smallest_share": "{:.1%}",
}

FEW = 2000
"""With fewer images the report says how much of the judge-FID is due to their number."""


@dataclass(frozen=True)
class ImageReport:
    """The measures of one set of generated digits; `print` shows them as a table.

    Attributes:
        images: how many were measured.
        measures: see `image_measures.measure_images`.
        shares: the share of each digit 0 … 9 among the images.
    """

    images: int
    measures: tuple[Measure, ...]
    shares: tuple[float, ...]

    def __getitem__(self, name: str) -> float:
        """Return the value of the measure `name` for the generated images."""
        return next(measure.value for measure in self.measures if measure.name == name)

    def as_dict(self) -> dict:
        """Return everything as plain numbers, strings and dictionaries, ready for JSON."""
        measures = {
            measure.name: {"value": measure.value, "real_against_real": asdict(measure.floor)}
            for measure in self.measures
        }
        return {"images": self.images, "measures": measures, "class_shares": list(self.shares)}

    def __str__(self) -> str:
        """Return the table in the learner's language."""
        head = text(
            en=f"{self.images:,} images, judged against MNIST's 10,000 test digits",
            zh=f"{self.images:,} 幅图像，与 MNIST 的 10,000 个测试数字对比",
        )
        show = "{:.1%}".format
        shares = [
            (text(en="class", zh="类别"), *map(str, range(len(self.shares)))),
            (text(en="generated", zh="生成样本"), *map(show, self.shares)),
            (text(en="test digits", zh="测试数字"), *map(show, real_shares())),
        ]
        reach = 100 * sampling_error(0.1, self.images)
        note = text(
            en=f"By chance alone a share of 10 % varies by ± {reach:.1f} percentage points (95 %).",
            zh=f"单凭随机波动，10% 的占比就会上下浮动 {reach:.1f} 个百分点（95% 区间）。",
        )
        lines = [head, *compared(self.measures, TITLES, FORMATS), *aligned(shares), note]
        if self.images < FEW:
            lines.append(self._bias())
        return "\n".join(lines)

    def _bias(self) -> str:
        here, usual = (image_floor("judge_fid", n).median for n in (self.images, 10_000))
        return text(
            en=f"Few images bias the judge-FID upwards: real digits get {here:.2f} at "
            f"{self.images:,} images, {usual:.2f} at 10,000. Compare equal numbers only.",
            zh=f"图像太少会使裁判 FID 偏高：真实数字在 {self.images:,} 幅时为 {here:.2f}，"
            f"在 10,000 幅时为 {usual:.2f}。只能比较数量相同的结果。",
        )


def evaluate_images(images: np.ndarray) -> ImageReport:
    """Measure generated digits with the judge, in one pass; nothing is random.

    Args:
        images: uint8 [N, 28, 28], 0 = paper, 255 = ink; N >= 100, usually 10,000.

    Raises:
        ValueError: the images have another type or shape, or are too few.
    """
    from course_utils.models import judge

    images = checked_images(images)
    check_count(len(images))
    features, probabilities = judge.load().look(images)
    measures = tuple(
        Measure(name, value, image_floor(name, len(images)))
        for name, value in measure_images(features, probabilities).items()
    )
    return ImageReport(len(images), measures, tuple(class_shares(probabilities).tolist()))
