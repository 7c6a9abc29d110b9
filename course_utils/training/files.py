"""What commands that write files share: their arguments, their refusals, and the writing itself."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from course_utils.language import text


def count(argument: str) -> int:
    """A whole number, 0 or more, from the command line.

    Raises:
        argparse.ArgumentTypeError: it is something else.
    """
    try:
        number = int(argument)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(
            text(
                en=f"{argument!r} is not a whole number, 0 or more",
                zh=f"{argument!r} 不是大于等于 0 的整数",
            )
        )
    return number


def refuse_out(path: Path) -> int | None:
    """Says why nothing can be written to `path`; returns the exit code then, else None."""
    if path.is_dir():
        return refuse(
            text(
                en=f"{path} is a folder. Name a file in it, such as {path / 'out.npz'}.",
                zh=f"{path} 是一个文件夹。请指定其中的文件，例如 {path / 'out.npz'}。",
            )
        )
    if not path.parent.is_dir():
        return refuse(
            text(
                en=f"There is no folder {path.parent}. Create it, or choose another file.",
                zh=f"文件夹 {path.parent} 不存在。请先创建它，或换一个文件。",
            )
        )
    if not os.access(path.parent, os.W_OK):
        return refuse(
            text(
                en=f"The folder {path.parent} is read-only. Choose a file in another folder.",
                zh=f"文件夹 {path.parent} 是只读的。请把文件写到其他文件夹。",
            )
        )
    return None


def write_atomically(path: str | os.PathLike, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file: a reader finds the former one or the new one, never half of one.

    Args:
        path: the file.
        write: fills a binary file that it is given.

    Raises:
        OSError: the file cannot be written; the former one is as it was.
    """
    path = Path(path)
    # The new file grows beside the former one (a rename across file systems would not be atomic),
    # reaches the disk, and only then takes the name.
    half = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        with half.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself durable; Windows neither needs nor allows it."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def refuse(message: str) -> int:
    """Says what is wrong; returns the exit code for wrong usage, 2."""
    print(message, file=sys.stderr)
    return 2
