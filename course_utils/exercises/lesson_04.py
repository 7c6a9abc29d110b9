"""Patients, exercises, predictions and quiz of lesson 04, the clinic."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.exercises import (
    Case,
    Choice,
    Exercise,
    Kind,
    Mistake,
    Number,
    Property,
    Question,
    Quiz,
    Tuple,
    close,
)
from course_utils.language import Text, text

if TYPE_CHECKING:
    from course_utils.clinic import Options
    from course_utils.clinic.patients import Patient

# --- patients whose illness the lesson keeps to itself -----------------------------------------

_WAITING = {
    1: ("range", "sick"),
    2: ("shuffled_labels", "sick"),
    3: ("double_sigmoid", "sick"),
    4: ("shuffled_labels", "healthy"),
    5: ("frozen_d", "sick"),
}

NAMES = (
    "healthy", "frozen_d", "shuffled_labels", "double_sigmoid", "range", "collapse", "d_too_strong",
)  # fmt: skip
"""What the five patients may have; the last two are symptoms."""

_MYSTERIES = (
    "frozen_d", "g_cut", "g_wrong_label", "shuffled_labels", "logits_as_probabilities",
    "double_sigmoid", "collapse", "minimax_saturated", "range", "d_bn_mixed", "d_too_strong",
)  # fmt: skip

_DRAW = 4  # with it small numbers, too, meet some healthy patients


def waiting_room() -> dict[int, Patient]:
    """The five patients of section 1, trained, by their numbers. About 12 s of CPU."""
    from course_utils.clinic import ZOO
    from course_utils.clinic.patients import Patient

    chosen = {number: getattr(ZOO[name], kind) for number, (name, kind) in _WAITING.items()}
    with _discreet():
        return {number: Patient(options).train() for number, options in chosen.items()}


@contextmanager
def _discreet() -> Iterator[None]:
    """Keras warns of networks without trainable weights: that would be the diagnosis."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _hidden(number: int) -> tuple[str | None, Options]:
    """The case's name, None for a healthy training, and the options."""
    from course_utils.checks import whole_number
    from course_utils.clinic import ZOO

    random = np.random.default_rng([whole_number("number", number, 0), _DRAW])
    name = str(random.choice(_MYSTERIES))
    if random.random() < 0.2:
        return None, ZOO[name].healthy
    return name, ZOO[name].sick


def mystery(number: int) -> Patient:
    """A patient of the zoo, trained; the number decides which, and it does not say its name.

    Args:
        number: any whole number from 0. One patient in five is healthy.
    """
    from course_utils.clinic.patients import Patient

    with _discreet():
        return Patient(_hidden(number)[1], seed=number).train()


def reveal(number: int, guess: str) -> str:
    """What `mystery(number)` has, beside the learner's guess.

    Args:
        number: as given to `mystery`.
        guess: "healthy", or a name in `clinic.ZOO` or `clinic.words.CAUSES`.

    Raises:
        ValueError: there is no such name.
    """
    from course_utils.clinic import ZOO
    from course_utils.clinic.words import CAUSES

    known = ("healthy", *ZOO, *CAUSES)
    if guess not in known:
        names = ", ".join(known)
        raise ValueError(
            text(
                en=f"guess is {guess!r}; it must be one of {names}.",
                zh=f"guess 是 {guess!r}；可选的值：{names}。",
            )
        )
    name, _ = _hidden(number)
    right = ("healthy",) if name is None else (name, *ZOO[name].causes)
    verdict = text(en="Right.", zh="答对了。") if guess in right else text(en="No.", zh="不对。")
    if name is None:
        return verdict + text(en=" It is healthy.", zh="它是健康的。")
    wrong = ZOO[name].wrong
    return verdict + text(en=f" {name}: {wrong}.", zh=f"{name}：{wrong}。")


# --- the menu of tests -------------------------------------------------------------------------


def who_moved(patient: Patient) -> str:
    """The largest change of any weight of G and of D in one step."""
    networks = patient.generator, patient.discriminator
    before = [model.get_weights() for model in networks]
    with _unharmed(patient):
        patient.step()
        g, d = (
            max(
                float(np.abs(new - old).max())
                for new, old in zip(model.get_weights(), kept, strict=True)
            )
            for model, kept in zip(networks, before, strict=True)
        )
    return text(
        en=f"one step: G's weights moved by up to {g:.2g}, D's by up to {d:.2g}",
        zh=f"走一步：G 的权重最多变了 {g:.2g}，D 的最多变了 {d:.2g}",
    )


@contextmanager
def _unharmed(patient: Patient) -> Iterator[None]:
    """Put back what a step changes: both networks, the optimizers, the log."""
    import keras

    from course_utils.clinic.anatomy import Kept
    from course_utils.clinic.logs import forget, rows_of

    inside = vars(patient).values()
    compiled = [getattr(v, "optimizer", None) for v in inside if isinstance(v, keras.Model)]
    optimizers = [v for v in (*inside, *compiled) if isinstance(v, keras.optimizers.Optimizer)]
    kept = Kept(patient.generator, patient.discriminator, *optimizers)
    rows = rows_of(patient.history)
    try:
        yield
    finally:
        kept.restore()
        forget(patient.history, rows)


def ranges(patient: Patient) -> str:
    """Smallest and largest values of real and of generated samples."""
    real, fake = patient.data, patient.samples(500)
    return text(
        en=f"real samples from {real.min():.2f} to {real.max():.2f}, "
        f"generated from {fake.min():.2f} to {fake.max():.2f}",
        zh=f"真实样本从 {real.min():.2f} 到 {real.max():.2f}，"
        f"生成样本从 {fake.min():.2f} 到 {fake.max():.2f}",
    )


