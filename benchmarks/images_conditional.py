"""The quality of the digits that were asked for, within a budget: ACGAN and conditional GAN.

Each run is `train acgan|cgan --seconds T` and `evaluate acgan|cgan`, in processes of their own,
with as many samples of each class; see `images_quality.py` for what a budget is.
"""

from __future__ import annotations

import statistics
import sys

import images_quality

MODELS = ("acgan", "cgan")
BUDGETS = (30.0, 60.0, 180.0)
TARGETS = {
    "acgan": {30.0: (3.0, 0.98), 60.0: (1.0, 0.993), 180.0: (0.6, 0.996)},
    "cgan": {30.0: (3.0, 0.975), 60.0: (1.2, 0.985), 180.0: (0.7, 0.993)},
}
"""The judge-FID and the conditional accuracy that the medians must reach, by model and budget."""
DIVERSITY_TARGETS = {60.0: 0.95, 180.0: 0.97}
"""The within-class diversity, relative to the test digits, that the medians must reach."""
MEASURES = {
    "judge_fid": max,
    "conditional_accuracy": min,
    "worst_class_accuracy": min,
    "feature_diversity": min,
    "pixel_diversity": min,
    "pixel_distance": max,
}
"""What is summarised, and which of several values is the worst."""


def measure(models: list[str], seeds: list[int], budgets: list[float], samples: int) -> dict:
    """Train and judge one run for each seed, budget and model, the models in turn."""
    runs = []
    for budget in budgets:
        for seed in seeds:
            for model in models:
                runs.append(images_quality.train_and_judge(budget, seed, samples, model))
                print(f"conditional: {_row(runs[-1])}", file=sys.stderr, flush=True)
    for run in runs:
        if "error" not in run:
            run["worst_class_accuracy"] = min(run["class_accuracies"])
    found = [
        summarise([run for run in runs if (run["model"], run["budget"]) == (model, budget)])
        for model in models
        for budget in budgets
    ]
    return {
        "samples": samples,
        "pixel_floor": images_quality.pixel_view().floor(samples),
        "runs": runs,
        "budgets": found,
    }


def summarise(runs: list[dict]) -> dict:
    """The median and the worst of the seeds of one model and budget, and which targets they reach.

    A run that failed counts as missing the targets. None: there is no target.
    """
    model, budget = runs[0]["model"], runs[0]["budget"]
    good = [run for run in runs if "error" not in run]
    summary = {"model": model, "budget": budget, "seeds": len(runs)}
    summary["failed"] = len(runs) - len(good)
    if not good:
        return summary
    for name, worst in MEASURES.items():
        values = [run[name] for run in good]
        summary[name] = {"median": statistics.median(values), "worst": worst(values)}
    fid, accuracy = TARGETS[model].get(budget, (None, None))
    least = DIVERSITY_TARGETS.get(budget)
    targets = {"judge_fid": fid, "conditional_accuracy": accuracy, "feature_diversity": least}
    targets["pixel_diversity"] = least
    for name, target in targets.items():
        median, complete = summary[name]["median"], len(good) == len(runs)
        reached = median <= (target or 0) if name == "judge_fid" else median >= (target or 0)
        summary[name] |= {"target": target, "reached": target and complete and reached}
    return summary


def table(content: dict) -> str:
    """Every run and the summaries, as Markdown."""
    lines = [
        "| model | budget | seed | steps | judge-FID | conditional accuracy | its worst class "
        "| diversity: features | pixels | pixel distance | CPU s | wall s |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *map(_row, content["runs"]),
    ]
    floors = next((run["floors"] for run in content["runs"] if "error" not in run), None)
    if floors:
        fid, accuracy, features, pixels, distance = (
            f"{floor['median']:.{digits}f} ({floor['low']:.{digits}f} – {floor['high']:.{digits}f})"
            for floor, digits in (
                (floors["judge_fid"], 2),
                (floors["conditional_accuracy"], 4),
                (floors["feature_diversity"], 3),
                (floors["pixel_diversity"], 3),
                (content["pixel_floor"], 3),
            )
        )
        lines.append(
            f"| real digits | | | | {fid} | {accuracy} | | {features} | {pixels} | {distance} | | |"
        )
    return "\n".join([*lines, "", *map(_verdict, content["budgets"])])


def _row(run: dict) -> str:
    head = f"| {run['model']} | {run['budget']:g} s | {run['seed']} |"
    if "error" in run:
        return f"{head} failed: {run['error'].splitlines()[-1]} | | | | | | | | |"
    return (
        f"{head} {run['steps']} | {run['judge_fid']:.2f} | {run['conditional_accuracy']:.4f} "
        f"| {min(run['class_accuracies']):.3f} | {run['feature_diversity']:.3f} "
        f"| {run['pixel_diversity']:.3f} | {run['pixel_distance']:.3f} "
        f"| {run['cpu_seconds']:.0f} | {run['wall_seconds']:.0f} |"
    )


def _verdict(summary: dict) -> str:
    head = (
        f"{summary['model']}, {summary['budget']:g} s, {summary['seeds']} seeds, "
        f"{summary['failed']} failed: "
    )
    if "judge_fid" not in summary:
        return head + "nothing measured"
    parts = []
    for name in MEASURES:
        found = summary[name]
        part = f"{name} median {found['median']:.4g}, worst {found['worst']:.4g}"
        if found.get("target"):
            part += f" (target {found['target']:g} {'reached' if found['reached'] else 'missed'})"
        parts.append(part)
    return head + "; ".join(parts)
