"""Measures of one's own beside the curves, computed seldom enough not to slow the training."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping

import numpy as np

from course_utils.exercises.feedback import last_line
from course_utils.widgets.strings import STRINGS

SHORTEST_INTERVAL = 1.0
"""Seconds between two values of a measure."""
SHARE_OF_TIME = 0.02
"""Of the training time for each measure: if each takes 20 ms, they are computed every second."""
MOST_VALUES = 4096


class Measures:
    """Keeps the values of functions of a GAN over the steps of a run.

    All are computed at the same steps, so that they can share what is costly.

    Args:
        functions: title -> function of the GAN that returns a number. One that raises is not
            called again, and its error is shown in place of its value.
        clock: seconds, growing.
    """

    def __init__(self, functions: Mapping[str, Callable], clock=time.monotonic):
        self._functions, self._clock = dict(functions), clock
        self._next = -math.inf
        self._errors: dict[str, str] = {}
        self._values: dict[str, list[tuple[int, float]]] = {}
        self._history = None

    @property
    def titles(self) -> list[str]:
        """The measures, in order."""
        return list(self._functions)

    def update(self, gan, at_once: bool = False) -> None:
        """Computes all measures if they are due, or `at_once`; a run that was reset starts anew."""
        if gan.history is not self._history:
            self._history = gan.history
            self._values = {title: [] for title in self._functions}
            self._next = -math.inf
        step, started = gan.history.steps, self._clock()
        stale = [
            title
            for title, values in self._values.items()
            if title not in self._errors and (not values or values[-1][0] != step)
        ]
        if not stale or not (at_once or started >= self._next):
            return
        for title in stale:
            values = self._values[title]
            try:
                values.append((step, float(self._functions[title](gan))))
            except Exception as error:
                self._errors[title] = last_line(error)
            if len(values) > MOST_VALUES:
                del values[1::2]
        now = self._clock()
        share = SHARE_OF_TIME * len(stale)
        self._next = now + max(SHORTEST_INTERVAL, (now - started) / share)

    def at(self, steps: np.ndarray) -> np.ndarray:
        """The last value at or before each of `steps`, float32 `[measures, n]`; NaN before any."""
        rows = []
        for values in self._values.values():
            known = np.array([(-math.inf, math.nan), *values])
            rows.append(known[np.searchsorted(known[:, 0], steps, side="right") - 1, 1])
        return np.array(rows, np.float32).reshape(len(rows), len(steps))

    def texts(self) -> list[dict[str, str]]:
        """The present values, as title and text."""
        texts = []
        for title, values in self._values.items():
            text = f"{values[-1][1]:.4g}" if values else "–"
            if title in self._errors:
                text = STRINGS["failed_measure"].format(error=self._errors[title])
            texts.append({"title": title, "text": text})
        return texts
