"""One lock serves pip, conda and Binder, and names no registry's host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from course_utils import environment, installed

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
DIRECT = (ROOT / "requirements.in").read_text(encoding="utf-8")


def names(requirements: str) -> set[str]:
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", requirements, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def test_every_direct_requirement_is_locked():
    assert names(DIRECT) <= installed.locked(ROOT / "requirements.txt")


def test_every_version_is_exact_and_has_hashes():
    entries = re.split(r"\n(?=\S)", LOCK.partition("make lock\n")[2].strip())
    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"\S+==\S+( ; .+)? \\\n", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements.in", "environment.yml", "pyproject.toml"]
)
def test_no_host_is_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|index-url|find-links|pypi\.", text)


def test_tensorflow_is_locked_once_for_every_system():
    markers = dict(re.findall(r"^(tensorflow(?:-cpu)?)==\S+ ; (.+?) \\$", LOCK, re.MULTILINE))
    assert markers == {
        "tensorflow": "platform_machine == 'aarch64' or sys_platform == 'darwin'",
        "tensorflow-cpu": "platform_machine != 'aarch64' and sys_platform != 'darwin'",
    }


def test_conda_takes_the_lock_itself():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert conda["dependencies"] == ["python=3.11", "pip", {"pip": ["-r requirements.txt"]}]
    assert "python -m course_utils setup" in (ROOT / "postBuild").read_text(encoding="utf-8")
    assert (ROOT / "postBuild").stat().st_mode & 0o111


def test_the_range_of_pythons_is_the_same_everywhere():
    oldest, newest = environment.OLDEST, environment.NEWEST
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">=3.{oldest[1]},<3.{newest[1] + 1}"' in project
    assert f'target-version = "py3{oldest[1]}"' in project
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"--python-version 3.{oldest[1]} " in makefile
    for readme in ("README.md", "README.zh.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        assert re.search(rf"3\.{oldest[1]}\s?[–-]\s?3\.{newest[1]}", text), readme
