"""The live panel in a real JupyterLab and browser: latency, throughput, frames, CPU and memory.

    make benchmark-live
    .venv/bin/python benchmarks/live.py --rows latency throughput --rounds 5
    .venv/bin/python benchmarks/live.py --rows memory --minutes 30

Other ways to show a running GAN are measured beside ours in the same kernel, page and run. Rows
that were not measured keep their last results in the JSON file. On a shared machine look at the
load average of each row; nothing here fails on time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import harness
import live_memory
import live_rows
from live_lab import PEERS_HOME, notebook

HERE = Path(__file__).resolve().parent
ROWS: dict[str, Callable] = {
    "latency": lambda args: [
        *live_rows.latency(args.rounds),
        *live_rows.latency(1, subshells=False),
    ],
    "throughput": lambda args: live_rows.throughput(args.rounds),
    "frames": lambda args: live_rows.frames(args.rounds),
    "costs": lambda args: live_rows.costs(args.rounds),
    "memory": lambda args: live_memory.memory(args.minutes),
}


def _latency(rows: Sequence[dict]) -> Iterator[str]:
    yield "| slider → training loop | arrived | median ms | 95 % ms | worst ms |"
    yield "|---|---|---|---|---|"
    for row in rows:
        name = {"none": "no cell runs"}.get(row["cell"], f"a cell runs, {row['cell']}")
        where = "" if row["subshells"] else ", without subshells"
        arrived = sum(one["arrived"] for one in row["rounds"])
        moves = sum(one["moves"] for one in row["rounds"])
        shown = (_median(row["rounds"], key, ".0f") for key in ("median_ms", "p95_ms", "max_ms"))
        yield f"| {name}{where} | {arrived} of {moves} | {' | '.join(shown)} |"


def _throughput(rows: Sequence[dict]) -> Iterator[str]:
    yield "| way | throughput lost, wall | kernel CPU | frames/s | steps/s | alone |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        shown = (
            _median(row["rounds"], key, form)
            for key, form in (
                ("lost_wall", ".1%"),
                ("lost_kernel_cpu", ".1%"),
                ("frames_per_second", ".1f"),
                ("steps_per_second", ".0f"),
                ("steps_per_second_alone", ".0f"),
            )
        )
        yield f"| {row['way']} | {' | '.join(shown)} |"


def _frames(row: dict) -> Iterator[str]:
    yield "| frames a second drawn in the browser |"
    yield "|---|"
    yield f"| {_median(row['rounds'], 'frames_per_second', '.1f')} |"


def _costs(rows: Sequence[dict]) -> Iterator[str]:
    yield "| one frame | training thread, CPU ms | whole kernel, CPU ms | kB | messages |"
    yield "|---|---|---|---|---|"
    for row in rows:
        for one in row["rounds"]:
            one["kilobytes"] = one["bytes"] / 1e3
        shown = (
            _median(row["rounds"], key, form)
            for key, form in (
                ("thread_ms", ".2f"),
                ("kernel_ms", ".2f"),
                ("kilobytes", ".1f"),
                ("messages", ".1f"),
            )
        )
        yield f"| {row['way']} | {' | '.join(shown)} |"


def _memory(row: dict) -> Iterator[str]:
    yield "| memory of the kernel | MB |"
    yield "|---|---|"
    yield f"| growth from minute 2 to minute {row['minutes']:g} | {row['growth_mb']:.1f} |"
    yield f"| largest growth since minute 2 | {row['largest_growth_mb']:.1f} |"
    yield f"| actions | {sum(row['actions'].values())} |"


PARTS = {
    "latency": _latency,
    "throughput": _throughput,
    "frames": _frames,
    "costs": _costs,
    "memory": _memory,
}


def _median(rounds: Sequence[dict], key: str, form: str) -> str:
    """Return the median of the rounds, and their range if there are several."""
    values = [one[key] for one in rounds]
    median = format(statistics.median(values), form)
    spread = f" ({min(values):{form}} – {max(values):{form}})" if len(values) > 1 else ""
    return median + spread


def versions() -> dict[str, str]:
    """Ask a kernel for the versions of all that takes part."""
    with notebook(["from live_kernel import *"]) as page:
        page.run(0)
        found = page.probe("versions()")
        return {**found, "browser": page.page.context.browser.version}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    harness.add_options(parser, HERE / "results" / "live.json")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), help="what")
    parser.add_argument("--minutes", type=float, default=30, help="of the row memory (30)")
    args = parser.parse_args()
    if not PEERS_HOME.exists():
        parser.exit(1, "The peers' environment is missing; `make benchmark-live` makes it.\n")
    found = versions()
    for name in args.rows:
        machine, began = harness.machine(), time.monotonic()
        result = ROWS[name](args)
        content = {"command": "benchmarks/live.py", "results": {}}
        if args.json.exists():  # the rows that are not measured now
            content = json.loads(args.json.read_text(encoding="utf-8"))
        content["results"][name] = {
            "versions": found,
            "machine": machine,
            "load_average_after": harness.machine()["load_average"],
            "seconds": round(time.monotonic() - began),
            "result": result,
        }
        harness.write(args.json, content)
        print("\n".join(PARTS[name](result)), end="\n\n")


if __name__ == "__main__":
    main()
