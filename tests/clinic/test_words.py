import pytest

from course_utils.clinic import rules
from course_utils.clinic.words import CAUSES, GRADES, VERDICTS


def test_every_cause_verdict_and_grade_has_words():
    named = {rule.cause for rule in rules._RULES} | {rules._DIVERGED.cause}
    assert named == set(CAUSES)
    assert set(VERDICTS) == set(rules.VERDICTS)
    assert set(GRADES) == {rules.SEEN, rules.INFERRED, rules.SYMPTOM, rules.NOTE}


@pytest.mark.parametrize("cause", CAUSES)
def test_both_languages_say_something(cause):
    for words in CAUSES[cause]:
        assert words.en and any("\u4e00" <= c <= "\u9fff" for c in words.zh)