def by_hand(patient: Patient) -> str:
    """Both losses by hand, from D's answers on 500 samples of each kind, beside the log."""
    d, g = _losses(patient.discriminator, patient.data[:500], patient.samples(500))
    d_log, g_log = (np.mean(patient.history[name][-50:]) for name in ("d_loss", "g_loss"))
    return text(
        en=f"D's loss by hand {d:.3f}, in the log {d_log:.3f}; G's by hand {g:.3f}, "
        f"in the log {g_log:.3f}",
        zh=f"D 的损失手算是 {d:.3f}，日志里是 {d_log:.3f}；G 的手算是 {g:.3f}，"
        f"日志里是 {g_log:.3f}",
    )


def private_lessons(patient: Patient) -> str:
    """Teach a copy of D the right labels for 60 steps: how its loss changes. D itself stays."""
    import keras

    real, fake = patient.data[:1280], patient.samples(1280)
    pupil = keras.models.clone_model(patient.discriminator)
    pupil.set_weights(patient.discriminator.get_weights())
    pupil.trainable = True  # a frozen D's copy is frozen, too
    logits = not patient.options.d_sigmoid
    pupil.compile(keras.optimizers.Adam(1e-2), keras.losses.BinaryCrossentropy(from_logits=logits))
    before, _ = _losses(pupil, real, fake)
    both = np.concatenate([real, fake])
    pupil.fit(both, np.repeat([[1.0], [0.0]], 1280, axis=0), batch_size=128, epochs=3, verbose=0)
    after, _ = _losses(pupil, real, fake)
    return text(
        en=f"60 steps with right labels: D's loss from {before:.3f} to {after:.3f}",
        zh=f"用正确的标签教 60 步：D 的损失从 {before:.3f} 变为 {after:.3f}",
    )


