"""Draw your data: a board on which the learner paints the real distribution."""

from __future__ import annotations

import base64
import html
import threading
from collections.abc import Callable

import numpy as np

from course_utils import frontend
from course_utils.data import targets
from course_utils.exercises.feedback import last_line
from course_utils.language import current, text
from course_utils.widgets import drawing_words, javascript
from course_utils.widgets.edited_canvas import EditedCanvas, check_bounds
from course_utils.widgets.sketches import TITLES, sketch

SMALLEST, LARGEST = 8, 64  # cells along a side
UNDO_STEPS = 50
PREVIEW = 400  # samples of the target that the canvas can show


class DrawingBoard:
    """A board to paint a density on: where the ink is, the real data are.

        board = DrawingBoard(drawing="smiley")
        board.on_train(lambda board: train(board.target))
        board.show()

    Headless, `show` leaves a picture of the drawing and of samples from it.

    Args:
        size: cells along each side, 8 ... 64.
        bounds: ((x_min, x_max), (y_min, y_max)), the part of the plane that the board covers.
        drawing: uint8 [size, size], row 0 = lowest y, or the name of an example in
            `sketches.TITLES`; None for an empty board.

    Raises:
        ValueError: an argument is not of the kind above.
    """

    def __init__(
        self,
        size: int = 32,
        bounds: targets.Bounds = ((-2, 2), (-2, 2)),
        drawing: np.ndarray | str | None = None,
    ):
        if type(size) is not int or not SMALLEST <= size <= LARGEST:
            raise ValueError(
                text(
                    en=f"size = {size!r}: give a whole number of cells, {SMALLEST} … {LARGEST}.",
                    zh=f"size = {size!r}：请给出 {SMALLEST} … {LARGEST} 之间的整数（格数）。",
                )
            )
        self.size, self.bounds = size, check_bounds(bounds)
        self._lock = threading.RLock()
        blank = np.zeros((size, size), np.uint8)
        self._drawing = blank if drawing is None else self._checked(drawing)
        self._earlier: list[np.ndarray] = []
        self._stroke: tuple | None = None
        self._callbacks: list[Callable[[DrawingBoard], object]] = []
        self._training, self._failure = False, ""
        self._canvas = self._make_canvas() if frontend.is_live() else None

    @property
    def drawing(self) -> np.ndarray:
        """The ink, uint8 [size, size], row 0 = lowest y, 255 = densest.

        Assigning another, or the name of an example, shows it on the board too.

        Raises:
            ValueError: what is assigned is no such drawing.
        """
        with self._lock:
            return self._drawing.copy()

    @drawing.setter
    def drawing(self, drawing: np.ndarray | str) -> None:
        checked = self._checked(drawing)
        with self._lock:
            self._replace(checked)
            self._publish()

    @property
    def target(self) -> targets.Target:
        """The distribution that is drawn now; a later stroke does not change it.

        Raises:
            ValueError: nothing is drawn.
        """
        drawing = self.drawing
        if not drawing.any():
            raise ValueError(drawing_words.empty())
        return targets.drawn(drawing, self.bounds)

    def on_train(self, callback: Callable[[DrawingBoard], object]) -> None:
        """Have the button "train on this drawing" call `callback(board)`.

        It is called on a thread of its own, so that it may take its time (make a network, compile
        it). An exception is shown on the board.
        """
        with self._lock:
            self._callbacks.append(callback)
            self._publish()

    def show(self) -> None:
        """Show the board; headless, a picture of the drawing and of samples from it."""
        if self._canvas is not None:
            self._canvas.show(self._plain_html, drawing_words.by_code())
            return
        from course_utils import plotting

        summary = drawing_words.summary(self.drawing)
        plotting.show(self._figure(), summary)
        print(summary)

    # --- messages: they come on any thread ----------------------------------------------------

    def _make_canvas(self) -> EditedCanvas:
        config = {
            "language": current(),
            "strings": drawing_words.strings(),
            "examples": [{"name": name, "title": str(title)} for name, title in TITLES.items()],
            "bounds": [list(side) for side in self.bounds],
            "size": self.size,
        }
        return DrawingCanvas(config, self._edit, self._describe, self._lock)

    def _edit(self, action: str, message: dict, buffers) -> None:
        self._failure = ""
        if action == "paint":
            self._paint((message["view"], message.get("stroke")), buffers)
        elif action == "undo":
            if self._earlier:
                self._drawing, self._stroke = self._earlier.pop(), None
        elif action == "clear":
            self._replace(np.zeros_like(self._drawing))
        elif action == "example":
            self._replace(self._checked(str(message.get("name"))))
        elif action == "train":
            self._train()
        else:
            raise ValueError(
                text(en=f"There is no action {action!r}.", zh=f"没有操作 {action!r}。")
            )

    def _paint(self, stroke: tuple, buffers) -> None:
        """Take over a drawing; the parts of one stroke are undone together."""
        ink = np.frombuffer(buffers[0], np.uint8) if len(buffers) == 1 else np.zeros(0)
        drawing = self._checked(ink.reshape(self.size, -1) if ink.size == self.size**2 else ink)
        if stroke == self._stroke:
            self._drawing = drawing
        else:
            self._replace(drawing)
        self._stroke = stroke

    def _replace(self, drawing: np.ndarray) -> None:
        self._earlier = [*self._earlier, self._drawing][-UNDO_STEPS:]
        self._drawing, self._stroke = drawing, None

    def _train(self) -> None:
        if not self._drawing.any():
            raise ValueError(drawing_words.empty())
        if self._training:
            raise ValueError(
                text(
                    en="The training on the last drawing is still being prepared: wait a moment.",
                    zh="上一幅画的训练还在准备中，请稍等。",
                )
            )
        self._training = bool(self._callbacks)
        if self._training:
            thread = threading.Thread(target=self._call_back, name="drawing-train", daemon=True)
            thread.start()

    def _call_back(self) -> None:
        failure = ""
        try:
            for callback in list(self._callbacks):
                callback(self)
        except Exception as error:
            failure = text(
                en=f"The training could not be started: {last_line(error)}",
                zh=f"无法开始训练：{last_line(error)}",
            )
        with self._lock:
            self._training, self._failure = False, failure
            self._publish()

    def _publish(self) -> None:
        if self._canvas is not None:
            self._canvas.publish()

    def _describe(self) -> dict:
        drawing = self._drawing
        state = {
            "undo": bool(self._earlier),
            "empty": not drawing.any(),
            "can_train": bool(self._callbacks),
            "training": self._training,
            "message": self._failure,
            "hint": drawing_words.hint(drawing),
            "summary": drawing_words.summary(drawing),
        }
        return {"state": state, "pixels": drawing.tobytes(), "points": self._preview()}

    def _preview(self) -> bytes:
        if not self._drawing.any():
            return b""
        return self.target.sample(PREVIEW, seed=0).astype("<f4").tobytes()

    def _checked(self, drawing) -> np.ndarray:
        """Return the drawing as uint8 [size, size].

        Raises:
            ValueError: it is no such array and no example's name.
        """
        if isinstance(drawing, str):
            return sketch(drawing, self.size)
        try:
            array = np.array(drawing, float)
        except (TypeError, ValueError):
            array = np.zeros(0)
        if array.shape != (self.size, self.size):
            raise ValueError(
                text(
                    en=f"drawing: an array [{self.size}, {self.size}] is needed, and this is "
                    f"{list(array.shape)}; or the name of an example: {', '.join(TITLES)}.",
                    zh=f"drawing：应为 [{self.size}, {self.size}] 的数组，"
                    f"现在是 {list(array.shape)}；也可以给出示例的名称：{', '.join(TITLES)}。",
                )
            )
        if not ((array >= 0) & (array <= 255)).all():
            raise ValueError(
                text(
                    en="drawing: the ink of every cell must be a number within 0 … 255.",
                    zh="drawing：每个格子的墨量都应是 0 … 255 之间的数。",
                )
            )
        return np.round(array).astype(np.uint8)

    # --- pictures -----------------------------------------------------------------------------

    def _figure(self):
        """The drawing and, beside it, samples from it."""
        from matplotlib.colors import LinearSegmentedColormap

        from course_utils import plotting

        empty = not self.drawing.any()
        figure, axes = plotting.figure(ncols=1 if empty else 2, height=4.6)
        first = axes if empty else axes[0]
        edges = [np.linspace(*side, self.size + 1) for side in self.bounds]
        ink = LinearSegmentedColormap.from_list("ink", ["#FFFFFF", plotting.COLOURS.real])
        first.pcolormesh(*edges, self.drawing, cmap=ink, vmin=0, vmax=255)
        first.grid(False)
        first.set(xlabel="$x$", ylabel="$y$", title=text(en="the drawing", zh="画出的分布"))
        if not empty:
            plotting.points(
                axes[1], real=self.target.sample(1000, seed=0), bounds=self.bounds, size=8
            )
            axes[1].set_title(text(en="samples from it", zh="从中采样"))
        return figure

    def _plain_html(self) -> str:
        from course_utils import plotting

        picture = base64.b64encode(plotting.png(self._figure())).decode()
        alt = html.escape(drawing_words.summary(self.drawing))
        words = html.escape(drawing_words.by_code())
        return f'<p>{words}</p><img alt="{alt}" src="data:image/png;base64,{picture}">'


class DrawingCanvas(EditedCanvas):
    """The front end of the board."""

    _esm = javascript.module("theme", "canvas", "plane", "edits", "drawing")
    _css = javascript.styles("edits")
