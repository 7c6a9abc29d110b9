"""What the front end is told of a run besides its frames: the config once, the state as it changes.

Both are plain values, ready for JSON; the panel's protocol says what is in them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from course_utils import language
from course_utils.language import text
from course_utils.widgets.strings import CHOICES, GROUPS, STRINGS, for_front_end

SPEEDS = (1000.0, 500.0, 100.0, 20.0, 5.0, 1.0)
"""Steps a second that the panel offers, besides full speed and the session's own."""
MOST_CHANGES = 100
STATE_SECONDS = 1.0
"""Between two states that differ in nothing but step, snapshots and summary, at full speed."""
SUMMARY_SECONDS = 5.0
"""Between two summaries of a run that goes on."""


def configuration(gan, session, views: Sequence, knobs: Sequence[str]) -> dict:
    """The trait `config`: all that does not change while the panel is there.

    Args:
        gan: whose present knobs are the values that the panel offers to set back to.
        session: what the panel steers.
        views: of the panel.
        knobs: the names of those to show.
    """
    from course_utils.training import KNOBS

    shown = [_described(KNOBS[knob], gan.knobs[knob]) for knob in knobs]
    groups = {knob["group"]: None for knob in shown}
    speeds = sorted({*SPEEDS, session.speed or SPEEDS[0]}, reverse=True)
    return {
        "language": language.current(),
        "label": f"{STRINGS['label']} · {session.name}",
        "strings": for_front_end(),
        "knobs": shown,
        "groups": [{"name": group, "title": str(GROUPS.get(group, group))} for group in groups],
        "speeds": [
            {"value": None, "title": str(STRINGS["full_speed"])},
            *({"value": speed, "title": STRINGS["slow"].format(speed=speed)} for speed in speeds),
        ],
        "views": [
            {"kind": view.kind, "title": view.title, "classes": view.classes} for view in views
        ],
    }


def checked_knobs(names: Sequence[str] | None, gan) -> list[str]:
    """`names` as a list; if None, those of the knobs that do something for this GAN.

    Raises:
        ValueError: there is no such knob.
    """
    from course_utils.training import KNOBS

    if names is None:
        return list(gan.acting_knobs)
    unknown = [name for name in names if name not in KNOBS]
    if unknown or isinstance(names, str):
        raise ValueError(
            text(
                en=f"knobs = {names!r}: give a list of some of {', '.join(KNOBS)}.",
                zh=f"knobs = {names!r}：请以列表形式从 {'、'.join(KNOBS)} 中选择。",
            )
        )
    return list(dict.fromkeys(names))


def _described(knob, default) -> dict:
    described = {
        "name": knob.name,
        "group": knob.group,
        "title": str(knob.title),
        "explanation": str(knob.explanation),
        "scale": knob.scale,
        "low": knob.low,
        "high": knob.high,
        "default": default,
    }
    if knob.choices:
        described["choices"] = list(knob.choices)
        described["choice_titles"] = [str(CHOICES.get(choice, choice)) for choice in knob.choices]
    return described


class StateBook:
    """Keeps the trait `state`, and says when it is worth sending again.

    Attributes:
        state: the last one that `write` or `end` returned.
        changes: of knobs in the present run.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.state: dict = {}
        self.changes = Changes()
        self._clock, self._marks = clock, None
        self._written = self._summarised = float("-inf")
        self._summary, self._summarised_frame = "", None

    def wants_summary(self, frame: tuple, playing: bool) -> bool:
        """Whether it is time for another summary; at once for a run that has come to stand.

        Args:
            frame: what tells pictures apart while a run stands: its step, what was requested.
            playing: whether the run goes on.
        """
        stands = not playing and frame != self._summarised_frame
        return stands or self._clock() - self._summarised >= SUMMARY_SECONDS

    def summarise(self, frame: tuple, summary: str) -> None:
        """Keeps the summary of a frame for the next state."""
        self._summary, self._summarised_frame = summary, frame
        self._summarised = self._clock()

    def write(self, session, gan, status: tuple[str, str], hurried: bool) -> dict | None:
        """The present state, if it is to be sent; called on the session's worker.

        Args:
            session: what the panel steers.
            gan: its GAN.
            status: see `Status.read`.
            hurried: whether training runs at full speed, when small news wait for a second.
        """
        history, now = gan.history, self._clock()
        marks = id(history), len(history.events), status, session.speed, session.replaying
        urgent = marks != self._marks
        if hurried and not urgent and now - self._written < STATE_SECONDS:
            return None
        knobs, changes = self.state.get("knobs"), self.state.get("changes")
        if urgent or knobs is None:
            knobs, changes = dict(gan.knobs), [list(c) for c in self.changes.update(history)]
        state = {
            "status": status[0],
            "message": status[1],
            "step": history.steps,
            "seed": history.seed,
            "knobs": knobs,
            "changes": changes,
            "snapshots": session.snapshot_steps,
            "speed": session.speed,
            "replaying": session.replaying,
            "summary": self._summary,
        }
        self._marks, self._written = marks, now
        if state == self.state:
            return None
        self.state = state
        return state

    def end(self, status: str, message: str) -> dict:
        """The last state of a panel, with this status and message in it."""
        self.state = {**self.state, "status": status, "message": message}
        return self.state


class Changes:
    """The changes of knobs in a run, as the curves mark them: read once, kept up with what is new.

    Of several changes of one knob that a picture could not tell apart, less than a hundredth of the
    run from one to the next, the last one stands for all: a slider that was dragged is one mark.
    """

    def __init__(self) -> None:
        self._history, self._read, self._step = None, 0, 0
        self._changes: list[tuple[int, str, object]] = []

    def update(self, history) -> list[tuple[int, str, str]]:
        """The latest changes, at most `MOST_CHANGES`: step, the knob's title, the value's text."""
        from course_utils.training import KNOBS

        if history is not self._history:
            self._history, self._read, self._step, self._changes = history, 0, 0, []
        events = history.events
        while self._read < len(events):
            event = events[self._read]
            for name, value in event.get("set", {}).items():
                self._add(history.steps, name, value)
            if "set" not in event and self._read == len(events) - 1:
                break  # the last stretch of training still grows
            self._step += event.get("run", 0) + event.get("fit", 0)
            self._read += 1
        return [
            (step, str(KNOBS[name].title), value_text(value)) for step, name, value in self._changes
        ]

    def _add(self, steps: int, name: str, value) -> None:
        near = self._step - max(1, steps // 100)
        self._changes = [
            change for change in self._changes if change[1] != name or change[0] <= near
        ]
        self._changes.append((self._step, name, value))
        del self._changes[:-MOST_CHANGES]


def value_text(value) -> str:
    """A knob's value as people read it."""
    return f"{value:.3g}" if isinstance(value, float) else str(CHOICES.get(value, value))
