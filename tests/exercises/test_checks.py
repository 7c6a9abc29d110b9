"""Checks: right and wrong answers, recognised mistakes, faults of the course, definitions."""

import numpy as np
import pytest

from course_utils import language
from course_utils.exercises import (
    Case,
    Exercise,
    Kind,
    Mistake,
    Number,
    Property,
    close,
    record,
)
from course_utils.language import Text

HINTS = (Text(en="one", zh="一"), Text(en="two", zh="二"))
ANY = Text(en="something", zh="某个值")


def right(points):
    return np.abs(points[:, 1] - points[:, 0] ** 2).mean()


def test_a_correct_answer(exercise):
    result = exercise.check(right)
    assert (result.status, result.correct, result.mistake_id) == ("correct", True, None)
    assert "every input" in result.message


@pytest.mark.parametrize(
    ("answer", "mistake", "words"),
    [
        (lambda p: (p[:, 1] - p[:, 0] ** 2).mean(), "no-absolute-value", "Errors cancel"),
        (lambda p: np.abs(p[:, 1] - p[:, 0] ** 2).sum(), "sum", "not the mean"),
    ],
)
def test_a_known_mistake_is_explained_with_an_example(exercise, answer, mistake, words):
    result = exercise.check(answer)
    assert (result.status, result.mistake_id) == ("wrong", mistake)
    assert words in result.message
    assert " gives `" in result.message


def test_an_unknown_mistake_shows_input_value_and_property_but_no_solution(exercise):
    result = exercise.check(lambda points: 0.123)
    assert (result.status, result.mistake_id) == ("wrong", None)
    assert "points=[[0. , 0.5]" in result.message
    assert "`0.123`" in result.message
    assert "the mean distance from the curve" in result.message
    assert "0.33" not in result.message


def test_the_first_property_that_fails_is_named(exercise):
    assert "never negative" in exercise.check(lambda points: -7).message


def test_a_mistake_must_explain_every_wrong_case(make):
    double = Mistake("double", lambda attempt: attempt.gives(lambda x: 2 * x), ANY)
    exercise = make([Case(1.0), Case(2.0)], Number(), lambda got, x: got == x, [double])
    assert exercise.check(lambda x: 2 * x).mistake_id == "double"
    assert exercise.check(lambda x: 2.0).mistake_id == "double"  # right for 2, double for 1
    assert exercise.check(lambda x: 2 * x if x == 1 else 9.0).mistake_id is None


def test_always_means_every_wrong_case(make):
    negative = Mistake("negative", lambda attempt: attempt.always(lambda got, x: got < 0), ANY)
    exercise = make([Case(1.0), Case(2.0)], Number(), lambda got, x: got == x, [negative])
    assert exercise.check(lambda x: -x).mistake_id == "negative"
    assert exercise.check(lambda x: -1 if x == 1 else 9).mistake_id is None


def test_close_needs_equal_shapes():
    assert close(0.1 + 0.2, 0.3) and close((1, np.ones(2)), (1, np.ones(2)))
    assert not close(np.ones(2), 1.0) and not close((1, 2), (1,)) and not close(1.0, 1.1)
    assert close(1.0, 1.1, rtol=0.2)


def test_the_first_listed_mistake_wins(make):
    mistakes = [Mistake(name, lambda attempt: True, ANY) for name in ("first", "second")]
    assert make([Case(1)], Number(), lambda *_: False, mistakes).check(abs).mistake_id == "first"


def test_chinese_feedback(exercise):
    language.use("zh")
    result = exercise.check(lambda points: 0.123)
    assert "应当满足：到曲线的平均距离" in result.message
    assert "还不对" in str(result) and 'lang="zh-Hans"' in result.html()
    language.use("en")  # the heading stays in the message's language
    assert "还不对" in str(result)


def fail(*_):
    raise RuntimeError("our slip")


