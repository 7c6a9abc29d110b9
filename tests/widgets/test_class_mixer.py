"""The class mixer: what it shows, its controls from several threads, a session that trains."""

import gc
import random
import re
import threading
import time
import weakref

import numpy as np
import pytest

from course_utils import language
from course_utils.data.images import to_pixels
from course_utils.models import judge
from course_utils.training import Session
from course_utils.widgets import ClassMixer, class_mixer, mixer_pictures, mixer_words

DIM = 4
PATTERNS = np.random.default_rng(0).standard_normal((DIM + 10, 28 * 28)) / 2


class Generator:
    """Answers like a Keras model with two inputs, and counts."""

    input_shape = [(None, DIM), (None, 10)]  # noqa: RUF012

    def __init__(self):
        self.calls, self.error, self.gate = 0, None, threading.Event()
        self.gate.set()

    def __call__(self, inputs, training):
        assert training is False
        self.calls += 1
        assert self.gate.wait(20)
        if self.error:
            raise self.error
        return np.tanh(np.concatenate(inputs, axis=1) @ PATTERNS).reshape(-1, 28, 28, 1)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setenv("COURSE_MODE", "headless")


@pytest.fixture
def live(monkeypatch, until):
    """Shows a mixer as JupyterLab would; returns it and its panel. At the end no thread is left."""
    import IPython.display

    monkeypatch.setenv("COURSE_MODE", "live")
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: None)
    mixers, threads = [], set(threading.enumerate())

    def make(source, **options):
        mixer = ClassMixer(source, **options)
        mixer.show()
        mixers.append(mixer)
        return mixer, mixer._panel

    yield make
    for mixer in mixers:
        until(lambda mixer=mixer: not mixer._is_working)
        mixer.close()
        mixer.close()
    until(lambda: not {t for t in set(threading.enumerate()) - threads if "mixer" in t.name})


@pytest.fixture
def session(conditional_gan):
    conditional_gan.reset(0)
    session = Session(conditional_gan, name="mixed")
    yield session
    session.close()


def choose(control, value):
    """A message of the page that a list or a slider was moved."""
    key = "index" if hasattr(control, "options") else "value"
    control.set_state({key: value})


def press(button):
    button._handle_custom_msg({"event": "click"}, [])


def test_the_walk_and_the_image_are_what_the_generator_makes_of_mixtures():
    generator = Generator()
    seen = ClassMixer(generator, first=2, second=7, share=0.25, seed=5).seen
    latent = np.random.default_rng([5, 0]).standard_normal(DIM, np.float32)
    for share, image in [*zip(np.arange(11) / 10, seen.walk, strict=True), (0.25, seen.image)]:
        condition = (1 - share) * np.eye(10)[2] + share * np.eye(10)[7]
        samples = generator([latent[None], condition[None].astype("f4")], training=False)
        np.testing.assert_allclose(image, to_pixels(samples)[0], atol=1)
    probabilities = judge.load().probabilities(seen.walk)
    np.testing.assert_allclose(seen.verdicts, probabilities, atol=1e-5)
    assert generator.calls == 13


def test_every_control_does_what_it_says(live, until):
    generator = Generator()
    mixer, panel = live(generator)
    before = [bytes(panel._strip.value), bytes(panel._image.value)]

    def at(*place):
        until(lambda: mixer.seen.place == place and not mixer._is_working)

    choose(panel.first, 3)
    at(3, 1, 0.5, 0)
    choose(panel.second, 8)
    at(3, 8, 0.5, 0)
    assert "From class 3 to class 8" in panel._title.value
    choose(panel.share, 0.9)
    at(3, 8, 0.9, 0)
    assert "0.90 × class 8" in panel._caption.value
    press(panel.new_latent)
    at(3, 8, 0.9, 1)
    assert "latent no. 1" in panel._summary.value and 'role="status"' in panel._summary.value
    assert before[0] != bytes(panel._strip.value) and before[1] != bytes(panel._image.value)
    assert re.search(r"judge: \d \(\d+%\), \d \(\d+%\)", panel._caption.value)


def test_the_walk_goes_to_and_fro_from_where_the_slider_is(live, until):
    mixer, panel = live(Generator(), share=0.33)
    panel.beats.set_state({"value": 3})  # nobody walks: the slider stays
    assert panel.share.value == 0.33
    panel.walk.set_state({"value": True})
    assert panel.beats.playing and panel.beats.value == 7 and panel.share.value == 0.33
    for value, share in ((10, 0.5), (20, 1.0), (30, 0.5), (39, 0.05)):
        panel.beats.set_state({"value": value})
        assert panel.share.value == pytest.approx(share)
    until(lambda: mixer.seen.place.share == pytest.approx(0.05))
    panel.walk.set_state({"value": False})
    assert not panel.beats.playing


