"""The course's environment: made from the lock, noticed when it is broken, repaired.

Only the standard library is used, so that a bare Python can run this file before anything is
installed: `python3 course_utils/environment.py setup` makes `.venv` beside the Makefile. Inside an
environment that exists (conda, Binder, an IDE), `python -m course_utils setup` fills that one.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # as a script: find the package, not the modules beside this file

from course_utils import installed, language
from course_utils.command_line import CommandProblem, add_language_option, say

LOCK = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
OLDEST, NEWEST = (3, 10), (3, 13)
PYTHONS = "Python {}.{}-{}.{}".format(*OLDEST, *NEWEST)
SUITABLE = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
FACTS = """
import json, sys, sysconfig
python = "%d.%d" % sys.version_info[:2]
print(json.dumps({"python": python, "packages": sysconfig.get_path("purelib")}))
"""
# What pip says about packages for other systems, and about its own sources.
NOISE = ("Ignoring ", "Requirement already satisfied", "Looking in ", "  Using cached ")


@dataclass(frozen=True)
class Damage:
    """What is wrong with an environment, and what its repair needs to know."""

    reason: str
    remake: bool = False  # its Python cannot be used
    packages: tuple[Path, ...] = ()  # .dist-info directories of packages that have lost files


@dataclass(frozen=True)
class Environment:
    """A Python environment; ``own``: the course made it and may make it anew."""

    prefix: Path
    python: Path
    lock: Path = LOCK
    own: bool = False

    @classmethod
    def virtual(cls, prefix: Path = VENV, lock: Path = LOCK) -> Environment:
        """Return the course's virtual environment, whether it exists or not."""
        python = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        return cls(prefix, prefix / python, lock, own=True)

    @classmethod
    def running(cls) -> Environment | None:
        """Return the environment of the running Python; None for a system's or conda's base."""
        prefix = Path(sys.prefix)
        conda = (prefix / "conda-meta").is_dir() and not (prefix / "condabin").is_dir()
        inside = conda or sys.prefix != sys.base_prefix
        return cls(prefix, Path(sys.executable)) if inside else None

    @property
    def stamp(self) -> Path:
        """The file, written last, that says what the environment was made from."""
        return self.prefix / "course_utils.json"

    def facts(self) -> dict[str, str] | None:
        """Return Python's minor version and directory of packages, or None if it does not run."""
        try:
            command = [str(self.python), "-I", "-c", FACTS]
            return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        except (OSError, subprocess.CalledProcessError, ValueError):
            return None

    def damage(self) -> Damage | None:
        """Find out in a moment what keeps this environment from being used."""
        facts = self.facts()
        if facts is None:
            reason = language.text(
                en="there is no working Python in it", zh="其中没有可用的 Python"
            )
            return Damage(reason, remake=True)
        if not OLDEST <= tuple(map(int, facts["python"].split("."))) <= NEWEST:
            reason = language.text(
                en=f"it has Python {facts['python']}, the course needs {PYTHONS}",
                zh=f"其中是 Python {facts['python']}，而本课程需要 {PYTHONS}",
            )
            return Damage(reason, remake=True)
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
            python, lock, versions = stamp["python"], stamp["lock"], dict(stamp["versions"])
        except (OSError, ValueError, KeyError, TypeError):
            return Damage(language.text(en="it was not finished", zh="上次没有安装完"))
        if python != facts["python"]:
            return Damage(language.text(en="its Python changed", zh="Python 版本变了"), remake=True)
        if lock != installed.digest(self.lock):
            return Damage(language.text(en="requirements.txt changed", zh="requirements.txt 变了"))
        found = installed.packages(Path(facts["packages"]), set(versions))
        broken = {name: path for name, path in found.items() if not installed.is_complete(path)}
        present = {name: installed.version_of(path) for name, path in found.items()}
        changed = {name for name in versions if versions[name] != present.get(name)} | broken.keys()
        if changed:
            names = ", ".join(sorted(changed))
            reason = language.text(en=f"packages changed: {names}", zh=f"软件包有变动：{names}")
            return Damage(reason, packages=tuple(broken.values()))
        return None

    def setup(self, quiet: bool = False) -> None:
        """Make the environment, or repair it, or find in a moment that nothing needs doing.

        Raises:
            CommandProblem: it cannot be made.
        """
        damage = self.damage()
        if damage:
            self._repair(damage)
            damage = self.damage()
        if damage:
            raise _useless(self.prefix, damage)
        installed.link(Path(self.facts()["packages"]))
        if not quiet:
            say(en=f"The environment is ready: {self.prefix}", zh=f"环境已就绪：{self.prefix}")

    def _repair(self, damage: Damage) -> None:
        if self.prefix.exists():
            say(
                en=f"Completing the environment in {self.prefix}: {damage.reason}.",
                zh=f"正在补全 {self.prefix} 中的环境：{damage.reason}。",
            )
        self.stamp.unlink(missing_ok=True)
        pip = [str(self.python), "-I", "-m", "pip"]
        works = not damage.remake and not _fails(*pip, "--version", quiet=True)
        if self.own and not works:
            self._make()
        elif not works:
            no_pip = Damage(language.text(en="it has no pip", zh="其中没有 pip"))
            raise _useless(self.prefix, damage if damage.remake else no_pip)
        for path in damage.packages:  # without it, pip installs the package again
            shutil.rmtree(path)
        self._install(pip)
        facts = self.facts()
        found = installed.packages(Path(facts["packages"]), installed.locked(self.lock))
        versions = {name: installed.version_of(path) for name, path in found.items()}
        stamp = {
            "python": facts["python"],
            "lock": installed.digest(self.lock),
            "versions": versions,
        }
        unfinished = self.stamp.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        unfinished.replace(self.stamp)

    def _make(self) -> None:
        python = suitable_python()
        if _fails(python, "-c", "import ensurepip, venv", quiet=True):
            raise CommandProblem(
                en=f"{python} cannot make virtual environments. On Debian and Ubuntu, install "
                "what is missing: sudo apt install python3-venv. Then run this command again.",
                zh=f"{python} 无法创建虚拟环境。在 Debian 和 Ubuntu 上，请先运行 "
                "sudo apt install python3-venv，再重新运行同一条命令。",
            )
        if _fails(python, "-m", "venv", "--clear", str(self.prefix)):
            raise CommandProblem(
                en=f"{self.prefix} could not be made (see above). Delete it and try again.",
                zh=f"无法创建 {self.prefix}（见上文）。请删除该目录后重试。",
            )

    def _install(self, pip: list[str]) -> None:
        if (sys.platform, platform.machine()) == ("darwin", "x86_64"):
            raise CommandProblem(
                en="TensorFlow is no longer made for Macs with Intel processors: "
                "use Binder (see README.md) or another computer.",
                zh="TensorFlow 已不再支持 Intel 处理器的 Mac："
                "请使用 Binder（见 README.zh.md），或换一台电脑。",
            )
        say(
            en="Installing packages; the first time this takes a few minutes.",
            zh="正在安装软件包，第一次需要几分钟。",
        )
        # The lock names every package, so pip has nothing to resolve; and nothing is ever compiled.
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"]
        words = [*pip, "install", *options, "-r", str(self.lock)]
        variables = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        with subprocess.Popen(words, env=variables, text=True, stdout=subprocess.PIPE) as process:
            for line in process.stdout:
                if not line.startswith(NOISE):
                    print(line, end="", flush=True)
        if process.returncode:
            raise CommandProblem(
                en="The packages could not be installed (see above). Check the network, the "
                "proxy and the disk (3 GB free), then run this command again.",
                zh="软件包没有全部装好（见上文）。请检查网络、代理和磁盘空间（需要 3 GB），"
                "然后重新运行同一条命令。",
            )


