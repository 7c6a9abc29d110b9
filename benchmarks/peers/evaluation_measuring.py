"""How a measure and its references are timed on the same stored samples: one line of JSON.

NumPy and the standard library only: the measures run in two environments.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

import numpy as np
from measuring import timed

NEIGHBOURS, SUBSETS, SIZE, SEED = 5, 100, 1000, 0
# How often each is called; the first call is not timed.
CALLS = {
    "frechet_distance": 20,
    "kernel_distance": 1,
    "precision_recall": 1,
    "manifold_measures": 1,
    "classifier_score": 50,
    "ms_ssim": 3,
}


def run(name: str, measures: dict[str, Callable[[dict], object]], versions: dict[str, str]) -> None:
    """Time the measure that the command line names and print the result.

    Args:
        name: whose measures they are.
        measures: name -> function of the stored arrays; returns numbers, in the order that `ours`
            has.
        versions: of the libraries that do the work.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("measure", choices=measures)
    parser.add_argument("file", help="the stored arrays, .npz")
    args = parser.parse_args()
    arrays = dict(np.load(args.file))
    measure, found = measures[args.measure], []

    def calls(count: int) -> None:
        for _ in range(count):
            found[:] = np.ravel(measure(arrays)).tolist()

    result = timed(name, calls, CALLS[args.measure], 1, {"numpy": np.__version__, **versions})
    print(json.dumps({**result, "measure": args.measure, "values": found}))
