"""What independent implementations give for fixed features and logits, for our tests.

    .venv-benchmarks/bin/python benchmarks/reference_values.py [--out FILE.json]

Needs what benchmarks/requirements.txt names, in an environment of its own; the course does not.
Fréchet distance and classifier score come from torchmetrics, Fréchet distance and kernel distance
from torch-fidelity, the four measures of manifolds from prdc. NumPy draws the
inputs from the seeds that the file names: `inputs` below is repeated in the tests.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from prdc import compute_prdc
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore

FILE = Path(__file__).parents[1] / "tests" / "evaluation" / "reference_values.json"
CASES = ((0, 500, 700, 64), (1, 40, 3000, 64), (2, 2000, 2000, 10))
SUBSETS, SIZE, SEED = 5, 30, 0  # of the kernel distance
NEIGHBOURS = 5
PACKAGES = ("torch", "torchmetrics", "torch-fidelity", "prdc", "scikit-learn", "numpy", "scipy")


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


def torchmetrics_values(first: torch.Tensor, second: torch.Tensor) -> dict:
    """FID of the two samples, and the Inception score of the first taken as logits."""
    dimensions = first.shape[1]
    fid = FrechetInceptionDistance(feature=Identity(dimensions)).set_dtype(torch.float64)
    fid.update(second, real=True)
    fid.update(first, real=False)
    score = InceptionScore(feature=Identity(dimensions), splits=1)
    score.update(4 * first)
    return {
        "frechet_distance": float(fid.compute()),
        "classifier_score": float(score.compute()[0]),
    }


def fidelity_values(first: torch.Tensor, second: torch.Tensor) -> dict:
    """FID and KID of torch-fidelity."""
    statistics = map(fid_features_to_statistics, (first, second))
    fid = fid_statistics_to_metric(*statistics, verbose=False)
    kid = kid_features_to_metric(
        first,
        second,
        kid_subsets=SUBSETS,
        kid_subset_size=SIZE,
        rng_seed=SEED,
        verbose=False,
    )
    return {
        "frechet_distance_of_torch_fidelity": fid["frechet_inception_distance"],
        "kernel_distance": [
            kid["kernel_inception_distance_mean"],
            kid["kernel_inception_distance_std"],
        ],
    }


def prdc_values(first: np.ndarray, second: np.ndarray) -> dict:
    """Precision, recall, density and coverage; `second` is what is real."""
    with contextlib.redirect_stdout(io.StringIO()):  # it prints how many there are
        found = compute_prdc(second, first, NEIGHBOURS)
    return {name: float(value) for name, value in found.items()}


def measure(seed: int, n: int, m: int, d: int) -> dict:
    """All values of one case."""
    first, second = (part.astype(np.float64) for part in inputs(seed, n, m, d))
    tensors = torch.from_numpy(first), torch.from_numpy(second)
    return {
        "inputs": [seed, n, m, d],
        **torchmetrics_values(*tensors),
        **fidelity_values(*tensors),
        "manifold_measures": prdc_values(first, second),
    }


def main() -> None:
    """Measures all cases, prints and writes them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=FILE)
    options = parser.parse_args()
    results = {
        "command": ".venv-benchmarks/bin/python benchmarks/reference_values.py",
        "versions": {name: version(name) for name in PACKAGES},
        "kernel_distance": {"subsets": SUBSETS, "size": SIZE, "seed": SEED},
        "neighbours": NEIGHBOURS,
        "cases": [measure(*case) for case in CASES],
    }
    print(json.dumps(results, indent=1))
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
