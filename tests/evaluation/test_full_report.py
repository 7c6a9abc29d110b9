"""The full report: what it says of real digits and of spoiled ones, and its intervals."""

import json

import numpy as np
import pytest

from course_utils import evaluation, language
from course_utils.data import digits
from course_utils.evaluation import full_measures, full_report
from course_utils.evaluation.floors import Floor
from course_utils.evaluation.full_measures import Estimate
from course_utils.evaluation.full_report import FullReport
from course_utils.evaluation.table import width
from course_utils.models import judge


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def real():
    """1,000 training digits, 100 of each class, sorted by class, and their labels."""
    images, labels = digits.load("train")
    rng = np.random.default_rng(3)
    chosen = [rng.permutation(np.flatnonzero(labels == label))[:100] for label in range(10)]
    return images[np.concatenate(chosen)], labels[np.concatenate(chosen)].astype(np.int64)


@pytest.fixture(scope="module")
def of_real(real):
    return evaluation.report(*real)


@pytest.fixture(scope="module")
def of_one_each(real):
    """The report of ten images, the clearest of each class, a hundred times each."""
    images, labels = real
    clearest = judge.load().probabilities(images).argmax(axis=0)
    return evaluation.report(np.repeat(images[clearest], 100, axis=0), labels)


def test_real_digits_are_like_real_digits_but_training_digits_are_copies(of_real):
    unlike = [name for name in of_real.estimates if not of_real.like_real(name)]
    assert {"near_copies", "c_t"} <= set(unlike)
    # Of so many measures one may be unlucky.
    assert len(unlike) <= 3, unlike
    assert of_real["near_copies"] == 1 and of_real["c_t"] < -10


def test_one_image_of_each_class_is_perfect_for_some_measures_and_hopeless_for_others(of_one_each):
    assert of_one_each["conditional_accuracy"] == 1 and of_one_each.like_real("classes_covered")
    assert of_one_each["precision"] > 0.6
    for name in ("judge_fid", "recall", "coverage", "class_similarity", "feature_diversity"):
        assert not of_one_each.like_real(name), name
    assert of_one_each["class_similarity"] == pytest.approx(1)
    assert of_one_each["duplicate_pairs"] > 90_000  # one pair in ten


def test_every_measure_has_a_title_a_place_and_a_floor_for_each_count(of_real):
    placed = [name for names in full_report.SECTIONS.values() for name in names]
    assert sorted(placed) == sorted(of_real.estimates) == sorted(full_report.TITLES)
    stored = json.loads(full_report.FLOORS.read_text())["floors"]
    assert all(sorted(row) == sorted(placed) for row in stored["equal"].values())
    unlabelled = sorted(set(placed) - set(full_report._OF_LABELS))
    assert all(sorted(row) == unlabelled for row in stored["by_chance"].values())
    for row in (*stored["equal"].values(), *stored["by_chance"].values()):
        assert all(low <= median <= high for median, low, high in row.values())


def test_floors_are_those_of_this_judge():
    assert json.loads(full_report.FLOORS.read_text())["judge"] == judge.SHA256


def test_floors_between_two_counts_lie_between_their_values():
    at = {n: full_report.full_floor("judge_fid", n).median for n in (1000, 1500, 2000, 90_000)}
    assert at[1000] > at[1500] > at[2000] > at[90_000]
    assert at[90_000] == full_report.full_floor("judge_fid", 10_000).median
    covered = [full_report.full_floor("coverage", n).median for n in (500, 700, 3000, 7000, 10_000)]
    assert covered == sorted(covered) and covered[2] > 0.66  # a straight line would have 0.661


def test_equal_classes_vary_less_than_classes_by_chance():
    """So a set of equal classes must not be compared with a floor of classes by chance."""
    equal, chance = (full_report.full_floor("judge_fid", 500, kind) for kind in (True, False))
    assert equal.high < chance.low
    assert full_report.full_floor("gan_train", 500, False).median > 0.9


