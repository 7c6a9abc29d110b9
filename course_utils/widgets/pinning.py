"""Pinning: a widget's messages stay on the shell that the front end sent them on.

JupyterLab sends widget messages to subshells of the kernel, so that they arrive while a cell runs.
But ipykernel 7.4 routes a comm's messages to whichever shell last published on that comm, at first
the main one, where they wait until the cell has ended, or are lost in a cell that awaits.
"""

from __future__ import annotations


def pin(*widgets) -> None:
    """Keeps the messages of `widgets` on the shell that each was sent on.

    Call it once for each widget that the learner moves or presses, after it was made. Where the
    kernel has no such routing (ipykernel 6, a front end without subshells, no kernel at all) there
    is nothing to pin, and nothing is changed.

    Args:
        *widgets: ipywidgets or anywidgets; one that was closed is passed over.
    """
    for widget in widgets:
        comm = widget.comm
        # A private hook of ipykernel's comms, the only way known: it is asked where a message goes.
        if comm is not None and hasattr(comm, "_reply_subshell_for"):
            comm._reply_subshell_for = _stay(getattr(comm, "_reply_subshell_ids", None))


def _stay(replies: dict | None):
    def route(data, default):
        if replies:  # it would keep an entry for every answer that carries an id, for ever
            replies.clear()
        return default

    return route
