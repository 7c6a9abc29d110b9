"""pytest plugin: nbval, as the course needs it.

    python -m pytest --nbval-lax notebooks/en notebooks/zh notebooks/solutions

The ``conftest.py`` at the root loads it (elsewhere: ``-p course_utils.publishing.nbval_plugin``).
Kernels are headless and strict: what `course_utils.strict` records fails the cell. Cells tagged
``gpu`` are skipped without a GPU, and counted. A cell tagged ``raises-exception`` must raise. With
xdist use ``--dist loadfile``: the cells of one notebook need one kernel.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from course_utils import strict

GPU_REASON = "gpu cell: no GPU on this machine"
_EVENTS = pytest.StashKey[Path]()  # of a notebook: the file that its kernel records events in
_LAST = pytest.StashKey[pytest.Item]()  # of a notebook: its last cell that runs


def _is_cell(item: pytest.Item) -> bool:
    return type(item).__module__ == "nbval.plugin"


def _tags(item: pytest.Item) -> list[str]:
    return item.cell.metadata.get("tags", [])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip cells tagged ``gpu`` without a GPU, and note each notebook's last cell that runs."""
    for item in filter(_is_cell, items):
        if "gpu" in _tags(item) and not _gpu_available():
            item.add_marker(pytest.mark.skip(reason=GPU_REASON))
        else:
            item.parent.stash[_LAST] = item


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item):
    """Start the notebook's kernel with the course's settings and a file for its strict events."""
    if not _is_cell(item) or item.parent.kernel is not None:
        return (yield)
    from course_utils.publishing import kernels

    directory = tempfile.TemporaryDirectory()
    events = Path(directory.name) / "strict.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in kernels.settings(events).items():
            patch.setenv(name, value)
        try:
            result = yield
        except BaseException:
            directory.cleanup()
            raise
    item.parent.stash[_EVENTS] = events
    item.parent.addfinalizer(directory.cleanup)
    _run_silently(item, kernels.ACTIVATE)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """Fail the cell on strict events, and when it should have raised and did not."""
    if not _is_cell(item):
        return (yield)
    result = yield
    raised = any(output.output_type == "error" for output in item.test_outputs or [])
    if "raises-exception" in _tags(item) and not raised:
        item.raise_cell_error("The cell is tagged raises-exception and raised nothing")
    if item is item.parent.stash[_LAST]:
        from course_utils.publishing import kernels

        _run_silently(item, kernels.SETTLE)
    file = item.parent.stash[_EVENTS]
    events = strict.read(file)
    if events:
        file.unlink()  # each event fails one cell
        name = item.cell.get("id")
        item.raise_cell_error(
            f"Cell {name!r}: something failed in the background, here or in an earlier cell",
            strict.summary(events),
        )
    return result


def pytest_terminal_summary(terminalreporter) -> None:
    """Say how many cells were skipped for want of a GPU."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and GPU_REASON in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} gpu cells skipped: no GPU on this machine")


def _gpu_available() -> bool:
    from course_utils.publishing import gpu

    return gpu.available()


def _run_silently(item: pytest.Item, code: str) -> None:
    kernel = item.parent.kernel
    message = kernel.execute_cell_input(code, allow_stdin=False)
    kernel.await_reply(message, timeout=60)
    kernel.await_idle(message, 60)
