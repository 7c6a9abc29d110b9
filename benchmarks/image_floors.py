"""What the measures of images give for real digits: the floors that `evaluate dcgan` prints.

    python benchmarks/image_floors.py [--out FILE.json]

Disjoint samples of MNIST's training digits are measured like generated images, against the test
digits: up to 50 samples of each size. Run it again whenever the judge has changed; about 10 seconds
of CPU. The judge was trained on these digits, so that its features of them are a little clearer
than those of the test digits: a perfect generator may reach slightly more than the floor.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version

import numpy as np

from course_utils.data import digits
from course_utils.evaluation import image_measures
from course_utils.models import judge

COUNTS = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000)
MOST_DRAWS = 50


def floors(features: np.ndarray, probabilities: np.ndarray, counts=COUNTS) -> dict:
    """Median, smallest and largest of each measure, by the number of images and by name."""
    order = np.random.default_rng(0).permutation(len(features))
    found = {}
    for count in counts:
        draws = order[: len(order) // count * count].reshape(-1, count)[:MOST_DRAWS]
        rows = [image_measures.measure_images(features[i], probabilities[i]) for i in draws]
        found[str(count)] = {
            name: [float(f([row[name] for row in rows])) for f in (np.median, min, max)]
            for name in rows[0]
        }
    return found


def main() -> None:
    """Measures the floors with the judge of the package, and prints and writes them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=image_measures.FLOORS)
    options = parser.parse_args()
    found = floors(*judge.load().look(digits.load("train")[0]))
    for count, measures in found.items():
        print(count, {name: [round(v, 4) for v in values] for name, values in measures.items()})
    results = {
        "command": "python benchmarks/image_floors.py",
        "judge": judge.SHA256,
        "keras": version("keras"),
        "floors": found,
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
