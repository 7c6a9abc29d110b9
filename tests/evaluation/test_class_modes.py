"""Classes that are covered, and the KL divergence of their shares, against closed forms."""

import numpy as np
import pytest
from scipy.stats import entropy

from course_utils import language
from course_utils.evaluation.class_modes import count_class_modes

EQUAL = np.full(10, 0.1)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def seen(counts):
    """Probabilities of a classifier that sees so many images of each class, and is never sure."""
    labels = np.repeat(np.arange(len(counts)), counts)
    return np.eye(len(counts))[labels] * 0.5 + 0.5 / len(counts)


def test_equal_shares_are_perfect():
    found = count_class_modes(seen([20] * 10), EQUAL)
    assert found == (10, 10, 0.0)


@pytest.mark.parametrize("kept", [1, 2, 5, 9])
def test_dropped_classes_cost_the_logarithm_of_their_share(kept):
    """Equal shares of `kept` of 10 classes: Σ 1/kept · ln(10 / kept)."""
    found = count_class_modes(seen([60] * kept + [0] * (10 - kept)), EQUAL)
    assert (found.covered, found.total) == (kept, 10)
    assert found.divergence == pytest.approx(np.log(10 / kept))


def test_the_divergence_goes_from_the_real_shares_to_the_generated_ones():
    real, counts = np.array([0.5, 0.3, 0.2]), np.array([40, 10, 50])
    found = count_class_modes(seen(counts), real)
    assert found.divergence == pytest.approx(entropy(counts / 100, real))
    assert found.divergence != pytest.approx(entropy(real, counts / 100))


def test_a_class_needs_a_fifth_of_its_real_share():
    real = np.array([0.5, 0.5])
    assert count_class_modes(seen([900, 100]), real).covered == 2
    assert count_class_modes(seen([901, 99]), real).covered == 1
    assert count_class_modes(seen([901, 99]), real, share=0.1).covered == 2
    rare = np.array([0.9, 0.1])
    assert count_class_modes(seen([979, 21]), rare).covered == 2
    assert count_class_modes(seen([981, 19]), rare).covered == 1


def test_the_bias_of_real_shares():
    """2n times the divergence is nearly χ² with 9 degrees of freedom."""
    rng = np.random.default_rng(0)
    draws = [
        count_class_modes(seen(rng.multinomial(1000, EQUAL)), EQUAL).divergence for _ in range(400)
    ]
    assert np.mean(draws) == pytest.approx(9 / 2000, rel=0.1)


def test_the_order_of_the_images_does_not_matter():
    probabilities = seen([30, 50, 20])
    shuffled = np.random.default_rng(0).permutation(probabilities)
    real = np.array([0.2, 0.3, 0.5])
    assert count_class_modes(probabilities, real) == count_class_modes(shuffled, real)


def test_it_says_so_in_one_line():
    found = count_class_modes(seen([50] * 5 + [0] * 5), EQUAL)
    assert str(found) == "5 of 10 classes covered, KL over classes 0.6931"
    language.use("zh")
    assert str(found) == "覆盖 5/10 个类别，各类别份额的 KL 散度为 0.6931"


@pytest.mark.parametrize(
    ("real", "share", "count", "message"),
    [
        (EQUAL, 0.2, 4, "40 images are too few to count 10 classes: at least 50"),
        (EQUAL, 0, 10, "share = 0: it must be above 0"),
        (EQUAL, 1.1, 10, "share = 1.1"),
        (EQUAL[:9], 0.2, 10, "10 numbers above 0"),
        (EQUAL / 2, 0.2, 10, "with the sum 1"),
        ([0.2] * 5 + [0.0] * 5, 0.2, 10, "above 0"),
        ([float("nan")] * 10, 0.2, 10, "above 0"),
        ("ten", 0.2, 10, "real_shares"),
    ],
)
def test_what_cannot_be_counted_is_refused(real, share, count, message):
    with pytest.raises(ValueError, match=message):
        count_class_modes(seen([count] * 10), real, share)


def test_logits_are_refused():
    with pytest.raises(ValueError, match="softmax"):
        count_class_modes(np.full((100, 10), 3.0), EQUAL)
