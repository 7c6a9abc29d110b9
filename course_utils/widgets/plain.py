"""The plain panel: ipywidgets and a picture, where the canvas cannot be loaded. Slower, no less."""

from __future__ import annotations

import base64
import functools
import html
import math
import threading
import time
from collections.abc import Callable

import ipywidgets as widgets

from course_utils import plotting
from course_utils.widgets.commands import CLASS_WEIGHT
from course_utils.widgets.controller import Controller
from course_utils.widgets.faces import Face
from course_utils.widgets.frames import Frame
from course_utils.widgets.pinning import pin
from course_utils.widgets.strings import STRINGS

FULL = 0.0  # stands for no limit of the speed: a Dropdown takes None for "nothing chosen"
NO_CLASS = -1
HAND_SECONDS = 1.0
"""For how long a control that was moved is left alone when an older value comes back."""
_WIDE = {"description_width": "11em"}
_BUTTONS = {
    "step_both": {"action": "step", "players": "both"},
    "step_discriminator": {"action": "step", "players": "discriminator"},
    "step_generator": {"action": "step", "players": "generator"},
    "reset": {"action": "reset", "seed": None},
    "reset_new": {"action": "reset", "seed": "new"},
    "save": {"action": "save"},
    "doctor": {"action": "examine"},
}


