"""The benchmark of images: its parts run, its peers play the same game, its results last."""

import ast
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    """Imports a module of the benchmarks, which find each other in their own folder."""
    monkeypatch.syspath_prepend(FOLDER)
    yield importlib.import_module
    for path in FOLDER.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_each_part_of_a_step_runs_with_r1_and_without(load):
    peak = load("images_peak")
    gan = peak.dcgan.build_gan(batch_size=2)
    parts = peak.parts(gan)
    for name, part in parts.items():
        peak.tf.nest.map_structure(peak._finish, part(peak.tf.constant(1)))
        assert "R1" not in name or name == peak.UPDATE
    losses = []
    for weight in (100.0, 0.0):
        gan.reset()
        gan.set(r1_weight=weight)
        losses.append(float(parts[peak.UPDATE](peak.tf.constant(1))[0]))
    assert losses[0] > losses[1]


def test_pytorch_trains_with_our_settings(load):
    settings = load("course_utils.models.dcgan").SETTINGS
    constants = {}
    for line in ast.parse((FOLDER / "peers" / "images_torch.py").read_text("utf-8")).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Tuple):
            names = [target.id for target in line.targets[0].elts]
            constants |= zip(names, ast.literal_eval(line.value), strict=True)
    assert constants["R1"] == settings["r1_weight"]
    assert constants["BETAS"] == settings["betas"]
    assert constants["RATE"] == settings["generator_learning_rate"]
    assert constants["RATE"] == settings["discriminator_learning_rate"]


@pytest.mark.parametrize("part", ["throughput", "peak", "quality", "conditional", "until95"])
def test_a_part_that_failed_altogether_keeps_its_former_results(load, monkeypatch, tmp_path, part):
    images = load("images")
    file = tmp_path / "images.json"
    former = {part: {"rows": ["former"]}}
    file.write_text(json.dumps(former), "utf-8")
    failed = {"error": "out of order", "name": "one"}

    def train_and_judge(budget, seed, samples, model="dcgan"):
        return {"model": model, "budget": budget, "seed": seed, **failed}

    quality = images.images_quality
    monkeypatch.setattr(images, "throughput", lambda *_: [failed, failed])
    monkeypatch.setattr(images, "peak", lambda *_: [failed, failed])
    monkeypatch.setattr(quality, "train_and_judge", train_and_judge)
    monkeypatch.setattr(quality, "PixelView", lambda: Pixels())
    monkeypatch.setattr(images.Variant, "run", lambda _: failed)
    monkeypatch.setattr(sys, "argv", ["images.py", "--rows", part, "--json", str(file)])
    images.main()
    assert json.loads(file.read_text("utf-8")) == former
    monkeypatch.setattr(images, "peak", lambda *_: [failed, {"median": 1}])
    monkeypatch.setattr(images, "peak_table", str)
    images.main()
    assert (json.loads(file.read_text("utf-8")) == former) == (part != "peak")


def run_of(model, budget, seed, **values):
    """A run as `train_and_judge` returns it."""
    floor = {"median": 0.5, "low": 0.25, "high": 0.75}
    names = ("judge_fid", "conditional_accuracy", "feature_diversity", "pixel_diversity")
    return {
        "model": model, "budget": budget, "seed": seed, "steps": 100, "judge_fid": 0.9,
        "conditional_accuracy": 0.994, "feature_diversity": 0.96, "pixel_diversity": 0.97,
        "class_accuracies": [0.99] * 9 + [0.9], "pixel_distance": 0.1, "cpu_seconds": 120.0,
        "wall_seconds": 60.0, "floors": dict.fromkeys(names, floor), **values,
    }  # fmt: skip


def test_a_conditional_model_needs_the_median_of_its_seeds_to_reach_each_target(load):
    conditional = load("images_conditional")
    runs = [
        run_of("acgan", 60.0, seed, judge_fid=fid, feature_diversity=0.9, worst_class_accuracy=0.9)
        for seed, fid in enumerate((0.8, 1.0, 5.0))
    ]
    found = conditional.summarise(runs)
    assert found["judge_fid"] == {"median": 1.0, "worst": 5.0, "target": 1.0, "reached": True}
    assert found["conditional_accuracy"]["reached"] and not found["feature_diversity"]["reached"]
    assert found["worst_class_accuracy"] == {"median": 0.9, "worst": 0.9}
    failed = {"model": "acgan", "budget": 60.0, "seed": 3, "error": "out of order"}
    assert not conditional.summarise([*runs, failed])["judge_fid"]["reached"]
    other = conditional.summarise([run | {"budget": 45.0} for run in runs])
    assert other["judge_fid"]["target"] is other["judge_fid"]["reached"] is None
    assert conditional.summarise([failed])["failed"] == 1


