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
    SYMPTOM: Text(en="a symptom; its cause was not seen", zh="只是症状，未见病因"),
    NOTE: Text(en="worth knowing, no illness", zh="值得留意，不算病"),
}

FOLLOWS = Text(en="a symptom, perhaps of what stands above", zh="症状，可能由上面的病因引起")
"""The grade of a symptom below a cause that was seen or inferred."""

VERDICTS = {
    "sick": Text(en="Something is wrong.", zh="训练有问题。"),
    "healthy": Text(
        en="Healthy, as far as these tests see: the samples are where the data are, and nothing "
        "that was looked at is wrong. Look at the samples yourself.",
        zh="就这些检查所见，训练是健康的：生成样本落在数据所在的地方，检查过的各项都没有问题。"
        "样本好不好，请自己再看一眼。",
    ),
    "young": Text(
        en="Too young to say: the log is short or missing, or the samples are still getting "
        "better. Train on, then ask again.",
        zh="现在下结论太早：日志太短，或没有提供日志，或者生成样本还在变好。"
        "请继续训练，然后再来检查。",
    ),
    "unknown": Text(
        en="I don't know: the samples are unlike the data, and no test says why. A mistake in the "
        "loop that these tests do not know, too few steps, weak networks and poor settings look "
        "like this.",
        zh="我不知道：生成样本与数据不像，但没有一项检查能说明原因。"
        "可能是训练循环里有这些检查认不出的错误，也可能是步数太少、网络太弱或参数不合适。",
    ),
}

TITLES = {
    "sick": Text(en="Something is wrong: {cause}", zh="训练有问题：{cause}"),
    "healthy": Text(en="Healthy", zh="健康"),
    "young": Text(en="Too young to say", zh="现在下结论太早"),
    "unknown": Text(en="I don't know", zh="我不知道"),
}
"""The verdict as a title."""

