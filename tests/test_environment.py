"""The environment is made, found whole in a moment, and repaired, whatever happened to it.

Two tiny packages stand for the real ones; pip, venv and the files on the disk are real.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course_utils import environment, installed, language
from course_utils.command_line import CommandProblem
from course_utils.environment import Environment


def write_wheel(directory: Path, name: str, version: str) -> str:
    """Write a wheel with one module, and return its line in a lock."""
    information = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, content in files.items():
        value = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode()
        record += f"{path},sha256={value.rstrip('=')},{len(content)}\n"
    record += f"{information}/RECORD,,\n"
    wheel = directory / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in {**files, f"{information}/RECORD": record}.items():
            archive.writestr(path, content)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A directory of wheels, their lock, and a newer lock; pip sees nothing else."""
    directory = tmp_path_factory.mktemp("wheels")
    kept = write_wheel(directory, "alpha", "1.0")
    elsewhere = "gamma==1.0 ; sys_platform == 'nowhere' \\\n    --hash=sha256:00\n"
    (directory / "old.txt").write_text(kept + write_wheel(directory, "beta", "1.0") + elsewhere)
    (directory / "new.txt").write_text(kept + write_wheel(directory, "beta", "2.0"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_CONSTRAINT", "PYTHONPATH"):
            patch.delenv(name, raising=False)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_CONFIG_FILE", "/dev/null")
        patch.setenv("PIP_FIND_LINKS", str(directory))
        yield directory


@pytest.fixture(scope="module")
def whole(wheels, tmp_path_factory):
    """An environment made from nothing."""
    made = Environment.virtual(tmp_path_factory.mktemp("whole") / "env", wheels / "old.txt")
    made.setup()
    return made


@pytest.fixture
def env(whole, tmp_path):
    """A copy of the whole environment, to be damaged."""
    shutil.copytree(whole.prefix, tmp_path / "env", symlinks=True)
    return Environment.virtual(tmp_path / "env", whole.lock)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def packages(env: Environment) -> Path:
    return Path(env.facts()["packages"])


def ask(env: Environment, code: str) -> str:
    command = [str(env.python), "-I", "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, cwd="/"
    ).stdout.strip()


def assert_usable(env: Environment, beta: str = "1.0"):
    assert env.damage() is None
    assert ask(env, "import alpha, beta; print(alpha.version, beta.version)") == f"1.0 {beta}"
    assert ask(env, "import course_utils; print(course_utils.__file__)").endswith("__init__.py")


def test_made_from_nothing(whole):
    assert_usable(whole)
    assert json.loads(whole.stamp.read_text()) == {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "lock": hashlib.sha256(whole.lock.read_bytes()).hexdigest(),
        "versions": {"alpha": "1.0", "beta": "1.0"},
    }


def test_second_call_only_looks(whole, monkeypatch, capsys):
    monkeypatch.setattr(Environment, "_repair", lambda *_: pytest.fail("repaired what is whole"))
    whole.setup()
    assert "ready" in capsys.readouterr().out
    whole.setup(quiet=True)
    assert capsys.readouterr().out == ""


def lose_stamp(env):
    env.stamp.unlink()


def spoil_stamp(env):
    env.stamp.write_text('{"python": "3.')


def lose_module(env):
    (packages(env) / "beta.py").unlink()


def cut_module(env):
    (packages(env) / "beta.py").write_text("vers")


def lose_package(env):
    shutil.rmtree(packages(env) / "beta-1.0.dist-info")
    (packages(env) / "beta.py").unlink()


def lose_record(env):
    (packages(env) / "beta-1.0.dist-info" / "RECORD").unlink()


def change_version(env):
    command = [str(env.python), "-m", "pip", "install", "--quiet", "beta==2.0"]
    subprocess.run(command, check=True)


def lose_python(env):
    for python in env.python.parent.glob("python*"):
        python.unlink()


def lose_pip(env):
    lose_stamp(env)
    shutil.rmtree(packages(env) / "pip")


def change_python(env):
    stamp = json.loads(env.stamp.read_text())
    env.stamp.write_text(json.dumps({**stamp, "python": "3.9"}))


def leave_half_made(env):
    shutil.rmtree(env.prefix)
    (env.prefix / "bin").mkdir(parents=True)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lose_stamp, "not finished"),
        (spoil_stamp, "not finished"),
        (lose_module, "packages changed: beta"),
        (cut_module, "packages changed: beta"),
        (lose_package, "packages changed: beta"),
        (lose_record, "packages changed: beta"),
        (change_version, "packages changed: beta"),
        (lose_pip, "not finished"),
        (lose_python, "no working Python"),
        (leave_half_made, "no working Python"),
        (change_python, "Python changed"),
    ],
)
def test_damage_is_noticed_and_repaired(env, harm, reason, capsys):
    harm(env)
    assert reason in env.damage().reason
    env.setup()
    assert reason in capsys.readouterr().out
    assert_usable(env)


