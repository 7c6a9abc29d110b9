"""The lab of a lesson: a session with its panel, or with a bounded run where nobody looks."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course_utils import frontend
from course_utils.widgets import doctor, recording, views
from course_utils.widgets.presence import CELL
from course_utils.widgets.strings import STRINGS

if TYPE_CHECKING:
    from course_utils.clinic.diagnose import Diagnosis
    from course_utils.training import Session
    from course_utils.widgets.controller import Controller

CANVAS_SECONDS = 8.0
"""How long the canvas has to come up before the plain panel takes its place."""


class Lab:
    """A session with pictures and knobs.

        lab = Lab(session, knobs=["instance_noise", "generator_learning_rate"])
        lab.show()

    What happens when …
    - **the cell is run again**, or another one shows a lab of a session of the same name: the new
      panel is live; the older one says that it was replaced.
    - **the session is closed**, by code or by a newer session of its name: the panel says so.
    - **the page is reloaded, or opened in two tabs**: every tab shows the same run; one that
      vanishes does not hold up the others.
    - **nobody looks** for ten seconds (tab or notebook closed; 90 seconds for a tab in the
      background): training that was started in the panel rests, and goes on when somebody is back.
      What code started with `session.play(…)` is not touched.
    - **the stop button is pressed** while no cell runs, or another lab starts to train: this one
      pauses, and says why.
    - **training fails**, for instance by NaN: it stops; the panel says what happened and what to
      do, and the next call in Python raises it unless the learner has pressed Play before.
    - **the doctor is asked** (the panel's button, or `examine`): training waits some seconds, and
      goes on bit by bit as it would have without; what was found stands in the panel.
    - **a view or a measure fails**: it is left out, and training goes on.
    - **the kernel is restarted**: the panel on the page greys out and says to run the cell again.
    - **the canvas cannot be loaded**: after 8 seconds a plainer panel appears below.
    - **there is no front end** (see `frontend.is_live`): `show` trains `steps` steps, shows a
      picture and a text, and leaves the session paused.

    Args:
        session: what to train; it belongs to the caller, who closes it.
        views: of `widgets.views`; by default what suits the samples (points or images), curves and
            histograms.
        knobs: the names of the knobs to offer, see `training.KNOBS`; None for all that do
            something for this GAN.
        steps: how many steps `show` trains where there is no front end.

    Raises:
        ValueError: a knob does not exist, or a view cannot show this GAN.
    """

    def __init__(
        self,
        session: Session,
        views: Sequence[views.View] | None = None,
        knobs: Sequence[str] | None = None,
        steps: int = 2000,
    ):
        from course_utils.training.checks import whole_number
        from course_utils.widgets.state import checked_knobs

        self.session, self.steps = session, whole_number("steps", steps, 0)
        self.views = session.read(_suitable_views) if views is None else list(views)
        self.knobs = session.read(lambda gan: checked_knobs(knobs, gan))
        session.read(lambda gan: [view.prepare(gan) for view in self.views])
        self._controller: Controller | None = None
        self._box = self._panel = self._plain = self._timer = None

    def show(self, autoplay: bool = False) -> None:
        """Shows the panel below the running cell; without a front end, trains and shows a picture.

        Args:
            autoplay: whether the panel starts to train at once; by default it waits for Play.
        """
        if not frontend.is_live():
            from course_utils.widgets import headless

            headless.run(self.session, self.views, self.steps)
            return
        from IPython.display import display

        display(self.box())
        if autoplay:
            self._controller.play()

    def box(self):
        """The panel as a widget, for those who put it into a layout of their own.

        Returns:
            An ipywidgets box, the same until the panel is closed or was replaced.
        """
        CELL.watch()
        if self._controller is None or self._controller.status.over:
            self._make()
        return self._box

    def save(self, path) -> None:
        """Writes the run so far (seed, knobs, all that was done) as a small JSON file.

        Raises:
            ValueError: part of it was trained by `fit`.
            OSError: the file cannot be written.
        """
        recording.save(self.session.read(lambda gan: gan.history.log()), self.session.name, path)

    def replay(self, path) -> None:
        """Starts over and repeats the run in a file that `save` or the panel wrote.

        It runs in the background; a change of a knob, a step, a reset or a rewind ends it, and the
        run goes on from there.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it holds no run that this GAN can repeat; nothing changes then.
        """
        self.session.replay(recording.load(path))

    def examine(self) -> Diagnosis:
        """Has the doctor examine the run as it is now, as the panel's button does.

        Training waits some seconds, and goes on as if nothing had been.

        Returns:
            The diagnosis; print it.

        Raises:
            ValueError: the GAN has no data of its own, being trained by `fit`.
        """
        return doctor.examine(self.session)[0]

    def close(self) -> None:
        """Takes the panel from the page; the session stays. Closing twice is allowed."""
        if self._timer is not None:
            self._timer.cancel()
        if self._controller is not None:
            self._controller.close()
            self._box.close()
        self._controller = self._box = self._panel = self._plain = None

    def _make(self) -> None:
        import ipywidgets

        from course_utils.widgets.controller import Controller
        from course_utils.widgets.panel import Panel

        controller = Controller(self.session, self.views, self.knobs)
        controller.open()
        self._panel, self._plain = Panel(controller), None
        self._box = ipywidgets.VBox([self._panel.widget])
        self._controller = controller
        controller.on_view = self._canvas_is_there
        controller.on_close = functools.partial(_empty, self._box)
        controller.add(self._panel)
        self._wait_for_canvas()

    # --- the plain panel below a canvas that does not come -------------------------------------

    def _wait_for_canvas(self) -> None:
        self._timer = threading.Timer(CANVAS_SECONDS, self._canvas_is_late)
        self._timer.name, self._timer.daemon = f"canvas-{self.session.name}", True
        self._timer.start()

    def _canvas_is_late(self) -> None:
        controller = self._controller
        if controller is None or controller.status.over or controller.presence.views:
            return
        if CELL.running:  # its hello may be waiting for the cell to end
            self._wait_for_canvas()
            return
        from course_utils.widgets.plain import PlainPanel

        self._plain = PlainPanel(controller, str(STRINGS["fallback"]))
        controller.add(self._plain)
        self._box.children = [self._panel.widget, self._plain.widget]

    def _canvas_is_there(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        plain, self._plain = self._plain, None
        if plain is not None:
            self._box.children = [self._panel.widget]
            self._controller.remove(plain)


def _empty(box) -> None:
    # A page opened later restores all widgets of the kernel or none: a box must not name a panel
    # that is closed, and an output must not name a box that is.
    box.children = []


def _suitable_views(gan) -> list[views.View]:
    shape = gan.generator.output_shape[1:]
    if shape == (2,):
        return [views.Points(), views.Curves(), views.Histograms()]
    if len(shape) in (2, 3) and shape[2:] in ((), (1,)):
        return [views.Images(), views.Curves(), views.Histograms()]
    return [views.Curves(), views.Histograms()]
