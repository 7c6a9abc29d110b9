"""What a conditional GAN adds to the panel: requests, the weights of classes, the judge's bars."""

from __future__ import annotations

import numpy as np
import pytest

IMAGES = '[data-view="images"]'


@pytest.fixture
def shown(front):
    front.show()
    return front


@pytest.fixture
def requests(shown):
    """The classes that were asked for so far."""
    return lambda: [
        message["classes"] for message in shown.sent() if message["action"] == "request"
    ]


def pressed(front) -> list[str]:
    return front.page.eval_on_selector_all(
        '[data-class][aria-pressed="true"]', "all => all.map((button) => button.dataset.class)"
    )


def answer(front, sample_frame, classes) -> None:
    """Python shows what was requested."""
    views, arrays = sample_frame()
    views[3]["requested"] = classes
    front.show(views=views, arrays=arrays)


def row(front, number: int) -> dict:
    """A place in a row of the grid of images, of two."""
    height = front.page.locator(IMAGES).bounding_box()["height"]
    return {"x": 100, "y": height * (0.1 + 0.4 * number)}


def test_a_button_asks_for_its_class_and_again_for_all(shown, requests):
    group = shown.page.get_by_role("group", name="Classes in the picture")
    assert shown.page.locator(".gan-classes").count() == 1  # only where there are classes
    assert pressed(shown) == ["all"]
    group.get_by_role("button", name="class one", exact=True).click()
    assert pressed(shown) == ["1"]
    assert shown.sent()[-1] == {"action": "request", "picture": 3, "classes": [1]}
    group.get_by_role("button", name="class zero", exact=True).press("Enter")
    assert requests()[-1] == [0]
    group.get_by_role("button", name="class zero", exact=True).press("Enter")
    assert requests()[-1] == [] and pressed(shown) == ["all"]
    group.get_by_role("button", name="class one", exact=True).click()
    group.get_by_role("button", name="All", exact=True).click()
    assert requests()[-1] == [] and pressed(shown) == ["all"]


def test_a_second_class_can_be_blended_in(shown, requests):
    second = shown.page.get_by_role("combobox", name="blend into")
    assert second.is_disabled()
    shown.page.locator('[data-class="1"]').click()
    second.select_option(label="zero")
    assert requests()[-1] == [1, 0] and pressed(shown) == ["1"]
    shown.page.locator('[data-class="0"]').click()
    assert requests()[-1] == [0, 0]
    second.select_option(label="–")
    assert requests()[-1] == [0]
    shown.page.locator('[data-class="all"]').click()
    assert second.is_disabled() and second.input_value() == ""


def test_a_click_on_a_row_asks_for_its_class_and_a_second_one_for_all(
    shown, requests, sample_frame
):
    picture = shown.page.locator(IMAGES)
    picture.click(position=row(shown, 1))
    assert requests() == [[1]]
    answer(shown, sample_frame, [1])
    picture.click(position=row(shown, 0))
    assert requests() == [[1], []]
    answer(shown, sample_frame, [])
    picture.click(position=row(shown, 0))
    assert requests()[-1] == [0]


def test_what_another_tab_asked_for_is_shown(shown, sample_frame, requests):
    answer(shown, sample_frame, [1, 0])
    assert pressed(shown) == ["1"]
    second = shown.page.get_by_role("combobox", name="blend into")
    assert second.input_value() == "0" and second.is_enabled()
    assert requests() == [] and shown.text(".gan-view-images .gan-value") == "click a row"


def test_an_old_frame_does_not_take_the_choice_back(shown, sample_frame):
    shown.page.locator('[data-class="1"]').click()
    answer(shown, sample_frame, [])  # was on its way
    assert pressed(shown) == ["1"]
    answer(shown, sample_frame, [1])
    shown.run(500)
    assert pressed(shown) == ["1"]


def test_without_python_nothing_can_be_requested(shown, requests):
    shown.page.evaluate("model.alive = false")
    shown.run(12_000)
    assert shown.page.locator('[data-class="1"]').is_disabled()
    shown.page.locator(IMAGES).click(position=row(shown, 1))
    assert requests() == []


# --- the weights of the classes ---------------------------------------------------------------


def test_class_weights_are_one_row_of_sliders_with_names(shown):
    group = shown.page.get_by_role("group", name="how often each class is drawn")
    sliders = group.get_by_role("slider")
    assert sliders.count() == 2
    shown.move("class_1", 0.25)
    assert shown.sent()[-1] == {"action": "set", "knobs": {"class_1": 0.25}}
    assert group.locator("output").all_inner_texts() == ["1", "0.25"]
    tops = [slider.bounding_box()["y"] for slider in sliders.all()]
    assert tops[0] == tops[1]
    sliders.first.focus()
    shown.page.keyboard.press("ArrowDown")
    assert shown.sent()[-1] == {"action": "set", "knobs": {"class_0": 0.95}}
    shown.run(500)
    shown.state(knobs={"class_0": 0.5})
    assert shown.value("class_0") == "0.5"


def test_all_weights_can_be_made_equal_at_once(shown):
    shown.move("class_1", 0.25)
    shown.page.get_by_role("button", name="all equal").click()
    assert shown.sent()[-1] == {"action": "set", "knobs": {"class_0": 1, "class_1": 1}}
    assert shown.value("class_1") == "1"


# --- the judge's bars -------------------------------------------------------------------------

HEIGHTS = """([wanted, near]) => {
  const { data, width, height, ratio } = pictureOf("class_accuracy");
  const tops = [];
  for (let x = 0; x < width; x++) {
    let top = null;
    for (let y = 0; y < height && top === null; y++) {
      const at = 4 * (y * width + x);
      if (wanted.every((value, k) => Math.abs(data[at + k] - value) <= near)) top = y / ratio;
    }
    tops.push(top);
  }
  return tops;
}"""


def tops(front, colour, near=40):
    """The highest pixel of a colour in each column, in CSS pixels; NaN where there is none."""
    found = front.page.evaluate(HEIGHTS, [colour, near])
    return np.array([np.nan if top is None else top for top in found])


def test_bars_are_as_high_as_the_shares_and_the_line_as_real_digits(shown, sample_frame):
    low, high = np.unique(np.round(tops(shown, [0xD5, 0x5E, 0x00])), return_counts=True)
    two = sorted(low[np.argsort(high)[-2:]])  # of the two bars: the row of 0.9, then that of 0.5
    scale = (two[1] - two[0]) / 0.4
    lines = tops(shown, [0x00, 0x72, 0xB2])
    line = np.nanmedian(lines[lines < two[1]])
    assert line - two[0] == pytest.approx(0.15 * scale, abs=2)
    views, arrays = sample_frame()
    arrays[9][:] = [np.nan, 0.5]
    shown.show(views=views, arrays=arrays)
    columns = np.flatnonzero(tops(shown, [0xD5, 0x5E, 0x00]) < two[1] + 3)
    assert columns.min() > len(lines) / 2  # the left bar is gone
    shown.page.locator('[data-view="class_accuracy"]').hover(
        position={"x": columns.mean(), "y": 200}
    )
    shown.run(50)
    assert shown.text(".gan-view-class_accuracy .gan-value").split() == ["class", "one", "50", "%"]


def test_before_the_first_measurement_there_is_no_picture(front, sample_frame):
    views, arrays = sample_frame()
    arrays[9] = np.zeros(0, np.float32)
    front.show(views=views, arrays=arrays)
    assert np.isnan(tops(front, [0xD5, 0x5E, 0x00])).all()
