"""Knobs: the values that may change while the network trains.

Each knob is one variable that the compiled step reads, so that a change needs no retrace, no
compilation and no new optimizer: it takes effect at the next chunk, and Adam's moments stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from course_utils.language import Text, text


@dataclass(frozen=True)
class Knob:
    """One knob: its range, and the words that a panel shows beside it.

    Attributes:
        name: the keyword by which it is set.
        group: "noise", "labels", "classes", "learning rates", "balance" or "regularizers".
        default, low, high: numbers; for a knob with choices, indices into `choices`.
        scale: "linear", "log" (a slider over exponents), "cubic" (from 0 on, fine near 0: the
            slider moves over cube roots), "integer" or "choice".
        title, explanation: a few words, and one line.
        choices: the names of the choices, for scale "choice".
    """

    name: str
    group: str
    default: float
    low: float
    high: float
    scale: str
    title: Text
    explanation: Text
    choices: tuple[str, ...] = ()

    def to_number(self, value) -> float:
        """The number that the compiled step reads for `value`.

        Raises:
            ValueError: `value` is not of this knob's kind or lies outside its range.
        """
        if self.choices:
            if value in self.choices:
                return float(self.choices.index(value))
            raise ValueError(self._refusal(value, " | ".join(map(repr, self.choices))))
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        whole = self.scale != "integer" or number == round(number)
        if isinstance(value, bool) or not (self.low <= number <= self.high and whole):
            kind = text(en="whole numbers ", zh="整数 ") if self.scale == "integer" else ""
            raise ValueError(self._refusal(value, f"{kind}{self.low:g} … {self.high:g}"))
        return number

    def from_number(self, number: float):
        """The value to show for `number`: a float, an int or the name of a choice."""
        if self.choices:
            return self.choices[int(number)]
        return int(number) if self.scale == "integer" else float(number)

    def _refusal(self, value, allowed: str) -> str:
        return text(
            en=f"{self.name} = {value!r} is not possible. Allowed: {allowed} (default: "
            f"{self.from_number(self.default)!r}). The knob keeps its present value.",
            zh=f"{self.name} = {value!r} 不是允许的取值。允许的取值：{allowed}"
            f"（默认值：{self.from_number(self.default)!r}）。该旋钮保持原值不变。",
        )


CLASSES = 10
"""The classes that have a weight of their own; of more classes the others have the weight 1."""

KNOBS: dict[str, Knob] = {
    knob.name: knob
    for knob in (
        Knob(
            "latent_distribution", "noise", 1, 0, 1, "choice",
            Text(en="latent distribution", zh="隐变量分布"),
            Text(
                en="Where the generator's input z is drawn from: uniform on [-1, 1] or normal.",
                zh="生成器的输入 z 服从什么分布：[-1, 1] 上的均匀分布，或标准正态分布。",
            ),
            ("uniform", "normal"),
        ),
        Knob(
            "latent_scale", "noise", 1.0, 0.0, 5.0, "linear",
            Text(en="latent scale", zh="隐变量尺度"),
            Text(
                en="z is multiplied by this; at 0 the generator can draw one point only.",
                zh="z 乘以这个系数；为 0 时生成器只能输出一个点。",
            ),
        ),
        Knob(
            "instance_noise", "noise", 0.0, 0.0, 1.0, "linear",
            Text(en="instance noise", zh="实例噪声"),
            Text(
                en="Standard deviation of normal noise added to everything D sees, "
                "real and generated.",
                zh="给判别器看到的所有样本（真实的和生成的）都加上正态噪声，这是它的标准差。",
            ),
        ),
        Knob(
            "real_target", "labels", 1.0, 0.0, 1.5, "linear",
            Text(en="target for real", zh="真实样本的目标值"),
            Text(
                en="What D is told to answer for real samples; 0.9 is one-sided label smoothing.",
                zh="判别器在真实样本上的训练目标值；取 0.9 就是单侧标签平滑。",
            ),
        ),
        Knob(
            "fake_target", "labels", 0.0, -0.5, 1.0, "linear",
            Text(en="target for generated", zh="生成样本的目标值"),
            Text(
                en="What D is told to answer for generated samples.",
                zh="判别器在生成样本上的训练目标值。",
            ),
        ),
        Knob(
            "flip_rate", "labels", 0.0, 0.0, 0.5, "linear",
            Text(en="label flips", zh="标签翻转率"),
            Text(
                en="Share of D's training labels that are swapped, real for generated.",
                zh="判别器的训练标签中，真假互换的比例。",
            ),
        ),
        Knob(
            "class_sampling", "classes", 0, 0, 1, "choice",
            Text(en="classes are drawn", zh="类别抽样方式"),
            Text(
                en="How often each class is drawn, in real batches and in what G is asked for: as "
                "often as in the data, or by the weights below.",
                zh="真实批次中，以及要求生成器生成的样本中，各类别出现的频率：与数据一致，或按下面的权重。",
            ),
            ("data", "weights"),
        ),
        *(
            Knob(
                f"class_{label}", "classes", 1.0, 0.0, 1.0, "linear",
                Text(en=f"weight of {label}", zh=f"类别 {label} 的权重"),
                Text(
                    en=f"How often class {label} is drawn beside the others, if classes are drawn "
                    "by weights; all weights equal means balanced batches.",
                    zh=f"按权重抽样时，类别 {label} 相对于其他类别的频率；"
                    "权重全部相等就是类别均衡。",
                ),
            )
            for label in range(CLASSES)
        ),
        Knob(
            "class_flip_rate", "classes", 0.0, 0.0, 1.0, "linear",
            Text(en="class-label flips", zh="类别标签错误率"),
            Text(
                en="Share of the real samples whose class label is replaced by another class.",
                zh="真实样本中，类别标签被换成其他类别的比例。",
            ),
        ),
        Knob(
            "auxiliary_weight", "classes", 1.0, 0.0, 10.0, "cubic",
            Text(en="weight of the class loss", zh="类别损失的权重"),
            Text(
                en="What the class head's cross-entropy counts in both networks' losses; 0 leaves "
                "it out.",
                zh="类别输出的交叉熵在两个网络的损失中所占的权重；0 表示不使用。",
            ),
        ),
        Knob(
            "discriminator_learning_rate", "learning rates", 1e-3, 1e-6, 1.0, "log",
            Text(en="D's learning rate", zh="判别器学习率"),
            Text(en="Adam's step size for the discriminator.", zh="判别器的 Adam 步长。"),
        ),
        Knob(
            "generator_learning_rate", "learning rates", 1e-3, 1e-6, 1.0, "log",
            Text(en="G's learning rate", zh="生成器学习率"),
            Text(en="Adam's step size for the generator.", zh="生成器的 Adam 步长。"),
        ),
        Knob(
            "decay_steps", "learning rates", 0, 0, 10_000_000, "integer",
            Text(en="decay over", zh="学习率衰减步数"),
            Text(
                en="Both rates fall over this many steps, as the schedule says; 0 keeps them "
                "constant.",
                zh="两个学习率在这么多步内按调度方式下降；取 0 表示保持不变。",
            ),
        ),
        Knob(
            "schedule", "learning rates", 1, 0, 3, "choice",
            Text(en="schedule", zh="学习率调度"),
            Text(
                en="How both rates fall: not at all, on a straight line to 0, on a half cosine to "
                "0, or by steps: to a tenth at half of the way and again at three quarters.",
                zh="两个学习率怎样下降：不变、线性降到 0、按半个余弦降到 0，"
                "或阶梯式：到一半时降为十分之一，到四分之三时再降为十分之一。",
            ),
            ("constant", "linear", "cosine", "step"),
        ),
        Knob(
            "discriminator_steps", "balance", 1, 1, 16, "integer",
            Text(en="D steps per G step", zh="每步 G 对应的 D 步数"),
            Text(
                en="How often D is updated, each time on new batches, before G is updated once.",
                zh="每更新一次生成器之前，用新的批次更新判别器多少次。",
            ),
        ),
        Knob(
            "r1_weight", "regularizers", 0.0, 0.0, 100.0, "cubic",
            Text(en="R1 penalty", zh="R1 梯度惩罚"),
            Text(
                en="γ in γ/2 · E‖∇l(x)‖² of D's logit l on real samples: "
                "keeps D's slope small where the data are.",
                zh="真实样本上 γ/2 · E‖∇l(x)‖² 中的 γ（l 是判别器的 logit）："
                "让判别器在数据附近保持平缓。",
            ),
        ),
        Knob(
            "ema_decay", "regularizers", 0.0, 0.0, 0.9999, "linear",
            Text(en="weight averaging", zh="权重移动平均"),
            Text(
                en="How slowly the averaged generator follows the trained one; "
                "0 means no averaging.",
                zh="移动平均的衰减系数：越接近 1，平均后的生成器跟得越慢；0 表示不做平均。",
            ),
        ),
    )
}  # fmt: skip


class Knobs(Mapping):
    """The present values of all knobs, as a read-only mapping from name to value.

    Args:
        **values: what differs from the defaults in `KNOBS`.
    """

    def __init__(self, **values):
        self._variables = {
            name: tf.Variable(knob.default, dtype=tf.float32, trainable=False, name=name)
            for name, knob in KNOBS.items()
        }
        self._set(**values)

    def _set(self, **values) -> dict:
        """Sets several knobs at once: all of them, or none if one value is refused.

        For `GAN.set`, which also keeps the log.

        Returns:
            The values as they now stand, for the names given.

        Raises:
            ValueError: a name is unknown or a value is outside its knob's range.
        """
        numbers = {name: self._known(name).to_number(value) for name, value in values.items()}
        for name, number in numbers.items():
            self._variables[name].assign(number)
        return {name: self[name] for name in numbers}

    @staticmethod
    def _known(name: str) -> Knob:
        if name not in KNOBS:
            raise ValueError(
                text(
                    en=f"There is no knob {name!r}. The knobs are: {', '.join(KNOBS)}.",
                    zh=f"没有名为 {name!r} 的旋钮。可用的旋钮：{', '.join(KNOBS)}。",
                )
            )
        return KNOBS[name]

    def complete(self, values: Mapping) -> dict:
        """`values`, with the defaults for knobs that are not among them.

        Raises:
            ValueError: a name is unknown or a value is outside its knob's range.
        """
        given = {name: self._known(name).to_number(value) for name, value in values.items()}
        return {
            name: knob.from_number(given.get(name, knob.default)) for name, knob in KNOBS.items()
        }

    def read(self, name: str) -> tf.Tensor:
        """The value as the compiled step reads it: a float32 scalar tensor."""
        return self._variables[name].read_value()

    def __getitem__(self, name: str):
        knob = KNOBS[name]
        number = float(self._variables[name].numpy())
        # The shortest number that is this float32: 0.9 as it was typed, not 0.8999999762, and exact
        # enough that a run can be repeated from it.
        return knob.from_number(float(str(np.float32(number))))

    def __iter__(self) -> Iterator[str]:
        return iter(KNOBS)

    def __len__(self) -> int:
        return len(KNOBS)
