"""How every peer is measured: CPU seconds of one training step, after a warm-up; one line of JSON.

Standard library only: the peers run in two environments.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable

# One step of the game, the same for all: D learns from HALF real and from HALF generated points, in
# one update each; then G learns from BATCH latents. Adam with Keras's default settings.
LATENT, BATCH = 5, 128
HALF = BATCH // 2
RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


def arguments(steps: int, **options: str) -> argparse.Namespace:
    """Read the command line: how many steps to time (default `steps`), the seed, and flags."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=steps, help=f"steps to time ({steps})")
    parser.add_argument("--seed", type=int, default=0)
    for name, purpose in options.items():
        parser.add_argument(f"--{name}", action="store_true", help=purpose)
    return parser.parse_args()


def timed(
    name: str,
    train: Callable[[int], object],
    steps: int,
    warm_up: int,
    versions: dict[str, str],
) -> dict:
    """Time `train`; the result is what `harness.interleave` reads.

    Args:
        name: what the tables call this peer.
        train: takes that many steps, and returns when they are done.
        steps: how many steps to time.
        warm_up: how many to take before, so that compiling and caches are not timed.
        versions: of the libraries that do the work.
    """
    start = time.process_time()
    train(warm_up)
    first = time.process_time() - start
    start, wall = time.process_time(), time.perf_counter()
    train(steps)
    cpu, wall = time.process_time() - start, time.perf_counter() - wall
    return {
        "name": name,
        "cpu_seconds_per_step": cpu / steps,
        "wall_seconds_per_step": wall / steps,
        "steps": steps,
        "warm_up_steps": warm_up,
        "warm_up_cpu_seconds": first,
        "versions": {"python": platform.python_version(), **versions},
    }


def measure(
    name: str,
    train: Callable[[int], None],
    generate: Callable[[int], object],
    steps: int,
    warm_up: int,
    versions: dict[str, str],
) -> None:
    """Time `train` and print the result, with the mean error of the points.

    Args:
        name: see `timed`, as the others.
        train: takes that many steps.
        generate: returns that many generated points, `[n, 2]`.
        steps: how many steps to time.
        warm_up: how many to take before.
        versions: of the libraries that do the work.
    """
    result = timed(name, train, steps, warm_up, versions)
    points = [[float(value) for value in point] for point in generate(4096)]
    error = sum(abs(y - x * x) for x, y in points) / len(points)
    print(json.dumps({**result, "mean_abs_error": error}))
