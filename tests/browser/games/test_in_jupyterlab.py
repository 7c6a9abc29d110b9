"""The two games in JupyterLab: at once while a cell computes, still there after a reload."""

import pytest

SETUP = """
import os
os.environ["COURSE_MODE"] = "live"
from course_utils import language
from course_utils.models import x2
from course_utils.widgets import DrawingBoard, GeneratorGame
language.use("en")
discriminator = x2.build_discriminator()
"""
GAME = "game = GeneratorGame(discriminator, points=[[0.0, 0.0]]); game.show()"
BOARD = "board = DrawingBoard(drawing='heart'); board.show()"
COMPUTE = """
import time
end = time.time() + 12
while time.time() < end:
    sum(range(1000))
"""


def place(canvas, x, y):
    """Click at a share of the canvas's width and height."""
    box = canvas.bounding_box()
    canvas.click(position={"x": x * box["width"], "y": y * box["height"]})


@pytest.fixture
def notebook(lab_server, open_notebook):
    shown = open_notebook(lab_server.write("games.ipynb", SETUP, GAME, BOARD, COMPUTE))
    shown.run("cell-0")
    return shown


def test_the_verdict_comes_at_once_also_while_a_cell_computes(notebook):
    canvas = notebook.run("cell-1").locator("canvas[data-view]")
    rows = notebook.page.locator(".gan-generator-game tbody tr")
    rows.nth(0).filter(has_not_text="no verdict").wait_for()
    notebook.start("cell-3")
    notebook.cell("cell-1")
    for count, (x, y) in enumerate([(0.3, 0.3), (0.5, 0.7), (0.7, 0.4)], start=1):
        place(canvas, x, y)
        rows.nth(count).filter(has_not_text="no verdict").wait_for(timeout=3000)
    assert notebook.page.evaluate("window.courseRuns") == "running"
    notebook.screenshot("game-while-a-cell-computes")
    notebook.finish()
    # A key that is a command of the notebook elsewhere: B would insert a cell.
    canvas.focus()
    notebook.page.keyboard.press("b")
    notebook.page.keyboard.press("n")
    assert len(notebook.outputs()) == 4


def test_points_and_drawing_are_there_after_a_reload(notebook):
    canvas = notebook.run("cell-1").locator("canvas[data-view]")
    place(canvas, 0.3, 0.3)
    notebook.page.locator(".gan-generator-game tbody tr").nth(1).wait_for()
    canvas = notebook.run("cell-2").locator("canvas[data-view]")
    place(canvas, 0.5, 0.5)
    notebook.page.locator(".gan-drawing-board [data-action=undo]:enabled").wait_for()
    notebook.command("docmanager:save")
    notebook.finish()
    notebook.reload()
    notebook.cell("cell-1")
    notebook.page.locator(".gan-generator-game tbody tr").nth(1).wait_for()
    notebook.cell("cell-2")
    notebook.page.locator(".gan-drawing-board [data-action=undo]:enabled").wait_for()
    notebook.screenshot("games-after-a-reload")
