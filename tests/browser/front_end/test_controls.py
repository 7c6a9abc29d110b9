"""Every control: what it sends to Python, and what it shows of what Python says."""

from __future__ import annotations

import json

import pytest

PRESSED = {
    "play": {"action": "play"},
    "step-both": {"action": "step", "players": "both"},
    "step-discriminator": {"action": "step", "players": "discriminator"},
    "step-generator": {"action": "step", "players": "generator"},
    "reset": {"action": "reset", "seed": None},
    "reset-new": {"action": "reset", "seed": "new"},
    "save": {"action": "save"},
    "examine": {"action": "examine"},
}


@pytest.mark.parametrize("action", PRESSED)
def test_every_button_sends_its_command(front, action):
    front.press(action)
    assert front.sent() == [PRESSED[action]]


def test_commands_have_ids_of_their_own(front):
    for _ in range(3):
        front.press("step-both")
    ids = front.page.evaluate("model.sent.filter(m => m.type === 'command').map(m => m.id)")
    assert len(set(ids)) == 3


def test_play_becomes_pause_while_python_says_that_it_plays(front):
    front.press("play")
    assert front.page.locator('[data-action="play"]').count() == 1  # until Python says so
    front.state(status="playing")
    assert front.attribute("data-status") == "playing"
    front.press("pause")
    assert front.sent()[-1] == {"action": "pause"}
    front.state(status="paused")
    assert front.page.locator('[data-action="pause"]').count() == 0


def test_the_speed(front):
    speed = front.page.locator('[data-action="speed"]')
    speed.select_option(label="two")
    speed.select_option(label="full")
    assert front.sent() == [{"action": "speed", "value": v} for v in (2.0, None)]
    front.run(1000)
    front.state(speed=2.0)
    assert speed.locator("option:checked").inner_text() == "two"


def test_a_speed_set_in_python_is_shown_though_it_is_not_in_the_list(front):
    speed = front.page.locator('[data-action="speed"]')
    listed = speed.locator("option").count()
    for value in (7.0, 9.0):
        front.state(speed=value)
        assert f"{value:g}" in speed.locator("option:checked").inner_text()
        assert speed.locator("option").count() == listed + 1
    front.state(speed=None)
    assert speed.locator("option:checked").inner_text() == "full"
    assert speed.locator("option").count() == listed


def test_all_of_100_moves_are_sent_in_order(front):
    front.page.evaluate("model.answering = false")
    front.move("noise", *[k / 100 for k in range(1, 101)])
    assert [command["knobs"]["noise"] for command in front.sent()] == [
        k / 100 for k in range(1, 101)
    ]


def test_a_log_slider_sends_values(front):
    front.move("rate", -2, -2.5)
    assert [c["knobs"] for c in front.sent()] == [{"rate": 0.01}, {"rate": 0.00316}]
    assert front.attribute("aria-valuetext", '[data-knob="rate"]') == "0.00316"


def test_a_choice_sends_its_name(front):
    front.page.locator('select[data-knob="kind"]').select_option(label="UNIFORM")
    assert front.sent() == [{"action": "set", "knobs": {"kind": "uniform"}}]


def test_arrow_keys_move_a_slider(front):
    front.page.locator('[data-knob="noise"]').focus()
    for _ in range(3):
        front.page.keyboard.press("ArrowRight")
    sent = [command["knobs"]["noise"] for command in front.sent()]
    assert len(sent) == 3 and 0 < sent[0] < sent[1] < sent[2] <= 0.05


def test_the_number_beside_a_slider_can_be_typed(front):
    field = front.page.locator('[data-number="rate"]')
    for typed in ("0.0025", "1e-4", "0,5"):
        field.fill(typed)
        field.press("Enter")
    assert [c["knobs"]["rate"] for c in front.sent()] == [0.0025, 1e-4, 0.5]
    field.fill("0.7")
    field.press("Escape")
    field.blur()
    assert field.input_value() == "0.5" and len(front.sent()) == 3


@pytest.mark.parametrize(
    ("knob", "typed"), [("noise", "7"), ("noise", "much"), ("noise", ""), ("turns", "2.5")]
)
def test_a_number_that_is_not_possible_is_refused_with_the_range(front, knob, typed):
    field = front.page.locator(f'[data-number="{knob}"]')
    field.fill(typed)
    field.blur()
    assert front.sent() == []
    assert field.get_attribute("aria-invalid") == "true"
    low, high = ("0", "1") if knob == "noise" else ("1", "16")
    problem = front.page.locator(".gan-problem:visible").inner_text()
    assert f"the {knob}" in problem and low in problem and high in problem
    front.state(step=2000)  # other news do not wipe it away
    assert front.page.locator(".gan-problem:visible").count() == 1
    front.state(knobs={knob: 1})
    front.state(knobs={knob: 0.5 if knob == "noise" else 3})
    assert front.page.locator(".gan-problem:visible").count() == 0


def test_the_default_is_shown_and_one_press_away(front):
    front.move("noise", 0.4)
    button = front.page.locator('[data-default="noise"]')
    assert "0" in button.inner_text() and "the noise" in button.get_attribute("aria-label")
    button.click()
    assert front.sent()[-1] == {"action": "set", "knobs": {"noise": 0.0}}
    assert front.value("noise") == "0"


def test_every_knob_has_a_label_and_an_explanation(front):
    for knob in ("noise", "kind", "rate", "turns", "decay"):
        names = front.page.locator(f'[data-knob="{knob}"]').evaluate(
            "node => ['labelledby', 'describedby'].map(key => "
            "document.getElementById(node.getAttribute(`aria-${key}`)).textContent)"
        )
        assert names == [f"the {knob}", f"what {knob} does"]
        assert front.page.get_by_text(f"what {knob} does").is_visible()


