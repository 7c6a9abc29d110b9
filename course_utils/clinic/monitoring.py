"""Cheap numbers of a training that goes on, for `rules.judge`: it is left exactly as it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import keras
import numpy as np

from course_utils.clinic.anatomy import normalizations, output_range, random_layers
from course_utils.clinic.conditions import together
from course_utils.clinic.habits import habit_numbers, softplus
from course_utils.clinic.likeness import energy_coefficient, flat, out_of_reach, width
from course_utils.clinic.logs import LATE, NAMES
from course_utils.clinic.specimen import Specimen, auc, norm

SPAN = 64
"""Batches in which a player has had its turn, and a layer that is at work has changed."""
SAMPLES = 64
_NUMBERS = 64  # of each variable, that are compared


class Curves:
    """The two losses, as they come from `fit` batch by batch.

    What Keras shows of a `keras.metrics.Mean` is the mean of the epoch so far; the batches' own
    values are worked out from it.

    Args:
        model: whose metrics tell which curves are such means.
    """

    def __init__(self, model: keras.Model):
        self._model = model
        self._late = {name: deque(maxlen=LATE) for name in ("d_loss", "g_loss")}
        self._least: dict[str, float] = {}
        self._before: dict[str, tuple[int, float]] = {}
        self._names: dict[str, str] | None = None
        self.finite = True

    def begin_epoch(self) -> None:
        """Means start anew."""
        self._before = {}

    def add(self, batch: int, logs: Mapping[str, float]) -> None:
        """Takes what `on_train_batch_end` is told; curves of unknown names are left out."""
        if self._names is None:
            self._read_names(logs)
        for name, own in self._names.items():
            value = logs.get(own)
            if not isinstance(value, float):
                continue
            self.finite = self.finite and np.isfinite(value)
            if own in self._means:
                value = self._unwound(name, batch + 1, value)
            if value is not None:
                self._late[name].append(value)
                self._least[name] = min(value, self._least.get(name, value))

    def numbers(self) -> dict[str, float]:
        """Those of `logs.log_numbers` that hold here; none of a curve that is too short."""
        found = {}
        for name, late in self._late.items():
            if len(late) == LATE and np.isfinite(late).all():
                found[f"logged_{name}"], found[f"logged_{name}_sd"] = np.mean(late), np.std(late)
                found[f"logged_{name}_min"] = self._least[name]
        return {name: float(value) for name, value in found.items()}

    def _read_names(self, logs: Mapping) -> None:
        known = {name: next((a for a in NAMES[name] if a in logs), None) for name in self._late}
        self._names = {name: own for name, own in known.items() if own is not None}
        means = (m.name for m in self._model.metrics if isinstance(m, keras.metrics.Mean))
        self._means = set(means)

    def _unwound(self, name: str, count: int, mean: float) -> float | None:
        old, old_mean = self._before.get(name, (0, 0.0))
        if count <= old:
            return None  # it came late, from another thread of Keras
        self._before[name] = count, mean
        return (count * mean - old * old_mean) / (count - old)


class Monitor:
    """Looks at two networks between two steps.

    Args:
        specimen: the networks and their data.
    """

    def __init__(self, specimen: Specimen):
        self._specimen = specimen
        models = specimen.generator, specimen.discriminator
        self._weights = {
            "d": specimen.discriminator_weights, "g": specimen.generator_weights,
        }  # fmt: skip
        self._states = {
            "bn_moves": [v.moving_mean for model in models for v in normalizations(model)],
            "dropout_moves": [v.seed_generator.state for m in models for v in random_layers(m)],
        }
        # Always the same ones, so that a change is not the noise of another sample.
        self._real, self._latents = specimen.real(SAMPLES), specimen.draw(SAMPLES)
        self._energies: deque[float] = deque(maxlen=8)
        self._since, self._old = 0, self._marks()

    def movements(self, batches: int) -> dict[str, float]:
        """Who has moved, and which states have changed.

        Args:
            batches: how many there have been.

        Returns:
            `finite`; and as in `watching.watch` `d_moves`, `g_moves` (here the straight way since
            an earlier look, divided by its batches), `bn_moves`, `dropout_moves`. That something
            has not moved is said after `SPAN` batches only.
        """
        now, span = self._marks(), batches - self._since
        if not all(np.isfinite(now[player]).all() for player in self._weights):
            return {"finite": 0.0}
        found, still = {"finite": 1.0}, []
        for player in self._weights:
            way = norm([now[player] - self._old[player]]) / (norm([self._old[player]]) or 1.0)
            still.append(way == 0)
            if way or span >= SPAN:
                found[f"{player}_moves"] = way / max(span, 1)
        if not any(still):  # else a layer may be waiting for its network's turn
            for name in [name for name, held in self._states.items() if held]:
                pairs = zip(now[name], self._old[name], strict=True)
                share = float(np.mean([(a != b).any() for a, b in pairs]))
                still.append(share == 0)
                if share or span >= SPAN:
                    found[name] = share
        if span >= SPAN and not any(still):
            self._since, self._old = batches, now
        return found

    def passes(self) -> dict[str, float]:
        """What a few samples tell of G and D; names and meaning as in `examination.examine`.

        G is looked at in training mode, for moving statistics lag behind at first. `energy_gain` is
        counted from the oldest of the last looks.
        """
        specimen, kept = self._specimen, self._specimen.keep()
        try:
            outputs = specimen.outputs(self._real, self._latents)
            made = specimen.generate(self._latents, training=True)
        finally:
            kept.restore()  # weights, too: spectral normalisation writes into them
        real, fake = flat(self._real.values), flat(made.values)
        if not np.isfinite(fake).all():
            return {"finite": 0.0}
        both = specimen.judge(together(self._real, made))
        of_real, of_fake = np.split(specimen.logits(both), 2)
        energy = energy_coefficient(real, fake)
        self._energies.append(energy)
        return {
            **habit_numbers(outputs, specimen.sigmoid),
            "d_ends_in_sigmoid": float(specimen.sigmoid),
            "fake_belief_single": _belief(specimen.logits(outputs[2])),
            "real_belief": _belief(of_real),
            "fake_belief": _belief(of_fake),
            "auc": auc(of_real, of_fake),
            "largest_logit": float(max(np.abs(of_real).max(), np.abs(of_fake).max())),
            "real_min": float(real.min()), "real_max": float(real.max()),
            "fake_min": float(fake.min()), "fake_max": float(fake.max()),
            "out_of_reach": out_of_reach(real, fake, output_range(specimen.generator)),
            "spread": width(fake) / (width(real) or 1.0),
            "energy": energy,
            "energy_gain": self._energies[0] - energy,
        }  # fmt: skip

    def _marks(self) -> dict:
        """Some numbers of all weights, [n], and the states."""
        marks = {
            player: np.concatenate([_some(np.asarray(v).ravel()) for v in held])
            for player, held in self._weights.items()
        }
        states = {name: [np.asarray(v).copy() for v in held] for name, held in self._states.items()}
        return {**marks, **states}


def _some(values: np.ndarray) -> np.ndarray:
    return values[:: max(1, len(values) // _NUMBERS)].astype(np.float64)


def _belief(logits: np.ndarray) -> float:
    return float(np.exp(-softplus(-logits)).mean())
