"""The latent explorer on the page: ipywidgets, pictures and words, no JavaScript of its own."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from course_utils.widgets import latent_pictures, latent_words
from course_utils.widgets.latent_words import PATHS, STRINGS
from course_utils.widgets.pinning import pin

if TYPE_CHECKING:
    from course_utils.widgets.latent_space import Seen

THRESHOLDS = [round(0.2 * step, 1) for step in range(1, 16)]
"""Those on the slider, 0.2 … 3; after them comes "off"."""
_NATURAL = {"description_width": "initial"}  # as wide as the words are, in either language
# Visible: a box that scrolls, if only by a pixel, is one more stop of the Tab key.
_WRAP = {"flex_flow": "row wrap", "align_items": "center", "overflow": "visible"}


class LatentPanel:
    """Controls that tell where to go, and pictures and words of what was seen there.

    Args:
        seen: what to show first.
        columns: of the grid of samples.
        move: called with a change of place, on whatever thread a message comes on; must not wait.

    Attributes:
        new_a, new_b: buttons.
        share: a slider for t.
        threshold: a slider for the truncation.
        widget: to be displayed.
    """

    def __init__(self, seen: Seen, columns: int, move: Callable[[Callable], None]):
        self._columns = columns
        self.new_a, self.new_b = (
            widgets.Button(description=str(STRINGS[name]), layout={"width": "auto"})
            for name in ("new_a", "new_b")
        )
        self.new_a.on_click(lambda _: move(lambda place: place._replace(a=place.a + 1)))
        self.new_b.on_click(lambda _: move(lambda place: place._replace(b=place.b + 1)))
        self.share = widgets.FloatSlider(
            value=seen.place.share, min=0, max=1, step=0.01, description=str(STRINGS["share"]),
            style=_NATURAL, layout={"width": "32em"},
        )  # fmt: skip
        self.share.observe(lambda c: move(lambda place: place._replace(share=c["new"])), "value")
        values = sorted({*THRESHOLDS, math.inf, seen.place.threshold})
        self.threshold = widgets.SelectionSlider(
            value=seen.place.threshold,
            options=[(latent_words.threshold(value), value) for value in values],
            description=str(STRINGS["threshold"]), style=_NATURAL, layout={"width": "36em"},
        )  # fmt: skip
        self.threshold.observe(
            lambda c: move(lambda place: place._replace(threshold=c["new"])), "value"
        )
        pin(self.new_a, self.new_b, self.share, self.threshold)
        self._walks = [_image() for _ in PATHS]
        self._images = [_image() for _ in PATHS]
        self._neighbours = [_image() for _ in PATHS]
        self._captions = [_caption() for _ in PATHS]
        self._neighbour_captions = [_caption() for _ in PATHS]
        self._samples, self._drawn = _image(), None
        self._summary, self._failure = widgets.HTML(), widgets.HTML()
        self.widget = widgets.VBox(self._rows(seen.neighbours is not None))
        self.update(seen)

    def show(self) -> None:
        """Display the panel below the running cell."""
        from IPython.display import display

        bundle = self.widget._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        words = str(STRINGS["unavailable"]) + self._words
        display({**data, "text/plain": words}, raw=True)

    def update(self, seen: Seen) -> None:
        """Show what was seen; on the explorer's thread."""
        for path in range(len(PATHS)):
            self._walks[path].value = latent_pictures.strip(seen.walks[path], seen.place.share)
            self._images[path].value = latent_pictures.large(seen.images[path])
            self._captions[path].value = _lines(latent_words.image(seen, path))
            if seen.neighbours is not None:
                self._neighbours[path].value = latent_pictures.large(seen.neighbours[path])
                lines = latent_words.neighbour(seen, path)
                self._neighbour_captions[path].value = _lines(lines)
        if seen.samples is not self._drawn:  # the costly one, and most moves leave it as it is
            self._samples.value = latent_pictures.grid(seen.samples, self._columns)
            self._drawn = seen.samples
        self._words = latent_words.summary(seen)
        words = _lines([self._words])
        self._summary.value = f'<div role="status" aria-live="polite">{words}</div>'

    def tell(self, failure: str) -> None:
        """Show what went wrong, or that nothing does if it is empty."""
        words = f'<p role="alert"><strong>{html.escape(failure)}</strong></p>'
        self._failure.value = words if failure else ""

    def _rows(self, with_neighbours: bool) -> list:
        walks = [
            widgets.HBox(
                [widgets.HTML(_lines([str(STRINGS[path])]), layout={"width": "8em"}), picture],
                layout=_WRAP,
            )
            for path, picture in zip(PATHS, self._walks, strict=True)
        ]
        columns = [self._images, self._captions]
        if with_neighbours:
            columns += [self._neighbours, self._neighbour_captions]
        pairs = [widgets.HBox(row, layout=_WRAP) for row in zip(*columns, strict=True)]
        return [
            self._failure,
            _heading("walk"),
            widgets.HBox([self.new_a, self.new_b, self.share], layout=_WRAP),
            *walks,
            widgets.HBox(pairs, layout=_WRAP),
            _heading("truncation"),
            self.threshold,
            self._samples,
            self._summary,
        ]


def _image() -> widgets.Image:
    # No tooltip: ipywidgets 8.1 cannot show an image that has one.
    return widgets.Image(format="png", layout={"max_width": "100%", "align_self": "flex-start"})


def _caption() -> widgets.HTML:
    return widgets.HTML(layout={"width": "12em"})


def _heading(name: str) -> widgets.HTML:
    return widgets.HTML(f"<h4 style='margin: 0.5em 0 0'>{html.escape(str(STRINGS[name]))}</h4>")


def _lines(lines: list[str]) -> str:
    words = "<br>".join(html.escape(line) for line in lines)
    return f'<div style="line-height: 1.4">{words}</div>'
