"""Rules for the published notebooks: they are what the source builds, executed, clean and small."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from course_utils.language import LANGUAGES, text
from course_utils.publishing import outputs, placeholders, timings
from course_utils.publishing.build import build, is_executed, kinds, read_notebook, without_outputs
from course_utils.publishing.layout import KINDS, Layout
from course_utils.publishing.rules.violation import Violation
from course_utils.publishing.source import Lesson


@dataclass(frozen=True)
class _Notebook:
    file: str
    lesson: str

    def breach(self, rule: str, message: str, cure: str = "", cell: str | None = None) -> Violation:
        return Violation(self.file, rule, message, cure or _run("execute", self.lesson), cell)


def _run(command: str, lesson: str) -> str:
    line = f"python -m course_utils {command} {lesson}"
    return text(en=f"Run `{line}`.", zh=f"请运行 `{line}`。")


def violations(layout: Layout, lesson: Lesson, languages: Collection[str]) -> Iterator[Violation]:
    """Yield the breaches in the lesson's notebooks in these languages."""
    for kind in kinds(lesson):
        for lang in languages:
            path = layout.notebook(lesson.name, lang, kind)
            here = _Notebook(layout.relative(path), lesson.name)
            notebook = read_notebook(path)
            if notebook is None:
                yield here.breach(
                    "notebook-missing",
                    text(
                        en="the notebook is missing or cannot be read", zh="笔记本不存在或无法读取"
                    ),
                    _run("build", lesson.name),
                )
                continue
            yield from _differences(here, notebook, build(layout, lesson, lang, kind))
            yield from _execution(here, notebook)
            yield from _outputs(here, notebook)
            if path.stat().st_size > outputs.NOTEBOOK_LIMIT:
                yield here.breach(
                    "notebook-size",
                    text(
                        en=f"the notebook has {path.stat().st_size / 1e6:.1f} MB, more than 1 MB",
                        zh=f"笔记本有 {path.stat().st_size / 1e6:.1f} MB，超过 1 MB",
                    ),
                    text(
                        en="Show fewer or smaller pictures, or less text.",
                        zh="请减少或缩小图片，或减少输出的文字。",
                    ),
                )
    yield from _timings(layout, lesson)


def strays(layout: Layout, lessons: dict[str, Lesson]) -> Iterator[Violation]:
    """Yield the notebooks that no source builds; ``lessons`` are all lessons by name."""
    for kind in KINDS:
        for lang in LANGUAGES:
            for path in sorted(layout.notebook("00", lang, kind).parent.glob("*.ipynb")):
                lesson = lessons.get(path.stem)
                if lesson is None or kind not in kinds(lesson):
                    yield Violation(
                        layout.relative(path),
                        "notebook-stray",
                        text(en="no source builds this notebook", zh="没有源文件生成这个笔记本"),
                        text(
                            en="Delete it, or write its source in notebooks/source/.",
                            zh="请删除它，或在 notebooks/source/ 中写出它的源文件。",
                        ),
                    )


def _differences(
    here: _Notebook, found: NotebookNode, expected: NotebookNode
) -> Iterator[Violation]:
    found = without_outputs(found)
    if found == expected:
        return
    cell = None
    for have, want in zip(found.cells, expected.cells, strict=False):
        if have != want:
            cell = have.get("id")
            break
    yield here.breach(
        "notebook-differs",
        text(en="the notebook is not what its source builds", zh="笔记本与源文件生成的内容不一致"),
        _run("build", here.lesson),
        cell,
    )


def _execution(here: _Notebook, notebook: NotebookNode) -> Iterator[Violation]:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    unrun = next((cell for cell in code if cell.execution_count is None), None)
    if unrun is not None or not is_executed(notebook):
        yield here.breach(
            "outputs",
            text(
                en="the outputs are missing or come from other code",
                zh="输出缺失，或不是由当前代码得到的",
            ),
            cell=unrun.get("id") if unrun is not None else None,
        )


def _outputs(here: _Notebook, notebook: NotebookNode) -> Iterator[Violation]:
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        expected = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            if output.output_type == "error" and not expected:
                yield here.breach(
                    "error-output",
                    text(
                        en=f"the output is an error: {output.ename}: {output.evalue}",
                        zh=f"输出是一个错误：{output.ename}: {output.evalue}",
                    ),
                    text(
                        en="Repair the code in the source and execute it again.",
                        zh="请修正源文件中的代码，再重新执行。",
                    ),
                    cell.get("id"),
                )
        for status in _statuses(cell.outputs):
            yield from _unwanted_status(here, status, cell.get("id"))
        for found in sorted(set(outputs.volatile(cell.outputs))):
            yield here.breach(
                "volatile-output",
                text(
                    en=f"the output holds a path or address of one machine: {found}",
                    zh=f"输出中有某台机器的绝对路径或内存地址：{found}",
                ),
                text(
                    en="Change the code so that it is not shown, then execute again.",
                    zh="请修改代码，不要显示它，再重新执行。",
                ),
                cell.get("id"),
            )
        for size in outputs.picture_sizes(cell.outputs):
            if size > outputs.PICTURE_LIMIT:
                yield here.breach(
                    "picture-size",
                    text(
                        en=f"a picture has {size / 1000:.0f} kB, more than 60 kB",
                        zh=f"图片有 {size / 1000:.0f} kB，超过 60 kB",
                    ),
                    text(
                        en="Make the figure smaller or draw fewer points.",
                        zh="请缩小图片，或少画一些点。",
                    ),
                    cell.get("id"),
                )


def _statuses(cell_outputs: list) -> Iterator[str]:
    """Yield what the checks of exercises in a cell's outputs said; see ``exercises.feedback``."""
    for output in cell_outputs:
        status = output.get("metadata", {}).get("course", {}).get("status")
        if status:
            yield status


def _unwanted_status(here: _Notebook, status: str, cell: str) -> Iterator[Violation]:
    if status == "bug":
        message = text(en="a check reports a fault of its own", zh="练习的检查自身出了错")
    elif here.file.startswith("notebooks/solutions/") and status != "correct":
        message = text(
            en=f"the solution does not pass its check: {status}",
            zh=f"参考解答没有通过检查：{status}",
        )
    else:
        return
    cure = text(
        en="Mend the exercise or its solution, then execute again.",
        zh="请修正练习或参考解答，再重新执行。",
    )
    yield here.breach("exercise-status", message, cure, cell)


def _timings(layout: Layout, lesson: Lesson) -> Iterator[Violation]:
    asked = any(
        match[1] == "cpu_seconds"
        for cell in lesson.cells
        for match in placeholders.PLACEHOLDER.finditer(cell.text)
    )
    if asked and timings.cpu_seconds(layout, lesson.name, "student") is None:
        yield Violation(
            layout.relative(layout.timings),
            "timings",
            text(
                en=f"the run time of {lesson.name} has not been measured",
                zh=f"尚未测量 {lesson.name} 的运行时间",
            ),
            _run("execute", lesson.name),
        )
