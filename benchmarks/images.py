"""The quick GANs of digits: speed beside the DCGAN's peers, share of the peak, quality of digits.

    make benchmark-images
    .venv/bin/python benchmarks/images.py --rows throughput peak --rounds 3
    .venv/bin/python benchmarks/images.py --rows quality --seeds 0 1 2 --budgets 60 180
    .venv/bin/python benchmarks/images.py --rows conditional until95 --models acgan cgan

A part that is not run, or of which every row failed, keeps its former results in the file. Compare
figures of one part only: each has the date and the load of its own run.
"""

from __future__ import annotations

import argparse
import os
import statistics
from pathlib import Path

import harness
import images_conditional
import images_quality
import images_until95
from harness import PEERS_PYTHON, Variant

from course_utils.models import dcgan

# Every TensorFlow row with oneDNN, which is TensorFlow's own default; the course has it off, see
# `course_utils/__init__.py`.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
SAME_NETWORKS = ("images_tf_function.py", "images_torch.py")
"""Peers that train the networks of our first row."""
PARTS = ("throughput", "peak", "quality", "conditional", "until95")


def variants(steps: int | None) -> list[Variant]:
    """List what is measured, ours first; `steps` replaces each script's own number."""
    ours, plain = PEERS / "images_ours.py", PEERS / "images_tf_function.py"
    torch, tutorial = PEERS / "images_torch.py", PEERS / "images_tutorial.py"
    batch, one = ("--batch", str(dcgan.SETTINGS["batch_size"])), ("--threads", "1")
    some = ("--steps", str(steps)) if steps else ()
    return [
        Variant(ours, arguments=(*batch, *one, "--xla", *some)),
        Variant(ours, arguments=(*batch, *one, *some)),
        Variant(plain, arguments=(*batch, *one, *some)),
        Variant(plain, arguments=(*batch, *some)),
        Variant(plain, arguments=(*batch, *one, "--xla", *some)),
        Variant(torch, PEERS_PYTHON, (*batch, *one, *some)),
        Variant(torch, PEERS_PYTHON, (*batch, *one, "--channels_last", *some)),
        Variant(torch, PEERS_PYTHON, (*batch, *some)),
        Variant(torch, PEERS_PYTHON, (*batch, "--channels_last", *some)),
        Variant(tutorial, arguments=(*one, *some)),
        Variant(tutorial, arguments=some),
        Variant(ours, arguments=("--textbook", *batch, *one, *some)),
    ]


def throughput(rounds: int, steps: int | None) -> list[dict]:
    """Measure every way in interleaved rounds; the rows of the table."""
    listed = variants(steps)
    rows = []
    for variant, results in zip(listed, harness.interleave(listed, rounds), strict=True):
        row = {"script": variant.script.name, **harness.summarise(results)}
        if "error" in row:
            rows.append({"name": " ".join((variant.script.stem, *variant.arguments)), **row})
            continue
        good, last = row["results"], row["results"][-1]
        wall = [1e3 * result["wall_seconds_per_step"] for result in good]
        row |= {"batch": last["batch"], "parameters": last["parameters"]}
        row["median_wall_ms"] = statistics.median(wall)
        row["median_warm_up_cpu_s"] = statistics.median(r["warm_up_cpu_seconds"] for r in good)
        row["images_per_cpu_second"] = 1e3 * row["batch"] / row["median_cpu_ms"]
        rows.append(row)
    for row in rows:
        if "error" not in row and "error" not in rows[0]:
            row["ours_is_times_as_fast"] = (
                rows[0]["images_per_cpu_second"] / row["images_per_cpu_second"]
            )
            row["other_networks"] = (
                row["script"] in SAME_NETWORKS and row["parameters"] != rows[0]["parameters"]
            )
    return rows


