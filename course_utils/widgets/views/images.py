"""A grid of generated images of fixed latents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from course_utils.language import text
from course_utils.widgets.strings import STRINGS
from course_utils.widgets.views.view import View, Wants


class Images(View):
    """The images that G makes of the same latents in every frame.

    For generators of images `[H, W, 1]` or `[H, W]`. Their values are taken to be in [-1, 1] if the
    real images go below 0, and in [0, 1] otherwise.

    Args:
        rows: of the grid, 1 ... 32.
        columns: of the grid, 1 ... 32.
        latents: for GANs with classes, a function of the GAN that returns the grid's latents,
            float32 `[rows · columns, latent_dim]`, row by row: one row of the grid for each class.
            The knobs of the latents do not act on them. None draws them from the GAN's seed 0.
        row_titles: one for each row, such as the names of the classes.

    Raises:
        ValueError: a size is out of its range, or there is not one title for each row.
    """

    kind = "images"

    def __init__(
        self,
        rows: int = 8,
        columns: int = 8,
        latents: Callable | None = None,
        row_titles: Sequence[str] = (),
    ):
        from course_utils.training.checks import whole_number

        self.rows = whole_number("rows", rows, 1, 32)
        self.columns = whole_number("columns", columns, 1, 32)
        self.latents, self.row_titles = latents, [str(title) for title in row_titles]
        if self.row_titles and len(self.row_titles) != self.rows:
            raise ValueError(
                text(
                    en=f"There are {len(self.row_titles)} row_titles for {self.rows} rows: give "
                    "one for each row.",
                    zh=f"row_titles 有 {len(self.row_titles)} 个，而图像有 {self.rows} 行："
                    "请为每一行给出一个标题。",
                )
            )
        self._low = 0.0

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        return str(STRINGS["view_images"])

    def prepare(self, gan) -> Wants:
        """See `View.prepare`; the samples must be images `[H, W, 1]` or `[H, W]`."""
        from course_utils.training.looking import real_samples

        shape = gan.generator.output_shape[1:]
        if len(shape) not in (2, 3) or shape[2:] not in ((), (1,)):
            raise ValueError(
                text(
                    en="views.Images shows images [H, W, 1] or [H, W], but this generator's "
                    f"samples have the shape {shape}. Use views.Points or views.Curves.",
                    zh="views.Images 显示形状为 [H, W, 1] 或 [H, W] 的图像，而这个生成器输出的"
                    f"样本形状是 {shape}。请改用 views.Points 或 views.Curves。",
                )
            )
        self._low = -1.0 if (real_samples(gan, 16) < -1e-3).any() else 0.0
        count = self.rows * self.columns
        if self.latents is None:
            return Wants(count=count)
        latents = np.asarray(self.latents(gan), np.float32)
        if latents.shape != (count, gan.latent_dim):
            raise ValueError(
                text(
                    en=f"latents have the shape {latents.shape}; {self.rows} × {self.columns} "
                    f"images of this GAN need {(count, gan.latent_dim)}.",
                    zh=f"latents 的形状是 {latents.shape}；{self.rows} × {self.columns} "
                    f"幅图像需要的形状是 {(count, gan.latent_dim)}。",
                )
            )
        return Wants(count=count, latents=latents)

    def frame(self, gan, seen):
        """See `View.frame`: the pixels of the whole grid, 0 (black) ... 255."""
        images = seen.look.generated[: self.rows * self.columns]
        height, width = images.shape[1:3]
        share = (np.nan_to_num(images) - self._low) / (1.0 - self._low)
        pixels = np.clip(255 * share + 0.5, 0, 255).astype(np.uint8)
        grid = pixels.reshape(self.rows, self.columns, height, width).swapaxes(1, 2)
        meta = {
            "rows": self.rows,
            "columns": self.columns,
            "height": height,
            "width": width,
            "row_titles": self.row_titles,
        }
        return meta, {"pixels": grid.reshape(self.rows * height, self.columns * width)}

    def draw(self, axes, meta, arrays, changes) -> None:
        """See `View.draw`."""
        (ax,) = axes
        ax.imshow(arrays["pixels"], cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.grid(False)
        ax.set_xticks([])
        middles = meta["height"] * (np.arange(meta["rows"]) + 0.5) - 0.5
        titled = meta["row_titles"]
        ax.set_yticks(middles if titled else [], labels=titled or None)
        ax.set_title(self.title)

    def describe(self, meta, arrays) -> str:
        """See `View.describe`."""
        shape = meta["rows"], meta["height"], meta["columns"], meta["width"]
        images = arrays["pixels"].reshape(shape).swapaxes(1, 2) / 255
        spread = images.std(axis=(0, 1)).mean()
        return STRINGS["images_seen"].format(
            count=meta["rows"] * meta["columns"], mean=images.mean(), spread=spread
        )
