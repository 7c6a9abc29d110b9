"""Repeating a run from its log: seed, initial knobs, and what was done in which order."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.language import text
from course_utils.training.checks import check_players, whole_number
from course_utils.training.gan import GAN
from course_utils.training.randomness import check_seed


def replay(gan: GAN, log: Mapping) -> None:
    """Runs `log` on `gan`, a GAN built with the same sizes and options as the one that wrote it.

    On the same machine, with the same versions, the weights come out equal bit by bit. To watch it
    being replayed, use `Session.replay`.

    Args:
        gan: it is reset first; what it had learned is lost.
        log: what `History.log` returned, or the same read back from JSON.

    Raises:
        ValueError: the log is not of that form, or sets a knob to a value out of its range; `gan`
            is untouched then.
    """
    for event in start_of_replay(gan, log):
        if "run" in event:
            gan.run(event["run"], event["players"])
        else:
            gan.set(**event["set"])


def start_of_replay(gan: GAN, log: Mapping) -> list[dict]:
    """Brings `gan` to the start of `log` and returns the events to come; raises as `replay`."""
    seed, knobs, events = _checked(gan, log)
    gan.knobs._set(**knobs)
    gan.reset(seed)
    return events


def _checked(gan: GAN, log: Mapping) -> tuple[int, dict, list[dict]]:
    try:
        seed, knobs, events = log["seed"], log["knobs"], list(log["events"])
        known = all(event.keys() in ({"run", "players"}, {"set"}) for event in events)
        events = [dict(event) for event in events]
        known = known and all(isinstance(event.get("set", {}), Mapping) for event in events)
        known = known and isinstance(knobs, Mapping)
    except (KeyError, TypeError, AttributeError):
        known = False
    if not known:
        # `fit` is among the unknown events: what it was given is not in the log.
        raise ValueError(
            text(
                en="This is not the log of a run: it must hold seed, knobs and events, "
                "as `History.log()` returns them. Steps made by `fit` cannot be replayed.",
                zh="这不是一份训练记录：它必须包含 seed、knobs 和 events，"
                "即 `History.log()` 返回的内容。用 `fit` 训练过的运行无法重放。",
            )
        )
    for event in events:
        gan.knobs.complete(event.get("set", {}))
        if "run" in event:
            event["run"] = whole_number("run", event["run"], 0)
            check_players(event["players"])
    return check_seed(seed), gan.knobs.complete(knobs), events
