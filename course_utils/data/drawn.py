"""A target that the learner has painted: cells of a grid, each with a weight of its own."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np

from course_utils.data.target import Bounds, Target, points_of_density
from course_utils.language import Text, text

FRAME: Bounds = ((-2.0, 2.0), (-2.0, 2.0))


class Drawn(Target):
    """Points uniform within each cell of a grid; a cell's probability is its share of the weight.

    Attributes:
        weights: float64 [rows, columns], as painted; row 0 holds the lowest y.
    """

    uniforms_per_point = 3

    def __init__(self, weights, bounds: Bounds) -> None:
        """Lay the cells of `weights` over `bounds`; see `drawn`."""
        self.name, self.title = "drawn", Text(en="your drawing", zh="你画的图形")
        self.weights, self.bounds = _checked_weights(weights), _checked_bounds(bounds)
        total = np.cumsum(self.weights)
        # From the last painted cell on it is 1 exactly, which no uniform number reaches.
        self._cumulated = (total / total[-1]).astype(np.float32)

    def transform(self, uniforms, normals, xp: ModuleType):
        """Choose the cell by the first uniform number, the place in it by two; see `Target`."""
        columns = self.weights.shape[1]
        cell = xp.searchsorted(self._cumulated, uniforms[:, 0], side="right")
        cell = cell.astype(np.float32) if xp is np else xp.cast(cell, xp.float32)
        row = xp.floor((cell + 0.5) / columns)  # the half: XLA may divide inexactly
        column = cell - columns * row
        (x, width), (y, height) = self._cell_sides()
        return xp.stack(
            [x + width * (column + uniforms[:, 1]), y + height * (row + uniforms[:, 2])], axis=-1
        )

    def density(self, points: np.ndarray) -> np.ndarray:
        """Return the density, exact, 0 outside the frame; see `Target.density`."""
        points = points_of_density(points)
        (x, width), (y, height) = self._cell_sides()
        column = np.floor((points[:, 0] - x) / width)
        row = np.floor((points[:, 1] - y) / height)
        rows, columns = self.weights.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.zeros(len(points))
        found[inside] = self.weights[row[inside].astype(int), column[inside].astype(int)]
        return found / (self.weights.sum() * width * height)

    def as_dict(self) -> dict:
        """Return the drawing as plain numbers, ready for JSON: the arguments of `drawn`."""
        return {"weights": self.weights.tolist(), "bounds": [list(pair) for pair in self.bounds]}

    def _cell_sides(self) -> list[tuple[float, float]]:
        """(start of the frame, length of a cell) along x and along y."""
        rows, columns = self.weights.shape
        return [
            (low, (high - low) / count)
            for (low, high), count in zip(self.bounds, (columns, rows), strict=True)
        ]


def drawn(weights, bounds: Sequence[Sequence[float]] = FRAME) -> Drawn:
    """Make a target from a painted grid.

    Args:
        weights: numbers >= 0, [rows, columns], for instance an image of ink, uint8 [32, 32]; row 0
            is the lowest. At most 65,536 cells.
        bounds: ((x_min, x_max), (y_min, y_max)) of the whole grid.

    Raises:
        ValueError: nothing is painted, or an argument is not of that form.
    """
    return Drawn(weights, bounds)


def _checked_weights(weights) -> np.ndarray:
    try:
        array = np.array(weights, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or not 1 <= array.size <= 65_536:
        raise ValueError(
            text(
                en=f"weights must be numbers of the shape [rows, columns], 1 … 65,536 cells; these "
                f"have the shape {np.shape(array)}.",
                zh=f"weights 必须是形状为 [行, 列] 的数值数组，单元格数为 1 … 65,536；"
                f"现在的形状是 {np.shape(array)}。",
            )
        )
    if not (np.isfinite(array).all() and (array >= 0).all()):
        raise ValueError(
            text(
                en="weights must be finite numbers of at least 0; some are negative, NaN or "
                "infinite.",
                zh="weights 必须是不小于 0 的有限数；现在其中有负数、NaN 或无穷大。",
            )
        )
    if not array.any():
        raise ValueError(
            text(
                en="The drawing is empty: there is nothing to learn from. Paint something first.",
                zh="画板是空的，没有可以学习的数据。请先画点什么。",
            )
        )
    return array


def _checked_bounds(bounds) -> Bounds:
    try:
        (x_low, x_high), (y_low, y_high) = ((float(a), float(b)) for a, b in bounds)
        fine = np.isfinite([x_low, x_high, y_low, y_high]).all()
        fine = bool(fine) and x_low < x_high and y_low < y_high
    except (TypeError, ValueError):
        fine = False
    if not fine:
        raise ValueError(
            text(
                en=f"bounds = {bounds!r}: they must be ((x_min, x_max), (y_min, y_max)), finite, "
                "each minimum below its maximum.",
                zh=f"bounds = {bounds!r}：必须是 ((x_min, x_max), (y_min, y_max))，"
                "均为有限数，且最小值小于最大值。",
            )
        )
    return ((x_low, x_high), (y_low, y_high))
