"""Which panel of a session is live: the newest of each session's name."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_utils.widgets.controller import Controller

_live: weakref.WeakValueDictionary[str, Controller] = weakref.WeakValueDictionary()
# The panel before the live one, which still says on its page that it was replaced.
_replaced: weakref.WeakValueDictionary[str, Controller] = weakref.WeakValueDictionary()
_lock = threading.Lock()


def enter(controller: Controller) -> None:
    """Makes `controller` the live one of its session's name; the one before is told so."""
    name = controller.session.name
    with _lock:
        older = _live.get(name)
        if older is controller:
            return
        _live[name] = controller
        oldest = _replaced.pop(name, None)
        if older is not None:
            _replaced[name] = older
    if oldest is not None:
        oldest.close()
    if older is not None:
        older.replaced()


def leave(controller: Controller) -> None:
    """Forgets `controller`."""
    name = controller.session.name
    with _lock:
        for known in (_live, _replaced):
            if known.get(name) is controller:
                del known[name]
