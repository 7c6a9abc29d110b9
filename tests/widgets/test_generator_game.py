"""The game "you are the generator": D's verdicts, edits from the page, the headless picture."""

import re
import threading
import time

import numpy as np
import pytest

from course_utils import language
from course_utils.data import targets
from course_utils.widgets import edited_canvas, game_words, javascript
from course_utils.widgets.generator_game import MOST_POINTS, RESOLUTION, GeneratorGame


def below_the_line(points):
    """A discriminator: real where y < x, logit x - y."""
    return (points[:, 0] - points[:, 1])[:, None]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "live")


@pytest.fixture
def displayed(monkeypatch):
    """What was displayed, in order."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: shown.append(data))
    return shown


def send(game, message, buffers=()):
    """A message from the page."""
    game._canvas._receive(game._canvas, message, list(buffers))
    return game._canvas.state


def edit(game, number, action, view="v", **content):
    message = {"type": "edit", "view": view, "number": number, "action": action, **content}
    return send(game, message)


# --- what Python can read ---------------------------------------------------------------------


def test_verdicts_are_the_sigmoid_of_the_logits():
    game = GeneratorGame(below_the_line, points=[[0.5, 0.0], [0.0, 0.5]])
    assert game.points.dtype == game.verdicts.dtype == np.float32
    np.testing.assert_array_equal(game.points, [[0.5, 0.0], [0.0, 0.5]])
    np.testing.assert_allclose(game.verdicts, [1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(0.5))], 1e-6)


def test_huge_logits_are_certain_and_warn_of_nothing(recwarn):
    game = GeneratorGame(
        lambda points: np.where(points[:, 1] > 0, -1e30, 1e30), points=[[0, 0], [0, 1]]
    )
    np.testing.assert_array_equal(game.verdicts, [1, 0])
    assert not recwarn.list


def test_a_keras_model_is_a_discriminator():
    from course_utils.models import x2

    model = x2.build_discriminator()
    points = np.float32([[0.1, 0.2], [0.3, -0.4]])
    game = GeneratorGame(model, points=points)
    logits = model(points).numpy()[:, 0].astype(float)
    np.testing.assert_allclose(game.verdicts, 1 / (1 + np.exp(-logits)), 1e-5)


def test_the_distance_is_to_the_nearest_real_point_and_not_along_y():
    game = GeneratorGame(below_the_line, points=[[0.3, 0.09], [0.5, 0.35], [-1.0, 0.25]])
    np.testing.assert_allclose(game.distances[[0, 2]], [0, 0.5], atol=2e-3)
    assert 0.05 < game.distances[1] < 0.1  # along y it would be 0.1


def test_a_target_without_a_line_is_measured_by_samples():
    ring = targets.ring(modes=4, radius=1.0)
    game = GeneratorGame(below_the_line, ring, bounds=((-2, 2), (-2, 2)), points=[[1, 0], [0, 0]])
    np.testing.assert_allclose(game.distances, [0, 1], atol=0.2)


def test_what_is_read_is_a_copy():
    game = GeneratorGame(below_the_line, points=[[0, 0]])
    game.points[0] = 1
    game.verdicts[0] = 0.9
    assert game.points[0, 0] == 0 and game.verdicts[0] == 0.5


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([[0, np.nan]], r"point 1 is \(0, nan\).*-1 … 1"),
        ([[0, 0], [0, 1.5]], r"point 2 is \(0, 1\.5\).*y within -1 … 1"),
        ([0.0, 0.1], r"points \(2,\).*\[n, 2\]"),
        (np.zeros((3, 3)), r"points \(3, 3\)"),
        ("abc", r"\[n, 2\]"),
        ([[0, 0], [1]], r"\[n, 2\]"),
        (np.zeros((MOST_POINTS + 1, 2)), "101 points are too many: at most 100"),
    ],
)
def test_bad_points_are_refused_with_the_remedy(points, words):
    with pytest.raises(ValueError, match=words):
        GeneratorGame(below_the_line, points=points)
    game = GeneratorGame(below_the_line, points=[[0.5, 0]])
    with pytest.raises(ValueError, match=words):
        game.points = points
    assert len(game.points) == 1
    language.use("zh")
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        game.points = points


@pytest.mark.parametrize("bounds", [((1, -1), (0, 1)), (0, 1), ((0, np.nan), (0, 1)), "x"])
def test_bad_bounds_are_refused(bounds):
    with pytest.raises(ValueError, match="x_min"):
        GeneratorGame(below_the_line, bounds=bounds)


def broken(points):
    raise RuntimeError("out of order")


@pytest.mark.parametrize(
    ("discriminator", "words"),
    [
        (broken, "RuntimeError: out of order"),
        (lambda points: np.zeros((len(points), 2)), r"shape \(1, 2\); logits \[1, 1\]"),
        (lambda points: np.full((len(points), 1), np.nan), "NaN or infinity"),
        (lambda points: "real", "shape|failed"),
    ],
)
def test_a_bad_discriminator_is_found_at_once(discriminator, words):
    with pytest.raises(ValueError, match=words):
        GeneratorGame(discriminator)


# --- messages from the page -------------------------------------------------------------------


def test_an_edit_is_judged_and_answered(live):
    game = GeneratorGame(below_the_line)
    state = edit(game, 1, "points", points=[[0.5, 0.0], [0.0, 0.5]])
    assert (state["view"], state["number"], state["message"]) == ("v", 1, "")
    assert state["points"] == [[0.5, 0.0], [0.0, 0.5]]
    assert state["beliefs"] == pytest.approx([0.6225, 0.3775], abs=1e-3)
    assert "1 of 2" in state["summary"]
    np.testing.assert_array_equal(game.points, [[0.5, 0.0], [0.0, 0.5]])


def test_the_later_edit_wins_also_when_an_earlier_one_comes_after_it(live):
    game = GeneratorGame(below_the_line)
    edit(game, 2, "points", points=[[0.2, 0]])
    state = edit(game, 1, "points", points=[[0.1, 0]])
    assert state["number"] == 2 and game.points[0, 0] == np.float32(0.2)
    edit(game, 1, "points", view="another tab", points=[[0.3, 0]])
    assert game.points[0, 0] == np.float32(0.3)


@pytest.mark.parametrize(
    "message",
    [
        None,
        "points",
        [],
        {},
        {"type": "edit"},
        {"type": "edit", "view": "v", "number": "3", "action": "points", "points": []},
        {"type": "edit", "view": "v", "number": True, "action": "points", "points": []},
        {"type": "edit", "view": "v", "number": -1, "action": "points", "points": []},
        {"type": "edit", "view": ["v"], "number": 3, "action": "points", "points": []},
        {"type": "edit", "view": "v", "number": 3, "action": "points"},
        {"type": "edit", "view": "v", "number": 3, "action": "points", "points": [[1e999, 0]]},
        {"type": "edit", "view": "v", "number": 3, "action": "points", "points": [["a", {}]]},
        {"type": "edit", "view": "v", "number": 3, "action": "points", "points": {"0": 1}},
        {"type": "edit", "view": "v", "number": 3, "action": "explode"},
        {"type": "edit", "view": "v", "number": 3, "action": ["points"]},
    ],
)
def test_garbage_is_answered_in_the_message_area(live, message):
    game = GeneratorGame(below_the_line, points=[[0.5, 0.0]])
    state = send(game, message)
    assert state["message"]
    assert state["points"] == [[0.5, 0.0]]
    assert edit(game, 4, "points", points=[])["message"] == ""  # and the game goes on


def test_a_fault_of_the_course_is_shown_too(live, monkeypatch):
    game = GeneratorGame(below_the_line, points=[[0.5, 0.0]])

    def fault(*_):
        raise KeyError("gap")

    with monkeypatch.context() as patch:
        patch.setattr(game, "_judge", fault)
        state = edit(game, 1, "points", points=[[0.5, 0.5]])
        assert "course's own code failed" in state["message"] and "gap" in state["message"]
        patch.setattr(game_words, "summary", fault)  # not even the state can be told
        state = edit(game, 2, "points", points=[[0.5, 0.5]])
        assert (state["number"], "gap" in state["message"]) == (2, True)
    assert edit(game, 3, "points", points=[])["message"] == ""


def test_a_refused_edit_is_answered_by_number_so_that_the_page_does_not_wait(live):
    game = GeneratorGame(below_the_line)
    state = edit(game, 7, "points", points=[[9, 9]])
    assert (state["view"], state["number"]) == ("v", 7)
    assert "point 1 is (9, 9)" in state["message"]


def test_when_d_fails_the_canvas_says_so_and_keeps_the_points(live):
    answers = [below_the_line]
    game = GeneratorGame(lambda points: answers[0](points))
    answers[0] = broken
    state = edit(game, 1, "points", points=[[0.5, 0.0]])
    assert "out of order" in state["message"] and state["beliefs"] == [None]
    assert np.isnan(game.verdicts).all() and len(game.points) == 1
    state = edit(game, 2, "reveal", shown=True)
    assert "out of order" in state["message"] and not state["revealed"]
    answers[0] = below_the_line
    assert edit(game, 3, "points", points=[[0.5, 0.0]])["message"] == ""


def test_the_revealed_belief_has_its_lowest_row_first(live):
    game = GeneratorGame(lambda points: 100 * points[:, 1:])  # real above
    assert game._canvas.pixels == b""
    assert edit(game, 1, "reveal", shown=True)["revealed"]
    belief = np.frombuffer(game._canvas.pixels, np.uint8).reshape(RESOLUTION, RESOLUTION)
    assert belief[0].max() == 0 and belief[-1].min() == 255
    assert not edit(game, 2, "reveal", shown=False)["revealed"]
    assert game._canvas.pixels == b""


def test_points_set_in_code_reach_the_page(live):
    game = GeneratorGame(below_the_line, show_belief=True)
    game.points = np.array([[0.25, 0.5]])
    assert game._canvas.state["points"] == [[0.25, 0.5]]
    assert game._canvas.state["revealed"] and len(game._canvas.pixels) == RESOLUTION**2


def test_d_is_never_asked_by_two_threads_at_once(live):
    asked, together = [], []

    def slow(points):
        asked.append(1)
        together.append(len(asked))
        time.sleep(0.002)
        asked.pop()
        return below_the_line(points)

    game = GeneratorGame(slow)

    def play(view):
        for number in range(1, 21):
            edit(game, number, "points", view=view, points=[[number / 20, 0]])

    threads = [threading.Thread(target=play, args=[view]) for view in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert len(game.points) == len(game.verdicts)
    assert max(together) == 1
    assert game.points[0, 0] == 1  # the last edit of each view
    assert game._canvas.state["number"] == 20


# --- showing ----------------------------------------------------------------------------------


def test_headless_leaves_a_picture_and_a_table(monkeypatch, capsys):
    from course_utils import plotting

    shown = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: shown.append((figure, alt)))
    game = GeneratorGame(below_the_line, points=[[0.5, 0.0], [0.0, 0.5]], show_belief=True)
    game.show()
    ((figure, alt),) = shown
    assert alt == game_words.summary(game.verdicts, game.distances)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["0.62", "0.38"]
    lines = capsys.readouterr().out.splitlines()
    assert re.match(r"\( 0\.50,  0\.00\)  D = 0\.62  real", lines[0])
    assert re.match(r"\( 0\.00,  0\.50\)  D = 0\.38  fake", lines[1])
    assert lines[2] == alt and "(50%)" in alt


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_headless_without_points(monkeypatch, capsys, code):
    language.use(code)
    GeneratorGame(below_the_line).show()
    assert game_words.summary(np.zeros(0), np.zeros(0)) in capsys.readouterr().out


def test_live_shows_the_canvas_and_words_for_who_cannot_show_it(live, displayed):
    game = GeneratorGame(below_the_line)
    game.show()
    (bundle,) = displayed
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "game.points = " in bundle["text/plain"]
    send(game, {"type": "hello"})


def test_a_picture_takes_the_place_of_a_canvas_that_does_not_come(live, displayed, monkeypatch):
    monkeypatch.setattr(edited_canvas, "PATIENCE_SECONDS", 0.05)
    game = GeneratorGame(below_the_line, points=[[0.5, 0.0]])
    game.show()
    stand_in = game._canvas._stand_in
    assert stand_in.layout.display == "none"
    game._canvas._patience.join(20)
    assert stand_in.layout.display is None
    assert "data:image/png;base64," in stand_in.value and "game.points" in stand_in.value
    send(game, {"type": "hello"})  # late, but there
    assert stand_in.layout.display == "none"


def test_a_canvas_that_comes_leaves_no_thread(live, displayed):
    game = GeneratorGame(below_the_line)
    game.show()
    send(game, {"type": "hello"})
    game._canvas._patience.join(5)
    assert not game._canvas._patience.is_alive()
    assert game._canvas._stand_in.layout.display == "none"
    assert game._canvas._stand_in.value == ""


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "logits", "words"),
    [
        ([], [], "Predict first"),
        ([[0.3, 0.09]], [-1], "D is wrong here"),
        ([[0.3, 0.09], [0.9, -0.9]], [1, -1], "sees through 1 of 2"),
        ([[0.3, 0.09], [0.9, -0.9]], [1, 1], "two things"),
        ([[0.3, 0.09]] * 4, [1] * 4, "mode collapse"),
        ([[0.3, 0.09], [-0.3, 0.09]], [1, 1], "Well placed"),
        ([[x, x * x] for x in (-0.4, -0.2, 0, 0.2, 0.4)], [1] * 5, "good generator"),
    ],
)
def test_the_hint_fits(live, points, logits, words):
    given = np.array(logits, float)
    game = GeneratorGame(lambda asked: given if len(asked) == len(given) else np.zeros(len(asked)))
    game.points = points
    assert words in game._canvas.state["hint"]
    language.use("zh")
    game.points = points
    assert re.search("[一-鿿]", game._canvas.state["hint"])


def test_the_page_has_every_word_it_uses_and_no_other(live):
    english = GeneratorGame(below_the_line)._canvas.config["strings"]
    language.use("zh")
    chinese = GeneratorGame(below_the_line)._canvas.config["strings"]
    code = javascript.module("edits", "generator_picture", "generator_game")
    used = set(re.findall(r"strings\.(\w+)", code)) | set(re.findall(r'button\("(\w+)"', code))
    used |= {f"verdict_{kind}" for kind in ("real", "fake", "open")}
    assert used == english.keys() == chinese.keys()
    for key in english:
        places = [sorted(re.findall(r"\{\w+\}", words[key])) for words in (english, chinese)]
        assert places[0] == places[1]
        assert english[key] and not re.search("[一-鿿]", english[key])
    assert sum(bool(re.search("[一-鿿]", words)) for words in chinese.values()) >= len(chinese) - 1
