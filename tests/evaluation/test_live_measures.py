"""Measures that are shown while a GAN trains."""

import sys

import numpy as np
import pytest

from course_utils import evaluation, language
from course_utils.data import digits
from course_utils.data.images import to_unit_range
from course_utils.evaluation.image_measures import image_floor
from course_utils.training.history import CURVES, History


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


class Painter:
    """Stands for a GAN whose images are training digits."""

    def __init__(self, images):
        self.samples, self.calls, self.knobs = to_unit_range(images), [], {"latent_scale": 1.0}
        self.reset()

    def reset(self):
        self.history = History(seed=0, knobs={})

    def train(self, loss=0.5):
        self.history.record_run("both", np.full((1, len(CURVES)), loss, np.float32))

    def generate(self, count, seed=0):
        self.calls.append((count, seed))
        return self.samples[:count]


@pytest.fixture
def painter():
    return Painter(digits.load("train")[0][:200])


def test_values_are_those_of_the_report(painter):
    images = digits.load("train")[0][:200]
    report = evaluation.evaluate_images(images)
    confidence, classes, fid = evaluation.live_measures(200, seed=7).values()
    assert confidence(painter) == report["confidence"]
    assert classes(painter) == 10
    assert fid(painter) == report["judge_fid"]
    assert painter.calls == [(200, 7)]


def test_images_are_made_anew_when_the_run_has_moved(painter):
    measures = list(evaluation.live_measures(200).values())

    def looks():
        for measure in measures:
            measure(painter)
        return len(painter.calls)

    assert looks() == looks() == 1
    painter.train()
    assert looks() == 2
    painter.reset()
    assert looks() == 3
    painter.train(0.5)
    assert looks() == looks() == 4
    painter.history._rows = painter.history._rows._replace(steps=0)  # rewound …
    painter.train(0.7)  # … and trained to the same step in another way
    assert looks() == 5


def test_images_are_made_anew_when_a_knob_was_set(painter):
    """While the run is paused: `latent_scale` acts on what is generated."""
    confidence, *_ = evaluation.live_measures(200).values()
    confidence(painter)
    painter.knobs["latent_scale"] = 0.5
    confidence(painter)
    confidence(painter)
    assert len(painter.calls) == 2


def test_the_test_digits_are_judged_when_the_measures_are_made(monkeypatch):
    judged = []
    module = sys.modules[evaluation.live_measures.__module__]  # the function hides its module
    monkeypatch.setattr(module, "reference", lambda: judged.append(1))
    evaluation.live_measures(200)
    assert judged


def test_a_class_is_seen_if_it_has_a_hundredth_of_the_images():
    images, labels = digits.load("train")
    zeros, ones = images[labels == 0], images[labels == 1]
    _, classes, _ = evaluation.live_measures(200).values()
    assert classes(Painter(np.concatenate([zeros[:198], ones[:2]]))) == 2
    assert classes(Painter(np.concatenate([zeros[:199], ones[:1]]))) == 1


def test_images_of_a_diverged_run_have_no_values(painter):
    painter.samples[3, 0, 0] = np.nan
    for measure in evaluation.live_measures(200).values():
        assert np.isnan(measure(painter))


def test_titles_state_the_floor_in_the_learners_language(monkeypatch):
    floor = f"{image_floor('judge_fid', 500).median:.1f}"
    assert f"judge-FID (500 images; real digits: {floor})" in evaluation.live_measures()
    monkeypatch.setattr(language, "_chosen", "zh")
    assert f"裁判 FID（500 幅图像；真实数字为 {floor}）" in evaluation.live_measures(500)


def test_too_few_images_are_refused():
    with pytest.raises(ValueError, match="at least 100"):
        evaluation.live_measures(99)
