"""What the notebooks of `live.py` import: a session, its panels, and the clocks beside them."""

from __future__ import annotations

import json
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

# Last, so that only what the course does not have itself comes from there.
sys.path += [
    str(path)
    for path in Path(__file__).parents[1].glob(".venv-benchmarks/lib/python*/site-packages")
]

import keras
import numpy as np
from IPython.display import display
from jupyter_client.session import Session as Wire
from keras import layers
from peers.live_ways import WAYS, Picture, show_anew

from course_utils import language
from course_utils.models import x2
from course_utils.training import GAN, Session
from course_utils.widgets import Lab, views
from course_utils.widgets.frames import Camera

KNOB = "instance_noise"
PEERS_RATE = 10  # frames a second
WAYS_PACKAGES = ("bqplot", "plotly", "matplotlib")
PACKAGES = (
    "tensorflow_cpu", "keras", "numpy", "jupyterlab", "ipykernel", "ipywidgets", "anywidget",
    "playwright", *WAYS_PACKAGES,
)  # fmt: skip


def versions() -> dict[str, str]:
    """Return the versions of all that takes part."""
    return {"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}}


def new_session() -> Session:
    """The x² GAN in a session, compiled, with enough steps for curves of 300 points."""
    language.use("en")
    session = Session(x2.build_gan(x2.TUTORIAL, seed=0), name="live")
    session.play(3000)
    session.wait()
    return session


def image_session() -> Session:
    """A small GAN of 28×28 images in a session, compiled."""
    generator = keras.Sequential(
        [keras.Input((16,)), layers.Dense(784, activation="sigmoid"), layers.Reshape((28, 28, 1))]
    )
    discriminator = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1)])
    session = Session(GAN(generator, discriminator, _Noise(), batch_size=64), name="images")
    session.play(100)
    session.wait()
    return session


class _Noise:
    """A source of images."""

    def draw(self, draws, count: int):
        return draws.uniform("data", (count, 28, 28, 1))


def small_panel(session: Session) -> Lab:
    """Our panel with the picture that the other ways draw (and arrows), at their rate."""
    lab = Lab(session, views=[views.Points(), views.Curves(["losses"])])
    lab.show()
    lab._panel.seconds = 1 / PEERS_RATE
    return lab


def whole_panel(session: Session) -> Lab:
    """Our panel as lessons show it, at its own rate."""
    lab = Lab(session, views=[views.Points(), views.Curves(), views.Histograms()])
    lab.show()
    return lab


class Arrivals:
    """When the training loop got each value of the knob: [time, value]."""

    def __init__(self, session: Session):
        self.seen: list[tuple[float, float]] = []
        self._last = None
        session.on_change(self._note)

    def _note(self, session: Session) -> None:
        value = session.read(lambda gan: gan.knobs[KNOB])
        if value != self._last:
            self._last = value
            self.seen.append((time.time(), value))


class Eye:
    """Takes the picture that the other ways draw, as our panel does."""

    def __init__(self, gan: GAN):
        self._camera = Camera(gan, [views.Points(arrows=False), views.Curves(["losses"])])

    def __call__(self, gan) -> Picture:
        """Look."""
        (meta, points), (_, curves) = self._camera.take(gan).views
        surface = points["surface"].reshape(64, 64)
        return Picture(
            points["real"], points["generated"], surface, curves["x"], curves["y"], meta["bounds"]
        )


class Showing:
    """Another way of drawing, displayed below the running cell and kept up while it trains."""

    def __init__(self, session: Session, name: str):
        self._eye, self._due = session.read(Eye), 0.0
        self.way = WAYS[name](session.read(self._eye))
        self.frames = 0
        display(self.way.widget)
        self.close = session.on_change(self._changed)

    def draw(self, gan) -> None:
        """Draw the present picture."""
        self.way.draw(self._eye(gan))

    def _changed(self, session: Session) -> None:
        now = time.monotonic()
        if session.playing and now >= self._due:
            self._due = max(self._due, now - 1 / PEERS_RATE) + 1 / PEERS_RATE
            session.read(self.draw)
            self.frames += 1


def clocks(session: Session) -> dict[str, float]:
    """Steps, wall time, CPU time of the kernel and of the training thread, at one moment."""
    return session.read(
        lambda gan: {
            "steps": gan.history.steps,
            "wall": time.perf_counter(),
            "kernel": time.process_time(),
            "thread": time.thread_time(),
        }
    )


def usual_loop(gan: GAN, eye: Eye, every: int, seconds: float) -> dict[str, float]:
    """A loop in a cell that trains and shows a new figure every so many steps."""
    gan.run(every)
    began, cpu, first, frames = time.perf_counter(), time.process_time(), gan.history.steps, 0
    while time.perf_counter() - began < seconds:
        gan.run(every)
        show_anew(eye(gan))
        frames += 1
    return {
        "steps": gan.history.steps - first,
        "wall": time.perf_counter() - began,
        "kernel": time.process_time() - cpu,
        "frames": frames,
    }


def own_draw(lab: Lab):
    """What our panel does for one frame, on the training thread."""
    camera, panel = lab._controller.camera, lab._panel
    return lambda gan: panel.show_frame(camera.take(gan, 1.0), [])


def frame_cost(session: Session, draw, frames: int) -> dict[str, float]:
    """The cost of one frame while somebody looks; paused, so that nothing else draws.

    Returns:
        `thread_ms`: CPU of the training thread, each frame after 50 steps of training;
        `kernel_ms`: CPU of the whole kernel, with the threads that send and that hear the answers;
        `messages` and `bytes` sent.
    """
    session.read(draw)

    def after_training(gan):
        times = []
        for _ in range(frames):
            gan.run(50)
            started = time.thread_time()
            draw(gan)
            times.append(time.thread_time() - started)
        return times

    def step_and_draw(gan):
        gan.run(1)  # else there is nothing new to send
        draw(gan)

    def apart(what, count):
        started = time.process_time()
        for _ in range(count):
            session.read(what)
            time.sleep(0.02)
        return 1e3 * (time.process_time() - started) / count

    times = session.read(after_training)
    idle = apart(lambda gan: gan.run(1), frames)
    kernel = apart(step_and_draw, frames)
    counted = min(frames, 20)
    with _Counter() as counter:
        apart(step_and_draw, counted)
    return {
        "frames": frames,
        "thread_ms": 1e3 * float(np.mean(times)),
        "thread_median_ms": 1e3 * float(np.median(times)),
        "kernel_ms": kernel - idle,
        "messages": counter.messages / counted,
        "bytes": counter.bytes / counted,
    }


class _Counter:
    """Counts what the kernel publishes, besides its status, while it is entered."""

    def __init__(self) -> None:
        self.messages = self.bytes = 0
        self._lock, self._send = threading.Lock(), Wire.send

    def __enter__(self) -> _Counter:
        def send(wire, stream, msg_or_type, content=None, *args, **options):
            given = isinstance(msg_or_type, dict)
            kind = msg_or_type["msg_type"] if given else msg_or_type
            if kind.startswith(("comm_", "display_", "clear_", "update_")):
                text = json.dumps(msg_or_type["content"] if given else content, default=str)
                buffers = options.get("buffers") or ()
                size = len(text) + sum(memoryview(part).nbytes for part in buffers)
                with self._lock:
                    self.messages, self.bytes = self.messages + 1, self.bytes + size
            return self._send(wire, stream, msg_or_type, content, *args, **options)

        Wire.send = send
        return self

    def __exit__(self, *exception) -> None:
        Wire.send = self._send
