"""Checks of the arguments that the engine and its session share."""

from __future__ import annotations

from course_utils.checks import whole_number
from course_utils.language import text

__all__ = ["PLAYERS", "check_players", "whole_number"]

PLAYERS = ("both", "discriminator", "generator")
"""Who may be updated in a step."""


def check_players(players: str) -> None:
    """Raises ValueError unless `players` is one of `PLAYERS`."""
    if players not in PLAYERS:
        raise ValueError(
            text(
                en=f"players is {players!r}; it must be one of {', '.join(PLAYERS)}.",
                zh=f"players 是 {players!r}；它必须是 {'、'.join(PLAYERS)} 之一。",
            )
        )
