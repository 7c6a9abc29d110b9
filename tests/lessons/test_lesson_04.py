"""What lesson 04 shows and tells holds: its ways of writing the loss, its patients, its menu."""

import json
from fractions import Fraction
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from course_utils import language
from course_utils.clinic import ZOO
from course_utils.exercises import lesson_04
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read


@pytest.fixture(scope="module")
def cells():
    """The text of each code cell, by its id."""
    source = read(Layout(Path(__file__).parents[2]).source("04_clinic"))
    return {cell.id: cell.text for cell in source.code}


@pytest.fixture
def lesson(cells, monkeypatch):
    """The names that the set-up cell defines."""
    monkeypatch.setattr(language, "_chosen", None)  # put back afterwards
    names = {}
    exec(cells["setup"], names)
    return names


@pytest.fixture(scope="module")
def patient():
    """A patient of the zoo whose labels are shuffled, trained for some steps."""
    from course_utils.clinic.patients import Patient

    return Patient(ZOO["shuffled_labels"].sick).train(60)


def test_the_ways_of_the_page_are_those_of_the_exercise(cells, lesson):
    for name in ("ways", "ways-table"):
        exec(cells[name], lesson)
    assert lesson["ways"].keys() == lesson_04.WAYS.keys()
    real, fake = np.random.default_rng(0).normal(0, 3, (2, 40))
    for name, way in lesson["ways"].items():
        assert way(real, fake) == pytest.approx(lesson_04.WAYS[name](real, fake))


def test_the_ways_are_what_keras_and_tensorflow_write():
    import tensorflow as tf
    from keras.losses import BinaryCrossentropy

    real, fake = np.random.default_rng(1).normal(0, 3, (2, 50)).astype(np.float32)
    both = np.concatenate([real, fake])[:, None]
    labels = np.repeat([[1.0], [0.0]], 50, axis=0).astype(np.float32)
    beyond = np.where(labels == 1, 1.2, -0.2).astype(np.float32)
    logits = tf.nn.sigmoid_cross_entropy_with_logits
    expected = {
        "right": BinaryCrossentropy(from_logits=True)(labels, both),
        "no sigmoid": BinaryCrossentropy()(labels, both),
        "two sigmoids": tf.reduce_mean(logits(labels, tf.sigmoid(both))),
        "targets beyond one": tf.reduce_mean(logits(beyond, both)),
    }
    for name, value in expected.items():
        assert lesson_04.WAYS[name](real, fake) == pytest.approx(float(value), rel=1e-4)
    assert lesson_04.WAYS["summed"](real, fake) == pytest.approx(2 * float(expected["right"]))


def test_the_log_of_the_page_tells_of_batches_of_50_50_and_36(cells, lesson, capsys):
    exec(cells["page-log"], lesson)
    capsys.readouterr()
    sizes = {"D": {100: set(), 72: {357}}, "G": {50: set(), 36: {216}}}
    for name, accuracies in lesson["page"].items():
        (usual, _), (last, odd) = sizes[name].items()
        for step, accuracy in accuracies.items():
            size = last if step in odd else usual
            assert size % Fraction(accuracy).limit_denominator(200).denominator == 0
            assert step % 3 == 0 or step not in odd


def test_the_waiting_room_holds_the_cases_whose_lines_the_text_names():
    assert lesson_04._ANSWERS == (
        "range", "shuffled_labels", "double_sigmoid", "healthy", "frozen_d",
    )  # fmt: skip
    for name, kind in lesson_04._WAITING.values():
        assert getattr(ZOO[name], kind).steps <= 700
    assert {name for name, kind in lesson_04._WAITING.values() if kind == "sick"} <= set(
        lesson_04.NAMES
    )


def everything(patient):
    held = (patient._both.optimizer, patient.generator, patient.discriminator)
    values = [v.numpy() for part in held for v in part.variables]
    return values, {name: list(rows) for name, rows in patient.history.items()}


