"""A case of the clinic: how a training is built, what is wrong with it, and its healthy twin."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

from course_utils.language import Text, text

DATA = ("ring", "moons", "x2", "digits")
RECIPES = ("explicit", "flag")
OPTIMIZERS = ("adam", "rmsprop", "sgd")


@dataclass(frozen=True)
class Options:
    """How a patient's networks are built and trained. The defaults are healthy.

    Attributes:
        data: what G imitates: "ring" (8 Gaussians), "moons", "x2" or "digits".
        data_range: the grey values of black and white, for digits.
        images: how many digits there are, at most 60,000.
        steps: of training.
        batch: real samples in a step; as many are generated.
        latent_dim: how many numbers G is fed.
        latent_scale: their standard deviation.
        networks: "dense", or "seed001" (an eighth of that seed's channels; digits only).
        g_activation: of G's last layer, or None.
        d_sigmoid: D ends in a sigmoid.
        from_logits: what the loss is told about that.
        d_bn: batch normalisation in D.
        g_bn: batch normalisation in G.
        d_dropout: share of D's units that dropout sets to 0.
        mixed: D's step shows it real and generated samples in one batch.
        training: both steps call the networks with `training=True`.
        predicted: D's step takes its fakes from G in inference mode, as `predict` does.
        d_rate: D's learning rate.
        g_rate: G's learning rate.
        betas: Adam's two decay rates.
        optimizer: "adam", "rmsprop" or "sgd".
        r1: weight of the R1 penalty; 0 for none.
        real_label: D's target for real samples.
        fake_label: D's target for generated ones.
        g_label: what G wants D to say of its samples.
        shuffled_labels: D's samples are shuffled, their labels are not.
        conditional: both networks are told the class; ring only, a class is a Gaussian.
        shuffled_conditions: the real samples' classes are those of other samples.
        cut: generated samples pass through NumPy in G's step: no gradient reaches G.
        minimax: G minimises log(1 - D(G(z))) rather than -log D(G(z)).
        recipe: "explicit" steps over each network's own variables, or "flag": compile D, set
            `D.trainable = False`, compile G and D as one model, alternate `train_on_batch`.
        thresholds: (for D, for G): each is trained until its loss is below; None alternates.
        cap: the most steps of such a phase.
        running_mean: the log holds means over all steps so far.
        d_steps: steps of D before each one of G.
        naive_log: the loss takes log p without protection from p = 0.
    """

    data: str = "ring"
    data_range: tuple[float, float] = (-1, 1)
    images: int = 6000
    steps: int = 700
    batch: int = 64
    latent_dim: int = 2
    latent_scale: float = 1.0
    networks: str = "dense"
    g_activation: str | None = None
    d_sigmoid: bool = False
    from_logits: bool = True
    d_bn: bool = False
    g_bn: bool = False
    d_dropout: float = 0.0
    mixed: bool = True
    training: bool = True
    predicted: bool = False
    d_rate: float = 8e-3
    g_rate: float = 4e-3
    betas: tuple[float, float] = (0.5, 0.99)
    optimizer: str = "adam"
    r1: float = 0.1
    real_label: float = 1.0
    fake_label: float = 0.0
    g_label: float = 1.0
    shuffled_labels: bool = False
    conditional: bool = False
    shuffled_conditions: bool = False
    cut: bool = False
    minimax: bool = False
    recipe: str = "explicit"
    thresholds: tuple[float, float] | None = None
    cap: int = 400
    running_mean: bool = False
    d_steps: int = 1
    naive_log: bool = False

    def __post_init__(self):
        for name, allowed in (("data", DATA), ("recipe", RECIPES), ("optimizer", OPTIMIZERS)):
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(
                    text(
                        en=f"{name} is {value!r}; it must be one of {', '.join(allowed)}.",
                        zh=f"{name} 是 {value!r}；可选的值：{'、'.join(allowed)}。",
                    )
                )

        if self.conditional and (self.data, self.recipe) != ("ring", "explicit"):
            raise ValueError(
                text(
                    en="conditional networks need data='ring' and recipe='explicit'.",
                    zh="条件网络需要 data='ring' 且 recipe='explicit'。",
                )
            )
        if self.shuffled_conditions and not self.conditional:
            raise ValueError(
                text(
                    en="shuffled_conditions needs conditional=True: there are no classes else.",
                    zh="shuffled_conditions 需要 conditional=True：否则没有类别可以打乱。",
                )
            )

    def difference(self, other: Options) -> dict[str, tuple]:
        """Where the two differ: the option's name, and its value here and there."""
        pairs = ((f.name, getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return {name: (mine, theirs) for name, mine, theirs in pairs if mine != theirs}


class Case(NamedTuple):
    """A sick training with its healthy twin, which differs in the illness only.

    Attributes:
        name: in the zoo.
        wrong: what is wrong, in a line.
        origin: where it is met.
        sick: the training.
        healthy: the same, cured.
        causes: names in `words.CAUSES` that count as the right diagnosis; more than one if more
            than one is true of the run.
        measure: a name in `proof.MEASURES`, the number that tells sick from healthy.
        limits: where it proves health, and where illness: worse is towards the second.
        visible: the samples show it; otherwise only the log or the layers' state does.
    """

    name: str
    wrong: Text
    origin: Text
    sick: Options
    healthy: Options
    causes: tuple[str, ...]
    measure: str = "energy"
    limits: tuple[float, float] = (0.06, 0.08)
    visible: bool = True

    def shows(self, value: float) -> bool:
        """Whether a value of the measure proves the illness."""
        well, ill = self.limits
        return value >= ill if ill > well else value <= ill

    def cured(self, value: float) -> bool:
        """Whether a value of the measure proves that nothing is left of it."""
        well, ill = self.limits
        return value <= well if ill > well else value >= well
