"""The controller of a panel: commands in, state, frames and answers out; no front end in it.

Messages may come on any thread; they are noted, or posted to the session's worker, and nothing
waits. State and frames are made on the worker, after a chunk of training or a change: one place
draws. While training runs at full speed frames keep to a rate, see `faces`; else they come at once,
one for all changes that wait together.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from course_utils.exercises.feedback import last_line
from course_utils.widgets import registry
from course_utils.widgets.commands import carry_out
from course_utils.widgets.doctor import Doctor
from course_utils.widgets.faces import FRAMES_PER_SECOND, Face, Shown
from course_utils.widgets.frames import Camera
from course_utils.widgets.presence import Presence
from course_utils.widgets.state import StateBook, checked_knobs, configuration
from course_utils.widgets.status import Status
from course_utils.widgets.strings import STRINGS

if TYPE_CHECKING:
    from course_utils.training import Session
    from course_utils.widgets.views import View

DEAF_SECONDS = 0.5
"""Between two frames while no acknowledgement can come in; see `Presence.deaf`."""
_logger = logging.getLogger(__name__)


class Controller:
    """Steers a session for its faces, and tells them what happens.

    One panel of a session is live: opening a controller for a session of the same name tells the
    older panel that it was replaced, and that one does nothing from then on. While nobody has been
    there for ten seconds, training that the panel started rests; it goes on when somebody is back.

    Args:
        session: what to steer; it stays open when the controller is closed.
        views: the pictures.
        knobs: the names of the knobs to offer; None for all that act.
        clock: seconds, growing.

    Attributes:
        config: see the panel's protocol.
        presence: who looks.
        camera: takes the frames.
        doctor: examines the session.
        on_view: called when a view of a canvas says hello; it must not wait.
        on_close: called when the panel is taken from the page.

    Raises:
        ValueError: there is no such knob, or a view cannot show this GAN.
    """

    def __init__(
        self,
        session: Session,
        views: Sequence[View],
        knobs: Sequence[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.session, self.presence = session, Presence(clock)
        names = session.read(lambda gan: checked_knobs(knobs, gan))
        self.camera = session.read(lambda gan: Camera(gan, views))
        self.config = session.read(lambda gan: configuration(gan, session, views, names))
        self.status, self.doctor = Status(), Doctor(session, self._show_examination)
        self.on_view: Callable[[], None] = lambda: None
        self.on_close: Callable[[], object] = lambda: None
        self._clock = clock
        self._book = StateBook(clock)
        self._lock = threading.RLock()  # of state and faces; nothing waits while holding it
        self._shown: list[Shown] = []
        self._marks, self._version, self._frame = (), 0, None
        self._refreshing = False
        self._remove: Callable[[], None] = lambda: None

    @property
    def state(self) -> dict:
        """The state that was last shown, see the panel's protocol; {} before `open`."""
        return self._book.state

    def open(self) -> None:
        """Goes live, and takes the place of an older panel of a session of this name."""
        self._remove()
        registry.enter(self)
        self._remove = self.session.on_change(self._changed)
        self.session.read(lambda gan: self._refresh(self.session, gan))

    def add(self, face: Face) -> None:
        """Has `face` show all from now on."""
        with self._lock:
            self._shown = [*self._shown, Shown(face)]
            face.show_state(self.state)
            face.show_examination(self.doctor.report)
        self._refresh_soon()

    def remove(self, face: Face) -> None:
        """Ends what `add` began, and closes the face."""
        with self._lock:
            self._shown = [shown for shown in self._shown if shown.face is not face]
        face.close()

    def play(self) -> None:
        """Starts to train as the panel's button does, without waiting."""
        self.receive({"type": "command", "action": "play"})

    def close(self) -> None:
        """Takes the panel from the page and leaves the session alone; closing twice is allowed."""
        self._remove()
        registry.leave(self)
        self.status.over = self.status.over or "closed"
        for shown in self._shown:
            self.remove(shown.face)
        self.on_close()

    def replaced(self) -> None:
        """A newer panel is there: this one says so, and does nothing any more."""
        self._remove()
        self._end("replaced")

    # --- messages, on any thread -------------------------------------------------------------

    def receive(self, message) -> None:
        """Takes a message of the front end, whatever it is; never raises and never waits."""
        try:
            self._receive(message if isinstance(message, Mapping) else {})
        except Exception as error:
            self._blame(error)

    def _receive(self, message: Mapping) -> None:
        kind, view = message.get("type"), message.get("view")
        named = isinstance(view, str) and len(view) <= 100
        if kind == "command":
            self._command(message)
        elif kind == "hello" and named:
            self.presence.hello(view)
            self._here(first=True)
            self.on_view()
        elif kind == "beat" and named:
            self._here(first=self.presence.beat(view, message.get("visible") is not False))
        elif kind == "ack" and named and type(message.get("number")) is int:
            self.presence.ack(view, message["number"])
            if any(shown.version != self._version for shown in self._shown):
                self._refresh_soon()
        elif kind == "bye" and named:
            self.presence.bye(view)
        else:
            error = STRINGS["unknown_action"].format(action=str(kind)[:40])
            self._send({"type": "answer", "id": _id(message), "error": error})

    def _here(self, first: bool) -> None:
        """A view is there; `first` if it needs a frame whether or not anything has changed."""
        self._send({"type": "alive"})
        if first:
            for shown in self._shown:
                shown.version = -1
        if not self.status.over:
            if self.status.asleep:
                self.session.post(self._wake)
            self._refresh_soon()

    def _command(self, message: Mapping) -> None:
        number = _id(message)
        if self.status.over:
            error = str(STRINGS[self.status.over])
            self._send({"type": "answer", "id": number, "error": error})
            return
        if message.get("action") == "examine":
            self.doctor.examine()
            # At once: it takes seconds, and the front end would call the command late.
            self._send({"type": "answer", "id": number, "error": None})
            return
        done = self.session.post(lambda session: self._carry_out(session, message))
        done.add_done_callback(lambda future: self._answer(number, future))

    def _answer(self, number, future: Future) -> None:
        from course_utils.training import SessionClosed

        error, text = future.exception(), None
        if isinstance(error, SessionClosed):
            self._end("closed")
            text = str(STRINGS[self.status.over])
        elif isinstance(error, ValueError):
            text = str(error)[:1000]
        elif error is not None:
            text = STRINGS["unexpected"].format(error=last_line(error))
        self._send({"type": "answer", "id": number, "error": text})

    def _end(self, status: str) -> None:
        with self._lock:
            self.status.over = self.status.over or status
            status, message = self.status.read(self.session, {})
            self._show(self._book.end(status, message))

    def _send(self, message: dict) -> None:
        for shown in self._shown:
            shown.face.send(message)

    def _show(self, state: dict) -> None:
        for shown in self._shown:
            shown.face.show_state(state)

    def _show_examination(self) -> None:
        with self._lock:  # whoever comes last shows the newest
            for shown in self._shown:
                shown.face.show_examination(self.doctor.report)

    def _blame(self, error: Exception) -> None:
        _logger.error("panel of session %s", self.session.name, exc_info=error)
        self.status.blame(error)

    # --- on the worker -----------------------------------------------------------------------

    def _carry_out(self, session: Session, message: Mapping) -> None:
        result = carry_out(session, self.camera.views, message)
        if result:
            self._send(result)
        self.status.commanded(session, message["action"])

    def _wake(self, session: Session) -> None:
        if self.status.asleep:
            self.status.asleep = False
            session.play()

    def _changed(self, session: Session) -> None:
        """Listens to the session; an exception here would stop the training, so there is none."""
        try:
            if _hurried(session):
                session.read(lambda gan: self._refresh(session, gan))
            elif session.read(lambda gan: self._look_around(session, gan.history)):
                self._refresh_soon()
        except Exception as error:
            self._blame(error)

    def _refresh_soon(self) -> None:
        """Has the worker refresh when it has done all that waits now."""
        if not self._refreshing:
            self._refreshing = True
            self.session.post(self._refresh_now).add_done_callback(self._refreshed)

    def _refreshed(self, future: Future) -> None:
        if future.exception() is not None:  # `_refresh_now` raises nothing: the session is closed
            self._end("closed")

    def _refresh_now(self, session: Session) -> None:
        self._refreshing = False
        try:
            session.read(lambda gan: self._refresh(session, gan))
        except Exception as error:
            self._blame(error)

    def _look_around(self, session: Session, history) -> bool:
        """Notes what happened; returns whether anything did."""
        self.status.observe(session)
        marks = (
            id(history), history.steps, len(history.events), session.playing, session.speed,
            session.replaying, self.status.read(session, {}),
            [view.requested for view in self.camera.views],
        )  # fmt: skip
        if marks == self._marks:
            return False
        self._marks, self._version = marks, self._version + 1
        return True

    def _refresh(self, session: Session, gan) -> None:
        if self.status.over:
            return
        self._look_around(session, gan.history)
        now = self._clock()
        always = any(not shown.face.acknowledges for shown in self._shown)
        if self.status.wants_play and session.playing and not (always or self.presence.met):
            self.status.asleep = True
            session.pause()
        hurried = _hurried(session)
        due = [shown for shown in self._shown if self._due(shown, now, hurried)]
        if due:
            self._draw(session, gan, due)
        if self._frame is not None:
            shown = self._frame.step, [meta.get("requested") for meta, _ in self._frame.views]
            if self._book.wants_summary(shown, session.playing):
                self._book.summarise(shown, self.camera.describe(self._frame))
        failed = {self.camera.views[i].title: error for i, error in self.camera.errors.items()}
        status = self.status.read(session, failed, compiled=gan.trace_count > 0)
        with self._lock:
            state = self._book.write(session, gan, status, hurried)
            if state is not None and not self.status.over:
                self._show(state)

    def _due(self, shown: Shown, now: float, hurried: bool) -> bool:
        if shown.version == self._version or (hurried and now < shown.due):
            return False
        if not shown.face.acknowledges or self.presence.ready:
            return True
        return bool(self.presence.deaf and self.presence.views and now - shown.last >= DEAF_SECONDS)

    def _draw(self, session: Session, gan, due: Sequence[Shown]) -> None:
        started = time.thread_time()
        self._frame = frame = self.camera.take(gan, session.steps_per_second)
        shared = time.thread_time() - started
        changes = self._book.changes.update(gan.history)
        for shown in due:
            started = time.thread_time()
            if shown.face.acknowledges:
                self.presence.sent(frame.number)
                if self.presence.deaf:  # beats cannot come in, nor be answered
                    shown.face.send({"type": "alive"})
            shown.face.show_frame(frame, changes)
            shown.note(self._version, self._clock(), shared + time.thread_time() - started)


def _hurried(session: Session) -> bool:
    """Whether it trains at full speed; a slow run is drawn step by step, like one that stands."""
    return session.playing and (session.speed is None or session.speed > FRAMES_PER_SECOND)


def _id(message: Mapping):
    """The number by which the front end knows a command, if it is one that can be sent back."""
    number = message.get("id")
    return number if isinstance(number, int | str) and len(str(number)) <= 100 else None
