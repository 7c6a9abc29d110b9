"""Without a front end: a bounded run, then a picture and a text, as outputs of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from course_utils.widgets.frames import Camera
from course_utils.widgets.state import Changes

if TYPE_CHECKING:
    from course_utils.training import Session

PARTS = 12
"""After how many parts of the run measures are computed, for their curve."""


def run(session: Session, views: Sequence, steps: int) -> None:
    """Trains `steps` more steps, then shows how things stand and leaves the session paused.

    Args:
        session: what to train.
        views: the pictures.
        steps: how many, >= 0.

    Raises:
        Exception: what went wrong in the training, after what was reached has been shown.
    """
    from course_utils import plotting

    camera = session.read(lambda gan: Camera(gan, views))
    try:
        for end in range(1, PARTS + 1):
            session.play(steps * end // PARTS - steps * (end - 1) // PARTS)
            session.wait()
            session.read(lambda gan: [view.measure(gan) for view in views])
    finally:
        frame, changes = session.read(lambda gan: (camera.take(gan), Changes().update(gan.history)))
        summary = camera.describe(frame)
        plotting.show(camera.figure(frame, changes), alt=summary)
        print(summary)
        for index, error in camera.errors.items():
            print(f"{views[index].title}: {error}")
