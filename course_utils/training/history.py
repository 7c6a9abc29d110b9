"""What has been trained: the curves, and the log from which a run can be repeated."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

CURVES = (
    "discriminator_loss",
    "real_belief",
    "fake_belief",
    "discriminator_gradient_norm",
    "generator_loss",
    "generator_gradient_norm",
    "discriminator_class_loss",
    "generator_class_loss",
)
"""The columns of a row: losses in nats, beliefs D(x) in [0, 1], Euclidean norms of gradients.

The class losses are cross-entropies, means over samples (ln C is what guessing gets), before the
knob `auxiliary_weight`; 0 without a class head. The other losses do not hold them.
"""

MOST_ROWS = 2**17
"""The most rows that a history holds; a longer run keeps every 2nd, 4th, 8th … step."""


class _Rows(NamedTuple):
    """What is held of the curves at one moment; replaced as a whole, so any thread may read it."""

    buffer: np.ndarray  # float32 [capacity, curves]
    length: int  # rows in use
    stride: int  # row i belongs to step stride · (i + 1)
    steps: int  # made so far
    last: np.ndarray  # float32 [curves], the last step's values


def _no_rows() -> _Rows:
    empty = np.zeros((0, len(CURVES)), np.float32)
    return _Rows(empty, 0, 1, 0, np.zeros(len(CURVES), np.float32))


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
    _rows: _Rows = field(default_factory=_no_rows, repr=False)

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return self._rows.steps

    @property
    def stride(self) -> int:
        """How many steps lie between two rows: 1 for runs of up to `MOST_ROWS` steps."""
        return self._rows.stride

    @property
    def last_row(self) -> np.ndarray:
        """The curves' values at the last step, float32 `[8]`; zeros before the first."""
        return self._rows.last

    @property
    def rows(self) -> np.ndarray:
        """The curves, float32 `[rows, 8]`, columns as in `CURVES`: a read-only view.

        One row for each step; of a run longer than `MOST_ROWS` steps, every `stride`-th step. It
        may be read while another thread trains.
        """
        return self.curves()[1]

    def curves(self) -> tuple[np.ndarray, np.ndarray]:
        """The steps, int64 `[rows]`, counted from 1, and their `rows`, both of one moment."""
        held = self._rows
        view = held.buffer[: held.length]
        view.flags.writeable = False
        return held.stride * np.arange(1, held.length + 1), view

    def __getitem__(self, curve: str) -> np.ndarray:
        """One curve, float32 `[rows]`, by its name in `CURVES`."""
        return self.rows[:, CURVES.index(curve)]

    def record_run(self, players: str, rows: np.ndarray) -> None:
        """Adds a stretch of training: who was updated, and the curves of its steps `[n, 8]`."""
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
        buffer, length, stride, steps, _ = self._rows
        last = np.array(rows[-1])
        steps += len(rows)
        # Which steps are held depends on their number only, not on the chunks they came in.
        while steps // stride > MOST_ROWS:
            buffer, length, stride = buffer[1:length:2].copy(), length // 2, 2 * stride
        kept = rows[stride - 1 - (steps - len(rows)) % stride :: stride]
        if length + len(kept) > len(buffer):
            capacity = min(MOST_ROWS, max(length + len(kept), 2 * len(buffer), 1024))
            grown = np.empty((capacity, len(CURVES)), np.float32)
            grown[:length] = buffer[:length]
            buffer = grown
        buffer[length : length + len(kept)] = kept
        self._rows = _Rows(buffer, length + len(kept), stride, steps, last)

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
        numbers, rows = self.curves()
        held = int(np.searchsorted(numbers, step, side="right"))
        return History.restored(
            self.seed, self.knobs, events, rows[:held], self.stride, min(step, self.steps)
        )

    @classmethod
    def restored(
        cls,
        seed: int,
        knobs: Mapping,
        events: list[dict],
        rows: np.ndarray,
        stride: int = 1,
        steps: int | None = None,
    ) -> History:
        """A history with these events and curves, float32 `[rows, 8]`, which are copied.

        Args:
            seed: see `History`.
            knobs: see `History`.
            events: see `History`.
            rows: one for every `stride`-th step, from step `stride` on.
            stride: see `History.stride`.
            steps: how many steps were made; None means that the last row is the last step.
        """
        history = cls(seed, knobs, copy.deepcopy(events))
        rows = np.array(rows, np.float32).reshape(-1, len(CURVES))
        last = rows[-1].copy() if len(rows) else history.last_row
        steps = stride * len(rows) if steps is None else steps
        history._rows = _Rows(rows, len(rows), stride, steps, last)
        return history

    def log(self) -> dict:
        """Seed, knobs and events: plain values, ready for JSON; see `replay.replay`."""
        return {"seed": self.seed, "knobs": dict(self.knobs), "events": copy.deepcopy(self.events)}

    def log_json(self) -> str:
        """The log as JSON text, indented by one space."""
        return json.dumps(self.log(), indent=1)
