"""What the doctor says of each cause, in both languages: its name, what happens, what to try."""

from __future__ import annotations

from typing import NamedTuple

from course_utils.clinic.rules import INFERRED, NOTE, SEEN, SYMPTOM
from course_utils.language import Text


class Words(NamedTuple):
    """A cause in words."""

    title: Text
    meaning: Text
    remedy: Text


GRADES = {
    SEEN: Text(en="seen to be so", zh="确证"),
    INFERRED: Text(en="inferred from several signs", zh="由多个迹象推断"),
    SYMPTOM: Text(en="a symptom; its cause was not seen", zh="只是症状，病因未见"),
    NOTE: Text(en="worth knowing, no illness", zh="值得留意，不算病"),
}

VERDICTS = {
    "sick": Text(en="Something is wrong.", zh="训练有问题。"),
    "healthy": Text(
        en="Healthy, as far as these tests see: the samples are like the data, and nothing that "
        "was looked at is wrong.",
        zh="就这些检查所见，训练是健康的：生成样本与数据相像，检查过的各项都没有问题。",
    ),
    "young": Text(
        en="Too young to say: the log is short, or the samples are still getting better. Train on, "
        "then ask again.",
        zh="现在下结论太早：日志还短，或者生成样本还在变好。请继续训练，然后再来检查。",
    ),
    "unknown": Text(
        en="I don't know: the samples are unlike the data, and no test says why. Too few steps, "
        "weak networks and poor settings look like this.",
        zh="我不知道：生成样本与数据不像，但没有一项检查能说明原因。"
        "步数太少、网络太弱或参数不合适时都会这样。",
    ),
}

