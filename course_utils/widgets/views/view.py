"""What a view is, and the one compiled look that all views of a panel share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.widgets.strings import STRINGS

if TYPE_CHECKING:
    from course_utils.training import GAN
    from course_utils.training.looking import Look


class Wants(NamedTuple):
    """What a view needs to see of a GAN; see `training.looking.Looking` for the terms."""

    real: int = 0
    count: int = 0
    places: np.ndarray | None = None
    arrows: int = 0


class Seen(NamedTuple):
    """What one view was given to see: at least what it wanted.

    Attributes:
        look: generated samples, D's beliefs about them, and where they are pushed; None if no view
            of the panel wants to see samples.
        real: real samples, float32 `[real, ...]`, the same every time.
        places_belief: D(x) at the view's places, float32 `[places]`; empty if it named none.
    """

    look: Look
    real: np.ndarray
    places_belief: np.ndarray


class View:
    """One picture of a panel.

    Everything is called on the thread that trains, which waits meanwhile: be quick.

    Attributes:
        kind: what the front end calls this sort of picture.
        panels: how many Axes `draw` fills.
    """

    kind = ""
    panels = 1

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        raise NotImplementedError

    @property
    def classes(self) -> list[str]:
        """The titles of the classes that can be requested, once the view is prepared."""
        return []

    @property
    def requested(self) -> list[int]:
        """What was requested last, see `request`."""
        return []

    def request(self, classes: Sequence[int]) -> None:
        """Shows other classes from now on; nothing that is trained, or recorded, changes by it.

        Args:
            classes: [] for all of them, [a] for one, [a, b] for the way from one to another.

        Raises:
            ValueError: this picture has no such classes; it stays as it is.
        """
        raise ValueError(STRINGS["no_requests"].format(title=self.title))

    def prepare(self, gan: GAN) -> Wants:
        """Says what the view needs; raises ValueError if it cannot show this GAN."""
        raise NotImplementedError

    def frame(self, gan: GAN, seen: Seen) -> tuple[dict, dict[str, np.ndarray]]:
        """The present picture: plain values for the front end, and arrays by name."""
        raise NotImplementedError

    def measure(self, gan: GAN) -> None:
        """Computes what is usually computed now and then: where nobody looks on meanwhile."""

    def draw(self, axes: Sequence, meta: Mapping, arrays: Mapping, changes: Sequence) -> None:
        """Draws a frame with Matplotlib.

        Args:
            axes: as many as `panels`.
            meta: of the frame.
            arrays: of the frame.
            changes: (step, knob's title, value's text) of each change of a knob.
        """
        raise NotImplementedError

    def describe(self, meta: Mapping, arrays: Mapping) -> str:
        """The frame in a sentence or two, for people who cannot see it; may be empty."""
        return ""


class Sight:
    """Looks at a GAN for several views at once: one compiled call, however many they are.

    Args:
        gan: what to look at.
        views: the views.

    Attributes:
        looking: the indices of the views that look at samples at all.

    Raises:
        ValueError: a view cannot show this GAN.
    """

    def __init__(self, gan: GAN, views: Sequence[View]):
        from course_utils.training.looking import Looking

        self._wants = [view.prepare(gan) for view in views]
        self.looking = [index for index, want in enumerate(self._wants) if want.count]
        self._places = [want.places for want in self._wants if want.places is not None]
        count, arrows, real = (
            max((getattr(want, name) for want in self._wants), default=0)
            for name in ("count", "arrows", "real")
        )
        self._look = Looking(gan, real, count, self._places, arrows) if count else None

    def see(self) -> list[Seen]:
        """Looks once; returns what each view sees, in their order."""
        nothing = np.zeros(0, np.float32)
        if self._look is None:
            return [Seen(None, nothing, nothing)] * len(self._wants)
        look, seen = self._look(), []
        for want in self._wants:
            belief = nothing
            if want.places is not None:
                belief = look.places_belief[
                    next(i for i, places in enumerate(self._places) if places is want.places)
                ]
            seen.append(Seen(look, self._look.real, belief))
        return seen
