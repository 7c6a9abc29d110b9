"""`test` runs every part, whatever fails before it, and says so with its exit code."""

from __future__ import annotations

import re

import pytest

from course_utils import browser, verify
from course_utils.__main__ import main
from course_utils.command_line import CommandProblem
from course_utils.environment import ROOT
from course_utils.language import Text


def part(name: str, *module: str, kind: str = "code") -> verify.Part:
    return verify.Part(Text(en=name, zh=name), module, kind)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tiny course with one passing, one failing and one skipped test."""
    (tmp_path / "test_good.py").write_text("def test_good(): pass\n")
    (tmp_path / "test_mixed.py").write_text(
        "import pytest\ndef test_bad(): assert 1 == 2\ndef test_left_out(): pytest.skip('why')\n"
    )
    monkeypatch.setattr(verify, "ROOT", tmp_path)
    monkeypatch.setattr(browser, "ensure", lambda: tmp_path / "chrome")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading them takes seconds
    return tmp_path


def set_parts(monkeypatch, *parts):
    monkeypatch.setattr(verify, "parts", lambda jobs, with_browser: list(parts))


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
        part("mixed", "pytest", "-q", "test_mixed.py", kind="notebooks"),
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


@pytest.mark.parametrize(
    ("option", "run"),
    [
        ([], {"code", "browser", "notebooks"}),
        (["--fast"], {"code"}),
        (["--no-browser"], {"code", "notebooks"}),
        (["--browser"], {"browser"}),
        (["--notebooks"], {"notebooks"}),
    ],
)
def test_what_is_left_out_stands_in_the_summary(option, run, tree, monkeypatch, capfd):
    kinds = ("code", "browser", "notebooks")
    set_parts(
        monkeypatch,
        *(part(f"the {kind}", "pytest", "-q", "test_good.py", kind=kind) for kind in kinds),
    )
    assert main(["--lang", "en", "test", *option]) == 0
    summary = capfd.readouterr().out.partition("=== Summary\n")[2].splitlines()
    assert len(summary) == 4
    for kind, line in zip(kinds, summary, strict=False):
        result = r"passed +\d+\.\d s  " if kind in run else "left out +"
        assert re.fullmatch(f"{result}the {kind}", line)
    assert summary[3] == f"{len(run)} passed, 0 failed, 0 skipped"


def test_only_one_option_at_a_time(tree, capfd):
    with pytest.raises(SystemExit, match="2"):
        main(["test", "--fast", "--browser"])


def test_the_browser_that_was_found_is_the_one_that_is_used(tree, monkeypatch, capfd):
    (tree / "test_chrome.py").write_text(
        f"import os\ndef test(): assert os.environ['CHROME_PATH'] == {str(tree / 'chrome')!r}\n"
    )
    set_parts(monkeypatch, part("browser", "pytest", "-q", "test_chrome.py", kind="browser"))
    assert main(["test", "--browser"]) == 0


def test_without_a_browser_nothing_passes_silently(tree, monkeypatch, capfd):
    def nothing():
        raise CommandProblem(en="install one", zh="请安装")

    monkeypatch.setattr(browser, "ensure", nothing)
    good = part("good", "pytest", "-q", "test_good.py")
    set_parts(monkeypatch, good, part("browser", "pytest", "-q", "test_good.py", kind="browser"))
    assert main(["--lang", "en", "test"]) == 1
    written = capfd.readouterr()
    assert "install one" in written.out + written.err and "passed" not in written.out
    assert main(["--lang", "en", "test", "--no-browser"]) == 0
    assert "1 passed, 0 failed, 0 skipped" in capfd.readouterr().out


def test_the_parts():
    parts = verify.parts(jobs=3, with_browser=False)
    assert [part.module[:2] for part in parts[:3]] == [
        ("ruff", "format"),
        ("ruff", "check"),
        ("course_utils", "check"),
    ]
    assert [part.kind for part in parts] == ["code"] * 4 + ["browser", "notebooks"]
    tests, browser, notebooks = (part.module for part in parts[3:])
    assert tests[-2:] == ("tests", "--ignore=tests/browser")  # each test runs once
    assert "--nbval-lax" in notebooks and set(verify.NOTEBOOKS) <= set(notebooks)
    assert browser[-1] == "tests/browser" and (verify.ROOT / "tests/browser").is_dir()
    for module in (tests, browser, notebooks):
        assert module[0] == "pytest" and "loadfile" in module
        assert module[module.index("--numprocesses") + 1] == ("4" if module is browser else "3")


def test_the_command_without_a_browser_is_a_target_of_make():
    makefile = (verify.ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(
        r"^test-nobrowser: setup .*\n\t@\$\(COURSE\) test --no-browser ", makefile, re.M
    )


def test_every_notebook_is_run_by_nbval_or_from_top_to_bottom_in_the_browser():
    def ignored(with_browser):
        (part,) = [p for p in verify.parts(2, with_browser) if p.kind == "notebooks"]
        assert set(verify.NOTEBOOKS) <= set(part.module)
        return {word.partition("=")[2] for word in part.module if word.startswith("--ignore")}

    assert not ignored(with_browser=False)
    left_out = set()
    for name, codes in verify.WHOLE_IN_BROWSER.items():
        left_out |= {f"notebooks/{code}/{name}.ipynb" for code in codes}
        test = (ROOT / "tests" / "browser" / "live" / f"test_{name}.py").read_text()
        assert f'WHOLE_IN_BROWSER["{name}"]' in test and "run_all" in test
    assert ignored(with_browser=True) == left_out
    assert all((ROOT / path).exists() for path in left_out)
