"""The exercises of lesson 03: right answers pass, the common wrong ones are recognised."""

import math

import numpy as np
import pytest

from course_utils.exercises import Exercise, Question, lesson_03
from course_utils.models import latents


def judged(exercise, answer):
    result = exercise.check(answer)
    return result.status, result.mistake_id


def convolution_by_walking(size, kernel, stride, padding):
    """Put the kernel down wherever `padding` allows it, and count."""
    if padding == "same":
        return len(range(0, size, stride))
    return len([left for left in range(0, size, stride) if left + kernel <= size])


def transposed_by_painting(size, kernel, stride, padding):
    painted = {i * stride + j for i in range(size) for j in range(kernel)}
    return size * stride if padding == "same" else len(painted)


def overlap(kernel, stride, length, add=True):
    counts = np.zeros((length - 1) * stride + kernel, int)
    for i in range(length):
        counts[i * stride : i * stride + kernel] = (
            add * counts[i * stride : i * stride + kernel] + 1
        )
    return counts


def overlap_by_convolution(kernel, stride, length):
    starts = np.zeros((length - 1) * stride + 1)
    starts[::stride] = 1
    return np.convolve(starts, np.ones(kernel))


def unit(vector):
    return vector / np.linalg.norm(vector)


def length_at(a, b, t):
    return (1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b)


def white(a, b, t):
    angle = np.arccos(np.clip(unit(a) @ unit(b), -1, 1))
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def turned(a, b, t):
    """The same by an orthonormal basis of the plane of a and b: no sine of a difference."""
    first, towards = unit(a), unit(b) - unit(a) * (unit(a) @ unit(b))
    angle = t * math.atan2(np.linalg.norm(towards), unit(a) @ unit(b))
    return length_at(a, b, t) * (math.cos(angle) * first + math.sin(angle) * unit(towards))


RIGHT = {
    lesson_03.convolution_size: [
        convolution_by_walking,
        lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s + 1,
        lambda n, k, s, p: math.ceil((n if p == "same" else n - k + 1) / s),
    ],
    lesson_03.transposed_size: [
        transposed_by_painting,
        lambda n, k, s, p: n * s if p == "same" else (n - 1) * s + k,
        lambda n, k, s, p: n * s + (0 if p == "same" else k - s),
    ],
    lesson_03.overlap: [overlap, overlap_by_convolution],
    lesson_03.even_repair: [lambda k, s: k - k % s, lambda k, s: k // s * s],
    lesson_03.slerp: [
        turned,
        lambda a, b, t: length_at(a, b, t) * white(unit(a), unit(b), t),
        lambda a, b, t: latents.spherical(a, b, t)[0],
    ],
}

WRONG = {
    lesson_03.convolution_size: {
        "padding-ignored": [
            lambda n, k, s, p: -(-n // s),
            lambda n, k, s, p: (n - k) // s + 1,
        ],
        "same-rounded-down": lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1,
        "valid-rounded-up": lambda n, k, s, p: -(-n // s) if p == "same" else -(-(n - k) // s) + 1,
        "one-too-few": lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s,
    },
    lesson_03.transposed_size: {
        "padding-ignored": [lambda n, k, s, p: n * s, lambda n, k, s, p: (n - 1) * s + k],
        "one-stroke-too-many": lambda n, k, s, p: n * s if p == "same" else n * s + k,
        "kernel-end": lambda n, k, s, p: n * s if p == "same" else (n - 1) * s + 1,
        "forward": convolution_by_walking,
    },
    lesson_03.overlap: {
        "overwritten": lambda k, s, n: overlap(k, s, n, add=False),
        "stride-ignored": [
            lambda k, s, n: overlap(k, 1, n),
            lambda k, s, n: np.pad(overlap(k, 1, n), (0, (n - 1) * (s - 1))),
        ],
        "cut-to-same": [
            lambda k, s, n: overlap(k, s, n)[: n * s],
            lambda k, s, n: overlap(k, s, n)[max(k - s, 0) // 2 :][: n * s],
        ],
        "average": lambda k, s, n: np.full((n - 1) * s + k, k / s),
    },
    lesson_03.even_repair: {
        "unchanged": lambda k, s: k,
        "one-less": lambda k, s: k - 1,
        "larger": lambda k, s: math.ceil(k / s) * s,
        "stride-itself": lambda k, s: s,
    },
    lesson_03.slerp: {
        "straight": lambda a, b, t: latents.linear(a, b, t)[0],
        "straight-then-stretched": [
            lambda a, b, t: length_at(a, b, t) * unit((1 - t) * a + t * b),
            lambda a, b, t: length_at(a, b, t) * unit((1 - t) * unit(a) + t * unit(b)),
        ],
        "lengths-mixed": white,
        "unit-length": lambda a, b, t: unit(turned(a, b, t)),
        "from-b-to-a": lambda a, b, t: turned(b, a, t),
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
    (lesson_03.convolution_size, lambda n, k, s, p: n),
    (lesson_03.transposed_size, lambda n, k, s, p: n + k),
    (lesson_03.overlap, lambda k, s, n: np.ones((n - 1) * s + k + 1)),
    (lesson_03.even_repair, lambda k, s: 2 * s if k > s else s),
    (lesson_03.slerp, lambda a, b, t: t * a + (1 - t) * b),
    (lesson_03.slerp, lambda a, b, t: 2 * turned(a, b, t)),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), UNKNOWN, ids=lambda value: getattr(value, "id", "")
)
def test_no_cause_is_better_than_a_wrong_one(exercise, answer):
    assert judged(exercise, answer) == ("wrong", None)


def test_every_mistake_of_every_exercise_is_tried():
    exercises = [value for value in vars(lesson_03).values() if isinstance(value, Exercise)]
    assert set(exercises) == WRONG.keys() == RIGHT.keys()
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def test_starters_are_not_attempts():
    def starter(*_): ...

    for exercise in RIGHT:
        assert exercise.check(starter).status == "not_attempted"


def test_sizes_are_those_of_keras():
    import keras

    for exercise, layer in (
        (lesson_03.convolution_size, keras.layers.Conv1D),
        (lesson_03.transposed_size, keras.layers.Conv1DTranspose),
    ):
        for case in exercise.cases:
            size, kernel, stride, padding = case.fresh()
            made = layer(1, kernel, strides=stride, padding=padding)
            shape = made.compute_output_shape((None, size, 1))
            assert RIGHT[exercise][0](size, kernel, stride, padding) == shape[1]


def test_each_question_has_one_right_choice_and_the_letters_vary():
    asked = [value for value in vars(lesson_03).values() if isinstance(value, Question)]
    assert len(asked) >= 5 and len(lesson_03.quiz.questions) >= 5
    for questions in (asked, lesson_03.quiz.questions):
        letters = [[choice.correct for choice in one.choices] for one in questions]
        assert all(sum(correct) == 1 for correct in letters)
        assert len({correct.index(True) for correct in letters}) == 3
