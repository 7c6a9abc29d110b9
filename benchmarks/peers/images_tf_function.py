"""The quick DCGAN's networks, loss and R1 in TensorFlow as its tutorials write a step.

One `tf.function` a step without XLA, a tape for each network, data from `tf.data`. It neither
averages weights nor records curves.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from images_measuring import arguments, measure
from images_networks import binary_cross_entropy, parameters, shuffled_digits

from course_utils.models import dcgan
from course_utils.training import runtime


def main():
    """Measure."""
    settings = dcgan.SETTINGS
    args = arguments(steps=50, batch=settings["batch_size"], xla="compile the step with XLA")
    runtime.use_threads(args.threads)
    g, d = dcgan.build_generator(), dcgan.build_discriminator()
    beta_1, beta_2 = settings["betas"]
    adam_g, adam_d = (
        keras.optimizers.Adam(settings[f"{player}_learning_rate"], beta_1, beta_2)
        for player in ("generator", "discriminator")
    )
    adam_g.build(g.trainable_variables)
    adam_d.build(d.trainable_variables)

    @tf.function(jit_compile=args.xla)
    def step(real):
        fake = g(tf.random.normal((args.batch, g.input_shape[-1])), training=True)
        with tf.GradientTape() as tape:
            with tf.GradientTape() as slope_tape:
                slope_tape.watch(real)
                real_logits = d(real, training=True)
            slope = slope_tape.gradient(real_logits, real)
            squared = tf.reduce_mean(tf.reduce_sum(slope**2, axis=(1, 2, 3)))
            d_loss = (
                binary_cross_entropy(real_logits, 1.0)
                + binary_cross_entropy(d(fake, training=True), 0.0)
                + 0.5 * settings["r1_weight"] * squared
            )
        variables = d.trainable_variables
        adam_d.apply(tape.gradient(d_loss, variables), variables)
        with tf.GradientTape() as tape:
            fake = g(tf.random.normal((args.batch, g.input_shape[-1])), training=True)
            g_loss = binary_cross_entropy(d(fake, training=True), 1.0)
        variables = g.trainable_variables
        adam_g.apply(tape.gradient(g_loss, variables), variables)
        return g_loss

    batches = shuffled_digits(args.batch)

    def train(steps):
        for _ in range(steps):
            loss = step(next(batches))
        loss.numpy()

    name = "tf.function each step" + (", XLA" if args.xla else "")
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure(name, train, args, 5, parameters(g, d), versions)


if __name__ == "__main__":
    main()