CAUSES: dict[str, Words] = {
    "diverged": Words(
        Text(en="the numbers blew up", zh="数值发散"),
        Text(en="Weights or losses are NaN or infinite.", zh="权重或损失变成了 NaN 或无穷大。"),
        Text(en="Start again from new weights with learning rates ten times lower. Let the loss "
             "take logits: log p of p = 0 is infinite.",
             zh="用新的权重重新开始，把学习率降到十分之一；让损失函数直接接收 logits，"
             "因为 p = 0 时 log p 是无穷大。"),
    ),
    "logits_as_probabilities": Words(
        Text(en="logits taken for probabilities", zh="把 logits 当成了概率"),
        Text(en="D ends without a sigmoid, yet the log is what a loss writes that expects "
             "probabilities and clips D's output to [0, 1].",
             zh="D 的最后一层没有 sigmoid，而日志里的数正是“以为输入是概率、"
             "把输出截断到 [0, 1]”的损失函数会写出来的数。"),
        Text(en="BinaryCrossentropy(from_logits=True).",
             zh="改用 BinaryCrossentropy(from_logits=True)。"),
    ),
    "double_sigmoid": Words(
        Text(en="two sigmoids", zh="用了两次 sigmoid"),
        Text(en="D ends in a sigmoid, and the loss applies another: G's loss stays between 0.313 "
             "and 0.693, and the gradient fades.",
             zh="D 的最后一层已经是 sigmoid，损失函数又用了一次：G 的损失只能在 0.313 到 0.693 "
             "之间，梯度也随之消失。"),
        Text(en="Take the sigmoid out of D's last layer, or set from_logits=False.",
             zh="去掉 D 最后一层的 sigmoid，或者设 from_logits=False。"),
    ),
    "d_frozen": Words(
        Text(en="D is not trained", zh="判别器没有被训练"),
        Text(en="In every step watched D's weights stayed exactly the same, G's moved.",
             zh="观察的每一步里，D 的权重完全没有变，G 的权重在变。"),
        Text(en="If the loop sets D.trainable = False after compile: in Keras 3 that stops D "
             "itself. Write one step of your own for each network's own variables.",
             zh="如果代码在 compile 之后设了 D.trainable = False：在 Keras 3 中"
             "这会让 D 本身也停止训练。"
             "请为两个网络各写一个训练步骤，只更新它自己的变量。"),
    ),
    "g_frozen": Words(
        Text(en="G is not trained", zh="生成器没有被训练"),
        Text(en="In every step watched G's weights stayed exactly the same, D's moved.",
             zh="观察的每一步里，G 的权重完全没有变，D 的权重在变。"),
        Text(en="Is the gradient None? G's samples must stay tensors inside the tape: no NumPy, no "
             "predict. Is its optimizer given G's variables?",
             zh="梯度是不是 None？在 GradientTape 里，G 的输出必须一直是张量：不要转成 NumPy，"
             "也不要用 predict。再看看优化器拿到的是不是 G 的变量。"),
    ),
    "minimax_saturated": Words(
        Text(en="saturated minimax loss", zh="极小极大损失饱和"),
        Text(en="G minimises log(1 - D(G(z))). D sees through its samples, and there this loss is "
             "flat: hardly any gradient is left.",
             zh="G 最小化 log(1 - D(G(z)))。D 已看穿它的样本，"
             "而这个损失在那里是平的，几乎没有梯度。"),
        Text(en="Minimise -log D(G(z)): cross-entropy with the label 1 for G's samples.",
             zh="改为最小化 -log D(G(z))：对 G 的样本用标签 1 计算交叉熵。"),
    ),
    "targets_beyond_one": Words(
        Text(en="targets outside of 0 … 1", zh="目标标签超出 0 … 1"),
        Text(en="A cross-entropy below 0, or a log that only a target above 1 explains. Where D "
             "can tell the samples apart, nothing stops its logits.",
             zh="交叉熵小于 0，或者只有大于 1 的目标才能解释日志。在 D 能分清真假的地方，"
             "它的 logits 会无止境地增大。"),
        Text(en="Smooth inwards and on one side: 0.9 for real samples, 0 for generated ones.",
             zh="向内做单侧平滑：真实样本用 0.9，生成样本用 0。"),
    ),
    "g_wrong_label": Words(
        Text(en="G is taught to be caught", zh="生成器学着被识破"),
        Text(en="G moves against the gradient that would make its samples look real.",
             zh="G 的移动方向与“让样本更像真的”的梯度相反。"),
        Text(en="In G's step the label is what D learned to mean real.",
             zh="训练 G 时，标签应当是 D 学到的“真”。"),
    ),
    "d_wrong_label": Words(
        Text(en="D is taught the labels the wrong way round", zh="判别器学反了标签"),
        Text(en="D calls generated samples real and real ones fake, and moves further that way, "
             "while G takes a large D(G(z)) for success.",
             zh="D 把生成样本当成真的、把真实样本当成假的，而且还在往这个方向走；"
             "G 却以为 D(G(z)) 越大越好。"),
        Text(en="Look at how labels and samples are concatenated in D's step.",
             zh="检查训练 D 时标签和样本的拼接顺序。"),
    ),
    "range": Words(
        Text(en="G cannot reach the data's range", zh="生成器到不了数据的取值范围"),
        Text(en="Many real values lie outside of what G's last activation can give: D needs "
             "nothing else.",
             zh="许多真实数值超出了 G 最后一层激活函数的取值范围：D 只看这一点就够了。"),
        Text(en="Scale the data to [-1, 1] for tanh, to [0, 1] for a sigmoid.",
             zh="用 tanh 就把数据缩放到 [-1, 1]，用 sigmoid 就缩放到 [0, 1]。"),
    ),
    "wrong_mode": Words(
        Text(en="dropout or batch normalisation is off in training",
             zh="训练时 Dropout 或批归一化没有起作用"),
        Text(en="The steps leave the state of these layers exactly as it is: the networks are "
             "called in inference mode.",
             zh="训练步骤完全没有改变这些层的状态：网络是以推理模式调用的。"),
        Text(en="Call both networks with training=True inside the steps.",
             zh="在训练步骤里调用两个网络时都写上 training=True。"),
    ),
    "labels_broken": Words(
        Text(en="D's labels do not belong to its samples", zh="判别器的标签与样本对不上"),
        Text(en="D's loss has always been ln 2 = 0.693, as in perfect balance; but the samples are "
             "unlike the data, and a D that is given right labels learns so in a few steps.",
             zh="D 的损失一直是 ln 2 = 0.693，像是完美的平衡；但生成样本与数据不像，"
             "而用正确的标签教 D，几步就能学会区分。"),
        Text(en="Are samples shuffled without their labels? Show D a batch yourself, with each "
             "label beside its sample.",
             zh="是不是打乱了样本却没有打乱标签？自己取一个批次，把每个标签放在样本旁边看一看。"),
    ),
    "rate_too_high": Words(
        Text(en="steps that are far too long", zh="步子太大"),
        Text(en="A single step changes the weights by a tenth of their size or more, or logits are "
             "beyond 10,000.",
             zh="一步就让权重改变了自身大小的十分之一以上，或者 logits 超过一万。"),
        Text(en="Lower the learning rate ten times.", zh="把学习率降到十分之一。"),
    ),
    "phases": Words(
        Text(en="long phases of one player alone", zh="一方长时间单独训练"),
        Text(en="One network is trained for many steps, of changing number, while the other waits: "
             "each of them answers to an opponent that is gone.",
             zh="一个网络连续训练很多步，步数还不固定，另一个一直在等：双方学会应付的都是早已过去的对手。"),
        Text(en="Alternate single steps. No threshold on a loss.",
             zh="一步一步交替训练，不要用损失阈值。"),
    ),
    "d_bn_mixed": Words(
        Text(en="batch normalisation in D sees two kinds of batches",
             zh="判别器的批归一化看到两种批次"),
        Text(en="The same generated samples get one verdict beside real ones and another among "
             "themselves: G is rewarded for the batch, not for its samples.",
             zh="同样的生成样本，与真实样本放在一起时是一种判断，单独成批时是另一种："
             "G 得到的奖励来自批次，而不是样本。"),
        Text(en="Take batch normalisation out of D; layer or spectral normalisation need no batch.",
             zh="去掉 D 中的批归一化；层归一化和谱归一化都不依赖批次。"),
    ),
    "running_mean": Words(
        Text(en="the log shows means over all steps so far", zh="日志记录的是从头到现在的平均值"),
        Text(en="The curves are far calmer than losses of batches can be: they lag behind, the "
             "more the longer it runs.",
             zh="曲线比批次损失应有的波动平静得多：它落后于实际情况，而且越训练越滞后。"),
        Text(en="Log the loss itself, or reset the metric at every row.",
             zh="直接记录损失，或者每记一行就重置指标。"),
    ),
    "collapse": Words(
        Text(en="mode collapse", zh="模式崩溃"),
        Text(en="Generated samples spread over less than a tenth of the data's width.",
             zh="生成样本的散布宽度不到数据的十分之一。"),
        Text(en="More noise into G; R1 on D; as many steps for G as for D.",
             zh="给 G 更多噪声；给 D 加 R1；G 与 D 的步数一样多。"),
    ),
    "d_too_strong": Words(
        Text(en="D is far too strong", zh="判别器过强"),
        Text(en="D tells every generated sample, and the samples are unlike the data.",
             zh="D 能认出每一个生成样本，而生成样本与数据不像。"),
        Text(en="R1 on D; equal learning rates, or D's lower; noise on D's inputs; more data.",
             zh="给 D 加 R1；两个学习率取相同的值，或者把 D 的调低；给 D 的输入加噪声；增加数据。"),
    ),
    "minimax": Words(
        Text(en="G has the minimax loss", zh="生成器用的是极小极大损失"),
        Text(en="Its loss log(1 - D(G(z))) is below 0. It does no harm while D is fooled now and "
             "then, and saturates when it is not.",
             zh="它的损失 log(1 - D(G(z))) 小于 0。只要 D 时不时被骗，就没有坏处；"
             "D 不再上当时才会饱和。"),
        Text(en="-log D(G(z)) is safer.", zh="用 -log D(G(z)) 更稳妥。"),
    ),
    "labels_swapped": Words(
        Text(en="1 means fake here", zh="这里 1 表示假"),
        Text(en="Both networks move as if 1 stood for generated samples. Consistent, so harmless; "
             "but accuracies and D(x) must be read the other way round.",
             zh="两个网络都把 1 当作生成样本的标签。前后一致，所以没有坏处；"
             "但准确率和 D(x) 要反过来读。"),
        Text(en="Nothing.", zh="不用处理。"),
    ),
}  # fmt: skip
"""All causes that `rules.judge` can name."""

UNSEEN = {
    "step": Text(
        en="No step was given: whether both networks move, which way, in which mode and in turn "
        "was not seen.",
        zh="没有提供 step：没有看到两个网络是否都在更新、朝哪个方向、以什么模式、怎样轮流。",
    ),
    "log": Text(
        en="No log of both losses with at least 50 rows was given: it was not checked.",
        zh="没有提供至少 50 行、包含两个损失的日志：日志没有检查。",
    ),
}
