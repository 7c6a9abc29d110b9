import numpy as np
import pytest

from course_utils.clinic.likeness import energy_coefficient, out_of_reach, strays, width


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


def test_a_cloud_over_thin_modes_strays():
    random = np.random.default_rng(0)
    modes = np.array([[0.0, 0], [4, 0], [0, 4], [4, 4]])
    real, same = (modes[random.integers(4, size=400)] + 0.05 * random.normal(size=(400, 2))
                  for _ in range(2))  # fmt: skip
    cloud = random.uniform(0, 4, (400, 2))
    assert max(strays(real, same)) < 0.05
    assert strays(real, cloud)[0] > 0.7
    assert energy_coefficient(real, cloud) < 0.15  # which hardly sees it


def test_a_mode_left_out_is_missed():
    random = np.random.default_rng(0)
    real, same = 0.01 * random.normal(size=(2, 400, 2))
    real[:100] += 1
    lonely, missed = strays(real, same)
    assert lonely == 0 and missed == pytest.approx(0.25)


def test_samples_between_rough_real_ones_do_not_stray():
    random = np.random.default_rng(0)
    real = random.normal(size=(100, 30))
    assert max(strays(real, random.normal(size=(100, 30)))) < 0.1
    assert strays(real, 5 + random.normal(size=(100, 30))) == (1, 1)


def test_what_lies_outside_of_the_reach_counts_unless_samples_do_too():
    real = np.array([-1.0, 0, 1, 1.01, 5])
    assert out_of_reach(real, np.array([0.5]), (0.0, 1.0)) == pytest.approx(0.4)
    assert out_of_reach(real, np.array([1.5]), (0.0, 1.0)) == 0
