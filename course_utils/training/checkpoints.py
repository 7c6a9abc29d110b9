"""Checkpoints: a run in one file, written so that an interruption cannot spoil it.

A checkpoint is an `.npz` archive without pickles. Beside the arrays it holds a header (JSON) with
the versions, the run's log and a SHA-256 of every array.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import numpy as np

from course_utils.language import text
from course_utils.training.files import write_atomically
from course_utils.training.gan import GAN
from course_utils.training.history import CURVES, History
from course_utils.training.state import read_state, write_state

FORMAT = 1

_SIGNS_OF_DAMAGE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    zipfile.BadZipFile,
)


class CheckpointError(Exception):
    """A checkpoint is missing, damaged, or does not fit."""


def save(gan: GAN, path: str | os.PathLike) -> None:
    """Writes `gan` to `path`: a reader finds the former file or the new one, never half of one."""
    arrays = {**read_state(gan), "curves": gan.history.rows}
    header = {
        "format": FORMAT,
        "versions": versions(),
        "options": _options(gan),
        "log": gan.history.log(),
        "steps": gan.history.steps,
        "stride": gan.history.stride,
        "present_knobs": dict(gan.knobs),
        "sha256": {name: _digest(array) for name, array in arrays.items()},
    }
    written = json.dumps(header).encode()
    arrays["header"] = np.frombuffer(written, np.uint8)
    arrays["header_sha256"] = np.array(hashlib.sha256(written).hexdigest())
    write_atomically(path, lambda file: np.savez(file, **arrays))


def load(gan: GAN, path: str | os.PathLike) -> None:
    """Brings `gan` to the state in `path`, knobs and history included; `gan` is untouched on error.

    Raises:
        CheckpointError: the file is missing or damaged, or holds another kind of GAN.
        OSError: the file cannot be read, for instance for lack of permission.
    """
    path = Path(path)
    header, arrays = _read(path)
    if header["options"] != _options(gan):
        theirs = header["options"]
        different = ", ".join(k for k, value in _options(gan).items() if theirs.get(k) != value)
        raise CheckpointError(
            text(
                en=f"{path} was written by a GAN with other options: {different}. Build "
                "the GAN as it was then.",
                zh=f"{path} 由选项不同的 GAN 写出：{different}。请按当时的选项创建 GAN。",
            )
        )
    curves = arrays.pop("curves")
    # Earlier versions of the course knew fewer curves; all of those come first.
    curves = np.pad(curves, ((0, 0), (0, len(CURVES) - curves.shape[1])))
    try:
        knobs = gan.knobs.complete(header["present_knobs"])
        initial = gan.knobs.complete(header["log"]["knobs"])
        write_state(gan, arrays)
    except ValueError as error:
        raise CheckpointError(f"{path}: {error}") from error
    log = header["log"]
    length = header.get("stride", 1), header.get("steps")
    gan.adopt(History.restored(log["seed"], initial, log["events"], curves, *length), knobs)


def _read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """The header and the arrays of a checkpoint whose checksums are right."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        written = bytes(arrays.pop("header"))
        whole = str(arrays.pop("header_sha256")) == hashlib.sha256(written).hexdigest()
        header = json.loads(written)
        known = header["format"] == FORMAT
        if known:
            digests = {name: _digest(array) for name, array in arrays.items()}
            whole = whole and header["sha256"] == digests
            whole = whole and header.keys() >= {"options", "present_knobs"}
            whole = whole and header["log"].keys() >= {"seed", "knobs", "events"}
    except FileNotFoundError:
        raise CheckpointError(
            text(
                en=f"There is no checkpoint {path}. Save one first, or check the name.",
                zh=f"找不到检查点 {path}。请先保存，或检查文件名。",
            )
        ) from None
    except _SIGNS_OF_DAMAGE as error:
        raise CheckpointError(_damaged(path)) from error
    if not whole:
        raise CheckpointError(_damaged(path))
    if not known:
        raise CheckpointError(
            text(
                en=f"{path} has format {header['format']}; this course reads {FORMAT}. Train "
                "again, or use the version of the course that wrote it.",
                zh=f"{path} 的格式是 {header['format']}，本课程读取的格式是 {FORMAT}。"
                "请重新训练，或使用写出该文件的课程版本。",
            )
        )
    return header, arrays


def _options(gan: GAN) -> dict:
    """What a GAN is built with, and what its arrays do not tell."""
    adam = gan.discriminator_optimizer
    return {
        "batch_size": gan.batch_size,
        "generator_batch_size": gan.generator_batch_size,
        "separate_batches": gan.separate_batches,
        "loss": type(gan.adversarial_loss).__name__,
        "betas": [float(adam.beta_1), float(adam.beta_2)],
    }


def _digest(array: np.ndarray) -> str:
    described = f"{array.dtype.str}{array.shape}".encode()
    return hashlib.sha256(described + np.ascontiguousarray(array).tobytes()).hexdigest()


def versions() -> dict[str, str]:
    """The versions of the course, Keras, TensorFlow and NumPy that are in use."""
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
