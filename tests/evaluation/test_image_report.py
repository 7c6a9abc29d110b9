"""The measures of images, their floors, the report and the command that prints it."""

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from course_utils import evaluation, language
from course_utils.data import digits
from course_utils.evaluation import image_measures
from course_utils.evaluation.commands import add_commands
from course_utils.evaluation.image_measures import image_floor, measure_images
from course_utils.evaluation.real_digits import look_at_test_digits
from course_utils.evaluation.table import width
from course_utils.models import judge

ROOT = Path(__file__).parents[2]
NAMES = ["judge_fid", "classifier_score", "confidence", "smallest_share"]
LABELLED = ["conditional_accuracy", "feature_diversity", "pixel_diversity"]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def training_digits():
    """7,000 training digits, chosen at random: none of them is in the reference."""
    images, _ = digits.load("train")
    return images[np.random.default_rng(5).permutation(60_000)[:7000]]


@pytest.fixture(scope="module")
def seen(training_digits):
    return judge.load().look(training_digits)


@pytest.fixture(scope="module")
def report(training_digits):
    return evaluation.evaluate_images(training_digits[:2000])


@pytest.fixture(scope="module")
def asked():
    """2,000 training digits, 200 of each class, and their labels in turn."""
    images, labels = digits.load("train")
    classes = [np.flatnonzero(labels == label)[:200] for label in range(10)]
    chosen = np.stack(classes, axis=1).ravel()
    return images[chosen], labels[chosen].astype(np.int32)


@pytest.fixture(scope="module")
def labelled(asked):
    return evaluation.evaluate_images(*asked)


@pytest.fixture
def run(capsys):
    """Run `evaluate` and return its exit code, what it printed, and what it complained."""

    def run(*words):
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers())
        arguments = parser.parse_args(["evaluate", *map(str, words)])
        code = arguments.run(arguments)
        return code, *capsys.readouterr()

    return run


# The report


def test_real_digits_are_at_their_floors(report):
    assert report.images == 2000 and [m.name for m in report.measures] == NAMES
    for measure in report.measures:
        low, high = measure.floor.low, measure.floor.high
        assert low - (high - low) < measure.value < high + (high - low)
    assert len(report.shares) == 10 and sum(report.shares) == pytest.approx(1)
    assert report["smallest_share"] == min(report.shares)


def test_values_are_those_of_the_functions(report, seen):
    features, probabilities = (part[:2000] for part in seen)
    assert report["judge_fid"] == pytest.approx(
        evaluation.frechet_distance(features, image_measures.reference()), rel=1e-4
    )
    assert report["classifier_score"] == pytest.approx(
        evaluation.classifier_score(probabilities), rel=1e-5
    )
    assert report["confidence"] == pytest.approx(probabilities.max(axis=1).mean(), rel=1e-5)
    assert report.shares == tuple(evaluation.class_shares(probabilities))


def test_what_is_wrong_with_images_is_seen(training_digits, report):
    noise = np.random.default_rng(0).integers(0, 256, (300, 28, 28), dtype=np.uint8)
    assert evaluation.evaluate_images(noise)["judge_fid"] > 20 * image_floor("judge_fid", 300).high
    labels = judge.load().probabilities(training_digits).argmax(axis=1)
    without_sevens = evaluation.evaluate_images(training_digits[labels != 7][:2000])
    assert without_sevens["smallest_share"] == without_sevens.shares[7] == 0
    assert without_sevens["judge_fid"] > 3 * report["judge_fid"]
    assert without_sevens["classifier_score"] < report["classifier_score"] - 0.5
    one = evaluation.evaluate_images(np.repeat(training_digits[:1], 100, axis=0))
    assert one["classifier_score"] == pytest.approx(1) and max(one.shares) == 1


def test_table_is_aligned_and_speaks_both_languages(report, training_digits):
    for code, words, chance in (
        ("en", "real against real", "± 1.3 percentage points"),
        ("zh", "真实对真实", "上下浮动 1.3 个百分点"),
    ):
        language.use(code)
        lines = str(report).splitlines()
        assert words in lines[1] and "2,000" in lines[0] and len(lines) == 10
        for table in (lines[1:6], lines[6:9]):
            assert len({width(line) for line in table}) == 1
        assert f"{report['judge_fid']:.2f}" in lines[2]
        assert f"{report.shares[9]:.1%}" in lines[7] and chance in lines[9]


def test_few_images_are_said_to_bias_the_distance(training_digits):
    few = str(evaluation.evaluate_images(training_digits[:500])).splitlines()[-1]
    assert f"{image_floor('judge_fid', 500).median:.2f} at 500 images" in few
    assert f"{image_floor('judge_fid', 10_000).median:.2f} at 10,000" in few


def test_other_images_are_refused(training_digits):
    with pytest.raises(ValueError, match="99 images are too few"):
        evaluation.evaluate_images(training_digits[:99])
    with pytest.raises(ValueError, match="uint8"):
        evaluation.evaluate_images(np.zeros((200, 28, 28)))


