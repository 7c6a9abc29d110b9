"""Names in words for the numbers of an examination, and which of them are unusual."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.language import Text, text

NAMES = {
    "logged_d_loss": Text(en="D's loss in the log", zh="日志中 D 的损失"),
    "logged_g_loss": Text(en="G's loss in the log", zh="日志中 G 的损失"),
    "logged_d_loss_min": Text(en="D's smallest loss in the log", zh="日志中 D 的最小损失"),
    "logged_d_loss_max": Text(en="D's largest loss in the log", zh="日志中 D 的最大损失"),
    "proper_d_loss": Text(en="D's loss computed by the doctor", zh="医生算出的 D 的损失"),
    "proper_g_loss": Text(en="G's loss computed by the doctor", zh="医生算出的 G 的损失"),
    "as_probability_d": Text(en="D's with clipped probabilities", zh="按截断概率算出的 D 的损失"),
    "as_probability_g": Text(en="G's with clipped probabilities", zh="按截断概率算出的 G 的损失"),
    "as_logit_d": Text(en="D's with two sigmoids", zh="按两次 sigmoid 算出的 D 的损失"),
    "as_logit_g": Text(en="G's with two sigmoids", zh="按两次 sigmoid 算出的 G 的损失"),
    "d_moves": Text(en="D's move in a step (share of its weights)", zh="D 每步的移动量（占权重）"),
    "g_moves": Text(en="G's move in a step (share of its weights)", zh="G 每步的移动量（占权重）"),
    "d_part_still": Text(en="share of D that never moved", zh="D 中从未移动的权重所占比例"),
    "g_part_still": Text(en="share of G that never moved", zh="G 中从未移动的权重所占比例"),
    "d_align": Text(en="cosine of D's moves and descent", zh="D 的移动与下降方向的夹角余弦"),
    "g_align": Text(en="cosine of G's moves and descent", zh="G 的移动与下降方向的夹角余弦"),
    "g_align_minimax": Text(en="cosine of G's moves and the minimax loss's descent",
                            zh="G 的移动与极小极大损失下降方向的余弦"),
    "g_gradient": Text(en="gradient of -log D(G(z))", zh="-log D(G(z)) 的梯度"),
    "g_minimax_gradient": Text(en="gradient of log(1 - D(G(z)))", zh="log(1 - D(G(z))) 的梯度"),
    "longest_phase": Text(en="most steps of one player in turn", zh="一方连续更新的最多步数"),
    "d_rows": Text(en="D's rows in the steps watched", zh="观察期间 D 的日志行数"),
    "g_rows": Text(en="G's rows in the steps watched", zh="观察期间 G 的日志行数"),
    "bn_moves": Text(en="share of batch norms that worked", zh="起作用的批归一化层所占比例"),
    "dropout_moves": Text(en="share of dropouts that worked", zh="起作用的 Dropout 层所占比例"),
    "bn_untouched": Text(en="batch norms as they were made", zh="统计量从未更新的批归一化层"),
    "real_belief": Text(en="mean D(x), real", zh="真实样本的平均 D(x)"),
    "fake_belief": Text(en="mean D(x), generated", zh="生成样本的平均 D(x)"),
    "fake_belief_mixed": Text(en="D(G(z)) beside real samples", zh="与真实样本同批时的 D(G(z))"),
    "fake_belief_single": Text(en="D(G(z)) in a batch of its own", zh="单独成批时的 D(G(z))"),
    "mixed_single_gap": Text(en="D(G(z)), own batch minus mixed", zh="D(G(z))：单独减混合"),
    "auc": Text(en="AUC of D, real against generated", zh="D 区分真假的 AUC"),
    "largest_logit": Text(en="largest logit", zh="最大的 logit"),
    "slope_at_fakes": Text(en="D's slope at generated samples", zh="D 在生成样本处的斜率"),
    "second_opinion": Text(en="loss of a D freshly taught", zh="重新教过的 D 的损失"),
    "implied_target": Text(en="target for real samples that the log implies",
                           zh="由日志反推的真实样本的目标标签"),
    "implied_target_error": Text(en="standard error of that target", zh="该目标的标准误"),
    "batch_sd_d": Text(en="deviation of D's loss between batches", zh="D 的损失在批次间的标准差"),
    "batch_sd_g": Text(en="deviation of G's loss between batches", zh="G 的损失在批次间的标准差"),
    "logged_d_loss_roughness": Text(en="roughness of D's curve", zh="D 的曲线的粗糙度"),
    "logged_g_loss_roughness": Text(en="roughness of G's curve", zh="G 的曲线的粗糙度"),
    "logged_d_loss_unwound": Text(en="roughness of D's curve, were it a mean over all steps",
                                  zh="若日志是累计平均，还原后 D 的粗糙度"),
    "logged_g_loss_unwound": Text(en="roughness of G's curve, were it a mean over all steps",
                                  zh="若日志是累计平均，还原后 G 的粗糙度"),
    "out_of_reach": Text(en="share of the data out of G's reach", zh="G 到不了的数据所占比例"),
    "real_min": Text(en="smallest real value", zh="真实数据的最小值"),
    "real_max": Text(en="largest real value", zh="真实数据的最大值"),
    "fake_min": Text(en="smallest generated value", zh="生成数据的最小值"),
    "fake_max": Text(en="largest generated value", zh="生成数据的最大值"),
    "energy": Text(en="unlikeness of the samples (energy coefficient, 0 to 1)",
                   zh="生成样本与数据的差异（能量系数，0 到 1）"),
    "energy_training": Text(en="unlikeness of the samples in training mode",
                            zh="训练模式下生成样本与数据的差异"),
    "spread": Text(en="width of the samples (data: 1)", zh="生成样本的宽度（数据为 1）"),
    "strays": Text(en="share of samples near no real one", zh="附近没有真实样本的生成样本比例"),
    "missed": Text(en="share of real ones near no sample", zh="附近没有生成样本的真实样本比例"),
    "g_mode_gap": Text(en="change of G's samples with its mode", zh="G 的样本随模式的变化"),
    "g_hears": Text(en="change of G's samples with the class", zh="G 的样本随类别的变化"),
    "d_hears": Text(en="change of D's logits with the class", zh="D 的 logit 随类别的变化"),
    "d_asks": Text(en="D is told or tells classes (1 = yes)", zh="D 是否涉及类别（1 表示是）"),
    "class_agreement": Text(en="neighbours of the same class", zh="近邻属于同一类别的比例"),
    "class_chance": Text(en="neighbours of the same class by chance",
                         zh="随机时近邻属于同一类别的比例"),
    "class_chance_error": Text(en="standard error of that chance", zh="随机比例的标准误"),
    "obedience": Text(en="obedience of G to the class (0 to 1)",
                      zh="G 按要求的类别生成的程度（0 到 1）"),
    "pairs_known": Text(en="right classes that D recognises", zh="D 认得的正确类别比例"),
    "pairs_chance": Text(en="right classes recognised by chance", zh="随机时认对类别的比例"),
}  # fmt: skip
"""Every number that is shown as evidence."""

_USUAL = {
    "strays": (0, 0.85), "missed": (0, 0.6), "spread": (0.5, 1.5), "auc": (0.3, 0.95),
    "real_belief": (0.2, 0.95), "fake_belief": (0.05, 0.8), "largest_logit": (0, 10),
    "g_mode_gap": (0, 0.3), "d_moves": (1e-5, 0.05), "g_moves": (1e-5, 0.05),
}  # fmt: skip
"""Where these numbers lie in healthy trainings, roughly; the most telling first."""


def said(numbers: Mapping[str, float]) -> str:
    """Numbers with their names, in the language in use."""
    parts = [f"{NAMES[name]} = {value:.3g}" for name, value in numbers.items()]
    return text(en="; ", zh="；").join(parts)


def beside_usual(numbers: Mapping[str, float]) -> str:
    """The same for numbers of `unusual`, each with the range that is usual."""
    ranges = {name: "{:g} … {:g}".format(*_USUAL[name]) for name in numbers}
    parts = [
        f"{said({name: v})}" + text(en=f" (usual: {ranges[name]})", zh=f"（通常 {ranges[name]}）")
        for name, v in numbers.items()
    ]
    return text(en="; ", zh="；").join(parts)


def unusual(numbers: Mapping[str, float], most: int = 3) -> dict[str, float]:
    """Those outside of what is usual, at most three: leads where no rule says anything."""
    found = {
        name: numbers[name]
        for name, (low, high) in _USUAL.items()
        if name in numbers and (numbers[name] < low or numbers[name] > high)  # NaN: unknown
    }
    return dict(list(found.items())[:most])
