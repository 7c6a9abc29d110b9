"""Predictions and quiz of lesson 02, the game, live."""

from __future__ import annotations

from course_utils.exercises import Choice, Question, Quiz
from course_utils.language import Text

# --- predictions -------------------------------------------------------------------------------

which_dies = Question(
    "which-dies",
    Text(
        en="$D(G(z)) \\approx 0$: $D$ sees through every sample. "
        "Which loss gives $G$ almost no gradient now?",
        zh="$D(G(z)) \\approx 0$，$D$ 识破了每个样本。此时哪种损失几乎不给 $G$ 梯度？",
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
                zh="那样 GAN 就无法起步了。两者之中有一个在这里仍是全力。",
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
                en="Neither player ever moves *towards* the centre: each moves at a right angle "
                "to the way home.",
                zh="双方的合运动从来不**指向**中心，而总是与回中心的方向垂直。",
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

half_cure = Question(
    "half-cure",
    Text(
        en="$G$ sits on one mode. You put the latent scale back to 1, the value with which a fresh "
        "start covers all eight modes, and train 2,500 more steps. What will happen?",
        zh="$G$ 停在一个模式上。你把隐变量尺度调回 1（用这个值从头训练，八个模式都能覆盖），"
        "再训练 2500 步。会怎样？",
    ),
    [
        Choice(
            Text(en="it recovers: eight even modes", zh="完全恢复：八个模式，份额均匀"),
            Text(
                en="A fresh start with the same knobs does. But $D$ has grown a steep surface "
                "around the one mode, and the game goes on from there.",
                zh="同样的旋钮从头训练确实可以。但 $D$ 已经在那个模式周围形成了陡峭的曲面，"
                "博弈是从那里继续的。",
            ),
        ),
        Choice(
            Text(
                en="half a recovery: many modes, very uneven", zh="恢复一半：模式多了，但很不均匀"
            ),
            Text(
                en="Points reach most modes, but a few modes keep most of them. What a knob does "
                "depends on where the game stands when it is turned.",
                zh="点到达了大多数模式，但几个模式占去了大部分。旋钮的效果，"
                "取决于转动它时博弈走到了哪里。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="nothing: it stays on one mode", zh="没有变化：仍停在一个模式上"),
            Text(
                en="The wider latents do spread the points at once; and those that leave the "
                "plateau feel a slope again.",
                zh="隐变量变宽，点立刻就散开了；离开高原的点又能感受到坡度。",
            ),
        ),
    ],
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
                        zh="两者静止的地方相同，即 $D$ 处处回答一样；不同的是过程。",
                    ),
                ),
                Choice(
                    Text(en="it keeps the game from cycling", zh="它能避免绕圈子"),
                    Text(
                        en="The Dirac-GAN above used it, and went round.",
                        zh="上面的 Dirac-GAN 用的就是它，照样绕圈子。",
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
                        zh="除非这个 $D$ 是最优的。什么都没学到、处处回答 ½ 的 $D$，"
                        "损失也是这个数。",
                    ),
                ),
                Choice(
                    Text(en="$G$ has collapsed", zh="$G$ 崩溃了"),
                    Text(
                        en="It may have, or not. The loss does not say.",
                        zh="可能是，也可能不是。损失看不出来。",
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
                        zh="半径每步仍然变大，乘以 $\\sqrt{1 + \\eta^2} > 1$。",
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
                        zh="只有步长趋于无穷小的极限才是这样。",
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
                        en="It penalises $\\lVert\\nabla D\\rVert^2$ at real samples, so that $G$ "
                        "is pushed less the nearer it comes.",
                        zh="它惩罚真实样本处的 $\\lVert\\nabla D\\rVert^2$，"
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
                en="In a phase map made with one seed, one cell converges amid cells that do not. "
                "What should you do with its setting?",
                zh="一张只用一个种子画出的相图里，有一格收敛，周围的格子都不收敛。"
                "该怎样看待这一格的设置？",
            ),
            [
                Choice(
                    Text(en="use it: it works", zh="直接采用：它行得通"),
                    Text(
                        en="It worked once. Its neighbours, nearly the same settings, did not.",
                        zh="它只成功了一次，而几乎相同的邻居都没有成功。",
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
                        zh="一张图里的孤岛往往是运气；换了种子仍然存在的区域，才是结论。",
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
