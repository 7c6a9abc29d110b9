"""What the learner has tried: attempts and best results, kept until the kernel restarts."""

from __future__ import annotations

import html
import sys
import threading
from dataclasses import dataclass, field
from typing import Protocol

from course_utils import language
from course_utils.exercises.feedback import STATUSES

_RANKS = ("not_attempted", "error", "wrong", "correct")


@dataclass
class Tally:
    """Attempts at one exercise.

    Attributes:
        attempts: how many attempts were judged; "not attempted yet" and faults of the course do not
            count.
        correct: how many of them were correct.
        best: the best status so far, a key of `feedback.STATUSES`.
        hints: how many hints were asked for, 0 to 2.
    """

    attempts: int = 0
    correct: int = 0
    best: str = "not_attempted"
    hints: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, status: str) -> int:
        """Count an attempt and return how many were not correct so far."""
        with self._lock:
            if status in _RANKS[1:]:
                self.attempts += 1
                self.correct += status == "correct"
                self.best = max(self.best, status, key=_RANKS.index)
            return self.attempts - self.correct

    def next_hint(self) -> int:
        """Count a hint and return its number: 1, then 2 for ever."""
        with self._lock:
            self.hints = min(self.hints + 1, 2)
            return self.hints


class Recorded(Protocol):
    """Something that `progress` lists."""

    id: str

    def progress_row(self) -> tuple[str, str, str]:
        """Return title, number of attempts and best result, in the learner's language."""


_tallies: dict[str, Tally] = {}
_recorded: dict[str, Recorded] = {}


def tally(exercise_id: str) -> Tally:
    """Return the tally of an exercise; it outlives a reload of the lesson's module."""
    return _tallies.setdefault(exercise_id, Tally())


def register(item: Recorded) -> None:
    """List `item` in `progress`, in place of an earlier one with the same id."""
    _recorded[item.id] = item


def spelling(item: object) -> str:
    """Return how a lesson's notebook spells `item`, such as "lesson_01.best_accuracy"."""
    for module_name, module in list(sys.modules.items()):
        lesson = module_name.rpartition(".")[2]
        if module_name != "__main__" and not module_name.startswith(
            "course_utils.exercises.lesson_"
        ):
            continue
        for name, value in list(vars(module).items()):
            if value is item and not name.startswith("_"):
                return name if lesson == "__main__" else f"{lesson}.{name}"
    return "…"


def progress() -> Progress:
    """Return a table of the exercises and quizzes of the lessons imported so far."""
    # Lesson by lesson; within one, in the order of its content.
    recorded = sorted(_recorded.items(), key=lambda entry: entry[0][:2])
    rows = [(i, *item.progress_row()) for i, item in recorded]
    return Progress(tuple(rows))


@dataclass(frozen=True, repr=False)
class Progress:
    """A table that a notebook shows as HTML and a terminal as text.

    Attributes:
        rows: id, title, attempts and best result, one tuple for each exercise or quiz.
    """

    rows: tuple[tuple[str, str, str, str], ...]

    def __repr__(self) -> str:
        """Return the table as plain text."""
        return "\n".join(" | ".join(row) for row in (_header(), *self.rows))

    def _repr_html_(self) -> str:
        def line(cells: tuple[str, ...], tag: str) -> str:
            scope = ' scope="col"' if tag == "th" else ""
            opened = f'<{tag}{scope} style="text-align: left">'
            return "<tr>" + "".join(f"{opened}{html.escape(c)}</{tag}>" for c in cells) + "</tr>"

        caption = language.text(en="Your progress in this session", zh="本次学习进度")
        return (
            f"<table><caption>{caption}</caption><thead>{line(_header(), 'th')}</thead><tbody>"
            + "".join(line(row, "td") for row in self.rows)
            + "</tbody></table>"
        )


def status_words(status: str) -> str:
    """Return a status as icon and words, such as "✓ Correct"."""
    return f"{STATUSES[status].icon} {STATUSES[status].heading}"


def _header() -> tuple[str, str, str, str]:
    return (
        language.text(en="No.", zh="编号"),
        language.text(en="Title", zh="标题"),
        language.text(en="Attempts", zh="作答次数"),
        language.text(en="Best result", zh="最好结果"),
    )
