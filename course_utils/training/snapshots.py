"""Snapshots of a run, in memory, spread over its whole length."""

from __future__ import annotations

from course_utils.language import text
from course_utils.training.gan import GAN
from course_utils.training.state import read_state, write_state


class Snapshots:
    """Keeps some snapshots of a GAN; the distance between them doubles as the run grows.

    Args:
        every: steps between two snapshots at first.
        most: how many are kept; >= 4.
        most_bytes: how much memory they may take together; of large networks fewer are kept, but
            never fewer than 4.
    """

    def __init__(self, every: int = 200, most: int = 64, most_bytes: int = 128 * 2**20):
        self._first_distance = self._every = every
        self._largest, self._most_bytes, self._most = most, most_bytes, most
        self._states: dict[int, dict] = {}
        self._history = None

    @property
    def steps(self) -> list[int]:
        """The steps that there are snapshots of, in order."""
        return sorted(self._states)

    def clear(self) -> None:
        """Forgets all snapshots; the distance between them starts small again."""
        self._every = self._first_distance
        self._states = {}

    def take(self, gan: GAN) -> None:
        """Copies the present state of `gan`, in place of an earlier snapshot of the same step."""
        self._history = gan.history
        state = read_state(gan)
        size = sum(array.nbytes for array in state.values())
        self._most = max(4, min(self._largest, self._most_bytes // size))
        self._states = {**self._states, gan.step: state}

    def maybe_take(self, gan: GAN) -> None:
        """Takes a snapshot if the last one is old enough; thins them out if there are too many."""
        if gan.history is not self._history:  # a checkpoint was loaded, or the run reset
            self.clear()
        if self._states and gan.step - max(self._states) < self._every:
            return
        self.take(gan)
        if len(self._states) > self._most:
            self._every *= 2
            kept, last = {}, None
            for step in self.steps:
                if last is None or step - last >= self._every:
                    kept[step], last = self._states[step], step
            self._states = kept

    def restore(self, gan: GAN, step: int) -> int:
        """Puts `gan` back to the last snapshot at or before `step`, and forgets the later ones.

        The knobs stay as they are, and the history notes it where they differ from what they were.

        Returns:
            The step of that snapshot.
        """
        if gan.history is not self._history:
            self.clear()
            self.take(gan)
        found = max((known for known in self._states if known <= step), default=None)
        if found is None:
            raise ValueError(
                text(
                    en=f"There is no snapshot at or before step {step}; the first one is at "
                    f"{self.steps[0]}.",
                    zh=f"第 {step} 步及之前没有快照；最早的快照在第 {self.steps[0]} 步。",
                )
            )
        self._states = {known: state for known, state in self._states.items() if known <= found}
        write_state(gan, self._states[found])
        gan.adopt(gan.history.until(found), dict(gan.knobs))
        self._history = gan.history
        return found