def test_all_runs_of_conditional_models_are_in_the_table(load, monkeypatch):
    conditional = load("images_conditional")
    asked = []

    def train_and_judge(budget, seed, samples, model):
        asked.append((model, budget, seed))
        failed = {"model": model, "budget": budget, "seed": seed, "error": "first\nlast"}
        return failed if (model, seed) == ("cgan", 1) else run_of(model, budget, seed)

    monkeypatch.setattr(conditional.images_quality, "train_and_judge", train_and_judge)
    monkeypatch.setattr(conditional.images_quality, "pixel_view", lambda: Pixels())
    content = conditional.measure(["acgan", "cgan"], [0, 1], [30.0, 60.0], 100)
    assert len(set(asked)) == 8 and len(content["runs"]) == 8 and len(content["budgets"]) == 4
    shown = conditional.table(content)
    assert shown.count("failed: last |") == 2 and "cgan, 60 s, 2 seeds, 1 failed" in shown
    assert "worst_class_accuracy median 0.9" in shown and "0.50 (0.25 – 0.75)" in shown
    lines = [line for line in shown.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1 and len(lines) == 2 + 8 + 1


def test_a_conditional_model_is_trained_and_evaluated_by_its_name(load, monkeypatch):
    quality, commands = load("images_quality"), []

    def course(*arguments):
        commands.append(arguments[:2])
        if arguments[0] == "train":
            settings = json.dumps({"steps": 7, "versions": {}})
            file = arguments[arguments.index("--out") + 1]
            np.savez(file, images=np.zeros((2, 28, 28), np.uint8), settings=settings)
        floor = {"median": 1.0, "low": 1.0, "high": 1.0}
        measures = {"judge_fid": {"value": 3.0, "real_against_real": floor}}
        return json.dumps({"measures": measures, "class_accuracies": [0.5], "class_shares": [1.0]})

    monkeypatch.setattr(quality, "_course", course)
    monkeypatch.setattr(quality, "pixel_view", lambda: Pixels())
    run = quality.train_and_judge(30.0, 1, 2, "cgan")
    assert commands == [("train", "cgan"), ("evaluate", "cgan")]
    assert (run["model"], run["judge_fid"], run["steps"]) == ("cgan", 3.0, 7)
    assert run["class_accuracies"] == [0.5] and run["floors"]["judge_fid"]["median"] == 1.0


# Until 95 %


def test_training_until_the_goal_does_not_count_the_judging(load, monkeypatch):
    until = load("images_until95")
    acgan, judge = load("course_utils.models.acgan"), load("course_utils.models.judge")
    clock = {"now": 8.0}  # what start-up took

    class Gan:
        classes, step = 10, 0

        def run(self, steps):
            self.step += steps
            clock["now"] += 1.5

        def generate(self, count, seed, conditions):
            clock["now"] += 50.0
            return np.zeros((count, 28, 28, 1), np.float32)

    class Judge:
        def probabilities(self, images):
            clock["now"] += 50.0
            right = [0.94, 0.949, 0.95][looks.pop(0)]
            seen = np.arange(len(images)) % 10
            seen[: round((1 - right) * len(images))] += 1
            return np.eye(11)[seen][:, :10] + np.eye(11)[seen][:, 10:] * np.eye(10)[0]

    looks = [0, 1, 2]
    monkeypatch.setattr(acgan, "build_gan", lambda seed, jit_compile: Gan())
    monkeypatch.setattr(judge, "load", lambda: Judge())
    monkeypatch.setattr(until.time, "process_time", lambda: clock["now"])
    found = until.until_goal("acgan", 0)
    # The first stretch covers the start-up; each later one two updates of 1.5 CPU seconds.
    assert [look["seconds"] for look in found["looks"]] == [4.75, 6.25, 7.75]
    assert [look["accuracy"] for look in found["looks"]] == [0.94, 0.949, 0.95]
    assert found["seconds"] == 7.75 and found["looks"][-1]["steps"] == 5 * 20
    looks, clock["now"] = [0] * 200, 0.0
    monkeypatch.setattr(until, "LONGEST", 10.0)
    found = until.until_goal("acgan", 0)
    assert found["seconds"] is None and found["looks"][-1]["seconds"] >= 10


def test_the_epoch_is_that_of_the_quicker_way_and_the_ratio_to_the_median_and_the_worst(load):
    until = load("images_until95")
    textbook = [
        {"what": "textbook", "cpu_seconds_per_step": t, "steps": 3, "load_average": 1.0}
        for t in (20.0, 30.0, 22.0)
    ]
    textbook.append({**textbook[0], "what": "textbook --xla", "cpu_seconds_per_step": 40.0})
    looks = [{"seconds": 1, "steps": 60, "accuracy": 0.96}]
    ours = [
        {"what": "acgan", "seed": i, "seconds": s, "looks": looks, "load_average": 1.0}
        for i, s in enumerate((10.0, 11.0, 13.2))
    ]
    found = until.summarise([*textbook, *ours])
    assert found["epoch_seconds"] == 600 * 22 / 2
    assert found["ours"]["acgan"] == {"median": 11.0, "worst": 13.2}
    assert found["ratio"]["acgan"] == {"median": 600.0, "worst": pytest.approx(500.0)}
    ours[1] |= {"seconds": None}
    ours.append({"what": "acgan", "seed": 3, "error": "out of order"})
    found = until.summarise([*textbook, *ours])
    assert found["ours"]["acgan"] == {"median": None, "worst": None} == found["ratio"]["acgan"]
    shown = until.table({"goal": until.GOAL, "rows": [*textbook, *ours], **found})
    assert "extrapolated (600 steps): 6600 s" in shown and "median not reached" in shown
    assert "failed: out of order" in shown
    assert until.summarise(ours)["epoch_seconds"] is None


class Pixels:
    """Stands for `PixelView`."""

    explained = 0.8

    def floor(self, count):
        return {"median": 0.1, "low": 0.1, "high": 0.1}

    def distance(self, images):
        return 0.2
