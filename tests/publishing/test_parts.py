"""The small parts: Markdown's structure, comments, glossary, timings, layout, outputs."""

import base64
import io

import pytest
from nbformat import v4
from PIL import Image

from course_utils.publishing import comments, glossary, markdown, outputs, timings
from course_utils.publishing.layout import UnknownLesson


def test_structure_of_prose():
    found = markdown.parse(
        "## Title\n\nText with $a_1$, `code $x$` and [a link](b.ipynb), arXiv 1406.2661.\n\n"
        "$$\nf(x) = \\text{so}\n$$\n\n- one\n- two\n  1. inner\n\n| a |\n|---|\n| b |\n\n"
        '![alt](p.png) <b>bold</b>\n\n<img src="q.png">\n\nhttps://example.org/1701.00160.\n'
    )
    assert found.headings == [2]
    assert found.maths == ["a_1", "f(x)=\\text{}"]
    assert found.links == ["b.ipynb", "https://example.org/1701.00160."]
    assert found.images == ["p.png", "q.png"]
    assert found.references == ["1406.2661", "1701.00160"]
    assert found.lists == [2, 1] and found.tables == [2]
    assert "code" not in found.text and "a link" in found.text


def test_numbers_are_no_references():
    assert markdown.parse("0.12345 and 12345.6789 and 3.1406.2661").references == []


@pytest.mark.parametrize(
    "comment",
    ["# [N, 2]", "# [batch, 2]", "# y = x**2", "# log(x)", "# float32", "# noqa: E501", "# 0.5"],
)
def test_comments_without_words_may_be_plain(comment):
    assert not list(comments.faults(f"x = 1  {comment}"))


@pytest.mark.parametrize(
    "comment", ["# draw points", "# 真实样本", "# en: Draw. zh: 抽取。", "# en: 抽取 | zh: 抽取"]
)
def test_comments_with_words_must_be_bilingual(comment):
    assert list(comments.faults(f"a = 1\nx = 1  {comment}")) == [(1, comment)]


def test_a_string_is_no_comment():
    assert not list(comments.faults('print("# draw points")\n%timeit f()  # quick'))


TERMS = [
    glossary.Term(("learning rate",), ("学习率",), ("学习速率",), "both"),
    glossary.Term(("rate",), ("速率",), (), "both"),
    glossary.Term(("step",), ("步",), ("脚步",), "avoid"),
]


def test_longer_terms_come_first():
    assert list(glossary.untranslated(TERMS, "The Learning Rates", "学习率")) == []
    assert list(glossary.untranslated(TERMS, "a learning rate", "速率")) == [
        ("learning rate", "学习率")
    ]
    assert list(glossary.untranslated(TERMS, "a step", "")) == []
    assert list(glossary.untranslated(TERMS, "first-rate, separate", "")) == []


def test_a_wrong_form_inside_a_right_one_is_not_wrong():
    terms = [*TERMS, glossary.Term(("footstep",), ("脚步声",), (), "avoid")]
    assert list(glossary.avoided(terms, "脚步声")) == []
    terms.append(glossary.Term(("training set",), ("训练集",), ("训练集合",), "avoid"))
    assert list(glossary.avoided(terms, "训练集合")) == [("训练集合", "训练集")]
    assert list(glossary.avoided(terms, "脚步与学习速率")) == [
        ("学习速率", "学习率"),
        ("脚步", "步"),
    ]


def test_the_courses_glossary_is_sound(course):
    terms = glossary.read(course.glossary)
    assert len(terms) >= 60
    for term in terms:
        for right in (form for other in terms for form in other.zh):
            assert right not in term.avoid


@pytest.mark.parametrize(("seconds", "shown"), [(0.2, 5), (5.0, 5), (5.1, 10), (37.4, 40)])
def test_times_are_rounded_up_to_five_seconds(course, seconds, shown):
    assert timings.cpu_seconds(course, "10_first", "student") is None
    timings.record(course, "10_first", "student", "en", seconds, 1)
    timings.record(course, "10_first", "student", "zh", 0.1, 1)
    assert timings.cpu_seconds(course, "10_first", "student") == shown


def test_lessons_are_named_by_number_or_in_full(course):
    assert course.select([]) == ["10_first", "11_second"]
    assert course.select(["11", "10_first", "11_second"]) == ["11_second", "10_first"]
    assert course.select(["notebooks/source/10_first.md"]) == ["10_first"]
    with pytest.raises(UnknownLesson, match="10_first, 11_second"):
        course.select(["12"])


def _png(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_pictures_get_a_palette_if_that_is_smaller(mode):
    shades = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.new("L", (256, 256))]
    picture = Image.merge("RGB", shades).resize((300, 300)).convert(mode)
    picture.paste((255, 0, 0, 128)[: len(mode)], (0, 0, 50, 50))
    small = outputs.shrink_png(_png(picture))
    assert len(small) < len(_png(picture))
    with Image.open(io.BytesIO(base64.b64decode(small))) as image:
        assert image.size == (300, 300) and image.mode == "P"
        corner = image.convert(mode).getpixel((10, 10))
    assert corner[0] > 240 and corner[1] < 15
    assert outputs.shrink_png(small) == small


def test_widgets_and_library_frames_are_not_saved():
    widget = v4.new_output("display_data", data={outputs.WIDGET: {}, "text/plain": "Slider()"})
    error = v4.new_output(
        "error",
        ename="E",
        evalue="",
        traceback=["Cell In[1]", "\x1b[36mFile \x1b[39m/usr/lib/a.py"],
    )
    kept = outputs.clean([widget, error])
    assert kept == [error] and error.traceback == ["Cell In[1]"]


@pytest.mark.parametrize(
    "text", ["2/3 of 1/2", "https://example.org/home/x", "0x1F", "and/or", "~/x"]
)
def test_harmless_text_is_not_volatile(text):
    assert not list(outputs.volatile([v4.new_output("stream", text=text)]))


def test_a_large_picture_is_measured_in_bytes():
    picture = v4.new_output(
        "display_data", data={"image/png": base64.b64encode(b"x" * 999).decode()}
    )
    assert list(outputs.picture_sizes([picture])) == [999]
