"""A session: one GAN trained in the background, steered from any thread.

One worker thread owns the GAN and is the only one that touches it. Every public method posts a task
for that thread, which runs the tasks in order, between short chunks of training. So there is
nothing to lock in the GAN, and a slow task never leaves half a change behind.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as StillWaiting

import numpy as np

from course_utils.training import checkpoints
from course_utils.training.checks import check_players, whole_number
from course_utils.training.errors import NonFiniteError, SessionClosed
from course_utils.training.gan import GAN, LONGEST_CHUNK
from course_utils.training.interrupts import when_idle
from course_utils.training.snapshots import Snapshots

CHUNK_SECONDS = 0.03
"""How long a chunk should take: short enough for a knob to feel live, long enough to be cheap."""

_sessions: dict[str, Session] = {}
_registry = threading.RLock()
_logger = logging.getLogger(__name__)


class Session:
    """Trains `gan` in the background.

    All public methods may be called from any thread. An exception in the background stops the
    training and is raised by the next call, whichever that is; it is never lost.

    Args:
        gan: the GAN; from now on it belongs to this session.
        name: a second session of the same name closes the first, so that running a cell twice
            does not leave two of them.
    """

    def __init__(self, gan: GAN, name: str = "lesson"):
        self.name = name
        self._gan = gan
        self._tasks: queue.SimpleQueue = queue.SimpleQueue()
        self._playing = threading.Event()
        self._closed = threading.Event()
        self._failure: BaseException | None = None
        self._failure_lock = threading.Lock()
        self._left: int | None = None
        self._chunk = 8
        self._players = "both"
        self._listeners: list[Callable[[Session], None]] = []
        self._snapshots = Snapshots()
        self._thread = threading.Thread(target=self._work, name=f"training-{name}", daemon=True)
        while True:  # until no earlier session of this name is left, whoever else makes one now
            with _registry:
                earlier = _sessions.get(name)
                if earlier is None:
                    self._snapshots.take(gan)
                    self._thread.start()
                    _sessions[name] = self
                    break
            _close(earlier)
        when_idle(pause_all)

    # --- what a person can do ----------------------------------------------------------------

    def play(self, steps: int | None = None) -> None:
        """Trains on in the background: for `steps` more steps, or until `pause`.

        Another session that is playing is paused: one session trains at a time.
        """
        if steps is not None:
            steps = whole_number("steps", steps, 0)
        self._start(steps, "both")

    def pause(self) -> None:
        """Stops after the present chunk; `play` goes on from there."""
        self._ask(lambda gan: self._playing.clear())

    def step(self, players: str = "both", count: int = 1) -> None:
        """Pauses, then makes `count` steps of "both", the "discriminator" or the "generator"."""
        check_players(players)
        self._start(whole_number("count", count, 0), players)

    def set(self, **knobs) -> None:
        """Sets knobs; they act from the next chunk on.

        Raises:
            ValueError: see `knobs.KNOBS`; no knob changes then.
        """
        self._ask(lambda gan: gan.set(**knobs))

    def reset(self, seed: int | None = None) -> None:
        """Fresh weights, step 0, paused; the knobs stay. `seed` None means the same seed again."""

        def start_over(gan):
            self._playing.clear()
            gan.reset(seed)
            self._snapshots.clear()
            self._snapshots.take(gan)

        self._ask(start_over)

    def rewind(self, step: int) -> int:
        """Back to the last snapshot at or before `step`, paused; the knobs stay.

        Returns:
            The step it went back to.
        """
        step = whole_number("step", step, 0)

        def go_back(gan):
            found = self._snapshots.restore(gan, step)
            self._playing.clear()
            return found

        return self._ask(go_back)

    def save(self, path) -> None:
        """Writes a checkpoint, see `checkpoints.save`."""
        self._ask(lambda gan: checkpoints.save(gan, path), quiet=True)

    def load(self, path) -> None:
        """Goes on from a checkpoint, paused; see `checkpoints.load`. Snapshots are dropped."""

        def take_over(gan):
            checkpoints.load(gan, path)
            self._playing.clear()
            self._snapshots.clear()
            self._snapshots.take(gan)

        self._ask(take_over)

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until nothing is being trained; an interrupt (Ctrl-C, the stop button) pauses.

        Args:
            timeout: seconds, or None for as long as it takes.

        Returns:
            False if the time ran out first.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("wait() in a listener would wait for itself")
        end = None if timeout is None else time.monotonic() + timeout
        try:
            while self._ask(lambda gan: self._playing.is_set(), quiet=True):
                if end is not None and time.monotonic() >= end:
                    return False
                time.sleep(0.005)
        except KeyboardInterrupt:
            self.pause()
            raise
        self._raise_failure()
        return True

    def close(self) -> None:
        """Ends the session and its thread. Closing twice is allowed.

        Raises:
            Exception: what went wrong in the background and was not reported yet.
        """
        self._closed.set()
        self._tasks.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()
        with _registry:
            if _sessions.get(self.name) is self:
                del _sessions[self.name]
        self._raise_failure()

    # --- what a view can read ----------------------------------------------------------------

    def read(self, function: Callable[[GAN], object]):
        """Returns `function(gan)`; the worker calls it between two chunks, so it sees one state."""
        return self._ask(function, quiet=True)

    @property
    def playing(self) -> bool:
        """Whether the GAN is being trained, by `play` or by `step`."""
        return self._playing.is_set()

    @property
    def closed(self) -> bool:
        """Whether the session has ended, by `close` or through a second one of its name."""
        return self._closed.is_set()

    @property
    def snapshot_steps(self) -> list[int]:
        """The steps that `rewind` can go back to."""
        return self._snapshots.steps

    def on_change(self, listener: Callable[[Session], None]) -> Callable[[], None]:
        """Calls `listener(session)` on the worker after each chunk and each change of the run.

        Returns:
            A function that ends this.
        """
        self._ask(lambda gan: self._listeners.append(listener), quiet=True)

        def remove():
            if listener in self._listeners:
                self._listeners.remove(listener)

        return remove

    # --- the worker --------------------------------------------------------------------------

    def _start(self, steps: int | None, players: str) -> None:
        def start(gan):
            with _registry:
                for other in _sessions.values():
                    if other is not self and other.playing:
                        other._pause_soon()
                self._left, self._players = steps, players
                if steps != 0:
                    self._playing.set()

        self._ask(start)

    def _ask(self, function: Callable[[GAN], object], quiet: bool = False):
        """Has the worker call `function(gan)`; waits for, and returns, what it returned.

        Args:
            function: what to do.
            quiet: True if it changes nothing, so that listeners need not hear of it.
        """
        if threading.current_thread() is self._thread:
            # A listener asks: it is on the worker already.
            return function(self._gan)
        self._raise_failure()
        if self.closed:
            raise SessionClosed(self.name)
        future: Future = Future()
        self._tasks.put((future, function, quiet))
        # If the worker ended before it saw the task, nobody else will answer it.
        while True:
            try:
                return future.result(timeout=0.5)
            except CancelledError:
                raise SessionClosed(self.name) from None
            except StillWaiting:
                if future.done():
                    return future.result()
                if not self._thread.is_alive():
                    future.cancel()
                    raise SessionClosed(self.name) from None

    def _work(self) -> None:
        try:
            while not self._closed.is_set():
                try:
                    task = self._tasks.get(block=not self._playing.is_set())
                except queue.Empty:
                    self._train_a_chunk()
                    self._tell_listeners()
                    continue
                if task is None:
                    continue
                future, function, quiet = task
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    future.set_result(function(self._gan))
                except BaseException as error:  # it belongs to the caller, who is waiting for it
                    future.set_exception(error)
                else:
                    if not quiet:
                        self._tell_listeners()
        finally:
            self._playing.clear()
            self._closed.set()
            self._cancel_tasks()

    def _train_a_chunk(self) -> None:
        gan = self._gan
        count = self._chunk if self._left is None else min(self._chunk, self._left)
        first = gan.step
        started = time.perf_counter()
        try:
            rows = gan.run(count, self._players)
            bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
            if len(bad):
                knobs = dict(gan.knobs)
                kept = self._snapshots.restore(gan, first)
                raise NonFiniteError(first + int(bad[0]) + 1, knobs, kept)
        except BaseException as error:
            self._fail(error)
            return
        seconds = time.perf_counter() - started
        growth = min(2.0, max(0.5, CHUNK_SECONDS / max(seconds, 1e-6)))
        self._chunk = int(min(LONGEST_CHUNK, max(1, self._chunk * growth)))
        self._snapshots.maybe_take(gan)
        if self._left is not None:
            self._left -= count
            if self._left == 0:
                self._playing.clear()

    def _tell_listeners(self) -> None:
        for listener in list(self._listeners):
            try:
                listener(self)
            except BaseException as error:
                self._listeners.remove(listener)  # it would fail again at every chunk
                self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._playing.clear()
        with self._failure_lock:
            if self._failure is None:
                self._failure = error
            else:
                _logger.error("a second failure in session %s", self.name, exc_info=error)

    def _raise_failure(self) -> None:
        with self._failure_lock:
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    @property
    def failure(self) -> BaseException | None:
        """What went wrong in the background, to be raised by the next call; None if all is well."""
        return self._failure

    def _cancel_tasks(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                task = self._tasks.get_nowait()
                if task is not None:
                    task[0].cancel()

    def _pause_soon(self) -> None:
        # A task, not a wait: two sessions that pause each other must not wait for each other.
        self._tasks.put((Future(), lambda gan: self._playing.clear(), False))


def pause_all() -> None:
    """Pauses every session, without waiting for it."""
    with _registry:
        sessions = list(_sessions.values())
    for session in sessions:
        session._pause_soon()


def close_all() -> None:
    """Closes every session of this process."""
    with _registry:
        sessions = list(_sessions.values())
    for session in sessions:
        _close(session)


atexit.register(close_all)


def _close(session: Session) -> None:
    """Closes a session; what went wrong in it, and nobody asked for, goes to the log."""
    try:
        session.close()
    except Exception:
        _logger.exception("session %s", session.name)
