"""Counting modes: closed forms, the threshold, real against real, impossible input."""

import numpy as np
import pytest
from scipy import stats

from course_utils import language
from course_utils.data import targets
from course_utils.evaluation import evaluate_points, floor
from course_utils.evaluation.modes import PERFECT_SHARE, count_modes

RING, GRID = targets.ring(), targets.grid()


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def at_modes(target, counts, offset=(0.0, 0.0)):
    """So many points exactly at each mode, shifted by `offset` standard deviations."""
    return np.repeat(target.modes, counts, axis=0) + target.sigma * np.array(offset)


def test_perfect_share_is_the_chi_squared_probability():
    assert pytest.approx(stats.chi2(2).cdf(9)) == PERFECT_SHARE
    assert pytest.approx(0.98889, abs=1e-5) == PERFECT_SHARE


@pytest.mark.parametrize("target", [RING, GRID, targets.ring(3, 1, 0.2)], ids=repr)
def test_real_points_cover_all_modes(target):
    n = 40_000
    found = count_modes(target.sample(n, seed=0), target)
    assert found.covered == found.total == len(target.modes)
    error = 4 * np.sqrt(PERFECT_SHARE * (1 - PERFECT_SHARE) / n)
    assert found.high_quality == pytest.approx(PERFECT_SHARE, abs=error)
    assert sum(found.counts) == round(found.high_quality * n)


@pytest.mark.parametrize("target", [RING, GRID], ids=repr)
def test_one_mode_only_is_the_logarithm_of_all(target):
    counts = np.zeros(len(target.modes), int)
    counts[3] = 200
    found = count_modes(at_modes(target, counts), target)
    assert (found.covered, found.high_quality) == (1, 1.0)
    assert found.divergence == pytest.approx(np.log(len(target.modes)))
    assert found.counts == tuple(counts.tolist())


def test_divergence_by_hand():
    # Shares 1/2, 1/4, 1/4 and 0: sum of q ln(8 q), and against SciPy's relative entropy.
    counts = [40, 20, 0, 20, 0, 0, 0, 0]
    found = count_modes(at_modes(RING, counts), RING)
    assert found.divergence == pytest.approx(0.5 * np.log(4) + 2 * 0.25 * np.log(2))
    assert found.divergence == pytest.approx(
        stats.entropy(np.array(counts) / 80, np.full(8, 1 / 8))
    )
    assert found.covered == 3
    assert count_modes(at_modes(RING, [10] * 8), RING).divergence == 0
    many = targets.ring(49, radius=20)  # 49 times 1 / 49 rounds to less than 1
    assert count_modes(at_modes(many, [10] * 49), many).divergence == 0


@pytest.mark.parametrize(
    ("offset", "near"),
    [((2.99, 0), True), ((0, -2.99), True), ((3.01, 0), False), ((2.2, 2.2), False)],
)
def test_three_sigma_is_a_distance(offset, near):
    found = count_modes(at_modes(RING, [20] * 8, offset), RING)
    assert found.high_quality == float(near)
    assert found.covered == 8 * near
    assert found.divergence == 0  # each point belongs to its nearest mode, near or not


def test_far_points_count_in_the_divergence_only():
    points = np.concatenate([at_modes(RING, [10] * 8), np.tile([9.0, 0.0], (80, 1))])
    found = count_modes(points, RING)
    assert found.high_quality == 0.5 and found.covered == 8
    q = np.array([90, *[10] * 7]) / 160
    assert found.divergence == pytest.approx((q * np.log(8 * q)).sum())


@pytest.mark.parametrize(("share", "covered"), [(0.2, 7), (0.19, 8), (0.5, 7), (1.0, 6)])
def test_a_mode_needs_its_part_of_the_fair_share(share, covered):
    # 800 points, a fair share of 100: a fifth of it is 20.
    counts = [19, 50, 100, 100, 100, 100, 100, 231]
    assert count_modes(at_modes(RING, counts), RING, share=share).covered == covered
    counts[0], counts[7] = 20, 230
    assert count_modes(at_modes(RING, counts), RING).covered == 8


def test_order_does_not_matter():
    points = RING.sample(500, seed=1)
    assert count_modes(points, RING) == count_modes(points[::-1].tolist(), RING)


def test_real_against_real():
    n = 2000
    found = floor(lambda points, _: count_modes(points, RING).divergence, RING, n, range(40))
    assert found.low >= 0 and found.median == pytest.approx(7 / (2 * n), rel=0.4)
    assert floor(lambda points, _: count_modes(points, GRID).covered, GRID, 2500).low == 25


def test_too_few_points_are_refused():
    count_modes(RING.sample(40, seed=0), RING)
    with pytest.raises(ValueError, match="holds 39 points; at least 40"):
        count_modes(RING.sample(39, seed=0), RING)
    with pytest.raises(ValueError, match="at least 125"):
        count_modes(RING.sample(40, seed=0), GRID)
    with pytest.raises(ValueError, match="at least 8 "):
        count_modes(RING.sample(7, seed=0), RING, share=1)


@pytest.mark.parametrize("points", [np.zeros(200), np.zeros((200, 3)), None, [["a", "b"]] * 200])
def test_other_shapes_are_refused(points):
    with pytest.raises(ValueError, match=r"shape \[n, 2\]"):
        count_modes(points, RING)


def test_diverged_points_are_refused():
    points = RING.sample(100, seed=0)
    points[3, 0] = np.nan
    with pytest.raises(ValueError, match="1 of 100 points"):
        count_modes(points, RING)


@pytest.mark.parametrize("share", [0, -0.1, 1.5, float("nan")])
def test_impossible_shares_are_refused(share):
    with pytest.raises(ValueError, match="share = "):
        count_modes(RING.sample(100, seed=0), RING, share=share)


@pytest.mark.parametrize("target", [targets.x_squared, targets.two_moons], ids=repr)
def test_targets_without_modes_are_refused(target):
    with pytest.raises(ValueError, match="no modes"):
        count_modes(target.sample(200, seed=0), target)


def test_one_line_in_both_languages():
    found = count_modes(at_modes(RING, [20, 20, 0, 0, 0, 0, 0, 0]), RING)
    assert str(found) == (
        "2 of 8 modes covered, 100.0% of the points within 3σ of a mode, KL over modes 1.39"
    )
    language.use("zh")
    assert str(found).startswith("覆盖 2/8 个模式，100.0% 的点")
    with pytest.raises(ValueError, match="没有可以计数的模式"):
        count_modes(RING.sample(100, seed=0), targets.sine)


def test_the_report_shows_the_modes_beside_their_floors():
    counts = [60, 60, 0, 0, 0, 0, 0, 0]
    report = evaluate_points(at_modes(RING, counts), RING)
    assert report["modes_covered"] == 2 and report["high_quality"] == 1
    assert report["mode_divergence"] == pytest.approx(np.log(4))
    floors = {measure.name: measure.floor for measure in report.measures}
    assert floors["modes_covered"].median == 8
    assert floors["high_quality"].median == pytest.approx(PERFECT_SHARE, abs=0.02)
    assert 0 < floors["mode_divergence"].median < 0.1
    line = next(line for line in str(report).splitlines() if line.startswith("modes covered"))
    assert line.split()[-5:] == ["2", "8", "8", "…", "8"]
    assert not any("mode" in measure.name for measure in _two_moons_report().measures)


def _two_moons_report():
    return evaluate_points(targets.two_moons.sample(50, seed=0), targets.two_moons)
