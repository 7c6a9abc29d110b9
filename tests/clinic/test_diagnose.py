import functools
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.clinic import ZOO, Diagnosis, diagnose, intake
from course_utils.clinic.patients import Patient
from course_utils.clinic.rules import SEEN, SYMPTOM, Finding
from course_utils.clinic.specimen import Specimen, auc

POINTS = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)


def examined(patient):
    return diagnose(
        patient.history,
        generator=patient.generator,
        discriminator=patient.discriminator,
        data=patient.data,
        step=patient.step,
        latents=patient.latents,
    )


@pytest.fixture(scope="module")
def early():
    """The diagnosis of a case after 60 steps: enough where arithmetic shows the cause."""

    @functools.cache
    def diagnosis(case):
        return examined(Patient(replace(ZOO[case].sick, steps=60), seed=0).train())

    return diagnosis


@pytest.fixture(scope="module")
def healthy():
    return Patient(ZOO["g_cut"].healthy, seed=0).train()


def networks(last=None, outputs=1):
    g = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    d = keras.Sequential([keras.Input((2,)), layers.Dense(outputs, activation=last)])
    return g, d


def test_a_healthy_run_is_called_healthy_and_left_as_it_was(healthy, speak):
    models = healthy.generator, healthy.discriminator
    before = [np.asarray(v).copy() for model in models for v in model.variables]
    rows = len(healthy.history["d_loss"])
    found = examined(healthy)
    assert found.verdict == "healthy" and found.causes == () and found.unseen == ()
    after = [np.asarray(v).copy() for model in models for v in model.variables]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert len(healthy.history["d_loss"]) == rows
    speak("en")
    assert "Healthy" in str(found)
    speak("zh")
    assert "健康" in str(found) and "能量系数" in str(found)


def test_the_same_run_without_step_and_log_says_what_was_not_seen(healthy, speak):
    found = diagnose(
        generator=healthy.generator, discriminator=healthy.discriminator, data=healthy.data
    )
    assert found.unseen == ("step", "log") and found.verdict == "healthy"
    speak("en")
    assert "No step was given" in str(found)


@pytest.mark.parametrize("case", ["frozen_d", "g_cut", "double_sigmoid"])
def test_what_is_certain_is_seen_early(case, early):
    assert early(case).causes[0] in ZOO[case].causes


def test_the_diagnosis_is_printed_in_both_languages(early, speak):
    found = early("g_cut")
    assert repr(found) == str(found)
    speak("en")
    assert "1. G is not trained (seen to be so)" in str(found) and "Try:" in str(found)
    speak("zh")
    assert "1. 生成器没有被训练（确证）" in str(found) and "试试：" in str(found)
    assert found.title == "训练有问题：生成器没有被训练" and found.alt.startswith(found.title)


def test_what_is_shown_comes_from_the_examination(early, speak):
    speak("en")
    found = early("g_cut")
    moves = found.exhibits["moves"]
    assert (moves[:, 1] == 0).all() and (moves[:, 0] > 0).all() and len(moves) == 64
    assert found.exhibits["real"].shape == found.exhibits["generated"].shape == (256, 2)
    assert found.numbers["fake_belief"] == pytest.approx(found.exhibits["fake_belief"].mean())
    figure = found.picture()
    assert figure.get_suptitle() == "Something is wrong: G is not trained"
    assert len(figure.axes[0].lines[0].get_ydata()) == 60


def test_an_untrained_pair_is_too_young():
    g, d = networks()
    log = {"d_loss": [0.7], "g_loss": [0.7]}
    found = diagnose(log, generator=g, discriminator=d, data=POINTS + 9)
    assert found.verdict == "young"


def test_nan_weights_are_diverged():
    g, d = networks()
    d.layers[0].bias.assign([np.nan])
    assert diagnose(generator=g, discriminator=d, data=POINTS).causes == ("diverged",)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_examined_is_refused(language, speak):
    speak(language)
    g, d = networks()
    for data in (POINTS[:49], POINTS[:, :1], POINTS * np.nan, np.array(["a"] * 60)):
        with pytest.raises(ValueError, match="data"):
            diagnose(generator=g, discriminator=d, data=data)
    with pytest.raises(ValueError, match="loss"):
        diagnose(generator=g, discriminator=d, data=POINTS, loss="mse")
    with pytest.raises(TypeError, match="generator"):
        diagnose(generator=print, discriminator=d, data=POINTS)
    with pytest.raises(ValueError, match=r"判别器|discriminator"):
        diagnose(generator=g, discriminator=networks(outputs=2)[1], data=POINTS)


@pytest.mark.parametrize(("language", "word"), [("en", "step given"), ("zh", "step 运行出错")])
def test_a_step_that_fails_is_named_and_leaves_the_weights(language, word, speak):
    speak(language)
    g, d = networks()
    before = d.layers[0].kernel.numpy().copy()

    def step():
        d.layers[0].kernel.assign_add([[1.0], [1.0]])
        raise KeyError("mine")

    with pytest.raises(RuntimeError, match=word) as failed:
        diagnose(generator=g, discriminator=d, data=POINTS, step=step)
    assert isinstance(failed.value.__cause__, KeyError)
    np.testing.assert_array_equal(d.layers[0].kernel, before)


@pytest.mark.parametrize(("language", "words"), [
    ("en", "moved neither network"), ("zh", "两个网络的权重都没有变化"),
])  # fmt: skip
def test_a_step_that_moves_nothing_is_refused(language, words, speak):
    speak(language)
    g, d = networks()
    with pytest.raises(ValueError, match=words):
        diagnose(generator=g, discriminator=d, data=POINTS, step=lambda: None)


