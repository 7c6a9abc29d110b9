"""A panel used like a learner uses it, its kernel asked beside it, and what lessons answer."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import time
from collections.abc import Iterator

import pytest
from jupyter_client import BlockingKernelClient
from playwright.sync_api import Locator

from course_utils import language
from course_utils.exercises.feedback import STATUSES

SETUP = """
import asyncio, hashlib, time
from course_utils import language
from course_utils.models import x2
from course_utils.training import Session
from course_utils.widgets import Lab, views

language.use("en")
session = Session(x2.build_gan(x2.TUTORIAL, seed=0), name="demo")
session.play(20)  # compiles
session.wait()
session.reset()
session.set_speed(2000)  # enough for every test; it leaves the processor to the browser

standard = session.read(lambda gan: dict(gan.knobs))

def fingerprint(network):
    weights = session.read(lambda gan: getattr(gan, network).get_weights())
    return hashlib.sha256(b"".join(w.tobytes() for w in weights)).hexdigest()

def weights():
    return {name: fingerprint(name) for name in ("generator", "discriminator")}

def events():
    return session.read(lambda gan: gan.history.log()["events"])
"""
RESET = """
language.use("en")
session.pause()
session.set_speed(2000)
session.set(**standard)
session.reset(0)
"""
PANEL = """
lab = Lab(session, views=[views.Points(), views.Curves(), views.Histograms()])
lab.show()
"""


class Probe:
    """A second client of a notebook's kernel: looks inside while the page is used."""

    def __init__(self, server, path: str) -> None:
        file = server.runtime / f"kernel-{server.kernel(path)}.json"
        self._client = BlockingKernelClient(connection_file=str(file))
        self._client.load_connection_file()
        # Only what it uses: frames would pile up in a channel that nobody reads.
        self._client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        self.run("")

    def __call__(self, expression: str, seconds: float = 60):
        """Return the value of an expression in the notebook's namespace; plain data only."""
        found = self._execute("", {"x": f"__import__('json').dumps({expression})"}, seconds)["x"]
        assert found["status"] == "ok", f"{expression}: {found['ename']}: {found['evalue']}"
        return json.loads(ast.literal_eval(found["data"]["text/plain"]))

    def run(self, code: str, seconds: float = 60) -> None:
        """Execute statements in the notebook's namespace."""
        self._execute(code, {}, seconds)

    def knob(self, name: str):
        """Return the value that the training loop reads."""
        return self(f"session.read(lambda gan: gan.knobs[{name!r}])")

    @property
    def step(self) -> int:
        return self("session.read(lambda gan: gan.step)")

    def close(self) -> None:
        self._client.stop_channels()

    def _execute(self, code: str, expressions: dict[str, str], seconds: float) -> dict:
        options = {"store_history": False, "user_expressions": expressions}
        deadline = time.monotonic() + seconds
        while True:
            answer = self._client.execute(
                code, silent=True, reply=True, timeout=seconds, **options
            )["content"]
            if answer["status"] != "aborted":  # by an interrupted cell, as all that waits
                break
            assert time.monotonic() < deadline, f"{code}{expressions}: aborted for {seconds} s"
            time.sleep(0.2)
        assert answer["status"] == "ok", f"{code}: {answer['ename']}: {answer['evalue']}"
        return answer["user_expressions"]


class Panel:
    """The panel below one cell of a notebook."""

    def __init__(self, notebook, cell: str = "cell-1", canvas: bool = True) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.until = notebook.until
        self.root = notebook.cell(cell).locator(".gan-lab")
        if canvas:
            self.root.wait_for()

    def data(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}")

    @property
    def status(self) -> str:
        return self.data("status")

    @property
    def step(self) -> int:
        return int(self.data("step"))

    @property
    def frames(self) -> int:
        return int(self.data("frames"))

    @property
    def alert(self) -> str:
        return self.root.get_by_role("alert").inner_text()

    def button(self, action: str) -> Locator:
        return self.root.locator(f'[data-action="{action}"]')

    def press(self, action: str) -> None:
        self.button(action).click()

    def knob(self, name: str) -> Locator:
        return self.root.locator(f'[data-knob="{name}"]')

    def canvas(self, view: str) -> Locator:
        return self.root.locator(f'canvas[data-view="{view}"]')

    def picture(self, view: str = "points") -> str:
        """Return a fingerprint of what a view shows."""
        data = self.canvas(view).evaluate("canvas => canvas.toDataURL()")
        assert len(data) > 2000, "the canvas is empty"
        return hashlib.sha256(data.encode()).hexdigest()

    def wait(self, **values) -> None:
        """Wait until data- attributes of the panel have these values."""
        for name, value in values.items():
            self.until(
                lambda name=name, value=value: self.data(name) == str(value),
                f"data-{name} = {value}, is {self.data(name)}",
            )

    def rest(self, view: str = "points") -> str:
        """Wait until nothing moves any more; return the fingerprint of the view."""
        self.wait(status="paused")
        last = [self.picture(view)]

        def still() -> bool:
            self.page.wait_for_timeout(400)
            last.append(self.picture(view))
            return last[-1] == last[-2]

        self.until(still, "a picture that stands still")
        return last[-1]

    def play(self, steps: int = 100) -> None:
        """Press Play and wait for some steps."""
        before = self.step
        self.press("play")
        # The first time it compiles.
        self.until(lambda: self.step >= before + steps, f"{steps} steps in the page", seconds=120)

    def screenshot(self, name: str) -> None:
        self.notebook.screenshot(name)


