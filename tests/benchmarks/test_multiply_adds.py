"""The counting of multiply-adds that benchmarks/images.py compares with the machine's peak."""

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "multiply_adds.py"


@pytest.fixture(scope="module")
def counting():
    spec = importlib.util.spec_from_file_location("multiply_adds", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def networks():
    """G: 3 -> 4 x 4 x 2 -> 8 x 8 x 1, and D: 8 x 8 x 1 -> 4 x 4 x 5 -> 1."""
    import keras
    from keras import layers

    g = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4 * 4 * 2),
            layers.BatchNormalization(),
            layers.Reshape((4, 4, 2)),
            layers.Conv2DTranspose(1, 6, strides=2, padding="same"),
        ]
    )
    d = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(5, 3, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    return g, d


G_DENSE = 3 * 32
G_TRANSPOSED = 4 * 4 * (6 * 6) * 2 * 1  # every place of the input reaches 6 x 6 of the output
D_CONVOLUTION = 4 * 4 * (3 * 3) * 1 * 5  # every place of the output sums 3 x 3 of the input
D_DENSE = 4 * 4 * 5


def test_layers(counting, networks):
    counts = [[product.multiply_adds for product in counting.products(n)] for n in networks]
    assert counts == [[G_DENSE, G_TRANSPOSED], [D_CONVOLUTION, D_DENSE]]


def test_update_of_discriminator(counting, networks):
    without = counting.total(counting.discriminator_update(*networks, with_penalty=False))
    # G generates; D: forward, to its weights and, except in the first layer, to its inputs.
    assert without == G_DENSE + G_TRANSPOSED + 2 * (2 * D_CONVOLUTION + 3 * D_DENSE)
    added = counting.total(counting.discriminator_update(*networks, with_penalty=True)) - without
    # The slope; its gradient to the weights, and to the slopes that enter a layer from above.
    assert added == 3 * D_CONVOLUTION + 2 * D_DENSE


def test_update_of_generator(counting, networks):
    work = counting.total(counting.generator_update(*networks))
    assert work == 2 * G_DENSE + 3 * G_TRANSPOSED + 2 * (D_CONVOLUTION + D_DENSE)


def test_every_pass_is_the_same_work(counting, networks):
    for product in (product for network in networks for product in counting.products(network)):
        for m, k, n in product.sizes(batch=7).values():
            assert m * k * n == 7 * product.multiply_adds


def test_other_layers_are_refused(counting):
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((8, 8, 1)), layers.SeparableConv2D(2, 3)])
    with pytest.raises(ValueError, match="separable"):
        counting.products(model)
