"""The session: attempts, hints, progress."""

import copy
import sys
import types

import numpy as np

from course_utils import language
from course_utils.exercises import (
    progress,
    record,
)


def right(points):
    return np.abs(points[:, 1] - points[:, 0] ** 2).mean()


def divides(points):
    n = 0
    return 1 / n


def test_attempts_are_counted_and_the_best_result_stays(exercise):
    for answer in (..., divides, lambda p: 0.1, right, lambda p: 0.1):
        exercise.check(answer)
    tally = record.tally("01.1")
    assert (tally.attempts, tally.best) == (4, "correct")
    assert "01.1 | Mean error from $x^2$ | 4 | ✓ Correct" in repr(progress())
    assert "<th" in progress()._repr_html_() and "✓ Correct" in progress()._repr_html_()


def test_progress_speaks_chinese_and_lists_what_was_not_tried(exercise, quiz):
    language.use("zh")
    assert "01.1 | 与 $x^2$ 的平均误差 | 0 | ○ 尚未作答" in repr(progress())
    assert "小测验 | 0/5" in repr(progress())


def test_progress_goes_lesson_by_lesson_in_the_order_of_its_content(exercise, quiz):
    early = copy.copy(exercise)
    early.id = "00.1"
    record.register(early)
    assert [row[0] for row in progress().rows] == ["00.1", "01.1", "01-quiz"]


def test_attempts_outlive_a_reload(exercise):
    exercise.check(right)
    again = copy.copy(exercise)
    record.register(again)
    assert repr(progress()).count("Mean error") == 1 and "Correct" in repr(progress())


def test_hints_come_one_after_the_other(exercise):
    first, second, third = exercise.hint(), exercise.hint(), exercise.hint()
    assert "How far" in first.message and "np.abs" not in first.message
    assert second.message == third.message and "np.abs" in second.message
    assert "solutions notebook" in second.message


def test_hints_are_offered_after_two_wrong_attempts(exercise):
    offers = [exercise.check(lambda p: 0.1).hints for _ in range(5)]
    assert [len(offer) for offer in offers] == [0, 1, 1, 2, 2]
    result = exercise.check(divides)
    assert result.html().count("<details>") == 2 and "<summary>Hint 1</summary>" in result.html()
    assert ".hint()" in str(result) and "How far" not in str(result)
    assert exercise.check(right).hints == () and exercise.check(...).hints == ()


def test_the_offer_spells_the_exercise_as_the_lesson_does(exercise, monkeypatch):
    lesson = types.ModuleType("course_utils.exercises.lesson_99")
    lesson.mean_error = exercise
    monkeypatch.setitem(sys.modules, lesson.__name__, lesson)
    exercise.check(divides)
    assert "Run lesson_99.mean_error.hint()." in str(exercise.check(divides))
