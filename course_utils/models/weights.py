"""Trained weights as they ship in the package: an npz file without pickles, and provenance."""

from __future__ import annotations

import json
import os
from pathlib import Path

import keras
import numpy as np

from course_utils.language import text
from course_utils.training.files import write_atomically

_PREFIX = "weights/"


class WeightsError(RuntimeError):
    """A file of weights is missing, damaged, or belongs to another network."""


def save(model: keras.Model, path: str | os.PathLike, provenance: dict) -> None:
    """Writes the weights of `model`, in Keras' order, and how they were made (JSON).

    A reader finds the former file or the new one, never half of one.
    """
    arrays = {f"{_PREFIX}{number:02}": value for number, value in enumerate(model.get_weights())}
    arrays["provenance"] = np.array(json.dumps(provenance))
    write_atomically(path, lambda file: np.savez_compressed(file, **arrays))


def load(model: keras.Model, path: str | os.PathLike) -> dict:
    """Puts the weights in `path` into `model`, which is untouched on error.

    Returns:
        The provenance.

    Raises:
        WeightsError: the file cannot be read or does not fit.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = [name for name in arrays.files if name.startswith(_PREFIX)]
            names.sort(key=lambda name: int(name.removeprefix(_PREFIX)))  # 99 comes before 100
            values = [arrays[name] for name in names]
            provenance = json.loads(str(arrays["provenance"]))
        # Keras would set the weights before the first one that does not fit.
        shapes = [value.shape for value in values]
        if shapes != [value.shape for value in model.get_weights()]:
            raise ValueError(f"{len(shapes)} weights of other shapes")
        model.set_weights(values)
        return provenance
    except Exception as error:  # a damaged archive fails in a dozen ways
        raise WeightsError(
            text(
                en=f"The weights in {path.name} cannot be used ({error}). If the file belongs to "
                "the course, run `git checkout -- course_utils` in the course's folder, or download"
                " the course again.",
                zh=f"无法使用权重文件 {path.name}（{error}）。如果它属于本课程，请在课程目录下运行 "
                "`git checkout -- course_utils` 恢复该文件，或者重新下载课程。",
            )
        ) from error
