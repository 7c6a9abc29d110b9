"""Which classes a GAN's networks know, and what they are told of them.

A label is a class, a whole number 0 … C-1. A condition is what a network gets, float32 `[N, C]`:
the one-hot vectors of labels while it trains; later any mixture of classes, rows that sum to 1.
"""

from __future__ import annotations

import numpy as np

from course_utils.language import text


def one_hot(labels, classes: int = 10) -> np.ndarray:
    """The conditions of labels, float32 `[N, classes]`: row i is 1 at column `labels[i]`, else 0.

    Args:
        labels: whole numbers `[N]`, 0 <= label < `classes`.
        classes: how many there are, >= 1.

    Raises:
        ValueError: the labels are of another kind, shape or range.
    """
    labels = np.asarray(labels)
    whole = labels.ndim == 1 and np.issubdtype(labels.dtype, np.integer)
    if not whole or (labels < 0).any() or (labels >= classes).any():
        raise ValueError(
            text(
                en=f"labels: {_described(labels)}. Give whole numbers 0 … {classes - 1} in an "
                "array of the shape [N].",
                zh=f"labels：{_described(labels)}。请传入形状为 [N] 的整数数组，"
                f"取值 0 … {classes - 1}。",
            )
        )
    return np.eye(classes, dtype=np.float32)[labels]


def checked_conditions(conditions, count: int, classes: int) -> np.ndarray | None:
    """Conditions for `count` samples, float32 `[count, classes]`; None for a GAN without classes.

    Args:
        conditions: labels `[count]`, or conditions `[count, classes]`; None asks for the classes
            0, 1, …, C-1, 0, 1, … in turn.
        count: how many samples.
        classes: how many classes the generator knows; 0 for none.

    Raises:
        ValueError: they are of another kind, shape or range, or there are no classes.
    """
    if not classes:
        if conditions is not None:
            raise ValueError(
                text(
                    en="conditions were given, but this generator knows no classes: leave them "
                    "out, or build it with two inputs, latents and conditions.",
                    zh="传入了 conditions，但这个生成器没有类别输入：请去掉该参数，"
                    "或用隐变量和条件两个输入来构建生成器。",
                )
            )
        return None
    if conditions is None:
        return one_hot(np.arange(count) % classes, classes)
    conditions = np.asarray(conditions)
    if conditions.ndim == 1:
        conditions = one_hot(conditions, classes)
    conditions = conditions.astype(np.float32)
    if conditions.shape != (count, classes) or not np.isfinite(conditions).all():
        raise ValueError(
            text(
                en=f"conditions: {_described(conditions)}. Give {count} labels, whole numbers "
                f"0 … {classes - 1}, or finite numbers of the shape [{count}, {classes}].",
                zh=f"conditions：{_described(conditions)}。请传入 {count} 个标签"
                f"（整数 0 … {classes - 1}），或形状为 [{count}, {classes}] 的有限数值。",
            )
        )
    return conditions


def check_networks(generator, discriminator) -> int:
    """How many classes two Keras models know together; 0 for none.

    Raises:
        ValueError: they do not fit each other.
    """
    classes = generator.inputs[1].shape[-1] if len(generator.inputs) > 1 else 0
    asked = [part.shape[-1] for part in (*discriminator.inputs[1:], *discriminator.outputs[1:])]
    if any(number != classes for number in asked):
        raise ValueError(
            text(
                en=f"The discriminator knows {max(asked)} classes and the generator {classes}. "
                "Build both for the same number: the generator with the inputs latents and "
                "conditions [N, C], the discriminator with a second input or output [N, C].",
                zh=f"判别器有 {max(asked)} 个类别，生成器有 {classes} 个。两者的类别数必须相同："
                "生成器的输入为隐变量和条件 [N, C]，判别器的第二个输入或输出为 [N, C]。",
            )
        )
    if classes and not asked:
        raise ValueError(
            text(
                en=f"The generator knows {classes} classes, but the discriminator neither gets "
                "nor names them: give it a second input or a second output [N, C].",
                zh=f"生成器有 {classes} 个类别，但判别器既没有类别输入，也没有类别输出："
                "请为它加上第二个输入或第二个输出，形状为 [N, C]。",
            )
        )
    return int(classes)


def _described(array: np.ndarray) -> str:
    words = f"{array.dtype} {list(array.shape)}"
    if array.size and np.issubdtype(array.dtype, np.number):
        words += f", {array.min():g} … {array.max():g}"
    return words
