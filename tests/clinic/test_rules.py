import pytest

from course_utils.clinic.rules import judge

NAN = float("nan")
HEALTHY = {
    "finite": 1.0, "rows": 700.0, "d_ends_in_sigmoid": 0.0, "energy": 0.02, "spread": 1.0,
    "logged_d_loss": 0.62, "logged_d_loss_sd": 0.03, "proper_d_loss": 0.61,
    "logged_d_loss_min": 0.45, "logged_g_loss": 0.83, "logged_g_loss_sd": 0.05,
    "proper_g_loss": 0.80, "as_minimax_g": -0.6, "as_minimax_d": 0.61,
    "as_probability_d": 2.3, "as_probability_g": 3.0, "as_summed_d": 1.22, "as_summed_g": 0.8,
    "d_moves": 0.01, "g_moves": 0.007, "d_rows": 16.0, "g_rows": 16.0, "longest_phase": 0.0,
    "d_align": 0.1, "g_align": 0.2, "auc": 0.8, "fake_belief_single": 0.45,
    "largest_logit": 1.3, "out_of_reach": 0.0, "mixed_single_gap": 0.0, "d_batch_norms": 0.0,
    "batch_sd_d": 0.004, "logged_d_loss_unwound": 30.0, "second_opinion": 0.55,
    "logged_d_loss_median": 0.62, "logged_d_loss_unwinding": 1.0, "strays": 0.4, "growth": 0.0,
}  # fmt: skip


def top(**changes):
    verdict, findings = judge({**HEALTHY, **changes})
    return verdict, findings[0].cause if findings else None


def test_healthy_young_and_unknown_are_told_apart():
    assert top() == ("healthy", None)
    assert top(energy=0.3) == ("unknown", None)
    assert top(energy=0.3, energy_gain=0.02) == ("young", None)
    assert top(energy=0.3, energy_gain=0.001) == ("unknown", None)
    assert top(rows=40.0) == ("young", None)
    assert top(rows=60.0) == ("healthy", None)
    assert top(rows=60.0, energy=0.3) == ("young", None)
    assert top(strays=0.95) == ("unknown", None)
    assert top(missed=0.7, strays=0.7) == ("unknown", None)
    assert top(obedience=0.2, rows=60.0) == ("young", None)
    assert judge({"finite": 1.0}).verdict == "unknown"


def test_without_a_log_symptoms_are_no_diagnosis():
    collapsed = {**HEALTHY, "spread": 0.02, "energy": 0.5}
    assert judge(collapsed).verdict == "sick"
    verdict, (finding,) = judge({k: v for k, v in collapsed.items() if k != "rows"})
    assert verdict == "young" and (finding.cause, finding.grade) == ("collapse", "note")


