"""What the rules ask of an examination's numbers: one question, yes or no, for each sign."""

from __future__ import annotations

import math

from course_utils.clinic.habits import OTHER_LOSSES

LIKE = 0.1
"""Largest energy coefficient of samples that count as like the data. Healthy runs of the zoo: up to
0.09 after 200 to 700 steps; sick ones whose illness shows in the samples: 0.06 to 0.8."""
UNLIKE = 0.15
YOUNG = 100
"""Rows of a log below which symptoms prove nothing."""
GAIN = 0.01
"""Improving: while watched, the energy coefficient falls by more than this share of itself."""
GROWING = 0.2
"""By which share of itself samples grow in width while watched, where a G is just starting."""
STRAYS = 0.85
"""Largest share of strays (see `likeness.strays`) among healthy samples. Measured: ring after 60 to
300 steps 0.88 to 0.97, after 700 0.6 to 0.7; other data after 400 0.01 to 0.7."""
FLAT = 0.05
"""Largest logit of a D that says the same of everything: R1 of weight 100 gave 0.04, shuffled
labels 0.06 to 5.8."""
MISSED = 0.6
"""Largest share of real samples that healthy ones miss. Measured: 0.02 to 0.47 after 400 steps or
more, 0.1 to 1 after 60 to 150."""
OBEDIENT = 0.5
"""Least obedience (see `pairing.pairing_numbers`) of a healthy conditional generator."""
_LN2 = math.log(2)


class Numbers(dict):
    """Numbers of an examination; what is missing is NaN, of which no comparison is true."""

    def __missing__(self, name: str) -> float:
        return float("nan")


def _logged(t: Numbers, habit: str, step: str) -> list[tuple[float, float, float, float]]:
    """For D and G: what was logged, its deviation, the right loss, the habit's loss.

    With step "stepwise_" from the very steps that were watched, with "" from the log's end and the
    present weights.
    """
    rows = []
    for player in "dg":
        logged = t[f"stepwise_logged_{player}"] if step else t[f"logged_{player}_loss"]
        deviation = t[f"logged_{player}_loss_sd"]
        right = t[f"{step}proper_{player}_loss"]
        rows.append((logged, deviation, right, t[f"{step}as_{habit}_{player}"]))
    return rows


def _best(t: Numbers, habit: str) -> list[tuple[float, float, float, float]]:
    return _logged(t, habit, "stepwise_" if "stepwise_logged_d" in t else "")


def explained(t: Numbers, habit: str) -> bool:
    """Whether the log is what this habit writes, and clearly not the right loss.

    D's loss may be logged as the mean of its two halves or as their sum.
    """
    attempts = [_best(t, habit)]
    if "stepwise_logged_d" in t:  # batches may differ much; the log's level, then, must fit closely
        attempts.append([(*row[:1], 0.0, *row[2:]) for row in _logged(t, habit, "")])
    halved = [[(d[0] / 2, d[1] / 2, *d[2:]), g] for d, g in attempts]
    return any(map(_fits, attempts + halved))


def _fits(rows: list[tuple[float, float, float, float]]) -> bool:
    near = sum(abs(logged - other) for logged, _, _, other in rows)
    far = sum(abs(logged - right) for logged, _, right, _ in rows)
    close = all(
        abs(logged - other) < 0.1 + 0.15 * abs(logged) + 2 * (0.0 if math.isnan(sd) else sd)
        for logged, sd, _, other in rows
    )
    return close and near < far / 2 and far > 0.2


def clipped(t: Numbers) -> bool:
    """The log is what a loss writes that takes logits for clipped probabilities: 16.1 at most."""
    return explained(t, "probability") and not t["logged_g_loss_max"] > 16.2


def summed(t: Numbers) -> bool:
    """D's loss is the sum of both halves, not their mean."""
    (logged, _, right, twice), _ = _best(t, "summed")
    return logged > 0.2 and abs(logged - twice) < abs(logged - right) / 4


def is_cross_entropy(t: Numbers, loss: str | None) -> bool:
    """Whether the arithmetic of cross-entropy holds for the log."""
    if loss is not None:
        return loss == "cross_entropy"
    if t["d_ends_in_sigmoid"] == 1:
        return True
    if any(explained(t, habit) for habit in ("probability", "minimax", "summed")):
        return True
    # G's curve alone may tell: a penalty is often logged with D's.
    return not any(explained(t, name) or _explained_g(t, name) for name in OTHER_LOSSES)


def _explained_g(t: Numbers, habit: str) -> bool:
    _, (logged, deviation, right, other) = _best(t, habit)
    far = abs(logged - right)
    return far > 0.3 and abs(logged - other) < min(
        far / 4, 0.1 + 0.15 * abs(logged) + 2 * deviation
    )


