"""Two small lessons to publish, and to break."""

import shutil
from pathlib import Path

import pytest

from course_utils import language
from course_utils.publishing import commands, layout, reviews
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read

SAMPLES = Path(__file__).parent / "samples"
GLOSSARY = Path(__file__).parents[2] / "notebooks" / "source" / "glossary.csv"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Messages in English, whatever the machine says, and no language left behind."""
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def course(tmp_path) -> Layout:
    """The sources of the two lessons, nothing built."""
    return _sources(tmp_path)


@pytest.fixture(scope="session")
def _executed(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("course")
    course = _sources(root)
    assert run(course, "execute") == 0
    for name in course.lessons():
        reviews.update(course, read(course.source(name)))
    return root


@pytest.fixture
def published(_executed, tmp_path) -> Layout:
    """A copy of the two lessons, built, executed and reviewed."""
    shutil.copytree(_executed, tmp_path, dirs_exist_ok=True)
    return Layout(tmp_path)


def _sources(root: Path) -> Layout:
    source = root / "notebooks" / "source"
    source.mkdir(parents=True)
    for sample in SAMPLES.glob("*.md"):
        shutil.copy(sample, source)
    shutil.copy(GLOSSARY, source)
    return Layout(root)


@pytest.fixture(name="run")
def run_fixture():
    """The function that runs a command on a course and returns its exit code."""
    return run


def run(course: Layout, line: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers(required=True))
    arguments = parser.parse_args(line.split())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "course", lambda: course)
        return arguments.run(arguments)


@pytest.fixture
def edit():
    """The function that changes one place of a file, which must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path.name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
