"""Questions with choices: predictions made before an experiment, and the questions of a quiz.

Every question is static text first, which stays in the saved notebook and holds no answer; a person
with a live front end gets buttons under it. `answer` does the same as the buttons, in plain text.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course_utils import frontend, language
from course_utils.exercises import record
from course_utils.exercises.describing import short
from course_utils.exercises.feedback import Feedback, StaticText, code, fault
from course_utils.language import Text

if TYPE_CHECKING:
    from course_utils.exercises.buttons import Buttons
    from course_utils.exercises.quizzes import Quiz

LETTERS = "ABCDEF"
KINDS = ("predict", "quiz")

_UNMARKED = str.maketrans("", "", "$`*")


@dataclass(frozen=True)
class Choice:
    """One choice of a question.

    Attributes:
        text: what stands beside the letter, Markdown on one line.
        explanation: why it is right or wrong, Markdown; never in the static text.
        correct: whether it is the right one.
    """

    text: Text
    explanation: Text
    correct: bool = False


class Question:
    """A question with lettered choices, exactly one of them right.

    Of a prediction the first answer is kept; nothing is said about it until `compare`, after the
    experiment. An answer to a quiz question is explained at once and may be changed.
    """

    def __init__(
        self, id: str, prompt: Text, choices: Sequence[Choice], kind: str = "predict"
    ) -> None:
        """Define the question.

        Args:
            id: kebab-case, unique in the course's lesson.
            prompt: Markdown.
            choices: two to six, exactly one of them correct.
            kind: "predict" or "quiz".

        Raises:
            ValueError: another kind, another number of choices, or of correct ones.
        """
        if kind not in KINDS:
            raise ValueError(f'question {id!r} has kind {kind!r}: use "predict" or "quiz"')
        if not 2 <= len(choices) <= len(LETTERS):
            raise ValueError(
                f"question {id!r} has {len(choices)} choices: give 2 to {len(LETTERS)}"
            )
        if sum(choice.correct for choice in choices) != 1:
            raise ValueError(f"question {id!r}: mark exactly one choice as correct")
        self.id = id
        self.prompt = prompt
        self.choices = tuple(choices)
        self.kind = kind
        self._answer: int | None = None
        self._buttons: Buttons | None = None
        self._quiz: Quiz | None = None
        self._lock = threading.RLock()

    @property
    def answered(self) -> str | None:
        """The letter of the answer that counts, or None."""
        return None if self._answer is None else LETTERS[self._answer]

    @property
    def right(self) -> bool:
        """Whether the answer that counts is the right one."""
        return self._answer is not None and self.choices[self._answer].correct

    def ask(self) -> None:
        """Display the question, and buttons for a person with a live front end.

        Run again, it closes the earlier buttons; the answer stays.
        """
        from IPython.display import display

        with self._lock:
            if self._buttons is not None:
                self._buttons.close()
                self._buttons = None
        display(StaticText(self.static()))
        if not frontend.is_live():
            return
        with self._lock:
            self._buttons = self._make_buttons()
            display(self._buttons.box)

    def answer(self, letter: object) -> Feedback:
        """Answer in plain text; the same as pressing a button. Never raises.

        Args:
            letter: "A", "b", …
        """
        index = self._index(letter)
        if index is None:
            letters = "、".join(LETTERS[: len(self.choices)])
            return Feedback(
                "refused",
                language.text(
                    en=f"{code(short(letter))} is not a choice. Use one of "
                    f"{letters.replace('、', ', ')}, "
                    'in quotation marks, such as `"A"`.',
                    zh=f"没有 {code(short(letter))} 这个选项。请用 {letters} 之一，并加上引号，"
                    '例如 `"A"`。',
                ),
            )
        with self._lock:
            try:
                feedback = self._respond(index)
                if self._buttons is not None:
                    self._buttons.show(feedback)
            except Exception as error:
                return fault(error)
            return feedback

    def compare(self, measured: object = None) -> Feedback:
        """Set the answer against the result and explain every choice; needs an answer first.

        Args:
            measured: what the experiment showed, Markdown; optional.
        """
        if self._answer is None:
            command = code(f'{record.spelling(self)}.answer("A")')
            return Feedback(
                "not_attempted",
                language.text(
                    en=f"Answer the question first, with its buttons or with {command}. Then "
                    "run this cell again.",
                    zh=f"请先回答问题：点击按钮，或者运行 {command}。然后再运行本单元格。",
                ),
            )
        mine, right = LETTERS[self._answer], LETTERS[self._right_index()]
        summary = language.text(
            en=f"You chose **{mine}**; the expected answer is **{right}**.",
            zh=f"你选的是 **{mine}**，参考答案是 **{right}**。",
        )
        status = "correct" if self.right else "surprise"
        return Feedback(status, self._explained(summary, measured))

    def reveal(self, measured: object = None) -> Feedback:
        """Explain every choice, answered or not: for solutions and for the classroom."""
        right = LETTERS[self._right_index()]
        summary = language.text(
            en=f"The expected answer is **{right}**.", zh=f"参考答案是 **{right}**。"
        )
        return Feedback("recorded", self._explained(summary, measured))

    def static(self) -> str:
        """Return the text that stays in the notebook: no answer, no explanation, Markdown."""
        how = language.text(en="Without buttons, answer with ", zh="没有按钮时，可以这样作答：")
        choices = "\n".join(
            f"- **{letter}.** {choice.text}"
            for letter, choice in zip(LETTERS, self.choices, strict=False)
        )
        return f"**{self._heading()}** {self.prompt}\n\n{choices}\n\n{how}`{self._command()}`"

    def join(self, quiz: Quiz, number: int) -> None:
        """Become question `number`, from 1, of a quiz."""
        self._quiz, self._number = quiz, number

    def _heading(self) -> str:
        if self._quiz is not None:
            number, total = self._number, len(self._quiz.questions)
            return language.text(
                en=f"Question {number} of {total}.", zh=f"第 {number} 题（共 {total} 题）。"
            )
        if self.kind == "predict":
            return language.text(en="Predict first.", zh="先预测。")
        return language.text(en="Question.", zh="问题。")

    def _command(self) -> str:
        # The letter is always the same: it must not give the answer away.
        if self._quiz is not None:
            return f'{record.spelling(self._quiz)}.answer({self._number}, "A")'
        return f'{record.spelling(self)}.answer("A")'

    def _make_buttons(self) -> Buttons:
        from course_utils.exercises.buttons import Buttons

        label = language.text(en="Your answer:", zh="你的答案：")
        if self.kind == "predict":
            label = language.text(en="Your prediction:", zh="你的预测：")
        tips = []
        for letter, choice in zip(LETTERS, self.choices, strict=False):
            words = str(choice.text).translate(_UNMARKED)  # a tooltip is plain text
            tip = language.text(en=f"Answer {letter}: {words}", zh=f"选择 {letter}：{words}")
            tips.append((letter, tip))
        earlier = None if self._answer is None else self._respond(self._answer)
        return Buttons(label, tips, self._respond, self._lock, earlier)

    def _respond(self, index: int) -> Feedback:
        """Record the choice with this index and return what to say about it."""
        with self._lock:
            if self.kind == "predict":
                return self._commit(index)
            self._answer = index
            choice = self.choices[index]
            message = f"**{LETTERS[index]}.** {choice.text}\n\n{choice.explanation}"
            if self._quiz is not None:
                message += f"\n\n{self._quiz.score()}"
            return Feedback("correct" if choice.correct else "wrong", message)

    def _commit(self, index: int) -> Feedback:
        if self._answer is None:
            self._answer = index
        kept = f"**{LETTERS[self._answer]}.** {self.choices[self._answer].text}"
        if index == self._answer:
            message = language.text(
                en=f"Your prediction: {kept}\n\nRun the experiment, then compare.",
                zh=f"你的预测：{kept}\n\n请运行实验，然后对照结果。",
            )
        else:
            message = language.text(
                en=f"Your prediction stays: {kept}\n\nThe first answer counts. Run the "
                "experiment, then compare.",
                zh=f"你的预测不变：{kept}\n\n以第一次的回答为准。请运行实验，然后对照结果。",
            )
        return Feedback("recorded", message)

    def _explained(self, summary: str, measured: object) -> str:
        """Return the summary, what was measured, and each choice with its explanation."""
        lines = [summary]
        if measured is not None:
            lines.append(language.text(en=f"Measured: {measured}", zh=f"实测：{measured}"))
        for index, choice in enumerate(self.choices):
            verdict = (
                language.text(en="✓ right", zh="✓ 对")
                if choice.correct
                else language.text(en="✗ not so", zh="✗ 不对")
            )
            mine = language.text(en=", your choice", zh="，你选的") if index == self._answer else ""
            opening, closing = language.text(en=" (|)", zh="（|）").split("|")
            lines.append(
                f"**{LETTERS[index]}.** "
                f"{choice.text}{opening}{verdict}{mine}{closing}\n\n{choice.explanation}"
            )
        return "\n\n".join(lines)

    def _right_index(self) -> int:
        return next(i for i, choice in enumerate(self.choices) if choice.correct)

    def _index(self, letter: object) -> int | None:
        """Return the index of a letter, typed in either case and by any input method, or None."""
        if type(letter) is not str:
            return None
        typed = unicodedata.normalize("NFKC", letter).strip().upper()
        known = LETTERS[: len(self.choices)]
        return known.index(typed) if len(typed) == 1 and typed in known else None
