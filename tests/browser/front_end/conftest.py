"""The panel's front end in a browser page without Jupyter: Python is a fake model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from course_utils import language
from course_utils.widgets import javascript
from course_utils.widgets.panel import FILES
from course_utils.widgets.strings import for_front_end

FAKE = Path(__file__).with_name("fake.js").read_text("utf-8")
PARTS = "contour, sliderScale, floats, bytes, ticks, logTicks, formatNumber, beliefTable, PALETTES"
OPEN = """async ([source, config, state]) => {
  const module = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  Object.assign(window, await import(module));
  window.model = makeModel(config, state);
  watchLeaks();
  window.render = () => {
    const el = document.createElement("div");
    document.body.append(el);
    return window["default"].render({ model, el });
  };
  window.stop = render();
}"""
JUPYTERLAB = {
    "light": "--jp-layout-color1: white; --jp-ui-font-color1: #212121",
    "dark": "--jp-layout-color1: #111111; --jp-ui-font-color1: white",
}


def _knob(name, scale, low, high, default, group="noise", choices=()):
    words = {"title": f"the {name}", "explanation": f"what {name} does"}
    return {
        "name": name, "group": group, "scale": scale, "low": low, "high": high,
        "default": default, "choices": list(choices), "choice_titles": [*map(str.upper, choices)],
        **words,
    }  # fmt: skip


def make_config() -> dict:
    language.use("en")
    return {
        "language": "en",
        "label": "the lab",
        "strings": for_front_end(),
        "knobs": [
            _knob("noise", "linear", 0.0, 1.0, 0.0),
            _knob("kind", "choice", 0, 1, "normal", choices=("uniform", "normal")),
            _knob("rate", "log", 1e-6, 1.0, 1e-3, "rates"),
            _knob("turns", "integer", 1, 16, 1, "rates"),
            _knob("decay", "integer", 0, 10_000_000, 0, "rates"),
            *(_knob(f"class_{label}", "linear", 0.0, 1.0, 1.0, "rates") for label in range(2)),
        ],
        "groups": [{"name": "noise", "title": "Noise"}, {"name": "rates", "title": "Rates"}],
        "speeds": [{"value": None, "title": "full"}, {"value": 2.0, "title": "two"}],
        "views": [
            {"kind": kind, "title": kind, "classes": ["zero", "one"] * (kind == "images")}
            for kind in ("points", "curves", "histograms", "images", "class_accuracy")
        ],
    }


def make_state() -> dict:
    knobs = {"noise": 0.0, "kind": "normal", "rate": 1e-3, "turns": 1, "decay": 0}
    knobs |= {"class_0": 1.0, "class_1": 1.0}
    return {
        "status": "paused", "message": "", "step": 1000, "seed": 7, "knobs": knobs, "changes": [],
        "snapshots": [0, 200, 400, 1000], "speed": None, "replaying": False, "summary": "all calm",
    }  # fmt: skip


def make_views() -> tuple[list[dict], list[np.ndarray]]:
    """One frame: D sure of "real" below y = 0, one real sample and one generated one."""
    size = 64
    surface = np.zeros((size, size), np.uint8)
    surface[: size // 2] = 255
    steps = np.arange(1, 101, dtype=np.float32)
    curves = np.stack([np.full(100, 1.0), np.full(100, 2.0)]).astype(np.float32)
    curves[0, 40:60] = np.nan
    shares = np.zeros((2, 10), np.float32)
    shares[0, 9] = shares[1, 0] = 1
    pixels = np.zeros((16, 16), np.uint8)  # four images of 8 × 8; the second one is grey
    pixels[:8, 8:] = 200
    arrays = [
        np.float32([[1, 1]]), np.float32([[-1, 1]]), surface, np.float32([[-1, -1, 0.5, 0]]),
        steps, curves, shares[0], shares[1], pixels, np.float32([0.5, 0.9]),
    ]  # fmt: skip
    losses = {"title": "losses", "scale": "linear", "reference": 1.386}
    losses["series"] = [{"title": "D", "colour": 0}, {"title": "G", "colour": "generated"}]
    views = [
        {
            "resolution": size, "bounds": [[-2, 2], [-2, 2]], "outside": 3,
            "buffers": {"real": 0, "generated": 1, "surface": 2, "arrows": 3},
            "measures": [{"title": "modes", "text": "3 of 8"}],
        },
        {"groups": [losses], "last_step": 100, "buffers": {"x": 4, "y": 5}},
        {"bins": 10, "buffers": {"real": 6, "generated": 7}},
        {
            "rows": 2, "columns": 2, "height": 8, "width": 8, "row_titles": ["0", "1"],
            "requested": [], "words": "click a row", "buffers": {"pixels": 8},
        },
        {"titles": ["zero", "one"], "real": 0.75, "buffers": {"shares": 9}},
    ]  # fmt: skip
    return views, arrays


class Front:
    """The panel in a page; its clock stands still until `run` moves it."""

    def __init__(self, page) -> None:
        self.page, self.complaints, self.number = page, [], 0
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text))

    def run(self, milliseconds: int) -> None:
        self.page.clock.run_for(milliseconds)

    def sent(self, kind: str = "command") -> list[dict]:
        """The messages of one type so far, without what differs from run to run."""
        messages = self.page.evaluate("model.sent")
        hidden = ("type", "id", "view") if kind == "command" else ("type", "view")
        return [
            {key: value for key, value in message.items() if key not in hidden}
            for message in messages
            if message["type"] == kind
        ]

    def state(self, **changes) -> None:
        """Python publishes a state; `knobs` are the ones that differ."""
        knobs = changes.pop("knobs", {})
        self.page.evaluate(
            "([changes, knobs]) => { const old = model.get('state'); model.set('state', "
            "{ ...old, ...changes, knobs: { ...old.knobs, ...knobs } }); }",
            [changes, knobs],
        )

    def frame(self, views=None, arrays=None, step: int = 100) -> None:
        """Python sends a frame."""
        if views is None:
            views, arrays = make_views()
        self.number += 1
        self.page.evaluate(
            """([message, arrays]) => {
              const types = { uint8: Uint8Array, float32: Float32Array };
              const number = (value) => value ?? NaN; // JSON has no NaN
              const typed = arrays.map(([type, data]) => types[type].from(data, number));
              model.emit(message, pack(typed));
            }""",
            [
                {"type": "frame", "number": self.number, "step": step, "rate": 50, "views": views},
                [
                    [str(a.dtype), [None if v != v else v for v in a.ravel().tolist()]]
                    for a in arrays
                ],
            ],
        )

    def show(self, **options) -> None:
        """Sends a frame and lets it be drawn."""
        self.frame(**options)
        self.run(50)

    def attribute(self, name: str, where: str = ".gan-lab") -> str | None:
        return self.page.locator(where).first.get_attribute(name)

    def text(self, where: str) -> str:
        return self.page.locator(where).first.inner_text()

    def value(self, knob: str) -> str:
        return self.page.locator(f'[data-knob="{knob}"]').input_value()

    def move(self, knob: str, *values: float) -> None:
        """Moves a slider: one input event for each value."""
        self.page.locator(f'[data-knob="{knob}"]').first.evaluate(
            "(slider, values) => values.forEach((value) => { slider.value = value; "
            "slider.dispatchEvent(new Event('input', { bubbles: true })); })",
            list(values),
        )

    def press(self, action: str) -> None:
        self.page.locator(f'[data-action="{action}"]').first.click()

    def colour(self, kind: str, x: float, y: float) -> list[int]:
        return self.page.evaluate("place => colourAt(...place)", [kind, float(x), float(y)])


def _opener(browser):
    """Yields a function that opens the panel; at the end no console may have said anything."""
    contexts, fronts = [], []

    def open_it(theme="light", config=None, state=None, **options) -> Front:
        options = {"viewport": {"width": 1000, "height": 900}, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        front = Front(context.new_page())
        fronts.append(front)
        front.page.clock.install(time=0)
        front.page.clock.pause_at(1000)
        front.page.set_content(
            f"<style>body {{ {JUPYTERLAB[theme]} }} {javascript.styles('panel')}</style>"
            f'<body data-jp-theme-light="{str(theme == "light").lower()}"></body>'
        )
        front.page.evaluate(f"() => {{ {FAKE} }}")
        source = f"{javascript.module(*FILES)}\nexport {{ {PARTS} }};"
        front.page.evaluate(OPEN, [source, config or make_config(), state or make_state()])
        front.run(50)
        return front

    yield open_it
    complaints = [complaint for front in fronts for complaint in front.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_front(browser):
    """Opens the panel: `open_front(theme="dark", config=…, state=…, **context options)`."""
    yield from _opener(browser)


@pytest.fixture
def front(open_front) -> Front:
    return open_front()


@pytest.fixture(scope="module")
def parts(browser):
    """A page with the front end's functions, for all tests of a file."""
    opener = _opener(browser)
    yield next(opener)().page
    next(opener, None)


@pytest.fixture
def sample_frame():
    """Makes the views and arrays of one frame, to be changed by a test."""
    return make_views
