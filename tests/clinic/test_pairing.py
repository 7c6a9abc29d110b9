import keras
import numpy as np
import pytest
from keras import layers

from course_utils.clinic import diagnose, pairing
from course_utils.clinic.pairing import pairing_numbers
from course_utils.clinic.specimen import Specimen

CLASSES = 5
ANGLES = 2 * np.pi * np.arange(CLASSES) / CLASSES
CENTRES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1).astype(np.float32)
NONE = np.zeros_like(CENTRES)
RANDOM = np.random.default_rng(0)
LABELS = RANDOM.integers(CLASSES, size=400)
DATA = (CENTRES[LABELS] + 0.05 * RANDOM.normal(size=(400, 2))).astype(np.float32)


def told(whole, table):
    """An input for the class, and the row of the table that it chooses."""
    if whole:
        given = keras.Input((1,), dtype="int32")
        look_up = layers.Embedding(CLASSES, 2)
        row = layers.Flatten()(look_up(given))
    else:
        given = keras.Input((CLASSES,))
        look_up = layers.Dense(2, use_bias=False)
        row = look_up(given)
    look_up.set_weights([table])
    return given, row


def generator(table=CENTRES, whole=False):
    """Draws around the class's row."""
    latents, (given, row) = keras.Input((2,)), told(whole, table)
    noise = layers.Dense(2, use_bias=False)
    samples = layers.Add()([noise(latents), row])
    noise.set_weights([0.05 * np.eye(2, dtype=np.float32)])
    return keras.Model([latents, given], samples)


def judge(table=CENTRES, whole=False):
    """Finds a sample the more real, the nearer it is to its class."""
    sample, (given, row) = keras.Input((2,)), told(whole, table)
    return keras.Model([sample, given], layers.Dot(axes=1)([sample, row]))


def classifier(table=CENTRES, softmax=False):
    """Tells classes; its verdict, which comes second, is 0."""
    sample = keras.Input((2,))
    head = layers.Dense(CLASSES, use_bias=False, activation="softmax" if softmax else None)
    verdict = layers.Dense(1, kernel_initializer="zeros", activation="sigmoid")
    model = keras.Model(sample, [head(sample), verdict(sample)])
    head.set_weights([5 * table.T])
    return model


def numbers(g, d, labels=LABELS, latents=None):
    return pairing_numbers(Specimen(g, d, DATA, latents, labels))


@pytest.mark.parametrize("whole", [False, True])
def test_networks_that_obey_are_seen_to(whole):
    found = numbers(generator(whole=whole), judge(whole=whole))
    assert found["obedience"] > 0.95 and found["pairs_known"] > 0.9
    assert found["class_agreement"] > 0.95 and found["class_chance"] == pytest.approx(0.2, abs=0.02)
    assert found["g_hears"] > 0.5 and found["d_hears"] > 0.5 and found["d_asks"] == 1


def test_a_head_that_tells_classes_is_found_in_either_place():
    assert numbers(generator(), classifier())["pairs_known"] > 0.95
    wrong = numbers(generator(), classifier(np.roll(CENTRES, 1, axis=0)))
    assert wrong["pairs_known"] < 0.05 and wrong["pairs_chance"] == pytest.approx(0.2, abs=0.05)
    specimen = Specimen(generator(), classifier(softmax=True), DATA, labels=LABELS)
    assert specimen.sigmoid and specimen.judge(specimen.real(3)).tolist() == [0.5] * 3


def test_what_is_not_heard_is_exactly_nothing():
    assert numbers(generator(NONE), judge())["g_hears"] == 0
    assert numbers(generator(), judge(NONE))["d_hears"] == 0
    plain = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    assert numbers(generator(), plain)["d_asks"] == 0


def test_shuffled_labels_agree_by_chance_only():
    found = numbers(generator(), judge(), labels=RANDOM.permutation(LABELS))
    assert abs(found["class_agreement"] - found["class_chance"]) < 4 * found["class_chance_error"]
    assert "obedience" not in found


def test_classes_of_the_learners_own_latents_are_asked_for():
    def latents(count):
        return [RANDOM.normal(size=(count, 2)), np.eye(CLASSES)[np.zeros(count, int)]]

    specimen = Specimen(generator(), judge(), DATA, latents, LABELS)
    assert (specimen.draw(9).labels == 0).all()
    made = specimen.generate(specimen.draw(9)).values
    assert np.abs(made - CENTRES[0]).max() < 0.3


def test_without_classes_and_with_few_samples_of_each_there_is_no_answer(monkeypatch):
    plain = [keras.Sequential([keras.Input((2,)), layers.Dense(n)]) for n in (2, 1)]
    assert pairing_numbers(Specimen(*plain, DATA)) == {}
    monkeypatch.setattr(pairing, "_FOR_EACH", 81)
    assert "class_agreement" not in numbers(generator(), judge())


@pytest.mark.parametrize(("g", "d", "labels", "cause"), [
    (generator(), judge(), RANDOM.permutation(LABELS), "pairing_broken"),
    (generator(np.roll(CENTRES, 1, axis=0)), judge(), LABELS, "condition_ignored"),
    (generator(NONE, whole=True), judge(whole=True), LABELS, "condition_ignored"),
])  # fmt: skip
def test_the_doctor_says_so(g, d, labels, cause):
    found = diagnose(generator=g, discriminator=d, data=DATA, labels=labels)
    # Without a log a symptom is no diagnosis yet.
    assert found.findings[0].cause == cause and found.verdict in ("sick", "young")


@pytest.mark.parametrize(("language", "word"), [("en", "classes"), ("zh", "类别")])
def test_labels_must_be_given_and_fit(language, word, speak):
    speak(language)
    g, d = generator(), judge()
    with pytest.raises(ValueError, match=f"{word}.*labels|labels.*{word}"):
        diagnose(generator=g, discriminator=d, data=DATA)
    with pytest.raises(ValueError, match="6"):
        diagnose(generator=g, discriminator=d, data=DATA, labels=LABELS + 1)
    outside = keras.Sequential([keras.Input((2 + CLASSES,)), layers.Dense(1)])
    wide = np.hstack([DATA, np.eye(CLASSES)[LABELS]])
    with pytest.raises(ValueError, match=r"keras\.Model"):
        diagnose(generator=g, discriminator=outside, data=wide, labels=LABELS)
