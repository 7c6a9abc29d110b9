"""The x² GAN by the course's engine: many steps in one compiled call, with all knobs and curves.

It makes the peers' step, and besides records six curves at every step.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from measuring import arguments, measure

from course_utils.models import x2


def main():
    """Measure."""
    args = arguments(steps=20_000)
    gan = x2.build_gan(x2.TUTORIAL, seed=args.seed)
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure("ours: fused engine", gan.run, gan.generate, args.steps, 1000, versions)
    assert gan.trace_count == 1


if __name__ == "__main__":
    main()
