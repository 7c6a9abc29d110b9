"""The panel on its page: themes, keys, motion, several views, and leaving."""

from __future__ import annotations

import re

import numpy as np
import pytest


def count(front, wanted: str) -> int:
    """How many pixels of the points view have this colour."""
    return front.page.evaluate(
        """wanted => {
          const { data } = pictureOf("points");
          const colour = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (colour.every((value, k) => data[i + k] === value)) found += 1;
          }
          return found;
        }""",
        wanted,
    )


def colours(front, theme: str) -> dict:
    return front.page.evaluate("name => PALETTES[name]", theme)


@pytest.mark.parametrize(("theme", "other"), [("light", "dark"), ("dark", "light")])
def test_the_theme_decides_the_colours_and_can_change(open_front, theme, other):
    front = open_front(theme=theme)
    front.show()
    light, dark = colours(front, theme), colours(front, other)
    for key in ("real", "generated"):
        assert count(front, light[key]) > 10 and count(front, dark[key]) == 0
    front.page.evaluate(
        "theme => { document.body.dataset.jpThemeLight = theme === 'light'; }", other
    )
    front.run(50)
    assert front.attribute("data-theme") == other
    for key in ("real", "generated"):
        assert count(front, dark[key]) > 10 and count(front, light[key]) == 0


def test_background_and_text_are_jupyterlabs(open_front):
    front = open_front(theme="dark")
    style = "getComputedStyle(document.querySelector('.gan-lab'))"
    assert front.page.evaluate(f"{style}.backgroundColor") == "rgb(17, 17, 17)"
    assert front.page.evaluate(f"{style}.color") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_elsewhere_the_page_or_the_system_decides(open_front, scheme):
    front = open_front(color_scheme=scheme)
    front.page.evaluate("delete document.body.dataset.jpThemeLight")
    front.run(50)
    assert front.attribute("data-theme") == scheme
    front.page.evaluate("() => { document.body.style.background = '#0a0a0a'; }")
    front.page.evaluate("() => { document.body.dataset.theme = 'x'; }")
    front.run(50)
    assert front.attribute("data-theme") == "dark"


def test_text_can_be_read_on_its_background(front):
    def luminance(colour):
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    def contrast(one, two):
        low, high = sorted([luminance(one), luminance(two)])
        return (high + 0.05) / (low + 0.05)

    for theme in ("light", "dark"):
        palette = colours(front, theme)
        for key in ("text", "muted", "alert"):
            assert contrast(palette[key], palette["background"]) >= 4.5, (theme, key)
        for key in ("real", "generated", "focus"):
            assert contrast(palette[key], palette["background"]) >= 3, (theme, key)
        for colour in palette["series"]:
            # style.py's pink and green are the weakest; each also has a dash pattern of its own
            assert contrast(colour, palette["background"]) >= 2.9, (theme, colour)


def test_less_motion_is_one_picture_a_second(open_front):
    front = open_front(reduced_motion="reduce")
    for _ in range(30):
        front.frame()
        front.run(100)
    assert 3 <= int(front.attribute("data-frames")) <= 4
    drawn = [ack["number"] for ack in front.sent("ack")]
    assert drawn == sorted(set(drawn)) and len(drawn) >= 3


def test_no_key_of_the_panel_reaches_jupyterlab(front):
    front.page.evaluate(
        """() => {
          window.leaked = [];
          document.addEventListener("keydown", (event) => leaked.push(event.key));
        }"""
    )
    places = [
        ".gan-lab", '[data-action="play"]', '[data-knob="noise"]', '[data-number="noise"]',
        '[data-knob="kind"]', '[data-action="rewind"]', "summary",
    ]  # fmt: skip
    for place in places:
        for key in ("d", "0", "a", "ArrowDown", "PageUp", "Home", "Delete", "Backspace"):
            front.page.locator(place).first.focus()
            front.page.keyboard.press(key)
    assert front.page.evaluate("leaked") == []
    front.page.locator(".gan-lab").focus()
    for key in ("Control+s", "Shift+Enter", "Escape"):
        front.page.keyboard.press(key)
    assert {"s", "Enter", "Escape"} <= set(front.page.evaluate("leaked"))


