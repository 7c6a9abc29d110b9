"""What the drawing board says, in the learner's language."""

from __future__ import annotations

import numpy as np

from course_utils.language import text
from course_utils.widgets.sketches import TITLES

FAINT = 51  # ink below this is not counted as painted


def strings() -> dict[str, str]:
    """Return every text of the board's front end; {…} is filled in there."""
    return {
        "canvas": text(
            en="The board. Arrow keys move the brush, Shift moves it further, Enter or Space "
            "paints under it, P puts the pen down so that every move paints, E changes between "
            "brush and eraser, the brackets change the brush's size, U takes back the last stroke, "
            "Escape lifts the pen.",
            zh="画板。方向键移动画笔，按住 Shift 移动得更远；Enter 或空格在光标处画一笔；"
            "P 落笔，之后移动就会画线；E 在画笔和橡皮之间切换；方括号键改变画笔粗细；"
            "U 撤销上一笔；Esc 抬笔。",
        ),
        "keys": text(en="Mouse, touch and keys", zh="鼠标、触摸与键盘"),
        "help": text(
            en="Press and draw. The more ink on a place, the more of the real data lie there.\n"
            "Keyboard, once the board has the focus (Tab): arrow keys move the brush (Shift: "
            "further), Enter or Space paints, P puts the pen down or lifts it, E changes between "
            "brush and eraser, [ and ] change the size, U or Ctrl+Z takes back a stroke.",
            zh="按住并拖动即可作画。墨越浓的地方，真实数据越多。\n"
            "键盘：先用 Tab 让画板获得焦点。方向键移动画笔（按住 Shift 移动得更远），"
            "Enter 或空格画一笔，P 落笔或抬笔，E 切换画笔与橡皮，[ 和 ] 改变粗细，"
            "U 或 Ctrl+Z 撤销一笔。",
        ),
        "brush": text(en="Brush", zh="画笔"),
        "eraser": text(en="Eraser", zh="橡皮"),
        "width": text(en="Size", zh="粗细"),
        "undo": text(en="Undo", zh="撤销"),
        "clear": text(en="Clear", zh="清空"),
        "example": text(en="Start from an example …", zh="从示例开始……"),
        "example_label": text(en="Example", zh="示例"),
        "samples": text(en="Show samples", zh="显示样本"),
        "train": text(en="Train on this drawing", zh="用这幅画训练"),
        "training": text(en="Preparing the training …", zh="正在准备训练……"),
        "cursor": text(
            en="Brush at x {x}, y {y}, {ink} percent ink.",
            zh="画笔位于 x {x}，y {y}，墨量 {ink}%。",
        ),
        "pen_down": text(en="Pen down.", zh="已落笔。"),
        "pen_up": text(en="Pen up.", zh="已抬笔。"),
        "waiting": text(
            en="Python has not answered yet. It may be busy with a cell: your drawing arrives when "
            "it is free. If the kernel was restarted, run this cell again.",
            zh="Python 还没有回应。可能正在运行别的单元格，Python 空闲后就会收到你的画。"
            "如果内核重启过，请重新运行这个单元格。",
        ),
    }


def by_code() -> str:
    """Return how to draw where the board cannot be shown."""
    names = ", ".join(f'"{name}"' for name in TITLES)
    return text(
        en="The drawing board cannot be shown here. Draw in code: set board.drawing to an example "
        f"({names}) or to an array of ink, 0 … 255, its first row at the bottom; then call "
        "board.show() for a new picture.",
        zh=f"这里无法显示画板，请用代码来画：把 board.drawing 设为示例名称（{names}），"
        "或者设为墨量数组（0 … 255，第一行在最下面），再调用 board.show() 得到新的图。",
    )


def empty() -> str:
    """Return what to do about an empty board."""
    return text(
        en="The board is empty, so there is no distribution to learn. Draw something first, or "
        "start from an example.",
        zh="画板是空的，没有可以学习的分布。请先画点什么，或者从一个示例开始。",
    )


def islands(drawing: np.ndarray) -> int:
    """Return how many connected pieces a drawing has; cells that touch at a corner belong together.

    Args:
        drawing: uint8 [size, size].
    """
    from scipy import ndimage

    return int(ndimage.label(drawing >= FAINT, np.ones((3, 3)))[1])


def summary(drawing: np.ndarray) -> str:
    """Return what is drawn, in a sentence."""
    painted, pieces = np.count_nonzero(drawing >= FAINT), islands(drawing)
    if not painted:
        return text(en="The board is empty.", zh="画板是空的。")
    share = painted / drawing.size
    if pieces == 1:
        return text(
            en=f"The drawing covers {share:.0%} of the board, in one piece.",
            zh=f"画面覆盖了画板的 {share:.0%}，连成一片。",
        )
    return text(
        en=f"The drawing covers {share:.0%} of the board, in {pieces} separate pieces.",
        zh=f"画面覆盖了画板的 {share:.0%}，分成 {pieces} 块，互不相连。",
    )


def hint(drawing: np.ndarray) -> str:
    """Return one thought that fits the drawing."""
    pieces = islands(drawing)
    if not pieces:
        return text(
            en="Draw where the real data shall be, or start from an example. What do you think a "
            "small GAN cannot learn?",
            zh="想让真实数据出现在哪里，就画在哪里；也可以从示例开始。"
            "你觉得小型 GAN 学不会什么样的形状？",
        )
    if pieces == 1:
        return text(
            en="One connected shape. Predict before you train: what will G get wrong first, the "
            "thin lines, the sharp corners or the holes?",
            zh="这是一个连通的形状。训练前先预测：细线、尖角、空洞，G 最先出错的会是哪一样？",
        )
    return text(
        en=f"{pieces} separate pieces. G maps connected noise without tearing it. Predict before "
        "you train: will it stretch bridges between them, or leave one out?",
        zh=f"共 {pieces} 块，互不相连。G 是连续的，连通的噪声经它变换，不会断开。训练前先预测："
        "它会在块与块之间架起细桥，还是丢掉其中一块？",
    )
