"""Exercises, predictions and quiz of lesson 03, digits from noise in a minute."""

from __future__ import annotations

import math

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

# --- predictions -------------------------------------------------------------------------------

which_kernel = Question(
    "which-kernel",
    Text(
        en="Stride 2. Which kernel paints all positions inside the output equally often?",
        zh="步幅为 2。哪种大小的卷积核，会让输出内部每个位置被涂到的次数都相同？",
    ),
    [
        Choice(
            Text(en="4", zh="4"),
            Text(
                en="The stride divides the kernel: $4 / 2 = 2$ strokes meet at every position.",
                zh="步幅整除卷积核：每个位置恰好有 $4 / 2 = 2$ 笔重叠。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="5", zh="5"),
            Text(
                en="Two strokes meet at every other position and three at the rest.",
                zh="一半位置有两笔重叠，另一半位置有三笔。",
            ),
        ),
        Choice(
            Text(en="both", zh="两种都是"),
            Text(
                en="$5 / 2$ is no whole number, so the counts cannot all be equal.",
                zh="$5 / 2$ 不是整数，各处的次数不可能都相等。",
            ),
        ),
    ],
)

bias_before_norm = Question(
    "bias-before-norm",
    Text(
        en="A convolution is followed by batch normalisation. You add a bias of 3 to each of its "
        "channels. What happens to the normalised outputs of a training batch?",
        zh="卷积层后面接批归一化。你给它的每个通道加上偏置 3。一个训练批次归一化后的输出会怎样？",
    ),
    [
        Choice(
            Text(en="they all rise", zh="全部变大"),
            Text(
                en="The channel's mean rises by 3 as well, and it is subtracted.",
                zh="通道的均值也增大了 3，而均值会被减掉。",
            ),
        ),
        Choice(
            Text(en="they spread more", zh="变得更分散"),
            Text(
                en="A constant does not change the variance by which they are divided.",
                zh="加一个常数不会改变方差，除数也就不变。",
            ),
        ),
        Choice(
            Text(en="nothing", zh="没有变化"),
            Text(
                en="$(h + b) - (\\mu + b) = h - \\mu$. What is left is rounding.",
                zh="$(h + b) - (\\mu + b) = h - \\mu$。剩下的只有舍入误差。",
            ),
            correct=True,
        ),
    ],
)

sigmoid_corner = Question(
    "sigmoid-corner",
    Text(
        en="The data are in $[-1, 1]$, and this $G$ ends with a sigmoid. It is trained as long as "
        "you like. What is the least that a $D$ must look at to be always right?",
        zh="数据在 $[-1, 1]$ 内，而这个 $G$ 的最后一层是 sigmoid，训练多久都行。"
        "$D$ 最少只需看什么，就能次次判对？",
    ),
    [
        Choice(
            Text(en="the shapes of the digits", zh="数字的形状"),
            Text(
                en="It need not know what a digit is. The background gives $G$ away.",
                zh="它根本不必知道数字长什么样，底色就暴露了 $G$。",
            ),
        ),
        Choice(
            Text(en="the whole distribution of pixel values", zh="像素值的整个分布"),
            Text(
                en="That would do, but much less is enough: the background is $-1$, and a "
                "sigmoid is above 0.",
                zh="这当然够了，但不需要这么多：底色是 $-1$，而 sigmoid 的输出总大于 0。",
            ),
        ),
        Choice(
            Text(en="a single pixel in a corner", zh="角落里的一个像素"),
            Text(
                en="A corner is background, $-1$, in practically every real digit; a sigmoid never "
                "goes below 0.",
                zh="几乎每个真实数字的角落都是底色 $-1$，而 sigmoid 永远不会小于 0。",
            ),
            correct=True,
        ),
    ],
)

which_weights = Question(
    "which-weights",
    Text(
        en="Nowhere does our step set `trainable = False`. It makes one update of $D$ alone, whose "
        "loss depends on both networks. Which weights has the gradient moved?",
        zh="我们的训练步里没有任何 `trainable = False`。现在单独更新一次 $D$，"
        "而它的损失与两个网络都有关。哪些权重会被梯度更新？",
    ),
    [
        Choice(
            Text(en="those of both networks", zh="两个网络的权重"),
            Text(
                en="The loss depends on both, but the tape is asked for one gradient only.",
                zh="损失与两者都有关，但我们只向 tape 要了其中一个的梯度。",
            ),
        ),
        Choice(
            Text(en="those of $D$ only", zh="只有 $D$ 的权重"),
            Text(
                en="`tape.gradient(loss, discriminator.trainable_variables)`: the list says who "
                "learns.",
                zh="`tape.gradient(loss, discriminator.trainable_variables)`：谁学习，"
                "由这个列表决定。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="none, without a compiled model", zh="都不会：模型没有编译"),
            Text(
                en="A tape and an optimizer are enough; Keras' `compile` plays no part in it.",
                zh="有 tape 和优化器就够了，与 Keras 的 `compile` 无关。",
            ),
        ),
    ],
)

norm_in_d = Question(
    "norm-in-d",
    Text(
        en="The paper recommends batch normalisation in $D$. Our small $D$ has none. You add one "
        "and change nothing else. After 300 steps, judge-FID is",
        zh="论文建议 $D$ 里用批归一化，我们的小 $D$ 没有用。你加上一个，别的都不动。"
        "300 步之后，裁判 FID 会",
    ),
    [
        Choice(
            Text(en="better", zh="更好"),
            Text(
                en="The guideline comes from other settings: larger networks, no R1, a rate ten "
                "times lower.",
                zh="准则出自另一组设置：网络更大，没有 R1，学习率只有这里的十分之一。",
            ),
        ),
        Choice(
            Text(en="about the same", zh="差不多"),
            Text(
                en="All seeds with it are far from all seeds without it.",
                zh="加了它的每个种子，都与没加的每个种子相去甚远。",
            ),
        ),
        Choice(
            Text(en="far worse", zh="差得多"),
            Text(
                en="A grain lies over the images. Why, one experiment cannot tell; the lesson "
                "names suspects.",
                zh="图像蒙上了一层颗粒。原因何在，一个实验说不清；课文列出了几种可能。",
            ),
            correct=True,
        ),
    ],
)

walk_middle = Question(
    "walk-middle",
    Text(
        en="Half-way between two digits, on the straight line and on the sphere: how sure is the "
        "judge of what it sees?",
        zh="走到两个数字的正中间，一条路沿直线，一条路沿球面：裁判对看到的图像各有多大把握？",
    ),
    [
        Choice(
            Text(en="far less sure on the straight line", zh="直线上的把握小得多"),
            Text(
                en="The middle of the line is where hardly any latent falls; but a network is "
                "smooth, and short latents need not give bad images.",
                zh="直线的中点确实几乎没有隐变量落入；但网络是光滑的，短的隐向量不一定画得差。",
            ),
        ),
        Choice(
            Text(en="nearly the same on both", zh="两者差不多"),
            Text(
                en="In confidence, within what chance allows for 200 pairs. Whether the images are "
                "as good is another question: read on.",
                zh="就置信度而言，200 对的差别在随机波动之内。图像是不是一样好，"
                "是另一个问题，请往下看。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="far less sure on the sphere", zh="球面上的把握小得多"),
            Text(
                en="The sphere's middle has the usual length: it is a place like any other.",
                zh="球面上的中点长度和平常一样，与别处没有不同。",
            ),
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------


def _windows(size, kernel, stride, padding):
    """Output size of a convolution, as TensorFlow and Keras define it."""
    return math.ceil(size / stride) if padding == "same" else (size - kernel) // stride + 1


convolution_size = Exercise(
    "03.1",
    Text(en="The size of a convolution", zh="卷积的输出大小"),
    cases=[
        Case(28, 4, 2, "same"),
        Case(28, 4, 2, "valid"),
        Case(7, 4, 2, "same"),
        Case(28, 5, 2, "valid"),
        Case(10, 3, 1, "valid"),
    ],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(
                en="as many outputs as places where the kernel is put down",
                zh="卷积核放下了几次，就有几个输出",
            ),
            lambda got, *case: got == _windows(*case),
        )
    ],
    mistakes=[
        Mistake(
            "padding-ignored",
            lambda attempt: (
                attempt.gives(lambda n, k, s, p: math.ceil(n / s))
                or attempt.gives(lambda n, k, s, p: (n - k) // s + 1)
            ),
            Text(
                en="Right for one kind of padding and used for both. "
                '`"valid"`: the kernel stays inside. `"same"`: one output for every stride.',
                zh='对一种填充方式是对的，却用在了两种上。`"valid"`：卷积核不越出边界；'
                '`"same"`：每个步幅一个输出。',
            ),
        ),
        Mistake(
            "same-rounded-down",
            lambda attempt: attempt.gives(
                lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1
            ),
            Text(
                en="With `same` padding the last, incomplete stride counts, too: round up. "
                "7 with stride 2 gives 4.",
                zh="`same` 填充时，最后不满一个步幅的部分也算：应当向上取整。7 在步幅 2 下得到 4。",
            ),
        ),
        Mistake(
            "valid-rounded-up",
            lambda attempt: attempt.gives(
                lambda n, k, s, p: math.ceil(n / s) if p == "same" else math.ceil((n - k) / s) + 1
            ),
            Text(
                en="With `valid` padding the kernel may not stick out: a stride that does not fit "
                "is lost. Round down.",
                zh="`valid` 填充时卷积核不能越界，放不下的那一步就舍去：应当向下取整。",
            ),
        ),
        Mistake(
            "one-too-few",
            lambda attempt: attempt.gives(
                lambda n, k, s, p: math.ceil(n / s) if p == "same" else (n - k) // s
            ),
            Text(
                en="You counted the steps of the kernel. It also has a first place: one more.",
                zh="你数的是卷积核移动的次数。起始位置也算一个：还要加 1。",
            ),
        ),
    ],
    hints=(
        Text(
            en="`valid`: the kernel's left end runs over 0, s, 2s, … as long as it fits. "
            "`same`: one output for every s inputs, also for an incomplete group.",
            zh="`valid`：卷积核的左端依次放在 0、s、2s……，只要还放得下。"
            "`same`：每 s 个输入一个输出，不满的一组也算。",
        ),
        Text(
            en="`same`: $\\lceil n / s \\rceil$, `-(-size // stride)`. "
            "`valid`: $\\lfloor (n - k) / s \\rfloor + 1$.",
            zh="`same`：$\\lceil n / s \\rceil$，即 `-(-size // stride)`；"
            "`valid`：$\\lfloor (n - k) / s \\rfloor + 1$。",
        ),
    ),
    success=Text(
        en="So 28 → 14 → 7 with stride 2 and `same`, whatever the kernel.",
        zh="所以步幅为 2、填充为 `same` 时是 28 → 14 → 7，与卷积核大小无关。",
    ),
)


def _painted(size, kernel, stride, padding):
    """Output size of a transposed convolution, as Keras defines it, for kernel >= stride."""
    return size * stride if padding == "same" else (size - 1) * stride + kernel


transposed_size = Exercise(
    "03.2",
    Text(en="The size of a transposed convolution", zh="转置卷积的输出大小"),
    cases=[
        Case(7, 4, 2, "same"),
        Case(7, 4, 2, "valid"),
        Case(14, 5, 2, "valid"),
        Case(5, 3, 3, "valid"),
        Case(4, 4, 1, "valid"),
    ],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(
                en="`valid`: from the left end of the first stroke to the right end of the last; "
                "`same`: the stride times the input",
                zh="`valid`：从第一笔的左端到最后一笔的右端；`same`：输入大小乘以步幅",
            ),
            lambda got, *case: got == _painted(*case),
        )
    ],
    mistakes=[
        Mistake(
            "padding-ignored",
            lambda attempt: (
                attempt.gives(lambda n, k, s, p: n * s)
                or attempt.gives(lambda n, k, s, p: (n - 1) * s + k)
            ),
            Text(
                en='Right for one kind of padding and used for both. `"valid"` keeps everything '
                'that is painted, `"same"` cuts it to stride times input.',
                zh='对一种填充方式是对的，却用在了两种上。`"valid"` 保留涂到的全部位置，'
                '`"same"` 把它裁成输入大小乘以步幅。',
            ),
        ),
        Mistake(
            "one-stroke-too-many",
            lambda attempt: attempt.gives(lambda n, k, s, p: n * s if p == "same" else n * s + k),
            Text(
                en="$n$ strokes lie $n - 1$ strides apart, from the first to the last.",
                zh="$n$ 笔从第一笔到最后一笔，只隔了 $n - 1$ 个步幅。",
            ),
        ),
        Mistake(
            "kernel-end",
            lambda attempt: attempt.gives(
                lambda n, k, s, p: n * s if p == "same" else (n - 1) * s + 1
            ),
            Text(
                en="The last stroke is as long as the kernel, not one position.",
                zh="最后一笔有整个卷积核那么长，而不是一个位置。",
            ),
        ),
        Mistake(
            "forward",
            lambda attempt: attempt.gives(_windows),
            Text(
                en="This is the convolution's size. The transposed one goes the other way: from "
                "few places to many.",
                zh="这是卷积的输出大小。转置卷积方向相反：从少变多。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Each input paints a stroke as long as the kernel; the strokes begin at 0, s, 2s, …",
            zh="每个输入涂出一笔，长度等于卷积核；各笔的起点是 0、s、2s……",
        ),
        Text(
            en="`valid`: $(n - 1)\\,s + k$. `same`: $n s$.",
            zh="`valid`：$(n - 1)\\,s + k$；`same`：$n s$。",
        ),
    ),
    success=Text(
        en="So 7 → 14 → 28 with stride 2 and `same`.",
        zh="所以步幅为 2、填充为 `same` 时是 7 → 14 → 28。",
    ),
)


def _overlap(kernel, stride, length, reach=None, add=True):
    counts = np.zeros((length - 1) * stride + kernel)
    for place in range(length):
        stroke = slice(place * stride, place * stride + (reach or kernel))
        counts[stroke] = counts[stroke] + 1 if add else 1
    return counts


overlap = Exercise(
    "03.3",
    Text(en="How often is each position painted?", zh="每个位置被涂了几次？"),
    cases=[Case(3, 2, 4), Case(4, 2, 5), Case(5, 2, 6), Case(2, 3, 3)],
    returns=Array(),
    properties=[
        Property(
            Text(
                en="one count for each output position: `(length - 1) * stride + kernel` of them",
                zh="每个输出位置对应一个次数，共 `(length - 1) * stride + kernel` 个",
            ),
            lambda got, kernel, stride, length: got.shape == _overlap(kernel, stride, length).shape,
        ),
        Property(
            Text(
                en="`length` strokes of `kernel` positions each, and so `kernel * length` in all",
                zh="共 `length` 笔，每笔 `kernel` 个位置，总次数为 `kernel * length`",
            ),
            lambda got, kernel, stride, length: close(got.sum(), kernel * length),
        ),
        Property(
            Text(
                en="for each position the number of strokes that cover it",
                zh="每个位置上的值，等于盖住它的笔数",
            ),
            lambda got, *case: close(got, _overlap(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "overwritten",
            lambda attempt: attempt.gives(lambda k, s, n: _overlap(k, s, n, add=False)),
            Text(
                en="Each stroke overwrites the one before. Add: `counts[…] += 1`.",
                zh="后一笔把前一笔覆盖了。应当累加：`counts[…] += 1`。",
            ),
        ),
        Mistake(
            "stride-ignored",
            lambda attempt: attempt.always(
                lambda got, k, s, n: any(
                    close(got, np.pad(_overlap(k, 1, n), (0, pad)))
                    for pad in (0, (n - 1) * (s - 1))
                )
            ),
            Text(
                en="The strokes begin at 0, 1, 2, …; they should begin at 0, `stride`, "
                "`2 * stride`, …",
                zh="各笔的起点是 0、1、2……，应当是 0、`stride`、`2 * stride`……",
            ),
        ),
        Mistake(
            "cut-to-same",
            lambda attempt: attempt.always(
                lambda got, k, s, n: any(
                    close(got, _overlap(k, s, n)[cut : cut + n * s]) for cut in range(k)
                )
            ),
            Text(
                en="These are the counts with `same` padding. Keep all that is painted: "
                "`(length - 1) * stride + kernel` positions.",
                zh="这是 `same` 填充时的次数。请保留涂到的全部位置，共 "
                "`(length - 1) * stride + kernel` 个。",
            ),
        ),
        Mistake(
            "average",
            lambda attempt: attempt.gives(
                lambda k, s, n: np.full((n - 1) * s + k, k / s),
            ),
            Text(
                en="This is the average, $k / s$. Asked is each position's own number: a whole "
                "one.",
                zh="这是平均值 $k / s$。题目问的是每个位置自己的次数，应为整数。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Begin with `np.zeros` of the size of exercise 2, and loop over the inputs.",
            zh="先用 `np.zeros` 建一个数组，大小见练习 2，再对输入循环。",
        ),
        Text(
            en="`counts[i * stride : i * stride + kernel] += 1`",
            zh="`counts[i * stride : i * stride + kernel] += 1`",
        ),
    ),
    success=Text(
        en="Look at kernel 5, stride 2: inside, the counts go 2, 3, 2, 3, …",
        zh="看卷积核 5、步幅 2 的那个：内部的次数是 2、3、2、3……",
    ),
)

even_repair = Exercise(
    "03.4",
    Text(en="Find the bug: the 5 × 5 kernels", zh="找错：5 × 5 的卷积核"),
    cases=[Case(5, 2), Case(4, 2), Case(5, 1), Case(7, 3), Case(3, 2)],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(en="a kernel that the stride divides", zh="能被步幅整除的卷积核"),
            lambda got, kernel, stride: got % stride == 0,
        ),
        Property(
            Text(
                en="the largest such kernel that is not larger than the old one: no extra work",
                zh="这样的卷积核中不大于原来的、最大的那一个，以免增加计算量",
            ),
            lambda got, kernel, stride: got == kernel - kernel % stride,
        ),
    ],
    mistakes=[
        Mistake(
            "unchanged",
            lambda attempt: attempt.gives(lambda kernel, stride: kernel),
            Text(
                en="The kernel is still the old one. Which multiple of the stride should it be?",
                zh="卷积核没有变。应当改成步幅的哪一个倍数？",
            ),
        ),
        Mistake(
            "one-less",
            lambda attempt: attempt.gives(lambda kernel, stride: kernel - 1),
            Text(
                en="One less cures 5 with stride 2, but not 7 with stride 3, and spoils what was "
                "even. What must go is the *remainder*.",
                zh="减 1 能治好“5 配 2”，却治不好“7 配 3”，还会弄坏本来就均匀的。"
                "应当去掉的是**余数**。",
            ),
        ),
        Mistake(
            "larger",
            lambda attempt: attempt.gives(lambda kernel, stride: -(-kernel // stride) * stride),
            Text(
                en="It paints evenly, but it is larger than before and costs more. Round down.",
                zh="涂得均匀了，但比原来大，计算更慢。请向下取整。",
            ),
        ),
        Mistake(
            "stride-itself",
            lambda attempt: attempt.gives(lambda kernel, stride: stride),
            Text(
                en="Even, but without any overlap: each place sees one input only. "
                "Keep the kernel as large as you can.",
                zh="均匀是均匀了，但各笔之间毫无重叠，每个位置只看得到一个输入。"
                "请让卷积核尽可能大。",
            ),
        ),
    ],
    hints=(
        Text(
            en="The remainder `kernel % stride` is what makes the counts differ.",
            zh="造成次数不一的，正是余数 `kernel % stride`。",
        ),
        Text(en="`kernel - kernel % stride`", zh="`kernel - kernel % stride`"),
    ),
    success=Text(
        en="5 with stride 2 becomes 4. Now measure whether it helps.",
        zh="步幅为 2 时，5 变成 4。下面来测一测有没有用。",
    ),
)


def _angle(a, b):
    return math.acos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))


def _white(a, b, t):
    """White 2016, arXiv:1609.04468, for the vectors as they are."""
    angle = _angle(a, b)
    return (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)


def _unit(vector):
    return vector / np.linalg.norm(vector)


def _length(a, b, t):
    return (1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b)


def _slerp(a, b, t):
    return _length(a, b, t) * _white(_unit(a), _unit(b), t)


slerp = Exercise(
    "03.5",
    Text(en="A walk on the sphere", zh="沿球面行走"),
    cases=[
        Case(np.array([2.0, 0.0]), np.array([0.0, 2.0]), 0.25),
        Case(np.array([1.0, 0.0, 0.0]), np.array([-1.5, 2.0, 1.0]), 0.3),
        Case(np.array([0.0, 3.0]), np.array([1.0, 1.0]), 0.0),
        Case(np.array([0.0, 3.0]), np.array([1.0, 1.0]), 0.8),
    ],
    returns=Array(),
    properties=[
        Property(
            Text(en="a vector of the same size as `a`", zh="与 `a` 同样大小的向量"),
            lambda got, a, b, t: got.shape == a.shape,
        ),
        Property(
            Text(
                en="the length $(1 - t)\\,|a| + t\\,|b|$",
                zh="长度为 $(1 - t)\\,|a| + t\\,|b|$",
            ),
            lambda got, *case: close(np.linalg.norm(got), _length(*case)),
        ),
        Property(
            Text(
                en="the direction of $a$, turned towards $b$ by the share $t$ of the angle",
                zh="方向：从 $a$ 朝 $b$ 转过夹角的 $t$ 倍",
            ),
            lambda got, *case: close(got, _slerp(*case), atol=1e-6),
        ),
    ],
    mistakes=[
        Mistake(
            "straight",
            lambda attempt: attempt.gives(lambda a, b, t: (1 - t) * a + t * b),
            Text(
                en="This is the straight line: it cuts through the inside of the sphere.",
                zh="这是直线，它从球的内部穿过去了。",
            ),
        ),
        Mistake(
            "straight-then-stretched",
            lambda attempt: (
                attempt.gives(
                    lambda a, b, t: _length(a, b, t) * _unit((1 - t) * _unit(a) + t * _unit(b))
                )
                or attempt.gives(lambda a, b, t: _length(a, b, t) * _unit((1 - t) * a + t * b))
            ),
            Text(
                en="The straight line, stretched to the right length: it turns slowly at the ends "
                "and quickly in the middle. Use sines of parts of the angle.",
                zh="这是把直线上的点拉到正确的长度：两端转得慢，中间转得快。请用夹角各部分的正弦。",
            ),
        ),
        Mistake(
            "lengths-mixed",
            lambda attempt: attempt.gives(_white),
            Text(
                en="This is the formula for two vectors of the *same* length. Apply it to "
                "$a / |a|$ and $b / |b|$, and multiply by the length at last.",
                zh="这个公式适用于长度**相同**的两个向量。请把它用在 $a / |a|$ 和 $b / |b|$ 上，"
                "最后再乘以长度。",
            ),
        ),
        Mistake(
            "unit-length",
            lambda attempt: attempt.gives(lambda a, b, t: _white(_unit(a), _unit(b), t)),
            Text(
                en="The direction is right, the length is 1. Give it the length between $|a|$ "
                "and $|b|$.",
                zh="方向对了，长度却是 1。请把长度设为 $|a|$ 与 $|b|$ 之间的插值。",
            ),
        ),
        Mistake(
            "from-b-to-a",
            lambda attempt: attempt.gives(lambda a, b, t: _slerp(b, a, t)),
            Text(
                en="This walks from $b$ to $a$: at $t = 0$ it must be at $a$.",
                zh="这是从 $b$ 走到 $a$：$t = 0$ 时应当在 $a$。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Make both vectors unit vectors. The angle is the `arccos` of their product.",
            zh="先把两个向量都化为单位向量，夹角就是两者内积的 `arccos`。",
        ),
        Text(
            en="Direction: $\\bigl(\\sin((1-t)\\Omega)\\,\\hat a + \\sin(t\\Omega)\\,\\hat b\\bigr)"
            " / \\sin\\Omega$. Then times $(1 - t)\\,|a| + t\\,|b|$.",
            zh="方向：$\\bigl(\\sin((1-t)\\Omega)\\,\\hat a + \\sin(t\\Omega)\\,\\hat b\\bigr)"
            " / \\sin\\Omega$，再乘以 $(1 - t)\\,|a| + t\\,|b|$。",
        ),
    ),
    success=Text(
        en="The course's `latents.spherical` does the same.",
        zh="课程里的 `latents.spherical` 做的也是这件事。",
    ),
)

# --- quiz --------------------------------------------------------------------------------------

quiz = Quiz(
    "03-quiz",
    Text(en="Quiz", zh="小测验"),
    [
        Question(
            "transpose",
            Text(
                en="What does a transposed convolution transpose?",
                zh="转置卷积“转置”的是什么？",
            ),
            [
                Choice(
                    Text(
                        en="the matrix of a convolution: it goes from its outputs' shape back "
                        "to its inputs' shape",
                        zh="卷积对应的矩阵：从卷积的输出形状回到输入形状",
                    ),
                    Text(
                        en="$W^\\mathsf{T} y$ where the convolution is $W x$. The values do not "
                        "come back, only a shape.",
                        zh="卷积是 $W x$，它就是 $W^\\mathsf{T} y$。回来的只是形状，不是数值。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the image: rows become columns", zh="图像：行变成列"),
                    Text(
                        en="The image keeps its orientation.",
                        zh="图像的方向不变。",
                    ),
                ),
                Choice(
                    Text(en="the effect: it undoes a convolution", zh="效果：它能抵消卷积"),
                    Text(
                        en="That would be an inverse. $W^\\mathsf{T} W$ is not the identity.",
                        zh="那是求逆。$W^\\mathsf{T} W$ 并不是单位矩阵。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "count-weights",
            Text(
                en="How many parameters has `Conv2D(32, 3)` with a bias, on 16 channels?",
                zh="输入有 16 个通道，带偏置的 `Conv2D(32, 3)` 有多少个参数？",
            ),
            [
                Choice(
                    Text(
                        en="$3 \\cdot 3 \\cdot 32 + 32 = 320$",
                        zh="$3 \\cdot 3 \\cdot 32 + 32 = 320$",
                    ),
                    Text(
                        en="Each output channel has weights for each of the 16 input channels.",
                        zh="每个输出通道对 16 个输入通道各有一组权重。",
                    ),
                ),
                Choice(
                    Text(
                        en="$3 \\cdot 3 \\cdot 16 \\cdot 32 + 32 = 4{,}640$",
                        zh="$3 \\cdot 3 \\cdot 16 \\cdot 32 + 32 = 4{,}640$",
                    ),
                    Text(
                        en="Kernel × input channels × output channels, and one bias for each "
                        "output channel. The image's size does not matter.",
                        zh="卷积核大小 × 输入通道 × 输出通道，再加每个输出通道一个偏置。"
                        "与图像大小无关。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="it depends on the size of the image",
                        zh="取决于图像的大小",
                    ),
                    Text(
                        en="The same kernel is used everywhere; a larger image takes more time, "
                        "not more weights.",
                        zh="各处用的是同一个卷积核；图像大，花的时间多，权重却不变。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "no-bias",
            Text(
                en="In a tutorial no transposed convolution has a bias, and after some of them "
                "there is no batch normalisation. What does leaving the bias out do *there*?",
                zh="某教程里所有转置卷积都没有偏置，其中有些后面并没有批归一化。"
                "**在这些层**去掉偏置，有什么作用？",
            ),
            [
                Choice(
                    Text(en="it makes the training stabler", zh="让训练更稳定"),
                    Text(
                        en="Nothing here suggests it. What is certain: the layer can express less.",
                        zh="这里没有任何迹象支持这一点；可以肯定的是，这一层能表达的东西变少了。",
                    ),
                ),
                Choice(
                    Text(
                        en="it only takes away what the layer can express",
                        zh="只会削弱这一层的表达能力",
                    ),
                    Text(
                        en="With leaky ReLUs the stack can then only scale: twice the input, twice "
                        "the output, and 0 for 0.",
                        zh="再加上 Leaky ReLU，这一叠层就只能缩放：输入加倍，输出也加倍；"
                        "输入为 0，输出也为 0。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="nothing at all", zh="毫无作用"),
                    Text(
                        en="It does nothing *before* batch normalisation. Here nothing cancels.",
                        zh="在批归一化**之前**才毫无作用，在这里没有什么会被抵消。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "range",
            Text(
                en="Your images are scaled to $[0, 1]$ and $G$ ends with tanh. What is true?",
                zh="你的图像缩放到了 $[0, 1]$，$G$ 的最后一层是 tanh。哪种说法正确？",
            ),
            [
                Choice(
                    Text(
                        en="$G$ can make every image, but also what no real image has",
                        zh="$G$ 能画出所有图像，也能画出真实图像里没有的值",
                    ),
                    Text(
                        en="The range is too wide, not too narrow: $G$ has to learn to avoid the "
                        "negative half, but nothing is out of reach.",
                        zh="范围是太宽而不是太窄：$G$ 要学会避开负的一半，但没有够不着的值。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="$G$ cannot make a black background", zh="$G$ 画不出黑色的底"),
                    Text(
                        en="The background is 0 here, and tanh reaches 0 with ease. It is the "
                        "other mismatch, sigmoid with $[-1, 1]$, that has this fault.",
                        zh="这里的底色是 0，tanh 轻易就能输出 0。有这个毛病的是另一种错配："
                        "sigmoid 配 $[-1, 1]$。",
                    ),
                ),
                Choice(
                    Text(en="it makes no difference to $D$", zh="对 $D$ 没有影响"),
                    Text(
                        en="Until $G$ has learned it, a negative pixel gives it away.",
                        zh="在 $G$ 学会之前，一个负的像素就会暴露它。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "ablation",
            Text(
                en="Without R1 the judge-FID after a short training is 5 better in one run. "
                "What do you conclude?",
                zh="去掉 R1 后短暂训练一次，裁判 FID 好了 5。你得出什么结论？",
            ),
            [
                Choice(
                    Text(en="R1 is harmful", zh="R1 有害"),
                    Text(
                        en="One run of each says nothing: another seed may turn it round.",
                        zh="各一次运行什么也说明不了：换个种子，结果可能就反过来。",
                    ),
                ),
                Choice(
                    Text(
                        en="R1 is of no use in long trainings either",
                        zh="长时间训练时 R1 也没有用",
                    ),
                    Text(
                        en="One short run says nothing about long trainings; even at the same "
                        "length another seed may turn it round.",
                        zh="短时间的一次运行，说明不了长时间的训练；"
                        "就连同样长短，换个种子也可能反过来。",
                    ),
                ),
                Choice(
                    Text(
                        en="nothing yet: repeat with other seeds, and compare with their spread",
                        zh="还不能下结论：换几个种子重复，再与离散程度比较",
                    ),
                    Text(
                        en="And even then it is about this size, this length and these rates only.",
                        zh="即便如此，结论也只适用于这个规模、这个步数和这组学习率。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "copies",
            Text(
                en="No sample is nearer to its nearest training digit than the nearest of the test "
                "digits is. What does that show?",
                zh="样本与最近训练数字的距离，没有一个小于测试数字的最小距离。这说明了什么？",
            ),
            [
                Choice(
                    Text(
                        en="$G$ does not simply repeat training digits pixel by pixel",
                        zh="$G$ 没有逐像素地照搬训练数字",
                    ),
                    Text(
                        en="A copy would have distance 0. A shifted or thickened copy would not.",
                        zh="照搬的距离是 0。但平移或加粗后的副本，距离就不是 0 了。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="$G$ has not memorised anything", zh="$G$ 什么也没有记住"),
                    Text(
                        en="Distance in pixels misses a copy that is shifted by two pixels.",
                        zh="副本只要平移两个像素，像素距离就发现不了。",
                    ),
                ),
                Choice(
                    Text(
                        en="the samples are as good as test digits",
                        zh="样本和测试数字一样好",
                    ),
                    Text(
                        en="Noise is far from all training digits, too.",
                        zh="纯噪声离所有训练数字也很远。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
