"""Long curves made short: the means of equal stretches of steps, kept up at the cost of the new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from course_utils.training import History

MOST = 300
"""The most stretches; as they fill up, two neighbours become one."""


class Thinned:
    """The curves of a `History`, averaged over at most `MOST` equal stretches of steps.

    Each call of `update` reads only the rows that came since the last one.
    """

    def __init__(self) -> None:
        self._history = None

    def update(self, history: History) -> tuple[np.ndarray, np.ndarray]:
        """The curves as they now stand.

        Args:
            history: the run's; another object than last time (after a reset or a rewind) starts
                over.

        Returns:
            The middle of each stretch, in steps, float32 `[n]`, and the means, float32 `[n, 6]`,
            columns as in `training.CURVES`; n <= `MOST`.
        """
        if history is not self._history:
            self._start_over(history)
        steps, rows = history.curves()
        new = np.searchsorted(steps, self._seen, side="right")
        if new < len(steps):
            self._add(steps[new:], rows[new:])
        used = self._rows[: self._last + 1] > 0  # a thinned history can leave stretches empty
        counts = self._rows[: self._last + 1][used, None]
        means = self._sums[: self._last + 1][used] / counts
        middles = self._steps[: self._last + 1][used, None] / counts
        return middles[:, 0].astype(np.float32), means.astype(np.float32)

    def _start_over(self, history: History) -> None:
        self._history, self._seen, self._length, self._last = history, 0, 1, -1
        self._sums = np.zeros((MOST, history.rows.shape[1]))
        self._steps, self._rows = np.zeros(MOST), np.zeros(MOST)

    def _add(self, steps: np.ndarray, rows: np.ndarray) -> None:
        self._seen = int(steps[-1])
        while (self._seen - 1) // self._length >= MOST:
            self._length *= 2
            self._sums, self._steps, self._rows = map(
                _halved, (self._sums, self._steps, self._rows)
            )
        stretch = (steps - 1) // self._length
        starts = np.flatnonzero(np.diff(stretch, prepend=-1))
        which = stretch[starts]
        self._sums[which] += np.add.reduceat(rows, starts, axis=0, dtype=np.float64)
        self._steps[which] += np.add.reduceat(steps, starts, dtype=np.float64)
        self._rows[which] += np.diff(starts, append=len(steps))
        self._last = int(stretch[-1])


def _halved(sums: np.ndarray) -> np.ndarray:
    pairs = sums.reshape(MOST // 2, 2, *sums.shape[1:]).sum(axis=1)
    return np.concatenate([pairs, np.zeros_like(pairs)])
