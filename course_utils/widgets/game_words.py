"""What the game "you are the generator" says, in the learner's language."""

from __future__ import annotations

import numpy as np

from course_utils.language import text

ENOUGH_TO_REVEAL = 5
"""How many points a learner tries before D's belief may be revealed: predict first."""

NEAR = 0.05
"""A point closer than this to the real ones counts as right."""


def strings(title: str) -> dict[str, str]:
    """Return every text of the canvas's front end; {…} is filled in there.

    Args:
        title: the real distribution's.
    """
    return {
        "canvas": text(
            en="The plane. You place the generator's points. Arrow keys move the cursor, Shift "
            "moves it further, Enter places a point or picks the point under the cursor, arrow "
            "keys then drag it, N and P select the next and the previous point, Delete removes "
            "it, Escape lets go of it.",
            zh="平面图，由你来放置生成器的点。方向键移动光标，按住 Shift 移动得更远；"
            "Enter 放下一个点，或选中光标处的点，之后可用方向键拖动；N 和 P 选择下一个、上一个点；"
            "Delete 删除所选的点；Esc 取消选择。",
        ),
        "keys": text(en="Mouse, touch and keys", zh="鼠标、触摸与键盘"),
        "help": text(
            en="Click or tap: place a point. Drag: move it. Double-click, or select it and press "
            "Delete: remove it.\nKeyboard, once the canvas has the focus (Tab): arrow keys move "
            "the cursor (Shift: further), Enter or Space places a point or picks the one under "
            "the cursor; a picked point moves with the arrow keys. N and P, or ] and [, go from "
            "point to point. Delete removes, Escape lets go.",
            zh="单击或点按：放一个点。拖动：移动点。双击，或选中后按 Delete：删除点。\n"
            "键盘：先用 Tab 让画布获得焦点。方向键移动光标（按住 Shift 移动得更远），"
            "Enter 或空格放下一个点，或选中光标处的点；选中的点随方向键移动。N 和 P（或 ] 和 [）"
            "在各点之间切换。Delete 删除，Esc 取消选择。",
        ),
        "taken": text(en="taken for real", zh="被当成真的"),
        "taken_value": text(en="{taken} of {count}", zh="{taken} / {count}"),
        "distance": text(en="mean distance from real", zh="与真实数据的平均距离"),
        "distance_short": text(en="from real", zh="距离"),
        "reveal": text(en="Reveal D's belief", zh="显示判真概率图"),
        "reveal_later": text(
            en="Reveal D's belief (after {count} more)",
            zh="显示判真概率图（再放 {count} 个点后可用）",
        ),
        "hide": text(en="Hide D's belief", zh="隐藏判真概率图"),
        "remove": text(en="Remove point", zh="删除所选点"),
        "clear": text(en="Clear all", zh="全部清除"),
        "full": text(en="That is the most points there can be.", zh="点数已达上限。"),
        "legend_real": text(en=f"real: {title}", zh=f"真实：{title}"),
        "legend_taken": text(en="your point, taken for real", zh="你的点，被当成真的"),
        "legend_seen": text(en="your point, seen through", zh="你的点，被识破"),
        "scale": text(en="D's belief: fake 0 … ½ … 1 real", zh="D 的判真概率：假 0 … ½ … 1 真"),
        "points": text(en="Your points", zh="你的点"),
        "point": text(
            en="Point {index}: x {x}, y {y}. D says {belief}, {verdict}; {distance} from real.",
            zh="第 {index} 个点：x {x}，y {y}。D 给出 {belief}，{verdict}；"
            "与真实数据相距 {distance}。",
        ),
        "cursor": text(en="Cursor at x {x}, y {y}.", zh="光标位于 x {x}，y {y}。"),
        "verdict_real": text(en="real", zh="真"),
        "verdict_fake": text(en="fake", zh="假"),
        "verdict_open": text(en="no verdict", zh="尚无判断"),
        "waiting": text(
            en="Python has not answered yet. It may be busy with a cell: the verdict comes when it "
            "is free. If the kernel was restarted, run this cell again.",
            zh="Python 还没有回应。可能正在运行别的单元格，Python 空闲后就会给出判断。"
            "如果内核重启过，请重新运行这个单元格。",
        ),
    }