class PlainPanel(Face):
    """Shows a controller with buttons, sliders, a picture twice a second at most, and text.

    Nothing tells whether somebody looks at it, so training does not rest while it is open. Its
    pictures take up to a quarter of the training time.

    Args:
        controller: what to show.
        reason: why this panel is here, a sentence above it; may be empty.

    Attributes:
        widget: to be displayed.
    """

    seconds = 0.5
    share = 0.25

    def __init__(self, controller: Controller, reason: str = ""):
        self._controller = controller
        self._state: dict = {}
        self._follows, self._followed = _Following(), FULL
        self._answered = ""
        self._moved: dict[str, float] = {}  # control -> when it was moved by hand
        self._play = _button("play", self._toggle)
        self._buttons = [
            _button(name, lambda _, fields=fields: self._command(**fields))
            for name, fields in _BUTTONS.items()
        ]
        self._speed = widgets.Dropdown(
            options=[(one["title"], one["value"] or FULL) for one in controller.config["speeds"]],
            description=str(STRINGS["speed"]),
        )
        self._speed.observe(self._speed_changed, "value")
        self._rewind = widgets.SelectionSlider(
            options=[0], description=str(STRINGS["rewind"]), continuous_update=False
        )
        self._go_back = _button(
            "rewind_button", lambda _: self._command("rewind", step=self._there)
        )
        self._upload = widgets.FileUpload(accept=".json", description=str(STRINGS["replay"]))
        self._upload.observe(self._uploaded, "value")
        self._choices = {
            index: _ClassChoice(view["classes"], functools.partial(self._request, index))
            for index, view in enumerate(controller.config["views"])
            if view["classes"]
        }
        self._knobs = {knob["name"]: _control(knob) for knob in controller.config["knobs"]}
        for name, control in self._knobs.items():
            control.observe(
                lambda change, name=name: self._knob_moved(name, change["new"]), "value"
            )
        self._status, self._message = widgets.HTML(), widgets.HTML()
        self._file, self._summary, self._doctor = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
        first = [self._play, *self._buttons[:3], self._speed, self._status]
        second = [*self._buttons[3:], self._upload, self._rewind, self._go_back]
        knobs = list(self._knobs.values())
        choices = [list_ for choice in self._choices.values() for list_ in choice.lists]
        rows = [
            widgets.HTML(f"<p>{html.escape(reason)}</p>"),
            *(widgets.Box(row, layout=widgets.Layout(flex_flow="row wrap"))
              for row in (first, second, knobs, choices) if row),
            self._file, self._message, self._doctor, self._picture, self._summary,
        ]  # fmt: skip
        self.widget = widgets.VBox(rows)
        pin(self._play, *self._buttons, self._go_back, self._speed, self._rewind, self._upload)
        pin(*knobs, *choices)

    @property
    def _there(self) -> int:
        return self._rewind.value

    # --- what the learner does: callbacks, on any thread --------------------------------------

    def _command(self, action: str, **fields) -> None:
        self._controller.receive({"type": "command", "action": action, **fields})

    def _request(self, picture: int, classes: list[int]) -> None:
        self._command("request", picture=picture, classes=classes)

    def _toggle(self, button) -> None:
        self._command("pause" if self._state.get("status") == "playing" else "play")

    def _speed_changed(self, change) -> None:
        if change["new"] is not None and not self._follows.now:
            self._command("speed", value=change["new"] or None)

    def _knob_moved(self, name: str, value) -> None:
        if not _same(value, self._state.get("knobs", {}).get(name)):
            self._moved[name] = time.monotonic()
            self._command("set", knobs={name: value})

    def _uploaded(self, change) -> None:
        for file in change["new"]:
            text = bytes(file["content"]).decode("utf-8", errors="replace")
            self._command("replay", text=text)

    # --- what the controller says: on the worker ----------------------------------------------

    def show_state(self, state: dict) -> None:
        """See `Face.show_state`."""
        if not state:
            return
        self._state = state
        playing = state["status"] == "playing"
        self._play.description = str(STRINGS["pause" if playing else "play"])
        self._status.value = html.escape(
            f"{STRINGS['status_' + state['status']]} · {STRINGS['step'].format(**state)} · "
            f"{STRINGS['seed'].format(**state)}"
        )
        speed = state["speed"] or FULL
        if speed != self._followed:  # a state from before the last choice says nothing new
            self._followed = speed
            with self._follows:
                self._speed.value = speed if speed in _values(self._speed) else None
        if list(self._rewind.options) != state["snapshots"] and state["snapshots"]:
            kept = self._there if self._there in state["snapshots"] else state["snapshots"][-1]
            with self._rewind.hold_trait_notifications():
                self._rewind.options, self._rewind.value = state["snapshots"], kept
        now = time.monotonic()
        for name, control in self._knobs.items():
            moved_now = now - self._moved.get(name, -math.inf) < HAND_SECONDS
            if not moved_now and not _same(control.value, state["knobs"][name]):
                control.value = state["knobs"][name]
        self._show_message()
        self._summary.value = f'<p role="status">{html.escape(state["summary"])}</p>'

    def show_frame(self, frame: Frame, changes: list) -> None:
        """See `Face.show_frame`."""
        self._picture.value = plotting.png(self._controller.camera.figure(frame, changes))
        for index, choice in self._choices.items():
            choice.follow(frame.views[index][0].get("requested", []))

    def show_examination(self, report: dict) -> None:
        """See `Face.show_examination`."""
        self._buttons[-1].disabled = bool(report.get("busy"))
        words, role = html.escape(_examined(report)), "alert" if report.get("error") else "status"
        style = "white-space: pre-line; line-height: 1.4"
        self._doctor.value = f'<p role="{role}" style="{style}">{words}</p>' if words else ""

    def send(self, message: dict) -> None:
        """See `Face.send`."""
        if message["type"] == "answer":
            self._answered = message["error"] or ""
            self._show_message()
        elif message["type"] == "file":
            data = base64.b64encode(message["text"].encode()).decode()
            name = html.escape(message["name"], quote=True)
            self._file.value = (
                f'<a download="{name}" href="data:application/json;base64,{data}">'
                f"{html.escape(STRINGS['download'].format(name=message['name']))}</a>"
            )

    def close(self) -> None:
        """See `Face.close`."""
        for row in self.widget.children:
            for control in getattr(row, "children", ()):
                control.close()
            row.close()
        self.widget.close()

    def _show_message(self) -> None:
        lines = [line for line in (self._state.get("message"), self._answered) if line]
        text = "<br>".join(html.escape(line) for line in lines)
        self._message.value = f'<p role="alert"><strong>{text}</strong></p>' if text else ""


