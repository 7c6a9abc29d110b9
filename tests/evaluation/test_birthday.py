"""The birthday paradox: supports that are known, the pairs that are counted, the intervals."""

import itertools
import math

import numpy as np
import pytest

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation import birthday
from course_utils.evaluation.birthday import Birthday, birthday_paradox


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def train():
    return digits.load("train")[0]


@pytest.mark.parametrize(("support", "count"), [(10, 300), (100, 600), (1000, 1000)])
def test_draws_with_replacement_show_from_how_many(train, support, count):
    """Within 15 % of the truth, on average within 5 %; 95 % intervals miss it now and then."""
    found = [
        birthday_paradox(train[np.random.default_rng(seed).integers(support, size=count)])
        for seed in range(12)
    ]
    estimates = np.array([each.support for each in found])
    np.testing.assert_allclose(estimates, support, rtol=0.15)
    assert estimates.mean() == pytest.approx(support, rel=0.05)
    assert sum(each.low <= support <= each.high for each in found) >= 10


def test_intervals_allow_for_unequal_probabilities(train):
    """One image has 30 %: the support is 1 / Σ p² = 11. A Poisson interval would miss it often."""
    chances = np.r_[0.3, np.full(700, 0.001)]
    found = []
    for seed in range(20):
        drawn = np.random.default_rng(seed).choice(701, size=400, p=chances)
        found.append(birthday_paradox(train[drawn]))
    truth = 1 / (chances**2).sum()
    assert np.median([each.support for each in found]) == pytest.approx(truth, rel=0.15)
    assert sum(each.low <= truth <= each.high for each in found) >= 17


def test_half_of_the_batches_hold_duplicates(train):
    """The definition of the paper, tried out."""
    rng = np.random.default_rng(0)
    found = birthday_paradox(train[rng.integers(365, size=3000)])
    assert found.batch == pytest.approx(23, abs=1)
    hits = [len(np.unique(rng.integers(365, size=found.batch))) < found.batch for _ in range(4000)]
    assert np.mean(hits) == pytest.approx(0.5, abs=0.06)


def test_birthdays():
    """Of the 66,430 pairs of all days of a year, each with itself too: 23 people."""
    days = np.zeros((730, 28, 28), np.uint8)
    days.reshape(730, -1)[np.arange(730), np.arange(730) % 365] = 255
    found = birthday_paradox(days, distance=0.5)
    assert found.duplicates == 365
    assert found.support == 729  # each day twice: fewer duplicates than of random days


@pytest.mark.parametrize("rows", [1, 7, 300])
def test_it_counts_the_pairs_that_a_search_of_all_pairs_counts(monkeypatch, train, rows):
    monkeypatch.setattr(birthday, "_ROWS", rows)
    images = train[:250]
    flat = images.reshape(250, -1) / 255
    distances = [
        np.linalg.norm(flat[i] - flat[j]) for i, j in itertools.combinations(range(250), 2)
    ]
    for distance in (3, 5, 8):
        expected = np.sum(np.array(distances) <= distance)
        assert birthday_paradox(images, distance).duplicates == expected > 0


def test_the_limit_itself_is_a_duplicate(train):
    """Sums in float32 are exact: one grey level more, and it is none."""
    pair = np.zeros((2, 28, 28), np.uint8)
    pair[1, :20, :20] = 51  # twenty times 0.2: the distance is 4
    assert birthday_paradox(pair, 4).duplicates == 1
    pair[1, 27, 27] = 1
    assert birthday_paradox(pair, 4).duplicates == 0
    pair[1] = 255
    assert birthday_paradox(pair, 28).duplicates == 1
    assert birthday_paradox(pair, 27.999).duplicates == 0


def test_real_digits_are_hardly_ever_duplicates(train):
    found = birthday_paradox(train[:2000])
    assert found.duplicates <= 3
    if not found.duplicates:
        assert (found.support, found.high, found.batch) == (math.inf,) * 3
    assert found.low > 200_000


def test_all_the_same(train):
    found = birthday_paradox(np.repeat(train[:1], 50, axis=0))
    assert found.duplicates == 50 * 49 / 2
    assert found.support == 1 and found.batch == 2 and found.low == 1


def test_the_order_of_the_images_does_not_matter(train):
    drawn = train[np.random.default_rng(0).integers(50, size=700)]
    shuffled = np.random.default_rng(1).permutation(drawn)
    assert birthday_paradox(drawn) == birthday_paradox(shuffled)


def test_it_says_so_in_one_line():
    found, none = Birthday(6, 8332500.0, 3e6, 2e7, 3400), Birthday(0, math.inf, 13000, math.inf, 0)
    assert "6 pairs of duplicates: support of 8,332,500 images" in str(found)
    assert str(none) == "no duplicates: support of at least 13,000 images"
    language.use("zh")
    assert "6 对重复图像" in str(found) and "没有重复图像" in str(none)


def test_what_makes_no_sense_is_refused(train):
    for images, distance, message in (
        (train[:1], 1, "One image makes no pair"),
        (train[:3] / 255, 1, "float64"),
        (train[:3], 0, "distance = 0"),
        (train[:3], 29, "at most 28"),
        (train[:3], float("nan"), "distance = nan"),
    ):
        with pytest.raises(ValueError, match=message):
            birthday_paradox(images, distance)
    language.use("zh")
    with pytest.raises(ValueError, match="无法配对"):
        birthday_paradox(train[:1])
