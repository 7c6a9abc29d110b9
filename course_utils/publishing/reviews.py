"""Remembers each pair of prose as it was when its halves were last known to say the same.

``notebooks/source/NN_name.pairs.json`` holds a fingerprint of each half. When both halves are new
or both have changed, `update` takes the pair as reviewed; when one changed alone, it waits for
``build --reviewed``, and ``check`` refuses the pair until then.
"""

from __future__ import annotations

import hashlib
import json

from course_utils.publishing.layout import Layout
from course_utils.publishing.markdown import without_allowances
from course_utils.publishing.source import Cell, Lesson, Pair


def _fingerprint(cell: Cell) -> str:
    # A paragraph wrapped anew says the same, and so does one with an allowance.
    words = " ".join(without_allowances(cell.text).split())
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _current(pair: Pair) -> dict[str, str]:
    return {"en": _fingerprint(pair.en), "zh": _fingerprint(pair.zh)}


def _load(layout: Layout, lesson: Lesson) -> dict[str, dict[str, str]]:
    path = layout.pairs(lesson.name)
    return json.loads(path.read_text(encoding="utf-8"))["pairs"] if path.exists() else {}


def _changed(stored: dict[str, str], pair: Pair) -> list[str]:
    return [code for code, value in _current(pair).items() if stored[code] != value]


def changed_alone(layout: Layout, lesson: Lesson) -> list[tuple[Pair, str]]:
    """Return the pairs of which one half changed since the last review, and which half it was."""
    stored = _load(layout, lesson)
    found = []
    for pair in lesson.pairs:
        changed = _changed(stored[pair.id], pair) if pair.id in stored else []
        if len(changed) == 1:
            found.append((pair, changed[0]))
    return found


def unrecorded(layout: Layout, lesson: Lesson) -> list[Pair]:
    """Return the pairs that `update` would record: those that are new or changed in both halves."""
    stored = _load(layout, lesson)
    return [
        pair
        for pair in lesson.pairs
        if pair.id not in stored or len(_changed(stored[pair.id], pair)) == 2
    ]


def update(layout: Layout, lesson: Lesson, reviewed: bool = False) -> None:
    """Record the pairs that are new or changed together; with ``reviewed``, all of them."""
    stored = _load(layout, lesson)
    pairs = {}
    fresh = {pair.id for pair in unrecorded(layout, lesson)}
    for pair in lesson.pairs:
        pairs[pair.id] = _current(pair) if reviewed or pair.id in fresh else stored[pair.id]
    about = {
        "source": layout.relative(layout.source(lesson.name)),
        "command": f"python -m course_utils build {lesson.name}",
    }
    text = json.dumps({"about": about, "pairs": pairs}, indent=1) + "\n"
    layout.pairs(lesson.name).write_text(text, encoding="utf-8", newline="\n")
