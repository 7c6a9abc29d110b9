"""Is everything there that the lessons need? One finding for each thing.

Used by lesson 00. Where a check fails, its finding names a remedy, and the other checks still run.
"""

from __future__ import annotations

import html
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from course_utils import frontend
from course_utils.language import Text, text

PYTHONS = ((3, 10), (3, 14))
"""The first Python that will do, and the first that will not."""

PACKAGES = ("tensorflow", "keras", "numpy", "matplotlib", "ipywidgets", "jupyterlab")


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        title: what was looked at.
        ok: whether the lessons can do with it.
        found: what is there, or what went wrong.
        remedy: what to do about it; empty if `ok`.
    """

    title: str
    ok: bool
    found: str
    remedy: str = ""


class Problem(Exception):
    """A check failed; the arguments are what was found, and the remedy."""


@dataclass(frozen=True)
class Findings:
    """All findings; the last value of a cell shows them as a table."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(finding.ok for finding in self.findings)

    def __repr__(self) -> str:
        """Return one line for each finding, and one for its remedy."""
        lines, colon = [], text(en=": ", zh="：")
        for finding in self.findings:
            lines.append(f"{_mark(finding)} {finding.title}{colon}{finding.found}")
            if finding.remedy:
                lines.append(f"   {_remedy_word()} {finding.remedy}")
        return "\n".join([*lines, self._verdict()])

    def _repr_html_(self) -> str:
        rows = []
        for finding in self.findings:
            found = html.escape(finding.found)
            if finding.remedy:
                found += f"<br><strong>{_remedy_word()}</strong> {html.escape(finding.remedy)}"
            cells = f"<td>{_mark(finding)}</td><th scope='row'>{html.escape(finding.title)}</th>"
            rows.append(f"<tr>{cells}<td style='text-align:left'>{found}</td></tr>")
        return f"<table>{''.join(rows)}</table><p role='status'>{self._verdict()}</p>"

    def _verdict(self) -> str:
        missing = sum(not finding.ok for finding in self.findings)
        if not missing:
            return text(en="All is ready.", zh="一切就绪。")
        return text(
            en=f"{missing} thing(s) to mend, see the remedies; "
            "then restart the kernel and run this cell again.",
            zh=f"有 {missing} 项需要处理，请按上面的办法解决，然后重启内核，再运行这个单元格。",
        )


def check_environment() -> Findings:
    """Looks at Python, packages, processor, compiled training, fonts, data and widgets."""
    return Findings(tuple(_run(title, check) for title, check in CHECKS))


def _run(title: Text, check: Callable[[], str]) -> Finding:
    try:
        return Finding(str(title), True, check())
    except Problem as problem:
        found, remedy = problem.args
    except Exception as error:  # a broken installation breaks in many ways
        found, remedy = f"{type(error).__name__}: {error}", _reinstall()
    return Finding(str(title), False, found, remedy)


def _python() -> str:
    found = platform.python_version()
    if not PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        raise Problem(
            found,
            text(
                en="Use Python 3.10 to 3.13, for instance with `make lab` or environment.yml.",
                zh="请使用 Python 3.10 到 3.13，例如用 `make lab` 或 environment.yml 创建环境。",
            ),
        )
    return found


def _packages() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            if name == "tensorflow":
                found.append(f"tensorflow-cpu {version('tensorflow-cpu')}")
            else:
                raise
    import keras

    if keras.backend.backend() != "tensorflow":
        raise Problem(
            f"Keras runs on {keras.backend.backend()}",
            text(
                en="Unset the environment variable KERAS_BACKEND: "
                "this course needs TensorFlow under Keras.",
                zh="请取消环境变量 KERAS_BACKEND：本课程需要 Keras 使用 TensorFlow 后端。",
            ),
        )
    return ", ".join(found)


