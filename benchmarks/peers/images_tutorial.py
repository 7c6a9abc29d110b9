"""Networks of the sizes of TensorFlow's DCGAN tutorial, trained as it trains them.

One `tf.function` a step, batches of 256, Adam with a rate of 1e-4, no R1. Both updates use the same
generated images, which G makes once.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from images_measuring import arguments, measure
from images_networks import binary_cross_entropy, parameters, shuffled_digits
from keras import layers

LATENT = 100


def generator():
    """Build G: 7 x 7 x 256, then transposed convolutions 5 x 5 to 128, 64 and 1 channels."""
    model = keras.Sequential([keras.Input((LATENT,))])
    model.add(layers.Dense(7 * 7 * 256, use_bias=False))
    model.add(layers.Reshape((7, 7, 256)))
    for channels, stride in ((128, 1), (64, 2)):
        model.add(layers.BatchNormalization())
        model.add(layers.LeakyReLU())
        model.add(_transposed(channels, stride))
    model.add(layers.BatchNormalization())
    model.add(layers.LeakyReLU())
    model.add(_transposed(1, 2, activation="tanh"))
    return model


def _transposed(channels, stride, **options):
    return layers.Conv2DTranspose(
        channels, 5, strides=stride, padding="same", use_bias=False, **options
    )


def discriminator():
    """Build D: convolutions 5 x 5 of stride 2 with 64 and 128 channels, dropout, one dense."""
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for channels in (64, 128):
        model.add(layers.Conv2D(channels, 5, strides=2, padding="same"))
        model.add(layers.LeakyReLU())
        model.add(layers.Dropout(0.3))
    model.add(layers.Flatten())
    model.add(layers.Dense(1))
    return model


def main():
    """Measure."""
    args = arguments(steps=4, batch=256)
    tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    g, d = generator(), discriminator()
    adam_g, adam_d = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)
    adam_g.build(g.trainable_variables)
    adam_d.build(d.trainable_variables)

    @tf.function
    def step(real):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = g(tf.random.normal((args.batch, LATENT)), training=True)
            real_logits, fake_logits = d(real, training=True), d(fake, training=True)
            g_loss = binary_cross_entropy(fake_logits, 1.0)
            d_loss = binary_cross_entropy(real_logits, 1.0)
            d_loss += binary_cross_entropy(fake_logits, 0.0)
        for network, adam, tape, loss in ((g, adam_g, g_tape, g_loss), (d, adam_d, d_tape, d_loss)):
            variables = network.trainable_variables
            adam.apply(tape.gradient(loss, variables), variables)
        return g_loss

    batches = shuffled_digits(args.batch)

    def train(steps):
        for _ in range(steps):
            loss = step(next(batches))
        loss.numpy()

    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure("TensorFlow tutorial's networks", train, args, 1, parameters(g, d), versions)


if __name__ == "__main__":
    main()
