from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.clinic import ZOO, diagnose
from course_utils.clinic.patients import Patient

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


def small(case, **changes):
    """The case on the ring, with a tenth of its steps: enough where arithmetic shows the cause."""
    return Patient(replace(ZOO[case].sick, steps=120, **changes), seed=0).train()


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


@pytest.mark.parametrize(
    "case", ["frozen_d", "g_cut", "logits_as_probabilities", "double_sigmoid", "running_mean"]
)
def test_what_is_certain_is_seen_early(case):
    assert examined(small(case)).causes[0] in ZOO[case].causes


def test_the_diagnosis_is_printed_in_both_languages(speak):
    found = examined(small("g_cut"))
    speak("en")
    assert "1. G is not trained (seen to be so)" in str(found) and "Try:" in str(found)
    speak("zh")
    assert "1. 生成器没有被训练（确证）" in str(found) and "试试：" in str(found)


def test_an_untrained_pair_is_too_young():
    g, d = networks()
    found = diagnose({"d_loss": [0.7], "g_loss": [0.7]}, generator=g, discriminator=d, data=POINTS)
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
