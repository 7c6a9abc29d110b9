"""Executes built notebooks, each in a kernel and directory of its own, headless and strict."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, v4

from course_utils import language, strict
from course_utils.publishing import gpu, kernels, outputs
from course_utils.publishing.build import mark_executed

TIMEOUT = 600  # seconds for one cell


class ExecutionError(RuntimeError):
    """A notebook did not run as it should.

    Attributes:
        cell: the id of the cell.
        details: the traceback, if there is one, without colours.
    """

    def __init__(self, cell: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.cell = cell
        self.details = details


@dataclass(frozen=True)
class Run:
    """What an execution took.

    Attributes:
        cells: code cells executed.
        skipped: cells tagged ``gpu`` that were skipped.
        cpu_seconds: CPU seconds of the kernel, all threads, from its start.
        wall_seconds: seconds on the clock, from the kernel's start.
    """

    cells: int
    skipped: int
    cpu_seconds: float
    wall_seconds: float


def execute(notebook: NotebookNode, directory: Path, timeout: int = TIMEOUT) -> Run:
    """Execute ``notebook`` in place: its outputs, counts and mark of execution are set.

    Args:
        notebook: as built.
        directory: the working directory, that of the notebook's file, as in JupyterLab and nbval.
        timeout: seconds that one cell may take.

    Raises:
        ExecutionError: a cell raised, took too long, killed the kernel, or did not raise although
            it is tagged ``raises-exception``; or a thread or task failed, or a glyph was missing.
    """
    with tempfile.TemporaryDirectory() as temporary:
        strict_file = Path(temporary) / "strict.jsonl"
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            kernel_manager_class=kernels.KernelManager,
            extra_arguments=["--log-level=ERROR"],  # the kernel's own remarks on its transport
            resources={"metadata": {"path": str(directory)}},
            store_widget_state=False,
            record_timing=False,
            coalesce_streams=True,
        )
        start = time.monotonic()
        with client.setup_kernel(env=kernels.environment(strict_file)):
            run = _run(client, strict_file)
            cpu = kernels.cpu_seconds(client.km.provisioner.pid)
            wall = time.monotonic() - start
    mark_executed(notebook)
    return Run(*run, cpu, wall)


def _run(client: NotebookClient, strict_file: Path) -> tuple[int, int]:
    count = skipped = 0
    last = "?"
    _silently(client, kernels.ACTIVATE)
    for index, cell in enumerate(list(client.nb.cells)):
        if cell.cell_type != "code":
            continue
        count += 1
        last = cell.id
        if "gpu" in cell.metadata.get("tags", []) and not gpu.available():
            skipped += 1
            message = getattr(gpu.SKIPPED, client.nb.metadata.course.language)
            cell.outputs = [v4.new_output("stream", name="stdout", text=message + "\n")]
        else:
            _run_cell(client, cell, index)
            cell.outputs = outputs.clean(cell.outputs)
        _number(cell, count)
        _refuse_events(strict_file, last)
    _silently(client, kernels.SETTLE)
    _refuse_events(strict_file, last)
    return count - skipped, skipped


def _number(cell: NotebookNode, count: int) -> None:
    # Counted here, so that a skipped cell leaves no gap (and nbval takes it for executed).
    cell.execution_count = count
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = count


def _silently(client: NotebookClient, code: str) -> None:
    cells = client.nb.cells
    cells.append(v4.new_code_cell(code))  # nbclient executes only cells of its notebook
    try:
        client.execute_cell(cells[-1], len(cells) - 1, store_history=False)
    finally:
        cells.pop()


def _run_cell(client: NotebookClient, cell: NotebookNode, index: int) -> None:
    try:
        client.execute_cell(cell, index)
    except CellExecutionError as error:
        details = outputs.without_colours(error.traceback)
        raise ExecutionError(cell.id, f"{error.ename}: {error.evalue}", details) from error
    except CellTimeoutError as error:
        message = language.text(
            en=f"the cell ran longer than {client.timeout} s",
            zh=f"单元格运行超过了 {client.timeout} 秒",
        )
        raise ExecutionError(cell.id, message) from error
    except DeadKernelError as error:
        message = language.text(
            en="the kernel died in this cell", zh="内核在运行此单元格时意外退出"
        )
        raise ExecutionError(cell.id, message) from error
    failed = any(output.output_type == "error" for output in cell.outputs)
    if "raises-exception" in cell.metadata.get("tags", []) and not failed:
        raise ExecutionError(
            cell.id,
            language.text(
                en="the cell is tagged raises-exception and raised nothing",
                zh="单元格带有 raises-exception 标签，却没有抛出异常",
            ),
        )


def _refuse_events(strict_file: Path, cell: str) -> None:
    events = strict.read(strict_file)
    if events:
        message = language.text(
            en="something failed without stopping a cell, in this one or an earlier one",
            zh="此单元格或之前的单元格中有错误发生，却没有中断运行",
        )
        raise ExecutionError(cell, message, strict.summary(events))
