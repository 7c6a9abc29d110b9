"""Sets of samples with known faults, to find out which measure notices which fault.

A perfect generator would draw fresh samples of the true distribution. Here it does, and is then
spoiled: classes are missing, training samples are handed out again, the same few come over and
over, all are moved, blurred or noisy. One fault at a time, or several.

The same seed draws the same samples whatever is spoiled, so that what a measure answers to a fault
is due to the fault.
"""

from __future__ import annotations

import numbers

import numpy as np

from course_utils.checks import whole_number
from course_utils.data.images import SIDE, checked_images
from course_utils.data.target import Target, points_of_density
from course_utils.language import text

# Each kind of chance has a stream of its own: more of one fault does not redraw all the others.
_DRAWN, _MEMORISED, _WHICH, _COPIED, _NOISE, _MOVED = range(6)


def spoil_points(
    target: Target,
    n: int,
    *,
    training: np.ndarray | None = None,
    drop: int = 0,
    memorise: float = 0.0,
    shift: float = 0.0,
    scale: float = 1.0,
    noise: float = 0.0,
    duplicates: float = 0.0,
    originals: int = 8,
    seed: int = 0,
) -> np.ndarray:
    """Points of a mixture of Gaussians, spoiled in the order of the arguments.

    Args:
        target: the truth, such as `ring()`.
        n: how many points, at least 1.
        training: [m, 2], what the generator was trained on; needed to memorise.
        drop: how many modes are never drawn, the last ones; 0 … modes - 1.
        memorise: share of the points that are training points, 0 … 1. None comes twice before all
            came once.
        shift: how far all move to the right.
        scale: all distances from the origin are multiplied by it, 0 or more.
        noise: standard deviation of what is added to both coordinates, 0 or more.
        duplicates: share of the points that are exact copies of a few others, 0 … 1.
        originals: how many these few are, at least 1; the modes give them in turn.
        seed: the same number gives the same points, >= 0.

    Returns:
        float64 [n, 2].

    Raises:
        ValueError: an argument is out of its range.
    """
    if target.modes is None:
        raise ValueError(
            text(
                en=f"The target {target.name!r} has no modes to drop; `ring()` and `grid()` have.",
                zh=f"目标分布 {target.name!r} 没有可以去掉的模式；`ring()` 和 `grid()` 有。",
            )
        )
    n, drop = whole_number("n", n, 1), whole_number("drop", drop, 0, len(target.modes) - 1)
    originals, seed = whole_number("originals", originals, 1), whole_number("seed", seed, 0)
    memorise, duplicates = _share("memorise", memorise), _share("duplicates", duplicates)
    shift, scale = _number("shift", shift), _number("scale", scale, least=0)
    noise = _number("noise", noise, least=0)
    kept = len(target.modes) - drop

    points = np.asarray(target.sample(n, np.random.default_rng([seed, _DRAWN])), np.float64)
    mode = _nearest_mode(points, target)
    # What belongs to a mode that is dropped moves to one that is kept, at the same place within it.
    other = np.random.default_rng([seed, _MOVED]).integers(kept, size=n)
    new = np.where(mode < kept, mode, other)
    points, mode = points + target.modes[new] - target.modes[mode], new
    if memorise:
        training = points_of_density(_required_training(training))
        known = _nearest_mode(training, target)
        place, source = _memorised(n, np.flatnonzero(known < kept), memorise, seed)
        points[place], mode[place] = training[source], known[source]
    points = scale * points + [shift, 0]
    points += noise * np.random.default_rng([seed, _NOISE]).standard_normal(points.shape)
    place, source = _copied(mode, duplicates, originals, seed)
    points[place] = points[source]
    return points


