"""A small GAN that is traced once for the whole test run; each test gets it freshly reset."""

import pytest


def _make_gan(**options):
    from course_utils.data.targets import x_squared
    from course_utils.models import x2
    from course_utils.training import GAN

    return GAN(x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=16, **options)


@pytest.fixture(scope="session")
def shared_gan():
    return _make_gan()


@pytest.fixture
def gan(shared_gan):
    from course_utils.training.knobs import KNOBS

    shared_gan.knobs._set(**{name: knob.from_number(knob.default) for name, knob in KNOBS.items()})
    shared_gan.reset(0)
    return shared_gan


@pytest.fixture
def weights():
    """Reads all variables of a part of a GAN as one list of arrays."""

    def read(model):
        return [variable.numpy().copy() for variable in model.variables]

    return read


@pytest.fixture
def make_gan():
    """Builds another GAN, for what cannot be changed in one that is there."""
    return _make_gan


@pytest.fixture
def moved():
    """Whether any number differs between two lists of arrays."""

    def differ(before, after):
        return any((old != new).any() for old, new in zip(before, after, strict=True))

    return differ


@pytest.fixture
def drawn():
    """What a step draws, as arrays: (seed, step, draw) -> real samples and latents.

    Compiled as the engine compiles it: outside XLA, also where
    constant keys are folded away before it, the same key gives other numbers.
    """
    import tensorflow as tf

    from course_utils.training.randomness import Draws

    def draw(gan, step, number, count=16):
        @tf.function(jit_compile=True)
        def compiled(step, number):
            draws = Draws(gan._seed, step, number)
            return gan.source.draw(draws, count), draws.normal("latents", (count, gan.latent_dim))

        real, latents = compiled(tf.constant(step), tf.constant(number))
        return real.numpy(), latents.numpy()

    return draw
