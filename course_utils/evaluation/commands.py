"""The command line of the evaluation: ``evaluate``."""

from __future__ import annotations

import argparse
import json
import sys

from course_utils import language
from course_utils.language import text


def add_commands(subparsers) -> None:
    """Add ``evaluate`` to argparse's `subparsers`; it sets ``run``, a function of the arguments."""
    about = text(en="measure the quality of samples", zh="评估样本质量")
    parser = subparsers.add_parser("evaluate", help=about, description=about)
    parser.add_argument(
        "target",
        choices=["x2"],
        help=text(en="what the samples should look like", zh="样本要模仿的目标分布"),
    )
    parser.add_argument(
        "file",
        metavar="FILE.npz",
        help=text(
            en="samples from `train`: an array named samples, [M, 2]",
            zh="`train` 生成的样本文件，其中的数组名为 samples，形状为 [M, 2]",
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
    from course_utils.data.targets import x_squared
    from course_utils.evaluation.report import evaluate_points

    if arguments.only:
        language.use(arguments.only)
    try:
        report = evaluate_points(_read(arguments.file), x_squared)
    except (OSError, ValueError) as error:
        print(f"{arguments.file}: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report.as_dict(), indent=2) if arguments.json else report)
    return 0


def _read(path: str):
    """Read the array ``samples`` of an npz file, without pickle.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is something else than an npz file with this array.
    """
    import zipfile
    import zlib

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as arrays:
            return arrays["samples"]
    except FileNotFoundError:
        raise ValueError(
            text(
                en="there is no such file; `python -m course_utils train x2 --out FILE.npz` makes "
                "one.",
                zh="没有这个文件。可以用 `python -m course_utils train x2 --out FILE.npz` 生成。",
            )
        ) from None
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise ValueError(
            text(
                en="this is no npz file with an array of numbers named `samples`.",
                zh="这不是含有 `samples` 数值数组的 npz 文件。",
            )
        ) from None
