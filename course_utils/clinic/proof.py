"""The proof of the zoo: for every case the number that tells sick from healthy, and its record.

`benchmarks/clinic.py` trains every case and its twin with several seeds, has the doctor examine
them, and writes `proof.json`. A record belongs to the options that it was made with: a case whose
options have changed since has none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.clinic import rules
from course_utils.clinic.case import Options
from course_utils.clinic.likeness import energy_coefficient
from course_utils.clinic.zoo import SEED_001_CURES, ZOO
from course_utils.language import text

if TYPE_CHECKING:
    from course_utils.clinic.patients import Patient

FILE = Path(__file__).with_name("proof.json")
RIDDLE_FILE = Path(__file__).with_name("riddle_tables.json")
SEEDS = 5
"""Runs of each set of options in a record, at least."""
_SAMPLES = 500
_LATE = 50
_ROUGH = 100


def energy(patient: Patient) -> float:
    """Energy coefficient of 500 samples, 0 (like the data) to 1; 1 if they are not finite."""
    samples = patient.samples(_SAMPLES)
    if not np.isfinite(samples).all():
        return 1.0
    return energy_coefficient(samples, patient.data[:_SAMPLES])


def obedience(patient: Patient) -> float:
    """Share of 500 samples that are of the class that G was asked for."""
    from course_utils.clinic.patients import gaussian_of

    latents, classes = patient.latents(_SAMPLES)
    samples = np.asarray(patient.generator([latents, classes]))
    return float((gaussian_of(samples) == classes.argmax(axis=1)).mean())


def fake_belief(patient: Patient) -> float:
    """Mean D(G(z)), 0 … 1, of an unconditional patient: near 0 the minimax loss is flat."""
    outputs = np.asarray(patient.discriminator(patient.samples(_SAMPLES)), np.float64)
    return float((outputs if patient.options.d_sigmoid else 1 / (1 + np.exp(-outputs))).mean())


def layers_at_work(patient: Patient) -> float:
    """Share of the layers of batch normalisation and dropout whose state one step changes."""
    from course_utils.clinic.anatomy import normalizations, random_layers

    models = patient.generator, patient.discriminator
    states = [layer.moving_mean for model in models for layer in normalizations(model)]
    states += [layer.seed_generator.state for model in models for layer in random_layers(model)]
    before = [np.asarray(state).copy() for state in states]
    patient.step()
    changed = [(np.asarray(s) != old).any() for s, old in zip(states, before, strict=True)]
    return float(np.mean(changed))


def least_d_loss(patient: Patient) -> float:
    """Smallest loss of D in the log, in nats: no cross-entropy with targets in 0 … 1 is below 0."""
    return float(np.min(patient.history["d_loss"]))


def late_d_loss(patient: Patient) -> float:
    """Median of D's last 50 losses in the log, in nats."""
    return float(np.median(patient.history["d_loss"][-_LATE:]))


def late_g_loss(patient: Patient) -> float:
    """Median of G's last 50 losses in the log, in nats."""
    return float(np.median(patient.history["g_loss"][-_LATE:]))


def roughness(patient: Patient) -> float:
    """Mean step between neighbours among the last 100 of D's losses in the log, in nats."""
    return float(np.abs(np.diff(patient.history["d_loss"][-_ROUGH:])).mean())


MEASURES: dict[str, Callable[[Patient], float]] = {
    f.__name__: f
    for f in (
        energy,
        fake_belief,
        late_d_loss,
        late_g_loss,
        least_d_loss,
        roughness,
        obedience,
        layers_at_work,
    )
}
"""By name. `layers_at_work` makes a step of the training, so it comes last."""


class Run(NamedTuple):
    """One training with one seed, and what the doctor said of it.

    Attributes:
        seed: of the patient.
        measures: by the names in `MEASURES`, those that can be taken of it.
        verdict: the doctor's.
        causes: the doctor's, in the order of their rank.
        cpu_seconds: of the training, on one thread.
        examination_cpu_seconds: of the examination.
    """

    seed: int
    measures: Mapping[str, float]
    verdict: str
    causes: tuple[str, ...]
    cpu_seconds: float
    examination_cpu_seconds: float

    @property
    def answer(self) -> str:
        """The doctor's answer; see `answer`."""
        return answer(self.verdict, self.causes)


class Proof(NamedTuple):
    """The recorded runs of a case and of its healthy twin, in the order of the seeds."""

    sick: tuple[Run, ...]
    healthy: tuple[Run, ...]


