"""Sets of samples that the metrics explorer spoils, and what the measures say of them."""

from __future__ import annotations

import functools
import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_utils.data import digits, targets
from course_utils.data.spoiled import spoil_digits, spoil_points
from course_utils.evaluation.class_modes import count_class_modes
from course_utils.evaluation.classifier_score import classifier_score
from course_utils.evaluation.floors import Floor
from course_utils.evaluation.frechet import Gaussian, frechet_distance
from course_utils.evaluation.image_measures import real_shares
from course_utils.evaluation.image_measures import reference as test_gaussian
from course_utils.evaluation.kernel_distance import kernel_interval
from course_utils.evaluation.manifolds import Manifold, manifold_measures
from course_utils.evaluation.memorisation import Control as CopyControl
from course_utils.evaluation.modes import count_modes
from course_utils.evaluation.real_digits import look_at_test_digits

DRAWS = 40
"""Sets of real samples, as large as the spoiled one, that tell what a measure says of real ones."""
REFERENCE = 1000
"""Real samples that the measures compare with."""

BEST = {
    "frechet": -1, "kernel_distance": -1, "classifier_score": 1, "precision": 1, "recall": 1,
    "density": 1, "coverage": 1, "modes": 1, "divergence": -1, "near_copies": -1, "c_t": 0,
}  # fmt: skip
"""Where each measure is best: 1 high, -1 low, 0 where real samples are."""


class Control(NamedTuple):
    """A slider: one of the arguments of `spoil_points` or `spoil_digits`."""

    name: str
    neutral: float
    least: float
    most: float
    step: float


class Place(NamedTuple):
    """What is to be measured: how many samples, of which draw, with which faults.

    `moved` names what the learner moved last; the comparison is with how things were before.
    """

    n: int
    seed: int
    faults: Mapping[str, float]
    moved: Hashable = None


@dataclass(frozen=True)
class Seen:
    """What there is to see at a place.

    Attributes:
        place: where.
        samples: the spoiled set, float64 [n, 2] or uint8 [n, 28, 28].
        values: what each measure says of it.
        floors: what it says of real sets of the same size: median, smallest and largest of `DRAWS`.
        before: the same before the last control was moved, without its own `before`; or None.
    """

    place: Place
    samples: np.ndarray
    values: dict[str, float]
    floors: dict[str, Floor]
    before: Seen | None = None

    def verdict(self, name: str) -> str:
        """Whether a value is "worse" than all real sets', "better", the "same", or "none" (NaN)."""
        value, floor = self.values[name], self.floors[name]
        if floor.low <= value <= floor.high:
            return "same"
        if np.isnan(value):
            return "none"
        return "better" if BEST[name] * (value - floor.median) > 0 else "worse"


class Sets:
    """A true distribution, a generator's training set, and a reference of real samples.

    Attributes:
        name: "points" or "digits".
        controls: sliders for the faults.
        counts: sizes of the spoiled set to choose from.
        presets: name -> faults: well-known ways of a generator to fail.
        total: modes or classes.
    """

    name: str
    controls: tuple[Control, ...]
    counts: tuple[int, ...]
    presets: dict[str, dict[str, float]]
    total: int

    def __init__(self) -> None:
        self._draws: dict[int, list[dict[str, float]]] = {}
        self._lock = threading.Lock()  # explorers share the sets, and each has its thread

    def look(self, place: Place) -> Seen:
        """Spoil and measure; see `Seen`.

        Raises:
            ValueError: a fault is out of its range.
        """
        while self.prepare(place.n) < DRAWS:
            pass
        samples = self.spoil(place)
        return Seen(place, samples, self.measure(samples), self._floors(place.n))

    def prepare(self, n: int) -> int:
        """Measure one more set of `n` real samples, up to `DRAWS`; return how many there are."""
        with self._lock:
            draws = self._draws.setdefault(n, [])
            if len(draws) < DRAWS:
                draws.append(self.measure_real(n, len(draws)))
            return len(draws)

    def _floors(self, n: int) -> dict[str, Floor]:
        draws = self._draws[n][:DRAWS]
        table = {name: np.array([draw[name] for draw in draws]) for name in draws[0]}
        return {
            name: Floor(float(np.median(row)), float(row.min()), float(row.max()))
            for name, row in table.items()
        }

    def spoil(self, place: Place) -> np.ndarray:
        """The spoiled set."""
        raise NotImplementedError

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """What all measures say of it."""
        raise NotImplementedError

    def measure_real(self, n: int, draw: int) -> dict[str, float]:
        """What they say of `n` real samples, in neither the training set nor the reference."""
        raise NotImplementedError


