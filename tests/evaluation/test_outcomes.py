"""How a run ended, judged by runs whose ending is known because they were made up."""

import numpy as np
import pytest

from course_utils.data.targets import ring, x_squared
from course_utils.evaluation.energy import energy_distance
from course_utils.evaluation.outcomes import CHECKPOINTS, LEARNED, OUTCOMES, Judge

RING = ring()


@pytest.fixture(scope="module")
def judge():
    return Judge(x_squared)


def resting(points):
    """A run that has been where it is from the beginning."""
    return np.repeat(points[None], CHECKPOINTS, axis=0)


def wandering(points, step):
    """A run that jumps to and fro by `step` between any two moments."""
    there = np.arange(CHECKPOINTS) % 2
    return points + step * there[:, None, None] * np.array([1.0, 0.0])


def real(count=200):
    return x_squared.sample(count, seed=11).astype(float)


def noise(points, size):
    return points + size * np.random.default_rng(0).standard_normal(points.shape)


def some_modes(chosen):
    points = RING.sample(4000, seed=5).astype(float)
    nearest = np.linalg.norm(points[:, None] - RING.modes, axis=-1).argmin(axis=1)
    return points[np.isin(nearest, chosen)][:200]


WIDTH = 0.3  # of x_squared, the root of the coordinates' summed variances


@pytest.mark.parametrize(
    ("run", "outcome"),
    [
        (resting(real()), "learned"),
        (resting(noise(real(), 0.01)), "learned"),
        (wandering(real(), 0.15 * WIDTH), "learned"),  # its pictures tremble
        (resting(noise(real(), 0.08)), "unfinished"),  # a cloud around the curve
        (resting(real() * [0.5, 1.0]), "unfinished"),
        (resting(real() + 0.5), "unfinished"),
        (wandering(real(), 2 * WIDTH), "cycling"),
        (resting(np.zeros((200, 2))), "collapsed"),
        (wandering(np.zeros((200, 2)), 2 * WIDTH), "collapsed"),  # one place that jumps about
        (resting(real() + 100.0), "diverged"),
        (resting(np.where(np.arange(200)[:, None] == 3, np.nan, real())), "diverged"),
        (resting(np.where(np.arange(200)[:, None] == 3, np.inf, real())), "diverged"),
    ],
)
def test_outcome_of_a_graph(judge, run, outcome):
    assert judge.verdict(run).outcome == outcome


@pytest.mark.parametrize(
    ("modes", "outcome"),
    [
        (range(8), "learned"), (range(7), "unfinished"), (range(5), "unfinished"),
        (range(4), "collapsed"), ([2], "collapsed"),
    ],
)  # fmt: skip
def test_outcome_of_a_mixture(modes, outcome):
    found = Judge(RING).verdict(resting(some_modes(list(modes))))
    assert found.outcome == outcome and found.modes == len(modes)


def test_a_circle_through_the_modes_is_not_learned():
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = 2.0 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    found = Judge(RING).verdict(resting(circle))
    assert found.outcome == "unfinished" and found.modes == 8
    assert found.error == pytest.approx(0.2, abs=0.02)


def test_only_the_end_counts(judge):
    """A run that cycled for half of its steps and was rid of it."""
    run = wandering(real(), 2 * WIDTH)
    run[: -CHECKPOINTS // 2] += 5.0
    assert judge.verdict(run).outcome == "cycling"
    run[CHECKPOINTS // 2 - 1 :] = real()
    assert judge.verdict(run).outcome == "learned"


def test_one_moment_does_not_decide(judge):
    run = resting(real())
    run[-1] += 0.3
    assert judge.verdict(run).outcome == "learned"


def test_measures(judge):
    found = judge.verdict(wandering(real() * 2 + [0.0, 1.0], 0.03))
    real_width = np.sqrt(x_squared.sample(600, seed=0).var(axis=0).sum())
    assert found.spread == pytest.approx(
        2 * np.sqrt(real().var(axis=0).sum()) / real_width, rel=1e-3
    )
    assert found.movement == pytest.approx(0.03 / real_width, rel=1e-3)
    assert 0 < found.difference < 1 and found.error > 1 and np.isnan(found.modes)


def test_the_difference_is_the_energy_distance_as_a_share(judge):
    data = x_squared.sample(600, seed=0)
    for points in (noise(real(), 0.1), real() + 1.0):
        between = np.linalg.norm(points[:, None] - data, axis=-1).mean()
        expected = energy_distance(points, data) / (2 * between)
        assert judge.difference(points) == pytest.approx(expected, rel=1e-5)
        assert judge.distance(points) == pytest.approx(expected**0.5, rel=1e-5)


def test_real_samples_are_nearly_always_called_learned(judge):
    found = [judge.difference(x_squared.sample(200, seed=seed)) for seed in range(100, 300)]
    assert abs(np.median(found)) < 0.003 and np.mean(np.array(found) > LEARNED) < 0.05
    assert judge.distance(real()) >= 0.0


@pytest.mark.parametrize(
    "shape", [(CHECKPOINTS, 200), (CHECKPOINTS - 1, 200, 2), (CHECKPOINTS, 1, 2)]
)
def test_refuses_other_shapes(judge, shape):
    with pytest.raises(ValueError, match="trajectory has the shape"):
        judge.verdict(np.zeros(shape))


def test_every_outcome_has_a_letter_of_its_own():
    for code in ("en", "zh"):
        letters = [getattr(kind.letter, code) for kind in OUTCOMES.values()]
        assert len(set(letters)) == len(letters) and all(len(letter) == 1 for letter in letters)
