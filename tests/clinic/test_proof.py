"""The record itself; what it says of the zoo is tested in test_cases.py."""

import json

import numpy as np
import pytest

from course_utils.clinic import Options, proof
from course_utils.clinic.riddle import VARIANTS
from course_utils.clinic.zoo import SEED_001_CURES

RUN = proof.Run(0, {"energy": 0.5}, "sick", ("range", "collapse"), 1.25, 2.5)


def test_records_come_back_as_they_were_written(tmp_path):
    options = Options(steps=3, betas=(0.0, 0.9))
    runs = tuple(RUN._replace(seed=seed) for seed in range(proof.SEEDS))
    proof.save({options: runs}, tmp_path / "proof.json")
    rows = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert rows[0]["options"] == {"steps": 3, "betas": [0.0, 0.9]}
    assert proof._runs(tmp_path / "proof.json") == {options: runs}


def test_an_incomplete_record_does_not_replace_a_complete_one(tmp_path, speak):
    file = tmp_path / "proof.json"
    file.write_text("[]", encoding="utf-8")
    for language in ("en", "zh"):
        speak(language)
        with pytest.raises(ValueError, match=str(proof.SEEDS)):
            proof.save({Options(): [RUN] * proof.SEEDS, Options(steps=1): [RUN]}, file)
    assert file.read_text(encoding="utf-8") == "[]"


def test_what_is_saved_is_what_is_loaded_next(tmp_path):
    for steps in (1, 2):
        proof.save({Options(steps=steps): [RUN] * proof.SEEDS}, tmp_path / "proof.json")
        assert list(proof._runs(tmp_path / "proof.json")) == [Options(steps=steps)]


def test_a_record_of_other_options_does_not_count(tmp_path, speak):
    rows = json.loads(proof.FILE.read_text(encoding="utf-8"))
    rows[0]["options"]["steps"] = 1
    (tmp_path / "proof.json").write_text(json.dumps(rows), encoding="utf-8")
    for language, words in (("en", r"newer than proof\.json"), ("zh", "没有")):
        speak(language)
        with pytest.raises(ValueError, match=words):
            proof.load(tmp_path / "proof.json")


def test_an_answer_is_the_first_cause_or_the_verdict():
    assert RUN.answer == "range"
    assert RUN._replace(verdict="young").answer == "young"


def test_the_confusion_counts_a_shared_twin_once():
    proofs = {name: proof.Proof((RUN,), (RUN, RUN)) for name in ("g_cut", "g_wrong_label")}
    assert proof.confusion(proofs) == {
        "g_cut": {"range": 1},
        "g_wrong_label": {"range": 1},
        "healthy": {"range": 2},
    }


def test_seed_001_is_cured_by_two_changes_together():
    runs = proof.seed001()
    assert list(runs) == list(SEED_001_CURES)
    late = {name: [run.measures["late_d_loss"] for run in of] for name, of in runs.items()}
    assert max(late["sick"]) < 1e-3
    assert min(late["equal rates, batch normalisation in G"]) > 0.2


def test_the_riddle_is_recorded_for_every_variant():
    tables = proof.riddle()
    assert set(tables) == set(VARIANTS)
    for runs in tables.values():
        assert [run["seed"] for run in runs] == [0, 1, 2]
        assert all(np.shape(run["table"]) == (8, 7) for run in runs)
    for name in ("d_bn", "d_bn_stale"):  # fakes called real by G's step, and fake by D's next
        medians = [np.median(run["switches"], axis=0) for run in tables[name] if run["switches"]]
        assert medians and all(by_g > 0.9 and by_d < 0.1 for by_g, by_d in medians)