STRONG = {"fake_belief_single": 0.001, "auc": 1.0, "logged_d_loss_median": 0.05, "energy": 0.3}
ILLNESSES = [
        ("diverged", {"finite": 0.0}),
        ("d_frozen", {"d_moves": 0.0}),
        ("g_frozen", {"g_moves": 0.0}),
        ("logits_as_probabilities",
         {"logged_d_loss": 7.9, "as_probability_d": 8.0, "proper_d_loss": 4.7,
          "logged_g_loss": 0.5, "as_probability_g": 0.6, "proper_g_loss": 0.03}),
        ("double_sigmoid",
         {"d_ends_in_sigmoid": 1.0, "logged_d_loss": 0.81, "as_logit_d": 0.81,
          "proper_d_loss": 8.1, "logged_g_loss": 0.31, "as_logit_g": 0.31,
          "proper_g_loss": 1e-6}),
        ("minimax_saturated", {"logged_g_loss": -5e-6, "fake_belief_single": 0.0, "auc": 1.0}),
        ("targets_beyond_one", {"logged_d_loss_min": -0.4}),
        ("targets_beyond_one", {"implied_target": 1.3, "implied_target_error": 0.03}),
        ("g_wrong_label", {"g_align": -0.3, "logged_g_loss": 1e-5, "proper_g_loss": 24.0}),
        ("d_wrong_label", {"d_align": -0.5, "auc": 0.1}),
        ("range", {"out_of_reach": 0.2}),
        ("wrong_mode", {"bn_moves": 0.0}),
        ("labels_broken", {"logged_d_loss_median": 0.693, "logged_d_loss_min": 0.67, "energy": 0.4,
                           "second_opinion": 0.2}),
        ("rate_too_high", {"g_moves": 0.4}),
        ("phases", {"longest_phase": 9.0, "g_rows": 3.0}),
        ("d_bn_mixed", {"d_batch_norms": 2.0, "mixed_single_gap": 0.7}),
        ("running_mean", {"logged_d_loss_unwound": 0.01}),
        ("running_mean", {"logged_d_loss_unwound": 0.01, "batch_sd_g": 0.01,
                          "logged_g_loss_unwound": 0.05}),
        ("collapse", {"spread": 0.02, "energy": 0.5}),
        ("collapse", {"spread": 0.02, "energy": 0.5, "energy_gain": 0.1, "growth": 0.3}),
        ("critic_unbounded",
         {"logged_d_loss": -1.2, "logged_d_loss_min": -21.0, "logged_d_loss_max": 17.0,
          "as_wasserstein_d": -1.1, "proper_d_loss": 16.7, "logged_g_loss": 35.0,
          "as_wasserstein_g": 34.6, "proper_g_loss": 34.6, "slope_at_fakes": 8.4}),
        ("modes_missed", {"missed": 0.6, "strays": 0.1}),
        ("part_frozen", {"g_part_still": 0.3}),
    ("part_frozen", {"d_part_still": 0.3}),
    ("rate_too_high", {"d_moves": 0.2}),
    ("rate_too_high", {"largest_logit": 2e4}),
    ("wrong_mode", {"dropout_moves": 0.0}),
    ("g_wrong_label", {"g_align": -0.3, "logged_g_loss": 0.6, "proper_g_loss": 0.8}),
    ("phases", {"longest_phase": 9.0, "d_rows": NAN, "g_rows": NAN, "d_ever_moved": 1.0,
                "g_ever_moved": 1.0}),
    ("one_answer", {"logged_d_loss_median": 1e-4, "proper_d_loss": 9.0, "real_belief": 1e-3,
                    "fake_belief": 1e-4}),
        ("stale_statistics",
         {"g_mode_gap": 0.5, "energy": 0.4, "energy_training": 0.05, "batch_norms": 2.0,
          "logged_d_loss_median": 0.693, "second_opinion": 0.1}),
        ("condition_ignored", {"g_hears": 0.0}),
        ("condition_ignored", {"d_hears": 0.0}),
        ("condition_ignored", {"d_asks": 0.0}),
        ("condition_ignored", {"obedience": 0.1, "pairs_known": 0.9, "pairs_chance": 0.5}),
        ("pairing_broken", {"obedience": 0.1, "pairs_known": 0.6, "pairs_chance": 0.5}),
        ("pairing_broken", {"class_agreement": 0.13, "class_chance": 0.1,
                            "class_chance_error": 0.01}),
        ("one_answer", {"logged_d_loss_median": 1e-4, "proper_d_loss": 9.0, "real_belief": 1.0,
                        "fake_belief": 0.99}),
        ("d_loses", {"logged_d_loss_median": 3.0, "proper_d_loss": 2.9, "energy": 0.5}),
        ("d_too_weak", {"largest_logit": 0.03, "second_opinion": 0.2, "energy": 0.3}),
        ("minimax_saturated", {"logged_g_loss": NAN, "g_align_minimax": 0.2, "g_align": -0.1,
                               "fake_belief_single": 0.03}),
        ("logits_as_probabilities",  # the log's level says so, its last steps swing too much
         {"stepwise_logged_d": 7.0, "stepwise_proper_d_loss": 8.3, "stepwise_logged_g": 2.0,
          "stepwise_proper_g_loss": 1.6, "stepwise_as_probability_d": 7.2,
          "stepwise_as_probability_g": 3.0, "logged_d_loss": 2.95, "as_probability_d": 3.4,
          "proper_d_loss": 0.34, "logged_g_loss": 16.118, "logged_g_loss_sd": 0.0,
          "as_probability_g": 16.118, "proper_g_loss": 8.83}),
        ("double_sigmoid",  # with D's loss summed
         {"d_ends_in_sigmoid": 1.0, "logged_d_loss": 1.62, "as_logit_d": 0.81,
          "proper_d_loss": 8.1, "logged_g_loss": 0.31, "as_logit_g": 0.31,
          "proper_g_loss": 1e-6}),
        ("d_too_strong", STRONG),
        ("d_too_strong", {**STRONG, "energy_gain": 0.1, "logged_d_loss_median": 0.001}),
        ("d_too_strong", {"fake_belief_single": 0.3, "auc": 1.0, "energy": 0.4, "g_moves": 1e-5}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "changes"), ILLNESSES)
