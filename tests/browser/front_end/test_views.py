"""The pictures: what is drawn, and where."""

from __future__ import annotations

import base64

import numpy as np
import pytest

REAL, GENERATED = [0x00, 0x72, 0xB2], [0xD5, 0x5E, 0x00]
# Where the colours of one kind stand in a picture: the middle and the extent, in CSS pixels.
FIND = """([kind, wanted, near]) => {
  const { data, width, ratio } = pictureOf(kind);
  const [xs, ys] = [[], []];
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] && wanted.every((value, k) => Math.abs(data[i + k] - value) <= near)) {
      xs.push((i / 4) % width);
      ys.push(Math.floor(i / 4 / width));
    }
  }
  const places = Float32Array.from([...xs, ...ys], (value) => value / ratio);
  const text = Array.from(new Uint8Array(places.buffer), (byte) => String.fromCharCode(byte));
  return btoa(text.join("")); // a list of numbers would take seconds
}"""


def find(front, kind, colour, near=12):
    found = base64.b64decode(front.page.evaluate(FIND, [kind, colour, near]))
    return np.frombuffer(found, np.float32).astype(float).reshape(2, -1)


def plot_of(front, kind="points"):
    """The frame around a plot, [left, right, top, bottom]: the longest grey lines."""
    x, y = find(front, kind, [0x4D, 0x4D, 0x4D], 4)
    columns, rows = np.unique(x, return_counts=True), np.unique(y, return_counts=True)
    sides = [c[0][c[1] > 0.8 * c[1].max()] for c in (columns, rows)]
    return sides[0].min(), sides[0].max(), sides[1].min(), sides[1].max()


def test_points_stand_where_their_coordinates_say(front):
    front.show()
    left, right, _, bottom = plot_of(front)
    scale = (right - left) / 4  # pixels per unit
    for colour, (x, y) in ((REAL, (1, 1)), (GENERATED, (-1, 1))):
        place = np.array([left + (x + 2) * scale, bottom - (y + 2) * scale])
        found = find(front, "points", colour, 30)
        inside = found[:, (np.abs(found - place[:, None]) < 8).all(axis=0)]
        assert inside.shape[1] > 5
        assert np.abs(inside.mean(axis=1) - place).max() < 1.5
        in_plot = (found[0] < right) & (found[1] < bottom)
        assert in_plot.sum() == inside.shape[1]  # and nowhere else


def test_the_surface_has_its_lowest_row_at_the_bottom(front):
    front.show()
    left, right, top, bottom = plot_of(front)
    x = left + 0.9 * (right - left)
    above, below = front.colour("points", x, top + 5), front.colour("points", x, bottom - 5)
    assert above == [0xFB, 0xCB, 0xA8] and below == [0x4C, 0x9B, 0xCF]


def test_the_decision_line_is_where_the_belief_crosses_one_half(front):
    front.show()
    left, right, top, bottom = plot_of(front)
    x, y = find(front, "points", [0x21, 0x21, 0x21], 20)
    row = y[(x > left + 0.6 * (right - left)) & (x < right - 4) & (y < bottom)]
    # The rows 31 and 32 of 64 are on both sides of it: y = 0.
    assert len(row) and abs(row.mean() - (top + bottom) / 2) < 1.5


def test_an_arrow_goes_from_its_sample_along_the_push(front):
    front.show()
    left, right, _, bottom = plot_of(front)
    scale = (right - left) / 4
    place = [left + scale, bottom - scale]  # of (-1, -1); the arrow is (0.5, 0)
    x, y = find(front, "points", [0x21, 0x21, 0x21], 100)
    near = (np.abs(y - place[1]) < 5) & (x > left + 3) & (x < left + 2 * scale)
    assert x[near].min() == pytest.approx(place[0], abs=2)
    assert x[near].max() == pytest.approx(place[0] + 0.5 * scale, abs=2)


def test_points_outside_are_counted(front, sample_frame):
    front.show()
    with_count = find(front, "points", [0x21, 0x21, 0x21], 60).shape[1]
    views, arrays = sample_frame()
    views[0]["outside"] = 0
    front.show(views=views, arrays=arrays)
    assert find(front, "points", [0x21, 0x21, 0x21], 60).shape[1] < with_count - 20


def test_values_that_are_no_numbers_leave_a_gap(front):
    front.show()
    left, right, top, _ = plot_of(front, "curves")
    x, y = find(front, "curves", [0, 0, 0], 20)  # D's curve: solid black
    share = (x[y > top + 5] - left) / (right - left)
    assert ((share > 0.1) & (share < 0.38)).sum() > 50
    assert not ((share > 0.42) & (share < 0.59)).any()  # the values 40 ... 59 of 100 are NaN
    assert ((share > 0.62) & (share < 0.9)).sum() > 50


