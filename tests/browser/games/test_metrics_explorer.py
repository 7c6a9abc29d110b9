"""The metrics explorer in JupyterLab: keys and buttons, while a cell computes; both languages."""

SETUP = """
import os
os.environ["COURSE_MODE"] = "live"
import time
from course_utils import language
from course_utils.widgets import MetricsExplorer
language.use("en")
"""
ENGLISH = "explorer = MetricsExplorer(n=200); explorer.show()"
WAIT = """
end = time.monotonic() + 20
while explorer.seen.place.faults["drop"] == 0 and time.monotonic() < end:
    time.sleep(0.01)
"""
CHINESE = """
language.use("zh")
MetricsExplorer(n=200, duplicates=0.5).show()
"""
CLOSE = "explorer.close()"


def source(image):
    return image.get_attribute("src")


def test_it_answers_keys_and_buttons_also_while_a_cell_computes(lab_server, open_notebook):
    path = lab_server.write("metrics.ipynb", SETUP, ENGLISH, WAIT, CHINESE, CLOSE)
    notebook = open_notebook(path, viewport={"width": 1000, "height": 1300})
    notebook.run("cell-0")
    cell = notebook.run("cell-1")
    pictures, status = cell.locator("img"), cell.locator("[role=status]")
    status.filter(has_text="200 points: no fault.").wait_for()
    assert pictures.count() == 2
    before = source(pictures.last)

    def verdict(name):
        return cell.locator("tr").filter(has_text=name).locator("td").nth(1).inner_text()

    assert verdict("coverage") == "· does not notice"
    cell.get_by_role("slider").nth(4).focus()
    for _ in range(12):
        notebook.page.keyboard.press("ArrowRight")
    status.filter(has_text="200 points: noise added 0.06.").wait_for()
    notebook.until(lambda: source(pictures.last) != before, "other points")
    assert verdict("coverage") == verdict("precision") == "✗ notices"
    assert verdict("modes covered") == "· does not notice"
    assert cell.locator("table svg circle").count() == 10
    cell.get_by_role("button", name="Memoriser").click()
    status.filter(has_text="200 points: share of training samples 1.").wait_for()
    assert verdict("C_T") == "✗ notices" and verdict("Fréchet") == "· does not notice"
    notebook.screenshot("metrics-explorer-en")

    notebook.start("cell-2")
    notebook.cell("cell-1").get_by_role("button", name="One mode").click()
    status.filter(has_text="200 points: modes dropped 7.").wait_for(timeout=15_000)
    notebook.finish()

    cell = notebook.run("cell-3")
    cell.locator("[role=status]").filter(has_text="200 个点：少数样本的副本所占比例 0.5").wait_for()
    cell.locator("table").scroll_into_view_if_needed()
    notebook.screenshot("metrics-explorer-zh")
    notebook.run("cell-4")
    notebook.until(lambda: notebook.cell("cell-1").locator("img").count() == 0, "closed")