def test_each_illness_is_ranked_first(cause, changes):
    assert top(**changes) == ("sick", cause)


SILENCED = [
    ("d_frozen", {"g_moves": 0.0}),
    ("logits_as_probabilities", {"d_ends_in_sigmoid": 1.0}),
    ("logits_as_probabilities", {"logged_g_loss_max": 23.0}),
    ("double_sigmoid", {"d_ends_in_sigmoid": 0.0}),
    ("double_sigmoid", {"as_logit_d": 4.0}),
    ("minimax_saturated", {"fake_belief_single": 0.4}),
    ("minimax_saturated", {"logged_g_loss": 0.1}),
    ("minimax_saturated", {"d_ends_in_sigmoid": 0.0, "as_wasserstein_d": 0.62,
                           "as_wasserstein_g": -5e-6, "proper_d_loss": 9.0}),
    ("g_wrong_label", {"g_align": 0.1}),
    ("g_wrong_label", {"logged_g_loss": 24.1}),
    ("g_wrong_label", {"logged_g_loss": -0.1}),
    ("g_wrong_label", {"d_align": -0.3, "auc": 0.3}),
    ("d_wrong_label", {"auc": 0.6}),
    ("d_wrong_label", {"d_align": 0.1}),
    ("d_wrong_label", {"g_align": -0.2}),
    ("wrong_mode", {"d_rows": 0.0}),
    ("labels_broken", {"logged_d_loss_min": 0.4}),
    ("labels_broken", {"logged_d_loss_median": 0.6}),
    ("labels_broken", {"largest_logit": 0.03}),
    ("labels_broken", {"d_align": 0.7}),
    ("labels_broken", {"energy_training": 0.05}),
    ("labels_broken", {"energy": 0.12}),
    ("labels_broken", {"d_moves": 0.0}),
    ("labels_broken", {"second_opinion": 0.68}),
    ("labels_broken", {"rows": 90.0}),
    ("phases", {"regular_turns": 1.0}),
    ("phases", {"g_rows": 16.0}),
    ("d_bn_mixed", {"d_batch_norms": 0.0}),
    ("d_bn_mixed", {"mixed_single_gap": 0.05}),
    ("d_bn_mixed", {"bn_moves": 0.0}),
    ("running_mean", {"rows": 90.0}),
    ("d_too_strong", {"auc": 0.9}),
    ("d_too_strong", {"energy": 0.05}),
    ("d_too_strong", {"fake_belief_single": 0.3}),
    ("d_too_strong", {"logged_d_loss_median": 0.2}),
    ("d_too_strong", {"logged_g_loss": -1.0}),
    ("condition_ignored", {"obedience": 0.9, "pairs_known": 0.9, "pairs_chance": 0.5,
                           "g_hears": 0.5}),
    ("part_frozen", {"g_part_still": 0.01}),
    ("stale_statistics", {"g_mode_gap": 0.05}),
    ("stale_statistics", {"energy_training": 0.3}),
    ("stale_statistics", {"batch_norms": 0.0}),
    ("one_answer", {"real_belief": 0.7}),
    ("one_answer", {"proper_d_loss": 0.1}),
    ("one_answer", {"logged_d_loss_median": 0.5}),
    ("one_answer", {"logged_g_loss": -2.0}),
    ("d_loses", {"energy": 0.1}),
    ("d_loses", {"proper_d_loss": 0.7}),
    ("d_loses", {"logged_d_loss_median": 0.7}),
    ("d_too_weak", {"energy": 0.1}),
    ("d_too_weak", {"second_opinion": 0.65}),
    ("d_too_weak", {"rows": 90.0}),
    ("d_too_weak", {"largest_logit": 0.5}),
    ("modes_missed", {"strays": 0.6}),
    ("modes_missed", {"missed": 0.2}),
    ("modes_missed", {"spread": 0.05}),
    ("modes_missed", {"rows": 150.0}),
    ("critic_unbounded", {"slope_at_fakes": 1.0}),
    ("critic_unbounded", {"logged_d_loss_min": 16.0}),
    ("critic_unbounded", {"as_wasserstein_d": 9.0}),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "changes"), SILENCED)