def _processor() -> str:
    # From there, because importing it settles how many threads TensorFlow uses.
    from course_utils.training.runtime import tf

    cores = text(en=f"{os.cpu_count()} CPU cores", zh=f"{os.cpu_count()} 个 CPU 核心")
    gpus = len(tf.config.list_physical_devices("GPU"))
    without = text(en="no GPU, and none is needed", zh="没有 GPU，也不需要")
    return text(en="{}; {}", zh="{}；{}").format(cores, f"{gpus} GPU" if gpus else without)


def _compiled_training() -> str:
    import tensorflow as tf

    @tf.function(jit_compile=True)
    def double(x):
        return 2.0 * x

    if float(double(tf.constant(1.5))) != 3.0:
        raise Problem("2 × 1.5 ≠ 3", _reinstall())
    return text(en="XLA compiles and computes", zh="XLA 可以编译并计算")


def _fonts() -> str:
    from course_utils import plotting

    with plotting.missing_glyphs():
        figure, axes = plotting.figure(width=1, height=1)
        axes.set_title("中文 $y = x^2$")
        plotting.png(figure)
    return text(en="Chinese and maths in figures", zh="图中可以显示中文和数学公式")


def _data() -> str:
    from course_utils.data import digits

    try:
        images, _ = digits.load("train")
    except digits.DataError as error:
        raise Problem("MNIST", str(error)) from error
    return text(
        en=f"MNIST, {len(images):,} images, checksum right",
        zh=f"MNIST，{len(images):,} 张图像，校验和正确",
    )


def _widgets() -> str:
    import ipywidgets

    if not frontend.is_live():
        return text(
            en=f"ipywidgets {ipywidgets.__version__}; "
            "nobody is watching, so text takes their place",
            zh=f"ipywidgets {ipywidgets.__version__}；当前没有打开的交互界面，控件改用文字代替",
        )
    return text(
        en=f"ipywidgets {ipywidgets.__version__}; "
        "press the button in the next cell to see that they answer",
        zh=f"ipywidgets {ipywidgets.__version__}；请按下一个单元格里的按钮，确认控件有响应",
    )


CHECKS = (
    (Text(en="Python", zh="Python"), _python),
    (Text(en="Packages", zh="软件包"), _packages),
    (Text(en="Processor", zh="处理器"), _processor),
    (Text(en="Compiled training", zh="编译训练"), _compiled_training),
    (Text(en="Fonts", zh="字体"), _fonts),
    (Text(en="Data", zh="数据"), _data),
    (Text(en="Widgets", zh="控件"), _widgets),
)


def widget_button() -> None:
    """Shows a button whose press travels to Python and back, or one line without a front end."""
    from IPython.display import display

    if not frontend.is_live():
        print(
            text(
                en="Opened in JupyterLab, this cell shows a button. "
                "Here no front end is listening.",
                zh="在 JupyterLab 中运行这个单元格，这里会出现一个按钮；当前环境不能显示控件。",
            )
        )
        return
    import ipywidgets

    button = ipywidgets.Button(
        description=text(en="Are you there?", zh="你在吗？"),
        tooltip=text(en="asks Python to answer", zh="测试 Python 是否响应"),
    )
    answer = ipywidgets.HTML(
        text(
            en="Press it. If no answer comes, restart the kernel; "
            "if that does not help, see below.",
            zh="请按一下。如果没反应，请重启内核；还是不行，请看下文。",
        )
    )

    def press(_):
        reply = text(en="Yes: widgets work here.", zh="我在：控件工作正常。")
        answer.value = f"<span role='status'>{reply}</span>"

    button.on_click(press)
    display(ipywidgets.HBox([button, answer]))


def _mark(finding: Finding) -> str:
    return "✓" if finding.ok else "✗"


def _remedy_word() -> str:
    return text(en="Remedy:", zh="解决办法：")


def _reinstall() -> str:
    return text(
        en="Close JupyterLab and run `make setup` (or install requirements.txt again), "
        "then start anew.",
        zh="请关闭 JupyterLab，运行 `make setup`（或重新安装 requirements.txt），然后重新启动。",
    )
