"""What the class mixer says, in the learner's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from course_utils.language import Text, text

if TYPE_CHECKING:
    from course_utils.widgets.mixer_space import Seen

STRINGS = {
    "first": Text(en="first class", zh="第一个类别"),
    "second": Text(en="second class", zh="第二个类别"),
    "share": Text(en="share of the second class", zh="第二个类别所占的比例"),
    "new_latent": Text(en="New latent", zh="换一个隐向量"),
    "walk": Text(en="Walk to and fro", zh="来回移动"),
    "unavailable": Text(
        en="The controls of the class mixer cannot be shown here. ",
        zh="这里无法显示类别混合器的控件。",
    ),
}


def walk(seen: Seen) -> str:
    """Return the title of the walk."""
    first, second = seen.place[:2]
    return text(en=f"From class {first} to class {second}", zh=f"从类别 {first} 到类别 {second}")


def along(seen: Seen) -> str:
    """Return which digits the judge sees along the walk; "" without a judge."""
    if seen.verdicts is None:
        return ""
    digits = " ".join(str(digit) for digit in seen.verdicts.argmax(axis=1))
    return text(en=f"The judge sees: {digits}", zh=f"裁判看到的数字：{digits}")


def image(seen: Seen) -> list[str]:
    """Return the lines beside the large image."""
    first, second, share, _ = seen.place
    lines = [text(en=f"{1 - share:.2f} × class {first}", zh=f"{1 - share:.2f} × 类别 {first}")]
    lines.append(text(en=f"{share:.2f} × class {second}", zh=f"{share:.2f} × 类别 {second}"))
    if seen.verdict is not None:
        lines.append(text(en=f"judge: {_verdict(seen)}", zh=f"裁判：{_verdict(seen)}"))
    if seen.step is not None:
        lines.append(text(en=f"step {seen.step:,}", zh=f"第 {seen.step} 步"))
    return lines


def summary(seen: Seen) -> str:
    """Return all that can be seen, in a few sentences."""
    first, second, share, latent = seen.place
    at = "" if seen.step is None else text(en=f"Step {seen.step:,}: i", zh=f"第 {seen.step} 步：")
    parts = [
        text(
            en=f"{at or 'I'}mages of latent no. {latent}, from class {first} to class {second}; "
            f"the large one has {share:.0%} of class {second} in its condition.",
            zh=f"{at}第 {latent} 号隐向量从类别 {first} 到类别 {second} 的图像；"
            f"大图的条件中，类别 {second} 占 {share:.0%}。",
        )
    ]
    if seen.verdict is not None:
        parts.append(
            text(
                en=f"In the large one the judge sees {_verdict(seen)}. {along(seen)}.",
                zh=f"裁判在大图中看到 {_verdict(seen)}。{along(seen)}。",
            )
        )
    return text(en=" ", zh="").join(parts)


def _verdict(seen: Seen) -> str:
    """The judge's two most probable digits."""
    one, other = ((digit, f"{seen.verdict[digit]:.0%}") for digit in np.argsort(-seen.verdict)[:2])
    return text(
        en=f"{one[0]} ({one[1]}), {other[0]} ({other[1]})",
        zh=f"{one[0]}（{one[1]}）、{other[0]}（{other[1]}）",
    )
