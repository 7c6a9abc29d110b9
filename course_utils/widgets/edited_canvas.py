"""A canvas that a learner edits: numbered edits come in, one state goes out to all of its views.

Python holds the state. A view (a tab, or a cell's output shown twice) sends edits, each with the
view's name and a growing number; Python applies it and publishes the new state with the name and
number of the edit it answers. So a view knows which of its edits the state contains, a reloaded
page finds everything in its place, and of two views the later edit wins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import anywidget
import ipywidgets
import numpy as np
import traitlets

from course_utils.data.targets import Bounds
from course_utils.exercises.feedback import last_line
from course_utils.language import text
from course_utils.widgets.pinning import pin

PATIENCE_SECONDS = 8.0
"""How long the front end has to load the canvas before a picture takes its place."""


class EditedCanvas(anywidget.AnyWidget):
    """The front end's half of a game; the owner of the state is its other half.

    Attributes:
        config: what never changes: words in the learner's language, bounds, limits.
        state: what the owner says of itself, JSON values; and `view`, `number` (the edit that it
            answers) and `message` (what went wrong, or "").
        pixels: one picture that belongs to the state, uint8, row 0 = lowest y.
        points: one cloud that belongs to the state, float32 [n, 2].
    """

    config = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    pixels = traitlets.Bytes().tag(sync=True)
    points = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        config: dict,
        edit: Callable[[str, dict, Sequence], None],
        describe: Callable[[], dict],
        lock: threading.RLock,
    ):
        """Make the canvas and publish the first state.

        Args:
            config: see the class.
            edit: applies `edit(action, message, buffers)` to the owner's state; a ValueError
                means that the edit was refused, and its words are shown to the learner.
            describe: returns {"state": dict, "pixels": bytes, "points": bytes}; the last two may
                be left out.
            lock: held from applying an edit to publishing it.
        """
        super().__init__(config=config)
        self._edit, self._describe, self._lock = edit, describe, lock
        self._numbers: dict[str, int] = {}
        self._stand_in: ipywidgets.HTML | None = None
        self._patience: threading.Timer | None = None
        self.on_msg(self._receive)
        self.publish()
        pin(self)

    def publish(self, view: str = "", number: int = 0, message: str = "") -> None:
        """Send the owner's state to all views, as one message.

        Args:
            view: the view whose edit this answers, or "".
            number: the edit's number.
            message: what went wrong with it, or "".
        """
        with self._lock, self.hold_sync():
            told = self._describe()
            state = told.pop("state")
            message = message or state.get("message", "")
            self.state = {**state, "view": view, "number": number, "message": message}
            for name, value in told.items():
                setattr(self, name, value)

    def _receive(self, _widget, message, buffers) -> None:
        """Apply a view's message. Never raises: nobody would see it."""
        view, number = "", 0
        try:
            if message == {"type": "hello"}:
                self._appeared()
                return
            view, number = _address(message)
            with self._lock:
                if number <= self._numbers.get(view, 0):
                    return  # overtaken by a later edit on another thread
                self._numbers[view] = number
                self._edit(message.get("action"), message, buffers or [])
                self.publish(view, number)
        except ValueError as error:
            self._refuse(view, number, str(error))
        except Exception as error:
            words = text(
                en="The course's own code failed at this edit, and nothing was changed by it: ",
                zh="处理这次操作时，课程自己的代码出错了，操作没有生效：",
            )
            self._refuse(view, number, words + last_line(error))

    def _refuse(self, view: str, number: int, message: str) -> None:
        try:
            self.publish(view, number, message)
        except Exception as error:  # even describing the state fails: say that and keep the rest
            self.state = {**self.state, "view": view, "number": number, "message": last_line(error)}

    def show(self, instead: Callable[[], str], words: str) -> None:
        """Display the canvas; where the front end does not load it in time, something else.

        Args:
            instead: returns HTML for a front end that shows widgets but cannot load this one.
            words: plain text for a front end that shows no widgets at all.
        """
        from IPython.display import display

        self._stand_in = ipywidgets.HTML(layout={"display": "none"})
        box = ipywidgets.VBox([self, self._stand_in])
        bundle = box._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        display({**data, "text/plain": words}, raw=True)
        self._patience = threading.Timer(PATIENCE_SECONDS, self._stand_aside, [instead])
        self._patience.daemon = True
        self._patience.start()

    def _stand_aside(self, instead: Callable[[], str]) -> None:
        self._stand_in.value = instead()
        self._stand_in.layout.display = None

    def _appeared(self) -> None:
        """A view says hello: the canvas is there, however late."""
        if self._patience is not None:
            self._patience.cancel()
            self._stand_in.layout.display = "none"


def _address(message) -> tuple[str, int]:
    """Return the view and the number of an edit.

    Raises:
        ValueError: the message is no edit.
    """
    if isinstance(message, dict) and message.get("type") == "edit":
        view, number = message.get("view"), message.get("number")
        if isinstance(view, str) and len(view) <= 64 and type(number) is int and number > 0:
            return view, number
    raise ValueError(
        text(
            en="A message from the page could not be understood. Run the cell again; if that does "
            "not help, reload the page.",
            zh="无法识别页面发来的消息。请重新运行这个单元格；如果仍不行，请刷新页面。",
        )
    )


def check_bounds(bounds) -> Bounds:
    """Return ((x_min, x_max), (y_min, y_max)) as floats.

    Raises:
        ValueError: they are not two pairs of finite numbers, the lower first.
    """
    try:
        array = np.array(bounds, float)
    except (TypeError, ValueError):
        array = np.zeros(0)
    if array.shape != (2, 2) or not (
        np.isfinite(array).all() and (array[:, 0] < array[:, 1]).all()
    ):
        raise ValueError(
            text(
                en=f"bounds = {bounds!r}: give ((x_min, x_max), (y_min, y_max)), numbers, the "
                "lower first.",
                zh=f"bounds = {bounds!r}：请给出 ((x_min, x_max), (y_min, y_max))，"
                "均为数值，小的在前。",
            )
        )
    return tuple(map(tuple, array.tolist()))