class PointSets(Sets):
    """Points on a ring of eight Gaussians, which are measured as they are.

    Attributes:
        target: the ring.
        real: the reference, float64 [1000, 2].
    """

    name = "points"
    controls = (
        Control("drop", 0, 0, 7, 1),
        Control("memorise", 0, 0, 1, 0.01),
        Control("shift", 0, 0, 1, 0.01),
        Control("scale", 1, 0.5, 1.5, 0.01),
        Control("noise", 0, 0, 0.5, 0.005),
        Control("duplicates", 0, 0, 1, 0.01),
    )
    counts = (100, 200, 500, 1000, 2000)
    presets = {  # noqa: RUF012
        "memoriser": {"memorise": 1},
        "one_mode": {"drop": 7},
        "one_point_each": {"duplicates": 1},
        "half_copies": {"duplicates": 0.5},
        "noisy": {"noise": 0.1},
    }

    def __init__(self) -> None:
        super().__init__()
        self.target = targets.ring()
        self.total = len(self.target.modes)
        self._training, self.real = (
            np.asarray(self.target.sample(REFERENCE, np.random.default_rng([1, half])), float)
            for half in (0, 1)
        )
        self._manifold, self._gaussian = Manifold.of(self.real), Gaussian.of(self.real)
        self._control = CopyControl(self._training, self.real)

    def spoil(self, place: Place) -> np.ndarray:
        """See `Sets.spoil`."""
        faults = {"training": self._training, "seed": place.seed, **place.faults}
        return spoil_points(self.target, place.n, **faults)

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """See `Sets.measure`."""
        modes = count_modes(samples, self.target)
        return {
            "frechet": frechet_distance(samples, self._gaussian),
            "kernel_distance": kernel_interval(samples, self.real).value,
            **manifold_measures(samples, self._manifold),
            "modes": float(modes.covered),
            "divergence": modes.divergence,
            **_copying(self._control, samples),
        }

    def measure_real(self, n: int, draw: int) -> dict[str, float]:
        """See `Sets.measure_real`."""
        return self.measure(self.target.sample(n, np.random.default_rng([2, n, draw])))


class DigitSets(Sets):
    """Handwritten digits, which are measured through the judge's features.

    The generator was trained on 2,000 of MNIST's training digits; a perfect one draws from 4,000
    others. The reference are test digits, and so are the held-out ones.

    Attributes:
        real: 1,000 test digits, uint8 [1000, 28, 28].
    """

    name = "digits"
    controls = (
        Control("drop", 0, 0, 9, 1),
        Control("memorise", 0, 0, 1, 0.01),
        Control("shift", 0, 0, 6, 1),
        Control("resize", 28, 4, 28, 1),
        Control("blur", 0, 0, 2, 0.05),
        Control("noise", 0, 0, 0.5, 0.01),
        Control("duplicates", 0, 0, 1, 0.01),
    )
    counts = (100, 200, 500, 1000)
    presets = {  # noqa: RUF012
        "memoriser": {"memorise": 1},
        "one_image_each": {"duplicates": 1},
        "half_copies": {"duplicates": 0.5},
        "blurred": {"blur": 1},
        "noisy": {"noise": 0.2},
        "resized": {"resize": 14},
    }
    total = 10

    def __init__(self) -> None:
        from course_utils.models import judge

        super().__init__()
        images, labels = digits.load("train")
        self._training = images[:2000], labels[:2000]
        self._fresh = images[2000:6000], labels[2000:6000]
        chosen = np.random.default_rng(1).choice(10_000, REFERENCE, replace=False)
        self.real = digits.load("test")[0][chosen]
        self._judge = judge.load()
        features = look_at_test_digits()[0][chosen]
        self._features, self._manifold = features, Manifold.of(features)
        self._control = CopyControl(self._training[0], self.real)
        # Of these the sets of real digits are drawn, without judging them again each time.
        self._known = (self._fresh[0], *self._judge.look(self._fresh[0]))

    def spoil(self, place: Place) -> np.ndarray:
        """See `Sets.spoil`."""
        whole = {
            name: int(value) if name in ("drop", "shift", "resize") else value
            for name, value in place.faults.items()
        }
        faults = {"training": self._training, "seed": place.seed, **whole}
        return spoil_digits(*self._fresh, place.n, **faults)[0]

    def measure(self, samples: np.ndarray) -> dict[str, float]:
        """See `Sets.measure`."""
        return self._measure(samples, *self._judge.look(samples))

    def measure_real(self, n: int, draw: int) -> dict[str, float]:
        """See `Sets.measure_real`."""
        random = np.random.default_rng([2, n, draw])
        rows = random.choice(len(self._fresh[0]), n, replace=False)
        return self._measure(*(known[rows] for known in self._known))

    def _measure(self, images, features, probabilities) -> dict[str, float]:
        classes = count_class_modes(probabilities, real_shares())
        return {
            "frechet": frechet_distance(features, test_gaussian()),
            "kernel_distance": kernel_interval(features, self._features).value,
            "classifier_score": classifier_score(probabilities),
            **manifold_measures(features, self._manifold),
            "modes": float(classes.covered),
            "divergence": classes.divergence,
            **_copying(self._control, images),
        }


@functools.cache
def known(samples: str) -> Sets:
    """The sets of this name; made once, as digits take seconds."""
    return {"points": PointSets, "digits": DigitSets}[samples]()


def _copying(control: CopyControl, samples: np.ndarray) -> dict[str, float]:
    found = control.copying(samples)
    return {"near_copies": found.near_copies, "c_t": found.c_t}
