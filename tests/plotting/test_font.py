"""The font inside the package: what it holds, under which licence, and that figures use it."""

import itertools
import logging
import subprocess
import sys
import warnings

import pytest
from matplotlib import font_manager, rcParams

from course_utils import plotting
from course_utils.fonts import subset
from course_utils.plotting import style


@pytest.fixture(scope="module")
def font():
    return pytest.importorskip("fontTools.ttLib").TTFont(style.FONT_FILE)


@pytest.fixture(scope="module")
def cmap(font):
    return font.getBestCmap()


def test_every_character_of_gb2312_is_there(cmap):
    characters = subset.gb2312()
    hanzi = {c for c in characters if "\u4e00" <= c <= "\u9fff"}
    assert len(characters) == 7445 and len(hanzi) == 6763
    assert not {c for c in characters if ord(c) not in cmap}


@pytest.mark.parametrize(
    "characters",
    [
        "".join(map(chr, itertools.chain(range(0x20, 0x7F), range(0xA0, 0x100)))),
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω",
        "−×÷±≤≥≈≠≡→←↑↓↔⇒²³¹∇∑∏∂∫∞√∈∅∩∪⊂·…–—‘’“”€°‰",
        "■□▲△▼▽◆◇○●◎★☆①②⑩│─┌┐└┘█",
        "、。「」《》" + "".join(map(chr, range(0xFF01, 0xFF5F))),  # full-width forms
    ],
)
def test_symbols_are_there(cmap, characters):
    assert [c for c in characters if ord(c) not in cmap] == []


def test_size_and_licence(font):
    assert 1_000_000 < style.FONT_FILE.stat().st_size < 2_500_000
    names = font["name"]
    assert "Adobe" in names.getDebugName(0)
    assert "SIL Open Font License, Version 1.1" in names.getDebugName(13)
    assert names.getDebugName(1) == plotting.FONT
    assert "SIL OPEN FONT LICENSE Version 1.1" in (
        style.FONT_FILE.with_name("OFL.txt").read_text(encoding="utf-8")
    )


def test_figures_use_this_file_even_where_noto_is_installed():
    assert rcParams["font.family"][0] == plotting.FONT
    assert font_manager.findfont(plotting.FONT, fallback_to_default=False) == str(style.FONT_FILE)


def test_font_is_registered_once():
    style.apply()
    entries = [e for e in font_manager.fontManager.ttflist if e.name == plotting.FONT]
    assert len(entries) == 1


def draw(title, **settings):
    figure, ax = plotting.figure()
    ax.set_title(title, **settings)
    ax.plot([-1, 1], [-2, 2])  # negative ticks: minus signs
    return plotting.png(figure)


def test_chinese_with_maths_and_minus_signs_draws_without_a_complaint():
    with plotting.missing_glyphs(), warnings.catch_warnings():
        warnings.simplefilter("error")
        draw("第 −1 步：损失 $\\mathcal{L} = -\\log D(x)$，误差 ≤ 10² → “好”")


def test_maths_in_chinese_text_is_drawn_with_the_hanzi():
    # Not boxes: two different hanzi beside the same formula give different pictures.
    assert draw("甲 $x^2$") != draw("乙 $x^2$")


def test_a_missing_glyph_in_plain_text_is_an_error():
    with pytest.raises(plotting.MissingGlyphError, match="Glyph 119808"), plotting.missing_glyphs():
        draw("bold \U0001d400")
        draw("bold \U0001d400")


def test_a_missing_glyph_beside_maths_is_an_error_although_only_logged():
    with (
        pytest.raises(plotting.MissingGlyphError, match="does not have a glyph"),
        plotting.missing_glyphs(),
    ):
        draw("步 $x$", family="DejaVu Sans")


def test_a_missing_font_is_an_error():
    with (
        pytest.raises(plotting.MissingGlyphError, match="No Such Font"),
        plotting.missing_glyphs(),
    ):
        draw("x", family="No Such Font")


def test_other_warnings_and_errors_pass_through():
    handlers = list(logging.getLogger("matplotlib").handlers)
    with pytest.warns(UserWarning, match="else"), plotting.missing_glyphs():
        warnings.warn("something else", UserWarning, stacklevel=1)
    with pytest.raises(KeyError), plotting.missing_glyphs():
        raise KeyError
    assert logging.getLogger("matplotlib").handlers == handlers


def test_importing_plotting_leaves_pyplot_alone():
    code = "import sys, course_utils.plotting; print('matplotlib.pyplot' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
