"""Exercises with checks that say what is wrong, hint at why, and never raise into the notebook."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence

from course_utils import language
from course_utils.exercises import record
from course_utils.exercises.calling import LearnerFunction, is_undone, not_attempted
from course_utils.exercises.describing import describe, short
from course_utils.exercises.feedback import CheckResult, Feedback, code, fault_message
from course_utils.exercises.mistakes import Attempt, Mistake, Property, Trial
from course_utils.exercises.values import Expected, Refused, convert
from course_utils.language import Text

_OFFER_AFTER = 2  # attempts that were not correct, for each hint


class Case:
    """One set of inputs for the learner's function."""

    def __init__(
        self,
        *inputs: object,
        make: Callable[[], tuple] | None = None,
        label: Text | None = None,
    ) -> None:
        """Define the inputs.

        Args:
            inputs: the positional arguments. Each call gets copies of them.
            make: returns the arguments instead, the same ones each time; for inputs that are costly
                to make at import, such as models. Either `inputs` or `make`.
            label: what to call inputs that are too large to show, as in "… for 1,000 points".

        Raises:
            ValueError: both `inputs` and `make` were given.
        """
        if inputs and make is not None:
            raise ValueError("give a Case either inputs or make=, not both")
        self._inputs = inputs
        self._make = make
        self.label = label

    def fresh(self) -> tuple:
        """Return the arguments, never shared with an earlier call."""
        return copy.deepcopy(self._inputs) if self._make is None else tuple(self._make())


