"""Points in the plane: real and generated, D's belief everywhere, where G's update pushes."""

from __future__ import annotations

import numpy as np

from course_utils.language import text
from course_utils.widgets.strings import STRINGS
from course_utils.widgets.views.view import View, Wants

RESOLUTION = 64
MOST_ARROWS = 100
LONGEST_ARROW = 0.12  # of the frame's width
HALF_LENGTH_AT = 4.0  # nats per width of the frame: an arrow of half the greatest length


class Points(View):
    """Real and generated points, D's belief as a surface, and arrows on generated points.

    An arrow points where G's own update would move that point: along minus the gradient of G's
    loss. Its length is a fixed, bounded function of the gradient's norm g (nats per frame width):
    `LONGEST_ARROW` · g / (g + `HALF_LENGTH_AT`), so that a gradient that dies is an arrow that
    vanishes, in every frame alike.

    Args:
        bounds: ((x_min, x_max), (y_min, y_max)) to show; those of the GAN's target if None.
        arrows: whether to draw them, on the first 100 generated points.
        surface: whether to draw D's belief.
        count: how many real and how many generated points, 1 ... 5,000.

    Raises:
        ValueError: `count` or `bounds` is not of the kind above.
    """

    kind = "points"

    def __init__(self, bounds=None, arrows: bool = True, surface: bool = True, count: int = 400):
        from course_utils.training.checks import whole_number

        self.count = whole_number("count", count, 1, 5000)
        self.arrows, self.surface = arrows, surface
        self._given = None if bounds is None else _checked_bounds(bounds)
        self.bounds = self._given

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        return str(STRINGS["view_points"])

    def prepare(self, gan) -> Wants:
        """See `View.prepare`; the GAN's samples must be points `[n, 2]`."""
        if gan.generator.output_shape[1:] != (2,):
            raise ValueError(
                text(
                    en="views.Points shows points in the plane, but this generator's samples have "
                    f"the shape {gan.generator.output_shape[1:]}. Use views.Images or "
                    "views.Curves.",
                    zh="views.Points 显示平面上的点，而这个生成器输出的样本形状是 "
                    f"{gan.generator.output_shape[1:]}。请改用 views.Images 或 views.Curves。",
                )
            )
        bounds = getattr(getattr(gan.source, "target", None), "bounds", None)
        self.bounds = self._given or (bounds and _checked_bounds(bounds))
        if self.bounds is None:
            raise ValueError(
                text(
                    en="views.Points does not know which part of the plane to show: this GAN's "
                    "data have no bounds. Give bounds=((x_min, x_max), (y_min, y_max)).",
                    zh="views.Points 不知道该显示平面的哪个区域：这个 GAN 的数据没有给出边界。"
                    "请传入 bounds=((x_min, x_max), (y_min, y_max))。",
                )
            )
        arrows = min(self.count, MOST_ARROWS) if self.arrows else 0
        return Wants(self.count, self.count, self._grid() if self.surface else None, arrows)

    def frame(self, gan, seen):
        """See `View.frame`, and the panel's protocol for what the arrays are."""
        generated = seen.look.generated[: self.count]
        low, high = np.asarray(self.bounds, np.float32).T
        inside = ((generated >= low) & (generated <= high)).all(axis=1)
        arrays = {"real": seen.real[: self.count], "generated": generated}
        if self.surface:
            arrays["surface"] = seen.places_belief
        if self.arrows:
            arrays["arrows"] = self._arrows(generated, seen.look.push)
        meta = {
            "resolution": RESOLUTION if self.surface else 0,
            "bounds": self.bounds,
            "outside": int(len(inside) - np.count_nonzero(inside)),
        }
        if seen.look.averaged:
            meta["measures"] = [
                {"title": str(STRINGS["shown"]), "text": str(STRINGS["averaged_generator"])}
            ]
        return meta, arrays

    def draw(self, axes, meta, arrays, changes) -> None:
        """See `View.draw`."""
        from course_utils import plotting

        (ax,) = axes
        if "surface" in arrays:
            belief = np.nan_to_num(arrays["surface"])
            plotting.surface(ax, lambda places: belief, meta["bounds"], meta["resolution"])
        plotting.points(
            ax, arrays["real"], arrays["generated"], meta["bounds"], size=12 if self.surface else 22
        )
        if "arrows" in arrays:
            ax.quiver(
                *arrays["arrows"].T, angles="xy", scale_units="xy", scale=1, width=0.004,
                color=plotting.COLOURS.neutral, zorder=4,
            )  # fmt: skip
        ax.set_title(self.title)

    def describe(self, meta, arrays) -> str:
        """See `View.describe`."""
        generated = arrays["generated"]
        (x, y), (x_spread, y_spread) = generated.mean(axis=0), generated.std(axis=0)
        sentence = STRINGS["points_seen"].format(
            count=len(generated), x=x, y=y, x_spread=x_spread, y_spread=y_spread
        )
        if meta["outside"]:
            sentence += STRINGS["points_outside"].format(outside=meta["outside"])
        return sentence

    def _grid(self) -> np.ndarray:
        sides = (np.linspace(low, high, RESOLUTION, dtype=np.float32) for low, high in self.bounds)
        return np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)  # row 0 has the lowest y

    def _arrows(self, points: np.ndarray, push: np.ndarray) -> np.ndarray:
        push = push[: min(len(points), MOST_ARROWS)]
        low, high = np.asarray(self.bounds, np.float32).T
        # Measured in widths of the frame, so that an arrow points as it looks when the scales of
        # x and y differ; L falls by `slope` nats per width along it.
        slope = push * (high - low)
        norm = np.sqrt((slope**2).sum(axis=1, keepdims=True))
        with np.errstate(invalid="ignore"):
            shown = np.nan_to_num(LONGEST_ARROW * slope / (norm + HALF_LENGTH_AT))
        return np.concatenate([points[: len(push)], shown * (high - low)], axis=1)


def _checked_bounds(bounds) -> tuple[tuple[float, float], tuple[float, float]]:
    try:
        (left, right), (bottom, top) = (tuple(map(float, side)) for side in bounds)
        fits = -1e6 < left < right < 1e6 and -1e6 < bottom < top < 1e6
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(
            text(
                en=f"bounds = {bounds!r}: give ((x_min, x_max), (y_min, y_max)), each minimum "
                "below its maximum.",
                zh=f"bounds = {bounds!r}：请写成 ((x_min, x_max), (y_min, y_max))，"
                "每个最小值都应小于最大值。",
            )
        )
    return (left, right), (bottom, top)
