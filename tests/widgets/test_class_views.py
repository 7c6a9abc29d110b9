"""Pictures of a conditional GAN: a row for each class, requests, the judge's accuracy."""

import numpy as np
import pytest

from course_utils.models import judge
from course_utils.training import Session
from course_utils.widgets import views
from course_utils.widgets.controller import Controller
from course_utils.widgets.frames import Camera

pytestmark = pytest.mark.usefixtures("english", "quiet_cell")
EVERY = np.eye(10, dtype=np.float32)


@pytest.fixture
def gan(conditional_gan):
    conditional_gan.knobs._set(class_sampling="data", class_3=1.0)
    conditional_gan.reset(0)
    return conditional_gan


@pytest.fixture
def grid(gan):
    """Takes a picture of a view, as uint8 [rows, columns, 28, 28]."""

    def take(camera):
        meta, arrays = camera.take(gan).views[0]
        assert "error" not in meta
        shape = meta["rows"], 28, meta["columns"], 28
        return meta, arrays["pixels"].reshape(shape).swapaxes(1, 2)

    return take


@pytest.fixture
def drawn(gan):
    """What G makes of latents and conditions, as pixels."""

    def draw(numbers, conditions, count=40):
        samples = gan.generator([gan.latents(count)[numbers], conditions]).numpy()[..., 0]
        return 127.5 * (samples + 1)

    return draw


# --- images -----------------------------------------------------------------------------------


def test_one_row_for_each_class_and_one_latent_for_each_column(gan, grid, drawn):
    view = views.Images(columns=4)
    meta, images = grid(Camera(gan, [view]))
    assert images.shape == (10, 4, 28, 28) and meta["row_titles"] == [*"0123456789"]
    for row in range(10):
        wanted = drawn([0, 1, 2, 3], EVERY[[row] * 4])
        np.testing.assert_allclose(images[row], wanted, atol=0.51)
    assert view.classes == [*"0123456789"] and meta["requested"] == []


def test_on_request_all_images_are_of_one_class(gan, grid, drawn):
    view = views.Images(columns=4)
    camera = Camera(gan, [view])
    view.request([7])
    meta, images = grid(camera)
    wanted = drawn(np.arange(40), EVERY[[7] * 40]).reshape(images.shape)
    np.testing.assert_allclose(images, wanted, atol=0.51)
    assert meta["row_titles"] == ["7", *[""] * 9] and "Class 7 only" in meta["words"]
    view.request([])
    assert grid(camera)[0]["row_titles"][9] == "9"


def test_on_request_the_rows_lead_from_one_class_to_another(gan, grid, drawn):
    view = views.Images(rows=5, columns=3)
    camera = Camera(gan, [view])
    view.request([2, 8])
    meta, images = grid(camera)
    for row in range(5):
        mixed = (1 - row / 4) * EVERY[2] + row / 4 * EVERY[8]
        wanted = drawn([0, 1, 2], np.tile(mixed, (3, 1)))
        np.testing.assert_allclose(images[row], wanted, atol=0.51)
    assert meta["row_titles"] == ["2", "", "", "", "8"]
    assert "class 2 (top) to class 8 (bottom)" in meta["words"]


@pytest.mark.parametrize("classes", [[10], [-1], [1, 2, 3], [True], ["1"], [1.0], [None]])
def test_a_class_that_does_not_exist_is_refused_and_nothing_changes(gan, classes):
    view = views.Images()
    view.prepare(gan)
    view.request([4])
    with pytest.raises(ValueError, match="0 … 9"):
        view.request(classes)
    assert view.requested == [4]


def test_a_gan_without_classes_takes_no_requests(image_gan):
    view = views.Images()
    view.prepare(image_gan)
    assert view.classes == []
    for picture in (view, views.Curves(), views.Histograms()):
        with pytest.raises(ValueError, match="no classes"):
            picture.request([1])


def test_rows_can_have_names_and_be_fewer_than_the_classes(gan, grid):
    names = [f"no. {number}" for number in range(10)]
    view = views.Images(row_titles=names)
    meta, _ = grid(Camera(gan, [view]))
    assert meta["row_titles"] == view.classes == names
    view = views.Images(rows=2, row_titles=["zero", "one"])
    meta, _ = grid(Camera(gan, [view]))
    assert meta["row_titles"] == ["zero", "one"] and view.classes == [*"0123456789"]
    with pytest.raises(ValueError, match="2 row_titles for 10 rows"):
        views.Images(row_titles=["zero", "one"]).prepare(gan)


# --- the controller ---------------------------------------------------------------------------


@pytest.fixture
def controller(gan, clock):
    with_session = Session(gan, name="classes")
    controller = Controller(with_session, [views.Curves(), views.Images(columns=2)], clock=clock)
    controller.open()
    yield controller
    controller.close()
    with_session.close()


