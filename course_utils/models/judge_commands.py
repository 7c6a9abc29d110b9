"""`python -m course_utils train judge`: the judge anew, from MNIST's training digits."""

from __future__ import annotations

from pathlib import Path

from course_utils.command_line import say
from course_utils.language import text
from course_utils.training.files import count, refuse, refuse_out


def add_command(models) -> None:
    """Adds `judge` to the models that `train` knows."""
    judge = models.add_parser(
        "judge", help="the classifier that judges images / 评判图像的分类器（裁判）"
    )
    judge.add_argument("--seed", type=count, default=0, help="fixes the run; default 0")
    judge.add_argument("--epochs", type=count, help="passes over the digits; default 6")
    judge.add_argument(
        "--out", type=Path, default=Path("judge.npz"), help="the file to write; default judge.npz"
    )
    judge.set_defaults(run=train_judge)


def train_judge(options) -> int:
    """Trains, calibrates and tests a judge and writes its file; returns the exit code: 0, 2 or 130.

    The course's judge is that of seed 0: its file is `course_utils/models/judge.npz`, and its
    SHA-256 stands in `course_utils/models/judge.py`. The random numbers are fixed by the seed, but
    another machine or version of TensorFlow rounds differently and ends with another judge, whose
    test accuracy is the same to about 0.1 percentage points. An interrupt (Ctrl-C) writes nothing.
    """
    if (code := refuse_out(options.out)) is not None:
        return code
    if options.epochs == 0:
        return refuse(
            text(en="--epochs 0: at least 1 is needed.", zh="--epochs 0：至少需要 1 轮。")
        )
    from course_utils.data import digits
    from course_utils.models import judge_training
    from course_utils.models.judge import digest
    from course_utils.training.randomness import check_seed

    try:
        check_seed(options.seed)
    except ValueError as error:
        return refuse(str(error))
    epochs = judge_training.EPOCHS if options.epochs is None else options.epochs
    try:
        trained = judge_training.train(*digits.load("train"), options.seed, epochs, _progress_bar())
    except KeyboardInterrupt:
        say(
            en="\nStopped; nothing was written. A judge that was trained for a shorter time would "
            "be another judge.",
            zh="\n已停止，没有写入任何文件：训练时间不够的网络不能当裁判。",
        )
        return 130
    judge = trained.judge
    judge.provenance = provenance(trained, options.seed, epochs)
    judge.save(options.out)
    accuracy, temperature = judge.provenance["test_accuracy"], judge.temperature
    before, after = judge.provenance["calibration_error_held_out"]
    say(
        en=f"{options.out}: {accuracy:.2%} of the test digits are right; temperature "
        f"{temperature:.3f}; calibration error on held-out digits {before:.4f} before, "
        f"{after:.4f} after. SHA-256 {digest(options.out)}",
        zh=f"{options.out}：测试数字的正确率为 {accuracy:.2%}；温度为 {temperature:.3f}；"
        f"留出数字上的校准误差由 {before:.4f} 变为 {after:.4f}。SHA-256 {digest(options.out)}",
    )
    return 0


def _progress_bar():
    import keras

    bars = []

    def show(done: int, total: int, means: dict) -> None:
        if not bars:
            bars.append(keras.utils.Progbar(total, stateful_metrics=list(means)))
        bars[0].update(done, list(means.items()), finalize=done == total)

    return show


def provenance(trained, seed: int, epochs: int) -> dict:
    """How a judge was made, and how good it is; for `judge_training.Trained`."""
    from course_utils.data import digits
    from course_utils.models.judge_training import calibration_error
    from course_utils.training.checkpoints import versions

    images, labels = digits.load("test")
    probabilities = trained.judge.probabilities(images)
    return {
        "command": f"python -m course_utils train judge --seed {seed} --epochs {epochs}",
        "seed": seed,
        "epochs": epochs,
        "versions": versions(),
        "test_accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
        "calibration_error_test": calibration_error(probabilities, labels),
        "calibration_error_held_out": list(trained.errors),
    }
