"""Interrupts (Ctrl-C, the stop button): none loses a step, and none is lost while no cell runs."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator

from course_utils.language import text


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Holds back an interrupt until the block has ended.

    Python delivers interrupts to the main thread only; in any other thread this does nothing.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    held: list[tuple] = []
    signal.signal(signal.SIGINT, lambda *arguments: held.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if held:
            handler(*held[0])


def say_stopped(step: int) -> None:
    """Tells the learner that an interrupt has ended a training at `step`."""
    print(
        text(
            en=f"\nStopped at step {step}; what was learned is kept.",
            zh=f"\n已在第 {step} 步停止；学到的内容会保留。",
        )
    )


_when_idle: list[Callable[[], None]] = []


def when_idle(action: Callable[[], None]) -> None:
    """Has a notebook kernel call `action`, too, when it is interrupted while no cell runs.

    Without this the stop button does nothing then: ipykernel ignores interrupts between cells, and
    what trains in the background would train on. Outside a notebook this does nothing.
    """
    if action not in _when_idle:
        _when_idle.append(action)
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    kernel = getattr(shell, "kernel", None)
    # ipykernel keeps here the handler that it puts back when the present cell has ended.
    if hasattr(kernel, "saved_sigint_handler"):
        kernel.saved_sigint_handler = lambda *_: [each() for each in _when_idle]