def by_code() -> str:
    """Return how to play where the canvas cannot be shown."""
    return text(
        en="The canvas of this game cannot be shown here. Play in code: set game.points = [[x, y], "
        "…], look at game.verdicts and game.distances, and call game.show() for a new picture.",
        zh="这里无法显示游戏画布，请用代码来玩：设置 game.points = [[x, y], …]，"
        "查看 game.verdicts 和 game.distances，再调用 game.show() 得到新的图。",
    )


def summary(beliefs: np.ndarray, distances: np.ndarray) -> str:
    """Return the score in a sentence or two."""
    count = len(beliefs)
    if not count:
        return text(
            en="You are the generator: no points yet.", zh="由你来当生成器：还没有放置任何点。"
        )
    taken, mean = int((beliefs > 0.5).sum()), float(np.mean(distances))
    return text(
        en=f"D takes {taken} of {count} points for real ({taken / count:.0%}). Their mean distance "
        f"from the real data is {mean:.2f}.",
        zh=f"{count} 个点中有 {taken} 个被判别器当成真的（{taken / count:.0%}），"
        f"与真实数据的平均距离为 {mean:.2f}。",
    )


def table(points: np.ndarray, beliefs: np.ndarray, distances: np.ndarray) -> str:
    """Return a line for each point: where it is, what D says, how far it is from the real ones."""
    lines = []
    for (x, y), belief, distance in zip(points, beliefs, distances, strict=True):
        verdict = text(en="real", zh="真") if belief > 0.5 else text(en="fake", zh="假")
        far = text(en=f"{distance:.2f} from real", zh=f"与真实数据相距 {distance:.2f}")
        lines.append(f"({x:5.2f}, {y:5.2f})  D = {belief:.2f}  {verdict}  {far}")
    return "\n".join([*lines, summary(beliefs, distances)])


def hint(points: np.ndarray, beliefs: np.ndarray, distances: np.ndarray, revealed: bool) -> str:
    """Return one thought that fits what is on the canvas."""
    count, taken, near = len(points), beliefs > 0.5, distances < NEAR
    if not count:
        return text(
            en="Predict first: where will D believe you? Then place a point there.",
            zh="先预测：把点放在哪里，D 会信以为真？然后放一个点试试。",
        )
    if np.isnan(beliefs).any():
        return ""
    if (near & ~taken).any():
        return text(
            en="A point right on the real data, and D calls it fake: D is wrong here. Which other "
            "real places does it not know?",
            zh="这个点就在真实数据上，D 却说它是假的：这里是 D 错了。"
            "还有哪些真实的位置它也认不出来？",
        )
    if not taken.all():
        return text(
            en=f"D sees through {(~taken).sum()} of {count}. Drag one of them and follow the "
            "number: uphill is where a generator's gradient points.",
            zh=f"{count} 个点中有 {(~taken).sum()} 个被识破。拖动其中一个，看着数字变化："
            "数字变大的方向，就是生成器梯度所指的方向。",
        )
    if not near.all():
        return text(
            en=f"D takes every point for real, and yet {(~near).sum()} of {count} are not on the "
            "real data. Fooling D and being right are two things. How far off can you go?",
            zh=f"D 把每个点都当成真的，其中却有 {(~near).sum()} 个不在真实数据上。"
            "骗过 D 和真正做对是两回事。最远能偏离多少，还骗得过它？",
        )
    if count >= 4 and np.ptp(points, axis=0).max() < 2 * NEAR:
        return text(
            en="All of your points are real to D, and nearly the same one: this is mode collapse. "
            "D looks at one point at a time and cannot object.",
            zh="所有点都骗过了 D，但它们几乎是同一个点：这就是模式崩溃。"
            "D 每次只看一个点，所以发现不了。",
        )
    if count < ENOUGH_TO_REVEAL:
        return text(
            en="Well placed. Now try a point off the real data: where does D still believe you?",
            zh="放得好。再试试不在真实数据上的点：哪里还能骗过 D？",
        )
    return text(
        en="All taken for real, and all on the real data: this is what a good generator does. "
        "Is there a place off the data that D takes as well?",
        zh="全部被当成真的，而且都在真实数据上：好的生成器就是这样。"
        "不在数据上的地方，有没有 D 也信以为真的？",
    )
