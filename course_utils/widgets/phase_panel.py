"""The phase map on the page: a canvas, a plain picture where it cannot load, and the opened run."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import anywidget
import ipywidgets
import numpy as np
import traitlets

from course_utils.evaluation.outcomes import OUTCOMES
from course_utils.exercises.feedback import last_line
from course_utils.language import current
from course_utils.widgets import javascript
from course_utils.widgets.phase_picture import COLOURS, UNKNOWN, Axis
from course_utils.widgets.phase_words import STRINGS
from course_utils.widgets.pinning import pin
from course_utils.widgets.presence import CELL

if TYPE_CHECKING:
    from course_utils.widgets.phase_map import PhaseMap

CANVAS_SECONDS = 8.0
"""How long the canvas has to come up before a picture takes its place."""

FILES = ("theme", "canvas", "link", "controls", "phase_map")


class MapCanvas(anywidget.AnyWidget):
    """The canvas. `config` never changes; `state` is all there is to draw, a few kB."""

    _esm = javascript.module(*FILES)
    _css = javascript.styles("panel", "phase_map")
    config = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)


class PhasePanel:
    """Shows a map, and below it the lab of the run that was opened last."""

    def __init__(self, shown: PhaseMap):
        self._map = shown
        self._lock = threading.RLock()
        self._opening = threading.Lock()
        self._opened: list[int] | None = None  # row and column
        self._message = ""
        self._lab = self._timer = self._plain = None
        self._met = self._closed = False
        self._canvas = MapCanvas(config=self._config(), state=self._state())
        pin(self._canvas)
        self._canvas.on_msg(lambda widget, content, buffers: self._receive(content))
        self._box = ipywidgets.VBox([self._canvas])

    def show(self) -> None:
        """Displays it below the running cell."""
        from IPython.display import display

        CELL.watch()
        display(self._box)
        if not self._met:
            self._wait_for_canvas()

    def update(self) -> None:
        """The map has changed; called on any thread."""
        with self._lock:
            if self._closed:
                return
            self._canvas.state = self._state()
            if self._plain is not None:
                self._plain.update()

    def close(self) -> None:
        """Takes everything from the page, and ends the run that was opened."""
        with self._lock:
            self._closed = True
            timer, lab, self._lab = self._timer, self._lab, None
        if timer is not None:
            timer.cancel()
            timer.join()
        if lab is not None:
            _close(lab)
        for widget in (self._box, self._canvas):
            widget.close()

    # --- messages of the page; callbacks come on any thread and never wait -----------------------

    def _receive(self, content: dict) -> None:
        self._canvas_is_there()
        kind = content.get("type")
        if kind in ("hello", "beat"):
            self._canvas.send({"type": "alive"})
        elif kind == "command":
            error = None
            try:
                self._act(content)
            except Exception as failure:
                error = last_line(failure)
            self._canvas.send({"type": "answer", "id": content.get("id"), "error": error})

    def _act(self, content: dict) -> None:
        action = content.get("action")
        if action == "start":
            self._map.start()
        elif action == "stop":
            self._map.run.ask_to_stop()
        elif action == "open":
            self.open(content.get("row"), content.get("column"))
        else:
            raise ValueError(f"unknown action {action!r}")

    def open(self, row: int, column: int) -> None:
        """Opens one cell's run in a lab below the map, in a thread of its own."""
        with self._lock:
            self._opened, self._message = [row, column], str(STRINGS["opening"])
        self.update()
        # Making a GAN takes a second.
        threading.Thread(target=self._open, args=(row, column), name="phase-map-open").start()

    def _open(self, row: int, column: int) -> None:
        from course_utils.widgets.lab import Lab

        with self._opening:  # one after the other
            if self._closed or self._opened != [row, column]:
                return  # another cell was chosen in the meantime
            message, lab, box, older = "", None, None, self._lab
            try:
                lab = Lab(self._map.open(row, column), steps=self._map.steps)
                box = lab.box()
            except Exception as failure:
                message = last_line(failure)
            with self._lock:
                is_closed, self._message = self._closed, message
                if box is not None and not is_closed:
                    self._lab = lab
                    self._box.children = [self._canvas, *self._plain_widgets(), box]
            if is_closed and lab is not None:
                _close(lab)
            elif box is not None and older is not None:
                older.close()
        if not is_closed:
            self.update()

    # --- what the canvas gets --------------------------------------------------------------------

    def _config(self) -> dict:
        shown = self._map
        return {
            "language": current(),
            "strings": {key: str(words) for key, words in STRINGS.items()},
            "x": _axis(shown.x),
            "y": _axis(shown.y),
            "measure": shown.measure_title,
            "colours": list(COLOURS),
            "unknown": UNKNOWN,
            "steps": shown.steps,
            "outcomes": [
                {
                    "name": name,
                    "title": str(kind.title),
                    "letter": str(kind.letter),
                    "meaning": str(kind.meaning),
                }
                for name, kind in OUTCOMES.items()
            ],
        }

    def _state(self) -> dict:
        shown = self._map
        low, high = shown.colour_limits()
        return {
            "status": shown.status,
            "message": self._problem(),
            "note": self._message,
            "step": shown.run.fleet.step,
            "seconds": round(shown.run.seconds, 1),
            "values": [
                float(f"{value:.4g}") if np.isfinite(value) else None for value in shown.run.values
            ],
            "outcomes": shown.outcomes(),
            "low": low,
            "high": high,
            "opened": self._opened,
            "summary": shown.summary(),
        }

    def _problem(self) -> str:
        if self._map.status in ("replaced", "closed"):
            return str(STRINGS[f"was_{self._map.status}"])
        failure = self._map.run.failure
        return STRINGS["broken"].format(error=last_line(failure)) if failure else ""

    # --- where the canvas does not come ---------------------------------------------------------

    def _canvas_is_there(self) -> None:
        with self._lock:
            self._met = True
            if self._timer is not None:
                self._timer.cancel()
            plain, self._plain = self._plain, None
        if plain is not None:
            self._box.children = [one for one in self._box.children if one is not plain.widget]

    def _wait_for_canvas(self) -> None:
        self._timer = threading.Timer(CANVAS_SECONDS, self._canvas_is_late)
        self._timer.name, self._timer.daemon = "phase-map-canvas", True
        self._timer.start()

    def _canvas_is_late(self) -> None:
        with self._lock:
            if self._met or self._closed:
                return
            if CELL.running:  # its hello may be waiting for the cell to end
                self._wait_for_canvas()
                return
            self._plain = _Plain(self._map)
            self._plain.update()
            self._box.children = [*self._box.children, self._plain.widget]

    def _plain_widgets(self) -> list:
        return [self._plain.widget] if self._plain is not None else []


