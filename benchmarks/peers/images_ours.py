"""A DCGAN by the course's engine: the quick one, or the textbook's with the paper's settings.

It makes the peers' step; besides, it averages G's weights and records six curves at every step.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from images_measuring import arguments, measure
from images_networks import parameters

from course_utils.data import digits
from course_utils.models import dcgan
from course_utils.training import GAN, runtime
from course_utils.training.sources import ImageSource


def quick_gan(batch: int, jit_compile: bool) -> GAN:
    """The quick networks with their settings."""
    return dcgan.build_gan(batch_size=batch, jit_compile=jit_compile)


def textbook_gan(batch: int, jit_compile: bool) -> GAN:
    """The textbook's networks; rates and β of Radford, Metz and Chintala 2016, section 4; no R1."""
    return GAN(
        dcgan.textbook_generator(),
        dcgan.textbook_discriminator(),
        ImageSource(digits.load("train")[0]),
        batch_size=batch,
        betas=(0.5, 0.999),
        discriminator_learning_rate=2e-4,
        generator_learning_rate=2e-4,
        jit_compile=jit_compile,
    )


def main():
    """Measure."""
    args = arguments(
        steps=100,
        batch=dcgan.SETTINGS["batch_size"],
        textbook="measure the textbook's networks",
        xla="compile the updates by XLA, as `train dcgan` does",
    )
    runtime.use_threads(args.threads)
    build = textbook_gan if args.textbook else quick_gan
    gan = build(args.batch, args.xla)
    name = ("ours: textbook networks" if args.textbook else "ours") + ", XLA" * args.xla
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure(name, gan.run, args, 5, parameters(gan.generator, gan.discriminator), versions)


if __name__ == "__main__":
    main()
