import pytest

from course_utils.clinic import ZOO, Options
from course_utils.clinic.words import CAUSES


@pytest.mark.parametrize("case", ZOO.values(), ids=lambda case: case.name)
def test_twins_differ_in_the_illness_and_its_cause_has_words(case):
    assert case.sick.difference(case.healthy)
    assert case.sick.data == case.healthy.data
    assert set(case.causes) <= set(CAUSES)
    for words in (case.wrong, case.origin):
        assert words.en != words.zh


def test_there_are_ten_different_illnesses():
    assert len({case.causes[0] for case in ZOO.values()}) >= 10


def test_unknown_options_are_refused():
    for changes in ({"data": "cats"}, {"recipe": "magic"}, {"optimizer": "adagrad"}):
        with pytest.raises(ValueError, match=next(iter(changes.values()))):
            Options(**changes)
