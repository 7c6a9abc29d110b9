"""The metrics explorer: what it says of known faults, its controls, its threads, its end."""

import dataclasses
import io
import random
import re
import threading
import time

import numpy as np
import pytest
from PIL import Image

from course_utils import language
from course_utils.data.spoiled import spoil_points
from course_utils.evaluation import frechet_distance, kernel_interval
from course_utils.evaluation.floors import Floor
from course_utils.widgets import MetricsExplorer, metrics_pictures, metrics_sets, metrics_words
from course_utils.widgets.metrics_sets import BEST, DRAWS, Place

POINTS = {
    "frechet", "kernel_distance", "precision", "recall", "density", "coverage", "modes",
    "divergence", "near_copies", "c_t",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture
def displayed(monkeypatch):
    """What was displayed, in order."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: shown.append(data))
    return shown


@pytest.fixture
def live(monkeypatch, displayed):
    """Shows an explorer as JupyterLab would; returns it and its panel. No thread is left."""
    monkeypatch.setenv("COURSE_MODE", "live")
    explorers, threads = [], set(threading.enumerate())

    def make(samples="points", **options):
        explorer = MetricsExplorer(samples, **{"n": 100, **options})
        explorer.show()
        explorers.append(explorer)
        return explorer, explorer._panel

    yield make
    for explorer in explorers:
        explorer.close()
        explorer.close()
    assert not set(threading.enumerate()) - threads


def move(slider, value):
    """A message of the page that a slider was moved."""
    if hasattr(slider, "options"):
        slider.set_state({"index": [count for _, count in slider.options].index(value)})
    else:
        slider.set_state({"value": value})


def press(button):
    button._handle_custom_msg({"event": "click"}, [])


def idle(explorer):
    return explorer._worker is None


def look(samples, n, seed=1, **faults):
    return MetricsExplorer(samples, n=n, seed=seed, **faults).seen


# --- what it measures -------------------------------------------------------------------------


def test_values_are_those_of_the_spoiled_set():
    seen = look("points", 200, seed=3, shift=0.5, drop=2)
    sets = metrics_sets.known("points")
    points = spoil_points(sets.target, 200, seed=3, shift=0.5, drop=2)
    np.testing.assert_array_equal(seen.samples, points)
    assert set(seen.values) == set(seen.floors) == POINTS
    assert seen.values["frechet"] == pytest.approx(frechet_distance(points, sets.real))
    assert seen.values["modes"] == 0 and seen.verdict("modes") == "worse"


def test_real_sets_are_seldom_noticed():
    verdicts = [
        seen.verdict(name)
        for seed in range(2, 26)
        for seen in [look("points", 100, seed=seed)]
        for name in seen.values
    ]
    assert np.mean([verdict != "same" for verdict in verdicts]) < 0.1


def test_real_against_real_is_measured_once_for_each_size(monkeypatch):
    sets = metrics_sets.PointSets()
    calls = []
    measure = sets.measure
    monkeypatch.setattr(sets, "measure", lambda samples: calls.append(1) or measure(samples))
    faults = {control.name: control.neutral for control in sets.controls}
    first = sets.look(Place(100, 0, faults))
    assert len(calls) == DRAWS + 1
    assert sets.look(Place(100, 0, {**faults, "noise": 0.1})).floors == first.floors
    assert len(calls) == DRAWS + 2
    floor = first.floors["coverage"]
    assert floor.low < floor.median < floor.high
    drawn = {sets.target.sample(100, np.random.default_rng([2, 100, k])).tobytes() for k in (0, 1)}
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("preset", "worse", "not_worse"),
    [
        ("memoriser", {"near_copies", "c_t"}, POINTS - {"near_copies", "c_t"}),
        ("one_mode", {"frechet", "kernel_distance", "recall", "coverage", "modes", "divergence"},
         {"density"}),
        ("one_point_each", {"recall", "coverage", "c_t"}, {"precision", "modes", "divergence"}),
        ("half_copies", {"coverage"}, {"frechet", "precision", "recall", "modes", "divergence"}),
        ("noisy", {"precision", "density", "coverage"}, {"recall", "modes"}),
    ],
)  # fmt: skip
def test_which_measure_notices_which_fault_of_points(preset, worse, not_worse):
    seen = look("points", 500, **metrics_sets.PointSets.presets[preset])
    found = {name for name in seen.values if seen.verdict(name) == "worse"}
    assert worse <= found and not found & not_worse


@pytest.mark.parametrize(
    ("preset", "worse", "not_worse"),
    [
        ("memoriser", {"near_copies", "c_t"}, {"frechet", "precision", "coverage"}),
        ("one_image_each", {"frechet", "recall", "coverage"}, {"classifier_score", "precision"}),
        ("blurred", {"frechet", "kernel_distance", "precision", "coverage"}, set()),
        ("resized", {"frechet", "kernel_distance", "precision", "coverage"}, set()),
    ],
)
def test_which_measure_notices_which_fault_of_digits(preset, worse, not_worse):
    seen = look("digits", 100, **metrics_sets.DigitSets.presets[preset])
    assert set(seen.values) == POINTS | {"classifier_score"}
    found = {name for name in seen.values if seen.verdict(name) == "worse"}
    assert worse <= found and not found & not_worse


def test_no_digit_is_in_two_of_the_sets():
    sets = metrics_sets.known("digits")
    parts = [{image.tobytes() for image in images}
             for images in (sets._training[0], sets._fresh[0], sets.real)]  # fmt: skip
    assert [len(part) for part in parts] == [2000, 4000, 1000]
    assert not parts[0] & parts[1] and not parts[2] & (parts[0] | parts[1])


def test_verdicts_and_places_on_the_axis():
    floors = {name: Floor(0.5, 0.4, 0.7) for name in BEST}

    def seen(value):
        values = dict.fromkeys(BEST, value)
        return metrics_sets.Seen(Place(100, 0, {}), np.zeros((2, 2)), values, floors)

    for name, best in BEST.items():
        places = [metrics_pictures.place(seen(v), name, v) for v in (-99, 0.3, 0.5, 0.8, 99)]
        verdicts = [seen(value).verdict(name) for value in (0.3, 0.4, 0.5, 0.7, 0.8, np.nan)]
        ends = {1: ["worse", "better"], -1: ["better", "worse"], 0: ["worse", "worse"]}[best]
        assert verdicts == [ends[0], "same", "same", "same", ends[1], "none"]
        assert places[2] == 0 and (best == 0 or np.diff(best * np.array(places)).min() > 0)
        if best == 0:
            assert places[0] == places[4] == -1 and -1 < places[1] < 0
        low, high = metrics_pictures.band(seen(0.5), name)
        assert low < 0 < high and (places[1] < low or places[3] < low)


def test_the_kernel_distance_sees_all_of_the_reference():
    for name in ("points", "digits"):
        sets = metrics_sets.known(name)
        place = Place(100, 3, {control.name: control.neutral for control in sets.controls})
        samples = sets.spoil(place)
        features = samples if name == "points" else sets._judge.look(samples)[0]
        reference = sets.real if name == "points" else sets._features
        expected = kernel_interval(features, reference).value
        assert sets.measure(samples)["kernel_distance"] == pytest.approx(expected, rel=1e-6)


# --- the controls -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("samples", "values"),
    [
        ("points", {"drop": 3, "memorise": 0.4, "shift": 0.2, "scale": 0.9, "noise": 0.1,
                    "duplicates": 0.25}),
        ("digits", {"drop": 3, "memorise": 0.4, "shift": 2, "resize": 14, "blur": 0.5,
                    "noise": 0.1, "duplicates": 0.25}),
    ],
)  # fmt: skip
def test_every_control_does_what_it_says(live, until, samples, values):
    explorer, panel = live(samples)
    before, faults = panel._table.value, dict(explorer.seen.place.faults)
    assert list(panel.sliders) == list(values)
    for name, value in values.items():
        move(panel.sliders[name], value)
        faults[name] = value
        until(lambda: idle(explorer) and explorer.seen.place.faults == faults)
    assert panel._table.value != before
    for word in ("dropped 3", "0.25"):
        assert word in panel._summary.value
    assert 'role="status"' in panel._summary.value
    press(panel.buttons["draw"])
    until(lambda: idle(explorer) and explorer.seen.place.seed == 2)
    press(panel.buttons["reset"])
    neutral = {control.name: control.neutral for control in explorer._sets.controls}
    until(lambda: idle(explorer) and explorer.seen.place.faults == neutral)
    assert {name: slider.value for name, slider in panel.sliders.items()} == neutral
    assert "no fault" in panel._summary.value and explorer.seen.place.seed == 2
    move(panel.n, 200)
    until(lambda: idle(explorer) and len(explorer.seen.samples) == 200)


def test_a_preset_sets_all_sliders_and_is_one_move(live, until, monkeypatch):
    explorer, panel = live(shift=0.5)
    moves = []
    kept = panel._move
    monkeypatch.setattr(panel, "_move", lambda change: moves.append(1) or kept(change))
    press(panel.buttons["one_mode"])
    until(lambda: idle(explorer) and explorer.seen.place.faults["drop"] == 7)
    assert explorer.seen.place.faults["shift"] == 0 and len(moves) == 1
    assert panel.sliders["drop"].value == 7 and panel.sliders["shift"].value == 0
    move(panel.sliders["drop"], 6)  # by hand it counts again
    until(lambda: idle(explorer) and explorer.seen.place.faults["drop"] == 6)


def test_the_state_before_a_control_was_moved_stays_visible(live, until):
    explorer, panel = live()
    start = explorer.seen
    assert start.before is None and "<circle" not in panel._table.value

    def go(name, value):
        move(panel.sliders[name], value)
        until(lambda: idle(explorer) and explorer.seen.place.faults[name] == value)
        return explorer.seen.before

    for value in (0.1, 0.2, 0.3):  # one drag
        assert go("shift", value).values == start.values
    assert panel._table.value.count("<circle") == len(POINTS)
    shifted = explorer.seen
    before = go("noise", 0.1)
    assert before.values == shifted.values and before.before is None
    for _ in range(2):  # each press is a move of its own
        kept = explorer.seen.values
        press(panel.buttons["draw"])
        until(lambda kept=kept: idle(explorer) and explorer.seen.values != kept)
        assert explorer.seen.before.values == kept


def test_points_before_are_drawn_faintly_below_those_now():
    def picture(**changed):
        png = metrics_pictures.generated(sets, dataclasses.replace(seen, **changed))
        return np.asarray(Image.open(io.BytesIO(png)))

    sets = metrics_sets.known("points")
    seen = look("points", 100)
    moved = look("points", 100, shift=1)
    alone, both = picture(), picture(before=moved)
    assert set(np.unique(alone[..., 3])) == {0, 255}
    assert set(np.unique(both[..., 3])) == {0, 70, 255}
    np.testing.assert_array_equal(both[both[..., 3] == 255], alone[alone[..., 3] == 255])
    x = np.flatnonzero((alone[..., 3] > 0).any(axis=0))
    assert x.min() > 30 and x.max() < 210  # the ring is in the middle of 240 pixels
    assert picture(samples=np.array([[0.0, 2.9]]))[:10, 115:125, 3].any()  # y grows upwards
    far = np.array([[99.0, 0.0]])
    assert picture(samples=far)[115:125, -3:, 3].any()  # what is outside is shown at the edge


def test_the_controls_are_pinned(monkeypatch, live):
    from course_utils.widgets import metrics_panel

    pinned = []
    monkeypatch.setattr(metrics_panel, "pin", lambda *widgets: pinned.extend(widgets))
    _, panel = live()
    assert pinned == [*panel.sliders.values(), panel.n, *panel.buttons.values()]


# --- threads ----------------------------------------------------------------------------------


@pytest.fixture
def gate(monkeypatch):
    """Holds every look back while it is closed; counts them."""
    gate = threading.Event()
    gate.set()
    gate.looks, spoil = [], metrics_sets.PointSets.spoil

    def slow(self, place):
        gate.looks.append(place)
        assert gate.wait(20)
        return spoil(self, place)

    monkeypatch.setattr(metrics_sets.PointSets, "spoil", slow)
    return gate


def test_two_explorers_of_the_same_sets_measure_no_set_twice(monkeypatch):
    sets, draws = metrics_sets.PointSets(), []

    def slow(n, draw):
        time.sleep(0.002)
        draws.append(draw)
        return {}

    monkeypatch.setattr(sets, "measure_real", slow)

    def prepare():
        while sets.prepare(100) < DRAWS:
            pass

    threads = [threading.Thread(target=prepare) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert draws == list(range(DRAWS)) and len(sets._draws[100]) == DRAWS


def test_places_left_before_their_turn_are_passed_over(live, until, gate):
    explorer, panel = live()
    gate.looks.clear()
    gate.clear()
    move(panel.sliders["shift"], 0.01)
    until(lambda: gate.looks)
    start = time.monotonic()
    for percent in range(2, 100):
        move(panel.sliders["shift"], percent / 100)
    assert time.monotonic() - start < 5  # no callback waits for an answer
    gate.set()
    until(lambda: idle(explorer) and explorer.seen.place.faults["shift"] == 0.99)
    assert len(gate.looks) == 2


def test_a_failure_is_told_and_the_next_move_works_again(live, until, monkeypatch):
    explorer, panel = live()
    with monkeypatch.context() as patch:
        patch.setattr(explorer._sets, "measure", lambda samples: {}["<gap>"])
        move(panel.sliders["noise"], 0.1)
        until(lambda: idle(explorer) and "&lt;gap&gt;" in panel._message.value)
    assert 'role="alert"' in panel._message.value and explorer.seen.place.faults["noise"] == 0
    move(panel.sliders["noise"], 0.2)
    until(lambda: idle(explorer) and explorer.seen.place.faults["noise"] == 0.2)
    assert panel._message.value == ""


def test_it_says_what_takes_long_and_close_does_not_wait_for_it(live, until, monkeypatch):
    explorer, panel = live()
    done = []

    def prepare(n):
        time.sleep(0.02)
        done.append(n)
        return min(len(done), DRAWS - 1)  # it would never end

    monkeypatch.setattr(explorer._sets, "prepare", prepare)
    move(panel.n, 1000)
    until(lambda: "40 sets of 1,000 real samples" in panel._message.value)
    assert 'role="status"' in panel._message.value
    start = time.monotonic()
    explorer.close()
    assert time.monotonic() - start < 5 and idle(explorer)
    assert explorer.seen.place.n == 100


def test_a_newer_move_interrupts_the_measuring_of_real_sets(live, until, monkeypatch):
    explorer, panel = live()
    prepare = explorer._sets.prepare
    monkeypatch.setattr(
        explorer._sets, "prepare", lambda n: time.sleep(0.01) or 1 if n == 1000 else prepare(n)
    )
    move(panel.n, 1000)
    until(lambda: panel._message.value)
    move(panel.n, 100)
    until(lambda: idle(explorer) and explorer.seen.place.moved == "n")
    assert explorer.seen.place.n == 100 and panel._message.value == ""


def test_after_close_nothing_moves_and_it_can_be_shown_again(live, until, gate, displayed):
    explorer, panel = live()
    move(panel.sliders["shift"], 0.3)
    explorer.close()
    assert idle(explorer) and panel.widget.comm is None and panel.n.comm is None
    assert all(slider.comm is None for slider in panel.sliders.values())
    looks = len(gate.looks)
    panel._move(lambda place: place._replace(seed=9))
    assert idle(explorer) and len(gate.looks) == looks
    explorer.show()
    assert explorer._panel is not panel and len(displayed) == 2
    assert explorer._panel.sliders["shift"].value == explorer.seen.place.faults["shift"]
    press(explorer._panel.buttons["draw"])
    until(lambda: idle(explorer) and explorer.seen.place.seed == 2)


@pytest.mark.parametrize("seed", [0, 1])
def test_anything_in_any_order_from_two_threads(live, until, seed):
    explorer, panel = live()

    def act(number):
        rng = random.Random(2 * seed + number)
        actions = [
            lambda: move(panel.sliders["drop"], rng.randrange(8)),
            lambda: move(panel.sliders["noise"], rng.randrange(100) / 200),
            lambda: move(panel.sliders["memorise"], rng.randrange(101) / 100),
            lambda: move(panel.sliders["duplicates"], rng.randrange(101) / 100),
            lambda: move(panel.n, rng.choice([100, 200])),
            lambda: press(rng.choice(list(panel.buttons.values()))),
            lambda: time.sleep(0.01),
        ]
        for _ in range(40):
            rng.choice(actions)()

    threads = [threading.Thread(target=act, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    until(lambda: idle(explorer))
    assert explorer.seen.place == explorer._wanted and panel._message.value == ""
    assert explorer.seen.before is None or explorer.seen.before.before is None


# --- pictures and words -----------------------------------------------------------------------


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("samples", ["points", "digits"])
def test_headless_leaves_a_picture_and_a_table(monkeypatch, capsys, code, samples):
    from course_utils import plotting

    language.use(code)
    shown = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: shown.append((figure, alt)))
    explorer = MetricsExplorer(samples, n=100, memorise=1)
    explorer.show()
    ((figure, alt),) = shown
    table = capsys.readouterr().out.strip()
    assert alt == explorer.summary() and table == explorer.table() and explorer._panel is None
    with plotting.missing_glyphs():
        assert len(plotting.png(figure)) < 60_000
    assert len(table.splitlines()) == len(explorer.seen.values) + 3
    for words in (alt, table):
        assert bool(re.search("[一-鿿]", words)) == (code == "zh")
    notices = {"en": "notices", "zh": "看出来了"}[code]
    (line,) = (line for line in table.splitlines() if line.startswith("C_T"))
    assert line.endswith(notices)


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_the_page_has_a_table_with_heads_and_no_value_is_said_so(live, code):
    language.use(code)
    explorer, panel = live()
    page = panel._table.value
    assert page.count('scope="col"') == 5 and page.count('scope="row"') == len(POINTS)
    assert page.count("<svg aria-hidden") == len(POINTS)
    values = {**explorer.seen.values, "c_t": np.nan}
    panel.update(dataclasses.replace(explorer.seen, values=values))
    none = str(metrics_words.STRINGS["none"])
    assert none in panel._table.value and none.capitalize() in panel._summary.value
    assert "nan" not in panel._table.value.split("<svg")[-1]


def test_every_word_is_there_in_both_languages():
    words = metrics_words
    for every in (words.CONTROLS, words.CONTROLS_OF_DIGITS, words.PRESETS, words.STRINGS,
                  words.MEASURES, words.OF_DIGITS):  # fmt: skip
        for name, word in every.items():
            assert word.en and not re.search("[一-鿿]", word.en), name
            assert re.search("[一-鿿]", word.zh) or name == "kernel_distance", name
    for sets in (metrics_sets.PointSets, metrics_sets.DigitSets):
        assert set(sets.presets) <= set(metrics_words.PRESETS)
        assert {control.name for control in sets.controls} <= set(metrics_words.CONTROLS)


@pytest.mark.parametrize(
    ("samples", "options", "words"),
    [("faces", {}, "faces"), ("points", {"n": 300}, "n = 300"), ("points", {"seed": -1}, "seed"),
     ("points", {"blur": 1}, "blur"), ("points", {"shift": 2}, "shift"),
     ("points", {"noise": "much"}, "noise"), ("points", {"drop": 8}, "drop"),
     ("points", {"memorise": np.nan}, "memorise")],
)  # fmt: skip
def test_impossible_arguments_are_refused_in_both_languages(samples, options, words):
    for code in language.LANGUAGES:
        language.use(code)
        with pytest.raises(ValueError, match=words) as caught:
            MetricsExplorer(samples, **options)
        assert bool(re.search("[一-鿿]", str(caught.value))) == (code == "zh")
