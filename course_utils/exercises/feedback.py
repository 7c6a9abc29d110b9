"""Feedback to the learner: one message, shown as accessible HTML or as plain text.

Messages are Markdown with `code` and $maths$. The status is told by a word and an icon, never by a
colour alone, and the colours follow JupyterLab's light or dark theme.
"""

from __future__ import annotations

import functools
import html
from dataclasses import dataclass, field

from course_utils import language
from course_utils.language import Text


@dataclass(frozen=True)
class Status:
    """How a status is shown: `icon`, `heading`, and a theme colour with one to fall back on."""

    icon: str
    heading: Text
    colour: str


STATUSES = {
    "correct": Status("✓", Text("Correct", "正确"), "var(--jp-success-color1, #2e7d32)"),
    "wrong": Status("✗", Text("Not there yet", "还不对"), "var(--jp-warn-color1, #b26a00)"),
    "error": Status(
        "!", Text("Your code stopped", "你的代码中断了"), "var(--jp-error-color1, #c62828)"
    ),
    "surprise": Status("≠", Text("A surprise", "出乎意料"), "var(--jp-info-color1, #1565c0)"),
    "not_attempted": Status(
        "○", Text("Not attempted yet", "尚未作答"), "var(--jp-border-color1, #757575)"
    ),
    "recorded": Status("●", Text("Answer kept", "已记录"), "var(--jp-info-color1, #1565c0)"),
    "hint": Status("?", Text("Hint", "提示"), "var(--jp-info-color1, #1565c0)"),
    "refused": Status("!", Text("Cannot use this", "无法使用"), "var(--jp-warn-color1, #b26a00)"),
    "bug": Status(
        "⚙",
        Text("A fault in the course, not in your answer", "课程自身出错，与你的答案无关"),
        "var(--jp-error-color1, #c62828)",
    ),
}


@dataclass(frozen=True, repr=False)
class Feedback:
    """What a check, a hint or an answer says.

    Attributes:
        status: a key of `STATUSES`.
        message: Markdown, in the language in use when it was made.
        title: what the feedback is about, Markdown on one line; may be empty.
        language_code: "en" or "zh", the language of the message.
    """

    status: str
    message: str
    title: str = ""
    language_code: str = field(default_factory=language.current, kw_only=True)

    @property
    def correct(self) -> bool:
        """Whether the answer is correct."""
        return self.status == "correct"

    def html(self) -> str:
        """Return the feedback as an HTML status region."""
        status = STATUSES[self.status]
        title = f" · {_markdown().renderInline(self.title)}" if self.title else ""
        return (
            f'<div role="status" aria-live="polite" lang="{_TAGS[self.language_code]}" style="'
            f"border-left: 4px solid {status.colour}; margin: 0.25em 0; padding: 0.25em 0.75em; "
            'color: var(--jp-ui-font-color1, inherit); line-height: 1.5">'
            f'<p style="margin: 0.25em 0"><strong><span aria-hidden="true">{status.icon}</span> '
            f"{html.escape(self._heading())}</strong>{title}</p>"
            f"{_markdown().render(self.message)}{self._more_html()}</div>"
        )

    def __str__(self) -> str:
        """Return the feedback as plain text."""
        title = f" · {self.title}" if self.title else ""
        icon = STATUSES[self.status].icon
        return f"{icon} {self._heading()}{title}\n{self.message}{self._more_text()}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        # The metadata lets a program that reads the saved notebook see what the learner saw.
        return {"text/plain": str(self), "text/html": self.html()}, {"course": self._metadata()}

    def _heading(self) -> str:
        heading = STATUSES[self.status].heading
        return heading.zh if self.language_code == "zh" else heading.en

    def _metadata(self) -> dict:
        return {"status": self.status}

    def _more_html(self) -> str:
        return ""

    def _more_text(self) -> str:
        return ""


@dataclass(frozen=True, repr=False)
class CheckResult(Feedback):
    """What a check of an exercise says.

    Attributes:
        mistake_id: the mistake that was recognised, or None.
        exercise_id: the exercise, such as "01.1".
        hints: the hints on offer, Markdown each, folded away until the learner opens them.
        hint_command: the code that shows a hint where there is no HTML.
    """

    mistake_id: str | None = None
    exercise_id: str = ""
    hints: tuple[str, ...] = ()
    hint_command: str = ""

    def _metadata(self) -> dict:
        return {"status": self.status, "exercise": self.exercise_id, "mistake": self.mistake_id}

    def _more_html(self) -> str:
        label = "提示" if self.language_code == "zh" else "Hint"
        return "".join(
            f"<details><summary>{label} {number}</summary>{_markdown().render(hint)}</details>"
            for number, hint in enumerate(self.hints, start=1)
        )

    def _more_text(self) -> str:
        if not self.hints:
            return ""
        if self.language_code == "zh":
            return f"\n需要提示吗？请运行 {self.hint_command}。"
        return f"\nWould a hint help? Run {self.hint_command}."


@dataclass(frozen=True, repr=False)
class StaticText:
    """Markdown for an output that stays in the saved notebook.

    Attributes:
        markdown: the text.
    """

    markdown: str

    def __repr__(self) -> str:
        """Return the Markdown as it is."""
        return self.markdown

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}


def code(text: str) -> str:
    """Return `text` as a Markdown code span that shows it exactly, on one line.

    Learners' values and error messages go through here, so that no character of theirs is taken for
    Markdown, HTML or maths.
    """
    line = " ".join(str(text).split()) or " "
    # A lone surrogate cannot be sent to the page.
    line = line.encode("utf-8", "replace").decode("utf-8")
    fence = "`"
    while fence in line:
        fence += "`"
    padding = " " if "`" in line else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def fault(error: BaseException, title: str = "") -> Feedback:
    """Return the feedback for an exception in the course's own code."""
    return Feedback("bug", fault_message(error), title)


def fault_message(error: BaseException) -> str:
    """Return what to tell the learner about an exception in the course's own code, Markdown."""
    line = code(last_line(error))
    place = code(_place(error))
    return language.text(
        en=f"The course's own code failed: {line} at {place}. This does not count as an attempt. "
        "Please go on with the lesson, and report these words on the course's issue page.",
        zh=f"课程自己的代码出错了：{line}，位置是 {place}。这次不计入作答次数。"
        "请继续学习后面的内容，并把这段话反馈到课程的问题页面。",
    )


def last_line(error: BaseException, limit: int = 300) -> str:
    """Return the last line of the error's traceback, cut at `limit` characters."""
    name = type(error).__name__
    try:
        message = " ".join(str(error).split())
    except Exception:  # an exception whose own __str__ raises
        message = "?"
    line = f"{name}: {message}" if message else name
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    if traceback is None:
        return "?"
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    filename = traceback.tb_frame.f_code.co_filename.replace("\\", "/")
    return f"{filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno}"


_TAGS = {"en": "en", "zh": "zh-Hans"}


@functools.cache
def _markdown():
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("commonmark", {"html": False}).use(dollarmath_plugin)
    # Maths stays LaTeX between dollars: the front end typesets it.
    inline, block = "${}$", "<p>$${}$$</p>"
    for rule, form in (
        ("math_inline", inline),
        ("math_inline_double", block),
        ("math_block", block),
    ):
        markdown.renderer.rules[rule] = lambda tokens, i, *_, form=form: form.format(
            html.escape(tokens[i].content)
        )
    return markdown
