"""The examination: cheap tests of a training, each a number with a name. `rules` judges them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils.clinic.anatomy import normalizations, output_range, random_layers
from course_utils.clinic.conditions import together
from course_utils.clinic.habits import habit_numbers, proper, softplus
from course_utils.clinic.likeness import energy_coefficient, flat, out_of_reach, strays, width
from course_utils.clinic.logs import forget, log_numbers, read_log, rows_of
from course_utils.clinic.pairing import pairing_numbers
from course_utils.clinic.specimen import Specimen, auc, norm
from course_utils.clinic.watching import watch


class Examination(NamedTuple):
    """What was measured, and what of it can be shown.

    Attributes:
        numbers: by name; those that could not be measured are missing.
        exhibits: arrays for `pictures.draw`: the curves of the log; `real` and `generated` samples
            [n, …]; D(x) of them, `<name>_belief` [n] for each name in `pictures.ANSWERS`; `moves`
            [steps, 2] of D and G, as shares of the weights' norm. Missing as the numbers are.
    """

    numbers: dict[str, float]
    exhibits: dict[str, np.ndarray]


_BATCHES = 6  # how many give the deviation from one batch to the next
_OPINION = (20, 40)  # steps of the second opinion: of convolutions, of dense networks


def examine(
    history=None,
    *,
    generator,
    discriminator,
    data,
    step: Callable[[], object] | None = None,
    latents: Callable[[int], np.ndarray | list] | None = None,
    labels=None,
) -> Examination:
    """Make all tests that can be made with what is given.

    The networks' variables and the lists of `history` are as before when it returns. `step` has
    moved on whatever else it holds: its optimizers' moments and its own counters.

    Args:
        history: the log so far; see `logs.read_log`.
        generator: see `specimen.Specimen`, as for the next two.
        discriminator: a Keras model.
        data: real samples as D is fed them, [n, …], 50 or more.
        step: makes one step of the training and appends to `history`. Without it nothing is seen
            of who moves, which way and in which mode.
        latents: a function of n, G's inputs; None draws them from N(0, 1).
        labels: the real samples' classes, if a network knows classes; see `specimen.Specimen`.

    Returns:
        The numbers and the exhibits. CPU on one thread: 1 s for points, 2 s for dense networks of
        digits, 7 s for seed 001's convolutions.

    Raises:
        RuntimeError: `step` failed.
        TypeError: see `specimen.Specimen`.
        ValueError: see there and `logs.read_log`.
    """
    log = read_log(history)
    rows = rows_of(history)
    specimen = Specimen(generator, discriminator, data, latents, labels)
    kept = specimen.keep()
    numbers = log_numbers(log)
    numbers["finite"] = float(kept.finite and numbers["log_finite"] == 1)
    exhibits = dict(log)
    if not kept.finite:
        return Examination(numbers, exhibits)
    try:
        opinions, beliefs = _opinions(specimen)
        samples, shown = _samples(specimen)
        exhibits |= beliefs | shown
        numbers |= opinions | samples | _inside(specimen)
        numbers |= pairing_numbers(specimen)
        kept.restore()
        numbers |= _right_losses(specimen)
        kept.restore()
        numbers["second_opinion"] = specimen.second_opinion(_OPINION[specimen.count > 64])
        kept.restore()
        if step is not None:
            finite = numbers["finite"]
            watched, moves = watch(step, specimen, lambda: read_log(history))
            numbers |= watched
            if len(moves):
                exhibits["moves"] = moves
            numbers["finite"] = min(finite, numbers["finite"])
    finally:
        kept.restore()
        forget(history, rows)
    return Examination(numbers, exhibits)


def _opinions(specimen: Specimen) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """What D says, in both modes, of mixed batches and of batches of one kind."""
    real, latents = specimen.real(), specimen.draw()
    fake = specimen.generate(latents)
    kept = specimen.keep()
    trained_fake = specimen.generate(latents, training=True)
    of_real, of_fake = (specimen.logits(specimen.judge(v)) for v in (real, fake))
    both = specimen.logits(specimen.judge(together(real, trained_fake), training=True))
    kept.restore()
    alone = specimen.logits(specimen.judge(trained_fake, training=True))
    kept.restore()
    count = len(of_real)
    logits = {
        "real": of_real, "fake": of_fake, "real_beside": both[:count], "fake_beside": both[count:],
        "fake_alone": alone,
    }  # fmt: skip
    beliefs = {f"{name}_belief": np.exp(-softplus(-v)) for name, v in logits.items()}
    mean = {name: float(v.mean()) for name, v in beliefs.items()}
    apart = flat(fake.values) - flat(trained_fake.values)
    return {
        "real_belief": mean["real_belief"],
        "fake_belief": mean["fake_belief"],
        "auc": auc(of_real, of_fake),
        "largest_logit": float(np.abs(np.concatenate([of_real, of_fake])).max()),
        "fake_belief_mixed": mean["fake_beside_belief"],
        "fake_belief_single": mean["fake_alone_belief"],
        "mixed_single_gap": mean["fake_alone_belief"] - mean["fake_beside_belief"],
        "energy_training": energy_coefficient(real.values, trained_fake.values),
        "g_mode_gap": float(np.sqrt((apart**2).sum(1).mean()) / (width(real.values) or 1.0)),
    }, beliefs


def _samples(specimen: Specimen) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """Ranges, width and likeness of what G draws, without D."""
    shown = {
        "real": specimen.real().values,
        "generated": specimen.generate(specimen.draw()).values,
    }
    real, fake = (flat(v) for v in shown.values())
    lonely, missed = strays(real, fake)
    return {
        "real_min": float(real.min()), "real_max": float(real.max()),
        "fake_min": float(fake.min()), "fake_max": float(fake.max()),
        "out_of_reach": out_of_reach(real, fake, output_range(specimen.generator)),
        "spread": width(fake) / (width(real) or 1.0),
        "energy": energy_coefficient(real, fake),
        "strays": lonely, "missed": missed,
    }, shown  # fmt: skip


def _inside(specimen: Specimen) -> dict[str, float]:
    """What the networks are made of."""
    models = specimen.generator, specimen.discriminator
    norms = [layer for model in models for layer in normalizations(model)]
    in_d = normalizations(specimen.discriminator)
    return {
        "d_ends_in_sigmoid": float(specimen.sigmoid),
        "batch_norms": float(len(norms)),
        "d_batch_norms": float(len(in_d)),
        "dropouts": float(sum(len(random_layers(model)) for model in models)),
        "bn_untouched": float(sum(_untouched(layer) for layer in norms)),
        "d_bn_untouched": float(sum(_untouched(layer) for layer in in_d)),
    }


def _right_losses(specimen: Specimen) -> dict[str, float]:
    """Losses and gradients as they should be, and under each habit of writing them down."""
    *gradients, slope, outputs = specimen.gradients(specimen.real(), specimen.draw())
    several = []
    for _ in range(_BATCHES):
        raw = specimen.outputs(specimen.real(), specimen.draw())
        several.append(proper(*(specimen.logits(v) for v in raw)))
    d_deviation, g_deviation = np.std(several, axis=0)
    return {
        "d_gradient": norm(gradients[0]),
        "g_gradient": norm(gradients[1]),
        "g_minimax_gradient": norm(gradients[2]),
        "slope_at_fakes": slope,
        "batch_sd_d": float(d_deviation),
        "batch_sd_g": float(g_deviation),
        **habit_numbers(outputs, specimen.sigmoid),
    }


def _untouched(layer) -> bool:
    """Whether the moving statistics are still what they are made with."""
    mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    return bool((mean == 0).all() and (variance == 1).all())
