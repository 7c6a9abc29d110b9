"""Rules for the style of code: ruff's formatter and linter, on the notebooks as they are built.

Ruff reads notebooks, so names may be imported in one cell and used in the next; a solutions
notebook is checked by itself, so an undefined name there means that it does not stand alone.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
from ruff import find_ruff_bin

from course_utils.language import text
from course_utils.publishing.build import build, kinds
from course_utils.publishing.rules.violation import Report, Violation

# Of no use in a notebook: docstrings for every example, and imports only at the top. A solutions
# notebook shares the student's set-up cell and need not use all that it imports.
IGNORED = {"student": ("D", "E402"), "solutions": ("D", "E402", "F401")}
_ROOT = Path(__file__).resolve().parents[3]
_CELL = re.compile(r"^\+\+\+ .*:cell (\d+)$", re.MULTILINE)


def violations(report: Report) -> Iterator[Violation]:
    """Yield ruff's complaints about the lesson's code, each once."""
    seen = set()
    for kind in kinds(report.lesson):
        notebook = build(report.layout, report.lesson, "en", kind)
        source = nbformat.writes(notebook)
        for rule, index, message, cure, row in [*_lint(source, kind), *_format(source)]:
            id = notebook.cells[index - 1].id
            if (id, message, row) not in seen:
                seen.add((id, message, row))
                cell = next(cell for cell in report.lesson.code if cell.id == id)
                yield report(rule, cell, message, cure, row)


def _lint(source: str, kind: str) -> Iterator[tuple[str, int, str, str, int]]:
    ignored = f"--extend-ignore={','.join(IGNORED[kind])}"
    result = _ruff(["check", "--output-format=json", ignored], source)
    if result.returncode not in (0, 1):  # 1: something was found; else ruff itself went wrong
        raise RuntimeError(result.stderr)
    for found in json.loads(result.stdout or "[]"):
        advice = (found.get("fix") or {}).get("message") or found.get("url") or "ruff"
        yield (
            "lint",
            found["cell"],
            f"{found['code'] or 'syntax'}: {found['message']}",
            text(en=f"{advice} (ruff)", zh=f"{advice}（ruff）"),
            found["location"]["row"] - 1,
        )


def _format(source: str) -> Iterator[tuple[str, int, str, str, int]]:
    result = _ruff(["format", "--diff"], source)  # says nothing of code that it cannot read
    parts = _CELL.split(result.stdout)
    for index, diff in zip(parts[1::2], parts[2::2], strict=True):
        hunk = re.search(r"^@@ -(\d+)", diff, re.MULTILINE)
        if hunk is None:
            continue
        changes = [line for line in diff.split("\n") if re.match(r"[+-](?![+-]{2} )", line)]
        shown = " ⏎ ".join(changes)
        yield (
            "format",
            int(index),
            text(
                en="the code is not formatted as ruff formats it", zh="代码格式与 ruff 的格式不一致"
            ),
            text(en=f"Change it so: {shown}", zh=f"请改成：{shown}"),
            int(hunk[1]) - 1,
        )


def _ruff(arguments: list[str], source: str) -> subprocess.CompletedProcess[str]:
    config = _ROOT / "pyproject.toml"
    settings = [f"--config={config}"] if config.exists() else ["--isolated", "--line-length=100"]
    # As if the notebook lay at the root: there ruff sees which imports are the course's own.
    stdin = ["--stdin-filename", str(_ROOT / "lesson.ipynb"), "-"]
    return subprocess.run(
        [find_ruff_bin(), *arguments, *settings, "--no-force-exclude", *stdin],
        input=source,
        capture_output=True,
        encoding="utf-8",
        cwd=_ROOT,
    )
