"""`python -m course_utils train dcgan|cgan|acgan …`: digits, within a budget of seconds."""

from __future__ import annotations

import argparse
import importlib
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from course_utils.language import text
from course_utils.training.files import count, refuse, refuse_out, write_atomically
from course_utils.training.interrupts import held_back, say_stopped

CORES = 2
"""A budget of T seconds is T seconds of this many cores, whatever machine computes them."""
JUDGED = 500
"""Images that the judge sees for the progress bar."""
LOOKS = 8
"""How often it sees them; a checkpoint is written each time."""
STEPS = 20
"""Steps between two looks at the clock."""
LONGEST = 1e6
"""The longest budget, in seconds."""


MODELS = {
    "dcgan": ("dcgan", "handwritten digits (lesson 03) / 手写数字（第 03 课）"),
    "cgan": ("conditional", "digits of a class (lesson 05) / 指定类别的手写数字（第 05 课）"),
    "acgan": ("acgan", "digits of a class (lesson 06) / 指定类别的手写数字（第 06 课）"),
}
"""What can be trained: the module of `course_utils.models`, and words for the help."""


def add_commands(models) -> None:
    """Adds the models of digits to those that `train` knows."""
    for name, (_, about) in MODELS.items():
        _add_options(models.add_parser(name, help=about))


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=60.0,
        help=f"budget: CPU seconds divided by {CORES}, everything included that is needed to start;"
        " default 60",
    )
    parser.add_argument(
        "--seed",
        type=count,
        help="fixes the whole run; default 0, with --resume that of the checkpoint",
    )
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
    parser.set_defaults(run=train_images)


def train_images(options) -> int:
    """Trains the quick model `options.model`, writes one `.npz` file; the exit code, 0 or 2.

    The file holds `images` (uint8 `[N, 28, 28]`, 0 = paper), of a conditional model `labels`
    (int32 `[N]`, the classes that G was asked for: 0, …, 9, 0, … in turn), `curves` (float32
    `[steps, 8]`, columns as in `history.CURVES`) and `settings` (JSON; its `legs` are the budgets
    of the run and of those it goes on from).

    A checkpoint beside it, for `--resume`, is written now and then while training and at the end.
    An interrupt (Ctrl-C) ends the training early and keeps what was learned; NaN or infinity end it
    too, and what was written before stays.
    """
    checkpoint = options.out.with_name(f"{options.out.name.removesuffix('.npz')}.checkpoint.npz")
    if (code := _refuse_files(options, checkpoint)) is not None:
        return code
    import numpy as np

    from course_utils.data.images import to_pixels
    from course_utils.models import weights
    from course_utils.training import checkpoints

    model = importlib.import_module(f"course_utils.models.{MODELS[options.model][0]}")

    try:
        gan = model.build_gan(seed=options.seed or 0, jit_compile=True)
        if options.resume:
            checkpoints.load(gan, checkpoint)
    except (ValueError, checkpoints.CheckpointError) as error:
        return refuse(str(error))
    if options.seed not in (None, gan.seed):
        return refuse(
            text(
                en=f"{checkpoint} is a run of seed {gan.seed}, not {options.seed}. Leave --seed "
                "out to go on with it, or train without --resume.",
                zh=f"{checkpoint} 的随机种子是 {gan.seed}，不是 {options.seed}。"
                "要继续这次训练，请去掉 --seed；否则请不带 --resume 重新训练。",
            )
        )
    first, legs = gan.step, _former_legs(options.out, gan) if options.resume else []

    def save_checkpoint() -> None:
        _check_finite(gan)
        checkpoints.save(gan, checkpoint)

    try:
        stopped = _train_for(gan, options.seconds, save_checkpoint)
        with held_back():  # an impatient second interrupt must not lose what the first one kept
            if stopped:
                say_stopped(gan.step)
            samples = gan.generate(options.samples, seed=gan.seed)
            _check_finite(gan, samples)
            described = {
                "model": options.model,
                "command": f"python -m course_utils train {options.model} "
                f"--seconds {options.seconds:g} --seed {gan.seed}"
                + (" --resume" if options.resume else ""),
                "seed": gan.seed,
                "seconds": options.seconds,
                "steps": gan.step,
                "resumed_at_step": first or None,
                "legs": [*legs, {"seconds": options.seconds, "from": first, "to": gan.step}],
                "versions": checkpoints.versions(),
                "log": gan.history.log(),
            }
            classes = np.arange(options.samples, dtype=np.int32) % max(gan.classes, 1)
            arrays = {
                "images": to_pixels(samples),
                **({"labels": classes} if gan.classes else {}),
                "curves": gan.history.rows,
                "settings": np.array(json.dumps(described)),
            }
            save_checkpoint()
            write_atomically(options.out, lambda file: np.savez_compressed(file, **arrays))
            if options.weights:
                weights.save(gan.ema_generator, options.weights, described)
            print(
                text(
                    en=f"{options.out}: {options.samples} images after {gan.step} steps. Measure "
                    f"them with: python -m course_utils evaluate {options.model} {options.out}",
                    zh=f"{options.out}：训练 {gan.step} 步后生成的 {options.samples} 幅图像。"
                    f"评估命令：python -m course_utils evaluate {options.model} {options.out}",
                )
            )
    except _Diverged as diverged:
        return refuse(_said(diverged, options.out, checkpoint))
    return 0


