"""Exercises, predictions and quiz of lesson 06, how G knows which digit to draw (ACGAN)."""

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
    Tuple,
    close,
)
from course_utils.language import Text

# --- predictions -------------------------------------------------------------------------------

no_class_loss = Question(
    "no-class-loss",
    Text(
        en="The weight of the class loss is 0 from the first step on. $G$ still gets the label, in "
        "its input. How often will the judge see the digit that was asked for?",
        zh="从第一步起，类别损失的权重就是 0。$G$ 的输入里照样有标签。"
        "裁判看到的数字，有多少会与要求的一致？",
    ),
    [
        Choice(
            Text(en="about 10 %", zh="约 10%"),
            Text(
                en="The label is there, but nothing rewards $G$ for using it: this $D$ judges an "
                "image without knowing what was asked for.",
                zh="标签在那里，但用不用它，$G$ 的损失都一样：这里的 $D$ 判断图像时，"
                "并不知道要求的是什么。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="about 50 %", zh="约 50%"),
            Text(
                en="Half right would need a reason to be half right. $D$'s first answer does not "
                "depend on the label asked for.",
                zh="要对一半，也得有对一半的理由。$D$ 的第一个回答与要求的标签无关。",
            ),
        ),
        Choice(
            Text(en="over 90 %", zh="90% 以上"),
            Text(
                en="An input is an offer, not an order. What makes $G$ obey is the class loss.",
                zh="输入只是提供了信息，不等于命令。让 $G$ 听话的是类别损失。",
            ),
        ),
    ],
)

two_numbers = Question(
    "two-numbers",
    Text(
        en="The picture shows $z \\odot e(c)$ with two numbers. Somebody gets one of these points, "
        "knows all ten embeddings, and names the most probable class. How often is this right?",
        zh="图上是二维的 $z \\odot e(c)$。某人拿到其中一个点，知道全部十个嵌入向量，"
        "说出可能性最大的类别。他说对的比例有多大？",
    ),
    [
        Choice(
            Text(en="about 10 %, as by guessing", zh="约 10%，等于瞎猜"),
            Text(
                en="The rectangles differ in size and shape: a point far out can belong to few "
                "classes only.",
                zh="各个矩形的大小和形状不同：离原点远的点，只可能属于少数几类。",
            ),
        ),
        Choice(
            Text(en="about 50 %", zh="约 50%"),
            Text(
                en="A cloud to the eye, and yet far from guessing.",
                zh="看上去是一团，其实远好于瞎猜。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="over 90 %", zh="90% 以上"),
            Text(
                en="Near the origin all rectangles overlap, and there nobody can tell.",
                zh="在原点附近，所有矩形互相重叠，谁也分不清。",
            ),
        ),
    ],
)

hundred_numbers = Question(
    "hundred-numbers",
    Text(
        en="The same with 100 numbers, as in the code on the page. The embedding is still "
        "untrained. How often is the class read correctly?",
        zh="换成 100 维，和那个网页的代码一样。嵌入仍未经训练。类别有多少次能读对？",
    ),
    [
        Choice(
            Text(en="about 10 %: still a cloud", zh="约 10%：还是一团"),
            Text(
                en="Each number adds a little evidence, and 100 of them are read together.",
                zh="每一维都提供一点证据，而 100 维可以合在一起看。",
            ),
        ),
        Choice(
            Text(en="as often as with two numbers", zh="和二维时一样"),
            Text(
                en="So the asker thought, too. But the evidence of the numbers adds up.",
                zh="提问的人也这么想。可是各维的证据是累加的。",
            ),
        ),
        Choice(
            Text(en="practically always", zh="几乎每次"),
            Text(
                en="Log-likelihoods add up over the numbers. With 100 of them the classes are "
                "far apart, although each number alone says little.",
                zh="对数似然在各维上相加。单看一维说明不了多少，合起来 100 维，类别就分得很开。",
            ),
            correct=True,
        ),
    ],
)

smaller_noise = Question(
    "smaller-noise",
    Text(
        en="The answer on the page says: the noise is too large. Take $z / 10$ in place of $z$ in "
        "the product. The best possible reading of the class becomes",
        zh="那个网页的回答说：噪声太大。把乘积里的 $z$ 换成 $z / 10$。类别的最佳读出准确率会",
    ),
    [
        Choice(
            Text(en="better", zh="变好"),
            Text(
                en="That would be so if the noise were added. In a product the classes shrink "
                "together with the noise.",
                zh="噪声是加上去的才会这样。在乘积里，各类别与噪声一起缩小。",
            ),
        ),
        Choice(
            Text(en="worse", zh="变差"),
            Text(
                en="Ten times the magnification brings the old picture back: nothing is lost.",
                zh="放大十倍，就和原来的图一模一样：什么也没有丢。",
            ),
        ),
        Choice(
            Text(en="neither", zh="不变"),
            Text(
                en="Every density is squeezed by the same factor; their ratios stay, and so does "
                "each decision.",
                zh="所有密度都按同样的倍数收缩，彼此之比不变，每个判断也就不变。",
            ),
            correct=True,
        ),
    ],
)

overlap_mass = Question(
    "overlap-mass",
    Text(
        en="Class 1 is the normal distribution around $+1$ with deviation 1, so 16 % of it lie "
        "left of 0. The weight of the class loss is only 0.1. How much of what $G$ makes for "
        "class 1 lies left of 0 after training?",
        zh="类别 1 是以 $+1$ 为中心、标准差为 1 的正态分布，所以有 16% 落在 0 的左边。"
        "类别损失的权重只有 0.1。训练之后，$G$ 为类别 1 生成的样本，有多少在 0 的左边？",
    ),
    [
        Choice(
            Text(en="16 %: that is the truth", zh="16%：真实情况就是这样"),
            Text(
                en="Nobody asks for the truth here: $D$ sees whether the mixture is right, and "
                "the class loss wants samples whose class is easy to tell.",
                zh="这里没有谁要求真实：$D$ 只看整体的混合分布对不对，"
                "而类别损失要的是容易认出类别的样本。",
            ),
        ),
        Choice(
            Text(en="somewhat less: 10 to 15 %", zh="少一点：10% 到 15%"),
            Text(
                en="A small weight would give a small effect if something pulled the other way. "
                "Nothing does: the mixture stays the same however it is dealt out.",
                zh="如果有什么朝反方向拉，权重小，效果就小。可是没有："
                "样本怎么分给两个类别，混合分布都一样。",
            ),
        ),
        Choice(
            Text(en="hardly any", zh="几乎没有"),
            Text(
                en="Samples in the overlap cost class loss, and $G$ can avoid the cost without "
                "changing the mixture: all to the right of 0 becomes class 1.",
                zh="落在重叠区的样本会增加类别损失，而 $G$ 不用改变混合分布就能省下它："
                "0 右边的全归类别 1。",
            ),
            correct=True,
        ),
    ],
)

stuck_loss = Question(
    "stuck-loss",
    Text(
        en="A class head ends with a softmax, and its output goes into a cross-entropy that "
        "expects logits. The classifier becomes perfect. Which loss does it report, for ten "
        "classes?",
        zh="类别输出的最后是 softmax，其结果又送进了一个要求 logit 的交叉熵。"
        "假设分类器已经完美，有十个类别，报告的损失是多少？",
    ),
    [
        Choice(
            Text(en="0", zh="0"),
            Text(
                en="For 0 the logit of the right class would have to be infinitely above the "
                "others. A probability is at most 1 above another.",
                zh="要到 0，正确类别的 logit 必须比其他的大无穷多；而概率之间最多只差 1。",
            ),
        ),
        Choice(
            Text(en="1.46", zh="1.46"),
            Text(
                en="The best “logits” are 1 and nine zeros: $\\log(1 + 9 / \\mathrm{e})$.",
                zh="最好的“logit”是一个 1 和九个 0：$\\log(1 + 9 / \\mathrm{e})$。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="2.30", zh="2.30"),
            Text(
                en="That is $\\log 10$, the loss of knowing nothing. A little below is possible.",
                zh="那是 $\\log 10$，一无所知时的损失。还可以再低一些。",
            ),
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------


def _mean_softplus(logits):
    return np.logaddexp(0, logits).mean()


def _log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def _class_loss(class_logits, labels):
    return -_log_softmax(class_logits)[np.arange(len(labels)), labels].mean()


def _softmax_twice(class_logits, labels):
    return _class_loss(np.exp(_log_softmax(class_logits)), labels)


def _losses(l_real, l_fake, a_real, a_fake, c_real, c_fake, weight, class_loss=_class_loss):
    classes = class_loss(a_real, c_real) + class_loss(a_fake, c_fake)
    d_loss = _mean_softplus(-l_real) + _mean_softplus(l_fake) + weight * classes
    return d_loss, _mean_softplus(-l_fake) + weight * class_loss(a_fake, c_fake)


def _with(change):
    """A wrong version: `change(right D loss, right G loss, parts, weight)`."""

    def formula(l_real, l_fake, a_real, a_fake, c_real, c_fake, weight):
        parts = {
            "real": _class_loss(a_real, c_real),
            "fake": _class_loss(a_fake, c_fake),
            "cheat": _mean_softplus(-l_fake),
            "caught": _mean_softplus(l_fake),
        }
        right = _losses(l_real, l_fake, a_real, a_fake, c_real, c_fake, weight)
        return change(*right, parts, weight)

    return formula


def _two_heads(seed, real, fake, classes, weight):
    random = np.random.default_rng(seed)
    return Case(
        2 * random.standard_normal(real),
        2 * random.standard_normal(fake),
        2 * random.standard_normal((real, classes)),
        2 * random.standard_normal((fake, classes)),
        random.integers(classes, size=real),
        random.integers(classes, size=fake),
        weight,
    )


acgan_losses = Exercise(
    "06.1",
    Text(en="Two heads, two losses", zh="两个输出，两个损失"),
    cases=[
        _two_heads(0, 3, 3, 3, 1.0),
        _two_heads(1, 4, 2, 10, 0.5),
        _two_heads(2, 2, 5, 2, 2.0),
    ],
    returns=Tuple(Number(), Number()),
    properties=[
        Property(
            Text(
                en="first $D$'s loss: it names real and generated images, and the classes of both",
                zh="第一个是 $D$ 的损失：要分清真假，还要认出两种图像的类别",
            ),
            lambda got, *case: close(got[0], _losses(*case)[0]),
        ),
        Property(
            Text(
                en="second $G$'s loss: its images should pass as real, and as the class asked for",
                zh="第二个是 $G$ 的损失：它的图像要被当成真的，还要被认成要求的类别",
            ),
            lambda got, *case: close(got[1], _losses(*case)[1]),
        ),
    ],
    mistakes=[
        Mistake(
            "class-term-sign",
            lambda attempt: attempt.gives(
                _with(lambda d, g, parts, w: (d, parts["cheat"] - w * parts["fake"]))
            ),
            Text(
                en="Your $G$ tries to be taken for a *wrong* class. In the class both players "
                "want the same: $+$ in both losses. Opponents they are about real and generated "
                "only.",
                zh="这样的 $G$ 会努力让人认**错**类别。在类别上双方目标一致，两个损失里都是 $+$；"
                "只有在真假上才是对手。",
            ),
        ),
        Mistake(
            "reals-only",
            lambda attempt: attempt.gives(_with(lambda d, g, parts, w: (d - w * parts["fake"], g))),
            Text(
                en="$D$'s class loss is there for real images only. In the paper's equation 3 it "
                "also names the classes of generated ones.",
                zh="$D$ 的类别损失只算了真实图像。论文的式 3 里，生成图像的类别也要认。",
            ),
        ),
        Mistake(
            "fakes-only",
            lambda attempt: attempt.gives(_with(lambda d, g, parts, w: (d - w * parts["real"], g))),
            Text(
                en="$D$'s class loss is there for generated images only. From the real ones it "
                "learns what the classes look like.",
                zh="$D$ 的类别损失只算了生成图像。各类别长什么样，要从真实图像学。",
            ),
        ),
        Mistake(
            "halved",
            lambda attempt: attempt.gives(
                _with(
                    lambda d, g, parts, w: (
                        d - w * 0.5 * (parts["real"] + parts["fake"]),
                        g,
                    )
                )
            ),
            Text(
                en="$D$'s two class losses are averaged. Equation 3 adds them.",
                zh="$D$ 的两项类别损失被取了平均。式 3 是把它们相加。",
            ),
        ),
        Mistake(
            "softmax-twice",
            lambda attempt: attempt.gives(lambda *case: _losses(*case, class_loss=_softmax_twice)),
            Text(
                en="The softmax is applied twice: `log_softmax` and the usual functions expect "
                "logits, not probabilities.",
                zh="softmax 做了两次：`log_softmax` 这类函数要的是 logit，不是概率。",
            ),
        ),
        Mistake(
            "weight-forgotten",
            lambda attempt: attempt.always(lambda got, *case: close(got, _losses(*case[:6], 1.0))),
            Text(
                en="The weight is missing before the class losses.",
                zh="类别损失前面漏了权重。",
            ),
        ),
        Mistake(
            "d-s-part",
            lambda attempt: attempt.gives(
                _with(lambda d, g, parts, w: (d, parts["caught"] + w * parts["fake"]))
            ),
            Text(
                en="Your $G$ wants to be found out. For its own images it wants what $D$ says of "
                "real ones: softplus of *minus* the logit.",
                zh="这样的 $G$ 希望被识破。对自己的图像，它希望 $D$ 说是真的："
                "应对**负的** logit 取 softplus。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Four pieces: `softplus` of `-l_real`, of `l_fake`, of `-l_fake`, and a function "
            "`class_loss(a, c)` that you call for real and for generated images.",
            zh="共四样：`-l_real`、`l_fake`、`-l_fake` 的 softplus，"
            "以及一个 `class_loss(a, c)`，分别用于真实图像和生成图像。",
        ),
        Text(
            en="`class_loss`: `log_p = a - np.logaddexp.reduce(a, axis=1, keepdims=True)`, then "
            "minus the mean of `log_p[np.arange(len(c)), c]`.",
            zh="`class_loss`：`log_p = a - np.logaddexp.reduce(a, axis=1, keepdims=True)`，"
            "再对 `log_p[np.arange(len(c)), c]` 取平均、加负号。",
        ),
    ),
    success=Text(
        en="The class term has the same sign in both: in this the two players help each other.",
        zh="类别项在两个损失里符号相同：在这件事上，双方是互相帮忙的。",
    ),
)


def _read(h, e, power=2, determinant=1.0, sign=1):
    scores = -0.5 * (h[:, None] ** 2 / np.abs(e) ** power).sum(2) - determinant * np.log(
        np.abs(e)
    ).sum(1)
    return (sign * scores).argmax(1)


def _product(seed, count, classes, dim):
    random = np.random.default_rng(seed)
    embedding = random.standard_normal((classes, dim))
    labels = np.arange(count) % classes
    return Case(random.standard_normal((count, dim)) * embedding[labels], embedding)


read_class = Exercise(
    "06.2",
    Text(en="Read the class back", zh="把类别读出来"),
    cases=[_product(0, 60, 10, 2), _product(1, 40, 4, 5), _product(2, 30, 10, 20)],
    returns=Array(shape=lambda h, e: (len(h),), dtype="integer"),
    properties=[
        Property(
            Text(en="numbers of rows of `e`", zh="`e` 的行号"),
            lambda got, h, e: got.min() >= 0 and got.max() < len(e),
        ),
        Property(
            Text(
                en="for each row of `h` the class with the highest likelihood",
                zh="对 `h` 的每一行，取似然最大的类别",
            ),
            lambda got, h, e: close(got, _read(h, e)),
        ),
    ],
    mistakes=[
        Mistake(
            "no-determinant",
            lambda attempt: attempt.gives(lambda h, e: _read(h, e, determinant=0.0)),
            Text(
                en="You compare exponents only, and a wide distribution always wins. It is also "
                "lower everywhere: the factor $1 / \\prod_i |e_i|$ is missing.",
                zh="只比较了指数部分，这样总是宽的分布获胜。可是宽的分布处处更低："
                "漏了因子 $1 / \\prod_i |e_i|$。",
            ),
        ),
        Mistake(
            "determinant-halved",
            lambda attempt: attempt.gives(lambda h, e: _read(h, e, determinant=0.5)),
            Text(
                en="$\\frac{1}{2} \\log$ belongs before the *variance* $e_i^2$. For $|e_i|$ it is "
                "the whole logarithm.",
                zh="$\\frac{1}{2} \\log$ 是乘在**方差** $e_i^2$ 前面的；对 $|e_i|$ 则是整个对数。",
            ),
        ),
        Mistake(
            "deviation-as-variance",
            lambda attempt: attempt.gives(lambda h, e: _read(h, e, power=1)),
            Text(
                en="$|e_i|$ is the standard deviation. In the exponent stands the variance, "
                "$e_i^2$.",
                zh="$|e_i|$ 是标准差，指数里应当用方差 $e_i^2$。",
            ),
        ),
        Mistake(
            "least-likely",
            lambda attempt: attempt.gives(lambda h, e: _read(h, e, sign=-1)),
            Text(
                en="This is the *least* probable class: a sign is wrong, or it should be `argmax`.",
                zh="这是可能性**最小**的类别：符号反了，或者应当用 `argmax`。",
            ),
        ),
        Mistake(
            "nearest-embedding",
            lambda attempt: attempt.gives(
                lambda h, e: ((h[:, None] - e) ** 2).sum(2).argmin(1),
            ),
            Text(
                en="This names the nearest embedding. But $z \\odot e(c)$ lies around 0 for every "
                "class, not around $e(c)$: what differs is the spread.",
                zh="这是找最近的嵌入向量。可是每一类的 $z \\odot e(c)$ 都以 0 为中心，"
                "而不是以 $e(c)$ 为中心：不同的是离散程度。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Given the class, the numbers of $h$ are independent, with mean 0 and deviation "
            "$|e_i(c)|$. Write down the log of the density and add up over $i$.",
            zh="给定类别后，$h$ 的各维独立，均值为 0，标准差为 $|e_i(c)|$。"
            "写出密度的对数，对 $i$ 求和。",
        ),
        Text(
            en="`h[:, None]` has the shape [N, 1, d]. Scores: "
            "$-\\sum_i h_i^2 / (2 e_i^2) - \\sum_i \\log |e_i|$, then `argmax` over the classes.",
            zh="`h[:, None]` 的形状是 [N, 1, d]。得分为 "
            "$-\\sum_i h_i^2 / (2 e_i^2) - \\sum_i \\log |e_i|$，再沿类别取 `argmax`。",
        ),
    ),
    success=Text(
        en="No reader of $h$ can be right more often, as long as $z$ is normal and the classes "
        "are equally frequent.",
        zh="只要 $z$ 服从正态分布、各类别同样常见，就没有哪种读法能更准。",
    ),
)


def _entropy(shares):
    shares = np.asarray(shares, float)
    return -(shares[shares > 0] * np.log(shares[shares > 0])).sum()


def _class_entropy(counts):
    shares = counts / counts.sum()
    return _entropy(shares) - _entropy(shares.sum(axis=0))


def _unweighted(counts):
    filled = counts[:, counts.sum(axis=0) > 0]
    return np.mean([_entropy(column / column.sum()) for column in filled.T])


class_entropy = Exercise(
    "06.3",
    Text(en="How uncertain is the class?", zh="类别还有多不确定？"),
    cases=[
        Case(np.array([[8, 4, 1, 0], [0, 4, 3, 12]])),
        Case(np.array([[5, 0, 0], [0, 7, 3]])),
        Case(np.array([[1, 2, 0, 6], [3, 2, 0, 1], [2, 2, 0, 0]])),
    ],
    returns=Number(),
    properties=[
        Property(
            Text(
                en="a value from 0 to the log of the number of classes",
                zh="介于 0 和类别数的对数之间的值",
            ),
            lambda got, counts: -1e-9 <= got <= math.log(len(counts)) + 1e-9,
        ),
        Property(
            Text(
                en="in nats, the mean entropy of the class over all samples, each in its bin",
                zh="以 nat 为单位，类别的熵按样本平均，每个样本取它所在区间的熵",
            ),
            lambda got, counts: close(got, _class_entropy(counts), atol=1e-6),
        ),
    ],
    mistakes=[
        Mistake(
            "bits",
            lambda attempt: attempt.gives(lambda counts: _class_entropy(counts) / math.log(2)),
            Text(
                en="These are bits. For nats, as in the losses, take `np.log`.",
                zh="这是以比特为单位的。要和损失一样用 nat，请用 `np.log`。",
            ),
        ),
        Mistake(
            "bins-not-weighted",
            lambda attempt: attempt.gives(_unweighted),
            Text(
                en="All bins count alike here. A bin with many samples must count more: weight "
                "by its share of the samples.",
                zh="这里每个区间的分量都一样。样本多的区间应当占更大的分量：请按样本占比加权。",
            ),
        ),
        Mistake(
            "given-the-class",
            lambda attempt: attempt.gives(
                lambda counts: (
                    _entropy(counts / counts.sum()) - _entropy(counts.sum(1) / counts.sum())
                )
            ),
            Text(
                en="This is $H(\\text{bin} \\mid c)$: how open the bin is if one knows the class. "
                "Asked is the other one: divide each *column* by its sum.",
                zh="这是 $H(\\text{区间} \\mid c)$，即知道类别后区间还有多不确定。"
                "题目问的是另一个：请把每一**列**除以该列之和。",
            ),
        ),
        Mistake(
            "joint",
            lambda attempt: attempt.gives(lambda counts: _entropy(counts / counts.sum())),
            Text(
                en="This is the entropy of class and bin together. The logarithm must be of the "
                "share of the class *within its bin*.",
                zh="这是类别与区间的联合熵。对数里应当是类别**在该区间内**的占比。",
            ),
        ),
        Mistake(
            "classes-alone",
            lambda attempt: attempt.gives(
                lambda counts: _entropy(counts.sum(axis=1) / counts.sum())
            ),
            Text(
                en="This is the entropy of the class if one sees no sample. Use the bins.",
                zh="这是不看样本时类别的熵。请用上区间的信息。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Within a bin: the share $p$ of each class, and $-\\sum p \\log p$, with 0 for "
            "$p = 0$. Then the mean over the bins, weighted by how many samples they hold.",
            zh="在一个区间内：求各类别的占比 $p$，再算 $-\\sum p \\log p$，$p = 0$ 时取 0。"
            "然后按各区间的样本数加权平均。",
        ),
        Text(
            en="Loop over the columns of `counts`: skip those that are 0, `p = column / "
            "column.sum()`, `p = p[p > 0]`, weight `column.sum() / counts.sum()`.",
            zh="对 `counts` 的列循环：全 0 的跳过，`p = column / column.sum()`，"
            "`p = p[p > 0]`，权重为 `column.sum() / counts.sum()`。",
        ),
    ),
    success=Text(
        en="0 means: each bin belongs to one class. That is what the class loss pulls towards.",
        zh="0 表示每个区间只属于一个类别。类别损失就在往那边拉。",
    ),
)


def _softmax_twice_bound(classes):
    return math.log(1 + (classes - 1) / math.e)


lowest_loss = Exercise(
    "06.4",
    Text(en="Find the bug: a loss that gets stuck", zh="找错：卡住不动的损失"),
    cases=[Case(10), Case(2), Case(100)],
    returns=Number(),
    properties=[
        Property(
            Text(
                en="the cross-entropy, in nats, of the “logits” $(1, 0, \\dots, 0)$ when the "
                "first class is right",
                zh="“logit”为 $(1, 0, \\dots, 0)$、正确类别为第一类时的交叉熵，以 nat 为单位",
            ),
            lambda got, classes: close(got, _softmax_twice_bound(classes)),
        )
    ],
    mistakes=[
        Mistake(
            "zero",
            lambda attempt: attempt.gives(lambda classes: 0.0),
            Text(
                en="0 is the bound of the right loss. Here a probability, at most 1, stands where "
                "a logit is expected.",
                zh="0 是正确写法的下界。这里在应当放 logit 的地方，放的是最大为 1 的概率。",
            ),
        ),
        Mistake(
            "guessing",
            lambda attempt: attempt.gives(lambda classes: math.log(classes)),
            Text(
                en="This is the loss of equal probabilities. The best first softmax gives 1 to "
                "the right class and 0 to the others.",
                zh="这是各类概率相等时的损失。第一次 softmax 最好的结果，"
                "是正确类别得 1、其他得 0。",
            ),
        ),
        Mistake(
            "one-too-many",
            lambda attempt: attempt.gives(lambda classes: math.log(1 + classes / math.e)),
            Text(
                en="Count again: one class is right and `classes - 1` are wrong.",
                zh="再数一遍：正确的有一类，错误的有 `classes - 1` 类。",
            ),
        ),
        Mistake(
            "probability",
            lambda attempt: attempt.gives(lambda classes: math.e / (math.e + classes - 1)),
            Text(
                en="This is the probability of the right class. The loss is minus its logarithm.",
                zh="这是正确类别的概率。损失是它的对数的相反数。",
            ),
        ),
    ],
    hints=(
        Text(
            en="At best the first softmax gives $(1, 0, \\dots, 0)$. What does the second make "
            "of it?",
            zh="第一次 softmax 最好的结果是 $(1, 0, \\dots, 0)$。第二次会把它变成什么？",
        ),
        Text(
            en="The right class gets $\\mathrm{e} / (\\mathrm{e} + C - 1)$.",
            zh="正确类别得到 $\\mathrm{e} / (\\mathrm{e} + C - 1)$。",
        ),
    ),
    success=Text(
        en="1.461 for ten classes. Whoever sees a class loss stop there knows where to look.",
        zh="十个类别时是 1.461。看到类别损失停在这里，就该知道去哪儿找原因了。",
    ),
)

# --- quiz --------------------------------------------------------------------------------------

quiz = Quiz(
    "06-quiz",
    Text(en="Quiz", zh="小测验"),
    [
        Question(
            "same-sign",
            Text(
                en="In which part of their losses do $D$ and $G$ of an ACGAN want the same?",
                zh="ACGAN 的 $D$ 和 $G$，在损失的哪一部分目标一致？",
            ),
            [
                Choice(
                    Text(
                        en="the class of generated images",
                        zh="生成图像的类别",
                    ),
                    Text(
                        en="Both gain if the class asked for can be read from the image. About "
                        "real and generated they are opponents.",
                        zh="只要能从图像中认出要求的类别，双方的损失都会下降。在真假上则互为对手。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="real or generated", zh="图像是真是假"),
                    Text(
                        en="There one wins what the other loses.",
                        zh="在这一点上，一方得益，另一方就受损。",
                    ),
                ),
                Choice(
                    Text(en="in none: it is a game", zh="没有：这是一场博弈"),
                    Text(
                        en="$L_C$ is maximised by both; only $L_S$ is fought over.",
                        zh="$L_C$ 双方都要增大，争的只是 $L_S$。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "line",
            Text(
                en="For a fixed class, $z$ has two independent numbers. When do all points "
                "$z \\odot e(c)$ lie on one line?",
                zh="类别固定，$z$ 有两个独立的分量。什么时候，所有的点 $z \\odot e(c)$ "
                "都在一条直线上？",
            ),
            [
                Choice(
                    Text(
                        en="always: the line through the origin and $e(c)$",
                        zh="总是：过原点和 $e(c)$ 的直线",
                    ),
                    Text(
                        en="That is so if one and the same number multiplies both coordinates.",
                        zh="只有用同一个数去乘两个坐标时才是这样。",
                    ),
                ),
                Choice(
                    Text(
                        en="if $z$ is uniform",
                        zh="$z$ 服从均匀分布时",
                    ),
                    Text(
                        en="Then they fill a rectangle with sides along the axes.",
                        zh="那时它们布满一个边与坐标轴平行的矩形。",
                    ),
                ),
                Choice(
                    Text(
                        en="if an entry of $e(c)$ is 0, and then on an axis",
                        zh="$e(c)$ 有一个分量为 0 时，而且是在坐标轴上",
                    ),
                    Text(
                        en="Each entry stretches its own axis. Given the class the coordinates are "
                        "independent, so there is never a slanted line.",
                        zh="每个分量只拉伸自己的那根轴。给定类别后各坐标相互独立，"
                        "所以永远不会是斜线。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "linear-reader",
            Text(
                en="$z$ is symmetric about 0. What can a single linear layer with a softmax read "
                "of the class from $z \\odot e(c)$, and why?",
                zh="$z$ 关于 0 对称。只用一个线性层加 softmax，能从 $z \\odot e(c)$ "
                "读出类别的哪些信息？"
                "为什么？",
            ),
            [
                Choice(
                    Text(
                        en="all of it: the classes lie around different points",
                        zh="全部：各类别的中心不同",
                    ),
                    Text(
                        en="All of them lie around 0.",
                        zh="它们的中心全都是 0。",
                    ),
                ),
                Choice(
                    Text(
                        en="nearly nothing: all classes have the same mean, 0",
                        zh="几乎什么也读不出：所有类别的均值都是 0",
                    ),
                    Text(
                        en="The class is in the spread. A ReLU, which folds the axes, makes it "
                        "visible to the next layer.",
                        zh="类别信息在离散程度里。要靠 ReLU 把坐标轴折起来，下一层才看得见。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="the sign of $e(c)$",
                        zh="$e(c)$ 的符号",
                    ),
                    Text(
                        en="The random sign of $z$ hides just that.",
                        zh="$z$ 的随机正负号掩盖的正是它。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "what-teaches",
            Text(
                en="An ACGAN's embedding is frozen at random values before training. Can it learn "
                "to draw the class asked for?",
                zh="训练之前，把 ACGAN 的嵌入固定为随机值。它还能学会画出要求的类别吗？",
            ),
            [
                Choice(
                    Text(
                        en="yes: the layers behind it learn to read it",
                        zh="能：后面的各层会学着去读它",
                    ),
                    Text(
                        en="The class is in the product already; the class loss teaches the layers "
                        "behind to use it.",
                        zh="乘积里本来就有类别信息；类别损失教会后面的各层去用它。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="no: nobody tells $G$ which row belongs to which digit",
                        zh="不能：没有谁告诉 $G$ 哪一行对应哪个数字",
                    ),
                    Text(
                        en="The class loss tells it, for each image that it makes.",
                        zh="类别损失会告诉它，每生成一幅图像都会。",
                    ),
                ),
                Choice(
                    Text(
                        en="only if some entries happen to be 0",
                        zh="只有碰巧某些分量为 0 时才能",
                    ),
                    Text(
                        en="Different spreads are enough; zeros are not needed.",
                        zh="离散程度不同就够了，不需要 0。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "higher-than-real",
            Text(
                en="A judge is right for 99.4 % of real digits, and for 99.9 % of those that a "
                "generator was asked for. What does that say of the generator?",
                zh="裁判认对了 99.4% 的真实数字；某个生成器按要求画的数字，它认对了 99.9%。"
                "这说明生成器怎么样？",
            ),
            [
                Choice(
                    Text(en="it is better than the data", zh="它比数据还好"),
                    Text(
                        en="The goal is the data's distribution, with its difficult cases.",
                        zh="目标是数据的分布，其中也包括难认的样本。",
                    ),
                ),
                Choice(
                    Text(en="it copies training digits", zh="它在照抄训练数字"),
                    Text(
                        en="Accuracy does not tell that; distances to training digits would.",
                        zh="准确率看不出这一点，要看它与训练数字的距离。",
                    ),
                ),
                Choice(
                    Text(
                        en="it may avoid digits that are hard to tell: look at its diversity",
                        zh="它可能避开了难认的数字：要看多样性",
                    ),
                    Text(
                        en="The class loss rewards exactly that. High accuracy alone is no proof "
                        "of quality.",
                        zh="类别损失奖励的正是这一点。光是准确率高，证明不了质量好。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "one-head",
            Text(
                en="In place of two heads: one softmax over ten digits and “generated”. $G$ is "
                "trained to make “generated” improbable (the softmax of Salimans et al. 2016). "
                "What does that tell $G$ about the class that was asked for?",
                zh="不用两个输出，只用一个 softmax，十个数字再加一个“生成”类。"
                "训练 $G$ 使“生成”的概率变小（这种 softmax 出自 Salimans 等，2016）。"
                "关于要求的类别，$G$ 从中得到了什么？",
            ),
            [
                Choice(
                    Text(en="the same as two heads do", zh="和两个输出一样多"),
                    Text(
                        en="The label asked for does not occur in this loss.",
                        zh="这个损失里没有出现要求的标签。",
                    ),
                ),
                Choice(
                    Text(
                        en="nothing: any class that looks real will do",
                        zh="什么也没有：画成哪一类都行，只要像真的",
                    ),
                    Text(
                        en="It is pulled to the class that $D$ already finds most probable.",
                        zh="它会被拉向 $D$ 本来就认为最可能的那一类。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="which class it must avoid",
                        zh="应当避开哪一类",
                    ),
                    Text(
                        en="It must avoid “generated” only, which is no digit.",
                        zh="它只需避开“生成”这一类，那不是数字。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
