"""The training of a phase map: a fleet, looked at twenty times on its way, in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from course_utils.evaluation.outcomes import CHECKPOINTS, Judge, Verdict

if TYPE_CHECKING:
    from course_utils.training.fleet import Fleet

POINTS = 200
"""Samples of each GAN at which its outcome and the measure are taken."""
LATENTS_SEED = 7
PROGRESS_SECONDS = 0.3
SLICE = 25
"""Steps between two looks at the clock and at the stop button."""


class PhaseRun:
    """Trains `fleet` once for `steps` steps; `stop` leaves it where it is, `start` goes on.

    Args:
        fleet: what to train; from its present state on.
        judge: says how each member ended.
        measure: takes points [POINTS, 2] of one member, returns the number to colour its cell by.
        steps: how many, at least CHECKPOINTS.
        listener: called with this run, on the thread that trains: about every 0.3 s, after each of
            the 20 looks, and when the training ends, for whatever reason. It must not raise.

    Attributes:
        status: "ready", "training", "stopped", "done" or "failed".
        failure: the exception that ended the training, or None.
        values: the measure at the last look, float64 [members]; NaN before the first look, and
            where it does not exist.
        verdicts: one for each member at the end, before that none.
        seconds: wall time spent in training so far, the compilation included.
    """

    def __init__(
        self,
        fleet: Fleet,
        judge: Judge,
        measure: Callable[[np.ndarray], float],
        steps: int,
        listener: Callable[[PhaseRun], None] = lambda run: None,
    ):
        self.fleet, self.steps = fleet, steps
        self._judge, self._measure, self._listener = judge, measure, listener
        self.status, self.failure, self.seconds = "ready", None, 0.0
        self.values = np.full(len(fleet), np.nan)
        self.verdicts: list[Verdict] = []
        self._trajectory: list[np.ndarray] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # of starting and stopping
        self._told = 0.0

    def start(self) -> None:
        """Trains on in a thread of its own; nothing happens if it trains already or is done."""
        with self._lock:
            if self.status not in ("ready", "stopped"):
                return
            self.status = "training"
            self._stop.clear()
            self._thread = threading.Thread(target=self._work, name="phase-map", daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Trains to the end on this thread, if that is not done yet.

        Raises:
            Exception: what went wrong, KeyboardInterrupt included: then the run is stopped and can
                go on.
        """
        with self._lock:
            if self.status not in ("ready", "stopped"):
                return
            self.status = "training"
            self._stop.clear()
        self._work()
        if self.failure is not None:
            raise self.failure

    def ask_to_stop(self) -> None:
        """Has the training stop soon; does not wait for it."""
        self._stop.set()

    def stop(self) -> None:
        """Stops the training and waits for its thread to end."""
        with self._lock:
            self._stop.set()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def wait(self) -> None:
        """Waits until nothing is trained; an interrupt stops the training.

        Raises:
            Exception: what went wrong in the training.
        """
        try:
            while (thread := self._thread) is not None and thread.is_alive():
                thread.join(0.05)
        except KeyboardInterrupt:
            self.stop()
            raise
        if self.failure is not None:
            raise self.failure

    def _work(self) -> None:
        begun, status = time.perf_counter(), "stopped"
        before = self.seconds

        def tell(now: bool = False) -> None:
            self.seconds = before + time.perf_counter() - begun
            if now or time.perf_counter() - self._told > PROGRESS_SECONDS:
                self._told = time.perf_counter()
                self._listener(self)

        try:
            tell(now=True)
            while len(self._trajectory) < CHECKPOINTS:
                goal = round(self.steps * (len(self._trajectory) + 1) / CHECKPOINTS)
                while self.fleet.step < goal and not self._stop.is_set():
                    self.fleet.run(min(SLICE, goal - self.fleet.step))
                    tell()
                if self._stop.is_set():
                    return
                self._look()
                if len(self._trajectory) < CHECKPOINTS:
                    tell(now=True)
            runs = np.stack(self._trajectory, axis=1)
            self.verdicts = [self._judge.verdict(run) for run in runs]
            status = "done"
        except KeyboardInterrupt:  # `finish` on the main thread
            raise
        except Exception as error:
            self.failure, status = error, "failed"
        finally:
            self.status = status
            tell(now=True)

    def _look(self) -> None:
        points = self.fleet.generate(POINTS, seed=LATENTS_SEED)
        finite = np.isfinite(points).all(axis=(1, 2))
        self.values = np.array(
            [
                self._measure(one) if is_finite else np.nan
                for one, is_finite in zip(points, finite, strict=True)
            ],
            np.float64,
        )
        self._trajectory.append(points)
