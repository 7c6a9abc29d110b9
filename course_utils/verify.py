"""The proof that the course works: format, lint, the lessons' rules, tests, browser, notebooks."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from course_utils import browser, language
from course_utils.command_line import add_language_option, say
from course_utils.environment import ROOT, require
from course_utils.language import Text

NOTEBOOKS = ("notebooks/en", "notebooks/zh", "notebooks/solutions/en", "notebooks/solutions/zh")
# What tests/browser/live runs from top to bottom, where more can fail than without a browser: it
# need not be run again. The tests there take the language from here.
WHOLE_IN_BROWSER = {
    "00_start_here": ("en", "zh"),
    "01_x2_gan": ("zh",),
    "02_the_game_live": ("en",),
}


@dataclass(frozen=True)
class Part:
    """One part of the proof: a command of this environment's Python, and what it proves."""

    title: Text
    module: tuple[str, ...]  # the words after `python -m`
    kind: str = "code"  # "code", "browser" or "notebooks"


def parts(jobs: int, with_browser: bool) -> list[Part]:
    """Return all parts, in order.

    Args:
        jobs: files or notebooks that run at the same time.
        with_browser: whether the tests in a browser run too; without them every notebook is left
            to nbval.
    """
    there = WHOLE_IN_BROWSER.items() if with_browser else ()
    elsewhere = [
        f"--ignore=notebooks/{code}/{name}.ipynb" for name, codes in there for code in codes
    ]
    # A notebook's cells need one kernel, and a file's tests share what is slow to make (a compiled
    # GAN, a page): they stay together.
    # In which order: conftest.py at the root.
    parallel = ("pytest", "--dist", "loadfile", "--no-loadscope-reorder", "--numprocesses")
    return [
        Part(Text(en="Formatting", zh="代码格式"), ("ruff", "format", "--check", ".")),
        Part(Text(en="Lint", zh="代码检查"), ("ruff", "check", ".")),
        Part(Text(en="Rules of the lessons", zh="课程规则"), ("course_utils", "check")),
        Part(
            Text(en="Tests", zh="测试"), (*parallel, str(jobs), "tests", "--ignore=tests/browser")
        ),
        Part(
            Text(en="Tests in a browser", zh="浏览器测试"),
            (*parallel, str(jobs + 1), "tests/browser"),  # a page is often waited for
            kind="browser",
        ),
        Part(
            Text(en="Notebooks", zh="笔记本"),
            # The cell's limit in seconds is below that of every test, in conftest.py: it says more.
            (
                *(*parallel, str(jobs)),
                *("--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout", "300"),
                *elsewhere,
                *NOTEBOOKS,
            ),
            kind="notebooks",
        ),
    ]


def run(args: argparse.Namespace) -> int:
    """Carry out the command `test`: every part, even after a failed one; 1 if any failed."""
    require("ruff", "pytest", "nbval", "xdist", "playwright")
    variables = {}
    if "browser" in args.kinds:  # now: after all the rest, what to install would be overlooked
        variables[browser.VARIABLE] = str(browser.ensure())
    everything = parts(args.jobs, "browser" in args.kinds)
    chosen = [part for part in everything if part.kind in args.kinds]
    results, totals, failed = {}, dict.fromkeys(("passed", "failed", "skipped"), 0), False
    with tempfile.TemporaryDirectory() as directory:
        for number, part in enumerate(chosen, 1):
            say(
                en=f"\n=== {number} of {len(chosen)}: {part.title}",
                zh=f"\n=== 第 {number} 项，共 {len(chosen)} 项：{part.title}",
            )
            report = Path(directory) / f"{number}.xml"
            start = time.monotonic()
            code = _run(part, report, variables)
            seconds = time.monotonic() - start
            for outcome, count in _counts(report).items():
                totals[outcome] += count
            failed = failed or code != 0
            passed = language.text(en="passed", zh="通过")
            result = passed if code == 0 else language.text(en="FAILED", zh="失败")
            results[part] = f"{result:<8}{seconds:7.1f} s"
    say(en="\n=== Summary", zh="\n=== 汇总")
    left_out = language.text(en="left out", zh="未运行")
    for part in everything:
        print(f"{results.get(part, left_out):<17}  {part.title}")
    # In this form, and in English, because machines read it too.
    print(", ".join(f"{count} {outcome}" for outcome, count in totals.items()), flush=True)
    return int(failed)


def _run(part: Part, report: Path, variables: dict[str, str]) -> int:
    words, code = [sys.executable, "-m", *part.module], language.current()
    if part.module[0] == "pytest":
        words.append(f"--junitxml={report}")
        code = "en"  # tests of messages mean the English ones, whatever the learner's language
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    variables = {**os.environ, **variables, "PYTHONPATH": path, language.VARIABLE: code}
    return subprocess.run(words, cwd=ROOT, env=variables).returncode


def _counts(report: Path) -> dict[str, int]:
    if not report.exists():
        return {}
    suites = list(ElementTree.parse(report).iter("testsuite"))
    count = {name: sum(int(suite.get(name, 0)) for suite in suites) for name in _FIELDS}
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    return {"passed": passed, "failed": failed, "skipped": count["skipped"]}


_FIELDS = ("tests", "failures", "errors", "skipped")


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command `test`."""
    parser = subparsers.add_parser("test")
    some = parser.add_mutually_exclusive_group()
    text = language.text
    for option, kinds, purpose in (
        ("--fast", {"code"}, text(en="no browser, no notebooks", zh="不运行浏览器测试和笔记本")),
        (
            "--no-browser",
            {"code", "notebooks"},
            text(en="all but the tests in a browser", zh="不运行浏览器测试"),
        ),
        ("--browser", {"browser"}, text(en="only those in a browser", zh="只运行浏览器测试")),
        ("--notebooks", {"notebooks"}, text(en="only the notebooks", zh="只运行笔记本")),
    ):
        some.add_argument(option, action="store_const", dest="kinds", const=kinds, help=purpose)
    jobs = min(os.cpu_count() or 1, 4)
    count = text(en=f"files at the same time ({jobs})", zh=f"同时运行的文件数（{jobs}）")
    parser.add_argument("--jobs", type=int, default=jobs, help=count)
    add_language_option(parser)
    parser.set_defaults(run=run, kinds={"code", "browser", "notebooks"})
