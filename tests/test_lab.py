"""JupyterLab starts on this computer only, with a token, offline, in the learner's language."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from course_utils import lab, language
from course_utils.command_line import CommandProblem

TRANSLATION = "@jupyterlab/translation-extension:plugin"
NOTIFICATION = "@jupyterlab/apputils-extension:notification"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with nothing but its two start pages."""
    for code in language.LANGUAGES:
        page = tmp_path / lab.start_page(code)
        page.parent.mkdir(parents=True)
        page.write_text(
            json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        )
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    return tmp_path


def test_command_keeps_to_this_computer_and_off_the_network():
    command = lab.command("zh")
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/zh/00_start_here.ipynb" in command
    assert "--LabApp.news_url=None" in command
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in command
    assert not any("token" in word or word.startswith("--ServerApp.port") for word in command)


def test_command_options():
    command = lab.command("en", browser=False, port=8899)
    assert "--no-browser" in command and "--ServerApp.port=8899" in command
    assert "--no-browser" not in lab.command("en")


@pytest.mark.parametrize("root", [True, False])
def test_root_is_allowed_only_where_it_is_root(root, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
    assert ("--allow-root" in lab.command("en")) is root


@pytest.mark.parametrize(("pack", "locale"), [(object(), "zh_CN"), (None, "en")])
def test_chinese_needs_its_language_pack(pack, locale, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: pack)
    assert lab.preferences("zh")[TRANSLATION] == {"locale": locale}
    assert lab.preferences("en")[TRANSLATION] == {"locale": "en"}


def test_preferences_begin_as_the_learners_own(tmp_path, monkeypatch):
    own = tmp_path / "own"
    theme = "@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    translation = "@jupyterlab/translation-extension/plugin.jupyterlab-settings"
    for name, content in {theme: "dark", translation: "theirs"}.items():
        (own / name).parent.mkdir(parents=True)
        (own / name).write_text(content)
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(own))
    lab.write_preferences(tmp_path / "course", "zh")
    assert (tmp_path / "course" / theme).read_text() == "dark"
    assert json.loads((tmp_path / "course" / translation).read_text()) == {"locale": "zh_CN"}
    assert (own / translation).read_text() == "theirs"

    (tmp_path / "course" / theme).write_text("light")  # changed while learning
    lab.write_preferences(tmp_path / "course", "en")
    assert (tmp_path / "course" / theme).read_text() == "light"
    assert json.loads((tmp_path / "course" / translation).read_text()) == {"locale": "en"}


def test_variables_keep_what_the_learner_set(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "theirs")
    monkeypatch.setenv("PYTHONPATH", "theirs")
    variables = lab.variables(Path("ours"), "zh")
    assert variables["JUPYTER_CONFIG_PATH"] == f"ours{os.pathsep}theirs"
    assert variables["PYTHONPATH"] == f"{lab.ROOT}{os.pathsep}theirs"
    assert variables["COURSE_LANGUAGE"] == "zh"


def test_missing_start_page_is_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    with pytest.raises(CommandProblem, match=r"00_start_here\.ipynb.*course_utils build"):
        lab.run(argparse.Namespace(no_browser=True, port=None))


class Server:
    """A running `lab`, asked through its REST interface."""

    def __init__(self, port: int, token: str) -> None:
        self.address, self.port, self.token = f"http://127.0.0.1:{port}", port, token

    def get(self, path: str, token: str | None = None) -> str:
        request = urllib.request.Request(self.address + path)
        request.add_header("Authorization", f"token {token or self.token}")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return answer.read().decode()

    def setting(self, name: str, key: str):
        answer = json.loads(self.get(f"/lab/api/settings/{name}"))
        return answer["settings"].get(key, answer["schema"]["properties"][key]["default"])


@pytest.fixture(params=language.LANGUAGES)
def server(request, course, tmp_path_factory):
    """`lab` in a process of its own, for a learner who has Jupyter settings of their own."""
    home = tmp_path_factory.mktemp("home")
    own = home / "jupyter_server_config.json"
    own.write_text(json.dumps({"IdentityProvider": {"token": ""}, "ServerApp": {"ip": "0.0.0.0"}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "import argparse, pathlib, sys\n"
        "from course_utils import lab, language\n"
        f"lab.ROOT = pathlib.Path({str(course)!r})\n"
        f"language.use({request.param!r})\n"
        f"sys.exit(lab.run(argparse.Namespace(no_browser=True, port={port})))\n"
    )
    variables = {**os.environ, "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_TOKEN": "a-secret"}
    log = home / "log.txt"
    with log.open("w") as output:
        command = [sys.executable, "-c", code]
        process = subprocess.Popen(command, env=variables, stdout=output, stderr=output)
    server = Server(port, "a-secret")
    server.language = request.param
    for _ in range(600):
        server.said = log.read_text(encoding="utf-8")
        if "token=" in server.said or process.poll() is not None:
            break
        time.sleep(0.1)
    assert "token=" in server.said, server.said
    yield server
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    with pytest.raises(OSError):
        server.get("/api")
    assert not (home / "lab").exists(), "wrote into the learner's own settings"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to end the server with")
def test_a_real_server(server):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        server.get("/lab/api/settings", token="wrong")
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", server.port), 1)
    place = f"/lab/tree/notebooks/{server.language}/00_start_here.ipynb"
    assert f"{server.address}{place}?token={server.token}\n" in server.said
    page = server.get(place)
    assert '"disabled": true' in page.partition('"news":')[2].partition("}")[0]
    assert server.setting(NOTIFICATION, "fetchNews") == "false"
    assert server.setting(NOTIFICATION, "checkForUpdates") is False
    assert server.setting(TRANSLATION, "locale") == {"en": "en", "zh": "zh_CN"}[server.language]
    names = json.loads(server.get("/lab/api/translations"))["data"]
    assert names["en"]["displayName"] == {"en": "English", "zh": "英语"}[server.language]
    menus = json.loads(server.get("/lab/api/settings/@jupyterlab/mainmenu-extension:plugin"))
    labels = [menu["label"] for menu in menus["schema"]["jupyter.lab.menus"]["main"][:2]]
    assert labels == {"en": ["File", "Edit"], "zh": ["文件", "编辑"]}[server.language]
    found = json.loads(server.get(f"/api/contents/notebooks/{server.language}"))["content"]
    assert [file["name"] for file in found] == ["00_start_here.ipynb"]
