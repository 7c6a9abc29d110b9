"""The clinic: sick trainings beside their healthy twins, and a doctor who examines a learner's own.

`ZOO` holds the cases; `patients.Patient` trains one; `diagnose` examines any two Keras networks;
`EarlyWarning` looks at them while `fit` trains; `riddle` is seed 000's: why both of its accuracies
were near 100 %. TensorFlow is imported by `patients`, `riddle`, `EarlyWarning` and the first
`diagnose`, not before.
"""

import importlib

from course_utils.clinic.case import Case, Options
from course_utils.clinic.diagnose import Diagnosis, diagnose
from course_utils.clinic.zoo import ZOO

__all__ = ["ZOO", "Case", "Diagnosis", "EarlyWarning", "Options", "TrainingWarning", "diagnose"]


def __getattr__(name: str):
    """Import the callback when it is asked for: it is a Keras class."""
    if name in ("EarlyWarning", "TrainingWarning"):
        return getattr(importlib.import_module("course_utils.clinic.early_warning"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
