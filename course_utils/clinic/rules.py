"""From numbers to causes: rules that name what is wrong in any loop, not the zoo's cases.

They stand in the order of their rank. First arithmetic that allows no other reading, and what was
seen to move or not; then what several signs suggest; then how the log is written; last symptoms,
which are a diagnosis only where nothing explains them. There are no probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from course_utils.clinic.habits import OTHER_LOSSES

SEEN, INFERRED, SYMPTOM, NOTE = "seen", "inferred", "symptom", "note"
"""How a cause is known: seen to be so; inferred from several signs; only a symptom, whose cause is
not seen; or harmless, worth knowing."""

VERDICTS = ("sick", "healthy", "young", "unknown")

LIKE = 0.1
"""Largest energy coefficient of samples that count as like the data. Healthy runs of the zoo: up to
0.09 after 200 to 700 steps; sick ones whose illness shows in the samples: 0.06 to 0.8."""
UNLIKE = 0.15
YOUNG = 100
"""Rows of a log below which symptoms prove nothing."""
GAIN = 0.01
"""Improving: while watched, the energy coefficient falls by more than this share of itself."""
_LN2 = math.log(2)


class Finding(NamedTuple):
    """A cause, how it is known, and the numbers that speak for it."""

    cause: str
    grade: str
    evidence: dict[str, float]


class Judgement(NamedTuple):
    """A verdict, one of `VERDICTS`, and the findings in the order of their rank."""

    verdict: str
    findings: list[Finding]


class _Numbers(dict):
    """Numbers of an examination; what is missing is NaN, of which no comparison is true."""

    def __missing__(self, name: str) -> float:
        return float("nan")


class _Rule(NamedTuple):
    cause: str
    grade: str
    holds: Callable[[_Numbers], bool]
    evidence: tuple[str, ...]


def judge(numbers: Mapping[str, float], loss: str | None = None) -> Judgement:
    """Rank the causes that the numbers of `examination.examine` speak for.

    Args:
        numbers: any of them; a rule whose numbers are missing is silent.
        loss: "cross_entropy", a name in `habits.OTHER_LOSSES`, or "other"; None lets the log
            decide, and means cross-entropy if it fits nothing.

    Returns:
        Verdict "sick" with findings; "healthy" if there are none and the samples are like the data
        (energy at most `LIKE`); "young" if there are at most symptoms and the log is short, or the
        samples are getting better; "unknown" if they are unlike the data and no rule says why.
    """
    t = _Numbers(numbers)
    if t["finite"] == 0:
        return Judgement("sick", [_finding(_DIVERGED, t)])
    t["cross_entropy"] = float(_is_cross_entropy(t, loss))
    t["d_level"] = t["logged_d_loss"] / (2 if _summed(t) else 1)
    found = [_finding(rule, t) for rule in _RULES if rule.holds(t)]
    illnesses = [f for f in found if f.grade in (SEEN, INFERRED)]
    symptoms = [f for f in found if f.grade == SYMPTOM]
    if illnesses:
        return Judgement("sick", found)
    young = t["rows"] < YOUNG or (t["energy"] > LIKE and _improving(t))
    if young:
        lowered = [f._replace(grade=NOTE) if f.grade == SYMPTOM else f for f in found]
        return Judgement("young", lowered)
    if symptoms:
        return Judgement("sick", found)
    return Judgement("healthy" if t["energy"] <= LIKE else "unknown", found)


def _finding(rule: _Rule, t: _Numbers) -> Finding:
    shown = {name: t[name] for name in rule.evidence if name in t and not math.isnan(t[name])}
    return Finding(rule.cause, rule.grade, shown)


# --- what the rules ask -----------------------------------------------------------------------


def _logged(t: _Numbers, habit: str) -> list[tuple[float, float, float, float]]:
    """For D and G: what was logged, its deviation, the right loss, the habit's loss.

    Best from the very steps that were watched, else from the log's end and the present weights.
    """
    step = "stepwise_" if "stepwise_logged_d" in t else ""
    rows = []
    for player in "dg":
        logged = t[f"stepwise_logged_{player}"] if step else t[f"logged_{player}_loss"]
        deviation = t[f"logged_{player}_loss_sd"]
        right = t[f"{step}proper_{player}_loss"]
        rows.append((logged, deviation, right, t[f"{step}as_{habit}_{player}"]))
    return rows


def explained(t: _Numbers, habit: str) -> bool:
    """Whether the log is what this habit writes, and clearly not the right loss."""
    rows = _logged(t, habit)
    near = sum(abs(logged - other) for logged, _, _, other in rows)
    far = sum(abs(logged - right) for logged, _, right, _ in rows)
    close = all(
        abs(logged - other) < 0.1 + 0.15 * abs(logged) + 2 * (0.0 if math.isnan(sd) else sd)
        for logged, sd, _, other in rows
    )
    return close and near < far / 2 and far > 0.2


def _summed(t: _Numbers) -> bool:
    (logged, _, right, twice), _ = _logged(t, "summed")
    return logged > 0.2 and abs(logged - twice) < abs(logged - right) / 4


def _is_cross_entropy(t: _Numbers, loss: str | None) -> bool:
    if loss is not None:
        return loss == "cross_entropy"
    if t["d_ends_in_sigmoid"] == 1:
        return True
    own = any(explained(t, habit) for habit in ("probability", "minimax", "summed"))
    return own or not any(explained(t, name) for name in OTHER_LOSSES)


def _waiting(t: _Numbers) -> bool:
    """The log itself says that only one player's turn has come."""
    rows = (t["d_rows"], t["g_rows"])
    return min(rows) == 0 and max(rows) > 0


