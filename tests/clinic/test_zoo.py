import pytest

from course_utils.clinic import ZOO, Options
from course_utils.clinic.proof import MEASURES
from course_utils.clinic.words import CAUSES


@pytest.mark.parametrize("case", ZOO.values(), ids=lambda case: case.name)
def test_twins_differ_in_the_illness_and_its_cause_has_words(case):
    assert case.sick.difference(case.healthy)
    assert case.sick.data == case.healthy.data
    assert set(case.causes) <= set(CAUSES)
    for words in (case.wrong, case.origin):
        assert words.en != words.zh


@pytest.mark.parametrize("case", ZOO.values(), ids=lambda case: case.name)
def test_the_limits_of_the_measure_leave_a_gap(case):
    well, ill = case.limits
    assert case.measure in MEASURES
    assert case.shows(ill) and not case.shows((well + ill) / 2) and not case.shows(well)
    assert case.cured(well) and not case.cured((well + ill) / 2) and not case.cured(ill)


def test_there_are_ten_different_illnesses():
    assert len({case.causes[0] for case in ZOO.values()}) >= 10


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data": "cats"}, "cats"),
        ({"recipe": "magic"}, "magic"),
        ({"optimizer": "adagrad"}, "adagrad"),
        ({"conditional": True, "data": "digits"}, "data='ring'"),
        ({"conditional": True, "recipe": "flag"}, "recipe='explicit'"),
        ({"shuffled_conditions": True}, "conditional=True"),
    ],
)
def test_options_that_make_no_patient_are_refused(changes, words, speak):
    for language in ("en", "zh"):
        speak(language)
        with pytest.raises(ValueError, match=words):
            Options(**changes)
