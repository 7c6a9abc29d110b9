"""Measures of a GAN of digits that are cheap enough to be shown while it trains."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Collection

import numpy as np

from course_utils.data.images import to_pixels
from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.conditional import accuracy_by_class, conditional_accuracy
from course_utils.evaluation.image_measures import (
    check_count,
    image_floor,
    measure_images,
    reference,
)
from course_utils.evaluation.kernel_distance import kernel_interval
from course_utils.evaluation.manifolds import Manifold, manifold_measures
from course_utils.evaluation.real_digits import look_at_test_digits
from course_utils.language import Text, text

SEEN = 0.01
"""A class counts as seen if at least this share of the images belongs to it."""

MEASURES = ("confidence", "classes", "judge_fid", "conditional_accuracy")

EXTRA = {
    "kernel_distance": Text(en="KID", zh="KID"),
    "precision": Text(en="precision", zh="精确率"),
    "recall": Text(en="recall", zh="召回率"),
    "density": Text(en="density", zh="密度"),
    "coverage": Text(en="coverage", zh="覆盖率"),
}
"""Measures that compare with a sample of real digits, for those who ask for them."""

REAL = 1000
"""Test digits in that sample."""


def live_measures(
    count: int = 500, seed: int = 0, conditional: bool = False, extra: Collection[str] = ()
) -> dict[str, Callable[[object], float]]:
    """Functions of a GAN, for `views.Curves(measures=…)`: confidence, classes seen, judge-FID.

    They look at the same generated images: at each step the first that is called generates them,
    from the same random numbers each time, and has them judged. The judge looks at the test digits
    when the functions are made.

    Args:
        count: how many images are generated, 100 or more. Fewer cost less and bias the judge-FID
            more: its title names the value that as many real digits get.
        seed: for the latents.
        conditional: the GAN is told what to draw (`gan.classes` is not 0). It is asked for the
            classes in turn, and a fourth function gives its conditional accuracy.
        extra: names of further measures, any of `EXTRA`, in the order of their functions. They
            compare the judge's features with those of 1,000 test digits; their titles name what
            as many training digits get. One look at 500 images takes 0.12 s of CPU without them,
            the generator's part left out; the kernel distance 15 to 20 ms more, the others 10 to
            20, whether one or all four.

    Returns:
        Titles, in the language in use, and functions; NaN where an image is not finite. The
        conditional accuracy raises ValueError for a GAN that knows no classes.

    Raises:
        ValueError: `count` is too small, or there is no such extra measure.
    """
    wrong = [name for name in extra if name not in EXTRA]
    if wrong or isinstance(extra, str):
        raise ValueError(
            text(
                en=f"extra = {extra!r}: give a list of names; there are: {', '.join(EXTRA)}.",
                zh=f"extra = {extra!r}：请给出名称的列表；可以选择：{'、'.join(EXTRA)}。",
            )
        )
    look = _look_of(count, seed)
    floor = image_floor("judge_fid", count, conditional).median
    fid = text(
        en=f"judge-FID ({count} images; real digits: {floor:.1f})",
        zh=f"裁判 FID（{count} 幅图像；真实数字为 {floor:.1f}）",
    )
    measures = {
        text(en="judge's confidence", zh="裁判的置信度"): lambda gan: look(gan)["confidence"],
        text(en="classes seen", zh="出现的类别数"): lambda gan: look(gan)["classes"],
        fid: lambda gan: look(gan)["judge_fid"],
    }
    if conditional:
        title = text(en="conditional accuracy", zh="条件准确率")
        measures[title] = lambda gan: look(_asked(gan))["conditional_accuracy"]
    for name in extra:
        measures[_with_floor(name, count)] = lambda gan, name=name: _compared(look(gan), name)
    return measures


def class_accuracy(count: int = 500, seed: int = 0) -> Callable[[object], np.ndarray]:
    """A function of a conditional GAN: in what share of a class's images the judge sees the class.

    It looks at the same images as `live_measures` of the same `count` and `seed`, so that both
    together cost no more than one.

    Args:
        count: how many images are generated, 100 or more, the classes in turn.
        seed: for the latents.

    Returns:
        A function: GAN -> float64 [10], 0 … 1; NaN for a class that the GAN does not know, and
        for all if an image is not finite. It raises ValueError for a GAN that knows no classes.

    Raises:
        ValueError: `count` is too small.
    """
    look = _look_of(count, seed)
    return lambda gan: look(_asked(gan))["accuracies"]


def _asked(gan):
    if getattr(gan, "classes", 0):
        return gan
    raise ValueError(
        text(
            en="This GAN knows no classes, so it cannot be asked for one: conditional accuracy "
            "needs a conditional GAN.",
            zh="这个 GAN 不区分类别，无法指定要生成的类别：条件准确率只适用于条件 GAN。",
        )
    )


@functools.cache
def _real_sample() -> tuple[np.ndarray, Manifold]:
    """The judge's features of some test digits, [REAL, 64], and their balls."""
    features = np.random.default_rng(0).permutation(look_at_test_digits()[0])[:REAL]
    return features, Manifold.of(features)


