"""Exercises, predictions and quiz of lesson 07, honest evaluation."""

from __future__ import annotations

import math

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
from course_utils.language import Text

# --- predictions -------------------------------------------------------------------------------

which_is_copied = Question(
    "which-is-copied",
    Text(
        en="One grid holds test digits, one was drawn by a generator, and one was copied from the "
        "training digits. Which one was *copied*?",
        zh="三个网格中，一个是测试数字，一个是生成器画的，还有一个抄自训练数字。"
        "哪一个是**抄来的**？",
    ),
    [
        Choice(
            Text(en="A", zh="A"),
            Text(
                en="These are the test digits. Nothing that one can see makes them differ from "
                "copies of training digits.",
                zh="这些是测试数字。单凭眼睛，看不出它们与训练数字的副本有什么不同。",
            ),
        ),
        Choice(
            Text(en="B", zh="B"),
            Text(
                en="This one was drawn. Perhaps a broken stroke gave it away.",
                zh="这一个是画出来的。也许是某个断开的笔画让你起了疑心。",
            ),
        ),
        Choice(
            Text(en="C", zh="C"),
            Text(
                en="All its digits are real, and some of them stand in the grid twice. The eye "
                "does not compare 80 digits with each other, still less with 60,000.",
                zh="它的每个数字都是真的，有些还在网格里出现了两次。眼睛不会把 80 个数字两两比较，"
                "更不会拿它们去和 60000 个比。",
            ),
            correct=True,
        ),
    ],
)

ten_images = Question(
    "ten-images",
    Text(
        en="A “generator” knows ten images only, one clear digit of each class, and repeats them. "
        "The test digits have a classifier score of about 9.7. What does the “generator” get?",
        zh="某个“生成器”只会画十幅图像，每类一个清楚的数字，反复地画。"
        "测试数字的分类器得分约为 9.7。这个“生成器”得多少分？",
    ),
    [
        Choice(
            Text(en="about 1", zh="约 1"),
            Text(
                en="1 is for a generator of one class, or of images that say nothing.",
                zh="1 分是给只画一个类别的，或者给让人看不出类别的图像的。",
            ),
        ),
        Choice(
            Text(en="less than 9.7, but more than 5", zh="比 9.7 低，但高于 5"),
            Text(
                en="Nothing in the formula asks whether images of a class differ.",
                zh="公式里没有哪一项过问同一类的图像是否不同。",
            ),
        ),
        Choice(
            Text(en="more than the test digits", zh="比测试数字还高"),
            Text(
                en="The judge is sure of each image, and all classes are equally frequent: more "
                "is not asked for.",
                zh="裁判对每幅图像都有把握，各个类别又一样多：这个得分要求的只有这些。",
            ),
            correct=True,
        ),
    ],
)

