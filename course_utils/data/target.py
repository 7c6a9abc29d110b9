"""What all targets have in common: a distribution over the plane that can be sampled."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from types import ModuleType

import numpy as np

from course_utils.language import Text, text

Bounds = tuple[tuple[float, float], tuple[float, float]]


class Target:
    """A distribution over the plane.

    Attributes:
        name: a short identifier.
        title: the words for a figure.
        bounds: ((x_min, x_max), (y_min, y_max)), a frame for drawing.
        uniforms_per_point, normals_per_point: how many random numbers make a point.
        f: the function whose graph holds all points, or None.
        modes: float64 [modes, 2], the centres of a mixture's components, or None.
        sigma: standard deviation of the normal noise around a centre or a line, or None.
    """

    name: str
    title: Text
    bounds: Bounds
    uniforms_per_point: int
    normals_per_point: int = 0
    f: Callable | None = None
    modes: np.ndarray | None = None
    sigma: float | None = None

    def __repr__(self) -> str:
        """Return the target's name."""
        return f"<target {self.name}>"

    def transform(self, uniforms, normals, xp: ModuleType):
        """Turn random numbers into points.

        Args:
            uniforms: float32 [n, uniforms_per_point], independent and uniform on [0, 1).
            normals: float32 [n, normals_per_point], independent and standard normal.
            xp: the module that the arrays belong to, `numpy` or `tensorflow`.

        Returns:
            float32 [n, 2].
        """
        raise NotImplementedError

    def sample(self, n: int, seed: int | np.random.Generator | None = None) -> np.ndarray:
        """Draw points.

        Args:
            n: how many, at least 1.
            seed: the same number gives the same points, None others every time; a Generator is
                used as it stands.

        Returns:
            float32 [n, 2].

        Raises:
            ValueError: `n` is not a whole number of at least 1.
        """
        require_whole("n", n)
        rng = np.random.default_rng(seed)
        uniforms = rng.random((n, self.uniforms_per_point), dtype=np.float32)
        normals = rng.standard_normal((n, self.normals_per_point), dtype=np.float32)
        return self.transform(uniforms, normals, np)

    def density(self, points: np.ndarray) -> np.ndarray | None:
        """Return the probability density at `points` [n, 2] as float64 [n], in 1/area.

        None for a target that lies on a line and therefore has no density.
        """
        return None

    def curve(self, n: int = 200) -> np.ndarray | None:
        """Return float64 [n, 2], points in order along the line that holds all samples, or None."""
        return None


def points_of_density(points) -> np.ndarray:
    """Return `points` as float64 [n, 2], or raise ValueError if they have another shape."""
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            text(
                en=f"points have the shape {points.shape}; a density needs [n, 2].",
                zh=f"points 的形状是 {points.shape}，计算密度需要 [n, 2]。",
            )
        )
    return points


def require_whole(name: str, value: int) -> None:
    """Raise ValueError unless `value` is a whole number of at least 1."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(
            text(
                en=f"{name} = {value!r}: it must be a whole number of at least 1.",
                zh=f"{name} = {value!r}：必须是不小于 1 的整数。",
            )
        )


def require_positive(**values: float) -> None:
    """Raise ValueError unless all `values` are positive finite numbers."""
    for name, value in values.items():
        if not (isinstance(value, numbers.Real) and 0 < value < math.inf):
            raise ValueError(
                text(
                    en=f"{name} = {value!r}: it must be a positive number.",
                    zh=f"{name} = {value!r}：必须是正数。",
                )
            )