def test_new_lock_is_installed(env, wheels):
    newer = Environment.virtual(env.prefix, wheels / "new.txt")
    assert "requirements.txt changed" in newer.damage().reason
    newer.setup()
    assert_usable(newer, beta="2.0")


def test_what_the_learner_added_stays(env):
    (packages(env) / "own.py").write_text("")
    (packages(env) / "own-1.0.dist-info").mkdir()
    assert env.damage() is None


def test_lost_link_is_restored_without_an_installation(env, monkeypatch):
    (packages(env) / "course_utils.pth").unlink()
    monkeypatch.setattr(Environment, "_repair", lambda *_: pytest.fail("installed again"))
    env.setup()
    assert_usable(env)


def test_failed_installation_leaves_no_stamp(env):
    lock = env.prefix / "tampered.txt"
    lock.write_text("alpha==1.0 \\\n    --hash=sha256:" + 64 * "0" + "\n")
    shutil.rmtree(packages(env) / "alpha-1.0.dist-info")
    tampered = Environment.virtual(env.prefix, lock)
    with pytest.raises(CommandProblem, match="could not be installed"):
        tampered.setup()
    assert not env.stamp.exists()


def test_an_environment_of_others_is_never_made_anew(env):
    theirs = Environment(env.prefix, env.python, env.lock, own=False)
    change_python(env)
    with pytest.raises(CommandProblem, match="Python changed"):
        theirs.setup()
    assert env.python.exists()


def test_an_environment_of_others_without_pip_is_named(env):
    theirs = Environment(env.prefix, env.python, env.lock, own=False)
    lose_pip(env)
    with pytest.raises(CommandProblem, match="it has no pip"):
        theirs.setup()


def test_unsuitable_python_is_named(env, monkeypatch):
    monkeypatch.setattr(environment, "OLDEST", (3, 98))
    monkeypatch.setattr(environment, "NEWEST", (3, 99))
    monkeypatch.setattr(environment, "SUITABLE", "raise SystemExit(1)")
    assert env.damage().remake
    with pytest.raises(CommandProblem, match=r"needs Python 3\.10-3\.13.*PYTHON="):
        env.setup()


def test_missing_ensurepip_is_explained(tmp_path, wheels, monkeypatch):
    fails = environment._fails
    monkeypatch.setattr(
        environment,
        "_fails",
        lambda *words, **kw: "import ensurepip" in str(words) or fails(*words, **kw),
    )
    with pytest.raises(CommandProblem, match="apt install python3-venv"):
        Environment.virtual(tmp_path / "env", wheels / "old.txt").setup()


def test_require_names_what_is_missing():
    environment.require("json")
    with pytest.raises(CommandProblem, match=r"lacks no_such_module.*python -m course_utils setup"):
        environment.require("json", "no_such_module")


def test_messages_follow_the_language(env):
    env.stamp.unlink()
    language.use("zh")
    assert env.damage().reason == "上次没有安装完"


def test_digest_ignores_line_endings(tmp_path):
    (tmp_path / "unix").write_bytes(b"a==1\nb==2\n")
    (tmp_path / "windows").write_bytes(b"a==1\r\nb==2\r\n")
    assert installed.digest(tmp_path / "unix") == installed.digest(tmp_path / "windows")


def test_locked_names_are_normalised(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "# absl==1\nFoo_Bar.baz==1.0 ; python_version < '3' \\\n    --hash=sha256:aa==\n"
    )
    assert installed.locked(lock) == {"foo-bar-baz"}
