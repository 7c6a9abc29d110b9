"""The command line is quick, names what it cannot do, and speaks the learner's language."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from course_utils import __version__, language
from course_utils.__main__ import COMMANDS, main
from course_utils.command_line import learner_language

LOCALES = ("COURSE_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def silent_system(monkeypatch):
    """Start where neither the system nor anyone else has said anything about languages."""
    for variable in LOCALES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda *_: (None, None))
    monkeypatch.setattr(language, "_chosen", None)


def python(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd="/")


def cpu_seconds(*words: str) -> float:
    """The least CPU time of three runs of Python, less that of a Python that does nothing."""

    def once(*words: str) -> float:
        before = os.times()
        assert python(*words).returncode == 0
        after = os.times()
        return after.children_user + after.children_system - before[2] - before[3]

    return min(once(*words) for _ in range(3)) - min(once("-c", "") for _ in range(3))


def test_import_is_light():
    heavy = ("tensorflow", "keras", "numpy", "matplotlib", "scipy", "ipywidgets", "IPython")
    code = f"import sys, course_utils; print([m for m in {heavy} if m in sys.modules])"
    assert python("-c", code).stdout.strip() == "[]"
    assert cpu_seconds("-c", "import course_utils") < 0.3


def test_help_is_quick_and_complete():
    run = python("-m", "course_utils", "--help")
    assert run.returncode == 0
    assert all(f"\n    {name} " in run.stdout for name in COMMANDS)
    assert cpu_seconds("-m", "course_utils", "--help") < 0.5


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command):
    run = python("-m", "course_utils", command, "--help")
    assert run.returncode == 0, run.stderr
    assert f"usage: python -m course_utils {command}" in run.stdout


def test_nothing_to_do_shows_help(capsys):
    assert main([]) == 0
    assert "commands:" in capsys.readouterr().out


def test_version(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out.strip() == __version__


def test_unknown_command_suggests_the_nearest(capsys):
    assert main(["chek"]) == 2
    message = capsys.readouterr().err
    assert "'chek'" in message and "Did you mean 'check'?" in message and "evaluate" in message


def test_unknown_command_in_chinese(capsys):
    assert main(["--lang", "zh", "chek"]) == 2
    assert "是不是想输入 'check'？" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--lang", "zh", "setup"], ["setup", "--lang", "zh"]])
def test_language_before_or_after_the_command(words, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "course_utils.environment.run", lambda args: seen.append(language.current())
    )
    assert main(words) == 0
    assert seen == ["zh"]


def test_wrong_language_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["lab", "--lang", "fr"])
    assert "invalid choice: 'fr'" in capsys.readouterr().err


def test_wrong_language_of_the_environment_is_refused(capsys, monkeypatch):
    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    assert main([]) == 2
    assert "COURSE_LANGUAGE" in capsys.readouterr().err


def test_missing_package_names_the_remedy(capsys, monkeypatch):
    def lacking(args):
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy.linalg")

    monkeypatch.setattr("course_utils.environment.run", lacking)
    assert main(["setup"]) == 1
    assert "python -m course_utils setup" in capsys.readouterr().err


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def faulty(args):
        raise ModuleNotFoundError(
            "No module named 'course_utils.nowhere'", name="course_utils.nowhere"
        )

    monkeypatch.setattr("course_utils.environment.run", faulty)
    with pytest.raises(ModuleNotFoundError):
        main(["setup"])


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "COURSE_LANGUAGE": "en"}, "en"),
    ],
)
def test_language_of_the_system(variables, expected, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert learner_language() == expected
    assert learner_language("en") == "en"


def test_language_of_windows(monkeypatch):
    monkeypatch.setattr("locale.getlocale", lambda *_: ("Chinese (Simplified)_China", "936"))
    assert learner_language() == "zh"
