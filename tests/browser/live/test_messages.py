"""No movement of a slider is lost, whatever the kernel does and JupyterLab routes."""

from __future__ import annotations

import pytest

KERNELS = "@jupyterlab/apputils-extension:kernels-settings"
MOVES = 100
# Each shows a panel; the last two go on for a while before the first message has come.
CELLS = {"nothing more": "cell-1", "a computing": "cell-5", "an awaiting": "cell-6"}
# How long a cell goes on at most, in seconds. It ends once all has arrived; what goes to the main
# shell arrives only after its end.
LIMITS = {"to subshells": 150, "to the main shell": 5}
# Notes when each change reached the knobs.
WATCH = """
arrived, limit = [], {limit}
def noting(**knobs):
    arrived.extend((time.monotonic(), value) for value in knobs.values())
    type(session._gan).set(session._gan, **knobs)
session._gan.set = noting
"""


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("routing", LIMITS)
def test_every_movement_arrives(cell, routing, new_panel, set_option):
    early = routing == "to subshells"
    if not early:
        set_option(KERNELS, commsOverSubshells="disabled")
    panel = new_panel()
    probe = panel.probe
    probe.run(WATCH.format(limit=LIMITS[routing]))
    panel.notebook.start(CELLS[cell])
    panel = new_panel(panel.notebook, CELLS[cell], run=False, link="up" if early else None)
    panel.press("play")
    slider = panel.knob("instance_noise")
    slider.focus()
    for _ in range(MOVES):
        slider.press("ArrowRight")
    shown = float(slider.input_value())
    panel.notebook.finish(LIMITS[routing] + 60)
    panel.until(lambda: probe("len(arrived)") >= MOVES, f"{MOVES} movements")
    values = probe("[value for _, value in arrived]")
    assert values == pytest.approx([shown * (i + 1) / MOVES for i in range(MOVES)])
    assert probe.knob("instance_noise") == pytest.approx(shown)
    if CELLS[cell] != "cell-1" and early:
        assert probe("sum(began < moment <= ended for moment, _ in arrived)") == MOVES
    # The control is not broken for good: it still moves, and training goes on.
    slider.press("Home")
    panel.until(lambda: probe.knob("instance_noise") == 0, "0 in the training loop")
    panel.wait(link="up", status="playing")
    step = panel.step
    panel.until(lambda: panel.step > step, "training goes on")