def spoil_digits(
    images: np.ndarray,
    labels: np.ndarray,
    n: int,
    *,
    training: tuple[np.ndarray, np.ndarray] | None = None,
    drop: int = 0,
    memorise: float = 0.0,
    shift: int = 0,
    resize: int = SIDE,
    blur: float = 0.0,
    noise: float = 0.0,
    duplicates: float = 0.0,
    originals: int = 10,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Real digits, spoiled in the order of the arguments.

    Args:
        images: uint8 [m, 28, 28], where the perfect generator takes its digits from, each at most
            once; they should be in no other set that is compared with.
        labels: integers [m], 0 … 9.
        n: how many digits, at least 1, at most as many as are left when classes are dropped.
        training: images and labels that the generator was trained on; needed to memorise.
        drop: how many classes are never drawn, the last ones; 0 … 9.
        memorise: share of the digits that are training digits, 0 … 1. None comes twice before all
            came once.
        shift: pixels to the right, or left if negative; what comes in is paper.
        resize: height and width to which the images are made smaller, by averaging, before they
            are enlarged again, by linear interpolation; 1 … 28, which changes nothing.
        blur: standard deviation of a Gaussian filter, in pixels, 0 or more.
        noise: standard deviation of what is added to each pixel, with ink counted from 0 to 1;
            0 or more. Ink stays within 0 and 1.
        duplicates: share of the digits that are exact copies of a few others, 0 … 1.
        originals: how many these few are, at least 1; the classes give them in turn, so that
            `duplicates=1, originals=10` is one image for each class.
        seed: the same number gives the same digits, >= 0.

    Returns:
        images, uint8 [n, 28, 28], and labels, int64 [n]: what they were before they were spoiled.

    Raises:
        ValueError: an argument is out of its range.
    """
    from scipy.ndimage import gaussian_filter

    images, labels = _checked_digits(images, labels)
    n, drop = whole_number("n", n, 1), whole_number("drop", drop, 0, 9)
    originals, seed = whole_number("originals", originals, 1), whole_number("seed", seed, 0)
    shift = whole_number("shift", shift, -SIDE, SIDE)
    resize = whole_number("resize", resize, 1, SIDE)
    memorise, duplicates = _share("memorise", memorise), _share("duplicates", duplicates)
    blur, noise = _number("blur", blur, least=0), _number("noise", noise, least=0)
    kept = 10 - drop

    chosen = _without_dropped(labels, n, kept, seed)
    images, labels = images[chosen], labels[chosen]
    if memorise:
        known, known_labels = _checked_digits(*_required_training(training))
        place, source = _memorised(n, np.flatnonzero(known_labels < kept), memorise, seed)
        images[place], labels[place] = known[source], known_labels[source]
    if shift:
        images = _moved(images, shift)
    if resize < SIDE or blur or noise:
        ink = images / np.float32(255)
        if resize < SIDE:
            there_and_back = _resampling(resize)
            ink = there_and_back @ ink @ there_and_back.T
        if blur:
            ink = gaussian_filter(ink, (0, blur, blur), mode="constant")
        if noise:
            random = np.random.default_rng([seed, _NOISE])
            ink = ink + np.float32(noise) * random.standard_normal(ink.shape, np.float32)
        images = np.rint(255 * np.clip(ink, 0, 1)).astype(np.uint8)
    place, source = _copied(labels, duplicates, originals, seed)
    images[place], labels[place] = images[source], labels[source]
    return images, labels


# --- whom to draw, to replace, to copy -------------------------------------------------------


def _nearest_mode(points: np.ndarray, target: Target) -> np.ndarray:
    return ((points[:, None] - target.modes) ** 2).sum(axis=2).argmin(axis=1)


def _without_dropped(labels: np.ndarray, n: int, kept: int, seed: int) -> np.ndarray:
    """Indices [n] of different digits: a draw of all; those of dropped classes are replaced."""
    order = np.random.default_rng([seed, _DRAWN]).permutation(len(labels))
    allowed = labels[order] < kept
    if allowed.sum() < n:
        raise ValueError(
            text(
                en=f"n = {n}: only {allowed.sum()} of the digits given are of the classes that "
                "are not dropped. Ask for fewer, or give more.",
                zh=f"n = {n}：给出的数字中，属于未去掉的类别的只有 {allowed.sum()} 个。"
                "请减少数量，或提供更多数字。",
            )
        )
    first, later = order[:n].copy(), order[n:][allowed[n:]]
    gone = np.flatnonzero(~allowed[:n])
    first[gone] = later[: len(gone)]
    return first


def _memorised(
    n: int, training: np.ndarray, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places of the samples that are replaced, and by which of the training samples."""
    if not len(training):
        raise ValueError(
            text(
                en="training holds no sample of the classes that are not dropped.",
                zh="training 中没有属于未去掉的类别的样本。",
            )
        )
    random = np.random.default_rng([seed, _MEMORISED])
    place = random.permutation(n)[: round(share * n)]
    return place, np.resize(random.permutation(training), len(place))


def _copied(
    classes: np.ndarray, share: float, originals: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places of the samples that are replaced, and by which of the others; the classes in turn."""
    n = len(classes)
    order = np.random.default_rng([seed, _WHICH]).permutation(n)
    sorted_ = order[np.argsort(classes[order], kind="stable")]
    counts = np.bincount(classes)
    rank = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)  # within its class
    few = sorted_[np.argsort(rank, kind="stable")][:originals]
    others = np.setdiff1d(order, few)
    place = np.random.default_rng([seed, _COPIED]).permutation(others)[: round(share * n)]
    return place, few[np.arange(len(place)) % len(few)]


# --- what happens to pixels ------------------------------------------------------------------


def _moved(images: np.ndarray, pixels: int) -> np.ndarray:
    moved = np.zeros_like(images)
    if pixels > 0:
        moved[:, :, pixels:] = images[:, :, :-pixels]
    else:
        moved[:, :, :pixels] = images[:, :, -pixels:]
    return moved


def _resampling(side: int) -> np.ndarray:
    """The matrix, float32 [28, 28], that makes a row of pixels smaller and large again."""
    edges = np.arange(side + 1) * SIDE / side
    pixels = np.arange(SIDE)
    low, high = edges[:-1, None], edges[1:, None]
    shrink = np.clip(np.minimum(pixels + 1, high) - np.maximum(pixels, low), 0, 1) * side / SIDE
    centres = (pixels + 0.5) * side / SIDE - 0.5
    enlarge = np.stack([np.interp(centres, np.arange(side), row) for row in np.eye(side)], axis=1)
    return (enlarge @ shrink).astype(np.float32)


# --- arguments -------------------------------------------------------------------------------


def _number(name: str, value, least: float = -np.inf, most: float = np.inf) -> float:
    fits = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not (fits and np.isfinite(value) and least <= value <= most):
        low = "(-∞" if least == -np.inf else f"[{least:g}"
        allowed = f"{low}, ∞)" if most == np.inf else f"{low}, {most:g}]"
        raise ValueError(
            text(
                en=f"{name} = {value!r}: it must be a number in {allowed}.",
                zh=f"{name} = {value!r}：必须是 {allowed} 内的数。",
            )
        )
    return float(value)


def _share(name: str, value) -> float:
    return _number(name, value, 0, 1)


def _required_training(training):
    if training is None:
        raise ValueError(
            text(
                en="memorise is above 0, but there is nothing to memorise: give training=…, the "
                "samples that the generator was trained on.",
                zh="memorise 大于 0，却没有可供记忆的样本：请用 training=… 给出生成器的训练样本。",
            )
        )
    return training


def _checked_digits(images, labels) -> tuple[np.ndarray, np.ndarray]:
    images, labels = checked_images(images), np.asarray(labels)
    fits = labels.shape == (len(images),) and np.issubdtype(labels.dtype, np.integer)
    if not fits or labels.min() < 0 or labels.max() > 9:
        raise ValueError(
            text(
                en=f"labels have the type {labels.dtype} and the shape {labels.shape}; whole "
                f"numbers 0 … 9 of the shape ({len(images)},) are needed, one for each image.",
                zh=f"labels 的类型是 {labels.dtype}，形状是 {labels.shape}；应为形状为 "
                f"({len(images)},) 的 0 … 9 的整数数组，每幅图像对应一个。",
            )
        )
    return images, labels.astype(np.int64)
