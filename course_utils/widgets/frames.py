"""Frames: what all views of a panel show at one moment, for a canvas, for Matplotlib, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from course_utils.exercises.feedback import last_line
from course_utils.widgets.strings import STRINGS
from course_utils.widgets.views.view import Seen, Sight, View


class Frame(NamedTuple):
    """One moment of a run, as all views show it.

    Attributes:
        number: counts the frames of a camera, from 1.
        step: of the run.
        rate: measured steps a second; 0 while paused.
        row: the curves' values at this step, float32 `[8]`, see `training.CURVES`.
        views: for each view its plain values and its arrays by name; `{"error": text}` and none
            for a view that failed.
    """

    number: int
    step: int
    rate: float
    row: np.ndarray
    views: list[tuple[dict, dict[str, np.ndarray]]]

    def wire(self) -> tuple[dict, list[bytes]]:
        """The frame as the panel's protocol sends it: a message, and its binary buffers."""
        views, buffers = [], []
        for meta, arrays in self.views:
            names = {}
            for name, array in arrays.items():
                names[name] = len(buffers)
                if name == "surface":  # beliefs, in 256 steps
                    array = (255 * np.nan_to_num(array) + 0.5).astype(np.uint8)
                wanted = "u1" if array.dtype == np.uint8 else "<f4"
                buffers.append(array.astype(wanted, copy=False).tobytes())
            views.append({**meta, "buffers": names})
        head = {"type": "frame", "number": self.number, "step": self.step}
        return {**head, "rate": round(self.rate, 2), "views": views}, buffers


class Camera:
    """Takes frames of a GAN. A view that fails is left out from then on.

    Args:
        gan: what to look at; every call happens on the thread that trains it.
        views: what to show.

    Attributes:
        errors: index of a view -> what went wrong in it.

    Raises:
        ValueError: a view cannot show this GAN.
    """

    def __init__(self, gan, views: Sequence[View]):
        self.views, self.errors = list(views), {}
        self._sight, self._number = Sight(gan, self.views), 0

    def take(self, gan, rate: float = 0.0) -> Frame:
        """The present frame; the first one compiles."""
        self._number += 1
        frames = []
        for index, seen in enumerate(self._see(gan)):
            try:
                if index not in self.errors:
                    frames.append(self.views[index].frame(gan, seen))
            except Exception as error:
                self.errors[index] = last_line(error)
            if index in self.errors:
                frames.append(({"error": self.errors[index]}, {}))
        history = gan.history
        return Frame(self._number, history.steps, rate, history.last_row, frames)

    def _see(self, gan) -> list[Seen]:
        try:
            return self._sight.see()
        except Exception as error:
            for index in self._sight.looking:
                self.errors.setdefault(index, last_line(error))
            return [Seen(None, np.zeros(0), np.zeros(0))] * len(self.views)

    def describe(self, frame: Frame) -> str:
        """The frame in words, in the language in use."""
        if not frame.step:
            return str(STRINGS["untrained"])
        d_loss, real, fake, _, g_loss, *_ = frame.row
        first = STRINGS["summary"].format(
            step=frame.step, real=real, fake=fake, d_loss=d_loss, g_loss=g_loss
        )
        rest = [
            view.describe(meta, arrays)
            for view, (meta, arrays) in zip(self.views, frame.views, strict=True)
            if "error" not in meta
        ]
        return " ".join(filter(None, [first, *rest]))

    def figure(self, frame: Frame, changes: Sequence = ()):
        """The frame as a Matplotlib figure, without pyplot, so that any thread may draw it.

        Args:
            frame: what to draw.
            changes: of knobs, see `View.draw`.
        """
        from course_utils import plotting

        shown = [
            (view, meta, arrays)
            for view, (meta, arrays) in zip(self.views, frame.views, strict=True)
            if "error" not in meta
        ]
        panels = sum(view.panels for view, _, _ in shown)
        rows = max(1, math.ceil(panels / 2))
        # Small enough that the picture of five panels fits into a notebook.
        size = {} if panels < 3 else {"width": 8.0, "height": 2.6 * rows}
        figure, axes = plotting.figure(min(2, max(panels, 1)), rows, **size)
        axes = list(np.ravel(axes))
        for view, meta, arrays in shown:
            view.draw(axes[: view.panels], meta, arrays, changes)
            del axes[: view.panels]
        for unused in axes:
            unused.set_axis_off()
        return figure
