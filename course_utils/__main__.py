"""The course's command line. `python -m course_utils --help` lists the commands."""

from __future__ import annotations

import argparse
import difflib
import importlib
import sys
from collections.abc import Sequence

from course_utils import __version__, language
from course_utils.command_line import CommandProblem, learner_language
from course_utils.environment import lacks
from course_utils.language import Text

# Every command: the module whose add_commands() offers it, and what the list of commands says. The
# module is loaded only when its command is named, so that help comes at once.
COMMANDS = {
    "setup": (
        "course_utils.environment",
        Text(en="make or repair the environment", zh="创建或修复运行环境"),
    ),
    "lab": (
        "course_utils.lab",
        Text(en="open the course in JupyterLab", zh="在 JupyterLab 中打开课程"),
    ),
    "test": ("course_utils.verify", Text(en="prove that everything works", zh="全面测试")),
    "build": (
        "course_utils.publishing.commands",
        Text(en="build the notebooks from their sources", zh="由源文件生成笔记本"),
    ),
    "execute": (
        "course_utils.publishing.commands",
        Text(en="run the notebooks that changed", zh="运行有改动的笔记本"),
    ),
    "check": (
        "course_utils.publishing.commands",
        Text(en="hold the lessons to their rules", zh="检查课程是否符合规则"),
    ),
    "train": (
        "course_utils.training.commands",
        Text(en="train a model without a notebook", zh="不打开笔记本，直接训练模型"),
    ),
    "evaluate": (
        "course_utils.evaluation.commands",
        Text(en="measure the quality of samples", zh="评估样本质量"),
    ),
    "leaderboard": (
        "course_utils.publishing.leaderboard",
        Text(en="measure the course's generators anew", zh="重新评估本课程的生成器"),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command.

    Args:
        arguments: the words after `python -m course_utils`; by default those of this process.

    Returns:
        The exit code: 0 for success, 1 when the command found something wrong, 2 for wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a character shows a "?" for it
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _choose_language(arguments)
        args = _parser(_command(arguments)).parse_args(arguments)
        return args.run(args) or 0
    except _WrongUsage as problem:
        print(problem, file=sys.stderr)
        return 2
    except CommandProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except ModuleNotFoundError as problem:
        if problem.name is None or problem.name.partition(".")[0] == "course_utils":
            raise
        print(lacks(problem.name), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


class _WrongUsage(Exception):
    """The command line makes no sense; the message says what would."""


def _choose_language(arguments: list[str]) -> None:
    # `--lang` may stand before the command or after it; a wrong one is the parser's to refuse.
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--lang", nargs="?")
    choice = early.parse_known_args(arguments)[0].lang
    try:
        language.use(learner_language(choice if choice in language.LANGUAGES else None))
    except ValueError as problem:  # COURSE_LANGUAGE
        raise _WrongUsage(problem) from None


def _command(arguments: list[str]) -> str | None:
    words = [word for word in arguments if not word.startswith("-")]
    words = [word for word in words if word not in language.LANGUAGES]
    if not words:
        return None
    if words[0] in COMMANDS:
        return words[0]
    close = difflib.get_close_matches(words[0], COMMANDS, n=1)
    raise _WrongUsage(
        language.text(
            en=f"There is no command {words[0]!r}. "
            + (f"Did you mean {close[0]!r}? " if close else "")
            + f"The commands are: {', '.join(COMMANDS)}.",
            zh=f"没有 {words[0]!r} 这个命令。"
            + (f"是不是想输入 {close[0]!r}？" if close else "")
            + f"可用的命令有：{'、'.join(COMMANDS)}。",
        )
    )


def _parser(command: str | None) -> argparse.ArgumentParser:
    text = language.text
    parser = argparse.ArgumentParser(
        prog="python -m course_utils",
        description=text(
            en="Learn GANs in small, clear steps.", zh="一步一步学懂生成对抗网络（GAN）。"
        ),
        epilog=text(
            en="More about one of them: python -m course_utils COMMAND --help",
            zh="查看某个命令的用法：python -m course_utils 命令 --help",
        ),
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--lang",
        choices=language.LANGUAGES,
        dest="language",
        help=text(en="the language of messages", zh="提示信息的语言"),
    )
    parser.set_defaults(run=lambda args: parser.print_help())
    subparsers = parser.add_subparsers(
        title=text(en="commands", zh="命令"), metavar=text(en="COMMAND", zh="命令")
    )
    if command:
        importlib.import_module(COMMANDS[command][0]).add_commands(subparsers)
    else:
        for name, (_, summary) in COMMANDS.items():
            subparsers.add_parser(name, help=str(summary))
    return parser


if __name__ == "__main__":
    sys.exit(main())