equal_samples = Question(
    "equal-samples",
    Text(
        en="Two samples of the *same* normal distribution in 64 dimensions, 100 vectors each. "
        "What does the formula give for them?",
        zh="从**同一个** 64 维正态分布抽两组样本，每组 100 个向量。按公式算出的距离是多少？",
    ),
    [
        Choice(
            Text(en="0, but for rounding", zh="0，只差舍入误差"),
            Text(
                en="That is the distance of the distributions. The two samples have different "
                "means and covariances.",
                zh="那是两个分布的距离。而两组样本的均值和协方差并不相同。",
            ),
        ),
        Choice(
            Text(en="about 20", zh="20 左右"),
            Text(
                en="Over 2,000 numbers of a covariance matrix are estimated from 100 vectors. The "
                "errors add up, and a distance cannot be negative.",
                zh="协方差矩阵有两千多个数，要由 100 个向量来估计。误差一项项累积，"
                "而距离又不会是负数。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="about 0.1", zh="0.1 左右"),
            Text(
                en="With 16,000 vectors it would be so.",
                zh="有 16000 个向量时才是这样。",
            ),
        ),
    ],
)

one_outlier = Question(
    "one-outlier",
    Text(
        en="200 real points lie in one cloud. A “generator” puts all its points into empty space, "
        "beside the cloud: precision 0. Now three real points come, near each other and far away "
        "beyond the empty space. Every ball reaches to the fifth neighbour. What becomes of the "
        "precision?",
        zh="200 个真实点聚成一团。某个“生成器”把所有点都放在旁边的空白处：精确率为 0。"
        "现在在空白处的另一头，很远的地方，多了三个彼此很近的真实点。每个球都伸到第五个邻居。"
        "精确率会怎样？",
    ),
    [
        Choice(
            Text(en="it stays 0: the space is still empty", zh="仍为 0：那里还是空的"),
            Text(
                en="So a person would say. But a ball reaches to its fifth neighbour, and the "
                "three points have it in the cloud.",
                zh="人会这么说。可是每个球要伸到第五个邻居那里，而那三个点的第五个邻居在那团点里。",
            ),
        ),
        Choice(
            Text(en="it rises by the share of the three points", zh="升高，幅度是三个点所占的比例"),
            Text(
                en="The number of balls does not count in the precision, only what they cover.",
                zh="精确率不看球有几个，只看球盖住了什么。",
            ),
        ),
        Choice(
            Text(en="it jumps to nearly 1", zh="一下子接近 1"),
            Text(
                en="The three balls are so large that they cover all the empty space on the way.",
                zh="那三个球大得把中间的空白全盖住了。",
            ),
            correct=True,
        ),
    ],
)

noisy_cell = Question(
    "noisy-cell",
    Text(
        en="*Noisy*: which of these finds such digits *better* than real ones?",
        zh="“有噪声”：下面哪一个反而认为这样的数字比真实数字**更好**？",
    ),
    [
        Choice(
            Text(en="recall", zh="召回率"),
            Text(
                en="For the ring of section 5, yes. In the judge's features noisy digits lie "
                "elsewhere: balls there hold no real digits.",
                zh="对第 5 节的环是这样。可是在裁判的特征里，有噪声的数字跑到了别处："
                "那里的球装不到真实数字。",
            ),
        ),
        Choice(
            Text(en="MS-SSIM", zh="MS-SSIM"),
            Text(
                en="It takes unlike images for variety, and two noisy images are never alike.",
                zh="它把不相似当作多样，而两幅带噪声的图像总不相似。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="precision", zh="精确率"),
            Text(
                en="Noise carries images out of the balls around real digits.",
                zh="噪声把图像带出了真实数字的球。",
            ),
        ),
    ],
)

repeated_cell = Question(
    "repeated-cell",
    Text(
        en="*100 images, repeated*: 1,000 images, of which only 100 differ. Which of these does "
        "**not** notice it?",
        zh="“100 幅反复出现”：1000 幅图像里，不同的只有 100 幅。下面哪一个**看不出来**？",
    ),
    [
        Choice(
            Text(en="judge-FID", zh="裁判 FID"),
            Text(
                en="100 digits of all classes have nearly the means and covariances of all digits.",
                zh="各类别都有的 100 个数字，均值和协方差与全体数字几乎一样。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="recall", zh="召回率"),
            Text(
                en="A ball that reaches to the fifth neighbour has radius 0 if that is a copy: "
                "recall falls to 0.",
                zh="第五个邻居若是自己的副本，球的半径就是 0：召回率降到 0。",
            ),
        ),
        Choice(
            Text(en="coverage", zh="覆盖率"),
            Text(
                en="100 places are too few to lie in all the balls of real digits.",
                zh="只有 100 个位置，不可能落进所有真实数字的球。",
            ),
        ),
    ],
)

hidden_copy_cell = Question(
    "hidden-copy-cell",
    Text(
        en="The memoriser moves each training digit by one pixel. How many of its 1,000 images "
        "does *near copies* find?",
        zh="照抄的生成器把每个训练数字平移一个像素。“近似副本”能查出 1000 幅里的多少幅？",
    ),
    [
        Choice(
            Text(en="nearly all", zh="几乎全部"),
            Text(
                en="To the eye they are the same. But distance is measured pixel by pixel, and "
                "strokes are only a few pixels wide.",
                zh="在人眼看来它们一样。可是距离是逐像素量的，而笔画只有几个像素宽。",
            ),
        ),
        Choice(
            Text(en="hardly any", zh="几乎一幅也没有"),
            Text(
                en="One pixel moves a digit further than other people's digits are away.",
                zh="平移一个像素造成的距离，比别人写的同一个数字还要远。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="about half", zh="一半左右"),
            Text(
                en="There is no half: all of them were moved by the same way.",
                zh="没有一半之说：每一幅都移动了同样的距离。",
            ),
        ),
    ],
)

blind_accuracy = Question(
    "blind-accuracy",
    Text(
        en="$D$ answers “real” whatever it is shown. Half of the images are real, half are plain "
        "noise. What is its accuracy?",
        zh="不管看到什么，$D$ 都回答“真”。图像一半是真的，一半是纯噪声。它的准确率是多少？",
    ),
    [
        Choice(
            Text(en="about 0 %: it is useless", zh="约 0%：它毫无用处"),
            Text(
                en="To be wrong every time one must know the truth as well as to be right.",
                zh="要次次都答错，得和次次都答对一样了解真相。",
            ),
        ),
        Choice(
            Text(en="50 %", zh="50%"),
            Text(
                en="It is right about all real images. The noise does not come into it at all.",
                zh="真的那一半它全对。噪声像不像，根本不起作用。",
            ),
            correct=True,
        ),
        Choice(
            Text(en="nearly 100 %: noise is easy to tell", zh="接近 100%：噪声很容易认出来"),
            Text(
                en="For somebody who looks. This $D$ does not.",
                zh="对看的人来说是这样，而这个 $D$ 根本不看。",
            ),
        ),
    ],
)

# --- exercises ---------------------------------------------------------------------------------


def _two_samples(seed, n, m, dimensions, shift=0.0):
    random = np.random.default_rng(seed)
    mix = random.normal(size=(dimensions, dimensions))
    a = random.normal(size=(n, dimensions)) @ mix
    return Case(a, shift + 1.5 * random.normal(size=(m, dimensions)))


def _moments(features, bias=False):
    d = features.shape[1]
    return features.mean(axis=0), np.cov(features, rowvar=False, bias=bias).reshape(d, d)


def _root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


def _trace_of_root(c, r):
    half = _root(c)
    return np.sqrt(np.maximum(np.linalg.eigvalsh(half @ r @ half), 0)).sum()


def _frechet(features, reference, bias=False, middle=_trace_of_root, factor=2, power=2):
    (m, c), (n, r) = _moments(features, bias), _moments(reference, bias)
    means = np.linalg.norm(m - n) ** power
    return means + np.trace(c) + np.trace(r) - factor * middle(c, r)


def _rows_as_variables(features, reference):
    return _frechet(features.T, reference.T) if len(features) == len(reference) else np.nan


frechet = Exercise(
    "07.1",
    Text(en="Complete the FID", zh="补全 FID"),
    cases=[
        _two_samples(0, 6, 6, 2),
        _two_samples(1, 12, 12, 3, 1.0),
        _two_samples(2, 9, 9, 4, -2.0),
    ],
    returns=Number(),
    properties=[
        Property(
            Text(
                en="$|m - n|^2 + \\operatorname{tr}(C + R) - 2 \\operatorname{tr} (CR)^{1/2}$ of "
                "the two samples' means and covariances",
                zh="$|m - n|^2 + \\operatorname{tr}(C + R) - 2 \\operatorname{tr} (CR)^{1/2}$，"
                "其中的均值和协方差由两组样本算出",
            ),
            lambda got, *case: close(got, _frechet(*case), rtol=1e-6),
        ),
    ],
    mistakes=[
        Mistake(
            "elementwise-root",
            lambda attempt: attempt.gives(lambda *c: _frechet(*c, middle=_root_of_numbers)),
            Text(
                en="You took the root of each *number* of the matrix. The root of a matrix $A$ is "
                "a matrix $B$ with $BB = A$; its eigenvalues are the roots of those of $A$.",
                zh="你对矩阵里的每个**数**开了方。矩阵 $A$ 的平方根是满足 $BB = A$ 的矩阵 $B$，"
                "它的特征值是 $A$ 的特征值的平方根。",
            ),
        ),
        Mistake(
            "no-root",
            lambda attempt: attempt.gives(
                lambda *c: _frechet(*c, middle=lambda a, b: np.trace(a @ b))
            ),
            Text(
                en="The root is missing: this is $\\operatorname{tr}(CR)$. For equal covariances "
                "the distance must be 0.",
                zh="少了平方根：这是 $\\operatorname{tr}(CR)$。协方差相同时，距离必须为 0。",
            ),
        ),
        Mistake(
            "no-factor-two",
            lambda attempt: attempt.gives(lambda *c: _frechet(*c, factor=1)),
            Text(
                en="The factor 2 before the root is missing. Remember $(s - t)^2 = s^2 + t^2 - "
                "2st$.",
                zh="平方根前面的系数 2 丢了。想想 $(s - t)^2 = s^2 + t^2 - 2st$。",
            ),
        ),
        Mistake(
            "no-root-term",
            lambda attempt: attempt.gives(lambda *c: _frechet(*c, factor=0)),
            Text(
                en="The last term is missing: two equal samples would be far from each other.",
                zh="少了最后一项：这样，两组相同的样本也会相距很远。",
            ),
        ),
        Mistake(
            "means-not-squared",
            lambda attempt: attempt.gives(lambda *c: _frechet(*c, power=1)),
            Text(
                en="The distance of the means must be squared, as the other terms are squares too.",
                zh="均值的距离要平方：其余各项也都是平方量。",
            ),
        ),
        Mistake(
            "rooted",
            lambda attempt: attempt.gives(lambda *c: math.sqrt(_frechet(*c))),
            Text(
                en="This is the root of what is asked for. FID is the *squared* distance, by "
                "custom.",
                zh="这是所求结果的平方根。按惯例，FID 是距离的**平方**。",
            ),
        ),
        Mistake(
            "divided-by-n",
            lambda attempt: attempt.gives(lambda *c: _frechet(*c, bias=True)),
            Text(
                en="Your covariance is divided by $n$. Everybody divides by $n - 1$, as `np.cov` "
                "does: for few samples the difference is seen.",
                zh="你的协方差除以了 $n$。通行的做法是除以 $n - 1$，`np.cov` 也是如此；"
                "样本少时，差别看得出来。",
            ),
        ),
        Mistake(
            "diagonal-only",
            lambda attempt: attempt.gives(_without_correlation),
            Text(
                en="You compared each feature by itself. Two clouds may have the same deviations "
                "and lie across each other: take the whole covariance matrix.",
                zh="你把每个特征分开来比了。两团点的各个标准差可以相同，方向却是交叉的："
                "请用完整的协方差矩阵。",
            ),
        ),
        Mistake(
            "rows-as-variables",
            lambda attempt: attempt.gives(_rows_as_variables),
            Text(
                en="Rows are samples, columns are features: `mean(axis=0)`, "
                "`np.cov(…, rowvar=False)`.",
                zh="行是样本，列是特征：`mean(axis=0)`、`np.cov(…, rowvar=False)`。",
            ),
        ),
    ],
    hints=(
        Text(
            en="The means and covariances are `x.mean(axis=0)` and `np.cov(x, rowvar=False)`. What "
            "is left is the trace of a root: the sum of the roots of eigenvalues.",
            zh="均值和协方差是 `x.mean(axis=0)` 和 `np.cov(x, rowvar=False)`。"
            "剩下的是平方根的迹，也就是各特征值平方根之和。",
        ),
        Text(
            en="`values, vectors = np.linalg.eigh(C)` gives the root of $C$: "
            "`vectors * np.sqrt(values) @ vectors.T`. Then `np.linalg.eigvalsh(half @ R @ half)`, "
            "`np.maximum(…, 0)`, roots, sum.",
            zh="`values, vectors = np.linalg.eigh(C)` 可以得到 $C$ 的平方根："
            "`vectors * np.sqrt(values) @ vectors.T`。然后 `np.linalg.eigvalsh(half @ R @ half)`，"
            "`np.maximum(…, 0)`，开方，求和。",
        ),
    ),
    success=Text(
        en="This is the part at which the page broke off.",
        zh="那个网页断掉的正是这一段。",
    ),
)


def _root_of_numbers(c, r):
    with np.errstate(invalid="ignore"):
        return np.trace(np.sqrt(c @ r))


def _without_correlation(features, reference):
    means = ((features.mean(axis=0) - reference.mean(axis=0)) ** 2).sum()
    deviations = features.std(axis=0, ddof=1) - reference.std(axis=0, ddof=1)
    return means + (deviations**2).sum()


def _kernel(x, y, degree=3, scale=True, constant=1):
    return (x @ y.T / (x.shape[1] if scale else 1) + constant) ** degree


def _mmd(x, y, diagonal=False, divide=None, factor=2, **options):
    """Unbiased by default; see the mistakes for what the options do."""
    total = 0.0
    for sample in (x, y):
        k, n = _kernel(sample, sample, **options), len(sample)
        pairs = n * n if diagonal or divide == "n²" else n * (n - 1)
        total += (k.sum() - (0 if diagonal else np.trace(k))) / pairs
    return total - factor * _kernel(x, y, **options).mean()


def _mmd_without_diagonal_everywhere(x, y):
    k, n = _kernel(x, y), min(len(x), len(y))
    within = _mmd(x, y, factor=0)
    return within - 2 * (k.sum() - np.trace(k)) / (len(x) * len(y) - n)


kernel_distance = Exercise(
    "07.2",
    Text(en="A distance without bias", zh="没有偏差的距离"),
    cases=[
        _two_samples(3, 4, 4, 2),
        _two_samples(4, 5, 7, 3, 0.5),
        _two_samples(5, 6, 3, 4),
    ],
    returns=Number(),
    properties=[
        Property(
            Text(
                en="the mean of $k$ over pairs of *different* $x$, plus that over pairs of "
                "different $y$, minus twice the mean over all pairs $(x, y)$",
                zh="$k$ 在每两个**不同的** $x$ 之间的平均，加上每两个不同的 $y$ 之间的平均，"
                "再减去所有 $(x, y)$ 之间的平均的两倍",
            ),
            lambda got, *case: close(got, _mmd(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "diagonal-left-in",
            lambda attempt: attempt.gives(lambda *c: _mmd(*c, diagonal=True)),
            Text(
                en="Each sample is compared with itself, too: that is the largest value of its "
                "row, and it is what makes the estimate biased. Leave the diagonal out.",
                zh="你让每个样本也和自己比了：这往往是一行里最大的值，偏差正是由它而来。"
                "请去掉对角线。",
            ),
        ),
        Mistake(
            "divided-by-n-squared",
            lambda attempt: attempt.gives(lambda *c: _mmd(*c, divide="n²")),
            Text(
                en="Without the diagonal only $n (n - 1)$ pairs are left to divide by.",
                zh="去掉对角线以后，只剩 $n (n - 1)$ 对，应当除以这个数。",
            ),
        ),
        Mistake(
            "not-divided-by-d",
            lambda attempt: attempt.gives(lambda *c: _mmd(*c, scale=False)),
            Text(
                en="In the kernel the product is divided by the number of features $d$.",
                zh="核函数里的内积要除以特征数 $d$。",
            ),
        ),
        Mistake(
            "degree",
            lambda attempt: any(
                attempt.gives(lambda *c, degree=degree: _mmd(*c, degree=degree))
                for degree in (1, 2, 4)
            ),
            Text(
                en="The kernel has another power here. Take the third.",
                zh="核函数的次数不对，应当是三次方。",
            ),
        ),
        Mistake(
            "no-constant",
            lambda attempt: attempt.gives(lambda *c: _mmd(*c, constant=0)),
            Text(
                en="The 1 in the kernel is missing. Without it only third moments are compared.",
                zh="核函数里的 1 丢了。没有它，比较的就只有三阶矩。",
            ),
        ),
        Mistake(
            "no-factor-two",
            lambda attempt: attempt.gives(lambda *c: _mmd(*c, factor=1)),
            Text(
                en="The mean over the mixed pairs counts twice: $(a - b)^2 = a^2 + b^2 - 2ab$.",
                zh="跨组配对的平均要乘以 2：$(a - b)^2 = a^2 + b^2 - 2ab$。",
            ),
        ),
        Mistake(
            "mixed-diagonal",
            lambda attempt: attempt.gives(_mmd_without_diagonal_everywhere),
            Text(
                en="In the mixed pairs nothing is compared with itself: keep them all.",
                zh="跨组配对里没有谁在和自己比：全部都要保留。",
            ),
        ),
    ],
    hints=(
        Text(
            en="`k = (x @ x.T / d + 1) ** 3` holds all pairs of $x$ at once. Which of its entries "
            "compare a sample with itself?",
            zh="`k = (x @ x.T / d + 1) ** 3` 一次包含 $x$ 的所有对。其中哪些是样本和自己比？",
        ),
        Text(
            en="`(k.sum() - np.trace(k)) / (n * (n - 1))` for $x$, the same for $y$; then minus "
            "twice the plain mean of the mixed matrix.",
            zh="对 $x$ 是 `(k.sum() - np.trace(k)) / (n * (n - 1))`，对 $y$ 也一样；"
            "再减去跨组矩阵的平均值的两倍。",
        ),
    ),
    success=Text(
        en="It may come out below 0: an estimate whose mean is 0 has to, now and then.",
        zh="结果可能小于 0：平均值为 0 的估计，理应时常小于 0。",
    ),
)


def _distances(a, b):
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))


def _radii(points, neighbours):
    return np.sort(_distances(points, points), axis=1)[:, neighbours]  # the first is the point


def _inside_any(points, centres, radii):
    return (_distances(points, centres) <= radii).any(axis=1).mean()


def _recall(real, generated, k, itself=0):
    return _inside_any(real, generated, _radii(generated, k - itself))


def _coverage(real, generated, k):
    return (_distances(real, generated) <= _radii(real, k)[:, None]).any(axis=1).mean()


def _two_clouds(seed, n, m, k):
    random = np.random.default_rng(seed)
    real = random.normal(size=(n, 2))
    return Case(real, 0.6 * random.normal(size=(m, 2)) + [0.8, 0], k)


recall = Exercise(
    "07.3",
    Text(en="Recall by hand", zh="亲手算召回率"),
    cases=[_two_clouds(6, 40, 25, 2), _two_clouds(7, 30, 60, 3), _two_clouds(11, 50, 50, 4)],
    returns=Number(),
    properties=[
        Property(
            Text(en="a share, from 0 to 1", zh="一个比例，从 0 到 1"),
            lambda got, *case: 0 <= got <= 1,
        ),
        Property(
            Text(
                en="the share of the *real* points that lie in a ball around a generated point, "
                "which reaches to that point's $k$-th neighbour among the *other* generated ones",
                zh="**真实**点中，落在某个生成点的球里的比例；球的半径是该生成点到"
                "第 $k$ 近的**其他**生成点的距离",
            ),
            lambda got, *case: close(got, _recall(*case)),
        ),
    ],
    mistakes=[
        Mistake(
            "itself",
            lambda attempt: attempt.gives(lambda *c: _recall(*c, itself=1)),
            Text(
                en="Each point counted itself as its nearest neighbour, at distance 0. Your balls "
                "reach to neighbour $k - 1$ only.",
                zh="每个点把自己算成了距离为 0 的最近邻，你的球只伸到了第 $k - 1$ 个邻居。",
            ),
        ),
        Mistake(
            "swapped",
            lambda attempt: attempt.gives(lambda real, generated, k: _recall(generated, real, k)),
            Text(
                en="This is the *precision*: the share of generated points in the balls of real "
                "ones. Swap the two.",
                zh="这是**精确率**：落在真实点的球里的生成点的比例。请把两者对调。",
            ),
        ),
        Mistake(
            "coverage",
            lambda attempt: attempt.gives(_coverage),
            Text(
                en="This is the *coverage*: its balls stand around the real points. Recall puts "
                "them around the generated ones.",
                zh="这是**覆盖率**：它的球以真实点为中心。召回率的球以生成点为中心。",
            ),
        ),
        Mistake(
            "coverage-of-generated",
            lambda attempt: attempt.gives(lambda real, generated, k: _coverage(generated, real, k)),
            Text(
                en="You counted the generated points whose ball holds a real one. Count the real "
                "points that are held.",
                zh="你数的是球里有真实点的生成点。要数的是落在球里的真实点。",
            ),
        ),
        Mistake(
            "count",
            lambda attempt: attempt.gives(
                lambda real, generated, k: len(real) * _recall(real, generated, k)
            ),
            Text(
                en="This is the number of real points; the share of them is asked for.",
                zh="这是真实点的个数，要的是所占的比例。",
            ),
        ),
    ],
    hints=(
        Text(
            en="The balls first: `cdist(generated, generated)`, each row sorted. At place 0 stands "
            "the point itself.",
            zh="先求球的半径：`cdist(generated, generated)`，每行排序。第 0 个是这个点自己。",
        ),
        Text(
            en="`inside = cdist(real, generated) <= radii`, then `inside.any(axis=1).mean()`.",
            zh="`inside = cdist(real, generated) <= radii`，再 `inside.any(axis=1).mean()`。",
        ),
    ),
    success=Text(
        en="With real and generated points swapped the same function gives the precision.",
        zh="把真实点和生成点对调，同一个函数给出的就是精确率。",
    ),
)


def _luck(a, b):
    """The chance that equal generators separate completely."""
    return 2 / math.comb(len(a) + len(b), len(a))


def _sooner(a, b):
    return 1 if max(a) < min(b) else 2 if max(b) < min(a) else 0


def _verdict(a, b, n_a, n_b):
    return _sooner(a, b) if n_a == n_b and _luck(a, b) <= 0.05 else 0


def _by_medians(a, b, n_a, n_b):
    return 1 if np.median(a) < np.median(b) else 2


def _by_means(a, b, n_a, n_b):
    return 1 if np.mean(a) < np.mean(b) else 2


verdict = Exercise(
    "07.4",
    Text(en="Which of the two is better?", zh="两个里哪个更好？"),
    cases=[
        Case(np.array([4.1, 4.4, 4.2, 4.3]), np.array([5.0, 4.9, 5.4, 5.1]), 10_000, 10_000),
        Case(np.array([6.2, 5.8, 7.1, 6.6, 6.0]), np.array([4.0, 4.6, 3.9, 4.2]), 2000, 2000),
        Case(np.array([4.1, 4.8, 4.2, 4.3]), np.array([4.7, 4.9, 5.4, 5.1]), 10_000, 10_000),
        Case(np.array([4.1, 4.4, 4.2, 4.3]), np.array([5.0, 4.9, 5.4, 5.1]), 10_000, 1000),
        Case(np.array([4.1, 4.4]), np.array([5.0, 4.9]), 10_000, 10_000),
        Case(np.array([5.0, 5.2, 5.1]), np.array([4.1, 4.4, 4.2]), 10_000, 10_000),
    ],
    returns=Number(whole=True),
    properties=[
        Property(
            Text(
                en="1 or 2 where all three conditions hold, otherwise 0",
                zh="三个条件都满足时为 1 或 2，否则为 0",
            ),
            lambda got, *case: got == _verdict(*case),
        ),
    ],
    mistakes=[
        Mistake(
            "upside-down",
            lambda attempt: attempt.gives(lambda *c: {0: 0, 1: 2, 2: 1}[_verdict(*c)]),
            Text(
                en="A *low* FID is good: you gave the prize to the worse one.",
                zh="FID 越**低**越好：你把奖颁给了差的那个。",
            ),
        ),
        Mistake(
            "unequal-counts",
            lambda attempt: attempt.gives(
                lambda a, b, n_a, n_b: _sooner(a, b) if _luck(a, b) <= 0.05 else 0
            ),
            Text(
                en="One FID was computed from fewer images than the other: the bias alone may "
                "make the difference. Answer 0.",
                zh="两个 FID 所用的图像数量不同：单凭偏差就可能造成这样的差别。应当回答 0。",
            ),
        ),
        Mistake(
            "few-seeds",
            lambda attempt: attempt.gives(
                lambda a, b, n_a, n_b: _sooner(a, b) if n_a == n_b else 0
            ),
            Text(
                en="With so few seeds two equal generators part like this by luck, more often than "
                "once in twenty: $2 / \\binom{4}{2} = 1/3$ for two seeds each. Answer 0.",
                zh="种子这么少，两个一样好的生成器也会碰巧这样分开，机会大于二十分之一："
                "各两个种子时，是 $2 / \\binom{4}{2} = 1/3$。应当回答 0。",
            ),
        ),
        Mistake(
            "separation-only",
            lambda attempt: attempt.gives(lambda a, b, n_a, n_b: _sooner(a, b)),
            Text(
                en="That the ranges do not overlap is not enough: are the numbers of images equal, "
                "and are there enough seeds?",
                zh="两个范围不重叠还不够：图像数量相同吗？种子够多吗？",
            ),
        ),
        Mistake(
            "averages",
            lambda attempt: attempt.gives(_by_medians) or attempt.gives(_by_means),
            Text(
                en="You compared averages alone. Some averages differ while the seeds overlap: "
                "another seed might turn it round. Answer 0 there.",
                zh="你只比了平均水平。有时平均数不同，各种子的结果却互相重叠："
                "换一个种子，结论也许就反过来。这时应当回答 0。",
            ),
        ),
    ],
    hints=(
        Text(
            en="Three questions, in this order: equal numbers of images? ranges apart? seeds "
            "enough, $2 / \\binom{s + t}{s} \\le 0.05$?",
            zh="依次问三个问题：图像数量相同吗？两个范围分开了吗？"
            "种子够多吗，$2 / \\binom{s + t}{s} \\le 0.05$？",
        ),
        Text(
            en="`math.comb(len(a) + len(b), len(a))` is the binomial coefficient; "
            "`max(a) < min(b)` says that all of the first are lower.",
            zh="二项式系数是 `math.comb(len(a) + len(b), len(a))`；"
            "`max(a) < min(b)` 表示第一个的全部结果都更低。",
        ),
    ),
    success=Text(
        en="“Cannot be told” is an honest result, and the most frequent one.",
        zh="“看不出来”是诚实的结论，也是最常见的结论。",
    ),
)

# --- quiz --------------------------------------------------------------------------------------

quiz = Quiz(
    "07-quiz",
    Text(en="Quiz", zh="小测验"),
    [
        Question(
            "two-papers",
            Text(
                en="One paper reports an FID of 12 from 5,000 images, another 10 from 50,000, with "
                "the same extractor. Which generator is better?",
                zh="一篇论文用 5000 幅图像得到 FID 12，另一篇用 50000 幅得到 10，特征提取器相同。"
                "哪个生成器更好？",
            ),
            [
                Choice(
                    Text(en="the second: 10 is less than 12", zh="第二个：10 小于 12"),
                    Text(
                        en="Fewer images raise an FID, by an amount that depends on the generator.",
                        zh="图像少会抬高 FID，抬高多少还与生成器有关。",
                    ),
                ),
                Choice(
                    Text(en="the first: it needed fewer images", zh="第一个：它用的图像少"),
                    Text(
                        en="Fewer images are no merit, they only make the estimate worse.",
                        zh="用的图像少不是优点，只会让估计更差。",
                    ),
                ),
                Choice(
                    Text(
                        en="it cannot be told from these numbers",
                        zh="从这两个数看不出来",
                    ),
                    Text(
                        en="Measure both with the same number, or extrapolate both to infinity.",
                        zh="请用同样多的图像重测，或者都外推到无穷多。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "high-score",
            Text(
                en="A generator's classifier score is above that of real digits. What follows?",
                zh="某个生成器的分类器得分比真实数字还高。由此可知什么？",
            ),
            [
                Choice(
                    Text(en="it draws better digits than people do", zh="它写得比人还好"),
                    Text(
                        en="Real digits are the goal, and real people write unclear ones, too.",
                        zh="目标就是真实数字，而真人也会写出不清楚的字。",
                    ),
                ),
                Choice(
                    Text(
                        en="the classifier is surer of its images, and all classes are there",
                        zh="分类器对它的图像更有把握，而且各个类别齐全",
                    ),
                    Text(
                        en="Ten images are enough for that.",
                        zh="十幅图像就够做到这一点。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="it has copied training digits", zh="它照抄了训练数字"),
                    Text(
                        en="The score knows nothing of training digits.",
                        zh="这个得分根本不知道训练数字是什么样。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "zero-fid",
            Text(
                en="Two distributions of features have Fréchet distance 0, and not because of few "
                "samples. What is equal?",
                zh="两个特征分布的 Fréchet 距离为 0，而且不是样本太少所致。它们有什么相同？",
            ),
            [
                Choice(
                    Text(en="their means and covariances", zh="均值和协方差"),
                    Text(
                        en="A ring and a cloud can have that in common.",
                        zh="一个圆环和一团点就可以做到这一点。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="the distributions", zh="整个分布"),
                    Text(
                        en="For normal distributions yes, in general not.",
                        zh="对正态分布是这样，一般不是。",
                    ),
                ),
                Choice(
                    Text(en="the images", zh="图像"),
                    Text(
                        en="Different images can have the same features, to begin with.",
                        zh="首先，不同的图像就可能有相同的特征。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "low-recall",
            Text(
                en="Precision is as high as that of real digits, recall is far below. What does "
                "the generator do?",
                zh="精确率和真实数字一样高，召回率却低得多。这个生成器在做什么？",
            ),
            [
                Choice(
                    Text(
                        en="it makes images that are unlike digits",
                        zh="画出的图像不像数字",
                    ),
                    Text(
                        en="That would lower the precision.",
                        zh="那样精确率会降低。",
                    ),
                ),
                Choice(
                    Text(
                        en="it makes good images of a part of the variety only",
                        zh="画得像，但只画出了一部分花样",
                    ),
                    Text(
                        en="What it makes is near real digits; many real digits are near nothing "
                        "that it makes.",
                        zh="它画的都离真实数字很近；许多真实数字附近，却没有它画的。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(en="it copies the training digits", zh="照抄训练数字"),
                    Text(
                        en="All of the training digits together would have a high recall.",
                        zh="把训练数字全抄一遍，召回率会很高。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "memory",
            Text(
                en="How do you find a generator that repeats training images?",
                zh="怎样查出一个照搬训练图像的生成器？",
            ),
            [
                Choice(
                    Text(
                        en="its FID is suspiciously small",
                        zh="看它的 FID 是不是小得可疑",
                    ),
                    Text(
                        en="It has the FID of real digits, as a perfect generator would have.",
                        zh="它的 FID 与真实数字的相当，而完美的生成器也该如此。",
                    ),
                ),
                Choice(
                    Text(
                        en="its samples look too good",
                        zh="看它的样本是不是好得过分",
                    ),
                    Text(
                        en="So would those of a perfect generator.",
                        zh="完美的生成器也会这样。",
                    ),
                ),
                Choice(
                    Text(
                        en="compare its distances to training images with those of held-out images",
                        zh="量它到训练图像的距离，与留出图像的距离相比",
                    ),
                    Text(
                        en="Only held-out images say how near an honest sample comes by chance.",
                        zh="诚实的样本碰巧会离得多近，只有留出的图像能告诉你。",
                    ),
                    correct=True,
                ),
            ],
            kind="quiz",
        ),
        Question(
            "kid-or-fid",
            Text(
                en="What has KID that FID lacks?",
                zh="与 FID 相比，KID 有什么长处？",
            ),
            [
                Choice(
                    Text(
                        en="its mean does not depend on the number of images",
                        zh="它的平均值不随图像的数量而变",
                    ),
                    Text(
                        en="It is unbiased; its spread still shrinks with the number.",
                        zh="它是无偏的；不过离散程度仍然随数量增加而减小。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="it sees every difference of distributions",
                        zh="分布的任何差别它都看得到",
                    ),
                    Text(
                        en="With a cubic kernel it compares moments up to the third: the ring "
                        "escapes it, too.",
                        zh="用三次核，它只比较三阶以内的矩：圆环同样能骗过它。",
                    ),
                ),
                Choice(
                    Text(en="it needs no extractor", zh="它不需要特征提取器"),
                    Text(
                        en="It looks at the same features, and is blind where they are.",
                        zh="它看的是同样的特征，特征看不到的，它也看不到。",
                    ),
                ),
            ],
            kind="quiz",
        ),
        Question(
            "one-number",
            Text(
                en="You may print one line about your generator. Which is the most honest?",
                zh="关于你的生成器，只能写一行。哪一行最诚实？",
            ),
            [
                Choice(
                    Text(en="“FID 3.1”", zh="“FID 3.1”"),
                    Text(
                        en="Of how many images, in whose eyes, and what do real ones get?",
                        zh="用了多少幅图像？在谁眼里？真实图像是多少？",
                    ),
                ),
                Choice(
                    Text(
                        en="“judge-FID 3.1 to 4.0, three seeds, 10,000 images; real digits 0.4”",
                        zh="“裁判 FID 3.1 到 4.0，三个种子，10000 幅图像；真实数字为 0.4”",
                    ),
                    Text(
                        en="Extractor, number, spread and floor: a reader can make use of it.",
                        zh="提取器、数量、离散程度、基准都有了，读者用得上。",
                    ),
                    correct=True,
                ),
                Choice(
                    Text(
                        en="“the best FID of our ten runs was 3.1”",
                        zh="“十次运行中最好的 FID 为 3.1”",
                    ),
                    Text(
                        en="The best of many tells how often you tried.",
                        zh="多次里挑出的最好成绩，只说明你试了多少次。",
                    ),
                ),
            ],
            kind="quiz",
        ),
    ],
)
