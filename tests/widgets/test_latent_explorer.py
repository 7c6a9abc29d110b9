"""The latent explorer: what it shows, its controls from several threads, failures, headless."""

import dataclasses
import io
import math
import random
import re
import threading
import time

import numpy as np
import pytest
from PIL import Image

from course_utils import language
from course_utils.models import latents
from course_utils.widgets import LatentExplorer, latent_pictures, latent_words
from course_utils.widgets.latent_panel import THRESHOLDS
from course_utils.widgets.latent_space import WALK, LatentSpace

DIM = 4
CORNERS = np.random.default_rng(0).standard_normal((DIM, 28 * 28))


def generator(z):
    return np.tanh(z @ CORNERS).reshape(len(z), 28, 28, 1)


def pixels(z):
    return np.rint((generator(z)[..., 0] + 1) * 127.5).astype(np.uint8)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture(scope="module")
def reference():
    return pixels(np.random.default_rng(1).standard_normal((50, DIM)))


@pytest.fixture
def displayed(monkeypatch):
    """What was displayed, in order."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: shown.append(data))
    return shown


@pytest.fixture
def live(monkeypatch, displayed, until):
    """Shows an explorer as JupyterLab would; returns it and its panel."""
    monkeypatch.setenv("COURSE_MODE", "live")
    explorers = []

    def make(generator=generator, *arguments, **options):
        explorer = LatentExplorer(generator, *arguments, **{"latent_dim": DIM, **options})
        explorer.show()
        explorers.append(explorer)
        return explorer, explorer._panel

    yield make
    for explorer in explorers:
        until(lambda explorer=explorer: explorer._worker is None)


def drag(slider, value):
    """A message of the page that a slider was moved."""
    if hasattr(slider, "options"):
        values = [value for _, value in slider.options]
        slider.set_state({"index": values.index(value)})
    else:
        slider.set_state({"value": value})


def press(button):
    button._handle_custom_msg({"event": "click"}, [])


def size(picture):
    with Image.open(io.BytesIO(bytes(picture.value))) as opened:
        return opened.size


# --- what there is to see ---------------------------------------------------------------------


def test_walks_images_and_samples_are_what_the_generator_makes(reference):
    explorer = LatentExplorer(generator, reference, latent_dim=DIM, share=0.3, threshold=0.6)
    seen, a, b = explorer.seen, explorer.a, explorer.b
    assert a.shape == b.shape == (DIM,) and a.dtype == np.float32
    tenths = np.arange(WALK) / 10
    ways = (latents.linear, latents.spherical)
    for way, walk, image, length in zip(ways, seen.walks, seen.images, seen.lengths, strict=True):
        np.testing.assert_array_equal(walk, pixels(way(a, b, tenths)))
        z = way(a, b, 0.3)
        np.testing.assert_array_equal(image, pixels(z)[0])
        assert length == pytest.approx(np.linalg.norm(z))
    z = latents.truncated_normal(64, DIM, 0.6, seed=0)
    np.testing.assert_array_equal(seen.samples, pixels(z))
    assert seen.sample_length == pytest.approx(np.linalg.norm(z, axis=1).mean())
    assert seen.angle == pytest.approx(latents.angle(a, b))


def test_the_nearest_reference_image_is_shown(reference):
    explorer = LatentExplorer(generator, reference, latent_dim=DIM)
    copied = np.concatenate([reference, explorer.seen.images[:1]])
    seen = LatentExplorer(generator, copied, latent_dim=DIM).seen
    gaps = ((copied - seen.images[1].astype(float)) ** 2).sum(axis=(1, 2))
    assert seen.numbers.tolist() == [50, gaps.argmin()]
    assert seen.distances.tolist() == [0, pytest.approx(math.sqrt(gaps.min()) / 255)]
    np.testing.assert_array_equal(seen.neighbours, copied[seen.numbers])
    without = LatentExplorer(generator, latent_dim=DIM)
    assert without.seen.distances is None and "nearest" not in without.summary()
    lonely = LatentExplorer(generator, reference[:1], latent_dim=DIM)
    assert lonely.seen.peers is None and "nearest" in lonely.summary()


def test_truncation_leaves_less_variety():
    variety = [
        LatentExplorer(generator, latent_dim=DIM, threshold=threshold).seen.variety
        for threshold in (0.2, 1, math.inf)
    ]
    assert variety == sorted(variety)
    seen = LatentExplorer(generator, latent_dim=DIM, rows=4, columns=4).seen
    images = seen.samples.reshape(16, -1) / 255
    squares = ((images[:, None] - images) ** 2).sum(axis=-1)
    assert seen.variety == pytest.approx(math.sqrt(squares.sum() / (16 * 15)))
    assert LatentExplorer(generator, latent_dim=DIM, rows=1, columns=1).seen.variety == 0


def test_the_seed_decides():
    one, same, other = (LatentExplorer(generator, latent_dim=DIM, seed=s) for s in (5, 5, 6))
    for name in ("walks", "samples"):
        values = [getattr(explorer.seen, name) for explorer in (one, same, other)]
        np.testing.assert_array_equal(values[0], values[1])
        assert (values[0] != values[2]).any()
    assert (one.a != one.b).all()


def test_a_keras_model_is_called_for_inference():
    modes = []

    class Model:
        input_shape = (None, DIM)

        def __call__(self, z, training=None):
            assert z.dtype == np.float32
            modes.append(training)
            return generator(z)

    LatentExplorer(Model())
    assert set(modes) == {False}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"latent_dim": None}, "give latent_dim"),
        ({"latent_dim": 0}, "latent_dim is 0.*1 …"),
        ({"rows": 33}, "rows is 33.*1 … 32"),
        ({"columns": 2.5}, r"columns is 2\.5"),
        ({"seed": -1}, "seed is -1.*0 …"),
        ({"share": 1.2}, r"shares = 1\.2"),
        ({"threshold": 0}, "threshold = 0"),
        ({"reference": np.zeros((3, 8, 8))}, "images have the type float64"),
        ({"generator": lambda z: 1 / 0}, "generator failed.*ZeroDivisionError"),
        ({"generator": lambda z: np.zeros((len(z), 784))}, r"shape \(22, 784\).*\[22, 28, 28, 1\]"),
        ({"generator": lambda z: generator(z) * np.nan}, "NaN"),
    ],
)
def test_what_cannot_be_explored_is_refused(arguments, words):
    arguments = {"generator": generator, "latent_dim": DIM, **arguments}
    with pytest.raises(ValueError, match=words):
        LatentExplorer(**arguments)
    language.use("zh")
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        LatentExplorer(**arguments)


# --- the controls -----------------------------------------------------------------------------


def test_the_page_shows_what_is_seen(live, displayed, reference):
    explorer, panel = live(generator, reference, columns=5, rows=3)
    (bundle,) = displayed
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "cannot be shown here" in bundle["text/plain"]
    assert explorer.summary() in bundle["text/plain"]
    assert [size(picture) for picture in panel._walks] == [(2 * (11 * 28 + 10), 66)] * 2
    assert [size(picture) for picture in panel._images] == [(112, 112)] * 2
    assert [size(picture) for picture in panel._neighbours] == [(112, 112)] * 2
    assert size(panel._samples) == (2 * (5 * 28 + 4), 2 * (3 * 28 + 2))
    assert f"|z| = {explorer.seen.lengths[0]:.2f}" in panel._captions[0].value
    assert f"distance {explorer.seen.distances[1]:.2f}" in panel._neighbour_captions[1].value
    assert 'aria-live="polite"' in panel._summary.value
    assert panel._failure.value == ""


def test_each_control_moves_its_own(live, until, reference):
    explorer, panel = live(generator, reference)
    before = explorer.seen
    drag(panel.share, 0.7)
    until(lambda: "t = 0.70" in panel._summary.value)
    drag(panel.threshold, 0.4)
    until(lambda: "truncated at 0.4" in panel._summary.value)
    walk, a, b = bytes(panel._walks[0].value), explorer.a, explorer.b
    press(panel.new_b)
    until(lambda: bytes(panel._walks[0].value) != walk)
    assert explorer.seen.place == (0, 1, 0.7, 0.4)
    np.testing.assert_array_equal(explorer.seen.walks[:, 0], before.walks[:, 0])
    assert (explorer.a == a).all() and (explorer.b != b).all()
    press(panel.new_a)
    until(lambda: explorer.seen.place.a == 1)
    assert (explorer.seen.walks[:, 0] != before.walks[:, 0]).any()


def test_after_any_moves_it_shows_what_a_fresh_look_shows(live, until, reference):
    rng = random.Random(0)
    explorer, panel = live(generator, reference, rows=2, columns=3, seed=3)
    for _ in range(8):
        for _ in range(rng.randint(1, 6)):
            moves = (
                lambda: press(panel.new_a),
                lambda: press(panel.new_b),
                lambda: drag(panel.share, rng.randint(0, 100) / 100),
                lambda: drag(panel.threshold, rng.choice([*THRESHOLDS, math.inf])),
            )
            rng.choice(moves)()
        until(lambda: explorer._worker is None)
        place = explorer.seen.place
        assert (place.share, place.threshold) == (panel.share.value, panel.threshold.value)
        fresh = LatentSpace(generator, reference, DIM, 2, 3, 3).look(place)
        for field in dataclasses.fields(fresh):
            found, expected = (getattr(seen, field.name) for seen in (explorer.seen, fresh))
            np.testing.assert_array_equal(found, expected)
        grid = latent_pictures.grid(fresh.samples, 3)
        assert bytes(panel._samples.value) == grid
        strip = latent_pictures.strip(fresh.walks[1], place.share)
        assert bytes(panel._walks[1].value) == strip
        assert latent_words.summary(fresh) in panel._summary.value.replace("&#x27;", "'")


def test_while_a_slider_is_dragged_what_was_left_is_passed_over(live, until):
    gate, asked = threading.Event(), []
    gate.set()

    def slow(z):
        asked.append(len(z))
        assert gate.wait(20)
        return generator(z)

    explorer, panel = live(slow)
    until(lambda: explorer._worker is None)
    asked.clear()
    gate.clear()
    start = time.monotonic()
    drag(panel.share, 0.0)
    until(lambda: asked == [2])
    for percent in range(1, 100):
        drag(panel.share, percent / 100)
    press(panel.new_a)
    press(panel.new_a)
    assert time.monotonic() - start < 5 and asked == [2]  # no callback waits for a picture
    gate.set()
    until(lambda: explorer._worker is None)
    assert explorer.seen.place[:3] == (2, 0, 0.99)
    assert asked == [2, 22, 2]  # the first place, and the last


def test_moves_from_two_threads_are_all_heard_and_the_generator_is_asked_by_one(live, until):
    inside, together = [], []

    def watched(z):
        inside.append(1)
        together.append(len(inside))
        time.sleep(0.001)
        inside.pop()
        return generator(z)

    explorer, panel = live(watched, rows=1, columns=1)

    def act(button, slider, values):
        for value in values:
            press(button)
            drag(slider, value)

    threads = [
        threading.Thread(target=act, args=[panel.new_a, panel.share, np.arange(100) / 100]),
        threading.Thread(target=act, args=[panel.new_b, panel.threshold, THRESHOLDS * 6]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    until(lambda: explorer._worker is None)
    assert explorer.seen.place == (100, 90, 0.99, 3.0)
    assert max(together) == 1
    assert "t = 0.99" in panel._summary.value and panel._failure.value == ""


def test_a_failing_generator_says_so_and_the_next_move_works_again(live, until):
    answers = [generator]
    explorer, panel = live(lambda z: answers[0](z))
    before = panel._summary.value

    def broken(z):
        raise RuntimeError("out of <order>")

    failures = {
        broken: "RuntimeError: out of &lt;order&gt;",
        (lambda z: generator(z)[:, :8]): "(22, 8, 28, 1)",
        (lambda z: generator(z) * np.nan): "NaN",
    }
    for number, (failing, words) in enumerate(failures.items(), start=1):
        answers[0] = failing
        press(panel.new_a)
        until(lambda words=words: words in panel._failure.value)
        assert 'role="alert"' in panel._failure.value
        assert panel._summary.value == before  # and the pictures stay as they were
        answers[0] = generator
        drag(panel.share, number / 10)
        until(lambda: explorer._worker is None)
        assert panel._failure.value == ""
        assert explorer.seen.place[:3] == (number, 0, number / 10)
        before = panel._summary.value


def test_a_fault_of_the_course_is_shown_too(live, until, monkeypatch):
    explorer, panel = live()
    with monkeypatch.context() as patch:
        patch.setattr(latent_words, "summary", lambda seen: {}["gap"])
        drag(panel.share, 0.1)
        until(lambda: "KeyError: 'gap'" in panel._failure.value.replace("&#x27;", "'"))
    until(lambda: explorer._worker is None)
    drag(panel.share, 0.2)
    until(lambda: "t = 0.20" in panel._summary.value)


def test_words_that_cannot_be_shown_do_not_stop_the_next_move(live, until, monkeypatch):
    explorer, panel = live()
    with monkeypatch.context() as patch:
        patch.setattr(panel, "tell", lambda failure: {}["page"])
        drag(panel.share, 0.1)
        until(lambda: explorer._worker is None)
    drag(panel.share, 0.2)
    until(lambda: "t = 0.20" in panel._summary.value)


def test_the_controls_are_pinned(monkeypatch, live):
    from course_utils.widgets import latent_panel

    pinned = []
    monkeypatch.setattr(latent_panel, "pin", lambda *widgets: pinned.extend(widgets))
    _, panel = live()
    assert pinned == [panel.new_a, panel.new_b, panel.share, panel.threshold]


def test_the_panel_begins_where_it_was_told(live):
    explorer, panel = live(share=0.25, threshold=0.55)
    assert (panel.share.value, panel.threshold.value) == (0.25, 0.55)
    assert [label for label, _ in panel.threshold.options][-1] == "off"
    explorer.show()
    assert explorer._panel is panel


# --- pictures and words -----------------------------------------------------------------------


@pytest.mark.parametrize(("share", "tile"), [(0, 0), (0.5, 5), (1, 10)])
def test_the_mark_is_below_the_image_at_t(share, tile):
    picture = latent_pictures.strip(np.zeros((WALK, 28, 28), np.uint8), share)
    band = np.asarray(Image.open(io.BytesIO(picture)))[56:, :, 3]
    marked = np.flatnonzero(band.any(axis=0))
    assert marked.mean() + 0.5 == 2 * (29 * tile + 14)


def test_tiles_are_in_reading_order_and_exact():
    images = np.arange(5 * 28 * 28).reshape(5, 28, 28).astype(np.uint8)
    sheet = np.asarray(Image.open(io.BytesIO(latent_pictures.grid(images, 3))))
    assert sheet.shape == (2 * 57, 2 * 86, 4)
    np.testing.assert_array_equal(sheet[58::2, 58:114:2, 0], images[4])
    assert (sheet[58:, 116:, 3] == 0).all() and (sheet[:56, :56, 3] == 255).all()


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_headless_leaves_a_picture_and_a_text(monkeypatch, capsys, code, reference):
    from course_utils import plotting

    language.use(code)
    shown = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: shown.append((figure, alt)))
    for given in (reference, None):
        explorer = LatentExplorer(generator, given, latent_dim=DIM, share=0.3, threshold=0.5)
        explorer.show()
        figure, alt = shown.pop()
        assert alt == explorer.summary() == capsys.readouterr().out.strip()
        assert len(figure.axes) == (7 if given is not None else 5)
        with plotting.missing_glyphs():
            plotting.png(figure)
    assert bool(re.search("[一-鿿]", alt)) == (code == "zh")
    assert "0.30" in alt and "0.5" in alt


@pytest.mark.parametrize(
    ("ratios", "words", "chinese"),
    [
        ((0.1, 0.4), "Both: much nearer than", "两者都比训练图像彼此之间通常近得多"),
        (
            (1.0, 2.0),
            "The first: about as far .* The second: further, pixel by pixel",
            "前者与训练图像彼此之间的距离相当.*后者像素距离",
        ),
    ],
)
def test_the_words_fit_the_distance(reference, ratios, words, chinese):
    seen = LatentExplorer(generator, reference, latent_dim=DIM).seen
    seen = dataclasses.replace(seen, distances=seen.peers * np.array(ratios))
    assert re.search(words, latent_words.summary(seen))
    language.use("zh")
    assert re.search(chinese, latent_words.summary(seen))


def test_every_word_is_there_in_both_languages():
    for name, words in latent_words.STRINGS.items():
        assert words.en and not re.search("[一-鿿]", words.en), name
        assert re.search("[一-鿿]", words.zh), name
