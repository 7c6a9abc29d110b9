"""Every rule for published notebooks refuses a notebook that breaks it."""

import base64
import io
import json
import random
import re

import pytest
from PIL import Image

from course_utils import language
from course_utils.publishing.check import check

NOTEBOOK = "notebooks/en/10_first.ipynb"


def test_executed_notebooks_pass(published):
    assert [str(violation) for violation in check(published)] == []


def _change(published, change, name=NOTEBOOK):
    path = published.root / name
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _cell(notebook, id):
    return next(cell for cell in notebook["cells"] if cell["id"] == id)


def _png(size: int) -> str:
    noise = random.Random(1).randbytes(size * size * 3)
    buffer = io.BytesIO()
    Image.frombytes("RGB", (size, size), noise).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def _output(text="", **data):
    if data:
        return {"output_type": "display_data", "metadata": {}, "data": data}
    return {"output_type": "stream", "name": "stdout", "text": text}


def _edit_prose(notebook):
    _cell(notebook, "welcome")["source"] = "# Other words"


def _edit_code(notebook):
    _cell(notebook, "draw-samples")["source"] = "1"


def _rename(notebook):
    _cell(notebook, "draw-samples")["id"] = "draw-them"


def _drop_cell(notebook):
    notebook["cells"].pop()


def _edit_metadata(notebook):
    notebook["metadata"]["course"]["command"] = "by hand"


def _edit_tags(notebook):
    _cell(notebook, "draw-samples")["metadata"] = {}


def _drop_outputs(notebook):
    _cell(notebook, "draw-samples").update(outputs=[], execution_count=None)


def _drop_mark(notebook):
    del notebook["metadata"]["course"]["executed_sha256"]


def _add(output):
    def add(notebook):
        _cell(notebook, "draw-samples")["outputs"].append(output)

    return add


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
BROKEN = {
    "prose edited": ("notebook-differs", "welcome", _edit_prose),
    "code edited": ("notebook-differs", "draw-samples", _edit_code),
    "id changed": ("notebook-differs", "draw-them", _rename),
    "cell dropped": ("notebook-differs", None, _drop_cell),
    "metadata edited": ("notebook-differs", None, _edit_metadata),
    "tags edited": ("notebook-differs", "draw-samples", _edit_tags),
    "outputs dropped": ("outputs", "draw-samples", _drop_outputs),
    "no mark of execution": ("outputs", None, _drop_mark),
    "error": ("error-output", "draw-samples", _add(ERROR)),
    "path": ("volatile-output", "draw-samples", _add(_output("in /home/ada/gan.py:3"))),
    "path on Windows": ("volatile-output", "draw-samples", _add(_output(r"C:\Users\ada\gan.py"))),
    "path in HTML": ("volatile-output", "draw-samples", _add(_output(**{"text/html": "/tmp/x"}))),
    "address": ("volatile-output", "draw-samples", _add(_output("<GAN object at 0x7f2b3c4d5e>"))),
    "large picture": ("picture-size", "draw-samples", _add(_output(**{"image/png": _png(150)}))),
    "large notebook": ("notebook-size", None, _add(_output("long line " * 110_000))),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("rule", "cell", "change"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_notebook_is_refused(published, rule, cell, change, lang):
    _change(published, change)
    language.use(lang)
    found = list(check(published, ["10_first"]))
    # Code that changed or is gone is also code that was not executed.
    assert {violation.rule for violation in found} - {"outputs"} == {rule} - {"outputs"}
    first = next(violation for violation in found if violation.rule == rule)
    assert (first.file, first.cell) == (NOTEBOOK, cell)
    assert first.cure and first.cure in str(first)
    assert bool(re.search(r"[\u4e00-\u9fff]", first.message)) == (lang == "zh")


def test_a_wrong_solutions_notebook_is_refused(published):
    name = "notebooks/solutions/zh/10_first.ipynb"
    _change(published, lambda notebook: _cell(notebook, "sum-solution").update(source="1"), name)
    assert {violation.file for violation in check(published)} == {name}


def test_only_one_language_can_be_checked(published):
    _change(published, _edit_prose)
    assert not list(check(published, ["10_first"], only=["zh"]))
    assert list(check(published, ["10_first"], only=["en"]))


def test_a_missing_notebook_is_refused(published):
    published.notebook("10_first", "zh", "solutions").unlink()
    found = list(check(published))
    assert [violation.rule for violation in found] == ["notebook-missing"]
    assert found[0].file == "notebooks/solutions/zh/10_first.ipynb"
    assert "python -m course_utils build 10_first" in found[0].cure


def test_a_broken_file_is_refused(published):
    published.notebook("10_first", "en", "student").write_text("{", encoding="utf-8")
    assert [violation.rule for violation in check(published)] == ["notebook-missing"]


@pytest.mark.parametrize(
    "name", ["en/12_old.ipynb", "solutions/zh/12_old.ipynb", "solutions/en/11_second.ipynb"]
)
def test_a_stray_notebook_is_refused(published, name):
    stray = published.notebooks / name
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes((published.root / NOTEBOOK).read_bytes())
    found = list(check(published))
    assert [(v.rule, v.file) for v in found] == [("notebook-stray", f"notebooks/{name}")]


def test_an_edited_source_makes_its_notebooks_differ(published, edit):
    edit(published.source("11_second"), "A division by zero raises", "Dividing by zero raises")
    found = {(v.rule, v.file) for v in check(published) if v.rule != "review"}
    assert found == {
        ("notebook-differs", "notebooks/en/11_second.ipynb"),
        ("notebook-differs", "notebooks/zh/11_second.ipynb"),
    }


def test_a_time_that_was_never_measured_is_refused(published):
    published.timings.unlink()
    assert ("timings", "notebooks/timings.json") in {(v.rule, v.file) for v in check(published)}


def test_an_expected_error_is_allowed(published):
    text = published.notebook("11_second", "en", "student").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert not list(check(published, ["11_second"]))


def _status(status):
    return {**_output(**{"text/plain": status}), "metadata": {"course": {"status": status}}}


@pytest.mark.parametrize(
    ("name", "status", "refused"),
    [
        (NOTEBOOK, "bug", True),
        (NOTEBOOK, "not_attempted", False),
        ("notebooks/solutions/en/10_first.ipynb", "wrong", True),
        ("notebooks/solutions/en/10_first.ipynb", "correct", False),
    ],
)
def test_what_a_check_of_an_exercise_said(published, name, status, refused):
    def add(notebook):
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        code[-1]["outputs"].append(_status(status))

    _change(published, add, name)
    assert [v.rule for v in check(published)] == (["exercise-status"] if refused else [])


def test_readme_tables_show_the_measured_times(published, run):
    for name in ("README.md", "README.zh.md"):
        (published.root / name).write_text(
            "a\n<!-- lessons:begin -->\nold\n<!-- lessons:end -->\nb\n", encoding="utf-8"
        )
    assert [v.rule for v in check(published)] == ["readme", "readme"]
    assert run(published, "build") == 0
    content = (published.root / "README.md").read_text(encoding="utf-8")
    assert "[Real samples](notebooks/en/10_first.ipynb) | 5 min | about 5 s" in content
    assert content.startswith("a\n") and content.endswith("b\n")
    assert not list(check(published))
