"""Reads a lesson source: the cells in order, with their ids, languages, tags and line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext

from course_utils import language

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ID_LENGTH = 60  # nbformat allows 64; the GPU badge's cell adds "-gpu"
OPTIONS = frozenset({"id", "lang", "tags", "long"})
TAGS = ("setup", "exercise", "check", "solution", "gpu", "nbval-check-output", "raises-exception")


class SourceError(ValueError):
    """A source cannot be read as a lesson.

    Attributes:
        cure: what to do about it, in the learner's language.
    """

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True)
class Cell:
    """One cell of a source.

    Attributes:
        kind: ``"prose"`` or ``"code"``.
        id: the cell's id, or None if the source gives none.
        lang: ``"en"`` or ``"zh"`` for prose; None for code (and for prose outside a region).
        tags: the tags, in the order of the source.
        text: the content, without its region or fence markers.
        line: the line of the source, counted from 1, on which ``text`` begins.
        long: why a code cell may have more than 15 lines, or None.
        unknown: options that are not among ``OPTIONS``.
    """

    kind: str
    id: str | None
    lang: str | None
    tags: tuple[str, ...]
    text: str
    line: int
    long: str | None = None
    unknown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The id, or a stand-in for messages."""
        return self.id or "?"


@dataclass(frozen=True)
class Pair:
    """The English and the Chinese half of one piece of prose."""

    id: str
    en: Cell
    zh: Cell


@dataclass(frozen=True)
class Lesson:
    """A lesson source.

    Attributes:
        name: ``NN_name``.
        text: the whole file.
        title: the title in each language.
        reading_minutes: minutes that a person needs for reading.
        cells: all cells in order.
    """

    name: str
    text: str
    title: Mapping[str, str]
    reading_minutes: int
    cells: tuple[Cell, ...]

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The prose that stands in both languages, in order."""
        halves: dict[str, dict[str, Cell]] = {}
        for cell in self.cells:
            if cell.kind == "prose" and cell.id and cell.lang:
                halves.setdefault(cell.id, {}).setdefault(cell.lang, cell)
        return tuple(
            Pair(id, half["en"], half["zh"])
            for id, half in halves.items()
            if {"en", "zh"} <= half.keys()
        )

    @property
    def code(self) -> tuple[Cell, ...]:
        """The code cells, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "code")

    @property
    def has_solutions(self) -> bool:
        """Whether the lesson has a solutions notebook."""
        return any({"exercise", "solution"} & set(cell.tags) for cell in self.cells)


def id_faults(lesson: Lesson) -> Iterator[tuple[Cell, str]]:
    """Yield each cell whose id is ``"missing"``, of wrong ``"form"`` or used ``"twice"``."""
    seen: set[tuple[str, str | None]] = set()
    for cell in lesson.cells:
        if not cell.id:
            yield cell, "missing"
            continue
        if not ID.fullmatch(cell.id) or len(cell.id) > ID_LENGTH:
            yield cell, "form"
        # The two halves of a pair share an id; everything else has its own.
        partner = {"en": "zh", "zh": "en"}.get(cell.lang or "")
        if any(id == cell.id and (partner is None or lang != partner) for id, lang in seen):
            yield cell, "twice"
        seen.add((cell.id, cell.lang))


def read(path: Path) -> Lesson:
    """Read the source at ``path`` (UTF-8).

    Raises:
        SourceError: the header or the Markdown cannot be understood.
    """
    return parse(path.stem, path.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Lesson:
    """Make a lesson called ``name`` of the source ``text``.

    Raises:
        SourceError: the header or the Markdown cannot be understood.
    """
    try:
        notebook = jupytext.reads(text, fmt="md")
    except Exception as error:  # YAML and jupytext raise many kinds; all mean "not a lesson source"
        raise SourceError(
            language.text(
                en=f"jupytext cannot read this file: {error}",
                zh=f"jupytext 无法读取此文件：{error}",
            ),
            language.text(
                en="Repair the YAML header or the marker that the message names.",
                zh="请修正上面提到的 YAML 文件头或标记。",
            ),
        ) from error
    title, minutes = _header(notebook.metadata)
    cells, position = [], 0
    for raw in notebook.cells:
        if not raw.source.strip() and "id" not in raw.metadata:
            continue  # blank lines between regions
        # jupytext drops line numbers; every cell's text stands in the file as it is, in order.
        found = text.find(raw.source, position)
        position = found if found >= 0 else position
        cells.append(_cell(raw, text.count("\n", 0, position) + 1))
        position += len(raw.source)
    return Lesson(name, text, title, minutes, tuple(cells))


def _cell(raw, line: int) -> Cell:
    options = raw.metadata
    tags = options.get("tags", [])
    return Cell(
        kind="code" if raw.cell_type == "code" else "prose",
        id=options.get("id"),
        lang=options.get("lang"),
        tags=(tags,) if isinstance(tags, str) else tuple(tags),
        text=raw.source,
        line=line,
        long=options.get("long"),
        # jupytext adds notes of its own on blank lines
        unknown=tuple(sorted(x for x in set(options) - OPTIONS if not x.startswith("lines_to_"))),
    )


def _header(metadata: Mapping) -> tuple[dict[str, str], int]:
    course = metadata.get("course")
    course = course if isinstance(course, Mapping) else {}
    title = course.get("title")
    minutes = course.get("reading_minutes")
    complete = (
        isinstance(title, Mapping)
        and all(isinstance(title.get(code), str) for code in ("en", "zh"))
        and isinstance(minutes, int)
        and minutes > 0
        and metadata.get("kernelspec", {}).get("name") == "python3"
    )
    if not complete:
        raise SourceError(
            language.text(
                en="the header lacks the course's title, reading minutes or the kernel python3",
                zh="文件头缺少课程标题、阅读分钟数或 python3 内核",
            ),
            language.text(
                en="Under `jupyter:` write `kernelspec: {name: python3, …}` and "
                "`course: {title: {en: …, zh: …}, reading_minutes: 30}`.",
                zh="请在 `jupyter:` 下写明 `kernelspec: {name: python3, …}` 和 "
                "`course: {title: {en: …, zh: …}, reading_minutes: 30}`。",
            ),
        )
    return {code: title[code] for code in ("en", "zh")}, minutes
