"""Measures of how well generated samples match the real ones.

Each 2-D measure takes points as [n, 2] arrays of (x, y) and returns one number. The best that it
can reach is its value between two real samples of the same size: `floor` computes it, and
`evaluate_points` shows all measures beside their floors. Digits are measured through the eyes of
`models.judge`: `evaluate_images` does for them what `evaluate_points` does for points, and
says whether they are what was asked for.
"""

from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.conditional import accuracy_by_class, conditional_accuracy
from course_utils.evaluation.curves import bins_covered, curve_error, x2_success
from course_utils.evaluation.energy import energy_distance
from course_utils.evaluation.floors import Floor, floor
from course_utils.evaluation.frechet import frechet_distance
from course_utils.evaluation.image_report import ImageReport, evaluate_images
from course_utils.evaluation.live_measures import class_accuracy, live_measures
from course_utils.evaluation.modes import ModeCount, count_modes
from course_utils.evaluation.report import Report, evaluate_points
from course_utils.evaluation.table import Measure
from course_utils.evaluation.wasserstein import sliced_wasserstein
from course_utils.evaluation.within_class import relative_diversity, within_class_diversity

__all__ = [
    "Floor",
    "ImageReport",
    "Measure",
    "ModeCount",
    "Report",
    "accuracy_by_class",
    "bins_covered",
    "class_accuracy",
    "class_shares",
    "classifier_score",
    "conditional_accuracy",
    "count_modes",
    "curve_error",
    "energy_distance",
    "evaluate_images",
    "evaluate_points",
    "floor",
    "frechet_distance",
    "live_measures",
    "relative_diversity",
    "sliced_wasserstein",
    "within_class_diversity",
    "x2_success",
]
