"""Exercises, predictions and quiz of lesson 02, the game, live."""

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
    Tuple,
    close,
)
from course_utils.language import Text

# --- predictions -------------------------------------------------------------------------------

which_dies = Question(
    "which-dies",
    Text(
        en="$D(G(z)) \\approx 0$: $D$ sees through every sample. "
        "Which loss gives $G$ almost no gradient now?",
        zh="$D(G(z)) \\approx 0$，$D$ 识破了每个样本。此时哪种损失给 $G$ 的梯度几乎为 0？",
    ),
    [
        Choice(
            Text(en="the minimax loss", zh="极小极大损失"),
            Text(
                en="Its slope is $-\\sigma(l) = -D(G(z))$: almost 0 just when $G$ is worst.",
                zh="它的坡度是 $-\\sigma(l) = -D(G(z))$：恰恰在 $G$ 最差的时候接近 0。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="the non-saturating loss", zh="非饱和损失"),
            Text(
                en="Its slope is $\\sigma(l) - 1$, here almost $-1$: its full strength. "
                "It fades only where $D$ already believes $G$.",
                zh="它的坡度是 $\\sigma(l) - 1$，此时接近 $-1$，正是最强的时候。"
                "只有在 $D$ 已经相信 $G$ 的地方，它才会变弱。",
            ),
        ),
        Choice(
            Text(en="both", zh="两种都是"),
            Text(
                en="Then no GAN could start. One of the two keeps its full strength here.",
                zh="那样 GAN 就无法起步了。其中有一种，此时推力恰恰最强。",
            ),
        ),
    ],
)

best_answer = Question(
    "best-answer",
    Text(
        en="$D$ trains for a long time against a fixed $G$. At a place where generated samples are "
        "**three times as dense** as real ones, what will it answer?",
        zh="$D$ 面对固定的 $G$ 训练了很久。在生成样本的密度是真实样本**三倍**的地方，"
        "它会回答多少？",
    ),
    [
        Choice(
            Text(en="about 0: generated", zh="约 0：生成的"),
            Text(
                en="One of four samples there is real. A loss that counts probabilities "
                "punishes the certainty.",
                zh="那里每四个样本就有一个是真的。按概率计算的损失会惩罚这种武断。",
            ),
        ),
        Choice(
            Text(en="about 0.25", zh="约 0.25"),
            Text(
                en="One of four samples that fall there is real: $p/(p+q) = 1/4$.",
                zh="落在那里的样本，四个中有一个是真的：$p/(p+q) = 1/4$。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="about 0.33", zh="约 0.33"),
            Text(
                en="That is the ratio $p/q$. Asked is the share of real samples among *all*.",
                zh="这是比值 $p/q$。$D$ 回答的是真实样本在**全部**样本中的比例。",
            ),
        ),
    ],
)

circle = Question(
    "circle",
    Text(
        en="Both players move at the same time, 150 steps. Where does the path lead?",
        zh="双方同时更新，共 150 步。轨迹会走向哪里？",
    ),
    [
        Choice(
            Text(en="in to the equilibrium", zh="向内，走到均衡点"),
            Text(
                en="The two moves together never point towards the centre: they are at a right "
                "angle to the way home.",
                zh="双方合起来的移动从不**指向**中心，而总是与回中心的方向垂直。",
            ),
        ),
        Choice(
            Text(en="round on a circle", zh="沿圆周打转"),
            Text(
                en="So it would be for infinitely small steps. A step along the tangent leaves "
                "the circle, outwards.",
                zh="步长无穷小时确实如此。但沿切线走一步，总会走到圆的外面。",
            ),
        ),
        Choice(
            Text(en="outwards", zh="向外"),
            Text(
                en="Each step goes along the tangent and ends outside: the radius grows by "
                "$\\sqrt{1 + \\eta^2}$.",
                zh="每一步都沿切线方向，落点总在圆外：半径每步乘以 $\\sqrt{1 + \\eta^2}$。",
            ),
            correct=True,
        ),
    ],
)

scale_back = Question(
    "scale-back",
    Text(
        en="$G$ sits on one mode. You put the latent scale back to 1, the value with which a fresh "
        "start covers nearly all modes, and train 2,500 more steps. What will happen?",
        zh="$G$ 停在一个模式上。你把隐变量尺度调回 1（用这个值从头训练，几乎能覆盖全部模式），"
        "再训练 2500 步。会怎样？",
    ),
    [
        Choice(
            Text(en="it recovers: all modes, even shares", zh="完全恢复：全部模式，份额均匀"),
            Text(
                en="A fresh start with the same knobs nearly does. But $D$ has grown a steep "
                "surface around the one mode, and the game goes on from there.",
                zh="同样的旋钮从头训练差不多可以。但 $D$ 已经在那个模式周围形成了陡峭的曲面，"
                "博弈是从那里继续的。",
            ),
        ),
        Choice(
            Text(en="some of the modes, with unequal shares", zh="覆盖一部分模式，份额不均"),
            Text(
                en="Points leave the one mode, but only some of the modes get their share. What a "
                "knob does depends on where the game stands when it is turned.",
                zh="点离开了那一个模式，但只有一部分模式得到了应有的份额。旋钮的效果，"
                "取决于转动它时博弈走到了哪里。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="nothing: it stays on one mode", zh="没有变化：仍停在一个模式上"),
            Text(
                en="The wider latents spread the points at once, and then different points get "
                "different pushes.",
                zh="隐变量变宽，点立刻就散开了，不同的点受到的推力也就不同了。",
            ),
        ),
    ],
)

flat = Question(
    "flat",
    Text(
        en="In balance the losses are 1.386 and 0.693. Run 2 is a little nearer to that, with "
        "every seed. Whose generated points lie on the modes more often?",
        zh="平衡时两个损失是 1.386 和 0.693。不管哪个种子，运行 2 都更接近这两个数。"
        "谁的生成点更常落在模式上？",
    ),
    [
        Choice(
            Text(en="those of run 1", zh="运行 1 的"),
            Text(
                en="And the losses did not show it: a good $G$ with a good $D$ and a bad $G$ with "
                "a bad $D$ look alike.",
                zh="而损失并没有显示这一点：好的 $G$ 配好的 $D$，差的 $G$ 配差的 $D$，看起来一样。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="those of run 2", zh="运行 2 的"),
            Text(
                en="Run 2's $D$ lags far behind $G$ and answers about ½ on average; so its "
                "losses look balanced.",
                zh="运行 2 的 $D$ 远远跟不上 $G$，平均回答 ½ 左右；所以损失看起来很平衡。",
            ),
        ),
        Choice(
            Text(en="about the same", zh="差不多"),
            Text(
                en="The losses are nearly equal; the points could hardly be more different.",
                zh="损失几乎相同，生成的点却有天壤之别。",
            ),
        ),
    ],
)

which_region = Question(
    "which-region",
    Text(
        en="In which part of the map will the curve be learned within 2,000 steps?",
        zh="在图的哪个部分，2000 步之内能学会这条曲线？",
    ),
    [
        Choice(
            Text(en="where both rates are equal", zh="两个学习率相等的地方"),
            Text(
                en="Equal rates sound fair, but $G$ can only follow a $D$ that is already up to "
                "date.",
                zh="相等听起来公平，但 $G$ 要靠 $D$ 指路，$D$ 必须先跟上变化。",
            ),
        ),
        Choice(
            Text(en="only where $D$ learns faster than $G$", zh="只在 $D$ 学得比 $G$ 快的地方"),
            Text(
                en="$D$ has to keep up with a $G$ that moves; only then does its slope tell $G$ "
                "the way. It does not suffice: $G$ must not be too slow or too fast either.",
                zh="$G$ 在动，$D$ 必须跟得上，它的坡度才能给 $G$ 指路。但这还不够："
                "$G$ 自己也不能太慢或太快。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="where $G$ learns faster than $D$", zh="$G$ 学得比 $D$ 快的地方"),
            Text(
                en="Then $G$ follows an outdated $D$: it cycles or collapses, or is too slow to "
                "learn at all.",
                zh="那样 $G$ 跟着的是过时的 $D$：不是振荡就是崩溃，或者太慢，根本学不会。",
            ),
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------


def _sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


generator_slope = Exercise(
    "02.1",
    Text(en="The slope that G feels", zh="G 感受到的坡度"),
    cases=[
        Case(np.array([0.0])),
        Case(np.array([-3.0, -1.0, 0.0, 1.0, 3.0])),
        Case(np.array([-20.0, 20.0])),
    ],
    returns=Array(),
    properties=[
        Property(
            Text(en="one slope for each logit", zh="每个 logit 对应一个坡度"),
            lambda got, logits: got.shape == logits.shape,
        ),
        Property(
            Text(
                en="a slope near $-1$ where $D$ is sure that a sample is generated, "
                "and near 0 where it is sure that it is real",
                zh="$D$ 确信样本为假时，坡度接近 $-1$；确信样本为真时，坡度接近 0",
            ),
            lambda got, logits: close(got, _sigmoid(logits) - 1),
        ),
    ],
    mistakes=[
        Mistake(
            "minimax",
            lambda attempt: attempt.gives(lambda logits: -_sigmoid(logits)),
            Text(
                en="This is the slope of the minimax loss $\\log(1 - \\sigma(l))$: it dies "
                "where $\\sigma(l)$ is near 0. Asked is the slope of $-\\log \\sigma(l)$.",
                zh="这是极小极大损失 $\\log(1 - \\sigma(l))$ 的坡度：它在 $\\sigma(l)$ 接近 0 "
                "的地方消失。题目问的是 $-\\log \\sigma(l)$ 的坡度。",
            ),
        ),
        Mistake(
            "sign",
            lambda attempt: attempt.gives(lambda logits: 1 - _sigmoid(logits)),
            Text(
                en="The size is right, the sign is not: a larger logit makes $G$'s loss smaller.",
                zh="大小对了，符号反了：logit 越大，$G$ 的损失越小。",
            ),
        ),
        Mistake(
            "belief",
            lambda attempt: attempt.gives(lambda logits: -1 / _sigmoid(logits)),
            Text(
                en="This is the slope with respect to the belief $\\sigma(l)$. "
                "By the chain rule, multiply by $\\sigma'(l) = \\sigma(l)\\,(1 - \\sigma(l))$.",
                zh="这是对判真概率 $\\sigma(l)$ 的导数。根据链式法则，还要乘以 "
                "$\\sigma'(l) = \\sigma(l)\\,(1 - \\sigma(l))$。",
            ),
        ),
        Mistake(
            "sigmoid-slope",
            lambda attempt: attempt.gives(lambda logits: _sigmoid(logits) * (1 - _sigmoid(logits))),
            Text(
                en="This is the slope of $\\sigma$ itself. The loss is $-\\log$ of it: "
                "divide by $\\sigma(l)$ and mind the sign.",
                zh="这是 $\\sigma$ 本身的导数。损失还要取 $-\\log$：所以要除以 $\\sigma(l)$，"
                "并注意符号。",
            ),
        ),
        Mistake(
            "value",
            lambda attempt: attempt.gives(lambda logits: -np.log(_sigmoid(logits))),
            Text(
                en="This is the loss itself. Asked is its derivative.",
                zh="这是损失本身。题目问的是它的导数。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Use the chain rule: the derivative of $-\\log u$ is $-1/u$, "
            "and $\\sigma'(l) = \\sigma(l)\\,(1 - \\sigma(l))$.",
            zh="用链式法则：$-\\log u$ 的导数是 $-1/u$，而 "
            "$\\sigma'(l) = \\sigma(l)\\,(1 - \\sigma(l))$。",
        ),
        Text(
            en="The factor $\\sigma(l)$ cancels. What remains is $\\sigma(l) - 1$.",
            zh="因子 $\\sigma(l)$ 约掉了，剩下 $\\sigma(l) - 1$。",
        ),
    ),
    success=Text(
        en="Right: $\\sigma(l) - 1$. Set it beside the slope of the minimax loss above, for very "
        "negative and for very positive logits.",
        zh="正确：$\\sigma(l) - 1$。拿它和上面极小极大损失的坡度对照：logit 很负时怎样，"
        "很正时又怎样？",
    ),
)


best_discriminator = Exercise(
    "02.2",
    Text(en="The best D", zh="最优的 D"),
    cases=[
        Case(np.array([1.0, 0.2]), np.array([1.0, 0.6])),
        Case(np.array([0.0, 2.0, 0.5]), np.array([0.3, 0.5, 0.125])),
    ],
    returns=Array(),
    properties=[
        Property(
            Text(en="one belief for each place", zh="每个位置对应一个判真概率"),
            lambda got, p, q: got.shape == p.shape,
        ),
        Property(
            Text(
                en="the share of the real density in the whole density at each place",
                zh="每个位置上真实密度占总密度的比例",
            ),
            lambda got, p, q: close(got, p / (p + q)),
        ),
    ],
    mistakes=[
        Mistake(
            "swapped",
            lambda attempt: attempt.gives(lambda p, q: q / (p + q)),
            Text(
                en="This is the share of the *generated* density. $D$ says how real a place is.",
                zh="这是**生成**密度所占的比例。$D$ 回答的是真实样本的比例。",
            ),
        ),
        Mistake(
            "ratio",
            lambda attempt: attempt.gives(lambda p, q: p / q),
            Text(
                en="The ratio $p/q$ runs from 0 to infinity; a belief lies within $[0, 1]$. "
                "(Its logarithm is the best *logit*.)",
                zh="比值 $p/q$ 的范围是 0 到无穷大，而概率必须在 $[0, 1]$ 内。"
                "（它的对数正是最优的 **logit**。）",
            ),
        ),
        Mistake(
            "decision",
            lambda attempt: attempt.gives(lambda p, q: np.where(p > q, 1.0, 0.0)),
            Text(
                en="That is the best yes or no. $D$ is trained to answer with a probability.",
                zh="这是最优的“真或假”判断。但训练 $D$ 时，要它回答的是概率。",
            ),
        ),
        Mistake(
            "real-density",
            lambda attempt: attempt.gives(lambda p, q: p),
            Text(
                en="$D$ does not learn the density of the data alone: what it says about a place "
                "depends on how often generated samples come there, too.",
                zh="$D$ 学到的不只是真实数据的密度：它对一个位置的判断，还取决于生成样本"
                "有多常落在那里。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Of all samples that fall near a place, half of each kind drawn, "
            "which share is real?",
            zh="真假样本各抽一半。落在某个位置附近的所有样本里，真实样本占多少？",
        ),
        Text(en="$p / (p + q)$.", zh="$p / (p + q)$。"),
    ),
    success=Text(
        en="Goodfellow et al. 2014, proposition 1. Its logit is $\\log(p/q)$.",
        zh="即 Goodfellow 等 2014 年论文的命题 1。它的 logit 是 $\\log(p/q)$。",
    ),
)


def _dirac(theta, psi, rate, gamma, order="discriminator first", penalty=1.0):
    """A step of the Dirac-GAN, right or with a known mistake; returns (theta, psi)."""

    def move_d(theta, psi):
        slope = -_sigmoid(psi * theta) * theta - penalty * gamma * psi
        return psi + rate * slope

    def move_g(theta, psi):
        return theta + rate * (1 - _sigmoid(psi * theta)) * psi

    if order == "simultaneous":
        return move_g(theta, psi), move_d(theta, psi)
    if order == "generator first":
        theta = move_g(theta, psi)
        return theta, move_d(theta, psi)
    psi = move_d(theta, psi)
    return move_g(theta, psi), psi


def _minimax_dirac(theta, psi, rate, gamma):
    psi = psi + rate * (-_sigmoid(psi * theta) * theta - gamma * psi)
    return theta + rate * _sigmoid(psi * theta) * psi, psi


alternating_step = Exercise(
    "02.3",
    Text(en="In turn", zh="轮流更新"),
    cases=[Case(1.0, 0.5, 0.1, 0.0), Case(0.5, -2.0, 0.5, 0.3), Case(-1.0, 1.0, 0.8, 1.0)],
    returns=Tuple(Number(), Number()),
    properties=[
        Property(
            Text(
                en="the new $\\psi$: uphill from where both stand, with the penalty",
                zh="新的 $\\psi$：从双方当前的位置沿梯度上升，并带上惩罚项",
            ),
            lambda got, *state: close(got[1], _dirac(*state)[1]),
        ),
        Property(
            Text(
                en="the new $\\theta$: the slope of the *new* $D$ decides",
                zh="新的 $\\theta$：由**更新后**的 $D$ 的坡度决定",
            ),
            lambda got, *state: close(got[0], _dirac(*state)[0]),
        ),
    ],
    mistakes=[
        Mistake(
            "simultaneous",
            lambda attempt: attempt.gives(
                lambda *state: _dirac(*state, order="simultaneous"),
            ),
            Text(
                en="$\\theta$ still answers the old $\\psi$: this is the simultaneous step. "
                "In turn means that $G$ sees what $D$ has just learned.",
                zh="$\\theta$ 用的还是旧的 $\\psi$，这是同时更新。"
                "轮流更新时，$G$ 面对的是刚更新过的 $D$。",
            ),
        ),
        Mistake(
            "generator-first",
            lambda attempt: attempt.gives(
                lambda *state: _dirac(*state, order="generator first"),
            ),
            Text(
                en="Here $G$ moves first. Let $D$ begin, as our training step does.",
                zh="这里先动的是 $G$。请让 $D$ 先动，和我们的训练步一样。",
            ),
        ),
        Mistake(
            "no-penalty",
            lambda attempt: attempt.gives(lambda *state: _dirac(*state, penalty=0.0)),
            Text(
                en="The penalty is missing: $\\gamma$ must pull $\\psi$ towards 0.",
                zh="少了惩罚项：$\\gamma$ 应当把 $\\psi$ 拉向 0。",
            ),
        ),
        Mistake(
            "penalty-sign",
            lambda attempt: attempt.gives(lambda *state: _dirac(*state, penalty=-1.0)),
            Text(
                en="The penalty has the wrong sign: this way $\\psi$ is pushed *away* from 0.",
                zh="惩罚项的符号反了：这样会把 $\\psi$ **推离** 0。",
            ),
        ),
        Mistake(
            "minimax",
            lambda attempt: attempt.gives(_minimax_dirac),
            Text(
                en="This is the minimax generator: its slope is $\\sigma(\\psi\\theta)\\,\\psi$. "
                "The non-saturating one has $1 - \\sigma$.",
                zh="这是极小极大损失的生成器，坡度是 $\\sigma(\\psi\\theta)\\,\\psi$。"
                "换成非饱和损失，$\\sigma$ 应改为 $1 - \\sigma$。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Split the step into two lines: first a new `psi`, then a new `theta` "
            "that is computed from it.",
            zh="把这一步拆成两行：先算新的 `psi`，再用它算新的 `theta`。",
        ),
        Text(
            en="The `belief` must be computed again after `psi` has moved.",
            zh="`psi` 更新之后，`belief` 要重新计算。",
        ),
    ),
    success=Text(
        en="This is the order of our training step: $D$ first, then $G$ against the new $D$.",
        zh="这正是我们训练步的顺序：先更新 $D$，再让 $G$ 面对新的 $D$。",
    ),
)


def _covered(points, modes, sigma, reach=3.0, squared=False, box=False):
    offsets = points[:, None] - modes[None]
    if box:
        near = (np.abs(offsets) <= reach * sigma).all(axis=-1)
    else:
        distances = (offsets**2).sum(axis=-1)
        near = (distances if squared else np.sqrt(distances)) <= reach * sigma
    return int(near.any(axis=0).sum())


def _cloud(seed, lost):
    """Points around some modes of a ring, with some at distances where the mistakes differ."""

    def make():
        random = np.random.default_rng(seed)
        angles = 2 * np.pi * np.arange(8) / 8
        modes = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        sigma = 0.1
        kept = modes[4 : 8 - lost].repeat(5, axis=0)
        points = [
            modes[0] + [0.0, 0.15],  # between one sigma and three
            modes[1] + [0.25, 0.25],  # in the square of three sigma, but not in the circle
            modes[2] + [0.4, 0.0],  # far; but the square of its distance is below three sigma
            modes[3] + [-0.5, 0.5],  # far by any measure; no other mode is nearer
            *(kept + 0.03 * random.normal(size=kept.shape)),
        ]
        return np.array(points), modes, sigma

    return make


modes_covered = Exercise(
    "02.4",
    Text(en="Counting modes", zh="数一数模式"),
    cases=[
        Case(make=_cloud(0, 0), label=Text(en="points around a ring", zh="圆环周围的点")),
        Case(make=_cloud(1, 2), label=Text(en="points around part of it", zh="只在部分圆环上的点")),
    ],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(
                en="the number of modes that have at least one point within $3\\sigma$",
                zh="有几个模式在 $3\\sigma$ 以内至少有一个点",
            ),
            lambda got, points, modes, sigma: got == _covered(points, modes, sigma),
        )
    ],
    mistakes=[
        Mistake(
            "nearest",
            lambda attempt: attempt.gives(
                lambda points, modes, sigma: len(
                    set(((points[:, None] - modes[None]) ** 2).sum(-1).argmin(1).tolist())
                )
            ),
            Text(
                en="Each point has a nearest mode, however far away it is. "
                "Count a mode only if a point lies within $3\\sigma$ of it.",
                zh="每个点都有离它最近的模式，不管隔多远。"
                "只有当某个点落在 $3\\sigma$ 以内时，才算覆盖了这个模式。",
            ),
        ),
        Mistake(
            "squared",
            lambda attempt: attempt.gives(
                lambda points, modes, sigma: _covered(points, modes, sigma, squared=True)
            ),
            Text(
                en="You compare the *squared* distance with $3\\sigma$. "
                "Take the root first, or square both sides.",
                zh="你拿距离的**平方**和 $3\\sigma$ 比较。请先开方，或者两边都取平方。",
            ),
        ),
        Mistake(
            "box",
            lambda attempt: attempt.gives(
                lambda points, modes, sigma: _covered(points, modes, sigma, box=True)
            ),
            Text(
                en="This is a square of half-width $3\\sigma$. "
                "The distance in the plane is $\\sqrt{\\Delta x^2 + \\Delta y^2}$.",
                zh="这是半宽为 $3\\sigma$ 的正方形。"
                "平面上的距离是 $\\sqrt{\\Delta x^2 + \\Delta y^2}$。",
            ),
        ),
        Mistake(
            "one-sigma",
            lambda attempt: attempt.gives(
                lambda points, modes, sigma: _covered(points, modes, sigma, reach=1.0)
            ),
            Text(
                en="This is within one $\\sigma$. Allow $3\\sigma$.",
                zh="这里用的是一倍 $\\sigma$。请改为 $3\\sigma$。",
            ),
        ),
        Mistake(
            "points-counted",
            lambda attempt: attempt.gives(
                lambda points, modes, sigma: int(
                    (
                        np.sqrt(((points[:, None] - modes[None]) ** 2).sum(-1)).min(1) <= 3 * sigma
                    ).sum()
                )
            ),
            Text(
                en="You counted the points near a mode. Count the modes near a point: "
                "take `any` over the points, then sum over the modes.",
                zh="你数的是模式附近的点。要数的是附近至少有一个点的模式："
                "先对点取 `any`，再对模式求和。",
            ),
        ),
    ],
    hints=(
        Text(
            en="`points[:, None] - modes[None]` holds all differences, `[n, modes, 2]`.",
            zh="`points[:, None] - modes[None]` 包含所有的差，形状是 `[n, modes, 2]`。",
        ),
        Text(
            en="Distances `[n, modes]`, compared with `3 * sigma`, then `.any(axis=0).sum()`.",
            zh="求出距离 `[n, modes]`，与 `3 * sigma` 比较，再用 `.any(axis=0).sum()`。",
        ),
    ),
)

# --- quiz --------------------------------------------------------------------------------------

quiz = Quiz(
    "02-quiz",
    Text(en="Quiz", zh="小测验"),
    [
        Question(
            "why-non-saturating",
            Text(
                en="Why does $G$ usually minimise $-\\log D(G(z))$ and not $\\log(1 - D(G(z)))$?",
                zh="$G$ 通常最小化 $-\\log D(G(z))$ 而不是 $\\log(1 - D(G(z)))$，为什么？",
            ),
            [
                Choice(
                    Text(
                        en="it pushes hardest while $D$ sees through $G$",
                        zh="$D$ 识破 $G$ 的时候，它推得最用力",
                    ),
                    Text(
                        en="Its slope is $\\sigma(l) - 1$: near $-1$ where $D(G(z))$ is near 0.",
                        zh="它的坡度是 $\\sigma(l) - 1$：在 $D(G(z))$ 接近 0 的地方接近 $-1$。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="it has another equilibrium", zh="它的均衡点不同"),
                    Text(
                        en="Both are at rest where $D$ answers the same everywhere; "
                        "they differ on the way.",
                        zh="两者静止的地方相同：都是 $D$ 处处给出同样回答的地方。不同的是过程。",
                    ),
                ),
                Choice(
                    Text(en="it keeps the game from cycling", zh="它能避免绕圈子"),
                    Text(
                        en="The Dirac-GAN above used it, and swung past the real point again and "
                        "again.",
                        zh="上面的 Dirac-GAN 用的就是它，生成点照样一次次荡过真实点。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "two-ln-two",
            Text(
                en="During a training $D$'s loss has stayed at $2 \\ln 2$ for a long time. "
                "What do you know?",
                zh="训练中 $D$ 的损失长时间停在 $2 \\ln 2$。你能知道什么？",
            ),
            [
                Choice(
                    Text(en="$p = q$: $G$ is perfect", zh="$p = q$，$G$ 已经完美"),
                    Text(
                        en="Only if this $D$ were the best one. A $D$ that has learned nothing "
                        "and answers ½ everywhere has the same loss.",
                        zh="只有当这个 $D$ 是最优的，才能这么说。什么都没学到、处处回答 ½ 的 $D$，"
                        "损失也是这个数。",
                    ),
                ),
                Choice(
                    Text(en="$G$ has collapsed", zh="$G$ 崩溃了"),
                    Text(
                        en="It may have, or not. The loss does not say.",
                        zh="可能是，也可能不是。从损失看不出来。",
                    ),
                ),
                Choice(
                    Text(en="nothing about the samples", zh="关于样本，什么也不知道"),
                    Text(
                        en="This $D$ answers about ½. Whether the samples are good or $D$ is weak, "
                        "only the samples can tell.",
                        zh="这个 $D$ 的回答在 ½ 左右。究竟是样本好，还是 $D$ 太弱，"
                        "只有样本本身能说明。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "smaller-rate",
            Text(
                en="The simultaneous game $xy$ spirals outwards. "
                "Does a learning rate of a tenth cure it?",
                zh="同时更新的博弈 $xy$ 会螺旋向外。把学习率降到十分之一，能治好吗？",
            ),
            [
                Choice(
                    Text(en="yes, it then falls in", zh="能，会收敛到中心"),
                    Text(
                        en="The radius still grows with each step, by $\\sqrt{1 + \\eta^2} > 1$.",
                        zh="半径每步仍要乘以 $\\sqrt{1 + \\eta^2} > 1$，越来越大。",
                    ),
                ),
                Choice(
                    Text(en="no, it only takes longer", zh="不能，只是慢一些"),
                    Text(
                        en="For the same angle it needs ten times the steps, "
                        "and in each the radius grows a hundredth as much: slower, never inwards.",
                        zh="转同样的角度需要十倍的步数，而每步半径的增幅只有百分之一："
                        "慢了，但永远不会向内。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="yes, it then circles exactly", zh="能，会精确地沿圆周走"),
                    Text(
                        en="Only in the limit of infinitely small steps.",
                        zh="只有在步长趋于 0 的极限情形下才是这样。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "r1",
            Text(en="What does R1 do?", zh="R1 的作用是什么？"),
            [
                Choice(
                    Text(
                        en="it pulls generated samples to the real ones",
                        zh="把生成样本拉向真实样本",
                    ),
                    Text(
                        en="It does not see generated samples at all.",
                        zh="它根本不涉及生成样本。",
                    ),
                ),
                Choice(
                    Text(
                        en="it keeps $D$ flat where the real data are",
                        zh="让 $D$ 在真实数据处保持平缓",
                    ),
                    Text(
                        en="It penalises $\\lVert\\nabla l\\rVert^2$ of the logit at real samples, "
                        "so that $G$ is pushed less the nearer it comes.",
                        zh="它惩罚真实样本处 logit 的 $\\lVert\\nabla l\\rVert^2$，"
                        "于是 $G$ 越接近，受到的推力越小。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="it lowers $D$'s learning rate", zh="降低 $D$ 的学习率"),
                    Text(
                        en="The rate stays; what changes is the loss.",
                        zh="学习率不变，变的是损失。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "all-near",
            Text(
                en="99 % of the generated points lie within $3\\sigma$ of a mode of the ring. "
                "Is the generator good?",
                zh="99% 的生成点都在圆环某个模式的 $3\\sigma$ 以内。这个生成器好吗？",
            ),
            [
                Choice(
                    Text(en="yes: quality is what counts", zh="好：质量最重要"),
                    Text(
                        en="A generator that always draws the same good point gets 100 %.",
                        zh="一个永远只画同一个好点的生成器能得 100%。",
                    ),
                ),
                Choice(
                    Text(en="you cannot tell yet", zh="还不能下结论"),
                    Text(
                        en="Count the modes too, and how evenly the points are shared out: "
                        "quality and variety are two things.",
                        zh="还要数覆盖了多少模式，以及点分配得是否均匀：质量和多样性是两回事。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="no: it should be 100 %", zh="不好：应该是 100%"),
                    Text(
                        en="Even real points reach only 98.9 %: in the plane that is the share "
                        "of a Gaussian within $3\\sigma$.",
                        zh="真实的点也只有 98.9%："
                        "平面上的高斯分布落在 $3\\sigma$ 以内的比例就是这么多。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "one-cell",
            Text(
                en="In a phase map made with one seed, one cell is learned amid cells that are "
                "not. "
                "What should you do with its setting?",
                zh="一张只用一个种子画出的相图里，有一格学会了，周围的格子都没有学会。"
                "该怎样看待这一格的设置？",
            ),
            [
                Choice(
                    Text(en="use it: it works", zh="直接采用：它行得通"),
                    Text(
                        en="It worked once. Its neighbours, nearly the same settings, did not.",
                        zh="它只成功了一次；相邻的格子设置几乎相同，却都没有成功。",
                    ),
                ),
                Choice(
                    Text(
                        en="repeat it with other seeds first",
                        zh="先用别的种子重复",
                    ),
                    Text(
                        en="An island in one map is often luck. A region that is still there "
                        "in the maps of other seeds is a finding.",
                        zh="一张图里的孤岛往往是运气；换了种子仍然存在的区域，才算得上发现。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="forget it: it is a bug", zh="忽略：这是程序错误"),
                    Text(
                        en="Runs near a border come out either way; that is no bug.",
                        zh="边界附近的运行两种结果都可能出现，这不是错误。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