def test_a_slider_follows_python_and_other_tabs(front):
    front.state(knobs={"noise": 0.25, "rate": 1e-5, "kind": "uniform", "decay": 20_000})
    assert front.value("noise") == "0.25"
    assert front.value("kind") == "uniform"
    assert float(front.value("rate")) == pytest.approx(-5)
    assert front.page.locator('[data-number="decay"]').input_value() == "20000"


def test_a_slider_under_the_hand_is_not_pulled_back_by_older_values(front):
    front.page.evaluate("model.answering = false")
    front.move("noise", 0.1, 0.2, 0.3)
    for old in (0.0, 0.1, 0.2):
        front.state(knobs={"noise": old})
        assert front.value("noise") == "0.3"


def test_a_slider_under_the_hand_follows_a_change_from_elsewhere(front):
    front.page.evaluate("model.answering = false")
    front.move("noise", 0.1, 0.2)
    front.state(knobs={"noise": 0.9})
    assert front.value("noise") == "0.9"


def test_once_python_has_answered_its_word_counts(front):
    front.move("noise", 0.1, 0.2, 0.3)
    front.state(knobs={"noise": 0.1})
    assert front.value("noise") == "0.3"
    front.run(400)
    assert front.value("noise") == "0.1"


def test_a_refused_value_is_taken_back_and_the_reason_shown(front):
    front.page.evaluate("model.answering = false")
    front.move("noise", 0.3)
    identity = front.page.evaluate("model.sent.at(-1).id")
    front.page.evaluate("id => model.emit({ type: 'answer', id, error: 'too noisy' })", identity)
    front.run(10)
    assert front.value("noise") == "0"
    assert "too noisy" in front.text('[role="alert"]')
    front.page.evaluate("model.answering = true")
    front.move("noise", 0.2)  # goes well, and the old error with it
    assert front.text('[role="alert"]') == ""


def test_float32_values_are_the_same_values(front):
    front.page.evaluate("model.answering = false")
    front.move("rate", -2, -2.5)
    front.state(knobs={"rate": 0.009999999776482582})  # the first of the two, as a float32
    assert front.page.locator('[data-number="rate"]').input_value() == "0.00316"


def test_rewind_goes_to_the_nearest_snapshot_and_waits_for_python(front):
    front.page.evaluate("model.answering = false")
    slider = front.page.locator('[data-action="rewind"]')
    move = "slider => { slider.value = 420; slider.dispatchEvent(new Event('input')); }"
    slider.evaluate(move)
    assert slider.input_value() == "400"
    front.state(step=1040)  # training goes on while the hand is on the slider
    assert slider.input_value() == "400"
    slider.evaluate("slider => slider.dispatchEvent(new Event('change'))")
    assert front.sent() == [{"action": "rewind", "step": 400}]
    identity = front.page.evaluate("model.sent.at(-1).id")
    front.state(step=400)
    front.page.evaluate("id => model.emit({ type: 'answer', id, error: null })", identity)
    assert (slider.input_value(), slider.get_attribute("max")) == ("400", "400")


def test_rewind_by_keys_goes_from_snapshot_to_snapshot(front):
    front.page.locator('[data-action="rewind"]').focus()
    front.page.keyboard.press("ArrowLeft")
    front.page.keyboard.press("Home")
    assert front.sent() == [{"action": "rewind", "step": step} for step in (400, 0)]


def test_the_snapshots_are_marked_on_the_time_axis(front):
    places = front.page.eval_on_selector_all(".gan-marks i", "all => all.map(i => i.style.left)")
    assert places == ["0%", "20%", "40%", "100%"]


def test_a_saved_run_is_downloaded_by_the_view_that_asked(front):
    front.page.evaluate("() => { window.stop2 = render(); }")  # a second view of the same model
    front.run(50)
    downloads = []
    front.page.on("download", lambda download: downloads.append(download))
    front.page.evaluate("model.emit({ type: 'file', name: 'nobody.json', text: '' })")
    with front.page.expect_download() as waiting:
        front.press("save")
        front.page.evaluate("model.emit({ type: 'file', name: 'run.json', text: '{\"seed\": 7}' })")
    assert waiting.value.suggested_filename == "run.json"
    assert json.loads(waiting.value.path().read_text()) == {"seed": 7}
    front.page.wait_for_function("() => true")
    assert [download.suggested_filename for download in downloads] == ["run.json"]


def test_a_run_that_could_not_be_saved_is_not_waited_for(front):
    front.page.evaluate("model.answering = false")
    downloads = []
    front.page.on("download", lambda download: downloads.append(download))
    front.press("save")
    identity = front.page.evaluate("model.sent.at(-1).id")
    front.page.evaluate("id => model.emit({ type: 'answer', id, error: 'disk full' })", identity)
    front.page.evaluate("model.emit({ type: 'file', name: 'of-another-tab.json', text: '' })")
    front.page.wait_for_timeout(200)
    assert downloads == []


def test_a_run_is_replayed_from_a_file(front, tmp_path):
    file = tmp_path / "run.json"
    file.write_text('{"seed": 3}', encoding="utf-8")
    for _ in range(2):  # the same file again
        with front.page.expect_file_chooser() as chooser:
            front.press("replay")
        chooser.value.set_files(file)
    front.page.wait_for_function("model.sent.filter(m => m.action === 'replay').length === 2")
    assert front.sent() == [{"action": "replay", "text": '{"seed": 3}'}] * 2
