"""The live panel: a canvas in the notebook, one message for each frame."""

from __future__ import annotations

import anywidget
import traitlets

from course_utils.widgets import javascript
from course_utils.widgets.controller import Controller
from course_utils.widgets.faces import Face
from course_utils.widgets.frames import Frame
from course_utils.widgets.pinning import pin

FILES = (
    "theme",
    "plane",
    "canvas",
    "contour",
    "link",
    "controls",
    "knob_groups",
    "toolbar",
    "doctor",
    "views_points",
    "views_curves",
    "views_images",
    "views_simple",
    "panel",
)


class Canvas(anywidget.AnyWidget):
    """The widget: `config`, `state` and `examination` for its views, the rest in messages.

    Any number of views (tabs, copies of the output) may show it; they share the state, and each
    says for itself that it is there and which frames it has drawn.
    """

    _esm = javascript.module(*FILES)
    _css = javascript.styles("panel")
    config = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    examination = traitlets.Dict().tag(sync=True)


class Panel(Face):
    """Shows a controller on a canvas.

    Args:
        controller: what to show; the canvas's messages go to it.

    Attributes:
        widget: to be displayed.
    """

    acknowledges = True

    def __init__(self, controller: Controller):
        self.widget = Canvas(config=controller.config, state=controller.state)
        pin(self.widget)
        self.widget.on_msg(lambda widget, content, buffers: controller.receive(content))

    def show_state(self, state: dict) -> None:
        """See `Face.show_state`."""
        self.widget.state = state

    def show_frame(self, frame: Frame, changes: list) -> None:
        """See `Face.show_frame`."""
        message, buffers = frame.wire()
        self.widget.send(message, buffers)

    def show_examination(self, report: dict) -> None:
        """See `Face.show_examination`."""
        self.widget.examination = report

    def send(self, message: dict) -> None:
        """See `Face.send`."""
        self.widget.send(message)

    def close(self) -> None:
        """See `Face.close`."""
        self.widget.close()
