"""`python -m course_utils leaderboard`: train, measure, and write the leaderboard anew."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from course_utils.command_line import CommandProblem, say
from course_utils.environment import ROOT
from course_utils.language import text

MODELS = ("acgan", "cgan", "dcgan")
CONDITIONAL = ("acgan", "cgan")
STEPS = {"acgan": 10_000, "cgan": 5800, "dcgan": 4000}
"""What 60 seconds of two cores were good for on the machine of the benchmarks.

Steps and not seconds, so that a busy machine does not look like an unlucky seed.
"""
SEEDS = (0, 1, 2, 3)
"""Four against four: equally good generators come apart by luck in 2 of 70 orders, below 5 %."""
SAMPLES = 10_000
_REPORTED = 500  # steps between two lines of progress
RUNS = ROOT / "build" / "leaderboard"


def add_commands(subparsers) -> None:
    """Add ``leaderboard`` to argparse's `subparsers`; it sets ``run``: arguments -> exit code."""
    about = text(
        en="train and measure the course's generators anew, for its leaderboard",
        zh="重新训练并评估本课程的生成器，更新排行榜",
    )
    parser = subparsers.add_parser("leaderboard", help=about, description=about)
    parser.add_argument(
        "--runs",
        type=Path,
        default=RUNS,
        metavar="DIR",
        help=text(
            en="where the trainings lie, MODEL-SEED.npz; what is there is not made again",
            zh="存放训练结果 MODEL-SEED.npz 的目录；已有的不会重新训练",
        ),
    )
    parser.add_argument(
        "--show",
        action="store_true",
        help=text(en="only print it", zh="只显示排行榜"),
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from course_utils.evaluation import leaderboard

    if not arguments.show:
        runs = [
            (model, seed, arguments.runs / f"{model}-{seed}.npz")
            for model in MODELS
            for seed in SEEDS
        ]
        # All of them before the first is measured: that takes minutes.
        sets = {(model, seed): _trained(model, seed, file) for model, seed, file in runs}
        entries = [
            measured(model, [sets[model, seed] for seed in SEEDS], STEPS[model], SEEDS)
            for model in MODELS
        ]
        write(leaderboard.FILE, [*entries, *_shipped(), *_for_comparison()])
        say(
            en="Now `python -m course_utils build` writes it into the READMEs.",
            zh="接下来请运行 `python -m course_utils build`，把它写入 README。",
        )
    try:
        print(leaderboard.load())
    except FileNotFoundError:
        raise CommandProblem(
            en="There is no leaderboard yet: run the command without --show.",
            zh="还没有排行榜：请运行不带 --show 的命令。",
        ) from None
    return 0


def write(path: Path, entries: list[dict], samples: int = SAMPLES) -> None:
    """Write entries, as `measured` makes them, to a file that `leaderboard.load` reads."""
    from course_utils.models import judge
    from course_utils.training import checkpoints

    content = {
        "command": "python -m course_utils leaderboard",
        "judge": judge.SHA256,
        "versions": checkpoints.versions(),
        "samples": samples,
        "entries": entries,
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")


def measured(
    name: str, sets: list[tuple], steps: int | None = None, seeds=(), shipped: bool = False
) -> dict:
    """One entry.

    Args:
        name: a key of `leaderboard.NAMES`.
        sets: for each seed images, uint8 [n, 28, 28], and labels, integers [n], or None.
        steps: of each training; None if nothing was trained.
        seeds: one for each set; of what was not trained, they drew the samples.
        shipped: whether it is the generator in the package.
    """
    from course_utils.evaluation import report

    measures: dict[str, list] = {}
    for seed, (images, labels) in zip(seeds, sets, strict=True):
        print(f"{name}, {seed}", file=sys.stderr, flush=True)
        for measure, found in report(images, labels).as_dict()["measures"].items():
            measures.setdefault(measure, []).append(found["value"])
    return {
        "name": name,
        "steps": steps,
        "shipped": shipped,
        "seeds": list(seeds),
        "measures": measures,
    }


def _trained(model: str, seed: int, file: Path) -> tuple:
    """Images and labels, or None, of a training; it is made if the file is not there.

    Raises:
        CommandProblem: the file holds another training.
    """
    import numpy as np

    if not file.exists():
        train(model, seed, file)
    expected = {"model": model, "seed": seed, "steps": STEPS[model]}
    with np.load(file, allow_pickle=False) as arrays:
        settings, images = json.loads(str(arrays["settings"])), arrays["images"]
    found = {name: settings.get(name) for name in expected}
    if found != expected or len(images) != SAMPLES:
        raise CommandProblem(
            en=f"{file} holds {len(images)} images of {found}; the leaderboard needs {SAMPLES} of "
            f"{expected}. Delete the file, or choose another --runs.",
            zh=f"{file} 中是 {found} 的 {len(images)} 幅图像，而排行榜需要 {expected} 的 "
            f"{SAMPLES} 幅。请删除这个文件，或换一个 --runs 目录。",
        )
    return images, _classes_in_turn() if model in CONDITIONAL else None


def train(model: str, seed: int, file: Path) -> None:
    """Train a quick model, and write its images; an interrupted training writes nothing."""
    import numpy as np

    from course_utils.data.images import to_pixels
    from course_utils.models.image_commands import MODELS as MODULES
    from course_utils.training.files import write_atomically

    gan = importlib.import_module(f"course_utils.models.{MODULES[model][0]}").build_gan(
        seed=seed, jit_compile=True
    )
    while gan.step < STEPS[model]:
        gan.run(min(_REPORTED, STEPS[model] - gan.step))
        print(f"{model}, {seed}: {gan.step}/{STEPS[model]}", file=sys.stderr, flush=True)
    settings = {"model": model, "seed": seed, "steps": gan.step}
    images = to_pixels(gan.generate(SAMPLES, seed=seed))
    file.parent.mkdir(parents=True, exist_ok=True)
    arrays = {"images": images, "settings": np.array(json.dumps(settings))}
    write_atomically(file, lambda stream: np.savez_compressed(stream, **arrays))


def _shipped():
    """The generators in the package: one training each, on a longer budget."""
    from course_utils.models import acgan, conditional, dcgan

    for name, module in zip(MODELS, (acgan, conditional, dcgan), strict=True):
        generator = module.pretrained_generator()
        made = generator.provenance
        images = _draw(generator, made["seed"])
        labels = _classes_in_turn() if name in CONDITIONAL else None
        yield measured(name, [(images, labels)], made["steps"], (made["seed"],), shipped=True)


def _draw(generator, seed: int):
    """Images, uint8 [SAMPLES, 28, 28]; of a conditional generator, the classes in turn."""
    import numpy as np

    from course_utils.data.images import to_pixels
    from course_utils.training import one_hot

    shapes = [tensor.shape[1:] for tensor in generator.inputs]
    latents = np.random.default_rng(seed).standard_normal((SAMPLES, *shapes[0]), np.float32)
    inputs = [latents, one_hot(_classes_in_turn())][: len(shapes)]
    blocks = zip(*(np.array_split(part, SAMPLES // 500) for part in inputs), strict=True)
    # A model with one input takes it as it is.
    asked = (block[0] if len(block) == 1 else list(block) for block in blocks)
    return to_pixels(np.concatenate([generator(block, training=False) for block in asked]))


def _for_comparison():
    """What no GAN made: training digits, which are also what a memoriser gives, and ten images."""
    import numpy as np

    from course_utils.data import digits
    from course_utils.models import judge

    images, labels = digits.load("train")
    sets, classes = [], _classes_in_turn()
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        members = [rng.permutation(np.flatnonzero(labels == label)) for label in range(10)]
        chosen = np.array([members[label][row // 10] for row, label in enumerate(classes)])
        sets.append((images[chosen], classes))
    yield measured("memoriser", sets, seeds=SEEDS)
    clearest = (judge.load().probabilities(some) for some, _ in sets)
    repeated = [
        (some[sure.argmax(axis=0)][classes], classes)
        for (some, _), sure in zip(sets, clearest, strict=True)
    ]
    yield measured("one_each", repeated, seeds=SEEDS)


def _classes_in_turn():
    import numpy as np

    return np.arange(SAMPLES) % 10
