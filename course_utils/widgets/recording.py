"""A run as a small file: seed, knobs and all that was done, as JSON, from which it can be repeated.

{"format": "gan-course-run", "version": 1, "name": …, "seed": …, "knobs": {…}, "events": […]}
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from course_utils.language import text

FORMAT, VERSION = "gan-course-run", 1
LONGEST_TEXT = 5_000_000
MOST_STEPS = 2**26
"""As far as the engine's random numbers reach."""


def dumps(log: Mapping, name: str) -> str:
    """The text of a run's file.

    Args:
        log: what `History.log` returns.
        name: of the session.

    Raises:
        ValueError: part of the run was made by `fit` and cannot be repeated.
    """
    if any("fit" in event for event in log["events"]):
        raise ValueError(
            text(
                en="This run was partly trained by `fit`, on data that are not in its log; it "
                "cannot be saved for a replay.",
                zh="这次训练有一部分由 `fit` 完成，所用数据不在记录中，"
                "因此无法保存为可重放的记录。",
            )
        )
    run = {"format": FORMAT, "version": VERSION, "name": name, **log}
    return json.dumps(run, indent=1, ensure_ascii=False) + "\n"


def loads(written: str) -> dict:
    """The log of a run's file: `seed`, `knobs` and `events`, as `Session.replay` takes it.

    Raises:
        ValueError: it is no JSON, no run, of a later version, or damaged.
    """
    if not isinstance(written, str):
        raise _refusal(en="there is no text in it", zh="其中没有文本")
    if len(written) > LONGEST_TEXT:
        raise _refusal(
            en=f"it has more than {LONGEST_TEXT:,} characters",
            zh=f"它超过 {LONGEST_TEXT:,} 个字符",
        )
    try:
        run = json.loads(written, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _refusal(
            en=f"it is not JSON (line {error.lineno}, column {error.colno})",
            zh=f"它不是 JSON（第 {error.lineno} 行，第 {error.colno} 列）",
        ) from None
    except (ValueError, RecursionError):
        raise _refusal(
            en="it holds numbers or lists that no run has", zh="其中有训练记录里没有的数值或列表"
        ) from None
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        raise _refusal(
            en=f'it does not begin with "format": "{FORMAT}"',
            zh=f'其中没有 "format": "{FORMAT}"',
        )
    if run.get("version") != VERSION:
        raise _refusal(
            en=f"it has version {run.get('version')!r} and this course reads version {VERSION}; "
            "update the course",
            zh=f"它的版本是 {run.get('version')!r}，而本课程只能读取版本 {VERSION}；请更新课程",
        )
    problem = _problem(run)
    if problem:
        raise _refusal(en=f"“{problem}” is missing or damaged", zh=f"其中的“{problem}”缺失或已损坏")
    return {key: run[key] for key in ("seed", "knobs", "events")}


def save(log: Mapping, name: str, path: str | os.PathLike) -> None:
    """Writes a run's file, whole or not at all; see `dumps`."""
    path, written = Path(path), dumps(log, name)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(written)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: str | os.PathLike) -> dict:
    """The log in a run's file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: see `loads`.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            text(
                en=f"There is no file {str(path)!r}. Save a run with lab.save(…) first, or give "
                "the right path.",
                zh=f"找不到文件 {str(path)!r}。请先用 lab.save(…) 保存训练记录，或检查路径。",
            )
        )
    try:
        written = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise _refusal(en="it is not text", zh="它不是文本文件") from None
    return loads(written)


def file_name(name: str, step: int) -> str:
    """A name for the file of the session `name`, with nothing in it that a system refuses."""
    return f"{re.sub(r'[^0-9A-Za-z_-]+', '-', name).strip('-') or 'run'}-{step}.json"


def _problem(run: dict) -> str | None:
    """The name of the first part that is not as it should be; the engine checks values."""
    seed, knobs, events = run.get("seed"), run.get("knobs"), run.get("events")
    if not isinstance(seed, int) or isinstance(seed, bool):
        return "seed"
    if not isinstance(knobs, dict):
        return "knobs"
    if not isinstance(events, list):
        return "events"
    steps = 0
    for number, event in enumerate(events, start=1):
        if not isinstance(event, dict):
            return f"events {number}"
        if event.keys() == {"run", "players"}:
            count = event["run"]
            if not isinstance(count, int) or isinstance(count, bool) or count < 0:
                return f"events {number}: run"
            steps += count
        elif event.keys() != {"set"} or not isinstance(event["set"], dict):
            return f"events {number}"
    return "events: run" if steps > MOST_STEPS else None


def _refuse_constant(constant: str):
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _refusal(en: str, zh: str) -> ValueError:
    return ValueError(
        text(
            en=f"This is not a run that the course can replay: {en}. Choose a file that was "
            "written by “Save run” or lab.save(…).",
            zh=f"这不是可以重放的训练记录：{zh}。请选择由“保存记录”或 lab.save(…) 写出的文件。",
        )
    )
