"""The doctor: examines a learner's own training and says what is wrong, why, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.clinic.habits import OTHER_LOSSES
from course_utils.clinic.rules import NOTE, Finding, judge
from course_utils.clinic.words import CAUSES, GRADES, UNSEEN, VERDICTS
from course_utils.language import text

LOSSES = ("cross_entropy", *OTHER_LOSSES, "other")
"""What `diagnose` may be told of the loss."""


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor found. Printed, it speaks the language in use at that moment.

    Attributes:
        verdict: "sick", "healthy", "young" (too young to say) or "unknown" (I don't know).
        findings: causes in the order of their rank; see `rules`. Notes may stand in every verdict.
        numbers: all that was measured, by name.
        unseen: what was not given: any of "step" and "log".
    """

    verdict: str
    findings: tuple[Finding, ...]
    numbers: Mapping[str, float]
    unseen: tuple[str, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Names of the causes in the order of their rank, notes left out."""
        return tuple(f.cause for f in self.findings if f.grade != NOTE)

    def __str__(self) -> str:
        """Verdict, then each cause with its evidence and what to try, then what was not seen."""
        lines = [str(VERDICTS[self.verdict])]
        for rank, finding in enumerate(self.findings, 1):
            words = CAUSES[finding.cause]
            lines.append(_line(f"{rank}. {words.title}", f"{GRADES[finding.grade]}"))
            lines.append(f"   {words.meaning}")
            numbers = ", ".join(f"{k} = {v:.3g}" for k, v in finding.evidence.items())
            if numbers:
                lines.append(text(en=f"   Evidence: {numbers}", zh=f"   证据：{numbers}"))
            lines.append(text(en=f"   Try: {words.remedy}", zh=f"   试试：{words.remedy}"))
        if self.verdict != "sick" and "energy" in self.numbers:
            energy = f"{self.numbers['energy']:.3f}"
            lines.append(
                text(
                    en=f"Unlikeness of the samples (energy coefficient, 0 to 1): {energy}",
                    zh=f"生成样本与数据的差异（能量系数，0 到 1）：{energy}",
                )
            )
        return "\n".join([*lines, *(str(UNSEEN[name]) for name in self.unseen)])


def diagnose(
    history=None,
    *,
    generator,
    discriminator,
    data,
    step: Callable[[], object] | None = None,
    latents: Callable[[int], np.ndarray] | None = None,
    loss: str | None = None,
) -> Diagnosis:
    """Examine a training with cheap tests and rank what may be wrong with it.

    It works on any two Keras networks and any loop. The networks' variables and the lists of
    `history` are as before when it returns; the optimizers' moments are not.

    Args:
        history: the log so far, a dict with lists "d_loss" and "g_loss", as the loop writes it;
            what `fit` returns or the engine's `History` will do.
        generator: a Keras model, latents to samples, not conditional.
        discriminator: a Keras model, samples to one logit or probability each.
        data: real samples as D is fed them, [n, …], 50 or more.
        step: a function that makes one step of the training. Without it frozen networks, wrong
            labels, wrong modes and phases cannot be seen.
        latents: a function of n that gives G's inputs; None draws them from N(0, 1).
        loss: one of `LOSSES`; None lets the log decide.

    Returns:
        The diagnosis; print it. CPU: see `examination.examine`.

    Raises:
        TypeError: a network is no Keras model with one input.
        ValueError: `data`, `history` or `loss` cannot be used; the message says why.
    """
    if loss is not None and loss not in LOSSES:
        raise ValueError(
            text(
                en=f"loss is {loss!r}; it must be None or one of {', '.join(LOSSES)}.",
                zh=f"loss 是 {loss!r}；可选的值：None、{'、'.join(LOSSES)}。",
            )
        )
    from course_utils.clinic.examination import examine

    numbers = examine(
        history,
        generator=generator,
        discriminator=discriminator,
        data=data,
        step=step,
        latents=latents,
    )
    verdict, findings = judge(numbers, loss)
    unseen = [] if step is not None else ["step"]
    if not {"logged_d_loss", "logged_g_loss"} <= numbers.keys() and numbers["finite"]:
        unseen.append("log")
    return Diagnosis(verdict, tuple(findings), numbers, tuple(unseen))


def _line(left: str, right: str) -> str:
    return text(en=f"{left} ({right})", zh=f"{left}（{right}）")
