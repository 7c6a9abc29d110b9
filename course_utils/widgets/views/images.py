"""A grid of generated images of fixed latents; of a conditional GAN, one row for each class."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from course_utils.language import text
from course_utils.widgets.strings import STRINGS
from course_utils.widgets.views.view import View, Wants

ROWS = 8
"""Of the grid of a GAN without classes."""
MOST = 32


class Images(View):
    """The images that G makes of the same latents in every frame.

    For generators of images `[H, W, 1]` or `[H, W]`. Their values are taken to be in [-1, 1] if the
    real images go below 0, and in [0, 1] otherwise.

    Of a conditional GAN each row is a class, and each column a latent, the same in all rows. On
    request all images are of one class, each of a latent of its own, or the rows lead from one
    class (top) to another: the conditions of the rows between are mixtures, in equal steps.

    Args:
        rows: of the grid, 1 ... 32; None for as many as there are classes, or 8 without any.
        columns: of the grid, 1 ... 32.
        latents: a function of the GAN that returns latents for the grid, row by row, float32
            `[rows · columns, latent_dim]`; those of the first row serve all classes. The knobs of
            the latents do not act on them. None draws them from seed 0.
        row_titles: one for each row; they name the classes too where there are as many rows as
            classes. None for the classes' numbers.

    Raises:
        ValueError: a size is out of its range, or there is not one title for each row.
    """

    kind = "images"

    def __init__(
        self,
        rows: int | None = None,
        columns: int = 8,
        latents: Callable | None = None,
        row_titles: Sequence[str] | None = None,
    ):
        from course_utils.training.checks import whole_number

        self.rows = None if rows is None else whole_number("rows", rows, 1, MOST)
        self.columns = whole_number("columns", columns, 1, MOST)
        self.latents, self.row_titles = latents, [str(title) for title in row_titles or ()]
        if rows is not None:
            self._check_titles(self.rows)
        self._low, self._choosing, self._classes = 0.0, None, 0
        self._titles: list[str] = []
        self._requested: list[int] = []

    @property
    def title(self) -> str:
        """The picture's title, in the language in use."""
        return str(STRINGS["view_images"])

    @property
    def classes(self) -> list[str]:
        """See `View.classes`."""
        return self._titles

    @property
    def requested(self) -> list[int]:
        """See `View.requested`."""
        return self._requested

    def request(self, classes: Sequence[int]) -> None:
        """See `View.request`."""
        if not self._classes:
            super().request(classes)
        known = [type(one) is int and 0 <= one < self._classes for one in classes]
        if not all(known) or len(known) > 2:
            raise ValueError(
                text(
                    en=f"The classes {list(classes)} cannot be shown: ask for one or two of "
                    f"0 … {self._classes - 1}, or for none to see all of them.",
                    zh=f"无法显示类别 {list(classes)}：请指定 0 … {self._classes - 1} 中的"
                    "一个或两个；不指定则显示全部类别。",
                )
            )
        self._requested = list(classes)

    def prepare(self, gan) -> Wants:
        """See `View.prepare`; the samples must be images `[H, W, 1]` or `[H, W]`."""
        from course_utils.training.looking import Choosing, real_samples

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
        self._classes, rows = gan.classes, self.rows or min(gan.classes or ROWS, MOST)
        self._check_titles(rows)
        self._titles = [str(number) for number in range(gan.classes)]
        if len(self.row_titles) == gan.classes:
            self._titles = self.row_titles
        self._grid = np.divmod(np.arange(rows * self.columns), self.columns)  # row, column
        self._requested = []
        if self.latents is None and not gan.classes:
            self._choosing = None
            return Wants(count=rows * self.columns)
        latents = rows * self.columns if self.latents is None else self._own_latents(gan, rows)
        self._choosing = Choosing(gan, latents)
        return Wants()

    def frame(self, gan, seen):
        """See `View.frame`: the pixels of the whole grid, 0 (black) ... 255."""
        row, _ = self._grid
        rows = int(row[-1]) + 1
        images = self._chosen() if self._choosing else seen.look.generated[: len(row)]
        height, width = images.shape[1:3]
        share = (np.nan_to_num(images) - self._low) / (1.0 - self._low)
        pixels = np.clip(255 * share + 0.5, 0, 255).astype(np.uint8)
        grid = pixels.reshape(rows, self.columns, height, width).swapaxes(1, 2)
        meta = {
            "rows": rows,
            "columns": self.columns,
            "height": height,
            "width": width,
            "row_titles": self._titles_of_rows(rows),
            "requested": self._requested,
            "words": self._words(),
            "hint": str(STRINGS["click_for_all" if self._requested else "click_a_row"])
            if self._classes
            else "",
        }
        return meta, {"pixels": grid.reshape(rows * height, self.columns * width)}

    def draw(self, axes, meta, arrays, changes) -> None:
        """See `View.draw`."""
        (ax,) = axes
        ax.imshow(arrays["pixels"], cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.grid(False)
        ax.set_xticks([])
        middles = meta["height"] * (np.arange(meta["rows"]) + 0.5) - 0.5
        titled = meta["row_titles"]
        ax.set_yticks(middles if titled else [], labels=titled or None)
        names = [self._titles[number] for number in meta["requested"]]
        ax.set_title(f"{self.title}: {' → '.join(names)}" if names else self.title)

    def describe(self, meta, arrays) -> str:
        """See `View.describe`."""
        shape = meta["rows"], meta["height"], meta["columns"], meta["width"]
        images = arrays["pixels"].reshape(shape).swapaxes(1, 2) / 255
        spread = images.std(axis=(0, 1)).mean()
        seen = STRINGS["images_seen"].format(
            count=meta["rows"] * meta["columns"], mean=images.mean(), spread=spread
        )
        return text(en=" ", zh="").join(filter(None, [seen, meta["words"]]))

    def _chosen(self) -> np.ndarray:
        """The images that were requested, of a GAN with classes or of latents of one's own."""
        row, column = self._grid
        if not self._classes:
            return self._choosing(np.arange(len(row)))
        every = np.eye(self._classes, dtype=np.float32)
        if not self._requested:
            return self._choosing(column, every[row % self._classes])
        if len(self._requested) == 1:
            return self._choosing(np.arange(len(row)), every[self._requested * len(row)])
        first, second = every[self._requested]
        share = (row / max(row[-1], 1))[:, None].astype(np.float32)
        return self._choosing(column, (1 - share) * first + share * second)

    def _titles_of_rows(self, rows: int) -> list[str]:
        if not self._requested:
            if self.row_titles or not self._classes:
                return self.row_titles
            return [self._titles[row % self._classes] for row in range(rows)]
        titles = [""] * rows
        titles[0] = self._titles[self._requested[0]]
        if len(self._requested) == 2:
            titles[-1] = self._titles[self._requested[1]]
        return titles

    def _words(self) -> str:
        kinds = ("images_of_all", "images_of_one", "images_between")
        names = [self._titles[number] for number in self._requested]
        return STRINGS[kinds[len(names)]].format(names=names) if self._classes else ""

    def _own_latents(self, gan, rows: int) -> np.ndarray:
        latents, count = np.asarray(self.latents(gan), np.float32), rows * self.columns
        if latents.shape == (count, gan.latent_dim):
            return latents
        raise ValueError(
            text(
                en=f"latents have the shape {latents.shape}; {rows} × {self.columns} images of "
                f"this GAN need {(count, gan.latent_dim)}.",
                zh=f"latents 的形状是 {latents.shape}；{rows} × {self.columns} 幅图像需要的形状是 "
                f"{(count, gan.latent_dim)}。",
            )
        )

    def _check_titles(self, rows: int) -> None:
        if self.row_titles and len(self.row_titles) != rows:
            raise ValueError(
                text(
                    en=f"There are {len(self.row_titles)} row_titles for {rows} rows: give one for "
                    "each row.",
                    zh=f"row_titles 有 {len(self.row_titles)} 个，而图像有 {rows} 行："
                    "请为每一行给出一个标题。",
                )
            )
