"""What the latent explorer says, in the learner's language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from course_utils.language import Text, text

if TYPE_CHECKING:
    from course_utils.widgets.latent_space import Seen

STRINGS = {
    "walk": Text(en="From A to B", zh="从 A 走到 B"),
    "truncation": Text(en="Truncation", zh="截断"),
    "new_a": Text(en="New A", zh="换一个 A"),
    "new_b": Text(en="New B", zh="换一个 B"),
    "share": Text(en="t, from A (0) to B (1)", zh="t，从 A（0）到 B（1）"),
    "threshold": Text(en="threshold of the components of z", zh="z 各分量的截断阈值"),
    "off": Text(en="off", zh="不截断"),
    "line": Text(en="straight line", zh="直线"),
    "sphere": Text(en="on the sphere", zh="球面"),
    "line_walk": Text(
        en="the generator's images on the straight line from A to B",
        zh="沿直线从 A 到 B 的生成图像",
    ),
    "sphere_walk": Text(
        en="the generator's images on the sphere from A to B", zh="沿球面从 A 到 B 的生成图像"
    ),
    "unavailable": Text(
        en="The controls of the latent explorer cannot be shown here. ",
        zh="这里无法显示隐空间浏览器的控件。",
    ),
}
PATHS = ("line", "sphere")
COPY, FAR = 0.5, 1.5  # shares of the distance between neighbours in the training data


def threshold(value: float) -> str:
    """Return a threshold, or that there is none."""
    return str(STRINGS["off"]) if math.isinf(value) else f"{value:g}"


def image(seen: Seen, path: int) -> list[str]:
    """Return the lines below the image at t on one of the `PATHS`."""
    return [
        str(STRINGS[PATHS[path]]),
        f"t = {seen.place.share:.2f}",
        f"|z| = {seen.lengths[path]:.2f}",
    ]


def neighbour(seen: Seen, path: int) -> list[str]:
    """Return the lines below the training image that is nearest to it."""
    distance = f"{seen.distances[path]:.2f}"
    number = seen.numbers[path]
    return [
        text(en="nearest training image", zh="最近的训练图像"),
        text(en=f"no. {number:,}", zh=f"第 {number} 号"),
        text(en=f"distance {distance}", zh=f"距离 {distance}"),
    ]


def samples(seen: Seen) -> str:
    """Return the title of the grid of samples."""
    count, at = len(seen.samples), threshold(seen.place.threshold)
    number = text(en=f"{count} samples, ", zh=f"{count} 个样本，")
    return f"{number}{STRINGS['threshold']}{text(en=': ', zh='：')}{at}"


def summary(seen: Seen) -> str:
    """Return all that can be seen, in a few sentences."""
    share, angle = f"{seen.place.share:.2f}", f"{seen.angle:.0f}"
    line, sphere = (f"{length:.2f}" for length in seen.lengths)
    usual, dim = f"{math.sqrt(seen.latent_dim):.1f}", seen.latent_dim
    walk = text(
        en=f"A and B are {angle}° apart. At t = {share} the vector z has the length {line} on the "
        f"straight line and {sphere} on the sphere; draws from the normal distribution in {dim} "
        f"dimensions have about {usual}.",
        zh=f"A 与 B 的夹角为 {angle}°。t = {share} 时，z 的长度在直线上是 {line}，"
        f"在球面上是 {sphere}；从 {dim} 维正态分布抽样，长度约为 {usual}。",
    )
    parts = filter(None, [walk, _neighbours(seen), _samples(seen)])
    return text(en=" ", zh="").join(parts)


def _neighbours(seen: Seen) -> str:
    if seen.distances is None:
        return ""
    line, sphere = (f"{distance:.2f}" for distance in seen.distances)
    found = text(
        en=f"The nearest training image is {line} away from the image on the straight line, "
        f"{sphere} from the one on the sphere",
        zh=f"直线上的图像与最近的训练图像相距 {line}，球面上的相距 {sphere}",
    )
    if not seen.peers:
        return found + text(en=".", zh="。")
    verdicts = [_verdict(distance / seen.peers) for distance in seen.distances]
    if verdicts[0] == verdicts[1]:
        judged = text(en=f"Both: {verdicts[0]}.", zh=f"两者都{verdicts[0]}。")
    else:
        judged = text(
            en=f"The first: {verdicts[0]}. The second: {verdicts[1]}.",
            zh=f"前者{verdicts[0]}；后者{verdicts[1]}。",
        )
    return found + text(
        en=f"; training images that are neighbours are about {seen.peers:.1f} apart. {judged}",
        zh=f"；训练图像与其最近邻大约相距 {seen.peers:.1f}。{judged}",
    )


def _verdict(ratio: float) -> str:
    """Return what a distance says, given as a multiple of that between training images."""
    if ratio < COPY:
        return text(
            en="much nearer than training images usually are to each other: a copy, or only a "
            "plain shape such as a 1",
            zh="比训练图像彼此之间通常近得多：可能是照抄，也可能只是像 1 这样简单的形状",
        )
    if ratio < FAR:
        return text(
            en="about as far as training images are from each other: not repeated pixel by pixel, "
            "which is all that this distance can tell",
            zh="与训练图像彼此之间的距离相当：没有逐像素照搬，这个距离能说明的也仅此而已",
        )
    return text(
        en="further, pixel by pixel, than training images are from each other",
        zh="像素距离比训练图像彼此之间更大",
    )


def _samples(seen: Seen) -> str:
    count, at = len(seen.samples), threshold(seen.place.threshold)
    length, apart = f"{seen.sample_length:.2f}", f"{seen.variety:.1f}"
    if math.isinf(seen.place.threshold):
        start = text(en=f"{count} samples, not truncated", zh=f"{count} 个样本，未截断")
    else:
        start = text(en=f"{count} samples, truncated at {at}", zh=f"{count} 个样本，截断阈值 {at}")
    return start + text(
        en=f": |z| is {length} on average, and two images are about {apart} apart.",
        zh=f"：|z| 平均为 {length}，两幅图像大约相距 {apart}。",
    )
