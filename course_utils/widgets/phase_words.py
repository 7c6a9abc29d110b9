"""What the phase map says, in both languages."""

from __future__ import annotations

from course_utils.language import Text

STRINGS: dict[str, Text] = {
    "label": Text(en="phase map", zh="相图"),
    "start": Text(en="Start", zh="开始"),
    "stop": Text(en="Stop", zh="停止"),
    "continue": Text(en="Continue", zh="继续"),
    "ready": Text(en="ready", zh="就绪"),
    "training": Text(en="training", zh="训练中"),
    "stopped": Text(en="stopped", zh="已停止"),
    "done": Text(en="done", zh="已完成"),
    "failed": Text(en="failed", zh="出错"),
    "replaced": Text(en="replaced", zh="已被取代"),
    "closed": Text(en="closed", zh="已关闭"),
    "progress": Text(
        en="{gans} GANs, step {step} of {steps}", zh="{gans} 个 GAN，第 {step} / {steps} 步"
    ),
    "cell": Text(en="{x_title} {x}, {y_title} {y}", zh="{x_title} {x}，{y_title} {y}"),
    "value": Text(en="{title}: {value}", zh="{title}：{value}"),
    "no_value": Text(en="not finite", zh="无穷大或 NaN"),
    "opening": Text(en="opening this run …", zh="正在打开这次训练……"),
    "legend": Text(en="outcomes", zh="训练结果"),
    "help": Text(
        en="Point at a cell to read it; click it, or move with the arrow keys and press Enter, to "
        "train that GAN alone in a panel below.",
        zh="指向某个格子可查看数值；点击格子，或用方向键移到那里再按回车，"
        "即可在下方面板中单独训练这个 GAN。",
    ),
    "lost": Text(
        en="No answer from Python. Run the cell again.",
        zh="Python 没有响应。请重新运行这个单元格。",
    ),
    "waiting": Text(en="waiting for Python …", zh="正在等待 Python……"),
    "was_replaced": Text(
        en="A newer map of the same name has taken over; this one keeps what it has.",
        zh="同名的新相图已取代这一张；这一张保留已有的结果。",
    ),
    "was_closed": Text(
        en="This map was closed. Run the cell again for a new one.",
        zh="这张相图已关闭。如需新的相图，请重新运行这个单元格。",
    ),
    "broken": Text(
        en="The training stopped with an error: {error}", zh="训练因错误而停止：{error}"
    ),
    "fallback": Text(
        en="The interactive map cannot be loaded here, so a picture takes its place. "
        "map.open(row, column) opens one run.",
        zh="这里无法加载可交互的相图，所以显示静态图片。用 map.open(行, 列) 可以打开其中一次训练。",
    ),
}  # fmt: skip
"""The front end's strings, and the messages of the state."""

MEASURE = Text(en="difference from the data (0 = equal)", zh="与真实分布的差异（0 = 相同）")
