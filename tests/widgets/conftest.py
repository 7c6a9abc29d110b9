"""A small GAN, a session of it, and a face that notes what it is shown."""

import contextlib
import threading
import time

import pytest


@pytest.fixture(scope="session")
def traced_gan():
    from course_utils.data.targets import x_squared
    from course_utils.models import x2
    from course_utils.training import GAN

    return GAN(x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=16)


@pytest.fixture
def gan(traced_gan):
    """The same GAN for all tests, so that it compiles once; as new in each."""
    from course_utils.training.knobs import KNOBS

    vars(traced_gan).pop("run", None)  # what a test may have put in its place
    traced_gan.knobs._set(**{name: knob.from_number(knob.default) for name, knob in KNOBS.items()})
    traced_gan.reset(0)
    return traced_gan


@pytest.fixture
def session(gan):
    from course_utils.training import Session

    session = Session(gan, name="test")
    yield session
    with contextlib.suppress(Exception):
        session.close()


@pytest.fixture
def image_gan():
    """A GAN of 12 × 10 images; it is never trained."""
    import keras
    import tensorflow as tf
    from keras import layers

    from course_utils.training import GAN

    class Noise:
        def draw(self, draws, count):
            return tf.tanh(draws.normal("data_normals", (count, 12, 10, 1)))

    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(120, activation="tanh"), layers.Reshape((12, 10, 1))]
    )
    discriminator = keras.Sequential([keras.Input((12, 10, 1)), layers.Flatten(), layers.Dense(1)])
    return GAN(generator, discriminator, Noise(), batch_size=4)


@pytest.fixture(scope="session")
def conditional_gan():
    """An ACGAN of 28 × 28 images of ten classes, with a convolution: so it compiles in no time."""
    import keras
    import numpy as np
    from keras import layers

    from course_utils.training import GAN
    from course_utils.training.sources import LabelledSource

    labels = np.arange(20) % 10
    images = np.full((20, 28, 28), 12 * labels[:, None, None], np.uint8)
    z, y, x = keras.Input((3,)), keras.Input((10,)), keras.Input((28, 28, 1))
    drawn = layers.Dense(784, "tanh")(layers.Concatenate()([z, y]))
    generator = keras.Model([z, y], layers.Reshape((28, 28, 1))(drawn))
    seen = layers.Flatten()(layers.Conv2D(1, 1)(x))
    discriminator = keras.Model(x, [layers.Dense(1)(seen), layers.Dense(10)(seen)])
    gan = GAN(generator, discriminator, LabelledSource(images, labels), batch_size=4)
    gan.run(1)
    return gan


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quiet_cell(monkeypatch):
    """No cell runs; the test may say otherwise."""
    from course_utils.widgets import presence

    cell = presence.Cell()
    monkeypatch.setattr(presence, "CELL", cell)
    return cell


@pytest.fixture
def make_face():
    from course_utils.widgets.faces import Face

    class Noting(Face):
        """Notes what it is shown, on which thread, and acknowledges if told to."""

        def __init__(self, acknowledges=True):
            self.acknowledges = acknowledges
            self.states, self.frames, self.sent, self.threads = [], [], [], []
            self.closed = False

        def show_state(self, state):
            self.states.append(state)

        def show_frame(self, frame, changes):
            self.threads.append(threading.current_thread().name)
            self.frames.append(frame)

        def send(self, message):
            self.sent.append(message)

        def close(self):
            self.closed = True

        def answers(self, number):
            return [m["error"] for m in self.sent if m["type"] == "answer" and m["id"] == number]

    return Noting


@pytest.fixture
def until():
    """Waits until a condition holds."""

    def wait(condition, seconds=20.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.005)
        return True

    return wait


@pytest.fixture
def settle():
    """Waits until a session's worker has done all that waits, and what that brings about."""

    def wait(session):
        for _ in range(3):
            session.post(lambda s: None).result(20)

    return wait


@pytest.fixture
def english(monkeypatch):
    from course_utils import language

    monkeypatch.setattr(language, "_chosen", "en")
