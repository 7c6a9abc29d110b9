"""The metrics explorer: spoil a set of samples, and watch all measures answer at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from course_utils import frontend
from course_utils.checks import whole_number
from course_utils.exercises.feedback import last_line
from course_utils.language import text
from course_utils.widgets import metrics_words
from course_utils.widgets.metrics_sets import DRAWS, Place, Seen, known

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_logger = logging.getLogger(__name__)


class MetricsExplorer:
    """Shows which measures notice which fault of a generated set, and which praise it.

        explorer = MetricsExplorer("points")
        explorer.show()

    The truth is known: a ring of eight Gaussians, or MNIST's digits as the judge sees them. The
    generated set is a fresh draw of it, spoiled by `data.spoiled`. Each measure stands beside its
    range over 40 sets of as many fresh real samples: a value outside was noticed.

    The measures are computed on a thread of the explorer's own; while a slider is dragged, places
    that were left before their turn came are passed over. Headless, `show` leaves a picture and a
    table. An answer takes 0.1 s of CPU (1,000 points; 500 digits 0.25 s), and once for each N the
    real sets 1 to 8 s.

    Args:
        samples: "points" or "digits".
        n: size of the generated set at first, one of 100, 200, 500, 1000 and, of points, 2000.
        seed: of the draw at first, >= 0.
        **faults: at first; arguments of `spoil_points` or `spoil_digits`, within the sliders'
            ranges.

    Raises:
        ValueError: an argument is not of this kind.
    """

    def __init__(self, samples: str = "points", *, n: int = 500, seed: int = 1, **faults: float):
        if samples not in ("points", "digits"):
            raise ValueError(
                text(
                    en=f'samples = {samples!r}: choose "points" or "digits".',
                    zh=f'samples = {samples!r}：请选择 "points" 或 "digits"。',
                )
            )
        self._sets = known(samples)
        if n not in self._sets.counts:
            raise ValueError(
                text(
                    en=f"n = {n!r}: choose one of {self._sets.counts}.",
                    zh=f"n = {n!r}：请从 {self._sets.counts} 中选择。",
                )
            )
        self._wanted = Place(n, whole_number("seed", seed, 0), self._checked(faults))
        self._lock = threading.Lock()  # around the four below; never held while anything is drawn
        self._is_stale = self._is_closed = False
        self._worker: threading.Thread | None = None
        self._panel = None
        self._seen = self._sets.look(self._wanted)

    @property
    def seen(self) -> Seen:
        """What was measured last."""
        return self._seen

    def show(self) -> None:
        """Show the controls and the answers; headless, a picture and a table."""
        if not frontend.is_live():
            from course_utils import plotting

            plotting.show(self.figure(), self.summary())
            print(self.table())
            return
        from course_utils.widgets.metrics_panel import MetricsPanel

        if self._panel is None:
            self._is_closed, self._wanted = False, self._seen.place
            self._panel = MetricsPanel(self._sets, self._seen, self._move)
        self._panel.show()

    def close(self) -> None:
        """Take the panel from the page, and wait until nothing is computed any more."""
        with self._lock:
            self._is_closed, self._is_stale = True, False
            worker, panel, self._panel = self._worker, self._panel, None
        if worker is not None and worker is not threading.current_thread():
            worker.join()
        if panel is not None:
            panel.close()

    def figure(self) -> Figure:
        """All that was measured last, as a static picture."""
        from course_utils.widgets import metrics_pictures

        return metrics_pictures.figure(self._sets, self._seen)

    def table(self) -> str:
        """The same as a table of text."""
        return metrics_words.table(self._sets, self._seen)

    def summary(self) -> str:
        """The same in a few sentences."""
        return metrics_words.summary(self._sets, self._seen)

    def _checked(self, faults: dict[str, float]) -> dict[str, float]:
        """All faults, with those that are not given in their neutral positions."""
        controls = {control.name: control for control in self._sets.controls}
        for name, value in faults.items():
            control = controls.get(name)
            if control is None:
                raise ValueError(
                    text(
                        en=f"There is no fault {name!r}; there are: {', '.join(controls)}.",
                        zh=f"没有 {name!r} 这种缺陷；可以选择：{'、'.join(controls)}。",
                    )
                )
            try:
                fits = control.least <= float(value) <= control.most
            except (TypeError, ValueError):
                fits = False
            if not fits:
                raise ValueError(
                    text(
                        en=f"{name} = {value!r}: it must be within {control.least:g} … "
                        f"{control.most:g}.",
                        zh=f"{name} = {value!r}：必须在 {control.least:g} … "
                        f"{control.most:g} 之间。",
                    )
                )
        return {name: faults.get(name, control.neutral) for name, control in controls.items()}

    # --- what the learner does: callbacks, on any thread --------------------------------------

    def _move(self, change: Callable[[Place], Place]) -> None:
        """Go to the place that `change` makes of the one wanted last; never waits for an answer."""
        with self._lock:
            if self._is_closed:
                return
            self._wanted = change(self._wanted)
            self._is_stale = True
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="metrics-explorer")
                self._worker.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._is_stale:
                    self._worker = None
                    return
                self._is_stale, place, panel = False, self._wanted, self._panel
            failure = ""
            try:
                if not self._prepare(place.n, panel):
                    continue
                self._seen = self._look(place)
                panel.update(self._seen)
            except Exception as error:
                failure = str(error) if isinstance(error, ValueError) else last_line(error)
            try:
                panel.tell(failure)
            except Exception as error:
                # Without a page there is nobody to tell; the next move may find one again.
                _logger.error("metrics explorer: %s", failure, exc_info=error)

    def _prepare(self, n: int, panel) -> bool:
        """Measure the real sets; False if there is something else to do meanwhile."""
        is_told = False
        while self._sets.prepare(n) < DRAWS:
            if not is_told:
                panel.tell(metrics_words.busy(n), is_failure=False)
                is_told = True
            with self._lock:
                if self._is_closed or self._is_stale:
                    return False
        return True

    def _look(self, place: Place) -> Seen:
        """Look, and keep for comparison what was there before the same control was moved."""
        earlier, seen = self._seen, self._sets.look(place)
        if place.moved == earlier.place.moved:
            return replace(seen, before=earlier.before)
        return replace(seen, before=replace(earlier, before=None))
