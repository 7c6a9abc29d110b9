"""You are the generator, in a browser: mouse, touch, keys, what is drawn, slow answers."""

import functools

import numpy as np
import pytest

from course_utils.widgets import GeneratorGame


def above(points):
    """A discriminator: real above y = 0."""
    return 10 * points[:, 1:]


close = functools.partial(pytest.approx, abs=0.02)


def test_a_click_places_a_point_and_shows_the_verdict(view):
    game = GeneratorGame(above)
    shown = view(game)
    shown.page.mouse.click(*shown.at(0.5, 0.4))
    shown.page.mouse.click(*shown.at(-0.5, -0.4))
    shown.settle()
    assert game.points.tolist() == [close([0.5, 0.4]), close([-0.5, -0.4])]
    assert "1 of 2" in shown.text(".gan-edit-scores")
    rows = shown.page.locator("tbody tr").all_inner_texts()
    assert "✓ real" in rows[0] and "✗ fake" in rows[1]
    red, _, blue = shown.pixel(0.5 - 0.015, 0.4 + 0.015)  # beside the tick
    assert blue > red + 100
    red, _, blue = shown.pixel(-0.5 + 0.02, -0.4)  # beside the cross
    assert red > blue + 100


def test_a_point_is_dragged_and_kept_within_the_plane(view):
    game = GeneratorGame(above, points=[[0.5, -0.4], [-0.5, 0.5]])
    shown = view(game)
    shown.drag((0.5, -0.4), (0.2, 0.6))
    shown.settle()
    assert game.points.tolist() == [close([0.2, 0.6]), close([-0.5, 0.5])]
    assert game.verdicts[0] > 0.9
    shown.drag((0.2, 0.6), (2, 2))
    shown.settle()
    assert game.points[0].tolist() == close([1, 1])


def test_a_drag_sends_no_more_than_python_answers_and_loses_nothing(view):
    game = GeneratorGame(above, points=[[0.5, -0.4]])
    shown = view(game)
    shown.page.evaluate("window.answers = false")
    shown.drag((0.5, -0.4), (-0.5, 0.0), (-0.8, 0.7))
    shown.settle()
    assert shown.actions() == ["points"]  # the others wait, and only the latest of them is needed
    shown.page.evaluate("window.release()")
    shown.settle()
    assert shown.actions() == ["points"] * 2
    assert game.points[0].tolist() == close([-0.8, 0.7])


def test_edits_of_another_kind_are_not_merged(view):
    game = GeneratorGame(above, points=[[0.1 * n, 0.5] for n in range(6)])
    shown = view(game)
    shown.page.evaluate("window.answers = false")
    shown.page.mouse.click(*shown.at(-0.5, -0.5))
    shown.page.locator("[data-action=reveal]").click()
    shown.page.mouse.click(*shown.at(-0.7, -0.7))
    shown.page.mouse.click(*shown.at(-0.9, -0.9))
    shown.page.evaluate("window.release()")
    shown.settle()
    assert shown.actions() == ["points", "reveal", "points", "points"]
    assert len(game.points) == 9 and game._canvas.state["revealed"]


def test_double_click_removes_a_point_but_not_the_one_it_places(view):
    game = GeneratorGame(above, points=[[0.5, 0.5]])
    shown = view(game)
    shown.page.mouse.dblclick(*shown.at(-0.5, 0.0))
    shown.settle()
    assert len(game.points) == 2
    shown.page.wait_for_timeout(700)
    shown.page.mouse.dblclick(*shown.at(0.5, 0.5))
    shown.settle()
    assert game.points.tolist() == [close([-0.5, 0.0])]


def test_everything_works_by_keyboard(view):
    game = GeneratorGame(above)
    shown = view(game)
    shown.press("Tab")
    assert shown.board.evaluate("canvas => canvas === document.activeElement")
    shown.press("Shift+ArrowUp", "ArrowRight", "Enter", "Shift+ArrowLeft", " ")
    shown.settle()
    assert game.points.tolist() == [close([0.02, 0.1]), close([-0.08, 0.1])]
    shown.press("n", "ArrowDown", "]", "Shift+ArrowDown", "Escape", "ArrowLeft")
    shown.settle()
    assert game.points.tolist() == [close([0.02, 0.08]), close([-0.08, 0.0])]
    shown.press("p", "p", "Delete")
    shown.settle()
    assert len(game.points) == 1
    shown.press("Tab", "Tab")  # over what is disabled, to "clear"
    while shown.page.evaluate("document.activeElement.dataset.action") != "clear":
        shown.press("Tab")
    shown.press("Enter")
    shown.settle()
    assert len(game.points) == 0


def test_enter_picks_up_the_point_under_the_cursor_and_puts_it_down(view):
    game = GeneratorGame(above, points=[[0.0, 0.0]])
    shown = view(game)
    shown.board.focus()
    shown.press("Enter", "Shift+ArrowUp", "Enter", "Shift+ArrowUp", "Enter")
    shown.settle()
    assert game.points.tolist() == [close([0, 0.1]), close([0, 0.2])]


