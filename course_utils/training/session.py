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
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future

import numpy as np

from course_utils.training import checkpoints
from course_utils.training.checks import check_players, whole_number
from course_utils.training.errors import GANInUse, NonFiniteError, SessionClosed
from course_utils.training.gan import GAN
from course_utils.training.interrupts import when_idle
from course_utils.training.pace import Pace, check_speed
from course_utils.training.replay import start_of_replay
from course_utils.training.snapshots import Snapshots

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

    Raises:
        GANInUse: the GAN belongs to a session of another name.
    """

    def __init__(self, gan: GAN, name: str = "lesson"):
        self.name = name
        self._gan = gan
        self._tasks: queue.SimpleQueue = queue.SimpleQueue()
        self._playing = threading.Event()
        self._closed = threading.Event()
        self._failure: BaseException | None = None
        self._failure_lock = threading.Lock()
        self._tasks_lock = threading.RLock()
        self._ended = False
        self._left: int | None = None
        self._players = "both"
        self._pace = Pace()
        self._plan: deque[dict] | None = None  # what is left of a replay
        self._listeners: list[Callable[[Session], None]] = []
        self._snapshots = Snapshots()
        self._thread = threading.Thread(target=self._work, name=f"training-{name}", daemon=True)
        while True:  # until no earlier session of this name is left, whoever else makes one now
            with _registry:
                earlier = _sessions.get(name)
                if earlier is None:
                    if gan._session is not None:
                        raise GANInUse(gan._session[0])
                    self._snapshots.take(gan)
                    gan._session = name, self._thread
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
        self._start(whole_number("count", count, 0), players, by_hand=True)

    def set(self, **knobs) -> None:
        """Sets knobs; they act from the next chunk on.

        Raises:
            ValueError: see `knobs.KNOBS`; no knob changes then.
        """

        def change(gan):
            gan.set(**knobs)
            self._plan = None

        self._ask(change)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Trains at most that fast, 0.1 ... 1e6 steps a second; None for as fast as it goes.

        Raises:
            ValueError: it is out of that range.
        """
        limit = check_speed(steps_per_second)

        def change(gan):
            self._pace.limit = limit
            self._pace.start()

        self._ask(change)

    def reset(self, seed: int | None = None) -> None:
        """Fresh weights, step 0, paused; the knobs stay. `seed` None means the same seed again."""

        def start_over(gan):
            gan.reset(seed)
            self._begin_anew(gan)

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
            self._plan = None
            return found

        return self._ask(go_back)

    def save(self, path) -> None:
        """Writes a checkpoint, see `checkpoints.save`."""
        self._ask(lambda gan: checkpoints.save(gan, path), quiet=True)

    def load(self, path) -> None:
        """Goes on from a checkpoint, paused; see `checkpoints.load`. Snapshots are dropped."""

        def take_over(gan):
            checkpoints.load(gan, path)
            self._begin_anew(gan)

        self._ask(take_over)

    def replay(self, log: Mapping) -> None:
        """Starts over from the seed and knobs of `log` and plays its events, in the background.

        `pause` and `play` work as ever; a change of a knob, a step, a reset or a rewind ends the
        replay, and the run goes on from there.

        Args:
            log: see `replay.replay`.

        Raises:
            ValueError: see `replay.replay`; nothing changes then.
        """

        def begin(gan):
            events = start_of_replay(gan, log)
            self._begin_anew(gan)
            self._plan = deque(events)

        self._ask(begin)
        self.play()

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

    def post(self, action: Callable[[Session], object]) -> Future:
        """Has the worker call `action(session)` before the next chunk, and does not wait for it.

        For callbacks, which must not wait. All that is posted during a chunk acts before the next.

        Returns:
            A future of what `action` returns or raises; of `SessionClosed` if the session is, or
            will be, closed before. A failure of the background is not raised here.
        """
        return self._put(lambda gan: action(self), quiet=False)

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
    def replaying(self) -> bool:
        """Whether there is something left of a `replay`."""
        return self._plan is not None

    @property
    def speed(self) -> float | None:
        """The limit of `set_speed`, in steps a second; None if there is none."""
        return self._pace.limit

    @property
    def steps_per_second(self) -> float:
        """How fast it trains, smoothed over half a second; 0 while it is paused."""
        return self._pace.rate if self.playing else 0.0

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

    def _start(self, steps: int | None, players: str, by_hand: bool = False) -> None:
        def start(gan):
            with _registry:
                for other in _sessions.values():
                    if other is not self and other.playing:
                        other._pause_soon()
                self._left, self._players = steps, players
                if by_hand:
                    self._plan = None
                if steps != 0:
                    self._pace.start()
                    self._playing.set()

        self._ask(start)

    def _begin_anew(self, gan) -> None:
        self._playing.clear()
        self._plan = None
        self._snapshots.clear()
        self._snapshots.take(gan)

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
        return self._put(function, quiet).result()

    def _put(self, function: Callable[[GAN], object], quiet: bool) -> Future:
        future: Future = Future()
        with self._tasks_lock:
            if self._ended:  # nobody would answer it any more
                future.set_exception(SessionClosed(self.name))
            else:
                self._tasks.put((future, function, quiet))
        return future

    def _work(self) -> None:
        try:
            while not self._closed.is_set():
                try:
                    task = self._next_task()
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
            if self._gan._session == (self.name, self._thread):
                self._gan._session = None
            self._refuse_tasks()

    def _next_task(self):
        """The next task; `queue.Empty` means that it is time to train."""
        if not self._playing.is_set():
            return self._tasks.get()
        seconds = self._pace.seconds_to_wait()
        return self._tasks.get(timeout=seconds) if seconds else self._tasks.get_nowait()

    def _train_a_chunk(self) -> None:
        gan = self._gan
        started = time.perf_counter()
        try:
            count, players = self._next_run(gan)
            first = gan.step
            rows = gan.run(count, players)
            bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
            if len(bad):
                knobs = dict(gan.knobs)
                kept = self._snapshots.restore(gan, first)
                self._plan = None
                raise NonFiniteError(first + int(bad[0]) + 1, knobs, kept)
        except BaseException as error:
            self._fail(error)
            return
        self._pace.record(count, time.perf_counter() - started)
        self._snapshots.maybe_take(gan)
        if self._left is not None:
            self._left -= count
            if self._left == 0:
                self._playing.clear()
        if self._plan is not None and not self._plan:
            self._plan = None
            self._playing.clear()

    def _next_run(self, gan) -> tuple[int, str]:
        """How many steps of which players come next; changes of knobs in a replay are made."""
        most = self._pace.count()
        if self._left is not None:
            most = min(most, self._left)
        if self._plan is None:
            return most, self._players
        while self._plan:
            event = self._plan[0]
            if event.get("run", 0) > most:
                event["run"] -= most
                return most, event["players"]
            self._plan.popleft()
            if "set" in event:
                gan.set(**event["set"])
            elif event["run"]:
                return event["run"], event["players"]
        return 0, "both"

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

    def _refuse_tasks(self) -> None:
        with self._tasks_lock:
            self._ended = True
            with contextlib.suppress(queue.Empty):
                while True:
                    task = self._tasks.get_nowait()
                    if task is not None and task[0].set_running_or_notify_cancel():
                        task[0].set_exception(SessionClosed(self.name))

    def _pause_soon(self) -> None:
        # A task, not a wait: two sessions that pause each other must not wait for each other.
        self._put(lambda gan: self._playing.clear(), quiet=False)


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
