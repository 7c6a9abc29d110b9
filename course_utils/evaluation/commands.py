"""The command line of the evaluation: ``evaluate``."""

from __future__ import annotations

import argparse
import json
import sys

from course_utils import language
from course_utils.language import text

ARRAYS = {
    "x2": ("samples",),
    "dcgan": ("images",),
    "cgan": ("images", "labels"),
    "acgan": ("images", "labels"),
}
"""What can be measured, and the arrays of the file that hold it."""


def add_commands(subparsers) -> None:
    """Add ``evaluate`` to argparse's `subparsers`; it sets ``run``, a function of the arguments."""
    about = text(en="measure the quality of samples", zh="评估样本质量")
    parser = subparsers.add_parser("evaluate", help=about, description=about)
    parser.add_argument(
        "target",
        choices=list(ARRAYS),
        help=text(
            en="what was trained: points of y = x² (x2), digits (dcgan), or digits that were asked "
            "for (cgan, acgan)",
            zh="训练的模型：y = x² 上的点（x2）、手写数字（dcgan），或按类别生成的手写数字"
            "（cgan、acgan）",
        ),
    )
    parser.add_argument(
        "file",
        metavar="FILE.npz",
        help=text(
            en="what `train` wrote: an array named samples, [M, 2], or images, uint8 [M, 28, 28]; "
            "for cgan and acgan also labels, whole numbers [M], 0 … 9",
            zh="`train` 写出的文件，其中的数组名为 samples，形状为 [M, 2]；或名为 images，"
            "类型为 uint8，形状为 [M, 28, 28]；cgan 和 acgan 还要有整数数组 labels，"
            "形状为 [M]，取值 0 … 9",
        ),
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help=text(
            en="digits: all measures, with intervals (20 seconds; at least 500 images)",
            zh="手写数字：计算全部指标和区间（约 20 秒，至少 500 幅图像）",
        ),
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=text(en="print JSON instead of a table", zh="输出 JSON 而不是表格"),
    )
    parser.add_argument(
        "--lang",
        dest="only",
        choices=language.LANGUAGES,
        help=text(en="the language of the table", zh="表格使用的语言"),
    )
    parser.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> int:
    if arguments.only:
        language.use(arguments.only)
    try:
        report = _report(arguments.target, arguments.all, *_read(arguments.file, arguments.target))
    except (OSError, ValueError) as error:
        print(f"{arguments.file}: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report.as_dict(), indent=2) if arguments.json else report)
    return 0


def _report(target: str, everything: bool, samples, labels=None):
    from course_utils import evaluation
    from course_utils.data.targets import x_squared

    if target == "x2":
        if everything:
            raise ValueError(
                text(
                    en="--all is for digits; of the points of x2 all measures are shown anyway.",
                    zh="--all 只用于手写数字；x2 的点本来就会显示全部指标。",
                )
            )
        return evaluation.evaluate_points(samples, x_squared)
    if everything:
        return evaluation.report(samples, labels)
    return evaluation.evaluate_images(samples, labels)


def _read(path: str, target: str):
    """Read the arrays that `target` needs from an npz file, without pickle.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is something else than an npz file with these arrays.
    """
    import zipfile
    import zlib

    import numpy as np

    needed, found = ARRAYS[target], []
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in needed:
                found.append(arrays[name])
            return found
    except FileNotFoundError:
        raise ValueError(
            text(
                en=f"there is no such file; `python -m course_utils train {target} --out FILE.npz` "
                "makes one.",
                zh=f"没有这个文件。可以用 `python -m course_utils train {target} --out FILE.npz` "
                "生成。",
            )
        ) from None
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise ValueError(
            text(
                en=f"this is no npz file with an array of numbers named `{needed[len(found)]}`, "
                f"such as `train {target}` writes.",
                zh=f"这不是 `train {target}` 写出的那种 npz 文件：其中应含有名为 "
                f"`{needed[len(found)]}` 的数值数组。",
            )
        ) from None