def test_the_menu_sees_the_frozen_judge_and_leaves_the_patient_as_it_was():
    from course_utils.clinic.patients import Patient

    with pytest.warns(UserWarning, match="trainable"):
        patient = Patient(ZOO["frozen_d"].sick).train(20)
    before, log = everything(patient)
    said = lesson_04.who_moved(patient)
    assert said.endswith("D's by up to 0")
    assert "up to 0," not in said
    taught = lesson_04.private_lessons(patient).split()
    assert float(taught[-1]) < 0.6 < float(taught[-3])
    after, log_after = everything(patient)
    assert log == log_after
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_other_tests_say_what_they_find(patient):
    assert "from -" in lesson_04.ranges(patient) and "generated" in lesson_04.ranges(patient)
    before = patient.discriminator.get_weights()
    taught = lesson_04.private_lessons(patient).split()
    assert float(taught[-1]) < 0.55 < 0.6 < float(taught[-3])
    for old, new in zip(before, patient.discriminator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_by_hand_is_the_log_of_an_honest_loop_and_not_of_two_sigmoids():
    from course_utils.clinic.patients import Patient

    def read_out(case, kind):
        said = lesson_04.by_hand(Patient(getattr(ZOO[case], kind)).train(30))
        words = said.replace(",", "").replace(";", "").split()
        return [float(word) for word in words if word[0].isdigit()]

    d, d_log, *_ = read_out("double_sigmoid", "healthy")
    assert d == pytest.approx(d_log, abs=0.35)
    *_, g, g_log = read_out("double_sigmoid", "sick")
    assert abs(g - g_log) > 0.4


def test_mysteries_are_of_the_zoo_and_some_are_healthy():
    drawn = [lesson_04._hidden(number) for number in range(300)]
    sick = {name for name, _ in drawn if name is not None}
    assert sick == set(lesson_04._MYSTERIES) <= ZOO.keys()
    assert 0.1 < np.mean([name is None for name, _ in drawn]) < 0.3
    assert drawn == [lesson_04._hidden(number) for number in range(300)]
    for name, options in drawn:
        twins = {case.healthy for case in ZOO.values()}
        assert options in twins if name is None else options == ZOO[name].sick


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_a_guess_is_judged_by_case_or_cause(code, monkeypatch):
    monkeypatch.setattr(language, "_chosen", code)
    number = next(n for n in range(99) if lesson_04._hidden(n)[0] == "shuffled_labels")
    yes, no = {"en": ("Right.", "No."), "zh": ("答对了。", "不对。")}[code]
    for guess in ("shuffled_labels", "labels_broken"):
        assert lesson_04.reveal(number, guess).startswith(yes)
    said = lesson_04.reveal(number, "healthy")
    assert said.startswith(no) and str(ZOO["shuffled_labels"].wrong) in said
    healthy = next(n for n in range(99) if lesson_04._hidden(n)[0] is None)
    assert lesson_04.reveal(healthy, "healthy").startswith(yes)
    with pytest.raises(ValueError, match=r"shuffled_label.*shuffled_labels"):
        lesson_04.reveal(number, "shuffled_label")


def test_the_hasty_model_never_trains_its_judge(cells, lesson):
    from course_utils.models import plane

    exec(cells["early-model"], lesson)
    model = lesson["Hasty"](plane.build_generator(hidden=4), plane.build_discriminator(hidden=4))
    judge, generator = model.discriminator.get_weights(), model.generator.get_weights()
    model.compile(run_eagerly=True)
    model.fit(np.zeros((8, 2), np.float32), batch_size=8, verbose=0)
    for old, new in zip(judge, model.discriminator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    moved = zip(generator, model.generator.get_weights(), strict=True)
    assert max(np.abs(new - old).max() for old, new in moved) > 0


def test_the_record_of_the_exams_can_be_shown():
    file = resources.files("course_utils.clinic") / "exams.json"
    exams = json.loads(file.read_text("utf-8"))
    assert exams
    for exam in exams:
        assert set(exam["what"]) == set(language.LANGUAGES)
        assert 0 <= exam["sick_right"] <= exam["sick"]
        assert 0 <= exam["healthy_called_sick"] <= exam["healthy"]
