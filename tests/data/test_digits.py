"""MNIST: the right file, whole and untouchable, and draws from its classes."""

import hashlib

import numpy as np
import pytest

from course_utils import language
from course_utils.data import digits

COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def other_file(monkeypatch):
    """Let `digits` read another file, as in a process that has loaded nothing yet."""

    def use(path):
        monkeypatch.setattr(digits, "FILE", path)
        digits._load.cache_clear()
        digits._verify.cache_clear()

    yield use
    digits._load.cache_clear()
    digits._verify.cache_clear()


def test_the_data_set_is_whole():
    images, labels = digits.load()
    assert images.shape == (60_000, 28, 28) and images.dtype == np.uint8
    assert labels.shape == (60_000,) and labels.dtype == np.uint8
    assert np.bincount(labels).tolist() == COUNTS
    assert abs(images.mean() / 255 - 0.1307) < 1e-4  # the mean that everybody normalises with
    test_images, test_labels = digits.load("test")
    assert test_images.shape == (10_000, 28, 28) and len(test_labels) == 10_000
    assert np.bincount(test_labels).tolist() == [
        980,
        1135,
        1032,
        1010,
        982,
        892,
        958,
        1028,
        974,
        1009,
    ]


def test_second_load_is_the_same_object_however_it_is_called():
    assert digits.load()[0] is digits.load("train")[0] is digits.load(split="train")[0]


def test_arrays_are_read_only():
    images, labels = digits.load("test")
    with pytest.raises(ValueError, match="read-only"):
        images[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        labels[0] = 1


def test_unknown_split():
    with pytest.raises(ValueError, match='use "train" or "test"'):
        digits.load("validation")


def test_hash_belongs_to_the_file():
    assert hashlib.sha256(digits.FILE.read_bytes()).hexdigest() == digits.SHA256


@pytest.mark.parametrize("code", ["en", "zh"])
def test_damaged_file_names_the_remedy(other_file, tmp_path, code):
    language.use(code)
    content = bytearray(digits.FILE.read_bytes())
    content[5_000_000] ^= 1  # one bit
    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(content)
    other_file(damaged)
    with pytest.raises(digits.DataError, match=r"git checkout -- course_utils/data/mnist\.npz"):
        digits.load()
    with pytest.raises(digits.DataError):  # the failure is not forgotten
        digits.load("test")


def test_missing_file_names_the_remedy(other_file, tmp_path):
    other_file(tmp_path / "mnist.npz")
    with pytest.raises(digits.DataError, match=r"No such file.*git checkout"):
        digits.load()


def test_hash_is_computed_once(other_file, monkeypatch):
    other_file(digits.FILE)
    calls = []
    sha256 = hashlib.sha256
    monkeypatch.setattr(hashlib, "sha256", lambda data: calls.append(len(data)) or sha256(data))
    digits.load("train")
    digits.load("test")
    digits.load("train")
    assert len(calls) == 1


LABELS = np.repeat(np.arange(10), [1000, 10, 100, 100, 100, 100, 100, 100, 100, 500])


def shares(indices, labels=LABELS):
    return np.bincount(labels[indices], minlength=10) / len(indices)


def test_unweighted_draws_follow_the_data():
    indices = digits.sample_indices(LABELS, 50_000, seed=0)
    assert indices.dtype == np.int64 and indices.min() >= 0 and indices.max() < len(LABELS)
    np.testing.assert_allclose(shares(indices), np.bincount(LABELS) / len(LABELS), atol=0.01)


def test_balanced_draws_take_every_class_equally():
    indices = digits.sample_indices(LABELS, 50_000, "balanced", seed=0)
    np.testing.assert_allclose(shares(indices), 0.1, atol=0.01)
    # Within a class every example has the same chance.
    zeros = np.bincount(indices[LABELS[indices] == 0], minlength=1000)
    assert 0.8 < zeros.var() / zeros.mean() < 1.2  # Poisson


def test_balanced_draws_leave_out_classes_without_examples():
    labels = np.repeat([2, 5], [10, 990])
    indices = digits.sample_indices(labels, 10_000, "balanced", seed=0)
    np.testing.assert_allclose(shares(indices, labels)[[2, 5]], 0.5, atol=0.02)


def test_weights_set_the_proportions():
    weights = [0, 1, 3, 0, 0, 0, 0, 0, 0, 4]
    indices = digits.sample_indices(LABELS, 50_000, weights, seed=1)
    np.testing.assert_allclose(shares(indices), np.divide(weights, 8), atol=0.01)


def test_seeds():
    first = digits.sample_indices(LABELS, 100, "balanced", seed=3)
    assert np.array_equal(first, digits.sample_indices(LABELS, 100, "balanced", seed=3))
    assert not np.array_equal(first, digits.sample_indices(LABELS, 100, "balanced", seed=4))


@pytest.mark.parametrize(
    "weights",
    [
        "even",
        [1] * 9,
        [1] * 9 + [-1],
        [1] * 9 + [np.nan],
        [1] * 9 + [np.inf],
        [0] * 10,
        3,
        ["a"] * 10,
    ],
)
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match="class_weights = "):
        digits.sample_indices(LABELS, 10, weights)


def test_a_class_without_examples_cannot_be_asked_for():
    with pytest.raises(ValueError, match=r"\[9\]"):
        digits.sample_indices(np.arange(9), 10, [1] * 10)


@pytest.mark.parametrize("n", [0, -3, 1.5, None])
def test_impossible_counts_are_refused(n):
    with pytest.raises(ValueError, match="at least 1"):
        digits.sample_indices(LABELS, n)


@pytest.mark.parametrize("labels", [[], [10], [-1], [0.5], [[1, 2]], ["1"]])
def test_impossible_labels_are_refused(labels):
    with pytest.raises(ValueError, match="labels must be"):
        digits.sample_indices(labels, 10)
    with pytest.raises(ValueError, match="labels must be"):
        digits.unbalanced(labels, [1] * 10)


def test_unbalanced_keeps_the_shares_without_repeats():
    kept = [0.1, 1, 0, 0.5, 1, 1, 1, 1, 1, 1]
    indices = digits.unbalanced(LABELS, kept, seed=0)
    assert np.all(np.diff(indices) > 0)
    assert np.bincount(LABELS[indices], minlength=10).tolist() == [
        100, 10, 0, 50, 100, 100, 100, 100, 100, 500
    ]  # fmt: skip
    assert np.array_equal(indices, digits.unbalanced(LABELS, kept, seed=0))
    assert not np.array_equal(indices, digits.unbalanced(LABELS, kept, seed=1))


@pytest.mark.parametrize("kept", [[1.5] * 10, [-0.1] * 10, [1] * 11, "balanced", [0] * 10])
def test_impossible_shares_are_refused(kept):
    with pytest.raises(ValueError, match="kept = "):
        digits.unbalanced(LABELS, kept)
