"""The row of buttons under a question. Callbacks may come on any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import ipywidgets as widgets

from course_utils.exercises.feedback import Feedback, fault


class Buttons:
    """One button for each choice, and the feedback under them.

    A click does nothing but ask `respond` and set the value of one HTML widget; what goes wrong in
    it is shown there, because the output of a callback appears in no cell. Buttons take the focus
    with Tab and are pressed with Enter or the space bar.

    Attributes:
        box: the widget to display.
        buttons: one for each choice.
        feedback: the HTML under them; maths is typeset.
    """

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]],
        respond: Callable[[int], Feedback],
        lock: threading.RLock,
        earlier: Feedback | None = None,
    ) -> None:
        """Make the row.

        Args:
            label: stands before the buttons, such as "Your prediction:".
            choices: letter and tooltip of each button; the tooltip is what a screen reader adds.
            respond: records the choice with this index and returns what to say.
            lock: held from recording to showing, so that the last answer is the one that is shown.
            earlier: feedback on an answer given before.
        """
        self._respond = respond
        self._lock = lock
        self.feedback = widgets.HTMLMath(value=earlier.html() if earlier else "")
        self.buttons = [
            widgets.Button(description=letter, tooltip=tip, layout=widgets.Layout(width="4em"))
            for letter, tip in choices
        ]
        for index, button in enumerate(self.buttons):
            button.on_click(lambda _, index=index: self._clicked(index))
        self._row = widgets.HBox([widgets.Label(label), *self.buttons])
        self.box = widgets.VBox([self._row, self.feedback])

    def show(self, feedback: Feedback) -> None:
        """Show feedback in place of the earlier one."""
        self.feedback.value = feedback.html()

    def close(self) -> None:
        """Remove the widgets from the page."""
        for widget in (self.box, self._row, *self._row.children, self.feedback):
            widget.close()

    def _clicked(self, index: int) -> None:
        with self._lock:
            try:
                self.show(self._respond(index))
            except Exception as error:
                self.show(fault(error))
