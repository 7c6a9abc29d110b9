"""How a run ended: learned, unfinished, cycling, collapsed or diverged.

Judged by what the generator draws at evenly spaced moments of the run, always from the same
latents. The limits were set by looking at 1,280 runs on y = x² and on a ring of 8 Gaussians over a
grid of both learning rates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.data.targets import Target
from course_utils.language import Text, text

CHECKPOINTS = 20
"""How many moments of a run are looked at, the last one being its end."""

LEARNED = 0.01
"""Largest energy coefficient of a learned distribution. Of samples of 200 real points 2 in 100 have
more; a ring of which one mode of 8 is missing has 0.009, a cloud as wide as the data 0.02."""
NARROW = 0.1
"""Collapsed: the samples spread over less than this share of the real samples' width."""
RESTLESS = 0.5
"""Cycling: in a twentieth of the run a sample moves by more than this share of that width. Learned
runs: 0.1 to 0.2."""
CLOSE = 0.1
"""Largest mean distance from the graph, |y - f(x)|, or from the nearest mode, of a learned
distribution, as a share of that width. A circle drawn through the modes of the ring has 0.2."""
VISITED = 0.2
"""A mode counts as visited if this share of its fair number of samples is nearest to it."""
LOST = 10.0
"""Diverged: half of the samples are farther from the real ones' mean than this many widths."""


class Outcome(NamedTuple):
    """One way in which a run can end: words for a legend, and a letter for a map's cell."""

    title: Text
    letter: Text
    meaning: Text


OUTCOMES: dict[str, Outcome] = {
    "learned": Outcome(
        Text(en="learned", zh="学成"), Text(en="L", zh="成"),
        Text(en="G draws what the data look like, and stays there",
             zh="生成样本与真实数据相像，并且保持稳定"),
    ),
    "unfinished": Outcome(
        Text(en="unfinished", zh="未学成"), Text(en="U", zh="未"),
        Text(en="G moves slowly or has settled in the wrong place",
             zh="生成器还在缓慢移动，或停在了错误的位置"),
    ),
    "cycling": Outcome(
        Text(en="cycling", zh="振荡"), Text(en="C", zh="振"),
        Text(en="the whole cloud keeps moving about; D and G chase each other",
             zh="生成样本整体来回移动，判别器和生成器互相追逐"),
    ),
    "collapsed": Outcome(
        Text(en="collapsed", zh="模式崩溃"), Text(en="P", zh="崩"),
        Text(en="G draws one place only, or at most half of the modes",
             zh="生成器只输出一个位置，或者最多覆盖一半的模式"),
    ),
    "diverged": Outcome(
        Text(en="diverged", zh="发散"), Text(en="D", zh="散"),
        Text(en="numbers became infinite or NaN, or the samples ran away",
             zh="数值变成无穷大或 NaN，或样本远远跑离了数据"),
    ),
}  # fmt: skip
"""All outcomes by name, the best first."""


class Verdict(NamedTuple):
    """The outcome of a run, with the numbers it was judged by; NaN where they do not exist.

    Attributes:
        outcome: a name in `OUTCOMES`.
        difference: energy coefficient, 0 (equal distributions) to 1; see `Judge.difference`.
        spread: width of the generated samples as a share of the real ones' width.
        movement: how far a sample moves between two moments, as a share of that width.
        error: mean distance |y - f(x)| from the graph, or from the nearest mode, as a share of that
            width; NaN if the target has neither.
        modes: how many modes are visited; NaN if the target has none.
    """

    outcome: str
    difference: float
    spread: float
    movement: float
    error: float
    modes: float


