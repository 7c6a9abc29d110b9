"""Precision, recall, density and coverage of prdc on stored samples."""

from __future__ import annotations

import contextlib
import os
from importlib.metadata import version

import numpy as np
from evaluation_measuring import NEIGHBOURS, run
from prdc import compute_prdc


def manifold_measures(arrays: dict) -> list[float]:
    """All four, in its own order: precision, recall, density, coverage."""
    features, reference = (arrays[name].astype(np.float64) for name in ("features", "reference"))
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # it prints
        return list(compute_prdc(reference, features, NEIGHBOURS).values())


if __name__ == "__main__":
    versions = {name: version(name) for name in ("prdc", "scikit-learn")}
    run("prdc", {"manifold_measures": manifold_measures}, versions)
