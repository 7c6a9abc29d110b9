"""All 2-D measures of one set of points, each beside its real-against-real value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from course_utils.data.targets import Target, x_squared
from course_utils.evaluation.curves import bins_covered, curve_error, x2_success
from course_utils.evaluation.energy import energy_distance
from course_utils.evaluation.floors import Floor, floor
from course_utils.evaluation.modes import count_modes
from course_utils.evaluation.table import Measure, compared
from course_utils.evaluation.validation import checked_points
from course_utils.evaluation.wasserstein import sliced_wasserstein
from course_utils.language import Text, text

# Measures that compare two samples use at most so many points of each: energy_distance costs O(n²).
LIMIT = 2000

TITLES = {
    "curve_error": Text(
        en="mean |y − f(x)| (lower is better)", zh="平均误差 |y − f(x)|（越低越好）"
    ),
    "bins_covered": Text(en="share of x-bins covered (higher)", zh="x 区间覆盖率（越高越好）"),
    "energy_distance": Text(en="energy distance (lower)", zh="能量距离（越低越好）"),
    "sliced_wasserstein": Text(
        en="sliced Wasserstein distance (lower)", zh="切片 Wasserstein 距离（越低越好）"
    ),
    "modes_covered": Text(en="modes covered (higher)", zh="覆盖的模式数（越高越好）"),
    "high_quality": Text(
        en="share within 3σ of a mode (higher)", zh="距模式 3σ 以内的占比（越高越好）"
    ),
    "mode_divergence": Text(
        en="KL divergence over modes (lower)", zh="模式上的 KL 散度（越低越好）"
    ),
}

# Measures of the generated points alone: they can use all of them.
ALONE = ("curve_error", "bins_covered", "modes_covered", "high_quality", "mode_divergence")

FORMATS = {"bins_covered": "{:.0%}", "modes_covered": "{:.0f}", "high_quality": "{:.1%}"}


@dataclass(frozen=True)
class Report:
    """The measures of one set of generated points; `print` shows them as a table.

    Attributes:
        target: the name of the target.
        points: how many points were measured.
        measures: the measures that exist for this target.
        success: for x², whether the points solve the task (`x2_success`); otherwise None.
    """

    target: str
    points: int
    measures: tuple[Measure, ...]
    success: bool | None = None

    def __getitem__(self, name: str) -> float:
        """Return the value of the measure `name` for the generated points."""
        return next(measure.value for measure in self.measures if measure.name == name)

    def as_dict(self) -> dict:
        """Return everything as plain numbers, strings and dictionaries, ready for JSON."""
        measures = {
            measure.name: {"value": measure.value, "real_against_real": asdict(measure.floor)}
            for measure in self.measures
        }
        return {
            "target": self.target,
            "points": self.points,
            "measures": measures,
            "success": self.success,
        }

    def __str__(self) -> str:
        """Return the table in the learner's language."""
        head = text(
            en=f"{self.points:,} points, target {self.target}",
            zh=f"{self.points:,} 个点，目标分布：{self.target}",
        )
        lines = [head, *compared(self.measures, TITLES, FORMATS)]
        if self.success is not None:
            lines.append(
                text(
                    en=f"{'solved' if self.success else 'not solved'} (solved means: mean error "
                    "below 0.01 and all bins covered)",
                    zh=f"{'达到' if self.success else '未达到'}成功标准"
                    "（平均误差小于 0.01，且所有区间都被覆盖）",
                )
            )
        return "\n".join(lines)


def evaluate_points(points: np.ndarray, target: Target, seed: int = 0) -> Report:
    """Compute all measures that exist for a target.

    The energy distance and the sliced Wasserstein distance compare at most 2,000 of the points,
    chosen at random, with as many fresh real ones.

    Args:
        points: [n, 2], n >= 2; n >= 100 for a target on a curve, 5 for each mode of a mixture.
        target: what they should look like.
        seed: for the choice of points and the real samples.

    Raises:
        ValueError: the points are not finite numbers [n, 2], or too few.
    """
    points = checked_points(points, at_least=2)
    compared = min(len(points), LIMIT)
    chosen = np.random.default_rng([seed, 2]).permutation(points)[:compared]
    real = target.sample(compared, np.random.default_rng([seed, 3]))
    measures = []
    for name, metric in _metrics(target).items():
        pair = (points if name in ALONE else chosen, real)
        measures.append(Measure(name, metric(*pair), _floor(name, target, len(pair[0]))))
    success = x2_success(points) if target is x_squared else None
    return Report(target.name, len(points), tuple(measures), success)


def _metrics(target: Target) -> dict[str, Callable]:
    """The measures for `target`, all as functions of generated and real points."""
    metrics: dict[str, Callable] = {}
    if target.f is not None:
        metrics["curve_error"] = lambda points, _: curve_error(points, target.f)
        metrics["bins_covered"] = lambda points, _: bins_covered(points, target.f, target.interval)
    if target.modes is not None:
        metrics["modes_covered"] = lambda points, _: float(count_modes(points, target).covered)
        metrics["high_quality"] = lambda points, _: count_modes(points, target).high_quality
        metrics["mode_divergence"] = lambda points, _: count_modes(points, target).divergence
    return metrics | {
        "energy_distance": energy_distance,
        "sliced_wasserstein": sliced_wasserstein,
    }


@functools.lru_cache(maxsize=64)
def _floor(name: str, target: Target, n: int) -> Floor:
    """Many reports share a floor, and one takes up to a second to compute."""
    return floor(_metrics(target)[name], target, n)
