"""Tools of a course that teaches generative adversarial networks in small, clear steps.

Importing this package is quick: it loads neither TensorFlow nor Matplotlib. Take what you need from
its modules, for example ``from course_utils import language, plotting``.
"""

import os

__version__ = "0.1.0"

# TensorFlow reads these when it is imported: no start-up chatter in the lessons' outputs, and the
# same rounding on every processor. Whoever has set them otherwise keeps their choice.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

if os.environ.get("COURSE_STRICT") == "1":
    from course_utils import strict

    strict.activate()
