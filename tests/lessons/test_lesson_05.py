"""What lesson 05 shows is what the package does, and what it says about the bugs is true."""

from pathlib import Path

import numpy as np
import pytest

from course_utils import language
from course_utils.models import conditional
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read
from course_utils.training import one_hot


@pytest.fixture(scope="module")
def cells():
    """The text of each code cell, by its id."""
    source = read(Layout(Path(__file__).parents[2]).source("05_conditional_gan"))
    return {cell.id: cell for cell in source.code}


@pytest.fixture(scope="module")
def lesson(cells):
    """The names that the cells up to the four ways define."""
    names, before = {}, language._chosen
    for name in ("setup", "generator", "concatenation", "planes", "embedding-way", "projection"):
        exec(cells[name].text, names)
    for name in ("late", "reach-solution", "bug", "planes-solution", "wrong-planes"):
        exec(cells[name].text, names)
    language._chosen = before
    return names


def described(model):
    """What each layer is and whom it listens to, without the names that Keras made up."""
    place = {layer.name: number for number, layer in enumerate(model.layers)}
    found = []
    for layer in model.layers:
        config = {key: value for key, value in layer.get_config().items() if key != "name"}
        inputs = [
            place[tensor._keras_history.operation.name]
            for node in layer._inbound_nodes
            for tensor in node.input_tensors
        ]
        found.append((type(layer).__name__, config, inputs))
    return found


WAYS = ("concatenation", "planes", "embedding", "projection")


def test_the_ways_of_the_lesson_are_all_ways_of_the_package():
    assert WAYS == conditional.WAYS


@pytest.mark.parametrize("way", WAYS)
def test_the_discriminators_are_the_package_s(lesson, way):
    mine, theirs = lesson[way](4, 6), conditional.build_discriminator(way, 4, 6)
    assert mine.name == theirs.name and mine.input_shape == theirs.input_shape
    random = np.random.default_rng(0)
    images = np.float32(random.uniform(-1, 1, (5, 28, 28, 1)))
    conditions = one_hot(np.array([3, 1, 4, 1, 5]))
    assert [w.shape for w in mine.weights] == [w.shape for w in theirs.weights]
    weights = [np.float32(random.normal(size=w.shape)) for w in mine.weights]
    mine.set_weights(weights)
    theirs.set_weights(weights)
    np.testing.assert_array_equal(mine([images, conditions]), theirs([images, conditions]))
    wrong = one_hot(np.array([1, 3, 4, 1, 5]))
    assert not np.allclose(mine([images, conditions])[:2], mine([images, wrong])[:2])


def test_the_generator_is_the_package_s(lesson):
    mine = lesson["build_generator"](latent_dim=7, channels=4)
    theirs = conditional.build_generator(latent_dim=7, channels=4)
    assert described(mine) == described(theirs)
    assert mine.output_shape == (None, 28, 28, 1)
    defaults = lesson["build_generator"](), conditional.build_generator()
    assert described(defaults[0]) == described(defaults[1])


def test_reach_is_zero_only_where_image_and_class_never_meet(lesson):
    images = np.float32(np.random.default_rng(1).uniform(-1, 1, (20, 28, 28, 1)))

    def reach(discriminator):
        def logit(images, condition):
            return discriminator([images, np.tile(condition, (20, 1))]).numpy()[:, 0]

        return lesson["reach"](logit, images, *one_hot(np.array([3, 8])))

    lesson["keras"].utils.set_random_seed(0)
    assert reach(lesson["joined_last"](4, 6)) < 1e-6
    wrong = lesson["planes"](4, 6, make_planes=lesson["wrong_planes"])
    for discriminator in (*(lesson[way](4, 6) for way in WAYS), wrong):
        assert reach(discriminator) > 1e-3


def test_the_wrong_planes_are_the_copied_ones_and_no_pixel_carries_its_class(lesson):
    every_class = one_hot(np.arange(10))
    copied = lesson["copied_planes"](every_class, 28, 28)
    np.testing.assert_array_equal(lesson["wrong_planes"](every_class), copied)
    right = lesson["label_planes"](every_class, 28, 28)
    np.testing.assert_array_equal(lesson["right_planes"](every_class), right)
    assert not (copied == right).all(axis=-1).any()