def test_a_step_that_stops_because_it_diverged_is_no_failure():
    g, d = networks()

    def step():
        d.layers[0].bias.assign([np.inf])
        raise FloatingPointError("loss is not finite")

    found = diagnose(generator=g, discriminator=d, data=POINTS, step=step)
    assert found.causes == ("diverged",) and np.isfinite(d.layers[0].bias).all()
    assert found.picture() and found.alt


def test_an_untrained_gan_without_a_log_is_too_young():
    g, d = networks()
    g.layers[0].kernel.assign(0.02 * np.eye(3, 2))
    found = diagnose(generator=g, discriminator=d, data=POINTS)
    assert found.verdict == "young" and found.causes == ()
    assert [f.cause for f in found.findings] == ["collapse"]


@pytest.mark.parametrize(("language", "words"), [("en", "as many"), ("zh", "对任何 n 都返回 n 个")])
def test_latents_of_another_number_are_refused(language, words, speak):
    speak(language)
    g, d = networks()
    fixed = np.random.default_rng(0).normal(size=(64, 3))
    with pytest.raises(ValueError, match=words):
        diagnose(generator=g, discriminator=d, data=POINTS, latents=lambda n: fixed)


@pytest.mark.parametrize("kinds", [("float64", "mixed_float16"), ("mixed_bfloat16", "float64")])
def test_networks_of_other_precision_are_examined(kinds):
    def network(inputs, outputs, kind):
        dense = layers.Dense(outputs, dtype=kind, kernel_initializer="ones")
        return keras.Sequential([keras.Input((inputs,)), dense])

    numbers = [
        diagnose(generator=network(3, 2, g), discriminator=network(2, 1, d), data=POINTS).numbers
        for g, d in (kinds, ("float32", "float32"))
    ]
    assert numbers[0].keys() == numbers[1].keys()
    for name in ("energy", "auc", "g_gradient", "second_opinion", "proper_d_loss"):
        assert numbers[0][name] == pytest.approx(numbers[1][name], rel=0.1, abs=0.05), name


def test_large_data_are_thinned_together_with_their_labels(monkeypatch):
    monkeypatch.setattr(intake, "MOST", 60)
    inputs = keras.Input((2,)), keras.Input((1,))
    g = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    d = keras.Model(inputs, layers.Dense(1)(layers.Concatenate()(inputs)))
    labels = np.arange(200) % 3
    specimen = Specimen(g, d, POINTS, labels=labels)
    np.testing.assert_array_equal(specimen.data, POINTS[::4])
    np.testing.assert_array_equal(specimen.labels, labels[::4])


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("I don't know", "Measured: unlikeness", "Unusual: AUC of D")),
    ("zh", ("我不知道", "测得：生成样本", "不寻常的数：D 区分真假的 AUC")),
])  # fmt: skip
def test_what_is_not_known_comes_with_leads(language, words, speak):
    speak(language)
    found = Diagnosis("unknown", (), {"energy": 0.4, "strays": 0.99, "auc": 0.1}, (), {})
    assert all(word in str(found) for word in words)
    assert "0.99" in str(found).splitlines()[1] and "0.99" not in str(found).splitlines()[2]


@pytest.mark.parametrize(("language", "words"), [
    ("en", "writes no rows"), ("zh", "没有往 history 里写入记录"),
])  # fmt: skip
def test_a_step_that_logs_nothing_is_named(language, words, speak):
    speak(language)
    g, d = networks()
    log = {"d_loss": [0.9] * 60, "g_loss": [0.9] * 60}

    def step():
        for variable in (*g.variables, *d.variables):
            variable.assign_add(1e-4 * np.ones(variable.shape))

    found = diagnose(log, generator=g, discriminator=d, data=POINTS, step=step)
    assert found.unseen == ("rows",) and words in str(found)


def test_models_of_ones_own_class_are_examined_if_latents_are_given():
    class Own(keras.Model):
        def __init__(self, units):
            super().__init__()
            self.last = layers.Dense(units)
            self.norm = layers.BatchNormalization()
            self.first = layers.Dense(8, activation="relu")  # not the last, as it might seem

        def call(self, inputs, training=False):
            inside = self.norm(self.first(inputs), training=training)
            outputs = self.last(inside)
            return keras.ops.sigmoid(outputs) if self.last.units == 1 else outputs

    g, d = Own(2), Own(1)
    d(POINTS[:2])

    def latents(count):
        return np.random.default_rng(0).normal(size=(count, 3))

    found = diagnose(generator=g, discriminator=d, data=POINTS, latents=latents)
    assert found.numbers["batch_norms"] == 2 and found.numbers["d_ends_in_sigmoid"] == 1
    assert found.numbers["out_of_reach"] == 0
    with pytest.raises(TypeError, match="latents="):
        diagnose(generator=Own(2), discriminator=d, data=POINTS)


def test_ties_count_half():
    assert auc(np.ones(4), np.ones(3)) == 0.5 and auc(np.array([1, 3]), np.array([0, 2])) == 0.75


def test_a_symptom_below_a_cause_is_said_to_follow_from_it(speak):
    range_, collapse = Finding("range", SEEN, {}), Finding("collapse", SYMPTOM, {})
    speak("en")
    both = str(Diagnosis("sick", (range_, collapse), {}, (), {}))
    assert "2. mode collapse (a symptom, perhaps of what stands above)" in both
    assert both.count("Try:") == 1  # its own remedies would lead away from the cure
    alone = str(Diagnosis("sick", (collapse,), {}, (), {}))
    assert "its cause was not seen" in alone and alone.count("Try:") == 1
