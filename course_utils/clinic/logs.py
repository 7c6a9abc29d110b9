"""What a log of losses says by itself: level, calm, running means. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course_utils.language import text

NAMES = {
    "d_loss": ("d_loss", "discriminator_loss", "loss_d", "disc_loss", "dis_loss"),
    "g_loss": ("g_loss", "generator_loss", "loss_g", "gen_loss", "gan_loss"),
    "d_accuracy": ("d_accuracy", "d_acc", "discriminator_accuracy", "disc_accuracy"),
}
"""The three curves, and what they may be called in a learner's log."""

LATE = 50
"""Rows at a log's end that its level is the mean of; shorter logs are not read."""
_CALM = 100  # rows at its end that its roughness is measured on


def read_log(history) -> dict[str, np.ndarray]:
    """The curves in a learner's log, float64, by their names in `NAMES`.

    Args:
        history: None; a dict of lists; what Keras' `fit` returns; or the engine's `History`, whose
            loss of D is the sum of two cross-entropies and is halved here.

    Raises:
        ValueError: `history` has none of the names in `NAMES`, or a curve is not numbers [rows].
    """
    if history is None:
        return {}
    if hasattr(history, "curves") and hasattr(history, "knobs"):  # the engine's
        halved = np.asarray(history["discriminator_loss"], float) / 2
        return {"d_loss": halved, "g_loss": np.asarray(history["generator_loss"], float)}
    rows = getattr(history, "history", history)
    found = {}
    if isinstance(rows, Mapping):
        for name, aliases in NAMES.items():
            alias = next((a for a in aliases if a in rows), None)
            if alias is not None:
                found[name] = _curve(rows[alias], alias)
    if not found:
        known = ", ".join(aliases[0] for aliases in NAMES.values())
        raise ValueError(
            text(
                en=f"history holds no curve that is known: use a dict with lists called {known}.",
                zh=f"history 中没有认得的曲线：请使用字典，其中的列表命名为 {known}。",
            )
        )
    return found


def _curve(values, name: str) -> np.ndarray:
    try:
        curve = np.asarray(values, float)
    except (TypeError, ValueError):
        curve = np.zeros((0, 0))
    if curve.ndim != 1:
        raise ValueError(
            text(
                en=f"history[{name!r}] must be a list of numbers, one for each step.",
                zh=f"history[{name!r}] 应该是一个数字列表，每一步一个数。",
            )
        )
    return curve


def rows_of(history) -> dict[str, tuple[object, int]]:
    """What a dict, or what `fit` returns, holds, and of each list how many rows; for `forget`."""
    rows = getattr(history, "history", history)
    held = rows.items() if isinstance(rows, Mapping) else ()
    return {name: (v, len(v) if isinstance(v, list) else 0) for name, v in held}


def forget(history, rows: Mapping[str, tuple[object, int]]) -> None:
    """Undo what was appended, put in another's place or newly named since `rows_of` was asked."""
    held = getattr(history, "history", history)
    for name in [name for name in held if name not in rows] if isinstance(held, Mapping) else ():
        del held[name]
    for name, (values, count) in rows.items():
        if isinstance(values, list):
            del values[count:]
        held[name] = values


def log_numbers(log: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Numbers about the curves that have at least `LATE` rows.

    `unwound` is the roughness of t·m(t) - (t - 1)·m(t - 1): if the log shows the mean m of all
    values so far, these are the values themselves, as rough as one batch differs from the next; if
    the log shows the values, it is larger by about the number of rows. `unwinding` is its growth
    from a curve's second quarter to its last: 1 for such means, 2.3 for logs of values, smoothed
    or not.
    """
    t = {"rows": float(max(map(len, log.values())))} if log else {}
    t["log_finite"] = float(all(np.isfinite(curve[-LATE:]).all() for curve in log.values()))
    for name, curve in log.items():
        if len(curve) < LATE or not np.isfinite(curve).all():
            continue
        late = curve[-LATE:]
        t[f"logged_{name}"], t[f"logged_{name}_sd"] = float(late.mean()), float(late.std())
        t[f"logged_{name}_median"] = float(np.median(late))
        t[f"logged_{name}_min"], t[f"logged_{name}_max"] = float(curve.min()), float(curve.max())
        t[f"logged_{name}_early"] = float(curve[:LATE].mean())
        t[f"logged_{name}_roughness"] = _roughness(curve[-_CALM:])
        means = np.arange(1, len(curve) + 1) * curve
        unwound = np.diff(means)
        t[f"logged_{name}_unwound"] = _roughness(unwound[-_CALM:])
        quarter = len(unwound) // 4
        early, late = unwound[quarter : 2 * quarter], unwound[-quarter:]
        t[f"logged_{name}_unwinding"] = _roughness(late) / (_roughness(early) or 1.0)
    return t


def _roughness(values: np.ndarray) -> float:
    """Mean step between neighbours; of independent normal values 1.13 standard deviations."""
    return float(np.abs(np.diff(values)).mean())