@pytest.mark.parametrize(
    "broken",
    [
        lambda make: make([Case(1)], Number(), fail),
        lambda make: make([Case(1)], Number(), lambda *_: False, [Mistake("m", fail, ANY)]),
        lambda make: make([Case(make=fail)], Number()),
        lambda make: make([Case(1)], Number(), run=fail),
    ],
)
@pytest.mark.parametrize(
    ("code", "words"), [("en", "report these words"), ("zh", "反馈到课程的问题页面")]
)
def test_a_fault_in_the_checker_is_ours_and_not_counted(broken, code, words, make):
    language.use(code)
    result = broken(make).check(abs)
    assert result.status == "bug"
    assert "RuntimeError: our slip" in result.message and words in result.message
    assert "test_checks.py:" in result.message and "/" not in result.message
    assert record.tally("09.9").attempts == 0


def test_an_interrupt_of_the_checker_is_not_a_fault(make):
    def interrupted(*_):
        raise KeyboardInterrupt

    exercise = make([Case(1)], Number(), interrupted)
    assert exercise.check(abs).mistake_id == "interrupted"


def test_an_answer_that_is_a_value(make):
    mistakes = [
        Mistake(
            "percent",
            lambda attempt: attempt.gives(lambda: 12.5),
            Text(en="A share, please.", zh="请给出比例。"),
        )
    ]
    exercise = make(returns=Number(), holds=lambda got: got == 0.125, mistakes=mistakes)
    assert exercise.check(np.float32(0.125)).correct
    assert exercise.check(12.5).mistake_id == "percent"
    assert exercise.check(...).status == "not_attempted"
    assert "Your answer: got the string `'a'`; expected one number." in exercise.check("a").message
    assert "Your answer gives `3`" in exercise.check(3).message


def test_kinds_of_value_of_the_authors_own(make):
    text = Kind(Text(en="a string", zh="一个字符串"), lambda value: isinstance(value, str))
    assert make(returns=text).check("x").correct
    assert make(returns=text).check(3).mistake_id == "type"


def test_run_judges_what_a_function_does(make):
    def run(append, items):
        append(items)
        return len(items)

    exercise = make([Case([1, 2])], None, lambda got, _: got == 3, run=run)
    assert exercise.check(lambda items: items.append(9)).correct
    assert exercise.check(lambda items: items.clear()).status == "wrong"
    assert exercise.check(lambda items: 1 / 0).mistake_id == "raised"


def test_what_a_run_found_can_be_told_in_a_sentence(make):
    exercise = make(
        [Case([1, 2])],
        None,
        lambda got, _: got == 3,
        run=lambda function, items: len(items),
        tell=lambda got: language.text(en=f"{got} items.", zh=f"{got} 项。"),
    )
    language.use("en")
    assert "`abs(…)`: 2 items." in exercise.check(abs).message
    language.use("zh")
    assert "`abs(…)`：2 项。" in exercise.check(abs).message


def test_large_inputs_go_by_their_label(make):
    label = Text(en="1,000 points", zh="1,000 个点")
    exercise = make(
        [Case(make=lambda: (np.zeros((1000, 2)),), label=label)], Number(), lambda *_: False
    )

    def mine(points):
        return 1

    assert "`mine(…)` for 1,000 points gives `1`" in exercise.check(mine).message


def test_cases_hand_out_copies():
    original = np.zeros(3)
    case = Case(original)
    case.fresh()[0][:] = 1
    assert case.fresh()[0].sum() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "1.1"}, "lesson and a number"),
        ({"hints": (ANY,)}, "exactly two"),
        ({"properties": []}, "at least one"),
        ({"mistakes": [Mistake("m", bool, ANY)] * 2}, "same id"),
        ({"returns": None}, "returns= or run="),
        ({"run": abs}, "no cases"),
    ],
)
def test_a_wrong_definition_is_refused(change, words):
    definition = {
        "id": "01.1",
        "title": ANY,
        "returns": Number(),
        "properties": [Property(ANY, bool)],
        "mistakes": [],
        "hints": HINTS,
    }
    with pytest.raises(ValueError, match=words):
        Exercise(**{**definition, **change})


def test_inputs_and_make_exclude_each_other():
    with pytest.raises(ValueError, match="not both"):
        Case(1, make=lambda: (1,))
