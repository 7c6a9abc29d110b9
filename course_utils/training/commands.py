"""`python -m course_utils train …`: training without a notebook."""

from __future__ import annotations

import json
from pathlib import Path

from course_utils.language import text
from course_utils.models import image_commands, judge_commands
from course_utils.training.files import count, refuse, refuse_out, write_atomically
from course_utils.training.interrupts import held_back, say_stopped


def add_commands(subparsers) -> None:
    """Adds `train` to the course's command line."""
    train = subparsers.add_parser(
        "train", help="train a GAN without a notebook / 不用 notebook 训练"
    )
    models = train.add_subparsers(dest="model", required=True)
    x2 = models.add_parser("x2", help="points of y = x² (lesson 01) / y = x² 上的点（第 01 课）")
    x2.add_argument("--steps", type=count, help="steps to train; default: the settings' own")
    x2.add_argument("--seed", type=count, default=0, help="fixes the whole run; default 0")
    x2.add_argument(
        "--samples", type=count, default=10_000, help="points to generate; default 10000"
    )
    x2.add_argument("--settings", choices=("reliable", "tutorial"), default="reliable")
    x2.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    x2.set_defaults(run=train_x2)
    image_commands.add_commands(models)
    judge_commands.add_command(models)


def train_x2(options) -> int:
    """Trains the x² GAN and writes one `.npz` file; returns the exit code, 0 or 2.

    The file holds `samples` (float32 `[M, 2]`), `curves` (float32 `[steps, 8]`, columns as in
    `history.CURVES`) and `settings` (JSON: the settings, the seed, the steps and the run's log).
    An interrupt (Ctrl-C) ends the training early and keeps what was learned.
    """
    if (code := refuse_out(options.out)) is not None:
        return code
    import numpy as np

    from course_utils.models import x2

    settings = x2.RELIABLE if options.settings == "reliable" else x2.TUTORIAL
    steps = settings.steps if options.steps is None else options.steps
    try:
        gan = x2.build_gan(settings, seed=options.seed, steps=steps)
    except ValueError as error:
        return refuse(str(error))
    stopped = _train_with_progress(gan, steps)
    with held_back():  # an impatient second interrupt must not lose what the first one kept
        if stopped:
            say_stopped(gan.step)
        described = {
            "model": "x2",
            "settings": options.settings,
            "seed": options.seed,
            "steps": gan.step,
            "steps_asked_for": steps,
            "log": gan.history.log(),
        }
        arrays = {
            "samples": gan.generate(options.samples, seed=options.seed),
            "curves": gan.history.rows,
            "settings": np.array(json.dumps(described)),
        }
        write_atomically(options.out, lambda file: np.savez_compressed(file, **arrays))
        print(
            text(
                en=f"{options.out}: {options.samples} points after {gan.step} steps. "
                f"Measure them with: python -m course_utils evaluate x2 {options.out}",
                zh=f"{options.out}：训练 {gan.step} 步后生成的 {options.samples} 个点。评估命令："
                f"python -m course_utils evaluate x2 {options.out}",
            )
        )
    return 0


def _train_with_progress(gan, steps: int) -> bool:
    """Trains up to `steps` steps; returns whether an interrupt has ended it."""
    import keras

    from course_utils.training.compiled import LONGEST_CHUNK

    bar = keras.utils.Progbar(steps, unit_name="step")
    try:
        while gan.step < steps:
            rows = gan.run(min(LONGEST_CHUNK, steps - gan.step))
            shown = [("D loss", rows[:, 0].mean()), ("G loss", rows[:, 4].mean())]
            bar.update(gan.step, shown, finalize=gan.step == steps)
    except KeyboardInterrupt:
        return True
    return False
