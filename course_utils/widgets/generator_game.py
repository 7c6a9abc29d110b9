"""You are the generator: place points by hand and see at once what a discriminator says of them."""

from __future__ import annotations

import base64
import html
import math
import threading
from collections.abc import Callable

import numpy as np

from course_utils import frontend
from course_utils.data.targets import Bounds, Target, x_squared
from course_utils.exercises.feedback import last_line
from course_utils.language import current, text
from course_utils.widgets import game_words, javascript
from course_utils.widgets.edited_canvas import EditedCanvas, check_bounds

MOST_POINTS = 100
RESOLUTION = 64
"""Places along each side at which D's belief is drawn."""


class GeneratorGame:
    """A canvas on which the learner places points, and the discriminator's verdict on each.

        game = GeneratorGame(discriminator)
        game.show()

    The verdicts come at once, also while another cell computes. Headless, `show` leaves a picture
    and a table of the points given.

    Args:
        discriminator: takes float32 [n, 2], returns logits [n, 1] or [n]; a Keras model, or any
            callable. It is called on the thread that a message comes on, one call at a time.
        target: the real distribution, for the curve and the distance from it.
        bounds: ((x_min, x_max), (y_min, y_max)), the plane that the canvas shows.
        points: [n, 2] within `bounds`, n <= 100, to start from; None for an empty canvas.
        show_belief: whether D's belief is drawn at first; the learner can switch it.

    Raises:
        ValueError: bounds, points or D's answers are not of the kind above.
    """

    def __init__(
        self,
        discriminator: Callable,
        target: Target = x_squared,
        bounds: Bounds = ((-1, 1), (-1, 1)),
        points: np.ndarray | None = None,
        show_belief: bool = False,
    ):
        self.target, self.bounds = target, check_bounds(bounds)
        self._discriminator = discriminator
        self._lock = threading.RLock()
        line = target.curve(1000)
        self._has_line = line is not None
        # Distances are measured to these; where there is no line, to as many real samples.
        self._real = np.float32(line if self._has_line else target.sample(1000, seed=0))
        self._points = self._checked(() if points is None else points)
        self._revealed = bool(show_belief)
        self._surface = self._drawn_belief() if self._revealed else b""
        # Asked at one place, at least: a D of the wrong kind is found here, not at the first click.
        self._belief(np.zeros((1, 2), np.float32))
        self._judge()
        if self._failure:
            raise ValueError(self._failure)
        self._canvas = self._make_canvas() if frontend.is_live() else None

    @property
    def points(self) -> np.ndarray:
        """The learner's points, float32 [n, 2], in the order in which they were placed.

        Assigning others, [n, 2] within the bounds, moves them on the canvas too.

        Raises:
            ValueError: those assigned are not of this kind.
        """
        with self._lock:
            return self._points.copy()

    @points.setter
    def points(self, points: np.ndarray) -> None:
        checked = self._checked(points)
        with self._lock:
            self._points = checked
            self._judge()
            if self._canvas is not None:
                self._canvas.publish()

    @property
    def verdicts(self) -> np.ndarray:
        """D's belief that each point is real, float32 [n] within [0, 1]; above 0.5 it is taken.

        NaN where D failed.
        """
        with self._lock:
            return self._beliefs.copy()

    @property
    def distances(self) -> np.ndarray:
        """How far each point is from the nearest real one, float32 [n], in the plane's units."""
        with self._lock:
            return self._distances.copy()

    def show(self) -> None:
        """Show the canvas; headless, a picture and a table."""
        if self._canvas is not None:
            self._canvas.show(self._plain_html, game_words.by_code())
            return
        from course_utils import plotting

        plotting.show(self._figure(), game_words.summary(self._beliefs, self._distances))
        print(game_words.table(self._points, self._beliefs, self._distances))

    # --- messages: they come on any thread ----------------------------------------------------

    def _make_canvas(self) -> EditedCanvas:
        config = {
            "language": current(),
            "strings": game_words.strings(str(self.target.title)),
            "bounds": [list(side) for side in self.bounds],
            "line": self._has_line,
            "resolution": RESOLUTION,
            "most": MOST_POINTS,
            "enough": game_words.ENOUGH_TO_REVEAL,
        }
        return GeneratorCanvas(config, self._edit, self._describe, self._lock)

    def _edit(self, action: str, message: dict, buffers) -> None:
        if action == "points":
            self._points = self._checked(message.get("points"))
            self._judge()
        elif action == "reveal":
            shown = message.get("shown") is True
            self._surface = self._drawn_belief() if shown else b""
            self._revealed = shown
        else:
            raise ValueError(
                text(en=f"There is no action {action!r}.", zh=f"没有操作 {action!r}。")
            )

    def _describe(self) -> dict:
        beliefs, distances = self._beliefs, self._distances
        state = {
            "points": self._points.tolist(),
            "beliefs": [None if math.isnan(belief) else float(belief) for belief in beliefs],
            "distances": distances.tolist(),
            "revealed": self._revealed,
            "message": self._failure,
            "hint": game_words.hint(self._points, beliefs, distances, self._revealed),
            "summary": game_words.summary(beliefs, distances),
        }
        real = self._real[::5] if self._has_line else self._real[:300]
        return {"state": state, "pixels": self._surface, "points": real.astype("<f4").tobytes()}

    # --- D's say ------------------------------------------------------------------------------

    def _judge(self) -> None:
        """Ask D about all points; if it fails, the points stay and the failure is told."""
        count = len(self._points)
        gaps = np.linalg.norm(self._points[:, None] - self._real, axis=-1)
        self._distances = gaps.min(axis=1) if count else np.zeros(0, np.float32)
        self._failure = ""
        try:
            self._beliefs = self._belief(self._points)
        except ValueError as error:
            self._beliefs = np.full(count, np.nan, np.float32)
            self._failure = str(error)

    def _belief(self, points: np.ndarray) -> np.ndarray:
        """Return sigmoid(D(points)), float32 [n].

        Raises:
            ValueError: D raises, or returns something else than finite logits, one for each point.
        """
        count = len(points)
        if not count:
            return np.zeros(0, np.float32)
        try:
            logits = np.asarray(self._discriminator(points), np.float64)
        except Exception as error:
            line = last_line(error)
            raise ValueError(
                text(
                    en=f"The discriminator failed, so there is no verdict: {line}",
                    zh=f"判别器运行出错，无法给出判断：{line}",
                )
            ) from error
        if logits.shape not in ((count,), (count, 1)):
            raise ValueError(
                text(
                    en=f"For {count} points the discriminator answered with the shape "
                    f"{logits.shape}; logits [{count}, 1] were expected.",
                    zh=f"对 {count} 个点，判别器输出的形状是 {logits.shape}，"
                    f"应为 logit [{count}, 1]。",
                )
            )
        if not np.isfinite(logits).all():
            raise ValueError(
                text(
                    en="The discriminator answered with NaN or infinity: its weights are no longer "
                    "numbers. Train it again from the start.",
                    zh="判别器的输出中有 NaN 或无穷大，它的权重已经不是正常的数。请从头重新训练。",
                )
            )
        return (0.5 + 0.5 * np.tanh(logits.reshape(count) / 2)).astype(np.float32)

    def _drawn_belief(self) -> bytes:
        """D's belief over the bounds, uint8 [RESOLUTION²], 255 = certainly real; lowest y first."""
        x, y = (np.linspace(*side, RESOLUTION, dtype=np.float32) for side in self.bounds)
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        return np.round(255 * self._belief(places)).astype(np.uint8).tobytes()

    def _checked(self, points) -> np.ndarray:
        """Return the points as float32 [n, 2].

        Raises:
            ValueError: they are no such array, not finite, too many or outside the bounds.
        """
        try:
            array = np.array(points, np.float32)
        except (TypeError, ValueError, OverflowError):
            array = None
        if array is not None and array.size == 0:
            array = np.zeros((0, 2), np.float32)
        if array is None or array.ndim != 2 or array.shape[1] != 2:
            shape = "" if array is None else f" {array.shape}"
            raise ValueError(
                text(
                    en=f"points{shape}: an array [n, 2] of numbers is needed, one row (x, y) for "
                    "each point.",
                    zh=f"points{shape}：应为 [n, 2] 的数值数组，每行是一个点的 (x, y)。",
                )
            )
        if len(array) > MOST_POINTS:
            raise ValueError(
                text(
                    en=f"{len(array)} points are too many: at most {MOST_POINTS}.",
                    zh=f"共有 {len(array)} 个点，太多了：最多 {MOST_POINTS} 个。",
                )
            )
        low, high = np.float32(self.bounds).T
        bad = np.flatnonzero(~((array >= low) & (array <= high)).all(axis=1))  # NaN is bad too
        if len(bad):
            x, y = array[bad[0]].tolist()
            (left, right), (bottom, top) = self.bounds
            raise ValueError(
                text(
                    en=f"point {bad[0] + 1} is ({x:g}, {y:g}): x must be within {left:g} … "
                    f"{right:g} and y within {bottom:g} … {top:g}.",
                    zh=f"第 {bad[0] + 1} 个点是 ({x:g}, {y:g})：x 应在 {left:g} … {right:g} 之间，"
                    f"y 应在 {bottom:g} … {top:g} 之间。",
                )
            )
        return array

    # --- pictures -----------------------------------------------------------------------------

    def _figure(self):
        """Draw the points, the real ones and, if it is shown, D's belief."""
        from matplotlib import patheffects

        from course_utils import plotting

        figure, axes = plotting.figure(width=5.5, height=5.0)
        if self._revealed:
            plotting.surface(axes, self._belief, self.bounds, RESOLUTION)
        plotting.points(axes, real=self._real[::20], size=12)
        plotting.points(axes, generated=self._points, bounds=self.bounds, size=70)
        halo = [patheffects.withStroke(linewidth=3, foreground="white")]
        middle = sum(self.bounds[0]) / 2
        for (x, y), belief in zip(self._points, self._beliefs, strict=True):
            left = x > middle  # where the words have room
            axes.annotate(
                f"{belief:.2f}", (x, y), xytext=(-7 if left else 7, 5), textcoords="offset points",
                ha="right" if left else "left", zorder=4, path_effects=halo,
            )  # fmt: skip
        return figure

    def _plain_html(self) -> str:
        from course_utils import plotting

        with self._lock:
            picture = base64.b64encode(plotting.png(self._figure())).decode()
            table = game_words.table(self._points, self._beliefs, self._distances)
            alt = html.escape(game_words.summary(self._beliefs, self._distances))
        return (
            f"<p>{html.escape(game_words.by_code())}</p>"
            f'<img alt="{alt}" src="data:image/png;base64,{picture}">'
            f"<pre>{html.escape(table)}</pre>"
        )


class GeneratorCanvas(EditedCanvas):
    """The front end of the game."""

    _esm = javascript.module(
        "theme", "canvas", "plane", "edits", "generator_picture", "generator_game"
    )
    _css = javascript.styles("edits")
