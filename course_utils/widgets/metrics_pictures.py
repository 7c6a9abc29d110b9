"""The metrics explorer's pictures: PNG files and drawn rows for its panel, one static figure."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np

from course_utils.widgets import latent_pictures, metrics_words
from course_utils.widgets.metrics_sets import BEST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course_utils.widgets.metrics_sets import Seen, Sets

FRAME = 3.0  # points are shown from -FRAME to FRAME, those beyond it at the edge
SIDE = 240  # pixels of a picture of points
COLUMNS, TILES = 5, 20  # of a picture of digits
FURTHEST = 300.0  # from the real sets, in half widths of their range, that a row can show
_DOT = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)])
_CROSS = np.array([(0, 0), *((s * k, t * k) for k in (1, 2) for s in (-1, 1) for t in (-1, 1))])
_FAINT = 70  # of 255, how much of what was there before shows


def real(sets: Sets) -> bytes:
    """The reference, as a PNG file."""
    from course_utils.plotting import COLOURS

    if sets.name == "digits":
        return latent_pictures.grid(sets.real[:TILES], COLUMNS)
    return _png([(sets.real, _DOT, COLOURS.real, 255)])


def generated(sets: Sets, seen: Seen) -> bytes:
    """The spoiled set, as a PNG file; points above faint ones of the set before."""
    from course_utils.plotting import COLOURS

    if sets.name == "digits":
        return latent_pictures.grid(seen.samples[:TILES], COLUMNS)
    layers = [(seen.samples, _CROSS, COLOURS.generated, 255)]
    if seen.before is not None:
        layers.insert(0, (seen.before.samples, _CROSS, COLOURS.generated, _FAINT))
    return _png(layers)


def place(seen: Seen, name: str, value: float) -> float:
    """Where a value is on the axis of its row: -1 (far worse) … 1 (far better than real sets).

    0 is the median of the real sets; near it the axis is linear in the half width of their range,
    further out logarithmic.
    """
    floor = seen.floors[name]
    half = max((floor.high - floor.low) / 2, 0.02 * abs(floor.median), 1e-9)
    away = (value - floor.median) / half
    away = BEST[name] * away if BEST[name] else -abs(away)
    return float(np.clip(math.asinh(away) / math.asinh(FURTHEST), -1, 1))


def band(seen: Seen, name: str) -> tuple[float, float]:
    """Where the range of the real sets is on that axis."""
    ends = [place(seen, name, value) for value in (seen.floors[name].low, seen.floors[name].high)]
    low, high = min(ends), max(ends)
    return (low, high) if BEST[name] else (low, -low)


def row(seen: Seen, name: str, width: int = 130, height: int = 18) -> str:
    """The same as SVG: the band of real sets, the value, and faintly the value before."""
    from course_utils.plotting import COLOURS

    def x(at: float) -> float:
        return width / 2 + at * (width / 2 - 7)

    middle = height / 2
    low, high = (x(end) for end in band(seen, name))
    parts = [
        f'<line x1="0" x2="{width}" y1="{middle}" y2="{middle}" stroke="currentColor" '
        'stroke-opacity="0.25"/>',
        f'<rect x="{low - 1:.1f}" y="2" width="{high - low + 2:.1f}" height="{height - 4}" '
        f'fill="{COLOURS.real}" fill-opacity="0.45"/>',
    ]
    if seen.before is not None and not math.isnan(seen.before.values[name]):
        at = x(place(seen.before, name, seen.before.values[name]))
        parts.append(
            f'<circle cx="{at:.1f}" cy="{middle}" r="4" fill="none" stroke="currentColor" '
            'stroke-opacity="0.55"/>'
        )
    if not math.isnan(seen.values[name]):
        at = x(place(seen, name, seen.values[name]))
        parts.append(
            f'<path d="M{at - 6:.1f} {middle}l6 -6l6 6l-6 6z" fill="{COLOURS.generated}" '
            'stroke="currentColor" stroke-width="0.7"/>'
        )
    return (
        f'<svg aria-hidden="true" width="{width}" height="{height}" '
        f'style="vertical-align: middle">{"".join(parts)}</svg>'
    )


def figure(sets: Sets, seen: Seen) -> Figure:
    """All that is seen as one figure."""
    from course_utils import plotting

    made, blank = plotting.figure(width=9.5, height=7.4)
    blank.remove()
    axes = made.subplot_mosaic([["real", "generated"], ["rows", "rows"]], height_ratios=[1.15, 1])
    titles = {
        "real": f"{metrics_words.STRINGS['real']}",
        "generated": f"{metrics_words.STRINGS['generated']}",
    }
    for name, samples in (("real", sets.real), ("generated", seen.samples)):
        if sets.name == "digits":
            sheet = latent_pictures.tiles(samples[:TILES], COLUMNS)
            latent_pictures.draw(axes[name], sheet, titles[name])
            continue
        frame = ((-FRAME, FRAME),) * 2
        plotting.points(axes[name], **{name: samples}, bounds=frame, size=8)
        axes[name].set_title(titles[name])
        axes[name].set_aspect("equal")
        axes[name].get_legend().remove()
    _rows(axes["rows"], sets, seen)
    return made


def _rows(ax, sets: Sets, seen: Seen) -> None:
    from course_utils.plotting import COLOURS

    names = list(seen.values)
    for height, name in enumerate(names):
        low, high = band(seen, name)
        ax.barh(height, high - low + 0.01, left=low - 0.005, color=COLOURS.real, alpha=0.45)
        value = seen.values[name]
        if not math.isnan(value):
            ax.plot(place(seen, name, value), height, "D", color=COLOURS.generated)
        words = metrics_words.number(sets, name, value)
        ax.text(1.06, height, words, va="center", ha="left", fontsize="small")
    ax.set_yticks(range(len(names)), [metrics_words.title(sets, name) for name in names])
    ax.invert_yaxis()
    ax.set(xlim=(-1.04, 1.04), xticks=[])
    ax.set_title(str(metrics_words.STRINGS["axis"]), fontsize="medium")


def _png(layers: list[tuple[np.ndarray, np.ndarray, str, int]]) -> bytes:
    """Points [n, 2] with their marker's pixels [k, 2], colour and opacity; the last on top."""
    from PIL import Image

    picture = np.zeros((SIDE, SIDE, 4), np.uint8)
    for points, marker, colour, opacity in layers:
        centres = np.rint((points * [1, -1] / FRAME + 1) / 2 * (SIDE - 1)).astype(int)
        x, y = np.clip(centres[:, None] + marker, 0, SIDE - 1).reshape(-1, 2).T
        picture[y, x] = (*bytes.fromhex(colour[1:]), opacity)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG")
    return buffer.getvalue()
