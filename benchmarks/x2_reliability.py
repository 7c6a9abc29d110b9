"""How many seeds succeed with each way of training the x² GAN: the table of lesson 01.

    python benchmarks/x2_reliability.py [--seeds 100] [--out FILE.json] [ROW …]

Every row trains the same networks for 20,000 steps, but "tutorial as it is" for its own 10,000.
Success: mean |y - x²| < 0.01 and all 20 bins covered, on 10,000 points. Writes the JSON that
`course_utils.models.x2_reliability.table` prints; about half an hour of CPU in all.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from dataclasses import replace
from importlib.metadata import version

from course_utils.data.targets import x_squared
from course_utils.evaluation import bins_covered, curve_error, x2_success
from course_utils.models import x2, x2_reliability

STEPS = x2.RELIABLE.steps


def _with(settings: x2.Settings, change: str, to: x2.Settings) -> x2.Settings:
    """`settings`, with one of the changes as it is in `to`."""
    fields = {"beta_1": "beta_1", "one_update": "separate_batches"}
    if change in fields:
        return replace(settings, **{fields[change]: getattr(to, fields[change])})
    names = {
        "rates": ("discriminator_learning_rate", "generator_learning_rate"),
        "r1": ("r1_weight",),
        "uniform": ("latent_distribution",),
    }.get(change, ())
    knobs = {name: value for name, value in settings.knobs.items() if name not in names}
    knobs |= {name: to.knobs[name] for name in names if name in to.knobs}
    decaying = to.decaying if change == "decay" else settings.decaying
    return replace(settings, knobs=knobs, decaying=decaying)


def rows() -> dict[str, x2.Settings]:
    """The settings of every row, by name."""
    tutorial = replace(x2.TUTORIAL, steps=STEPS)
    found = {"tutorial as it is": x2.TUTORIAL, "tutorial": tutorial, "all": x2.RELIABLE}
    for change in x2_reliability.CHANGES:
        found[f"only {change}"] = _with(tutorial, change, x2.RELIABLE)
        found[f"all but {change}"] = _with(x2.RELIABLE, change, tutorial)
    return found


def measure(settings: x2.Settings, seeds: int) -> dict:
    """Trains `seeds` GANs: how many succeed, and each one's error, coverage and CPU seconds."""
    gan = x2.build_gan(settings)
    gan.run(1)
    errors, covered, seconds, successes = [], [], [], 0
    for seed in range(seeds):
        gan.reset(seed)
        start = time.process_time()
        gan.run(settings.steps)
        seconds.append(round(time.process_time() - start, 3))
        points = gan.generate(10_000)
        errors.append(round(curve_error(points, x_squared.f), 5))
        covered.append(bins_covered(points, x_squared.f))
        successes += x2_success(points)
    return {
        "seeds": seeds,
        "successes": successes,
        "errors": errors,
        "covered": covered,
        "cpu_seconds": seconds,
    }


def main() -> None:
    """Measures the rows that were asked for, all by default, and keeps the others of the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", choices=[*rows(), []], help="default: all")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--out", default=x2_reliability.FILE)
    options = parser.parse_args()
    try:
        with open(options.out, encoding="utf-8") as file:
            results = json.load(file)
    except FileNotFoundError:
        results = {"rows": {}}
    for name in options.rows or rows():
        results["rows"][name] = measured = measure(rows()[name], options.seeds)
        seconds = sorted(measured["cpu_seconds"])[options.seeds // 2]
        print(f"{name:20} {measured['successes']:3} / {options.seeds}  {seconds:.2f} s", flush=True)
        results |= {
            "command": "python benchmarks/x2_reliability.py",
            "machine": platform.machine(),
            "python": platform.python_version(),
            "keras": version("keras"),
        }
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(results, file)
            file.write("\n")


if __name__ == "__main__":
    main()
