import pytest

from course_utils.clinic.rules import judge

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
    assert judge({"finite": 1.0}).verdict == "unknown"


@pytest.mark.parametrize(
    ("cause", "changes"),
    [
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
        ("labels_broken", {"logged_d_loss": 0.693, "logged_d_loss_min": 0.67, "energy": 0.4,
                           "second_opinion": 0.2}),
        ("rate_too_high", {"g_moves": 0.4}),
        ("phases", {"longest_phase": 9.0, "g_rows": 3.0}),
        ("d_bn_mixed", {"d_batch_norms": 2.0, "mixed_single_gap": 0.7}),
        ("running_mean", {"logged_d_loss_unwound": 0.01}),
        ("collapse", {"spread": 0.02, "energy": 0.5}),
        ("d_too_strong", {"fake_belief_single": 0.001, "auc": 1.0, "energy": 0.3}),
    ],
)  # fmt: skip
def test_each_illness_is_ranked_first(cause, changes):
    assert top(**changes) == ("sick", cause)


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


def test_a_symptom_of_a_young_run_is_a_note():
    verdict, findings = judge({**HEALTHY, "spread": 0.02, "energy": 0.5, "rows": 60.0})
    assert verdict == "young" and findings[0].grade == "note"


def test_another_loss_is_not_judged_by_the_arithmetic_of_cross_entropy():
    critic = {**HEALTHY, "logged_d_loss": -1.5, "logged_d_loss_min": -3.0, "logged_g_loss": -0.4}
    assert judge(critic).verdict == "sick"
    assert judge(critic, loss="wasserstein").verdict == "healthy"
    told_by_log = {**critic, "as_wasserstein_d": -1.5, "as_wasserstein_g": -0.4}
    assert judge(told_by_log).verdict == "healthy"
