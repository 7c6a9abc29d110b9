"""What an independent implementation gives for fixed features and logits, for our tests.

    python benchmarks/reference_values.py [--out FILE.json]

Needs torch 2.13.0 and torchmetrics 1.9.0, in an environment of their own; the course needs neither.
The inputs are drawn by NumPy from the seeds that the file names: `inputs` below is repeated in the
test that reads the file.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore

FILE = Path(__file__).parents[1] / "tests" / "evaluation" / "reference_values.json"
CASES = ((0, 500, 700, 64), (1, 40, 3000, 64), (2, 2000, 2000, 10))


def inputs(seed: int, n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Features [n, d] and [m, d] of two correlated distributions, many of them 0 as after ReLU."""
    random = np.random.default_rng(seed)
    mixing = random.normal(size=(d, d)) / np.sqrt(d)
    first = random.normal(size=(n, d)) @ mixing
    second = random.normal(0.2, 1.1, size=(m, d)) @ mixing
    return np.maximum(first, 0).astype(np.float32), np.maximum(second, 0).astype(np.float32)


class Identity(torch.nn.Module):
    """Stands where torchmetrics has the network: features are passed instead of images."""

    def __init__(self, num_features: int):
        super().__init__()
        self.num_features = num_features

    def forward(self, features):
        """Returns what it is given."""
        return features


def measure(seed: int, n: int, m: int, d: int) -> dict:
    """One case: FID of the two samples, and the Inception score of the first taken as logits."""
    first, second = map(torch.from_numpy, inputs(seed, n, m, d))
    fid = FrechetInceptionDistance(feature=Identity(d)).set_dtype(torch.float64)
    fid.update(second, real=True)
    fid.update(first, real=False)
    score = InceptionScore(feature=Identity(d), splits=1)
    score.update(4 * first.double())
    return {
        "inputs": [seed, n, m, d],
        "frechet_distance": float(fid.compute()),
        "classifier_score": float(score.compute()[0]),
    }


def main() -> None:
    """Measures all cases, prints and writes them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=FILE)
    options = parser.parse_args()
    results = {
        "command": "python benchmarks/reference_values.py",
        "versions": {name: version(name) for name in ("torch", "torchmetrics", "numpy")},
        "cases": [measure(*case) for case in CASES],
    }
    print(json.dumps(results, indent=1))
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
