"""The canvases of the two games in a page of a browser, without Jupyter.

A fake of anywidget's `model` joins the module in the page to the Python object, message by message.
"""

import base64

import pytest

from course_utils import language

PAGE = """<!doctype html><meta charset="utf-8">
<body data-jp-theme-light="true" style="margin: 12px; background: white"><div id="place"></div>"""

# Traits come as JSON, bytes as {base64}. window.answers = false holds the answers back.
FAKE = """async ([esm, css, traits]) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const widget = (await import(address)).default;
  const values = {}, listeners = [];
  const known = value => value?.base64 === undefined ? value
    : new DataView(Uint8Array.from(atob(value.base64), c => c.charCodeAt(0)).buffer);
  window.update = changed => {
    for (const name in changed) values[name] = known(changed[name]);
    for (const [event, listener] of [...listeners])
      if (event.slice("change:".length) in changed) listener();
  };
  window.update(traits);
  window.sent = [];
  window.held = [];
  window.answers = true;
  window.release = async () => {
    window.answers = true;
    for (const go of window.held.splice(0)) await go();
  };
  const coded = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const model = {
    get: name => values[name],
    on: (event, listener) => listeners.push([event, listener]),
    off: (event, listener) => {
      listeners.splice(listeners.findIndex(([e, l]) => e === event && l === listener), 1);
    },
    send: (message, callbacks, buffers = []) => {
      window.sent.push(message);
      const go = async () => window.update(await window.python(message, buffers.map(coded)));
      if (window.answers) go(); else window.held.push(go);
    },
  };
  window.listening = () => listeners.length;
  window.show = () => widget.render({ model, el: document.getElementById("place") });
  window.stop = window.show();
}"""


class View:
    """A page that shows a game's canvas."""

    def __init__(self, page, owner, theme="light"):
        self.page, self.canvas = page, owner._canvas
        self.complaints = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.set_content(PAGE)
        if theme == "dark":
            page.evaluate("document.body.dataset.jpThemeLight = 'false'")
            page.evaluate("document.body.style.background = '#111'")
        page.expose_function("python", self._answer)
        page.evaluate(FAKE, [self.canvas._esm, self.canvas._css, self._traits()])
        self.board = page.locator("canvas[data-view]")
        page.wait_for_function("document.querySelector('canvas[data-view]').dataset.frames")

    def _traits(self):
        names = ("config", "state", "pixels", "points")
        values = {name: getattr(self.canvas, name) for name in names}
        return {
            name: {"base64": base64.b64encode(value).decode()} if type(value) is bytes else value
            for name, value in values.items()
        }

    def _answer(self, message, buffers):
        self.canvas._receive(self.canvas, message, [base64.b64decode(b) for b in buffers])
        return self._traits()

    def at(self, x, y):
        """Where the data point (x, y) is on the page."""
        (left, right), (bottom, top) = self.canvas.config["bounds"]
        box = self.board.bounding_box()
        width, height = box["width"] - 50, box["height"] - 36  # the margins in plane.js
        return (
            box["x"] + 40 + width * (x - left) / (right - left),
            box["y"] + 8 + height * (top - y) / (top - bottom),
        )

    def drag(self, *places, up=True):
        self.page.mouse.move(*self.at(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.at(*place), steps=8)
        if up:
            self.page.mouse.up()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def settle(self):
        """Wait until the canvas has said what it had to say and has drawn it."""
        self.page.wait_for_timeout(150)

    def pixel(self, x, y):
        """The colour at the data point (x, y), on white."""
        left, top = self.at(x, y)
        box = self.board.bounding_box()
        return self.board.evaluate(
            """(canvas, [x, y]) => {
              const ratio = canvas.width / canvas.clientWidth;
              const place = [Math.round(x * ratio), Math.round(y * ratio), 1, 1];
              const [r, g, b, a] = canvas.getContext("2d").getImageData(...place).data;
              return [r, g, b].map(value => Math.round(value * a / 255 + 255 - a));
            }""",
            [left - box["x"], top - box["y"]],
        )

    def actions(self):
        return [m["action"] for m in self.page.evaluate("sent") if m["type"] == "edit"]

    def text(self, selector):
        return self.page.locator(selector).inner_text()


@pytest.fixture(autouse=True)
def live(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "live")


@pytest.fixture
def view(browser):
    """Opens an owner's canvas in a page of its own; keywords go to the browser's context."""
    contexts, views = [], []

    def open_view(owner, theme="light", **options):
        options = {"viewport": {"width": 1000, "height": 800}, **options}
        contexts.append(browser.new_context(**options))
        views.append(View(contexts[-1].new_page(), owner, theme))
        return views[-1]

    yield open_view
    complaints = [complaint for view in views for complaint in view.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
