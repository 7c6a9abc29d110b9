"""Training and calibrating a judge, and the command that does both."""

import argparse

import numpy as np
import pytest
from scipy.special import softmax

from course_utils import language
from course_utils.data import digits
from course_utils.models import judge as judge_module
from course_utils.models import judge_training
from course_utils.models.judge_training import calibration_error, temperature
from course_utils.training.commands import add_commands

FEW = 12 * 128


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def run(*words):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    options = parser.parse_args(["train", "judge", *map(str, words)])
    return options.run(options)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A judge trained by the command for one epoch of eleven batches, its file, and its steps."""
    path, load, steps = tmp_path_factory.mktemp("judge") / "small.npz", digits.load, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digits, "load", lambda split: tuple(a[:FEW] for a in load(split)))
        fit = judge_training.train

        def train(*arguments):
            def progress(done, total, means):
                steps.append((done, total, means))
                arguments[-1](done, total, means)

            return fit(*arguments[:-1], progress)

        patch.setattr(judge_training, "train", train)
        assert run("--seed", 3, "--epochs", 1, "--out", path) == 0
    return path, steps


def test_the_command_writes_a_judge_with_its_provenance(trained):
    path, _ = trained
    judge = judge_module.read(path)
    assert judge.provenance["command"] == "python -m course_utils train judge --seed 3 --epochs 1"
    assert judge.provenance["seed"] == 3 and judge.provenance["epochs"] == 1
    assert set(judge.provenance["versions"]) >= {"tensorflow", "keras", "numpy"}
    images, labels = (part[:FEW] for part in digits.load("test"))
    probabilities = judge.probabilities(images)
    accuracy = (probabilities.argmax(axis=1) == labels).mean()
    assert accuracy == judge.provenance["test_accuracy"]
    assert len(judge.provenance["calibration_error_held_out"]) == 2
    assert judge.temperature == judge.provenance["temperature"] != 1


def test_each_batch_is_reported(trained):
    _, steps = trained
    assert [step[:2] for step in steps] == [(number, 11) for number in range(1, 12)]
    losses = [float(step[2]["loss"]) for step in steps]
    assert losses[-1] < losses[0] and "accuracy" in steps[0][2]


def test_an_interrupt_writes_nothing_and_says_so(tmp_path, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(judge_training, "train", stop)
    assert run("--out", tmp_path / "judge.npz") == 130
    assert "nothing was written" in capsys.readouterr().out and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--epochs", 0), "at least 1"),
        (("--seed", 2**30), "whole number"),
        (("--out", "nowhere/judge.npz"), "no folder"),
        (("--out", "."), "is a folder"),
    ],
)
def test_wrong_options_are_refused_before_training(words, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*words) == 2
    assert message in capsys.readouterr().err


def test_the_temperature_is_found():
    random = np.random.default_rng(0)
    logits = random.normal(size=(20_000, 10)) * 3
    chances = softmax(logits / 2.5, axis=1)
    labels = (chances.cumsum(axis=1) > random.random((len(chances), 1))).argmax(axis=1)
    assert temperature(logits, labels) == pytest.approx(2.5, rel=0.03)


def test_calibration_error_of_known_cases():
    labels = np.array([0] * 6 + [1] * 4)
    sure = np.tile([0.8, 0.2], (10, 1))  # 60 % right
    assert calibration_error(sure, labels) == pytest.approx(0.2)
    assert calibration_error(np.tile([0.6, 0.4], (10, 1)), labels) == pytest.approx(0)
    # Two bins, 0.1 too sure and 0.1 too unsure: the gaps do not cancel.
    mixed = np.array([[0.6, 0.4]] * 10 + [[0.8, 0.2]] * 10)
    right = np.array([0] * 5 + [1] * 5 + [0] * 9 + [1])
    assert calibration_error(mixed, right) == pytest.approx(0.1)
    assert calibration_error(np.array([[1.0, 0.0]]), np.array([0])) == 0


def test_batches_are_shifted_and_each_digit_comes_once_an_epoch():
    images, labels = (part[: 5 * 128 + 7] for part in digits.load("train"))
    batches = judge_training._Batches(images, labels, seed=0)
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    shifts, found = set(), []
    for number in range(len(batches)):
        seen, known = (part.numpy() for part in batches[number])
        assert seen.shape == (128, 28, 28, 1) and seen.dtype == np.float32
        chosen = batches._order[number * 128 : (number + 1) * 128]
        np.testing.assert_array_equal(known, labels[chosen])
        pixels = np.rint((seen[..., 0] + 1) * 127.5)
        fits = [
            (down, right)
            for down in range(5)
            for right in range(5)
            if (padded[chosen, down : down + 28, right : right + 28] == pixels).all()
        ]
        shifts.update(fits)
        found.extend(chosen)
        assert len(fits) == 1
    assert len(batches) == 5 and len(set(found)) == 640 and len(shifts) > 1
    before = batches._order.tolist()
    batches.on_epoch_end()
    assert before != batches._order.tolist()


@pytest.mark.parametrize(
    ("count", "epochs", "named"), [(FEW - 1, 1, "1535"), (FEW, 0, "epochs"), (FEW, 1.5, "epochs")]
)
@pytest.mark.parametrize(
    ("chosen", "words"), [("en", ("at least", "must be")), ("zh", ("至少", "必须"))]
)
def test_too_little_to_train_on_is_refused(monkeypatch, chosen, words, count, epochs, named):
    monkeypatch.setattr(language, "_chosen", chosen)
    images, labels = np.zeros((count, 28, 28), np.uint8), np.zeros(count, int)
    with pytest.raises(ValueError, match=named) as raised:
        judge_training.train(images, labels, 0, epochs)
    assert any(word in str(raised.value) for word in words)
