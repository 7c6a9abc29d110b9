"""Presence: who looks at a panel, and who is ready for another frame.

Every view of the canvas (a tab, a cell's output shown twice) has a name. It says hello, beats every
two seconds and, unless it vanishes, says bye. It acknowledges every frame that it has drawn.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

ASLEEP_AFTER = 10.0
"""Seconds without a beat after which nobody is there."""
HIDDEN_ASLEEP_AFTER = 90.0
"""The same for a view that has beaten while hidden: browsers let those beat only once a minute."""
STILL_THERE_AFTER = 1.0
"""Seconds after which a beat shows that a hidden tab is open. A tab that is closed says that it is
hidden, and no more: its bye does not arrive."""
ACK_PATIENCE = 5.0
"""Seconds for which an acknowledgement that does not come holds back the frames of all views."""
MOST_IN_FLIGHT = 2
MOST_VIEWS = 32


@dataclass
class _View:
    beat: float  # when it was last heard
    visible: bool
    acknowledged: int  # number of the last frame it need not answer for any more
    hidden_at: float = 0.0  # when it was hidden
    lives_hidden: bool = False  # whether it was heard after that


class Presence:
    """Who is looking. All methods may be called from any thread.

    Where the kernel hears the front end on its main thread only (ipykernel 6, JupyterLab with
    `commsOverSubshells` disabled), it is deaf while a cell runs: that time does not count.

    Args:
        clock: seconds, growing.
        cell: what knows whether a cell runs; see `Cell`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, cell: Cell | None = None):
        self._clock, self._cell = clock, cell or CELL
        self._lock = threading.Lock()
        self._views: dict[str, _View] = {}
        self._since = clock()  # since when there may be no view at all
        self._on_main = True  # until a message shows the opposite
        self._sent_number, self._sent_at = 0, 0.0

    def hello(self, view: str) -> None:
        """A view was opened; it is to get the next frame."""
        with self._lock:
            self._hear(view, True).acknowledged = self._sent_number

    def beat(self, view: str, visible: bool = True) -> bool:
        """A view is still there, seen by its reader or not; returns whether it has just come up."""
        with self._lock:
            known = self._views.get(view)
            shown = visible and not (known and known.visible)
            self._hear(view, visible)
            if shown:  # while it was hidden it drew nothing
                self._views[view].acknowledged = self._sent_number
            return shown

    def ack(self, view: str, number: int) -> None:
        """A view has drawn frame `number`."""
        with self._lock:
            if view in self._views:
                known = self._views[view]
                known.acknowledged = max(known.acknowledged, min(number, self._sent_number))

    def bye(self, view: str) -> None:
        """A view was closed."""
        with self._lock:
            if self._views.pop(view, None):
                self._since = self._clock()

    def sent(self, number: int) -> None:
        """Frame `number` went out to all views."""
        with self._lock:
            self._sent_number, self._sent_at = number, self._clock()

    @property
    def views(self) -> int:
        """How many views are open, awake or not."""
        return len(self._views)

    @property
    def met(self) -> bool:
        """Whether anybody is there, or may still come (a page that loads says bye, then hello)."""
        now = self._clock()
        with self._lock:
            if self._deaf():
                return True
            if now - self._silent_since(self._since) < ASLEEP_AFTER:
                return True
            for view in self._views.values():
                patience = HIDDEN_ASLEEP_AFTER if view.lives_hidden else ASLEEP_AFTER
                if now - self._silent_since(view.beat) < patience:
                    return True
            return False

    @property
    def deaf(self) -> bool:
        """Whether no message can come in now, because a cell runs on the thread that hears them."""
        return self._deaf()

    @property
    def ready(self) -> bool:
        """Whether a frame may be sent: somebody looks, and has drawn the one before the last."""
        now = self._clock()
        with self._lock:
            looking = [
                view
                for view in self._views.values()
                if view.visible and (now - view.beat < ASLEEP_AFTER or self._deaf())
            ]
            # An old frame that nobody acknowledged is lost, or its view has vanished.
            waiting = now - self._sent_at < ACK_PATIENCE and any(
                self._sent_number - view.acknowledged >= MOST_IN_FLIGHT for view in looking
            )
            return bool(looking) and not waiting

    def _hear(self, view: str, visible: bool) -> _View:
        now = self._clock()
        self._on_main = threading.current_thread() is threading.main_thread()
        for name, known in list(self._views.items()):
            if now - self._silent_since(known.beat) > HIDDEN_ASLEEP_AFTER:
                del self._views[name]  # it vanished without a word
        if view not in self._views:
            while len(self._views) >= MOST_VIEWS:
                del self._views[min(self._views, key=lambda name: self._views[name].beat)]
            self._views[view] = _View(now, True, self._sent_number)
        heard = self._views[view]
        if heard.visible and not visible:
            heard.hidden_at = now
        heard.lives_hidden = not visible and now - heard.hidden_at >= STILL_THERE_AFTER
        heard.beat, heard.visible = now, visible
        return heard

    def _deaf(self) -> bool:
        return self._on_main and self._cell.running

    def _silent_since(self, moment: float) -> float:
        return max(moment, self._cell.ended) if self._on_main else moment


class Cell:
    """Whether the notebook's main thread runs a cell.

    Attributes:
        running: whether it does.
        ended: when the last one ended, by `clock`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.running, self.ended = False, float("-inf")
        self._clock, self._shell = clock, None

    def watch(self) -> None:
        """Starts to watch, from within a cell; outside a notebook kernel this does nothing."""
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython else None
        if shell is None or shell is self._shell or getattr(shell, "kernel", None) is None:
            return
        self._shell, self.running = shell, True
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, info) -> None:
        self.running = True

    def _end(self, result) -> None:
        self.running, self.ended = False, self._clock()


CELL = Cell()
"""The cell of this process's notebook."""
