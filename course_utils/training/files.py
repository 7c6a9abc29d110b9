"""What commands that write files share: their arguments, their refusals, and the writing itself."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

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
    return None


def write_atomically(path: Path, **arrays) -> None:
    """Writes an npz file: a reader finds the former file or the new one, never half of one."""
    import numpy as np

    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with half.open("wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def refuse(message: str) -> int:
    """Says what is wrong; returns the exit code for wrong usage, 2."""
    print(message, file=sys.stderr)
    return 2