def test_a_screen_reader_is_not_told_each_step_of_a_walk(live, until):
    mixer, panel = live(Generator(), share=0.0)
    panel.walk.set_state({"value": True})
    panel.beats.set_state({"value": 10})
    until(lambda: mixer.seen.place.share == 0.5 and "0.50" in panel._caption.value)
    until(lambda: not mixer._is_working)
    assert "has 0%" in panel._summary.value
    panel.walk.set_state({"value": False})
    assert "has 50%" in panel._summary.value


def test_the_controls_are_pinned(monkeypatch, live):
    from course_utils.widgets import mixer_panel

    pinned = []
    monkeypatch.setattr(mixer_panel, "pin", lambda *widgets: pinned.extend(widgets))
    _, panel = live(Generator())
    names = ("first", "second", "share", "new_latent", "walk", "beats")
    assert pinned == [getattr(panel, name) for name in names]


def test_places_left_before_their_turn_are_passed_over(live, until):
    generator = Generator()
    mixer, panel = live(generator)
    calls = generator.calls
    generator.gate.clear()
    choose(panel.share, 0.0)
    until(lambda: generator.calls == calls + 1)
    start = time.monotonic()
    for percent in range(1, 100):
        choose(panel.share, percent / 100)
    assert time.monotonic() - start < 5  # no callback waits for a picture
    generator.gate.set()
    until(lambda: mixer.seen.place.share == 0.99)
    assert generator.calls == calls + 2


@pytest.mark.parametrize(
    ("error", "words"),
    [(RuntimeError("out of <order>"), "out of &lt;order&gt;"), (None, "NaN"), (KeyError("x"), "x")],
)
def test_a_failure_is_told_and_the_next_move_works_again(live, until, error, words):
    generator = Generator()
    mixer, panel = live(generator)
    generator.error = error
    if error is None:
        generator.gate.wait = lambda seconds: PATTERNS.fill(np.nan) or True
    kept = PATTERNS.copy()
    try:
        choose(panel.first, 4)
        until(lambda: words in panel._failure.value)
    finally:
        PATTERNS[:] = kept
    assert 'role="alert"' in panel._failure.value and mixer.seen.place.first == 0
    generator.error, generator.gate = None, threading.Event()
    generator.gate.set()
    choose(panel.first, 5)
    until(lambda: mixer.seen.place.first == 5 and panel._failure.value == "")


@pytest.mark.parametrize(
    "options",
    [{"first": 10}, {"second": -1}, {"share": 1.5}, {"share": "half"}, {"seed": -1}],
)
def test_impossible_arguments_are_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        ClassMixer(Generator(), **options)


def test_a_source_of_another_kind_is_refused_in_the_learners_language(gan):
    one_input = type("Model", (), {"input_shape": (None, 4)})()
    for source in (lambda z: z, one_input, None):
        with pytest.raises(ValueError, match="two inputs"):
            ClassMixer(source)
    language.use("zh")
    with pytest.raises(ValueError, match="两个输入"):
        ClassMixer(one_input)
    session = Session(gan, name="no classes")
    with pytest.raises(ValueError, match="0 classes"):
        language.use("en")
        ClassMixer(session)
    session.close()


# --- a session --------------------------------------------------------------------------------


def test_it_follows_a_session_that_trains_and_not_too_often(session, live, until, monkeypatch):
    mixer, panel = live(session, first=2)
    assert mixer.seen.step == 0
    first = session.read(lambda gan: gan.generate(1, [0, 0], conditions=[2]))
    np.testing.assert_array_equal(mixer.seen.walk[0], to_pixels(first)[0])
    times = []
    shown = panel.update
    monkeypatch.setattr(panel, "update", lambda seen: times.append(time.monotonic()) or shown(seen))
    session.play()
    until(lambda: len(times) > 3)
    choose(panel.share, 0.75)  # while it trains
    until(lambda: mixer.seen.place.share == 0.75)
    session.pause()
    until(lambda: mixer.seen.step == session.read(lambda gan: gan.step))
    gaps = np.diff(times)
    assert np.sort(gaps)[-3] >= 0.45  # but for the move and the pause
    assert f"step {mixer.seen.step:,}" in panel._caption.value
    session.reset()
    until(lambda: mixer.seen.step == 0)
    assert session.read(lambda gan: gan.history.log())["events"] == []


