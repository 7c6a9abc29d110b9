"""Measures of how well generated samples match the real ones.

Each 2-D measure takes points as [n, 2] arrays of (x, y) and returns one number. The best that it
can reach is its value between two real samples of the same size: `floor` computes it, and
`evaluate_points` shows all measures beside their floors.
"""

from course_utils.evaluation.curves import bins_covered, curve_error, x2_success
from course_utils.evaluation.energy import energy_distance
from course_utils.evaluation.floors import Floor, floor
from course_utils.evaluation.modes import ModeCount, count_modes
from course_utils.evaluation.report import Measure, Report, evaluate_points
from course_utils.evaluation.wasserstein import sliced_wasserstein

__all__ = [
    "Floor",
    "Measure",
    "ModeCount",
    "Report",
    "bins_covered",
    "count_modes",
    "curve_error",
    "energy_distance",
    "evaluate_points",
    "floor",
    "sliced_wasserstein",
    "x2_success",
]