class Judge:
    """Judges runs that imitate `target`.

    Args:
        target: what the generator should draw.
        count: how many real samples to compare with; the cost grows with it.
    """

    def __init__(self, target: Target, count: int = 600):
        self.target = target
        self._real = target.sample(count, seed=0).astype(np.float64)
        self._centre = self._real.mean(axis=0)
        self._width = _width(self._real)
        self._within = _distances(self._real, self._real).sum() / (count * (count - 1))

    def difference(self, points: np.ndarray) -> float:
        """The energy coefficient of the points and the real samples.

        (2 E|X-Y| - E|X-X'| - E|Y-Y'|) / 2 E|X-Y|: Székely and Rizzo 2013, section 3; here without
        bias, so that equal distributions give values around 0, some of them negative.

        Args:
            points: [n, 2], n >= 2.

        Returns:
            At most 1 (all points far away); NaN if a point is not finite.
        """
        points = np.asarray(points, np.float64)
        if not np.isfinite(points).all():
            return float("nan")
        between = 2 * _distances(points, self._real).mean()
        within = _distances(points, points).sum() / (len(points) * (len(points) - 1))
        return float((between - within - self._within) / between)

    def distance(self, points: np.ndarray) -> float:
        """The root of `difference`, or 0 where that is negative: shows small differences better."""
        return float(np.sqrt(np.maximum(self.difference(points), 0.0)))

    def verdict(self, trajectory: np.ndarray) -> Verdict:
        """Says how a run ended.

        Args:
            trajectory: [CHECKPOINTS, n, 2], n >= 2: generated samples of the same latents at evenly
                spaced moments of the run, the last one at its end.

        Raises:
            ValueError: `trajectory` has another shape.
        """
        run = np.asarray(trajectory, np.float64)
        if run.ndim != 3 or len(run) != CHECKPOINTS or run.shape[1] < 2 or run.shape[2] != 2:
            raise ValueError(
                text(
                    en=f"trajectory has the shape {run.shape}; [{CHECKPOINTS}, n, 2] is needed, "
                    "n at least 2.",
                    zh=f"trajectory 的形状是 {run.shape}；应为 [{CHECKPOINTS}, n, 2]，n 至少为 2。",
                )
            )
        nan = float("nan")
        if not np.isfinite(run).all():
            return Verdict("diverged", nan, nan, nan, nan, nan)
        end = run[-CHECKPOINTS // 4 :]
        moves = np.linalg.norm(np.diff(run[-CHECKPOINTS // 2 - 1 :], axis=0), axis=-1).mean(axis=1)
        found = Verdict(
            outcome="",
            difference=float(np.median([self.difference(points) for points in end])),
            spread=float(np.median([_width(points) for points in end]) / self._width),
            movement=float(np.median(moves) / self._width),
            error=float(np.median([self._error(points) for points in end])),
            modes=float(np.median([self._modes(points) for points in end])),
        )
        away = np.median(np.linalg.norm(end - self._centre, axis=-1)) / self._width
        return found._replace(outcome=self._outcome(found, away))

    def _outcome(self, found: Verdict, away: float) -> str:
        modes = self.target.modes
        if away > LOST:
            return "diverged"
        if found.spread < NARROW:
            return "collapsed"
        if found.movement > RESTLESS:
            return "cycling"
        if modes is not None and found.modes <= len(modes) / 2:
            return "collapsed"
        missed = modes is not None and found.modes < len(modes)
        if found.difference > LEARNED or found.error > CLOSE or missed:
            return "unfinished"
        return "learned"

    def _error(self, points: np.ndarray) -> float:
        if self.target.f is not None:
            distances = np.abs(points[:, 1] - self.target.f(points[:, 0]))
        elif self.target.modes is not None:
            distances = _distances(points, self.target.modes).min(axis=1)
        else:
            return float("nan")
        return float(distances.mean() / self._width)

    def _modes(self, points: np.ndarray) -> float:
        modes = self.target.modes
        if modes is None:
            return float("nan")
        counts = np.bincount(_distances(points, modes).argmin(axis=1), minlength=len(modes))
        return float((counts >= VISITED * len(points) / len(modes)).sum())


def _width(points: np.ndarray) -> float:
    return float(np.sqrt(points.var(axis=0).sum()))


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import cdist

    return cdist(a, b)
