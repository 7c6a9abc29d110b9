"""What a correct answer is recognised by, and the mistakes that people really make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.language import Text


@dataclass(frozen=True)
class Trial:
    """One case and what came of it.

    Attributes:
        inputs: the case's inputs, untouched by the learner; () for an exercise without cases.
        got: the value, converted by the exercise's `returns` (or what its `run` returned).
        where: the call in words, Markdown.
    """

    inputs: tuple
    got: object
    where: str


@dataclass(frozen=True)
class Attempt:
    """A wrong answer, as the `detect` of a `Mistake` sees it.

    Attributes:
        answer: what the learner handed in.
        trials: all trials.
        wrong: the trials in which a property does not hold, at least one.
    """

    answer: object
    trials: tuple[Trial, ...]
    wrong: tuple[Trial, ...]

    def gives(self, formula: Callable[..., object], rtol: float = 1e-5) -> bool:
        """Return whether each wrong value is what `formula(*inputs)` gives, within `rtol`."""
        return all(close(trial.got, formula(*trial.inputs), rtol) for trial in self.wrong)

    def always(self, test: Callable[..., bool]) -> bool:
        """Return whether `test(got, *inputs)` holds for each wrong value."""
        return all(bool(test(trial.got, *trial.inputs)) for trial in self.wrong)


@dataclass(frozen=True)
class Property:
    """Something that is true of a correct value, told without giving the solution away.

    Attributes:
        text: completes "Expected: …", Markdown.
        holds: called as `holds(got, *inputs)`.
    """

    text: Text
    holds: Callable[..., bool]


@dataclass(frozen=True)
class Mistake:
    """A mistake that people really make.

    Attributes:
        id: kebab-case, unique in its exercise.
        detect: called with an `Attempt`; usually one of its methods `gives` and `always`.
        explain: what is wrong and a hint at why, Markdown.
    """

    id: str
    detect: Callable[[Attempt], bool]
    explain: Text


def close(got: object, expected: object, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Return whether numbers, arrays or tuples of them are nearly equal and of equal shapes."""
    if isinstance(got, tuple) and isinstance(expected, tuple):
        return len(got) == len(expected) and all(
            close(g, e, rtol, atol) for g, e in zip(got, expected, strict=True)
        )
    got, expected = np.asarray(got), np.asarray(expected)
    return got.shape == expected.shape and bool(np.allclose(got, expected, rtol, atol))
