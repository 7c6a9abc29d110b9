"""Every illness appears and its cure cures, by the case's measure.

The record of five seeds is tested for all cases; what is trained here are the quickest ones, or as
many seeds of all cases as the variable COURSE_CLINIC_SEEDS says.
"""

import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from course_utils.clinic import ZOO, Options, proof
from course_utils.clinic.patients import Patient
from course_utils.clinic.words import CAUSES

QUICK = ("g_cut", "broken_pairing")
SEEDS = int(os.environ.get("COURSE_CLINIC_SEEDS", "0"))
TRAINED = list(ZOO) if SEEDS else QUICK


@cache  # many cases share one healthy twin
def measures(options: Options, seed: int) -> dict[str, float]:
    wanted = {case.measure for case in ZOO.values() if options in (case.sick, case.healthy)}
    return proof.take(Patient(options, seed).train(), tuple(wanted))


@pytest.mark.parametrize("name", TRAINED)
@pytest.mark.parametrize("seed", range(SEEDS or 1))
def test_the_illness_appears_and_the_cure_cures(name, seed):
    case = ZOO[name]
    sick, healthy = (measures(v, seed)[case.measure] for v in (case.sick, case.healthy))
    assert case.shows(sick), sick
    assert case.cured(healthy), healthy


@pytest.mark.parametrize("case", ZOO.values(), ids=ZOO)
def test_five_seeds_are_recorded_and_prove_it(case):
    sick, healthy = proof.load()[case.name]
    for runs, proves in ((sick, case.shows), (healthy, case.cured)):
        assert [run.seed for run in runs] == list(range(len(runs)))
        assert len(runs) >= 5
        assert all(proves(run.measures[case.measure]) for run in runs)
    assert np.median([run.cpu_seconds for run in sick]) <= 20


def answers(part, loss=None):
    """What the present rules say of recorded examinations: (label, answer)."""
    file = Path(__file__).parents[2] / "benchmarks" / "results" / "clinic_numbers.json"
    names, rows = json.loads(file.read_text(encoding="utf-8"))[part].values()
    for label, values in rows.items():
        numbers = {n: v for n, v in zip(names, values, strict=True) if v is not None}
        yield label, proof.answer(*proof.judged(numbers, loss))


def test_the_present_rules_name_nine_of_ten_illnesses_with_hardly_a_false_alarm():
    right, alarms = [], []
    for label, answer in answers("zoo"):
        name, side, _ = label.split()
        if side == "sick":
            right.append(answer in ZOO[name].causes)
        else:
            alarms.append(answer in CAUSES)
    alarms += [answer in CAUSES for _, answer in answers("healthy", "cross_entropy")]
    assert len(right) >= 5 * len(ZOO) and np.mean(right) >= 0.9
    assert len(alarms) >= 100 and np.mean(alarms) <= 0.05


def test_the_record_says_what_the_present_rules_say():
    """Else the lesson shows another doctor: `benchmarks/clinic.py --rules-only` puts it right."""
    recorded = {
        f"{name} sick {run.seed}": run.answer
        for name, record in proof.load().items()
        for run in record.sick
    }
    now = dict(answers("zoo"))
    assert {label: now[label] for label in recorded} == recorded
