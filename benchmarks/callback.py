"""What `EarlyWarning` costs: the same `fit` with and without it, in turn, in one process.

    .venv/bin/python benchmarks/callback.py [--rounds 5] [--games x2 dense dcgan]

CPU seconds count, for the machine may be shared. A round trains twice for as many batches; the
first call of each, which compiles, is left out. `clinic.py` calls `costs` for its report.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np


def x2() -> tuple:
    """The GAN of lesson 01, as its settings have it, on 3000 batches."""
    from course_utils.data.targets import x_squared
    from course_utils.models import x2

    return x2.build_gan(), x_squared.sample(3000 * 128, seed=5).astype(np.float32), 128


def dense() -> tuple:
    """Dense networks of digits, on 1000 batches."""
    from course_utils.clinic import Options
    from course_utils.clinic.networks import build
    from course_utils.training import GAN

    gan = GAN(*build(Options(data="digits", d_sigmoid=False)))
    return gan, _digits(1000 * 64), 64


def dcgan() -> tuple:
    """The convolutional GAN of lesson 03, on 60 batches."""
    from course_utils.models import dcgan

    return dcgan.build_gan(), _digits(60 * 64), 64


GAMES: dict[str, Callable[[], tuple]] = {"x2": x2, "dense": dense, "dcgan": dcgan}


def costs(game: str, rounds: int = 5) -> dict:
    """Interleaved rounds of one game.

    Returns:
        Median CPU seconds of a `fit` "without" and "with" the callback; "overhead", the median over
        rounds of with / without - 1; "rounds", each of them; "looks" in a `fit`; "own_share", the
        part of the CPU seconds of a `fit` that the callback itself says it took.
    """
    from course_utils.clinic.early_warning import EarlyWarning

    gan, data, batch = GAMES[game]()

    def fit(*callbacks) -> float:
        start = time.process_time()
        gan.fit(data, batch_size=batch, shuffle=False, verbose=0, callbacks=list(callbacks))
        return time.process_time() - start

    fit(EarlyWarning(data))
    without, with_it, looks, shares = [], [], [], []
    for number in range(rounds):
        for watched in (number % 2 == 0, number % 2 == 1):
            if not watched:
                without.append(fit())
                continue
            callback = EarlyWarning(data)
            with_it.append(fit(callback))
            looks.append(callback.looks)
            shares.append(callback.seconds[1] / with_it[-1])
    ratios = [b / a - 1 for a, b in zip(without, with_it, strict=True)]
    return {
        "without": statistics.median(without),
        "with": statistics.median(with_it),
        "overhead": statistics.median(ratios),
        "rounds": [round(ratio, 4) for ratio in ratios],
        "looks": statistics.median(looks),
        "own_share": statistics.median(shares),
    }


def _digits(count: int) -> np.ndarray:
    from course_utils.data import digits

    images = digits.load("train")[0][:count].astype(np.float32) / 127.5 - 1
    return images.reshape(-1, 28, 28, 1)


def main() -> None:
    """Print one line of JSON for each game."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES))
    args = parser.parse_args()
    for game in args.games:
        print(json.dumps({"game": game, **costs(game, args.rounds)}), flush=True)


if __name__ == "__main__":
    main()
