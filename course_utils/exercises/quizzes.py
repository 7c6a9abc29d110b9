"""A quiz after a lesson: five or more questions, each explained at once, and a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course_utils import language
from course_utils.exercises import record
from course_utils.exercises.describing import short
from course_utils.exercises.feedback import Feedback, StaticText, code
from course_utils.exercises.questions import Question
from course_utils.language import Text


class Quiz:
    """Five or more questions and a score."""

    def __init__(self, id: str, title: Text, questions: Sequence[Question]) -> None:
        """Define the quiz.

        Args:
            id: kebab-case with the lesson's number, such as "01-quiz".
            title: Markdown on one line.
            questions: at least five of kind "quiz", with different ids.

        Raises:
            ValueError: fewer than five questions, one of another kind, or equal ids.
        """
        if len(questions) < 5:
            raise ValueError(f"quiz {id!r} has {len(questions)} questions: give at least five")
        for question in questions:
            if question.kind != "quiz":
                raise ValueError(f'question {question.id!r} of quiz {id!r}: give it kind="quiz"')
        if len({question.id for question in questions}) < len(questions):
            raise ValueError(f"quiz {id!r} has two questions with the same id: rename one")
        self.id = id
        self.title = title
        self.questions = tuple(questions)
        for number, question in enumerate(self.questions, start=1):
            question.join(self, number)
        record.register(self)

    def ask(self) -> None:
        """Display every question, with buttons for a person with a live front end."""
        from IPython.display import display

        display(StaticText(f"**{self.title}**"))
        for question in self.questions:
            question.ask()

    def answer(self, number: int, letter: str) -> Feedback:
        """Answer a question in plain text. Never raises.

        Args:
            number: of the question, from 1.
            letter: "A", "b", …
        """
        if type(number) is not int or not 1 <= number <= len(self.questions):
            shown, total = code(short(number)), len(self.questions)
            return Feedback(
                "refused",
                language.text(
                    en=f"There is no question {shown}. Use a number from 1 to {total}.",
                    zh=f"没有第 {shown} 题。请用 1 到 {total} 之间的题号。",
                ),
            )
        return self.questions[number - 1].answer(letter)

    def score(self) -> Score:
        """Return how many answers are right, given and possible."""
        answered = sum(question.answered is not None for question in self.questions)
        right = sum(question.right for question in self.questions)
        return Score(right, answered, len(self.questions))

    def progress_row(self) -> tuple[str, str, str]:
        """Return title, number of answered questions and score."""
        score = self.score()
        return str(self.title), f"{score.answered}/{score.total}", str(score)


@dataclass(frozen=True, repr=False)
class Score:
    """The score of a quiz.

    Attributes:
        right: how many answers are right.
        answered: how many questions are answered.
        total: how many questions there are.
    """

    right: int
    answered: int
    total: int

    def __repr__(self) -> str:
        """Return the score in words."""
        left = self.total - self.answered
        rest = language.text(en=f", {left} still open", zh=f"，还有 {left} 题未答") if left else ""
        return language.text(
            en=f"Right so far: {self.right} of {self.total}{rest}.",
            zh=f"目前答对 {self.right}/{self.total} 题{rest}。",
        )
