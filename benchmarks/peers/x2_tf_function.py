"""The x² GAN in TensorFlow as its tutorials write it: one `tf.function` a step, fed by NumPy."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from measuring import BATCH, BETA_1, BETA_2, EPSILON, HALF, LATENT, RATE, arguments, measure


def network(inputs, hidden, outputs):
    """Build two dense layers."""
    first = layers.Dense(hidden, activation="relu", kernel_initializer="he_uniform")
    return keras.Sequential([keras.Input((inputs,)), first, layers.Dense(outputs)])


def loss(logits, label):
    """Mean binary cross-entropy of logits."""
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))


def main():
    """Measure."""
    args = arguments(steps=1_500, xla="compile the step with XLA")
    keras.utils.set_random_seed(args.seed)
    random = np.random.default_rng(args.seed)
    g, d = network(LATENT, 15, 2), network(2, 25, 1)
    adam_g, adam_d = (keras.optimizers.Adam(RATE, BETA_1, BETA_2, EPSILON) for _ in range(2))
    adam_g.build(g.trainable_variables)
    adam_d.build(d.trainable_variables)

    @tf.function(jit_compile=args.xla)
    def step(real, z_d, z_g):
        fakes = g(z_d, training=True)
        for points, label in ((real, 1.0), (fakes, 0.0)):
            with tf.GradientTape() as tape:
                d_loss = loss(d(points, training=True), label)
            variables = d.trainable_variables
            adam_d.apply(tape.gradient(d_loss, variables), variables)
        with tf.GradientTape() as tape:
            g_loss = loss(d(g(z_g, training=True), training=True), 1.0)
        variables = g.trainable_variables
        adam_g.apply(tape.gradient(g_loss, variables), variables)
        return d_loss, g_loss

    def latents(n):
        return tf.constant(random.standard_normal((n, LATENT), np.float32))

    def train(steps):
        for _ in range(steps):
            x = random.random((HALF, 1), np.float32) - np.float32(0.5)
            real = tf.constant(np.concatenate([x, x * x], axis=1))
            losses = step(real, latents(HALF), latents(BATCH))
        losses[1].numpy()

    def generate(n):
        return g(latents(n), training=False).numpy()

    name = "tf.function each step" + (", XLA" if args.xla else "")
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure(name, train, generate, args.steps, 50, versions)


if __name__ == "__main__":
    main()
