"""Calling the learner's function: not written yet, broken, or odd, never raised."""

import warnings

import numpy as np
import pytest

from course_utils.exercises import (
    Case,
    record,
)


def right(points):
    return np.abs(points[:, 1] - points[:, 0] ** 2).mean()


def todo_ellipsis(points): ...


def todo_pass(points):
    """Say what to do."""
    pass


def todo_return(points):
    total = np.sum(points)
    del total
    return ...


def todo_pair(points):
    return ..., 1


def todo_none(points):
    return None


def todo_raise(points):
    raise NotImplementedError("write me")


def todo_use(points):
    share = ...
    return share + 1


STARTERS = [todo_ellipsis, todo_pass, todo_return, todo_pair, todo_none, todo_raise, todo_use]


@pytest.mark.parametrize("starter", [*STARTERS, ..., None])
def test_a_starter_is_not_attempted_and_does_not_count(exercise, starter):
    result = exercise.check(starter)
    assert (result.status, result.mistake_id) == ("not_attempted", "not-attempted")
    assert record.tally("01.1").attempts == 0
    assert "…" not in str(result).splitlines()[0]


def test_check_without_an_answer_is_not_attempted(exercise):
    assert exercise.check().status == "not_attempted"


def test_a_forgotten_ellipsis_is_located(exercise):
    assert "`return share + 1`" in exercise.check(todo_use).message


def test_a_starter_is_seen_even_when_the_value_does_not_matter(make):
    exercise = make([Case(1)], run=lambda f, x: f(x))
    assert exercise.check(lambda x: None).status == "not_attempted"
    assert exercise.check(lambda x: [].append(x)).status == "correct"


def test_a_forgotten_return_is_told_apart(exercise):
    def forgot(points):
        np.mean(points)

    result = exercise.check(forgot)
    assert (result.status, result.mistake_id) == ("wrong", "no-return")
    assert "`return`" in result.message


def test_not_implemented_from_a_library_is_an_error(exercise):
    class Layer:
        def call(self):
            raise NotImplementedError

    assert exercise.check(lambda points: Layer().call()).status == "error"


def divides(points):
    n = 0
    return 1 / n


def test_an_exception_shows_last_line_and_the_learners_line(exercise):
    result = exercise.check(divides)
    number = divides.__code__.co_firstlineno + 2
    assert (result.status, result.mistake_id) == ("error", "raised")
    assert "`ZeroDivisionError: division by zero`" in result.message
    assert f"line {number} " in result.message and "`return 1 / n`" in result.message


def test_the_line_is_the_learners_not_the_librarys(exercise):
    def broken(points):
        return np.linalg.inv(np.zeros((2, 2)))  # the mark

    assert "# the mark" in exercise.check(broken).message


def test_the_line_in_a_notebook_cell(exercise):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("# a comment\ndef mine(points):\n    y = 1\n    return points[99]")
    result = exercise.check(shell.user_ns["mine"])
    assert "line 4 " in result.message and "`return points[99]`" in result.message
    assert "IndexError" in result.message


def endless(points):
    return endless(points)


def test_infinite_recursion(exercise):
    result = exercise.check(endless)
    assert (result.status, result.mistake_id) == ("error", "recursion")


@pytest.mark.parametrize("answer", [lambda: 1, lambda a, b: 1, lambda *, points: 1])
def test_wrong_arity(exercise, answer):
    result = exercise.check(answer)
    assert (result.status, result.mistake_id) == ("wrong", "arity")
    assert "with 1 argument, by position" in result.message and "<lambda>" not in result.message


def test_a_type_error_inside_is_not_taken_for_wrong_arity(exercise):
    assert exercise.check(lambda points: len(3)).mistake_id == "raised"


def test_generator_and_coroutine(exercise):
    def generates(points):
        yield 1

    async def waits(points):
        return 1

    assert exercise.check(generates).mistake_id == "generator"
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a coroutine that is dropped warns
        assert exercise.check(waits).mistake_id == "coroutine"


def test_a_function_that_mutates_its_input_corrupts_nothing(exercise):
    def mutates(points):
        value = right(points)
        points[:] = 99
        return value

    assert [exercise.check(mutates).status for _ in range(2)] == ["correct", "correct"]
    assert exercise.check(right).correct


def test_the_result_called_instead_of_the_function(exercise):
    result = exercise.check(0.5)
    assert result.mistake_id == "not-a-function"
    assert "the number `0.5`" in result.message and "without parentheses" in result.message


class EvilError(Exception):
    def __str__(self):
        raise RuntimeError


def raiser(error):
    def answer(points):
        raise error

    return answer


@pytest.mark.parametrize(
    "error", [SystemExit(3), GeneratorExit(), EvilError(), BaseException("odd"), MemoryError()]
)
def test_no_exception_gets_out(exercise, error):
    assert exercise.check(raiser(error)).status == "error"


def test_an_interrupt_is_feedback(exercise):
    result = exercise.check(raiser(KeyboardInterrupt()))
    assert (result.status, result.mistake_id) == ("error", "interrupted")
