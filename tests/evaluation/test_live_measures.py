"""Measures that are shown while a GAN trains."""

import gc
import sys
import weakref

import numpy as np
import pytest

from course_utils import evaluation, language
from course_utils.data import digits
from course_utils.data.images import to_pixels, to_unit_range
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


class Copyist(Painter):
    """Stands for a conditional GAN: draws training digits of the classes in turn."""

    classes = 10

    def __init__(self, classes=10):
        images, labels = digits.load("train")
        rows = [images[labels == label][:25] for label in range(classes)]
        self.classes = classes
        super().__init__(np.stack(rows, axis=1).reshape(-1, 28, 28))


@pytest.fixture
def copyist():
    return Copyist()


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


def test_a_conditional_gan_has_the_accuracy_of_the_report(copyist):
    images = to_pixels(copyist.samples[:200])
    report = evaluation.evaluate_images(images, np.arange(200) % 10)
    measures = evaluation.live_measures(200, seed=7, conditional=True)
    assert list(measures)[3] == "conditional accuracy" and len(measures) == 4
    assert measures["conditional accuracy"](copyist) == report["conditional_accuracy"]
    each = evaluation.class_accuracy(200, seed=7)(copyist)
    assert each.dtype == np.float64 and tuple(each) == report.accuracies
    assert list(measures.values())[2](copyist) == report["judge_fid"]
    assert copyist.calls == [(200, 7)]  # bars and curves look at the same images


def test_accuracy_of_a_gan_with_fewer_classes():
    each = evaluation.class_accuracy(100)(Copyist(classes=4))
    assert (each[:4] > 0.9).all() and np.isnan(each[4:]).all() and each.shape == (10,)


def test_what_is_drawn_for_the_wrong_class_is_seen(copyist):
    copyist.samples[3::10] = copyist.samples[8::10]
    each = evaluation.class_accuracy(200)(copyist)
    assert each[3] < 0.1 and np.delete(each, 3).min() > 0.9


def test_two_gans_keep_their_own_values(copyist):
    other = Copyist()
    other.samples[3::10] = other.samples[8::10]
    bars = evaluation.class_accuracy(200)
    assert [bars(gan)[3] < 0.5 for gan in (copyist, other, copyist, other)] == [False, True] * 2
    assert len(copyist.calls) == len(other.calls) == 1


def test_values_of_a_gan_go_with_it():
    look = sys.modules[evaluation.live_measures.__module__]._Look(100, 0)
    gan = Copyist()
    look(gan)
    gone = weakref.ref(gan)
    del gan
    gc.collect()
    assert gone() is None and not len(look._seen)


def test_accuracy_of_a_gan_without_classes_is_an_error(painter):
    measures = evaluation.live_measures(200, conditional=True)
    for measure in (measures["conditional accuracy"], evaluation.class_accuracy(200)):
        with pytest.raises(ValueError, match="knows no classes"):
            measure(painter)
    assert len(evaluation.live_measures(200)) == 3


def test_a_diverged_conditional_gan_has_no_values(copyist):
    copyist.samples[3, 0, 0] = np.nan
    for measure in evaluation.live_measures(200, conditional=True).values():
        assert np.isnan(measure(copyist))
    assert np.isnan(evaluation.class_accuracy(200)(copyist)).all()


def test_titles_state_the_floor_in_the_learners_language(monkeypatch):
    floor = f"{image_floor('judge_fid', 500).median:.1f}"
    assert f"judge-FID (500 images; real digits: {floor})" in evaluation.live_measures()
    monkeypatch.setattr(language, "_chosen", "zh")
    assert f"裁判 FID（500 幅图像；真实数字为 {floor}）" in evaluation.live_measures(500)
    equal = f"{image_floor('judge_fid', 500, equal_classes=True).median:.1f}"
    conditional = evaluation.live_measures(500, conditional=True)
    assert (
        f"裁判 FID（500 幅图像；真实数字为 {equal}）" in conditional and "条件准确率" in conditional
    )


def test_too_few_images_are_refused():
    for make in (evaluation.live_measures, evaluation.class_accuracy):
        with pytest.raises(ValueError, match="at least 100"):
            make(99)


