"""Exercises, predictions and quiz of lesson 05, conditional GAN."""

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

# --- predictions -------------------------------------------------------------------------------

joined_last = Question(
    "joined-last",
    Text(
        en="The one-hot is joined to $D$'s features just before its last layer, `Dense(1)`. What "
        "can $G$ learn from this $D$ about the class?",
        zh="在 $D$ 的最后一层 `Dense(1)` 之前，才把 one-hot 和特征拼在一起。"
        "关于类别，$G$ 能从这个 $D$ 学到什么？",
    ),
    [
        Choice(
            Text(en="nothing", zh="什么也学不到"),
            Text(
                en="The logit is $w \\cdot h(x) + b_c$. Its slope with respect to the image is "
                "the same for all classes.",
                zh="logit 是 $w \\cdot h(x) + b_c$，它对图像的梯度与类别无关。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="as much as from any other place", zh="与在别处拼接一样多"),
            Text(
                en="$D$ sees the class, but it can only add a number to its answer, the same "
                "number for every image.",
                zh="$D$ 看得到类别，却只能在回答上加一个数，对哪幅图像都加同一个数。",
            ),
        ),
        Choice(
            Text(en="the same, only more slowly", zh="一样多，只是慢一些"),
            Text(
                en="No number of steps helps: image and class never meet in a nonlinear layer.",
                zh="训练多少步都没用：图像和类别始终没有在非线性层里相遇。",
            ),
        ),
    ],
)

wrong_planes = Question(
    "wrong-planes",
    Text(
        en="In a $D$ with such planes no pixel carries its class. What will the judge see in the "
        "images of the $G$ that was trained against it?",
        zh="这样的平面里，没有一个像素带着正确的类别。用它训练 $D$，再看 $G$ 的图像，"
        "裁判会看到什么？",
    ),
    [
        Choice(
            Text(en="the classes are ignored: about 10 %", zh="类别完全没起作用：约 10%"),
            Text(
                en="The ten inputs still differ, and one dense layer that sees the whole image "
                "is enough to tell them apart.",
                zh="十种输入仍然各不相同，而一个看得到整幅图像的全连接层，就足以把它们分开。",
            ),
        ),
        Choice(
            Text(en="an error while training", zh="训练时会报错"),
            Text(
                en="The shape is right, and that is all that Keras looks at.",
                zh="形状是对的，而 Keras 只看形状。",
            ),
        ),
        Choice(
            Text(en="it learns classes all the same", zh="照样学得会类别"),
            Text(
                en="The class is still there, as the height of a bar, so a network can find it. "
                "That is why it is so easily overlooked.",
                zh="类别还在，变成了一条横杠的高低，网络找得到它。所以才这么容易被忽略。",
            ),
            correct=True,
        ),
    ],
)

which_way = Question(
    "which-way",
    Text(
        en="$D$ is taught 0 for real and 1 for generated; $G$ is trained so that $D$ says 1. "
        "Where do the generated points go?",
        zh="$D$ 学的是真实为 0、生成为 1；$G$ 的训练目标却是让 $D$ 回答 1。生成的点会往哪里去？",
    ),
    [
        Choice(
            Text(en="to the data", zh="走向数据"),
            Text(
                en="That would need the target 0, which in this $D$'s language means real.",
                zh="那样的话目标应当是 0：在这个 $D$ 的语言里，0 才代表真实。",
            ),
        ),
        Choice(
            Text(en="away from the data", zh="远离数据"),
            Text(
                en="1 means generated. $G$ is asked to look as generated as it can, and the two "
                "players now want the same.",
                zh="1 代表生成。$G$ 被要求显得越假越好，两个玩家的目标竟然一致了。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="they stay where they are", zh="停在原地"),
            Text(
                en="The gradient does not vanish; it has the wrong sign.",
                zh="梯度并没有消失，只是符号反了。",
            ),
        ),
    ],
)

smooth_fakes = Question(
    "smooth-fakes",
    Text(
        en="Real samples get the target 0.9. Now the generated ones get 0.1 as well. What becomes "
        "of a generated sample far from all data?",
        zh="真实样本的目标值取 0.9，现在把生成样本的目标值也改成 0.1。"
        "远离全部数据的那些生成样本会怎样？",
    ),
    [
        Choice(
            Text(en="it is pushed harder", zh="受到的推力变大"),
            Text(
                en="A push is a slope, and where only generated samples are, $D^*$ is flat at 0.1.",
                zh="推力来自坡度；在只有生成样本的地方，$D^*$ 平平地等于 0.1。",
            ),
        ),
        Choice(
            Text(en="nothing changes", zh="没有变化"),
            Text(
                en="For one-sided smoothing that is nearly so. With both sides $D^*$ gets a floor.",
                zh="只平滑真实一侧时差不多如此；两侧都平滑，$D^*$ 就有了一个下限。",
            ),
        ),
        Choice(
            Text(en="it is hardly pushed at all", zh="几乎不再受到推力"),
            Text(
                en="There $D^* = 0.1$, and 0.1 has no slope: nothing tells $G$ where to go.",
                zh="那里 $D^* = 0.1$，常数没有坡度：没有什么告诉 $G$ 该往哪里走。",
            ),
            correct=True,
        ),
    ],
)

rare_classes = Question(
    "rare-classes",
    Text(
        en="Of two classes only one point in twenty is left. All four classes are now drawn "
        "equally often. What changes?",
        zh="有两个类别的点只剩二十分之一。现在四个类别抽到的频率相同。什么会改变？",
    ),
    [
        Choice(
            Text(
                en="the rare classes get better, the common ones hardly change",
                zh="稀有类别变好，常见类别几乎不变",
            ),
            Text(
                en="The rare ones are shown and asked for ten times as often, the common ones "
                "still half as often as before.",
                zh="稀有类别被看到、被要求的次数变成原来的十倍，常见类别也还有原来的一半。",
            ),
            correct=True,
        ),
        Choice(
            Text(
                en="the rare classes get better, the common ones as much worse",
                zh="稀有类别变好多少，常见类别就变差多少",
            ),
            Text(
                en="They are drawn half as often, but they had plenty, and both share one network.",
                zh="常见类别抽到的次数少了一半，但本来就绰绰有余，而且大家共用一个网络。",
            ),
        ),
        Choice(
            Text(
                en="nothing: no point was added to the data",
                zh="什么也不变：数据里一个点也没有增加",
            ),
            Text(
                en="The points are the same, but a class that is hardly ever asked for is hardly "
                "ever corrected.",
                zh="点还是那些点，但一个很少被要求画的类别，也很少被纠正。",
            ),
        ),
    ],
)

best_schedule = Question(
    "best-schedule",
    Text(
        en="Equal budget, equal starting rate. Which schedule ends best in this game?",
        zh="步数相同，初始学习率相同。在这个博弈里，哪种学习率调度的结果最好？",
    ),
    [
        Choice(
            Text(en="a constant rate", zh="保持不变"),
            Text(
                en="It circles at full speed to the end, and yet its seeds lie among the others.",
                zh="它直到最后都在全速绕圈，可它的几个种子照样混在其他调度的种子中间。",
            ),
        ),
        Choice(
            Text(en="cosine, as the name promises", zh="名声最响的余弦"),
            Text(
                en="It may be; but then all seeds would have to say so. Look at the spread.",
                zh="也许吧；但那样的话，所有种子都得这么说。请看种子之间的差异。",
            ),
        ),
        Choice(
            Text(en="seeds differ more than schedules", zh="种子之间的差别大于调度之间的差别"),
            Text(
                en="No order of the four holds for all seeds: no effect was seen in this game.",
                zh="没有哪种次序对所有种子都成立：在这个博弈里没有看到效果。",
            ),
            correct=True,
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------


def _one_hot(labels, classes):
    return (labels[:, None] == np.arange(classes)).astype(np.float32)


one_hot = Exercise(
    "05.1",
    Text(en="One-hot", zh="one-hot 编码"),
    cases=[
        Case(np.array([2, 0, 1]), 3),
        Case(np.array([0, 3]), 5),
        Case(np.array([1, 1, 0, 2]), 4),
        Case(np.array([9]), 10),
    ],
    returns=Array(dtype="float"),
    properties=[
        Property(
            Text(
                en="one row for each label, one column for each class",
                zh="每个标签一行，每个类别一列",
            ),
            lambda got, labels, classes: got.shape == (len(labels), classes),
        ),
        Property(
            Text(en="a single 1 in each row, the rest 0", zh="每行恰好一个 1，其余为 0"),
            lambda got, labels, classes: (
                close(np.sort(got)[:, -1], np.ones(len(labels))) and close(got.sum(), len(labels))
            ),
        ),
        Property(
            Text(en="the 1 in the label's own column", zh="1 在标签对应的那一列"),
            lambda got, *case: close(got, _one_hot(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "off-by-one",
            lambda attempt: attempt.always(
                lambda got, labels, classes: any(
                    close(got, np.roll(_one_hot(labels, classes), shift, axis=1))
                    or close(got, _one_hot(labels + shift, classes))
                    for shift in (-1, 1)
                )
            ),
            Text(
                en="Every 1 is one column off: classes count from 0, and so do columns.",
                zh="每个 1 都错开了一列：类别从 0 数起，列也从 0 数起。",
            ),
        ),
        Mistake(
            "classes-as-rows",
            lambda attempt: attempt.gives(lambda labels, classes: _one_hot(labels, classes).T),
            Text(
                en="The classes are the rows. A batch comes first: `[N, C]`, one row a sample.",
                zh="类别排成了行。批次应当在前：`[N, C]`，一个样本一行。",
            ),
        ),
        Mistake(
            "only-classes-seen",
            lambda attempt: attempt.always(
                lambda got, labels, classes: (
                    close(got, _one_hot(labels, labels.max() + 1))
                    or close(got, (labels[:, None] == np.unique(labels)).astype(float))
                )
            ),
            Text(
                en="The columns come from the labels of this batch. Another batch has other ones, "
                "and the network a fixed number of inputs: use `classes`.",
                zh="列数取自这一批标签。换一批就不一样了，而网络的输入个数是固定的："
                "请用 `classes`。",
            ),
        ),
        Mistake(
            "the-number-itself",
            lambda attempt: attempt.always(lambda got, labels, classes: close(got.ravel(), labels)),
            Text(
                en="This is the label as a number. It would tell the network that 8 is between 7 "
                "and 9, and twice 4.",
                zh="这只是把标签当成一个数。那等于告诉网络：8 在 7 和 9 之间，是 4 的两倍。",
            ),
        ),
    ],
    hints=(
        Text(
            en="The row for label 2 is row 2 of the unit matrix.",
            zh="标签 2 对应的那一行，就是单位矩阵的第 2 行。",
        ),
        Text(
            en="`np.eye(classes, dtype=np.float32)[labels]`",
            zh="`np.eye(classes, dtype=np.float32)[labels]`",
        ),
    ),
    success=Text(
        en="An index into the unit matrix does it. `training.one_hot` is the package's.",
        zh="用标签去索引单位矩阵就行。课程包里的是 `training.one_hot`。",
    ),
)


def _projection(features, conditions, embeddings, weights, bias):
    """Miyato and Koyama 2018, arXiv:1802.05637, equation 3."""
    own = ((conditions @ embeddings) * features).sum(axis=1)
    return features @ weights + bias + own


def _softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _projection_case(samples: int, classes: int, size: int, seed: int) -> Case:
    random = np.random.default_rng(seed)
    return Case(
        random.normal(size=(samples, size)).round(1),
        _one_hot(random.integers(classes, size=samples), classes),
        random.normal(size=(classes, size)).round(1),
        random.normal(size=size).round(1),
        0.5,
        label=Text(
            en=f"{samples} samples, {classes} classes, {size} features",
            zh=f"{samples} 个样本、{classes} 个类别、{size} 个特征",
        ),
    )


projection_logit = Exercise(
    "05.2",
    Text(en="The projection logit", zh="投影判别器的 logit"),
    cases=[
        _projection_case(3, 2, 4, 0),
        _projection_case(5, 10, 8, 1),
        _projection_case(4, 3, 4, 2),
    ],
    returns=Array(),
    properties=[
        Property(
            Text(en="one logit for each sample, `[N]`", zh="每个样本一个 logit，形状 `[N]`"),
            lambda got, features, *_: got.shape == (len(features),),
        ),
        Property(
            Text(
                en="$w \\cdot h + b$, plus the product of $h$ with the sample's own embedding",
                zh="$w \\cdot h + b$，再加上 $h$ 与该样本自己的嵌入的内积",
            ),
            lambda got, *case: close(got, _projection(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "no-unconditional-term",
            lambda attempt: attempt.gives(lambda h, y, e, w, b: ((y @ e) * h).sum(axis=1)),
            Text(
                en="Only the product is there. It says whether the image fits the class; that it "
                "is a digit at all is the job of $w \\cdot h + b$.",
                zh="只有内积这一项。它说的是图像与类别合不合；图像到底像不像数字，"
                "要靠 $w \\cdot h + b$。",
            ),
        ),
        Mistake(
            "no-condition",
            lambda attempt: attempt.gives(lambda h, y, e, w, b: h @ w + b),
            Text(
                en="The class does not come in anywhere: this is an unconditional $D$.",
                zh="类别完全没有用上：这是一个无条件的 $D$。",
            ),
        ),
        Mistake(
            "summed-over-the-batch",
            lambda attempt: attempt.always(
                lambda got, h, y, e, w, b: any(
                    close(got, h @ w + b + ((y @ e) * h).sum())
                    or (got.shape == h.shape[1:] and close(got, ((y @ e) * h).sum(axis=0) + extra))
                    for extra in (0, b, w + b)
                )
            ),
            Text(
                en="The sum runs over the batch, so every sample's answer depends on the others. "
                "Sum over the features: `axis=1`.",
                zh="求和跨过了整个批次，于是每个样本的回答都取决于别的样本。应当对特征求和：`axis=1`。",
            ),
        ),
        Mistake(
            "all-pairs",
            lambda attempt: attempt.always(
                lambda got, h, y, e, w, b: any(
                    close(got, pairs + extra)
                    for pairs in ((y @ e) @ h.T, h @ (y @ e).T)
                    for extra in (0, h @ w + b, (h @ w + b)[:, None])
                )
            ),
            Text(
                en="`@` between two batches pairs every sample with every other one: `[N, N]`. "
                "Multiply element by element, then sum over the features.",
                zh="在两个批次之间用 `@`，会让每个样本和所有样本两两相乘：`[N, N]`。"
                "应当逐元素相乘，再对特征求和。",
            ),
        ),
        Mistake(
            "softmax",
            lambda attempt: attempt.always(
                lambda got, h, y, e, w, b: any(
                    close(got, extra + part)
                    for chosen in [(_softmax(h @ e.T) * y).sum(axis=1)]
                    for part in (chosen, np.log(chosen))
                    for extra in (0, h @ w + b)
                )
            ),
            Text(
                en="A softmax over the classes makes it a classifier, as in lesson 06. The "
                "projection takes the own class's product as it is.",
                zh="对各类别做 softmax，就成了分类器，那是第 06 课的做法。"
                "投影只取自己类别的内积，原样相加。",
            ),
        ),
        Mistake(
            "sigmoid",
            lambda attempt: attempt.gives(lambda *case: 1 / (1 + np.exp(-_projection(*case)))),
            Text(
                en="You applied the sigmoid. Asked is the logit: the loss does the rest.",
                zh="你多做了 sigmoid。题目要的是 logit，其余交给损失函数。",
            ),
        ),
    ],
    hints=(
        Text(
            en="`conditions @ embeddings` gives each sample its own embedding, `[N, F]`.",
            zh="`conditions @ embeddings` 给每个样本取出它自己的嵌入，形状 `[N, F]`。",
        ),
        Text(
            en="`features @ weights + bias + (own * features).sum(axis=1)`",
            zh="`features @ weights + bias + (own * features).sum(axis=1)`",
        ),
    ),
    success=Text(
        en="Two terms: is it real, and is it what was asked for?",
        zh="两项各管一件事：像不像真的，是不是要的那个。",
    ),
)


def _difference(logit, images, first, second):
    return logit(images, first) - logit(images, second)


def _only_adds(images, condition):
    """A D in which image and class never meet."""
    return np.tanh(images).sum(axis=1) + condition @ np.array([1.5, -0.5, 3.0])


def _multiplies(images, condition):
    """A D with a projection."""
    embeddings = np.array([[1.0, 0.0], [-1.0, 2.0], [0.5, 0.5]])
    return images.sum(axis=1) + images @ (condition @ embeddings) + 4 * condition[0]


def _reach_case(logit, name: Text, first: int, second: int) -> Case:
    images = np.array([[0.0, 1.0], [2.0, -1.0], [-0.5, 0.5], [1.0, 3.0]])
    unit = np.eye(3)
    return Case(logit, images, unit[first], unit[second], label=name)


_ADDS = Text(en="a $D$ that only adds a number for each class", zh="只给每个类别加一个数的 $D$")
_MEETS = Text(en="a $D$ in which image and class meet", zh="图像与类别真正相遇的 $D$")

reach = Exercise(
    "05.3",
    Text(en="Does the condition reach the image?", zh="条件影响到图像了吗？"),
    cases=[
        _reach_case(_only_adds, _ADDS, 0, 2),
        _reach_case(_multiplies, _MEETS, 0, 1),
        _reach_case(_multiplies, _MEETS, 2, 1),
    ],
    returns=Number(),
    properties=[
        Property(
            Text(
                en="0 if the class only adds a number, the same for every image",
                zh="如果类别只是给每幅图像加上同一个数，结果应为 0",
            ),
            lambda got, logit, *case: logit is not _only_adds or close(got, 0.0, atol=1e-6),
        ),
        Property(
            Text(
                en="the standard deviation over the images of the difference of the logits",
                zh="两个 logit 之差在各图像上的标准差",
            ),
            lambda got, *case: close(got, np.std(_difference(*case)), atol=1e-6),
        ),
    ],
    mistakes=[
        Mistake(
            "size-of-the-difference",
            lambda attempt: attempt.always(
                lambda got, *case: any(
                    close(got, value)
                    for difference in [_difference(*case)]
                    for value in (
                        difference.mean(),
                        np.abs(difference).mean(),
                        np.abs(difference.mean()),
                        np.abs(difference).max(),
                        np.sqrt((difference**2).mean()),
                    )
                )
            ),
            Text(
                en="This measures how large the difference is. A constant is a difference, too, "
                "and $G$ learns nothing from it: measure how much it *varies* over the images.",
                zh="这量的是差别有多大。常数也是差别，$G$ 却学不到什么："
                "应当量它在不同图像之间**变化**多少。",
            ),
        ),
        Mistake(
            "difference-of-spreads",
            lambda attempt: (
                attempt.gives(lambda logit, x, a, b: np.std(logit(x, a)) - np.std(logit(x, b)))
                or attempt.gives(
                    lambda logit, x, a, b: abs(np.std(logit(x, a)) - np.std(logit(x, b)))
                )
            ),
            Text(
                en="Two logits can spread equally wide and still order the images differently. "
                "Subtract first, then take the deviation.",
                zh="两组 logit 可以散布得一样宽，给图像排的次序却不同。请先相减，再取标准差。",
            ),
        ),
        Mistake(
            "one-condition",
            lambda attempt: attempt.always(
                lambda got, logit, x, a, b: any(close(got, np.std(logit(x, c))) for c in (a, b))
            ),
            Text(
                en="With one condition you see how the images differ. Ask for the second one, too, "
                "and subtract.",
                zh="只给一个条件，看到的是图像之间的差别。再用第二个条件问一遍，然后相减。",
            ),
        ),
        Mistake(
            "variance",
            lambda attempt: attempt.gives(lambda *case: np.var(_difference(*case))),
            Text(
                en="This is the variance. Its root is the deviation, in units of the logit.",
                zh="这是方差。开方才是标准差，单位与 logit 相同。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Ask $D$ about the same images twice, each time with another condition.",
            zh="同样的图像问 $D$ 两遍，每遍给一个不同的条件。",
        ),
        Text(
            en="`np.std(logit(images, first) - logit(images, second))`",
            zh="`np.std(logit(images, first) - logit(images, second))`",
        ),
    ),
    success=Text(
        en="0 means: image and class never meet. Try it on any $D$ before you train it.",
        zh="0 就说明图像与类别从未相遇。训练任何 $D$ 之前，都可以先这样测一测。",
    ),
)


def _planes(conditions, height, width):
    return np.broadcast_to(
        conditions[:, None, None, :], (len(conditions), height, width, conditions.shape[1])
    )


label_planes = Exercise(
    "05.4",
    Text(en="Find the bug: the label planes", zh="找错：标签平面"),
    cases=[
        Case(_one_hot(np.array([1, 0]), 3), 2, 2),
        Case(_one_hot(np.array([2, 0, 1]), 3), 3, 3),
        Case(_one_hot(np.array([9, 4, 4]), 10), 4, 6),
        Case(np.array([[0.25, 0.75]], np.float32), 3, 5),
    ],
    returns=Array(),
    properties=[
        Property(
            Text(
                en="the shape `[N, height, width, C]`, the classes as channels",
                zh="形状 `[N, height, width, C]`，类别作为通道",
            ),
            lambda got, conditions, h, w: got.shape == _planes(conditions, h, w).shape,
        ),
        Property(
            Text(
                en="at every pixel the condition of its own sample",
                zh="每个像素上，都是它所属样本的条件",
            ),
            lambda got, *case: close(got, _planes(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "repeat-then-reshape",
            lambda attempt: attempt.gives(
                lambda c, h, w: np.repeat(c, h * w).reshape(len(c), h, w, -1)
            ),
            Text(
                en="Still the bug: `repeat` writes each number h·w times in a row, and `reshape` "
                "cuts that row elsewhere. Look at one pixel: `planes[0, 0, 0]`.",
                zh="错误还在：`repeat` 把每个数连写 h·w 次，`reshape` 却在别处切断。"
                "看一个像素就知道：`planes[0, 0, 0]`。",
            ),
        ),
        Mistake(
            "samples-mixed",
            lambda attempt: attempt.gives(
                lambda c, h, w: np.tile(c, (h * w, 1)).reshape(len(c), h, w, -1)
            ),
            Text(
                en="Every pixel carries a one-hot, but of another sample: the whole batch was "
                "repeated, and then cut into images.",
                zh="每个像素都带着一个 one-hot，却是别的样本的：你重复的是整个批次，"
                "然后才切成一幅幅图像。",
            ),
        ),
        Mistake(
            "channels-first",
            lambda attempt: attempt.gives(lambda c, h, w: np.moveaxis(_planes(c, h, w), -1, 1)),
            Text(
                en="The planes are right, but they stand first: `[N, C, height, width]`. Keras' "
                "images have their channels last.",
                zh="平面是对的，但排在了前面：`[N, C, height, width]`。Keras 的图像，通道在最后。",
            ),
        ),
        Mistake(
            "one-plane",
            lambda attempt: attempt.always(
                lambda got, c, h, w: got.size == len(c) * h * w and c.shape[1] > 1
            ),
            Text(
                en="One plane for all classes. Give each class a plane of its own.",
                zh="所有类别挤在一个平面里。请给每个类别一个自己的平面。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Add two axes of length 1 for height and width, then let NumPy broadcast.",
            zh="先为高和宽各加一个长度为 1 的轴，再让 NumPy 广播。",
        ),
        Text(
            en="`np.broadcast_to(conditions[:, None, None, :], (N, height, width, C))`",
            zh="`np.broadcast_to(conditions[:, None, None, :], (N, height, width, C))`",
        ),
    ),
    success=Text(
        en="`planes[n, i, j]` is the condition of sample `n`, wherever you look.",
        zh="无论看哪个像素，`planes[n, i, j]` 都是样本 `n` 的条件。",
    ),
)


def _smoothed(p, q, alpha, beta):
    """Goodfellow 2016, arXiv:1701.00160, section 4.2."""
    return (alpha * p + beta * q) / (p + q)


best_smoothed = Exercise(
    "05.5",
    Text(en="The best D with smoothed labels", zh="标签平滑后的最优 D"),
    cases=[
        Case(np.array([0.5, 0.2, 0.01]), np.array([0.5, 0.1, 0.4]), 0.9, 0.0),
        Case(np.array([0.5, 0.2, 0.01]), np.array([0.5, 0.1, 0.4]), 0.9, 0.1),
        Case(np.array([0.3]), np.array([0.6]), 0.8, 0.25),
    ],
    returns=Array(),
    properties=[
        Property(
            Text(en="one answer for each place", zh="每个位置一个回答"),
            lambda got, p, *_: got.shape == p.shape,
        ),
        Property(
            Text(
                en="$\\alpha$ where only real samples are, $\\beta$ where only generated ones are",
                zh="只有真实样本的地方为 $\\alpha$，只有生成样本的地方为 $\\beta$",
            ),
            lambda got, p, q, a, b: bool(np.all((got >= b - 1e-9) & (got <= a + 1e-9))),
        ),
        Property(
            Text(
                en="the mean target of all samples that fall on that place",
                zh="落在该处的全部样本的目标值的平均",
            ),
            lambda got, *case: close(got, _smoothed(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "no-smoothing",
            lambda attempt: attempt.gives(lambda p, q, a, b: p / (p + q)),
            Text(
                en="This is lesson 02's $D^*$, for the targets 1 and 0.",
                zh="这是第 02 课的 $D^*$，目标值为 1 和 0。",
            ),
        ),
        Mistake(
            "real-side-only",
            lambda attempt: attempt.gives(lambda p, q, a, b: a * p / (p + q)),
            Text(
                en="Generated samples have a target as well, $\\beta$. Where does it come in?",
                zh="生成样本也有目标值 $\\beta$，它应当出现在哪里？",
            ),
        ),
        Mistake(
            "targets-as-densities",
            lambda attempt: (
                attempt.gives(lambda p, q, a, b: a * p / (a * p + q))
                or attempt.gives(lambda p, q, a, b: a * p / (a * p + b * q))
            ),
            Text(
                en="A target says what is answered, not how many samples there are: the "
                "denominator counts samples, $p + q$.",
                zh="目标值说的是回答什么，不是样本有多少：分母数的是样本，即 $p + q$。",
            ),
        ),
        Mistake(
            "sides-swapped",
            lambda attempt: attempt.gives(lambda p, q, a, b: (b * p + a * q) / (p + q)),
            Text(
                en="The targets are swapped: $\\alpha$ belongs to $p$, the real samples.",
                zh="两个目标值放反了：$\\alpha$ 属于真实样本 $p$。",
            ),
        ),
    ],
    hints=(
        Text(
            en="$D$ minimises a cross-entropy, so its best answer is the mean target at a place. "
            "A share $p / (p + q)$ of the samples there have the target $\\alpha$.",
            zh="$D$ 最小化的是交叉熵，最优回答就是该处目标值的平均。"
            "那里的样本有 $p / (p + q)$ 的比例，目标值是 $\\alpha$。",
        ),
        Text(
            en="`(alpha * p + beta * q) / (p + q)`",
            zh="`(alpha * p + beta * q) / (p + q)`",
        ),
    ),
    success=Text(
        en="Put in $p = 0$: what is $D^*$ where only generated samples are?",
        zh="令 $p = 0$，看看只有生成样本的地方 $D^*$ 是多少。",
    ),
)

# --- quiz --------------------------------------------------------------------------------------

quiz = Quiz(
    "05-quiz",
    Text(en="Quiz: tell it what to draw", zh="小测验：指定要画的数字"),
    [
        Question(
            "pairs",
            Text(
                en="Which pairs of image and class does $D$ see in a conditional GAN?",
                zh="在条件 GAN 里，$D$ 会看到哪些图像与类别的配对？",
            ),
            [
                Choice(
                    Text(
                        en="real images with their own class, generated ones with any class",
                        zh="真实图像配它自己的类别，生成图像随便配一个类别",
                    ),
                    Text(
                        en="Then $D$ could never hold the class against $G$: it must be the class "
                        "that was asked for.",
                        zh="那样 $D$ 就无从指责 $G$ 画错了类别：必须配当初要求的那个类别。",
                    ),
                ),
                Choice(
                    Text(
                        en="real images with their own class, generated ones with the class asked "
                        "for",
                        zh="真实图像配它自己的类别，生成图像配要求它画的类别",
                    ),
                    Text(
                        en="That is enough: where real pairs are frequent $D$ says yes, and a "
                        "wrong class is not frequent among them.",
                        zh="这就够了：真实配对常见的地方 $D$ 说真，而配错类别的真实图像并不常见。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="both, and of necessity real images with a wrong class",
                        zh="以上两种，另外还必须有真实图像配错误的类别",
                    ),
                    Text(
                        en="One may add them (Reed et al. 2016), but nothing in the theory needs "
                        "them.",
                        zh="可以加（Reed 等，2016），但理论上并不需要。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "embedding",
            Text(
                en="An embedding of 10 classes in 64 dimensions is the same as",
                zh="把 10 个类别嵌入 64 维，等价于",
            ),
            [
                Choice(
                    Text(
                        en="a dense layer with bias on the label as a number",
                        zh="把标签当成一个数，接一个带偏置的全连接层",
                    ),
                    Text(
                        en="That puts all classes on one straight line in the order of their "
                        "numbers.",
                        zh="那会让所有类别按编号的次序排在一条直线上。",
                    ),
                ),
                Choice(
                    Text(en="a layer without any weights", zh="一个没有权重的层"),
                    Text(
                        en="It has 640 weights, and they are trained.",
                        zh="它有 640 个权重，而且要训练。",
                    ),
                ),
                Choice(
                    Text(
                        en="a dense layer without bias on the one-hot",
                        zh="在 one-hot 上接一个不带偏置的全连接层",
                    ),
                    Text(
                        en="The product with a one-hot picks one row of the matrix.",
                        zh="与 one-hot 相乘，就是取出矩阵的一行。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "planes",
            Text(
                en="The planes of 10 classes are joined to images of 28 × 28 × 1, and a "
                "convolution of 3 × 3 with 16 output channels follows. How many weights does it "
                "have, biases not counted?",
                zh="10 个类别的标签平面拼到 28 × 28 × 1 的图像上，后接 16 个输出通道的 3 × 3 卷积。"
                "不计偏置，它有多少个权重？",
            ),
            [
                Choice(
                    Text(en="1,584", zh="1584"),
                    Text(
                        en="$3 \\cdot 3 \\cdot 11 \\cdot 16$.",
                        zh="$3 \\cdot 3 \\cdot 11 \\cdot 16$。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="1,440", zh="1440"),
                    Text(
                        en="The image itself is a channel, too: there are 11.",
                        zh="图像自己也是一个通道：一共 11 个。",
                    ),
                ),
                Choice(
                    Text(en="144", zh="144"),
                    Text(
                        en="That is for the image alone; every plane is a channel more.",
                        zh="这只算了图像；每个平面都要多一个通道。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "shape-is-right",
            Text(
                en="The shape is right and the training runs without an error. What shows "
                "that the condition is fed as you meant it?",
                zh="形状是对的，训练也不报错。怎样才能说明条件真是按你的意思送进去的？",
            ),
            [
                Choice(
                    Text(en="$D$'s loss falls", zh="$D$ 的损失在下降"),
                    Text(
                        en="It falls in an unconditional game, too.",
                        zh="无条件的博弈里它也会下降。",
                    ),
                ),
                Choice(
                    Text(
                        en="a value looked up, and a test that fails if the condition is cut off",
                        zh="亲自查看一个值，再写一个测试：条件一切断，它就失败",
                    ),
                    Text(
                        en="One pixel's channels, and `reach`: two lines, before any training.",
                        zh="看一个像素的各通道，再算 `reach`：两行代码，训练之前就能做。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the generated digits look good", zh="生成的数字好看"),
                    Text(
                        en="They may look good and be the wrong ones. Ask a judge for each class.",
                        zh="好看的也可能是画错了类别的。请裁判逐个类别核对。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "wrong-label",
            Text(
                en="Which rule holds, whichever number stands for real?",
                zh="不管用哪个数代表真实，下面哪条规则总成立？",
            ),
            [
                Choice(
                    Text(
                        en="$G$ aims at the side, 0 or 1, that stands for real in $D$'s training",
                        zh="$G$ 的目标值，是 $D$ 的训练里代表真实的那一端，0 或 1",
                    ),
                    Text(
                        en="0 and 1 are names. What counts is that both steps use the same one.",
                        zh="0 和 1 只是名字。要紧的是两个训练步用同一套名字。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="$G$'s target is 1", zh="$G$ 的目标值是 1"),
                    Text(
                        en="Only if 1 means real. On the page that we took apart it does not.",
                        zh="只有 1 代表真实时才对。我们拆解的那个网页上并非如此。",
                    ),
                ),
                Choice(
                    Text(en="real must be 1", zh="真实必须是 1"),
                    Text(
                        en="With 0 for real and $G$ aiming at 0 the game is the same.",
                        zh="真实用 0、$G$ 也以 0 为目标，博弈完全一样。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "smoothing-side",
            Text(
                en="Why are only the real labels smoothed?",
                zh="为什么只平滑真实一侧的标签？",
            ),
            [
                Choice(
                    Text(
                        en="because generated samples have no label",
                        zh="因为生成样本没有标签",
                    ),
                    Text(
                        en="They have one: the target 0.",
                        zh="有的：目标值 0。",
                    ),
                ),
                Choice(
                    Text(
                        en="because 0.9 is closer to the truth",
                        zh="因为 0.9 更接近事实",
                    ),
                    Text(
                        en="It is only a target; $D^*$ is scaled by it.",
                        zh="那只是一个目标值；$D^*$ 随之缩放。",
                    ),
                ),
                Choice(
                    Text(
                        en="because smoothed fakes flatten $D^*$ where only $G$ is",
                        zh="因为平滑生成一侧，会让 $D^*$ 在只有 $G$ 的地方变平",
                    ),
                    Text(
                        en="There $D^* = \\beta$, without a slope, and bad samples get no push.",
                        zh="那里 $D^* = \\beta$，没有坡度，差样本得不到推力。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "no-difference",
            Text(
                en="With a trick, three seeds end at 8, 11 and 15; without it, at 9, 12 and 14. "
                "What do you write?",
                zh="用了某个技巧，三个种子的结果是 8、11、15；不用，是 9、12、14。你该怎么写？",
            ),
            [
                Choice(
                    Text(en="the trick makes it better", zh="这个技巧让结果变好了"),
                    Text(
                        en="The best seed is better, the worst is worse.",
                        zh="最好的种子更好，最差的种子更差。",
                    ),
                ),
                Choice(
                    Text(
                        en="no effect beyond the spread was seen", zh="没有看到超出种子间差异的效果"
                    ),
                    Text(
                        en="And say how many seeds, how many steps, and which network.",
                        zh="还要写明几个种子、多少步、什么网络。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the trick has no effect", zh="这个技巧没有效果"),
                    Text(
                        en="Three seeds cannot show that. A small effect may hide in the spread.",
                        zh="三个种子说明不了这个。小的效果可能藏在种子差异里。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
