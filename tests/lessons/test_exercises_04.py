"""The exercises of lesson 04: right answers pass, the common wrong ones are recognised."""

from fractions import Fraction
from math import lcm

import numpy as np
import pytest

from course_utils.exercises import Exercise, Question, lesson_04
from course_utils.exercises.lesson_04 import WAYS


def judged(exercise, answer):
    result = exercise.check(answer)
    return result.status, result.mistake_id


def nearest(logged, real, fake, key=abs):
    return min(WAYS, key=lambda name: key(WAYS[name](real, fake) - logged))


def largest(model, step, variables="weights", size=lambda change: np.abs(change).max(), over=max):
    before = [(v, v.numpy().copy()) for v in getattr(model, variables)]
    step()
    return over([size(v.numpy() - old) for v, old in before])


def by_get_weights(model, step):
    before = model.get_weights()
    step()
    return max(np.abs(a - b).max() for a, b in zip(model.get_weights(), before, strict=True))


def references(model, step):
    before = model.weights
    step()
    return max(
        np.abs(a.numpy() - b.numpy()).max() for a, b in zip(model.weights, before, strict=True)
    )


def two_steps(model, step):
    step()
    return largest(model, step)


def belief(logits):
    return 1 / (1 + np.exp(-np.ravel(logits)))


def gap(judge, real, fake, training=True, of=belief, half=lambda v, n: v[n:], asked=None):
    kept = judge.get_weights()
    both = half(of(judge(np.concatenate([real, fake]), training=training)), len(real))
    alone = of(judge(fake if asked is None else real, training=training))
    judge.set_weights(kept)
    return alone.mean() - both.mean()


def careless_gap(judge, real, fake):
    both = belief(judge(np.concatenate([real, fake]), training=True))[len(real) :]
    return belief(judge(fake, training=True)).mean() - both.mean()


def mean_first(judge, real, fake):
    kept = judge.get_weights()
    both = np.ravel(judge(np.concatenate([real, fake]), training=True))[len(real) :]
    alone = np.ravel(judge(fake, training=True))
    judge.set_weights(kept)
    return float(belief(alone.mean())[0] - belief(both.mean())[0])


def by_trying(accuracies, tolerance=1e-3):
    for n in range(1, 201):
        if np.abs(n * accuracies - np.round(n * accuracies)).max() < tolerance:
            return n


def denominators(accuracies):
    return [Fraction(float(a)).limit_denominator(200).denominator for a in accuracies]


FIVE = ("range", "shuffled_labels", "double_sigmoid", "healthy", "frozen_d")

RIGHT = {
    lesson_04.diagnoses: [FIVE, list(FIVE)],
    lesson_04.wrote: [nearest, lambda *case: nearest(*case, key=np.square)],
    lesson_04.moved: [largest, by_get_weights, lambda *case: largest(*case, variables="variables")],
    lesson_04.batch_gap: [gap, lambda *case: np.float32(gap(*case))],
    lesson_04.smallest_batch: [by_trying, lambda a: lcm(*denominators(a))],
}

WRONG = {
    lesson_04.diagnoses: {
        "balance-is-health": [("range", "healthy", "double_sigmoid", "healthy", "frozen_d")],
        "symptom-not-cause": [
            ("d_too_strong", *FIVE[1:]),
            ("range", "collapse", *FIVE[2:]),
        ],
        "healthy-doubted": [("range", "shuffled_labels", "double_sigmoid", "frozen_d", "frozen_d")],
    },
    lesson_04.wrote: {
        "sign-kept": [
            lambda *case: nearest(*case, key=lambda difference: difference),
            lambda logged, real, fake: nearest(0, real, fake, key=lambda way: way),
        ],
        "farthest": lambda *case: nearest(*case, key=lambda difference: -abs(difference)),
        "kinds-swapped": lambda logged, real, fake: nearest(logged, fake, real),
    },
    lesson_04.moved: {
        "step-not-called": lambda model, step: 0.0,
        "several-steps": two_steps,
        "trainable-only": lambda *case: largest(*case, variables="trainable_weights"),
        "references": references,
        "no-absolute-value": lambda *case: largest(*case, size=np.max),
        "one-layer-only": [
            lambda *case: largest(*case, over=lambda sizes: sizes[0]),
            lambda *case: largest(*case, over=lambda sizes: max(sizes[-2:])),
        ],
        "mean": [
            lambda *case: largest(*case, over=np.mean),
            lambda *case: largest(*case, size=lambda change: np.abs(change).mean()),
        ],
    },
    lesson_04.batch_gap: {
        "inference-mode": lambda *case: gap(*case, training=False),
        "logits": [lambda *case: gap(*case, of=np.ravel), mean_first],
        "wrong-half": lambda *case: gap(*case, half=lambda v, n: v[:n], asked="real"),
        "sign": lambda *case: -gap(*case),
        "patient-changed": careless_gap,
    },
    lesson_04.smallest_batch: {
        "one-accuracy-only": [
            lambda a: max(denominators(a)),
            lambda a: denominators(a)[0],
        ],
        "product": lambda a: int(np.prod(denominators(a))),
        "rounded-too-far": lambda a: by_trying(a, tolerance=0.07),
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
    (lesson_04.diagnoses, ("double_sigmoid", *FIVE[1:])),
    (lesson_04.wrote, lambda logged, real, fake: "two sigmoids"),
    (lesson_04.moved, lambda model, step: largest(model, step) + 1),
    (lesson_04.batch_gap, lambda *case: 2 * gap(*case)),
    (lesson_04.smallest_batch, lambda a: 200),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), UNKNOWN, ids=lambda value: getattr(value, "id", "")
)
def test_no_cause_is_better_than_a_wrong_one(exercise, answer):
    assert judged(exercise, answer) == ("wrong", None)


def test_every_mistake_of_every_exercise_is_tried():
    exercises = [value for value in vars(lesson_04).values() if isinstance(value, Exercise)]
    assert set(exercises) == WRONG.keys() == RIGHT.keys()
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def test_starters_are_not_attempts():
    def starter(*_): ...

    for exercise in RIGHT:
        attempt = (...,) * 5 if exercise is lesson_04.diagnoses else starter
        assert exercise.check(attempt).status == "not_attempted"


def test_a_name_that_does_not_exist_is_refused_with_the_list():
    result = lesson_04.diagnoses.check(("ranges", *FIVE[1:]))
    assert result.status == "wrong" and "lesson_04.NAMES" in result.message


def test_each_question_has_one_right_choice_and_the_letters_vary():
    asked = [value for value in vars(lesson_04).values() if isinstance(value, Question)]
    assert len(asked) >= 5 and len(lesson_04.quiz.questions) >= 6
    for questions in (asked, lesson_04.quiz.questions):
        letters = [[choice.correct for choice in one.choices] for one in questions]
        assert all(sum(correct) == 1 for correct in letters)
        assert len({correct.index(True) for correct in letters}) >= 3
