"""How every peer of the image benchmark is measured: seconds of a training step, as JSON.

A step is one update of D on `batch` real and `batch` generated images, and one update of G on
`batch` images. Standard library only: the peers run in two environments.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable

from measuring import timed


def arguments(steps: int, batch: int, **options: str) -> argparse.Namespace:
    """Read the command line: steps to time, images of a batch, threads (0: default), flags."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=steps, help=f"steps to time ({steps})")
    parser.add_argument("--batch", type=int, default=batch, help=f"real images a step ({batch})")
    parser.add_argument("--threads", type=int, default=0, help="0: the library's default")
    for name, purpose in options.items():
        parser.add_argument(f"--{name}", action="store_true", help=purpose)
    return parser.parse_args()


def with_threads(name: str, threads: int) -> str:
    """The name of a row that uses so many threads."""
    return f"{name}, " + {0: "default threads", 1: "1 thread"}.get(threads, f"{threads} threads")


def measure(
    name: str,
    train: Callable[[int], object],
    args: argparse.Namespace,
    warm_up: int,
    parameters: tuple[int, int],
    versions: dict[str, str],
) -> None:
    """Time `train` and print the result.

    Args:
        name: what the tables call this peer, without its threads.
        train: takes that many steps, and returns when they are done.
        args: from `arguments`.
        warm_up: steps before, so that compiling and caches are not timed.
        parameters: how many numbers G and D train.
        versions: of the libraries that do the work.
    """
    name = with_threads(name, args.threads)
    result = timed(name, train, args.steps, warm_up, versions)
    also = {"batch": args.batch, "parameters": parameters, "load_average": os.getloadavg()[0]}
    print(json.dumps({**result, **also}))
