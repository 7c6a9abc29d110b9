"""A measure of torch-fidelity or torchmetrics on stored samples."""

from __future__ import annotations

import sys
from importlib.metadata import version

import torch
from evaluation_measuring import NEIGHBOURS, SEED, SIZE, SUBSETS, run
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric
from torchmetrics.image.fid import FrechetInceptionDistance


class Identity(torch.nn.Module):
    """Stands where torchmetrics has the network: features are passed instead of images."""

    num_features = 64

    def forward(self, features):
        """Returns what it is given."""
        return features


def pair(arrays: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Features and reference in double precision, as the course computes."""
    return tuple(torch.from_numpy(arrays[name]).double() for name in ("features", "reference"))


def frechet_of_torchmetrics(arrays: dict) -> float:
    """FID, all features as one batch."""
    features, reference = pair(arrays)
    fid = FrechetInceptionDistance(feature=Identity()).set_dtype(torch.float64)
    fid.update(reference, real=True)
    fid.update(features, real=False)
    return float(fid.compute())


def frechet_of_torch_fidelity(arrays: dict) -> float:
    """FID."""
    statistics = map(fid_features_to_statistics, pair(arrays))
    return fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]


def kernel_distance(arrays: dict) -> list[float]:
    """KID, mean and deviation."""
    found = kid_features_to_metric(
        *pair(arrays),
        kid_subsets=SUBSETS,
        kid_subset_size=SIZE,
        rng_seed=SEED,
        verbose=False,
    )
    return [found["kernel_inception_distance_mean"], found["kernel_inception_distance_std"]]


def precision_recall(arrays: dict) -> list[float]:
    """Precision and recall; what is exactly on the rim of a ball is inside here."""
    found = prc_features_to_metric(*pair(arrays), prc_neighborhood=NEIGHBOURS, verbose=False)
    return [found["precision"], found["recall"]]


def classifier_score(arrays: dict) -> float:
    """Inception score, of logits: the logarithms of the probabilities."""
    logits = torch.from_numpy(arrays["probabilities"]).double().log()
    return isc_features_to_metric(logits, splits=1, shuffle=False)["inception_score_mean"]


OF = {
    "torch-fidelity": {
        "frechet_distance": frechet_of_torch_fidelity,
        "kernel_distance": kernel_distance,
        "precision_recall": precision_recall,
        "classifier_score": classifier_score,
    },
    "torchmetrics": {"frechet_distance": frechet_of_torchmetrics},
}

if __name__ == "__main__":
    name = sys.argv.pop(1)
    run(name, OF[name], {"torch": version("torch"), name: version(name)})
