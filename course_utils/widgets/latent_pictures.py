"""The latent explorer's pictures: PNG files for its widgets, one figure where nobody looks."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np

from course_utils.widgets import latent_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course_utils.widgets.latent_space import Seen

GAP = 1  # pixels between two tiles, before they are enlarged
MARK = 10  # rows of the band with the mark
SMALL, LARGE = 2, 4  # how often a pixel is repeated


def strip(images: np.ndarray, share: float) -> bytes:
    """Return a walk as a PNG file, with a mark below the place that was reached.

    Args:
        images: uint8 [n, H, W], n >= 2, from left to right.
        share: 0 … 1 of the way from the middle of the first to that of the last.
    """
    from course_utils.plotting import COLOURS

    walk = _enlarged(tiles(images, len(images)), SMALL)
    count, _, width = images.shape
    middle = SMALL * (width / 2 + share * (count - 1) * (width + GAP))
    y, x = np.mgrid[:MARK, : walk.shape[1]]
    band = np.zeros((*x.shape, 4), np.uint8)
    # A triangle that points up; the same colour as all that is generated.
    band[np.abs(x + 0.5 - middle) <= 0.7 * (y - 1)] = (*bytes.fromhex(COLOURS.generated[1:]), 255)
    return _png(np.concatenate([walk, band]))


def grid(images: np.ndarray, columns: int) -> bytes:
    """Return images uint8 [n, H, W] as a PNG file, row by row."""
    return _png(_enlarged(tiles(images, columns), SMALL))


def large(image: np.ndarray) -> bytes:
    """Return one image uint8 [H, W] as a PNG file."""
    return _png(_enlarged(tiles(image[None], 1), LARGE))


def figure(seen: Seen, columns: int) -> Figure:
    """Return all that is seen as one figure."""
    from course_utils import plotting
    from course_utils.plotting import COLOURS

    words = latent_words.STRINGS
    pairs = ["image_0", "neighbour_0", "image_1", "neighbour_1"]
    if seen.neighbours is None:
        pairs = ["image_0", "image_0", "image_1", "image_1"]
    made, blank = plotting.figure(width=7.5, height=8.6)
    blank.remove()
    rows = [["line"] * 4, ["sphere"] * 4, pairs, ["samples"] * 4]
    heights = [0.75, 0.75, 1.6, 4.2]
    axes = made.subplot_mosaic(rows, height_ratios=heights)
    for path, name in enumerate(latent_words.PATHS):
        walk = seen.walks[path]
        count, _, width = walk.shape
        draw(axes[name], tiles(walk, count), words[f"{name}_walk"])
        middle = width / 2 + seen.place.share * (count - 1) * (width + GAP) - 0.5
        axes[name].plot(
            middle, -0.12, "^", color=COLOURS.neutral, clip_on=False,
            transform=axes[name].get_xaxis_transform(),
        )  # fmt: skip
        lines = latent_words.image(seen, path)
        draw(axes[f"image_{path}"], seen.images[path], "\n".join(lines))
        if seen.neighbours is not None:
            lines = latent_words.neighbour(seen, path)
            draw(axes[f"neighbour_{path}"], seen.neighbours[path], "\n".join(lines))
    draw(axes["samples"], tiles(seen.samples, columns), latent_words.samples(seen))
    return made


def draw(ax, picture: np.ndarray, title) -> None:
    """Draw pixels, grey [H, W] or coloured [H, W, 4], with a title and no axes."""
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_title(str(title), fontsize="small")
    ax.set_axis_off()


def tiles(images: np.ndarray, columns: int) -> np.ndarray:
    """Return images uint8 [n, H, W] side by side, uint8 [height, width, 4], gaps transparent."""
    count, height, width = images.shape
    rows = math.ceil(count / columns)
    sheet = np.zeros((rows, height + GAP, columns, width + GAP, 4), np.uint8)
    for index, image in enumerate(images):
        tile = sheet[index // columns, :height, index % columns, :width]
        tile[..., :3], tile[..., 3] = image[..., None], 255
    return sheet.reshape(rows * (height + GAP), columns * (width + GAP), 4)[:-GAP, :-GAP]


def _enlarged(pixels: np.ndarray, times: int) -> np.ndarray:
    return pixels.repeat(times, axis=0).repeat(times, axis=1)


def _png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()
