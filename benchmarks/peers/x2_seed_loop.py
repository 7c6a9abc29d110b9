"""The x² GAN as tutorials have long written it in Keras: `predict` and three `train_on_batch`.

In Keras 3 the usual order of lines leaves D untrained without an error: the training function reads
`trainable` when it is first built. Here D's is built before D is frozen, so that both learn.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from measuring import BATCH, HALF, LATENT, arguments, measure


def real_points(n):
    """Return `[n, 2]`, on the curve."""
    x = np.random.rand(n) - 0.5
    return np.stack([x, x * x], axis=1)


def main():
    """Measure."""
    args = arguments(steps=30)
    keras.utils.set_random_seed(args.seed)
    d = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(25, activation="relu", kernel_initializer="he_uniform"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    d.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    d.train_on_batch(real_points(HALF), np.ones((HALF, 1)))
    before = d.get_weights()
    d.trainable = False
    g = keras.Sequential(
        [
            keras.Input((LATENT,)),
            layers.Dense(15, activation="relu", kernel_initializer="he_uniform"),
            layers.Dense(2),
        ]
    )
    both = keras.Sequential([keras.Input((LATENT,)), g, d])
    both.compile(loss="binary_crossentropy", optimizer="adam")

    def train(steps):
        for _ in range(steps):
            fakes = g.predict(np.random.randn(HALF, LATENT), verbose=0)
            d.train_on_batch(real_points(HALF), np.ones((HALF, 1)))
            d.train_on_batch(fakes, np.zeros((HALF, 1)))
            both.train_on_batch(np.random.randn(BATCH, LATENT), np.ones((BATCH, 1)))

    def generate(n):
        return g.predict(np.random.randn(n, LATENT), verbose=0)

    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure("Keras: predict + 3 train_on_batch", train, generate, args.steps, 5, versions)
    assert not all(map(np.array_equal, before, d.get_weights())), "D does not train"


if __name__ == "__main__":
    main()
