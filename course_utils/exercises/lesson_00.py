"""Warm-up exercises and quiz of lesson 00: small enough to learn how the course answers."""

from __future__ import annotations

import numpy as np

from course_utils.exercises import (
    Array,
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
from course_utils.language import Text

how_long = Question(
    "first-picture",
    Text(
        en="Next, a generator with 122 parameters trains for 3,000 steps. "
        "How long will that take here?",
        zh="马上要用一个 122 个参数的生成器训练 3000 步。在这台机器上要多久？",
    ),
    [
        Choice(
            Text(en="less than 2 seconds", zh="不到 2 秒"),
            Text(
                en="The steps run inside one compiled call; a step costs well under a millisecond.",
                zh="这些步在一次编译好的调用里完成，每一步远不到一毫秒。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="about a minute", zh="大约一分钟"),
            Text(
                en="So it would with a call of Keras for each batch: several minutes, in fact.",
                zh="如果每个批次都调用一次 Keras，确实会很久，甚至要好几分钟。",
            ),
        ),
        Choice(
            Text(en="it needs a GPU", zh="需要 GPU"),
            Text(
                en="Networks this small gain nothing from a GPU that you would need.",
                zh="这么小的网络用不着 GPU。",
            ),
        ),
    ],
)

squares = Exercise(
    "00.1",
    Text(en="A first answer", zh="第一个答案"),
    cases=[
        Case(np.array([-0.5, 0.0, 0.5])),
        Case(np.array([2.0, -3.0])),
        Case(np.linspace(-1, 1, 7)),
    ],
    returns=Array(lambda x: x.shape, "float"),
    properties=[
        Property(
            Text(en="each number times itself", zh="每个数乘以它自己"),
            lambda got, x: close(got, x * x),
        )
    ],
    mistakes=[
        Mistake(
            "doubled",
            lambda attempt: attempt.gives(lambda x: 2 * x),
            Text(
                en="`2 * x` doubles; the square is `x * x`.", zh="`2 * x` 是两倍；平方是 `x * x`。"
            ),
        ),
        Mistake(
            "power-of-two",
            lambda attempt: attempt.gives(lambda x: 2**x),
            Text(
                en="`2 ** x` is two to the power of $x$. Swap the two sides.",
                zh="`2 ** x` 是 2 的 $x$ 次方。请把两边对调。",
            ),
        ),
    ],
    hints=(
        Text(en="NumPy multiplies arrays element by element.", zh="NumPy 会对数组逐个元素相乘。"),
        Text(
            en="`return x * x`, or `x**2`. `x ^ 2` is something else.",
            zh="写 `return x * x` 或 `x**2`。`x ^ 2` 是另一回事。",
        ),
    ),
)


def _wraps_around(got, images) -> bool:
    """Whether the result both rises and falls as the pixel grows, as only an overflow makes it."""
    steps = np.diff(got.ravel()[np.argsort(images.ravel(), kind="stable")])
    return bool((steps < 0).any() and (steps > 0).any())


to_unit_range = Exercise(
    "00.2",
    Text(en="From pixels to [-1, 1]", zh="从像素到 [-1, 1]"),
    cases=[
        Case(np.array([[0, 255], [128, 64]], np.uint8)),
        Case(np.arange(0, 250, 10, dtype=np.uint8).reshape(5, 5)),
    ],
    returns=Array(lambda images: images.shape, "float"),
    properties=[
        Property(
            Text(en="0 turned into -1 and 255 into 1", zh="0 变成 -1，255 变成 1"),
            lambda got, images: close(got, images / 127.5 - 1, rtol=1e-4, atol=1e-5),
        )
    ],
    mistakes=[
        Mistake(
            "zero-to-one",
            lambda attempt: attempt.gives(lambda images: images / 255),
            Text(
                en="This is the range [0, 1]. A generator that ends in tanh draws in [-1, 1], "
                "and a discriminator would tell the two apart by the range alone.",
                zh="这样得到的范围是 [0, 1]。生成器最后一层用 tanh，输出在 [-1, 1]；"
                "范围不一致，判别器光看范围就能分出真假。",
            ),
        ),
        Mistake(
            "zero-to-two",
            lambda attempt: attempt.gives(lambda images: images / 127.5),
            Text(
                en="This is [0, 2]; one step is missing: subtract 1.",
                zh="这是 [0, 2]，还差一步：减去 1。",
            ),
        ),
        Mistake(
            "uint8-overflow",
            lambda attempt: attempt.always(_wraps_around),
            Text(
                en="Pixels are `uint8`: subtracting first wraps around below 0, "
                "multiplying first above 255. Divide first, that makes floats.",
                zh="像素是 `uint8`，先减或先乘都会溢出：0 − 127 得到 129，2 × 200 得到 144。"
                "请先做除法，结果就是浮点数。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Divide by half of 255 first. Which range is that?",
            zh="先除以 255 的一半。这时范围是多少？",
        ),
        Text(
            en="`images / 127.5` lies in [0, 2]; one more step.",
            zh="`images / 127.5` 在 [0, 2] 里，还差一步。",
        ),
    ),
)

share_believed = Exercise(
    "00.3",
    Text(en="How many does D believe?", zh="D 认为多少个是真的？"),
    cases=[
        Case(np.array([0.9, 0.2, 0.6, 0.1])),
        Case(np.array([0.51, 0.52, 0.53])),
        Case(np.array([0.5, 0.1])),
    ],
    returns=Number(),
    properties=[
        Property(
            Text(en="a share between 0 and 1", zh="一个 0 到 1 之间的比例"),
            lambda got, beliefs: 0 <= got <= 1,
        ),
        Property(
            Text(en="the share of beliefs above 0.5", zh="判真概率大于 0.5 的比例"),
            lambda got, beliefs: close(got, (beliefs > 0.5).mean()),
        ),
    ],
    mistakes=[
        Mistake(
            "mean-belief",
            lambda attempt: attempt.gives(lambda beliefs: beliefs.mean()),
            Text(
                en="This is the mean belief. Compare with 0.5 first, then take the mean.",
                zh="这是判真概率的平均值。请先与 0.5 比较，再求平均。",
            ),
        ),
        Mistake(
            "count",
            lambda attempt: attempt.gives(lambda beliefs: (beliefs > 0.5).sum()),
            Text(en="This is a count. Asked is a share.", zh="这是个数，题目要的是比例。"),
        ),
        Mistake(
            "at-least",
            lambda attempt: attempt.gives(lambda beliefs: (beliefs >= 0.5).mean()),
            Text(
                en="At exactly 0.5 $D$ is undecided; count only what is above.",
                zh="恰好等于 0.5 时 $D$ 拿不定主意，只数大于 0.5 的。",
            ),
        ),
    ],
    hints=(
        Text(
            en="`beliefs > 0.5` is an array of True and False.",
            zh="`beliefs > 0.5` 是一个由 True 和 False 组成的数组。",
        ),
        Text(
            en="The mean of True and False is the share of True.",
            zh="True 和 False 的平均值就是 True 的比例。",
        ),
    ),
)

quiz = Quiz(
    "00-quiz",
    Text(en="Quiz: how the course works", zh="小测验：课程怎么用"),
    [
        Question(
            "reset",
            Text(
                en="A notebook behaves strangely. What do you do first?",
                zh="笔记本表现异常，首先该怎么做？",
            ),
            [
                Choice(
                    Text(en="restart the kernel and run all cells", zh="重启内核并运行所有单元格"),
                    Text(
                        en="Most trouble comes from cells run out of order.",
                        zh="多数问题都是单元格没按顺序运行造成的。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="install everything again", zh="重新安装所有软件"),
                    Text(
                        en="Only if the check above says so.", zh="只有上面的环境检查要求时才需要。"
                    ),
                ),
                Choice(
                    Text(en="clone the repository anew", zh="重新克隆仓库"),
                    Text(
                        en="The new copy would lack your changes, "
                        "and the kernel's state is the usual cause.",
                        zh="新的副本里没有你的改动，而通常的原因只是内核的状态。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "gpu",
            Text(
                en="A cell carries the GPU badge. What happens on a laptop without one?",
                zh="一个单元格带有 GPU 标记。在没有 GPU 的笔记本电脑上会怎样？",
            ),
            [
                Choice(
                    Text(en="it runs, very slowly", zh="会运行，但非常慢"),
                    Text(
                        en="It would take hours; so it is skipped and says so.",
                        zh="那要好几个小时，所以会跳过，并显示一行说明。",
                    ),
                ),
                Choice(
                    Text(
                        en="it is skipped: the lesson is complete without it",
                        zh="会自动跳过，不影响学完本课",
                    ),
                    Text(en="GPU cells are extras.", zh="GPU 单元格只是附加内容。"),
                    correct=True,
                ),
                Choice(
                    Text(en="the lesson stops there", zh="课程到此为止"),
                    Text(en="No other cell depends on it.", zh="其他单元格都不依赖它。"),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "prediction",
            Text(
                en="Your prediction turned out wrong. What does that mean?",
                zh="你的预测错了，这说明什么？",
            ),
            [
                Choice(
                    Text(en="you lose a point", zh="扣一分"),
                    Text(en="Predictions are not scored.", zh="预测不计分。"),
                ),
                Choice(
                    Text(en="you should change the answer", zh="应该把答案改过来"),
                    Text(
                        en="It stays as you gave it: that is its use.",
                        zh="答案会保持原样，这正是它的意义。",
                    ),
                ),
                Choice(
                    Text(en="you have found something to learn", zh="你找到了值得学的东西"),
                    Text(
                        en="A surprise sticks better than a sentence.",
                        zh="猜错了才印象深，比光读一遍记得牢。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "seed",
            Text(
                en="The same seed, the same machine, the same versions: what do two runs give?",
                zh="同样的种子、机器和版本：两次运行的结果如何？",
            ),
            [
                Choice(
                    Text(en="the same weights, bit by bit", zh="逐位相同的权重"),
                    Text(
                        en="Every random number follows from the seed and the step.",
                        zh="每个随机数都由种子和步数决定。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="similar pictures", zh="相似的图"),
                    Text(en="Better than that: equal ones.", zh="不止如此：完全相同。"),
                ),
                Choice(
                    Text(en="it depends on the speed of the machine", zh="取决于机器的速度"),
                    Text(
                        en="How many steps fit into a moment varies, but not what a step does.",
                        zh="机器快慢只影响跑得多快，不影响每一步算出什么。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "offline",
            Text(en="What do the lessons download while they run?", zh="课程运行时会下载什么？"),
            [
                Choice(
                    Text(en="the MNIST digits", zh="MNIST 手写数字"),
                    Text(en="They are inside the package.", zh="它们就在软件包里。"),
                ),
                Choice(
                    Text(en="nothing", zh="什么都不下载"),
                    Text(
                        en="Data, fonts and front end are all there.",
                        zh="数据、字体和前端都已经在了。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the pictures", zh="图片"),
                    Text(en="They are in the notebooks.", zh="图片都在笔记本里。"),
                ),
            ],
            kind="quiz",
        ),
    ],
)