def _losses(judge, real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
    """Cross-entropies of D, mean over both kinds, and of G, whatever D's last layer is."""
    from course_utils.clinic.habits import logits, proper

    sigmoid = getattr(judge.layers[-1].activation, "__name__", "") == "sigmoid"
    said = [logits(np.ravel(judge(group, training=False)), sigmoid) for group in (real, fake)]
    return proper(said[0], said[1], said[1])


# --- predictions -------------------------------------------------------------------------------

healthy_one = Question(
    "healthy-one",
    Text(
        en="One of the five is healthy. Go by the logs alone: which?",
        zh="五个病人里有一个是健康的。只看日志，是哪一个？",
    ),
    [
        Choice(
            Text(en="patient 1", zh="1 号"),
            Text(
                en="$D$'s loss near 0 and $G$'s far up: $D$ tells every sample. That is a symptom; "
                "why it can, the log does not say.",
                zh="$D$ 的损失接近 0，$G$ 的损失很高：$D$ 每个样本都认得出来。"
                "这是症状；它为什么认得出，日志没有说。",
            ),
        ),
        Choice(
            Text(en="patient 2", zh="2 号"),
            Text(
                en="$\\ln 2$ and 50 % is what perfect balance looks like. It is also what a coin "
                "gets.",
                zh="$\\ln 2$ 和 50% 是完美平衡的样子，也是抛硬币的成绩。",
            ),
        ),
        Choice(
            Text(en="patient 3", zh="3 号"),
            Text(
                en="Both losses stand still, to three digits. A healthy game wobbles.",
                zh="两个损失一动不动，三位小数都不变。健康的博弈是会晃的。",
            ),
        ),
        Choice(
            Text(en="patient 4", zh="4 号"),
            Text(
                en="Slightly below $\\ln 2$, slightly above it, both wobbling: $D$ is a little "
                "ahead.",
                zh="一个略低于 $\\ln 2$，一个略高于它，都在晃动：$D$ 稍稍领先。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="patient 5", zh="5 号"),
            Text(
                en="$G$'s loss near 0 is no victory where $D$'s loss is far above that of a coin.",
                zh="$G$ 的损失接近 0 算不上胜利：$D$ 的损失比抛硬币还高得多。",
            ),
        ),
    ],
)

stuck_at = Question(
    "stuck-at",
    Text(
        en="$D$ ends in a sigmoid and the loss applies another one. $G$ fools $D$ completely, so "
        "that $D(G(z)) = 1$. What does the log show for $G$'s loss?",
        zh="$D$ 的最后一层是 sigmoid，损失函数又用了一次 sigmoid。$G$ 把 $D$ 完全骗过，"
        "$D(G(z)) = 1$。日志里 $G$ 的损失是多少？",
    ),
    [
        Choice(
            Text(en="0", zh="0"),
            Text(
                en="It would be with one sigmoid. The second sees 1 and makes "
                "$\\sigma(1) = 0.73$ of it.",
                zh="只用一次 sigmoid 才是 0。第二个 sigmoid 看到的是 1，把它变成 "
                "$\\sigma(1) = 0.73$。",
            ),
        ),
        Choice(
            Text(en="$-\\ln \\sigma(1) = \\ln(1 + 1/e)$", zh="$-\\ln \\sigma(1) = \\ln(1 + 1/e)$"),
            Text(
                en="A floor that no $G$ can get below, and a number worth knowing by heart.",
                zh="这是下限，再好的 $G$ 也降不到它以下；这个数值得背下来。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="$\\ln 2$", zh="$\\ln 2$"),
            Text(
                en="That is the other end: $D(G(z)) = 0$, and $\\sigma(0) = 0.5$.",
                zh="那是另一端：$D(G(z)) = 0$，$\\sigma(0) = 0.5$。",
            ),
        ),
    ],
)

between_steps = Question(
    "between-steps",
    Text(
        en="Between the accuracy of $G$ step 216 and that of $D$ step 352, how did the weights of "
        "$D$ change?",
        zh="从算出 $G$ 第 216 步的准确率，到算出 $D$ 第 352 步的准确率，$D$ 的权重有过什么变化？",
    ),
    [
        Choice(
            Text(en="by the update of $D$ step 352", zh="经过了 $D$ 第 352 步的更新"),
            Text(
                en="`train_on_batch` computes loss and metrics in the forward pass, *before* its "
                "own update.",
                zh="`train_on_batch` 在前向传播时就算好损失和指标，那是在它自己更新**之前**。",
            ),
        ),
        Choice(
            Text(en="by the update of $G$ step 216", zh="经过了 $G$ 第 216 步的更新"),
            Text(
                en="In that update only $G$ learns: $D$ is frozen in the combined model.",
                zh="那次更新里学习的只有 $G$：在组合模型里 $D$ 是冻结的。",
            ),
        ),
        Choice(
            Text(en="not at all", zh="一点也没变"),
            Text(
                en="$D$ is the same; $G$ has moved by one tiny step, and towards fooling $D$.",
                zh="$D$ 完全一样；$G$ 只挪了极小的一步，而且是朝着骗过 $D$ 的方向。",
            ),
            correct=True,
        ),
    ],
)

which_rows = Question(
    "which-rows",
    Text(
        en="$D$ has batch normalisation, $G$ has none. Which of the three switches change what $D$ "
        "says of the same generated images?",
        zh="$D$ 里有批归一化，$G$ 里没有。三个开关中，哪些会改变 $D$ 对同样这些生成图像的判断？",
    ),
    [
        Choice(
            Text(
                en="$D$'s mode; and in training mode whether real images are in the batch",
                zh="$D$ 的模式；在训练模式下，还有批次里有没有真实图像",
            ),
            Text(
                en="In training mode each image is judged by its distance from the batch's mean. "
                "In inference mode the batch does not matter.",
                zh="训练模式下，每幅图像是按它与批次均值的差来判断的；推理模式下，批次无关紧要。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="$G$'s mode only", zh="只有 $G$ 的模式"),
            Text(
                en="This $G$ has no layer that works differently in training.",
                zh="这个 $G$ 里没有哪一层在训练模式下会有所不同。",
            ),
        ),
        Choice(
            Text(en="all three", zh="三个都会"),
            Text(
                en="$G$'s mode would need batch normalisation or dropout in $G$.",
                zh="要让 $G$ 的模式起作用，$G$ 里得有批归一化或 Dropout。",
            ),
        ),
    ],
)

cure_strong = Question(
    "cure-strong",
    Text(
        en="Which of the four cures works with *every* seed?",
        zh="四种疗法里，哪一种对**每个**种子都有效？",
    ),
    [
        Choice(
            Text(en="equal learning rates", zh="让两个学习率相等"),
            Text(
                en="$G$ may keep up, but its layers are still too poor to find the way back "
                "reliably: look at all seeds, and at the samples, not at the losses.",
                zh="$G$ 也许跟得上了，但它的各层还是太弱，不能可靠地找回路来："
                "请看所有种子，而且要看样本，别只看损失。",
            ),
        ),
        Choice(
            Text(en="batch normalisation in all of $G$", zh="$G$ 的各层都加批归一化"),
            Text(
                en="It repairs $G$'s layers, but against a $D$ at ten times the rate that is not "
                "enough with every seed.",
                zh="它修好了 $G$ 的各层，但面对学习率是十倍的 $D$，不是每个种子都够用。",
            ),
        ),
        Choice(
            Text(en="more images", zh="更多图像"),
            Text(
                en="$D$ does not win here by learning images by heart.",
                zh="$D$ 在这里不是靠死记图像取胜的。",
            ),
        ),
        Choice(
            Text(
                en="equal rates and batch normalisation in $G$",
                zh="学习率相等，并给 $G$ 加批归一化",
            ),
            Text(
                en="Two faults need two repairs. One cure at a time shows that neither alone is "
                "enough.",
                zh="两处毛病要修两处。一次只试一种，才看得出单靠哪一种都不够。",
            ),
            correct=True,
        ),
    ],
)

how_often_right = Question(
    "how-often-right",
    Text(
        en="The doctor was developed on this zoo and names the right cause nearly every time. On "
        "loops written by people who had never seen its rules, you expect",
        zh="这个工具就是对着这个病例库开发的，几乎次次说对病因。"
        "换成从没见过它规则的人写的训练循环，你预计它的表现是",
    ),
    [
        Choice(
            Text(en="the same", zh="一样好"),
            Text(
                en="The zoo is its training set. Nobody reports accuracy on the training set.",
                zh="病例库是它的训练集。没有人拿训练集上的准确率当成绩。",
            ),
        ),
        Choice(
            Text(en="clearly fewer hits", zh="命中率明显低一些"),
            Text(
                en="Rules, like networks, fit what they were made on. Only an exam on strangers "
                "counts.",
                zh="规则和网络一样，会迎合用来制定它的数据。只有对陌生病例的考试才算数。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="nothing but “I don't know”", zh="只会说“我不知道”"),
            Text(
                en="Many illnesses are arithmetic, and arithmetic is the same in every loop.",
                zh="很多毛病靠算术就能查出来，而算术在哪个循环里都一样。",
            ),
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------

_name = Kind(
    Text(
        en="a name in `lesson_04.NAMES`, in quotation marks",
        zh="`lesson_04.NAMES` 中的一个名字（带引号）",
    ),
    lambda value: value in NAMES,
)
_ANSWERS = tuple("healthy" if kind == "healthy" else name for name, kind in _WAITING.values())

diagnoses = Exercise(
    "04.1",
    Text(en="Five diagnoses", zh="五份诊断"),
    returns=Tuple(*[_name] * 5),
    properties=[
        Property(
            Text(
                en="for each patient the illness that a test has shown",
                zh="每个病人都对上检查所显示的病因",
            ),
            lambda got: got == _ANSWERS,
        )
    ],
    mistakes=[
        Mistake(
            "balance-is-health",
            lambda attempt: attempt.always(lambda got: got[1] == "healthy"),
            Text(
                en="Patient 2 looks balanced; its samples do not. Order `private_lessons` for it: "
                "what does its $D$ learn as soon as the labels are right?",
                zh="2 号的日志看上去平衡，样本却不然。给它做 `private_lessons`："
                "标签一旦正确，它的 $D$ 学到了什么？",
            ),
        ),
        Mistake(
            "symptom-not-cause",
            lambda attempt: attempt.always(
                lambda got: bool({"collapse", "d_too_strong"} & set(got))
            ),
            Text(
                en="A strong $D$ and equal samples are symptoms. Ask what makes $D$ so sure, or "
                "$G$ so poor: is there a test on the menu that you have not ordered?",
                zh="判别器过强、样本千篇一律，都只是症状。要问的是：什么让 $D$ 这么有把握，"
                "或让 $G$ 这么差？检查单上还有没做过的项目吗？",
            ),
        ),
        Mistake(
            "healthy-doubted",
            lambda attempt: attempt.always(lambda got: got[3] != "healthy"),
            Text(
                en="No test says anything against patient 4: both networks move, the log is what "
                "one gets by hand, and its samples lie on the ring.",
                zh="没有一项检查对 4 号不利：两个网络都在动，日志与手算一致，样本也落在圆环上。",
            ),
        ),
    ],
    hints=(
        Text(
            en="One test is enough for each sick one, and each of the four tests convicts one: a "
            "0, values out of reach, two losses that disagree, a copy that learns at once.",
            zh="每个病人只需一项检查，四项检查各查出一个：一个 0，够不着的取值，"
            "对不上的两个损失，一教就会的副本。",
        ),
        Text(
            en="Patient 3: the loss by hand and the loss in the log differ by far, and the log is "
            "near $\\ln(1 + 1/e)$ or $\\ln 2$: section 2 says why.",
            zh="3 号：手算的损失和日志相差很远，而日志接近 $\\ln(1 + 1/e)$ 或 $\\ln 2$，"
            "第 2 节会说明原因。",
        ),
    ),
    success=Text(
        en="Five patients, five tests. Nobody had to change a learning rate.",
        zh="五个病人，五项检查。谁也没去调学习率。",
    ),
)


def _sigmoid(values):
    return 1 / (1 + np.exp(-np.asarray(values, np.float64)))


def _of_logits(logit, target: float) -> float:
    return float(np.mean(np.logaddexp(0, logit) - target * logit))


def _of_probabilities(p, target: float) -> float:
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(np.mean(-target * np.log(p) - (1 - target) * np.log(1 - p)))


def _d_loss(real, fake, loss=_of_logits, targets=(1.0, 0.0)) -> float:
    one, zero = targets
    return (loss(real, one) + loss(fake, zero)) / 2


WAYS: dict[str, Callable] = {
    "right": _d_loss,
    "summed": lambda real, fake: 2 * _d_loss(real, fake),
    "no sigmoid": partial(_d_loss, loss=_of_probabilities),
    "two sigmoids": lambda real, fake: _d_loss(_sigmoid(real), _sigmoid(fake)),
    "targets beyond one": partial(_d_loss, targets=(1.2, -0.2)),
}
"""D's loss from its logits, written rightly and in four other ways."""


def _nearest(logged, real, fake, far=lambda way, logged: abs(way - logged)):
    return min(WAYS, key=lambda name: far(WAYS[name](real, fake), logged))


def _logged_case(name: str, seed: int) -> Case:
    random = np.random.default_rng(seed)
    real, fake = random.normal(1.0, 2.0, 64), random.normal(-1.5, 2.0, 64)
    return Case(round(WAYS[name](real, fake), 4), real, fake)


def _answers_like(**how) -> Callable:
    return lambda attempt: attempt.always(
        lambda got, logged, real, fake: got == _nearest(logged, real, fake, **how)
    )


wrote = Exercise(
    "04.2",
    Text(en="Who wrote this log?", zh="这份日志是怎么写出来的？"),
    cases=[_logged_case(name, seed) for seed, name in enumerate(WAYS)],
    returns=Kind(
        Text(en="a name in `ways`", zh="`ways` 中的一个名字"), lambda value: value in WAYS
    ),
    properties=[
        Property(
            Text(
                en="the way whose loss on these logits is nearest to the one logged",
                zh="在这些 logit 上，损失与日志最接近的那种写法",
            ),
            lambda got, *case: got == _nearest(*case),
        )
    ],
    mistakes=[
        Mistake(
            "sign-kept",
            _answers_like(far=lambda way, logged: way - logged),
            Text(
                en="This is the way with the smallest loss. Nearest means the smallest "
                "`abs(... - logged)`; without `abs` the most negative difference wins.",
                zh="这是损失最小的那种写法。“最接近”是指 `abs(... - logged)` 最小；"
                "不取 `abs`，胜出的就是最负的差值。",
            ),
        ),
        Mistake(
            "farthest",
            _answers_like(far=lambda way, logged: -abs(way - logged)),
            Text(en="This is the farthest way: `min`, not `max`.", zh="这是最远的那个："
                 "应当用 `min`，不是 `max`。"),
        ),
        Mistake(
            "kinds-swapped",
            lambda attempt: attempt.always(
                lambda got, logged, real, fake: got == _nearest(logged, fake, real)
            ),
            Text(
                en="Real and generated logits are swapped: `ways[name](real, fake)`.",
                zh="真实样本和生成样本的 logit 弄反了：应当是 `ways[name](real, fake)`。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Compute each way's loss and its distance from `logged`; return the name of the "
            "smallest distance.",
            zh="算出每种写法的损失，以及它与 `logged` 的距离；返回距离最小的那个名字。",
        ),
        Text(
            en="`min(ways, key=lambda name: abs(ways[name](real, fake) - logged))`",
            zh="`min(ways, key=lambda name: abs(ways[name](real, fake) - logged))`",
        ),
    ),
    success=Text(
        en="One batch and a calculator: no training was needed to find the line.",
        zh="一个批次，一个计算器：找出那行代码，一步也不用训练。",
    ),
)  # fmt: skip


class _Seen(NamedTuple):
    """What came of the learner's `moved`: its value, and how often it made a step."""

    value: float
    steps: int

    def __str__(self) -> str:
        return text(
            en=f"it gives {self.value:.4g} and calls `step` {self.steps} times",
            zh=f"结果是 {self.value:.4g}，调用了 {self.steps} 次 `step`",
        )


def _small_network(layer: int | None, flag: bool = True, changes=(-0.02, 0.005)):
    """A network and a step that moves one of its layers, all of them for `layer` None."""

    def make():
        import keras

        model = keras.Sequential(
            [keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)], name="patient"
        )
        first, last = model.layers
        first.trainable = flag

        def uneven(shape):
            return np.linspace(1, 0.1, np.prod(shape), dtype=np.float32).reshape(shape)

        def step():
            if layer is None:
                first.kernel.assign_add(changes[0] * uneven((2, 3)))
                last.bias.assign_add(changes[1] * uneven((1,)))
            elif layer >= 0:
                kernel = model.layers[layer].kernel
                kernel.assign_add(changes[1] * uneven(kernel.shape))

        return model, step

    return make


def _moved_and_counted(function, model, step) -> _Seen:
    calls = []

    def counted():
        calls.append(1)
        step()

    return _Seen(function(model, counted), len(calls))


def _changes(model, step, variables="variables") -> list[np.ndarray]:
    chosen = [v for v in model.variables if any(v is w for w in getattr(model, variables))]
    before = [v.numpy() for v in chosen]
    step()
    return [v.numpy() - old for v, old in zip(chosen, before, strict=True)]


def _largest(model, step) -> float:
    return max(float(np.abs(change).max()) for change in _changes(model, step))


def _in_moved(formula: Callable) -> Callable:
    """Whether the values are `formula` of the changes of all variables."""
    return lambda attempt: attempt.always(
        lambda got, *inputs: close(got.value, formula(_changes(*inputs)), 1e-3)
    )


def _size(change) -> float:
    return float(np.abs(change).max())


moved = Exercise(
    "04.3",
    Text(en="Who moved?", zh="谁动了？"),
    cases=[
        Case(make=_small_network(None), label=Text(en="two layers that move", zh="两层都动")),
        Case(
            make=_small_network(1), label=Text(en="only the last layer moving", zh="只有后一层动")
        ),
        Case(
            make=_small_network(0, flag=False),
            label=Text(
                en="a layer that moves although its flag says frozen",
                zh="标志说已冻结、实际却在动的一层",
            ),
        ),
        Case(make=_small_network(-1), label=Text(en="a step that moves nothing", zh="什么也没动")),
    ],
    returns=Number(),
    run=_moved_and_counted,
    tell=str,
    properties=[
        Property(Text(en="exactly one step", zh="恰好走一步"), lambda got, *inputs: got.steps == 1),
        Property(
            Text(
                en="the largest change of any weight, in absolute value",
                zh="所有权重中绝对值最大的变化量",
            ),
            lambda got, *inputs: close(got.value, _largest(*inputs), 1e-3, 1e-7),
        ),
    ],
    mistakes=[
        Mistake(
            "step-not-called",
            lambda attempt: attempt.always(lambda got, *inputs: got.steps == 0),
            Text(
                en="Nothing was trained: call `step()` between the two looks.",
                zh="什么也没训练：请在前后两次查看之间调用 `step()`。",
            ),
        ),
        Mistake(
            "several-steps",
            lambda attempt: attempt.always(lambda got, *inputs: got.steps > 1),
            Text(
                en="You made more than one step; one is the dose.",
                zh="你走了不止一步；一步就够了。",
            ),
        ),
        Mistake(
            "trainable-only",
            lambda attempt: attempt.always(
                lambda got, *inputs: close(
                    got.value, max(map(_size, _changes(*inputs, "trainable_variables")))
                )
            ),
            Text(
                en="`trainable_weights` leaves out every layer whose flag says frozen, the very "
                "ones in doubt. Look at `model.weights`, or `get_weights()`.",
                zh="`trainable_weights` 不包含标志为冻结的层，而要查的恰恰是它们。"
                "请看 `model.weights` 或 `get_weights()`。",
            ),
        ),
        Mistake(
            "references",
            lambda attempt: (
                len(attempt.wrong) == 3 and attempt.always(lambda got, *inputs: got.value == 0)
            ),
            Text(
                en="Always 0: `before` holds the variables themselves, and they have moved along. "
                "Keep copies of their values: `model.get_weights()`.",
                zh="总是 0：`before` 存的是变量本身，它们跟着一起变了。"
                "请保存数值的副本：`model.get_weights()`。",
            ),
        ),
        Mistake(
            "no-absolute-value",
            _in_moved(lambda changes: max(float(change.max()) for change in changes)),
            Text(
                en="Weights also move downwards: take `np.abs` of the change first.",
                zh="权重也会往小的方向变：请先对变化量取 `np.abs`。",
            ),
        ),
        Mistake(
            "one-layer-only",
            lambda attempt: any(
                _in_moved(lambda changes, part=part: max(map(_size, changes[part])))(attempt)
                for part in (slice(1), slice(2), slice(-1, None), slice(-2, None))
            ),
            Text(
                en="You look at one layer only. A frozen part may be anywhere: go over all "
                "weights.",
                zh="你只看了一层。被冻结的可能是任何一部分：请遍历所有权重。",
            ),
        ),
        Mistake(
            "mean",
            lambda attempt: (
                _in_moved(lambda c: np.mean(np.abs(np.concatenate([v.ravel() for v in c]))))(
                    attempt
                )
                or _in_moved(lambda changes: np.mean([_size(v) for v in changes]))(attempt)
                or _in_moved(lambda changes: max(np.abs(v).mean() for v in changes))(attempt)
            ),
            Text(
                en="A mean hides one small layer among many weights. Take the largest.",
                zh="平均值会把众多权重中的一小层淹没。请取最大值。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Look, step, look again: `model.get_weights()` gives copies, a list of arrays.",
            zh="看一次，走一步，再看一次：`model.get_weights()` 返回的是副本，是数组的列表。",
        ),
        Text(
            en="`max(np.abs(new - old).max() for new, old in zip(after, before))`",
            zh="`max(np.abs(new - old).max() for new, old in zip(after, before))`",
        ),
    ),
    success=Text(
        en="In lesson 01 it showed the frozen $D$ after 20 steps. One is enough, in any loop.",
        zh="第 01 课里走了 20 步，用它看出 $D$ 被冻结。其实在任何循环里，一步就够。",
    ),
)


class _Gap(NamedTuple):
    """What came of the learner's `batch_gap`: its value, and how far it moved D's state."""

    value: float
    changed: float

    def __str__(self) -> str:
        left = text(en="and leaves $D$ as it was", zh="$D$ 保持原样")
        if self.changed:
            left = text(
                en=f"and moves $D$'s statistics by {self.changed:.2g}",
                zh=f"$D$ 的统计量变了 {self.changed:.2g}",
            )
        return text(en=f"it gives {self.value:.4f} {left}", zh=f"结果是 {self.value:.4f}，{left}")


def _judge_and_batches(normalized: bool, seed: int):
    def make():
        import keras

        from course_utils.training.initializers import reinitialize

        parts = [keras.Input((2,)), keras.layers.Dense(16)]
        parts += [keras.layers.BatchNormalization()] if normalized else []
        judge = keras.Sequential([*parts, keras.layers.LeakyReLU(0.2), keras.layers.Dense(1)])
        reinitialize(judge, seed)
        random = np.random.default_rng(seed)
        real = random.normal((2.0, 0.5), 0.6, (48, 2)).astype(np.float32)
        fake = random.normal((-0.5, -1.0), 0.9, (32, 2)).astype(np.float32)
        return judge, real, fake

    return make


def _gap_and_state(function, judge, real, fake) -> _Gap:
    kept = [v.numpy() for v in judge.variables]
    value = function(judge, real, fake)
    changed = max(
        float(np.abs(v.numpy() - old).max()) for v, old in zip(judge.variables, kept, strict=True)
    )
    return _Gap(value, changed)


def _gap(judge, real, fake, training=True, belief=_sigmoid, late=True, mean_first=False) -> float:
    """Of the beliefs alone and beside the others; `late` says that the second half is asked of."""
    asked = fake if late else real
    both = np.concatenate([real, fake])
    beside = np.ravel(judge(both, training=training))
    beside = beside[len(real) :] if late else beside[: len(real)]
    alone = np.ravel(judge(asked, training=training))
    if mean_first:
        return float(belief(alone.mean()) - belief(beside.mean()))
    return float(belief(alone).mean() - belief(beside).mean())


def _gap_like(sign: float = 1, **how) -> Callable:
    return lambda attempt: attempt.always(
        lambda got, *inputs: close(got.value, sign * _gap(*inputs, **how), 1e-3, 1e-5)
    )


batch_gap = Exercise(
    "04.4",
    Text(en="Does the batch decide?", zh="判断取决于批次吗？"),
    cases=[
        Case(
            make=_judge_and_batches(True, 3),
            label=Text(en="a $D$ with batch normalisation", zh="带批归一化的 $D$"),
        ),
        Case(
            make=_judge_and_batches(True, 8),
            label=Text(en="another one with it", zh="另一个带批归一化的 $D$"),
        ),
        Case(
            make=_judge_and_batches(False, 5),
            label=Text(en="a $D$ without it", zh="不带批归一化的 $D$"),
        ),
    ],
    returns=Number(),
    run=_gap_and_state,
    tell=str,
    properties=[
        Property(
            Text(
                en="mean belief in `fake` among themselves, less that beside `real`, both in "
                "training mode",
                zh="`fake` 单独成批时的平均判真概率，减去与 `real` 同批时的，都用训练模式",
            ),
            lambda got, *inputs: close(got.value, _gap(*inputs), 1e-3, 1e-5),
        ),
        Property(
            Text(en="a $D$ that is left as it was", zh="检查之后 $D$ 保持原样"),
            lambda got, *inputs: got.changed == 0,
        ),
    ],
    mistakes=[
        Mistake(
            "inference-mode",
            _gap_like(training=False),
            Text(
                en="No gap, because you asked in inference mode, where the batch does not matter. "
                "The steps call $D$ with `training=True`.",
                zh="没有差距，是因为你用的是推理模式，那时批次无关紧要。"
                "训练步里调用 $D$ 用的是 `training=True`。",
            ),
        ),
        Mistake(
            "logits",
            lambda attempt: (
                _gap_like(belief=lambda v: v)(attempt) or _gap_like(mean_first=True)(attempt)
            ),
            Text(
                en="$D$ returns logits. Turn each into a belief, $1 / (1 + e^{-l})$, then take the "
                "mean.",
                zh="$D$ 输出的是 logit。请先把每一个变成判真概率 $1 / (1 + e^{-l})$，再取平均。",
            ),
        ),
        Mistake(
            "wrong-half",
            lambda attempt: _gap_like(late=False)(attempt) or _gap_like(-1, late=False)(attempt),
            Text(
                en="These are the real samples. `fake` stands at the end of the mixed batch: "
                "`[len(real):]`.",
                zh="这是真实样本的。`fake` 排在混合批次的后面：`[len(real):]`。",
            ),
        ),
        Mistake(
            "sign",
            _gap_like(-1),
            Text(
                en="The other way round: alone less mixed, so that a $D$ that is nicer to fakes "
                "among themselves gets a positive number.",
                zh="方向反了：应是单独成批的减去混合的。$D$ 对单独成批的假样本更宽容时，结果为正。",
            ),
        ),
        Mistake(
            "patient-changed",
            _gap_like(),
            Text(
                en="The number is right, but training mode has moved $D$'s moving statistics: the "
                "examination has changed the patient. `get_weights()` before, `set_weights(...)` "
                "after.",
                zh="数是对的，但训练模式改动了 $D$ 的移动统计量：检查改变了病人。"
                "先 `get_weights()`，最后 `set_weights(...)`。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Two calls of $D$: once with `np.concatenate([real, fake])`, once with `fake`. Of "
            "the first keep the answers about `fake`.",
            zh="调用 $D$ 两次：一次给 `np.concatenate([real, fake])`，一次只给 `fake`。"
            "第一次只取关于 `fake` 的回答。",
        ),
        Text(
            en="`belief = 1 / (1 + np.exp(-np.ravel(D(batch, training=True))))`, twice; "
            "`get_weights` first, `set_weights` last.",
            zh="`belief = 1 / (1 + np.exp(-np.ravel(D(batch, training=True))))`，做两次；"
            "开头 `get_weights`，最后 `set_weights`。",
        ),
    ),
    success=Text(
        en="Without batch normalisation (and dropout, which adds chance) the gap is 0: a sample "
        "is judged by itself.",
        zh="没有批归一化（也没有带来随机性的 Dropout）时差距为 0："
        "对每个样本的判断都不受别的样本影响。",
    ),
)


def _shares(accuracies) -> list[int]:
    """The smallest denominator of each."""
    return [Fraction(float(a)).limit_denominator(200).denominator for a in accuracies]


smallest_batch = Exercise(
    "04.5",
    Text(en="A detective's arithmetic", zh="侦探的算术"),
    cases=[
        Case(np.array([1.0, 0.9900000095367432, 1.0])),
        Case(np.array([0.9861111044883728, 0.9722222089767456])),
        Case(np.array([0.5, 0.3333333432674408])),
        Case(np.array([0.9800000190734863, 0.9599999785423279])),
        Case(np.array([0.75, 0.8333333134651184, 1.0])),
    ],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(
                en="the smallest number of samples for which every accuracy is a whole number of "
                "hits",
                zh="最小的样本数，使每个准确率对应的命中数都是整数",
            ),
            lambda got, accuracies: got == lcm(*_shares(accuracies)),
        )
    ],
    mistakes=[
        Mistake(
            "one-accuracy-only",
            lambda attempt: (
                attempt.gives(lambda accuracies: max(_shares(accuracies)))
                or attempt.gives(lambda accuracies: min(_shares(accuracies)))
                or attempt.gives(lambda accuracies: _shares(accuracies)[0])
                or attempt.gives(lambda accuracies: _shares(accuracies)[-1])
            ),
            Text(
                en="Right for one of the accuracies. The same number must do for *all* of them.",
                zh="只对其中一个准确率成立。同一个数必须对**所有**准确率都成立。",
            ),
        ),
        Mistake(
            "product",
            lambda attempt: attempt.gives(lambda a: int(np.prod(_shares(a)))),
            Text(
                en="The product does for all, but a smaller number does, too: the least common "
                "multiple.",
                zh="乘积对所有准确率都成立，但还有更小的数也成立：最小公倍数。",
            ),
        ),
        Mistake(
            "rounded-too-far",
            lambda attempt: attempt.always(
                lambda got, a: got < lcm(*_shares(a)) and close(a * got, np.round(a * got), 0, 0.1)
            ),
            Text(
                en="Your tolerance is too wide: 0.001 is ample, for rounding to 32 bits changes "
                "up to 200 hits by less than 0.0001.",
                zh="容差太大了：0.001 已经足够，因为不超过 200 的命中数，"
                "32 位浮点数的舍入误差不到 0.0001。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Try n = 1, 2, 3, …, 200: for which is `n * accuracies` whole, but for rounding?",
            zh="试 n = 1、2、3……200：哪个 n 能让 `n * accuracies` 除舍入误差外都是整数？",
        ),
        Text(
            en="`hits = n * accuracies`, and `np.allclose(hits, np.round(hits), atol=1e-3)`; "
            "return the first such n.",
            zh="`hits = n * accuracies`，再用 `np.allclose(hits, np.round(hits), atol=1e-3)`；"
            "返回第一个符合的 n。",
        ),
    ),
    success=Text(
        en="An accuracy is a fraction, and a fraction tells its denominator.",
        zh="准确率是分数，而分数会泄露它的分母。",
    ),
)

# --- quiz --------------------------------------------------------------------------------------

quiz = Quiz(
    "04-quiz",
    Text(en="Quiz", zh="小测验"),
    [
        Question(
            "coin",
            Text(
                en="From the first step to the last, $D$'s loss is 0.69 and its accuracy 50 %. "
                "What do you do first?",
                zh="从第一步到最后一步，$D$ 的损失都是 0.69，准确率都是 50%。你先做什么？",
            ),
            [
                Choice(
                    Text(en="publish: this is equilibrium", zh="发论文：这就是均衡"),
                    Text(
                        en="Equilibrium has to be reached. A $D$ that was never better than a coin "
                        "has learned nothing.",
                        zh="均衡是一步步达到的。一个从来没比抛硬币强过的 $D$，什么也没学到。",
                    ),
                ),
                Choice(
                    Text(en="raise $D$'s learning rate", zh="调高 $D$ 的学习率"),
                    Text(
                        en="A guess. If its labels are shuffled, no rate helps.",
                        zh="这是瞎猜。如果标签乱了，多大的学习率都没用。",
                    ),
                ),
                Choice(
                    Text(
                        en="teach a copy of $D$ for a few steps with labels that are surely right",
                        zh="用确定无误的标签，把 $D$ 的副本教上几步",
                    ),
                    Text(
                        en="If it learns at once, the loop fed it nonsense; if it cannot, the "
                        "samples are as good as real, or $D$ is too weak.",
                        zh="一教就会，说明训练循环喂的是乱的；教不会，说明样本以假乱真，"
                        "或者 $D$ 太弱。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "third",
            Text(
                en="$G$'s loss is exactly 0.3133 for hundreds of steps. What is wrong?",
                zh="$G$ 的损失几百步都恰好是 0.3133。毛病在哪里？",
            ),
            [
                Choice(
                    Text(en="two sigmoids", zh="用了两次 sigmoid"),
                    Text(
                        en="$-\\ln\\sigma(1) = \\ln(1 + 1/e) = 0.3133$: the loss takes a "
                        "probability of 1 for a logit.",
                        zh="$-\\ln\\sigma(1) = \\ln(1 + 1/e) = 0.3133$：损失函数把概率 1 "
                        "当成了 logit。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the learning rate is too low", zh="学习率太低"),
                    Text(
                        en="Then it would stand wherever it happened to be, not at this number.",
                        zh="那样它会停在碰巧所在的地方，而不是这个数。",
                    ),
                ),
                Choice(
                    Text(en="mode collapse", zh="模式崩溃"),
                    Text(
                        en="That is a matter of the samples; no loss stands for it.",
                        zh="那要看样本，没有哪个损失值能代表它。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "below-zero",
            Text(
                en="$D$'s cross-entropy falls below 0. What is certain?",
                zh="$D$ 的交叉熵降到了 0 以下。可以肯定的是什么？",
            ),
            [
                Choice(
                    Text(en="$D$ is excellent", zh="$D$ 非常出色"),
                    Text(
                        en="The most excellent $D$ gets 0.",
                        zh="再出色的 $D$ 也只能到 0。",
                    ),
                ),
                Choice(
                    Text(
                        en="a target is outside of $[0, 1]$, or it is no cross-entropy",
                        zh="有目标标签超出了 $[0, 1]$，或者它根本不是交叉熵",
                    ),
                    Text(
                        en="$-t\\ln p - (1-t)\\ln(1-p)$ with $0 \\le t \\le 1$ is a sum of two "
                        "numbers that are not negative.",
                        zh="$0 \\le t \\le 1$ 时，$-t\\ln p - (1-t)\\ln(1-p)$ 是两个非负数之和。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the numbers have overflowed", zh="数值溢出了"),
                    Text(
                        en="Overflow gives infinity or NaN, not a small negative number.",
                        zh="溢出得到的是无穷大或 NaN，不是一个小小的负数。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "flag",
            Text(
                en="An old tutorial runs in today's Keras without any error, and $G$'s loss goes "
                "to 0. Which test first?",
                zh="一份旧教程在今天的 Keras 里运行，没有报错，$G$ 的损失趋于 0。先做哪项检查？",
            ),
            [
                Choice(
                    Text(en="the samples' FID", zh="样本的 FID"),
                    Text(
                        en="It will say that they are bad, and not why.",
                        zh="它会说样本不好，却说不出为什么。",
                    ),
                ),
                Choice(
                    Text(en="another seed", zh="换个种子"),
                    Text(
                        en="A frozen $D$ is frozen with every seed.",
                        zh="$D$ 被冻结了，换什么种子都一样。",
                    ),
                ),
                Choice(
                    Text(
                        en="whether each network's weights move in one step",
                        zh="走一步，两个网络的权重是否都动了",
                    ),
                    Text(
                        en="Six lines, one step. $G$ wins every game against a judge who does not "
                        "learn.",
                        zh="六行代码，一步。裁判从不学习，$G$ 当然每局都赢。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "both-right",
            Text(
                en="In the riddle both accuracies are near 100 %. Of the *same* images one step "
                "says fake, the other real. What differs?",
                zh="谜题里两个准确率都接近 100%。对**同样**的图像，一个训练步说假，"
                "另一个说真。差别在哪里？",
            ),
            [
                Choice(
                    Text(en="the batch in which $D$ sees them", zh="$D$ 看到它们时所在的批次"),
                    Text(
                        en="Beside real images they lie on the fake side of the batch's mean; "
                        "among themselves the mean is their own.",
                        zh="与真实图像同批时，它们在批次均值的“假”那一侧；单独成批时，"
                        "均值就是它们自己的。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the weights of $D$", zh="$D$ 的权重"),
                    Text(
                        en="$D$ is not trained between the two numbers.",
                        zh="两个数之间 $D$ 没有训练过。",
                    ),
                ),
                Choice(
                    Text(
                        en="nothing: the metric of the combined model is simply $D$'s",
                        zh="没有差别：组合模型的指标本来就是 $D$ 的",
                    ),
                    Text(
                        en="That explains the number's name. But if the same answers stood "
                        "behind both, with 97 % of the generated images called real $D$'s "
                        "accuracy could not be above 52 %.",
                        zh="这只说明了这个数的名称由来。可如果两个数出自同样的回答，97% 的生成图像"
                        "被判为真时，$D$ 的准确率不可能超过 52%。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "two-groups",
            Text(
                en="You keep batch normalisation in $D$ but want the riddle away. Which change "
                "makes the log honest?",
                zh="你想保留 $D$ 里的批归一化，又不想再有那样的矛盾。哪种改法能让日志说实话？",
            ),
            [
                Choice(
                    Text(en="a larger batch", zh="加大批次"),
                    Text(
                        en="Its mean is still mixed in one step and all fake in the other.",
                        zh="一种训练步的均值仍来自混合批次，另一种仍来自全假批次。",
                    ),
                ),
                Choice(
                    Text(
                        en="show $D$ batches of the same composition in both steps",
                        zh="两种训练步都给 $D$ 看同样构成的批次",
                    ),
                    Text(
                        en="All of one kind in both, or mixed in both. Then both accuracies speak "
                        "of the same thing.",
                        zh="要么都只含一种，要么都混合。这样两个准确率说的才是同一件事。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="log the losses instead of accuracies", zh="不记准确率，改记损失"),
                    Text(
                        en="They come from the same answers and contradict each other as well.",
                        zh="损失出自同样的回答，一样自相矛盾。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "unknown",
            Text(
                en="`diagnose` answers “I don't know”. What does that mean?",
                zh="`diagnose` 回答“我不知道”。这意味着什么？",
            ),
            [
                Choice(
                    Text(
                        en="the samples are unlike the data, and none of its tests says why",
                        zh="样本与数据不像，而它的检查没有一项能说明原因",
                    ),
                    Text(
                        en="Too few steps, weak networks, poor settings, or an illness that it "
                        "does not know: now it is your turn.",
                        zh="步数太少、网络太弱、参数不合适，或是它不认识的毛病：该你上场了。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the training is healthy", zh="训练是健康的"),
                    Text(
                        en="That has a verdict of its own, and it needs samples like the data.",
                        zh="那是另一种结论，而且要求样本与数据相像。",
                    ),
                ),
                Choice(
                    Text(en="the tool is broken", zh="工具坏了"),
                    Text(
                        en="A doctor who always has an answer is the dangerous one.",
                        zh="总能给出答案的医生才危险。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
