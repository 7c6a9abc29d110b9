"""The command line of publishing: ``build``, ``check`` and ``execute``.

Exit codes: 0 all well, 1 a problem was found, 2 a lesson was named that does not exist.
"""

from __future__ import annotations

import argparse
import sys

from course_utils import language
from course_utils.language import text


def add_commands(subparsers) -> None:
    """Add the commands to argparse's ``subparsers``; each sets ``run``: arguments -> exit code."""
    build = _add(
        subparsers,
        "build",
        _build,
        text(en="build notebooks from their sources", zh="由源文件生成笔记本"),
    )
    build.add_argument(
        "--reviewed",
        action="store_true",
        help=text(
            en="record all pairs of prose as reviewed: both halves say the same",
            zh="把所有中英文区块登记为已核对：两边意思一致",
        ),
    )
    _add(
        subparsers, "check", _check, text(en="check sources and notebooks", zh="检查源文件和笔记本")
    )
    execute = _add(
        subparsers,
        "execute",
        _execute,
        text(en="execute the notebooks whose outputs are stale", zh="执行输出已过期的笔记本"),
    )
    execute.add_argument(
        "--all", action="store_true", help=text(en="execute all of them", zh="全部重新执行")
    )


def _add(subparsers, name: str, run, description: str) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=description, description=description)
    parser.add_argument(
        "lessons",
        nargs="*",
        metavar=text(en="LESSON", zh="课程"),
        help=text(en="number or full name; none means all", zh="编号或全名；不写表示全部课程"),
    )
    parser.add_argument(
        "--lang",
        dest="only",
        choices=language.LANGUAGES,
        help=text(
            en="only the notebooks in this language, and messages in it",
            zh="只处理这种语言的笔记本，并用它显示消息",
        ),
    )
    parser.set_defaults(run=lambda arguments: _with_lessons(run, arguments))
    return parser


def _with_lessons(run, arguments: argparse.Namespace) -> int:
    from course_utils.publishing.layout import UnknownLesson, course

    if arguments.only:
        language.use(arguments.only)
    languages = (arguments.only,) if arguments.only else language.LANGUAGES
    layout = course()
    try:
        names = layout.select(arguments.lessons)
    except UnknownLesson as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if run(arguments, layout, names, languages) else 1


def _build(arguments, layout, names, languages) -> bool:
    from course_utils.publishing import reviews
    from course_utils.publishing.build import publish

    lessons = _readable(layout, names)
    for lesson in lessons:
        for kind, lang in _notebooks(lesson, languages):
            changed, stale = publish(layout, lesson, lang, kind)
            state = text(en="written", zh="已写入") if changed else text(en="unchanged", zh="未变")
            if stale:
                state += text(en=", to be executed", zh="，需要执行")
            print(f"{layout.relative(layout.notebook(lesson.name, lang, kind))}: {state}")
        reviews.update(layout, lesson, arguments.reviewed)
        for pair, half in reviews.changed_alone(layout, lesson):
            print(
                text(
                    en=f"{lesson.name}, pair {pair.id!r}: only {half} has changed; review it",
                    zh=f"{lesson.name}，区块 {pair.id!r}：只改动了 {half}，需要核对",
                )
            )
    _update_readmes(layout)
    return len(lessons) == len(names)


def _update_readmes(layout) -> None:
    from course_utils.publishing import readme

    for path in readme.update(layout):
        print(f"{layout.relative(path)}: {text(en='written', zh='已写入')}")


def _check(arguments, layout, names, languages) -> bool:
    from course_utils.publishing.check import check

    count = 0
    for violation in check(layout, names if arguments.lessons else None, languages):
        print(violation)
        count += 1
    lessons = len(names)
    print(
        text(
            en=f"{lessons} lessons checked: {f'{count} problems' if count else 'no problems'}",
            zh=f"已检查 {lessons} 课：{f'有 {count} 处问题' if count else '没有问题'}",
        )
    )
    return count == 0


def _execute(arguments, layout, names, languages) -> bool:
    from course_utils.publishing.build import is_executed, publish, read_notebook

    lessons = _readable(layout, names)
    jobs = []
    for lesson in lessons:
        for kind, lang in _notebooks(lesson, languages):
            publish(layout, lesson, lang, kind)
            notebook = read_notebook(layout.notebook(lesson.name, lang, kind))
            if arguments.all or not is_executed(notebook):
                jobs.append((lesson, kind, lang, notebook))
    if not jobs:
        print(text(en="all outputs are up to date", zh="所有输出都是最新的"))
    done = 0
    for number, job in enumerate(jobs, start=1):
        print(f"[{number}/{len(jobs)}]", end=" ")
        done += _execute_one(layout, *job)
    for lesson in {lesson.name: lesson for lesson, *_ in jobs}.values():
        # Its prose shows the times measured now, in the other language too.
        for kind, lang in _notebooks(lesson, language.LANGUAGES):
            if layout.notebook(lesson.name, lang, kind).exists():
                publish(layout, lesson, lang, kind)
    _update_readmes(layout)
    return done == len(jobs) and len(lessons) == len(names)


def _execute_one(layout, lesson, kind: str, lang: str, notebook) -> bool:
    from course_utils.publishing import timings
    from course_utils.publishing.build import without_outputs, write_notebook
    from course_utils.publishing.execute import ExecutionError, execute

    path = layout.notebook(lesson.name, lang, kind)
    print(f"{layout.relative(path)} …", end=" ", flush=True)
    notebook = without_outputs(notebook)
    try:
        run = execute(notebook, path.parent)
    except ExecutionError as error:
        print(text(en="failed", zh="失败"), flush=True)
        cell = text(en=f"cell {error.cell!r}", zh=f"单元格 {error.cell!r}")
        print(f"{layout.relative(path)} {cell}: {error}\n{error.details}", file=sys.stderr)
        return False
    write_notebook(notebook, path)
    timings.record(layout, lesson.name, kind, lang, run.cpu_seconds, run.wall_seconds)
    cpu, wall = f"{run.cpu_seconds:.1f}", f"{run.wall_seconds:.1f}"
    kilobytes = f"{path.stat().st_size / 1000:.0f} kB"
    line = text(
        en=f"{run.cells} cells, {cpu} s of CPU, {wall} s, {kilobytes}",
        zh=f"{run.cells} 个单元格，CPU {cpu} 秒，用时 {wall} 秒，{kilobytes}",
    )
    if run.skipped:
        line += text(
            en=f", {run.skipped} gpu cells skipped", zh=f"，跳过 {run.skipped} 个 gpu 单元格"
        )
    print(line)
    return True


def _notebooks(lesson, languages) -> list[tuple[str, str]]:
    from course_utils.publishing.build import kinds

    return [(kind, lang) for kind in kinds(lesson) for lang in languages]


def _readable(layout, names: list[str]) -> list:
    """Return the lessons that can be built, after saying what is wrong with the others."""
    from course_utils.publishing.source import SourceError, id_faults, read

    lessons = []
    for name in names:
        path = layout.source(name)
        try:
            lesson = read(path)
        except SourceError as error:
            print(f"{layout.relative(path)}: {error}. {error.cure}", file=sys.stderr)
            continue
        faulty = [cell for cell, _ in id_faults(lesson)]
        if faulty:
            place = f"{layout.relative(path)}:{faulty[0].line}"
            print(
                text(
                    en=f"{place}: the cell has no proper id; run check",
                    zh=f"{place}：单元格没有正确的 id，请运行 check",
                ),
                file=sys.stderr,
            )
            continue
        lessons.append(lesson)
    return lessons
