"""The leaderboard: the course's own generators of digits, measured over several seeds.

`python -m course_utils leaderboard` trains, measures and writes it anew.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.evaluation.table import aligned
from course_utils.language import Text, text

FILE = Path(__file__).with_name("leaderboard.json")

COLUMNS = (
    "judge_fid",
    "kernel_distance",
    "precision",
    "recall",
    "coverage",
    "conditional_accuracy",
    "gan_train",
    "near_copies",
)
"""The measures that the table shows; the file holds all of `full_report.report`."""

HEADS = {
    "judge_fid": Text(en="judge-FID ↓", zh="裁判 FID ↓"),
    "kernel_distance": Text(en="judge-KID ↓", zh="裁判 KID ↓"),
    "precision": Text(en="precision ↑", zh="精确率 ↑"),
    "recall": Text(en="recall ↑", zh="召回率 ↑"),
    "coverage": Text(en="coverage ↑", zh="覆盖率 ↑"),
    "conditional_accuracy": Text(en="cond. accuracy ↑", zh="条件准确率 ↑"),
    "gan_train": Text(en="GAN-train ↑", zh="GAN-train ↑"),
    "near_copies": Text(en="near copies", zh="近似副本"),
}

FORMATS = {
    "judge_fid": "{:.2f}",
    "kernel_distance": "{:.1f}",
    "conditional_accuracy": "{:.1%}",
    "gan_train": "{:.1%}",
    "near_copies": "{:.1%}",
}

NAMES = {
    "acgan": Text(en="ACGAN (lesson 06)", zh="ACGAN（第 06 课）"),
    "cgan": Text(en="conditional GAN (lesson 05)", zh="条件 GAN（第 05 课）"),
    "dcgan": Text(en="DCGAN (lesson 03)", zh="DCGAN（第 03 课）"),
    "memoriser": Text(en="no GAN: hands out training digits", zh="不是 GAN：照抄训练数字"),
    "one_each": Text(en="no GAN: one image of each class", zh="不是 GAN：每类只有一幅图像"),
}
"""What the entries are called; the last two stand there to be compared with."""


@dataclass(frozen=True)
class Entry:
    """One row.

    Attributes:
        name: a key of `NAMES`.
        steps: of each training; None if nothing was trained.
        shipped: whether it is the generator in the package.
        seeds: of the trainings.
        measures: name -> one value for each seed; None where it could not be measured.
    """

    name: str
    steps: int | None
    shipped: bool
    seeds: tuple[int, ...]
    measures: dict[str, tuple[float | None, ...]]

    @property
    def trained(self) -> bool:
        """Whether it was trained at all; the others only stand there to be compared with."""
        return self.steps is not None

    def values(self, measure: str) -> list[float]:
        """The values of a measure, one for each seed; none if it was not measured."""
        return [value for value in self.measures.get(measure, ()) if value is not None]

    def __str__(self) -> str:
        """Return its name and budget in the learner's language."""
        if not self.trained:
            return str(NAMES[self.name])
        budget = text(en=f"{self.steps:,} steps", zh=f"{self.steps:,} 步")
        shipped = text(en=", in the package", zh="，课程自带") if self.shipped else ""
        comma = text(en=", ", zh="，")
        return f"{NAMES[self.name]}{comma}{budget}{shipped}"


@dataclass(frozen=True, repr=False)
class Leaderboard:
    """All entries, those with the lowest median judge-FID first; a notebook shows them as a table.

    Attributes:
        samples: how many images of each generator were measured.
        entries: the rows.
    """

    samples: int
    entries: tuple[Entry, ...]

    def __getitem__(self, name: str) -> Entry:
        """Return the first entry of this name."""
        return next(entry for entry in self.entries if entry.name == name)

    def __iter__(self) -> Iterator[Entry]:
        """Go through the rows."""
        return iter(self.entries)

    def table(self) -> list[tuple[str, ...]]:
        """The head and the rows in the learner's language: median, and smallest … largest."""
        head = (
            text(en="generator", zh="生成器"),
            text(en="seeds", zh="种子数"),
            *(str(HEADS[name]) for name in COLUMNS),
        )
        rows = [
            (str(entry), str(len(entry.seeds)), *(_spread(entry, name) for name in COLUMNS))
            for entry in self.entries
        ]
        return [head, *rows]

    def markdown(self) -> str:
        """The table for a README, with a line break at its end."""
        head, *rows = self.table()
        rule = ["---", *["--:"] * (len(head) - 1)]
        return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))

    def _repr_markdown_(self) -> str:
        return f"{self._about()}\n\n{self.markdown()}"

    def __repr__(self) -> str:
        """Return the table, as it stands under the one that a notebook draws."""
        return str(self)

    def __str__(self) -> str:
        """Return the table for a terminal."""
        return "\n".join([self._about(), *aligned(self.table())])

    def _about(self) -> str:
        return text(
            en=f"{self.samples:,} images of each; median (smallest – largest) over the seeds",
            zh=f"每个生成器 {self.samples:,} 幅图像；表中为各随机种子的中位数（最小 – 最大）",
        )


def load(path: Path = FILE) -> Leaderboard:
    """The leaderboard of the course, from the file that the command wrote.

    Raises:
        OSError: the file cannot be read.
    """
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    entries = [
        Entry(
            entry["name"],
            entry["steps"],
            entry["shipped"],
            tuple(entry["seeds"]),
            {name: tuple(values) for name, values in entry["measures"].items()},
        )
        for entry in stored["entries"]
    ]
    order = sorted(entries, key=lambda entry: statistics.median(entry.values("judge_fid")))
    return Leaderboard(stored["samples"], tuple(order))


def _spread(entry: Entry, name: str) -> str:
    values = entry.values(name)
    if not values:
        return "–"
    show = FORMATS.get(name, "{:.3f}").format
    median = show(statistics.median(values))
    if len(values) == 1:
        return median
    return f"{median} ({show(min(values))} – {show(max(values))})"
