"""The plain panel: ipywidgets and a picture, where the canvas cannot be loaded. Slower, no less."""

from __future__ import annotations

import base64
import html
import math
import time

import ipywidgets as widgets

from course_utils import plotting
from course_utils.widgets.controller import Controller
from course_utils.widgets.faces import Face
from course_utils.widgets.frames import Frame
from course_utils.widgets.pinning import pin
from course_utils.widgets.strings import STRINGS

FULL = 0.0  # stands for no limit of the speed: a Dropdown takes None for "nothing chosen"
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
        self._knobs = {knob["name"]: _control(knob) for knob in controller.config["knobs"]}
        for name, control in self._knobs.items():
            control.observe(
                lambda change, name=name: self._knob_moved(name, change["new"]), "value"
            )
        self._status, self._message = widgets.HTML(), widgets.HTML()
        self._file, self._summary = widgets.HTML(), widgets.HTML()
        self._picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
        first = [self._play, *self._buttons[:3], self._speed, self._status]
        second = [*self._buttons[3:], self._upload, self._rewind, self._go_back]
        rows = [
            widgets.HTML(f"<p>{html.escape(reason)}</p>"),
            *(widgets.Box(row, layout=widgets.Layout(flex_flow="row wrap"))
              for row in (first, second, list(self._knobs.values()))),
            self._file, self._message, self._picture, self._summary,
        ]  # fmt: skip
        self.widget = widgets.VBox(rows)
        pin(self._play, *self._buttons, self._go_back, self._speed, self._rewind, self._upload)
        pin(*self._knobs.values())

    @property
    def _there(self) -> int:
        return self._rewind.value

    # --- what the learner does: callbacks, on any thread --------------------------------------

    def _command(self, action: str, **fields) -> None:
        self._controller.receive({"type": "command", "action": action, **fields})

    def _toggle(self, button) -> None:
        self._command("pause" if self._state.get("status") == "playing" else "play")

    def _speed_changed(self, change) -> None:
        if change["new"] is not None and change["new"] != (self._state.get("speed") or FULL):
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


def _button(name: str, clicked) -> widgets.Button:
    button = widgets.Button(description=str(STRINGS[name]), layout=widgets.Layout(width="auto"))
    button.on_click(clicked)
    return button


def _same(one, other) -> bool:
    """Whether two values of a knob differ in no more than a slider's own rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


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
    digits = max(0, round(math.log10(1000 / (high - low))))
    steps = {"step": 10.0**-digits, "readout_format": f".{digits}f"}
    return widgets.FloatSlider(min=low, max=high, **steps, **common)
