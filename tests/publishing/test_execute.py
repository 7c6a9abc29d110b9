"""Executing: a tiny notebook end to end, and everything that must make an execution fail."""

import json

import pytest
from nbformat import v4

from course_utils.publishing import gpu
from course_utils.publishing.build import is_executed, read_notebook
from course_utils.publishing.execute import ExecutionError, execute


def _notebook(*sources, tags=()):
    cells = [
        v4.new_code_cell(source, id=f"cell-{number}", metadata={"tags": list(tags)})
        for number, source in enumerate(sources)
    ]
    return v4.new_notebook(cells=cells, metadata={"course": {"language": "en"}})


def test_a_published_lesson_holds_true_outputs(published):
    notebook = read_notebook(published.notebook("10_first", "zh", "student"))
    code = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    assert code["draw-samples"].outputs[0].text == "样本数： 3\n"
    assert code["sum-check"].outputs[0].text == "True\n"  # the starter returns None
    assert [cell.execution_count for cell in code.values()] == [1, 2, 3, 4]
    assert is_executed(notebook)
    assert "约需 5 秒" in notebook.cells[0].source
    assert "execution" not in json.dumps([cell.metadata for cell in notebook.cells])
    solutions = read_notebook(published.notebook("10_first", "en", "solutions"))
    assert solutions.cells[-1].outputs[0].text == "True\n"


def test_times_are_measured(published):
    times = json.loads(published.timings.read_text(encoding="utf-8"))
    assert times["about"]["command"] == "python -m course_utils execute"
    measured = times["10_first"]["student"]["en"]
    assert 0 < measured["cpu_seconds"] < 60 and 0 < measured["wall_seconds"] < 60
    assert set(times["10_first"]) == {"student", "solutions"}


def test_cpu_seconds_count_threads(tmp_path):
    busy = (
        "import threading, time, hashlib\n"
        "def work():\n"
        "    end = time.thread_time() + 0.4\n"
        "    while time.thread_time() < end:\n"
        "        hashlib.sha256(b'x' * 100_000).digest()\n"
        "threads = [threading.Thread(target=work) for _ in range(2)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads];"
    )
    idle = execute(_notebook("1"), tmp_path)
    assert execute(_notebook(busy), tmp_path).cpu_seconds > idle.cpu_seconds + 0.5


def test_the_working_directory_and_the_mode(tmp_path):
    code = "import os; e = os.environ; print(os.getcwd(), e['COURSE_MODE'], e['COURSE_STRICT'])"
    notebook = _notebook(code)
    run = execute(notebook, tmp_path)
    assert notebook.cells[0].outputs[0].text == f"{tmp_path.resolve()} headless 1\n"
    assert (run.cells, run.skipped) == (1, 0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_gpu_cells_are_skipped_and_say_so(tmp_path, monkeypatch, lang):
    monkeypatch.setattr(gpu, "available", lambda: False)
    notebook = _notebook("raise SystemError", "6 * 7")
    notebook.cells[0].metadata.tags.append("gpu")
    notebook.metadata.course.language = lang
    run = execute(notebook, tmp_path)
    assert (run.cells, run.skipped) == (1, 1)
    assert notebook.cells[0].outputs[0].text.rstrip() == getattr(gpu.SKIPPED, lang)
    assert notebook.cells[1].outputs[0].execution_count == notebook.cells[1].execution_count == 2


def test_gpu_cells_run_on_a_gpu(tmp_path, monkeypatch):
    monkeypatch.setattr(gpu, "available", lambda: True)
    notebook = _notebook("print('ran')", tags=["gpu"])
    assert execute(notebook, tmp_path).skipped == 0
    assert notebook.cells[0].outputs[0].text == "ran\n"


THREAD = "import threading, time\nthreading.Thread(target=lambda: {}).start()"
TASK = (
    "import asyncio\nasync def work():\n    raise ValueError('lost')\n"
    "asyncio.ensure_future(work());"
)
GLYPH = (
    "import io\nfrom matplotlib.figure import Figure\nfigure = Figure()\n"
    "figure.text(0, 0, {!r}, family='DejaVu Sans')\nfigure.savefig(io.BytesIO());"
)
FAILING = {
    "an exception": (["x = 1", "x / 0"], "cell-1", "ZeroDivisionError: division by zero"),
    "a thread": ([THREAD.format("1 / 0") + "; time.sleep(0.3)"], "cell-0", "ZeroDivisionError"),
    "a late thread": (
        ["1", THREAD.format("[time.sleep(0.5), 1 / 0]")], "cell-1", "ZeroDivisionError",
    ),
    "a forgotten task": (["1", TASK], "cell-1", "lost"),
    "a task that is kept": (["1", TASK.replace("asyncio.e", "x = asyncio.e")], "cell-1", "lost"),
    "an unraisable exception": (
        ["class A:\n    def __del__(self): raise ValueError('lost')\na = A(); del a"],
        "cell-0", "lost",
    ),
    "a missing glyph": ([GLYPH.format("中文")], "cell-0", "missing from"),
    "a missing glyph beside maths": ([GLYPH.format("中文 $x$")], "cell-0", "glyph"),
    "a silenced glyph warning": (
        ["import warnings\nwarnings.simplefilter('ignore')\n" + GLYPH.format("中文 $x$")],
        "cell-0", "glyph",
    ),
    "a dying kernel": (["import os\nos._exit(1)"], "cell-0", "kernel died"),
}  # fmt: skip


@pytest.mark.parametrize(("sources", "cell", "words"), FAILING.values(), ids=FAILING.keys())
def test_what_must_fail_fails(tmp_path, sources, cell, words):
    with pytest.raises(ExecutionError) as caught:
        execute(_notebook(*sources), tmp_path)
    assert caught.value.cell == cell
    assert words in f"{caught.value}\n{caught.value.details}"
    assert "\x1b" not in caught.value.details


def test_a_cell_that_takes_too_long_fails(tmp_path):
    with pytest.raises(ExecutionError, match="longer than 1 s"):
        execute(_notebook("import time; time.sleep(5)"), tmp_path, timeout=1)


def test_an_expected_exception_must_come(tmp_path):
    notebook = _notebook("1 / 0", tags=["raises-exception"])
    execute(notebook, tmp_path)
    assert notebook.cells[0].outputs[0].ename == "ZeroDivisionError"
    with pytest.raises(ExecutionError, match="raised nothing"):
        execute(_notebook("1", tags=["raises-exception"]), tmp_path)


def test_the_command_names_notebook_cell_and_exception(course, edit, run, capsys):
    edit(course.source("11_second"), "print(language.text", "print(languages.text")
    edit(course.source("11_second"), 'id="wide" tags=["gpu"]', 'id="wide"')
    assert run(course, "execute 11 --lang en") == 1
    error = capsys.readouterr().err
    assert "notebooks/en/11_second.ipynb cell 'wide': NameError: name 'languages'" in error
    assert not is_executed(read_notebook(course.notebook("11_second", "en", "student")))


def test_the_command_executes_only_what_is_stale(published, edit, run, capsys):
    assert run(published, "execute") == 0
    assert "up to date" in capsys.readouterr().out
    edit(published.source("11_second"), "Only a GPU", "Just a GPU")  # a comment in one language
    assert run(published, "execute") == 0
    out = capsys.readouterr().out
    assert "[1/1] notebooks/en/11_second.ipynb" in out and "1 gpu cells skipped" in out
    assert run(published, "check") == 0
    assert run(published, "execute 11 --all --lang zh") == 0
    assert "[1/1] notebooks/zh/11_second.ipynb" in capsys.readouterr().out