# The report with labels


def test_real_digits_are_at_their_floors_with_labels_too(labelled):
    assert [m.name for m in labelled.measures] == NAMES + LABELLED
    for measure in labelled.measures:
        low, high = measure.floor.low, measure.floor.high
        assert low - (high - low) <= measure.value <= high + (high - low)
        assert measure.floor == image_floor(measure.name, 2000, equal_classes=True)


def test_values_with_labels_are_those_of_the_functions(labelled, asked):
    images, labels = asked
    features, probabilities = judge.load().look(images)
    assert labelled["conditional_accuracy"] == np.mean(probabilities.argmax(axis=1) == labels)
    assert labelled.accuracies == tuple(evaluation.accuracy_by_class(probabilities, labels))
    assert labelled["feature_diversity"] == evaluation.relative_diversity(features, labels)
    assert labelled["pixel_diversity"] == evaluation.relative_diversity(images, labels)
    assert labelled.asked == (200,) * 10


def test_what_is_wrong_with_labelled_images_is_seen(asked):
    images, labels = asked[0][:1000], asked[1][:1000]
    swapped = np.where(labels == 4, 9, np.where(labels == 9, 4, labels))
    report = evaluation.evaluate_images(images, swapped)
    assert report["conditional_accuracy"] < 0.82 and max(np.array(report.accuracies)[[4, 9]]) < 0.1
    collapsed = images.copy()
    collapsed[labels == 3] = images[3]
    report = evaluation.evaluate_images(collapsed, labels)
    for name in ("feature_diversity", "pixel_diversity"):
        assert report[name] < image_floor(name, 1000).low - 0.05
    assert report["conditional_accuracy"] > image_floor("conditional_accuracy", 1000).low - 0.005


def test_unequal_classes_have_the_floors_of_unequal_classes(asked):
    report = evaluation.evaluate_images(asked[0][:515], asked[1][:515])
    assert report.measures[0].floor == image_floor("judge_fid", 515, equal_classes=True)
    images, labels = asked[0][:500].copy(), asked[1][:500].copy()
    images[:50], labels[:50] = images[0], labels[0]
    unequal = evaluation.evaluate_images(images, labels)
    assert unequal.measures[0].floor == image_floor("judge_fid", 500)
    assert "same number" in str(report) and "same number" not in str(unequal)
    floors = [image_floor("judge_fid", 500, equal).median for equal in (True, False)]
    assert floors[0] != floors[1] and f"{floors[1]:.2f} at 500" in str(unequal)


def test_a_class_that_was_not_asked_for_has_no_accuracy(asked):
    images, labels = (part[asked[1] != 6] for part in asked)
    report = evaluation.evaluate_images(images, labels)
    assert np.isnan(report.accuracies[6]) and report.as_dict()["class_accuracies"][6] is None
    row = next(line for line in str(report).splitlines() if line.startswith("accuracy: gen"))
    assert row.split()[2 + 6] == "–"
    json.dumps(report.as_dict(), allow_nan=False)


def test_table_with_labels_is_aligned_and_speaks_both_languages(labelled):
    for code, words, worst, equal in (
        ("en", "accuracy: test digits", "least accurate class", "same number"),
        ("zh", "准确率：测试数字", "准确率最低的类别", "数量相等"),
    ):
        language.use(code)
        lines = str(labelled).splitlines()
        assert len(lines) == 17 and worst in lines[15] and equal in lines[16]
        for table in (lines[1:9], lines[9:14]):
            assert len({width(line) for line in table}) == 1
        assert f"{labelled['conditional_accuracy']:.2%}" in lines[6]
        assert lines[13].startswith(words)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros(1999, int), r"the shape \(1999,\)"),
        (np.zeros(2000), "float64"),
        (np.full(2000, 10), "contain 10: a label is one of 0 … 9"),
        ([None] * 2000, "whole numbers"),
    ],
)
def test_other_labels_are_refused(asked, labels, message):
    with pytest.raises(ValueError, match=message):
        evaluation.evaluate_images(asked[0], labels)


# The floors


def test_the_floors_are_those_of_this_judge():
    stored = json.loads(image_measures.FLOORS.read_text())
    assert stored["judge"] == judge.SHA256, "run `python benchmarks/image_floors.py` again"
    benchmark = load_benchmark()
    used = np.random.default_rng(0).permutation(60_000)[:5000]
    features, probabilities = np.zeros((60_000, 64)), np.zeros((60_000, 10))
    features[used], probabilities[used] = judge.load().look(digits.load("train")[0][used])
    for name, values in benchmark.floors(features, probabilities, (100,))["100"].items():
        assert values == pytest.approx(stored["floors"]["100"][name], rel=1e-3)


