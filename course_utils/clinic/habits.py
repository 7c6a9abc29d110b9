"""What a log would show, had the loss been written in one way or another.

D's raw outputs on a batch are enough: each habit turns them into the losses that it would log. The
doctor compares these with the log. NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Outputs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""D's raw outputs [n]: real beside fake samples, these fake ones, and an all-fake batch."""

_EPSILON = 1e-7  # Keras clips probabilities to [1e-7, 1 - 1e-7]: no loss beyond 16.1


def logits(outputs: np.ndarray, sigmoid: bool) -> np.ndarray:
    """D's outputs as logits: probabilities go through the inverse sigmoid, clipped at ± 16."""
    if not sigmoid:
        return np.asarray(outputs, np.float64)
    p = np.clip(np.asarray(outputs, np.float64), _EPSILON, 1 - _EPSILON)
    return np.log(p) - np.log1p(-p)


def softplus(values: np.ndarray) -> np.ndarray:
    """log(1 + exp(v)), without overflow."""
    return np.logaddexp(0.0, values)


def proper(real, fake, judged) -> tuple[float, float]:
    """Cross-entropy on logits: D's mean over both kinds, G's non-saturating loss."""
    return _mean(softplus(-real), softplus(fake)), float(softplus(-judged).mean())


def summed(real, fake, judged) -> tuple[float, float]:
    """The same with D's two halves added, not averaged: 2 ln 2 at equilibrium."""
    d, g = proper(real, fake, judged)
    return 2 * d, g


def minimax(real, fake, judged) -> tuple[float, float]:
    """The same with G's loss log(1 - D(G(z))): always negative."""
    return proper(real, fake, judged)[0], float(-softplus(judged).mean())


def probability(real, fake, judged) -> tuple[float, float]:
    """Raw outputs taken for probabilities and clipped: whole multiples of 16.1 / n in the end."""
    r, f, j = (np.clip(v, _EPSILON, 1 - _EPSILON) for v in (real, fake, judged))
    return _mean(-np.log(r), -np.log1p(-f)), float(-np.log(j).mean())


def hinge(real, fake, judged) -> tuple[float, float]:
    """Hinge loss of D, summed; G's is -D(G(z))."""
    d = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    return float(d), float(-judged.mean())


def wasserstein(real, fake, judged) -> tuple[float, float]:
    """The critic's difference of means; G's loss is -D(G(z))."""
    return float(fake.mean() - real.mean()), float(-judged.mean())


def least_squares(real, fake, judged) -> tuple[float, float]:
    """Squared distance from 1 and 0, averaged."""
    return _mean((real - 1) ** 2, fake**2), float(((judged - 1) ** 2).mean())


OTHER_LOSSES: dict[str, Callable] = {
    "hinge": hinge,
    "wasserstein": wasserstein,
    "least_squares": least_squares,
}
"""Losses of GANs that are no cross-entropy. The arithmetic of cross-entropy is not for them."""


def habit_numbers(outputs: Outputs, sigmoid: bool) -> dict[str, float]:
    """The losses of every habit, as `as_<habit>_d` and `as_<habit>_g`; the proper ones' too.

    Args:
        outputs: D's raw outputs, each [n], in training mode.
        sigmoid: D ends in a sigmoid.
    """
    raw = [np.asarray(v, np.float64).ravel() for v in outputs]
    cooked = [logits(v, sigmoid) for v in raw]
    d, g = proper(*cooked)
    numbers = {"proper_d_loss": d, "proper_g_loss": g}
    numbers["as_summed_d"], numbers["as_summed_g"] = summed(*cooked)
    numbers["as_minimax_d"], numbers["as_minimax_g"] = minimax(*cooked)
    numbers["as_probability_d"], numbers["as_probability_g"] = probability(*raw)
    # Two sigmoids: the probabilities themselves are taken for logits.
    numbers["as_logit_d"], numbers["as_logit_g"] = proper(*raw)
    for name, loss in OTHER_LOSSES.items():
        numbers[f"as_{name}_d"], numbers[f"as_{name}_g"] = loss(*raw)
    return numbers


def implied_target(outputs: list[Outputs], logged: np.ndarray) -> tuple[float, float]:
    """The target for real samples that explains D's logged losses, and its standard error.

    Cross-entropy with targets a for real and b for fake samples is the mean of softplus(l) minus
    (a·E[l] of the real + b·E[l] of the fake samples) / 2. With b = 0 each row of the log gives a;
    b below 0 makes a larger still, b above 0 smaller.

    Args:
        outputs: D's logits before each of the logged steps.
        logged: D's loss at each, [steps], mean over both kinds.

    Returns:
        a, and its standard error over the steps. NaN without steps, and where the real samples'
        mean logit is not above 0: there a penalty in the log would look like a larger target.
    """
    if len(outputs) < 4 or len(outputs) != len(logged):
        return float("nan"), float("nan")
    real = np.array([r.mean() for r, _, _ in outputs])
    sums = np.array([softplus(r).mean() + softplus(f).mean() for r, f, _ in outputs])
    mean = real.mean()
    if not np.isfinite(sums).all() or not mean > 0:
        return float("nan"), float("nan")
    target = (sums - 2 * np.asarray(logged)).mean() / mean
    error = (sums - 2 * np.asarray(logged) - target * real).std(ddof=1)
    return float(target), float(error / len(real) ** 0.5 / abs(mean))


def _mean(of_real: np.ndarray, of_fake: np.ndarray) -> float:
    return float(of_real.mean() + of_fake.mean()) / 2