@pytest.fixture
def ask(controller, make_face, until):
    """Requests classes as a front end does; returns the error."""
    face = make_face(acknowledges=False)
    controller.add(face)
    until(lambda: face.frames)
    numbers = iter(range(1000))

    def send(classes, picture=1, **fields):
        number = next(numbers)
        message = {"action": "request", "picture": picture, "classes": classes, **fields}
        controller.receive({"type": "command", "id": number, **message})
        until(lambda: face.answers(number))
        return face.answers(number)[0]

    send.face = face
    return send


def requested(face):
    return face.frames[-1].views[1][0]["requested"]


def test_a_request_is_shown_at_once_while_paused_and_is_no_part_of_the_run(controller, ask, until):
    before = len(ask.face.frames)
    assert ask([3]) is None
    until(lambda: requested(ask.face) == [3])
    assert ask([3, 5]) is None
    until(lambda: requested(ask.face) == [3, 5])
    assert len(ask.face.frames) > before
    controller.session.step()
    until(lambda: "class 3 (top)" in controller.state["summary"])
    assert ask([8]) is None
    until(lambda: "Class 8 only" in controller.state["summary"])  # a screen reader hears of it
    log = controller.session.read(lambda gan: gan.history.log())
    assert (
        log["events"] == [{"run": 1, "players": "both"}] and controller.state["status"] == "paused"
    )


def test_a_request_acts_while_training_runs_and_a_reset_keeps_it(controller, ask, clock, until):
    session = controller.session
    controller.play()
    until(lambda: session.read(lambda gan: gan.step) > 3)
    assert ask([6]) is None

    def shown():
        clock.now += 1  # the next frame is due
        return requested(ask.face) == [6]

    until(shown)
    assert session.playing and controller.status.wants_play  # still the panel's own training
    session.reset()
    until(lambda: ask.face.frames[-1].step == 0)
    assert requested(ask.face) == [6]
    assert session.read(lambda gan: gan.history.log())["events"] == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"classes": [10]}, "0 … 9"),
        ({"classes": 3}, "classes"),
        ({"classes": [2.5]}, "classes"),
        ({"classes": [True]}, "classes"),
        ({"classes": [1], "picture": 0}, "no classes"),
        ({"classes": [1], "picture": 2}, "picture"),
        ({"classes": [1], "picture": -1}, "picture"),
        ({"classes": [1], "picture": "1"}, "picture"),
    ],
)
def test_an_impossible_request_is_answered_and_changes_nothing(controller, ask, fields, words):
    assert ask([3]) is None
    assert words in ask(**fields)
    assert controller.camera.views[1].requested == [3]


def test_the_front_end_is_told_which_classes_there_are(controller):
    assert [view["classes"] for view in controller.config["views"]] == [[], [*"0123456789"]]


def test_only_knobs_that_act_are_offered(controller, image_gan):
    names = [knob["name"] for knob in controller.config["knobs"]]
    assert {"class_sampling", "class_9", "auxiliary_weight"} <= set(names)
    session = Session(image_gan, name="no classes")
    names = [knob["name"] for knob in Controller(session, [views.Curves()]).config["knobs"]]
    session.close()
    assert "instance_noise" in names and not [n for n in names if n.startswith("class")]


def test_a_class_weight_that_is_moved_counts(controller, ask):
    assert ask([], action="set", knobs={"class_3": 0.25}) is None
    knobs = controller.session.read(lambda gan: dict(gan.knobs))
    assert (knobs["class_3"], knobs["class_sampling"]) == (0.25, "weights")
    both = {"class_3": 0.5, "class_sampling": "data"}
    assert ask([], action="set", knobs=both) is None
    assert controller.session.read(lambda gan: gan.knobs["class_sampling"]) == "data"


def test_the_plain_panel_requests_with_two_lists(controller, until):
    from course_utils.widgets.plain import PlainPanel

    panel = PlainPanel(controller)
    controller.add(panel)
    (choice,) = panel._choices.values()
    first, second = choice.lists
    view = controller.camera.views[1]
    assert second.disabled
    first.set_state({"index": 5})  # after "all": class 4
    until(lambda: view.requested == [4] and not second.disabled)
    second.set_state({"index": 10})
    until(lambda: view.requested == [4, 9])
    first.set_state({"index": 0})
    until(lambda: view.requested == [] and second.disabled and second.value == -1)
    # What another face requested is followed, without an echo.
    choice._moved = -1e9
    controller.receive({"type": "command", "action": "request", "picture": 1, "classes": [2, 1]})
    until(lambda: (first.value, second.value) == (2, 1))
    assert not second.disabled and view.requested == [2, 1]
    assert panel._knobs["class_3"].orientation == "vertical"


