"""`EarlyWarning`: a Keras callback that looks at a GAN while `fit` trains it, and warns early."""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Callable

import keras
import numpy as np

from course_utils.checks import whole_number
from course_utils.clinic.diagnose import Diagnosis, check_loss
from course_utils.clinic.monitoring import Curves, Monitor
from course_utils.clinic.rules import INFERRED, NOTE, SEEN, SYMPTOM, judge
from course_utils.clinic.signs import Numbers, improving
from course_utils.clinic.specimen import Specimen
from course_utils.language import text

PLAYERS = {
    "generator": ("generator", "gen", "g", "G", "g_model", "netG"),
    "discriminator": ("discriminator", "disc", "critic", "d", "D", "d_model", "netD"),
}
"""What the two networks may be called as attributes of the model that `fit` trains."""

MOST_DATA = 1000
"""Real samples that are kept."""
STREAK = {SEEN: (2, 0), INFERRED: (3, 300), SYMPTOM: (3, 300)}
"""In how many looks in turn a cause must be found, and over how many batches at least."""
_COSTS = {"movements": 2e-3, "passes": 0.05}  # seconds that a look takes, until it is measured


def _now() -> np.ndarray:
    """Seconds by the clock and of this thread's CPU: on a busy machine both count."""
    return np.array([time.perf_counter(), time.thread_time()])


def _elapsed() -> np.ndarray:
    """The same for a training, in which all threads take part."""
    return np.array([time.perf_counter(), time.process_time()])


class TrainingWarning(UserWarning):
    """Something seems to be wrong with a training."""


