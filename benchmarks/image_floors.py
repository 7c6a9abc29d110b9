"""What the measures of images give for real digits: the floors that `evaluate` prints.

    python benchmarks/image_floors.py [--out FILE.json]

Disjoint samples of MNIST's training digits are measured like generated images, against the test
digits: up to 50 samples of each size, once with classes as frequent as chance makes them and once
with the same number of each class, which is what `evaluate cgan` and `evaluate acgan` compare to.
Run it again whenever the judge has changed; about two minutes of CPU. The judge was trained on
these digits, so that its features of them are a little clearer than those of the test digits: a
perfect generator may reach slightly more than the floor. How often it is right is therefore
measured with test digits.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version

import numpy as np

from course_utils.data import digits
from course_utils.evaluation import conditional_accuracy, image_measures
from course_utils.models import judge

COUNTS = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000)
BALANCED_COUNTS = (*COUNTS[:-1], 50_000)
"""The rarest digit has 5,421 training images."""
MOST_DRAWS = 50


def floors(features: np.ndarray, probabilities: np.ndarray, counts=COUNTS) -> dict:
    """Median, smallest and largest of each measure, by the number of images and by name."""
    order = np.random.default_rng(0).permutation(len(features))
    found = {}
    for count in counts:
        draws = disjoint(order, count)
        rows = [image_measures.measure_images(features[i], probabilities[i]) for i in draws]
        found[str(count)] = {name: spread([row[name] for row in rows]) for name in rows[0]}
    return found


def balanced_floors(train: tuple, test: tuple, counts=BALANCED_COUNTS) -> dict:
    """The same with equal classes, and of the measures that need labels.

    Args:
        train: images, labels, features and probabilities of digits that are measured.
        test: labels and probabilities of those that tell how often the judge is right.
        counts: the numbers of images, multiples of 10.
    """
    images, labels, features, probabilities = train
    test_labels, test_probabilities = test
    rng = np.random.default_rng(0)
    classes = [rng.permutation(np.flatnonzero(labels == label)) for label in range(10)]
    test_order = rng.permutation(len(test_labels))
    found = {}
    for count in counts:
        rows = []
        for draw in zip(*(disjoint(members, count // 10) for members in classes), strict=False):
            i = np.concatenate(draw)
            seen = features[i], probabilities[i]
            rows.append(
                image_measures.measure_images(*seen)
                | image_measures.measure_conditional(images[i], *seen, labels[i])
            )
        found[str(count)] = {name: spread([row[name] for row in rows]) for name in rows[0]} | {
            "conditional_accuracy": spread(
                [
                    conditional_accuracy(test_probabilities[i], test_labels[i])
                    for i in disjoint(test_order, min(count, len(test_order)))
                ]
            )
        }
    return found


def disjoint(order: np.ndarray, count: int) -> np.ndarray:
    """Samples of `count` without a common member, at most 50: `[draws, count]`."""
    return order[: len(order) // count * count].reshape(-1, count)[:MOST_DRAWS]


def spread(values: list[float]) -> list[float]:
    """Median, smallest and largest."""
    return [float(f(values)) for f in (np.median, min, max)]


def main() -> None:
    """Measures the floors with the judge of the package, and prints and writes them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=image_measures.FLOORS)
    options = parser.parse_args()
    images, labels = digits.load("train")
    test_images, test_labels = digits.load("test")
    seen, test_seen = (judge.load().look(part) for part in (images, test_images))
    found = {
        "floors": floors(*seen),
        "balanced_floors": balanced_floors((images, labels, *seen), (test_labels, test_seen[1])),
    }
    for kind, measured in found.items():
        for count, measures in measured.items():
            rounded = {name: [round(v, 4) for v in row] for name, row in measures.items()}
            print(kind, count, rounded)
    results = {
        "command": "python benchmarks/image_floors.py",
        "judge": judge.SHA256,
        "keras": version("keras"),
        **found,
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
