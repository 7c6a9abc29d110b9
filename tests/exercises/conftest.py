"""An exercise, a prediction and a quiz, as a lesson would define them."""

import numpy as np
import pytest

from course_utils import language
from course_utils.exercises import (
    Case,
    Choice,
    Exercise,
    Mistake,
    Number,
    Property,
    Question,
    Quiz,
    close,
    record,
)
from course_utils.language import Text


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(record, "_tallies", {})
    monkeypatch.setattr(record, "_recorded", {})
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "live")


@pytest.fixture
def displayed(monkeypatch):
    """What was displayed, in order."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    return shown


def distance(points):
    return np.abs(points[:, 1] - points[:, 0] ** 2).mean()


@pytest.fixture
def exercise():
    return Exercise(
        "01.1",
        Text(en="Mean error from $x^2$", zh="与 $x^2$ 的平均误差"),
        cases=[
            Case(np.array([[0.0, 0.5], [0.5, 0.0], [0.5, 0.5]])),
            Case(np.array([[0.5, 0.25], [1.0, 0.0]])),
        ],
        returns=Number(),
        properties=[
            Property(
                Text(en="a value that is never negative", zh="一个不会为负的值"),
                lambda got, points: got >= 0,
            ),
            Property(
                Text(en="the mean distance from the curve", zh="到曲线的平均距离"),
                lambda got, points: close(got, distance(points)),
            ),
        ],
        mistakes=[
            Mistake(
                "no-absolute-value",
                lambda attempt: attempt.gives(lambda p: (p[:, 1] - p[:, 0] ** 2).mean()),
                Text(en="Errors cancel: take `np.abs`.", zh="误差互相抵消：请取 `np.abs`。"),
            ),
            Mistake(
                "sum",
                lambda attempt: attempt.always(
                    lambda got, points: close(got, distance(points) * len(points))
                ),
                Text(en="That is the sum, not the mean.", zh="这是总和，不是平均值。"),
            ),
        ],
        hints=(
            Text(en="How far is one point?", zh="一个点离曲线多远？"),
            Text(en="Use `np.abs`.", zh="请用 `np.abs`。"),
        ),
    )


def choices():
    return [
        Choice(Text(en="near $50$ %", zh="约 $50$%"), Text(en="WHY-A no", zh="甲解释")),
        Choice(Text(en="near 95 %", zh="约 95%"), Text(en="WHY-B yes", zh="乙解释"), correct=True),
        Choice(Text(en="exactly 100 %", zh="恰好 100%"), Text(en="WHY-C no", zh="丙解释")),
    ]


@pytest.fixture
def prediction():
    prompt = Text(en="How accurate will $D$ be?", zh="$D$ 的准确率会是多少？")
    return Question("accuracy", prompt, choices())


@pytest.fixture
def quiz():
    questions = [
        Question(f"q{i}", Text(en=f"Prompt {i}?", zh=f"题目 {i}？"), choices(), kind="quiz")
        for i in range(1, 6)
    ]
    return Quiz("01-quiz", Text(en="Quiz", zh="小测验"), questions)


@pytest.fixture
def make():
    """A function that makes an exercise of which only some things matter."""
    anything = Text(en="something", zh="某个值")

    def build(cases=(), returns=None, holds=lambda *_: True, mistakes=(), **more):
        more.setdefault("hints", (anything, anything))
        properties = [Property(anything, holds)]
        given = {"cases": cases, "returns": returns, "mistakes": mistakes, **more}
        return Exercise("09.9", anything, properties=properties, **given)

    return build
