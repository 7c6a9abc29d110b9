"""What the metrics explorer says, in the learner's language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from course_utils.evaluation.table import aligned
from course_utils.language import Text, text
from course_utils.widgets.metrics_sets import BEST, DRAWS

if TYPE_CHECKING:
    from course_utils.widgets.metrics_sets import Seen, Sets

MEASURES = {
    "frechet": Text(en="Fréchet distance", zh="Fréchet 距离"),
    "kernel_distance": Text(en="KID", zh="KID"),
    "classifier_score": Text(en="classifier score", zh="分类器得分"),
    "precision": Text(en="precision", zh="精确率"),
    "recall": Text(en="recall", zh="召回率"),
    "density": Text(en="density", zh="密度"),
    "coverage": Text(en="coverage", zh="覆盖率"),
    "modes": Text(en="modes covered", zh="覆盖的模式数"),
    "divergence": Text(en="KL over modes", zh="各模式份额的 KL 散度"),
    "near_copies": Text(en="near copies", zh="近似副本"),
    "c_t": Text(en="C_T (memorisation)", zh="C_T（照抄检验）"),
}
OF_DIGITS = {
    "frechet": Text(en="judge-FID", zh="裁判 FID"),
    "modes": Text(en="classes covered", zh="覆盖的类别数"),
    "divergence": Text(en="KL over classes", zh="各类别份额的 KL 散度"),
}
_FORMATS = {"near_copies": "{:.1%}", "c_t": "{:.1f}", "modes": "{:.0f}"}

CONTROLS = {
    "drop": Text(en="modes dropped", zh="去掉的模式数"),
    "memorise": Text(en="share of training samples", zh="训练样本所占比例"),
    "shift": Text(en="shift to the right", zh="向右平移"),
    "scale": Text(en="scale", zh="缩放"),
    "resize": Text(en="made smaller to (pixels)", zh="先缩小到（像素）"),
    "blur": Text(en="blur (pixels)", zh="模糊（像素）"),
    "noise": Text(en="noise added", zh="添加的噪声"),
    "duplicates": Text(en="share of copies of a few", zh="少数样本的副本所占比例"),
}
CONTROLS_OF_DIGITS = {
    "drop": Text(en="classes dropped", zh="去掉的类别数"),
    "shift": Text(en="shift to the right (pixels)", zh="向右平移（像素）"),
}
PRESETS = {
    "memoriser": Text(en="Memoriser", zh="照抄训练数据"),
    "one_mode": Text(en="One mode", zh="只有一个模式"),
    "one_point_each": Text(en="One point per mode", zh="每个模式一个点"),
    "one_image_each": Text(en="One image per class", zh="每类一幅图像"),
    "half_copies": Text(en="Half duplicates", zh="一半是副本"),
    "blurred": Text(en="Blurred", zh="模糊"),
    "noisy": Text(en="Noisy", zh="有噪声"),
    "resized": Text(en="Resized to 14 and back", zh="缩到 14 再放大"),
}
STRINGS = {
    "n": Text(en="number of samples N", zh="样本数 N"),
    "reset": Text(en="No fault", zh="无缺陷"),
    "draw": Text(en="Another draw", zh="重新抽样"),
    "real": Text(en="real (reference)", zh="真实（参照）"),
    "generated": Text(en="generated (spoiled)", zh="生成（带缺陷）"),
    "measure": Text(en="measure", zh="指标"),
    "value": Text(en="value", zh="取值"),
    "floor": Text(en="real against real", zh="真实对真实"),
    "verdict": Text(en="does it notice?", zh="看出来了吗？"),
    "axis": Text(en="worse ← real → better", zh="更差 ← 真实 → 更好"),
    "legend": Text(
        en="Diamond: now. Circle: before this control was moved. ",
        zh="菱形：当前值。圆圈：移动这个控件之前的值。",
    ),
    "worse": Text(en="notices", zh="看出来了"),
    "same": Text(en="does not notice", zh="没看出来"),
    "better": Text(en="better than real", zh="比真实还好"),
    "none": Text(en="no value", zh="无法计算"),
    "unavailable": Text(
        en="The controls of the metrics explorer cannot be shown here. ",
        zh="这里无法显示指标面板的控件。",
    ),
}
MARKS = {"worse": "✗", "same": "·", "better": "+", "none": "?"}
_ARROWS = {1: "↑", -1: "↓", 0: "="}


def title(sets: Sets, name: str) -> str:
    """What a measure is called, and where it is best: high ↑, low ↓, where real samples are =."""
    own = OF_DIGITS if sets.name == "digits" else {}
    return f"{own.get(name, MEASURES[name])} {_ARROWS[BEST[name]]}"


def control(sets: Sets, name: str) -> str:
    """What a slider is called."""
    own = CONTROLS_OF_DIGITS if sets.name == "digits" else {}
    return str(own.get(name, CONTROLS[name]))


def number(sets: Sets, name: str, value: float) -> str:
    """How a value is written."""
    if math.isnan(value):
        return "–"
    if name in ("frechet", "kernel_distance"):
        return f"{float(f'{value:.2g}'):g}"
    written = _FORMATS.get(name, "{:.3f}").format(value)
    return f"{written}/{sets.total}" if name == "modes" else written


def limits(sets: Sets, seen: Seen, name: str) -> str:
    """The range of real sets."""
    low, high = (
        number(sets, name, value) for value in (seen.floors[name].low, seen.floors[name].high)
    )
    return low if low == high else f"{low} … {high}"


def faults(sets: Sets, seen: Seen) -> str:
    """Which faults the set has."""
    given = [
        f"{control(sets, each.name)} {seen.place.faults[each.name]:g}"
        for each in sets.controls
        if seen.place.faults.get(each.name, each.neutral) != each.neutral
    ]
    return text(en=", ", zh="，").join(given) or text(en="no fault", zh="无缺陷")


def samples(sets: Sets, count: int) -> str:
    """So many points, or digits."""
    if sets.name == "points":
        return text(en=f"{count:,} points", zh=f"{count} 个点")
    return text(en=f"{count:,} digits", zh=f"{count} 个数字")


def note(seen: Seen) -> str:
    """How the range of real sets was found, and what it leaves to chance."""
    n = seen.place.n
    return text(
        en=f"Real against real (the band): smallest and largest of {DRAWS} sets of {n:,} new real "
        f"samples. About one fresh set in {DRAWS} is worse than all of them by chance: try another "
        "draw.",
        zh=f"真实对真实（色带）：{DRAWS} 组、每组 {n} 个新真实样本的最小值与最大值。"
        f"由于偶然，每 {DRAWS} 组新样本里大约也有一组比它们都差：可以重新抽样看看。",
    )


def busy(n: int) -> str:
    """What takes so long when a size is new."""
    return text(
        en=f"Measuring {DRAWS} sets of {n:,} real samples, once for this N …",
        zh=f"正在测量 {DRAWS} 组真实样本（每组 {n} 个），每个 N 只需一次……",
    )


def summary(sets: Sets, seen: Seen) -> str:
    """All that can be seen, in a few sentences."""
    found = {
        verdict: [
            f"{title(sets, name)[:-2]} {number(sets, name, value)}"
            for name, value in seen.values.items()
            if seen.verdict(name) == verdict
        ]
        for verdict in MARKS
    }
    comma, stop = text(en=", ", zh="、"), text(en=". ", zh="。")
    heads = {
        "worse": text(en="Worse than real samples", zh="比真实样本差"),
        "same": text(en="As for real samples", zh="与真实样本无异"),
        "better": text(en="Better than real samples", zh="比真实样本还好"),
        "none": str(STRINGS["none"]).capitalize(),
    }
    colon = text(en=": ", zh="：")
    parts = [samples(sets, seen.place.n) + colon + faults(sets, seen)]
    parts += [heads[key] + colon + comma.join(names) for key, names in found.items() if names]
    return (stop.join(parts) + stop).strip()


def table(sets: Sets, seen: Seen) -> str:
    """All values beside the range of real sets, as text."""
    head = tuple(str(STRINGS[name]) for name in ("measure", "value", "floor", "verdict"))
    rows = [
        (
            title(sets, name),
            number(sets, name, value),
            limits(sets, seen, name),
            str(STRINGS[seen.verdict(name)]),
        )
        for name, value in seen.values.items()
    ]
    first = samples(sets, seen.place.n) + text(en=": ", zh="：") + faults(sets, seen)
    return "\n".join([first, *aligned([head, *rows]), note(seen)])
