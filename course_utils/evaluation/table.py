"""What the reports look like: measures beside their real-against-real values, in columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course_utils.evaluation.floors import Floor
from course_utils.language import Text, text


@dataclass(frozen=True)
class Measure:
    """One measure of generated samples.

    Attributes:
        name: that of the function that computed it.
        value: for the generated samples.
        floor: the same between two real samples of the same size.
    """

    name: str
    value: float
    floor: Floor


def compared(
    measures: Iterable[Measure], titles: Mapping[str, Text], formats: Mapping[str, str]
) -> list[str]:
    """Lines of a table of `measures`, with a head, in the learner's language.

    Args:
        measures: one for each line.
        titles: what each measure is called.
        formats: how its values are written, such as "{:.2f}"; six decimals if it is not named.
    """
    rows = [
        (
            text(en="measure", zh="指标"),
            text(en="generated", zh="生成样本"),
            text(en="real against real", zh="真实对真实"),
            text(en="smallest … largest", zh="最小 … 最大"),
        )
    ]
    for measure in measures:
        show = formats.get(measure.name, "{:.6f}").format
        limits = f"{show(measure.floor.low)} … {show(measure.floor.high)}"
        title = str(titles[measure.name])
        rows.append((title, show(measure.value), show(measure.floor.median), limits))
    return aligned(rows)


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first + " " * (widths[0] - width(first))]
        for cell, columns in zip(others, widths[1:], strict=True):
            cells.append(" " * (columns - width(cell)) + cell)
        lines.append("  ".join(cells))
    return lines


def width(string: str) -> int:
    """Columns on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in string)
