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
    _rows: list[np.ndarray] = field(default_factory=list, repr=False)

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return sum(len(rows) for rows in self._rows)

    @property
    def last_row(self) -> np.ndarray:
        """The curves' values at the last step, float32 `[6]`; zeros before the first."""
        return self._rows[-1][-1] if self._rows else np.zeros(len(CURVES), np.float32)

    @property
    def rows(self) -> np.ndarray:
        """All curves, float32 `[steps, 6]`, columns as in `CURVES`."""
        if len(self._rows) != 1:
            self._rows = [np.concatenate([np.zeros((0, len(CURVES)), np.float32), *self._rows])]
            if not len(self._rows[0]):
                self._rows, empty = [], self._rows[0]
                return empty
        return self._rows[0]

    def __getitem__(self, curve: str) -> np.ndarray:
        """One curve, float32 `[steps]`, by its name in `CURVES`."""
        return self.rows[:, CURVES.index(curve)]

    def record_run(self, players: str, rows: np.ndarray) -> None:
        """Appends the curves of steps just made, and notes the run in `events`.

        Args:
            players: who was updated: "both", "discriminator" or "generator". A run of the same
                players as the last event is added to it.
            rows: float32 `[steps, 6]`, columns as in `CURVES`; with no steps nothing is noted.
        """
        if not len(rows):
            return
        last = self.events[-1] if self.events else {}
        if last.get("players") == players:
            last["run"] += len(rows)
        else:
            self.events.append({"run": len(rows), "players": players})
        self._rows.append(rows)

    def record_change(self, knobs: Mapping) -> None:
        """Notes in `events` that `knobs` were set to new values, from the present step on."""
        self.events.append({"set": dict(knobs)})

    def changes(self) -> list[tuple[int, str, object]]:
        """Every change of a knob, as (step, knob, new value)."""
        step, found = 0, []
        for event in self.events:
            step += event.get("run", 0)
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
            if "run" in event:
                count = min(left, event["run"])
                events.append({**event, "run": count})
                left -= count
            else:
                events.append(event)
        kept = [self.rows[:step].copy()] if step else []
        return History(self.seed, self.knobs, events, kept)

    def log(self) -> dict:
        """Seed, knobs and events: plain values, ready for JSON; see `replay.replay`."""
        return {"seed": self.seed, "knobs": dict(self.knobs), "events": copy.deepcopy(self.events)}

    def log_json(self) -> str:
        """The log as JSON text, indented by one space."""
        return json.dumps(self.log(), indent=1)
