"""The panel for everybody: themes, widths, languages, keyboard, screen reader, no canvas at all."""

from __future__ import annotations

import re

import pytest

THEMES = "@jupyterlab/apputils-extension:themes"
# As in a front end whose security policy forbids code from elsewhere: the canvas cannot be loaded.
STRICT = """
const plain = URL.createObjectURL;
URL.createObjectURL = what => {
  if (what.type.includes('javascript')) throw new Error('forbidden in this test');
  return plain.call(URL, what);
};
"""
BACKGROUND = """element => {
  let colour;
  do {
    colour = getComputedStyle(element).backgroundColor;
    element = element.parentElement;
  } while (element && colour.endsWith(', 0)'));
  return colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
}"""
COLOURS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) {
    const [red, green, blue, alpha] = data.slice(i, i + 4);
    if (alpha === 255) seen.add((red >> 5 << 6) | (green >> 5 << 3) | blue >> 5);
  }
  return seen.size;
}"""


def whole(panel, name: str) -> None:
    """Keep a picture of the whole panel, whatever the page's height."""
    size = panel.page.viewport_size
    panel.page.set_viewport_size({**size, "height": 2400})
    panel.page.wait_for_timeout(500)
    panel.screenshot(name)
    panel.page.set_viewport_size(size)


def trained(panel):
    panel.play(400)
    panel.press("pause")
    panel.rest()
    return panel


@pytest.mark.parametrize(
    ("name", "width", "options"),
    [
        ("1300", 1300, {}),
        ("480", 800, {}),  # JupyterLab's own parts and the cell's prompt take the rest
        ("crisp", 1300, {"device_scale_factor": 2}),
    ],
)
def test_widths(name, width, options, new_panel):
    panel = trained(new_panel(viewport={"width": width, "height": 900}, **options))
    whole(panel, f"panel-{name}")
    box = panel.root.bounding_box()
    inside = panel.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
    assert inside, f"something sticks out of the panel's {box['width']:g} px"
    for view in ("points", "curves", "histograms"):
        canvas = panel.canvas(view)
        wide, drawn = canvas.bounding_box()["width"], canvas.evaluate("canvas => canvas.width")
        assert wide > 180
        assert drawn == pytest.approx(wide * options.get("device_scale_factor", 1), abs=2)
        assert canvas.evaluate(COLOURS) > 5


def test_dark(new_panel, set_option):
    set_option(THEMES, theme="JupyterLab Dark")
    panel = trained(new_panel())
    assert max(panel.root.evaluate(BACKGROUND)) < 80
    text = panel.root.evaluate("root => getComputedStyle(root).color.match(/\\d+/g).map(Number)")
    assert min(text[:3]) > 160
    whole(panel, "panel-dark")


