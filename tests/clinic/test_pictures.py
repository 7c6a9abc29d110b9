import numpy as np
import pytest

from course_utils import plotting
from course_utils.clinic import pictures

RANDOM = np.random.default_rng(0)


def exhibits(shape=(2,), apart=0.0):
    belief = RANDOM.uniform(0.4, 0.6, 60)
    kinds = dict.fromkeys(pictures.ANSWERS, belief)
    return {
        "d_loss": RANDOM.uniform(0.5, 0.8, 100),
        "g_loss": RANDOM.uniform(0.2, 1.6, 80),
        "moves": RANDOM.uniform(0, 0.01, (16, 2)),
        "real": RANDOM.normal(size=(60, *shape)),
        "generated": RANDOM.normal(size=(60, *shape)),
        **{f"{name}_belief": values for name, values in kinds.items()},
        "fake_alone_belief": belief + apart,
    }


def texts(figure):
    found = [figure.get_suptitle()]
    for ax in figure.axes:
        found += [ax.get_title(), *(v.get_text() for v in ax.texts)]
        found += [v.get_text() for v in ax.get_yticklabels()]
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_is_drawn_in_both_languages_without_a_missing_glyph(language, speak):
    speak(language)
    with plotting.missing_glyphs():
        figure = pictures.draw(exhibits(apart=0.3), (), "D")
        assert plotting.png(figure)
    assert figure.get_figwidth() * figure.dpi == 900
    assert {"en": "What D says", "zh": "D 的判断"}[language] in texts(figure)


def test_lines_are_drawn_where_the_curves_come_near(speak):
    shown = texts(pictures.draw(exhibits(), (), ""))
    assert {"ln 2", "2 ln 2"} <= set(shown) and "ln(1 + 1/e)" not in shown
    assert "ln(1 + 1/e)" in texts(pictures.draw(exhibits(), ("double_sigmoid",), ""))


def test_both_modes_are_shown_where_they_differ(speak):
    speak("en")
    assert "training" not in texts(pictures.draw(exhibits(), (), ""))
    differing = texts(pictures.draw(exhibits(apart=0.3), (), ""))
    assert {"training", "inference", "generated,\namong themselves"} <= set(differing)


@pytest.mark.parametrize("shape", [(8, 8, 1), (8, 8, 3), (8, 8), (5,), (1,)])
def test_samples_of_any_shape_are_shown(shape):
    ax = pictures.draw(exhibits(shape), (), "").axes[-1]
    assert ax.collections or ax.images or ax.patches


def test_images_stand_row_by_row_and_places_without_one_are_empty():
    images = np.arange(6.0)[:, None, None] * np.ones((6, 2, 3))
    mosaic = pictures._mosaic(images)
    assert mosaic.shape == (10, 15, 1)
    assert mosaic[0, 3, 0] == 1 and mosaic[2, 0, 0] == 5 and mosaic[2, 3, 0] == 1
    assert (mosaic[4:] == 1).all()


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("no log", "no step", "not finite")),
    ("zh", ("没有提供日志", "没有观察到训练步", "不是有限值")),
])  # fmt: skip
def test_what_was_not_given_is_said(language, words, speak):
    speak(language)
    shown = " ".join(texts(pictures.draw({}, ("diverged",), "")))
    assert all(word in shown for word in words)
    broken = texts(pictures.draw({"d_loss": np.full(60, np.nan)}, (), ""))
    assert words[0] in " ".join(broken)


def test_the_words_hold_the_numbers(speak):
    speak("en")
    numbers = {"logged_d_loss": 0.6, "logged_g_loss": 0.8, "real_belief": 0.55,
               "fake_belief": 0.45, "d_moves": 0.01, "g_moves": 0.0, "energy": 0.02}  # fmt: skip
    said = pictures.describe(exhibits(), numbers, "Healthy")
    assert said.startswith("Healthy. ")
    assert all(number in said for number in ("0.6", "0.8", "0.55", "0.45", "0.01", "0.02"))
    assert pictures.describe({}, {}, "Healthy") == "Healthy."
    speak("zh")
    assert "能量系数为 0.02" in pictures.describe(exhibits(), numbers, "健康")
