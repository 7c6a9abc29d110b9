"""What has been trained: the curves, and the log from which a run can be repeated."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

CURVES = (
    "discriminator_loss",
    "real_belief",
    "fake_belief",
    "discriminator_gradient_norm",
    "generator_loss",
    "generator_gradient_norm",
)
"""The columns of a row: losses in nats, beliefs D(x) in [0, 1], Euclidean norms of gradients."""


def _no_rows() -> np.ndarray:
    return np.zeros((0, len(CURVES)), np.float32)


@dataclass
class History:
    """The curves of every step, and all that was done to the run, in order.

    Attributes:
        seed: the run's seed.
        knobs: the knobs' values at step 0.
        events: a list of `{"run": steps, "players": …}` and `{"set": {knob: value}}`, in order:
            with the seed and the knobs it is enough to repeat the run.
    """

    seed: int
    knobs: Mapping
    events: list[dict] = field(default_factory=list)
    _buffer: np.ndarray = field(default_factory=_no_rows, repr=False)
    _length: int = field(default=0, repr=False)

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return self._length

    @property
    def last_row(self) -> np.ndarray:
        """The curves' values at the last step, float32 `[6]`; zeros before the first."""
        return self.rows[-1] if self._length else np.zeros(len(CURVES), np.float32)

    @property
    def rows(self) -> np.ndarray:
        """All curves, float32 `[steps, 6]`, columns as in `CURVES`: a read-only view.

        It may be read while another thread trains.
        """
        length = self._length  # first: the buffer holds at least that many rows
        view = self._buffer[:length]
        view.flags.writeable = False
        return view

    def __getitem__(self, curve: str) -> np.ndarray:
        """One curve, float32 `[steps]`, by its name in `CURVES`."""
        return self.rows[:, CURVES.index(curve)]

    def record_run(self, players: str, rows: np.ndarray) -> None:
        """Adds a stretch of training: who was updated, and the curves of its steps `[n, 6]`."""
        if not len(rows):
            return
        last = self.events[-1] if self.events else {}
        if last.get("players") == players:
            last["run"] += len(rows)
        else:
            self.events.append({"run": len(rows), "players": players})
        self._append(rows)

    def record_fit(self, rows: np.ndarray) -> None:
        """Adds what Keras' `fit` trained, on data that the log does not hold."""
        if len(rows):
            self.events.append({"fit": len(rows)})
            self._append(rows)

    def _append(self, rows: np.ndarray) -> None:
        length = self._length + len(rows)
        if length > len(self._buffer):
            grown = np.empty((max(length, 2 * len(self._buffer), 1024), len(CURVES)), np.float32)
            grown[: self._length] = self._buffer[: self._length]
            self._buffer = grown
        self._buffer[self._length : length] = rows
        self._length = length

    def record_change(self, knobs: Mapping) -> None:
        """Notes in `events` that `knobs` were set to new values, from the present step on."""
        self.events.append({"set": dict(knobs)})

    def changes(self) -> list[tuple[int, str, object]]:
        """Every change of a knob, as (step, knob, new value)."""
        step, found = 0, []
        for event in self.events:
            step += event.get("run", 0) + event.get("fit", 0)
            found += [(step, name, value) for name, value in event.get("set", {}).items()]
        return found

    def present_knobs(self) -> dict:
        """The knobs' values after all events."""
        knobs = dict(self.knobs)
        for event in self.events:
            knobs.update(event.get("set", {}))
        return knobs

    def until(self, step: int) -> History:
        """The history as it stood on reaching `step` steps, before any knob was changed there."""
        events, left = [], step
        for event in self.events:
            if left == 0:
                break
            kind = next(iter(event))
            if kind in ("run", "fit"):
                count = min(left, event[kind])
                events.append({**event, kind: count})
                left -= count
            else:
                events.append(event)
        return History.restored(self.seed, self.knobs, events, self.rows[:step])

    @classmethod
    def restored(cls, seed: int, knobs: Mapping, events: list[dict], rows: np.ndarray) -> History:
        """A history with these events and curves, float32 `[steps, 6]`, which are copied."""
        history = cls(seed, knobs, copy.deepcopy(events))
        history._append(rows)
        return history

    def log(self) -> dict:
        """Seed, knobs and events: plain values, ready for JSON; see `replay.replay`."""
        return {"seed": self.seed, "knobs": dict(self.knobs), "events": copy.deepcopy(self.events)}

    def log_json(self) -> str:
        """The log as JSON text, indented by one space."""
        return json.dumps(self.log(), indent=1)
