"""A diagnosis as one figure: the log, what D says, who moved, samples beside the data."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from course_utils import plotting
from course_utils.language import Text, text
from course_utils.plotting import COLOURS, MARKERS

_WIDTH, _HEIGHT = 9.0, 7.6  # inches: 900 pixels wide
_SHOWN = 120  # dots in a row of D's answers
_SIDE = 5  # images in a row and in a column

_IDENTITIES = {
    "0": 0.0,
    "ln(1 + 1/e)": math.log1p(math.exp(-1)),
    "ln 2": math.log(2),
    "2 ln 2": 2 * math.log(2),
    "16.1 / 2": -math.log(1e-7) / 2,
}
"""What a cross-entropy is in certain states, smallest first; drawn where the curves come near."""
_ONLY_FOR = {"ln(1 + 1/e)": "double_sigmoid", "16.1 / 2": "logits_as_probabilities"}

ANSWERS = {
    "real": Text(en="real", zh="真实"),
    "fake": Text(en="generated", zh="生成"),
    "real_beside": Text(en="real, beside\ngenerated", zh="真实，\n与生成同批"),
    "fake_beside": Text(en="generated,\nbeside real", zh="生成，\n与真实同批"),
    "fake_alone": Text(en="generated,\namong themselves", zh="生成，\n单独成批"),
}
"""D's answers that an examination keeps, by name: two in inference mode, three in training mode."""
_MODES_DIFFER = 0.02  # of D(x), on average: below it one mode is shown


def draw(exhibits: Mapping[str, np.ndarray], causes: tuple[str, ...], title: str) -> Figure:
    """The four pictures of an examination.

    Args:
        exhibits: see `examination.Examination`; what is missing leaves its place empty, with the
            reason.
        causes: names of the causes found; some identities are drawn for one of them only.
        title: above the figure.

    Returns:
        A figure 900 pixels wide, in the language in use.
    """
    figure, ((log, answers), (moves, samples)) = plotting.figure(2, 2, _WIDTH, _HEIGHT)
    figure.suptitle(title)
    _draw_log(log, exhibits, causes)
    _draw_answers(answers, exhibits)
    _draw_moves(moves, exhibits)
    _draw_samples(samples, exhibits)
    return figure


def describe(exhibits: Mapping[str, np.ndarray], numbers: Mapping[str, float], title: str) -> str:
    """The same in words, for those who cannot see it."""
    parts = [text(en=f"{title}.", zh=f"{title}。")]
    known = {name: numbers.get(name, math.nan) for name in (
        "logged_d_loss", "logged_g_loss", "real_belief", "fake_belief", "d_moves", "g_moves",
        "energy")}  # fmt: skip
    shown = {name: f"{value:.3g}" for name, value in known.items()}
    if "d_loss" in exhibits or "g_loss" in exhibits:
        parts.append(
            text(
                en="The log ends with D's loss at {logged_d_loss}, G's at {logged_g_loss}.",
                zh="日志末尾 D 的损失为 {logged_d_loss}，G 的损失为 {logged_g_loss}。",
            )
        )
    if "real" in exhibits:
        parts.append(
            text(
                en="On average D says {real_belief} of real samples and {fake_belief} of generated "
                "ones. Samples and data differ by an energy coefficient of {energy}.",
                zh="D 对真实样本平均输出 {real_belief}，对生成样本平均输出 {fake_belief}。"
                "生成样本与数据的能量系数为 {energy}。",
            )
        )
    if "moves" in exhibits:
        parts.append(
            text(
                en="In a step D's weights moved by {d_moves} of their length, G's by {g_moves}.",
                zh="每一步 D 的权重移动了自身长度的 {d_moves} 倍，G 的移动了 {g_moves} 倍。",
            )
        )
    return text(en=" ", zh="").join(parts).format(**shown)


def _draw_log(ax: Axes, exhibits: Mapping[str, np.ndarray], causes: tuple[str, ...]) -> None:
    ax.set_title(text(en="Losses", zh="损失"))
    names = {name: text(en=f"{name}'s loss", zh=f"{name} 的损失") for name in "DG"}
    curves = {name: exhibits.get(f"{name.lower()}_loss", ()) for name in names}
    series = {names[name]: curve for name, curve in curves.items() if len(curve)}
    finite = [v[np.isfinite(v)] for v in series.values()]
    if not any(map(len, finite)):
        return _leave_empty(ax, text(en="no log was given", zh="没有提供日志"))
    plotting.curves(ax, series, ylabel=text(en="loss (nats)", zh="损失（nat）"))
    ax.set_xlabel(text(en="row of the log", zh="日志的行"))
    # A few outliers must not press the curves flat.
    low = min(np.quantile(v, 0.005) for v in finite if len(v))
    high = max(np.quantile(v, 0.995) for v in finite if len(v))
    room = 0.08 * (high - low) or 0.1
    low, high = low - room, high + room
    ax.set_ylim(low, high)
    last = -math.inf
    for label, value in _IDENTITIES.items():
        near = value - last < 0.06 * (high - low)  # its label would cover the last one's
        if not low < value < high or near or _ONLY_FOR.get(label) not in (None, *causes):
            continue
        last = value
        ax.axhline(value, color=COLOURS.neutral, linewidth=1, linestyle=":", zorder=1)
        ax.annotate(label, (1, value), xycoords=("axes fraction", "data"), xytext=(4, 0),
                    textcoords="offset points", va="center", color=COLOURS.neutral,
                    fontsize=10)  # fmt: skip


