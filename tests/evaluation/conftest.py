"""What the tests of several measures share: the values of independent implementations."""

import json
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="session")
def references():
    """What benchmarks/reference_values.py wrote."""
    return json.loads(Path(__file__).with_name("reference_values.json").read_text())


@pytest.fixture(scope="session")
def reference_inputs():
    """The function that draws its features, float32 [n, d] and [m, d]."""

    def inputs(seed, n, m, d):
        random = np.random.default_rng(seed)
        mixing = random.normal(size=(d, d)) / np.sqrt(d)
        first = random.normal(size=(n, d)) @ mixing
        second = random.normal(0.2, 1.1, size=(m, d)) @ mixing
        return np.maximum(first, 0).astype(np.float32), np.maximum(second, 0).astype(np.float32)

    return inputs