# --- measures for those who ask for them ------------------------------------------------------


def extras(count=200, names=None, **options):
    """Functions of the extra measures, by name."""
    names = list(live_module().EXTRA) if names is None else names
    measures = evaluation.live_measures(count, extra=names, **options)
    return dict(zip(names, list(measures.values())[-len(names) :], strict=True)), list(measures)


def live_module():
    return sys.modules[evaluation.live_measures.__module__]  # the function hides its module


def test_extra_values_are_those_of_the_measures_and_all_share_one_look(painter, monkeypatch):
    from course_utils.evaluation.kernel_distance import kernel_interval
    from course_utils.evaluation.manifolds import manifold_measures
    from course_utils.evaluation.real_digits import look_at_test_digits
    from course_utils.models import judge

    found, _ = extras(seed=7)
    calls, module = [], live_module()
    monkeypatch.setattr(
        module, "manifold_measures", lambda *given: calls.append(1) or manifold_measures(*given)
    )
    features = judge.load().look(to_pixels(painter.samples[:200]))[0]
    reference, manifold = module._real_sample()
    every = {row.tobytes() for row in look_at_test_digits()[0]}
    assert len(reference) == 1000 and all(row.tobytes() in every for row in reference)
    expected = manifold_measures(features, manifold)
    expected["kernel_distance"] = kernel_interval(features, reference).value
    assert {name: measure(painter) for name, measure in found.items()} == expected
    assert painter.calls == [(200, 7)] and calls == [1]
    painter.train()
    assert found["recall"](painter) == expected["recall"] and len(painter.calls) == 2


def test_extra_measures_notice_what_they_should(painter):
    found, _ = extras(names=["kernel_distance", "precision", "coverage"])
    real = {name: measure(painter) for name, measure in found.items()}
    painter.samples[20:200] = np.tile(painter.samples[:20], (9, 1, 1, 1))
    painter.train()
    few = {name: measure(painter) for name, measure in found.items()}
    assert few["coverage"] < real["coverage"] / 2 and few["precision"] > 0.8
    noise = np.random.default_rng(0).normal(0, 0.4, painter.samples.shape)
    painter.samples = np.clip(painter.samples + noise, -1, 1)
    painter.train(0.7)
    noisy = {name: measure(painter) for name, measure in found.items()}
    assert noisy["precision"] < 0.5
    assert noisy["kernel_distance"] > few["kernel_distance"] > real["kernel_distance"]


def test_extra_measures_come_last_in_their_order_with_the_value_of_real_digits(
    painter, monkeypatch
):
    names = ["coverage", "kernel_distance", "precision"]
    found, titles = extras(names=names, conditional=True)
    assert [title.split(" ")[0] for title in titles[4:]] == ["coverage", "KID", "precision"]
    assert titles[5] == "KID (real digits: about 0)"
    stated = float(titles[4].split(": ")[1].rstrip(")"))
    assert found["coverage"](painter) == pytest.approx(stated, abs=0.06)
    monkeypatch.setattr(language, "_chosen", "zh")
    _, titles = extras(names=names)
    assert (
        titles[3] == f"覆盖率（真实数字为 {stated:.2f}）" and titles[4] == "KID（真实数字约为 0）"
    )


def test_the_value_of_real_digits_is_that_of_different_ones(monkeypatch):
    module, seen = live_module(), []
    monkeypatch.setattr(module, "manifold_measures", lambda features, _: seen.append(features))
    module._real_values.__wrapped__(2000)
    assert len(np.unique(seen[0], axis=0)) == len(seen[0]) == 2000


def test_extra_measures_of_a_diverged_run_have_no_values(painter):
    painter.samples[3, 0, 0] = np.nan
    for measure in extras()[0].values():
        assert np.isnan(measure(painter))


def test_extra_measures_that_do_not_exist_are_refused(monkeypatch):
    for code, words in (("en", "give a list"), ("zh", "请给出")):
        monkeypatch.setattr(language, "_chosen", code)
        for wrong in (["recall", "beauty"], "recall"):
            with pytest.raises(ValueError, match=words):
                evaluation.live_measures(extra=wrong)
