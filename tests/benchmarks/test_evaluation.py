"""The benchmark of the measures: what it does to the environment that it runs in."""

import importlib
import os
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def evaluation(monkeypatch):
    """The module; the benchmarks find each other in their own folder."""
    monkeypatch.syspath_prepend(FOLDER)
    yield importlib.import_module("evaluation")
    for path in FOLDER.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_every_library_has_one_thread_and_then_what_it_had(evaluation, monkeypatch):
    seen = []

    def interleave(variants, rounds):
        seen.extend(os.environ[name] for name in evaluation.THREADS)
        return [[]] * len(variants)

    monkeypatch.setattr(evaluation.harness, "interleave", interleave)
    monkeypatch.setattr(evaluation.harness, "summarise", lambda rows: {"error": "none"})
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    evaluation.measure(Path("samples.npz"), 1)
    assert seen == ["1"] * 3
    assert os.environ["OMP_NUM_THREADS"] == "3" and "MKL_NUM_THREADS" not in os.environ
