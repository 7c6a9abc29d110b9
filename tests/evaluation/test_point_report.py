"""The report and the command line that prints it."""

import json
import subprocess
import sys

import numpy as np
import pytest

from course_utils import evaluation, language
from course_utils.data.targets import ring, sine, two_moons, x_squared
from course_utils.evaluation import point_report
from course_utils.evaluation.commands import add_commands
from course_utils.evaluation.table import width


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def real():
    return x_squared.sample(500, seed=11)


@pytest.fixture
def run(capsys):
    """Run `evaluate` and return its exit code, what it printed, and what it complained."""
    import argparse

    def run(*words):
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers())
        arguments = parser.parse_args(["evaluate", *map(str, words)])
        code = arguments.run(arguments)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def file(tmp_path, real):
    path = tmp_path / "samples.npz"
    np.savez(path, samples=real, history=np.zeros(3))
    return path


def test_real_points_are_at_their_floors(real):
    report = evaluation.evaluate_points(real, x_squared)
    assert report.target == "x2" and report.points == 500 and report.success is True
    assert [m.name for m in report.measures] == [
        "curve_error", "bins_covered", "energy_distance", "sliced_wasserstein",
    ]  # fmt: skip
    assert report["curve_error"] < 1e-8 and report["bins_covered"] == 1
    for measure in report.measures[2:]:
        width = measure.floor.high - measure.floor.low
        assert abs(measure.value - measure.floor.median) < 3 * width


def test_values_are_those_of_the_functions(real):
    report = evaluation.evaluate_points(real, x_squared, seed=4)
    fresh = x_squared.sample(500, np.random.default_rng([4, 3]))
    assert report["energy_distance"] == pytest.approx(evaluation.energy_distance(real, fresh))
    assert report["sliced_wasserstein"] == pytest.approx(evaluation.sliced_wasserstein(real, fresh))
    for measure in report.measures[2:]:
        assert measure.floor == evaluation.floor(getattr(evaluation, measure.name), x_squared, 500)


def test_bad_points_are_far_from_their_floors():
    bad = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    report = evaluation.evaluate_points(bad, x_squared)
    assert report.success is False
    for measure in report.measures:
        if measure.name == "bins_covered":
            assert measure.value < measure.floor.low
        else:
            assert measure.value > 5 * measure.floor.high


def test_targets_without_a_curve_have_fewer_measures():
    report = evaluation.evaluate_points(two_moons.sample(200, 0), two_moons)
    assert [m.name for m in report.measures] == ["energy_distance", "sliced_wasserstein"]
    assert report.success is None and "solved" not in str(report)
    report = evaluation.evaluate_points(sine.sample(200, 0), sine)
    assert report["curve_error"] < 1e-6 and report.success is None


def test_many_points_are_sampled_for_the_comparisons(monkeypatch, real):
    monkeypatch.setattr(point_report, "LIMIT", 100)
    sizes = []
    metrics = point_report._metrics(x_squared) | {
        "energy_distance": lambda a, b: sizes.append((len(a), len(b), a[0, 0])) or 0.0
    }
    monkeypatch.setattr(point_report, "_metrics", lambda target: metrics)
    point_report._floor.cache_clear()
    report = evaluation.evaluate_points(real, x_squared)
    point_report._floor.cache_clear()
    assert {size[:2] for size in sizes} == {(100, 100)}
    assert report["curve_error"] == evaluation.curve_error(real, x_squared.f)


def test_report_is_reproducible(real):
    first = evaluation.evaluate_points(real, x_squared, seed=1)
    assert first == evaluation.evaluate_points(real, x_squared, seed=1)
    assert first != evaluation.evaluate_points(real, x_squared, seed=2)


def test_table_is_aligned_and_speaks_both_languages(real):
    report = evaluation.evaluate_points(real, x_squared)
    for code, words in (("en", "real against real"), ("zh", "真实对真实")):
        language.use(code)
        table = str(report)
        assert words in table and "500" in table and "100%" in table
        rows = table.splitlines()[1:-1]
        assert len(rows) == 5 and len({width(row) for row in rows}) == 1
    assert "达到成功标准" in table and "未" not in table


def test_impossible_points_are_refused():
    with pytest.raises(ValueError, match="at least 2"):
        evaluation.evaluate_points(np.zeros((1, 2)), ring())
    with pytest.raises(ValueError, match="at least 100"):
        evaluation.evaluate_points(np.zeros((99, 2)), x_squared)


# The command


def test_command_prints_the_table(run, file, real):
    code, shown, complaint = run("x2", file)
    assert (code, complaint) == (0, "")
    assert shown == f"{evaluation.evaluate_points(real, x_squared)}\n"


def test_command_prints_json(run, file, real):
    code, shown, _ = run("x2", file, "--json")
    expected = evaluation.evaluate_points(real, x_squared).as_dict()
    assert code == 0 and json.loads(shown) == expected
    assert expected["success"] is True
    assert set(expected["measures"]["energy_distance"]) == {"value", "real_against_real"}
    assert set(expected["measures"]["energy_distance"]["real_against_real"]) == {
        "median", "low", "high",
    }  # fmt: skip


def test_command_speaks_chinese(run, file):
    assert "真实对真实" in run("x2", file, "--lang", "zh")[1]


def test_missing_file(run, tmp_path):
    code, shown, complaint = run("x2", tmp_path / "none.npz")
    assert (code, shown) == (2, "") and "no such file" in complaint and "train x2" in complaint


@pytest.mark.parametrize(
    "write",
    [
        lambda p: p.write_text("hello"),
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(b"PK\x03\x04 cut off"),
        lambda p: np.savez(p, points=np.zeros((200, 2))),
        lambda p: np.savez(p, samples=np.array([{}] * 200, dtype=object)),
        lambda p: np.save(p.open("wb"), np.zeros((200, 2))),
    ],
)
def test_other_content(run, tmp_path, write):
    path = tmp_path / "file.npz"
    write(path)
    code, shown, complaint = run("x2", path)
    assert (code, shown) == (2, "") and "no npz file with an array" in complaint


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros((200, 3)), "[n, 2]"),
        (np.array(["a"] * 200), "[n, 2]"),
        (np.full((200, 2), np.nan, np.float32), "200 of 200"),
        (np.zeros((5, 2)), "at least 100"),
    ],
)
def test_samples_that_cannot_be_measured(run, tmp_path, samples, message):
    path = tmp_path / "file.npz"
    np.savez(path, samples=samples)
    code, shown, complaint = run("x2", path)
    assert (code, shown) == (2, "") and message in complaint


def test_directory_instead_of_a_file(run, tmp_path):
    code, shown, complaint = run("x2", tmp_path)
    assert (code, shown) == (2, "") and complaint


def test_truncated_archive(run, tmp_path, file):
    path = tmp_path / "cut.npz"
    path.write_bytes(file.read_bytes()[:-200])
    assert run("x2", path)[0] == 2


def test_command_from_outside(file):
    command = [sys.executable, "-m", "course_utils", "evaluate", "x2", str(file), "--json"]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["target"] == "x2"
    missing = subprocess.run([*command[:-2], "none.npz"], capture_output=True, text=True)
    assert missing.returncode == 2


def test_measures_load_neither_scipy_nor_matplotlib_before_they_are_used():
    code = (
        "import sys, course_utils.evaluation\n"
        "print(sorted({'scipy', 'matplotlib', 'tensorflow'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