CAUSES: dict[str, Words] = {
    "diverged": Words(
        Text(en="the numbers blew up", zh="数值发散"),
        Text(en="Weights or losses are NaN or infinite.", zh="权重或损失变成了 NaN 或无穷大。"),
        Text(en="Start again from new weights with learning rates ten times lower. Let the loss "
             "take logits: log p of p = 0 is infinite.",
             zh="用新的权重重新开始，把学习率降到十分之一；让损失函数直接接收 logit，"
             "因为 p = 0 时 log p 是无穷大。"),
    ),
    "logits_as_probabilities": Words(
        Text(en="logits taken for probabilities", zh="把 logit 当成了概率"),
        Text(en="D ends without a sigmoid, yet the log is what a loss writes that expects "
             "probabilities and clips D's output to between 0 and 1.",
             zh="D 的最后一层没有 sigmoid，而日志里的数正是“以为输入是概率、"
             "把输出截断到 0 与 1 之间”的损失函数会写出来的数。"),
        Text(en="BinaryCrossentropy(from_logits=True).",
             zh="改用 BinaryCrossentropy(from_logits=True)。"),
    ),
    "double_sigmoid": Words(
        Text(en="two sigmoids", zh="用了两次 sigmoid"),
        Text(en="D ends in a sigmoid, and the loss applies another: G's loss stays between 0.313 "
             "and 0.693, and the gradient fades.",
             zh="D 的最后一层已经是 sigmoid，损失函数又用了一次：G 的损失只能在 0.313 到 0.693 "
             "之间，梯度也越来越小。"),
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
             "请为两个网络各写一个训练步，只更新它自己的变量。"),
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
        Text(en="targets outside of 0 … 1", zh="目标标签超出 0 到 1"),
        Text(en="A cross-entropy below 0, or a log that only a target above 1 explains. Where D "
             "can tell the samples apart, nothing stops its logits.",
             zh="交叉熵小于 0，或者只有大于 1 的目标才能解释日志。在 D 能分清真假的地方，"
             "它的 logit 会无止境地变大。"),
        Text(en="Smooth inwards and on one side: 0.9 for real samples, 0 for generated ones.",
             zh="向内做单侧平滑：真实样本用 0.9，生成样本用 0。"),
    ),
    "g_wrong_label": Words(
        Text(en="G is taught to be caught", zh="生成器学着被识破"),
        Text(en="G moves away from samples that look real to D, or stands still with the loss of "
             "the label 0.",
             zh="G 的移动方向与“让 D 觉得样本更像真的”相反；"
             "或者它停住了，而日志里正是标签 0 的损失。"),
        Text(en="In G's step the label is what D learned to mean real.",
             zh="训练 G 时，应当用 D 学到的、表示“真”的那个标签。"),
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
             "called in inference mode, or the layers are frozen or never update (momentum 1).",
             zh="训练步完全没有改变这些层的状态：要么网络是以推理模式调用的，"
             "要么这些层被冻结了，或设成了从不更新（momentum 为 1）。"),
        Text(en="Call both networks with training=True inside the steps.",
             zh="在训练步里调用两个网络时，都写上 training=True。"),
    ),
    "part_frozen": Words(
        Text(en="a part of a network is not trained", zh="网络的一部分没有被训练"),
        Text(en="In every step watched some of a network's weights stayed exactly the same, while "
             "the others moved. The number is their share.",
             zh="观察的每一步里，网络的一部分权重完全没有变，其余的在变。"
             "数字是没有变的那部分所占的比例。"),
        Text(en="Does the gradient reach them: no stop_gradient, no NumPy inside the network, no "
             "dead ReLU? Is the optimizer given all of its variables, and each part of its output "
             "a loss?",
             zh="梯度能传到那里吗：网络中间有没有 stop_gradient、NumPy 运算或失活的 ReLU？"
             "优化器拿到的是全部变量吗？网络的每个输出都计入损失了吗？"),
    ),
    "stale_statistics": Words(
        Text(en="G's batch normalisation has not caught up", zh="G 的批归一化统计量没有跟上"),
        Text(en="In training mode G's samples are like the data, in inference mode they are not: "
             "the moving means and variances lag far behind.",
             zh="训练模式下 G 的样本与数据相像，推理模式下却不像：移动均值和移动方差远远落后。"),
        Text(en="A smaller momentum of BatchNormalization (0.9), or more steps. Are G's statistics "
             "updated at all: training=True?",
             zh="调小 BatchNormalization 的 momentum（如 0.9），或者多训练一些步。"
             "这些统计量到底有没有更新：是否用了 training=True？"),
    ),
    "condition_ignored": Words(
        Text(en="the class is ignored", zh="类别条件没有起作用"),
        Text(en="G makes the same whatever class it is asked for, or D has no part in whether a "
             "sample is of its class: then nothing pays G for obeying.",
             zh="无论要求哪个类别，G 的输出都一样；或者 D 根本不管样本与类别是否相符，"
             "G 按指定的类别生成也得不到任何好处。"),
        Text(en="Follow the class from the input to the output of each network: is it joined to "
             "something, and not multiplied away? D must be told the class, or tell it.",
             zh="在两个网络里从输入到输出追踪类别：它是否真的接了进去，有没有被乘没了？"
             "D 要么接收类别，要么输出类别。"),
    ),
    "pairing_broken": Words(
        Text(en="classes do not belong to their samples", zh="类别标签与样本对不上"),
        Text(en="Either the labels given fit the data no better than chance; or they fit, but D "
             "has learned nothing of the pairs and G does not make what it is asked for.",
             zh="要么给出的标签与数据的吻合程度和随机猜测差不多；要么标签没有问题，"
             "但 D 没有学到样本与标签的对应，G 也不按要求的类别生成。"),
        Text(en="Show a batch with each label under its sample, just before D gets it. Are both "
             "shuffled by the same permutation? Is D's class loss part of what is minimised?",
             zh="在送进 D 之前取一个批次，把标签写在每个样本下面看一看。"
             "两者是用同一个排列打乱的吗？D 的类别损失有没有计入要最小化的损失？"),
    ),
    "one_answer": Words(
        Text(en="D is taught a single answer", zh="判别器学到的只有一种答案"),
        Text(en="D's loss is low, and it calls all samples real, or all fake: all its labels seem "
             "to be the same.",
             zh="D 的损失很低，可它把所有样本都当成真的，或者都当成假的：看来它的标签全都一样。"),
        Text(en="In D's step real samples need the label 1 and generated ones 0, and both kinds "
             "must be in what its optimizer minimises.",
             zh="训练 D 时，真实样本的标签应为 1，生成样本为 0，"
             "而且优化器要最小化的损失必须同时包含两者。"),
    ),
    "labels_broken": Words(
        Text(en="D's labels do not belong to its samples", zh="判别器的标签与样本对不上"),
        Text(en="D's loss is ln 2 = 0.693, as in perfect balance, and was never much lower; but "
             "the samples are unlike the data, and a D that is given right labels learns so in a "
             "few steps.",
             zh="D 的损失是 ln 2 = 0.693，像是完美的平衡，而且从来没有低过多少；"
             "但生成样本与数据不像，而用正确的标签教 D，几步就能学会区分。"),
        Text(en="Are samples shuffled without their labels? Show D a batch yourself, with each "
             "label beside its sample.",
             zh="是不是打乱了样本却没有打乱标签？自己取一个批次，把每个标签放在样本旁边看一看。"),
    ),
    "rate_too_high": Words(
        Text(en="steps that are far too long", zh="步子太大"),
        Text(en="A single step changes the weights by a tenth of their size or more, or logits are "
             "beyond 10,000.",
             zh="一步就让权重改变了自身大小的十分之一以上，或者 logit 的绝对值超过一万。"),
        Text(en="Divide the learning rate by ten.", zh="把学习率降到十分之一。"),
    ),
    "critic_unbounded": Words(
        Text(en="nothing holds the critic", zh="评论家没有受到约束"),
        Text(en="The log is that of a Wasserstein critic, whose slope must be bounded, as a rule "
             "by 1; it is steeper, and its loss swings widely.",
             zh="日志是 Wasserstein 评论家的，它的斜率应当有界，通常不超过 1；现在却陡得多，"
             "损失也大起大落。"),
        Text(en="A gradient penalty (WGAN-GP, weight 10), spectral normalisation, or clipped "
             "weights.",
             zh="加上梯度惩罚（WGAN-GP，权重 10）、谱归一化，或裁剪权重。"),
    ),
    "phases": Words(
        Text(en="long phases of one player alone", zh="一方长时间单独训练"),
        Text(en="One network is trained for many steps, of changing number, while the other waits: "
             "each of them answers to an opponent that is gone.",
             zh="一个网络连续训练很多步，步数还不固定，另一个一直在等："
             "双方学会应付的，都是已经不在那里的对手。"),
        Text(en="Alternate single steps. No threshold on a loss.",
             zh="一步一步交替训练，不要用损失阈值。"),
    ),
    "d_bn_mixed": Words(
        Text(en="batch normalisation in D sees two kinds of batches",
             zh="判别器的批归一化看到两种批次"),
        Text(en="The same generated samples get one verdict beside real ones and another among "
             "themselves. If D's batches are mixed and those of G's step are not, G is rewarded "
             "for the batch, not for its samples.",
             zh="同样的生成样本，与真实样本放在一起时是一种判断，单独成批时是另一种。"
             "如果 D 的批次真假混合，而 G 那一步的批次全是假样本，G 得到的奖励就来自批次，"
             "而不是样本。"),
        Text(en="Take batch normalisation out of D; layer or spectral normalisation need no batch. "
             "Or show D batches of one kind in both steps.",
             zh="去掉 D 中的批归一化；层归一化和谱归一化都不依赖批次。"
             "或者在两种训练步里都给 D 看同样构成的批次。"),
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
             zh="给 G 更多噪声；给 D 加 R1；让 G 与 D 训练同样多的步数。"),
    ),
    "modes_missed": Words(
        Text(en="parts of the data are missing", zh="有一部分数据没有生成出来"),
        Text(en="The samples are near real ones, but many real ones have no sample near them.",
             zh="生成样本离真实样本很近，但许多真实样本附近没有任何生成样本。"),
        Text(en="Does D get all of the data, shuffled? Larger batches, R1 on D, more noise into G.",
             zh="D 看到的是不是打乱后的全部数据？试试更大的批次、给 D 加 R1、给 G 更多噪声。"),
    ),
    "d_too_strong": Words(
        Text(en="D is far too strong", zh="判别器过强"),
        Text(en="D tells nearly every generated sample, and the samples are unlike the data.",
             zh="D 几乎能认出每一个生成样本，而生成样本与数据不像。"),
        Text(en="R1 on D; equal learning rates, or D's lower; noise on D's inputs; more data.",
             zh="给 D 加 R1；两个学习率取相同的值，或者把 D 的调低；给 D 的输入加噪声；增加数据。"),
    ),
    "d_loses": Words(
        Text(en="D does worse than guessing", zh="判别器还不如随机猜测"),
        Text(en="D's loss stays far above ln 2 = 0.693, what it would pay for always answering "
             "one half: something works against it.",
             zh="D 的损失一直远高于 ln 2 = 0.693，也就是始终回答二分之一时的损失："
             "有什么东西在跟它作对。"),
        Text(en="Does G's step move D's weights, too? Are D's labels right? Is its learning rate "
             "far too high, or far too low to follow?",
             zh="训练 G 的那一步是否也更新了 D 的权重？D 的标签对吗？"
             "它的学习率是不是过高，或者低得跟不上？"),
    ),
    "d_too_weak": Words(
        Text(en="D is held down", zh="判别器被压得太弱"),
        Text(en="D says nearly the same of every sample, though they are unlike the data and "
             "a copy of D that is left free tells them in a few steps.",
             zh="D 对每个样本的判断几乎相同；但生成样本与数据不像，"
             "而 D 的一个副本，不加限制，几步就能把它们分开。"),
        Text(en="A smaller weight for R1 or another penalty; less dropout and noise; a higher "
             "learning rate for D. Are its labels right?",
             zh="减小 R1 等惩罚项的权重；减少 Dropout 和噪声；提高 D 的学习率。它的标签对吗？"),
    ),
    "at_rest": Words(
        Text(en="neither network moves", zh="两个网络都没有更新"),
        Text(en="In every step watched both networks' weights stayed exactly the same.",
             zh="观察的每一步里，两个网络的权重都完全没有变。"),
        Text(en="To train on, set the learning rates above 0.",
             zh="要继续训练，请把学习率设为大于 0 的值。"),
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
    "rows": Text(
        en="The step given writes no rows into history: the losses of each step could not be "
        "compared with what they should be.",
        zh="提供的 step 没有往 history 里写入记录：无法逐步比较损失与应有的值。",
    ),
    "log": Text(
        en="No log of both losses with at least 50 rows was given: it was not checked.",
        zh="没有提供至少 50 行、包含两个损失的日志：日志没有检查。",
    ),
}
