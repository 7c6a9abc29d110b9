"""Whether a panel's session trains, and if not, why not and what to do."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from course_utils.exercises.feedback import last_line
from course_utils.widgets.strings import STRINGS

if TYPE_CHECKING:
    from course_utils.training import Session


class Status:
    """What a controller knows about its session's going and standing.

    Attributes:
        wants_play: the panel has started training without an end, and nobody has stopped it yet.
        asleep: it rests because nobody looks.
        over: "replaced" or "closed", for good; None before.
    """

    def __init__(self) -> None:
        self.wants_play = self.asleep = False
        self.over: str | None = None
        self._outside = False
        self._failure: BaseException | None = None
        self._panel_error = ""

    def observe(self, session: Session) -> None:
        """Notes what happened to `session`; called on its worker."""
        if session.failure is not None:
            self._failure = session.failure
        if session.playing and self.asleep:  # somebody's code goes on
            self.asleep = self.wants_play = False
        if self.wants_play and not session.playing and not self.asleep:
            self.wants_play = False
            self._outside = self._failure is None

    def commanded(self, session: Session, action: str) -> None:
        """Notes that the panel's command `action` was carried out; called on the worker."""
        if action in ("speed", "set", "save", "request"):
            return
        self.wants_play = action == "play" and not session.replaying
        self.asleep = self._outside = False
        if action != "pause":
            # Who goes on has read what went wrong; and a session keeps one failure at a time, so
            # that the next one could not be seen while it keeps this one.
            self._failure, self._panel_error = None, ""
            with contextlib.suppress(BaseException):
                session._raise_failure()

    def blame(self, error: Exception) -> None:
        """Notes an error of the panel's own."""
        self._panel_error = last_line(error)

    def read(
        self, session: Session, failed_views: dict[str, str], compiled: bool = True
    ) -> tuple[str, str]:
        """The status, and what happened and what to do ("" if all is well).

        Args:
            session: the panel's.
            failed_views: title -> error of each view that failed.
            compiled: whether the network's training step was compiled.
        """
        if self.over:
            return self.over, str(STRINGS[self.over])
        status, messages = "playing" if session.playing else "paused", []
        if self._failure is not None:
            status = status if session.playing else "failed"
            messages.append(self._failure_text())
        elif self.asleep:
            status = "asleep"
            messages.append(str(STRINGS["asleep"]))
        elif session.playing and not compiled:
            messages.append(str(STRINGS["compiling"]))
        elif self._outside and not session.playing:
            messages.append(str(STRINGS["paused_outside"]))
        for title, error in failed_views.items():
            messages.append(STRINGS["view_failed"].format(title=title, error=error))
        if self._panel_error:
            messages.append(STRINGS["panel_failed"].format(error=self._panel_error))
        return status, " ".join(messages)

    def _failure_text(self) -> str:
        from course_utils.training import NonFiniteError

        if isinstance(self._failure, NonFiniteError):
            return STRINGS["not_finite"].format(error=self._failure)
        return STRINGS["failed"].format(error=last_line(self._failure))
