"""From a figure to a small picture in the notebook, with words for those who cannot see it."""

from __future__ import annotations

import html
import io

from matplotlib.figure import Figure

from course_utils.language import text

# Hidden for the eye, read out by screen readers; JupyterLab's sanitizer lets these properties pass.
_HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)"


def png(figure: Figure) -> bytes:
    """Return the figure as a PNG file, with a palette when that makes it smaller."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return quantise(buffer.getvalue())


def quantise(picture: bytes, colours: int = 128) -> bytes:
    """Return a PNG file reduced to a palette of at most `colours` (2 ... 256), on white.

    A file that this would make larger comes back unchanged.
    """
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as original:
        rgba = original.convert("RGBA")
    opaque = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    buffer = io.BytesIO()
    reduced = opaque.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    reduced.save(buffer, format="PNG", optimize=True)
    return min(picture, buffer.getvalue(), key=len)


def show(figure: Figure, alt: str) -> None:
    """Show the figure below the running cell.

    The picture is an output of its own: image/png with `alt` as its text/plain form and in its
    metadata. JupyterLab 4.6 and nbconvert's default template ignore that metadata, so `alt` follows
    once more as text that only screen readers see.

    Args:
        figure: a Matplotlib figure.
        alt: what the picture shows, in a sentence or two, in the learner's language.

    Raises:
        ValueError: `alt` is empty.
    """
    from IPython import get_ipython
    from IPython.display import display

    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            text(
                en=f"alt = {alt!r}: say in a sentence what the picture shows, for people who "
                "cannot see it.",
                zh=f"alt = {alt!r}：请用一句话说明图的内容，供看不到图的读者使用。",
            )
        )
    if get_ipython() is None:  # a plain Python script
        print(alt)
        return
    display(_picture(png(figure), alt))
    display({"text/html": f'<p style="{_HIDDEN}">{html.escape(alt)}</p>'}, raw=True)


def _picture(data: bytes, alt: str):
    from IPython.display import Image

    class Picture(Image):
        def __repr__(self) -> str:  # becomes text/plain
            return self.alt

    return Picture(data, format="png", alt=alt)
