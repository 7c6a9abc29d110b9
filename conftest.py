"""pytest for the whole course: nbval with the course's rules (see the plugin), and no endless test.

A phase of a test (setup, call, teardown) that takes too long fails. Where nothing can fail any
more, because the process does not come back from where it is, it ends after it has written where
its threads stand. With xdist that test has failed then, another process takes over the rest, and
the whole comes to an end. (pytest's own ``faulthandler_timeout`` forgets its limit as soon as a
test has failed, and the teardown of such a test could go on for ever.)
"""

from __future__ import annotations

import faulthandler
import os
import signal
from collections import Counter

import pytest

pytest_plugins = ["course_utils.publishing.nbval_plugin"]

FAILS = float(os.environ.get("COURSE_TEST_SECONDS", 480))
ENDS = 1.25 * FAILS
_STDERR = pytest.StashKey[int]()  # of the process, not what pytest puts in its place


def pytest_configure(config: pytest.Config) -> None:
    """Keep the way to the terminal before pytest captures what tests print."""
    config.stash[_STDERR] = os.dup(2)
    if hasattr(signal, "SIGALRM"):  # not on Windows
        signal.signal(signal.SIGALRM, _fail)
    # A shell lets a job in the background ignore interrupts, and our tests send some.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _fail(*_) -> None:
    raise TimeoutError(f"this has gone on for {FAILS:g} s")


def _limited(item: pytest.Item):
    faulthandler.dump_traceback_later(ENDS, exit=True, file=item.config.stash[_STDERR])
    _set_alarm(FAILS)
    try:
        return (yield)
    finally:
        _set_alarm(0)
        faulthandler.cancel_dump_traceback_later()


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "SIGALRM"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


pytest_runtest_setup = pytest.hookimpl(wrapper=True, tryfirst=True)(_limited)
pytest_runtest_call = pytest.hookimpl(wrapper=True, tryfirst=True)(_limited)
pytest_runtest_teardown = pytest.hookimpl(wrapper=True, tryfirst=True)(_limited)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where files are shared out, those with slow tests come first, then those with most tests.

    A long file that is begun last keeps one process busy while the others have nothing to do.
    xdist itself asks for the number of tests only: ``--no-loadscope-reorder`` keeps this order.
    """
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.path for item in items)
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: (slow[item.path] == 0, -tests[item.path], str(item.path)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Replace xdist's scheduler of files, which repeats the fatal test, or waits, after a crash."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduler(LoadFileScheduling):
        def remove_node(self, node) -> str | None:
            """Take the work back from a process that is no more; return the test that ended it."""
            files = self.assigned_work[node]
            left = [
                (file, t) for file, tests in files.items() for t, done in tests.items() if not done
            ]
            for file, test in left[:1]:  # or it would end the next process too
                files[file][test] = True
            for file in [file for file, tests in files.items() if all(tests.values())]:
                del files[file]  # or the next process would be given nothing, and wait
            super().remove_node(node)
            return left[0][1] if left else None

        def _reschedule(self, node) -> None:
            if node in self.registered_collections:  # or it still collects: `schedule` comes to it
                super()._reschedule(node)

        def schedule(self) -> None:
            """Give out files; say when there are no more: a process keeps its last test back."""
            super().schedule()
            for node in self.nodes:
                self._reschedule(node)

    return Scheduler(config, log)
