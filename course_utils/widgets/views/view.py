"""What a view is, and the one compiled look that all views of a panel share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from course_utils.training import GAN
    from course_utils.training.looking import Look


class Wants(NamedTuple):
    """What a view needs to see of a GAN; see `training.looking.Looking` for the terms."""

    real: int = 0
    count: int = 0
    places: np.ndarray | None = None
    arrows: int = 0
    latents: np.ndarray | None = None


class Seen(NamedTuple):
    """What one view was given to see: at least what it wanted.

    Attributes:
        look: generated samples, D's beliefs about them, and where they are pushed.
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
        from course_utils.training.looking import Looking, real_samples

        self._wants = [view.prepare(gan) for view in views]
        self.looking = [index for index, want in enumerate(self._wants) if want.count]
        self._real = real_samples(gan, max((want.real for want in self._wants), default=0))
        shared = [want for want in self._wants if want.latents is None]
        self._places = [want.places for want in shared if want.places is not None]
        count = max((want.count for want in shared), default=0)
        arrows = max((want.arrows for want in shared), default=0)
        self._shared = Looking(gan, self._real, count, self._places, arrows) if count else None
        self._own = {
            index: Looking(gan, self._real, len(want.latents), latents=want.latents)
            for index, want in enumerate(self._wants)
            if want.latents is not None
        }

    def see(self) -> list[Seen]:
        """Looks once; returns what each view sees, in their order."""
        shared, seen = self._shared() if self._shared else None, []
        for index, want in enumerate(self._wants):
            look = self._own[index]() if index in self._own else shared
            belief = np.zeros(0, np.float32)
            if want.places is not None:
                belief = shared.places_belief[
                    next(i for i, places in enumerate(self._places) if places is want.places)
                ]
            seen.append(Seen(look, self._real, belief))
        return seen
