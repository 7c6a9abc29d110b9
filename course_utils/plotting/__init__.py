"""Figures with one look, one meaning of each colour and glyphs for both languages.

    figure, axes = plotting.figure()
    plotting.points(axes, real=real_points, generated=fake_points)
    plotting.show(figure, alt="...")

Importing this module registers the course's font and style with Matplotlib for the whole process:
a learner's own figures show Chinese too. All drawing functions take an Axes and return it.
"""

from course_utils.plotting.charts import curves, histogram, spread
from course_utils.plotting.glyphs import MissingGlyphError, missing_glyphs
from course_utils.plotting.output import png, quantise, show
from course_utils.plotting.plane import points, surface
from course_utils.plotting.style import COLOURS, FONT, LINESTYLES, MARKERS, figure

__all__ = [
    "COLOURS",
    "FONT",
    "LINESTYLES",
    "MARKERS",
    "MissingGlyphError",
    "curves",
    "figure",
    "histogram",
    "missing_glyphs",
    "png",
    "points",
    "quantise",
    "show",
    "spread",
    "surface",
]
