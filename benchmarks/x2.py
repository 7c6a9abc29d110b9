"""The x² GAN: CPU time of a step beside its peers, start-up, and the share of seeds that succeed.

    make benchmark
    .venv/bin/python benchmarks/x2.py --rounds 9

Ours is the first row once `peers/x2_ours.py` is there; the others are measured against the first.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

import harness
import x2_reliability
from harness import PEERS_PYTHON, Variant

from course_utils.models import x2

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
OURS = PEERS / "x2_ours.py"


def variants() -> list[Variant]:
    """List what is measured, ours first."""
    found = [Variant(OURS)] if OURS.exists() else []
    return [
        *found,
        Variant(PEERS / "x2_jax.py", PEERS_PYTHON),
        Variant(PEERS / "x2_jax.py", PEERS_PYTHON, ("--rbg",)),
        Variant(PEERS / "x2_numpy.py", PEERS_PYTHON),
        Variant(PEERS / "x2_tf_function.py"),
        Variant(PEERS / "x2_tf_function.py", arguments=("--xla",)),
        Variant(PEERS / "x2_torch.py", PEERS_PYTHON, ("--single", "--fused")),
        Variant(PEERS / "x2_torch.py", PEERS_PYTHON, ("--single",)),
        Variant(PEERS / "x2_torch.py", PEERS_PYTHON),
        Variant(PEERS / "x2_seed_loop.py"),
    ]


def start_up(rounds: int) -> dict[str, float]:
    """Time what a learner waits for before anything can run, in fresh processes."""
    found = {}
    for statement in ("pass", "import course_utils", "import course_utils.training"):
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True, capture_output=True)
            times.append(time.perf_counter() - start)
        found[statement] = statistics.median(times)
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    harness.add_options(parser, HERE / "results" / "x2.json")
    parser.add_argument("--seeds", type=int, default=100, help="runs of the reliable settings")
    args = parser.parse_args()
    if not PEERS_PYTHON.exists():
        print("The peers' environment is missing; `make benchmark` makes it.")
    before = harness.machine()
    imports = start_up(args.rounds)
    rows = [harness.summarise(results) for results in harness.interleave(variants(), args.rounds)]
    print(harness.table(rows, rows[0]))
    for statement, seconds in imports.items():
        print(f"{statement}: {seconds:.3f} s of wall time (median)")
    reliable = x2_reliability.measure(x2.RELIABLE, args.seeds)
    seconds = statistics.median(reliable["cpu_seconds"])
    print(
        f"reliable settings: {reliable['successes']} of {args.seeds} seeds succeed, "
        f"{seconds:.2f} s of CPU each (median), {max(reliable['cpu_seconds']):.2f} s (worst)"
    )
    content = {
        "command": "benchmarks/x2.py",
        "machine": before,
        "rows": rows,
        "import_seconds": imports,
        "reliable": reliable,
    }
    harness.write(args.json, content)


if __name__ == "__main__":
    main()
