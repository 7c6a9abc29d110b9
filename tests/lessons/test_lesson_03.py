"""What lesson 03 shows is what the package does; its gpu cells run, with tiny sizes."""

from pathlib import Path

import numpy as np
import pytest

from course_utils import language
from course_utils.models import dcgan
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read


@pytest.fixture(scope="module")
def cells():
    """The text of each code cell, by its id."""
    source = read(Layout(Path(__file__).parents[2]).source("03_dcgan"))
    return {cell.id: cell for cell in source.code}


@pytest.fixture
def lesson(cells, monkeypatch):
    """The names that the set-up cell defines."""
    monkeypatch.setattr(language, "_chosen", None)  # put back afterwards
    names = {}
    exec(cells["setup"].text, names)
    return names


def configs(model):
    return [layer.get_config() | {"name": ""} for layer in model.layers]


def test_the_networks_are_the_package_s(cells, lesson):
    for kind in ("textbook", "quick"):
        for player in ("generator", "discriminator"):
            exec(cells[f"{kind}-{player}"].text, lesson)
            name = f"textbook_{player}" if kind == "textbook" else f"build_{player}"
            mine, theirs = lesson[name](), getattr(dcgan, name)()
            assert configs(mine) == configs(theirs)
            assert mine.input_shape == theirs.input_shape and mine.name == theirs.name


def test_the_pixel_shuffle_makes_blocks_of_groups_of_channels():
    channels = np.arange(2 * 3 * 4, dtype=np.float32).reshape(1, 2, 3, 4)
    pixels = np.array(dcgan.PixelShuffle(2)(channels))[0, :, :, 0]
    assert pixels.shape == (4, 6)
    np.testing.assert_array_equal(pixels[2:4, 4:6].ravel(), channels[0, 1, 2])


def test_a_changed_network_has_the_layers_of_the_list_and_weights_of_its_own(cells, lesson):
    for name in ("quick-generator", "quick-discriminator", "surgery"):
        exec(cells[name].text, lesson)
    network = lesson["build_discriminator"](channels=2, hidden=3)
    copy = lesson["changed"](network, list)
    assert configs(copy) == configs(network)
    assert not {id(w) for w in copy.weights} & {id(w) for w in network.weights}
    shorter = lesson["changed"](network, lambda stack: [*stack[:-3], stack[-1]])
    assert len(shorter.layers) == len(network.layers) - 2 and shorter.output_shape == (None, 1)


@pytest.fixture
def without_compiling():
    """TensorFlow's functions run as plain Python: for one step, compiling would take longer."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def test_the_gpu_cells_run_with_tiny_sizes(cells, lesson, without_compiling):
    assert "gpu" in cells["wide-run"].tags
    shown = {}
    lesson |= {
        "train_images": np.random.default_rng(0).integers(0, 256, (32, 28, 28)).astype(np.uint8),
        "show_digits": lambda rows, alt: shown.update(rows),
    }
    for name in ("wide-sizes", "wide-generator", "wide-discriminator"):
        exec(cells[name].text, lesson)
    lesson["wide"] |= {"channels": (4, 4, 2, 2), "batch_size": 2, "digits": 24, "steps": 1}
    exec(cells["wide-run"].text, lesson)
    (images,) = shown.values()
    assert images.shape == (12, 64, 64) and images.dtype == np.uint8 and images.std() > 0
    assert lesson["large"].shape == (24, 64, 64, 1)
    assert lesson["wide_gan"].step == 1


def test_the_wide_pair_has_the_sizes_of_the_text(cells, lesson):
    for name in ("wide-sizes", "wide-generator", "wide-discriminator"):
        exec(cells[name].text, lesson)
    channels = tuple(count // 64 for count in lesson["wide"]["channels"])
    assert lesson["wide_generator"](channels).output_shape == (None, 64, 64, 1)
    discriminator = lesson["wide_discriminator"](channels)
    shapes = [layer.output.shape[1:] for layer in discriminator.layers if "conv" in layer.name]
    assert shapes == [(32, 32, 1), (16, 16, 2), (8, 8, 4), (4, 4, 8)]
