"""The doctor: examines a learner's own training and says what is wrong, why, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from course_utils.clinic.evidence import beside_usual, said, unusual
from course_utils.clinic.habits import OTHER_LOSSES
from course_utils.clinic.rules import AT_REST, INFERRED, NOTE, SEEN, SYMPTOM, Finding, judge
from course_utils.clinic.words import CAUSES, FOLLOWS, GRADES, TITLES, UNSEEN, VERDICTS
from course_utils.language import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOSSES = ("cross_entropy", *OTHER_LOSSES, "other")
"""What `diagnose` may be told of the loss."""


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What the doctor found. Printed, it speaks the language in use at that moment.

    Attributes:
        verdict: "sick", "healthy", "young" (too young to say) or "unknown" (I don't know).
        findings: causes in the order of their rank; see `rules`. Notes may stand in every verdict.
        numbers: all that was measured, by name.
        unseen: what was not given: any of "step", "log" and, of a step that logs nothing, "rows".
        exhibits: arrays for the picture; see `examination.Examination`.
    """

    verdict: str
    findings: tuple[Finding, ...]
    numbers: Mapping[str, float]
    unseen: tuple[str, ...]
    exhibits: Mapping[str, np.ndarray]

    @property
    def causes(self) -> tuple[str, ...]:
        """Names of the causes in the order of their rank, notes left out."""
        return tuple(f.cause for f in self.findings if f.grade != NOTE)

    @property
    def title(self) -> str:
        """The verdict in a line, with the first cause."""
        cause = CAUSES[self.causes[0]].title if self.causes else ""
        return TITLES[self.verdict].format(cause=cause)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        from course_utils.clinic.pictures import describe

        return describe(self.exhibits, self.numbers, self.title)

    def picture(self) -> Figure:
        """The evidence as a figure, 900 pixels wide: `plotting.show(d.picture(), alt=d.alt)`."""
        from course_utils.clinic.pictures import draw

        return draw(self.exhibits, self.causes, self.title)

    def __repr__(self) -> str:
        """As printed: in a notebook the last line of a cell is enough."""
        return str(self)

    def __str__(self) -> str:
        """Verdict, then each cause with its evidence and what to try, then what was not seen."""
        lines = [str(VERDICTS[self.verdict])]
        known = False  # a cause stands above: the symptoms below may be its doing
        for rank, finding in enumerate(self.findings, 1):
            words = CAUSES[finding.cause]
            follows = known and finding.grade == SYMPTOM
            known = known or finding.grade in (SEEN, INFERRED)
            grade = FOLLOWS if follows else GRADES[finding.grade]
            lines.append(_line(f"{rank}. {words.title}", str(grade)))
            lines.append(f"   {words.meaning}")
            numbers = said(finding.evidence)
            if numbers:
                lines.append(text(en=f"   Evidence: {numbers}", zh=f"   证据：{numbers}"))
            if not follows:
                lines.append(text(en=f"   Try: {words.remedy}", zh=f"   试试：{words.remedy}"))
        measured = [name for name in ("energy", "strays", "missed") if name in self.numbers]
        if self.verdict != "sick" and measured:
            numbers = said({name: self.numbers[name] for name in measured})
            lines.append(text(en=f"Measured: {numbers}", zh=f"测得：{numbers}"))
        leads = unusual(self.numbers) if self.verdict == "unknown" else {}
        leads = beside_usual({name: v for name, v in leads.items() if name not in measured})
        if leads:
            lines.append(text(en=f"Unusual: {leads}", zh=f"不寻常的数：{leads}"))
        return "\n".join([*lines, *(str(UNSEEN[name]) for name in self.unseen)])


class NothingMovedError(ValueError):
    """The step given moved neither network; `diagnosis` is what was found all the same."""

    def __init__(self, diagnosis: Diagnosis):
        super().__init__(
            text(
                en="The step given moved neither network. Is it called, does it train these very "
                "models, and are the learning rates above 0?",
                zh="调用 step 之后，两个网络的权重都没有变化。请检查：训练函数真的被调用了吗？"
                "训练的是传入的这两个模型吗？学习率大于 0 吗？",
            )
        )
        self.diagnosis = diagnosis


def check_loss(loss: str | None) -> None:
    """Raise ValueError unless it is None or one of `LOSSES`."""
    if loss is not None and loss not in LOSSES:
        raise ValueError(
            text(
                en=f"loss is {loss!r}; it must be None or one of {', '.join(LOSSES)}.",
                zh=f"loss 是 {loss!r}；可选的值：None、{'、'.join(LOSSES)}。",
            )
        )


def diagnose(
    history=None,
    *,
    generator,
    discriminator,
    data,
    step: Callable[[], object] | None = None,
    latents: Callable[[int], np.ndarray | list] | None = None,
    loss: str | None = None,
    labels=None,
) -> Diagnosis:
    """Examine a training with cheap tests and rank what may be wrong with it.

    It works on any two Keras networks and any loop. The networks' variables and the lists of
    `history` are as before when it returns; the optimizers' moments are not.

    Args:
        history: the log so far, a dict with lists "d_loss" and "g_loss", as the loop writes it;
            what `fit` returns or the engine's `History` will do.
        generator: a Keras model, latents to samples; of a conditional GAN [latents, classes] to
            samples.
        discriminator: a Keras model, samples to one logit or probability each; of a conditional GAN
            [samples, classes] to that; of an ACGAN samples to that and one number for each class.
        data: real samples as D is fed them, [n, …], 50 or more.
        step: a function that makes one step of the training. Without it frozen networks, wrong
            labels, wrong modes and phases cannot be seen.
        latents: a function of n that gives G's inputs, of a conditional GAN latents or a list
            [latents, classes]; None draws them from N(0, 1).
        loss: one of `LOSSES`; None lets the log decide.
        labels: the real samples' classes, if a network is told them or tells them: whole numbers
            [n], or one-hot vectors [n, C]. How a network takes a class, its input's shape says:
            [n] or [n, 1] numbers, [n, C] one-hot, [n, H, W, C] planes.

    Returns:
        The diagnosis; print it. CPU: see `examination.examine`.

    Raises:
        TypeError: a network is no Keras model, or not of the inputs and outputs above.
        RuntimeError: `step` failed.
        ValueError: `data`, `labels`, `latents`, `history` or `loss` cannot be used, the message
            says why; or `step` moves neither network (`NothingMovedError`).
    """
    check_loss(loss)
    from course_utils.clinic.examination import examine

    numbers, exhibits = examine(
        history,
        generator=generator,
        discriminator=discriminator,
        data=data,
        step=step,
        latents=latents,
        labels=labels,
    )
    verdict, findings = judge(numbers, loss)
    unseen = [] if step is not None else ["step"]
    if not {"logged_d_loss", "logged_g_loss"} <= numbers.keys() and numbers["finite"]:
        unseen.append("log")
    elif numbers.get("d_rows") == numbers.get("g_rows") == 0:
        unseen.append("rows")
    diagnosis = Diagnosis(verdict, tuple(findings), numbers, tuple(unseen), exhibits)
    if any(f.cause == AT_REST for f in findings):
        raise NothingMovedError(diagnosis)
    return diagnosis


def _line(left: str, right: str) -> str:
    return text(en=f"{left} ({right})", zh=f"{left}（{right}）")
