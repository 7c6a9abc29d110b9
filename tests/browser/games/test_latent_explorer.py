"""The latent explorer in JupyterLab: keys and buttons, also while a cell computes; both languages.

The generator mixes ten training digits, so that the page shows something like digits.
"""

import re

SETUP = """
import os
os.environ["COURSE_MODE"] = "live"
import time
import numpy as np
from course_utils import language
from course_utils.data import digits
from course_utils.data.images import to_unit_range
from course_utils.widgets import LatentExplorer
language.use("en")
images, labels = digits.load("train")
ten = to_unit_range(images[[np.argmax(labels == digit) for digit in range(10)]])
def generator(z):
    shares = np.exp(3 * z)
    return np.einsum("nk,khwc->nhwc", shares / shares.sum(axis=1, keepdims=True), ten)
"""
ENGLISH = "explorer = LatentExplorer(generator, images[:5000], latent_dim=10); explorer.show()"
WAIT = """
end = time.monotonic() + 20
while explorer.seen.place.a == 0 and time.monotonic() < end:
    time.sleep(0.01)
"""
CHINESE = """
language.use("zh")
LatentExplorer(generator, images[:5000], latent_dim=10, threshold=0.4).show()
"""


def source(image):
    return image.get_attribute("src")


def test_it_answers_keys_and_buttons_also_while_a_cell_computes(lab_server, open_notebook):
    options = {"viewport": {"width": 1000, "height": 1400}}
    path = lab_server.write("explorer.ipynb", SETUP, ENGLISH, WAIT, CHINESE)
    notebook = open_notebook(path, **options)
    notebook.run("cell-0")
    cell = notebook.run("cell-1")
    pictures, status = cell.locator("img"), cell.locator("[role=status]")
    assert pictures.count() == 7
    status.filter(has_text="t = 0.50").wait_for()
    before = [source(picture) for picture in pictures.all()]
    cell.get_by_role("slider").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    status.filter(has_text="t = 0.51").wait_for()
    notebook.until(lambda: source(pictures.nth(2)) != before[2], "another image at t")
    notebook.page.keyboard.press("Tab")  # to the number beside the slider
    notebook.page.keyboard.press("Tab")
    notebook.page.keyboard.press("ArrowLeft")  # from "off" to the highest threshold
    status.filter(has_text="truncated at 3").wait_for()
    notebook.until(lambda: source(pictures.last) != before[6], "other samples")
    notebook.screenshot("latent-explorer-en")

    walk = source(pictures.first)
    notebook.start("cell-2")
    notebook.cell("cell-1").get_by_role("button", name="New A").click()
    notebook.until(lambda: source(pictures.first) != walk, "another walk", seconds=15)
    notebook.finish()

    cell = notebook.run("cell-3")
    cell.locator("[role=status]").filter(has_text=re.compile("截断阈值 0.4：")).wait_for()
    cell.locator("[role=status]").scroll_into_view_if_needed()
    notebook.screenshot("latent-explorer-zh")
