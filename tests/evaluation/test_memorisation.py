"""Copies, near copies and C_T, with points of known distances and with digits."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import mannwhitneyu, norm

from course_utils import language
from course_utils.data import digits
from course_utils.evaluation import memorisation
from course_utils.evaluation.memorisation import Control, Copying, copying


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def real():
    """4,000 training digits, and the test digits in an order that is no writer's."""
    images, order = digits.load("test")[0], np.random.default_rng(0).permutation(10_000)
    return digits.load("train")[0][:4000], images[order]


@pytest.fixture(scope="module")
def control(real):
    return Control(real[0], real[1][:4000])


def normal(n, seed=0, dimensions=5):
    return np.random.default_rng(seed).normal(size=(n, dimensions))


# Parts


def test_the_statistic_is_mann_whitneys():
    """SciPy's p value is that of the number of standard deviations (no ties here)."""
    rng = np.random.default_rng(0)
    for shift in (-0.3, 0.0, 0.5):
        a, b = rng.normal(size=60) + shift, rng.normal(size=90)
        expected = mannwhitneyu(a, b, alternative="less", use_continuity=False).pvalue
        assert norm.cdf(memorisation._mann_whitney(a, b)) == pytest.approx(expected)
    assert memorisation._mann_whitney(np.zeros(9), np.zeros(7)) == 0
    assert memorisation._mann_whitney([0, 1], [2, 3]) == pytest.approx(-2 / np.sqrt(20 / 12))


@pytest.mark.parametrize("blocks", [(512, 4096), (7, 30), (1, 1)])
def test_nearest_distances_are_those_of_a_search_of_all_pairs(monkeypatch, blocks):
    monkeypatch.setattr(memorisation, "_SAMPLES", blocks[0])
    monkeypatch.setattr(memorisation, "_TRAIN", blocks[1])
    samples, train = normal(80, 0), normal(100, 1)
    samples[3] = train[42]
    found = memorisation._nearest(samples, train)
    np.testing.assert_allclose(found, cdist(samples, train).min(axis=1), rtol=1e-12)
    assert found[3] == 0


def test_components_keep_what_distances_are_made_of(real):
    """86 % of the variance of digits; the axes are at right angles and of length 1."""
    axes = memorisation._principal_axes(real[0]) * 255
    np.testing.assert_allclose(axes.T @ axes, np.eye(64), atol=1e-4)
    pixels = real[1][:1000].reshape(1000, -1) / 255
    assert (pixels @ axes).var(axis=0).sum() / pixels.var(axis=0).sum() == pytest.approx(
        0.86, abs=0.01
    )


# The whole


def test_c_t_is_the_mean_over_the_cells_weighted_with_the_held_out_samples():
    """Two clusters far apart are the two cells; in one of them the samples are copies."""
    train = normal(400) + 100 * (np.arange(400) % 2)[:, None]
    held_out = normal(150, 1) + 100 * (np.arange(150) % 3 > 0)[:, None]  # 50 and 100
    samples = normal(120, 2)
    samples[60:] = train[1:121:2]
    found = copying(samples, train, held_out)
    distances, limits = cdist(samples, train).min(axis=1), cdist(held_out, train).min(axis=1)
    first = np.arange(150) % 3 == 0
    expected = memorisation._mann_whitney(distances[:60], limits[first]) * 50 / 150
    expected += memorisation._mann_whitney(distances[60:], limits[~first]) * 100 / 150
    assert found.c_t == pytest.approx(expected)
    assert found.distance == pytest.approx(np.median(distances))
    assert found.held_out_distance == pytest.approx(np.median(limits))
    near = np.sum(distances[:60] < np.percentile(limits[first], 1, method="weibull")) + 60
    assert found.near_copies == near / 120


def test_real_samples_have_c_t_0_and_one_near_copy_in_a_hundred():
    """Over many draws: mean 0 and standard deviation 1 / √cells; the 1 % is exact."""
    found = np.array(
        [
            copying(normal(400, 3 * s, 2), normal(600, 3 * s + 1, 2), normal(600, 3 * s + 2, 2))
            for s in range(60)
        ]
    )
    c_t, cells = found[:, 3], 6
    assert abs(c_t.mean()) < 3 / np.sqrt(60 * cells)
    assert c_t.std() == pytest.approx(1 / np.sqrt(cells), rel=0.4)
    assert found[:, 2].mean() == pytest.approx(0.01, abs=0.005)


def test_real_digits_are_no_copies(real):
    """The spread of C_T over splits of the test digits is that of 20 cells."""
    found = []
    for seed in range(4):
        parts = np.random.default_rng(seed).permutation(real[1])
        found.append(copying(parts[:2000], real[0], parts[2000:6000], seed))
    found = np.array(found)
    assert abs(found[:, 3]).max() < 1 and abs(found[:, 3].mean()) < 0.4
    assert (found[:, 2] < 0.03).all() and 0.005 < found[:, 2].mean() < 0.02


def test_a_memoriser_is_found_even_if_its_copies_are_noisy(real, control):
    copies = real[0][:1000]
    found = control.copying(copies)
    assert found.distance == 0 and found.near_copies == 1 and found.c_t < -8
    noise = np.random.default_rng(0).normal(0, 0.1 * 255, copies.shape)
    noisy = control.copying(np.clip(copies + noise, 0, 255).astype(np.uint8))
    assert 0 < noisy.distance < 1.2 and noisy.near_copies > 0.7 and noisy.c_t < -8


def test_a_tenth_of_copies_shows_in_the_near_copies(real, control):
    mixed = np.concatenate([real[0][:200], real[1][4000:5800]])
    assert control.copying(mixed).near_copies == pytest.approx(0.11, abs=0.015)