def waiting(t: Numbers) -> bool:
    """The log itself says that only one player's turn has come."""
    rows = (t["d_rows"], t["g_rows"])
    return min(rows) == 0 and max(rows) > 0


def still(t: Numbers, player: str, other: str) -> bool:
    """One player's weights stayed exactly the same, and it was not its turn to wait."""
    moved = t[f"{player}_moves"] != 0 or t[f"{player}_ever_moved"] == 1
    return not moved and t[f"{other}_moves"] > 0 and not waiting(t)


def negative_g(t: Numbers) -> bool:
    """G's cross-entropy below 0: it is log(1 - D(G(z))), or its target is beyond 1."""
    return t["cross_entropy"] == 1 and t["logged_g_loss"] < 0


def minimax_by_direction(t: Numbers) -> bool:
    """Without a log: G goes down the minimax loss much rather than down the other."""
    unlogged, minimax = math.isnan(t["logged_g_loss"]), t["g_align_minimax"]
    return unlogged and minimax > 0.1 and t["g_align"] < minimax / 3


def saturated(t: Numbers) -> bool:
    """D sees through generated samples: the minimax loss is flat there."""
    return t["fake_belief_single"] < 0.15


def beyond_one(t: Numbers) -> bool:
    """D's logged loss asks for a target above 1, beyond all doubt."""
    excess, error = t["implied_target"] - 1, t["implied_target_error"]
    plain = t["cross_entropy"] == 1 and not summed(t) and not running_mean(t) and not one_answer(t)
    plain = plain and not explained(t, "logit") and not clipped(t)  # told by these already
    in_training = t["bn_moves"] != 0 and t["dropout_moves"] != 0  # else D was asked otherwise
    return plain and in_training and error < 0.1 and excess > max(0.1, 4 * error)


def g_taught_wrong(t: Numbers) -> bool:
    """G moves against the gradient that would make its samples look real."""
    # Near equilibrium gradients are noise: their direction needs the log's word as well.
    (_, _, _, _), (logged, _, right, minimax) = _best(t, "minimax")
    wrong = -minimax  # cross-entropy with the target 0
    says_so = abs(logged - right) >= 0.5 or abs(logged - wrong) < abs(logged - right) / 4
    swapped = t["d_align"] < -0.1 and t["auc"] < 0.5  # both players: another name, no illness
    return t["g_align"] < -0.1 and not logged < 0 and says_so and not swapped


def g_stuck_at_wrong_label(t: Numbers) -> bool:
    """G stands still, and its log is the loss of the label 0, far from that of the label 1."""
    _, (logged, _, right, minimax) = _logged(t, "minimax", "")
    plain = t["cross_entropy"] == 1 and not t["logged_g_loss_min"] < 0 and right > 3
    return still(t, "g", "d") and plain and max(abs(logged + minimax), logged) < 0.1 * right


def nothing_learned(t: Numbers) -> bool:
    """D's loss is ln 2, now and at its best; yet the samples are unlike the data."""
    level = abs(t["d_level"] - _LN2) < 0.03 and t["logged_d_loss_min"] > 0.5
    easy = not t["second_opinion"] > 0.6  # missing: not asked
    level = level and not t["largest_logit"] < FLAT  # else D is held down, whatever its labels
    level = level and not t["d_align"] > 0.4  # else it moves as right labels would have it
    unlike = t["energy"] > UNLIKE and not t["energy_training"] <= UNLIKE
    return t["d_moves"] > 0 and level and easy and unlike and t["rows"] >= YOUNG


def taking_turns(t: Numbers) -> bool:
    """Long stretches of one player alone, of changing length."""
    if not t["longest_phase"] >= 4 or t["regular_turns"] == 1:
        return False
    if "d_rows" in t and "g_rows" in t:
        return t["d_rows"] != t["g_rows"]
    return t["d_ever_moved"] == t["g_ever_moved"] == 1


def running_mean(t: Numbers) -> bool:
    """Unwound, every curve is as rough as batches are; a log of the values is rougher by far.

    Measured ratios: means over all steps 2.4 to 7.1; plain logs hundreds and more; saturated losses
    below 0.5 or beyond 1000 in one of the curves.
    """
    if not t["rows"] >= YOUNG or explained(t, "logit") or explained(t, "probability"):
        return False
    logged = [p for p in "dg" if f"logged_{p}_loss_unwound" in t]
    ratios = [t[f"logged_{p}_loss_unwound"] / (1.13 * t[f"batch_sd_{p}"] or 1.0) for p in logged]
    even = any(t[f"logged_{p}_loss_unwinding"] < 1.6 for p in logged)
    return even and all(0.5 < ratio < min(30, t["rows"] / 10) for ratio in ratios)