def test_the_floors_of_equal_classes_are_those_that_the_benchmark_finds():
    images, labels = digits.load("train")
    nothing = np.random.default_rng(0).random((60_000, 64)), np.full((60_000, 10), 0.1)
    test = digits.load("test")[1], look_at_test_digits()[1]
    found = load_benchmark().balanced_floors((images, labels, *nothing), test, (100,))["100"]
    stored = json.loads(image_measures.FLOORS.read_text())["balanced_floors"]
    for name in ("pixel_diversity", "conditional_accuracy"):  # for these no judge looks
        assert found[name] == pytest.approx(stored["100"][name], rel=1e-3)


def load_benchmark():
    path = ROOT / "benchmarks" / "image_floors.py"
    specification = importlib.util.spec_from_file_location("image_floors", path)
    benchmark = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(benchmark)
    return benchmark


def test_a_floor_between_two_counts_is_near_what_is_measured(seen):
    rows = [
        measure_images(*draw)
        for draw in zip(*(part.reshape(50, 140, -1) for part in seen), strict=True)
    ]
    for name in NAMES:
        floor = image_floor(name, 140)
        assert floor.median == pytest.approx(np.median([row[name] for row in rows]), rel=0.15)
        assert floor.low <= floor.median <= floor.high


def test_floors_of_counts_that_were_measured_are_exact():
    stored = json.loads(image_measures.FLOORS.read_text())["floors"]
    floor = image_floor("confidence", 10_000)
    assert [floor.median, floor.low, floor.high] == pytest.approx(stored["10000"]["confidence"])
    assert image_floor("judge_fid", 10**6) == image_floor("judge_fid", 60_000)
    with pytest.raises(ValueError, match="at least 100"):
        image_floor("judge_fid", 99)


# The command


def test_command_prints_the_table_or_json(run, tmp_path, report, training_digits):
    path = tmp_path / "images.npz"
    np.savez(path, images=training_digits[:2000])
    assert run("dcgan", path) == (0, f"{report}\n", "")
    code, shown, _ = run("dcgan", path, "--json")
    assert code == 0 and json.loads(shown) == report.as_dict()
    assert set(report.as_dict()) == {"images", "measures", "class_shares"}
    assert set(report.as_dict()["measures"]["judge_fid"]) == {"value", "real_against_real"}


@pytest.mark.parametrize("target", ["cgan", "acgan"])
def test_command_measures_what_was_asked_for(run, tmp_path, labelled, asked, target):
    path = tmp_path / "images.npz"
    np.savez(path, images=asked[0], labels=asked[1])
    code, shown, _ = run(target, path, "--json")
    found = json.loads(shown)
    assert code == 0 and found == json.loads(json.dumps(labelled.as_dict()))
    assert found["class_accuracies"] == list(labelled.accuracies)
    low, high = found["accuracy_interval"]
    assert low < found["measures"]["conditional_accuracy"]["value"] < high


def test_command_needs_labels(run, tmp_path, asked):
    path = tmp_path / "images.npz"
    np.savez(path, images=asked[0])
    code, shown, complaint = run("acgan", path)
    assert (code, shown) == (2, "") and "named `labels`, such as `train acgan`" in complaint
    np.savez(path, images=asked[0], labels=asked[1] + 1)
    code, shown, complaint = run("acgan", path)
    assert (code, shown) == (2, "") and "contain 10" in complaint


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"samples": np.zeros((200, 2))}, "named `images`"),
        ({"images": np.zeros((200, 28, 28))}, "uint8"),
        ({"images": np.zeros((5, 28, 28), np.uint8)}, "at least 100"),
        ({"images": np.array([{}] * 200, dtype=object)}, "named `images`"),
    ],
)
def test_files_that_cannot_be_measured(run, tmp_path, arrays, message):
    path = tmp_path / "file.npz"
    np.savez(path, **arrays)
    code, shown, complaint = run("dcgan", path)
    assert (code, shown) == (2, "") and message in complaint


def test_missing_file(run, tmp_path):
    code, _, complaint = run("dcgan", tmp_path / "none.npz")
    assert code == 2 and "train dcgan" in complaint


def test_all_asks_for_the_full_report(tmp_path, run, monkeypatch, asked):
    """The report itself has tests of its own."""
    given = []
    monkeypatch.setattr(evaluation, "report", lambda *parts: given.append(parts) or "the report")
    file = tmp_path / "digits.npz"
    np.savez(file, images=asked[0], labels=asked[1])
    assert run("acgan", file, "--all") == (0, "the report\n", "")
    assert run("dcgan", file, "--all")[0] == 0
    assert (given[0][0] == asked[0]).all() and (given[0][1] == asked[1]).all()
    assert given[1][1] is None  # nobody asked


def test_all_is_for_digits(tmp_path, run):
    np.savez(tmp_path / "points.npz", samples=np.zeros((200, 2)))
    code, shown, complaint = run("x2", tmp_path / "points.npz", "--all")
    assert (code, shown) == (2, "") and "--all is for digits" in complaint
