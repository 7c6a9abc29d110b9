"""A test that never ends fails, and all others run: what conftest.py at the root sees to."""

import os
import subprocess
import sys

import pytest

from course_utils.environment import ROOT

FILES = {
    "test_waiting.py": """
import time
def test_before(): pass
def test_waits(): time.sleep(1000)
def test_after(): pass
""",
    "test_stuck.py": """
import time
def test_before(): pass
def test_sticks():
    while True:
        try:
            time.sleep(1000)
        except TimeoutError:
            pass
def test_after(): pass
""",
    # After a failed test too.
    "test_teardown.py": """
import signal, time, pytest
@pytest.fixture
def stuck():
    yield
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    time.sleep(1000)
def test_sticks(stuck): assert False
""",
    "test_last.py": "def test_last(): pass",
    # They come first, as they have the most tests: files that are done when a process ends.
    **{
        f"test_quick_{number}.py": "".join(f"def test_{k}(): pass\n" for k in range(4))
        for number in range(4)
    },
}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm on Windows")
def test_a_test_that_hangs_fails_and_the_others_run(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text("utf-8"), "utf-8")
    options = ["-p", "xdist.plugin", "-n1", "--dist=loadfile", "--color=no"]
    settings = {
        "COURSE_TEST_SECONDS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # loading them takes seconds
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert run.returncode == 1, run.stdout
    assert "FAILED test_waiting.py::test_waits - TimeoutError" in run.stdout
    assert "crashed while running 'test_stuck.py::test_sticks'" in run.stdout
    assert "crashed while running 'test_teardown.py::test_sticks'" in run.stdout
    assert "4 failed, 21 passed" in run.stdout, run.stdout  # the fourth: a failed assertion
    assert "in test_sticks" in run.stderr  # where it stood


def test_files_with_slow_tests_come_first(tmp_path):
    for name, text in {
        "test_many.py": "def test_a(): pass\ndef test_b(): pass\n",
        "test_one.py": "def test_c(): pass\n",
        "test_slow.py": "import pytest\n@pytest.mark.slow\ndef test_d(): pass\n",
        "pytest.ini": "[pytest]\nmarkers = slow\n",
        "conftest.py": (ROOT / "conftest.py").read_text("utf-8"),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = ["-p", "xdist.plugin", "-n1", "--dist=loadfile", "--no-loadscope-reorder", "-v"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    passed = [
        line.rpartition("::")[2].strip() for line in run.stdout.splitlines() if "PASSED" in line
    ]
    assert passed == ["test_d", "test_a", "test_b", "test_c"], run.stdout