def too_strong(t: Numbers) -> bool:
    """D tells nearly every sample, and is sure of it or hardly given an answer by G.

    Measured shares g_moves / d_moves: healthy 0.2 and more, G's rate far too low up to 0.05.
    """
    sure = t["fake_belief_single"] < 0.05 and not t["d_level"] > 0.1  # not for a moment only
    unanswered = sure or t["g_moves"] < 0.05 * t["d_moves"]
    return t["auc"] > 0.98 and unanswered and t["energy"] > LIKE and not negative_g(t)


def labels_of_data_broken(t: Numbers) -> bool:
    """A sample's nearest neighbours are of its class no more often than any others."""
    return t["class_agreement"] <= t["class_chance"] + 4 * t["class_chance_error"]


def disobeyed(t: Numbers) -> bool:
    """G makes samples like the data, and of other classes than it is asked for."""
    return t["obedience"] < OBEDIENT and t["energy"] <= UNLIKE and not t["rows"] < YOUNG


def knows_pairs(t: Numbers) -> bool:
    """D knows which class belongs to a real sample."""
    return t["pairs_known"] > t["pairs_chance"] + 0.6 * (1 - t["pairs_chance"])


def class_unheard(t: Numbers) -> bool:
    """A network's answer is the same whatever the class."""
    return t["g_hears"] < 1e-6 or t["d_hears"] < 1e-6 or t["d_asks"] == 0


def hardly_moves_g(t: Numbers) -> bool:
    """D has lost next to nothing for long."""
    return t["d_level"] < 0.02 and t["rows"] >= 2 * YOUNG


def stale(t: Numbers) -> bool:
    """In training mode G's samples are far more like the data than in inference mode."""
    gap = t["g_mode_gap"] > 0.1 and t["energy_training"] < t["energy"] / 2
    return t["batch_norms"] > 0 and gap and t["energy"] > LIKE and not t["rows"] < 2 * YOUNG


def loses(t: Numbers) -> bool:
    """D is further from the truth than a guess, in the log and now."""
    loss = min(t["d_level"], t["proper_d_loss"])
    return t["cross_entropy"] == 1 and loss > 1.5 * _LN2 and t["energy"] > UNLIKE


def like_the_data(t: Numbers) -> bool:
    """The samples are like the data, and of the classes asked for."""
    spread_alike = not t["strays"] > STRAYS and not t["missed"] > MISSED
    return t["energy"] <= LIKE and spread_alike and not t["obedience"] < OBEDIENT


def misses_modes(t: Numbers) -> bool:
    """Good samples, of a part of the data only."""
    part = t["missed"] > 0.4 and t["strays"] < 0.4 and not t["spread"] < 0.1
    return part and not t["rows"] < 2 * YOUNG


def unbounded(t: Numbers) -> bool:
    """A Wasserstein critic with nothing to hold it: steep, and its loss swings widely.

    Measured: slope 3.8 and 8.4, swings 61 and 39; with a gradient penalty 0.9 and 1.3.
    """
    swing = t["logged_d_loss_max"] - t["logged_d_loss_min"]
    return explained(t, "wasserstein") and t["slope_at_fakes"] > 2.5 and swing > 10


def too_weak(t: Numbers) -> bool:
    """D says nearly the same of everything, though a free D tells the samples in a few steps."""
    flat = t["largest_logit"] < FLAT and t["second_opinion"] < 0.6
    return t["cross_entropy"] == 1 and flat and t["energy"] > UNLIKE and t["rows"] >= YOUNG


def one_answer(t: Numbers) -> bool:
    """D's loss is low, yet it calls all samples real, or all fake."""
    beliefs = t["real_belief"], t["fake_belief"]
    alike = min(beliefs) > 0.9 or max(beliefs) < 0.1
    entropy = t["cross_entropy"] == 1 and not t["logged_g_loss"] < 0
    return entropy and alike and t["d_level"] < 0.2 < t["proper_d_loss"]


def improving(t: Numbers) -> bool:
    """The samples became more like the data while watched."""
    return t["energy_gain"] > GAIN * t["energy"]


def excused(symptom: str, t: Numbers) -> bool:
    """A training that is learning may look like this for a while."""
    if symptom == "collapse":  # collapsed samples may wander towards the data and away again
        return t["growth"] > GROWING and not t["rows"] >= 2 * YOUNG
    return improving(t) and not (symptom == "d_too_strong" and hardly_moves_g(t))
