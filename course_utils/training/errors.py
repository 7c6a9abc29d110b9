"""What a session reports when something goes wrong."""

from __future__ import annotations

from course_utils.language import text


class SessionClosed(RuntimeError):
    """The session was closed, for instance because its cell was run again."""

    def __init__(self, name: str):
        super().__init__(
            text(
                en=f"The session {name!r} is closed, perhaps because its cell was run again. Run "
                "the cell that makes it once more.",
                zh=f"会话 {name!r} 已关闭，可能是因为创建它的单元格又运行了一次。"
                "请重新运行那个单元格。",
            )
        )


class GANInUse(RuntimeError):
    """A GAN was trained or changed past the session that it belongs to."""

    def __init__(self, name: str):
        super().__init__(
            text(
                en=f"This GAN belongs to the session {name!r}, which trains it in the background. "
                "Use the session's own methods, or close the session first: session.close().",
                zh=f"这个 GAN 归会话 {name!r} 所有，由它在后台训练。"
                "请使用会话自己的方法，或者先关闭会话：session.close()。",
            )
        )


class NonFiniteError(RuntimeError):
    """Training met NaN or infinity.

    Attributes:
        step: the step at which it happened, counted from 1.
        knobs: the knobs' values at that step.
        kept_step: the step of the good snapshot that the networks are back at.
    """

    def __init__(self, step: int, knobs: dict, kept_step: int):
        self.step, self.knobs, self.kept_step = step, knobs, kept_step
        values = ", ".join(f"{name} = {value}" for name, value in knobs.items())
        super().__init__(
            text(
                en=f"Training met NaN or infinity at step {step}. The networks are back at step "
                f"{kept_step}, the last good snapshot. The knobs were: {values}. Lower the "
                "learning rates, then go on.",
                zh=f"训练在第 {step} 步出现了 NaN 或无穷大。网络已回到最近一次完好的快照"
                f"（第 {kept_step} 步）。当时的旋钮：{values}。请调低学习率，再继续训练。",
            )
        )
