"""The measures beside their reference implementations: how far apart the values are, and the time.

    .venv/bin/python benchmarks/evaluation.py --rounds 3 [--parts measures report]

All measure the same: the judge's features of 10,000 training digits against those of the 10,000
test digits; MS-SSIM 1,000 pairs of training digits. Every library has one thread, so that no time
is spent on waiting, and computes in double precision. Then the whole report on 10,000 images, with
default threads, in a fresh process: starting, loading and looking at all images are included.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from unittest import mock

import harness
import numpy as np
from harness import PEERS_PYTHON, Variant

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
IMAGES, PAIRS = 10_000, 1000
REFERENCES = {
    "frechet_distance": ("torch-fidelity", "torchmetrics"),
    "kernel_distance": ("torch-fidelity",),
    "classifier_score": ("torch-fidelity",),
    "precision_recall": ("torch-fidelity",),
    "manifold_measures": ("prdc",),
    "ms_ssim": ("tensorflow",),
}
# By how much values may differ: relatively, or absolutely.
TOLERANCES = {
    "frechet_distance": 1e-6,
    "kernel_distance": 1e-6,
    "classifier_score": 1e-6,
    "precision_recall": 1e-6,
    "manifold_measures": 1e-6,
    "ms_ssim": 1e-4,
}
ABSOLUTE = ("precision_recall", "manifold_measures", "ms_ssim")


def store(file: Path) -> None:
    """Write what all measure."""
    from course_utils.data import digits
    from course_utils.models import judge

    images, labels = (part[:IMAGES] for part in digits.load("train"))
    features, probabilities = judge.load().look(images)
    reference, _ = judge.load().look(digits.load("test")[0])
    # A reference takes logits: no probability may be 0.
    probabilities = np.maximum(probabilities.astype(np.float64), 1e-30)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    pairs = np.random.default_rng(0).integers(IMAGES, size=(2, PAIRS))
    np.savez(
        file,
        images=images,
        labels=labels,
        features=features,
        reference=reference,
        probabilities=probabilities,
        first=images[pairs[0]],
        second=images[pairs[1]],
    )


def variants(measure: str, file: Path) -> list[Variant]:
    """List who computes a measure, ours first."""
    arguments = (measure, str(file))
    scripts = {
        "prdc": Variant(PEERS / "evaluation_prdc.py", PEERS_PYTHON, arguments),
        "tensorflow": Variant(PEERS / "evaluation_tensorflow.py", arguments=arguments),
    }
    torch = PEERS / "evaluation_torch.py"
    return [
        Variant(PEERS / "evaluation_ours.py", arguments=arguments),
        *(
            scripts.get(name) or Variant(torch, PEERS_PYTHON, (name, *arguments))
            for name in REFERENCES[measure]
        ),
    ]


def compare(measure: str, rows: list[dict]) -> list[dict]:
    """Each reference's row beside ours: difference of the values, ratios of the times."""
    ours, *others = rows
    found = []
    for other in others:
        if "error" in ours or "error" in other:
            found.append({"measure": measure, "error": ours.get("error") or other["error"]})
            continue
        a, b = (np.array(row["results"][-1]["values"]) for row in (ours, other))
        difference = np.abs(a - b) if measure in ABSOLUTE else np.abs(a - b) / np.abs(b)
        wall = [_wall_ms(row) for row in (ours, other)]
        found.append(
            {
                "measure": measure,
                "reference": other["name"],
                "difference": float(difference.max()),
                "relative": measure not in ABSOLUTE,
                "agrees": bool(difference.max() <= TOLERANCES[measure]),
                "ours_cpu_ms": ours["median_cpu_ms"],
                "reference_cpu_ms": other["median_cpu_ms"],
                "ours_wall_ms": wall[0],
                "reference_wall_ms": wall[1],
                "cpu_ratio": ours["median_cpu_ms"] / other["median_cpu_ms"],
            }
        )
    return found


def _wall_ms(row: dict) -> float:
    return 1e3 * statistics.median(result["wall_seconds_per_step"] for result in row["results"])


def table(comparisons: list[dict]) -> str:
    """Return the comparisons as a Markdown table."""
    lines = [
        "| measure | reference | difference | CPU ms: ours | reference | ours / reference |",
        "|---|---|---|---|---|---|",
    ]
    for row in comparisons:
        if "error" in row:
            lines.append(f"| {row['measure']} | failed: {row['error'].splitlines()[-1]} | | | | |")
            continue
        kind = "relative" if row["relative"] else "absolute"
        sign = "" if row["agrees"] else " **too large**"
        lines.append(
            f"| {row['measure']} | {row['reference']} | {row['difference']:.1e} {kind}{sign} "
            f"| {row['ours_cpu_ms']:.1f} | {row['reference_cpu_ms']:.1f} "
            f"| {row['cpu_ratio']:.2f} |"
        )
    return "\n".join(lines)


def measure(file: Path, rounds: int) -> dict:
    """Time each measure and its references, with one thread."""
    groups = {name: variants(name, file) for name in REFERENCES}
    flat = [variant for group in groups.values() for variant in group]
    with mock.patch.dict(os.environ, dict.fromkeys(THREADS, "1")):  # what it was comes back
        rows = iter([harness.summarise(part) for part in harness.interleave(flat, rounds)])
    groups = {name: [next(rows) for _ in group] for name, group in groups.items()}
    comparisons = [line for name, group in groups.items() for line in compare(name, group)]
    print(table(comparisons))
    return {
        "threads": 1,
        "comparisons": comparisons,
        "rows": {name: _without_values(group) for name, group in groups.items()},
    }


def report(file: Path, rounds: int) -> dict:
    """Time the whole report, with as many threads as the libraries choose."""
    whole = Variant(PEERS / "evaluation_report.py", arguments=(str(file),))
    [row] = [harness.summarise(part) for part in harness.interleave([whole], rounds)]
    if "error" in row:
        print(f"The report failed: {row['error']}")
        return row
    row["median_wall_ms"] = _wall_ms(row)
    wall, cpu = row["median_wall_ms"] / 1e3, row["median_cpu_ms"] / 1e3
    print(f"The whole report on {IMAGES:,} images: {wall:.1f} s, {cpu:.1f} s of CPU (median)")
    return row


PARTS = {"measures": measure, "report": report}


def main() -> None:
    """Run the parts that are asked for; the file keeps the former results of the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    harness.add_options(parser, HERE / "results" / "evaluation.json")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    args = parser.parse_args()
    if not PEERS_PYTHON.exists():
        print("The peers' environment is missing; `make benchmark` makes it.")
    content = {"command": "benchmarks/evaluation.py", **harness.read(args.json)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samples.npz"
        store(file)
        for name in args.parts:
            machine = harness.machine()
            content[name] = {"machine": machine, **PARTS[name](file, args.rounds)}
            harness.write(args.json, content)


def _without_values(rows: list[dict]) -> list[dict]:
    """Rows for the file: a thousand values of pairs need not be in it."""
    for row in rows:
        for result in row.get("results", []):
            result["values"] = result["values"][:4]
    return rows


if __name__ == "__main__":
    main()
