"""Measures of how well generated samples match the real ones.

Each 2-D measure takes points as [n, 2] arrays of (x, y) and returns one number. The best that it
can reach is its value between two real samples of the same size: `floor` computes it, and
`evaluate_points` shows all measures beside their floors. Digits are measured through the eyes of
`models.judge`: `evaluate_images` does for them what `evaluate_points` does for points, and says
whether they are what was asked for; `report` takes every measure there is, with intervals. Those
that compare features take any features, [n, d]; `judge_features`, `pixel_features` and
`inception_features` make them of images.
"""

from course_utils.evaluation.birthday import Birthday, birthday_paradox
from course_utils.evaluation.class_balance import class_shares
from course_utils.evaluation.class_modes import ClassModes, count_class_modes
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.conditional import (
    accuracy_by_class,
    accuracy_interval,
    conditional_accuracy,
)
from course_utils.evaluation.curves import bins_covered, curve_error, x2_success
from course_utils.evaluation.density_coverage import DensityCoverage, density_coverage
from course_utils.evaluation.energy import energy_distance
from course_utils.evaluation.extractors import (
    inception_features,
    judge_features,
    pixel_features,
)
from course_utils.evaluation.floors import Floor, floor
from course_utils.evaluation.frechet import Gaussian, frechet_distance
from course_utils.evaluation.frechet_growth import FrechetGrowth, frechet_growth
from course_utils.evaluation.full_report import FullReport, report
from course_utils.evaluation.gan_train_test import gan_test, gan_train
from course_utils.evaluation.image_report import ImageReport, evaluate_images
from course_utils.evaluation.intervals import jackknife
from course_utils.evaluation.kernel_distance import (
    KernelDistance,
    KernelInterval,
    kernel_distance,
    kernel_interval,
)
from course_utils.evaluation.leaderboard import Leaderboard
from course_utils.evaluation.live_measures import class_accuracy, live_measures
from course_utils.evaluation.manifolds import Manifold, manifold_measures
from course_utils.evaluation.memorisation import Control, Copying, copying
from course_utils.evaluation.modes import ModeCount, count_modes
from course_utils.evaluation.ms_ssim import ms_ssim, within_class_similarity
from course_utils.evaluation.neighbours import nearest
from course_utils.evaluation.point_report import Report, evaluate_points
from course_utils.evaluation.precision_recall import PrecisionRecall, precision_recall
from course_utils.evaluation.table import Measure
from course_utils.evaluation.wasserstein import sliced_wasserstein
from course_utils.evaluation.within_class import relative_diversity, within_class_diversity

__all__ = [
    "Birthday",
    "ClassModes",
    "Control",
    "Copying",
    "DensityCoverage",
    "Floor",
    "FrechetGrowth",
    "FullReport",
    "Gaussian",
    "ImageReport",
    "KernelDistance",
    "KernelInterval",
    "Leaderboard",
    "Manifold",
    "Measure",
    "ModeCount",
    "PrecisionRecall",
    "Report",
    "accuracy_by_class",
    "accuracy_interval",
    "bins_covered",
    "birthday_paradox",
    "class_accuracy",
    "class_shares",
    "classifier_score",
    "conditional_accuracy",
    "copying",
    "count_class_modes",
    "count_modes",
    "curve_error",
    "density_coverage",
    "energy_distance",
    "evaluate_images",
    "evaluate_points",
    "floor",
    "frechet_distance",
    "frechet_growth",
    "gan_test",
    "gan_train",
    "inception_features",
    "jackknife",
    "judge_features",
    "kernel_distance",
    "kernel_interval",
    "live_measures",
    "manifold_measures",
    "ms_ssim",
    "nearest",
    "pixel_features",
    "precision_recall",
    "relative_diversity",
    "report",
    "sliced_wasserstein",
    "within_class_diversity",
    "within_class_similarity",
    "x2_success",
]
