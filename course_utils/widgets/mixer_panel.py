"""The class mixer on the page: ipywidgets, pictures and words, no JavaScript of its own."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from course_utils.widgets import latent_pictures, mixer_words
from course_utils.widgets.mixer_words import STRINGS
from course_utils.widgets.pinning import pin
from course_utils.widgets.state import SUMMARY_SECONDS

if TYPE_CHECKING:
    from course_utils.widgets.mixer_space import Place, Seen

STEPS, INTERVAL = 20, 200
"""Of a walk from one class to the other; ms between two."""
_NATURAL = {"description_width": "initial"}  # as wide as the words are, in either language
# Visible: a box that scrolls, if only by a pixel, is one more stop of the Tab key.
_WRAP = {"flex_flow": "row wrap", "align_items": "center", "overflow": "visible"}


class MixerPanel:
    """Controls that tell where to go, and pictures and words of what was seen there.

    Args:
        seen: what to show first.
        classes: how many there are.
        move: called with a change of place, on whatever thread a message comes on; must not wait.

    Attributes:
        first, second: lists of classes.
        share: a slider for the share of the second class.
        new_latent: a button.
        walk: a button that is down while the slider goes to and fro.
        beats: that move the slider meanwhile.
        widget: to be displayed.
    """

    def __init__(self, seen: Seen, classes: int, move: Callable[[Callable], None]):
        self.first, self.second = (
            widgets.Dropdown(
                options=list(range(classes)), value=value, description=str(STRINGS[name]),
                style=_NATURAL, layout={"width": "auto", "margin": "2px 12px 2px 2px"},
            )
            for name, value in zip(("first", "second"), seen.place, strict=False)
        )  # fmt: skip
        self.share = widgets.FloatSlider(
            value=seen.place.share, min=0, max=1, step=0.01, description=str(STRINGS["share"]),
            style=_NATURAL, layout={"width": "32em"},
        )  # fmt: skip
        for name, control in (("first", self.first), ("second", self.second)):
            control.observe(
                lambda c, name=name: move(lambda place: place._replace(**{name: c["new"]})), "value"
            )
        self.share.observe(lambda c: move(lambda place: place._replace(share=c["new"])), "value")
        self.new_latent = widgets.Button(
            description=str(STRINGS["new_latent"]), layout={"width": "auto"}
        )
        self.new_latent.on_click(lambda _: move(_next_latent))
        self.walk = widgets.ToggleButton(description=str(STRINGS["walk"]), layout={"width": "auto"})
        self.walk.observe(self._start_or_stop, "value")
        # Its own buttons have no names that a screen reader could say: it beats, unseen.
        self.beats = widgets.Play(
            min=0, max=2 * STEPS - 1, interval=INTERVAL, repeat=True, layout={"display": "none"}
        )
        self.beats.observe(self._walked, "value")
        pin(self.first, self.second, self.share, self.new_latent, self.walk, self.beats)
        self._title, self._along, self._caption = (widgets.HTML() for _ in range(3))
        self._strip, self._image = _image(), _image()
        self._summary, self._failure = widgets.HTML(), widgets.HTML()
        self._words, self._place, self._said_at = "", None, float("-inf")
        self.widget = widgets.VBox(
            [
                self._failure,
                widgets.HBox([self.first, self.second, self.new_latent], layout=_WRAP),
                widgets.HBox([self.share, self.walk, self.beats], layout=_WRAP),
                self._title, self._strip, self._along,
                widgets.HBox([self._image, self._caption], layout=_WRAP),
                self._summary,
            ]
        )  # fmt: skip
        self.update(seen)

    def show(self) -> None:
        """Display the panel below the running cell."""
        from IPython.display import display

        bundle = self.widget._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        words = str(STRINGS["unavailable"]) + self._words
        display({**data, "text/plain": words}, raw=True)

    def update(self, seen: Seen) -> None:
        """Show what was seen; on the mixer's thread."""
        self._strip.value = latent_pictures.strip(seen.walk, seen.place.share)
        self._image.value = latent_pictures.large(seen.image)
        self._title.value = _lines([mixer_words.walk(seen)])
        self._along.value = _lines([mixer_words.along(seen)])
        self._caption.value = _lines(mixer_words.image(seen))
        self._words = mixer_words.summary(seen)
        # What training and the walk change is read out seldom enough that one can listen to it.
        is_asked_for = seen.place != self._place and not self.walk.value
        if is_asked_for or time.monotonic() - self._said_at >= SUMMARY_SECONDS:
            self._say()
        self._place = seen.place

    def tell(self, failure: str) -> None:
        """Show what went wrong, or that nothing does if it is empty."""
        words = f'<p role="alert"><strong>{html.escape(failure)}</strong></p>'
        self._failure.value = words if failure else ""

    def close(self) -> None:
        """Take it from the page."""
        for row in self.widget.children:
            for control in getattr(row, "children", ()):
                control.close()
            row.close()
        self.widget.close()

    def _start_or_stop(self, change) -> None:
        if change["new"]:  # from where the slider is
            self.beats.value = round(STEPS * self.share.value)
        self.beats.playing = change["new"]
        if not change["new"]:
            self._say()

    def _say(self) -> None:
        self._said_at = time.monotonic()
        words = _lines([self._words])
        self._summary.value = f'<div role="status" aria-live="polite">{words}</div>'

    def _walked(self, change) -> None:
        if self.beats.playing:
            self.share.value = 1 - abs(1 - change["new"] / STEPS)


def _next_latent(place: Place) -> Place:
    return place._replace(latent=place.latent + 1)


def _image() -> widgets.Image:
    # No tooltip: ipywidgets 8.1 cannot show an image that has one.
    return widgets.Image(format="png", layout={"max_width": "100%", "align_self": "flex-start"})


def _lines(lines: list[str]) -> str:
    words = "<br>".join(html.escape(line) for line in lines)
    return f'<div style="line-height: 1.4">{words}</div>'
