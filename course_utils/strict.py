"""Strict mode: what would vanish in a notebook is written down, so that a test can fail on it.

An exception in a thread, in ``__del__`` or in a forgotten asyncio task, and a character that the
font lacks, stop no cell: a notebook runs on as if nothing had happened. With ``COURSE_STRICT=1``
each of them is appended to the file named by ``COURSE_STRICT_FILE`` (JSON lines), besides being
printed as usual. The nbval plugin and ``python -m course_utils execute`` read that file after
every cell. A connection to another machine is recorded too, and refused: the course works without a
network, and this is how we know.

Light on purpose (standard library only): ``course_utils/__init__.py`` activates it.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

MISSING_GLYPH = re.compile(
    r"[Gg]lyph .*missing|does not have a glyph|findfont: Font family .* not found"
)

_active = False
_threads_at_start: frozenset[threading.Thread] = frozenset()


def record(kind: str, message: str) -> None:
    """Append one event to the file named by ``COURSE_STRICT_FILE``, if that variable is set.

    Args:
        kind: ``thread``, ``unraisable``, ``task``, ``glyph`` or ``network``.
        message: what happened, one line or several.
    """
    path = os.environ.get("COURSE_STRICT_FILE")
    if path:
        line = json.dumps({"kind": kind, "message": message}, ensure_ascii=False)
        # One write in append mode, so that two threads cannot mix their lines.
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def read(path: str | os.PathLike[str]) -> list[dict[str, str]]:
    """Return the events recorded so far: ``{"kind": ..., "message": ...}``."""
    file = Path(path)
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def summary(events: list[dict[str, str]]) -> str:
    """Return the events as lines of text for an error message."""
    return "\n".join(f"[{event['kind']}] {event['message']}" for event in events)


def activate() -> None:
    """Record from now on; earlier hooks are still called, and a second call does nothing."""
    global _active, _threads_at_start
    if _active:
        return
    _active = True
    _threads_at_start = frozenset(threading.enumerate())
    _watch_threads()
    _watch_unraisable()
    _watch_warnings()
    sys.addaudithook(_refuse_network)
    logging.getLogger("matplotlib").addHandler(_Recorder("glyph", MISSING_GLYPH.search))
    # asyncio reports a task whose exception nobody fetched in its log, and nowhere else.
    logging.getLogger("asyncio").addHandler(_Recorder("task", lambda message: True, logging.ERROR))


def settle(seconds: float = 2.0) -> None:
    """Give what still runs a moment to fail, and look for tasks whose exception nobody fetched.

    Args:
        seconds: the longest wait for all threads that were started, together, >= 0.
    """
    deadline = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread not in _threads_at_start and thread is not threading.current_thread():
            thread.join(max(0.0, deadline - time.monotonic()))
    gc.collect()  # a forgotten task reports its exception when it is destroyed,
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return
    for task in gc.get_objects():  # but a notebook may keep it, as "_" for one
        if issubclass(type(task), asyncio.Task) and getattr(task, "_log_traceback", False):
            error = task.exception()  # fetched, so that it is reported once
            record("task", f"{task.get_name()}: {type(error).__name__}: {error}")


def _watch_threads() -> None:
    previous = threading.excepthook

    def hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread else "?"
            record("thread", f"{name}: {args.exc_type.__name__}: {args.exc_value}")
        previous(args)

    threading.excepthook = hook


def _watch_unraisable() -> None:
    previous = sys.unraisablehook

    def hook(args: sys.UnraisableHookArgs) -> None:
        record("unraisable", f"{args.exc_type.__name__}: {args.exc_value} in {args.object!r}")
        previous(args)

    sys.unraisablehook = hook


def _watch_warnings() -> None:
    warnings.filterwarnings("always", message=r"Glyph .* missing from")
    previous = warnings.showwarning

    def show(message, category, filename, lineno, file=None, line=None):
        if MISSING_GLYPH.search(str(message)):
            record("glyph", str(message))
        previous(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def _refuse_network(event: str, arguments: tuple) -> None:
    """Refuse a name look-up or a connection that leaves this machine; an audit hook."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:  # something else, or a Unix socket
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost", "::1") or host.startswith("127."):
        return
    record("network", f"{event}: {host}")
    raise PermissionError(f"strict mode: no connection to {host!r}; the course needs no network")


class _Recorder(logging.Handler):
    """Records the log messages that ``wanted`` accepts, and prints what nobody else would print."""

    def __init__(
        self, kind: str, wanted: Callable[[str], object], level: int = logging.WARNING
    ) -> None:
        super().__init__(level)
        self.kind = kind
        self.wanted = wanted

    def emit(self, entry: logging.LogRecord) -> None:
        message = entry.getMessage()
        if entry.exc_info and entry.exc_info[1] is not None:
            message += f" ({entry.exc_info[0].__name__}: {entry.exc_info[1]})"
        if self.wanted(message):
            record(self.kind, message)
        # With a handler on its way logging no longer prints by itself: see logging.lastResort.
        if logging.lastResort and not logging.getLogger().handlers:
            logging.lastResort.handle(entry)