def test_the_theme_changes_under_the_panel(new_panel, set_option):
    set_option(THEMES, theme="JupyterLab Light")  # and what it changes to ends with the test
    panel = trained(new_panel())
    light = panel.picture("curves")
    panel.page.evaluate(
        "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    panel.until(lambda: max(panel.root.evaluate(BACKGROUND)) < 80, "a dark panel")
    panel.until(lambda: panel.picture("curves") != light, "dark curves")


def test_chinese(new_panel):
    panel = trained(new_panel(cell="cell-4"))
    words = panel.root.inner_text()
    assert "暂停" in words and "实例噪声" in words
    latin = set(re.findall(r"[A-Za-z]{3,}", words))
    assert latin <= {"Adam", "nat", "EMA", "logit"}, latin
    assert panel.root.get_attribute("lang").startswith("zh")
    whole(panel, "panel-zh")


def test_the_keyboard_is_enough(new_panel):
    panel = new_panel()
    keyboard = panel.page.keyboard
    panel.button("play").focus()
    keyboard.press("Enter")
    panel.wait(status="playing")
    panel.until(lambda: panel.step > 20, "steps")
    keyboard.press("Space")
    panel.wait(status="paused")
    step, reached = panel.step, []
    for _ in range(60):
        keyboard.press("Tab")
        reached.append(
            panel.page.evaluate(
                "[document.activeElement.dataset.action, document.activeElement.dataset.knob]"
            )
        )
        if reached[-1][0] == "step-both":
            keyboard.press("Enter")
            panel.wait(step=step + 1)
        if reached[-1][1] == "ema_decay":
            break
    seen = {name for pair in reached for name in pair if name}
    wanted = {"step-both", "step-discriminator", "step-generator", "speed", "reset", "reset-new",
              "save", "replay", "rewind", "latent_distribution", "instance_noise", "flip_rate",
              "discriminator_learning_rate", "generator_learning_rate", "ema_decay"}  # fmt: skip
    assert wanted <= seen, wanted - seen
    # JupyterLab's own keys stay out of the panel: "d d" would delete the cell.
    panel.button("play").focus()
    cells = panel.page.evaluate("window.course.content.widgets.length")
    for key in ("d", "d", "a", "x"):
        keyboard.press(key)
    assert panel.page.evaluate("window.course.content.widgets.length") == cells


def test_names_for_a_screen_reader(new_panel):
    panel = new_panel()
    region = panel.page.get_by_role("region", name="GAN lab")
    region.wait_for()
    for name in ("Play", "Step D", "Step G", "Start over", "New seed", "Save run"):
        assert region.get_by_role("button", name=name, exact=True).count() == 1, name
    knobs = panel.root.locator("[data-knob]").all()
    assert len(knobs) == panel.probe("len(session.read(lambda gan: gan.acting_knobs))")
    for knob in knobs:
        role = "combobox" if knob.evaluate("knob => knob.tagName") == "SELECT" else "slider"
        title = panel.probe(
            f"str(__import__('course_utils.training', fromlist=['']).KNOBS"
            f"[{knob.get_attribute('data-knob')!r}].title)"
        )
        assert region.get_by_role(role, name=title, exact=True).count() == 1, title
    assert region.get_by_role("slider", name="Rewind").count() == 1
    assert region.get_by_role("combobox", name="Speed").count() == 1
    for view in ("points", "curves", "histograms"):
        canvas = panel.canvas(view)
        named = canvas.get_attribute("aria-label") or canvas.get_attribute("aria-labelledby")
        assert named and canvas.get_attribute("role") == "img", view


def test_less_motion(new_panel):
    panel = new_panel(reduced_motion="reduce")
    panel.play(50)
    panel.page.wait_for_timeout(1000)
    frames = panel.frames
    panel.page.wait_for_timeout(3000)
    assert 1 <= panel.frames - frames <= 5
    panel.press("pause")


def test_without_the_canvas_a_plainer_panel_does_the_same(new_panel, nothing_vanishes):
    nothing_vanishes += ["forbidden in this test", "anywidget", "Could not create a view"]
    panel = new_panel(prepare=lambda page: page.add_init_script(STRICT), canvas=False)
    notebook, probe = panel.notebook, panel.probe
    cell = notebook.cell("cell-1")
    play = cell.get_by_role("button", name="Play", exact=True)
    play.wait_for(timeout=30_000)
    assert cell.locator("canvas").count() == 0
    picture = cell.locator("img.widget-image")
    before = picture.get_attribute("src")
    play.click()
    panel.until(lambda: probe.step > 50, "training")
    panel.until(lambda: picture.get_attribute("src") != before, "another picture")
    slider = cell.locator(".widget-slider").filter(has_text="instance noise").get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    panel.until(lambda: probe.knob("instance_noise") > 0, "the knob in the training loop")
    cell.get_by_role("button", name="Pause", exact=True).click()
    panel.until(lambda: not probe("session.playing"), "a pause")
    weights, step = probe("weights()"), probe.step
    cell.get_by_role("button", name="Step D", exact=True).click()
    panel.until(lambda: probe.step == step + 1, "a step")
    after = probe("weights()")
    assert [name for name in after if after[name] != weights[name]] == ["discriminator"]
    cell.get_by_role("button", name="Start over", exact=True).click()
    panel.until(lambda: probe.step == 0, "a reset")
    notebook.page.set_viewport_size({"width": 1300, "height": 2000})
    notebook.cell("cell-1")
    notebook.screenshot("panel-plain")