@pytest.fixture(scope="module")
def demo(lab_server, open_shared) -> Iterator[Panel]:
    """A panel that all tests of a file use."""
    path = lab_server.write("demo.ipynb", SETUP, PANEL)
    notebook = open_shared(path)
    notebook.run_all(120)
    panel = Panel(notebook)
    panel.probe = Probe(lab_server, path)
    yield panel
    panel.probe.close()


@pytest.fixture
def panel(demo, nothing_vanishes) -> Panel:
    """The same, with a run that has not begun and every knob as it was."""
    demo.probe.run(RESET)
    demo.wait(status="paused", step=0)
    return demo


@pytest.fixture
def probe(panel) -> Probe:
    return panel.probe


CHINESE = "language.use('zh')\n" + PANEL
FAILING = """
class Broken(views.Histograms):
    def frame(self, gan, seen):
        raise ZeroDivisionError("no such picture")

def broken(gan):
    raise ZeroDivisionError("no such measure")

lab = Lab(session, views=[views.Points(), views.Curves(measures={"mine": broken}), Broken()])
lab.show()
"""


BUSY = (
    """
import numpy as np
began = time.monotonic()
while time.monotonic() - began < limit and len(arrived) < 100:
    np.linalg.svd(np.random.rand(60, 60))
ended = time.monotonic()
""",
    """
began = time.monotonic()
while time.monotonic() - began < limit and len(arrived) < 100:
    await asyncio.sleep(0.05)
ended = time.monotonic()
""",
)


@pytest.fixture(scope="module")
def life(lab_server) -> Iterator[dict]:
    """A notebook whose kernel lives on while pages come and go: cells with a panel, and others."""
    path = lab_server.write(
        "life.ipynb", SETUP, PANEL, PANEL, FAILING, CHINESE, *(PANEL + busy for busy in BUSY)
    )
    yield {"path": path, "server": lab_server}
    lab_server.stop_kernel(path)


@pytest.fixture
def new_panel(life, open_page):
    """Opens the notebook, or uses a page that shows it, runs a panel's cell and waits for it."""
    probes = []

    def start(
        notebook=None,
        cell: str = "cell-1",
        run: bool = True,
        canvas: bool = True,
        link: str | None = "up",
        **options,
    ) -> Panel:
        is_new = notebook is None
        if is_new:
            notebook = open_page(life["path"], **options)
        if not probes:
            probes.append(Probe(life["server"], life["path"]))
        (probe,) = probes
        if run:
            if probe("'session' not in globals() or session.closed"):
                notebook.run("cell-0", seconds=120)
            elif is_new:
                probe.run(RESET)
            notebook.run(cell)
        panel = Panel(notebook, cell, canvas)
        panel.probe = probe
        if canvas and link:
            panel.wait(link=link)
        return panel

    yield start
    for probe in probes:
        # Training that has gone to sleep when the next page comes would wake up with it.
        probe.run("if 'session' in globals() and not session.closed: session.pause()")
        probe.close()


@pytest.fixture
def code(request, monkeypatch) -> str:
    """A lesson's language, in which the expected words are also taken from the course."""
    monkeypatch.setattr(language, "_chosen", request.param)
    return request.param


class Answers:
    """The questions below a cell, answered with their buttons."""

    def __init__(self, shown: Locator) -> None:
        self.shown = shown

    def press(self, letter: str, number: int = 0) -> None:
        """Press a choice; ``number`` counts the questions in the cell."""
        self.shown.get_by_role("button", name=letter, exact=True).nth(number).click()

    def says(self, text: object) -> None:
        """Wait until the feedback says this (the longest piece of the Markdown without markup)."""
        words = self.longest(text)
        self.shown.get_by_role("status").filter(has_text=words).wait_for()

    def all(self, questions) -> int:
        """Answer "A" to each question of a quiz, check what is said; return how many are right."""
        right = 0
        for number, question in enumerate(questions):
            self.press("A", number)
            chosen = question.choices[0]
            right += chosen.correct
            said = self.shown.get_by_role("status").nth(number)
            said.wait_for()
            words = said.inner_text()
            assert str(STATUSES["correct" if chosen.correct else "wrong"].heading) in words
            assert self.longest(chosen.explanation) in words
            assert str(right) in words.splitlines()[-1], words
        return right

    @staticmethod
    def longest(text: object) -> str:
        return max(re.split(r"\$[^$]*\$|[`*]+", str(text)), key=len).strip()


@pytest.fixture
def answers() -> type[Answers]:
    return Answers


@pytest.fixture
def use_lab(lab_server):
    """Trains with the panel below a lesson's cell, moves a knob, and asks the kernel."""

    def use(notebook, cell: str, session: str, knob: str, view: str = "points") -> None:
        panel, probe = Panel(notebook, cell), Probe(lab_server, notebook.path)
        panel.wait(link="up", status="paused")
        picture = panel.picture(view)
        panel.play(100)
        panel.until(lambda: panel.picture(view) != picture, "another picture")
        slider = panel.knob(knob)
        slider.focus()
        for _ in range(3):
            slider.press("ArrowRight")
        shown = float(slider.input_value())
        expression = f"{session}.read(lambda gan: gan.knobs[{knob!r}])"
        panel.until(lambda: abs(probe(expression) - shown) < 1e-6, "the knob in the training loop")
        panel.press("pause")
        panel.rest(view)
        step = panel.step
        panel.press("step-discriminator")
        panel.wait(step=step + 1)
        assert probe(f"{session}.read(lambda gan: gan.step)") == step + 1
        notebook.screenshot(f"{notebook.path.replace('/', '-')}-{cell}")
        probe.close()

    return use
