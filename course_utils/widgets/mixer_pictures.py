"""The class mixer's picture where nobody looks; its live ones are those of the latent explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course_utils.widgets import mixer_words
from course_utils.widgets.latent_pictures import GAP, draw, tiles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course_utils.widgets.mixer_space import Seen


def figure(seen: Seen) -> Figure:
    """Return the walk, with a mark at the place that was reached, and the large image below."""
    from course_utils import plotting
    from course_utils.plotting import COLOURS

    made, blank = plotting.figure(width=7.5, height=3.2)
    blank.remove()
    axes = made.subplot_mosaic([["walk"], ["image"]], height_ratios=[0.9, 1.6])
    count, _, width = seen.walk.shape
    title = "\n".join(filter(None, [mixer_words.walk(seen), mixer_words.along(seen)]))
    draw(axes["walk"], tiles(seen.walk, count), title)
    middle = width / 2 + seen.place.share * (count - 1) * (width + GAP) - 0.5
    axes["walk"].plot(
        middle, -0.12, "^", color=COLOURS.neutral, clip_on=False,
        transform=axes["walk"].get_xaxis_transform(),
    )  # fmt: skip
    draw(axes["image"], seen.image, "")
    axes["image"].text(
        1.1, 0.5, "\n".join(mixer_words.image(seen)), transform=axes["image"].transAxes,
        va="center", fontsize="small",
    )  # fmt: skip
    return made
