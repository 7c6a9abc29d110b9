"""The metrics explorer on the page: ipywidgets, pictures and a table, no JavaScript of its own."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from course_utils.widgets import metrics_pictures, metrics_words
from course_utils.widgets.metrics_words import STRINGS
from course_utils.widgets.pinning import pin

if TYPE_CHECKING:
    from course_utils.widgets.metrics_sets import Control, Place, Seen, Sets

_WIDE = {"description_width": "13em"}
# Visible: a box that scrolls, if only by a pixel, is one more stop of the Tab key.
_WRAP = {"flex_flow": "row wrap", "align_items": "flex-start", "overflow": "visible"}
_CELL = "padding: 1px 8px 1px 0; text-align: left; white-space: nowrap; font-weight: normal"
_LINES = 'style="margin: 0.3em 0; line-height: 1.4"'


class MetricsPanel:
    """Sliders and buttons that spoil a set, and what all measures say of it.

    Args:
        sets: what is spoiled.
        seen: what to show first.
        move: called with a change of place, on whatever thread a message comes on; must not wait.

    Attributes:
        sliders: fault -> its slider.
        n: the size of the set, a slider.
        buttons: preset -> button; and "reset" and "draw".
        widget: to be displayed.
    """

    def __init__(self, sets: Sets, seen: Seen, move: Callable[[Callable], None]):
        self._sets, self._move = sets, move
        self._follows = threading.local()  # whether this thread, and no learner, moves sliders
        self.sliders = {
            control.name: _slider(control, metrics_words.control(sets, control.name), value)
            for control, value in (
                (control, seen.place.faults[control.name]) for control in sets.controls
            )
        }
        self.n = widgets.SelectionSlider(
            options=[(f"{count:,}", count) for count in sets.counts], value=seen.place.n,
            description=str(STRINGS["n"]), style=_WIDE, layout={"width": "28em"},
        )  # fmt: skip
        for name, slider in self.sliders.items():
            slider.observe(lambda change, name=name: self._slid(name, change["new"]), "value")
        self.n.observe(
            lambda change: move(lambda place: place._replace(n=change["new"], moved="n")), "value"
        )
        self.buttons = {
            name: widgets.Button(description=str(words), layout={"width": "auto"})
            for name, words in (
                ("reset", STRINGS["reset"]),
                *((name, metrics_words.PRESETS[name]) for name in sets.presets),
                ("draw", STRINGS["draw"]),
            )
        }
        for name in ("reset", *sets.presets):
            self.buttons[name].on_click(lambda _, name=name: self._preset(name))
        self.buttons["draw"].on_click(lambda _: move(_next_draw))
        pin(*self.sliders.values(), self.n, *self.buttons.values())
        self._real, self._generated = _image(), _image()
        self._table, self._note = widgets.HTML(), widgets.HTML()
        self._summary, self._message = widgets.HTML(), widgets.HTML()
        self._words = ""
        self._real.value = metrics_pictures.real(sets)
        sliders = widgets.VBox([*self.sliders.values(), self.n], layout={"overflow": "visible"})
        pictures = [
            widgets.VBox(
                [widgets.HTML(f"<strong>{html.escape(str(STRINGS[name]))}</strong>"), image]
            )
            for name, image in (("real", self._real), ("generated", self._generated))
        ]
        self.widget = widgets.VBox(
            [
                self._message,
                widgets.HBox(list(self.buttons.values()), layout=_WRAP),
                widgets.HBox([sliders, widgets.HBox(pictures, layout=_WRAP)], layout=_WRAP),
                self._table,
                self._note,
                self._summary,
            ]
        )
        self.update(seen)

    def show(self) -> None:
        """Display the panel below the running cell."""
        from IPython.display import display

        bundle = self.widget._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        words = str(STRINGS["unavailable"]) + self._words
        display({**data, "text/plain": words}, raw=True)

    def update(self, seen: Seen) -> None:
        """Show what was measured; on the explorer's thread."""
        self._generated.value = metrics_pictures.generated(self._sets, seen)
        self._table.value = _table(self._sets, seen)
        self._words = metrics_words.summary(self._sets, seen)
        words = html.escape(self._words)
        self._summary.value = f'<p role="status" aria-live="polite" {_LINES}>{words}</p>'
        note = f"{STRINGS['legend']}{metrics_words.note(seen)}"
        self._note.value = f"<p {_LINES}>{html.escape(note)}</p>"

    def tell(self, message: str, is_failure: bool = True) -> None:
        """Show what went wrong, or what takes so long; nothing if it is empty."""
        role = "alert" if is_failure else "status"
        words = f'<p role="{role}"><strong>{html.escape(message)}</strong></p>'
        self._message.value = words if message else ""

    def close(self) -> None:
        """Take it from the page."""
        _close(self.widget)

    # --- what the learner does: callbacks, on any thread --------------------------------------

    def _slid(self, name: str, value: float) -> None:
        if not getattr(self._follows, "now", False):
            self._move(
                lambda place: place._replace(faults={**place.faults, name: value}, moved=name)
            )

    def _preset(self, name: str) -> None:
        faults = {control.name: control.neutral for control in self._sets.controls}
        faults |= self._sets.presets.get(name, {})
        self._follows.now = True
        try:
            for fault, slider in self.sliders.items():
                slider.value = faults[fault]
        finally:
            self._follows.now = False
        self._move(lambda place: place._replace(faults=faults, moved=name))


def _next_draw(place: Place) -> Place:
    return place._replace(seed=place.seed + 1, moved=("draw", place.seed + 1))


def _slider(control: Control, words: str, value: float) -> widgets.Widget:
    whole = control.step == 1
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    more = {} if whole else {"readout_format": ".3f" if control.step < 0.01 else ".2f"}
    return kind(
        value=value, min=control.least, max=control.most, step=control.step, description=words,
        style=_WIDE, layout={"width": "28em"}, **more,
    )  # fmt: skip


def _table(sets: Sets, seen: Seen) -> str:
    heads = [STRINGS[name] for name in ("measure", "axis", "verdict", "value", "floor")]
    cells = "".join(f'<th scope="col" style="{_CELL}">{html.escape(str(h))}</th>' for h in heads)
    rows = [f"<tr>{cells}</tr>"]
    for name, value in seen.values.items():
        verdict = seen.verdict(name)
        words = f"{metrics_words.MARKS[verdict]} {STRINGS[verdict]}"
        strong = "font-weight: bold" if verdict != "same" else "opacity: 0.75"
        columns = (
            metrics_pictures.row(seen, name),
            f'<span style="{strong}">{html.escape(words)}</span>',
            html.escape(metrics_words.number(sets, name, value)),
            html.escape(metrics_words.limits(sets, seen, name)),
        )
        head = html.escape(metrics_words.title(sets, name))
        rows.append(
            f'<tr><th scope="row" style="{_CELL}">{head}</th>'
            + "".join(f'<td style="{_CELL}">{column}</td>' for column in columns)
            + "</tr>"
        )
    return f'<table style="border-collapse: collapse; line-height: 1.3">{"".join(rows)}</table>'


def _image() -> widgets.Image:
    # No tooltip: ipywidgets 8.1 cannot show an image that has one.
    return widgets.Image(format="png", layout={"max_width": "100%", "align_self": "flex-start"})


def _close(widget: widgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    widget.close()
