"""Exercises with checks and hints, predict-first questions, and quizzes.

A lesson's content stands in `course_utils/exercises/lesson_NN.py`, one module for each lesson, in
both languages:

    from course_utils.exercises import (
        Case, Choice, Exercise, Mistake, Number, Property, Question, Quiz, close,
    )
    from course_utils.language import Text

    mean_error = Exercise(
        "01.1",
        Text(en="Mean error", zh="平均误差"),
        cases=[Case(np.array([[0.0, 0.5], [0.5, 0.0]])), Case(np.array([[0.5, 0.25]]))],
        returns=Number(),
        properties=[
            Property(
                Text(en="a value that is never negative", zh="一个不会为负的值"),
                lambda got, points: got >= 0,
            ),
            Property(
                Text(en="the mean distance of $y$ from $x^2$", zh="$y$ 与 $x^2$ 的平均距离"),
                lambda got, points: close(got, np.abs(points[:, 1] - points[:, 0] ** 2).mean()),
            ),
        ],
        mistakes=[
            Mistake(
                "no-absolute-value",
                lambda attempt: attempt.gives(lambda p: (p[:, 1] - p[:, 0] ** 2).mean()),
                Text(
                    en="Errors above and below the curve cancel. Take `np.abs` first.",
                    zh="曲线上方和下方的误差互相抵消了。请先取 `np.abs`。",
                ),
            ),
        ],
        hints=(
            Text(en="How far is one point from the curve?", zh="一个点离曲线有多远？"),
            Text(en="`np.abs` of $y - x^2$, then the mean.", zh="先取 `np.abs`，再取平均。"),
        ),
    )

    accuracy = Question(
        "accuracy",
        Text(en="What will $D$'s accuracy be?", zh="$D$ 的准确率会是多少？"),
        [
            Choice(
                Text(en="100 %", zh="100%"),
                Text(en="Some fakes lie on the curve.", zh="有些假样本就在曲线上。"),
            ),
            Choice(Text(en="about 95 %", zh="约 95%"), Text(en="…", zh="……"), correct=True),
        ],
    )

    quiz = Quiz("01-quiz", Text(en="Quiz", zh="小测验"), [Question(..., kind="quiz"), ...])

In the lesson, the starter cell, the cell that checks, and one cell for each other use:

    def mean_error(points):
        ...

    lesson_01.mean_error.check(mean_error)    # never raises; the last line of its cell
    lesson_01.mean_error.hint()               # the first hint, then the second
    lesson_01.accuracy.ask()                  # before the experiment
    lesson_01.accuracy.compare("95.3 %")      # after it
    lesson_01.quiz.ask()
    exercises.progress()

A starter's body is `...`, or ends with `return ...`. Make cases with `Case(make=...)` where an
input is costly, so that importing a lesson's content stays quick and needs no TensorFlow. A saved
output carries its status in its metadata, `{"course": {"status": "not_attempted", "exercise":
"01.1", ...}}`.
"""

from course_utils.exercises.checks import Case, Exercise
from course_utils.exercises.feedback import CheckResult, Feedback
from course_utils.exercises.mistakes import Attempt, Mistake, Property, Trial, close
from course_utils.exercises.questions import Choice, Question
from course_utils.exercises.quizzes import Quiz
from course_utils.exercises.record import progress
from course_utils.exercises.values import Array, Kind, Number, Tuple

__all__ = [
    "Array",
    "Attempt",
    "Case",
    "CheckResult",
    "Choice",
    "Exercise",
    "Feedback",
    "Kind",
    "Mistake",
    "Number",
    "Property",
    "Question",
    "Quiz",
    "Trial",
    "Tuple",
    "close",
    "progress",
]
