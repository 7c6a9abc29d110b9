"""The browser of the browser tests: a Chrome, Chromium or Edge that is there, else one installed.

Found means that it has opened a page: a name on the PATH may be a stub that only says what to
install (Ubuntu's ``chromium-browser``), or a program whose libraries are missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course_utils.command_line import CommandProblem, say

VARIABLE = "CHROME_PATH"  # decides alone when it is set
COMMANDS = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
# Nothing here may wait for a network or for a graphics card.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60  # for opening an empty page, on a machine that is busy
INSTALL_SECONDS = 900


def ensure() -> Path:
    """Return a browser that works; install one where there is none.

    Raises:
        CommandProblem: there is none and none can be installed, or CHROME_PATH names none.
    """
    found = find()
    if found:
        return found
    say(
        en="No Chrome, Chromium or Edge was found for the browser tests: installing one …",
        zh="没有找到浏览器测试所需的 Chrome、Chromium 或 Edge，正在安装……",
    )
    for commands in _installations():
        if all(_succeeds(command) for command in commands):
            found = find()
            if found:
                return found
    raise CommandProblem(
        en="The browser tests need Chrome, Chromium or Edge; none was found, and none could be "
        "installed (see above). Install one (on Debian: sudo apt install chromium), or name the "
        f"one you have: {VARIABLE}=/path/to/chrome. Without a browser, `make test-nobrowser` "
        "(python -m course_utils test --no-browser) runs all other tests.",
        zh="浏览器测试需要 Chrome、Chromium 或 Edge，但没有找到，也没能自动安装（见上文）。"
        "请安装其中一个（Debian 上：sudo apt install chromium），或者指明已有浏览器的路径："
        f"{VARIABLE}=/path/to/chrome。没有浏览器时，可以用 `make test-nobrowser`"
        "（python -m course_utils test --no-browser）运行其余所有测试。",
    )


def find() -> Path | None:
    """Return the first browser on this machine that works, or None.

    Raises:
        CommandProblem: CHROME_PATH is set to something that is no working browser.
    """
    chosen = os.environ.get(VARIABLE)
    if not chosen:
        return next(filter(works, _candidates()), None)
    program = shutil.which(chosen)
    if program and works(Path(program)):
        return Path(program)
    raise CommandProblem(
        en=f"The environment variable {VARIABLE} is {chosen!r}, which is no browser that works. "
        "Set it to the path of Chrome, Chromium or Edge, or unset it.",
        zh=f"环境变量 {VARIABLE} 的值是 {chosen!r}，那里没有能用的浏览器。"
        "请改为 Chrome、Chromium 或 Edge 的路径，或者取消这个变量。",
    )


def works(program: Path) -> bool:
    """Return whether ``program`` opens an empty page and prints it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [str(program), "--headless", *FLAGS, f"--user-data-dir={profile}"]
        if not sandboxed():
            command.append("--no-sandbox")
        command += ["--dump-dom", "about:blank"]
        try:
            answer = subprocess.run(command, capture_output=True, timeout=START_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return answer.returncode == 0 and b"<body>" in answer.stdout


def sandboxed() -> bool:
    """Return whether the browser can keep its sandbox: root has none, nor many a CI machine."""
    return not (_is_root() or os.environ.get("CI"))


def _candidates() -> Iterator[Path]:
    yield from map(Path, filter(None, map(shutil.which, COMMANDS)))
    yield from filter(Path.is_file, _usual_places())
    own = _playwrights_own()
    if own.is_file():
        yield own


def _usual_places() -> Iterator[Path]:
    """Yield where browsers are on macOS and Windows, which keep them off the PATH."""
    if sys.platform == "darwin":
        for directory in (Path("/Applications"), Path.home() / "Applications"):
            for name in MAC:
                yield directory / f"{name}.app" / "Contents" / "MacOS" / name
    elif sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if os.environ.get(variable):
                yield from (Path(os.environ[variable], name) for name in WINDOWS)


def _playwrights_own() -> Path:
    """Return where Playwright keeps its Chromium, whether it is there or not."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _installations() -> Iterator[list[list[str]]]:
    """Yield the ways to install a browser, each some commands, the least intrusive first."""
    yield [[sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]]
    if _is_root() and shutil.which("apt-get"):
        apt = ["apt-get", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120", "--yes"]
        # The font is for Chinese in menus and in text; figures bring their own.
        packages = ["chromium", "fonts-noto-cjk"]
        yield [[*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]]


def _succeeds(command: list[str]) -> bool:
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("$", *command, flush=True)
    try:
        return subprocess.run(command, env=variables, timeout=INSTALL_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, flush=True)
        return False


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
