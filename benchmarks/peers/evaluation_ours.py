"""A measure of the course on stored samples."""

from __future__ import annotations

from importlib.metadata import version

from evaluation_measuring import NEIGHBOURS, SEED, SIZE, SUBSETS, run

from course_utils import evaluation
from course_utils.evaluation.ms_ssim import ms_ssim

PRDC = ("precision", "recall", "density", "coverage")


def manifold_measures(arrays: dict) -> list[float]:
    """All four, in the order of PRDC."""
    found = evaluation.manifold_measures(arrays["features"], arrays["reference"], NEIGHBOURS)
    return [found[name] for name in PRDC]


MEASURES = {
    "frechet_distance": lambda x: evaluation.frechet_distance(x["features"], x["reference"]),
    "kernel_distance": lambda x: evaluation.kernel_distance(
        x["features"], x["reference"], SIZE, SUBSETS, SEED
    ),
    "precision_recall": lambda x: evaluation.precision_recall(
        x["features"], x["reference"], NEIGHBOURS
    ),
    "manifold_measures": manifold_measures,
    "classifier_score": lambda x: evaluation.classifier_score(x["probabilities"]),
    "ms_ssim": lambda x: ms_ssim(x["first"], x["second"]),
}

if __name__ == "__main__":
    run("ours", MEASURES, {"scipy": version("scipy")})