class Exercise:
    """An exercise and its check.

    With `cases`, the answer is a function that is called with the inputs of each case. Without, the
    answer is the value itself. The check looks, in this order, for: nothing done yet, a call that
    fails, a value of another kind than `returns`, a known mistake; failing all these it shows a
    concrete wrong value and the property that it lacks. An answer is correct when all properties
    hold in all cases.
    """

    def __init__(
        self,
        id: str,
        title: Text,
        *,
        returns: Expected | None,
        properties: Sequence[Property],
        mistakes: Sequence[Mistake],
        hints: tuple[Text, Text],
        cases: Sequence[Case] = (),
        run: Callable[..., object] | None = None,
        tell: Callable[[object], str] | None = None,
        success: Text | None = None,
    ) -> None:
        """Define the exercise.

        Args:
            id: two digits of the lesson, a point, a number, such as "01.1".
            title: Markdown on one line.
            returns: the kind of value of the answer, or that the answer returns. None only with
                `run`.
            properties: at least one; together they make an answer correct.
            mistakes: tried in this order, the first that is detected is explained.
            hints: a nudge, then a stronger one.
            cases: none for an answer that is a value.
            run: called as `run(function, *inputs)` for each case instead of `function(*inputs)`,
                for a function that is judged by what it does: it may call `function` several times,
                compare weights before and after, and returns the value to be judged. What it passes
                on twice it should copy.
            tell: puts a judged value into a sentence, Markdown, in the language in use; for a value
                of `run` that the learner's function did not return.
            success: what a correct answer shows, Markdown.

        Raises:
            ValueError: a bad id, no property, not exactly two hints, mistakes with equal ids, or no
                `returns`.
        """
        if not re.fullmatch(r"\d\d\.\d+", id):
            raise ValueError(f'exercise id {id!r}: use the lesson and a number, such as "01.1"')
        if len(hints) != 2:
            raise ValueError(f"exercise {id} has {len(hints)} hints: give exactly two")
        if not properties:
            raise ValueError(f"exercise {id} has no property: give at least one")
        if len({mistake.id for mistake in mistakes}) < len(mistakes):
            raise ValueError(f"exercise {id} has two mistakes with the same id: rename one")
        if returns is None and run is None:
            raise ValueError(f"exercise {id} does not say what it returns: give returns= or run=")
        if run is not None and not cases:
            raise ValueError(f"exercise {id} has run= but no cases: give at least one")
        self.id = id
        self.title = title
        self.returns = returns
        self.properties = tuple(properties)
        self.mistakes = tuple(mistakes)
        self.hints = tuple(hints)
        self.cases = tuple(cases)
        self.run = run
        self.tell = tell
        self.success = success
        record.register(self)

    def check(self, answer: object = ..., /) -> CheckResult:
        """Judge an answer. Never raises: whatever the answer does becomes feedback.

        Args:
            answer: the learner's function (without parentheses) or value; `...` when not written
                yet.
        """
        try:
            status, message, mistake_id = self._judge(answer)
        except Refused as refusal:
            status, message, mistake_id = refusal.status, refusal.message, refusal.mistake_id
        except KeyboardInterrupt:  # outside the learner's function
            message = language.text(en="The check was interrupted.", zh="检查被中断了。")
            status, mistake_id = "not_attempted", "interrupted"
        except BaseException as error:
            status, message, mistake_id = "bug", fault_message(error), None
        unsuccessful = record.tally(self.id).add(status)
        offered = unsuccessful // _OFFER_AFTER if status in ("wrong", "error") else 0
        return CheckResult(
            status,
            message,
            self._title(),
            mistake_id=mistake_id,
            exercise_id=self.id,
            hints=tuple(str(hint) for hint in self.hints[:offered]),
            hint_command=f"{record.spelling(self)}.hint()",
        )

    def hint(self) -> Feedback:
        """Return the first hint; called again, the second."""
        number = record.tally(self.id).next_hint()
        more = (
            language.text(
                en="One more hint follows if you run this again.",
                zh="再运行一次可以看到下一条提示。",
            ),
            language.text(
                en="This is the last hint. The worked solution is in the solutions notebook.",
                zh="这是最后一条提示。完整的解答在答案笔记本里。",
            ),
        )
        message = f"{self.hints[number - 1]}\n\n{more[number - 1]}"
        return Feedback("hint", message, f"{number}/2 · {self._title()}")

    def progress_row(self) -> tuple[str, str, str]:
        """Return title, number of attempts and best result."""
        mine = record.tally(self.id)
        return str(self.title), str(mine.attempts), record.status_words(mine.best)

    def _title(self) -> str:
        return f"{self.id} {self.title}"

    def _judge(self, answer: object) -> tuple[str, str, str | None]:
        if answer is None or is_undone(answer):
            raise not_attempted()
        trials = self._trials(answer)
        wrong = tuple(trial for trial in trials if self._lacks(trial) is not None)
        if not wrong:
            return "correct", self._praise(), None
        attempt = Attempt(answer, trials, wrong)
        first = wrong[0]
        shown = self._shown(first)
        for mistake in self.mistakes:
            if mistake.detect(attempt):
                return "wrong", f"{mistake.explain}\n\n{shown}", mistake.id
        expected = language.text(
            en=f"Expected: {self._lacks(first).text}",
            zh=f"应当满足：{self._lacks(first).text}",
        )
        return "wrong", f"{shown}\n\n{expected}", None

    def _trials(self, answer: object) -> tuple[Trial, ...]:
        if not self.cases:
            where = language.text(en="Your answer", zh="你的答案")
            return (Trial((), convert(self.returns, answer, where), where),)
        if not callable(answer):
            raise Refused(
                "not-a-function",
                language.text(
                    en=f"You handed in {describe(answer)}; expected a function. Give its name "
                    "alone, without parentheses after it.",
                    zh=f"你提交的是{describe(answer)}，应当是函数。请直接写函数名，后面不要加括号。",
                ),
            )
        run = self.run or (lambda function, *inputs: function(*inputs))
        trials = []
        for case in self.cases:
            function = LearnerFunction(answer, self.returns, case.label)
            got = run(function, *case.fresh())
            trials.append(Trial(case.fresh(), got, function.where))
        return tuple(trials)

    def _shown(self, trial: Trial) -> str:
        if self.tell is not None:
            told = self.tell(trial.got)
            return language.text(en=f"{trial.where}: {told}", zh=f"{trial.where}：{told}")
        got = code(short(trial.got))
        return language.text(en=f"{trial.where} gives {got}.", zh=f"{trial.where} 的结果是 {got}。")

    def _lacks(self, trial: Trial) -> Property | None:
        """Return the first property that does not hold in a trial, or None."""
        return next((p for p in self.properties if not p.holds(trial.got, *trial.inputs)), None)

    def _praise(self) -> str:
        if self.success is not None:
            return str(self.success)
        return language.text(
            en="What was expected holds for every input tried.", zh="对试过的每一组输入都符合要求。"
        )