def test_keys_of_the_browser_and_of_jupyterlab_stay_theirs(view):
    shown = view(GeneratorGame(above))
    shown.page.evaluate(
        """window.heard = [];
        document.addEventListener("keydown", e => heard.push([e.key, e.defaultPrevented]))"""
    )
    shown.board.focus()
    shown.press("Control+n", "x", "Tab", "ArrowUp")
    heard = dict(shown.page.evaluate("heard"))
    assert heard["n"] is heard["x"] is heard["Tab"] is False
    assert shown.board.get_attribute("data-lm-suppress-shortcuts")


def test_touch_has_a_wider_reach_and_places_points(view):
    game = GeneratorGame(above, points=[[0.0, 0.0]])
    shown = view(game, has_touch=True)
    x, y = shown.at(0, 0)
    shown.page.touchscreen.tap(x + 16, y)  # on the point, for a finger
    shown.page.touchscreen.tap(x + 100, y)
    shown.settle()
    assert len(game.points) == 2
    assert shown.board.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"


def test_the_belief_is_revealed_after_enough_points_and_drawn_the_right_way_up(view):
    game = GeneratorGame(above, points=[[0.1 * n, 0.9] for n in range(4)])
    shown = view(game)
    reveal = shown.page.locator("[data-action=reveal]")
    assert reveal.is_disabled() and "after 1 more" in reveal.inner_text()
    shown.page.mouse.click(*shown.at(0.8, 0.9))
    shown.settle()
    assert shown.pixel(-0.7, 0.6) == shown.pixel(-0.7, -0.6)
    reveal.click()
    shown.settle()
    red, _, blue = shown.pixel(-0.7, 0.6)  # real is blue
    assert blue > red + 50
    red, _, blue = shown.pixel(-0.7, -0.6)
    assert red > blue + 30
    assert sum(shown.pixel(-0.7, 0.0)) < 300  # the line at one half
    assert "0 … ½ … 1" in shown.text(".gan-edit-legend")
    reveal.click()
    shown.settle()
    assert shown.pixel(-0.7, 0.6) == shown.pixel(-0.7, -0.6)


def test_the_page_says_when_python_does_not_answer(view):
    game = GeneratorGame(above)
    shown = view(game)
    shown.page.evaluate("window.answers = false")
    shown.page.mouse.click(*shown.at(0.5, 0.5))
    shown.page.locator("[role=alert]").filter(has_text="has not answered").wait_for(timeout=6000)
    assert "? no verdict" in shown.text("tbody")
    shown.page.evaluate("window.release()")
    shown.settle()
    assert shown.text("[role=alert]") == ""
    assert "✓ real" in shown.text("tbody")


def test_what_goes_wrong_is_shown_and_read_aloud(view):
    discriminator = [above]
    game = GeneratorGame(lambda points: discriminator[0](points))
    shown = view(game)
    discriminator[0] = lambda points: 1 / 0
    shown.page.mouse.click(*shown.at(0.5, 0.5))
    shown.page.locator("[role=alert]").filter(has_text="division by zero").wait_for(timeout=3000)
    assert len(game.points) == 1


def test_there_is_a_most_of_points(view):
    game = GeneratorGame(above, points=np.zeros((100, 2)))
    shown = view(game)
    shown.page.mouse.click(*shown.at(0.5, 0.5))
    shown.settle()
    assert shown.text("[role=alert]") == "That is the most points there can be."
    assert len(game.points) == 100


def test_a_screen_reader_hears_the_score_and_the_point(view):
    game = GeneratorGame(above, points=[[0.5, 0.5]])
    shown = view(game)
    spoken = shown.page.locator("[aria-live=polite]")
    spoken.filter(has_text="D takes 1 of 1 points for real").wait_for(timeout=3000)
    shown.board.focus()
    shown.press("n")
    spoken.filter(has_text="Point 1: x 0.50, y 0.50. D says 0.99, real").wait_for(timeout=3000)
    assert shown.board.get_attribute("aria-label") and shown.board.get_attribute("role")
    for button in shown.page.locator("button").all():
        assert button.inner_text().strip()


def test_two_views_show_the_same_and_a_reload_finds_it(view):
    game = GeneratorGame(above)
    first, second = view(game), view(game)
    first.page.mouse.click(*first.at(0.5, 0.5))
    first.settle()
    second.page.evaluate("traits => update(traits)", second._traits())  # as Jupyter does
    second.page.mouse.click(*second.at(-0.5, 0.5))
    second.settle()
    assert game.points.tolist() == [close([0.5, 0.5]), close([-0.5, 0.5])]
    third = view(game)
    assert third.page.locator("tbody tr").count() == 2


def test_another_view_does_not_snatch_the_point_from_the_hand(view):
    game = GeneratorGame(above, points=[[0.5, 0.5]])
    shown = view(game)
    shown.page.evaluate("window.answers = false")
    shown.drag((0.5, 0.5), (0.0, 0.5), up=False)
    game.points = [[-0.9, -0.9]]
    shown.page.evaluate("traits => update(traits)", shown._traits())
    assert "0.00\t0.50" in shown.text("tbody")
    shown.page.mouse.move(*shown.at(-0.2, 0.5))
    shown.page.mouse.up()
    shown.page.evaluate("window.release()")
    shown.settle()
    assert game.points.tolist() == [close([-0.2, 0.5])]


def test_closing_a_view_leaves_nothing(view):
    shown = view(GeneratorGame(above))
    shown.page.evaluate("stop()")
    assert shown.page.evaluate("listening()") == 0
