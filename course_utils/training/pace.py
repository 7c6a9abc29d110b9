"""How fast a session trains: the steps of a chunk, when the next is due, the measured rate."""

from __future__ import annotations

import numbers
import time

from course_utils.language import text
from course_utils.training.compiled import LONGEST_CHUNK

CHUNK_SECONDS = 0.03
"""How long a chunk should take: short enough for a knob to feel live, long enough to be cheap."""
_MEMORY_SECONDS = 0.5
SLOWEST, FASTEST = 0.1, 1e6


class Pace:
    """Chooses chunks so that each takes about `CHUNK_SECONDS`, and no faster than a limit.

    Attributes:
        limit: steps a second at most; None for as fast as it goes.
        rate: measured steps a second, smoothed over half a second.
    """

    def __init__(self) -> None:
        self.limit: float | None = None
        self.rate = 0.0
        self._chunk = 8
        self._due = 0.0
        self._last: float | None = None

    def start(self) -> None:
        """Training goes on after a pause: the next chunk is due now, and the rate starts anew."""
        self._due, self._last, self.rate = time.monotonic(), None, 0.0

    def seconds_to_wait(self) -> float:
        """How long until the next chunk may start."""
        return 0.0 if self.limit is None else max(0.0, self._due - time.monotonic())

    def count(self) -> int:
        """How many steps the next chunk should have."""
        if self.limit is None:
            return self._chunk
        return min(self._chunk, max(1, round(self.limit * CHUNK_SECONDS)))

    def record(self, count: int, seconds: float) -> None:
        """Learns from a chunk of `count` steps that took `seconds`."""
        if self.limit is None or count == self._chunk:
            growth = min(2.0, max(0.5, CHUNK_SECONDS / max(seconds, 1e-6)))
            self._chunk = int(min(LONGEST_CHUNK, max(1, self._chunk * growth)))
        now = time.monotonic()
        if self.limit is not None:
            # Counted from when the chunk was due, so that the limit is kept on average; but a long
            # delay is not made up for.
            self._due = max(self._due, now - CHUNK_SECONDS) + count / self.limit
        if self._last is not None:
            elapsed = max(now - self._last, 1e-6)
            share = min(1.0, elapsed / _MEMORY_SECONDS)
            measured = count / elapsed
            self.rate = measured if not self.rate else self.rate + share * (measured - self.rate)
        self._last = now


def check_speed(steps_per_second) -> float | None:
    """`steps_per_second` as a float, or None.

    Raises:
        ValueError: it is neither None nor a number in 0.1 ... 1e6.
    """
    if steps_per_second is None:
        return None
    known = isinstance(steps_per_second, numbers.Real) and not isinstance(steps_per_second, bool)
    if not known or not SLOWEST <= steps_per_second <= FASTEST:
        raise ValueError(
            text(
                en=f"steps_per_second = {steps_per_second!r} is not possible. Allowed: "
                f"{SLOWEST:g} … {FASTEST:g}, or None for as fast as it goes.",
                zh=f"steps_per_second = {steps_per_second!r} 超出允许范围。允许的取值："
                f"{SLOWEST:g} … {FASTEST:g}，或 None（不限速）。",
            )
        )
    return float(steps_per_second)
