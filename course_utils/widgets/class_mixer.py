"""The class mixer: what a conditional generator draws between two classes."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from course_utils import frontend
from course_utils.checks import whole_number
from course_utils.exercises.feedback import last_line
from course_utils.language import text
from course_utils.widgets import mixer_words
from course_utils.widgets.mixer_space import Place, Seen

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_logger = logging.getLogger(__name__)
# Session's name -> the mixer that follows its training.
_live: weakref.WeakValueDictionary[str, ClassMixer] = weakref.WeakValueDictionary()


class ClassMixer:
    """Shows what a generator makes of conditions between two classes, and what the judge sees.

        mixer = ClassMixer(session)
        mixer.show()

    The condition is (1 - t) times the one-hot vector of the first class plus t times that of the
    second; the latent stays the same. The judge (of digits, see `models.judge`) is asked where
    there are ten classes.

    A generator is called on a thread of the mixer's own, one call at a time, and places that were
    left before their turn came are passed over. A session's GAN is looked at between its chunks of
    training, by the averaged generator if there is averaging. While it trains, the pictures follow
    at most twice a second, from `show` until `close`, or until another mixer of a session of the
    same name is shown. Headless, `show` leaves a picture and a text.

    Args:
        source: a Keras model [latents, conditions] -> images float32 [N, 28, 28, 1] within
            [-1, 1], called with training=False; or a `Session` with such a generator.
        first: class at t = 0, 0 … C - 1.
        second: class at t = 1.
        share: t at first, 0 … 1.
        seed: of the latents, >= 0.

    Raises:
        ValueError: an argument is not of this kind, the generator fails or answers with something
            else.
    """

    def __init__(self, source, first: int = 0, second: int = 1, share: float = 0.5, seed: int = 0):
        from course_utils.training import Session
        from course_utils.widgets.mixer_sources import GeneratorSource, SessionSource

        seed = whole_number("seed", seed, 0)
        kind = SessionSource if isinstance(source, Session) else GeneratorSource
        self._source, self._name = kind(source, seed), getattr(source, "name", "")
        last = self._source.classes - 1
        self._wanted = Place(
            whole_number("first", first, 0, last),
            whole_number("second", second, 0, last),
            _checked_share(share),
            0,
        )
        self._lock = threading.Lock()  # around the next three; never held while anything is drawn
        self._is_stale = self._is_working = False
        self._panel = None
        self._stop_watching: Callable[[], None] = lambda: None
        self._seen = self._source.look_at_once(self._wanted)

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
        from course_utils.widgets.mixer_panel import MixerPanel

        if self._panel is None:
            self._follow()  # first: of a closed session it raises, and nothing is shown then
            self._panel = MixerPanel(self._seen, self._source.classes, self._move)
        self._panel.show()

    def close(self) -> None:
        """Take the panel from the page; the session stays. Closing twice is allowed."""
        self._stop_watching()
        if _live.get(self._name) is self:
            del _live[self._name]
        panel, self._panel = self._panel, None
        if panel is not None:
            panel.close()

    def figure(self) -> Figure:
        """All that was drawn last, as a static picture."""
        from course_utils.widgets import mixer_pictures

        return mixer_pictures.figure(self._seen)

    def summary(self) -> str:
        """The same in a few sentences."""
        return mixer_words.summary(self._seen)

    def _follow(self) -> None:
        """Follow the training of a session from now on, in the place of an earlier mixer."""
        self._stop_watching = self._source.watch(self._look)
        earlier = _live.get(self._name)
        _live[self._name] = self
        if earlier is not None and earlier is not self:
            earlier._stop_watching()

    # --- callbacks, on any thread -------------------------------------------------------------

    def _move(self, change: Callable[[Place], Place]) -> None:
        """Go to the place that `change` makes of the one wanted last; never waits for a picture."""
        with self._lock:
            self._wanted = change(self._wanted)
            self._is_stale = True
            if self._is_working:
                return
            self._is_working = True
        self._source.run(self._work, self._failed)

    def _work(self) -> bool:
        """Look at the place wanted last; return whether another one is wanted meanwhile."""
        self._look()
        with self._lock:
            self._is_working = self._is_stale
            return self._is_working

    def _look(self) -> None:
        """Look, on the source's thread; an exception here would stop a session's training."""
        with self._lock:
            self._is_stale, place, panel = False, self._wanted, self._panel
        try:
            self._seen = self._source.look(place)
            failure = ""
            if panel is not None:
                panel.update(self._seen)
        except Exception as error:
            failure = str(error) if isinstance(error, ValueError) else last_line(error)
        self._tell(failure)

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._is_working = False
        self._tell(str(error) or last_line(error))

    def _tell(self, failure: str) -> None:
        panel = self._panel
        try:
            if panel is not None:
                panel.tell(failure)
        except Exception as error:
            # Without a page there is nobody to tell; the next move may find one again.
            _logger.error("class mixer: %s", failure, exc_info=error)


def _checked_share(share) -> float:
    try:
        number = float(share)
    except (TypeError, ValueError):
        number = -1.0
    if isinstance(share, bool) or not 0 <= number <= 1:
        raise ValueError(
            text(
                en=f"share = {share!r}: it must be a number from 0 (the first class) to 1 (the "
                "second).",
                zh=f"share = {share!r}：应为 0（第一个类别）到 1（第二个类别）之间的数。",
            )
        )
    return number
