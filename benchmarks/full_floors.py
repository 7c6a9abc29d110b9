"""Real against real for every measure of the full report, at some numbers of digits.

    python benchmarks/full_floors.py [--out FILE.json]

Training digits stand where generated ones would: of each class the same number, as conditional
generators are asked, or classes by chance. That is not the same, as equal classes vary less: KID is
unbiased for independent samples only, and comes out below 0 for few of such. Where they cannot, one
half of the test digits takes their place: for what looks for copies of training digits, with
the other half as the held-out control, and for accuracies of classifiers that were trained on the
training digits. It takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version

import numpy as np
from image_floors import disjoint, spread

from course_utils.data import digits
from course_utils.evaluation import conditional_accuracy, full_measures, full_report
from course_utils.evaluation.gan_train_test import real_classifier
from course_utils.evaluation.memorisation import Control
from course_utils.models import judge

COUNTS = (500, 1000, 2000, 5000, 10_000)
DRAWS = 6
"""At most; the rarest digit has 5,421 training images, enough for 5 draws of 10,000."""
SPLITS = 4
"""Random halves of the test digits, each used both ways."""
OF_COPIES = ("near_copies", "c_t")


def main() -> None:
    """Measures the floors with the judge of the package, and prints and writes them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=full_report.FLOORS)
    options = parser.parse_args()
    images, labels = digits.load("train")
    controls = list(halves_of_test_digits(images))
    found: dict[str, dict] = {"equal": {}, "by_chance": {}}
    for kind, draws_of in (("equal", equal_classes), ("by_chance", classes_by_chance)):
        for count in COUNTS:
            rows = []
            for chosen in draws_of(labels, count)[:DRAWS]:
                seen = full_measures.Seen.of(images[chosen], labels[chosen].astype(np.int64))
                estimates = full_measures.full_measures(seen, kind == "equal", controls[0][0])
                rows.append({name: estimate.value for name, estimate in estimates.items()})
                print(kind, count, rows[-1], file=sys.stderr, flush=True)
            floors = {name: spread([row[name] for row in rows]) for name in rows[0]}
            others = of_test_digits(controls, count)
            found[kind][str(count)] = floors | {
                name: values for name, values in others.items() if name in floors
            }
            print(kind, count, found[kind][str(count)])
    results = {
        "command": "python benchmarks/full_floors.py",
        "judge": judge.SHA256,
        "keras": version("keras"),
        "floors": found,
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


def equal_classes(labels: np.ndarray, count: int) -> list[np.ndarray]:
    """Disjoint draws of `count` digits, of each class as many: those of conditional generators."""
    rng = np.random.default_rng(0)
    classes = [rng.permutation(np.flatnonzero(labels == label)) for label in range(10)]
    draws = zip(*(disjoint(members, count // 10) for members in classes), strict=False)
    return [np.concatenate(draw) for draw in draws]


def classes_by_chance(labels: np.ndarray, count: int) -> list[np.ndarray]:
    """Disjoint random draws of `count` digits."""
    return list(disjoint(np.random.default_rng(0).permutation(len(labels)), count))


def halves_of_test_digits(train: np.ndarray):
    """Triples: a control that holds one half of the test digits, the other half, and its labels."""
    images, labels = digits.load("test")
    for split in range(SPLITS):
        halves = np.array_split(np.random.default_rng(split).permutation(len(images)), 2)
        for held_out, others in (halves, halves[::-1]):
            yield Control(train, images[held_out]), images[others], labels[others]


def of_test_digits(controls: list[tuple], count: int) -> dict[str, list[float]]:
    """The floors that training digits cannot give, of at most 5,000 digits."""
    rows = []
    for control, images, labels in controls:
        copies = control.copying(images[:count])
        probabilities = judge.load().probabilities(images[:count])
        accuracy = conditional_accuracy(probabilities, labels[:count])
        rows.append({name: getattr(copies, name) for name in OF_COPIES})
        rows[-1]["conditional_accuracy"] = accuracy
        seen_by = real_classifier(count, seed=0).classify(images[:count])
        rows[-1]["gan_test"] = float((seen_by == labels[:count]).mean())
    return {name: spread([row[name] for row in rows]) for name in rows[0]}


if __name__ == "__main__":
    main()
