"""JupyterLab for the course: on this computer only, with a token, offline, in two languages.

The learner's own settings are read and never written: those of the course's JupyterLab, and its
layout, are kept in `.jupyter/` beside the course.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course_utils import language
from course_utils.command_line import CommandProblem, add_language_option, say
from course_utils.environment import ROOT, require


def start_page(code: str) -> str:
    """Return the path of the course's first notebook in a language, relative to the course."""
    return f"notebooks/{code}/00_start_here.ipynb"


def command(code: str, browser: bool = True, port: int | None = None) -> list[str]:
    """Return the command line that starts JupyterLab at the course's start page.

    Args:
        code: the learner's language, "en" or "zh".
        browser: whether to open a browser.
        port: the first port to try; by default JupyterLab's own, 8888.
    """
    words = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]
    words += [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{start_page(code)}"]
    words.append("--log-level=WARN")  # so that the address is not lost among messages
    # Nothing here may ask the network: no news, no updates, no catalogue of extensions.
    words += ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
    words += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if port is not None:
        words.append(f"--ServerApp.port={port}")
    if not browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")  # a container; JupyterLab refuses otherwise
    return words


def preferences(code: str) -> dict[str, dict[str, object]]:
    """Return what the course sets in JupyterLab at each start, by plugin.

    Args:
        code: the learner's language, "en" or "zh".
    """
    chinese = code == "zh" and importlib.util.find_spec("jupyterlab_language_pack_zh_CN")
    return {
        "@jupyterlab/translation-extension:plugin": {"locale": "zh_CN" if chinese else "en"},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
    }


def write_preferences(directory: Path, code: str) -> None:
    """Write the course's preferences to its directory of JupyterLab settings.

    At first this is a copy of the learner's own, so that themes and font sizes are as they are used
    to; later it keeps what they change. (Defaults in Jupyter's configuration would not do: the
    server, which translates the menus, looks for the language only here.)
    """
    if not directory.exists():
        from jupyter_core.paths import jupyter_config_dir

        default = Path(jupyter_config_dir(), "lab", "user-settings")
        own = Path(os.environ.get("JUPYTERLAB_SETTINGS_DIR") or default)
        if own.is_dir():
            shutil.copytree(own, directory)
    for plugin, values in preferences(code).items():
        file = directory / (plugin.replace(":", "/") + ".jupyterlab-settings")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")


def variables(directory: Path, code: str) -> dict[str, str]:
    """Return the environment variables of JupyterLab and of the kernels it starts.

    Args:
        directory: a private directory, for configuration and for what JupyterLab says of itself.
        code: the learner's language, "en" or "zh".
    """

    def first(path: Path, variable: str) -> str:
        return os.pathsep.join(filter(None, [str(path), os.environ.get(variable)]))

    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": first(directory, "JUPYTER_CONFIG_PATH"),
        "JUPYTER_RUNTIME_DIR": str(directory / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(ROOT / ".jupyter" / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(ROOT / ".jupyter" / "workspaces"),
        # This environment's kernel, not another one of the same name in the learner's home.
        "JUPYTER_PREFER_ENV_PATH": "1",
        # Kernels start in the notebook's directory and find the course all the same.
        "PYTHONPATH": first(ROOT, "PYTHONPATH"),
        language.VARIABLE: code,
    }


def run(args: argparse.Namespace) -> int:
    """Carry out the command `lab`: start JupyterLab and wait until it ends."""
    require("jupyterlab")
    code = language.current()
    if not (ROOT / start_page(code)).exists():
        build = "python -m course_utils build"
        raise CommandProblem(
            en=f"{start_page(code)} is missing. Restore it with git, or make it: {build}",
            zh=f"找不到 {start_page(code)}。请用 git 恢复该文件，或者重新生成：{build}",
        )
    say(en="Starting JupyterLab …", zh="正在启动 JupyterLab……")
    write_preferences(ROOT / ".jupyter" / "settings", code)
    with tempfile.TemporaryDirectory(prefix="course-lab-") as directory:
        # In a file, because other users of the computer can read a command line; and set at all,
        # because the learner's own configuration may have switched the token off.
        token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
        configuration = json.dumps({"IdentityProvider": {"token": token}})
        Path(directory, "jupyter_server_config.json").write_text(configuration, encoding="utf-8")
        words = command(code, not args.no_browser, args.port)
        process = subprocess.Popen(words, cwd=ROOT, env=variables(Path(directory), code))
        # JupyterLab answers Ctrl+C itself; a request to end is passed on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        server = wait_until_ready(process, Path(directory))
        if server:
            address = f"{server['url']}lab/tree/{start_page(code)}?token={server['token']}"
            say(
                en=f"JupyterLab is ready. If no browser opens, go to\n\n    {address}\n\n"
                "To stop JupyterLab, press Ctrl+C here.",
                zh=f"JupyterLab 已就绪。如果浏览器没有自动打开，请访问\n\n    {address}\n\n"
                "要停止 JupyterLab，请在此处按 Ctrl+C。",
            )
        return process.wait()


def wait_until_ready(process: subprocess.Popen, directory: Path) -> dict[str, str] | None:
    """Return what the server says of itself once it runs, or None if it ended instead."""
    while process.poll() is None:
        for file in directory.glob("runtime/jpserver-*.json"):
            with contextlib.suppress(ValueError):  # not wholly written yet
                return json.loads(file.read_text(encoding="utf-8"))
        time.sleep(0.1)
    return None


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command `lab`."""
    parser = subparsers.add_parser("lab")
    text = language.text
    browser = text(en="only print the address", zh="只显示地址，不打开浏览器")
    parser.add_argument("--no-browser", action="store_true", help=browser)
    port = text(en="the first port to try (default: 8888)", zh="首先尝试的端口（默认 8888）")
    parser.add_argument("--port", type=int, help=port)
    add_language_option(parser)
    parser.set_defaults(run=run)
