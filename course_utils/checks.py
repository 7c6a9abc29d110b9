"""Checks of arguments that every part of the course shares; nothing heavy is imported here."""

from __future__ import annotations

from course_utils.language import text


def whole_number(name: str, value, least: int, most: int | None = None) -> int:
    """Returns `value` as an int.

    Args:
        name: what the caller calls it, for the message.
        value: whatever was given.
        least: the smallest that is allowed.
        most: the largest that is allowed, or None.

    Raises:
        ValueError: `value` is no whole number, or outside the range.
    """
    try:
        fits = not isinstance(value, bool) and int(value) == value and value >= least
        fits = fits and (most is None or value <= most)
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        allowed = f"{least} … {'' if most is None else most}".strip()
        raise ValueError(
            text(
                en=f"{name} is {value!r}; it must be a whole number, {allowed}.",
                zh=f"{name} 是 {value!r}；它必须是整数，范围 {allowed}。",
            )
        )
    return int(value)
