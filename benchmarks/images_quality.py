"""The quality of the digits that the command line trains within a budget, judged in two ways.

A budget of T seconds is T seconds of two cores, start-up included, as `train dcgan --seconds T`
counts it. The judge's measures come from `evaluate dcgan`; the pixel distance is a second look that
owes nothing to the judge, so that nobody tunes to the judge unnoticed. `images_conditional.py` uses
`train_and_judge` for the conditional models.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import harness
import numpy as np

from course_utils.data import digits
from course_utils.evaluation.frechet import Gaussian, frechet_distance

TARGETS = {60.0: 20.0, 180.0: 5.0}
"""The judge-FID that the median of the seeds must reach, by budget."""
LEAST_SHARE = 0.05
"""The share of the rarest class that every seed must reach."""
DIMENSIONS = 64
FLOOR_SAMPLES = 6


class PixelView:
    """Images seen through the first principal components of the test digits' pixels.

    Attributes:
        explained: the share of the pixels' variance that the components hold.
    """

    def __init__(self):
        pixels = _flat(digits.load("test")[0])
        whole = Gaussian.of(pixels)
        values, vectors = np.linalg.eigh(whole.covariance)  # in ascending order
        self._mean, self._axes = whole.mean, vectors[:, -DIMENSIONS:]
        self.explained = float(values[-DIMENSIONS:].sum() / values.sum())
        self._reference = Gaussian.of(self._project(pixels))

    def distance(self, images: np.ndarray) -> float:
        """The Fréchet distance of uint8 `[N, 28, 28]` to the test digits; a pixel is 0 ... 1."""
        return frechet_distance(self._project(_flat(images)), self._reference)

    def floor(self, count: int) -> dict[str, float]:
        """The distance of `count` training digits: of up to six samples that share no digit."""
        images = digits.load("train")[0]
        order = np.random.default_rng(0).permutation(len(images))
        draws = order[: len(order) // count * count].reshape(-1, count)[:FLOOR_SAMPLES]
        distances = [self.distance(images[chosen]) for chosen in draws]
        return {
            "median": statistics.median(distances), "low": min(distances), "high": max(distances)
        }  # fmt: skip

    def _project(self, pixels: np.ndarray) -> np.ndarray:
        return (pixels - self._mean) @ self._axes


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1) / 255.0


@functools.cache
def pixel_view() -> PixelView:
    """The view, made once."""
    return PixelView()


def measure(seeds: list[int], budgets: list[float], samples: int) -> dict:
    """Train and judge one run for each budget and seed, each in a process of its own."""
    runs = []
    for budget in budgets:
        for seed in seeds:
            runs.append(train_and_judge(budget, seed, samples))
            print(f"quality: {_row(runs[-1])}", file=sys.stderr, flush=True)
    view = pixel_view()
    return {
        "samples": samples,
        "pixel_distance": {
            "dimensions": DIMENSIONS, "explained_variance": view.explained,
            "real_against_real": view.floor(samples),
        },
        "runs": runs,
        "budgets": [summarise([run for run in runs if run["budget"] == b], b) for b in budgets],
    }  # fmt: skip


def train_and_judge(budget: float, seed: int, samples: int, model: str = "dcgan") -> dict:
    """Run `train` and `evaluate` of a model; `{"error": ...}` if one of them failed."""
    run = {"model": model, "budget": budget, "seed": seed, "load_average": os.getloadavg()[0]}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "images.npz"
        options = ["--seconds", f"{budget:g}", "--seed", str(seed), "--samples", str(samples)]
        before, start = _cpu_of_children(), time.perf_counter()
        try:
            _course("train", model, *options, "--out", str(file))
            run["cpu_seconds"] = _cpu_of_children() - before
            run["wall_seconds"] = time.perf_counter() - start
            report = json.loads(_course("evaluate", model, str(file), "--json"))
            with np.load(file) as arrays:
                settings, images = json.loads(str(arrays["settings"])), arrays["images"]
        except (RuntimeError, ValueError, KeyError, OSError) as problem:
            return {**run, "error": str(problem)}
    measured = report.pop("measures")
    return {
        **run, "steps": settings["steps"], "versions": settings["versions"],
        **{name: values["value"] for name, values in measured.items()},
        "floors": {name: values["real_against_real"] for name, values in measured.items()},
        **report, "pixel_distance": pixel_view().distance(images),
    }  # fmt: skip


def _course(*arguments: str) -> str:
    command = [sys.executable, "-m", "course_utils", *arguments]
    # As a learner runs it: `images.py` sets this for the peers.
    env = {**harness.variables(), "TF_ENABLE_ONEDNN_OPTS": "0"}
    process = subprocess.run(command, cwd=harness.ROOT, env=env, capture_output=True, text=True)
    if process.returncode:
        raise RuntimeError(process.stderr.strip()[-500:] or f"exit code {process.returncode}")
    return process.stdout


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def summarise(runs: list[dict], budget: float) -> dict:
    """The median and the worst of the seeds, and whether they reach the targets (None: no target).

    A run that failed counts as missing the targets.
    """
    good = [run for run in runs if "error" not in run]
    summary = {"budget": budget, "seeds": len(runs), "failed": len(runs) - len(good)}
    if not good:
        return summary
    fids = [run["judge_fid"] for run in good]
    distances = [run["pixel_distance"] for run in good]
    least = min(run["smallest_share"] for run in good)
    complete, target = len(good) == len(runs), TARGETS.get(budget)
    return {
        **summary,
        "judge_fid": {"median": statistics.median(fids), "worst": max(fids)},
        "pixel_distance": {"median": statistics.median(distances), "worst": max(distances)},
        "smallest_share": least,
        "target": target,
        "reaches_target": target and complete and statistics.median(fids) <= target,
        "no_mode_lost": complete and least >= LEAST_SHARE,
    }


def table(quality: dict) -> str:
    """Every run and the summaries, as Markdown."""
    real = quality["pixel_distance"]
    floors = next((run["floors"] for run in quality["runs"] if "error" not in run), None)
    lines = [
        f"| budget | seed | steps | judge-FID | pixel distance ({real['dimensions']} components) "
        "| classifier score | confidence | smallest class | CPU s | wall s |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *map(_row, quality["runs"]),
    ]
    if floors:
        floor, pixels = floors["judge_fid"], real["real_against_real"]
        lines.append(
            f"| real digits | | | {floor['median']:.2f} ({floor['low']:.2f} – {floor['high']:.2f}) "
            f"| {pixels['median']:.3f} ({pixels['low']:.3f} – {pixels['high']:.3f}) | | | | | |"
        )
    return "\n".join([*lines, "", *map(_verdict, quality["budgets"])])


def _row(run: dict) -> str:
    head = f"| {run['budget']:g} s | {run['seed']} |"
    if "error" in run:
        return f"{head} failed: {run['error'].splitlines()[-1]} | | | | | | | |"
    return (
        f"{head} {run['steps']} | {run['judge_fid']:.2f} | {run['pixel_distance']:.3f} "
        f"| {run['classifier_score']:.2f} | {run['confidence']:.3f} | {run['smallest_share']:.1%} "
        f"| {run['cpu_seconds']:.0f} | {run['wall_seconds']:.0f} |"
    )


def _verdict(summary: dict) -> str:
    head = f"{summary['budget']:g} s, {summary['seeds']} seeds, {summary['failed']} failed: "
    if "judge_fid" not in summary:
        return head + "nothing measured"
    fid, distance = summary["judge_fid"], summary["pixel_distance"]
    target = "no target"
    if summary["target"]:
        reached = "reached" if summary["reaches_target"] else "missed"
        target = f"target {summary['target']:g} {reached}"
    kept = "reached" if summary["no_mode_lost"] else "missed"
    return (
        f"{head}judge-FID median {fid['median']:.2f}, worst {fid['worst']:.2f} ({target}); "
        f"pixel distance median {distance['median']:.3f}, worst {distance['worst']:.3f}; "
        f"smallest class {summary['smallest_share']:.1%} (target {LEAST_SHARE:.0%} {kept})"
    )