def test_each_sign_is_needed(cause, changes):
    ill = next(sick for name, sick in ILLNESSES if name == cause)
    assert cause not in [f.cause for f in judge({**HEALTHY, **ill, **changes}).findings]


@pytest.mark.parametrize("changes", [
    {"implied_target": 1.3, "implied_target_error": 0.03, "bn_moves": 0.0},
    {"implied_target": 1.3, "implied_target_error": 0.03, "dropout_moves": 0.0},
    {"implied_target": 2.0, "implied_target_error": 0.2},
    {"implied_target": 1.3, "implied_target_error": 0.03, "logged_d_loss_unwound": 0.01},
    {"implied_target": 1.3, "implied_target_error": 0.03, "logged_d_loss": 1.24},
    {"implied_target": 1.3, "implied_target_error": 0.03, "logged_d_loss_median": 0.01,
     "proper_d_loss": 5.0, "real_belief": 0.99, "fake_belief": 0.99},
    {"implied_target": 2.07, "implied_target_error": 0.005, "d_ends_in_sigmoid": 1.0,
     "logged_d_loss": 0.81, "as_logit_d": 0.81, "proper_d_loss": 8.1, "logged_g_loss": 0.31,
     "as_logit_g": 0.31, "proper_g_loss": 1e-6},
    {"logged_g_loss": NAN, "g_align_minimax": 0.2, "g_align": 0.15, "fake_belief_single": 0.03},
    {"logged_g_loss": NAN, "g_align_minimax": 0.05, "g_align": -0.1, "fake_belief_single": 0.03},
    {"logged_g_loss": NAN, "g_align_minimax": 0.2, "g_align": -0.05, "fake_belief_single": 0.3},
])  # fmt: skip
def test_targets_and_minimax_are_inferred_with_care(changes):
    causes = {f.cause for f in judge({**HEALTHY, **changes}).findings}
    assert not causes & {"targets_beyond_one", "minimax_saturated"}


@pytest.mark.parametrize(("first", "second", "changes"), [
    ("d_frozen", "d_loses", {"d_moves": 0.0, "logged_d_loss_median": 3.0, "proper_d_loss": 2.9,
                             "energy": 0.5}),
    ("range", "collapse", {"out_of_reach": 0.2, "spread": 0.02, "energy": 0.5}),
    ("d_too_strong", "collapse", {**STRONG, "spread": 0.02}),
    ("g_wrong_label", "g_frozen", {"g_moves": 0.0, "logged_g_loss": 0.0, "proper_g_loss": 154.0,
                                   "as_minimax_g": 0.0}),
    ("double_sigmoid", "g_frozen",
     {"d_ends_in_sigmoid": 1.0, "logged_d_loss": 0.81, "as_logit_d": 0.81, "proper_d_loss": 8.1,
      "logged_g_loss": 0.31, "as_logit_g": 0.31, "proper_g_loss": 1e-6, "g_moves": 0.0}),
    ("phases", "d_bn_mixed", {"longest_phase": 9.0, "g_rows": 3.0, "d_batch_norms": 2.0,
                              "mixed_single_gap": 0.7}),
])  # fmt: skip
def test_what_explains_more_is_ranked_before(first, second, changes):
    causes = [f.cause for f in judge({**HEALTHY, **changes}).findings]
    assert causes.index(first) < causes.index(second)


