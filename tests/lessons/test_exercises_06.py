"""The exercises of lesson 06: right answers pass, the common wrong ones are recognised."""

import math

import numpy as np
import pytest
from scipy import special, stats

from course_utils.exercises import Exercise, Question, lesson_06


def judged(exercise, answer):
    result = exercise.check(answer)
    return result.status, result.mistake_id


def softmax_loss(class_logits, labels):
    return -special.log_softmax(class_logits, axis=1)[range(len(labels)), labels].mean()


def losses(class_sign=1, d_classes=(1, 1), weight=None, loss=softmax_loss, fooled=True):
    """A version of exercise 1, right by default."""

    def answer(l_real, l_fake, a_real, a_fake, c_real, c_fake, w):
        w = w if weight is None else weight
        real, fake = loss(a_real, c_real), loss(a_fake, c_fake)
        d_loss = -np.log(special.expit(l_real)).mean() - np.log(special.expit(-l_fake)).mean()
        g_loss = -np.log(special.expit(l_fake if fooled else -l_fake)).mean()
        share_real, share_fake = d_classes
        d_loss += w * (share_real * real + share_fake * fake)
        return d_loss, g_loss + w * class_sign * fake

    return answer


def by_densities(h, e):
    """The same reader, by SciPy's densities."""
    return np.array([stats.norm.logpdf(row, scale=np.abs(e)).sum(axis=1).argmax() for row in h])


def reader(power=2, determinant=1.0, pick=np.argmax):
    def answer(h, e):
        sizes = np.abs(e)
        exponent = (h[:, None] ** 2 / sizes**power).sum(axis=2) / 2
        return pick(-exponent - determinant * np.log(sizes).sum(axis=1), axis=1)

    return answer


def entropy(p):
    return special.entr(p).sum()


def weighted_by_bin(counts):
    total = 0.0
    for column in counts.T:
        if column.sum():
            total += column.sum() / counts.sum() * stats.entropy(column / column.sum())
    return total


def joint(counts):
    return entropy(counts / counts.sum())


RIGHT = {
    lesson_06.acgan_losses: [losses(), lambda *case: list(losses()(*case))],
    lesson_06.read_class: [by_densities, reader()],
    lesson_06.class_entropy: [
        weighted_by_bin,
        lambda counts: joint(counts) - entropy(counts.sum(axis=0) / counts.sum()),
    ],
    lesson_06.lowest_loss: [
        lambda classes: math.log(1 + (classes - 1) / math.e),
        lambda classes: -special.log_softmax([1.0] + [0.0] * (classes - 1))[0],
    ],
}

WRONG = {
    lesson_06.acgan_losses: {
        "class-term-sign": losses(class_sign=-1),
        "reals-only": losses(d_classes=(1, 0)),
        "fakes-only": losses(d_classes=(0, 1)),
        "halved": losses(d_classes=(0.5, 0.5)),
        "softmax-twice": losses(loss=lambda a, c: softmax_loss(special.softmax(a, axis=1), c)),
        "weight-forgotten": losses(weight=1.0),
        "d-s-part": losses(fooled=False),
    },
    lesson_06.read_class: {
        "no-determinant": reader(determinant=0.0),
        "determinant-halved": reader(determinant=0.5),
        "deviation-as-variance": reader(power=1),
        "least-likely": reader(pick=np.argmin),
        "nearest-embedding": lambda h, e: np.linalg.norm(h[:, None] - e, axis=2).argmin(axis=1),
    },
    lesson_06.class_entropy: {
        "bits": lambda counts: weighted_by_bin(counts) / np.log(2),
        "bins-not-weighted": lambda counts: np.mean(
            [stats.entropy(column) for column in counts.T if column.sum()]
        ),
        "given-the-class": lambda counts: joint(counts) - stats.entropy(counts.sum(axis=1)),
        "joint": joint,
        "classes-alone": lambda counts: stats.entropy(counts.sum(axis=1)),
    },
    lesson_06.lowest_loss: {
        "zero": lambda classes: 0.0,
        "guessing": lambda classes: math.log(classes),
        "one-too-many": lambda classes: math.log(1 + classes / math.e),
        "probability": lambda classes: math.e / (math.e + classes - 1),
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
    assert judged(exercise, WRONG[exercise][mistake]) == ("wrong", mistake)


UNKNOWN = [
    (lesson_06.acgan_losses, lambda *case: losses()(*case)[::-1]),
    (lesson_06.acgan_losses, lambda *case: (0.0, 0.0)),
    (lesson_06.read_class, lambda h, e: np.zeros(len(h), int)),
    (lesson_06.class_entropy, lambda counts: 0.5),
    (lesson_06.lowest_loss, lambda classes: 1.46 if classes == 10 else 1.0),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), UNKNOWN, ids=lambda value: getattr(value, "id", "")
)
def test_no_cause_is_better_than_a_wrong_one(exercise, answer):
    assert judged(exercise, answer) == ("wrong", None)


def test_every_mistake_of_every_exercise_is_tried():
    exercises = [value for value in vars(lesson_06).values() if isinstance(value, Exercise)]
    assert set(exercises) == WRONG.keys() == RIGHT.keys()
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def test_starters_are_not_attempts():
    def starter(*_): ...

    for exercise in RIGHT:
        assert exercise.check(starter).status == "not_attempted"


def test_each_question_has_one_right_choice_and_the_letters_vary():
    asked = [value for value in vars(lesson_06).values() if isinstance(value, Question)]
    assert len(asked) >= 5 and len(lesson_06.quiz.questions) >= 5
    for questions in (asked, lesson_06.quiz.questions):
        letters = [[choice.correct for choice in one.choices] for one in questions]
        assert all(sum(correct) == 1 for correct in letters)
        assert len({correct.index(True) for correct in letters}) == 3
