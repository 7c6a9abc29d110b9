"""Two-dimensional distributions for a generator to imitate.

`x_squared`, `sine` and `two_moons` are ready to use; `ring` and `grid` make mixtures of Gaussians,
`drawn` makes a target of a painted picture.

Each target turns uniform and normal random numbers into points by one function, `transform`, which
NumPy and TensorFlow share: `sample` feeds it from NumPy, the training engine from inside its
compiled graph. Points are [n, 2] arrays of (x, y).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np

from course_utils.data.drawn import drawn
from course_utils.data.target import (
    Bounds,
    Target,
    points_of_density,
    require_positive,
    require_whole,
)
from course_utils.language import Text

__all__ = [
    "Bounds",
    "Graph",
    "Grid",
    "Mixture",
    "Moons",
    "Ring",
    "Target",
    "drawn",
    "grid",
    "ring",
    "sine",
    "two_moons",
    "x_squared",
]


class Graph(Target):
    """Points on the graph of a function: x is uniform on an interval and y = f(x) exactly.

    Attributes:
        interval: (low, high), the range of x.
    """

    uniforms_per_point = 1

    def __init__(
        self, name: str, title: Text, f: Callable, interval: tuple[float, float], bounds: Bounds
    ) -> None:
        """Describe the graph of `f(x, xp=numpy)` over `interval`."""
        self.name, self.title, self.f, self.interval, self.bounds = name, title, f, interval, bounds

    def transform(self, uniforms, normals, xp: ModuleType):
        """Turn one uniform number into each point; see `Target.transform`."""
        low, high = self.interval
        x = low + (high - low) * uniforms[:, 0]
        return xp.stack([x, self.f(x, xp)], axis=-1)

    def curve(self, n: int = 200) -> np.ndarray:
        """Return float64 [n, 2], evenly spaced in x from one end of the graph to the other."""
        x = np.linspace(*self.interval, n)
        return np.stack([x, self.f(x)], axis=-1)


class Mixture(Target):
    """Equal round Gaussians around `modes`, each of standard deviation `sigma`."""

    def density(self, points: np.ndarray) -> np.ndarray:
        """Return the density, exact; see `Target.density`."""
        weights = np.full(len(self.modes), 1 / len(self.modes))
        return _mixture_density(points, self.modes, weights, self.sigma)


class Ring(Mixture):
    """Equal Gaussians, evenly spaced on a circle around the origin, the first on the x-axis."""

    uniforms_per_point, normals_per_point = 1, 2

    def __init__(self, modes: int, radius: float, sigma: float) -> None:
        """Place `modes` Gaussians of standard deviation `sigma` on a circle of `radius`."""
        require_whole("modes", modes)
        require_positive(radius=radius, sigma=sigma)
        self.name, self.radius, self.sigma = "ring", float(radius), float(sigma)
        self.title = Text(en=f"ring of {modes} Gaussians", zh=f"排成圆环的 {modes} 个高斯分布")
        angles = 2 * math.pi * np.arange(modes) / modes
        self.modes = radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        self.bounds = (_around(radius + 4 * sigma),) * 2

    def transform(self, uniforms, normals, xp: ModuleType):
        """Choose a mode by the uniform number; see `Target.transform`."""
        angle = _choose(uniforms[:, 0], len(self.modes), xp) * (2 * math.pi / len(self.modes))
        centres = self.radius * xp.stack([xp.cos(angle), xp.sin(angle)], axis=-1)
        return centres + self.sigma * normals


class Grid(Mixture):
    """Equal Gaussians on a square grid around the origin."""

    uniforms_per_point, normals_per_point = 2, 2

    def __init__(self, side: int, spacing: float, sigma: float) -> None:
        """Place `side` x `side` Gaussians of standard deviation `sigma`, `spacing` apart."""
        require_whole("side", side)
        require_positive(spacing=spacing, sigma=sigma)
        self.name, self.side, self.spacing, self.sigma = "grid", side, float(spacing), float(sigma)
        self.title = Text(
            en=f"{side}×{side} grid of Gaussians", zh=f"{side}×{side} 网格上的高斯分布"
        )
        ticks = spacing * (np.arange(side) - (side - 1) / 2)
        self.modes = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 2)
        self.bounds = (_around(ticks[-1] + 4 * sigma),) * 2

    def transform(self, uniforms, normals, xp: ModuleType):
        """Choose column and row by the uniform numbers; see `Target.transform`."""
        centres = self.spacing * (_choose(uniforms, self.side, xp) - (self.side - 1) / 2)
        return centres + self.sigma * normals


class Moons(Target):
    """Two interlocked half circles of radius 1 with normal noise around them.

    The upper one is (cos t, sin t), the lower one (1 - cos t, 0.5 - sin t), t uniform on [0, pi].
    """

    uniforms_per_point, normals_per_point = 2, 2

    def __init__(self, sigma: float) -> None:
        """Blur the half circles with noise of standard deviation `sigma`."""
        require_positive(sigma=sigma)
        self.name, self.sigma = "two_moons", float(sigma)
        self.title = Text(en="two moons", zh="双月形")
        self.bounds = ((-1 - 5 * sigma, 2 + 5 * sigma), (-0.5 - 5 * sigma, 1 + 5 * sigma))

    def transform(self, uniforms, normals, xp: ModuleType):
        """Choose the half circle and the angle by the uniform numbers; see `Target.transform`."""
        lower = xp.floor(2 * uniforms[:, 0])  # 0 or 1
        angle = math.pi * uniforms[:, 1]
        sign = 1 - 2 * lower
        x = lower + sign * xp.cos(angle)
        y = 0.5 * lower + sign * xp.sin(angle)
        return xp.stack([x, y], axis=-1) + self.sigma * normals

    def density(self, points: np.ndarray) -> np.ndarray:
        """Return the density by Gauss-Legendre quadrature along the arcs; see `Target.density`.

        A quadrature rule makes a blurred half circle a mixture of as many Gaussians as it has
        nodes. The error is below 1e-9 of the peak for `sigma` of at least 0.03.
        """
        nodes, weights = np.polynomial.legendre.leggauss(256)
        angle = math.pi * (nodes + 1) / 2
        upper = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        centres = np.concatenate([upper, [1, 0.5] - upper])
        return _mixture_density(points, centres, np.tile(weights / 4, 2), self.sigma)


def ring(modes: int = 8, radius: float = 2.0, sigma: float = 0.05) -> Ring:
    """Make a ring of `modes` Gaussians: centres at `radius` > 0, their spread `sigma` > 0.

    Raises:
        ValueError: an argument is out of its range.
    """
    return Ring(modes, radius, sigma)


def grid(side: int = 5, spacing: float = 1.0, sigma: float = 0.05) -> Grid:
    """Make a grid of `side`² Gaussians: `spacing` > 0 apart, their spread `sigma` > 0.

    Raises:
        ValueError: an argument is out of its range.
    """
    return Grid(side, spacing, sigma)


def _choose(uniforms, count: int, xp: ModuleType):
    """Turn uniform numbers into 0 ... count - 1; the largest below 1 does not round to `count`."""
    return xp.floor(count * uniforms)


def _mixture_density(
    points: np.ndarray, centres: np.ndarray, weights: np.ndarray, sigma: float
) -> np.ndarray:
    """Density of a mixture of round Gaussians; loops over the centres to keep memory at O(n)."""
    points = points_of_density(points)
    total = np.zeros(len(points))
    for centre, weight in zip(centres, weights, strict=True):
        total += weight * np.exp(-((points - centre) ** 2).sum(axis=1) / (2 * sigma**2))
    return total / (2 * math.pi * sigma**2)


def _around(reach: float) -> tuple[float, float]:
    return -float(reach), float(reach)


x_squared = Graph(
    name="x2",
    title=Text(en="y = x²", zh="y = x²"),
    f=lambda x, xp=np: x * x,
    interval=(-0.5, 0.5),
    bounds=((-0.75, 0.75), (-0.2, 0.5)),
)

sine = Graph(
    name="sine",
    title=Text(en="sine wave", zh="正弦曲线"),
    f=lambda x, xp=np: 0.5 * xp.sin(2 * math.pi * x),
    interval=(-0.5, 0.5),
    bounds=((-0.75, 0.75), (-0.75, 0.75)),
)

two_moons = Moons(sigma=0.05)
