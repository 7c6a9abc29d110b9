"""The x² GAN: CPU time of one training step, ours beside its peers, in one run.

    make benchmark
    .venv/bin/python benchmarks/x2.py --rounds 9

Ours is the first row once `peers/x2_ours.py` is there; the others are measured against the first.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import harness
from harness import PEERS_PYTHON, Variant

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


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    harness.add_options(parser, HERE / "results" / "x2.json")
    args = parser.parse_args()
    if not PEERS_PYTHON.exists():
        print("The peers' environment is missing; `make benchmark` makes it.")
    before = harness.machine()
    rows = [harness.summarise(results) for results in harness.interleave(variants(), args.rounds)]
    print(harness.table(rows, rows[0]))
    content = {"command": "benchmarks/x2.py", "machine": before, "rows": rows}
    harness.write(args.json, content)


if __name__ == "__main__":
    main()
