"""The front end's files: how they are joined, and what they share with Python."""

from __future__ import annotations

import json
import re

import pytest

from course_utils.plotting.style import COLOURS, MARKERS
from course_utils.widgets import javascript, strings
from course_utils.widgets.panel import FILES

PANEL = javascript.module(*FILES)


@pytest.fixture
def files(tmp_path, monkeypatch):
    (tmp_path / "one.js").write_text("function one() {}\n", "utf-8")
    (tmp_path / "last.js").write_text("export default { one };\n", "utf-8")
    (tmp_path / "also.js").write_text("export default {};\n", "utf-8")
    (tmp_path / "named.js").write_text("export const two = '二';\n", "utf-8")
    (tmp_path / "a.css").write_text("a {}\n", "utf-8")
    (tmp_path / "b.css").write_text("b {}\n", "utf-8")
    monkeypatch.setattr(javascript, "STATIC", tmp_path)


@pytest.mark.usefixtures("files")
def test_files_are_joined_in_order():
    text = javascript.module("one", "last")
    assert text.index("function one") < text.index("export default")
    assert text.count("export default") == 1
    assert javascript.styles("b", "a").index("b {}") < javascript.styles("b", "a").index("a {}")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "names",
    [(), ("one",), ("last", "one"), ("also", "last"), ("named",), ("absent", "last"),
     ("one", "one", "last")],
)  # fmt: skip
def test_what_would_be_no_module_is_refused(names):
    with pytest.raises(ValueError, match="js"):
        javascript.module(*names)


@pytest.mark.usefixtures("files")
def test_a_style_sheet_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="absent"):
        javascript.styles("a", "absent")


def test_no_name_is_defined_twice():
    # In one module the second `function label` is a syntax error.
    names = re.findall(r"^(?:async )?(?:function|const|let|class) +(\w+)", PANEL, re.MULTILINE)
    assert len(names) > 50
    assert sorted(names) == sorted(set(names))


def test_the_front_end_asks_for_the_words_that_it_lists():
    listed = set(json.loads((javascript.STATIC / "strings.json").read_text("utf-8")))
    asked = set(re.findall(r'\bsay\(\s*"(\w+)"', PANEL))
    asked |= set(re.findall(r'\bbutton\("[\w-]+", (?:"\w+"|null), "(\w+)"', PANEL))
    assert len(asked) > 25 and asked <= listed
    statuses = {key for key in listed if key.startswith("status_")}
    assert len(statuses) == 7 and "`status_${" in PANEL
    assert listed - statuses <= set(re.findall(r'"(\w+)"', PANEL))


def test_python_has_every_word_in_both_languages():
    listed = json.loads((javascript.STATIC / "strings.json").read_text("utf-8"))
    for key, meaning in listed.items():
        word = strings.STRINGS[key]
        assert word.en and word.zh, key
        for text in (word.en, word.zh):
            assert set(re.findall(r"{(\w+)}", text)) <= set(re.findall(r"{(\w+)}", meaning)), key


def test_the_front_end_says_nothing_of_its_own():
    # Letters of any language between quotes that a reader could see: words with a capital, a space
    # or a Chinese character.
    code = re.sub(r"//.*|/\*.*?\*/", "", PANEL)
    assert not re.search("[一-鿿]", code)
    seen = re.findall(r'"([A-Z][a-z]+(?: [\w ]+)?)"', code)
    keys = {"Escape", "Enter", "Home", "End", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"}
    assert set(seen) <= keys


def test_colours_are_those_of_the_figures():
    light = re.search(r"light: {(.*?)\n  },", PANEL, re.DOTALL).group(1)
    assert f'real: "{COLOURS.real}"' in light
    assert f'generated: "{COLOURS.generated}"' in light
    assert f'neutral: "{COLOURS.neutral}"' in light
    series = json.loads(re.search(r"series: (\[.*?\])", light).group(1))
    assert tuple(series) == COLOURS.series
    belief = json.loads(re.search(r"belief: (\[.*?\])", light).group(1))
    for place, colour in zip((0.0, 0.25, 0.5, 0.75, 1.0), belief, strict=True):
        expected = [round(255 * c) for c in COLOURS.belief(place)[:3]]
        found = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert max(abs(a - b) for a, b in zip(expected, found, strict=True)) <= 1
    assert MARKERS == {"real": "o", "generated": "x"}
