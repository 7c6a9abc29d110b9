"""The zoo: sick trainings that any seed shows, each beside a healthy twin.

Each takes 1 to 5 s of CPU on one thread, seed 001's own networks 10 to 20 s.
"""

from __future__ import annotations

from dataclasses import replace

from course_utils.clinic.case import Case, Options
from course_utils.language import Text

RING = Options()
"""Ring of 8 Gaussians, networks 2-64-64-2 and 2-64-64-1; without R1 no twin is surely healthy."""

SLOW_RING = replace(RING, r1=0.0, d_rate=2e-3, g_rate=1e-3, steps=300)
"""The same without R1: at a quarter of the rates it is healthy too."""

CONDITIONAL = replace(RING, conditional=True, steps=300)
"""The same ring; both networks are told which of its Gaussians is meant."""

DIGITS = Options(
    data="digits", latent_dim=16, g_activation="tanh", r1=1.0, g_bn=True,
    d_rate=1e-3, g_rate=1e-3, betas=(0.0, 0.99), steps=400,
)  # fmt: skip
"""Digits in [-1, 1], networks 16-128-256-784 and 784-128-64-1."""

SEED_001 = Options(
    data="digits", networks="seed001", latent_dim=100, g_activation="tanh", d_sigmoid=True,
    from_logits=False, d_rate=2e-3, g_rate=2e-4, betas=(0.5, 0.999), r1=0.0, batch=16, images=64,
    steps=500,
)  # fmt: skip
"""Seed 001's networks with an eighth of the channels, ten times its rate for D, and few images.

With the seed's own equal rates four of five seeds die in the same way, only more slowly. G's layers
have no bias, and not the batch normalisation that makes a bias superfluous: with it and equal rates
all five live.
"""

_KERAS_RECIPE = Text(en="tutorials written for Keras before 3", zh="为 Keras 3 之前版本写的教程")
_LOOP = Text(en="a training step written by hand", zh="自己手写的训练步")
_BUILD = Text(en="the last layer and the loss", zh="最后一层与损失函数")
_DATA = Text(en="the preparation of the data", zh="数据预处理")
_SETTINGS = Text(en="settings", zh="参数设置")
_SEED_000 = Text(en="seed 000", zh="种子 000")

