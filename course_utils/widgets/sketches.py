"""Drawings to start from, made of strokes."""

from __future__ import annotations

import numpy as np

from course_utils.language import Text, text

Stroke = tuple[np.ndarray, float, float]
"""Corners [n, 2] within [-1, 1]², the width as a share of the drawing's, the ink within (0, 1]."""

TITLES: dict[str, Text] = {
    "smiley": Text(en="smiley", zh="笑脸"),
    "spiral": Text(en="spiral", zh="螺旋线"),
    "letters": Text(en="letters", zh="字母"),
    "heart": Text(en="heart", zh="心形"),
    "islands": Text(en="islands, some fainter", zh="深浅不一的小岛"),
}


def sketch(name: str, size: int) -> np.ndarray:
    """Return an example, uint8 [size, size], row 0 = lowest y.

    Args:
        name: a key of `TITLES`.
        size: cells along each side.

    Raises:
        ValueError: there is no such example.
    """
    if name not in TITLES:
        raise ValueError(
            text(
                en=f"There is no example {name!r}. The examples are: {', '.join(TITLES)}.",
                zh=f"没有名为 {name!r} 的示例。可用的示例：{', '.join(TITLES)}。",
            )
        )
    drawing = np.zeros((size, size), np.uint8)
    for corners, width, ink in _STROKES[name]():
        drawing = np.maximum(drawing, _painted(corners, width * size, ink, size))
    return drawing


def _painted(corners: np.ndarray, width: float, ink: float, size: int) -> np.ndarray:
    """Return one stroke with soft edges, uint8 [size, size]; `width` in cells."""
    centres = (np.arange(size) + 0.5) * 2 / size - 1
    places = np.stack(np.meshgrid(centres, centres), axis=-1)  # [y, x, 2]
    distance = np.full((size, size), np.inf)
    # A stroke of one corner is a dot.
    for start, end in zip(corners, corners[1:] if len(corners) > 1 else corners, strict=False):
        along, offset = end - start, places - start
        share = np.clip(offset @ along / max(along @ along, 1e-12), 0, 1)
        gap = np.linalg.norm(offset - share[..., None] * along, axis=-1)
        distance = np.minimum(distance, gap * size / 2)
    return np.round(255 * ink * np.clip(width / 2 + 0.5 - distance, 0, 1)).astype(np.uint8)


def _arc(centre, radius: float, start: float, end: float) -> np.ndarray:
    """Return corners along an arc; angles in degrees, anticlockwise from the x-axis."""
    angle = np.radians(np.linspace(start, end, 40))
    return np.add(centre, radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1))


def _smiley() -> list[Stroke]:
    thin, dot = 0.055, 0.13
    return [
        (_arc((0, 0), 0.82, 0, 360), thin, 1),
        (_arc((0, 0), 0.48, 205, 335), thin, 1),
        (np.array([[-0.3, 0.28]]), dot, 1),
        (np.array([[0.3, 0.28]]), dot, 1),
    ]


def _spiral() -> list[Stroke]:
    share = np.linspace(0, 1, 160)
    angle, radius = 5 * np.pi * share, 0.08 + 0.78 * share
    return [(radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1), 0.055, 1)]


def _letters() -> list[Stroke]:
    g = np.concatenate([_arc((-0.6, 0), 0.27, 50, 320), [[-0.36, -0.02], [-0.55, -0.02]]])
    a = np.array([[-0.25, -0.3], [0, 0.3], [0.25, -0.3]])
    n = np.array([[0.4, -0.3], [0.4, 0.3], [0.82, -0.3], [0.82, 0.3]])
    bar = np.array([[-0.16, -0.1], [0.16, -0.1]])
    return [(corners * [0.98, 1.5], 0.055, 1) for corners in (g, a, bar, n)]


def _heart() -> list[Stroke]:
    t = np.linspace(0, 2 * np.pi, 80)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return [(np.stack([x, y + 2], axis=-1) / 19, 0.07, 1)]


def _islands() -> list[Stroke]:
    places = [(-0.6, 0.6, 1), (0.6, 0.6, 0.5), (-0.6, -0.6, 0.5), (0.6, -0.6, 0.25), (0, 0, 1)]
    return [(np.array([[x, y]]), 0.2, ink) for x, y, ink in places]


_STROKES = {
    "smiley": _smiley,
    "spiral": _spiral,
    "letters": _letters,
    "heart": _heart,
    "islands": _islands,
}