def _still(t: _Numbers, player: str, other: str) -> bool:
    moved = t[f"{player}_moves"] != 0 or t[f"{player}_ever_moved"] == 1
    return not moved and t[f"{other}_moves"] > 0 and not _waiting(t)


def _negative_g(t: _Numbers) -> bool:
    """G's cross-entropy below 0: it is log(1 - D(G(z))), or its target is beyond 1."""
    return t["cross_entropy"] == 1 and t["logged_g_loss"] < 0


def _minimax_by_direction(t: _Numbers) -> bool:
    """Without a log: G goes down the minimax loss much rather than down the other."""
    unlogged = math.isnan(t["logged_g_loss"])
    return unlogged and t["g_align_minimax"] > 0.3 and t["g_align_minimax"] > t["g_align"] + 0.2


def _saturated(t: _Numbers) -> bool:
    return t["fake_belief_single"] < 0.15


def _beyond_one(t: _Numbers) -> bool:
    excess, error = t["implied_target"] - 1, t["implied_target_error"]
    plain = t["cross_entropy"] == 1 and not _summed(t) and not _running_mean(t)
    in_training = t["bn_moves"] != 0 and t["dropout_moves"] != 0  # else D was asked otherwise
    return plain and in_training and error < 0.1 and excess > max(0.1, 4 * error)


def _g_taught_wrong(t: _Numbers) -> bool:
    # Near equilibrium gradients are noise: their direction needs the log's word as well.
    (_, _, _, _), (logged, _, right, minimax) = _logged(t, "minimax")
    wrong = -minimax  # cross-entropy with the target 0
    says_so = abs(logged - right) >= 0.5 or abs(logged - wrong) < abs(logged - right) / 4
    swapped = t["d_align"] < -0.1 and t["auc"] < 0.5  # both players: another name, no illness
    return t["g_align"] < -0.1 and not logged < 0 and says_so and not swapped


def _nothing_learned(t: _Numbers) -> bool:
    """D's loss is ln 2, now and at its best; yet the samples are unlike the data."""
    level = abs(t["d_level"] - _LN2) < 0.03 and t["logged_d_loss_min"] > 0.5
    easy = not t["second_opinion"] > 0.6  # missing: not asked
    return t["d_moves"] > 0 and level and easy and t["energy"] > UNLIKE and t["rows"] >= YOUNG


def _taking_turns(t: _Numbers) -> bool:
    if t["longest_phase"] < 4 or t["regular_turns"] == 1:
        return False
    if "d_rows" in t and "g_rows" in t:
        return t["d_rows"] != t["g_rows"]
    return t["d_ever_moved"] == t["g_ever_moved"] == 1


def _running_mean(t: _Numbers) -> bool:
    """Unwound, a curve is as rough as batches are; a log of the values would be rougher by far."""
    for player in "dg":
        ratio = t[f"logged_{player}_loss_unwound"] / (1.13 * t[f"batch_sd_{player}"] or 1.0)
        if t["rows"] >= YOUNG and 0.02 < ratio < t["rows"] / 10:
            return True
    return False


def _too_strong(t: _Numbers) -> bool:
    """D tells nearly every sample, and is sure of it or hardly given an answer by G.

    Measured shares g_moves / d_moves: healthy 0.2 and more, G's rate far too low up to 0.05.
    """
    unanswered = t["fake_belief_single"] < 0.05 or t["g_moves"] < 0.05 * t["d_moves"]
    return t["auc"] > 0.98 and unanswered and t["energy"] > LIKE and not _negative_g(t)


