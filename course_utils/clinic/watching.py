"""Watch a few steps of the training: who moves, which way, in which mode, what the log adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from course_utils.clinic.anatomy import normalizations, random_layers
from course_utils.clinic.habits import habit_numbers, implied_target
from course_utils.clinic.likeness import energy_coefficient, width
from course_utils.clinic.specimen import Specimen, norm
from course_utils.language import text

STEPS = 16
"""Steps that are watched; half as many of convolutional networks."""
_LONGER = 4  # times as many, if only one player has moved


def watch(
    step: Callable[[], object], specimen: Specimen, read: Callable[[], dict[str, np.ndarray]]
) -> tuple[dict[str, float], np.ndarray]:
    """Make some steps of the training and say what moved.

    Before each step the gradients are taken as they should be. A single move says little: the sum
    of the moves is compared with the sum of the gradients.

    Args:
        step: one step of the training.
        specimen: the networks and their data.
        read: returns the log as it is now.

    Returns:
        `d_moves`, `g_moves`: mean length of a step as a share of the weights' norm, exactly 0 if
        none moved. `d_align`, `g_align`, `g_align_minimax`: cosine of moves and descent, for G's
        loss in both forms. `d_rows`, `g_rows`: rows added to the log. `longest_phase`: most steps
        in turn in which just one player moved. `regular_turns`: 1 if such phases are all of equal
        length. `bn_moves`, `dropout_moves`: share of these layers whose state `step` itself
        changed. `d_part_still`, `g_part_still`: of a network that moved the share of its numbers,
        layers set to stand still left out, that never did. `implied_target` and its `_error`: see
        `habits`. `stepwise_…`: the losses logged in these steps, and the habits' at the same
        weights. `energy_gain`: by how much the energy coefficient of the same latents fell, from
        the first step to the last; `growth`: by which share of itself the width of their samples
        grew. `finite`: 0 if a variable has become NaN or infinite. Beside these the length of each
        step of D and G, as shares of the weights' norms, [steps, 2].

    Raises:
        RuntimeError: `step` failed, and not because the weights are no longer finite; its own
            error is the cause.
    """
    seen = _Seen(specimen, read)
    steps = STEPS if specimen.count > 64 else STEPS // 2
    try:
        for _ in range(steps):
            seen.step(step, measured=True)
        if not (any(d for d, _ in seen.movers) and any(g for _, g in seen.movers)):
            # The other one may be waiting for its turn: only the weights are compared.
            for _ in range((_LONGER - 1) * steps):
                seen.step(step, measured=False)
    except RuntimeError:
        if specimen.keep().finite:
            raise
        return {"finite": 0.0}, np.reshape(seen.walk, (-1, 2))  # it stopped because it diverged
    return seen.numbers(), np.array(seen.walk)


class _Seen:
    def __init__(self, specimen: Specimen, read: Callable):
        self._specimen, self._read = specimen, read
        models = specimen.generator, specimen.discriminator
        norms = [layer.moving_mean for model in models for layer in normalizations(model)]
        drawn = [v.seed_generator.state for model in models for v in random_layers(model)]
        self._states = {"bn_moves": norms, "dropout_moves": drawn}
        self._touched = {name: np.zeros(len(v), bool) for name, v in self._states.items()}
        self._sums: list | None = None
        self._stirred = [np.zeros(len(v), bool) for v in self._weights()]
        self._measured = 0
        self.walk: list[tuple[float, float]] = []
        self._outputs: list = []
        self.movers: list[tuple[bool, bool]] = []
        self._log = read()
        # Both are kept, so that the gain is not the noise of another sample.
        self._latents, self._real = specimen.draw(), specimen.real()
        self._first = self._energy_and_width()

    def step(self, step: Callable[[], object], measured: bool) -> None:
        specimen = self._specimen
        weights = self._weights()
        if measured:
            *gradients, _, outputs = specimen.gradients(specimen.real(), specimen.draw())
            self._outputs.append(outputs)
        # Taken after the doctor's own passes: these, too, change statistics and random states.
        states = {name: [np.asarray(v).copy() for v in held] for name, held in self._states.items()}
        before = [[np.asarray(v).copy() for v in held] for held in weights]
        try:
            step()
        except Exception as error:
            raise RuntimeError(
                text(
                    en=f"The step given to the doctor failed: {error!r}. Call it yourself once: it "
                    "must make one step of the training, without arguments.",
                    zh=f"提供给医生的 step 运行出错：{error!r}。请先自己调用一次："
                    "它应当不带参数，完成一步训练。",
                )
            ) from error
        for name, held in self._states.items():
            pairs = zip(held, states[name], strict=True)
            changed = [bool((np.asarray(v) != old).any()) for v, old in pairs]
            self._touched[name] |= np.array(changed, bool)
        d_move, g_move = (
            [np.asarray(v) - o for v, o in zip(held, old, strict=True)]
            for held, old in zip(weights, before, strict=True)
        )
        self.movers.append((norm(d_move) > 0, norm(g_move) > 0))
        for stirred, moves in zip(self._stirred, (d_move, g_move), strict=True):
            stirred |= np.array([bool(move.any()) for move in moves], bool)
        lengths = [norm(old) or 1.0 for old in before]
        self.walk.append((norm(d_move) / lengths[0], norm(g_move) / lengths[1]))
        if not measured:
            return
        self._measured += 1
        found = [d_move, g_move, *gradients]
        if self._sums is None:
            self._sums = found
        else:
            self._sums = [_added(a, b) for a, b in zip(self._sums, found, strict=True)]

    def numbers(self) -> dict[str, float]:
        d_move, g_move, d_gradient, g_gradient, minimax = self._sums
        d_length, g_length = np.mean(self.walk[: self._measured], axis=0)
        phases = phase_lengths(self.movers)
        energy, spread = self._energy_and_width()
        found = {
            "d_moves": float(d_length) if any(d for d, _ in self.movers) else 0.0,
            "g_moves": float(g_length) if any(g for _, g in self.movers) else 0.0,
            "d_ever_moved": float(any(d for d, _ in self.movers)),
            "g_ever_moved": float(any(g for _, g in self.movers)),
            "d_align": _descent(d_move, d_gradient),
            "g_align": _descent(g_move, g_gradient),
            "g_align_minimax": _descent(g_move, minimax),
            "longest_phase": float(max((length for _, length in phases), default=0)),
            "regular_turns": float(regular(phases)),
            "energy_gain": self._first[0] - energy,
            "growth": spread / (self._first[1] or 1.0) - 1,
            "finite": float(self._specimen.keep().finite),
        }
        found |= {name: float(v.mean()) for name, v in self._touched.items() if len(v)}
        return found | self._still() | self._logged()

    def _weights(self) -> tuple[list, list]:
        return self._specimen.discriminator_weights, self._specimen.generator_weights

    def _still(self) -> dict[str, float]:
        found = {}
        for name, stirred, weights in zip("dg", self._stirred, self._weights(), strict=True):
            sizes = np.array([v.trainable * np.prod(v.shape) for v in weights], float)
            if stirred.any() and sizes.any():
                found[f"{name}_part_still"] = float(sizes[~stirred].sum() / sizes.sum())
        return found

    def _energy_and_width(self) -> tuple[float, float]:
        generated = self._specimen.generate(self._latents).values
        return energy_coefficient(self._real.values, generated), width(generated)

    def _logged(self) -> dict[str, float]:
        log, found, steps = self._read(), {}, self._measured
        old = {name: len(curve) for name, curve in self._log.items()}
        new = {name: curve[old[name] :] for name, curve in log.items() if name in old}
        for name in ("d", "g"):
            if f"{name}_loss" in new:
                found[f"{name}_rows"] = float(len(new[f"{name}_loss"]))
        d, g = new.get("d_loss", ()), new.get("g_loss", ())
        if len(d) != steps or len(g) != steps or not np.isfinite([*d, *g]).all():
            return found  # not one row for each player at each step: nothing to compare
        sigmoid = self._specimen.sigmoid
        habits = [habit_numbers(outputs, sigmoid) for outputs in self._outputs]
        for name in habits[0]:
            found[f"stepwise_{name}"] = float(np.mean([habit[name] for habit in habits]))
        found |= {"stepwise_logged_d": float(np.mean(d)), "stepwise_logged_g": float(np.mean(g))}
        logits = [tuple(self._specimen.logits(v) for v in outputs) for outputs in self._outputs]
        target, error = implied_target(logits, np.asarray(d))
        return found | {"implied_target": target, "implied_target_error": error}


def phase_lengths(movers: Sequence[tuple[bool, bool]]) -> list[tuple[str, int]]:
    """Stretches of steps in which just one player moved: who ("d" or "g"), and how many."""
    whose = ["d" if d and not g else "g" if g and not d else "" for d, g in movers]
    return [(player, len(list(run))) for player, run in groupby(whose) if player]


def regular(phases: Sequence[tuple[str, int]]) -> bool:
    """Whether each player's phases are all of one length, the cut ones at both ends left out.

    A step that is one player's update, five of D's to one of G's, is regular; phases that end when
    a loss is low enough are not. At least two whole phases are needed.
    """
    whole = phases[1:-1]
    if len(whole) < 2:
        return False
    return all(len({n for p, n in whole if p == player}) <= 1 for player in "dg")


def _added(a: list[np.ndarray], b: list[np.ndarray]) -> list[np.ndarray]:
    return [x + y for x, y in zip(a, b, strict=True)]


def _descent(moves: list[np.ndarray], gradient: list[np.ndarray]) -> float:
    """Cosine of the moves and the way down; 0 if one of them is 0."""
    lengths = norm(moves) * norm(gradient)
    inner = sum(float((m * g).sum()) for m, g in zip(moves, gradient, strict=True))
    return -inner / lengths if lengths and np.isfinite(lengths) else 0.0
