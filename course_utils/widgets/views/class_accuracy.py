"""Bars: how often an independent judge sees the class that a conditional GAN was asked for."""

from __future__ import annotations

import numpy as np

from course_utils.language import text
from course_utils.widgets.strings import STRINGS
from course_utils.widgets.views.measures import Measures
from course_utils.widgets.views.view import View, Wants


class ClassAccuracy(View):
    """For each class, the share of the images asked for in which `models.judge` sees that class.

    For conditional GANs of the ten digits. The images are those of `gan.generate(count)`; they are
    made and judged at most once a second, and rarer if that takes longer than 20 ms; once for this
    view and `evaluation.live_measures` of the same count. A line shows
    the same share for the real test digits, all classes together.

    Args:
        count: how many images, 100 ... 10,000, the same number of each class or nearly so. 500 are
            50 of each class: a share of 90 % then varies by ±4 percentage points (one standard
            deviation) from one draw of latents to another.

    Raises:
        ValueError: `count` is out of its range.
    """

    kind = "class_accuracy"

    def __init__(self, count: int = 500):
        from course_utils.training.checks import whole_number

        self.count = whole_number("count", count, 100, 10_000)
        self._shares = np.zeros(0, np.float32)
        self._real = 0.0
        self._look, self._measures = None, Measures({})

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        return str(STRINGS["view_class_accuracy"])

    def prepare(self, gan) -> Wants:
        """See `View.prepare`; the GAN must be a conditional one of the ten digits."""
        from course_utils.evaluation.live_measures import class_accuracy
        from course_utils.models import judge

        shape = gan.generator.output_shape[1:]
        if gan.classes != judge.CLASSES or shape != (28, 28, 1):
            raise ValueError(
                text(
                    en="views.ClassAccuracy shows what the judge of digits sees: it needs a "
                    "conditional GAN of 10 classes and images (28, 28, 1). This one has "
                    f"{gan.classes} classes and samples of the shape {shape}. Leave the view out.",
                    zh="views.ClassAccuracy 显示数字裁判的判断，需要 10 个类别、图像形状为 "
                    f"(28, 28, 1) 的条件 GAN。这个 GAN 有 {gan.classes} 个类别，"
                    f"样本形状是 {shape}。请去掉这个视图。",
                )
            )
        self._real = judge.load().provenance["test_accuracy"]
        self._look, self._shares = class_accuracy(self.count), np.zeros(0, np.float32)
        self._measures = Measures({str(STRINGS["accuracy_title"]): self._measure})
        return Wants()

    def frame(self, gan, seen):
        """See `View.frame`."""
        self._measures.update(gan)
        meta = {
            "titles": [str(number) for number in range(gan.classes)],
            "real": self._real,
            "measures": self._measures.texts(),
        }
        return meta, {"shares": self._shares}

    def measure(self, gan) -> None:
        """See `View.measure`."""
        self._measures.update(gan, at_once=True)

    def draw(self, axes, meta, arrays, changes) -> None:
        """See `View.draw`."""
        from course_utils.plotting.style import COLOURS, legend_below

        (ax,) = axes
        ax.bar(
            meta["titles"][: len(arrays["shares"])], arrays["shares"], color=COLOURS.generated,
            alpha=0.6, edgecolor=COLOURS.generated, label=str(STRINGS["generated"]),
        )  # fmt: skip
        real = STRINGS["real_digits"].format(share=f"{meta['real']:.1%}")
        ax.axhline(meta["real"], color=COLOURS.real, linestyle="--", label=real)
        ax.set(ylim=(0, 1.03), title=self.title, xlabel=str(STRINGS["axis_class"]))
        ax.set_ylabel(str(STRINGS["axis_recognised"]))
        legend_below(ax)

    def describe(self, meta, arrays) -> str:
        """See `View.describe`."""
        shares = arrays["shares"]
        if not np.isfinite(shares).any():
            return ""
        seen = STRINGS["accuracy_seen"].format(
            count=self.count, mean=np.nanmean(shares), real=meta["real"]
        )
        weakest = int(np.nanargmin(shares))
        if shares[weakest] == np.nanmax(shares):
            return seen
        name = meta["titles"][weakest]
        return seen + STRINGS["weakest_class"].format(weakest=name, least=shares[weakest])

    def _measure(self, gan) -> float:
        """Has the images judged; returns the share in which the requested class is seen."""
        shares = self._look(gan)
        self._shares = shares.astype(np.float32)
        return float(np.average(shares, weights=np.bincount(np.arange(self.count) % len(shares))))
