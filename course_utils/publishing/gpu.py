"""Whether cells tagged ``gpu`` can run here."""

from __future__ import annotations

import functools
import os
import platform
import shutil
import subprocess
import sys

from course_utils.language import Text

SKIPPED = Text(
    en="Skipped: this cell needs a GPU, and the computer that ran this notebook has none.",
    zh="已跳过：此单元格需要 GPU，而运行本笔记本的计算机没有 GPU。",
)


@functools.cache
def available() -> bool:
    """Whether TensorFlow sees a GPU; the environment variable ``COURSE_GPU`` (0 or 1) overrides it.

    TensorFlow is asked in a process of its own, and only if the machine might have a GPU at all.
    """
    override = os.environ.get("COURSE_GPU")
    if override in ("0", "1"):
        return override == "1"
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    if not (shutil.which("nvidia-smi") or shutil.which("rocm-smi") or apple):
        return False
    code = "import sys, tensorflow as tf; sys.exit(not tf.config.list_physical_devices('GPU'))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
