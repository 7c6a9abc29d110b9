"""From numbers to causes: rules that name what is wrong in any loop, not the zoo's cases.

They stand in the order of their rank. First arithmetic that allows no other reading, and what was
seen to move or not; then what several signs suggest; then how the log is written; last symptoms,
which are a diagnosis only where nothing explains them. There are no probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from course_utils.clinic import signs
from course_utils.clinic.logs import LATE
from course_utils.clinic.signs import Numbers

SEEN, INFERRED, SYMPTOM, NOTE = "seen", "inferred", "symptom", "note"
"""How a cause is known: seen to be so; inferred from several signs; only a symptom, whose cause is
not seen; or harmless, worth knowing."""

AT_REST = "at_rest"
"""The note that neither network was seen to move."""

VERDICTS = ("sick", "healthy", "young", "unknown")


class Finding(NamedTuple):
    """A cause, how it is known, and the numbers that speak for it."""

    cause: str
    grade: str
    evidence: dict[str, float]


class Judgement(NamedTuple):
    """A verdict, one of `VERDICTS`, and the findings in the order of their rank."""

    verdict: str
    findings: list[Finding]


class _Rule(NamedTuple):
    cause: str
    grade: str
    holds: Callable[[Numbers], bool]
    evidence: tuple[str, ...]


def judge(numbers: Mapping[str, float], loss: str | None = None) -> Judgement:
    """Rank the causes that the numbers of `examination.examine` speak for.

    Args:
        numbers: any of them; a rule whose numbers are missing is silent.
        loss: "cross_entropy", a name in `habits.OTHER_LOSSES`, or "other"; None lets the log
            decide, and means cross-entropy if it fits nothing.

    Returns:
        Verdict "sick" with findings; "healthy" if there are none and the samples are like the data
        (see `signs.like_the_data`); "young" if the log is too short to be read, or they are unlike
        the data and the log is short or they are getting better, so that symptoms prove nothing, as
        they do without a log, which alone tells how long the training has been;
        "unknown" if they are unlike the data and no rule says why.
    """
    t = Numbers(numbers)
    if t["finite"] == 0:
        return Judgement("sick", [_finding(_DIVERGED, t)])
    t["cross_entropy"] = float(signs.is_cross_entropy(t, loss))
    # The median: a strong D's loss is 0 with spikes.
    level = t["logged_d_loss_median" if "logged_d_loss_median" in t else "logged_d_loss"]
    t["d_level"] = level / (2 if signs.summed(t) else 1)
    found = [_finding(rule, t) for rule in _RULES if rule.holds(t)]
    illnesses = [f for f in found if f.grade in (SEEN, INFERRED)]
    symptoms = [f for f in found if f.grade == SYMPTOM]
    if illnesses:
        return Judgement("sick", found)
    young, ageless = t["rows"] < signs.YOUNG, math.isnan(t["rows"])
    if any(not (young or ageless or signs.excused(f.cause, t)) for f in symptoms):
        return Judgement("sick", found)
    like = signs.like_the_data(t)
    lowered = [f._replace(grade=NOTE) if f.grade == SYMPTOM else f for f in found]
    unread = t["rows"] < LATE
    if symptoms or unread or (not like and (young or signs.improving(t))):
        return Judgement("young", lowered)
    return Judgement("healthy" if like else "unknown", lowered)


def _finding(rule: _Rule, t: Numbers) -> Finding:
    shown = {name: t[name] for name in rule.evidence if name in t and not math.isnan(t[name])}
    return Finding(rule.cause, rule.grade, shown)


_LOSSES = ("logged_d_loss", "proper_d_loss", "logged_g_loss", "proper_g_loss")
_STEPS = ("d_moves", "g_moves")
_DIVERGED = _Rule("diverged", SEEN, lambda t: t["finite"] == 0, ())

_RULES = (
    _Rule("logits_as_probabilities", SEEN,
          lambda t: t["d_ends_in_sigmoid"] == 0 and signs.clipped(t),
          (*_LOSSES, "as_probability_d", "as_probability_g")),
    _Rule("double_sigmoid", SEEN,
          lambda t: t["d_ends_in_sigmoid"] == 1 and signs.explained(t, "logit"),
          (*_LOSSES, "as_logit_d", "as_logit_g")),
    _Rule("g_wrong_label", SEEN, signs.g_stuck_at_wrong_label,
          ("logged_g_loss", "proper_g_loss", "fake_belief_single")),
    _Rule("d_frozen", SEEN, lambda t: signs.still(t, "d", "g"), _STEPS),
    _Rule("g_frozen", SEEN, lambda t: signs.still(t, "g", "d"), _STEPS),
    _Rule("minimax_saturated", SEEN, lambda t: signs.negative_g(t) and signs.saturated(t),
          ("logged_g_loss", "fake_belief_single", "g_minimax_gradient", "g_gradient")),
    _Rule("targets_beyond_one", SEEN,
          lambda t: t["cross_entropy"] == 1 and t["logged_d_loss_min"] < -0.02,
          ("logged_d_loss_min", "largest_logit")),
    _Rule("g_wrong_label", SEEN,
          signs.g_taught_wrong,
          ("g_align", "logged_g_loss", "proper_g_loss")),
    _Rule("d_wrong_label", SEEN,
          lambda t: t["d_align"] < -0.1 and t["auc"] < 0.3 and not t["g_align"] < -0.05,
          ("d_align", "auc", "g_align")),
    _Rule("range", SEEN, lambda t: t["out_of_reach"] > 0.05,
          ("out_of_reach", "real_min", "real_max", "fake_min", "fake_max")),
    _Rule("wrong_mode", SEEN,
          lambda t: (t["bn_moves"] == 0 or t["dropout_moves"] == 0) and not signs.waiting(t),
          ("bn_moves", "dropout_moves", "bn_untouched")),
    _Rule("part_frozen", SEEN, lambda t: t["d_part_still"] > 0.05 or t["g_part_still"] > 0.05,
          ("d_part_still", "g_part_still")),
    _Rule("stale_statistics", SEEN, signs.stale, ("g_mode_gap", "energy", "energy_training")),
    _Rule("condition_ignored", SEEN, signs.class_unheard, ("g_hears", "d_hears", "d_asks")),
    _Rule("pairing_broken", INFERRED, signs.labels_of_data_broken,
          ("class_agreement", "class_chance", "class_chance_error")),
    _Rule("pairing_broken", INFERRED,
          lambda t: signs.disobeyed(t) and not signs.knows_pairs(t) and not signs.class_unheard(t),
          ("class_agreement", "obedience", "pairs_known", "pairs_chance")),
    _Rule("one_answer", SEEN, signs.one_answer,
          ("logged_d_loss", "proper_d_loss", "real_belief", "fake_belief")),
    _Rule("labels_broken", INFERRED, signs.nothing_learned,
          ("logged_d_loss", "second_opinion", "energy", "d_align")),
    _Rule("rate_too_high", INFERRED,
          lambda t: t["d_moves"] > 0.1 or t["g_moves"] > 0.1 or t["largest_logit"] > 1e4,
          ("d_moves", "g_moves", "largest_logit")),
    _Rule("critic_unbounded", INFERRED, signs.unbounded,
          ("slope_at_fakes", "logged_d_loss_min", "logged_d_loss_max")),
    _Rule("minimax_saturated", INFERRED,
          lambda t: signs.minimax_by_direction(t) and signs.saturated(t),
          ("g_align", "g_align_minimax", "fake_belief_single")),
    _Rule("targets_beyond_one", INFERRED,
          lambda t: signs.beyond_one(t) and not t["logged_d_loss_min"] < -0.02,
          ("implied_target", "implied_target_error")),
    _Rule("phases", INFERRED, signs.taking_turns, ("longest_phase", "d_rows", "g_rows")),
    _Rule("d_bn_mixed", INFERRED,
          lambda t: t["d_batch_norms"] > 0 and t["mixed_single_gap"] > 0.1 and t["bn_moves"] != 0,
          ("mixed_single_gap", "fake_belief_mixed", "fake_belief_single")),
    _Rule("running_mean", INFERRED, signs.running_mean,
          ("logged_d_loss_roughness", "logged_d_loss_unwound", "batch_sd_d",
           "logged_g_loss_roughness", "logged_g_loss_unwound", "batch_sd_g")),
    _Rule("d_loses", SYMPTOM, signs.loses, ("logged_d_loss", "proper_d_loss", "energy")),
    _Rule("d_too_weak", SYMPTOM, signs.too_weak,
          ("largest_logit", "second_opinion", "logged_d_loss", "energy")),
    _Rule("d_too_strong", SYMPTOM, signs.too_strong,
          ("real_belief", "fake_belief_single", "auc", "d_moves", "g_moves", "energy")),
    _Rule("collapse", SYMPTOM, lambda t: t["spread"] < 0.1, ("spread", "energy")),
    _Rule("condition_ignored", SYMPTOM,
          lambda t: signs.disobeyed(t) and signs.knows_pairs(t) and not signs.class_unheard(t),
          ("obedience", "g_hears", "pairs_known")),
    _Rule("modes_missed", SYMPTOM, signs.misses_modes, ("missed", "strays", "spread")),
    _Rule(AT_REST, NOTE, lambda t: t["d_ever_moved"] == t["g_ever_moved"] == 0, _STEPS),
    _Rule("minimax", NOTE, lambda t: signs.negative_g(t) and not signs.saturated(t),
          ("logged_g_loss", "fake_belief_single")),
    _Rule("labels_swapped", NOTE, lambda t: t["d_align"] < -0.1 and t["g_align"] < -0.1
          and t["auc"] < 0.5, ("d_align", "g_align", "auc")),
)  # fmt: skip
"""The order is the rank."""
