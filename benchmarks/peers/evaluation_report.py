"""The whole report on stored images, in a process that knows nothing yet: one line of JSON."""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Time everything, from the first import of the course."""
    start = time.perf_counter()
    import numpy as np

    from course_utils import evaluation

    arrays = np.load(sys.argv[1])
    evaluation.report(arrays["images"], arrays["labels"])
    result = {
        "name": "evaluation.report",
        "cpu_seconds_per_step": time.process_time(),
        "wall_seconds_per_step": time.perf_counter() - start,
        "steps": 1,
        "images": len(arrays["images"]),
        "versions": {name: sys.modules[name].__version__ for name in ("numpy", "tensorflow")},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
