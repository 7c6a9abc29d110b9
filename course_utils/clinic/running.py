"""The doctor at a running GAN of the engine, which goes on afterwards as if nothing had been."""

from __future__ import annotations

from itertools import count

import numpy as np

from course_utils.clinic.diagnose import Diagnosis, NothingMovedError, diagnose
from course_utils.language import text
from course_utils.training.gan import GAN
from course_utils.training.losses import Minimax, NonSaturating
from course_utils.training.randomness import DRAWS_PER_STEP, Draws
from course_utils.training.state import read_state, write_state

SAMPLES = 1000
"""Real samples that the doctor draws from."""


def diagnose_gan(gan: GAN) -> Diagnosis:
    """Examine a GAN as it is now: `diagnose` with its log, its data and a step of its own.

    All is put back bit by bit: weights, moments, random states, counters, history. In a session it
    is called by the worker, `session.read(diagnose_gan)`.

    Args:
        gan: with data of its own.

    Raises:
        ValueError: the GAN has no data, being trained by `fit` alone.
    """
    if gan.source is None:
        raise ValueError(
            text(
                en="This GAN has no data of its own, being trained by `fit`: call "
                "clinic.diagnose(…, data=…) with the samples that you train it on.",
                zh="这个 GAN 由 `fit` 训练，自身没有数据：请调用 clinic.diagnose(…, data=…)，"
                "并传入训练所用的样本。",
            )
        )
    state, history = read_state(gan), gan.history
    gan.history = history.until(history.steps)  # a copy, which the doctor's steps are added to
    seeds = count()
    samples, labels = _real_samples(gan)
    try:
        return diagnose(
            gan.history,
            generator=gan.generator,
            discriminator=gan.discriminator,
            data=samples,
            step=lambda: gan.run(1),
            latents=lambda n: gan.latents(n, seed=next(seeds)),
            loss=_name_of_loss(gan),
            **({} if labels is None else {"labels": labels}),
        )
    except NothingMovedError as error:
        return error.diagnosis  # its rates may be 0 on purpose, or have decayed to it
    finally:
        write_state(gan, state)
        gan.history = history


def _real_samples(gan: GAN) -> tuple[np.ndarray, np.ndarray | None]:
    """Samples [n, …], and labels [n] if the GAN knows classes."""
    # The last draw of a step, which no step makes; the samples depend on nothing but the seed.
    drawn = gan.source.draw(Draws(gan.seed, 0, DRAWS_PER_STEP - 1), SAMPLES)
    if isinstance(drawn, tuple):
        return np.asarray(drawn[0]), np.asarray(drawn[1]) if gan.classes else None
    return np.asarray(drawn), None


def _name_of_loss(gan: GAN) -> str | None:
    known = isinstance(gan.adversarial_loss, NonSaturating | Minimax)
    return "cross_entropy" if known else None
