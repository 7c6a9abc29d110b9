"""What the commands of `python -m course_utils` share. Standard library only."""

from __future__ import annotations

import argparse
import locale
import os

from course_utils import language


class CommandProblem(Exception):
    """A command cannot be carried out; the message says why and what to do."""

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(language.text(en=en, zh=zh))


def learner_language(choice: str | None = None) -> str:
    """Return the learner's language, "en" or "zh".

    It is the ``choice``, else COURSE_LANGUAGE, else the system's if that is Chinese, else English.

    Raises:
        ValueError: COURSE_LANGUAGE is neither "en" nor "zh".
    """
    if choice or os.environ.get(language.VARIABLE):
        return choice or language.current()
    variables = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in gettext's order
    system = next(filter(None, map(os.environ.get, variables)), None) or locale.getlocale()[0] or ""
    return "zh" if system.lower().startswith(("zh", "chinese")) else "en"


def add_language_option(parser: argparse.ArgumentParser) -> None:
    """Let `--lang` also stand after a command; `__main__` reads it."""
    purpose = language.text(en="the language of messages", zh="提示信息的语言")
    parser.add_argument("--lang", choices=language.LANGUAGES, help=purpose)


def say(*, en: str, zh: str) -> None:
    """Tell the learner something at once, even where the output is a file."""
    print(language.text(en=en, zh=zh), flush=True)
