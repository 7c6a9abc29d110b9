"""The measured reliability of the x² GAN's settings: what `benchmarks/x2_reliability.py` found."""

from __future__ import annotations

import json
import math
from pathlib import Path

from course_utils.language import Text, text

FILE = Path(__file__).with_name("x2_reliability.json")

CHANGES = {
    "beta_1": Text(en="β₁ = 0.5", zh="β₁ = 0.5"),
    "rates": Text(en="rates 0.004 and 0.002", zh="学习率 0.004 和 0.002"),
    "decay": Text(en="rates fall to 0", zh="学习率衰减到 0"),
    "r1": Text(en="R1", zh="R1"),
    "uniform": Text(en="uniform latents", zh="均匀分布的隐变量"),
    "one_update": Text(en="one update on both batches", zh="两个批次合并更新"),
}
"""The changes that lead from the tutorial's settings to the reliable ones."""


def wilson(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.

    Args:
        successes: whole number, 0 <= successes <= trials.
        trials: whole number, 1 or more.
        z: half-width of the interval in standard deviations of the normal distribution.

    Returns:
        The interval's two ends, in [0, 1].
    """
    share = successes / trials
    scale = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / scale
    reach = z / scale * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def load() -> dict:
    """The rows as they were measured, by the names that the benchmark gives them."""
    return json.loads(FILE.read_text(encoding="utf-8"))["rows"]


def table() -> str:
    """The share of seeds that succeed in each row, with its interval, in the learner's language."""
    rows = load()
    lines = [
        _line(text(en="tutorial, 10,000 steps", zh="教程，10000 步"), rows["tutorial as it is"]),
        text(en="all below: 20,000 steps", zh="以下均为 20000 步"),
        _line(text(en="tutorial's settings", zh="教程的设置"), rows["tutorial"]),
        _line(text(en="all changes", zh="全部改动"), rows["all"]),
        text(en="one change alone", zh="只做一处改动"),
        *(_line(f"  + {title}", rows[f"only {name}"]) for name, title in CHANGES.items()),
        text(en="all changes but one", zh="撤回一处改动"),
        *(_line(f"  - {title}", rows[f"all but {name}"]) for name, title in CHANGES.items()),
    ]
    return "\n".join(lines)


def _line(title: str, row: dict) -> str:
    low, high = wilson(row["successes"], row["seeds"])
    width = sum(2 if ord(character) > 0x2E7F else 1 for character in title)
    share = f"{row['successes']:3} / {row['seeds']}"
    return f"{title}{' ' * (32 - width)}{share}   {low:4.0%} … {high:4.0%}"
