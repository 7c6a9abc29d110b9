"""A real JupyterLab in a real browser, and what a test needs to use both and to look behind them.

Pictures of the pages, and after a failure the server's log, go to build/screenshots or to the
directory that the environment variable COURSE_SCREENSHOTS names.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import nbformat
import pytest
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

from course_utils import browser as finder
from course_utils import lab, language, strict

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("COURSE_SCREENSHOTS") or ROOT / "build" / "screenshots")
# What the browser's console says that is none of the course's doing.
HARMLESS = re.compile(
    "favicon"
    # A page hears on the kernel's one channel of widgets that an earlier page has shown.
    "|^Comm not found for comm id"
)
# Ends a server with its kernels, which are in process groups of their own, when the tests close the
# pipe to this program, and also when they have come to a sudden end.
GUARD = """
import sys
import psutil
server = psutil.Process(int(sys.argv[1]))
sys.stdin.read()
family = [server, *server.children(recursive=True)] if server.is_running() else []
if family:
    server.terminate()
for left in psutil.wait_procs(family, timeout=15)[1]:
    left.kill()
"""
# Playwright sets no limit to a promise that a page waits for.
WITHIN = """const within = (what, promise, seconds = 60) => Promise.race([promise, new Promise(
    (_, reject) => setTimeout(() => reject(new Error('waited in vain: ' + what)), 1000 * seconds)
  )]);"""
# The notebook that the page shows, once its kernel answers: a key pressed earlier may be lost.
# Each question is one of its own: what JupyterLab promises to know of a kernel
# (`kernel.info`) it never learns if the connection changes before the answer.
CONNECT = """async path => {
  WITHIN
  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  const until = async (what, condition) => {
    for (const end = Date.now() + 60000; Date.now() < end; await pause(50))
      if (await condition()) return;
    throw new Error('waited in vain: ' + what);
  };
  await until('JupyterLab', () => window.jupyterapp);
  const app = window.jupyterapp;
  await within('JupyterLab to be restored', app.restored);
  await until('the notebook', () => app.shell.currentWidget?.context?.path === path);
  const panel = app.shell.currentWidget;
  await within('the notebook to be read', panel.context.ready);
  await within('the session', panel.sessionContext.ready);
  const kernel = () => panel.sessionContext.session?.kernel;
  await until('the kernel', () =>
    kernel()?.connectionStatus === 'connected' && kernel().status !== 'unknown');
  await until('an answer of the kernel', () =>
    Promise.race([kernel()?.requestKernelInfo().catch(() => null), pause(10000)]));
  window.course = panel;
}""".replace("WITHIN", WITHIN)
# JupyterLab breaks a scrolling off when it has a cell of its own to scroll to.
SHOW = """async id => {
  WITHIN
  const notebook = window.course.content;
  const index = notebook.widgets.findIndex(cell => cell.model.id === id);
  if (index < 0) throw new Error('no cell ' + id);
  notebook.activeCellIndex = index;
  const scroll = () => notebook.scrollToItem(index).then(() => true, () => false);
  let attempts = 5;
  while (!await within(`scrolling to ${id}`, scroll()))
    if (!--attempts) throw new Error('cannot scroll to ' + id);
  notebook.widgets[index].node.dataset.cell = id;
}""".replace("WITHIN", WITHIN)
RUN = """command => {
  window.courseRuns = 'running';
  window.jupyterapp.commands.execute(command).then(
    () => { window.courseRuns = 'done'; }, error => { window.courseRuns = String(error); });
}"""
OUTPUTS = """() => window.course.content.widgets
  .filter(cell => cell.model.type === 'code')
  .map(cell => [cell.model.id, cell.model.outputs.toJSON()])"""


@dataclass
class Server:
    """A running JupyterLab on a copy of the course, with settings of its own."""

    url: str
    token: str
    root: Path  # the copy
    runtime: Path  # of the kernels' connection files
    settings: Path
    strict: Path  # what the kernels record that vanishes in a notebook
    complaints: list[str] = field(default_factory=list)  # of the browsers' consoles

    def api(self, path: str, method: str = "GET"):
        """Ask Jupyter's REST interface."""
        request = urllib.request.Request(f"{self.url}api/{path}", method=method)
        request.add_header("Authorization", f"token {self.token}")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook with these code cells, ids "cell-0", "cell-1" …; return its path."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        for number, source in enumerate(cells):
            notebook.cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
        nbformat.write(notebook, self.root / name)
        return name

    def kernel(self, path: str) -> str | None:
        """Return the id of the kernel of the notebook at ``path``."""
        kernels = [s["kernel"]["id"] for s in self.api("sessions") if s["path"] == path]
        return kernels[0] if kernels else None

    def stop_kernel(self, path: str) -> None:
        """End the session of the notebook at ``path``, if it has one."""
        for session in self.api("sessions"):
            if session["path"] == path:
                self.api(f"sessions/{session['id']}", "DELETE")


