"""The clinic: sick trainings beside their healthy twins, and a doctor who examines a learner's own.

`ZOO` holds the cases; `patients.Patient` trains one; `diagnose` examines any two Keras networks;
`riddle` is seed 000's: why both of its accuracies were near 100 %. TensorFlow is imported by
`patients`, `riddle` and the first `diagnose`, not before.
"""

from course_utils.clinic.case import Case, Options
from course_utils.clinic.diagnose import Diagnosis, diagnose
from course_utils.clinic.zoo import ZOO

__all__ = ["ZOO", "Case", "Diagnosis", "Options", "diagnose"]