@pytest.mark.parametrize(
    "changes",
    [
        {"d_moves": 0.0, "d_rows": 0.0},  # G's turn, not a frozen D
        {"d_moves": 0.0, "d_ever_moved": 1.0},  # it moved later
        {"d_moves": 0.0, "g_moves": 0.0},  # a rate decayed to 0
        {"longest_phase": 5.0, "g_rows": 3.0, "regular_turns": 1.0},  # five D steps to one
        {"g_align": -0.13},  # noise at equilibrium
        {"implied_target": 1.3, "implied_target_error": 0.2},
        {"implied_target": 1.15, "implied_target_error": 0.06},
        {"fake_belief_single": 0.001, "auc": 1.0},  # strong D, good samples
        {"logged_d_loss": 1.24, "logged_d_loss_min": 0.9},  # D's loss summed
        {"logged_d_loss_unwound": 0.01, "logged_d_loss_unwinding": 2.3},  # smoothed, no mean
        {"logged_d_loss_unwound": 0.01, "batch_sd_g": 0.5, "logged_g_loss_unwound": 1e-5},
        {"g_part_still": 0.02, "d_part_still": 0.0},  # a bias that no gradient reaches
        {"g_mode_gap": 0.5, "energy": 0.02, "energy_training": 0.001},
        {
            "obedience": 0.9,
            "pairs_known": 0.6,
            "pairs_chance": 0.5,
            "g_hears": 0.7,
            "d_hears": 0.2,
            "d_asks": 1.0,
            "class_agreement": 0.9,
            "class_chance": 0.1,
            "class_chance_error": 0.01,
        },
        # A strong D with spikes: only in the mean is it near what clipped logits would cost.
        {
            "stepwise_logged_d": 0.004,
            "stepwise_proper_d_loss": 0.004,
            "stepwise_logged_g": 12.1,
            "stepwise_proper_g_loss": 12.1,
            "stepwise_as_probability_d": 0.1,
            "stepwise_as_probability_g": 16.1,
            "logged_d_loss": 0.17,
            "logged_d_loss_sd": 4.0,
            "logged_g_loss": 12.1,
            "logged_g_loss_sd": 3.0,
            "as_probability_g": 16.1,
            "as_probability_d": 0.2,
            "proper_d_loss": 4.0,
            "proper_g_loss": 9.0,
        },
        {
            "logged_d_loss": 0.0,
            "as_probability_d": 0.0,
            "proper_d_loss": 0.0,
            "logged_g_loss": 15.4,
            "logged_g_loss_max": 23.4,
            "as_probability_g": 16.1,
            "proper_g_loss": 12.6,
        },
        {"logged_d_loss_median": 0.693, "logged_d_loss_min": 0.67, "second_opinion": 0.2},
        {
            "logged_d_loss_median": 1e-4,
            "proper_d_loss": 1e-4,
            "real_belief": 1.0,
            "fake_belief": 1e-4,
        },
        {"g_align_minimax": 0.2, "g_align": -0.05, "fake_belief_single": 0.03},  # logged
    ],
)
def test_what_is_no_illness(changes):
    assert judge({**HEALTHY, **changes}).verdict == "healthy"


