"""nbval with the course's plugin fails on everything that must fail, and passes what is good."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

pytestmark = pytest.mark.slow

GLYPHS = (
    "import io\nfrom matplotlib.figure import Figure\nfigure = Figure()\n"
    "figure.text(0, 0, {!r}, family='DejaVu Sans')\nfigure.savefig(io.BytesIO());"
)
THREAD = "import threading\nthreading.Thread(target=lambda: {}).start();"


def _cell(source, output=None, tags=()):
    cell = v4.new_code_cell(source, metadata={"tags": list(tags)}, execution_count=1)
    if output is not None:
        cell.outputs = [v4.new_output("stream", text=output)]
    return cell


GOOD = [
    _cell("from course_utils import language\nprint('two')", "two\n", ["nbval-check-output"]),
    _cell("print('not compared')", "something else\n"),
    _cell("1 / 0", tags=["raises-exception"]),
    _cell("import os\nassert os.environ['COURSE_MODE'] == 'headless'"),
    _cell("import threading\nt = threading.Thread(target=print); t.start(); t.join()"),
]
BAD = {
    "failing cell": (_cell("1 / 0"), "ZeroDivisionError"),
    "wrong checked output": (_cell("print(2)", "3\n", ["nbval-check-output"]), "outputs differ"),
    "exception in a thread": (
        _cell(THREAD.format("1 / 0") + "\nimport time; time.sleep(0.3)"), "division by zero",
    ),
    "late exception in a thread": (
        _cell("import time\n" + THREAD.format("[time.sleep(0.5), 1 / 0]")), "division by zero",
    ),
    "exception in a task": (
        _cell(
            "import asyncio\nasync def fail():\n    raise ValueError('lost')\n"
            "asyncio.ensure_future(fail());"
        ),
        "lost",
    ),
    "missing glyph": (_cell(GLYPHS.format("中文")), "missing from"),
    "missing glyph beside maths": (_cell(GLYPHS.format("中文 $x$")), "glyph"),
    "expected exception that does not come": (
        _cell("1", tags=["raises-exception"]), "raised nothing",
    ),
}  # fmt: skip


def _nbval(directory, cells, *options, **environment):
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, directory / "lesson.ipynb")
    (directory / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    plugin = ["-p", "course_utils.publishing.nbval_plugin", "-p", "no:cacheprovider"]
    nbval = ["--nbval-lax", "--nbval-current-env", "--color=no", "-q"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *nbval, *plugin, *options, "lesson.ipynb"],
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
    )


def test_a_good_notebook_passes(tmp_path):
    run = _nbval(tmp_path, GOOD)
    assert run.returncode == 0, run.stdout
    assert "5 passed" in run.stdout


@pytest.mark.parametrize(("cell", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_notebook_fails(tmp_path, cell, words):
    run = _nbval(tmp_path, [*GOOD, cell])
    assert run.returncode == 1, run.stdout
    assert "1 failed, 5 passed" in run.stdout
    assert words in run.stdout


def test_a_thread_that_fails_early_fails_one_cell(tmp_path):
    run = _nbval(tmp_path, [BAD["exception in a thread"][0], *GOOD])
    assert "1 failed, 5 passed" in run.stdout, run.stdout
    assert re.search(r"Cell 0\b", run.stdout)


def test_gpu_cells_are_skipped_and_counted(tmp_path):
    first, last = (_cell("1 / 0", tags=["gpu"]) for _ in range(2))
    # The last cell that runs is checked for what comes late, also when skipped cells follow it.
    run = _nbval(tmp_path, [first, BAD["late exception in a thread"][0], last], COURSE_GPU="0")
    assert "1 failed, 2 skipped" in run.stdout, run.stdout
    assert "2 gpu cells skipped" in run.stdout


def test_gpu_cells_run_on_a_gpu(tmp_path):
    run = _nbval(tmp_path, [_cell("1 / 0", tags=["gpu"])], COURSE_GPU="1")
    assert "1 failed" in run.stdout, run.stdout


def test_with_xdist_each_notebook_keeps_its_kernel(tmp_path):
    gpu = _cell("1 / 0", tags=["gpu"])
    cells = [_cell("x = 1"), _cell("assert x == 1"), gpu]
    run = _nbval(tmp_path, cells, "-n2", "--dist=loadfile", COURSE_GPU="0")
    assert "2 passed, 1 skipped" in run.stdout, run.stdout
    assert "1 gpu cells skipped" in run.stdout
