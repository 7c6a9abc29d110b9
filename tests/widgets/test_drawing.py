"""The drawing board: ink from Python and from the page, the target, the button that trains."""

import re
import threading

import numpy as np
import pytest

from course_utils import language
from course_utils.widgets import drawing_words, javascript
from course_utils.widgets.drawing import UNDO_STEPS, DrawingBoard
from course_utils.widgets.sketches import TITLES, sketch

SIZE = 8


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture
def board(monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "live")
    return DrawingBoard(SIZE)


def ink(*cells):
    """A drawing with ink in some cells (row, column)."""
    drawing = np.zeros((SIZE, SIZE), np.uint8)
    for cell in cells:
        drawing[cell] = 255
    return drawing


def send(board, message, *buffers):
    """A message from the page."""
    board._canvas._receive(board._canvas, message, [memoryview(b) for b in buffers])
    return board._canvas.state


def edit(board, number, action, *buffers, view="v", **content):
    message = {"type": "edit", "view": view, "number": number, "action": action, **content}
    return send(board, message, *buffers)


def paint(board, number, drawing, stroke=1, view="v"):
    return edit(board, number, "paint", drawing.tobytes(), stroke=stroke, view=view)


# --- what Python can read and set -------------------------------------------------------------


def test_the_lowest_row_is_the_lowest_y():
    board = DrawingBoard(SIZE, ((-2, 2), (0, 8)), ink((0, 7)))
    assert board.drawing.dtype == np.uint8 and board.drawing.shape == (SIZE, SIZE)
    points = board.target.sample(200, seed=0)
    assert points.shape == (200, 2) and points.dtype == np.float32
    assert (points >= [1.5, 0]).all() and (points <= [2, 1]).all()


def test_ink_is_density():
    drawing = ink((0, 0))
    drawing[7, 7] = 85
    upper = DrawingBoard(SIZE, drawing=drawing).target.sample(4000, seed=0)[:, 1] > 0
    assert abs(upper.mean() - 0.25) < 0.03


def test_an_empty_board_has_no_target_and_says_what_to_do():
    board = DrawingBoard()
    with pytest.raises(ValueError, match="Draw something first"):
        _ = board.target
    language.use("zh")
    with pytest.raises(ValueError, match="画板是空的"):
        _ = board.target


def test_a_target_stays_as_it_was_when_the_drawing_goes_on():
    board = DrawingBoard(SIZE, drawing=ink((0, 0)))
    target = board.target
    board.drawing = ink((7, 7))
    assert (target.sample(50, seed=0) < 0).all()
    assert (board.target.sample(50, seed=0) > 0).all()


def test_what_is_read_is_a_copy():
    board = DrawingBoard(SIZE)
    board.drawing[0, 0] = 9
    assert not board.drawing.any()


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        (np.zeros((3, 3)), r"\[8, 8\] is needed.*\[3, 3\].*smiley"),
        (np.full((SIZE, SIZE), 256), "0 … 255"),
        (np.full((SIZE, SIZE), -1), "0 … 255"),
        (np.full((SIZE, SIZE), np.nan), "0 … 255"),
        ("elephant", "'elephant'.*smiley, spiral"),
        ([["a"]], "is needed"),
    ],
)
def test_bad_drawings_are_refused(drawing, words):
    board = DrawingBoard(SIZE)
    with pytest.raises(ValueError, match=words):
        board.drawing = drawing
    assert not board.drawing.any()
    language.use("zh")
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        DrawingBoard(SIZE, drawing=drawing)


@pytest.mark.parametrize("size", [7, 65, 32.0, "32", True])
def test_bad_sizes_are_refused(size):
    with pytest.raises(ValueError, match="8 … 64"):
        DrawingBoard(size)


@pytest.mark.parametrize("name", TITLES)
def test_the_examples_fit_on_the_board(name):
    drawing = sketch(name, 32)
    assert drawing.dtype == np.uint8 and drawing.max() == 255
    assert 0.05 < (drawing > 50).mean() < 0.5
    edge = np.concatenate([drawing[[0, -1]].ravel(), drawing[:, [0, -1]].ravel()])
    assert not edge.any()


def test_the_smiley_stands_upright_and_smiles():
    drawing = sketch("smiley", 32).astype(float)
    assert drawing_words.islands(drawing) == 4
    assert drawing[19:23, 8:14].max() == drawing[19:23, 18:24].max() == 255  # eyes
    corner, middle = np.argmax(drawing[6:18, 10]), np.argmax(drawing[6:18, 16])
    assert corner > middle  # the corners of the mouth are higher


def test_pieces_that_touch_at_a_corner_are_one():
    assert drawing_words.islands(ink((1, 1), (2, 2))) == 1
    assert drawing_words.islands(ink((1, 1), (3, 3))) == 2
    assert "2 separate pieces" in drawing_words.summary(ink((1, 1), (3, 3)))
    assert "leave one out" in drawing_words.hint(ink((1, 1), (3, 3)))
    assert "connected" in drawing_words.hint(ink((1, 1)))


# --- messages from the page -------------------------------------------------------------------


def test_ink_from_the_page_arrives(board):
    state = paint(board, 1, ink((2, 3)))
    assert (state["view"], state["number"], state["message"]) == ("v", 1, "")
    np.testing.assert_array_equal(board.drawing, ink((2, 3)))
    assert board._canvas.pixels == ink((2, 3)).tobytes()
    samples = np.frombuffer(board._canvas.points, "<f4").reshape(-1, 2)
    x, y = samples.T  # cell (2, 3) of 8 within [-2, 2]²
    assert (np.abs(x + 0.25) <= 0.25).all() and (np.abs(y + 0.75) <= 0.25).all()
    assert not state["empty"] and state["undo"]


