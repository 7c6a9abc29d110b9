"""The rows of `clinic.py`: trainings of patients, of the lessons' models, of seed 000's riddle.

Each is a dict with all numbers of its examination, so that the doctor's rules can change without
training anew.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from course_utils.clinic import Options, proof

# A second thread only waits, and burns CPU meanwhile; TensorFlow, loaded later, reads this.
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
FOLDER = Path(__file__).resolve().parents[1] / "build" / "clinic"
RIDDLE_MOST = 200
"""Passes in one turn, at most: of 136 images, three steps each."""


class Rows:
    """Rows of one part, appended to a file as they are made, so that nothing is measured twice."""

    def __init__(self, part: str, make: bool, anew: bool):
        self._file, self._make = FOLDER / f"{part}.jsonl", make
        if anew:
            self._file.unlink(missing_ok=True)
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self._rows = {row["key"]: row for row in map(json.loads, lines)}

    def get(self, *key, make: Callable[[], dict]) -> dict | None:
        """The row of this key, made if need be; None if it is missing and none are to be made."""
        name = " ".join(map(str, key))
        if name not in self._rows and self._make:
            row = self._rows[name] = {"key": name, **make()}
            FOLDER.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(name, {k: v for k, v in row.items() if k.endswith("seconds")}, flush=True)
        return self._rows.get(name)


def examined_patient(options: Options, seed: int) -> dict:
    """Train and examine one patient."""
    from course_utils.clinic import diagnose
    from course_utils.clinic.patients import Patient

    start = time.process_time()
    patient = Patient(options, seed).train()
    trained = time.process_time()
    measures = proof.take(patient)
    examined = time.process_time()
    found = diagnose(
        patient.history,
        generator=patient.generator,
        discriminator=patient.discriminator,
        data=patient.data,
        step=patient.step,
        latents=patient.latents,
        labels=patient.labels,
    )
    return {
        "measures": measures,
        "numbers": dict(found.numbers),
        "cpu_seconds": trained - start,
        "examination_cpu_seconds": time.process_time() - examined,
    }


def models() -> Iterator[tuple[str, Callable, tuple[int, ...], int]]:
    """Name, a function that makes the GAN, the ages at which it is examined, how many seeds."""
    from course_utils.data import targets
    from course_utils.models import acgan, conditional, dcgan, plane, x2

    yield "x2 RELIABLE", x2.build_gan, (500, 5000, 20_000), 6
    yield "x2 TUTORIAL", lambda: x2.build_gan(x2.TUTORIAL), (1000, 10_000), 6
    yield "ring RING", lambda: plane.build_gan(targets.ring()), (300, 1500), 6
    yield "moons RING", lambda: plane.build_gan(targets.two_moons), (300, 1500), 4
    yield "grid GRID", lambda: plane.build_gan(targets.grid(), plane.GRID), (1000, 4000), 4
    yield "dcgan", dcgan.build_gan, (100, 300), 2
    yield "conditional", conditional.build_gan, (100, 300), 2
    yield "acgan", acgan.build_gan, (100, 300), 2


def examined_gan(gan, seed: int, age: int) -> dict:
    """Train one of the engine's GANs until it is `age` steps old, and examine it."""
    from course_utils.clinic.running import diagnose_gan

    if gan.seed != seed or gan.step > age:
        gan.reset(seed)
    gan.run(age - gan.step)
    start = time.process_time()
    found = diagnose_gan(gan)
    spent = time.process_time() - start
    return {"numbers": dict(found.numbers), "examination_cpu_seconds": spent}


def riddle_row(variant: str, seed: int) -> dict:
    """One riddle: its switches and its table."""
    from course_utils.clinic.riddle import Riddle

    start = time.process_time()
    found = Riddle(variant, seed).train(phases=3, most=RIDDLE_MOST)
    table = [[round(float(v), 4) for v in row] for row in found.table()]
    return {
        "seed": seed,
        "switches": [[round(v, 4) for v in switch] for switch in found.switches],
        "table": table,
        "d_steps": len(found.d_log),
        "g_steps": len(found.g_log),
        "d_loss": found.d_log[-1][0],
        "g_loss": found.g_log[-1][0] if found.g_log else None,
        "cpu_seconds": round(time.process_time() - start, 1),
    }