@dataclass
class Notebook:
    """A notebook in a page of the browser, used as a learner uses it."""

    page: Page
    server: Server
    path: str

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self._complain(f"uncaught: {error}"))
        self.page.on("console", lambda m: m.type == "error" and self._complain(m.text))

    def _complain(self, text: str) -> None:
        if not HARMLESS.search(text):
            self.server.complaints.append(text)

    def open(self) -> Notebook:
        """Show the notebook and wait until its kernel is connected."""
        workspace = secrets.token_hex(4)
        place = f"{self.server.url}lab/workspaces/{workspace}/tree/{self.path}"
        self.page.goto(f"{place}?token={self.server.token}")
        return self.connect()

    def reload(self) -> Notebook:
        self.page.reload()
        return self.connect()

    def connect(self) -> Notebook:
        """Wait until the page shows the notebook and its kernel is connected."""
        self.page.evaluate(CONNECT, self.path)
        return self

    def command(self, name: str) -> None:
        """Start one of JupyterLab's commands, such as "notebook:run-all-cells"."""
        self.page.evaluate(RUN, name)

    def finish(self, seconds: float = 60) -> None:
        """Wait until the last command has ended, and with it the cells that it runs."""
        condition = "() => window.courseRuns !== 'running'"
        self.page.wait_for_function(condition, timeout=seconds * 1000)
        assert self.page.evaluate("window.courseRuns") == "done"

    def run_all(self, seconds: float = 60) -> None:
        """Run all cells; fail if one raises."""
        self.command("notebook:run-all-cells")
        self.finish(seconds)
        assert self.errors() == []

    def start(self, cell: str) -> Locator:
        """Start one cell and do not wait for it."""
        found = self.cell(cell)
        self.command("notebook:run-cell")
        return found

    def run(self, cell: str, seconds: float = 60) -> Locator:
        """Run one cell; fail if it raises."""
        found = self.start(cell)
        self.finish(seconds)
        assert [error for error in self.errors() if error.startswith(f"{cell}:")] == []
        return found

    def cell(self, cell: str) -> Locator:
        """Scroll to a cell, make it the active one, and return it."""
        self.page.evaluate(SHOW, cell)
        return self.page.locator(f'[data-cell="{cell}"]')

    def outputs(self) -> dict[str, list[dict]]:
        """Return the outputs of every code cell, as the notebook's file has them."""
        return dict(self.page.evaluate(OUTPUTS))

    def errors(self) -> list[str]:
        """Return the exceptions that stand below the cells."""
        return [
            f"{cell}: {output['ename']}: {output['evalue']}"
            for cell, outputs in self.outputs().items()
            for output in outputs
            if output["output_type"] == "error"
        ]

    def text(self, cell: str) -> str:
        """Return what can be read below a cell; wait until there is something."""
        below = self.cell(cell).locator(".jp-Cell-outputWrapper")
        return self.until(below.inner_text, f"an output of {cell}")

    def close(self) -> None:
        self.page.context.close()

    @staticmethod
    def until(condition: Callable[[], object], what: str, seconds: float = 45) -> object:
        """Return what ``condition`` returns as soon as that is true; fail after ``seconds``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        pytest.fail(f"waited {seconds:g} s in vain: {what}")

    def screenshot(self, name: str) -> None:
        """Keep a picture of the page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = finder.find()
    if program is None:
        pytest.fail("no browser: `python -m course_utils test --browser` finds or installs one")
    # A request to end shall end the server and the browser too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=finder.FLAGS, chromium_sandbox=finder.sandboxed()
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory) -> Iterator[Server]:
    """JupyterLab as `python -m course_utils lab` starts it."""
    directory = tmp_path_factory.mktemp("lab")
    root, settings = directory / "course", directory / "course" / ".jupyter" / "settings"
    for code in language.LANGUAGES:
        shutil.copytree(ROOT / "notebooks" / code, root / "notebooks" / code)
    settings.mkdir(parents=True)
    lab.write_preferences(settings, "en")
    # Or it would save by itself after two minutes, and a later page would look for widgets of the
    # kernel of then.
    saving = settings / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
    saving.parent.mkdir(parents=True, exist_ok=True)
    saving.write_text(json.dumps({"autosave": False}), encoding="utf-8")
    token = secrets.token_hex(16)
    configuration = {"IdentityProvider": {"token": token}}
    (directory / "jupyter_server_config.json").write_text(json.dumps(configuration))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab, "ROOT", root)
        words = lab.command("en", browser=False, port=port)
        variables = lab.variables(directory, "en")
    variables["PYTHONPATH"] = os.pathsep.join([str(ROOT), variables["PYTHONPATH"]])
    variables.pop("COURSE_MODE", None)
    events = directory / "strict.jsonl"
    variables |= {"COURSE_STRICT": "1", "COURSE_STRICT_FILE": str(events)}
    log = directory / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*words, "--LabApp.expose_app_in_browser=True"],
            cwd=root,
            env=variables,
            stdout=output,
            stderr=output,
            start_new_session=True,  # so that Ctrl+C reaches the tests first, which need it
        )
    guard = subprocess.Popen(
        [sys.executable, "-c", GUARD, str(process.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        server = lab.wait_until_ready(process, directory)
        assert server, log.read_text()
        yield Server(server["url"], token, root, directory / "runtime", settings, events)
    finally:
        guard.stdin.close()
        process.wait(60)  # first: until its parent has asked for it, a process is still there
        guard.wait(60)
        PICTURES.mkdir(parents=True, exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        shutil.copy(log, PICTURES / f"jupyterlab{worker}.log")


@pytest.fixture
def nothing_vanishes(lab_server) -> Iterator[list[str]]:
    """Fails the test on what no cell shows: in the kernels and in the browser's console.

    Gives a list, to which a test adds regular expressions of complaints that it means to cause.
    """
    meant: list[str] = []
    yield meant
    # ipykernel forgets tasks of its own: when the subshell of a closed page ends, and, now and
    # then, the one that carries out the order to shut down. Neither runs code of the course.
    own = re.compile(r"coro=<Kernel\.(shell_channel_thread_main|dispatch_control)\(\)")
    events = [event for event in strict.read(lab_server.strict) if not own.search(event["message"])]
    complaints = list(lab_server.complaints)
    lab_server.strict.unlink(missing_ok=True)
    lab_server.complaints.clear()
    assert not events, strict.summary(events)
    unexpected = [c for c in complaints if not any(re.search(pattern, c) for pattern in meant)]
    assert not unexpected, "the browser's console:\n" + "\n".join(unexpected)


class _Pages:
    """The pages that are open, so that a failed test leaves pictures of them."""

    shown: ClassVar[list[Notebook]] = []

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server, self.own = browser, server, []

    def open(
        self, path: str, prepare: Callable[[Page], object] = lambda page: None, **options
    ) -> Notebook:
        options = {"viewport": {"width": 1300, "height": 900}, **options}
        page = self.browser.new_context(**options).new_page()
        prepare(page)
        notebook = Notebook(page, self.server, path)
        self.own.append(notebook)
        self.shown.append(notebook)
        return notebook.open()

    def close(self) -> None:
        for notebook in self.own:
            self.shown.remove(notebook)
            notebook.close()


@pytest.fixture
def open_page(browser, lab_server, nothing_vanishes) -> Iterator[Callable[..., Notebook]]:
    """Opens a notebook in a page of its own; keywords go to the browser's context."""
    pages = _Pages(browser, lab_server)
    yield pages.open
    pages.close()


@pytest.fixture
def open_notebook(open_page, lab_server) -> Iterator[Callable[..., Notebook]]:
    """The same, and its kernel ends with the test."""
    paths = []
    yield lambda path, **options: (paths.append(path), open_page(path, **options))[1]
    for path in paths:
        lab_server.stop_kernel(path)


@pytest.fixture
def set_option(lab_server) -> Iterator[Callable[..., None]]:
    """Sets options of one of JupyterLab's plugins, for the pages that this test opens."""
    files = []

    def set_option(plugin: str, **values) -> None:
        file = lab_server.settings / (plugin.replace(":", "/") + ".jupyterlab-settings")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
        files.append(file)

    yield set_option
    for file in files:
        file.unlink()


@pytest.fixture(scope="module")
def open_shared(browser, lab_server) -> Iterator[Callable[..., Notebook]]:
    """Opens a notebook for all tests of a file; each of them also needs `nothing_vanishes`."""
    pages = _Pages(browser, lab_server)
    yield pages.open
    for notebook in pages.own:
        lab_server.stop_kernel(notebook.path)
    pages.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Keep pictures of the pages when a test fails."""
    report = yield
    if report.when == "call" and report.failed:
        for number, notebook in enumerate(_Pages.shown):
            if not notebook.page.is_closed():
                with contextlib.suppress(Error):  # a page that hangs has no picture
                    notebook.screenshot(f"failed-{item.name}-{number}")
    return report