def test_one_stroke_is_undone_at_once(board):
    paint(board, 1, ink((0, 0)), stroke=1)
    paint(board, 2, ink((0, 0), (0, 1)), stroke=1)
    paint(board, 3, ink((0, 0), (0, 1), (5, 5)), stroke=2)
    edit(board, 4, "undo")
    np.testing.assert_array_equal(board.drawing, ink((0, 0), (0, 1)))
    # The same stroke going on after an undo is a step of its own.
    paint(board, 5, ink((1, 1)), stroke=2)
    edit(board, 6, "undo")
    np.testing.assert_array_equal(board.drawing, ink((0, 0), (0, 1)))
    assert not edit(board, 7, "undo")["undo"]
    assert not board.drawing.any()
    assert edit(board, 8, "undo")["message"] == ""


def test_strokes_of_two_tabs_are_two_strokes(board):
    paint(board, 1, ink((0, 0)), stroke=1, view="a")
    paint(board, 1, ink((0, 0), (1, 1)), stroke=1, view="b")
    edit(board, 2, "undo", view="a")
    np.testing.assert_array_equal(board.drawing, ink((0, 0)))


def test_the_memory_of_undo_is_bounded(board):
    for number in range(1, UNDO_STEPS + 20):
        paint(board, number, ink((number % SIZE, 0)), stroke=number)
    assert len(board._earlier) == UNDO_STEPS


def test_clear_and_examples_can_be_undone(board):
    edit(board, 1, "example", name="heart")
    np.testing.assert_array_equal(board.drawing, sketch("heart", SIZE))
    assert edit(board, 2, "clear")["empty"]
    assert board._canvas.points == b""
    edit(board, 3, "undo")
    np.testing.assert_array_equal(board.drawing, sketch("heart", SIZE))


def test_a_drawing_set_in_code_reaches_the_page(board):
    board.drawing = ink((4, 4))
    assert board._canvas.pixels == ink((4, 4)).tobytes()
    assert board._canvas.state["undo"]


@pytest.mark.parametrize(
    ("content", "buffers"),
    [
        ({"action": "paint"}, []),
        ({"action": "paint"}, [b"short"]),
        ({"action": "paint"}, [bytes(SIZE * SIZE), bytes(SIZE * SIZE)]),
        ({"action": "example", "name": "elephant"}, []),
        ({"action": "example", "name": {"a": 1}}, []),
        ({"action": "explode"}, []),
        ({"action": "train"}, []),  # and nothing is drawn
        ({"action": "clear", "number": 0}, []),
        ({"action": "clear", "view": 5}, []),
        ({"action": "clear", "type": "edits"}, []),
    ],
)
def test_garbage_is_answered_in_the_message_area(board, content, buffers):
    board.on_train(lambda board: None)
    state = send(board, {"type": "edit", "view": "v", "number": 1, **content}, *buffers)
    assert state["message"]
    assert not board.drawing.any() and not state["training"]
    assert paint(board, 2, ink((0, 0)))["message"] == ""


# --- the button that trains -------------------------------------------------------------------


def test_train_calls_back_on_a_thread_of_its_own(board):
    go, called = threading.Event(), []

    def train(given):
        assert go.wait(20)
        called.append((given, given.target.sample(3, seed=0), threading.current_thread()))

    assert not board._canvas.state["can_train"]
    board.on_train(train)
    assert board._canvas.state["can_train"]
    paint(board, 1, ink((0, 0)))
    assert edit(board, 2, "train")["training"]  # and returned: it does not wait for the callback
    assert "still being prepared" in edit(board, 3, "train")["message"]
    go.set()
    _join()
    ((given, points, thread),) = called
    assert given is board and (points < 0).all()
    assert thread is not threading.current_thread()
    assert not board._canvas.state["training"] and board._canvas.state["message"] == ""


def test_a_failing_callback_is_shown_and_can_be_tried_again(board):
    def broken(board):
        raise RuntimeError("no GPU in sight")

    board.on_train(broken)
    paint(board, 1, ink((0, 0)))
    for number in (2, 3):
        edit(board, number, "train")
        _join()
        assert "no GPU in sight" in board._canvas.state["message"]
        assert not board._canvas.state["training"]
    assert paint(board, 4, ink((1, 1)))["message"] == ""


def _join():
    for thread in threading.enumerate():
        if thread.name == "drawing-train":
            thread.join(20)


# --- showing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("drawing", ["smiley", None])
def test_headless_leaves_a_picture_and_its_words(monkeypatch, capsys, code, drawing):
    from course_utils import plotting

    language.use(code)
    shown = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: shown.append((figure, alt)))
    board = DrawingBoard(drawing=drawing)
    board.show()
    ((figure, alt),) = shown
    assert alt == drawing_words.summary(board.drawing) == capsys.readouterr().out.strip()
    assert len(figure.axes) == (2 if drawing else 1)
    with plotting.missing_glyphs():
        assert len(plotting.png(figure)) < 60_000


def test_the_plain_stand_in_has_a_picture_and_the_way_by_code(board):
    page = board._plain_html()
    assert "data:image/png;base64," in page and "board.drawing" in page


def test_the_page_has_every_word_it_uses_and_no_other():
    english = drawing_words.strings()
    language.use("zh")
    chinese = drawing_words.strings()
    code = javascript.module("edits", "drawing")
    used = set(re.findall(r"strings\.(\w+)", code)) | set(re.findall(r'button\("(\w+)"', code))
    assert used == english.keys() == chinese.keys()
    for key in english:
        places = [sorted(re.findall(r"\{\w+\}", words[key])) for words in (english, chinese)]
        assert places[0] == places[1]
        assert english[key] and not re.search("[一-鿿]", english[key])
        assert re.search("[一-鿿]", chinese[key])
