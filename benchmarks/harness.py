"""Interleaved rounds of standalone scripts: median and spread, a table, and JSON.

On a shared machine only figures of one run compare, so every round runs every variant once, each in
a process of its own, and CPU time is what counts. A script prints one line of JSON with `name`,
`cpu_seconds_per_step`, `steps`, `versions`; see `peers/measuring.py`. Nothing here fails on time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS_PYTHON = ROOT / ".venv-benchmarks" / "bin" / "python"
# A machine may carry settings for old builds of OpenBLAS that slow a current NumPy down.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONPATH")


@dataclass(frozen=True)
class Variant:
    """A script, the Python that runs it, and its arguments."""

    script: Path
    python: Path = Path(sys.executable)
    arguments: tuple[str, ...] = ()

    def run(self) -> dict:
        """Run the script once and return its result; `{"error": ...}` if it failed."""
        command = [str(self.python), str(self.script), *self.arguments]
        try:
            process = subprocess.run(command, env=variables(), capture_output=True, text=True)
        except OSError as problem:
            return {"error": str(problem)}
        try:
            return json.loads(process.stdout.strip().splitlines()[-1])
        except (IndexError, ValueError):
            return {"error": process.stderr.strip()[-500:] or f"exit code {process.returncode}"}


def variables() -> dict[str, str]:
    """The environment variables of a measured process."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "TF_CPP_MIN_LOG_LEVEL": "3"}


def add_options(parser: argparse.ArgumentParser, output: Path) -> None:
    """Add the options that every benchmark has."""
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default: 5)")
    parser.add_argument("--json", type=Path, default=output, help="the file to write")


def interleave(variants: Sequence[Variant], rounds: int) -> list[list[dict]]:
    """Run every variant once in each round; return each variant's results."""
    results: list[list[dict]] = [[] for _ in variants]
    for number in range(1, rounds + 1):
        for variant, collected in zip(variants, results, strict=True):
            result = variant.run()
            collected.append(result)
            shown = result.get("error") or f"{1e3 * result['cpu_seconds_per_step']:.4f} ms"
            name = result.get("name", variant.script.stem)
            print(f"round {number}: {name}: {shown}", file=sys.stderr, flush=True)
    return results


def summarise(results: list[dict]) -> dict:
    """Reduce one variant's rounds to a row: median, least and most CPU milliseconds of a step."""
    good = [result for result in results if "error" not in result]
    if not good:
        return {"error": results[-1]["error"]}
    times = [1e3 * result["cpu_seconds_per_step"] for result in good]
    return {
        **{
            key: good[-1][key]
            for key in ("name", "steps", "versions", "mean_abs_error")
            if key in good[-1]
        },
        "rounds": len(good),
        "failed_rounds": len(results) - len(good),
        "median_cpu_ms": statistics.median(times),
        "min_cpu_ms": min(times),
        "max_cpu_ms": max(times),
        "results": good,
    }


def machine() -> dict:
    """Describe the machine, and how busy it is."""
    model = platform.processor()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    load = os.getloadavg() if hasattr(os, "getloadavg") else None
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "load_average": load,
        "date": time.strftime("%Y-%m-%d"),
    }


def table(rows: Sequence[dict], reference: dict | None = None) -> str:
    """Return the rows as a Markdown table; `reference` is the row that counts as 1."""
    unit = (reference or {}).get("median_cpu_ms")
    lines = [
        "| way | CPU ms a step: median | min – max | against the first | rounds |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        if "error" in row:
            lines.append(
                f"| {row.get('name', '?')} | failed | {row['error'].splitlines()[-1]} | | |"
            )
            continue
        ratio = f"{row['median_cpu_ms'] / unit:.2f}" if unit else ""
        spread = f"{row['min_cpu_ms']:.4f} – {row['max_cpu_ms']:.4f}"
        median = f"{row['median_cpu_ms']:.4f}"
        lines.append(f"| {row['name']} | {median} | {spread} | {ratio} | {row['rounds']} |")
    return "\n".join(lines)


def write(file: Path, content: dict) -> None:
    """Write the results as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(file: Path) -> dict:
    """Read what `write` wrote; nothing if there is no such file."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
