"""Strict mode records what would vanish, prints it still, and does nothing unless it is asked."""

import os
import subprocess
import sys

import pytest

from course_utils import strict

EVENTS = {
    "thread": (
        "import threading\nt = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
        "division by zero",
    ),
    "unraisable": ("class A:\n    def __del__(self): raise ValueError('lost')\nA()", "lost"),
    "task": (
        "import asyncio, gc\n"
        "async def fail(): raise ValueError('lost')\n"
        "async def main():\n    asyncio.ensure_future(fail()); await asyncio.sleep(0)\n"
        "    await asyncio.sleep(0)\n"
        "asyncio.run(main()); strict.settle()",
        "lost",
    ),
    "glyph": (
        "import io\nfrom matplotlib.figure import Figure\nfigure = Figure()\n"
        "figure.text(0, 0, '中文', family='DejaVu Sans'); figure.savefig(io.BytesIO())",
        "Glyph",
    ),
}


def _run(code, tmp_path, **environment):
    return subprocess.run(
        [sys.executable, "-c", f"import course_utils\nfrom course_utils import strict\n{code}"],
        env={**os.environ, **environment},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_is_recorded_and_printed(tmp_path, kind):
    code, words = EVENTS[kind]
    file = tmp_path / "events.jsonl"
    run = _run(code, tmp_path, COURSE_STRICT="1", COURSE_STRICT_FILE=str(file))
    events = strict.read(file)
    assert [event["kind"] for event in events][:1] == [kind]
    assert words in events[0]["message"]
    assert words in run.stderr
    assert words in strict.summary(events)


@pytest.mark.parametrize("environment", [{"COURSE_STRICT": "0"}, {"COURSE_STRICT_FILE": ""}])
def test_nothing_is_recorded_unless_asked(tmp_path, environment):
    file = tmp_path / "events.jsonl"
    settings = {"COURSE_STRICT": "1", "COURSE_STRICT_FILE": str(file), **environment}
    run = _run(EVENTS["thread"][0], tmp_path, **settings)
    assert not list(tmp_path.iterdir())
    assert strict.read(file) == []
    assert "division by zero" in run.stderr


def test_what_is_caught_or_harmless_is_not_recorded(tmp_path):
    file = tmp_path / "events.jsonl"
    code = (
        "import logging, sys, threading, warnings\n"
        "t = threading.Thread(target=sys.exit); t.start(); t.join()\n"
        "warnings.warn('something else')\n"
        "logging.getLogger('matplotlib').warning('something else')\n"
        "strict.activate(); strict.settle()"
    )
    run = _run(code, tmp_path, COURSE_STRICT="1", COURSE_STRICT_FILE=str(file))
    assert strict.read(file) == []
    assert run.stderr.count("something else") >= 2


def test_settle_waits_for_threads(tmp_path):
    file = tmp_path / "events.jsonl"
    code = (
        "import threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), 1 / 0), daemon=True).start()\n"
        "strict.settle()\nprint(len(strict.read(__import__('os').environ['COURSE_STRICT_FILE'])))"
    )
    run = _run(code, tmp_path, COURSE_STRICT="1", COURSE_STRICT_FILE=str(file))
    assert run.stdout == "1\n"


CONNECTIONS = {
    "by name": "socket.create_connection(('example.org', 80), timeout=1)",
    "by address": "socket.socket().connect(('192.0.2.1', 80))",
    "datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "urllib": "__import__('urllib.request').request.urlopen('http://example.org')",
}


@pytest.mark.parametrize("way", CONNECTIONS)
def test_a_connection_to_another_machine_is_refused_and_recorded(tmp_path, way):
    code = f"import socket\ntry:\n    {CONNECTIONS[way]}\nexcept OSError as e: print('refused', e)"
    file = tmp_path / "events.jsonl"
    run = _run(code, tmp_path, COURSE_STRICT="1", COURSE_STRICT_FILE=str(file))
    assert "refused" in run.stdout and "strict mode" in run.stdout
    assert {event["kind"] for event in strict.read(file)} == {"network"}


def test_loopback_is_allowed(tmp_path):
    code = (
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(('localhost', server.getsockname()[1])).close()\nprint('ok')"
    )
    file = tmp_path / "events.jsonl"
    run = _run(code, tmp_path, COURSE_STRICT="1", COURSE_STRICT_FILE=str(file))
    assert run.stdout.strip() == "ok" and not strict.read(file)
