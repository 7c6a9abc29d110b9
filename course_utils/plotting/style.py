"""The look of all figures: colours, markers, font, sizes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

FONT = "Noto Sans SC Subset"
FONT_FILE = Path(__file__).parents[1] / "fonts" / "NotoSansSC-subset.otf"
FONT_SIZE = 12  # points; a figure is at most WIDEST inches wide, so this stays readable on a wall
WIDEST = 10.0
DPI = 100

# Blue and vermilion are Okabe and Ito's (2008): they stay apart for all common colour blindness.
# The map of D's belief runs between tints of the two through white. The tint for "real" is darker:
# in a black-and-white print dark grey is real, light grey is generated, white is undecided.
_BELIEF = ["#FBCBA8", "#FDE6D6", "#FFFFFF", "#A9CFEA", "#4C9BCF"]


class _Colours(NamedTuple):
    """What each colour means in the whole course."""

    real: str = "#0072B2"
    generated: str = "#D55E00"
    neutral: str = "#4D4D4D"
    # For everything else: no blue and no orange, and each with a line style of its own.
    series: tuple[str, ...] = ("#000000", "#009E73", "#CC79A7", "#6F4E9C", "#8C8C8C", "#7A5C00")
    belief: Colormap = LinearSegmentedColormap.from_list("belief", _BELIEF)  # D(x): 0, ½, 1


COLOURS = _Colours()
MARKERS = {"real": "o", "generated": "x"}
LINESTYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))

STYLE = {
    # The CJK font comes first: text that holds $maths$ uses the first font alone.
    "font.family": [FONT, "DejaVu Sans"],
    "font.size": FONT_SIZE,
    "axes.titlesize": FONT_SIZE + 1,
    "axes.labelsize": FONT_SIZE,
    "xtick.labelsize": FONT_SIZE - 1,
    "ytick.labelsize": FONT_SIZE - 1,
    "legend.fontsize": FONT_SIZE - 1,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#D9D9D9",
    "grid.linewidth": 0.6,
    "lines.linewidth": 2.0,
    "figure.dpi": DPI,
    "figure.facecolor": "white",
    "savefig.dpi": DPI,
    "savefig.facecolor": "white",
}


def apply() -> None:
    """Register the font with Matplotlib and make the course's style the default of this process."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    if str(FONT_FILE) not in known:
        font_manager.fontManager.addfont(FONT_FILE)
    matplotlib.rcParams.update(STYLE)


def figure(
    ncols: int = 1, nrows: int = 1, width: float | None = None, height: float | None = None
) -> tuple[Figure, Axes | np.ndarray]:
    """Make an empty figure without pyplot; this is safe in every thread.

    Args:
        ncols: how many Axes side by side.
        nrows: how many Axes one above the other.
        width: of the whole figure in inches, by default 5.5 for each column, at most 10.
        height: of the whole figure in inches, by default 3.8 for each row.

    Returns:
        The figure and its Axes: one, an array [ncols] or [nrows], or an array [nrows, ncols].
    """
    size = (width or min(5.5 * ncols, WIDEST), height or 3.8 * nrows)
    made = Figure(figsize=size, layout="constrained")
    return made, made.subplots(nrows, ncols)


def legend_below(ax: Axes) -> None:
    """Put the legend below the x-label, where it hides no data."""
    below = ScaledTranslation(0, -0.52, ax.figure.dpi_scale_trans)  # inches
    ax.legend(
        loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=ax.transAxes + below,
        ncols=2, frameon=False, markerscale=1.5, borderpad=0,
    )  # fmt: skip


apply()