def suitable_python() -> str:
    """Return a Python that the course runs on: the running one if possible.

    Raises:
        CommandProblem: there is none.
    """
    names = [*(f"python3.{minor}" for minor in (11, 12, 13, 10)), "python3", "python"]
    for python in [sys.executable, *filter(None, map(shutil.which, names))]:
        if not _fails(python, "-c", SUITABLE, quiet=True):
            return python
    version = platform.python_version()
    raise CommandProblem(
        en=f"The course needs {PYTHONS}; this is {version}. Install one of them, for example "
        "3.11, and name it if it is not found: make setup PYTHON=/path/to/python3.11",
        zh=f"本课程需要 {PYTHONS}，当前版本是 {version}。请安装其中一个版本，例如 3.11；"
        "如果没有自动找到，请指明路径：make setup PYTHON=/path/to/python3.11",
    )


def require(*modules: str) -> None:
    """Refuse to go on in an environment that lacks what a command needs.

    Raises:
        CommandProblem: one of ``modules`` is missing.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise lacks(", ".join(missing))


def lacks(names: str) -> CommandProblem:
    """Return the problem that the running environment has no modules ``names``."""
    command = "python -m course_utils setup"
    return CommandProblem(
        en=f"This environment lacks {names}. Install what the course needs: {command}",
        zh=f"当前环境缺少 {names}。请先安装本课程所需的软件包：{command}",
    )


def _useless(prefix: Path, damage: Damage) -> CommandProblem:
    return CommandProblem(
        en=f"The environment {prefix} cannot be used: {damage.reason}.",
        zh=f"无法使用环境 {prefix}：{damage.reason}。",
    )


def _fails(*command: str, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, stdout=output, stderr=output).returncode != 0


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command `setup`."""
    parser = subparsers.add_parser("setup")
    fresh = language.text(
        en="make .venv, as `make setup` does, rather than fill the running environment",
        zh="像 `make setup` 那样创建 .venv，而不是装进当前环境",
    )
    parser.add_argument("--venv", action="store_true", help=fresh)
    quiet = language.text(en="say nothing when all is well", zh="一切正常时不输出任何信息")
    parser.add_argument("--quiet", action="store_true", help=quiet)
    add_language_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the command `setup`."""
    running = None if args.venv else Environment.running()
    (running or Environment.virtual()).setup(args.quiet)
    return 0


if __name__ == "__main__":
    from course_utils.__main__ import main

    # The class of errors that main() reports is the imported module's, not this script's.
    sys.exit(main([*sys.argv[1:], "--venv"]))
