"""What lesson 01 shows is what the package does: the same networks, the same step."""

from pathlib import Path

import numpy as np
import pytest

from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson's own code defines."""
    source = read(Layout(Path(__file__).parents[2]).source("01_x2_gan"))
    names = {}
    for cell in source.code:
        if cell.id in (
            "setup",
            "real-points",
            "build-discriminator",
            "build-generator",
            "train-step",
        ):
            exec(cell.text.split("figure, axes")[0], names)
    return names


def test_the_networks_are_the_package_s(lesson):
    from course_utils.models import x2

    for mine, theirs in (
        (lesson["build_generator"](), x2.build_generator()),
        (lesson["build_discriminator"](), x2.build_discriminator()),
    ):
        assert [layer.get_config() | {"name": ""} for layer in mine.layers] == [
            layer.get_config() | {"name": ""} for layer in theirs.layers
        ]
    assert lesson["build_generator"]().count_params() == 122
    assert lesson["build_discriminator"]().count_params() == 101


def test_the_real_points_are_the_package_s(lesson):
    from course_utils.data.targets import x_squared

    points = lesson["real_points"](1000, np.random.default_rng(0))
    assert points.dtype == np.float32
    np.testing.assert_allclose(points[:, 1], x_squared.f(points[:, 0]), atol=1e-7)
    assert points[:, 0].min() < -0.49 and points[:, 0].max() > 0.49


def test_the_step_is_the_engine_s(lesson):
    """Three steps from the same weights on the same batches, to rounding."""
    import keras
    import tensorflow as tf

    from course_utils.models import x2
    from course_utils.training.randomness import Draws

    gan = x2.build_gan(x2.TUTORIAL, seed=3)
    G, D = lesson["build_generator"](), lesson["build_discriminator"]()
    G.set_weights(gan.generator.get_weights())
    D.set_weights(gan.discriminator.get_weights())
    optimizers = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)

    @tf.function(jit_compile=True)
    def batches(step):
        first, last = (
            Draws(gan._seed, step, tf.constant(0)),
            Draws(gan._seed, step, tf.constant(32)),
        )
        z = first.normal("latents", (64, 5)), last.normal("latents", (128, 5))
        return gan.source.draw(first, 64), *z

    for step in range(3):
        lesson["train_step"](G, D, *optimizers, *batches(tf.constant(step)))
    gan.run(3)
    for mine, theirs in ((G, gan.generator), (D, gan.discriminator)):
        for a, b in zip(mine.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=2e-6)
