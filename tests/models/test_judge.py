"""The judge that the package ships, and what becomes of a damaged one."""

import numpy as np
import pytest

from course_utils.data import digits
from course_utils.models import judge as judge_module
from course_utils.models.judge_training import calibration_error
from course_utils.models.weights import WeightsError


@pytest.fixture(scope="module")
def judge():
    return judge_module.load()


@pytest.fixture(scope="module")
def mnist():
    return digits.load("test")


@pytest.fixture(scope="module")
def seen(judge, mnist):
    return judge.look(mnist[0])


def test_the_judge_is_right_and_knows_how_sure_to_be(judge, seen, mnist):
    features, probabilities = seen
    assert features.shape == (10_000, 64) and features.dtype == np.float32
    assert probabilities.shape == (10_000, 10) and probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    accuracy = (probabilities.argmax(axis=1) == mnist[1]).mean()
    assert accuracy >= 0.993
    assert accuracy == pytest.approx(judge.provenance["test_accuracy"], abs=2e-4)
    assert calibration_error(probabilities, mnist[1]) < 0.004
    assert abs(probabilities.max(axis=1).mean() - accuracy) < 0.003


def test_the_file_says_how_it_was_made_and_is_small(judge):
    assert judge.provenance["command"].startswith("python -m course_utils train judge --seed 0")
    assert {"seed", "epochs", "versions", "test_accuracy"} <= set(judge.provenance)
    assert judge.temperature == judge.provenance["temperature"]
    assert judge_module.FILE.stat().st_size < 1_000_000
    assert judge_module.build_network().count_params() == 150_850


def test_an_image_is_judged_alike_in_any_company(judge, seen, mnist, monkeypatch):
    images = mnist[0][:700]
    together = [part[:700] for part in seen]
    alone = judge.look(images[123:124])
    backwards = [part[::-1] for part in judge.look(images[::-1])]
    monkeypatch.setattr(judge_module, "_BLOCK", 37)
    in_small_blocks = judge.look(images)
    for number, tolerance in ((0, 1e-4), (1, 1e-5)):
        expected = together[number]
        np.testing.assert_allclose(alone[number], expected[123:124], atol=tolerance)
        np.testing.assert_allclose(backwards[number], expected, atol=tolerance)
        np.testing.assert_allclose(in_small_blocks[number], expected, atol=tolerance)


def test_looking_twice_is_seeing_the_same(judge, seen, mnist):
    features, probabilities = judge.look(mnist[0][:500])
    np.testing.assert_array_equal(features, seen[0][:500])
    np.testing.assert_array_equal(probabilities, judge.probabilities(mnist[0][:500]))
    np.testing.assert_array_equal(features, judge.features(mnist[0][:500]))


def test_the_temperature_changes_the_confidence_only(judge, mnist):
    logits = judge.logits(mnist[0][:300]).astype(np.float64)
    odds = np.exp(logits / judge.temperature)
    expected = odds / odds.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(judge.probabilities(mnist[0][:300]), expected, atol=1e-6)


def test_other_arrays_are_refused(judge):
    with pytest.raises(ValueError, match="uint8"):
        judge.look(np.zeros((3, 28, 28, 1), np.float32))
    with pytest.raises(ValueError, match="empty"):
        judge.features(np.zeros((0, 28, 28), np.uint8))


def test_a_damaged_or_missing_file_is_named(tmp_path, monkeypatch):
    content = bytearray(judge_module.FILE.read_bytes())
    content[len(content) // 2] ^= 1
    changed = judge_module.Judge(judge_module.build_network(), 1.0)
    changed.save(tmp_path / "other.npz")
    other = (tmp_path / "other.npz").read_bytes()
    for name, written in (("a.npz", bytes(content)), ("b.npz", other), ("none.npz", None)):
        path = tmp_path / name
        if written:
            path.write_bytes(written)
        monkeypatch.setattr(judge_module, "FILE", path)
        with pytest.raises(WeightsError, match="git checkout"):
            judge_module.load.__wrapped__()


def test_what_is_saved_is_read_back(judge, mnist, tmp_path):
    path, other = tmp_path / "again.npz", tmp_path / "other.npz"
    judge.save(path)
    judge.save(other)
    assert judge_module.digest(path) == judge_module.digest(other)  # it holds no time
    assert {file.name for file in tmp_path.iterdir()} == {"again.npz", "other.npz"}
    again = judge_module.read(path)
    assert again.temperature == judge.temperature and again.provenance == judge.provenance
    np.testing.assert_array_equal(again.features(mnist[0][:50]), judge.features(mnist[0][:50]))
