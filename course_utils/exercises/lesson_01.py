"""Exercises, predictions and quiz of lesson 01, the x² GAN."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from course_utils.exercises import (
    Case,
    Choice,
    Exercise,
    Mistake,
    Number,
    Property,
    Question,
    Quiz,
    close,
)
from course_utils.language import Text, text

# --- predictions -------------------------------------------------------------------------------

accuracy_alone = Question(
    "accuracy-alone",
    Text(
        en="$D$ alone learns to tell points of the curve from points spread evenly "
        "over the square. After 1,000 batches, how many of the **fakes** does it recognise?",
        zh="让 $D$ 单独学习区分两种点：曲线上的点，和均匀撒在正方形里的点。"
        "训练 1000 个批次以后，它能认出多少**假样本**？",
    ),
    [
        Choice(
            Text(en="about half of them", zh="大约一半"),
            Text(
                en="Half is what guessing gives. "
                "Most fakes lie far away from the curve, and those are easy.",
                zh="一半是瞎猜的水平。大多数假样本离曲线很远，很容易认出来。",
            ),
        ),
        Choice(
            Text(en="80 to 95 %", zh="80% 到 95%"),
            Text(
                en="$D$ is continuous and of limited slope: around the curve it must call "
                "a whole region real, and the fakes that fall into it are lost.",
                zh="$D$ 是连续函数，坡度又有限：它只能把曲线周围的一整片区域都判为真，"
                "落进去的假样本就认不出来了。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="all of them", zh="全部"),
            Text(
                en="Only a strip of width zero would lose none, and 25 neurons cannot draw one.",
                zh="只有宽度为零的带子才会一个不漏，而 25 个神经元画不出这样的带子。",
            ),
        ),
    ],
)

who_moved = Question(
    "who-moved",
    Text(
        en="The classic recipe runs 20 times, alternating `discriminator.train_on_batch` and "
        "`stacked.train_on_batch`. Whose weights will have changed?",
        zh="经典写法交替调用 `discriminator.train_on_batch` 和 `stacked.train_on_batch`，共 20 次。"
        "之后谁的权重会改变？",
    ),
    [
        Choice(
            Text(en="both networks'", zh="两个网络的都变"),
            Text(
                en="So the recipe intends it, and so it was in Keras 2. "
                "Today the comparison shows otherwise.",
                zh="这种写法的本意如此，在 Keras 2 里也确实如此；"
                "到了 Keras 3，实验结果却不是这样。",
            ),
        ),
        Choice(
            Text(en="only $G$'s", zh="只有 $G$ 的变"),
            Text(
                en="Keras 3 reads `trainable` when a training function is first built, "
                "and by then the flag was already False.",
                zh="Keras 3 在第一次构建训练函数时才读取 `trainable`，而那时它已经是 False 了。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="only $D$'s", zh="只有 $D$ 的变"),
            Text(
                en="$G$ is trained through the stacked model, and nothing freezes it.",
                zh="$G$ 通过堆叠模型训练，没有什么冻结它。",
            ),
        ),
    ],
)

how_many_succeed = Question(
    "how-many-succeed",
    Text(
        en="The same code runs with 8 seeds, 20,000 steps each. How many runs will succeed, "
        "with a mean error below 0.01 and all 20 bins covered?",
        zh="同一份代码用 8 个随机种子各跑 20000 步。有几次能成功，"
        "即平均误差小于 0.01，且 20 个区间全部覆盖？",
    ),
    [
        Choice(
            Text(en="0 or 1", zh="0 或 1 次"),
            Text(
                en="It is not as bad as that: a single lucky picture is easy to come by.",
                zh="没有那么糟：碰上一张好看的图并不难。",
            ),
        ),
        Choice(
            Text(en="2 to 6", zh="2 到 6 次"),
            Text(
                en="Roughly a third: enough for a tutorial to show a good picture, "
                "not enough to rely on.",
                zh="大约三分之一：教程要挑一张好图，够了；要让人放心用，还远远不够。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="7 or 8", zh="7 或 8 次"),
            Text(
                en="One seed says nothing about the others. That is why we repeat.",
                zh="一个种子说明不了其他种子的情况，所以要重复。",
            ),
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------

band_accuracy = Exercise(
    "01.1",
    Text(en="The strip around the curve", zh="曲线周围的带子"),
    cases=[Case(0.1), Case(0.02), Case(0.5)],
    returns=Number(),
    properties=[
        Property(
            Text(
                en="a share between 0 and 1 that comes close to 1 as the strip gets thin",
                zh="一个 0 到 1 之间的比例，带子越窄越接近 1",
            ),
            lambda got, half_width: 0 <= got <= 1 and got > 1 - half_width,
        ),
        Property(
            Text(
                en="the share of the square's area that lies outside the strip",
                zh="正方形中位于带子之外的面积所占的比例",
            ),
            lambda got, half_width: close(got, 1 - half_width / 2),
        ),
    ],
    mistakes=[
        Mistake(
            "one-side",
            lambda attempt: attempt.gives(lambda e: 1 - e / 4),
            Text(
                en="The strip reaches `half_width` above the curve *and* below it. "
                "If you averaged over real and fake: only the fakes are asked for.",
                zh="带子在曲线的上方**和**下方各延伸 `half_width`。"
                "如果你是对真、假样本求平均：这里只问假样本。",
            ),
        ),
        Mistake(
            "area-of-the-square",
            lambda attempt: attempt.gives(lambda e: 1 - 2 * e),
            Text(
                en="The square $[-1, 1]^2$ has area 4, not 1: divide the strip's area by it.",
                zh="正方形 $[-1, 1]^2$ 的面积是 4，不是 1：带子的面积要除以它。",
            ),
        ),
        Mistake(
            "strip-too-long",
            lambda attempt: attempt.gives(lambda e: 1 - e),
            Text(
                en="The curve runs from $x = -0.5$ to $0.5$ only: the strip has length 1, not 2.",
                zh="曲线只从 $x = -0.5$ 到 $0.5$：带子的长度是 1，不是 2。",
            ),
        ),
        Mistake(
            "share-inside",
            lambda attempt: attempt.gives(lambda e: e / 2),
            Text(
                en="This is the share of fakes that are *missed*. "
                "Asked is the share that is recognised.",
                zh="这是**漏掉**的假样本的比例。题目要的是被认出的比例。",
            ),
        ),
    ],
    hints=(
        Text(
            en="The fakes are spread evenly, so that a share of them is a share of the area.",
            zh="假样本是均匀分布的，所以它们的比例就是面积的比例。",
        ),
        Text(
            en="The strip is 1 long and `2 * half_width` high; the square's area is 4.",
            zh="带子长 1，高 `2 * half_width`；正方形的面积是 4。",
        ),
    ),
    success=Text(
        en="A strip of half-width $\\varepsilon$ costs $\\varepsilon / 2$ of the fakes. "
        "So 88 % of the fakes recognised means that $D$ calls real "
        "about as much area as a strip of half-width 0.24 would cover.",
        zh="半宽为 $\\varepsilon$ 的带子会漏掉 $\\varepsilon / 2$ 的假样本。"
        "所以认出 88% 的假样本意味着：$D$ 判为真的面积，相当于半宽 0.24 的带子。",
    ),
)

count_parameters = Exercise(
    "01.2",
    Text(en="Counting parameters", zh="数一数参数"),
    cases=[Case([5, 15, 2]), Case([2, 25, 1]), Case([5, 5, 2]), Case([3, 4, 4, 1])],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(
                en="for each pair of neighbouring layers, "
                "one weight for each connection and one bias for each unit of the later layer",
                zh="对每一对相邻的层：每条连接一个权重，后一层的每个单元一个偏置",
            ),
            lambda got, sizes: got == sum((a + 1) * b for a, b in pairwise(sizes)),
        )
    ],
    mistakes=[
        Mistake(
            "no-biases",
            lambda attempt: attempt.gives(lambda sizes: sum(a * b for a, b in pairwise(sizes))),
            Text(
                en="These are the weights alone. Each unit of a dense layer also has a bias.",
                zh="这只是权重的数目。全连接层的每个单元还有一个偏置。",
            ),
        ),
        Mistake(
            "biases-of-inputs",
            lambda attempt: attempt.gives(lambda sizes: sum(a * b + a for a, b in pairwise(sizes))),
            Text(
                en="You gave the biases to the inputs of each layer; they belong to its outputs.",
                zh="你把偏置算到了每层的输入上；偏置属于该层的输出单元。",
            ),
        ),
        Mistake(
            "first-layer-only",
            lambda attempt: attempt.gives(lambda sizes: (sizes[0] + 1) * sizes[1]),
            Text(
                en="This is the first layer only. Go through all pairs of neighbouring layers.",
                zh="这只是第一层。请把所有相邻的两层都算上。",
            ),
        ),
    ],
    hints=(
        Text(
            en="A dense layer from 5 units to 15 holds "
            "a weight matrix `[5, 15]` and a bias vector `[15]`.",
            zh="从 5 个单元到 15 个单元的全连接层，"
            "有一个 `[5, 15]` 的权重矩阵和一个 `[15]` 的偏置向量。",
        ),
        Text(
            en="Add up `(a + 1) * b` over the neighbours `a, b` in `zip(sizes, sizes[1:])`.",
            zh="对 `zip(sizes, sizes[1:])` 中的每一对 `a, b`，把 `(a + 1) * b` 加起来。",
        ),
    ),
    success=Text(
        en="$G$ has 122 parameters and $D$ has 101. "
        "With the five hidden neurons of the tutorial's prose, $G$ would have 42.",
        zh="$G$ 有 122 个参数，$D$ 有 101 个。如果真像那篇教程正文所说只有 5 个隐藏神经元，"
        "$G$ 就只有 42 个参数。",
    ),
)


_LEARNING_RATE = 0.1


@dataclass(frozen=True)
class _Update:
    """What the learner's update did.

    Attributes:
        move: new minus old weights of D, all in one row.
        generator: the largest change of a weight of G.
        steps: how many updates the given optimizer made.
    """

    move: np.ndarray
    generator: float
    steps: int

    @property
    def discriminator(self) -> float:
        """The largest change of a weight of D."""
        return float(np.abs(self.move).max())

    def __str__(self) -> str:
        d, g = (
            np.format_float_positional(size, 2, unique=False, fractional=False, trim="-")
            for size in (self.discriminator, self.generator)
        )
        return text(
            en=(
                f"$D$'s weights moved by at most {d}"
                if self.discriminator
                else "$D$'s weights did not move"
            )
            + (f", $G$'s by at most {g}." if self.generator else ", $G$'s did not move."),
            zh=(f"$D$ 的权重最多变了 {d}" if self.discriminator else "$D$ 的权重没变")
            + (f"，$G$ 的权重最多变了 {g}。" if self.generator else "，$G$ 的权重没变。"),
        )


def _networks(seed: int):
    """D and G of this lesson, and batches to try them on."""

    def make():
        import keras

        from course_utils.models import x2
        from course_utils.training.initializers import reinitialize

        discriminator, generator = x2.build_discriminator(), x2.build_generator()
        reinitialize(discriminator, seed)
        reinitialize(generator, seed + 1)
        random = np.random.default_rng(seed)
        x = random.uniform(-0.5, 0.5, (64, 1))
        real = np.concatenate([x, x**2], axis=1).astype(np.float32)
        latents = random.normal(size=(64, 5)).astype(np.float32)
        return discriminator, generator, keras.optimizers.SGD(_LEARNING_RATE), real, latents

    return make


def _d_after(function, discriminator, generator, optimizer, real, latents) -> _Update:
    """Call the learner's function, measure what it did and put the weights back."""
    from course_utils.training.initializers import reset_optimizer

    start = [np.array(v.numpy()) for v in discriminator.variables]
    start_g = [np.array(v.numpy()) for v in generator.variables]
    reset_optimizer(optimizer)
    function(discriminator, generator, optimizer, real, latents)
    move = [v.numpy() - old for v, old in zip(discriminator.variables, start, strict=True)]
    moved_g = [v.numpy() - old for v, old in zip(generator.variables, start_g, strict=True)]
    for variables, values in ((discriminator, start), (generator, start_g)):
        for variable, value in zip(variables.variables, values, strict=True):
            variable.assign(value)
    return _Update(
        np.concatenate([part.ravel() for part in move]),
        max(float(np.abs(part).max()) for part in moved_g),
        int(optimizer.iterations.numpy()),
    )