def test_space_plays_when_the_panel_itself_has_the_focus(front):
    front.page.locator(".gan-lab").focus()
    front.page.keyboard.press("Space")
    assert front.sent() == [{"action": "play"}]
    front.page.locator('[data-action="step-both"]').focus()
    front.page.keyboard.press("Space")
    front.page.locator('[data-knob="noise"]').focus()
    front.page.keyboard.press("Space")
    front.page.locator('[data-number="noise"]').focus()
    front.page.keyboard.press("Space")
    assert [command["action"] for command in front.sent()] == ["play", "step"]


def test_tab_reaches_everything_from_top_to_bottom(front):
    front.page.locator(".gan-lab").focus()
    seen = []
    for _ in range(60):
        front.page.keyboard.press("Tab")
        mark = front.page.evaluate(
            "() => { const { dataset, tagName } = document.activeElement; return dataset.action "
            "?? dataset.knob ?? dataset.number ?? dataset.default ?? dataset.class ?? tagName; }"
        )
        if mark == "BODY":
            break
        seen.append(mark)
    assert seen == [
        "play", "step-both", "step-discriminator", "step-generator", "speed", "reset", "reset-new",
        "save", "replay", "examine", "rewind", "all", "0", "1",
        "SUMMARY", "noise", "noise", "noise", "kind", "kind",
        "SUMMARY", "rate", "rate", "rate", "turns", "turns", "turns", "decay", "decay", "decay",
        "class_weights", "class_0", "class_1",
    ]  # fmt: skip


def test_the_focus_can_be_seen(front):
    front.page.locator(".gan-lab").focus()
    front.page.keyboard.press("Tab")
    width = "getComputedStyle(document.activeElement).outlineWidth"
    assert front.page.evaluate(width) == "3px"


def test_everything_has_a_name(front):
    front.show()
    tree = front.page.locator(".gan-lab").aria_snapshot()
    for control in ("button", "slider", "combobox", "textbox", "img"):
        lines = re.findall(rf"^ *- '?{control}.*", tree, re.MULTILINE)
        assert lines and all('"' in line for line in lines), (control, lines)


def test_two_views_of_one_model_live_side_by_side(front):
    front.page.evaluate("() => { window.stop2 = render(); }")
    front.run(50)
    views = front.page.evaluate("[...new Set(model.sent.map(m => m.view))]")
    assert len(views) == 2
    front.show()
    frames = front.page.eval_on_selector_all(".gan-lab", "all => all.map(e => e.dataset.frames)")
    assert frames == ["1", "1"]
    assert front.sent("ack") == [{"number": 1}] * 2
    front.move("noise", 0.5)
    front.state(knobs={"noise": 0.5})
    values = front.page.eval_on_selector_all('[data-knob="noise"]', "all => all.map(e => e.value)")
    assert values == ["0.5", "0.5"]
    identities = front.page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(identities) == len(set(identities))
    front.page.evaluate("stop2()")
    front.show()
    assert front.attribute("data-frames") == "2"
    assert front.page.locator(".gan-lab").count() == 1


def test_leaving_leaves_nothing_behind(front):
    front.show()
    front.move("noise", 0.5)
    front.state(summary="another")
    front.frame()  # not yet drawn
    front.page.evaluate("stop()")
    assert front.page.evaluate("left()") == {
        "timers": 0, "frames": 0, "listeners": [], "observers": 0,
    }  # fmt: skip
    assert front.page.evaluate("Object.values(model.listeners).flat().length") == 0
    assert front.sent("bye") == [{}]
    assert front.page.locator(".gan-lab").count() == 0
    front.page.evaluate("model.emit({ type: 'alive' })")
    front.run(20_000)
    assert front.page.evaluate("model.sent.at(-1).type") == "bye"


def test_before_the_first_state_and_frame_the_panel_stands(open_front):
    front = open_front(state={})
    assert front.page.locator(".gan-empty:visible").count() == 5
    front.run(3000)
    assert front.attribute("data-link") == "up"


def test_a_panel_made_off_the_page_finds_its_theme_and_size_when_shown(front):
    front.page.evaluate(
        """() => {
          const el = document.createElement("div");
          window.stop2 = window["default"].render({ model, el });
          stop();
          document.body.dataset.jpThemeLight = "false";
          window.late = el;
        }"""
    )
    front.show()
    front.page.evaluate("document.body.append(late)")
    front.page.wait_for_timeout(100)  # the observer of sizes runs in the browser's own time
    front.run(100)
    assert front.attribute("data-theme") == "dark"
    assert count(front, colours(front, "dark")["real"]) > 10
