"""Faces: what shows a controller to somebody, and when each is due for another frame."""

from __future__ import annotations

import statistics
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_utils.widgets.frames import Frame

FRAMES_PER_SECOND = 12
SHARE_OF_TIME = 0.08


class Face:
    """Shows what a controller says. Its methods may be called on any thread.

    Attributes:
        acknowledges: whether somebody tells `Presence` when a frame was drawn.
        seconds: between two frames while training runs at full speed, at least.
        share: of the training time that its frames may take.
    """

    acknowledges = False
    seconds = 1 / FRAMES_PER_SECOND
    share = SHARE_OF_TIME

    def show_state(self, state: dict) -> None:
        """Shows the panel's state, see the protocol."""

    def show_frame(self, frame: Frame, changes: list) -> None:
        """Shows a frame, with the changes of knobs so far."""

    def show_examination(self, report: dict) -> None:
        """Shows how the doctor gets on, see `doctor.Doctor.report`; {} before the first time."""

    def send(self, message: dict) -> None:
        """Passes on an answer, a file or a sign of life."""

    def close(self) -> None:
        """Takes it from the page."""


class Shown:
    """What a face has shown so far.

    Attributes:
        face: whose.
        version: of the run that it shows; -1 for nothing yet.
        due: when it may have the next frame, on the controller's clock.
        last: when it had its last one.
    """

    def __init__(self, face: Face):
        self.face, self.version = face, -1
        self.due = self.last = float("-inf")
        self._costs: deque[float] = deque(maxlen=5)

    def note(self, version: int, now: float, cost: float) -> None:
        """A frame of `version` was shown at `now` and took `cost` seconds of training."""
        if self.last > float("-inf"):  # the first one compiles, and says nothing about the next
            self._costs.append(cost)
        usual = statistics.median(self._costs) if self._costs else 0.0
        interval = max(self.face.seconds, usual / self.face.share)
        # Counted from when it was due, so that frames keep their rate although they come between
        # chunks; but a long pause is not made up for.
        self.version, self.last, self.due = version, now, max(self.due, now - interval) + interval