def test_a_knob_change_is_a_line_with_a_name(front):
    front.show()
    before = front.page.locator('[data-view="curves"]').screenshot()
    front.state(changes=[[50, "the noise", "0.3"]])
    front.run(50)
    assert front.page.locator('[data-view="curves"]').screenshot() != before
    named = find(front, "curves", [0x21, 0x21, 0x21], 60)
    left, right, _, _ = plot_of(front, "curves")
    top = named[:, named[1] < 36]  # the strip for names above the plots
    assert top.shape[1] > 50 and abs(top[0].min() - (left + right) / 2) < 8
    x, _ = find(front, "curves", [0x5F, 0x5F, 0x5F], 8)
    columns, counts = np.unique(x.round(), return_counts=True)
    assert abs(columns[counts.argmax()] - (left + right) / 2) < 2


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_curves_stand_where_their_values_say(front, sample_frame, scale):
    views, arrays = sample_frame()
    arrays[5][:] = [[20], [70]]
    views[1]["groups"][0] |= {"scale": scale, "range": [0.01, 100], "reference": None}
    front.show(views=views, arrays=arrays)
    _, _, top, bottom = plot_of(front, "curves")
    place = {"log": (0.8253, 0.9613), "linear": (0.1999, 0.6999)}[scale]
    for colour, share in zip(([0, 0, 0], GENERATED), place, strict=True):
        _, y = find(front, "curves", colour, 20)
        rows, counts = np.unique(y[y > top + 1], return_counts=True)
        assert rows[counts.argmax()] == pytest.approx(bottom - share * (bottom - top), abs=2)


def test_histograms_stand_in_their_bins(front):
    front.show()
    left, right, top, _ = plot_of(front, "histograms")
    for colour, low, high in ((REAL, 0.9, 1.0), (GENERATED, 0.0, 0.1)):
        x, y = find(front, "histograms", colour, 30)
        tall = x[y < top + 200]
        share = (tall - left) / (right - left)
        assert len(tall) and low - 0.02 < share.min() and share.max() < high + 0.02


def test_images_are_crisp(front):
    front.show()
    x, y = find(front, "images", [200, 200, 200], 0)
    width, height = np.ptp(x) + 1, np.ptp(y) + 1
    assert width == height and width % 8 == 0  # whole screen pixels for each image pixel
    assert len(x) == width * height
    dark = find(front, "images", [0, 0, 0], 0)
    dark = dark[:, dark[1] <= y.max()]  # of the first row
    assert dark[0].max() < x.min() and dark.shape[1] >= width * height


def test_measures_are_a_table(front, sample_frame):
    front.show()
    table = front.page.locator(".gan-view-points table")
    assert table.inner_text().split() == ["modes", "3", "of", "8"]
    views, arrays = sample_frame()
    views[0]["measures"] = []
    front.show(views=views, arrays=arrays)
    assert not table.is_visible()


def test_the_pointer_reads_values_off(front):
    front.show()
    left, right, top, bottom = plot_of(front)
    place = {"x": left + 0.75 * (right - left), "y": bottom - 0.25 * (bottom - top)}
    front.page.locator('[data-view="points"]').hover(position=place)
    front.run(50)
    read = front.text(".gan-view-points .gan-value")
    words = read.split()
    assert words[::2] == ["x", "y", "D"]
    assert [float(word) for word in words[1::2]] == pytest.approx([1, -1, 1], abs=0.03)
    left, right, _, _ = plot_of(front, "curves")
    place = {"x": left + 0.8 * (right - left), "y": 200}
    front.page.locator('[data-view="curves"]').hover(position=place)
    front.run(50)
    assert front.text(".gan-view-curves .gan-value").split() == ["step", "80", "D", "1", "G", "2"]
    assert front.text(".gan-view-points .gan-value") == ""


@pytest.mark.parametrize("ratio", [1, 2])
def test_canvases_have_the_screens_own_pixels(open_front, ratio):
    front = open_front(device_scale_factor=ratio)
    front.show()
    sizes = front.page.eval_on_selector_all(
        "canvas", "all => all.map(c => [c.width, c.height, c.clientWidth, c.clientHeight])"
    )
    assert len(sizes) == 5
    for width, height, css_width, css_height in sizes:
        assert (width, height) == (round(css_width * ratio), round(css_height * ratio))


def test_pictures_follow_the_width_of_the_page(front):
    front.show()
    front.page.set_viewport_size({"width": 480, "height": 900})
    front.page.wait_for_timeout(200)  # the observer of sizes runs in the browser's own time
    front.run(100)
    widths = front.page.eval_on_selector_all(
        "canvas", "all => all.map(c => [c.width, c.clientWidth])"
    )
    assert all(width == css_width < 480 for width, css_width in widths)
    assert front.page.evaluate("document.documentElement.scrollWidth") <= 480
    assert find(front, "points", REAL, 30).shape[1] > 5


def test_a_view_that_failed_says_so_and_the_others_go_on(front, sample_frame):
    front.show()
    views, arrays = sample_frame()
    views[1] = {"error": "no numbers", "buffers": {}}
    views[2]["buffers"] = {"real": 7, "generated": 6}  # the other way round
    front.show(views=views, arrays=arrays)
    assert front.attribute("data-frames") == "2"
    assert front.text(".gan-view-curves .gan-empty") == "no numbers"
    assert not front.page.locator('[data-view="curves"]').is_visible()
    left, right, top, _ = plot_of(front, "histograms")
    x, y = find(front, "histograms", REAL, 30)
    assert ((x[y < top + 200] - left) / (right - left)).max() < 0.15
    front.show()
    assert front.page.locator('[data-view="curves"]').is_visible()
    assert front.page.locator(".gan-empty:visible").count() == 0
