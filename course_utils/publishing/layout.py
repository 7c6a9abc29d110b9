"""Where the sources, the notebooks and their records are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils import language

KINDS = ("student", "solutions")
LESSON_NAME = re.compile(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*")


class UnknownLesson(ValueError):
    """A lesson was named that has no source."""


@dataclass(frozen=True)
class Layout:
    """The files of a course below ``root``, the directory that holds ``notebooks/``."""

    root: Path

    @property
    def notebooks(self) -> Path:
        """The directory of everything published."""
        return self.root / "notebooks"

    @property
    def glossary(self) -> Path:
        """The terms and their one translation."""
        return self.notebooks / "source" / "glossary.csv"

    @property
    def timings(self) -> Path:
        """The measured run times."""
        return self.notebooks / "timings.json"

    def source(self, lesson: str) -> Path:
        """The lesson's source."""
        return self.notebooks / "source" / f"{lesson}.md"

    def pairs(self, lesson: str) -> Path:
        """The fingerprints of the lesson's reviewed pairs."""
        return self.notebooks / "source" / f"{lesson}.pairs.json"

    def notebook(self, lesson: str, code: str, kind: str) -> Path:
        """The notebook of ``kind`` (``student`` or ``solutions``) in the language ``code``."""
        directory = self.notebooks if kind == "student" else self.notebooks / "solutions"
        return directory / code / f"{lesson}.ipynb"

    def lessons(self) -> list[str]:
        """The names of all lessons, in order."""
        return sorted(path.stem for path in (self.notebooks / "source").glob("*.md"))

    def select(self, names: Sequence[str]) -> list[str]:
        """Resolve numbers (``1``, ``01``) and full names (``01_x2_gan``); none mean all lessons.

        Raises:
            UnknownLesson: a name matches no source; the message lists those that exist.
        """
        lessons = self.lessons()
        if not names:
            return lessons
        selected = []
        for name in names:
            stem = Path(name).name.removesuffix(".md").removesuffix(".ipynb")
            number = f"{int(stem):02d}_" if stem.isdecimal() else None
            found = [x for x in lessons if x == stem or (number and x.startswith(number))]
            if not found:
                known = ", ".join(lessons) or "-"
                raise UnknownLesson(
                    language.text(
                        en=f"There is no lesson {name!r}. Name one by number or in full: {known}.",
                        zh=f"没有名为 {name!r} 的课程。请写编号或全名：{known}。",
                    )
                )
            selected += [lesson for lesson in found if lesson not in selected]
        return selected

    def relative(self, path: Path) -> str:
        """``path`` as it is shown: relative to the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def course() -> Layout:
    """This course: the package is installed editable, so it lies beside ``notebooks/``."""
    return Layout(Path(__file__).resolve().parents[2])
