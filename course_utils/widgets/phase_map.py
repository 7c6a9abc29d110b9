"""The phase map: hundreds of small GANs trained at once over a grid of two knobs."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils import frontend
from course_utils.evaluation.outcomes import CHECKPOINTS, OUTCOMES, Judge
from course_utils.language import text
from course_utils.widgets.phase_words import MEASURE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course_utils.training import GAN, Session

_maps: dict[str, PhaseMap] = {}
_registry = threading.RLock()

RESULTS = np.dtype(
    [
        ("x", "f8"), ("y", "f8"), ("outcome", "U12"), ("measure", "f8"), ("difference", "f8"),
        ("spread", "f8"), ("movement", "f8"), ("error", "f8"), ("modes", "f8"),
    ]
)  # fmt: skip


class PhaseMap:
    """Trains one GAN for each pair of values of two knobs, all at once, and shows how each ended.

        pm = PhaseMap(build, x=("generator_learning_rate", np.geomspace(1e-4, 1e-1, 16)),
                      y=("discriminator_learning_rate", np.geomspace(1e-4, 1e-1, 16)))
        pm.show()

    Each cell ends as the same GAN does when it is trained alone: its networks, first weights and
    all that is drawn are the same (`training.fleet.Fleet`). Small deviations by rounding grow in
    runs that cycle or collapse, so that their last points differ, but not what they do.

    What happens when …
    - **the cell is run again**, or another map of the same name is made: the older one stops and
      says that it was replaced.
    - **a session plays while the map trains**: starting the map pauses all sessions; one that is
      started afterwards trains beside it, both of them slower.
    - **the page is reloaded, or nobody looks**: the map trains to its end, a few seconds, and is
      there when somebody comes back.
    - **it is interrupted**: `show` without a front end, and `wait`, stop the training and raise
      KeyboardInterrupt; `show` or `start` go on from there.
    - **training fails**: the map says so, and `wait` and `results` raise it.
    - **single GANs diverge**: their cells say so; the others are not disturbed.
    - **the canvas cannot be loaded**: after 8 seconds a button and a static picture appear.
    - **there is no front end** (see `frontend.is_live`): `show` trains, and leaves a picture and a
      text.

    Args:
        build: takes knobs by name and returns a GAN that has them, always of the same networks
            (`Sequential` of `Dense`) and with a target of `course_utils.data`.
        x: a knob's name and its values, from left to right, all different.
        y: the same from bottom to top.
        steps: how many steps each GAN makes, at least 20.
        seed: of all GANs.
        measure: (title, function): what colours a cell; the function takes a GAN's points,
            float32 [200, 2], and returns a number, the lower the better. By default
            `Judge.distance` from the data, from 0 (equal) to 1.
        name: a second map of this name stops the first.

    Attributes:
        run: the training; see `phase_run.PhaseRun`.

    Raises:
        ValueError: a knob does not exist, a value is out of its range, the GAN cannot be trained in
            a fleet, or `build` does not pass the knobs on.
    """

    def __init__(
        self,
        build: Callable[..., GAN],
        x: tuple[str, Sequence],
        y: tuple[str, Sequence],
        steps: int = 2000,
        seed: int = 0,
        measure: tuple[str, Callable[[np.ndarray], float]] | None = None,
        name: str = "phase map",
    ):
        from course_utils.training.checks import whole_number
        from course_utils.training.fleet import Fleet
        from course_utils.widgets.phase_picture import Axis
        from course_utils.widgets.phase_run import PhaseRun

        self.name, self.steps = name, whole_number("steps", steps, CHECKPOINTS)
        self.x, self.y = Axis(*x), Axis(*y)
        if self.x.knob == self.y.knob:
            raise ValueError(
                text(
                    en=f"x and y are both {self.x.knob}: choose two different knobs.",
                    zh=f"x 和 y 都是 {self.x.knob}：请选择两个不同的旋钮。",
                )
            )
        self._build = build
        gan = self._alone(0, 0)
        gan.reset(seed)
        self.seed = gan.seed
        judge = Judge(_target(gan))
        self.measure_title, function = measure or (str(MEASURE), judge.distance)
        self.limits = None if measure else (0.0, 0.7)
        every = [(x, y) for y in self.y.values for x in self.x.values]
        fleet = Fleet(
            gan, **{self.x.knob: [x for x, _ in every], self.y.knob: [y for _, y in every]}
        )
        self.run = PhaseRun(fleet, judge, function, self.steps, lambda run: self._changed())
        self._panel = None
        self._over: str | None = None
        with _registry:
            older, _maps[name] = _maps.get(name), self
        if older is not None:
            older._end("replaced")

    # --- what a person can do ----------------------------------------------------------------

    def show(self, autoplay: bool = False) -> None:
        """Shows the map below the running cell; without a front end, trains and shows a picture.

        Args:
            autoplay: whether it starts to train at once; by default it waits for its button.
        """
        if not frontend.is_live():
            from course_utils import plotting

            try:
                self.run.finish()
            finally:
                plotting.show(self.figure(), alt=self.summary())
                print(self.summary())
            return
        from course_utils.widgets.phase_panel import PhasePanel

        if self._panel is None:
            self._panel = PhasePanel(self)
        self._panel.show()
        if autoplay:
            self.start()

    def start(self) -> None:
        """Trains in the background, all sessions paused; goes on where it was stopped."""
        from course_utils.training import session
        from course_utils.training.interrupts import when_idle

        if self._over is None:
            session.pause_all()
            when_idle(stop_all)
            self.run.start()

    def stop(self) -> None:
        """Stops the training; `start` goes on."""
        self.run.stop()

    def wait(self) -> None:
        """Waits until nothing is trained; an interrupt stops the training.

        Raises:
            Exception: what went wrong in the training.
        """
        self.run.wait()

    def open(self, row: int, column: int) -> Session:
        """Starts to train one cell's GAN alone, for the map's number of steps.

        Args:
            row: from 0, the bottom row.
            column: from 0, the left one.

        Returns:
            Its session, playing, called "<the map's name>: one run": an earlier one is closed.

        Raises:
            ValueError: there is no such cell.
        """
        from course_utils.training import Session
        from course_utils.training.checks import whole_number

        row = whole_number("row", row, 0, len(self.y) - 1)
        column = whole_number("column", column, 0, len(self.x) - 1)
        gan = self._alone(row, column)
        gan.reset(self.seed)
        session = Session(gan, name=f"{self.name}: one run")
        session.play(self.steps)
        return session

    def close(self) -> None:
        """Stops the training and takes the map from the page. Closing twice is allowed."""
        self._end("closed")
        with _registry:
            if _maps.get(self.name) is self:
                del _maps[self.name]
        panel, self._panel = self._panel, None
        if panel is not None:
            panel.close()

    # --- what was found ----------------------------------------------------------------------

    @property
    def status(self) -> str:
        """How it stands: that of `run`, or "replaced" or "closed" for good."""
        return self._over or self.run.status

    @property
    def results(self) -> np.ndarray:
        """One record for each cell, [rows, columns], row 0 at the bottom.

        Fields: `x` and `y` (the knobs' values; of a knob with choices the index), `outcome` (a name
        in `evaluation.outcomes.OUTCOMES`; "" before the end of the training), `measure` (NaN where
        it does not exist), and what `outcomes.Verdict` explains.

        Raises:
            Exception: what went wrong in the training.
        """
        from course_utils.training.knobs import KNOBS

        if self.run.failure is not None:
            raise self.run.failure
        found = np.full((len(self.y), len(self.x)), np.nan, RESULTS)
        found["outcome"] = ""
        found["x"] = [KNOBS[self.x.knob].to_number(value) for value in self.x.values]
        found["y"] = np.array([KNOBS[self.y.knob].to_number(v) for v in self.y.values])[:, None]
        found["measure"] = self.run.values.reshape(found.shape)
        for cell, verdict in zip(found.flat, self.run.verdicts, strict=False):
            for field, value in verdict._asdict().items():
                cell[field] = value
        return found

    def outcomes(self) -> list[str]:
        """Each cell's outcome, row by row from the bottom; "" before the end of the training."""
        return [verdict.outcome for verdict in self.run.verdicts] or [""] * len(self.run.fleet)

    def colour_limits(self) -> tuple[float, float]:
        """The measure's values that have the lightest and the darkest colour."""
        finite = self.run.values[np.isfinite(self.run.values)]
        if self.limits or not len(finite):
            return self.limits or (0.0, 1.0)
        return float(finite.min()), float(finite.max())

    def figure(self) -> Figure:
        """The map as it stands, as a static picture."""
        from course_utils.widgets import phase_picture

        values = self.run.values.reshape(len(self.y), len(self.x))
        return phase_picture.figure(
            self.x, self.y, values, self.outcomes(), self.measure_title, *self.colour_limits()
        )

    def summary(self) -> str:
        """How many GANs ended how, in a sentence or two."""
        size = f"{len(self.x)} × {len(self.y)}"
        head = text(
            en=f"Phase map of {size} GANs: {self.x.title} {self.x.label(0)} … {self.x.label(-1)} "
            f"(left to right), {self.y.title} {self.y.label(0)} … {self.y.label(-1)} "
            f"(bottom to top), step {self.run.fleet.step:,} of {self.steps:,}.",
            zh=f"{size} 个 GAN 的相图：从左到右，{self.x.title}为 {self.x.label(0)} … "
            f"{self.x.label(-1)}；从下到上，{self.y.title}为 {self.y.label(0)} … "
            f"{self.y.label(-1)}；第 {self.run.fleet.step} / {self.steps} 步。",
        )
        outcomes = self.outcomes()
        counts = [(kind.title, outcomes.count(name)) for name, kind in OUTCOMES.items()]
        found = text(en=", ", zh="，").join(f"{title} {n}" for title, n in counts if n)
        return f"{head} {found}{text(en='.', zh='。')}" if any(outcomes) else head

    # --- inside ------------------------------------------------------------------------------

    def _alone(self, row: int, column: int) -> GAN:
        """The GAN of one cell, fresh."""
        wanted = {self.x.knob: self.x.values[column], self.y.knob: self.y.values[row]}
        gan = self._build(**wanted)
        for name, value in wanted.items():
            found = gan.knobs[name]
            if found != value:
                raise ValueError(
                    text(
                        en=f"build(…) was given {name} = {value!r}, but its GAN has {found!r}. "
                        "Pass the knobs on: lambda **knobs: GAN(…, **knobs).",
                        zh=f"调用 build(…) 时传入了 {name} = {value!r}，得到的 GAN 却是 {found!r}。"
                        "请把旋钮传下去：lambda **knobs: GAN(…, **knobs)。",
                    )
                )
        return gan

    def _changed(self) -> None:
        panel = self._panel
        if panel is not None:
            panel.update()

    def _end(self, why: str) -> None:
        if self._over is None:
            self._over = why
            self.run.stop()
            self._changed()


def stop_all() -> None:
    """Stops every map and pauses every session, without waiting for them."""
    from course_utils.training import session

    with _registry:
        maps = list(_maps.values())
    for one in maps:
        one.run.ask_to_stop()
    session.pause_all()


@atexit.register
def _close_all() -> None:
    for one in list(_maps.values()):
        one.run.stop()


def _target(gan: GAN):
    target = getattr(gan.source, "target", None)
    if target is None:
        raise ValueError(
            text(
                en="A phase map needs a GAN with a target of course_utils.data.targets: make it "
                "with `GAN(…, data=x_squared)`, for example.",
                zh="相图需要以 course_utils.data.targets 中的目标分布为数据的 GAN，"
                "例如 `GAN(…, data=x_squared)`。",
            )
        )
    return target
