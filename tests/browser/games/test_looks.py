"""Both games: sizes, densities, themes, the focus."""

import pytest

from course_utils.widgets import DrawingBoard, GeneratorGame


def above(points):
    """A discriminator: real above y = 0."""
    return 10 * points[:, 1:]


@pytest.mark.parametrize("make", [lambda: GeneratorGame(above), lambda: DrawingBoard()])
@pytest.mark.parametrize("width", [480, 700, 1000])
def test_it_fits_and_is_crisp(view, make, width):
    shown = view(make(), viewport={"width": width, "height": 800}, device_scale_factor=2)
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    box = shown.board.bounding_box()
    assert box["width"] >= min(400, width - 60)
    drawn = shown.board.evaluate("canvas => [canvas.width, canvas.height]")
    assert drawn == [
        pytest.approx(2 * box["width"], abs=1),
        pytest.approx(2 * box["height"], abs=1),
    ]
    shown.page.set_viewport_size({"width": 620, "height": 800})
    shown.settle()
    box = shown.board.bounding_box()
    assert shown.board.evaluate("canvas => canvas.width") == pytest.approx(2 * box["width"], abs=1)


@pytest.mark.parametrize("make", [lambda: GeneratorGame(above), lambda: DrawingBoard()])
def test_it_follows_the_theme_while_it_is_shown(view, make):
    shown = view(make())
    root = shown.page.locator(".gan-edit")
    assert root.get_attribute("data-theme") == "light"
    text = "node => getComputedStyle(node).color"
    before = root.evaluate(text)
    shown.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    shown.page.wait_for_timeout(600)
    assert root.get_attribute("data-theme") == "dark"
    assert root.evaluate(text) != before


@pytest.mark.parametrize("make", [lambda: GeneratorGame(above), lambda: DrawingBoard()])
def test_the_focus_can_be_seen(view, make):
    shown = view(make())
    shown.press("Tab")
    style = shown.board.evaluate("canvas => getComputedStyle(canvas).outlineStyle")
    assert style == "solid"
