"""The latent explorer: walks from A to B, truncation, and the nearest training digits."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from course_utils import frontend
from course_utils.exercises.feedback import last_line
from course_utils.models.latents import checked_threshold
from course_utils.widgets import latent_words
from course_utils.widgets.latent_space import LatentSpace, Place, Seen

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_logger = logging.getLogger(__name__)


class LatentExplorer:
    """Shows what a generator makes of latents between two end points, and of truncated ones.

        explorer = LatentExplorer(generator, reference=digits.load("train")[0])
        explorer.show()

    The walks from A to B are `models.latents.linear` and `spherical`, the samples are
    `truncated_normal`. The n-th A and the n-th B are the same in every explorer of one seed.

    The generator is called on a thread of the explorer's own, one call at a time; while a slider is
    dragged, places that were left before their turn came are passed over. Headless, `show` leaves a
    picture and a text.

    Args:
        generator: takes float32 [N, latent_dim], returns float32 [N, 28, 28, 1] within [-1, 1]; a
            Keras model, called with training=False, or any callable.
        reference: uint8 [M, 28, 28], where nearest neighbours are looked for, such as the training
            digits; None leaves them out.
        latent_dim: needed where the generator is no Keras model.
        rows: of the grid of truncated samples, 1 … 32.
        columns: of the same.
        share: t at first, 0 (A) … 1 (B).
        threshold: of the truncation at first, above 0; infinity for none.
        seed: of A, B and the samples, >= 0.

    Raises:
        ValueError: an argument is not of this kind, the generator fails or answers with something
            else.
    """

    def __init__(
        self,
        generator: Callable,
        reference: np.ndarray | None = None,
        *,
        latent_dim: int | None = None,
        rows: int = 8,
        columns: int = 8,
        share: float = 0.5,
        threshold: float = math.inf,
        seed: int = 0,
    ):
        self._space = LatentSpace(generator, reference, latent_dim, rows, columns, seed)
        self._lock = threading.Lock()  # around the three below; never held while anything is drawn
        self._wanted = Place(0, 0, share, checked_threshold(threshold))
        self._is_stale = False
        self._worker: threading.Thread | None = None
        self._panel = None
        self._seen = self._space.look(self._wanted)

    @property
    def a(self) -> np.ndarray:
        """The latent vector A, float32 [latent_dim]."""
        return self._space.end(0, self._wanted.a)

    @property
    def b(self) -> np.ndarray:
        """The latent vector B, float32 [latent_dim]."""
        return self._space.end(1, self._wanted.b)

    @property
    def seen(self) -> Seen:
        """What was drawn last."""
        return self._seen

    def show(self) -> None:
        """Show the controls and the pictures; headless, one picture and a text."""
        if not frontend.is_live():
            from course_utils import plotting

            plotting.show(self.figure(), self.summary())
            print(self.summary())
            return
        from course_utils.widgets.latent_panel import LatentPanel

        if self._panel is None:
            self._panel = LatentPanel(self._seen, self._space.columns, self._move)
        self._panel.show()

    def figure(self) -> Figure:
        """All that was drawn last, as a static picture."""
        from course_utils.widgets import latent_pictures

        return latent_pictures.figure(self._seen, self._space.columns)

    def summary(self) -> str:
        """The same in a few sentences."""
        return latent_words.summary(self._seen)

    # --- what the learner does: callbacks, on any thread --------------------------------------

    def _move(self, change: Callable[[Place], Place]) -> None:
        """Go to the place that `change` makes of the one wanted last; never waits for a picture."""
        with self._lock:
            self._wanted = change(self._wanted)
            self._is_stale = True
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="latent-explorer")
                self._worker.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._is_stale:
                    self._worker = None
                    return
                self._is_stale, place = False, self._wanted
            failure = ""
            try:
                self._seen = self._space.look(place)
                self._panel.update(self._seen)
            except Exception as error:
                failure = str(error) if isinstance(error, ValueError) else last_line(error)
            try:
                self._panel.tell(failure)
            except Exception as error:
                # Without a page there is nobody to tell; the next move may find one again.
                _logger.error("latent explorer: %s", failure, exc_info=error)