def _improving(t: _Numbers) -> bool:
    return t["energy_gain"] > GAIN * t["energy"]


_LOSSES = ("logged_d_loss", "proper_d_loss", "logged_g_loss", "proper_g_loss")
_STEPS = ("d_moves", "g_moves", "d_rows", "g_rows")
_DIVERGED = _Rule("diverged", SEEN, lambda t: t["finite"] == 0, ("finite", "rows"))

_RULES = (
    _Rule("logits_as_probabilities", SEEN,
          lambda t: t["d_ends_in_sigmoid"] == 0 and explained(t, "probability"),
          (*_LOSSES, "as_probability_d", "as_probability_g")),
    _Rule("double_sigmoid", SEEN,
          lambda t: t["d_ends_in_sigmoid"] == 1 and explained(t, "logit"),
          (*_LOSSES, "as_logit_d", "as_logit_g")),
    _Rule("d_frozen", SEEN, lambda t: _still(t, "d", "g"), _STEPS),
    _Rule("g_frozen", SEEN, lambda t: _still(t, "g", "d"), _STEPS),
    _Rule("minimax_saturated", SEEN, lambda t: _negative_g(t) and _saturated(t),
          ("logged_g_loss", "fake_belief_single", "g_minimax_gradient", "g_gradient")),
    _Rule("targets_beyond_one", SEEN,
          lambda t: t["cross_entropy"] == 1 and t["logged_d_loss_min"] < -0.02,
          ("logged_d_loss_min", "largest_logit")),
    _Rule("g_wrong_label", SEEN, _g_taught_wrong, ("g_align", "logged_g_loss", "proper_g_loss")),
    _Rule("d_wrong_label", SEEN,
          lambda t: t["d_align"] < -0.1 and t["auc"] < 0.3 and not t["g_align"] < -0.05,
          ("d_align", "auc", "g_align")),
    _Rule("range", SEEN, lambda t: t["out_of_reach"] > 0.05,
          ("out_of_reach", "real_min", "real_max", "fake_min", "fake_max")),
    _Rule("wrong_mode", SEEN,
          lambda t: (t["bn_moves"] == 0 or t["dropout_moves"] == 0) and not _waiting(t),
          ("bn_moves", "dropout_moves", "bn_untouched")),
    _Rule("labels_broken", INFERRED, _nothing_learned,
          ("logged_d_loss", "second_opinion", "energy", "d_align")),
    _Rule("rate_too_high", INFERRED,
          lambda t: max(t["d_moves"], t["g_moves"]) > 0.1 or t["largest_logit"] > 1e4,
          ("d_moves", "g_moves", "largest_logit")),
    _Rule("minimax_saturated", INFERRED, lambda t: _minimax_by_direction(t) and _saturated(t),
          ("g_align", "g_align_minimax", "fake_belief_single")),
    _Rule("targets_beyond_one", INFERRED,
          lambda t: _beyond_one(t) and not t["logged_d_loss_min"] < -0.02,
          ("implied_target", "implied_target_error")),
    _Rule("phases", INFERRED, _taking_turns, ("longest_phase", "d_rows", "g_rows")),
    _Rule("d_bn_mixed", INFERRED,
          lambda t: t["d_batch_norms"] > 0 and t["mixed_single_gap"] > 0.1 and t["bn_moves"] != 0,
          ("mixed_single_gap", "fake_belief_mixed", "fake_belief_single")),
    _Rule("running_mean", INFERRED, _running_mean,
          ("logged_d_loss_roughness", "logged_d_loss_unwound", "batch_sd_d",
           "logged_g_loss_roughness", "logged_g_loss_unwound", "batch_sd_g")),
    _Rule("collapse", SYMPTOM, lambda t: t["spread"] < 0.1, ("spread", "energy")),
    _Rule("d_too_strong", SYMPTOM, _too_strong,
          ("real_belief", "fake_belief_single", "auc", "d_moves", "g_moves", "energy")),
    _Rule("minimax", NOTE, lambda t: _negative_g(t) and not _saturated(t),
          ("logged_g_loss", "fake_belief_single")),
    _Rule("labels_swapped", NOTE, lambda t: t["d_align"] < -0.1 and t["g_align"] < -0.1
          and t["auc"] < 0.5, ("d_align", "g_align", "auc")),
)  # fmt: skip
"""The order is the rank."""
