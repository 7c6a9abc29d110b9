"""The commands' exit codes and what they print."""

import subprocess
import sys

import pytest


def test_build_writes_and_then_leaves_alone(course, run, capsys):
    assert run(course, "build") == 0
    out = capsys.readouterr().out
    assert "notebooks/solutions/zh/10_first.ipynb: written, to be executed" in out
    assert run(course, "build --lang en 10") == 0
    assert capsys.readouterr().out.split("\n")[:2] == [
        "notebooks/en/10_first.ipynb: unchanged, to be executed",
        "notebooks/solutions/en/10_first.ipynb: unchanged, to be executed",
    ]


def test_build_of_one_language_writes_no_other(course, run):
    assert run(course, "build 11 --lang zh") == 0
    assert not course.notebook("11_second", "en", "student").exists()
    assert course.notebook("11_second", "zh", "student").exists()


@pytest.mark.parametrize(
    ("old", "new"), [('id="draw-samples" ', ""), ("reading_minutes: 5", "reading_minutes: no")]
)
def test_what_cannot_be_built_is_said(course, run, edit, capsys, old, new):
    edit(course.source("10_first"), old, new)
    assert run(course, "build") == 1
    printed = capsys.readouterr()
    assert "notebooks/source/10_first.md" in printed.err
    assert "notebooks/en/11_second.ipynb: written" in printed.out  # the others are built


def test_check_prints_the_cure_and_fails(course, run, capsys):
    assert run(course, "check 11") == 1
    out = capsys.readouterr().out
    assert "notebooks/en/11_second.ipynb: " in out
    assert "Cure: Run `python -m course_utils build 11_second`." in out
    assert out.endswith("problems\n")


def test_check_of_good_lessons_succeeds_in_both_languages(published, run, capsys):
    assert run(published, "check") == 0
    assert capsys.readouterr().out == "2 lessons checked: no problems\n"
    assert run(published, "check --lang zh") == 0
    assert capsys.readouterr().out == "已检查 2 课：没有问题\n"


@pytest.mark.parametrize("command", ["build", "check", "execute"])
def test_an_unknown_lesson_is_named(course, run, capsys, command):
    assert run(course, f"{command} 99") == 2
    assert "'99'" in capsys.readouterr().err


def test_build_tells_which_pair_to_review(course, run, edit, capsys):
    run(course, "build")
    edit(course.source("10_first"), "再相加", "再求和")
    run(course, "build")
    assert "10_first, pair 'sum-explained': only zh has changed" in capsys.readouterr().out


def test_adding_the_commands_loads_nothing_heavy():
    code = (
        "import sys, argparse\nfrom course_utils.publishing import commands\n"
        "commands.add_commands(argparse.ArgumentParser().add_subparsers())\n"
        "print([x for x in ('jupytext', 'nbformat', 'nbclient', 'PIL') if x in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