class _Following(threading.local):
    """Whether this thread, and no learner, is changing a control.

    A comparison with the last state cannot tell: a choice that is taken back at once equals it.
    """

    now = False

    def __enter__(self) -> None:
        self.now = True

    def __exit__(self, *error) -> None:
        self.now = False


class _ClassChoice:
    """Two lists: the class that a picture shows, or all, and the class that it blends into.

    Args:
        titles: of the classes.
        ask: called with the classes that were chosen.
    """

    def __init__(self, titles: list[str], ask: Callable[[list[int]], None]):
        options = [(title, number) for number, title in enumerate(titles)]
        self._ask, self._followed = ask, []
        self._moved, self._follows = -math.inf, _Following()
        self.lists = [
            widgets.Dropdown(
                options=[(none, NO_CLASS), *options], value=NO_CLASS, style=_WIDE,
                description=str(STRINGS[name]),
            )
            for name, none in (("class_choice", str(STRINGS["all_classes"])), ("blend_into", "–"))
        ]  # fmt: skip
        self.lists[1].disabled = True
        for each in self.lists:
            each.observe(self._chosen, "value")

    def follow(self, requested: list[int]) -> None:
        """Shows what the picture shows, unless a list was moved just now; on the worker."""
        # A picture takes its time: one from before the last choice says nothing new.
        if requested == self._followed or time.monotonic() - self._moved < HAND_SECONDS:
            return
        self._followed = list(requested)
        self._show(requested)

    def _chosen(self, change) -> None:
        if self._follows.now:
            return
        first, second = (each.value for each in self.lists)
        classes = [] if first == NO_CLASS else [one for one in (first, second) if one != NO_CLASS]
        self._moved = time.monotonic()
        self._show(classes)
        self._ask(classes)

    def _show(self, classes: list[int]) -> None:
        with self._follows:
            for each, value in zip(self.lists, [*classes, NO_CLASS, NO_CLASS], strict=False):
                each.value = value
        self.lists[1].disabled = not classes  # there is nothing to blend with


def _button(name: str, clicked) -> widgets.Button:
    button = widgets.Button(description=str(STRINGS[name]), layout=widgets.Layout(width="auto"))
    button.on_click(clicked)
    return button


def _same(one, other) -> bool:
    """Whether two values of a knob differ in no more than a slider's own rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def _examined(report: dict) -> str:
    if report.get("busy"):
        return str(STRINGS["doctor_busy"])
    if not report.get("text"):
        return report.get("error", "")
    return f"{STRINGS['doctor_found'].format(**report)}\n{report['text']}"


def _values(dropdown: widgets.Dropdown) -> list:
    return [value for _, value in dropdown.options]


def _control(knob: dict) -> widgets.Widget:
    """The control of a knob: a slider, a number field or a list of choices."""
    common = {
        "value": knob["default"],
        "description": knob["title"],
        "tooltip": knob["explanation"],
        "style": _WIDE,
    }
    low, high = knob["low"], knob["high"]
    if knob["scale"] == "choice":
        options = list(zip(knob["choice_titles"], knob["choices"], strict=True))
        return widgets.Dropdown(options=options, **common)
    if knob["scale"] == "log":
        exponents = {"min": math.log10(low), "max": math.log10(high), "step": 0.05}
        return widgets.FloatLogSlider(readout_format=".2g", **exponents, **common)
    if knob["scale"] == "integer":
        kind = widgets.IntSlider if high - low <= 100 else widgets.BoundedIntText
        return kind(min=int(low), max=int(high), **common)
    if CLASS_WEIGHT.fullmatch(knob["name"]):  # ten of them: upright, side by side
        common |= {"orientation": "vertical", "style": {"description_width": "initial"}}
        common["layout"] = widgets.Layout(height="9em", width="5.5em")
    digits = max(0, round(math.log10(1000 / (high - low))))
    steps = {"step": 10.0**-digits, "readout_format": f".{digits}f"}
    return widgets.FloatSlider(min=low, max=high, **steps, **common)