class _Plain:
    """A button, a line of text, and at the end of the training a picture."""

    def __init__(self, shown: PhaseMap):
        self._map = shown
        self._button = ipywidgets.Button()
        self._button.on_click(lambda _: self._press())
        self._line = ipywidgets.Label()
        self._image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(max_width="100%"))
        words = ipywidgets.Label(str(STRINGS["fallback"]))
        self.widget = ipywidgets.VBox(
            [words, ipywidgets.HBox([self._button, self._line]), self._image]
        )
        pin(self._button)

    def update(self) -> None:
        """Shows how the map stands."""
        status = self._map.status
        words = {"ready": "start", "stopped": "continue", "training": "stop"}.get(status)
        self._button.disabled = words is None
        if words:
            self._button.description = str(STRINGS[words])
        self._line.value = self._map.summary()
        if status != "training":
            from course_utils import plotting

            with contextlib.suppress(plotting.MissingGlyphError):
                self._image.value = plotting.png(self._map.figure())

    def _press(self) -> None:
        if self._map.status == "training":
            self._map.run.ask_to_stop()
        else:
            self._map.start()


def _close(lab) -> None:
    lab.close()
    with contextlib.suppress(Exception):  # it may have diverged: that was seen in its panel
        lab.session.close()


def _axis(axis: Axis) -> dict:
    labels = [axis.label(index) for index in range(len(axis))]
    return {"title": axis.title, "labels": labels, "ticks": [list(tick) for tick in axis.ticks]}
