"""Checkpoints: a run in one file, written so that an interruption cannot spoil it.

A checkpoint is an `.npz` archive without pickles. Beside the arrays it holds a header (JSON) with
the versions, the run's log and a SHA-256 of every array.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from course_utils.language import text
from course_utils.training.gan import GAN
from course_utils.training.history import History
from course_utils.training.state import read_state, write_state

FORMAT = 1


class CheckpointError(Exception):
    """A checkpoint is missing, damaged, or does not fit."""


def save(gan: GAN, path: str | os.PathLike) -> None:
    """Writes `gan` to `path`: a reader finds the former file or the new one, never half of one."""
    path = Path(path)
    arrays = {**read_state(gan), "curves": gan.history.rows}
    header = {
        "format": FORMAT,
        "versions": _versions(),
        "log": gan.history.log(),
        "present_knobs": dict(gan.knobs),
        "sha256": {name: _digest(array) for name, array in arrays.items()},
    }
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    # The new file grows beside the former one (a rename across file systems would not be atomic),
    # reaches the disk, and only then takes the name.
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            os.replace(file.name, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file.name)
            raise
    _sync_folder(path.parent)


def load(gan: GAN, path: str | os.PathLike) -> None:
    """Brings `gan` to the state in `path`, knobs and history included; `gan` is untouched on error.

    Raises:
        CheckpointError: the file is missing or damaged, or holds networks of other shapes.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        header = json.loads(bytes(arrays.pop("header")))
    except FileNotFoundError:
        raise CheckpointError(
            text(
                en=f"There is no checkpoint {path}. Save one first, or check the name.",
                zh=f"找不到检查点 {path}。请先保存，或检查文件名。",
            )
        ) from None
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(_damaged(path)) from error
    if header["format"] != FORMAT:
        raise CheckpointError(
            text(
                en=f"{path} has format {header['format']}; this course reads format {FORMAT}. "
                "Train again, or use the version of the course that wrote it.",
                zh=f"{path} 的格式是 {header['format']}，本课程读取的格式是 {FORMAT}。"
                "请重新训练，或使用写出该文件的课程版本。",
            )
        )
    if header["sha256"] != {name: _digest(array) for name, array in arrays.items()}:
        raise CheckpointError(_damaged(path))
    curves = arrays.pop("curves")
    try:
        write_state(gan, arrays)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error
    log = header["log"]
    gan.adopt(History(log["seed"], log["knobs"], log["events"], [curves]), header["present_knobs"])


def _digest(array: np.ndarray) -> str:
    described = f"{array.dtype.str}{array.shape}".encode()
    return hashlib.sha256(described + np.ascontiguousarray(array).tobytes()).hexdigest()


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    import keras
    import tensorflow as tf

    import course_utils

    return {
        "course_utils": course_utils.__version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": version("numpy"),
    }


def _damaged(path: Path) -> str:
    return text(
        en=f"The checkpoint {path} is damaged. Delete it and use an earlier one, or train again.",
        zh=f"检查点 {path} 已损坏。请删除它并使用更早的检查点，或重新训练。",
    )


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself durable; Windows neither needs nor allows it."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