def _draw_answers(ax: Axes, exhibits: Mapping[str, np.ndarray]) -> None:
    ax.set_title(text(en="What D says", zh="D 的判断"))
    if "real_belief" not in exhibits:
        return _leave_empty(ax, text(en="the weights are not finite", zh="权重不是有限值"))
    found = {name: exhibits[f"{name}_belief"] for name in ANSWERS}
    gaps = [abs(found["real_beside"] - found["real"]), abs(found["fake_beside"] - found["fake"]),
            abs(found["fake_alone"] - found["fake"])]  # fmt: skip
    names = list(ANSWERS) if max(v.mean() for v in gaps) > _MODES_DIFFER else ["real", "fake"]
    for place, name in enumerate(names):
        kind = "real" if name.startswith("real") else "generated"
        values = found[name][:_SHOWN]
        # Multiples of the golden ratio fill the row evenly and are the same every time.
        offsets = 0.5 * ((np.arange(len(values)) * 0.618034) % 1 - 0.5)
        ax.scatter(values, place + offsets, s=14, c=getattr(COLOURS, kind), marker=MARKERS[kind],
                   alpha=0.6, linewidths=0.8)  # fmt: skip
        ax.vlines(found[name].mean(), place - 0.36, place + 0.36, color="black", linewidth=2.5)
    labels = [str(ANSWERS[name]) for name in names]
    if len(names) > 2:
        modes = text(en="inference", zh="推理模式"), text(en="training", zh="训练模式")
        for place, mode in zip((-0.42, 1.58), modes, strict=True):
            ax.annotate(mode, (0.5, place), ha="center", va="center", fontsize=10,
                        color=COLOURS.neutral, bbox={"fc": "white", "ec": "none", "pad": 1},
                        )  # fmt: skip
        ax.axhline(1.5, color=COLOURS.neutral, linewidth=0.8)
    ax.set_yticks(range(len(names)), labels, fontsize=10)
    ax.set(xlim=(-0.03, 1.03), ylim=(len(names) - 0.4, -0.6))
    ax.axvline(0.5, color=COLOURS.neutral, linewidth=1, linestyle=":", zorder=1)
    ax.grid(False, axis="y")
    ax.set_xlabel(text(en="$D(x)$; bar: mean", zh="$D(x)$；竖线为均值"))


def _draw_moves(ax: Axes, exhibits: Mapping[str, np.ndarray]) -> None:
    ax.set_title(text(en="Who moved", zh="谁在更新"))
    if "moves" not in exhibits:
        return _leave_empty(ax, text(en="no step was seen", zh="没有观察到训练步"))
    moves = 100 * np.nan_to_num(exhibits["moves"], posinf=100.0)
    plotting.curves(ax, {"D": moves[:, 0], "G": moves[:, 1]})
    for line, marker in zip(ax.lines, "os", strict=True):
        line.set(marker=marker, markersize=4)
    length = text(en="move (% of the weights' length)", zh="移动量（占权重长度的 %）")
    ax.set(xlabel=text(en="step watched", zh="观察的步"), ylabel=length)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=-0.04 * (moves.max() or 1))


def _draw_samples(ax: Axes, exhibits: Mapping[str, np.ndarray]) -> None:
    ax.set_title(text(en="Samples", zh="样本"))
    if "real" not in exhibits:
        return _leave_empty(ax, text(en="the weights are not finite", zh="权重不是有限值"))
    real, generated = exhibits["real"], exhibits["generated"]
    if real.shape[1:] == (2,):
        plotting.points(ax, real, generated)
    elif real.ndim == 3 or (real.ndim == 4 and real.shape[-1] in (1, 3)):
        _draw_images(ax, real, generated)
    else:
        plotting.histogram(ax, real, generated, xlabel=text(en="all values", zh="所有数值"))


def _draw_images(ax: Axes, real: np.ndarray, generated: np.ndarray) -> None:
    low, high = float(real.min()), float(real.max())
    if not low < high:
        low, high = low - 0.5, low + 0.5
    blocks = [_mosaic((np.clip(v, low, high) - low) / (high - low)) for v in (real, generated)]
    gap = np.ones((len(blocks[0]), blocks[0].shape[1] // 10, *blocks[0].shape[2:]))
    picture = np.concatenate([blocks[0], gap, blocks[1]], axis=1)
    ax.imshow(picture.squeeze(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ax.grid(False)
    ax.set_yticks([])
    width, whole = blocks[0].shape[1], picture.shape[1]
    ax.set_xticks([width / 2, whole - width / 2], [str(ANSWERS["real"]), str(ANSWERS["fake"])])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _mosaic(images: np.ndarray) -> np.ndarray:
    """Images [n, H, W] or [n, H, W, C] side by side, 5 × 5, [5 H, 5 W, C]."""
    images = images[: _SIDE**2]
    images = images.reshape(*images.shape[:3], -1)
    count, height, width, channels = images.shape
    missing = np.ones((_SIDE**2 - count, height, width, channels))
    rows = np.concatenate([images, missing]).reshape(_SIDE, _SIDE, height, width, channels)
    return rows.swapaxes(1, 2).reshape(_SIDE * height, _SIDE * width, channels)


def _leave_empty(ax: Axes, why: str) -> None:
    ax.set_axis_off()
    ax.annotate(why, (0.5, 0.5), xycoords="axes fraction", ha="center", color=COLOURS.neutral)
