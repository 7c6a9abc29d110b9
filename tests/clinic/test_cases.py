"""Slow: the illness appears and the cure cures, by the energy coefficient."""

import numpy as np
import pytest

from course_utils.clinic import ZOO
from course_utils.clinic.likeness import energy_coefficient
from course_utils.clinic.patients import Patient

SICK, CURED = 0.05, 0.06
QUICK = ("g_cut", "g_wrong_label", "collapse")


def energy(options, seed):
    patient = Patient(options, seed).train()
    samples = patient.samples(500)
    if not np.isfinite(samples).all():
        return 1.0
    return energy_coefficient(samples, patient.data[:500])


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_the_illness_appears_and_the_cure_cures(name):
    assert energy(ZOO[name].sick, seed=0) > SICK
    assert energy(ZOO[name].healthy, seed=0) < CURED
