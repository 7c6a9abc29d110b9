"""Pinning, in real kernels: every message of a control arrives while a cell runs.

The test plays the front end: it opens a widget, makes a subshell where the kernel has them, and
sends the widget's messages there while a cell computes or awaits.
"""

import time
from queue import Empty

import pytest

from course_utils.widgets.pinning import pin

MESSAGES = 10
MAKE = """
import time, asyncio, ipywidgets
from course_utils.widgets.pinning import pin
slider, arrived = ipywidgets.IntSlider(), []
slider.observe(lambda change: arrived.append((change["new"], time.monotonic())), "value")
"""
BLOCK = "end = time.monotonic() + 2.5\nwhile time.monotonic() < end: time.sleep(0.01)"
AWAIT = "end = time.monotonic() + 2.5\nwhile time.monotonic() < end: await asyncio.sleep(0.01)"
# As a display of the widget does, it publishes on the main shell: the comm is routed there then.
PUBLISH = "slider.send_state()\n"


@pytest.fixture(scope="module")
def kernel():
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(startup_timeout=120)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def evaluate(client, expression):
    client.execute("", user_expressions={"value": expression}, silent=True)
    reply = client.get_shell_msg(timeout=60)["content"]
    return eval(reply["user_expressions"]["value"]["data"]["text/plain"])


def run(client, code):
    number = client.execute(code)
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == number:
            assert reply["content"]["status"] == "ok", reply["content"]
            return


def subshell(client):
    """A new subshell's id; None where the kernel has none."""
    if not hasattr(client, "control_channel"):
        return None
    message = client.session.msg("create_subshell_request", {})
    client.control_channel.send(message)
    try:
        reply = client.get_control_msg(timeout=5)
    except Empty:
        return None
    return reply["content"].get("subshell_id")


def move(client, comm, value, shell):
    """One move of the slider, as JupyterLab sends it."""
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
    if shell:
        message["header"]["subshell_id"] = shell
    client.shell_channel.send(message)


def moves_during(client, cell, pinned, shell):
    """Moves a fresh slider ten times while `cell` runs; returns the values seen before it ended."""
    run(client, MAKE + ("pin(slider)\n" if pinned else "") + PUBLISH)
    comm = evaluate(client, "slider.comm.comm_id")
    number = client.execute(f"{cell}\nended = time.monotonic()")
    time.sleep(0.4)
    for value in range(1, MESSAGES + 1):
        move(client, comm, value, shell)
        time.sleep(0.05)
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == number:
            break
    time.sleep(0.5)
    during = evaluate(client, "[value for value, at in arrived if at < ended]")
    return during, evaluate(client, "[value for value, at in arrived]")


@pytest.mark.slow
@pytest.mark.parametrize("cell", [BLOCK, AWAIT], ids=["blocking", "awaiting"])
def test_pinned_every_message_arrives_while_a_cell_runs(kernel, cell):
    shell = subshell(kernel)
    if shell is None:
        pytest.skip("this kernel has no subshells")
    during, _ = moves_during(kernel, cell, True, shell)
    assert during == list(range(1, MESSAGES + 1))


@pytest.mark.slow
def test_without_pinning_they_do_not(kernel):
    """Fails when the kernel no longer needs pinning: then `pinning` can go."""
    shell = subshell(kernel)
    run(kernel, MAKE)
    if shell is None or not evaluate(kernel, "hasattr(slider.comm, '_reply_subshell_for')"):
        pytest.skip("this kernel routes messages as they come")
    during, _ = moves_during(kernel, BLOCK, False, shell)
    assert len(during) < MESSAGES


@pytest.mark.slow
@pytest.mark.parametrize("cell", [BLOCK, AWAIT], ids=["blocking", "awaiting"])
def test_without_subshells_pinning_harms_nothing(kernel, cell):
    _, all_of_them = moves_during(kernel, cell, True, None)
    assert all_of_them == list(range(1, MESSAGES + 1))


class Comm:
    """A comm as ipykernel 7.4 has it."""

    def __init__(self):
        self._reply_subshell_ids = {"1": "main"}

    def _reply_subshell_for(self, data, default):
        return "main"


class Widget:
    def __init__(self, comm):
        self.comm = comm


def test_the_hook_answers_with_the_shell_of_the_message_and_forgets_replies():
    comm = Comm()
    pin(Widget(comm))
    assert comm._reply_subshell_for({"content": {"id": "1"}}, "sub") == "sub"
    assert comm._reply_subshell_ids == {}


@pytest.mark.parametrize("comm", [None, object(), type("Dummy", (), {})()])
def test_where_there_is_nothing_to_pin_nothing_happens(comm):
    before = dir(comm)
    pin(Widget(comm), Widget(None))
    assert dir(comm) == before
