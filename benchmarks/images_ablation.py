"""The quick DCGAN with one thing changed: judge-FID after the same budget of CPU, several seeds.

    .venv/bin/python benchmarks/images_ablation.py --seconds 30 --seeds 3

Each run's budget is CPU seconds divided by 2, building and compiling included.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import harness
import keras
from keras import layers

from course_utils.data import digits
from course_utils.data.images import to_pixels
from course_utils.evaluation import evaluate_images
from course_utils.models import dcgan
from course_utils.training import GAN
from course_utils.training.sources import ImageSource

HERE = Path(__file__).resolve().parent
SAMPLES = 10_000


def _changed(network: keras.Model, change: Callable[[list], list]) -> keras.Model:
    copies = [type(layer).from_config(layer.get_config()) for layer in network.layers]
    return keras.Sequential([keras.Input(network.input_shape[1:]), *change(copies)])


def _without_normalisation(stack: list) -> list:
    return [layer for layer in stack if not isinstance(layer, layers.BatchNormalization)]


def _without_dense(stack: list) -> list:
    return [*stack[:-3], stack[-1]]


def _with_normalisation(stack: list) -> list:
    return [*stack[:4], layers.BatchNormalization(), *stack[4:]]


# What is changed: in G, in D, in the settings.
VARIANTS: dict[str, tuple[Callable, Callable, dict]] = {
    "as it is": (list, list, {}),
    "no R1": (list, list, {"r1_weight": 0.0}),
    "beta1 = 0.5": (list, list, {"betas": (0.5, 0.99)}),
    "beta1 = 0.9": (list, list, {"betas": (0.9, 0.99)}),
    "no dense layer in D": (list, _without_dense, {}),
    "batch normalisation in D": (list, _with_normalisation, {}),
    "no batch normalisation in G": (_without_normalisation, list, {}),
}


def outcomes(name: str, seconds: float, seeds: range, images) -> Iterator[dict]:
    """Train one variant with each seed; its GAN is compiled for the first, and paid for by all."""
    change_g, change_d, options = VARIANTS[name]
    started = time.process_time()
    gan = GAN(
        _changed(dcgan.build_generator(), change_g),
        _changed(dcgan.build_discriminator(), change_d),
        ImageSource(images),
        **{**dcgan.SETTINGS, **options},
    )
    gan.run(1)
    compiling = time.process_time() - started
    for seed in seeds:
        gan.reset(seed)
        started = time.process_time() - compiling
        while time.process_time() - started < 2 * seconds:
            gan.run(20)
        steps = gan.step
        for averaged in (True, False) if name == "as it is" else (True,):
            report = evaluate_images(to_pixels(gan.generate(SAMPLES, seed=1, averaged=averaged)))
            yield {
                "name": name if averaged else "no averaging of weights",
                "seed": seed,
                "steps": steps,
                "judge_fid": report["judge_fid"],
                "confidence": report["confidence"],
                "smallest_share": report["smallest_share"],
            }


def table(rows: list[dict]) -> str:
    """Return the runs as a Markdown table, one line for each variant."""
    lines = ["| changed | judge-FID, each seed | median | steps |", "|---|---|---|---|"]
    for name in dict.fromkeys(row["name"] for row in rows):
        runs = [row for row in rows if row["name"] == name]
        values = [run["judge_fid"] for run in runs]
        each, steps = ", ".join(f"{value:.1f}" for value in values), runs[0]["steps"]
        lines.append(f"| {name} | {each} | {statistics.median(values):.1f} | {steps:,} |")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="budget of a run; default 30")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each variant; default 3")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--json", type=Path, default=HERE / "results" / "images_ablation.json")
    args = parser.parse_args()
    machine, rows = harness.machine(), []
    images, _ = digits.load("train")
    for name in args.variants:
        for row in outcomes(name, args.seconds, range(args.seeds), images):
            rows.append(row)
            print(row, flush=True)
        keras.backend.clear_session()
    print(table(rows))
    content = {"command": "benchmarks/images_ablation.py", "machine": machine, "rows": rows}
    harness.write(args.json, {**content, "seconds": args.seconds})


if __name__ == "__main__":
    main()