def test_the_plain_lists_do_not_follow_a_picture_from_before_the_last_choice():
    from course_utils.widgets.plain import _ClassChoice

    asked = []
    choice = _ClassChoice(["a", "b", "c"], asked.append)
    choice.lists[0].value = 2
    choice._moved = -1e9  # the picture took its time
    choice.follow([])
    assert choice.lists[0].value == 2
    choice.follow([2])
    choice.follow([1, 0])
    assert [each.value for each in choice.lists] == [1, 0] and asked == [[2]]


# --- the judge's accuracy, and the curves -----------------------------------------------------


def test_the_bars_are_the_shares_that_the_judge_recognises(gan, monkeypatch):
    from course_utils.data import digits
    from course_utils.data.images import to_unit_range

    real, labels = digits.load("test")
    clear = judge.load().probabilities(real[:2000]).max(axis=1) > 0.99
    real, labels = real[:2000][clear], labels[:2000][clear]
    ten = to_unit_range(np.stack([real[labels == label][0] for label in range(10)]))

    def generate(count, seed):
        assert count == 160
        asked = np.arange(160) % 10
        return ten[np.where((np.arange(160) < 80) & (asked == 3), 5, asked)]

    monkeypatch.setattr(gan, "generate", generate)
    view = views.ClassAccuracy(count=160)
    meta, arrays = Camera(gan, [view]).take(gan).views[0]
    np.testing.assert_allclose(arrays["shares"], [1, 1, 1, 0.5, 1, 1, 1, 1, 1, 1])
    assert meta["titles"] == [*"0123456789"] and meta["real"] == pytest.approx(0.994, abs=0.002)
    assert meta["measures"][0]["text"] == "0.95"
    assert "The weakest class is 3 with 50%" in view.describe(meta, arrays)


def test_the_weakest_class_is_named():
    view = views.ClassAccuracy()
    shares = np.array([0.9, 1, 1, 1, 1, 1, 1, 1, 0.5, 1], np.float32)
    meta = {"titles": [*"0123456789"], "real": 0.994}
    words = view.describe(meta, {"shares": shares})
    assert "94%" in words and "The weakest class is 8 with 50%" in words and "99.4%" in words
    assert "weakest" not in view.describe(meta, {"shares": np.ones(10)})
    assert view.describe(meta, {"shares": np.full(10, np.nan)}) == ""


def test_images_that_are_no_numbers_leave_no_bars_and_the_view_goes_on(gan, monkeypatch):
    view = views.ClassAccuracy(count=120)
    camera = Camera(gan, [view])
    monkeypatch.setattr(gan, "generate", lambda *a, **o: np.full((20, 28, 28, 1), np.nan))
    meta, arrays = camera.take(gan).views[0]
    assert np.isnan(arrays["shares"]).all() and meta["measures"][0]["text"] == "nan"
    monkeypatch.undo()
    gan.run(1)
    view.measure(gan)
    assert np.isfinite(camera.take(gan).views[0][1]["shares"]).all()


def test_accuracy_needs_ten_classes_of_digits(image_gan):
    with pytest.raises(ValueError, match="10 classes"):
        Camera(image_gan, [views.ClassAccuracy()])
    with pytest.raises(ValueError, match="count"):
        views.ClassAccuracy(count=99)


def test_class_losses_stand_beside_the_losses_where_d_has_a_class_head(gan, image_gan):
    gan.run(3)
    meta, arrays = Camera(gan, [views.Curves(groups=["losses", "beliefs"])]).take(gan).views[0]
    titles = [series["title"] for series in meta["groups"][0]["series"]]
    assert titles == ["D's loss", "G's loss", "D's class loss", "G's class loss"]
    np.testing.assert_allclose(arrays["y"][2], gan.history["discriminator_class_loss"], rtol=1e-5)
    np.testing.assert_allclose(arrays["y"][3], gan.history["generator_class_loss"], rtol=1e-5)
    np.testing.assert_allclose(arrays["y"][4], gan.history["real_belief"], rtol=1e-5)
    meta, _ = Camera(image_gan, [views.Curves()]).take(image_gan).views[0]
    assert len(meta["groups"][0]["series"]) == 2


@pytest.mark.parametrize("code", ["en", "zh"])
def test_figure_and_words_in_both_languages(gan, code, monkeypatch):
    from course_utils import language, plotting

    monkeypatch.setattr(language, "_chosen", code)
    gan.run(1)
    images = views.Images(columns=4)
    camera = Camera(gan, [images, views.ClassAccuracy(120)])
    for request in ([], [3], [3, 5]):
        images.request(request)
        frame = camera.take(gan)
        words = camera.describe(frame)
        assert ("类别" if code == "zh" else "class") in words
    frame.wire()
    with plotting.missing_glyphs():
        assert plotting.png(camera.figure(frame)).startswith(b"\x89PNG")
    assert camera.errors == {}