def _loss(kind: str, real, fake):
    """D's loss on logits [N, 1] of real and generated samples, right or with a known mistake."""
    import keras
    import tensorflow as tf

    def mean(logits):
        return tf.reduce_mean(tf.nn.softplus(logits))

    if kind == "keras-probabilities":  # it clips to [0, 1]
        loss = keras.losses.BinaryCrossentropy()
        return loss(tf.ones_like(real), real) + loss(tf.zeros_like(fake), fake)
    if kind == "log-probabilities":
        return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))
    return {
        "right": lambda: mean(-real) + mean(fake),
        "sum": lambda: len(real) * (mean(-real) + mean(fake)),
        "swapped": lambda: mean(real) + mean(-fake),
        "sigmoid-twice": lambda: mean(-tf.sigmoid(real)) + mean(tf.sigmoid(fake)),
        "real-only": lambda: mean(-real),
        "fake-only": lambda: mean(fake),
        "fake-subtracted": lambda: mean(-real) - mean(fake),
        "both-as-real": lambda: mean(-real) + mean(-fake),
        "both-as-fake": lambda: mean(real) + mean(fake),
    }[kind]()


def _moves_like(*kinds: str):
    """Whether D moved along the gradient of a loss of one of these kinds, or of half of it."""

    def test(got, discriminator, generator, optimizer, real, latents):
        import tensorflow as tf

        variables = discriminator.trainable_variables
        for kind in kinds:
            with tf.GradientTape() as tape:
                loss = _loss(kind, discriminator(real), discriminator(generator(latents)))
            gradients = tape.gradient(loss, variables)
            move = -_LEARNING_RATE * np.concatenate([g.numpy().ravel() for g in gradients])
            if any(close(got.move, scale * move, 1e-3, 1e-6) for scale in (1, 0.5)):
                return True
        return False

    return test


