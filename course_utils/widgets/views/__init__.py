"""The pictures that a panel can show; each is small, and a lab takes any of them together."""

from course_utils.widgets.views.class_accuracy import ClassAccuracy
from course_utils.widgets.views.curves import Curves
from course_utils.widgets.views.histograms import Histograms
from course_utils.widgets.views.images import Images
from course_utils.widgets.views.points import Points
from course_utils.widgets.views.view import Seen, Sight, View, Wants

__all__ = [
    "ClassAccuracy",
    "Curves",
    "Histograms",
    "Images",
    "Points",
    "Seen",
    "Sight",
    "View",
    "Wants",
]