class EarlyWarning(keras.callbacks.Callback):
    """Warns once for each cause that cheap tests find while `fit` trains; changes nothing.

        model.fit(images, epochs=20, callbacks=[EarlyWarning(images)])

    Weights, random states and statistics are bit for bit what they would be without it, as long as
    `latents` and layers of your own do not draw from TensorFlow's or Keras' global generators: give
    them generators of their own. It looks between two steps, and only as often as its looks take no
    more than `share` of the training's time; if one fails, it says so and looks no more. What it
    cannot see (who moves which way, label pairing, batch normalisation, phases) `diagnose` can.

    Args:
        data: real samples as D is fed them, [n, …], 50 or more; some of them are kept.
        every: batches between two looks, at least; so long a NaN in the log may go unseen.
        generator: a Keras model; None takes the attribute of the trained model, see `PLAYERS`.
        discriminator: likewise.
        latents: a function of n that gives G's inputs; None draws them from N(0, 1).
        labels: the samples' classes, if the networks know classes; see `diagnose`.
        loss: see `diagnose`; give "wasserstein" or "other" if it is no cross-entropy.
        share: the part of the training's time that looks may take; 1 sets no limit.

    Attributes:
        diagnoses: a `Diagnosis` for each cause warned of, with the numbers of that moment.
        warnings: the texts; each was also shown by `warnings.warn`, as a `TrainingWarning`.
        looks: how many there have been.
        seconds: that they have taken, by the clock and of CPU, [2].

    Raises:
        ValueError: `every`, `share` or `loss` is out of range; when training begins: the model has
            no such attributes; after the first batch: see `specimen.Specimen`.
        TypeError: likewise.
    """

    # Keras then calls `on_train_batch_end` on threads of its own, as it does without callbacks, and
    # goes on meanwhile. Only notes are taken there; looks are made on the training's thread.
    async_safe = True

    def __init__(
        self,
        data,
        every: int = 20,
        *,
        generator=None,
        discriminator=None,
        latents: Callable | None = None,
        labels=None,
        loss: str | None = None,
        share: float = 0.015,
    ):
        super().__init__()
        self.every = whole_number("every", every, 1)
        check_loss(loss)
        if not 0 < share <= 1:
            raise ValueError(
                text(
                    en=f"share is {share!r}; it must be above 0 and at most 1.",
                    zh=f"share 是 {share!r}；应当大于 0 且不超过 1。",
                )
            )
        data = np.atleast_1d(np.asarray(data))
        some = slice(None, None, max(1, len(data) // MOST_DATA))
        self._data = data[some].copy()  # or the whole would be held as long as the callback is
        self._labels = None if labels is None else np.asarray(labels)[some]
        self._networks = {"generator": generator, "discriminator": discriminator}
        self._latents, self._loss, self._share = latents, loss, share
        self.diagnoses: list[Diagnosis] = []
        self.warnings: list[str] = []

    # --- what Keras calls ---------------------------------------------------------------------

    def on_train_begin(self, logs=None) -> None:
        """Finds the two networks."""
        self._models = [self._network(role) for role in PLAYERS]
        self._monitor: Monitor | None = None
        self._told: set[str] = set()
        self._curves = Curves(self.model)
        self._notes: deque[tuple[int, dict]] = deque()
        self._costs = {name: np.full(2, cost) for name, cost in _COSTS.items()}
        self._looked = dict.fromkeys(_COSTS, 0)
        self._streaks: dict[tuple[str, str], tuple[int, int]] = {}
        self._batches = self._epoch = self.looks = 0
        self._last, self._failed = -1, False
        self.seconds, self._began = np.zeros(2), _elapsed()

    def on_epoch_begin(self, epoch, logs=None) -> None:
        """Counts the epochs."""
        self._epoch, self._last = epoch + 1, -1
        self._curves.begin_epoch()

    def on_train_batch_begin(self, batch, logs=None) -> None:
        """Looks at how things stand after the batch before, if it is time."""
        if self._notes and self._notes[-1][0] - self._last >= self.every:
            self._read_notes()

    def on_train_batch_end(self, batch, logs=None) -> None:
        """Takes a note; on any thread."""
        self._notes.append((batch, logs or {}))

    def on_epoch_end(self, epoch, logs=None) -> None:
        """Looks, if it is time."""
        self._read_notes()

    # --- looks --------------------------------------------------------------------------------

    def _network(self, role: str):
        given = self._networks[role]
        names = PLAYERS[role]
        there = [getattr(self.model, name, None) for name in names]
        found = [given] if given is not None else [v for v in there if isinstance(v, keras.Model)]
        if not found:
            raise ValueError(
                text(
                    en=f"The model has no {role}: none of its attributes is called "
                    f"{', '.join(names)}. Give it: EarlyWarning(data, {role}=…).",
                    zh=f"在模型中找不到 {role}：没有名为 {'、'.join(names)} 的属性。"
                    f"请直接传入：EarlyWarning(data, {role}=…)。",
                )
            )
        return found[0]

    def _read_notes(self) -> None:
        notes = [self._notes.popleft() for _ in range(len(self._notes))]
        if not notes or self._failed:
            return
        started = _now()
        for batch, logs in sorted(notes, key=lambda note: note[0]):
            # One note may stand for many batches: `steps_per_execution`.
            self._batches, self._last = self._batches + batch - self._last, batch
            self._curves.add(batch, logs)
        try:
            self._look_around()
        except TrainingWarning:
            raise  # the learner's own filter wants it so
        except Exception as error:  # a doctor's mistake must not end the training
            if self._monitor is None and isinstance(error, TypeError | ValueError):
                raise  # what was given cannot be looked at
            self._failed = True
            self._show(
                text(
                    en=f"EarlyWarning could not look and stops looking: {error!r}. The training "
                    "goes on.",
                    zh=f"EarlyWarning 检查时出错，不再检查：{error!r}。训练会继续。",
                )
            )
        self.seconds += _now() - started

    def _look_around(self) -> None:
        if not self._curves.finite:
            self._judge("movements", {"finite": 0.0})
        if self._monitor is None:  # networks may be built by the first batch
            specimen = Specimen(*self._models, self._data, self._latents, self._labels)
            self._monitor = Monitor(specimen)
        for name in _COSTS:
            self._look(name)

    def _look(self, name: str) -> None:
        if self._batches - self._looked[name] < self.every or "diverged" in self._told:
            return
        started = _now()
        left = self._share * (_elapsed() - self._began) - self.seconds
        if self._share < 1 and (self._costs[name] > left).any():
            return
        numbers = self._monitor.movements(self._batches)
        if name == "passes" and numbers["finite"]:
            numbers |= self._monitor.passes() | self._curves.numbers()
        self._judge(name, {**numbers, "rows": float(self._batches)})
        self._looked[name] = self._batches
        self.looks += 1
        self._costs[name] = _now() - started

    def _judge(self, kind: str, numbers: dict[str, float]) -> None:
        """Warns of what the rules say now and have said in the last looks of this kind."""
        verdict, findings = judge(numbers, self._loss)
        found = {f.cause: f for f in findings if f.grade != NOTE and verdict == "sick"}
        if improving(Numbers(numbers)):  # time will show
            found = {name: f for name, f in found.items() if f.grade == SEEN}
        former = self._streaks
        self._streaks = {key: streak for key, streak in former.items() if key[0] != kind}
        for cause, finding in found.items():
            first, looks = former.get((kind, cause), (self._batches, 0))
            self._streaks[kind, cause] = first, looks + 1
            least_looks, least_span = STREAK[finding.grade]
            lasting = looks + 1 >= least_looks and self._batches - first >= least_span
            if (lasting or cause == "diverged") and cause not in self._told:
                self._told.add(cause)
                self._warn(Diagnosis(verdict, (finding,), numbers, (), {}))

    def _warn(self, diagnosis: Diagnosis) -> None:
        where = text(
            en=f"Epoch {self._epoch}, batch {self._batches} since the beginning.",
            zh=f"第 {self._epoch} 轮，从头数起第 {self._batches} 个批次。",
        )
        message = f"{where} {diagnosis}"
        self.diagnoses.append(diagnosis)
        self._show(message)

    def _show(self, message: str) -> None:
        self.warnings.append(message)
        # With a registry of its own: else a second training would be silent about the same.
        source = f"{type(self).__name__}", 1
        warnings.warn_explicit(f"\n{message}", TrainingWarning, *source, registry={})