_CASES = (
    Case(
        "frozen_d",
        Text(en="compile D, D.trainable = False, train_on_batch: Keras 3 never trains D",
             zh="先编译 D，再设 D.trainable = False，然后 train_on_batch：Keras 3 根本不训练 D"),
        _KERAS_RECIPE,
        replace(SLOW_RING, recipe="flag"), SLOW_RING, ("d_frozen",),
    ),
    Case(
        "g_cut",
        Text(en="generated samples pass through NumPy in G's step: no gradient reaches G",
             zh="训练 G 时生成样本经过了 NumPy：梯度传不到 G"),
        _LOOP, replace(RING, cut=True), RING, ("g_frozen",),
    ),
    Case(
        "g_wrong_label",
        Text(en="G is trained towards the label that means fake",
             zh="训练 G 时用了表示“假”的标签"),
        Text(en="seed 004, and a step written by hand", zh="种子 004，以及手写的训练步"),
        replace(RING, g_label=0.0), RING, ("g_wrong_label",),
    ),
    Case(
        "shuffled_labels",
        Text(en="D's samples are shuffled, their labels are not",
             zh="D 的样本打乱了，标签却没有跟着打乱"),
        _DATA, replace(RING, shuffled_labels=True), RING, ("labels_broken",),
    ),
    Case(
        "logits_as_probabilities",
        Text(en="D ends linear, and the loss takes its output for a probability",
             zh="D 的最后一层是线性的，损失函数却把输出当成概率"),
        _BUILD, replace(RING, from_logits=False), RING, ("logits_as_probabilities",),
    ),
    Case(
        "double_sigmoid",
        Text(en="D ends in a sigmoid, and the loss applies another",
             zh="D 的最后一层已有 sigmoid，损失函数里又用了一次"),
        _BUILD, replace(RING, d_sigmoid=True), RING, ("double_sigmoid",),
    ),
    Case(
        "rate_too_high",
        Text(en="learning rate 1 and a logarithm without protection: NaN",
             zh="学习率为 1，对数又没有保护：出现 NaN"),
        _SETTINGS,
        replace(RING, r1=0.0, naive_log=True, d_rate=1.0, g_rate=1.0, steps=600),
        replace(RING, r1=0.0, naive_log=True, d_rate=1e-3, g_rate=1e-3, steps=600),
        ("diverged", "rate_too_high"),
    ),
    Case(
        "label_beyond_one",
        Text(en="D's targets are 1.2 and -0.2", zh="D 的目标标签是 1.2 和 -0.2"),
        Text(en="label smoothing turned the wrong way", zh="标签平滑的方向弄反了"),
        replace(DIGITS, r1=0.0, g_bn=False, g_rate=3e-4, steps=300, real_label=1.2,
                fake_label=-0.2),
        replace(DIGITS, r1=0.0, g_bn=False, g_rate=3e-4, steps=300),
        ("targets_beyond_one",), "least_d_loss", (0.0, -0.5), visible=False,
    ),
    Case(
        "collapse",
        Text(en="hardly any noise, a slow G, no R1: all samples at one place",
             zh="噪声极小，G 学得慢，又没有 R1：所有样本挤在一处"),
        _SETTINGS, replace(RING, latent_scale=0.01, r1=0.0, g_rate=1e-3, d_steps=2), RING,
        ("collapse",),
    ),
    Case(
        "minimax_saturated",
        Text(en="G minimises log(1 - D(G(z))) while D sees through it",
             zh="G 最小化 log(1 - D(G(z)))，而 D 早已看穿了它"),
        Text(en="the formula of 2014 taken literally", zh="照搬 2014 年论文里的公式"),
        replace(RING, minimax=True, d_steps=5, r1=0.0, g_rate=1e-3), RING,
        ("minimax_saturated",), "fake_belief", (0.25, 0.15),
    ),
    Case(
        "running_mean",
        Text(en="the log shows a Keras metric that is never reset",
             zh="日志里记的是从不重置的 Keras 指标"),
        _LOOP, replace(RING, running_mean=True), RING, ("running_mean",),
        "roughness", (5e-3, 5e-4), visible=False,
    ),
    Case(
        "range",
        Text(en="digits in [-1, 1], G ends in a sigmoid", zh="图像取值 [-1, 1]，G 以 sigmoid 结尾"),
        _DATA, replace(DIGITS, g_activation="sigmoid"), DIGITS, ("range",),
    ),
    Case(
        "range_255",
        Text(en="digits in 0 … 255, G ends in tanh", zh="图像取值 0 到 255，G 却以 tanh 结尾"),
        _DATA, replace(DIGITS, data_range=(0, 255)), DIGITS, ("range",),
    ),
    Case(
        "wrong_mode",
        Text(en="both steps call the networks without training=True",
             zh="两个训练步调用网络时都没有写 training=True"),
        _LOOP, replace(DIGITS, d_dropout=0.3, training=False), replace(DIGITS, d_dropout=0.3),
        ("wrong_mode",), "layers_at_work", (1.0, 0.0), visible=False,
    ),
    Case(
        "d_bn_mixed",
        Text(en="batch normalisation in D: its batches are mixed, those of G's step all fake",
             zh="D 中有批归一化：D 的批次真假混合，而 G 那一步的批次全是假样本"),
        _SEED_000, replace(DIGITS, d_bn=True), DIGITS, ("d_bn_mixed",),
    ),
    Case(
        "thresholds",
        Text(en="each network is trained until its loss is below a threshold",
             zh="每个网络都一直训练到损失低于阈值为止"),
        _SEED_000, replace(SLOW_RING, thresholds=(0.1, 0.18), steps=1000), SLOW_RING,
        ("phases",), limits=(0.04, 0.05),
    ),
    Case(
        "thresholds_bn",
        Text(en="the same, with batch normalisation in D", zh="同上，并且 D 中有批归一化"),
        _SEED_000,
        replace(DIGITS, d_bn=True, thresholds=(0.1, 0.18), predicted=True, steps=900), DIGITS,
        ("phases", "d_bn_mixed"),
    ),
    Case(
        "d_too_strong",
        Text(en="D learns a hundred times as fast as G, without R1",
             zh="D 的学习率是 G 的一百倍，又没有 R1"),
        _SETTINGS, replace(DIGITS, g_bn=False, d_rate=2e-3, g_rate=2e-5, r1=0.0),
        replace(DIGITS, g_bn=False), ("d_too_strong",),
    ),
    Case(
        "broken_pairing",
        Text(en="the real samples were shuffled, their classes were not",
             zh="真实样本打乱了，类别没有跟着打乱"),
        _DATA, replace(CONDITIONAL, shuffled_conditions=True), CONDITIONAL, ("pairing_broken",),
        "obedience", (0.9, 0.3), visible=False,
    ),
    Case(
        "seed001",
        Text(en="G's layers have no batch normalisation, and D learns ten times as fast",
             zh="G 的各层没有批归一化，而 D 的学习率是 G 的十倍"),
        Text(en="seed 001", zh="种子 001"), SEED_001,
        replace(SEED_001, d_rate=2e-4, g_bn=True), ("d_too_strong",), "late_d_loss", (0.2, 1e-3),
    ),
)  # fmt: skip

ZOO: dict[str, Case] = {case.name: case for case in _CASES}
"""All cases by name."""

SEED_001_CURES: dict[str, Options] = {
    "sick": SEED_001,
    "equal rates": replace(SEED_001, d_rate=2e-4),
    "batch normalisation in G": replace(SEED_001, g_bn=True),
    "more images": replace(SEED_001, images=6000),
    "equal rates, batch normalisation in G": replace(SEED_001, d_rate=2e-4, g_bn=True),
}
"""Seed 001 as it is, and what may cure it."""
