"""The one engine that trains every GAN of the course, and what steers, records and repeats it."""

from course_utils.training import runtime  # isort: skip  (before anything starts TensorFlow)
from course_utils.training.conditions import one_hot
from course_utils.training.errors import GANInUse, NonFiniteError, SessionClosed
from course_utils.training.gan import GAN
from course_utils.training.history import CURVES, History
from course_utils.training.knobs import KNOBS, Knob, Knobs
from course_utils.training.losses import Minimax, NonSaturating
from course_utils.training.replay import replay
from course_utils.training.session import Session

__all__ = [
    "CURVES",
    "GAN",
    "KNOBS",
    "GANInUse",
    "History",
    "Knob",
    "Knobs",
    "Minimax",
    "NonFiniteError",
    "NonSaturating",
    "Session",
    "SessionClosed",
    "one_hot",
    "replay",
    "runtime",
]
