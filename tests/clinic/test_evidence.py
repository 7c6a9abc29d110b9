from course_utils.clinic import evidence, rules


def test_every_number_that_is_shown_has_a_name_in_both_languages():
    shown = {name for rule in (*rules._RULES, rules._DIVERGED) for name in rule.evidence}
    assert shown | set(evidence._USUAL) <= set(evidence.NAMES)
    for name in evidence.NAMES.values():
        assert name.en != name.zh and any("\u4e00" <= c <= "\u9fff" for c in name.zh)


def test_numbers_are_said_in_the_language_in_use(speak):
    speak("en")
    assert evidence.said({"auc": 0.98765, "missed": 0}) == (
        "AUC of D, real against generated = 0.988; share of real ones near no sample = 0"
    )
    speak("zh")
    assert evidence.said({"auc": 0.5, "missed": 0}).count("；") == 1


def test_what_is_unusual_is_found_and_the_most_telling_first():
    usual = {"strays": 0.4, "auc": 0.7, "largest_logit": 2.0, "energy": 0.9}
    assert evidence.unusual(usual) == {}
    odd = {**usual, "largest_logit": 50.0, "auc": 0.01, "fake_belief": 0.99, "d_moves": 0.5}
    assert list(evidence.unusual(odd)) == ["auc", "fake_belief", "largest_logit"]
    assert evidence.unusual({"auc": float("nan")}) == {}


def test_what_is_unusual_is_said_beside_what_is_usual(speak):
    speak("en")
    assert evidence.beside_usual({"auc": 0.012, "largest_logit": 50.0}) == (
        "AUC of D, real against generated = 0.012 (usual: 0.3 … 0.95); "
        "largest logit = 50 (usual: 0 … 10)"
    )
    speak("zh")
    assert evidence.beside_usual({"auc": 0.012}).endswith("0.012（通常 0.3 … 0.95）")


def test_names_mean_something_alone():
    for name in evidence.NAMES.values():
        assert not name.en.startswith(("the same", "its ", "of ")) and "的同一" not in name.zh
