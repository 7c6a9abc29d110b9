"""What can be learned from images, with a fifth of the steps; once with all of them."""

import numpy as np
import pytest

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation import gan_test, gan_train
from course_utils.evaluation.gan_train_test import real_classifier
from course_utils.models import small_classifier


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(small_classifier, "STEPS", 60)
    real_classifier.cache_clear()
    yield
    real_classifier.cache_clear()


@pytest.fixture(scope="module")
def real():
    """Training digits that the classifier of `gan_test` hardly knows."""
    images, labels = digits.load("train")
    return images[:2000], labels[:2000]


@pytest.fixture(scope="module")
def one_per_class():
    images, labels = digits.load("test")
    asked = np.arange(2000) % 10
    chosen = [np.flatnonzero(labels == digit)[3] for digit in range(10)]
    return images[chosen][asked], asked


def test_real_digits_teach_more_than_one_image_of_each_class(quick, real, one_per_class):
    good, bad = gan_train(*real), gan_train(*one_per_class)
    assert good > 0.85 and bad < 0.6
    assert gan_train(*real) == good  # the same seed


def test_wrong_labels_teach_nothing(quick, real):
    assert gan_train(real[0], np.random.default_rng(0).permutation(real[1])) < 0.3


def test_gan_test_asks_for_the_right_class_and_not_for_variety(quick, real, one_per_class):
    good = gan_test(*real)
    assert 0.85 < good < 1
    assert gan_test(real[0], (real[1].astype(int) + 1) % 10) < 0.1
    half = np.where(np.arange(2000) % 2, real[1], (real[1].astype(int) + 1) % 10)
    assert gan_test(real[0], half) == pytest.approx(good / 2, abs=0.05)
    assert gan_test(*one_per_class) >= good - 0.1
    order = np.random.default_rng(0).permutation(2000)
    assert gan_test(real[0][order], real[1][order]) == good
    assert real_classifier.cache_info().misses == 1


def test_the_classifier_is_good_enough():
    """All 300 steps: 98 % with 10,000 digits; and no random state outside is used or changed."""
    import keras

    images, labels = (array[20_000:30_000] for array in digits.load("train"))
    keras.utils.set_random_seed(5)
    expected = np.random.random(), float(keras.random.uniform(()))
    keras.utils.set_random_seed(5)
    classifier = small_classifier.train(images, labels, seed=1)
    assert (np.random.random(), float(keras.random.uniform(()))) == expected
    known, truth = digits.load("test")
    assert (classifier.classify(known) == truth).mean() > 0.97


def test_batches_hold_every_image_equally_often_and_move_it(monkeypatch):
    monkeypatch.setattr(small_classifier, "STEPS", 60)
    images = np.zeros((200, 28, 28), np.uint8)
    images[:, 14, 14] = 1 + np.arange(200)
    batches = list(small_classifier._batches(images, np.arange(200), seed=0))
    assert len(batches) == 60
    labels = np.concatenate([y for _, y in batches])
    assert (np.bincount(labels) == 30).all()
    places = set()
    for x, y in batches:
        values, where = x.reshape(100, -1).max(axis=1), x.reshape(100, -1).argmax(axis=1)
        np.testing.assert_array_equal(values, y + 1)
        places |= set(where.tolist())
    rows, columns = np.divmod(sorted(places), 28)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (12, 16, 12, 16)


def test_what_cannot_be_learned_from_is_refused(real):
    images, labels = real
    for measure in (gan_train, gan_test):
        for some, asked, seed, message in (
            (images[:99], labels[:99], 0, "images holds 99 images; at least 100"),
            (images, labels[:5], 0, "one for each sample"),
            (images, labels.astype(int) + 5, 0, "a label is one of 0 … 9"),
            (images / 255, labels, 0, "float64"),
            (images, labels, -1, "seed is -1"),
        ):
            with pytest.raises(ValueError, match=message):
                measure(some, asked, seed)
    language.use("zh")
    with pytest.raises(ValueError, match="只有 99 幅图像"):
        gan_train(images[:99], labels[:99])
