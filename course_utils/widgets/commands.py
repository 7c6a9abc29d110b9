"""The commands of a panel: what the browser may ask for, checked, and carried out on the worker."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from course_utils.widgets import recording
from course_utils.widgets.strings import STRINGS

if TYPE_CHECKING:
    from course_utils.training import Session
    from course_utils.widgets.views import View


CLASS_WEIGHT = re.compile(r"class_\d+")
"""Names of the knobs that weigh a class."""


class BadMessage(ValueError):
    """A message that the panel's own front end would not send; its text says what is wrong."""


def carry_out(session: Session, views: Sequence[View], message: Mapping) -> dict | None:
    """Does what a command says; called by the session's worker, see `Session.post`.

    Args:
        session: the panel's.
        views: its pictures.
        message: `{"action": …}` and its fields, as the panel's protocol has them.

    Returns:
        A message for the front end that goes before the answer, or None.

    Raises:
        ValueError: something in the message is wrong; nothing was changed.
    """
    action = message.get("action")
    if action == "request":
        return _request(views, message)
    if not isinstance(action, str) or action not in ACTIONS:
        raise BadMessage(STRINGS["unknown_action"].format(action=str(action)[:40]))
    return ACTIONS[action](session, message)


def _request(views: Sequence[View], message: Mapping) -> None:
    picture, classes = _field(message, "picture", int), _field(message, "classes", list)
    if not 0 <= picture < len(views):
        raise _missing(message, "picture")
    if not all(type(one) is int for one in classes):
        raise _missing(message, "classes")
    views[picture].request(classes)


def _play(session, message) -> None:
    session.play()


def _pause(session, message) -> None:
    session.pause()


def _step(session, message) -> None:
    session.step(_field(message, "players", str))


def _speed(session, message) -> None:
    if "value" not in message:
        raise _missing(message, "value")
    session.set_speed(message["value"])


def _reset(session, message) -> None:
    seed = message.get("seed")
    # A short number, because people read it out and type it.
    session.reset(random.randrange(10_000) if seed == "new" else seed)


def _rewind(session, message) -> None:
    session.rewind(_field(message, "step", int))


def _set(session, message) -> None:
    knobs = _field(message, "knobs", dict)
    if not knobs or not all(isinstance(name, str) and _plain(knobs[name]) for name in knobs):
        raise _missing(message, "knobs")
    if any(CLASS_WEIGHT.fullmatch(name) for name in knobs):
        knobs = {"class_sampling": "weights", **knobs}  # else the weights would do nothing
    session.set(**knobs)


def _save(session, message) -> dict:
    log, step = session.read(lambda gan: (gan.history.log(), gan.history.steps))
    name = recording.file_name(session.name, step)
    return {"type": "file", "name": name, "text": recording.dumps(log, session.name)}


def _replay(session, message) -> None:
    session.replay(recording.loads(_field(message, "text", str)))


ACTIONS = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "speed": _speed,
    "reset": _reset,
    "rewind": _rewind,
    "set": _set,
    "save": _save,
    "replay": _replay,
}


def _field(message: Mapping, name: str, kind: type):
    value = message.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _missing(message, name)
    return value


def _missing(message: Mapping, name: str) -> BadMessage:
    return BadMessage(STRINGS["missing_field"].format(action=message["action"], field=name))


def _plain(value) -> bool:
    """Whether a knob could have this value: a short text, or a number that fits a float."""
    if isinstance(value, str):
        return len(value) < 100
    try:
        return not isinstance(value, bool) and math.isfinite(value)
    except (TypeError, OverflowError):
        return False