def judged(numbers: Mapping[str, float], loss: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Verdict and causes, notes left out, by the present rules; see `rules.judge`."""
    verdict, findings = rules.judge(numbers, loss)
    return verdict, tuple(f.cause for f in findings if f.grade != rules.NOTE)


def answer(verdict: str, causes: Sequence[str]) -> str:
    """The first cause if the doctor says "sick", else the verdict."""
    return causes[0] if verdict == "sick" else verdict


def take(patient: Patient, names: Sequence[str] = tuple(MEASURES)) -> dict[str, float]:
    """The measures of a trained patient that can be taken and are finite, by name."""
    options, found = patient.options, {}
    skipped = {"fake_belief" if options.conditional else "obedience"}
    if not (options.g_bn or options.d_bn or options.d_dropout):
        skipped.add("layers_at_work")
    for name, measure in MEASURES.items():
        if name in names and name not in skipped:
            found[name] = measure(patient)
    return {name: value for name, value in found.items() if np.isfinite(value)}


def load(file: Path = FILE) -> dict[str, Proof]:
    """The record of every case in `ZOO`, by its name.

    Raises:
        ValueError: a case or its twin has no record, because its options are newer than the file.
    """
    runs = _runs(file)
    return {
        name: Proof(_of(runs, name, case.sick), _of(runs, f"{name}: healthy", case.healthy))
        for name, case in ZOO.items()
    }


def confusion(proofs: Mapping[str, Proof]) -> dict[str, Counter]:
    """How often the doctor gave which answer: a row for each case, and one for all healthy twins.

    A twin that many cases share is counted once.
    """
    rows = {name: Counter(run.answer for run in proof.sick) for name, proof in proofs.items()}
    twins = {ZOO[name].healthy: proof.healthy for name, proof in proofs.items()}
    rows["healthy"] = Counter(run.answer for runs in twins.values() for run in runs)
    return rows


def seed001(file: Path = FILE) -> dict[str, tuple[Run, ...]]:
    """The record of seed 001 as it is and of each cure, by the names in `zoo.SEED_001_CURES`.

    Raises:
        ValueError: see `load`.
    """
    runs = _runs(file)
    return {name: _of(runs, name, options) for name, options in SEED_001_CURES.items()}


def riddle(file: Path = RIDDLE_FILE) -> dict[str, list[dict]]:
    """Recorded runs of `riddle.Riddle`: for each variant one dict a seed.

    Its keys: `seed`; `switches`, pairs as `riddle.Switch`; `table`, eight rows as `riddle.Row`;
    `d_steps` and `g_steps` made; `d_loss` and `g_loss`, the last in the log (None without any);
    `cpu_seconds`.
    """
    return json.loads(file.read_text(encoding="utf-8"))


def save(runs: Mapping[Options, Sequence[Run]], file: Path = FILE) -> None:
    """Write a record that `load` reads: each set of options once, by what is not the default.

    Raises:
        ValueError: a set of options has fewer than `SEEDS` runs; the file stays as it was.
    """
    if min(map(len, runs.values()), default=0) < SEEDS:
        raise ValueError(
            text(
                en=f"Every set of options needs {SEEDS} runs; the record stays as it was.",
                zh=f"每组参数需要 {SEEDS} 次运行；原有记录保持不变。",
            )
        )
    rows = [
        {"options": _changes(options), "runs": [_rounded(run) for run in several]}
        for options, several in runs.items()
    ]
    lines = ",\n".join(json.dumps(row) for row in rows)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    _runs.cache_clear()


@cache
def _runs(file: Path) -> dict[Options, tuple[Run, ...]]:
    found = {}
    for row in json.loads(file.read_text(encoding="utf-8")):
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in row["options"].items()}
        runs = (Run(**run)._replace(causes=tuple(run["causes"])) for run in row["runs"])
        found[Options(**given)] = tuple(runs)
    return found


def _of(runs: Mapping[Options, tuple[Run, ...]], name: str, options: Options) -> tuple[Run, ...]:
    if options not in runs:
        raise ValueError(
            text(
                en=f"There is no record of {name!r}: its options are newer than proof.json. "
                "Run benchmarks/clinic.py.",
                zh=f"没有 {name!r} 的记录：它的参数比 proof.json 新。请运行 benchmarks/clinic.py。",
            )
        )
    return runs[options]


def _changes(options: Options) -> dict:
    defaults = asdict(Options())
    return {name: value for name, value in asdict(options).items() if value != defaults[name]}


def _rounded(run: Run) -> dict:
    row = run._asdict()
    row["measures"] = {name: float(f"{value:.3g}") for name, value in run.measures.items()}
    return row | {k: round(row[k], 2) for k in ("cpu_seconds", "examination_cpu_seconds")}
