"""The examination: cheap tests of a training, each a number with a name. `rules` judges them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.clinic.anatomy import normalizations, output_range, random_layers
from course_utils.clinic.habits import habit_numbers, proper, softplus
from course_utils.clinic.likeness import energy_coefficient, flat, width
from course_utils.clinic.logs import forget, log_numbers, read_log, rows_of
from course_utils.clinic.specimen import Specimen, norm
from course_utils.clinic.watching import watch

_BATCHES = 6  # how many give the deviation from one batch to the next
_OPINION = (20, 40)  # steps of the second opinion: of convolutions, of dense networks
_MARGIN = 0.02  # of a last activation's range, for data just outside it


def examine(
    history=None,
    *,
    generator,
    discriminator,
    data,
    step: Callable[[], object] | None = None,
    latents: Callable[[int], np.ndarray] | None = None,
) -> dict[str, float]:
    """Make all tests that can be made with what is given.

    The networks' variables and the lists of `history` are as before when it returns. `step` has
    moved on whatever else it holds: its optimizers' moments and its own counters.

    Args:
        history: the log so far; see `logs.read_log`.
        generator: a Keras model, latents to samples.
        discriminator: a Keras model, samples to logits or probabilities.
        data: real samples as D is fed them, [n, …], 50 or more.
        step: makes one step of the training and appends to `history`. Without it six causes cannot
            be seen; see `rules`.
        latents: a function of n, G's inputs; None draws them from N(0, 1).

    Returns:
        Numbers by name; those that could not be measured are missing. CPU on one thread: 1.5 s for
        points, 3 s for dense networks of digits.

    Raises:
        TypeError: see `specimen.Specimen`.
        ValueError: see there and `logs.read_log`.
    """
    log = read_log(history)
    rows = rows_of(history)
    specimen = Specimen(generator, discriminator, data, latents)
    kept = specimen.keep()
    numbers = log_numbers(log)
    numbers["finite"] = float(kept.finite and numbers["log_finite"] == 1)
    if not kept.finite:
        return numbers
    try:
        numbers |= _opinions(specimen) | _samples(specimen) | _inside(specimen)
        kept.restore()
        numbers |= _right_losses(specimen)
        kept.restore()
        numbers["second_opinion"] = specimen.second_opinion(_OPINION[specimen.count > 64])
        kept.restore()
        if step is not None:
            finite = numbers["finite"]
            numbers |= watch(step, specimen, lambda: read_log(history))
            numbers["finite"] = min(finite, numbers["finite"])
    finally:
        kept.restore()
        forget(history, rows)
    return numbers


def _opinions(specimen: Specimen) -> dict[str, float]:
    """What D says, in both modes, of mixed batches and of batches of one kind."""
    real, latents = specimen.real(), specimen.draw()
    fake = specimen.generate(latents)
    kept = specimen.keep()
    trained_fake = specimen.generate(latents, training=True)
    of_real, of_fake = (specimen.logits(specimen.judge(v)) for v in (real, fake))
    both = specimen.judge(np.concatenate([real, trained_fake]), training=True)
    kept.restore()
    alone = specimen.logits(specimen.judge(trained_fake, training=True))
    kept.restore()
    mixed = specimen.logits(both)[len(real) :]
    apart = flat(fake) - flat(trained_fake)
    return {
        "real_belief": _belief(of_real),
        "fake_belief": _belief(of_fake),
        "auc": _auc(of_real, of_fake),
        "largest_logit": float(np.abs(np.concatenate([of_real, of_fake])).max()),
        "fake_belief_mixed": _belief(mixed),
        "fake_belief_single": _belief(alone),
        "mixed_single_gap": _belief(alone) - _belief(mixed),
        "g_mode_gap": float(np.sqrt((apart**2).sum(1).mean()) / (width(real) or 1.0)),
    }


def _samples(specimen: Specimen) -> dict[str, float]:
    """Ranges, width and likeness of what G draws, without D."""
    real, fake = flat(specimen.real()), flat(specimen.generate(specimen.draw()))
    low, high = output_range(specimen.generator)
    outside = (real < low - _MARGIN) | (real > high + _MARGIN)
    return {
        "real_min": float(real.min()), "real_max": float(real.max()),
        "fake_min": float(fake.min()), "fake_max": float(fake.max()),
        "out_of_reach": float(outside.mean()),
        "spread": width(fake) / (width(real) or 1.0),
        "energy": energy_coefficient(real, fake),
    }  # fmt: skip


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


def _belief(logits: np.ndarray) -> float:
    return float(np.exp(-softplus(-logits)).mean())


def _auc(real: np.ndarray, fake: np.ndarray) -> float:
    """How often D finds a real sample more real than a generated one; ties count half."""
    larger, equal = real[:, None] > fake, real[:, None] == fake
    return float(larger.mean() + equal.mean() / 2)


def _untouched(layer) -> bool:
    """Whether the moving statistics are still what they are made with."""
    mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    return bool((mean == 0).all() and (variance == 1).all())
