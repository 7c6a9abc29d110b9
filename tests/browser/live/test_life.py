"""What happens to a panel: reload, restart, two tabs, nobody there, errors."""

from __future__ import annotations

import time

TRAINERS = "[t.name for t in __import__('threading').enumerate() if t.name.startswith('training')]"


def save(notebook) -> None:
    """Save the notebook, so that another page shows its outputs."""
    notebook.command("docmanager:save")
    notebook.finish()


def test_a_reloaded_page_is_live_again(new_panel):
    panel = new_panel()
    panel.play(100)
    save(panel.notebook)
    panel.notebook.reload()
    panel = new_panel(panel.notebook, run=False)
    panel.wait(link="up", status="playing")
    step, frames, picture = panel.step, panel.frames, panel.picture()
    panel.until(lambda: panel.step > step and panel.frames > frames + 5, "frames after a reload")
    assert panel.picture() != picture
    panel.press("pause")
    panel.wait(status="paused")
    assert panel.probe("session.playing") is False


def test_a_cell_run_twice_leaves_one_trainer_and_one_live_panel(new_panel):
    first = new_panel()
    first.play(50)
    second = new_panel(first.notebook, cell="cell-2")
    first.wait(status="replaced")
    assert "below" in first.alert or "newer" in first.alert or "again" in first.alert, first.alert
    assert first.button("step-both").is_disabled()
    second.screenshot("panel-replaced")
    second.press("pause")
    second.wait(status="paused")
    step = second.step
    second.press("step-both")
    second.wait(step=step + 1)
    again = new_panel(first.notebook, cell="cell-2")  # the same cell once more
    again.press("step-both")
    again.wait(step=step + 2)
    assert again.probe(TRAINERS) == ["training-demo"]

    setup = first.notebook.run("cell-0")  # and the session too
    assert setup.count() == 1
    again = new_panel(first.notebook)
    again.wait(step=0)
    again.play(20)
    assert again.probe(TRAINERS) == ["training-demo"]


def test_two_tabs_show_the_same(new_panel, open_page):
    here = new_panel()
    save(here.notebook)
    there = new_panel(open_page(here.notebook.path), run=False)
    there.wait(link="up", status="paused", step=here.step)
    slider = here.knob("instance_noise")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowRight")
    shown = slider.input_value()
    here.until(
        lambda: there.knob("instance_noise").input_value() == shown, "the other tab's slider"
    )
    there.play(100)
    here.wait(status="playing")
    frames = here.frames, there.frames
    here.until(lambda: here.frames > frames[0] + 5, "frames here")
    there.until(lambda: there.frames > frames[1] + 5, "frames there")
    here.press("pause")
    here.wait(status="paused")  # what was posted before has been done
    there.wait(status="paused", step=here.probe.step)
    there.notebook.close()
    here.page.wait_for_timeout(500)
    here.play(50)  # a closed tab holds nothing up


def test_a_closed_tab_puts_training_to_sleep_and_a_new_one_wakes_it(new_panel, open_page):
    panel = new_panel()
    probe = panel.probe
    panel.play(50)
    save(panel.notebook)
    path = panel.notebook.path
    panel.notebook.close()
    closed = time.monotonic()
    step = probe.step
    panel.until(lambda: not probe("session.playing"), "sleep")
    assert probe.step > step, "it slept at once"
    assert time.monotonic() - closed > 5
    step = probe.step
    time.sleep(1)
    assert probe.step == step
    panel = new_panel(open_page(path), run=False)
    panel.wait(status="playing")
    panel.until(lambda: panel.step > step + 50, "steps after waking up")
    panel.press("pause")
    panel.wait(status="paused")


def test_the_stop_button_pauses(new_panel):
    panel = new_panel()
    panel.play(50)
    panel.notebook.command("notebook:interrupt-kernel")
    panel.notebook.finish()
    panel.wait(status="paused")
    assert panel.probe("session.playing") is False
    assert panel.alert
    panel.play(50)
    assert not panel.alert


def test_a_number_that_is_none_stops_the_run_and_says_so(new_panel):
    panel = new_panel()
    panel.play(200)
    panel.probe.run(
        "session.read(lambda gan: gan.generator.variables[0].assign("
        "float('nan') * gan.generator.variables[0]))"
    )
    panel.wait(status="failed")
    panel.screenshot("panel-nan")
    assert "step" in panel.alert and len(panel.alert) > 40, panel.alert
    panel.play(50)  # from the last good snapshot
    assert not panel.alert
    assert panel.probe(
        "bool(session.read(lambda gan: __import__('numpy').isfinite(gan.generate(10)).all()))"
    )


def test_an_exception_in_training_is_shown(new_panel):
    panel = new_panel()
    panel.probe.run(
        "def broken(*arguments): raise RuntimeError('the disk is on fire')\n"
        "keep = session._gan.run\n"
        "session._gan.run = broken"
    )
    panel.press("play")
    panel.wait(status="failed")
    assert "the disk is on fire" in panel.alert
    panel.probe.run("session._gan.run = keep")
    panel.play(20)
    assert not panel.alert


def test_a_view_that_fails_does_not_stop_the_others(new_panel):
    panel = new_panel(cell="cell-3")
    panel.until(lambda: "no such picture" in panel.alert, "what went wrong with the view")
    assert "D(x) on both kinds of samples" in panel.alert
    picture = panel.picture()
    panel.play(100)
    panel.until(lambda: panel.picture() != picture, "the points go on")
    assert "no such measure" in panel.root.inner_text()
    panel.screenshot("panel-view-fails")
    panel.press("pause")
    panel.wait(status="paused")


def test_a_closed_session_says_so_and_leaves_no_thread(new_panel):
    panel = new_panel()
    panel.play(50)
    panel.probe.run("session.close()")
    panel.wait(status="closed")
    assert panel.alert and panel.button("reset").is_disabled()
    assert panel.probe(TRAINERS) == []


def test_a_restarted_kernel_greys_the_panel_out_until_its_cell_runs_again(new_panel):
    panel = new_panel()
    panel.play(50)
    panel.notebook.command("notebook:restart-kernel")
    panel.page.locator(".jp-Dialog .jp-mod-accept").click()
    panel.notebook.finish()
    panel.until(lambda: panel.data("link") == "down", "the link is down", seconds=20)
    assert "run this panel's cell again" in panel.alert
    assert panel.button("step-both").is_disabled()
    panel.screenshot("panel-lost")
    panel.notebook.connect()
    panel.notebook.run("cell-0", seconds=120)
    panel = new_panel(panel.notebook)
    panel.wait(step=0)
    panel.play(50)
    panel.press("pause")
    panel.wait(status="paused")
