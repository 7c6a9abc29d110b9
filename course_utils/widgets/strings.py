"""All words of the panel in both languages; `static/strings.json` lists the front end's."""

from __future__ import annotations

import json

from course_utils.language import Text
from course_utils.widgets.javascript import STATIC

GROUPS = {
    "noise": Text(en="noise", zh="噪声"),
    "labels": Text(en="labels", zh="标签"),
    "classes": Text(en="classes", zh="类别"),
    "learning rates": Text(en="learning rates", zh="学习率"),
    "balance": Text(en="balance", zh="双方的平衡"),
    "regularizers": Text(en="regularizers", zh="正则化"),
}
CHOICES = {
    "uniform": Text(en="uniform on [-1, 1]", zh="[-1, 1] 上的均匀分布"),
    "normal": Text(en="normal", zh="正态分布"),
    "data": Text(en="as in the data", zh="与数据一致"),
    "weights": Text(en="by the weights", zh="按权重"),
    "constant": Text(en="constant", zh="不变"),
    "linear": Text(en="linear", zh="线性"),
    "cosine": Text(en="cosine", zh="余弦"),
    "step": Text(en="in steps", zh="阶梯式"),
}
CURVES = {
    "discriminator_loss": Text(en="D's loss", zh="判别器损失"),
    "generator_loss": Text(en="G's loss", zh="生成器损失"),
    "real_belief": Text(en="D(x) on real", zh="真实样本的 D(x)"),
    "fake_belief": Text(en="D(x) on generated", zh="生成样本的 D(x)"),
    "discriminator_gradient_norm": Text(en="D's gradient", zh="判别器梯度"),
    "generator_gradient_norm": Text(en="G's gradient", zh="生成器梯度"),
    "discriminator_class_loss": Text(en="D's class loss", zh="判别器的分类损失"),
    "generator_class_loss": Text(en="G's class loss", zh="生成器的分类损失"),
}
STRINGS = {
    # --- the front end's -----------------------------------------------------------------------
    "play": Text(en="Play", zh="开始训练"),
    "pause": Text(en="Pause", zh="暂停"),
    "step_both": Text(en="Step", zh="训练一步"),
    "step_discriminator": Text(en="Step D", zh="只训练 D"),
    "step_generator": Text(en="Step G", zh="只训练 G"),
    "speed": Text(en="Speed", zh="速度"),
    "reset": Text(en="Start over", zh="重新开始"),
    "reset_new": Text(en="New seed", zh="换个种子"),
    "save": Text(en="Save run", zh="保存记录"),
    "replay": Text(en="Replay a run", zh="重放记录"),
    "step": Text(en="step {step}", zh="第 {step} 步"),
    "rate": Text(en="{rate} steps/s", zh="每秒 {rate} 步"),
    "seed": Text(en="seed {seed}", zh="随机种子 {seed}"),
    "rewind": Text(en="Rewind", zh="回到过去"),
    "rewind_to": Text(en="to step {step}", zh="回到第 {step} 步"),
    "status_playing": Text(en="training", zh="训练中"),
    "status_paused": Text(en="paused", zh="已暂停"),
    "status_asleep": Text(en="asleep", zh="休眠中"),
    "status_failed": Text(en="stopped by an error", zh="因出错而停止"),
    "status_closed": Text(en="closed", zh="已关闭"),
    "status_replaced": Text(en="replaced", zh="已被取代"),
    "status_replaying": Text(en="replaying", zh="重放中"),
    "waiting": Text(
        en="Python is busy; the command will be carried out as soon as it answers.",
        zh="Python 正忙，空闲后会立即执行这个操作。",
    ),
    "lost": Text(
        en="No answer from Python. A cell may be computing, or the kernel was restarted or "
        "stopped. If it does not come back, run this panel's cell again.",
        zh="Python 没有响应：可能有单元格正在计算，也可能内核已重启或停止。"
        "如果一直没有恢复，请重新运行这个面板所在的单元格。",
    ),
    "dismiss": Text(en="Dismiss", zh="关闭提示"),
    "doctor": Text(en="Doctor", zh="诊断"),
    "doctor_hint": Text(en="Examine this training", zh="检查这次训练"),
    "doctor_busy": Text(
        en="The doctor examines this run. Training waits some seconds and then goes on as if "
        "nothing had been.",
        zh="正在检查这次训练。训练会暂停几秒，之后照原样继续，不受任何影响。",
    ),
    "doctor_dismiss": Text(en="Close the diagnosis", zh="收起诊断结果"),
    "doctor_found": Text(en="The doctor, at step {step}:", zh="诊断结果（第 {step} 步）："),
    "replay_unreadable": Text(
        en="This file cannot be read. Choose a run that was saved by this panel (.json).",
        zh="无法读取这个文件。请选择由本面板保存的训练记录（.json）。",
    ),
    "knobs": Text(en="Knobs", zh="旋钮"),
    "knob_value": Text(en="{title}: value", zh="{title}：数值"),
    "default": Text(en="↺ {value}", zh="↺ {value}"),
    "reset_to_default": Text(en="Set {title} back to {value}", zh="将{title}恢复为 {value}"),
    "out_of_range": Text(
        en="{title}: possible values are {low} … {high}.",
        zh="{title}：可取的值为 {low} 到 {high}。",
    ),
    "out_of_range_whole": Text(
        en="{title}: possible values are whole numbers, {low} … {high}.",
        zh="{title}：可取的值为 {low} 到 {high} 的整数。",
    ),
    "real": Text(en="real", zh="真实"),
    "generated": Text(en="generated", zh="生成"),
    "outside": Text(en=" ({count} outside)", zh="（{count} 个在图外）"),
    "belief": Text(en="D's belief that a point is real", zh="判别器认为该点为真的概率"),
    "undecided": Text(en="D(x) = 0.5", zh="D(x) = 0.5"),
    "push": Text(en="where G's update pushes", zh="生成器更新会把点推向哪里"),
    "axis_step": Text(en="training step", zh="训练步数"),
    "axis_belief": Text(en="D(x)", zh="D(x)"),
    "axis_share": Text(en="share of samples", zh="样本占比"),
    "no_picture": Text(en="The picture is on its way …", zh="图像即将显示……"),
    "measures": Text(en="Measures", zh="指标"),
    "changed": Text(en="{title} → {value}", zh="{title} → {value}"),
    "class_choice": Text(en="Classes in the picture", zh="图中显示的类别"),
    "all_classes": Text(en="All", zh="全部"),
    "one_class": Text(en="class {title}", zh="类别 {title}"),
    "blend_into": Text(en="blend into", zh="渐变到"),
    "class_weights": Text(en="how often each class is drawn", zh="各类别的抽样权重"),
    "class_weights_back": Text(en="all equal", zh="全部相等"),
    "axis_class": Text(en="requested class", zh="所要求的类别"),
    "axis_recognised": Text(en="share recognised", zh="被认出的比例"),
    "real_digits": Text(en="real test digits: {share}", zh="真实测试数字：{share}"),
    # --- Python's ------------------------------------------------------------------------------
    "label": Text(en="GAN lab", zh="GAN 实验台"),
    "full_speed": Text(en="full speed", zh="全速"),
    "slow": Text(en="{speed:g} steps/s", zh="每秒 {speed:g} 步"),
    "view_points": Text(en="Samples and D's belief", zh="样本与判别器的判断"),
    "view_curves": Text(en="Curves", zh="训练曲线"),
    "view_histograms": Text(en="D(x) on both kinds of samples", zh="D(x) 在两类样本上的分布"),
    "view_images": Text(en="Generated images", zh="生成的图像"),
    "view_class_accuracy": Text(
        en="Does the judge see the requested class?", zh="裁判看到的是所要求的类别吗"
    ),
    "losses": Text(en="losses (nats)", zh="损失（nat）"),
    "beliefs": Text(en="mean D(x)", zh="D(x) 的平均值"),
    "gradients": Text(en="gradient norms", zh="梯度范数"),
    "own_measures": Text(en="measures", zh="指标"),
    "balance_line": Text(en="2 ln 2: D undecided", zh="2 ln 2：判别器无法分辨"),
    "shown": Text(en="shown", zh="图中样本"),
    "averaged_generator": Text(en="samples of the averaged generator", zh="权重平均后的生成器输出"),
    "failed_measure": Text(en="failed: {error}", zh="出错：{error}"),
    # --- the summary ---------------------------------------------------------------------------
    "summary": Text(
        en="Step {step}. Mean D(x): {real:.2f} on real samples, {fake:.2f} on generated ones. "
        "Losses: D {d_loss:.2f}, G {g_loss:.2f}.",
        zh="第 {step} 步。D(x) 的平均值：真实样本 {real:.2f}，生成样本 {fake:.2f}。"
        "损失：判别器 {d_loss:.2f}，生成器 {g_loss:.2f}。",
    ),
    "untrained": Text(en="Step 0: nothing has been trained yet.", zh="第 0 步：尚未训练。"),
    "points_seen": Text(
        en="The {count} generated points lie around ({x:.2f}, {y:.2f}), with standard deviations "
        "of {x_spread:.2f} and {y_spread:.2f}.",
        zh="{count} 个生成点的中心在（{x:.2f}，{y:.2f}）附近，"
        "两个方向的标准差为 {x_spread:.2f} 和 {y_spread:.2f}。",
    ),
    "points_outside": Text(
        en=" {outside} of them are outside the picture.", zh="其中 {outside} 个在图外。"
    ),
    "histograms_seen": Text(
        en="Half of D's answers lie in {real[0]:.2f} … {real[1]:.2f} for real samples, and in "
        "{generated[0]:.2f} … {generated[1]:.2f} for generated ones.",
        zh="判别器的回答有一半落在以下区间：真实样本 {real[0]:.2f} 到 {real[1]:.2f}，"
        "生成样本 {generated[0]:.2f} 到 {generated[1]:.2f}。",
    ),
    "images_seen": Text(
        en="{count} generated images with a mean brightness of {mean:.0%} and a spread of "
        "{spread:.0%} between images.",
        zh="共 {count} 幅生成图像，平均亮度 {mean:.0%}，图像之间的差异为 {spread:.0%}。",
    ),
    "images_of_all": Text(
        en="One row for each class, with the same latents in all rows.",
        zh="每行一个类别，各行使用相同的隐变量。",
    ),
    "images_of_one": Text(
        en="Class {names[0]} only, each image from a latent of its own.",
        zh="只显示类别 {names[0]}，每幅图像的隐变量各不相同。",
    ),
    "images_between": Text(
        en="From class {names[0]} (top) to class {names[1]} (bottom) in equal steps of the "
        "condition, with the same latents in all rows.",
        zh="从类别 {names[0]}（最上）到类别 {names[1]}（最下），条件等间隔变化，"
        "各行使用相同的隐变量。",
    ),
    "click_a_row": Text(
        en=" Click a row to see more of its class.", zh="点击某一行，可以看到该类别的更多图像。"
    ),
    "click_for_all": Text(
        en=" Click the picture to go back to all classes.", zh="点击图像可以回到全部类别。"
    ),
    "accuracy_title": Text(en="requested class recognised", zh="所要求的类别被认出"),
    "accuracy_seen": Text(
        en="The judge recognises the requested class in {mean:.0%} of {count} generated images, "
        "and {real:.1%} of real test digits.",
        zh="在 {count} 幅生成图像中，裁判认出所要求类别的占 {mean:.0%}；"
        "真实测试数字的这一比例为 {real:.1%}。",
    ),
    "weakest_class": Text(
        en=" The weakest class is {weakest} with {least:.0%}.",
        zh="最弱的类别是 {weakest}，只有 {least:.0%}。",
    ),
    # --- what happened, and what to do ---------------------------------------------------------
    "asleep": Text(
        en="Nobody was looking, so training rests. It goes on as soon as this panel is on a "
        "screen again.",
        zh="没有人在看，训练已休眠。面板重新出现在屏幕上时会自动继续。",
    ),
    "compiling": Text(
        en="The first step of this network is being compiled; that takes some seconds, once.",
        zh="正在编译这个网络的训练步骤，只需一次，请稍候。",
    ),
    "paused_outside": Text(
        en="Training was paused from outside this panel: by the stop button, by another lab or by "
        "code. Press Play to go on.",
        zh="训练在面板之外被暂停：可能是按了停止按钮、开始了另一个实验台的训练，或由代码暂停。"
        "点击“开始训练”即可继续。",
    ),
    "failed": Text(
        en="Training stopped: {error} Press Play to try again, or Start over. If it happens again, "
        "run the cell that makes the session once more.",
        zh="训练已停止：{error} 可以点击“开始训练”再试，或点击“重新开始”。"
        "如果再次出错，请重新运行创建会话的单元格。",
    ),
    "not_finite": Text(
        en="{error} Press Play to go on from there.", zh="{error} 点击“开始训练”即可从那里继续。"
    ),
    "closed": Text(
        en="The session of this panel is closed. To go on, run the cell that makes it, then this "
        "panel's cell.",
        zh="这个面板的会话已关闭。要继续，请先重新运行创建会话的单元格，再运行面板所在的单元格。",
    ),
    "replaced": Text(
        en="A newer panel has taken this one's place, perhaps because the cell was run again. Go "
        "on there.",
        zh="这个面板已被更新的面板取代，可能是因为单元格又运行了一次。请在新面板中继续。",
    ),
    "view_failed": Text(
        en="The picture “{title}” stopped after an error ({error}); training and the other "
        "pictures go on.",
        zh="图像“{title}”因出错而停止（{error}）；训练和其他图像不受影响。",
    ),
    "panel_failed": Text(
        en="The panel made an error ({error}); training is not affected. Run this panel's cell "
        "again.",
        zh="面板出错（{error}）；训练不受影响。请重新运行面板所在的单元格。",
    ),
    "unexpected": Text(
        en="This could not be done: {error}. Nothing was changed.",
        zh="操作未能完成：{error}。没有任何改动。",
    ),
    "unknown_action": Text(
        en="The panel sent an action that Python does not know: {action}. Reload the page and run "
        "the cell again.",
        zh="面板发来的操作 {action} 无法识别。请刷新页面，再重新运行单元格。",
    ),
    "no_requests": Text(
        en="The picture “{title}” has no classes that can be requested: that takes views.Images "
        "and a conditional GAN. Nothing was changed.",
        zh="图像“{title}”没有可以指定的类别：需要 views.Images 和条件 GAN。没有任何改动。",
    ),
    "missing_field": Text(
        en="The panel's message for “{action}” has no usable “{field}”. Nothing was changed; "
        "reload the page and run the cell again.",
        zh="面板发来的“{action}”消息缺少可用的“{field}”，没有任何改动。"
        "请刷新页面，再重新运行单元格。",
    ),
    "fallback": Text(
        en="The live canvas has not appeared, so here is a simpler panel that does the same. "
        "(This page may be unable to load it: a box with a JavaScript error above says no more "
        "than that. If the canvas still comes, this panel goes.)",
        zh="实时画布没有出现（这个页面可能无法加载它，上方若有 JavaScript 错误框，也是这个原因），"
        "因此先使用下面的简易面板，功能相同。如果画布稍后出现，简易面板会自动消失。",
    ),
    "download": Text(en="Save this file: {name}", zh="点击保存文件：{name}"),
    "rewind_button": Text(en="Rewind to this step", zh="回到这一步"),
}


def for_front_end() -> dict[str, str]:
    """The strings that `static/strings.json` names, in the language in use."""
    names = json.loads((STATIC / "strings.json").read_text("utf-8"))
    return {name: str(STRINGS[name]) for name in names}
