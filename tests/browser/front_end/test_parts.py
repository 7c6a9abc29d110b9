"""The front end's functions that compute something."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

SCALES = {
    "rate": {"scale": "log", "low": 1e-6, "high": 1.0},
    "noise": {"scale": "linear", "low": 0.0, "high": 1.0},
    "target": {"scale": "linear", "low": -0.5, "high": 1.0},
    "averaging": {"scale": "linear", "low": 0.0, "high": 0.9999},
    "penalty": {"scale": "cubic", "low": 0.0, "high": 100.0},
    "turns": {"scale": "integer", "low": 1, "high": 16},
    "decay": {"scale": "integer", "low": 0, "high": 10_000_000},
}
ALL_VALUES = """knob => {
  const scale = sliderScale(knob);
  const slider = Object.assign(document.createElement("input"), { type: "range" });
  slider.min = scale.low; slider.max = scale.high; slider.step = scale.step;
  const values = [];
  for (let k = 0; k <= Math.round((scale.high - scale.low) / scale.step); k++) {
    slider.value = scale.low + k * scale.step;
    values.push(scale.toValue(Number(slider.value)));
  }
  return values;
}"""


def test_buffers_are_read_at_any_offset(parts):
    read = parts.evaluate(
        """() => {
          const [first, second] = pack([Float32Array.of(1.5, -2, 1e-7), Uint8Array.of(7, 255)]);
          return [first.byteOffset % 4, [...floats(first)], [...bytes(second)]];
        }"""
    )
    assert read[0] != 0  # else it would test nothing
    assert np.float32(read[1]).tolist() == np.float32([1.5, -2, 1e-7]).tolist()
    assert read[2] == [7, 255]


@pytest.mark.parametrize("name", SCALES)
def test_a_slider_reaches_both_ends_and_never_leaves_the_range(parts, name):
    knob = SCALES[name]
    values = parts.evaluate(ALL_VALUES, knob)
    assert (values[0], values[-1]) == (knob["low"], knob["high"])
    assert values == sorted(values) and len(values) > 15
    if knob["scale"] == "integer":
        assert all(value == int(value) for value in values)
        assert len(set(values)) == 16 or knob["high"] > 16


@pytest.mark.parametrize(
    ("name", "value"),
    [("rate", 1e-3), ("rate", 2e-5), ("rate", 0.345), ("target", 0.0), ("target", 0.9),
     ("noise", 0.05), ("turns", 5), ("decay", 20_000), ("decay", 0), ("averaging", 0.9999),
     ("penalty", 0.05), ("penalty", 0.0), ("penalty", 10.0)],
)  # fmt: skip
def test_a_value_comes_back_from_its_position(parts, name, value):
    back = parts.evaluate(
        "([knob, value]) => { const scale = sliderScale(knob); "
        "return scale.toValue(scale.toPosition(value)); }",
        [SCALES[name], value],
    )
    assert back == pytest.approx(value, rel=1e-9)


def test_one_decade_is_one_on_a_log_slider(parts):
    positions = parts.evaluate(
        "knob => [1e-6, 1e-5, 1e-4].map(sliderScale(knob).toPosition)", SCALES["rate"]
    )
    assert positions == pytest.approx([-6, -5, -4])


def test_a_cubic_slider_is_fine_near_zero(parts):
    values = parts.evaluate(ALL_VALUES, SCALES["penalty"])
    assert sum(0 < value <= 0.1 for value in values) > 15
    assert max(b - a for a, b in pairwise(values)) <= 2


def contour(parts, field, level):
    segments = parts.evaluate(
        "([field, size, level]) => contour(field, size, level)",
        [np.ravel(field).tolist(), len(field), level],
    )
    return np.reshape(segments, (-1, 2, 2))


def test_the_contour_of_a_cone_is_a_closed_circle(parts):
    y, x = np.mgrid[:40, :40].astype(float)
    segments = contour(parts, np.hypot(x - 18, y - 21), 12.5)
    radii = np.hypot(segments[..., 0] - 18, segments[..., 1] - 21)
    assert abs(radii - 12.5).max() < 0.02
    length = np.hypot(*(segments[:, 1] - segments[:, 0]).T).sum()
    assert length == pytest.approx(2 * math.pi * 12.5, rel=0.01)
    ends, counts = np.unique(segments.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert set(counts) == {2} and len(ends) == len(segments)


@pytest.mark.parametrize(("middle", "corners"), [(0.6, "low"), (0.4, "high")])
def test_a_saddle_goes_by_its_middle(parts, middle, corners):
    # High at (0, 0) and (1, 1): with a high middle they are one region, and the line cuts off the
    # two low corners.
    high = 0.5 + (middle - 0.5) + 0.3
    low = 4 * middle / 2 - high
    segments = contour(parts, [[high, low], [low, high]], 0.5)
    assert len(segments) == 2
    cut_off = {tuple(corner) for corner in segments.mean(axis=1).round().astype(int).tolist()}
    assert cut_off == ({(1, 0), (0, 1)} if corners == "low" else {(0, 0), (1, 1)})


def test_a_flat_field_has_no_contour(parts):
    assert len(contour(parts, np.full((5, 5), 128), 127.5)) == 0


def test_ticks_are_round_and_inside(parts):
    ticks, logs, narrow = parts.evaluate(
        "() => [ticks(-0.31, 1.02, 4), logTicks(3e-5, 20, 4), logTicks(0.2, 0.8, 4)]"
    )
    assert ticks == [0, 0.5, 1]
    assert all(1e-5 < tick < 21 and math.log10(tick) % 1 in (0, 1) for tick in logs)
    assert 3 <= len(logs) <= 4
    assert len(narrow) >= 2 and all(0.2 <= tick <= 0.8 for tick in narrow)


def test_numbers_are_short(parts):
    shown = parts.evaluate(
        "() => [0, 0.1 + 0.2, 12345, 0.00012, -1.5, 1e9, NaN].map((value) => formatNumber(value))"
    )
    assert shown == ["0", "0.3", "12300", "1.2e-4", "-1.5", "1e9", "NaN"]


def test_the_belief_map_runs_from_generated_over_white_to_real(parts):
    table = parts.evaluate("() => [...beliefTable(PALETTES.light)]")
    colours = np.reshape(table, (256, 4))
    assert colours[0].tolist() == [0xFB, 0xCB, 0xA8, 255]
    assert colours[127:129].min() > 252
    assert colours[255].tolist() == [0x4C, 0x9B, 0xCF, 255]
