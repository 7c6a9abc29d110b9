"""The axes of a phase map, and its static picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.evaluation.outcomes import OUTCOMES
from course_utils.language import text
from course_utils.training.knobs import KNOBS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#FCFBFD", "#D9D0E8", "#A78FCB", "#6F4E9C", "#3B2166")
"""From the lowest value to the highest. No blue and no orange: those mean real and generated."""
UNKNOWN = "#BDBDBD"
MOST_TICKS = 8


class Axis:
    """One knob and its values, as many as there are columns or rows.

    Attributes:
        knob: its name.
        values: as the knob has them, ascending or in the order given.
        title: for the picture.
        ticks: (place, label): 0 is the middle of the first cell, 1 that of the second, ....
    """

    def __init__(self, knob: str, values: Sequence):
        if knob not in KNOBS:
            raise ValueError(
                text(
                    en=f"There is no knob {knob!r}. The knobs are: {', '.join(KNOBS)}.",
                    zh=f"没有名为 {knob!r} 的旋钮。可用的旋钮：{', '.join(KNOBS)}。",
                )
            )
        definition = KNOBS[knob]
        # Refuses what the knob does not allow; the values are kept as the knob itself keeps them.
        numbers = [float(np.float32(definition.to_number(value))) for value in values]
        if not numbers or len(set(numbers)) < len(numbers):
            raise ValueError(
                text(
                    en=f"{knob}: give one value or more, all of them different; "
                    f"got {list(values)}.",
                    zh=f"{knob}：请给出至少一个值，并且互不相同；现在是 {list(values)}。",
                )
            )
        self.knob, self.title = knob, str(definition.title)
        self.values = [definition.from_number(float(str(np.float32(number)))) for number in numbers]
        self.ticks = _ticks(self.values, numbers)

    def __len__(self) -> int:
        return len(self.values)

    def label(self, index: int) -> str:
        """The value of one column or row, short."""
        return _short(self.values[index])


def _ticks(values: list, numbers: list[float]) -> list[tuple[float, str]]:
    decades = _decades(numbers)
    if decades:
        return decades
    stride = math.ceil(len(values) / MOST_TICKS)
    return [(float(i), _short(values[i])) for i in range(0, len(values), stride)]


def _decades(numbers: list[float]) -> list[tuple[float, str]]:
    """Powers of ten, where the numbers are spaced evenly on a logarithmic scale."""
    if len(numbers) < 3 or min(numbers) <= 0:
        return []
    exponents = np.log10(numbers)
    spacing = np.diff(exponents)
    if not np.allclose(spacing, spacing[0], rtol=1e-3):
        return []
    low, high = min(exponents), max(exponents)
    powers = range(math.ceil(low - 1e-6), math.floor(high + 1e-6) + 1)
    places = [((power - exponents[0]) / spacing[0], _short(10.0**power)) for power in powers]
    return [(float(place), name) for place, name in places] if len(places) > 1 else []


def _short(value) -> str:
    """A value in three digits: 0.000251, 1e-05, uniform."""
    return value if isinstance(value, str) else f"{value:.3g}"


def figure(
    x: Axis, y: Axis, values: np.ndarray, outcomes: Sequence[str], title: str, low, high
) -> Figure:
    """The map as a figure: cells coloured by the measure, each with the letter of its outcome.

    Args:
        x: the axis of the columns.
        y: the axis of the rows, the first one at the bottom.
        values: the measure, [rows, columns]; NaN is grey.
        outcomes: names in `OUTCOMES` or "", row by row.
        title: the measure's.
        low: the value of the lightest colour.
        high: that of the darkest.
    """
    from matplotlib.colors import LinearSegmentedColormap

    from course_utils import plotting

    made, axes = plotting.figure(width=8.5, height=1.6 + 6.4 * min(1.0, len(y) / len(x)))
    colours = LinearSegmentedColormap.from_list("phase", COLOURS).with_extremes(bad=UNKNOWN)
    image = axes.imshow(
        values, origin="lower", cmap=colours, vmin=low, vmax=high, aspect="auto",
        interpolation="nearest",
    )  # fmt: skip
    shade = (np.nan_to_num(values, nan=low) - low) / ((high - low) or 1)
    for index, name in enumerate(outcomes):
        if name:
            row, column = divmod(index, len(x))
            axes.text(
                column, row, str(OUTCOMES[name].letter), ha="center", va="center",
                fontsize=10, color="white" if shade[row, column] > 0.55 else "black",
            )  # fmt: skip
    axes.set_xticks(*_unzipped(x.ticks))
    axes.set_yticks(*_unzipped(y.ticks))
    axes.set(xlabel=x.title, ylabel=y.title)
    axes.grid(False)
    made.colorbar(image, ax=axes, extend="max").set_label(title)
    present = [name for name in OUTCOMES if name in outcomes]
    legend = "    ".join(f"{OUTCOMES[name].letter}: {OUTCOMES[name].title}" for name in present)
    axes.set_title(legend, fontsize=plotting.style.FONT_SIZE)
    return made


def _unzipped(ticks: list[tuple[float, str]]) -> tuple[list[float], list[str]]:
    return [place for place, _ in ticks], [name for _, name in ticks]
