"""Charts of numbers: curves over steps, spread over seeds, histograms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from course_utils.language import text
from course_utils.plotting.plane import NAMES
from course_utils.plotting.style import COLOURS, FONT_SIZE, LINESTYLES, legend_below


def curves(
    ax: Axes,
    series: Mapping[str, np.ndarray | tuple[np.ndarray, np.ndarray]],
    marks: Sequence[tuple[float, str]] = (),
    ylabel: str = "",
    log: bool = False,
    colours: Mapping[str, str] | None = None,
) -> Axes:
    """Draw values over training steps.

    Args:
        ax: where to draw.
        series: name -> values [n] at steps 1 ... n, or name -> (steps [n], values [n]). Values that
            are not finite leave a gap.
        marks: (step, label) of knob changes and other events, drawn as labelled vertical lines.
        ylabel: what the values are, with their unit.
        log: whether the y-axis is logarithmic.
        colours: name -> colour for series whose colour has a meaning, such as COLOURS.real.

    Returns:
        `ax`.

    Raises:
        ValueError: steps and values differ in length, or there is no series.
    """
    _require_some("series", series)
    for index, (name, data) in enumerate(series.items()):
        values = np.asarray(data[1] if isinstance(data, tuple) else data, dtype=float)
        steps = np.asarray(data[0]) if isinstance(data, tuple) else np.arange(1, len(values) + 1)
        if values.ndim != 1 or steps.shape != values.shape:
            raise ValueError(
                text(
                    en=f"series {name!r}: steps {steps.shape} and values {values.shape} must be "
                    "two lists of one length.",
                    zh=f"曲线 {name!r}：步数 {steps.shape} 与取值 {values.shape} "
                    "应为等长的一维数组。",
                )
            )
        ax.plot(
            steps,
            values,
            label=name,
            color=(colours or {}).get(name, COLOURS.series[index % len(COLOURS.series)]),
            linestyle=LINESTYLES[index % len(LINESTYLES)],
            linewidth=1.5,
        )
    for step, label in marks:
        ax.axvline(step, color=COLOURS.neutral, linewidth=1.2, linestyle=":")
        ax.annotate(
            label, (step, 1), xycoords=("data", "axes fraction"), xytext=(-3, -4),
            textcoords="offset points", rotation=90, ha="right", va="top",
            fontsize=FONT_SIZE - 1, color=COLOURS.neutral,
        )  # fmt: skip
    if log:
        ax.set_yscale("log")
    ax.set(xlabel=text(en="training step", zh="训练步数"), ylabel=ylabel)
    legend_below(ax)
    return ax


def spread(
    ax: Axes,
    groups: Mapping[str, Sequence[float]],
    ylabel: str = "",
    log: bool = False,
    limit: tuple[float, str] | None = None,
) -> Axes:
    """Draw each value of each group as a dot and the group's median as a bar.

    Made for one value per seed: the reader sees every run, not only an average.

    Args:
        ax: where to draw.
        groups: name -> values. Those that are not finite (diverged runs) cannot be drawn; they are
            counted below the name and count as the worst, infinitely large, in the median.
        ylabel: what the values are, with their unit.
        log: whether the y-axis is logarithmic.
        limit: (value, label) of a horizontal line, such as a threshold or real against real.

    Returns:
        `ax`.

    Raises:
        ValueError: there is no group, or a group is empty.
    """
    _require_some("groups", groups)
    names = []
    for place, (name, data) in enumerate(groups.items()):
        values = np.asarray(data, dtype=float).ravel()
        _require_some(f"groups[{name!r}]", values)
        finite = np.isfinite(values)
        lost = int((~finite).sum())
        note = text(en=f"\n({lost} not finite)", zh=f"\n（{lost} 个非有限值）")
        names.append(name + note if lost else name)
        # Multiples of the golden ratio fill the width evenly and are the same every time.
        offsets = 0.5 * ((np.arange(len(values)) * 0.618034) % 1 - 0.5)
        ax.plot(
            place + offsets[finite], values[finite], "o", color=COLOURS.neutral,
            alpha=0.6, markersize=6, markeredgewidth=0,
        )  # fmt: skip
        median = np.median(np.where(finite, values, np.inf))
        if np.isfinite(median):
            ax.hlines(median, place - 0.32, place + 0.32, color="black", linewidth=3)
    if limit is not None:
        ax.axhline(limit[0], color=COLOURS.neutral, linewidth=1.4, linestyle="--")
        ax.annotate(
            limit[1], (1, limit[0]), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", va="center", color=COLOURS.neutral,
        )  # fmt: skip
    if log:
        ax.set_yscale("log")
    ax.set_xticks(range(len(names)), names)
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.grid(False, axis="x")
    ax.set_ylabel(ylabel)
    return ax


def histogram(
    ax: Axes,
    real: np.ndarray | None = None,
    generated: np.ndarray | None = None,
    bins: int = 30,
    limits: tuple[float, float] | None = None,
    xlabel: str = "$D(x)$",
) -> Axes:
    """Draw how often each value occurs among real and among generated samples.

    Args:
        ax: where to draw.
        real: values of any shape, such as D's answers, or None.
        generated: the same for generated samples.
        bins: how many intervals.
        limits: (low, high) of the x-axis; by default from the smallest value to the largest. Values
            outside, or not finite, are counted in the legend.
        xlabel: what the values are, with their unit.

    Returns:
        `ax`.

    Raises:
        ValueError: there is nothing to draw.
    """
    given = {"real": real, "generated": generated}
    arrays = {kind: np.ravel(values) for kind, values in given.items() if values is not None}
    everything = np.concatenate(list(arrays.values()) or [[]])
    everything = everything[np.isfinite(everything)]
    _require_some("real, generated", everything)
    low, high = limits or (everything.min(), everything.max())
    for kind, values in arrays.items():
        inside = values[(values >= low) & (values <= high)]
        label, hidden = str(NAMES[kind]), values.size - inside.size
        if hidden:
            label += text(en=f" ({hidden} outside)", zh=f"（{hidden} 个在图外）")
        colour, share = getattr(COLOURS, kind), np.full(inside.size, 100 / max(values.size, 1))
        edges = np.histogram_bin_edges(inside, bins, (low, high))
        ax.hist(inside, edges, weights=share, color=colour, alpha=0.3)
        ax.hist(
            inside, edges, weights=share, histtype="step", color=colour, linewidth=2,
            linestyle="-" if kind == "real" else "--", label=label,
        )  # fmt: skip
    ax.set(xlabel=xlabel, ylabel=text(en="share of samples (%)", zh="样本占比（%）"))
    legend_below(ax)
    return ax


def _require_some(name: str, values) -> None:
    if len(values) == 0:
        raise ValueError(
            text(
                en=f"{name}: there is nothing to draw; give at least one value.",
                zh=f"{name}：没有可画的内容，请至少给出一个值。",
            )
        )
