"""The phase map in JupyterLab: trained by its button, read by keys, a run opened by a click."""

SETUP = """
import os
os.environ["COURSE_MODE"] = "live"
import numpy as np
from course_utils import language
from course_utils.data.targets import x_squared
from course_utils.models import x2
from course_utils.training import GAN
from course_utils.widgets import PhaseMap
language.use("en")
def build(**knobs):
    return GAN(x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=16, **knobs)
"""
MAP = """
rates = np.geomspace(1e-4, 1e-1, 6)
x, y = ("generator_learning_rate", rates), ("discriminator_learning_rate", rates)
pm = PhaseMap(build, x, y, steps=400)
pm.show()
"""


def test_it_trains_opens_a_run_and_is_there_after_a_reload(lab_server, open_notebook):
    notebook = open_notebook(lab_server.write("phase_map.ipynb", SETUP, MAP))
    notebook.run("cell-0")
    cell = notebook.run("cell-1")
    root = cell.locator(".gan-phase")
    canvas = root.locator("canvas")
    root.locator("button[data-action=start]").click()
    cell.locator(".gan-phase[data-status=done]").wait_for(timeout=120_000)
    canvas.focus()
    canvas.press("End")
    root.locator(".gan-phase-readout", has_text="G's learning rate 0.1, D's").wait_for()
    notebook.screenshot("phase-map-done")
    canvas.press("Enter")
    lab = cell.locator(".gan-lab[data-step='400']")
    lab.wait_for(timeout=120_000)
    notebook.screenshot("phase-map-opened-run")
    notebook.command("docmanager:save")  # or the page would come back without its outputs
    notebook.finish()
    notebook.reload()
    cell = notebook.cell("cell-1")
    cell.locator(".gan-phase[data-link=up]").wait_for(timeout=60_000)
    assert cell.locator(".gan-phase").get_attribute("data-status") == "done"