def test_intervals_hold_their_values_and_shares_stay_shares(of_real):
    for name, (value, interval) in of_real.estimates.items():
        if interval is not None and np.isfinite(value):
            low, high = interval
            assert low <= value <= high, name
    for name in ("precision", "conditional_accuracy", "gan_test", "near_copies"):
        low, high = of_real.estimates[name].interval
        assert 0 <= low < high <= 1


def test_intervals_of_blocks_are_as_wide_as_fresh_draws_say():
    """Of fresh draws the spread is known: the intervals must neither shrink nor burst."""
    images, labels = digits.load("train")
    features = judge.load().features(images[:12_000])
    found = []
    for rows in np.random.default_rng(0).permutation(12_000).reshape(20, 600):
        here, asked = features[rows], labels[rows].astype(np.int64)
        value = evaluation.relative_diversity(here, asked)
        blocks = full_measures._blocks(600, 0)
        values = [evaluation.relative_diversity(here[i], asked[i]) for i in blocks]
        found.append((value, np.diff(full_measures._interval(value, values))[0] / 2))
    spread, half = np.std([each[0] for each in found], ddof=1), np.median([f[1] for f in found])
    assert 0.7 < half / (2.26 * spread) < 1.6, (half, spread)


def test_blocks_are_disjoint_and_mixed_even_if_images_come_sorted():
    blocks = full_measures._blocks(1000, 0)
    assert sorted(np.concatenate(blocks)) == list(range(1000))
    assert all(len(set(block // 100)) == 10 for block in blocks)  # sorted by class, 100 of each


def test_like_real_means_that_the_interval_reaches_the_range_or_the_value_a_wider_one():
    floors = dict.fromkeys("abcdef", Floor(1.0, 0.5, 1.5))
    estimates = {
        "a": Estimate(2.0),  # 0.6 times the range is allowed where no interval is known
        "b": Estimate(2.2),
        "c": Estimate(1.6, (1.4, 1.8)),
        "d": Estimate(1.8, (1.6, 2.0)),
        "e": Estimate(-0.2),
        "f": Estimate(float("nan")),  # of what is not known nothing is said
    }
    found = FullReport(1000, estimates, floors)
    assert [found.like_real(name) for name in "abcdef"] == [True, False, True, False, False, True]
    assert found.as_dict()["measures"]["f"]["value"] is None


def test_six_draws_and_their_margin_hold_a_seventh_nearly_always():
    draws = np.random.default_rng(0).normal(size=(4000, 7))
    outside = 0
    for *known, fresh in draws:
        floor = Floor(float(np.median(known)), min(known), max(known))
        outside += not FullReport(1000, {"a": Estimate(fresh)}, {"a": floor}).like_real("a")
    assert 0.03 < outside / len(draws) < 0.06


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_is_aligned_and_in_one_language(of_real, lang):
    language.use(lang)
    head, *rows = str(of_real).splitlines()[:-1]
    assert "1,000" in head
    measured = [row for row in rows if " … " in row and "%" not in row[:4]]
    assert len({width(row) for row in measured}) == 1
    words = str(of_real)
    chinese = sum("一" <= character <= "鿿" for character in words)
    assert (chinese == 0) if lang == "en" else (chinese > 100)


def test_json_is_json(of_real):
    found = json.loads(json.dumps(of_real.as_dict(), allow_nan=False))
    assert found["images"] == 1000
    assert found["measures"]["judge_fid"]["value"] == of_real["judge_fid"]


def test_without_labels_what_needs_them_is_left_out(real, monkeypatch):
    for name in ("gan_test", "gan_train"):
        monkeypatch.setattr(full_measures, name, None)  # it would fail if it were called
    slow = {"precision": Estimate(0.9)}
    monkeypatch.setattr(full_measures, "_with_blocks", lambda seen: slow)
    found = evaluation.report(real[0])
    assert "conditional_accuracy" not in found.estimates and "precision" in found.estimates
    assert found.floors["judge_fid"] == full_report.full_floor("judge_fid", 1000, False)


def test_too_few_images_are_refused(real):
    with pytest.raises(ValueError, match="at least 500"):
        evaluation.report(real[0][:499])
    with pytest.raises(ValueError, match="labels"):
        evaluation.report(real[0], real[1][:-1])