def _refuse_files(options, checkpoint: Path) -> int | None:
    """Says what is wrong with the files that are named; returns the exit code then, else None."""
    for path in filter(None, (options.out, checkpoint, options.weights)):
        if (code := refuse_out(path)) is not None:
            return code
    others = {path.resolve() for path in (options.out, checkpoint)}
    if options.weights and options.weights.resolve() in others:
        return refuse(
            text(
                en=f"--weights {options.weights} would overwrite the images or the checkpoint of "
                "this run. Choose another file for it.",
                zh=f"--weights {options.weights} 会覆盖本次训练的图像文件或检查点。"
                "请为权重另选一个文件。",
            )
        )
    if options.resume and not checkpoint.is_file():
        return refuse(
            text(
                en=f"There is no {checkpoint} to go on from. Train without --resume first.",
                zh=f"没有可以继续的检查点 {checkpoint}。请先不带 --resume 训练一次。",
            )
        )
    return None


def _former_legs(out: Path, gan) -> list[dict]:
    """The budgets that led to `out`, if `gan` goes on from there; else none are known."""
    import numpy as np

    try:
        with np.load(out, allow_pickle=False) as file:
            settings, curves = json.loads(str(file["settings"])), file["curves"]
        same = settings["seed"] == gan.seed
        # Earlier versions of the course knew fewer curves; all of those come first.
        rows = gan.history.rows[: len(curves), : curves.shape[1]]
        same = same and np.array_equal(curves, rows)
        return settings["legs"] if same else []
    except (OSError, EOFError, ValueError, LookupError, TypeError, zipfile.BadZipFile):
        return []  # it is missing, or another kind of file


class _Diverged(Exception):
    """Training met NaN or infinity, at step `step`, counted from 1."""

    def __init__(self, step: int):
        self.step = step


def _said(diverged: _Diverged, out: Path, checkpoint: Path) -> str:
    kept = checkpoint.is_file()
    return text(
        en=f"\nTraining met NaN or infinity at step {diverged.step} and was stopped; {out} was "
        "not written. Train with another --seed"
        + (
            f", or go on with --resume from the last checkpoint, {checkpoint}; --resume "
            "--seconds 0 draws its images as it is."
            if kept
            else "."
        ),
        zh=f"\n训练在第 {diverged.step} 步出现了 NaN 或无穷大，已停止；没有写入 {out}。"
        "请换一个 --seed 重新训练"
        + (
            f"，或用 --resume 从最近的检查点 {checkpoint} 继续；"
            "--resume --seconds 0 不再训练，只用该检查点生成图像。"
            if kept
            else "。"
        ),
    )


def _check_finite(gan, *arrays) -> None:
    """Raises _Diverged unless the GAN's whole state and `arrays` are finite."""
    import numpy as np

    from course_utils.training.state import read_state

    if not all(np.isfinite(array).all() for array in (*read_state(gan).values(), *arrays)):
        raise _Diverged(gan.step)


def _train_for(gan, seconds: float, save_checkpoint: Callable[[], None]) -> bool:
    """Trains until this process has used `seconds` · `CORES` seconds of CPU, imports included.

    A budget that start-up alone has used up trains nothing.

    Args:
        gan: the GAN.
        seconds: the budget.
        save_checkpoint: called at each look but one at the end.

    Returns:
        Whether an interrupt has ended it.

    Raises:
        _Diverged: a loss or a weight is not finite any more.
    """
    import keras
    import numpy as np

    from course_utils.evaluation.live_measures import live_measures

    measures, shown = live_measures(JUDGED, conditional=gan.classes > 0), []
    # Keras' bar counts whole numbers: thousandths of the budget.
    bar = keras.utils.Progbar(1000, unit_name="‰", stateful_metrics=list(measures))
    share, looks = _share_used(seconds), 0
    try:
        while share < 1.0:
            rows = gan.run(STEPS)
            bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
            if bad.size:
                raise _Diverged(gan.step - len(rows) + int(bad[0]) + 1)
            share = _share_used(seconds)
            if share * LOOKS >= looks + 1:
                looks = int(share * LOOKS)
                if share < 1.0:
                    save_checkpoint()
                shown = [(title, measure(gan)) for title, measure in measures.items()]
            losses = [("D loss", rows[:, 0].mean()), ("G loss", rows[:, 4].mean())]
            bar.update(min(1000, int(1000 * share)), losses + shown, finalize=share >= 1.0)
    except KeyboardInterrupt:
        return True
    return False


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
