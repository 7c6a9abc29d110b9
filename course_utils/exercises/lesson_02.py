"""Exercises of lesson 02, the game, live; its predictions and quiz stand in lesson_02_questions."""

from __future__ import annotations

import numpy as np

from course_utils.exercises import (
    Array,
    Case,
    Exercise,
    Mistake,
    Number,
    Property,
    Tuple,
    close,
)
from course_utils.exercises.lesson_02_questions import (
    best_answer,
    circle,
    half_cure,
    quiz,
    which_dies,
)
from course_utils.language import Text

__all__ = [
    "alternating_step",
    "best_answer",
    "best_discriminator",
    "circle",
    "generator_slope",
    "half_cure",
    "modes_covered",
    "quiz",
    "which_dies",
]


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
                zh="$D$ 确信样本是生成的时，坡度接近 $-1$；确信样本为真时，坡度接近 0",
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
                zh="这是 $\\sigma$ 本身的导数。损失是它的 $-\\log$：还要除以 $\\sigma(l)$，"
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
        en="Where $D$ is sure that a sample is generated, the slope is almost $-1$, as large as "
        "it gets: $G$ learns most where it is worst.",
        zh="在 $D$ 确信样本是生成的地方，坡度接近 $-1$，达到最大：$G$ 越差的地方学得越快。",
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
                zh="这是**生成**密度所占的比例。$D$ 要回答的是这个位置有多真。",
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
                zh="这是最优的“是或否”。但训练时要求 $D$ 给出概率。",
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
        en="Goodfellow et al. 2014, proposition 1. Where $q$ is three times as large as $p$, even "
        "the best $D$ answers 0.25.",
        zh="即 Goodfellow 等 2014 年论文的命题 1。在 $q$ 是 $p$ 的三倍的地方，"
        "最优的 $D$ 也只回答 0.25。",
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
                "轮流更新时，$G$ 看到的是 $D$ 刚学到的东西。",
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
                "非饱和损失里应当是 $1 - \\sigma$。",
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
                zh="在 $3\\sigma$ 以内至少有一个点的模式的个数",
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
                zh="你数的是模式附近的点。要数的是附近有点的模式：先对点取 `any`，再对模式求和。",
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