def test_it_does_nothing_before_it_is_shown_and_after_it_is_closed(session, until, live):
    looks = []
    hidden = ClassMixer(session)
    hidden._source.look = lambda place: looks.append(place)
    session.step()
    session.wait()
    assert looks == [] and hidden.seen.step == 0
    mixer, _ = live(session)
    until(lambda: mixer.seen.step == 1)
    mixer.close()
    session.step()
    session.wait()
    assert mixer.seen.step == 1 and session._listeners == []


def test_a_newer_mixer_takes_the_place_of_an_older_one_that_can_be_forgotten(session, live):
    old, _ = live(session)
    new, _ = live(session)
    assert len(session._listeners) == 1 and class_mixer._live["mixed"] is new
    new.close()
    assert session._listeners == [] and "mixed" not in class_mixer._live
    lonely = weakref.ref(ClassMixer(session))
    gc.collect()
    assert lonely() is None
    old.close()


def test_a_closed_session_is_told(session, live, until):
    _, panel = live(session)
    session.close()
    choose(panel.first, 4)
    until(lambda: "closed" in panel._failure.value)
    choose(panel.first, 5)  # and again: nothing waits for ever
    until(lambda: "closed" in panel._failure.value)


def test_a_slip_of_the_course_does_not_stop_the_training(session, live, until, monkeypatch):
    mixer, panel = live(session)
    with monkeypatch.context() as patch:
        patch.setattr(mixer_words, "summary", lambda seen: {}["gap"])
        session.step(count=3)
        session.wait()
        until(lambda: "gap" in panel._failure.value)
    session.step()
    session.wait()
    until(lambda: panel._failure.value == "" and mixer.seen.step == 4)


@pytest.mark.parametrize("seed", [0, 1])
def test_anything_in_any_order_from_two_threads(session, live, until, seed):
    mixer, panel = live(session)

    def act(number):
        rng = random.Random(2 * seed + number)
        actions = [
            lambda: choose(panel.first, rng.randrange(10)),
            lambda: choose(panel.second, rng.randrange(10)),
            lambda: choose(panel.share, rng.randrange(101) / 100),
            lambda: press(panel.new_latent),
            lambda: panel.walk.set_state({"value": rng.random() < 0.5}),
            lambda: panel.beats.set_state({"value": rng.randrange(40)}),
            lambda: session.step(),
            lambda: session.play(20),
            lambda: session.reset(),
            lambda: session.pause(),
        ]
        for _ in range(40):
            rng.choice(actions)()

    threads = [threading.Thread(target=act, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    session.pause()
    until(lambda: not mixer._is_working)
    until(lambda: mixer.seen.step == session.read(lambda gan: gan.step))
    assert mixer.seen.place == mixer._wanted and panel._failure.value == ""
    controls = panel.first.value, panel.second.value, panel.share.value
    assert controls == pytest.approx(mixer.seen.place[:3])


# --- pictures and words -----------------------------------------------------------------------


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_headless_leaves_a_picture_and_a_text(monkeypatch, capsys, code):
    from course_utils import plotting

    language.use(code)
    shown = []
    monkeypatch.setattr(plotting, "show", lambda figure, alt: shown.append((figure, alt)))
    mixer = ClassMixer(Generator(), first=3, second=5, share=0.3)
    mixer.show()
    ((figure, alt),) = shown
    assert alt == mixer.summary() == capsys.readouterr().out.strip()
    with plotting.missing_glyphs():
        assert plotting.png(figure).startswith(b"\x89PNG")
    assert bool(re.search("[一-鿿]", alt)) == (code == "zh")
    assert "30%" in alt and mixer._panel is None


def test_without_ten_classes_there_is_no_judge():
    class Three(Generator):
        input_shape = [(None, DIM), (None, 3)]  # noqa: RUF012

        def __call__(self, inputs, training):
            return np.zeros((len(inputs[0]), 28, 28, 1))

    mixer = ClassMixer(Three(), second=2)
    assert mixer.seen.verdict is None and "judge" not in mixer.summary()
    assert mixer_pictures.figure(mixer.seen) and len(mixer_words.image(mixer.seen)) == 2


def test_every_word_is_there_in_both_languages():
    for name, words in mixer_words.STRINGS.items():
        assert words.en and not re.search("[一-鿿]", words.en), name
        assert re.search("[一-鿿]", words.zh), name
