"""Whose images the class mixer shows: a generator's as it is, or a session's while it trains."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from course_utils.language import text
from course_utils.widgets.mixer_space import Place, Seen, look

if TYPE_CHECKING:
    from course_utils.training import Session

SECONDS = 0.5
"""Between two pictures of a session that trains, at least."""
SHARE_OF_TIME = 0.05
"""Of the training time that these pictures may take."""


class GeneratorSource:
    """A conditional Keras generator that nobody trains; it is called on a thread of its own.

    Args:
        generator: Keras model [latents, conditions] -> images [N, 28, 28, 1].
        seed: fixes the latents, which are normal: the n-th is the same for equal seeds.

    Attributes:
        classes: that it knows.

    Raises:
        ValueError: the generator is not of this kind.
    """

    def __init__(self, generator, seed: int):
        inputs = getattr(generator, "input_shape", None)
        if not (isinstance(inputs, list) and len(inputs) == 2 and inputs[0][-1] and inputs[1][-1]):
            raise ValueError(_refusal(type(generator).__name__))
        self._generator, self._seed = generator, seed
        self._latent_dim, self.classes = inputs[0][-1], inputs[1][-1]

    def look(self, place: Place) -> Seen:
        """See `mixer_space.look`."""
        random = np.random.default_rng([self._seed, place.latent])
        latent = random.standard_normal(self._latent_dim, np.float32)
        return look(self._generate, latent, self.classes, place)

    def look_at_once(self, place: Place) -> Seen:
        """The same, from any thread."""
        return self.look(place)

    def run(self, job: Callable[[], bool], failed: Callable[[Exception], None]) -> None:
        """Has a thread call `job` until it returns False; does not wait."""

        def work():
            while job():
                pass

        threading.Thread(target=work, name="class-mixer").start()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """A generator that nobody trains does not change."""
        return lambda: None

    def _generate(self, latents, conditions):
        # A model in training mode would normalize by this batch.
        return self._generator([latents, conditions], training=False)


class SessionSource:
    """A session with a conditional GAN; it is looked at on the session's worker, between chunks.

    Args:
        session: of that GAN.
        seed: fixes the latents, which follow the GAN's knobs.

    Attributes:
        classes: that the GAN knows.

    Raises:
        ValueError: the GAN knows no classes, or makes no images [28, 28, 1].
    """

    def __init__(self, session: Session, seed: int):
        self._session, self._seed = session, seed
        self.classes, shape = session.read(lambda g: (g.classes, g.generator.output_shape[1:]))
        if not self.classes or shape != (28, 28, 1):
            raise ValueError(_refusal(f"Session of {self.classes} classes, samples {shape}"))

    def look(self, place: Place) -> Seen:
        """See `mixer_space.look`; on the worker."""
        return self._session.read(lambda gan: self._look(gan, place))

    look_at_once = look

    def run(self, job: Callable[[], bool], failed: Callable[[Exception], None]) -> None:
        """Has the worker call `job`, and again if it returns True, between chunks of training.

        Args:
            job: what to do.
            failed: called with what `job` raises, or with `SessionClosed`.
        """

        def ended(future):
            if future.exception() is not None:
                failed(future.exception())
            elif future.result():
                self.run(job, failed)

        self._session.post(lambda session: job()).add_done_callback(ended)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls `changed` on the worker when the GAN has changed, now and then while it trains.

        Returns:
            A function that ends this.
        """
        marks, due = None, float("-inf")

        def listen(session):
            nonlocal marks, due
            now = time.monotonic()
            if session.playing and now < due:
                return
            history, *rest = session.read(
                lambda gan: (gan.history, gan.history.steps, dict(gan.knobs))
            )
            if marks is not None and marks[0] is history and marks[1] == rest:
                return
            marks = history, rest
            changed()
            cost = time.monotonic() - now
            due = time.monotonic() + max(SECONDS, cost / SHARE_OF_TIME)

        return self._session.on_change(listen)

    def _look(self, gan, place: Place) -> Seen:
        averaged = gan.knobs["ema_decay"] > 0

        def generate(latents, conditions):
            return gan.generate_from(latents, conditions, averaged=averaged)

        latent = gan.latents(1, seed=[self._seed, place.latent])[0]
        return look(generate, latent, gan.classes, place, gan.history.steps)


def _refusal(found: str) -> str:
    return text(
        en=f"ClassMixer was given: {found}. It needs a generator with two inputs, a Keras model "
        "[latents, conditions] -> images [N, 28, 28, 1], or a Session with such a GAN.",
        zh=f"ClassMixer 得到的是：{found}。它需要有两个输入的生成器，即 Keras 模型 "
        "[隐变量, 条件] -> 图像 [N, 28, 28, 1]，或者训练这种 GAN 的 Session。",
    )
