"""The measured run times: written by ``execute``, read by ``{{cpu_seconds}}``.

``notebooks/timings.json``: ``{lesson: {kind: {language: {"cpu_seconds": s, "wall_seconds": s}}}}``.
"""

from __future__ import annotations

import json
import math

from course_utils.publishing.layout import Layout

ABOUT = {
    "command": "python -m course_utils execute",
    "what": "seconds on the machine that executed last",
}
STEP = 5  # seconds; prose shows multiples of it, so that a machine's moods do not show


def read(layout: Layout) -> dict[str, dict]:
    """Return the times of all lessons; an empty dict before the first execution."""
    if not layout.timings.exists():
        return {}
    times = json.loads(layout.timings.read_text(encoding="utf-8"))
    return {lesson: value for lesson, value in times.items() if lesson != "about"}


def record(
    layout: Layout, lesson: str, kind: str, lang: str, cpu_seconds: float, wall_seconds: float
) -> None:
    """Store what one notebook took: its kernel's CPU seconds (all threads), and the clock's."""
    times = read(layout)
    times.setdefault(lesson, {}).setdefault(kind, {})[lang] = {
        "cpu_seconds": round(cpu_seconds, 1),
        "wall_seconds": round(wall_seconds, 1),
    }
    text = json.dumps({"about": ABOUT, **dict(sorted(times.items()))}, indent=1)
    layout.timings.write_text(text + "\n", encoding="utf-8", newline="\n")


def cpu_seconds(layout: Layout, lesson: str, kind: str) -> int | None:
    """Return the slower language's CPU seconds, rounded up to a multiple of 5, if measured."""
    measured = read(layout).get(lesson, {}).get(kind, {})
    if not measured:
        return None
    slowest = max(value["cpu_seconds"] for value in measured.values())
    return max(STEP, math.ceil(slowest / STEP) * STEP)
