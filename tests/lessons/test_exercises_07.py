"""The exercises of lesson 07: right answers pass, the common wrong ones are recognised."""

import math

import numpy as np
import pytest
from scipy import linalg, spatial

from course_utils import evaluation
from course_utils.exercises import Exercise, Question, lesson_07


def judged(exercise, answer):
    result = exercise.check(answer)
    return result.status, result.mistake_id


def fid(root=None, factor=2, power=1, final=float, rows=False, **options):
    """A version of exercise 1, right by default, by SciPy's root of a matrix."""

    def answer(x, y):
        if rows:
            x, y = x.T, y.T
        c, r = (np.cov(one.T, **options) for one in (x, y))
        means = ((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum() ** power
        middle = np.trace((root or (lambda a, b: linalg.sqrtm(a @ b).real))(c, r))
        return final(means + np.trace(c) + np.trace(r) - factor * middle)

    return answer


@np.errstate(invalid="ignore")
def root_of_numbers(c, r):
    return np.sqrt(c @ r)


def only_deviations(x, y):
    means, deviations = x.mean(axis=0) - y.mean(axis=0), x.std(0, ddof=1) - y.std(0, ddof=1)
    return (means**2 + deviations**2).sum()


def kid(power=3, constant=1.0, scaled=True, diagonal=False, square=False, cross=2, mixed=True):
    """A version of exercise 2, right by default, pair by pair."""

    def answer(x, y):
        def mean(a, b, skip, pairs):
            d = len(a[0]) if scaled else 1
            values = [
                (u @ v / d + constant) ** power
                for i, u in enumerate(a)
                for j, v in enumerate(b)
                if not (skip and i == j)
            ]
            return sum(values) / (pairs or len(values))

        within = sum(mean(s, s, not diagonal, square and len(s) ** 2) for s in (x, y))
        return within - cross * mean(x, y, not mixed, None)

    return answer


def ball_share(asked, centres, k):
    """The share of the points asked for that lie in a ball, by a tree."""
    radii = spatial.KDTree(centres).query(centres, k + 1)[0][:, -1]
    return np.mean([(np.linalg.norm(centres - one, axis=1) <= radii).any() for one in asked])


def better(a, b, n_a, n_b):
    if n_a != n_b or 2 / math.comb(len(a) + len(b), len(a)) > 0.05:
        return 0
    return int(max(a) < min(b)) + 2 * int(max(b) < min(a))


def separated(a, b):
    return better(a, b, 1, 1) or int(max(a) < min(b)) + 2 * int(max(b) < min(a))


RIGHT = {
    lesson_07.frechet: [fid(), evaluation.frechet_distance],
    lesson_07.kernel_distance: [kid()],
    lesson_07.recall: [lambda real, generated, k: ball_share(real, generated, k)],
    lesson_07.verdict: [better],
}

WRONG = {
    lesson_07.frechet: {
        "elementwise-root": fid(root_of_numbers),
        "no-root": fid(np.matmul),
        "no-factor-two": fid(factor=1),
        "no-root-term": fid(factor=0),
        "means-not-squared": fid(power=0.5),
        "rooted": fid(final=math.sqrt),
        "divided-by-n": fid(bias=True),
        "diagonal-only": only_deviations,
        "rows-as-variables": fid(rows=True),
    },
    lesson_07.kernel_distance: {
        "diagonal-left-in": kid(diagonal=True),
        "divided-by-n-squared": kid(square=True),
        "not-divided-by-d": kid(scaled=False),
        "degree": kid(power=2),
        "no-constant": kid(constant=0.0),
        "no-factor-two": kid(cross=1),
        "mixed-diagonal": kid(mixed=False),
    },
    lesson_07.recall: {
        "itself": lambda real, generated, k: ball_share(real, generated, k - 1),
        "swapped": lambda real, generated, k: ball_share(generated, real, k),
        "coverage": lambda real, generated, k: covered(real, generated, k),
        "coverage-of-generated": lambda real, generated, k: covered(generated, real, k),
        "count": lambda real, generated, k: len(real) * ball_share(real, generated, k),
    },
    lesson_07.verdict: {
        "upside-down": lambda *case: (3 - better(*case)) % 3,
        "unequal-counts": lambda a, b, n_a, n_b: better(a, b, 1, 1),
        "few-seeds": lambda a, b, n_a, n_b: separated(a, b) if n_a == n_b else 0,
        "separation-only": lambda a, b, n_a, n_b: separated(a, b),
        "averages": lambda a, b, n_a, n_b: 1 + int(np.mean(a) > np.mean(b)),
    },
}


def covered(real, generated, k):
    tree = spatial.KDTree(real)
    radii, nearest = tree.query(real, k + 1)[0][:, -1], spatial.KDTree(generated).query(real)[0]
    return (nearest <= radii).mean()


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
    (lesson_07.frechet, lambda x, y: 1.0),
    (lesson_07.kernel_distance, lambda x, y: 0.0),
    (lesson_07.recall, lambda real, generated, k: 0.5),
    (lesson_07.verdict, lambda *case: 0),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), UNKNOWN, ids=lambda value: getattr(value, "id", "")
)
def test_no_cause_is_better_than_a_wrong_one(exercise, answer):
    assert judged(exercise, answer) == ("wrong", None)


def test_every_mistake_of_every_exercise_is_tried():
    exercises = [value for value in vars(lesson_07).values() if isinstance(value, Exercise)]
    assert set(exercises) == WRONG.keys() == RIGHT.keys()
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def test_a_complex_distance_is_refused():
    assert judged(lesson_07.frechet, fid(final=complex))[0] == "wrong"


def test_starters_are_not_attempts():
    def starter(*_): ...

    for exercise in RIGHT:
        assert exercise.check(starter).status == "not_attempted"


def test_each_question_has_one_right_choice_and_the_letters_vary():
    asked = [value for value in vars(lesson_07).values() if isinstance(value, Question)]
    assert len(asked) >= 5 and len(lesson_07.quiz.questions) >= 6
    for questions in (asked, lesson_07.quiz.questions):
        letters = [[choice.correct for choice in one.choices] for one in questions]
        assert all(sum(correct) == 1 for correct in letters)
        assert len({correct.index(True) for correct in letters}) == 3
