"""The exercises of lesson 05: right answers pass, the common wrong ones are recognised."""

import numpy as np
import pytest

from course_utils.exercises import Exercise, Question, lesson_05


def judged(exercise, answer):
    result = exercise.check(answer)
    return result.status, result.mistake_id


def eye(labels, classes):
    return np.eye(classes, dtype=np.float32)[labels]


def by_assignment(labels, classes):
    rows = np.zeros((len(labels), classes))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def own_product(h, y, e):
    return ((y @ e) * h).sum(axis=1)


def projection(h, y, e, w, b):
    return h @ w + b + own_product(h, y, e)


def projection_by_hand(h, y, e, w, b):
    return np.array([h[n] @ (w + e[y[n].argmax()]) + b for n in range(len(h))])


def softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


def planes(c, height, width):
    return np.broadcast_to(c[:, None, None, :], (len(c), height, width, c.shape[1]))


def difference(logit, x, a, b):
    return logit(x, a) - logit(x, b)


RIGHT = {
    lesson_05.one_hot: [
        eye,
        by_assignment,
        lambda labels, n: (labels[:, None] == np.arange(n)).astype(float),
    ],
    lesson_05.projection_logit: [projection, projection_by_hand],
    lesson_05.label_planes: [
        planes,
        lambda c, h, w: np.tile(c[:, None, None, :], (1, h, w, 1)),
        lambda c, h, w: np.tile(c, (1, h * w)).reshape(len(c), h, w, -1),
        lambda c, h, w: c[:, None, None] * np.ones((1, h, w, 1)),
    ],
    lesson_05.reach: [
        lambda *case: np.std(difference(*case)),
        lambda *case: difference(*case).std(),
    ],
    lesson_05.best_smoothed: [
        lambda p, q, a, b: (a * p + b * q) / (p + q),
        lambda p, q, a, b: b + (a - b) * p / (p + q),
    ],
}

WRONG = {
    lesson_05.one_hot: {
        "off-by-one": [
            lambda labels, n: eye(labels - 1, n),
            lambda labels, n: eye((labels + 1) % n, n),
            lambda labels, n: by_assignment(labels + 1, n + 2)[:, :n],
        ],
        "classes-as-rows": lambda labels, n: eye(labels, n).T,
        "only-classes-seen": [
            lambda labels, n: eye(labels, labels.max() + 1),
            lambda labels, n: (labels[:, None] == np.unique(labels)).astype(float),
        ],
        "the-number-itself": [
            lambda labels, n: labels[:, None].astype(float),
            lambda labels, n: labels.astype(float),
        ],
    },
    lesson_05.projection_logit: {
        "no-unconditional-term": lambda h, y, e, w, b: own_product(h, y, e),
        "no-condition": lambda h, y, e, w, b: h @ w + b,
        "summed-over-the-batch": [
            lambda h, y, e, w, b: h @ w + b + np.sum((y @ e) * h),
            lambda h, y, e, w, b: ((y @ e) * h).sum(axis=0) + b,
        ],
        "all-pairs": [
            lambda h, y, e, w, b: h @ w + b + (y @ e) @ h.T,
            lambda h, y, e, w, b: (h @ w + b)[:, None] + h @ (y @ e).T,
        ],
        "softmax": [
            lambda h, y, e, w, b: h @ w + b + (softmax(h @ e.T) * y).sum(axis=1),
            lambda h, y, e, w, b: h @ w + b + np.log((softmax(h @ e.T) * y).sum(axis=1)),
        ],
        "sigmoid": lambda *case: 1 / (1 + np.exp(-projection(*case))),
    },
    lesson_05.label_planes: {
        "repeat-then-reshape": [
            lambda c, h, w: np.repeat(c, h * w).reshape(len(c), h, w, -1),
            lambda c, h, w: np.repeat(c, h * w, axis=1).reshape(len(c), h, w, -1),
        ],
        "samples-mixed": lambda c, h, w: np.tile(c, (h * w, 1)).reshape(len(c), h, w, -1),
        "channels-first": [
            lambda c, h, w: np.repeat(c, h * w, axis=1).reshape(len(c), -1, h, w),
            lambda c, h, w: np.moveaxis(planes(c, h, w), -1, 1),
        ],
        "one-plane": lambda c, h, w: np.ones((1, h, w, 1)) * c.argmax(1)[:, None, None, None],
    },
    lesson_05.reach: {
        "size-of-the-difference": [
            lambda *case: difference(*case).mean(),
            lambda *case: np.abs(difference(*case)).mean(),
            lambda *case: np.abs(difference(*case)).max(),
        ],
        "difference-of-spreads": lambda f, x, a, b: np.std(f(x, a)) - np.std(f(x, b)),
        "one-condition": lambda f, x, a, b: np.std(f(x, a)),
        "variance": lambda *case: np.var(difference(*case)),
    },
    lesson_05.best_smoothed: {
        "no-smoothing": lambda p, q, a, b: p / (p + q),
        "real-side-only": lambda p, q, a, b: a * p / (p + q),
        "targets-as-densities": [
            lambda p, q, a, b: a * p / (a * p + q),
            lambda p, q, a, b: a * p / (a * p + b * q),
        ],
        "sides-swapped": lambda p, q, a, b: (b * p + a * q) / (p + q),
    },
}


