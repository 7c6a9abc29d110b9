"""A JupyterLab of its own, its page in a browser, and a second client of the page's kernel."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import nbformat
import psutil
from harness import ROOT, UNSET
from jupyter_client import BlockingKernelClient
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from course_utils import browser, lab

NOTEBOOK = "live.ipynb"
PEERS_HOME = ROOT / ".venv-benchmarks"
# Waits until the page shows the notebook and its kernel answers.
CONNECT = """async path => {
  const until = async (condition) => {
    for (let i = 0; i < 2400; i++) {
      if (condition()) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error('waited in vain for ' + condition);
  };
  await until(() => window.jupyterapp);
  const app = window.jupyterapp;
  await app.restored;
  await until(() => app.shell.currentWidget?.context?.path === path);
  window.course = app.shell.currentWidget;
  await window.course.context.ready;
  await window.course.sessionContext.ready;
  const kernel = () => window.course.sessionContext.session?.kernel;
  await until(() => kernel()?.connectionStatus === 'connected' && kernel().status !== 'unknown');
  await kernel().info;
}"""
SHOW = """async index => {
  const notebook = window.course.content;
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index);
  notebook.widgets[index].node.dataset.cell = index;
}"""
START = """name => {
  window.running = true;
  const end = () => { window.running = false; };
  window.jupyterapp.commands.execute(name).then(end, end);
}"""
ERRORS = """() => window.course.content.widgets
  .filter(cell => cell.model.type === 'code')
  .flatMap(cell => cell.model.outputs.toJSON())
  .filter(output => output.output_type === 'error')
  .map(output => `${output.ename}: ${output.evalue}`)"""


class Notebook:
    """A notebook with these code cells in a page of the browser.

    Attributes:
        page: the browser's.
        probe: evaluates expressions in the kernel, beside the page.
    """

    def __init__(self, page: Page, url: str, token: str, directory: Path):
        self.page, self._url, self._token, self._directory = page, url, token, directory
        self.probe: Probe | None = None

    def open(self, cells: list[str]) -> None:
        """Write the notebook, show it, and connect to its kernel."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
        nbformat.write(notebook, self._directory / "course" / NOTEBOOK)
        place = f"{self._url}lab/workspaces/{secrets.token_hex(4)}/tree/{NOTEBOOK}"
        self.page.goto(f"{place}?token={self._token}")
        self.page.evaluate(CONNECT, NOTEBOOK)
        session = next(s for s in self._sessions() if s["path"] == NOTEBOOK)
        connection = f"kernel-{session['kernel']['id']}.json"
        self.probe = Probe(self._directory / "runtime" / connection)

    def reload(self) -> None:
        """Save the notebook and load the page again."""
        self.command("docmanager:save")
        self.page.reload()
        self.page.evaluate(CONNECT, NOTEBOOK)

    def cell(self, index: int) -> Locator:
        """Scroll to a cell, make it the active one, and return it."""
        self.page.evaluate(SHOW, index)
        return self.page.locator(f'[data-cell="{index}"]')

    def command(self, name: str, wait: bool = True) -> None:
        """Carry out one of JupyterLab's commands."""
        self.page.evaluate(START, name)
        if wait:
            self.finish()

    def run(self, index: int, wait: bool = True) -> None:
        """Run a cell.

        Raises:
            RuntimeError: it raised.
        """
        self.cell(index)
        self.command("notebook:run-cell", wait)
        for error in self.page.evaluate(ERRORS):
            raise RuntimeError(error)

    def clear(self) -> None:
        """Take all outputs from the page."""
        self.command("notebook:clear-all-cell-outputs")

    def finish(self) -> None:
        """Wait until the last command has ended, and with it the cell that it runs."""
        self.page.wait_for_function("() => !window.running", timeout=300_000)

    def wait(self, seconds: float) -> None:
        """Let time pass, with the browser's events."""
        self.page.wait_for_timeout(1000 * seconds)

    def until(self, condition: Callable[[], object], seconds: float = 90) -> object:
        """Return what `condition` returns as soon as that is true.

        Raises:
            TimeoutError: it did not become true.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            self.page.wait_for_timeout(50)
        raise TimeoutError("waited in vain")

    def panel(self, index: int) -> Locator:
        """Return our panel below a cell, its pictures in sight, as soon as it is connected."""
        root = self.cell(index).locator(".gan-lab")
        root.wait_for(timeout=90_000)
        root.locator("canvas").first.scroll_into_view_if_needed()
        self.until(lambda: root.get_attribute("data-link") == "up")
        return root

    def _sessions(self) -> list[dict]:
        request = urllib.request.Request(f"{self._url}api/sessions")
        request.add_header("Authorization", f"token {self._token}")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.loads(answer.read())


class Probe:
    """A second client of a notebook's kernel."""

    def __init__(self, connection_file: Path):
        self._client = BlockingKernelClient(connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def __call__(self, expression: str, seconds: float = 300):
        """Return the value of an expression in the notebook's namespace; plain data only."""
        answer = self._client.execute(
            "",
            silent=True,
            store_history=False,
            user_expressions={"x": f"__import__('json').dumps({expression})"},
            reply=True,
            timeout=seconds,
        )["content"]
        found = answer["user_expressions"]["x"]
        if found["status"] != "ok":
            raise RuntimeError(f"{expression}: {found['ename']}: {found['evalue']}")
        return json.loads(ast.literal_eval(found["data"]["text/plain"]))

    def close(self) -> None:
        """End the connection; the kernel stays."""
        self._client.stop_channels()


@contextlib.contextmanager
def notebook(cells: list[str], subshells: bool = True) -> Iterator[Notebook]:
    """JupyterLab, a browser, and a notebook with these code cells in it, all of them not run yet.

    Args:
        cells: their sources.
        subshells: False switches JupyterLab's `commsOverSubshells` off.
    """
    with tempfile.TemporaryDirectory(prefix="live-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        with _server(directory, subshells) as (url, token), _browser() as program:
            page = program.new_context(viewport={"width": 1300, "height": 900}).new_page()
            found = Notebook(page, url, token, directory)
            found.open(cells)
            yield found
            found.probe.close()


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=browser.ensure(),
            args=browser.FLAGS,
            chromium_sandbox=browser.sandboxed(),
        )
        yield program
        program.close()


@contextlib.contextmanager
def _server(directory: Path, subshells: bool) -> Iterator[tuple[str, str]]:
    root, settings = directory / "course", directory / "settings"
    root.mkdir()
    lab.write_preferences(settings, "en")
    if not subshells:
        file = settings / "@jupyterlab/apputils-extension/kernels-settings.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"commsOverSubshells": "disabled"}))
    token = secrets.token_hex(16)
    configuration = json.dumps({"IdentityProvider": {"token": token}})
    (directory / "jupyter_server_config.json").write_text(configuration)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with mock.patch.object(lab, "ROOT", root):
        words = lab.command("en", browser=False, port=port)
    variables = {k: v for k, v in lab.variables(directory, "en").items() if k not in UNSET}
    variables |= {
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(directory / "workspaces"),
        # The peers' front ends; their Python is found by `live_kernel`.
        "JUPYTER_PATH": str(PEERS_HOME / "share" / "jupyter"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")]),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "COURSE_MODE": "live",
    }
    with (directory / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [*words, "--LabApp.expose_app_in_browser=True"],
            cwd=root,
            env=variables,
            stdout=log,
            stderr=log,
        )
        try:
            server = lab.wait_until_ready(process, directory)
            if server is None:
                sys.exit((directory / "log.txt").read_text())
            yield server["url"], token
        finally:
            known = psutil.Process(process.pid)
            family = [known, *known.children(recursive=True)]
            process.terminate()
            for left in psutil.wait_procs(family, timeout=15)[1]:
                left.kill()
            process.wait()