update_discriminator = Exercise(
    "01.3",
    Text(en="Repair the recipe", zh="修好这个写法"),
    # With these seeds many logits lie between 0 and 1, so that a loss that takes them for
    # probabilities moves D too.
    cases=[
        Case(make=_networks(1), label=Text(en="the first pair of networks", zh="用第一对网络")),
        Case(make=_networks(6), label=Text(en="the second pair of networks", zh="用第二对网络")),
    ],
    returns=None,
    run=_d_after,
    tell=str,
    properties=[
        Property(
            Text(
                en="an update after which $G$'s weights are what they were",
                zh="更新之后 $G$ 的权重保持不变",
            ),
            lambda got, *inputs: got.generator == 0,
        ),
        Property(
            Text(en="an update that moves $D$'s weights", zh="更新会改变 $D$ 的权重"),
            lambda got, *inputs: got.discriminator != 0,
        ),
        Property(
            Text(
                en="exactly one step of the given `optimizer`",
                zh="传进来的 `optimizer` 恰好走一步",
            ),
            lambda got, *inputs: got.steps == 1,
        ),
        Property(
            Text(
                en="one step along the gradient of mean softplus(−logit) "
                "on real plus mean softplus(logit) on generated samples",
                zh="沿着“真实样本上 softplus(−logit) 的均值"
                "加生成样本上 softplus(logit) 的均值”的梯度走一步",
            ),
            _moves_like("right"),
        ),
    ],
    mistakes=[
        Mistake(
            "generator-moved",
            lambda attempt: attempt.always(lambda got, *inputs: got.generator != 0),
            Text(
                en="$G$'s weights moved too. "
                "Take the gradient over `discriminator.trainable_variables` only.",
                zh="$G$ 的权重也变了。请只对 `discriminator.trainable_variables` 求梯度。",
            ),
        ),
        Mistake(
            "two-updates",
            lambda attempt: attempt.always(lambda got, *inputs: got.steps == 2),
            Text(
                en="You made two updates. Add the two mean losses, then one gradient and one "
                "apply.",
                zh="你更新了两次。这里要把两个平均损失相加，只求一次梯度、只 apply 一次。",
            ),
        ),
        Mistake(
            "own-optimizer",
            lambda attempt: attempt.always(
                lambda got, *inputs: got.steps == 0 and got.discriminator != 0
            ),
            Text(
                en="Use the `optimizer` that you were given, not one of your own.",
                zh="请使用传进来的 `optimizer`，不要新建一个。",
            ),
        ),
        Mistake(
            "logits-as-probabilities",
            lambda attempt: attempt.always(_moves_like("keras-probabilities", "log-probabilities")),
            Text(
                en="Your loss takes logits for probabilities: use "
                "`BinaryCrossentropy(from_logits=True)`, or softplus.",
                zh="损失把 logit 当成了概率。请写 `BinaryCrossentropy(from_logits=True)`，"
                "或用 softplus。",
            ),
        ),
        Mistake(
            "nothing-applied",
            lambda attempt: attempt.always(
                lambda got, *inputs: got.steps == 0 and got.discriminator == 0
            ),
            Text(
                en="$D$'s weights are what they were, as in the broken recipe. Did you call "
                "`optimizer.apply(gradients, variables)`?",
                zh="$D$ 的权重没有变，和那个坏掉的写法一样。"
                "调用 `optimizer.apply(gradients, variables)` 了吗？",
            ),
        ),
        Mistake(
            "labels-swapped",
            lambda attempt: attempt.always(_moves_like("swapped")),
            Text(
                en="$D$ learns to call generated points real. "
                "Real samples want softplus(−logit), generated ones softplus(logit).",
                zh="$D$ 学成了把生成的点判为真。真实样本应该用 softplus(−logit)，"
                "生成样本用 softplus(logit)。",
            ),
        ),
        Mistake(
            "sigmoid-twice",
            lambda attempt: attempt.always(_moves_like("sigmoid-twice")),
            Text(
                en="You applied a sigmoid before a loss that contains one already. "
                "Give the loss the logits.",
                zh="损失里已经含有 sigmoid，你在它之前又加了一个。请把 logit 直接交给损失函数。",
            ),
        ),
        Mistake(
            "real-only",
            lambda attempt: attempt.always(_moves_like("real-only")),
            Text(
                en="Only real samples enter your loss: $D$ would soon call everything real.",
                zh="你的损失里只有真实样本：$D$ 很快会把什么都判为真。",
            ),
        ),
        Mistake(
            "fake-part",
            lambda attempt: attempt.always(
                _moves_like("fake-only", "fake-subtracted", "both-as-real", "both-as-fake")
            ),
            Text(
                en="The generated batch enters with +softplus(logit), the real one with "
                "+softplus(−logit); both are needed.",
                zh="生成样本这一项应当是 +softplus(logit)，真实样本是 +softplus(−logit)，"
                "两项都要有。",
            ),
        ),
        Mistake(
            "sum-not-mean",
            lambda attempt: attempt.always(_moves_like("sum")),
            Text(
                en="You took the sum; take the mean over each batch.",
                zh="你用了总和，应当对每个批次取平均。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Inside `with tf.GradientTape() as tape:` compute the logits "
            "of the real and the generated batch, and the loss.",
            zh="在 `with tf.GradientTape() as tape:` 里计算真实批次和生成批次的 logit，以及损失。",
        ),
        Text(
            en="`variables = discriminator.trainable_variables`, "
            "then `tape.gradient(loss, variables)`, then `optimizer.apply(gradients, variables)`.",
            zh="先取 `variables = discriminator.trainable_variables`，"
            "再 `tape.gradient(loss, variables)`，最后 `optimizer.apply(gradients, variables)`。",
        ),
    ),
    success=Text(
        en="No flag was switched, and no model stacked: "
        "who is trained is decided by the list of variables.",
        zh="没有切换任何开关，也没有堆叠模型：训练谁，由变量列表说了算。",
    ),
)


def _covered(points, tolerance=0.02, clip=False, fair=0.2, size=np.abs, of=None):
    """Which of the 20 bins are covered, [20]; the arguments allow for the known mistakes."""
    x, error = points[:, 0], size(points[:, 1] - points[:, 0] ** 2)
    bins = np.floor((x + 0.5) * 20).astype(int)
    if clip:
        bins = np.clip(bins, 0, 19)
    inside = (bins >= 0) & (bins < 20) & (error < tolerance)
    counts = np.bincount(bins[inside], minlength=20)
    total = {None: len(points), "on-curve": (error < tolerance).sum(), "in-bins": counts.sum()}[of]
    return counts >= max(fair * total / 20, 1)


def _points(x, noise=0.002, strays=0):
    """Points near the curve at the given x; the first `strays` of them lie far above it."""
    x = np.random.default_rng(0).permutation(x)
    y = x**2 + np.random.default_rng(1).normal(0, noise, len(x))
    y[:strays] += 0.3
    return np.stack([x, y], axis=1)


def _telling_apart():
    """1,000 points for which each of the known mistakes gives another number of bins."""

    def row(bins, count, height=0.0):
        x = (np.repeat(bins, count) + 0.5) / 20 - 0.5
        return np.stack([x, x**2 + height], axis=1)

    return np.concatenate(
        [
            row(np.arange(1, 7), 51),  # covered
            row([7], 8),  # enough for a share of the points kept, not of all
            row(np.arange(8, 12), 1),  # not enough
            row(np.arange(12, 16), 86, 0.3),  # above the curve
            row(np.arange(16, 19), 86, -0.3),  # below the curve
            row([-3, 22], 40),  # outside; the end bins themselves stay empty
        ]
    )


_SPREAD = np.linspace(-0.499, 0.499, 1000)
_COVERAGE_CASES = [
    _points(_SPREAD),
    _points(np.linspace(-0.09, 0.499, 1000), strays=100),
    _points(np.concatenate([np.linspace(-0.9, -0.6, 500), np.linspace(-0.19, 0.29, 500)])),
    _points(_SPREAD, noise=0.04, strays=300),
    # A point in each bin, all others in one.
    _points(np.concatenate([np.linspace(-0.499, 0.499, 20), np.full(980, 0.26)])),
    _telling_apart(),
]

share_covered = Exercise(
    "01.4",
    Text(en="How much of the curve is covered?", zh="覆盖了多少曲线？"),
    cases=[Case(points) for points in _COVERAGE_CASES],
    returns=Number(),
    properties=[
        Property(
            Text(en="a share between 0 and 1", zh="一个 0 到 1 之间的比例"),
            lambda got, points: 0 <= got <= 1,
        ),
        Property(
            Text(
                en="the share of the 20 bins that hold at least `len(points) / 100` "
                "points whose error is below 0.02",
                zh="被覆盖的区间占 20 个区间的比例"
                "（被覆盖：误差小于 0.02 的点不少于 `len(points) / 100` 个）",
            ),
            lambda got, points: close(got, _covered(points).mean(), rtol=1e-6),
        ),
    ],
    mistakes=[
        Mistake(
            "count-not-share",
            lambda attempt: attempt.gives(lambda points: _covered(points).sum()),
            Text(
                en="This is the number of bins. Divide by 20 for the share.",
                zh="这是区间的个数。请除以 20 得到比例。",
            ),
        ),
        Mistake(
            "points-off-the-curve",
            lambda attempt: attempt.gives(lambda points: _covered(points, tolerance=np.inf).mean()),
            Text(
                en="You count points that have the right $x$ but lie off the curve. "
                "Keep only those with $|y - x^2| < 0.02$.",
                zh="你把 $x$ 合适但偏离曲线的点也算进去了。请只保留 $|y - x^2| < 0.02$ 的点。",
            ),
        ),
        Mistake(
            "no-absolute-value",
            lambda attempt: attempt.gives(lambda points: _covered(points, size=np.array).mean()),
            Text(
                en="Points below the curve have a negative difference: "
                "take `np.abs` before you compare.",
                zh="曲线下方的点，差值是负的：比较之前请先取 `np.abs`。",
            ),
        ),
        Mistake(
            "share-of-the-kept",
            lambda attempt: any(
                attempt.gives(lambda points, of=of: _covered(points, of=of).mean())
                for of in ("on-curve", "in-bins")
            ),
            Text(
                en="The limit counts all points: `len(points) / 100`, not only those you kept.",
                zh="阈值要用全部点数：`len(points) / 100`，而不是筛选之后的点数。",
            ),
        ),
        Mistake(
            "any-point-will-do",
            lambda attempt: attempt.gives(lambda points: _covered(points, fair=0.0).mean()),
            Text(
                en="One stray point is not coverage: "
                "a bin must hold at least a fifth of its fair share, `len(points) / 100`.",
                zh="区间里零星有一个点不算覆盖：至少要有平均数 `len(points) / 20` 的五分之一，"
                "即 `len(points) / 100` 个点。",
            ),
        ),
        Mistake(
            "outsiders-in-the-end-bins",
            lambda attempt: attempt.gives(lambda points: _covered(points, clip=True).mean()),
            Text(
                en="Points left of $-0.5$ or right of $0.5$ landed in the end bins. "
                "They belong to no bin.",
                zh="$-0.5$ 左边和 $0.5$ 右边的点被算进了两端的区间。它们不属于任何区间。",
            ),
        ),
    ],
    hints=(
        Text(
            en="First keep the points that lie on the curve, "
            "then count them bin by bin with `np.histogram`.",
            zh="先留下在曲线上的点，再用 `np.histogram` 逐个区间计数。",
        ),
        Text(
            en="`np.histogram(x, bins=20, range=(-0.5, 0.5))[0]` counts; "
            "compare with `len(points) / 100`, all points counted, and take the mean.",
            zh="用 `np.histogram(x, bins=20, range=(-0.5, 0.5))[0]` 计数，"
            "与 `len(points) / 100`（按全部点数算）比较，再取平均。",
        ),
    ),
)

# --- quiz --------------------------------------------------------------------------------------


quiz = Quiz(
    "01-quiz",
    Text(en="Quiz: the x² GAN", zh="小测验：x² 生成对抗网络"),
    [
        Question(
            "what-g-sees",
            Text(
                en="Which real samples does $G$ get to see in training?",
                zh="训练时，$G$ 能看到哪些真实样本？",
            ),
            [
                Choice(
                    Text(en="each batch that $D$ sees", zh="$D$ 看到的每一批"),
                    Text(
                        en="Look at the generator's step: no real sample enters it.",
                        zh="看看生成器的那一步：里面没有真实样本。",
                    ),
                ),
                Choice(
                    Text(en="none at all", zh="一个也看不到"),
                    Text(
                        en="All it gets is the gradient of $D$'s answer on its own points.",
                        zh="它只能得到梯度：$D$ 给它的点打分，梯度告诉它往哪里改。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="only those that fooled $D$", zh="只有骗过 $D$ 的那些"),
                    Text(
                        en="Real samples do not fool anybody; $G$'s are the ones that try.",
                        zh="真实样本不需要骗谁；想骗过 $D$ 的是 $G$ 的样本。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "why-frozen",
            Text(
                en="Why does the classic recipe fail silently in Keras 3?",
                zh="经典写法在 Keras 3 里为什么会悄悄失效？",
            ),
            [
                Choice(
                    Text(en="`compile` resets the weights", zh="`compile` 重置了权重"),
                    Text(en="Compiling never touches weights.", zh="编译从不改动权重。"),
                ),
                Choice(
                    Text(
                        en="`train_on_batch` averages its metrics",
                        zh="`train_on_batch` 会对指标求平均",
                    ),
                    Text(
                        en="It does, and that can mislead too, but it does not stop the training.",
                        zh="确实会求平均，也可能误导人，但它不会让训练停下来。",
                    ),
                ),
                Choice(
                    Text(
                        en="`trainable` is read when the training function is first built",
                        zh="`trainable` 在第一次构建训练函数时才读取",
                    ),
                    Text(
                        en="By the first call of $D$'s `train_on_batch` the flag is False, "
                        "and stays so in the function.",
                        zh="第一次调用 $D$ 的 `train_on_batch` 时标志已是 False，"
                        "并就此固定在函数里。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "half",
            Text(
                en="$D$'s accuracy is 50 %. What do you know about the generated points?",
                zh="$D$ 的准确率是 50%。关于生成的点，你能知道什么？",
            ),
            [
                Choice(
                    Text(en="nothing yet", zh="还什么都不知道"),
                    Text(
                        en="Either they are good, or this $D$ is bad at telling. "
                        "Measure the points themselves.",
                        zh="也许点很好，也许只是这个 $D$ 分不出来。请直接测量这些点。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="they follow the curve", zh="它们在曲线上"),
                    Text(
                        en="A $D$ that never learned also gives 50 %.",
                        zh="一个什么都没学到的 $D$ 也会给出 50%。",
                    ),
                ),
                Choice(
                    Text(en="half of them are good", zh="一半是好的"),
                    Text(
                        en="The accuracy is about $D$'s answers, not about shares of good points.",
                        zh="准确率说的是 $D$ 答对了多少，不是好点所占的比例。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "mean-error-only",
            Text(
                en="All generated points equal $(0, 0)$. Which measure notices?",
                zh="所有生成的点都是 $(0, 0)$。哪个指标能发现问题？",
            ),
            [
                Choice(
                    Text(en="mean $|y - x^2|$", zh="平均误差 $|y - x^2|$"),
                    Text(
                        en="It is 0 there, its best value: the point lies on the curve.",
                        zh="这时它等于 0，是最好的取值：这个点就在曲线上。",
                    ),
                ),
                Choice(
                    Text(en="the share of bins covered", zh="区间覆盖率"),
                    Text(
                        en="Only one bin of 20 is filled. "
                        "This is mode collapse in its most extreme form.",
                        zh="20 个区间只填了一个。这是模式崩溃最极端的形式。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="$G$'s loss", zh="$G$ 的损失"),
                    Text(
                        en="It depends on what $D$ believes at that moment, and may well be low.",
                        zh="它取决于 $D$ 此刻的判断，完全可能很低。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "floor",
            Text(
                en="Why do we measure real samples against other real samples?",
                zh="为什么要拿真实样本与另一批真实样本作比较？",
            ),
            [
                Choice(
                    Text(en="to train $D$ better", zh="为了更好地训练 $D$"),
                    Text(en="No training happens there.", zh="这一步没有任何训练。"),
                ),
                Choice(
                    Text(en="to scale the measure to 1", zh="为了把指标缩放到 1"),
                    Text(en="Nothing is scaled.", zh="这里没有做缩放。"),
                ),
                Choice(
                    Text(
                        en="to know the value that even a perfect generator gets",
                        zh="为了知道完美的生成器能得到多少",
                    ),
                    Text(
                        en="Below this floor, differences are chance.",
                        zh="低于这条底线的差别只是偶然。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "one-run",
            Text(
                en="A colleague changes β₁, runs once and gets a better picture. What follows?",
                zh="一位同事改了 β₁，跑了一次，图变好看了。这能说明什么？",
            ),
            [
                Choice(
                    Text(en="β₁ should be changed", zh="应该修改 β₁"),
                    Text(
                        en="With the tutorial's settings about a third of the seeds succeed "
                        "anyway.",
                        zh="用教程的设置，什么都不改，本来也有大约三分之一的种子会成功。",
                    ),
                ),
                Choice(
                    Text(
                        en="nothing before it is repeated over seeds",
                        zh="在多个种子上重复之前，什么也说明不了",
                    ),
                    Text(
                        en="Compare how many of many seeds succeed, before and after.",
                        zh="要比较修改前后，许多种子中各有多少成功。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="β₁ does not matter", zh="β₁ 无关紧要"),
                    Text(
                        en="One run cannot show that either.",
                        zh="一次运行同样证明不了这一点。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