@pytest.mark.parametrize("exercise", RIGHT, ids=lambda exercise: exercise.id)
def test_right_answers(exercise):
    for answer in RIGHT[exercise]:
        assert judged(exercise, answer) == ("correct", None)


@pytest.mark.parametrize(
    ("exercise", "mistake"),
    [(exercise, mistake) for exercise, mistakes in WRONG.items() for mistake in mistakes],
    ids=lambda value: getattr(value, "id", value),
)
def test_common_wrong_answers_are_recognised(exercise, mistake):
    answers = WRONG[exercise][mistake]
    for answer in answers if isinstance(answers, list) else [answers]:
        assert judged(exercise, answer) == ("wrong", mistake)


UNKNOWN = [
    (lesson_05.one_hot, lambda labels, n: 1 - eye(labels, n)),
    (lesson_05.projection_logit, lambda *case: 2 * projection(*case)),
    (lesson_05.label_planes, lambda c, h, w: planes(c, h, w) / 2),
    (lesson_05.reach, lambda *case: 1 + np.std(difference(*case))),
    (lesson_05.best_smoothed, lambda p, q, a, b: p * q),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), UNKNOWN, ids=lambda value: getattr(value, "id", "")
)
def test_no_cause_is_better_than_a_wrong_one(exercise, answer):
    assert judged(exercise, answer) == ("wrong", None)


def test_every_mistake_of_every_exercise_is_tried():
    exercises = [value for value in vars(lesson_05).values() if isinstance(value, Exercise)]
    assert set(exercises) == WRONG.keys() == RIGHT.keys()
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def test_whole_numbers_are_no_inputs_of_a_network():
    result = lesson_05.one_hot.check(lambda labels, n: eye(labels, n).astype(int))
    assert (result.status, result.mistake_id) == ("wrong", "dtype")


def test_starters_are_not_attempts():
    def starter(*_): ...

    for exercise in RIGHT:
        assert exercise.check(starter).status == "not_attempted"


def test_each_question_has_one_right_choice_and_the_letters_vary():
    asked = [value for value in vars(lesson_05).values() if isinstance(value, Question)]
    assert len(asked) >= 5 and len(lesson_05.quiz.questions) >= 5
    for questions in (asked, lesson_05.quiz.questions):
        letters = [[choice.correct for choice in one.choices] for one in questions]
        assert all(sum(correct) == 1 for correct in letters)
        assert len({correct.index(True) for correct in letters}) == 3
