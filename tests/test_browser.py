"""The browser tests find a browser that works, install one, or say what to install."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from course_utils import browser, language
from course_utils.command_line import CommandProblem

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended programs are shell scripts")

PAGE = "echo '<html><head></head><body></body></html>'"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Puts a shell script of this name on an otherwise empty PATH."""
    directory = tmp_path / "bin"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(browser, "_playwrights_own", lambda: tmp_path / "playwright" / "chrome")

    def make(name: str, script: str = PAGE, where: Path = directory) -> Path:
        file = where / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    return make


@pytest.fixture
def installations(monkeypatch):
    """Sets the ways to install; each is a list of commands."""

    def use(*ways: list[list[str]]) -> None:
        monkeypatch.setattr(browser, "_installations", lambda: iter(ways))

    use()
    return use


@pytest.mark.parametrize("name", browser.COMMANDS)
def test_every_name_on_the_path_is_found(name, programs):
    assert browser.find() is None
    program = programs(name)
    assert browser.find() == program


@pytest.mark.parametrize(
    "script",
    [
        "echo 'Command requires the chromium snap to be installed.'; exit 1",
        "echo 'Chromium 1.2.3'",
        "echo '<body>'; exit 127",
    ],
)
def test_a_stub_is_passed_over(script, programs):
    programs("google-chrome", script)
    good = programs("microsoft-edge")
    assert browser.find() == good


def test_a_browser_that_hangs_is_passed_over(programs, monkeypatch):
    monkeypatch.setattr(browser, "START_SECONDS", 0.3)
    programs("chromium", "exec /bin/sleep 60")
    assert browser.find() is None


def test_a_browser_is_tried_without_a_network_and_with_a_profile_of_its_own(programs, tmp_path):
    program = programs("chromium", f'echo "$@" > {tmp_path}/words; {PAGE}')
    assert browser.find() == program
    words = (tmp_path / "words").read_text()
    assert set(browser.FLAGS) < set(words.split()) and "--user-data-dir=" in words


@pytest.mark.parametrize(
    ("root", "ci", "sandboxed"), [(False, "", True), (True, "", False), (False, "true", False)]
)
def test_the_sandbox_is_given_up_only_by_root_and_in_ci(
    root, ci, sandboxed, programs, tmp_path, monkeypatch
):
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setenv("CI", ci)
    programs("chromium", f'echo "$@" > {tmp_path}/words; {PAGE}')
    assert browser.find()
    assert ("--no-sandbox" not in (tmp_path / "words").read_text().split()) is sandboxed


def test_the_variable_decides_alone(programs, monkeypatch, tmp_path):
    programs("chromium")
    own = programs("own browser", where=tmp_path / "elsewhere")
    monkeypatch.setenv(browser.VARIABLE, str(own))
    assert browser.find() == own
    monkeypatch.setenv(browser.VARIABLE, str(tmp_path / "nothing"))
    with pytest.raises(CommandProblem, match=r"CHROME_PATH is '.*nothing'.*unset it"):
        browser.ensure()


def test_the_usual_places_of_macos(programs, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    place = tmp_path / "Applications/Microsoft Edge.app/Contents/MacOS"
    assert Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome") in list(
        browser._usual_places()
    )
    edge = programs("Microsoft Edge", where=place)
    assert browser.find() == edge


def test_the_usual_places_of_windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, variable.lower())
    places = [str(place) for place in browser._usual_places()]
    assert len(places) == 9
    assert any(
        "programfiles(x86)" in p and p.endswith(r"Edge\Application\msedge.exe") for p in places
    )
    assert any("localappdata" in p and p.endswith(r"Chrome\Application\chrome.exe") for p in places)


def test_playwrights_own_comes_last(programs, tmp_path):
    own = programs("chrome", where=tmp_path / "playwright")
    assert browser.find() == own
    other = programs("chromium")
    assert browser.find() == other


def test_where_playwright_keeps_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    own = browser._playwrights_own()
    assert own.is_relative_to(tmp_path) and own.parts[len(tmp_path.parts)].startswith("chromium")


def test_nothing_is_installed_where_a_browser_is(programs, installations, capfd):
    program = programs("chromium")
    installations([["no-such-command"]])
    assert browser.ensure() == program
    assert capfd.readouterr().out == ""


def test_the_next_way_is_tried_when_one_fails(programs, installations, capfd, tmp_path):
    """The first way breaks off half-way, the second installs nothing, the third a browser."""
    programs("fails", "exit 3")
    programs("nothing", "exit 0")
    programs("never", f"/bin/touch {tmp_path}/never")
    prepared = programs("prepared", where=tmp_path)
    programs("install", f"/bin/ln -s {prepared} {tmp_path}/bin/chromium")
    installations([["fails"], ["never"]], [["nothing"]], [["nothing"], ["install"]], [["never"]])
    assert browser.ensure() == tmp_path / "bin" / "chromium"
    assert not (tmp_path / "never").exists()
    assert "installing one" in capfd.readouterr().out


def test_an_installation_that_hangs_is_given_up(programs, installations, monkeypatch, capfd):
    monkeypatch.setattr(browser, "INSTALL_SECONDS", 0.3)
    programs("hangs", "exec /bin/sleep 60")
    installations([["hangs"]], [["no-such-command"]])
    with pytest.raises(CommandProblem):
        browser.ensure()
    assert "timed out after 0." in capfd.readouterr().out


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("en", "sudo apt install chromium"), ("zh", "浏览器测试需要 Chrome、Chromium 或 Edge")],
)
def test_where_all_fails_a_sentence_says_what_to_do(
    code, sentence, programs, installations, monkeypatch
):
    monkeypatch.setattr(language, "_chosen", code)
    with pytest.raises(CommandProblem) as problem:
        browser.ensure()
    assert sentence in str(problem.value)
    assert "CHROME_PATH=" in str(problem.value) and "make test-nobrowser" in str(problem.value)


def test_the_ways_to_install(programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    programs("apt-get")
    playwright, debian = browser._installations()
    assert [words[:4] for words in playwright] == [[sys.executable, "-m", "playwright", "install"]]
    assert [words[0] for words in debian] == ["apt-get", "apt-get"]
    assert "update" in debian[0] and {"--yes", "install", "chromium"} <= set(debian[1])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert list(browser._installations()) == [playwright]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", "")
    assert list(browser._installations()) == [playwright]
