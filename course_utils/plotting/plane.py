"""Pictures of the plane: samples, and what the discriminator believes about each place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from course_utils.language import Text, text
from course_utils.plotting.style import COLOURS, MARKERS, legend_below

Bounds = tuple[tuple[float, float], tuple[float, float]]

NAMES = {"real": Text(en="real", zh="真实"), "generated": Text(en="generated", zh="生成")}


def points(
    ax: Axes,
    real: np.ndarray | None = None,
    generated: np.ndarray | None = None,
    bounds: Bounds | None = None,
    size: float = 22.0,
) -> Axes:
    """Draw real points as blue dots and generated ones as vermilion crosses.

    Args:
        ax: where to draw.
        real: [n, 2], or None.
        generated: [n, 2], or None.
        bounds: ((x_min, x_max), (y_min, y_max)) to show. Points outside it, or not finite, are
            counted in the legend, so that nothing vanishes unnoticed.
        size: of the markers, in square points.

    Returns:
        `ax`.

    Raises:
        ValueError: an array is not [n, 2].
    """
    styles = {
        "real": {"alpha": 0.75, "edgecolors": "white", "linewidths": 0.4},
        "generated": {"linewidths": 1.3},
    }
    for kind, array in (("real", real), ("generated", generated)):
        if array is None:
            continue
        array = np.asarray(array)
        if array.ndim != 2 or array.shape[1] != 2:
            raise ValueError(
                text(
                    en=f"{kind} has the shape {array.shape}; points are [n, 2].",
                    zh=f"{kind} 的形状是 {array.shape}，点集的形状应为 [n, 2]。",
                )
            )
        label, hidden = str(NAMES[kind]), _hidden(array, bounds)
        if hidden:
            label += text(en=f" ({hidden} outside)", zh=f"（{hidden} 个在图外）")
        ax.scatter(
            *array.T, s=size, c=getattr(COLOURS, kind), marker=MARKERS[kind], label=label,
            zorder=3, **styles[kind],
        )  # fmt: skip
    if bounds is not None:
        ax.set(xlim=bounds[0], ylim=bounds[1])
    ax.set(xlabel="$x$", ylabel="$y$")
    if real is not None or generated is not None:
        legend_below(ax)
    return ax


def surface(
    ax: Axes,
    discriminator: Callable[[np.ndarray], np.ndarray],
    bounds: Bounds = ((-1.0, 1.0), (-1.0, 1.0)),
    resolution: int = 100,
    colourbar: bool = True,
) -> Axes:
    """Draw what D believes: a heat map of D(x), with a line where D is undecided at 0.5.

    Args:
        ax: where to draw.
        discriminator: takes float32 [n, 2], returns probabilities of "real", [n] or [n, 1].
        bounds: ((x_min, x_max), (y_min, y_max)), what to cover.
        resolution: points along each side; D is asked resolution² times.
        colourbar: whether to explain the colours at the side.

    Returns:
        `ax`.

    Raises:
        ValueError: D's answers have another shape, or are no probabilities.
    """
    (x_min, x_max), (y_min, y_max) = bounds
    x = np.linspace(x_min, x_max, resolution, dtype=np.float32)
    y = np.linspace(y_min, y_max, resolution, dtype=np.float32)
    places = np.stack(np.meshgrid(x, y), axis=-1)  # [y, x, 2]
    answers = np.asarray(discriminator(places.reshape(-1, 2)), dtype=float)
    _require_probabilities(answers, resolution**2)
    belief = answers.reshape(resolution, resolution)
    image = ax.pcolormesh(x, y, belief, cmap=COLOURS.belief, vmin=0, vmax=1, shading="gouraud")
    if belief.min() < 0.5 < belief.max():
        ax.contour(x, y, belief, levels=[0.5], colors="black", linewidths=1.4)
    ax.grid(False)
    ax.set(xlim=bounds[0], ylim=bounds[1], xlabel="$x$", ylabel="$y$")
    if colourbar:
        bar = ax.figure.colorbar(image, ax=ax, ticks=[0, 0.25, 0.5, 0.75, 1])
        bar.set_label(text(en="D's belief that a point is real", zh="判别器认为该点为真的概率"))
        bar.ax.axhline(0.5, color="black", linewidth=1.4)
        bar.outline.set_visible(False)
    return ax


def _hidden(array: np.ndarray, bounds: Bounds | None) -> int:
    """How many of the points [n, 2] a picture of `bounds` does not show."""
    if bounds is None:
        return int((~np.isfinite(array).all(axis=1)).sum())
    low, high = np.transpose(bounds)
    return int((~((array >= low) & (array <= high)).all(axis=1)).sum())


def _require_probabilities(answers: np.ndarray, count: int) -> None:
    if answers.shape not in ((count,), (count, 1)):
        raise ValueError(
            text(
                en=f"D answered with the shape {answers.shape} for {count} points; "
                f"[{count}] or [{count}, 1] was expected.",
                zh=f"对 {count} 个点，判别器输出的形状是 {answers.shape}，"
                f"应为 [{count}] 或 [{count}, 1]。",
            )
        )
    # NaN fails both comparisons.
    if not (answers.min() >= 0 and answers.max() <= 1):
        low, high = answers.min(), answers.max()
        raise ValueError(
            text(
                en=f"D's answers run from {low:.3g} to {high:.3g}; probabilities within [0, 1] "
                "were expected. If they are logits, put a sigmoid around them.",
                zh=f"判别器的输出在 {low:.3g} 到 {high:.3g} 之间，应为 [0, 1] 内的概率。"
                "如果输出的是 logit，请先做一次 sigmoid。",
            )
        )