def throughput_table(rows: list[dict]) -> str:
    """The rows as Markdown."""
    lines = [
        "| way | batch | CPU ms a step: median | min – max | wall ms | images a CPU second "
        "| ours is … times as fast | CPU s before the first timed step | rounds | load |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if "error" in row:
            lines.append(f"| {row['name']} | failed: {row['error'].splitlines()[-1]} |")
            continue
        load = statistics.median(result["load_average"] for result in row["results"])
        name = row["name"] + (" (OTHER NETWORKS)" if row.get("other_networks") else "")
        ratio = row.get("ours_is_times_as_fast")
        lines.append(
            f"| {name} | {row['batch']} | {row['median_cpu_ms']:.1f} "
            f"| {row['min_cpu_ms']:.1f} – {row['max_cpu_ms']:.1f} | {row['median_wall_ms']:.1f} "
            f"| {row['images_per_cpu_second']:.0f} | {f'{ratio:.2f}' if ratio else ''} "
            f"| {row['median_warm_up_cpu_s']:.1f} | {row['rounds']} | {load:.1f} |"
        )
    return "\n".join(lines)


def peak(rounds: int, steps: int | None) -> list[dict]:
    """Measure step, products and parts in interleaved rounds, with one and with two threads."""
    some = ("--steps", str(steps)) if steps else ()
    script = HERE / "images_peak.py"
    listed = [Variant(script, arguments=("--threads", n, *some)) for n in ("1", "2")]
    rows = []
    for results in harness.interleave(listed, rounds):
        good = [result for result in results if "error" not in result]
        if not good:
            rows.append({"error": results[-1]["error"]})
            continue
        for result in good:
            result.update(shares(result))
        rows.append({"rounds": len(good), "median": medians(good), "results": good})
    return rows


def shares(result: dict) -> dict:
    """What a round's figures say about a step: its speed, and the time of its products alone."""
    gflop = 2e-9 * result["multiply_adds"]["step"]
    cpu_ms = 1e3 * result["cpu_seconds_per_step"]
    at_peak = 1e3 * gflop / result["peak"]["gflop_per_cpu_second"]
    alone = 0.0
    for product in result["products"]:
        m, k, n = product["size"]
        work = 2e-9 * product["times_in_a_step"] * m * k * n
        alone += 1e3 * work / product["gflop_per_cpu_second"]
    return {
        "gflop_per_cpu_second": 1e3 * gflop / cpu_ms,
        "share_of_peak": at_peak / cpu_ms,
        "step_cpu_ms": {
            "the whole step": cpu_ms,
            "its multiply-adds at the peak": at_peak,
            "its matrix products alone, each at the speed of its size": alone,
            "the rest: convolutions slower than products, normalisation, activations, "
            "Adam, averaging, random numbers, calls": cpu_ms - alone,
        },
    }


def medians(results: list):
    """Results of the same form reduced to one: the median of every number, the first of others."""
    first = results[0]
    if isinstance(first, dict):
        return {key: medians([result[key] for result in results]) for key in first}
    if isinstance(first, list):
        return [medians(list(column)) for column in zip(*results, strict=True)]
    same = all(result == first for result in results)
    return first if same or not isinstance(first, int | float) else statistics.median(results)


def peak_table(row: dict) -> str:
    """One number of threads, as Markdown."""
    if "error" in row:
        return f"failed: {row['error'].splitlines()[-1]}"
    median, each = row["median"], [result["share_of_peak"] for result in row["results"]]
    whole = median["step_cpu_ms"]["the whole step"]
    lines = [
        f"{median['threads']} thread(s), {row['rounds']} round(s): a step of {median['batch']} "
        f"takes {whole:.1f} ms of CPU, {1e3 * median['wall_seconds_per_step']:.1f} ms of wall "
        f"time; {median['multiply_adds']['step'] / 1e6:.0f} million multiply-adds, "
        f"{median['gflop_per_cpu_second']:.1f} GFLOP a CPU second.",
        f"Peak (1024 x 1024): {median['peak']['gflop_per_cpu_second']:.1f} GFLOP a CPU second, "
        f"{median['peak']['gflop_per_second']:.1f} a second. Share of it: "
        f"{median['share_of_peak']:.1%} ({min(each):.1%} – {max(each):.1%}).",
        "",
        "| CPU ms | of a step | |",
        "|---|---|---|",
    ]
    for name, ms in [*median["step_cpu_ms"].items(), *median["part_cpu_ms"].items()]:
        lines.append(f"| {ms:.2f} | {ms / whole:.0%} | {name} |")
    lines += ["", "| product m x k x n | times in a step | GFLOP a CPU second |", "|---|---|---|"]
    for product in median["products"]:
        size = " x ".join(str(round(side)) for side in product["size"])
        speed = product["gflop_per_cpu_second"]
        lines.append(f"| {size} | {product['times_in_a_step']} | {speed:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    harness.add_options(parser, HERE / "results" / "images.json")
    parser.add_argument("--rows", nargs="+", choices=PARTS, default=PARTS, help="parts to run")
    parser.add_argument("--steps", type=int, help="steps to time (default: each script's own)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--budgets", type=float, nargs="+", help="seconds (default: the targets')")
    parser.add_argument(
        "--models",
        nargs="+",
        choices=images_conditional.MODELS,
        default=list(images_conditional.MODELS),
    )
    parser.add_argument("--samples", type=int, default=10_000)
    args = parser.parse_args()
    if "throughput" in args.rows and not PEERS_PYTHON.exists():
        print("The peers' environment is missing; `make benchmark-images` makes it.")
    found = harness.read(args.json)
    found["command"] = "benchmarks/images.py"
    for part in args.rows:
        before = harness.machine()
        if part == "throughput":
            content = {"rows": throughput(args.rounds, args.steps)}
            shown = throughput_table(content["rows"])
        elif part == "peak":
            content = {"rows": peak(args.rounds, args.steps)}
            shown = "\n\n".join(map(peak_table, content["rows"]))
        elif part == "quality":
            budgets = args.budgets or list(images_quality.TARGETS)
            content = images_quality.measure(args.seeds, budgets, args.samples)
            shown = images_quality.table(content)
        elif part == "conditional":
            budgets = args.budgets or images_conditional.BUDGETS
            content = images_conditional.measure(args.models, args.seeds, budgets, args.samples)
            shown = images_conditional.table(content)
        else:
            content = images_until95.measure(args.models, args.seeds, args.steps)
            shown = images_until95.table(content)
        print(f"\n{part}\n\n{shown}", flush=True)
        if all("error" in row for row in content.get("runs") or content["rows"]):
            print(f"Every row of {part} failed: {args.json} keeps what it has of it.")
            continue
        found[part] = {"machine": before, **content}
        harness.write(args.json, found)


if __name__ == "__main__":
    main()