def _compared(found: dict, name: str) -> float:
    """An extra measure of the images that were `found`, which keeps what comes with it."""
    if name not in found:
        features, manifold = _real_sample()
        if not np.isfinite(found["features"]).all():
            found |= dict.fromkeys(EXTRA, float("nan"))
        elif name == "kernel_distance":
            found[name] = kernel_interval(found["features"], features).value
        else:
            found |= manifold_measures(found["features"], manifold)
    return found[name]


def _with_floor(name: str, count: int) -> str:
    """The title of an extra measure, with what real digits get."""
    if name == "kernel_distance":  # unbiased
        floor = text(en="about 0", zh="约为 0")
    else:
        floor = text(en="{:.2f}", zh="为 {:.2f}").format(_real_values(count)[name])
    return f"{EXTRA[name]}" + text(en=f" (real digits: {floor})", zh=f"（真实数字{floor}）")


@functools.cache
def _real_values(count: int) -> dict[str, float]:
    """What `count` training digits get."""
    from course_utils.data import digits
    from course_utils.models import judge

    images = digits.load("train")[0]
    chosen = images[np.random.default_rng(0).permutation(len(images))[:count]]
    return manifold_measures(judge.load().look(chosen)[0], _real_sample()[1])


def _look_of(count: int, seed: int) -> _Look:
    check_count(count)
    reference()  # Made once: here, where one waits for a cell anyway, and not in a running panel.
    return _shared_look(count, seed)


@functools.cache
def _shared_look(count: int, seed: int) -> _Look:
    return _Look(count, seed)


class _Look:
    """The measures of each GAN's images, kept until it is trained or its knobs are set."""

    def __init__(self, count: int, seed: int):
        self._count, self._seed = count, seed
        self._seen = weakref.WeakKeyDictionary()  # GAN -> moment, measures

    def __call__(self, gan) -> dict:
        # A run that was rewound comes to the same step again, but hardly to the same losses.
        history = gan.history
        moment = history.steps, history.last_row.tobytes(), dict(gan.knobs)
        seen = self._seen.get(gan)
        if seen is None or seen[0] is not history or seen[1] != moment:
            seen = self._seen[gan] = history, moment, self._measure(gan)
        return seen[2]

    def _measure(self, gan) -> dict:
        from course_utils.models import judge

        samples = gan.generate(self._count, self._seed)
        if not np.isfinite(samples).all():
            nothing = dict.fromkeys(MEASURES, float("nan"))
            return {**nothing, "accuracies": np.full(10, np.nan), "features": np.array([np.nan])}
        features, probabilities = judge.load().look(to_pixels(samples))
        found = {**measure_images(features, probabilities), "features": features}
        found["classes"] = float((class_shares(probabilities) >= SEEN).sum())
        if getattr(gan, "classes", 0):
            labels = np.arange(self._count) % gan.classes
            found["conditional_accuracy"] = conditional_accuracy(probabilities, labels)
            found["accuracies"] = accuracy_by_class(probabilities, labels)
        return found
