"""The panel's doctor: has the session examined between two chunks, and says what was found."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from course_utils.exercises.feedback import last_line
from course_utils.widgets.strings import STRINGS

if TYPE_CHECKING:
    from course_utils.clinic.diagnose import Diagnosis
    from course_utils.training import Session


def examine(session: Session) -> tuple[Diagnosis, int]:
    """The diagnosis of a session's GAN, and at which step; see `clinic.running.diagnose_gan`.

    Training waits meanwhile, and goes on as if nothing had been.
    """
    from course_utils.clinic.running import diagnose_gan  # it imports TensorFlow

    return session.read(lambda gan: (diagnose_gan(gan), gan.step))


class Doctor:
    """Examines a session for a panel, once at a time.

    Args:
        session: whose GAN is examined, on the session's worker.
        tell: called when `report` has changed, on any thread; it must not wait.

    Attributes:
        report: {} before the first examination; then plain values: "busy", whether one is under
            way; "step", where the last one was made; "text", what was found, "" for nothing yet;
            "error", why there was no diagnosis, "" if there is one.
    """

    def __init__(self, session: Session, tell: Callable[[], None]):
        self._session, self._tell = session, tell
        self._lock = threading.Lock()
        self.report: dict = {}

    def examine(self) -> None:
        """Asks the worker for an examination, without waiting; does nothing if one is under way."""
        with self._lock:
            if self.report.get("busy"):
                return
            self.report = {"busy": True, "step": 0, "text": "", "error": ""}
        try:
            self._tell()
        finally:  # or the button would be busy for ever
            self._session.post(examine).add_done_callback(self._found)

    def _found(self, future: Future) -> None:
        from course_utils.training import SessionClosed

        report = {"busy": False, "step": 0, "text": "", "error": ""}
        try:
            diagnosis, step = future.result()
            report |= {"step": step, "text": str(diagnosis)}
        except SessionClosed:
            pass  # the panel speaks of it itself
        except ValueError as error:
            report["error"] = str(error)[:1000]
        except BaseException as error:  # else the button would be busy for ever
            report["error"] = STRINGS["unexpected"].format(error=last_line(error))
        self.report = report
        self._tell()
