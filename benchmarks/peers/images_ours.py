"""A GAN by the course's engine: the quick DCGAN, or a textbook's networks with their settings.

It makes the peers' step; besides, it averages G's weights and records six curves at every step.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from images_measuring import arguments, measure
from images_networks import parameters

from course_utils.data import digits
from course_utils.models import acgan, dcgan
from course_utils.training import GAN, runtime
from course_utils.training.sources import ImageSource, LabelledSource


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


def textbook_acgan(batch: int, jit_compile: bool) -> GAN:
    """The widely copied ACGAN: D learns from `batch` real and as many generated, G from twice it.

    Its program does that with a batch of 100.
    """
    settings = {"batch_size": batch, "generator_batch_size": 2 * batch, "jit_compile": jit_compile}
    return GAN(
        acgan.textbook_generator(),
        acgan.textbook_discriminator(),
        LabelledSource(*digits.load("train"), 10),
        **{**acgan.TEXTBOOK_SETTINGS, **settings},
    )


def main():
    """Measure."""
    args = arguments(
        steps=100,
        batch=dcgan.SETTINGS["batch_size"],
        textbook="measure the textbook's networks",
        acgan="measure the textbook's ACGAN",
        xla="compile the updates by XLA, as `train dcgan` does",
    )
    runtime.use_threads(args.threads)
    build, of, warm_up = quick_gan, "", 5
    if args.textbook:
        build, of = textbook_gan, ": textbook networks"
    if args.acgan:
        build, of, warm_up = textbook_acgan, ": textbook ACGAN", 1
    gan = build(args.batch, args.xla)
    name = f"ours{of}" + ", XLA" * args.xla
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    measure(name, gan.run, args, warm_up, parameters(gan.generator, gan.discriminator), versions)


if __name__ == "__main__":
    main()