def test_what_is_unlike_the_training_data_is_above_0(real, control):
    rng = np.random.default_rng(0)
    noisy = np.clip(real[1][4000:5000] + rng.normal(0, 100, (1000, 28, 28)), 0, 255)
    assert control.copying(noisy.astype(np.uint8)).c_t > 2
    noise = control.copying(rng.integers(0, 256, (1000, 28, 28), np.uint8))
    assert noise.c_t > 5 and noise.near_copies == 0


def test_too_many_ones_are_no_copies():
    """Without cells they were: ones are nearer to each other than other digits are."""
    images, labels = digits.load("test")
    train, held_out = digits.load("train")[0][:4000], images[::2]
    ones = images[1::2][labels[1::2] == 1]
    found = copying(ones, train, held_out)
    assert found.near_copies < 0.05
    assert found.distance < 0.6 * found.held_out_distance
    assert found.c_t > -5  # of distances without cells: -24


def test_copies_are_found_where_there_is_nothing_held_out():
    """The training samples are two clusters, the held-out ones and half of the copies are not."""
    train = normal(400) + 100 * (np.arange(400) % 2)[:, None]
    held_out = np.concatenate([normal(150, 1), normal(4, 2) + 100])  # four are too few
    for samples in (train[1::2], train):
        found = copying(samples, train, held_out)
        assert found.near_copies == 1 and found.c_t < -8


def test_few_held_out_samples_make_more_near_copies():
    """As it says: 2 % of real ones for 100 held-out samples."""
    found = [
        copying(normal(1000, 3 * s, 2), normal(300, 3 * s + 1, 2), normal(100, 3 * s + 2, 2))
        for s in range(60)
    ]
    assert np.mean([each.near_copies for each in found]) == pytest.approx(0.02, abs=0.006)


def test_copies_count_even_if_some_held_out_samples_are_equal_to_training_samples(real):
    train, held_out = normal(300), normal(300, 1)
    held_out[::20] = train[:15]
    assert copying(train, train, held_out).near_copies == 1
    assert copying(held_out, train, held_out).near_copies == 0.05
    # Of images in other blocks, too, whose components are rounded otherwise.
    control = Control(real[0], np.concatenate([real[1][:1000], real[0][:100]]))
    for count in (1, 7, 300):
        found = control.copying(real[0][200 : 200 + count])
        assert found.distance == 0 and found.near_copies == 1


def test_neither_units_nor_place_matter():
    parts = normal(300, 0), normal(800, 1), normal(1000, 2)
    expected = copying(*parts)
    for power in (-12, 12):
        scaled = copying(*(part * 2.0**power for part in parts))
        assert scaled.c_t == expected.c_t and scaled.near_copies == expected.near_copies
    far = copying(*(part + 1e8 for part in parts))
    assert far.near_copies == expected.near_copies
    assert far.c_t == pytest.approx(expected.c_t, rel=1e-3)
    assert far.distance == pytest.approx(expected.distance, rel=1e-6)
    assert copying(*(part + 1e8 for part in (parts[1][:300], *parts[1:]))).near_copies == 1


def test_the_order_and_number_of_the_samples_do_not_change_a_distance(real, control):
    samples = real[1][4000:4700]
    whole, shuffled = control.copying(samples), control.copying(samples[::-1])
    np.testing.assert_allclose(whole, shuffled, rtol=1e-4)
    one = control.copying(samples[:1])
    assert np.isnan(one.c_t) and one.distance > 0


def test_a_seed_gives_the_same_cells():
    parts = normal(200, 0), normal(6000, 1), normal(1000, 2)
    assert copying(*parts, seed=3) == copying(*parts, seed=3)
    assert copying(*parts, seed=3).c_t != copying(*parts, seed=4).c_t


def test_all_the_same(real, control):
    same = control.copying(np.repeat(real[1][5000:5001], 300, axis=0))
    assert np.isfinite(same).all() and same.near_copies in (0, 1)
    paper = np.zeros((200, 28, 28), np.uint8)
    found = copying(paper, paper, paper)
    assert found == Copying(0, 0, 1, 0)


def test_it_says_so_in_one_line():
    found = Copying(3.2, 3.18, 0.0125, -0.42)
    assert str(found).startswith("1.2% near copies, C_T -0.4, median distance")
    language.use("zh")
    assert "近似副本占 1.2%" in str(found)


@pytest.mark.parametrize(
    ("samples", "train", "held_out", "message"),
    [
        (normal(9), normal(99), normal(100), "train holds 99 samples"),
        (normal(9), normal(100), normal(99), "held_out holds 99 samples"),
        (normal(0), normal(100), normal(100), "samples holds 0"),
        (normal(9), normal(100), normal(100) * np.nan, "100 of 100 rows of held_out are NaN"),
        (normal(9, 0, 4), normal(100), normal(100), r"samples has the shape \(4,\).*\(5,\)"),
        (np.zeros((9, 28, 28), np.uint8), normal(100), normal(100), "both must be images"),
        (np.zeros((9, 28, 28)), normal(100), normal(100), "samples must be numbers"),
        (np.zeros((9, 28, 27), np.uint8), normal(100), normal(100), "uint8"),
        (normal(9), np.zeros((99, 28, 28), np.uint8), normal(100), "train holds 99 images"),
    ],
)
def test_what_cannot_be_compared_is_refused(samples, train, held_out, message):
    with pytest.raises(ValueError, match=message):
        copying(samples, train, held_out)
    language.use("zh")
    with pytest.raises(ValueError, match=r"[一-龥]"):
        copying(samples, train, held_out)
