"""Builds a lesson's notebooks from its source."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from course_utils.publishing import comments, placeholders, solutions
from course_utils.publishing.layout import KINDS, Layout
from course_utils.publishing.markdown import without_allowances
from course_utils.publishing.source import Lesson

GPU_BADGE = {
    "en": "> **GPU** · The next cell is meant for a GPU. Without one it is skipped; "
    "the lesson goes on without its result.",
    "zh": "> **GPU** · 下一个单元格需要 GPU。没有 GPU 时会跳过它，不影响后面的学习。",
}
_EXECUTED = "executed_sha256"


def kinds(lesson: Lesson) -> tuple[str, ...]:
    """The kinds of notebook that the lesson has."""
    return KINDS if lesson.has_solutions else KINDS[:1]


def build(layout: Layout, lesson: Lesson, lang: str, kind: str) -> NotebookNode:
    """Make one notebook, without outputs.

    Args:
        layout: where things are; its timings fill placeholders.
        lesson: the lesson, without `id_faults`.
        lang: ``"en"`` or ``"zh"``.
        kind: ``"student"`` or ``"solutions"``.

    Returns:
        A valid nbformat 4.5 notebook, the same for the same source and timings.
    """

    def prose(text: str, id: str, tags: tuple[str, ...] = ()) -> NotebookNode:
        filled = placeholders.fill(text, layout, lesson, lang, kind, id)
        return v4.new_markdown_cell(filled, id=id, metadata=_metadata(tags))

    cells = []
    if kind == "solutions":
        cells.append(prose(solutions.title(lesson, lang), solutions.TITLE_ID))
    for cell in lesson.cells:
        if not solutions.belongs(cell, kind) or cell.lang not in (None, lang):
            continue
        if cell.kind == "prose":
            cells.append(prose(without_allowances(cell.text), cell.name, cell.tags))
            continue
        if "gpu" in cell.tags:
            cells.append(v4.new_markdown_cell(GPU_BADGE[lang], id=f"{cell.name}-gpu"))
        code = comments.translate(cell.text, lang)
        cells.append(v4.new_code_cell(code, id=cell.name, metadata=_metadata(cell.tags)))
    notebook = v4.new_notebook(cells=cells, metadata=_notebook_metadata(layout, lesson, lang, kind))
    nbformat.validate(notebook)
    return notebook


def _metadata(tags: tuple[str, ...]) -> dict:
    return {"tags": list(tags)} if tags else {}


def _notebook_metadata(layout: Layout, lesson: Lesson, lang: str, kind: str) -> dict:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "pygments_lexer": "ipython3"},
        "title": lesson.title[lang],
        "course": {
            "lesson": lesson.name,
            "language": lang,
            "kind": kind,
            "source": layout.relative(layout.source(lesson.name)),
            "source_sha256": hashlib.sha256(lesson.text.encode()).hexdigest(),
            "command": f"python -m course_utils build {lesson.name}",
        },
    }


def code_fingerprint(notebook: NotebookNode) -> str:
    """Return the SHA-256 of all code cells' ids, tags and sources, in order."""
    code = [
        [cell.id, cell.metadata.get("tags", []), cell.source]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


def mark_executed(notebook: NotebookNode) -> None:
    """Note in the notebook's metadata which code its outputs come from."""
    notebook.metadata.course[_EXECUTED] = code_fingerprint(notebook)


def is_executed(notebook: NotebookNode) -> bool:
    """Whether the outputs come from an execution of exactly this code."""
    return notebook.metadata.get("course", {}).get(_EXECUTED) == code_fingerprint(notebook)


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Return a copy as `build` makes it: no outputs, no counts, no mark of execution."""
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    bare.metadata.get("course", {}).pop(_EXECUTED, None)
    return bare


def keep_outputs(old: NotebookNode, new: NotebookNode) -> bool:
    """Copy the outputs of ``old`` into ``new`` if they are still true: if no code cell differs.

    Returns:
        Whether they were copied.
    """
    if not is_executed(old) or code_fingerprint(old) != code_fingerprint(new):
        return False
    code = {cell.id: cell for cell in old.cells if cell.cell_type == "code"}
    for cell in new.cells:
        if cell.cell_type == "code":
            cell.outputs = code[cell.id].outputs
            cell.execution_count = code[cell.id].execution_count
    mark_executed(new)
    return True


def read_notebook(path: Path) -> NotebookNode | None:
    """Return the notebook at ``path``, or None if there is none that can be read."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError):  # missing, not JSON, not a notebook
        return None


def write_notebook(notebook: NotebookNode, path: Path) -> bool:
    """Write the notebook (UTF-8, LF) if that changes the file, and return whether it did."""
    text = nbformat.writes(notebook) + "\n"
    data = text.encode()
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def publish(layout: Layout, lesson: Lesson, lang: str, kind: str) -> tuple[bool, bool]:
    """Build one notebook and write it, with the outputs it had as long as they are true.

    Returns:
        Whether the file changed, and whether it must be executed.
    """
    path = layout.notebook(lesson.name, lang, kind)
    new = build(layout, lesson, lang, kind)
    old = read_notebook(path)
    kept = old is not None and keep_outputs(old, new)
    return write_notebook(new, path), not kept
