"""What is installed in an environment, read from its files: without pip, in a moment."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def digest(file: Path) -> str:
    """Return the SHA-256 of a text file, the same whatever its line endings."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def locked(lock: Path) -> set[str]:
    """Return the normalised names of the packages in a lock, those for other systems included."""
    names = re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {_normalised(name) for name in names}


def packages(directory: Path, names: set[str]) -> dict[str, Path]:
    """Return the .dist-info directories of those of ``names`` that ``directory`` holds, by name."""
    found = {name_of(path): path for path in sorted(directory.glob("*.dist-info"))}
    return {name: path for name, path in found.items() if name in names}


def name_of(path: Path) -> str:
    """Return the normalised name of the package of a .dist-info directory."""
    return _normalised(path.stem.rpartition("-")[0])


def version_of(path: Path) -> str:
    """Return the version of the package of a .dist-info directory."""
    return path.stem.rpartition("-")[2]


def is_complete(path: Path) -> bool:
    """Tell whether a package still has, in full, the modules that its record lists at its top.

    Deeper files are not looked at: TensorFlow alone has 20,000.
    """
    try:
        with (path / "RECORD").open(encoding="utf-8", newline="") as record:
            for name, _, size in csv.reader(record):
                module = name.count("/") <= 1 and name.endswith((".py", ".so", ".pyd"))
                if module and size and (path.parent / name).stat().st_size != int(size):
                    return False
    except (OSError, ValueError):
        return False
    return True


def link(directory: Path) -> None:
    """Let the Python that loads packages from ``directory`` find the course, from anywhere.

    A .pth file needs no build tool and no network. Its path is relative, so that it survives a move
    of the course and a home directory with any characters in it.
    """
    try:
        target = os.path.relpath(ROOT, directory)
    except ValueError:  # on another drive of Windows
        target = str(ROOT)
    file = directory / "course_utils.pth"
    if not file.exists() or file.read_text() != target + "\n":
        file.write_text(target + "\n")


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
