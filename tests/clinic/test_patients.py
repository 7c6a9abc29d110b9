import numpy as np
import pytest

from course_utils.clinic import Options
from course_utils.clinic.patients import Patient, gaussian_of, real_samples


@pytest.fixture(scope="module")
def conditional():
    return Patient(Options(conditional=True, steps=2), seed=0).train()


def test_a_conditional_patient_is_told_the_gaussian(conditional):
    latents, classes = conditional.latents(5)
    assert latents.shape == (5, 2) and classes.shape == (5, 8)
    assert (classes.sum(axis=1) == 1).all()
    assert conditional.samples(5).shape == (5, 2)
    assert np.isfinite(conditional.history["d_loss"]).all()
    # Its class says where a point lies; Gaussian number 2 is at the top of the ring.
    assert np.array_equal(conditional.labels, gaussian_of(conditional.data))
    top = conditional.data[conditional.labels == 2]
    assert np.allclose(top.mean(axis=0), [0, 2], atol=0.05)


def test_shuffled_conditions_are_those_of_other_samples(conditional):
    sick = Patient(Options(conditional=True, shuffled_conditions=True), seed=0)
    assert np.array_equal(np.bincount(sick.labels), np.bincount(conditional.labels))
    assert (sick.labels == conditional.labels).mean() == pytest.approx(1 / 8, abs=0.05)


def test_digits_are_as_many_and_as_dark_as_the_options_say():
    images = real_samples(Options(data="digits", images=40, data_range=(0, 255)))
    assert images.shape == (40, 28, 28, 1) and images.dtype == np.float32
    assert (images.min(), images.max()) == (0, 255)
