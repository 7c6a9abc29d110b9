"""The kernels that run the course's notebooks: this Python, headless, in strict mode."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

# Also in a notebook that does not import the package at once.
ACTIVATE = "from course_utils import strict; strict.activate()"
SETTLE = "from course_utils import strict; strict.settle()"


class _ThisPython(KernelSpecManager):
    """Finds the running interpreter under every name: a user's own ``python3`` may be another."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return self.kernel_spec_class(resource_dir=RESOURCES, **get_kernel_dict())


class KernelManager(AsyncKernelManager):
    """Starts the running interpreter, whatever kernel the notebook names."""

    @default("kernel_spec_manager")
    def _default_kernel_spec_manager(self) -> KernelSpecManager:
        return _ThisPython()


def settings(strict_file: Path) -> dict[str, str]:
    """Return the environment variables of an executed kernel; see `course_utils.strict`."""
    return {
        "COURSE_MODE": "headless",
        "COURSE_STRICT": "1",
        "COURSE_STRICT_FILE": str(strict_file),
    }


def environment(strict_file: Path) -> dict[str, str]:
    """Return the whole environment of an executed kernel."""
    return {**os.environ, **settings(strict_file)}


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds (user and system, all threads) of a process and its children."""
    process = psutil.Process(pid)
    times = [x.cpu_times() for x in (process, *process.children(recursive=True))]
    return sum(x.user + x.system for x in times)
