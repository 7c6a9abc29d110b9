"""`test` runs every part, whatever fails before it, and says so with its exit code."""

from __future__ import annotations

import re

import pytest

from course_utils import verify
from course_utils.__main__ import main
from course_utils.language import Text


def part(name: str, *module: str, notebooks: bool = False) -> verify.Part:
    return verify.Part(Text(en=name, zh=name), module, notebooks)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tiny course with one passing, one failing and one skipped test."""
    (tmp_path / "test_good.py").write_text("def test_good(): pass\n")
    (tmp_path / "test_mixed.py").write_text(
        "import pytest\ndef test_bad(): assert 1 == 2\ndef test_left_out(): pytest.skip('why')\n"
    )
    monkeypatch.setattr(verify, "ROOT", tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading them takes seconds
    return tmp_path


def set_parts(monkeypatch, *parts):
    monkeypatch.setattr(verify, "parts", lambda jobs: list(parts))


def test_all_parts_run_after_a_failed_one(tree, monkeypatch, capfd):
    good = part("good", "pytest", "-q", "test_good.py")
    set_parts(monkeypatch, part("broken", "no_such_module"), good)
    assert main(["--lang", "en", "test"]) == 1
    output = capfd.readouterr().out
    assert re.search(r"FAILED +\d+\.\d s  broken\npassed +\d+\.\d s  good\n", output)
    assert output.endswith("\n1 passed, 0 failed, 0 skipped\n")


def test_failures_and_skips_are_counted(tree, monkeypatch, capfd):
    set_parts(
        monkeypatch,
        part("good", "pytest", "-q", "test_good.py"),
        part("mixed", "pytest", "-q", "test_mixed.py", notebooks=True),
    )
    assert main(["test"]) == 1
    assert capfd.readouterr().out.endswith("\n1 passed, 1 failed, 1 skipped\n")


def test_all_is_well(tree, monkeypatch, capfd):
    set_parts(monkeypatch, part("good", "pytest", "-q", "test_good.py"))
    assert main(["test"]) == 0
    assert "1 passed, 0 failed, 0 skipped" in capfd.readouterr().out


def test_messages_of_the_parts_follow_the_learner_but_tests_are_english(tree, monkeypatch, capfd):
    (tree / "say.py").write_text("import os; print('said', os.environ['COURSE_LANGUAGE'])\n")
    (tree / "test_english.py").write_text(
        "import os\ndef test(): assert os.environ['COURSE_LANGUAGE'] == 'en'\n"
    )
    set_parts(monkeypatch, part("rules", "say"), part("tests", "pytest", "-q", "test_english.py"))
    assert main(["--lang", "zh", "test"]) == 0
    assert "said zh" in capfd.readouterr().out


def test_no_test_is_a_failure(tree, monkeypatch):
    (tree / "empty").mkdir()
    set_parts(monkeypatch, part("nothing", "pytest", "-q", "empty"))
    assert main(["test"]) == 1


def test_fast_leaves_the_notebooks_out_and_says_so(tree, monkeypatch, capfd):
    set_parts(
        monkeypatch,
        part("good", "pytest", "-q", "test_good.py"),
        part("notebooks", "no_such_module", notebooks=True),
    )
    assert main(["--lang", "en", "test", "--fast"]) == 0
    assert "--fast: the notebooks are left out." in capfd.readouterr().out


def test_notebooks_leaves_all_else_out(tree, monkeypatch, capfd):
    set_parts(
        monkeypatch,
        part("broken", "no_such_module"),
        part("notebooks", "pytest", "-q", "test_good.py", notebooks=True),
    )
    assert main(["test", "--notebooks"]) == 0
    assert "broken" not in capfd.readouterr().out


def test_the_parts():
    modules = [part.module for part in verify.parts(jobs=3)]
    assert [words[:2] for words in modules[:4]] == [
        ("ruff", "format"),
        ("ruff", "check"),
        ("course_utils", "check"),
        ("pytest", "tests"),
    ]
    assert modules[4][0] == "pytest" and "--nbval-lax" in modules[4] and "loadfile" in modules[4]
    assert set(verify.NOTEBOOKS) <= set(modules[4])
