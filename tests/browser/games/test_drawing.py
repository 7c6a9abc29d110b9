"""Draw your data, in a browser: strokes, undo, keys, examples, the button that trains."""

import numpy as np
import pytest

from course_utils.widgets import DrawingBoard


def test_a_stroke_paints_where_the_mouse_went(view):
    board = DrawingBoard()
    shown = view(board)
    shown.drag((-1, -1.5), (1, -1.5))
    shown.settle()
    drawing = board.drawing
    assert drawing[4, 9:23].min() == 255  # y = -1.5 is between rows 3 and 4
    assert not drawing[10:].any() and not drawing[:, :6].any() and not drawing[:, 26:].any()
    red, _, blue = shown.pixel(0.05, -1.45)
    assert blue > red + 100
    assert shown.pixel(0.05, 1.45) == [255, 255, 255]
    shown.page.locator("[aria-live=polite]").filter(has_text="in one piece").wait_for(timeout=3000)


def test_a_stroke_is_one_step_of_undo_and_the_page_shows_it(view):
    board = DrawingBoard()
    shown = view(board)
    undo = shown.page.locator("[data-action=undo]")
    assert undo.is_disabled()
    shown.drag((-1, 1), (1, 1))
    shown.drag((-1, -1), (1, -1))
    shown.settle()
    undo.click()
    shown.settle()
    assert board.drawing[24].any() and not board.drawing[8].any()
    assert shown.pixel(0.05, -0.95) == [255, 255, 255]
    assert shown.pixel(0.05, 1.05) != [255, 255, 255]


def test_while_python_is_slow_nothing_of_a_stroke_is_lost(view):
    board = DrawingBoard()
    shown = view(board)
    shown.page.evaluate("window.answers = false")
    shown.drag((-1, 1), (1, 1))
    shown.drag((-1, -1), (1, -1))
    shown.press("Escape")
    assert len(shown.actions()) == 1
    assert shown.pixel(0.05, 1.05) != [255, 255, 255]  # drawn all the same
    shown.page.evaluate("window.release()")
    shown.settle()
    assert len(shown.actions()) == 3  # the first dab, the first stroke, the second
    assert board.drawing[24, 9:23].all() and board.drawing[8, 9:23].all()


def test_the_eraser_takes_ink_away(view):
    board = DrawingBoard(drawing=np.full((32, 32), 255))
    shown = view(board)
    shown.page.locator("[data-action=eraser]").click()
    shown.drag((0, -1), (0, 1))
    shown.settle()
    assert board.drawing[12:20, 15:17].max() == 0
    assert board.drawing[:, :10].min() == 255


def test_the_size_of_the_brush(view):
    board = DrawingBoard()
    shown = view(board)
    inked = []
    for size in ("1", "8"):
        shown.page.locator("[data-action=width]").fill(size)
        shown.page.mouse.click(*shown.at(0.0625, 0.0625))
        shown.settle()
        inked.append(np.count_nonzero(board.drawing > 127))
    assert inked == [1, pytest.approx(np.pi * 16, rel=0.15)]


def test_drawing_by_keyboard(view):
    board = DrawingBoard()
    shown = view(board)
    shown.board.focus()
    shown.press("[", "[", "Enter")  # the finest brush, in the middle
    shown.settle()
    assert board.drawing[16, 16] == 255 and np.count_nonzero(board.drawing) == 1
    shown.press("Shift+ArrowRight", "p", "Shift+ArrowUp", "ArrowUp", "p", "ArrowUp")
    shown.settle()
    assert board.drawing[16:22, 20].min() == 255
    assert np.count_nonzero(board.drawing) == 1 + 6
    shown.press("e", "Enter", "ArrowDown", "Enter")
    shown.settle()
    assert board.drawing[21, 20] == 0 and board.drawing[20, 20] == 255
    shown.press("Control+z", "u")
    shown.settle()
    assert board.drawing[21, 20] == 255


def test_examples_clear_and_samples(view):
    board = DrawingBoard()
    shown = view(board)
    choice = shown.page.locator("[data-action=example]")
    choice.select_option("heart")
    shown.settle()
    heart = board.drawing
    assert heart.any() and choice.input_value() == ""
    plain = shown.board.evaluate("canvas => canvas.toDataURL()")
    shown.page.locator("[data-action=samples]").check()
    shown.settle()
    assert shown.board.evaluate("canvas => canvas.toDataURL()") != plain
    shown.page.locator("[data-action=clear]").click()
    shown.settle()
    assert not board.drawing.any()
    assert shown.page.locator("[data-action=clear]").is_disabled()


def test_the_train_button(view):
    board, trained = DrawingBoard(), []
    shown = view(board)
    train = shown.page.locator("[data-action=train]")
    assert train.is_hidden()
    board.on_train(lambda board: trained.append(board.drawing))
    shown.page.evaluate("traits => update(traits)", shown._traits())
    train.click()
    shown.page.locator("[role=alert]").filter(has_text="Draw something first").wait_for()
    shown.page.locator("[data-action=example]").select_option("spiral")
    shown.settle()
    train.click()
    shown.settle()
    assert len(trained) == 1 and trained[0].any()
