import keras
import numpy as np
import pytest
from keras import layers

from course_utils.clinic import anatomy


@pytest.fixture
def model():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.BatchNormalization()])
    return keras.Sequential(
        [keras.Input((3,)), inner, layers.Dropout(0.5), layers.Dense(1, activation="tanh")]
    )


def test_learned_variables_are_found_behind_the_flag(model):
    expected = [v.path for v in model.trainable_variables]
    model.layers[0].layers[1].trainable = False
    flags = [layer.trainable for layer in anatomy.layers_of(model)]
    model.trainable = False
    assert not model.trainable_variables
    assert [v.path for v in anatomy.learned_variables(model)] == expected
    assert not model.trainable_variables
    model.trainable = True
    model.layers[0].layers[1].trainable = False
    assert [v.path for v in anatomy.learned_variables(model)] == expected
    assert [layer.trainable for layer in anatomy.layers_of(model)] == flags


def test_layers_inside_layers_are_found(model):
    assert len(anatomy.normalizations(model)) == 1
    assert len(anatomy.random_layers(model)) == 1
    assert anatomy.output_range(model) == (-1, 1)
    assert not anatomy.convolves(model)


def test_everything_is_put_back(model):
    x = np.ones((8, 3), np.float32) * np.arange(8)[:, None]
    kept = anatomy.Kept(model)
    first = np.asarray(model(x, training=True))
    second = np.asarray(model(x, training=True))
    assert (first != second).any()  # dropout drew again
    for variable in model.variables:
        variable.assign(np.ones(variable.shape, variable.dtype))
    kept.restore()
    np.testing.assert_array_equal(np.asarray(model(x, training=True)), first)


def test_reshaping_after_the_last_activation_does_not_hide_it():
    parts = [keras.Input((4,)), layers.Dense(4, activation="sigmoid"), layers.Reshape((2, 2))]
    assert anatomy.last_activation(keras.Sequential(parts)) == "sigmoid"
    linear = [keras.Input((4,)), layers.Dense(4, activation="sigmoid"), layers.Dense(1)]
    assert anatomy.last_activation(keras.Sequential(linear)) == "linear"
    apart = [keras.Input((4,)), layers.Dense(4), layers.Activation("sigmoid")]
    assert anatomy.last_activation(keras.Sequential(apart)) == "sigmoid"


def test_what_an_operation_does_counts_and_rescaling_hides_the_range():
    inputs = keras.Input((4,))
    functional = keras.Model(inputs, keras.ops.sigmoid(layers.Dense(1)(inputs)))
    assert anatomy.last_activation(functional) == "sigmoid"
    nested = keras.Sequential([keras.Input((4,)), functional])
    assert anatomy.last_activation(nested) == "sigmoid"
    parts = [keras.Input((4,)), layers.Dense(4, activation="tanh"), layers.Rescaling(0.5, 0.5)]
    assert anatomy.output_range(keras.Sequential(parts)) == (-np.inf, np.inf)
    added = layers.Add()([layers.Dense(1)(inputs), layers.Dense(1, activation="tanh")(inputs)])
    assert anatomy.last_activation(keras.Model(inputs, added)) == "linear"
    assert anatomy.output_range(keras.Sequential([*parts[:1], layers.ReLU()])) == (0, np.inf)


class Block(layers.Layer):
    """Layers that no model lists: in an attribute, in a list, in a wrapper, and one is frozen."""

    def __init__(self):
        super().__init__()
        self.parts = [layers.Dense(4), layers.BatchNormalization()]
        self.frozen = layers.Dense(4, trainable=False)
        self.wrapped = layers.SpectralNormalization(layers.Dense(1, trainable=False))

    def call(self, inputs):
        return self.wrapped(self.frozen(self.parts[1](self.parts[0](inputs))))


def test_layers_inside_blocks_and_wrappers_are_found_and_stay_frozen():
    model = keras.Sequential([keras.Input((3,)), Block()])
    block = model.layers[0]

    def flags():
        frozen = block.parts[0].trainable, block.frozen.trainable, block.wrapped.layer.trainable
        return *frozen, len(model.trainable_variables)

    before = flags()
    learned = anatomy.learned_variables(model)
    assert flags() == before == (True, False, False, 4)
    assert len(learned) == 8
    assert anatomy.normalizations(model) == [block.parts[1]]