def test_a_harmless_minimax_loss_and_swapped_labels_are_notes():
    verdict, findings = judge({**HEALTHY, "logged_g_loss": -0.5})
    assert (verdict, [f.cause for f in findings]) == ("healthy", ["minimax"])
    swapped = {"d_align": -0.4, "g_align": -0.4, "auc": 0.2}
    verdict, findings = judge({**HEALTHY, **swapped})
    assert (verdict, [f.cause for f in findings]) == ("healthy", ["labels_swapped"])


@pytest.mark.parametrize("changes", [
    {"spread": 0.02, "energy": 0.5, "rows": 60.0},
    {"spread": 0.02, "energy": 0.5, "growth": 0.5, "rows": 150.0},
    {**STRONG, "energy_gain": 0.1},
])  # fmt: skip
def test_what_a_learning_training_looks_like_is_young(changes):
    verdict, findings = judge({**HEALTHY, **changes})
    assert verdict == "young" and findings[0].grade == "note"


def test_statistics_of_a_young_run_may_lag():
    changes = {
        "g_mode_gap": 0.5,
        "energy": 0.4,
        "energy_training": 0.05,
        "batch_norms": 2.0,
        "rows": 60.0,
    }
    assert top(**changes) == ("young", None)


@pytest.mark.parametrize("changes", [
    {"g_moves": 0.01}, {"logged_g_loss": 154.0}, {"logged_g_loss_min": -1e-6},
    {"proper_g_loss": 2.0}, {"as_minimax_g": -20.0},
])  # fmt: skip
def test_a_g_that_stands_still_is_taught_wrong_only_if_its_log_says_so(changes):
    stuck = {"g_moves": 0.0, "logged_g_loss": 0.0, "proper_g_loss": 154.0, "as_minimax_g": 0.0}
    causes = [f.cause for f in judge({**HEALTHY, **stuck, **changes}).findings]
    assert "g_wrong_label" not in causes


@pytest.mark.parametrize("changes", [{"d_align": 0.1}, {"g_align": 0.1}, {"auc": 0.7}])
def test_labels_are_swapped_only_if_all_signs_agree(changes):
    swapped = {"d_align": -0.4, "g_align": -0.4, "auc": 0.2, **changes}
    assert "labels_swapped" not in [f.cause for f in judge({**HEALTHY, **swapped}).findings]


def test_a_saturated_minimax_loss_is_an_illness_and_no_note():
    saturated = {"logged_g_loss": -5e-6, "fake_belief_single": 0.0}
    assert "minimax" not in [f.cause for f in judge({**HEALTHY, **saturated}).findings]


def test_a_g_that_disobeys_what_d_knows_is_not_called_unpaired():
    known = {"obedience": 0.1, "pairs_known": 0.95, "pairs_chance": 0.5, "g_hears": 0.5}
    assert [f.cause for f in judge({**HEALTHY, **known}).findings] == ["condition_ignored"]
    deaf = {**known, "pairs_known": 0.5, "d_hears": 0.0}
    assert [f.cause for f in judge({**HEALTHY, **deaf}).findings] == ["condition_ignored"]


def test_evidence_holds_what_was_measured():
    finding = judge({**HEALTHY, "d_moves": 0.0}).findings[0]
    assert finding.evidence == {"d_moves": 0.0, "g_moves": 0.007}
    without = judge({"finite": 1.0, "spread": 0.01, "energy": NAN}).findings[0]
    assert without.evidence == {"spread": 0.01}


def test_another_loss_is_not_judged_by_the_arithmetic_of_cross_entropy():
    critic = {**HEALTHY, "logged_d_loss": -1.5, "logged_d_loss_min": -3.0, "logged_g_loss": -0.4}
    assert judge(critic).verdict == "sick"
    assert judge(critic, loss="wasserstein").verdict == "healthy"
    told_by_log = {**critic, "as_wasserstein_d": -1.5, "as_wasserstein_g": -0.4}
    assert judge(told_by_log).verdict == "healthy"
    # D's loss is logged with a penalty that no habit explains: G's curve tells.
    penalised = {**critic, "as_wasserstein_d": -4.0, "as_wasserstein_g": -0.41}
    assert judge(penalised).verdict == "healthy"
