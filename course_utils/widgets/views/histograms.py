"""Histograms of D(x) on real and on generated samples."""

from __future__ import annotations

import numpy as np

from course_utils.widgets.strings import STRINGS
from course_utils.widgets.views.view import View, Wants

BINS = 30
COUNT, IMAGES = 400, 64
"""How many samples of each kind: points, or images, of which each costs 50 µs."""


class Histograms(View):
    """How D's beliefs are spread: the shares of samples in 30 equal intervals of D(x), 0 to 1.

    Of 400 points of each kind, or of 64 images.
    """

    kind = "histograms"

    def __init__(self) -> None:
        self._count = COUNT

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        return str(STRINGS["view_histograms"])

    def prepare(self, gan) -> Wants:
        """See `View.prepare`."""
        self._count = COUNT if len(gan.generator.output_shape) == 2 else IMAGES
        return Wants(real=self._count, count=self._count)

    def frame(self, gan, seen):
        """See `View.frame`."""
        beliefs = {"real": seen.look.real_belief, "generated": seen.look.generated_belief}
        return {"bins": BINS}, {kind: _shares(values) for kind, values in beliefs.items()}

    def draw(self, axes, meta, arrays, changes) -> None:
        """See `View.draw`."""
        from course_utils import plotting

        middles = (np.arange(BINS) + 0.5) / BINS
        counts = {kind: np.rint(self._count * share).astype(int) for kind, share in arrays.items()}
        values = {kind: np.repeat(middles, count) for kind, count in counts.items() if count.any()}
        if values:
            plotting.histogram(axes[0], **values, bins=BINS, limits=(0, 1))
        axes[0].set_title(self.title)

    def describe(self, meta, arrays) -> str:
        """See `View.describe`."""
        edges = np.linspace(0, 1, BINS + 1)
        quartiles = {}
        for kind, share in arrays.items():
            below = np.concatenate([[0], np.cumsum(share)])
            quartiles[kind] = np.interp([0.25, 0.75], below, edges)
        return STRINGS["histograms_seen"].format(**quartiles)


def _shares(beliefs: np.ndarray) -> np.ndarray:
    inside = np.minimum((BINS * np.nan_to_num(beliefs)).astype(int), BINS - 1)
    return (np.bincount(inside, minlength=BINS) / max(len(beliefs), 1)).astype(np.float32)
