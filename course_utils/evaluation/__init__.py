"""Measures of how well generated samples match the real ones.

Each 2-D measure takes points as [n, 2] arrays of (x, y) and returns one number. The best that it
can reach is its value between two real samples of the same size: `floor` computes it, and
`evaluate_points` shows all measures beside their floors. Digits are measured through the eyes of
`models.judge`: `evaluate_images` does for them what `evaluate_points` does for points.
"""

from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.curves import bins_covered, curve_error, x2_success
from course_utils.evaluation.energy import energy_distance
from course_utils.evaluation.floors import Floor, floor
from course_utils.evaluation.frechet import frechet_distance
from course_utils.evaluation.image_report import ImageReport, evaluate_images
from course_utils.evaluation.live_measures import live_measures
from course_utils.evaluation.modes import ModeCount, count_modes
from course_utils.evaluation.report import Report, evaluate_points
from course_utils.evaluation.table import Measure
from course_utils.evaluation.wasserstein import sliced_wasserstein

__all__ = [
    "Floor",
    "ImageReport",
    "Measure",
    "ModeCount",
    "Report",
    "bins_covered",
    "class_shares",
    "classifier_score",
    "count_modes",
    "curve_error",
    "energy_distance",
    "evaluate_images",
    "evaluate_points",
    "floor",
    "frechet_distance",
    "live_measures",
    "sliced_wasserstein",
    "x2_success",
]
