import numpy as np
import pytest

from course_utils.clinic.likeness import energy_coefficient, width


def test_equal_distributions_give_about_zero_and_distant_ones_one():
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, 400, 5))
    assert abs(energy_coefficient(a, b)) < 0.02
    assert energy_coefficient(a, b + 1000) > 0.99
    assert np.isnan(energy_coefficient(a, b * np.nan))
    assert energy_coefficient(np.ones((4, 2)), np.ones((4, 2))) == 0


def test_width_is_the_root_of_all_variances():
    images = np.random.default_rng(0).normal(size=(2000, 4, 4, 1))
    assert width(images) == pytest.approx(4, rel=0.02)
