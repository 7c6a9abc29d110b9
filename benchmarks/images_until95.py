"""Seconds until 95 % of the digits are those asked for, beside an epoch of the textbook's ACGAN.

    .venv/bin/python benchmarks/images.py --rows until95 --models acgan cgan --seeds 0 1 2
    .venv/bin/python benchmarks/images_until95.py acgan --seed 0      (one run, as JSON)

Our seconds are CPU seconds divided by 2, start-up and compiling included, judging excluded. The
widely copied ACGAN (`models.acgan.textbook_generator`) is not trained that far, which would take
days: a few of its steps are timed after a warm-up, and an epoch of 600 steps is **extrapolated**
from their median. Its program promises reasonable images after about 5 epochs and good ones by
about 15, so that one epoch is less than it needs.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import sys
import time
from pathlib import Path

from harness import Variant

GOAL = 0.95
SAMPLES = 2000
BETWEEN = 1.0
"""Seconds of training between two looks of the judge."""
LONGEST = 180.0
"""Seconds after which a run that has not reached the goal is given up."""
CORES = 2
EPOCH = 600
"""Steps of the textbook's program: 60,000 digits in batches of 100."""
TEXTBOOK = Path(__file__).resolve().parent / "peers" / "images_ours.py"


def measure(models: list[str], seeds: list[int], steps: int | None) -> dict:
    """One run of each model for each seed, and steps of the textbook's networks between them.

    Args:
        models: of "acgan", "cgan".
        seeds: of the runs.
        steps: of the textbook's, to time in each round (3), with XLA and without.
    """
    rows = []
    for seed in seeds:
        for model in models:
            variant = Variant(Path(__file__), arguments=(model, "--seed", str(seed)))
            rows.append({"what": model, "seed": seed, **variant.run()})
        for xla in ((), ("--xla",)):
            arguments = ("--acgan", "--batch", "100", "--steps", str(steps or 3), *xla)
            textbook = Variant(TEXTBOOK, arguments=arguments)
            rows.append({"what": " ".join(("textbook", *xla)), **textbook.run()})
        for row in rows[-len(models) - 2 :]:
            print(f"until95: {_row(row)}", file=sys.stderr, flush=True)
    return {"goal": GOAL, "samples": SAMPLES, "rows": rows, **summarise(rows)}


def summarise(rows: list[dict]) -> dict:
    """What the rows say.

    Returns:
        ours: by model, the median and the worst seconds until the goal; a run that failed or never
            reached it counts as infinitely long, written as None.
        epoch_seconds: extrapolated: 600 times the textbook's step, with XLA or without, whichever
            has the quicker median. None if none was timed.
        ratio: by model, that divided by the median and by the worst of our seconds; None where one
            of them is unknown.
    """
    good = [row for row in rows if "error" not in row]
    steps = {}
    for row in good:
        if "cpu_seconds_per_step" in row:
            steps.setdefault(row["what"], []).append(row["cpu_seconds_per_step"])
    epoch = min(map(statistics.median, steps.values()), default=None)
    epoch = None if epoch is None else EPOCH * epoch / CORES
    ours, ratio = {}, {}
    for model in dict.fromkeys(row["what"] for row in rows if "seed" in row):
        of_model = [row for row in rows if row["what"] == model]
        seconds = [row.get("seconds") or float("inf") for row in of_model]
        found = {"median": statistics.median(seconds), "worst": max(seconds)}
        ours[model] = {k: None if v == float("inf") else v for k, v in found.items()}
        ratio[model] = {k: v and epoch and epoch / v for k, v in ours[model].items()}
    return {"ours": ours, "epoch_seconds": epoch, "ratio": ratio}


def table(content: dict) -> str:
    """Every run, and what follows, as Markdown."""
    lines = [
        f"| way | seed | seconds to {content['goal']:.0%} | steps | CPU s a step | load |",
        "|---|---|---|---|---|---|",
        *map(_row, content["rows"]),
        "",
    ]
    epoch = content["epoch_seconds"]
    if epoch:
        lines.append(
            f"One epoch of the textbook's, extrapolated ({EPOCH} steps): {epoch:.0f} s of {CORES} "
            f"cores, {epoch / 3600:.2f} h; its program speaks of 5 to 15 of them."
        )
    for model, seconds in content["ours"].items():
        parts = [f"{kind} {_known(value, '.1f')} s" for kind, value in seconds.items()]
        parts += [f"{k}: {_known(v, '.0f')} times" for k, v in content["ratio"][model].items()]
        lines.append(f"{model}: " + "; ".join(parts))
    return "\n".join(lines)


def _row(row: dict) -> str:
    head = f"| {row['what']} | {row.get('seed', '')} |"
    if "error" in row:
        return f"{head} failed: {row['error'].splitlines()[-1]} | | | |"
    load = f"{row['load_average']:.1f} |"
    if "cpu_seconds_per_step" in row:
        return f"{head} | {row['steps']} | {row['cpu_seconds_per_step']:.2f} | {load}"
    seconds = _known(row["seconds"], ".1f")
    return f"{head} {seconds} | {row['looks'][-1]['steps']} | | {load}"


def _known(value: float | None, form: str) -> str:
    return "not reached" if value is None else format(value, form)


def until_goal(model: str, seed: int, used: float = 0.0) -> dict:
    """Train a quick model as `train` does until the goal is reached, or for `LONGEST` seconds.

    Args:
        model: "acgan" or "cgan".
        seed: of the run.
        used: CPU seconds that this process had used when counting begins.

    Returns:
        seconds: at the first look that found the goal reached; None if none did.
        looks: seconds, steps and conditional accuracy at each look of the judge.
    """
    import numpy as np

    from course_utils.data.images import to_pixels
    from course_utils.evaluation import conditional_accuracy
    from course_utils.models import image_commands, judge

    module = importlib.import_module(f"course_utils.models.{image_commands.MODELS[model][0]}")
    gan = module.build_gan(seed=seed, jit_compile=True)
    labels = np.arange(SAMPLES) % gan.classes
    seconds, judging, looks = 0.0, 0.0, []
    while not looks or (looks[-1]["accuracy"] < GOAL and seconds < LONGEST):
        due = seconds + BETWEEN
        while seconds < due:
            gan.run(image_commands.STEPS)
            seconds = (time.process_time() - used - judging) / CORES
        started = time.process_time()
        images = to_pixels(gan.generate(SAMPLES, seed=seed, conditions=labels))
        accuracy = conditional_accuracy(judge.load().probabilities(images), labels)
        judging += time.process_time() - started
        looks.append({"seconds": seconds, "steps": gan.step, "accuracy": accuracy})
    reached = looks[-1]["accuracy"] >= GOAL
    return {"seconds": seconds if reached else None, "looks": looks}


def main() -> None:
    """Measure one run of ours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=("acgan", "cgan"))
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    # As a learner runs it: `images.py` sets this for the peers.
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    found = until_goal(args.model, args.seed)
    import keras
    import tensorflow as tf

    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    print(json.dumps({**found, "versions": versions, "load_average": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
