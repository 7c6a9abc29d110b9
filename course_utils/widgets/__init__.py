"""What the learner sees and moves: the lab and its views, the games, the phase map, the explorers.

from course_utils.widgets import ClassMixer, DrawingBoard, GeneratorGame, Lab, LatentExplorer
from course_utils.widgets import MetricsExplorer, PhaseMap, views
"""

from __future__ import annotations

import importlib

_HOMES = {
    "ClassMixer": "class_mixer",
    "DrawingBoard": "drawing",
    "GeneratorGame": "generator_game",
    "Lab": "lab",
    "LatentExplorer": "latent_explorer",
    "MetricsExplorer": "metrics_explorer",
    "PhaseMap": "phase_map",
}
__all__ = [*_HOMES, "views"]


def __getattr__(name: str):
    # Loaded when first asked for: a lesson with one of them does not wait for the others.
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
