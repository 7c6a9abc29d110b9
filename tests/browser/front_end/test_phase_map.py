"""The phase map's front end in a browser page without Jupyter."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_utils import language
from course_utils.widgets import javascript, phase_panel
from course_utils.widgets.phase_picture import COLOURS, UNKNOWN
from course_utils.widgets.phase_words import STRINGS

FAKE = Path(__file__).with_name("fake.js").read_text("utf-8")
OPEN = """async ([source, config, state]) => {
  const module = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: widget, mapLayout } = await import(module);
  window.model = makeModel(config, state);
  watchLeaks();
  const el = document.createElement("div");
  document.body.append(el);
  window.stop = widget.render({ model, el });
  // The middle of a cell in CSS pixels of the canvas.
  window.middle = (row, column) => {
    const { clientWidth, clientHeight } = document.querySelector("canvas");
    const at = mapLayout(clientWidth, clientHeight, config);
    const [x, y] = at.cornerOf(row, column);
    return [x + at.cellWidth / 2, y + at.cellHeight / 2];
  };
}"""


def config() -> dict:
    def axis(title, labels):
        return {"title": title, "labels": labels, "ticks": [[0, labels[0]]]}

    letters = {"learned": "L", "cycling": "C"}
    return {
        "language": "en", "x": axis("rate of G", ["1", "2", "3"]), "y": axis("noise", ["0", "5"]),
        "strings": {key: words.en for key, words in STRINGS.items()}, "measure": "distance",
        "colours": list(COLOURS), "unknown": UNKNOWN, "steps": 100,
        "outcomes": [
            {"name": name, "title": name, "letter": letter, "meaning": f"it is {name}"}
            for name, letter in letters.items()
        ],
    }  # fmt: skip


def state(**changes) -> dict:
    return {
        "status": "ready", "message": "", "note": "", "step": 0, "seconds": 0.0, "low": 0.0,
        "high": 1.0, "values": [0.0, 0.5, 1.0, None, 0.0, 0.0], "outcomes": [""] * 6,
        "opened": None, "summary": "six GANs", **changes,
    }  # fmt: skip


class Front:
    def __init__(self, page):
        self.page, self.complaints = page, []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))

    def commands(self):
        return [
            {key: value for key, value in message.items() if key not in ("id", "view", "type")}
            for message in self.page.evaluate("model.sent")
            if message["type"] == "command"
        ]

    def state(self, **changes):
        self.page.evaluate("state => model.set('state', state)", state(**changes))
        self.page.clock.run_for(50)

    def colour(self, row, column, right=0.0):
        """Of a cell, `right` CSS pixels beside its middle, where no letter is."""
        return self.page.evaluate(
            "([row, column, right]) => { const [x, y] = middle(row, column);"
            " return colourAt('phase', x + right, y); }",
            [row, column, right],
        )

    def click(self, row, column):
        x, y = self.page.evaluate("place => middle(...place)", [row, column])
        self.page.locator("canvas").click(position={"x": x, "y": y})


@pytest.fixture
def open_map(browser):
    opened = []

    def open_it(**changes):
        context = browser.new_context(viewport={"width": 1000, "height": 900})
        front = Front(context.new_page())
        opened.append(front)
        front.page.clock.install(time=0)
        front.page.clock.pause_at(1000)
        front.page.set_content(
            f"<style>body {{ background: white }} {javascript.styles('panel', 'phase_map')}</style>"
            '<body data-jp-theme-light="true"></body>'
        )
        front.page.evaluate(f"() => {{ {FAKE} }}")
        source = f"{javascript.module(*phase_panel.FILES)}\nexport {{ mapLayout }};"
        language.use("en")
        front.page.evaluate(OPEN, [source, config(), state(**changes)])
        front.page.clock.run_for(50)
        return front

    yield open_it
    complaints = [complaint for front in opened for complaint in front.complaints]
    for front in opened:
        front.page.context.close()
    assert complaints == []


def rgb(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def test_cells_have_their_colours_from_the_bottom_left(open_map):
    front = open_map()
    for cell, colour in (
        ((0, 0), COLOURS[0]), ((0, 1), COLOURS[2]), ((0, 2), COLOURS[4]), ((1, 0), UNKNOWN),
    ):  # fmt: skip
        assert front.colour(*cell) == rgb(colour)


def test_letters_and_counts_come_with_the_outcomes(open_map):
    front = open_map()
    front.state(status="done", step=100, outcomes=["learned"] * 4 + ["cycling"] * 2)
    places = [(row, column) for row in range(2) for column in range(3)]
    # Somewhere near the middle of each cell there is ink.
    for row, column in places:
        plain = front.colour(row, column, right=40)
        assert any(front.colour(row, column, right=dx) != plain for dx in range(-8, 9))
    legend = front.page.locator(".gan-phase-legend li").all_inner_texts()
    assert [entry.split()[-1] for entry in legend] == ["4", "2"]


def test_a_click_opens_the_cell_under_it(open_map):
    front = open_map()
    front.click(0, 2)
    front.click(1, 0)
    assert front.commands() == [
        {"action": "open", "row": 0, "column": 2}, {"action": "open", "row": 1, "column": 0},
    ]  # fmt: skip


def test_keys_move_and_open(open_map):
    front = open_map(step=50)
    canvas = front.page.locator("canvas")
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowLeft", "ArrowLeft", "End", "ArrowDown"):
        canvas.press(key)
    front.page.clock.run_for(50)
    assert front.page.locator(".gan-phase-readout").inner_text() == (
        "rate of G 3, noise 0 · distance: 1"
    )
    canvas.press("Enter")
    assert front.commands() == [{"action": "open", "row": 0, "column": 2}]


def test_the_button_starts_stops_and_goes_away(open_map):
    front = open_map()
    button = front.page.locator("button")
    button.click()
    front.state(status="training", step=10)
    button.click()
    front.state(status="stopped", step=12)
    assert button.inner_text() == "Continue"
    button.click()
    front.state(status="done", step=100)
    assert [command["action"] for command in front.commands()] == ["start", "stop", "start"]
    assert button.is_hidden()


def test_messages_are_shown_and_a_lost_kernel_is_noticed(open_map):
    front = open_map()
    alerts = front.page.locator("[role=alert]")
    assert [alert.is_hidden() for alert in alerts.all()] == [True, True]
    front.state(status="failed", message="it broke")
    assert alerts.nth(1).inner_text() == "it broke"
    front.state()
    front.page.evaluate("() => { model.alive = false; }")
    front.page.clock.run_for(12_000)
    assert alerts.nth(0).inner_text() == STRINGS["lost"].en
    assert front.page.locator("button").is_disabled()
    front.click(0, 0)
    assert front.commands() == []


def test_it_leaves_nothing_behind(open_map):
    front = open_map()
    front.state(status="training", step=10)
    front.page.evaluate("stop()")
    left = front.page.evaluate("left()")
    assert left == {"timers": 0, "frames": 0, "listeners": [], "observers": 0}
    assert front.page.locator(".gan-phase").count() == 0
