"""`python -m course_utils train dcgan …`: digits from noise, within a budget of seconds."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from course_utils.language import text
from course_utils.training.files import count, refuse, refuse_out, write_atomically

CORES = 2
"""A budget of T seconds is T seconds of this many cores, whatever machine computes them."""
JUDGED = 500
"""Images that the judge sees for the progress bar."""
LOOKS = 8
"""How often it sees them."""
STEPS = 20
"""Steps between two looks at the clock."""
LONGEST = 1e6
"""The longest budget, in seconds."""


def add_command(models) -> None:
    """Adds `dcgan` to the models that `train` knows."""
    parser = models.add_parser(
        "dcgan", help="handwritten digits (lesson 03) / 手写数字（第 03 课）"
    )
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=60.0,
        help=f"budget: CPU seconds divided by {CORES}, everything included that is needed to start;"
        " default 60",
    )
    parser.add_argument("--seed", type=count, default=0, help="fixes the whole run; default 0")
    parser.add_argument(
        "--samples", type=count, default=10_000, help="images to generate; default 10000"
    )
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on from the checkpoint beside --out, for --seconds more",
    )
    parser.add_argument(
        "--weights", type=Path, help="also write the generator's averaged weights to this .npz file"
    )
    parser.set_defaults(run=train_dcgan)


def train_dcgan(options) -> int:
    """Trains the quick DCGAN and writes one `.npz` file; returns the exit code, 0 or 2.

    The file holds `images` (uint8 `[N, 28, 28]`, 0 = paper), `curves` (float32 `[steps, 6]`,
    columns as in `history.CURVES`) and `settings` (JSON). A checkpoint is written beside it, for
    `--resume`. An interrupt (Ctrl-C) ends the training early and keeps what was learned.
    """
    for path in filter(None, (options.out, options.weights)):
        if (code := refuse_out(path)) is not None:
            return code
    checkpoint = options.out.with_suffix(".checkpoint.npz")
    if options.resume and not checkpoint.is_file():
        return refuse(
            text(
                en=f"There is no {checkpoint} to go on from. Train without --resume first.",
                zh=f"没有可以继续的检查点 {checkpoint}。请先不带 --resume 训练一次。",
            )
        )
    import numpy as np

    from course_utils.data.images import to_pixels
    from course_utils.models import dcgan, weights
    from course_utils.training import checkpoints

    try:
        gan = dcgan.build_gan(seed=options.seed)
        if options.resume:
            checkpoints.load(gan, checkpoint)
    except (ValueError, checkpoints.CheckpointError) as error:
        return refuse(str(error))
    first = gan.step
    _train_for(gan, options.seconds)
    described = {
        "model": "dcgan",
        "command": f"python -m course_utils train dcgan --seconds {options.seconds:g} "
        f"--seed {gan.seed}" + (" --resume" if options.resume else ""),
        "seed": gan.seed,
        "seconds": options.seconds,
        "steps": gan.step,
        "resumed_at_step": first or None,
        "versions": checkpoints.versions(),
        "log": gan.history.log(),
    }
    checkpoints.save(gan, checkpoint)
    write_atomically(
        options.out,
        images=to_pixels(gan.generate(options.samples, seed=options.seed)),
        curves=gan.history.rows,
        settings=np.array(json.dumps(described)),
    )
    if options.weights:
        weights.save(gan.ema_generator, options.weights, described)
    print(
        text(
            en=f"{options.out}: {options.samples} images after {gan.step} steps. "
            f"Measure them with: python -m course_utils evaluate dcgan {options.out}",
            zh=f"{options.out}：训练 {gan.step} 步后生成的 {options.samples} 幅图像。评估命令："
            f"python -m course_utils evaluate dcgan {options.out}",
        )
    )
    return 0


def _train_for(gan, seconds: float) -> None:
    """Trains until this process has used `seconds` · `CORES` seconds of CPU, imports included.

    A budget that start-up alone has used up trains nothing.
    """
    import keras

    from course_utils.evaluation.live_measures import live_measures

    measures, shown = live_measures(JUDGED), []
    # Keras' bar counts whole numbers: thousandths of the budget.
    bar = keras.utils.Progbar(1000, unit_name="‰", stateful_metrics=list(measures))
    share, looks = _share_used(seconds), 0
    try:
        while share < 1.0:
            rows = gan.run(STEPS)
            share = _share_used(seconds)
            if share * LOOKS >= looks + 1:
                looks = int(share * LOOKS)
                shown = [(title, measure(gan)) for title, measure in measures.items()]
            losses = [("D loss", rows[:, 0].mean()), ("G loss", rows[:, 4].mean())]
            bar.update(min(1000, int(1000 * share)), losses + shown, finalize=share >= 1.0)
    except KeyboardInterrupt:
        print(
            text(
                en=f"\nStopped at step {gan.step}; what was learned is kept.",
                zh=f"\n已在第 {gan.step} 步停止；学到的内容会保留。",
            )
        )


def _share_used(seconds: float) -> float:
    return time.process_time() / (CORES * seconds) if seconds else 1.0


def _seconds(argument: str) -> float:
    try:
        seconds = float(argument)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= LONGEST:
        raise argparse.ArgumentTypeError(
            text(
                en=f"{argument!r} is no number of seconds, 0 … {LONGEST:g}",
                zh=f"{argument!r} 不是有效的秒数，范围 0 … {LONGEST:g}",
            )
        )
    return seconds
