"""The benchmark of images: its parts run, its peers play the same game, its results last."""

import ast
import importlib
import json
import sys
from pathlib import Path

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


@pytest.mark.parametrize("part", ["throughput", "peak", "quality"])
def test_a_part_that_failed_altogether_keeps_its_former_results(load, monkeypatch, tmp_path, part):
    images = load("images")
    file = tmp_path / "images.json"
    former = {part: {"rows": ["former"]}}
    file.write_text(json.dumps(former), "utf-8")
    failed = {"error": "out of order", "name": "one", "budget": 60.0, "seed": 0}
    quality = images.images_quality
    monkeypatch.setattr(images, "throughput", lambda *_: [failed, failed])
    monkeypatch.setattr(images, "peak", lambda *_: [failed, failed])
    monkeypatch.setattr(quality, "train_and_judge", lambda *_: failed)
    monkeypatch.setattr(quality, "PixelView", lambda: Pixels())
    monkeypatch.setattr(sys, "argv", ["images.py", "--rows", part, "--json", str(file)])
    images.main()
    assert json.loads(file.read_text("utf-8")) == former
    monkeypatch.setattr(images, "peak", lambda *_: [failed, {"median": 1}])
    monkeypatch.setattr(images, "peak_table", str)
    images.main()
    assert (json.loads(file.read_text("utf-8")) == former) == (part != "peak")


class Pixels:
    """Stands for `PixelView`."""

    explained = 0.8

    def floor(self, count):
        return {}
