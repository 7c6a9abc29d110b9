"""Where the CPU time of a training step of the quick DCGAN goes, beside this machine's peak.

    .venv/bin/python benchmarks/images_peak.py --threads 1

Prints one line of JSON, as the peers do; `images.py` runs it. All in one process, so that it is one
machine in one state: the step, float32 matrix products of the step's own sizes and of 1024 x 1024,
and the parts of a step, each a call of its own. All are compiled as the engine compiles the updates
of networks with convolutions: by `tf.function`, without XLA. A part alone also reads and writes
what the whole step keeps in its caches, so parts need not add up.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable

import keras
import multiply_adds
import tensorflow as tf

from course_utils.data import digits
from course_utils.data.images import to_unit_range
from course_utils.models import dcgan
from course_utils.training import effects, runtime
from course_utils.training.randomness import Draws

LARGE = (1024, 1024, 1024)
AT_ONCE = 8
"""Products in one call, so that a small one is not lost in the cost of calling."""

UPDATE = "D's update with R1 (latents, G forward, D, Adam)"
WITHOUT_R1 = "D's update without R1"

LEAST = 20
"""Repeats of what takes a millisecond: fewer measure nothing."""


def seconds(call: Callable, repeats: int, *arguments) -> tuple[float, float]:
    """CPU and wall seconds of a call, the mean of `repeats`; the first, which compiles, apart."""
    tf.nest.map_structure(_finish, call(*arguments))
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        last = call(*arguments)
    tf.nest.map_structure(_finish, last)
    return (time.process_time() - cpu) / repeats, (time.perf_counter() - wall) / repeats


def _finish(result) -> None:
    if result is not None:
        result.numpy()


def product_speed(size: tuple[int, int, int], repeats: int) -> dict:
    """GFLOP a CPU second, and a wall second, of [m, k] @ [k, n]; a multiply-add is two."""
    m, k, n = size
    count = 1 if size == LARGE else AT_ONCE
    random = tf.random.Generator.from_seed(0)
    lefts = [random.normal((m, k)) for _ in range(count)]
    rights = [random.normal((k, n)) for _ in range(count)]
    multiply = tf.function(
        lambda lefts, rights: [a @ b for a, b in zip(lefts, rights, strict=True)]
    )
    cpu, wall = seconds(multiply, repeats, lefts, rights)
    work = 2e-9 * count * m * k * n
    return {"size": size, "gflop_per_cpu_second": work / cpu, "gflop_per_second": work / wall}


def parts(gan) -> dict[str, Callable]:
    """What a step consists of, as functions of the step's number."""
    count = gan.batch_size
    real = tf.constant(to_unit_range(digits.load("train")[0][:count]))
    latents = tf.constant(gan.latents(count))
    players = (
        ("D", gan.discriminator_optimizer, gan.discriminator),
        ("G", gan.generator_optimizer, gan.generator),
    )

    def draws(step):
        return Draws(0, step, 0)

    def adam(optimizer, variables):
        def update(step):
            # From the argument, or they would be constants of the compiled call.
            small = 1e-4 * tf.cast(step, tf.float32)
            optimizer.apply([tf.fill(v.shape, small) for v in variables], variables)

        return update

    def average(step):
        effects.average_weights(gan.ema_generator, gan.generator, 0.995, step)

    return {
        "a call that does nothing": lambda step: step + 1,
        "drawing a batch": lambda step: gan.source.draw(draws(step), count),
        "drawing latents": lambda step: effects.latents(
            gan.knobs, draws(step), (count, gan.latent_dim)
        ),
        "G forward": lambda step: gan.generator(latents, training=True),
        "D forward": lambda step: gan.discriminator(real, training=True),
        UPDATE: lambda step: gan.update_discriminator(real, draws(step)),
        "G's update (latents, G, D, Adam, averaging)": lambda step: gan.update_generator(
            draws(step)
        ),
        **{
            f"Adam of {player}": adam(optimizer, network.trainable_variables)
            for player, optimizer, network in players
        },
        "averaging of G's weights": average,
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1, help="0: all cores")
    parser.add_argument("--steps", type=int, default=100, help="steps, and repeats of each part")
    args = parser.parse_args()
    runtime.use_threads(args.threads)
    gan = dcgan.build_gan()
    gan.run(5)
    cpu, wall = time.process_time(), time.perf_counter()
    gan.run(args.steps)
    cpu, wall = (time.process_time() - cpu) / args.steps, (time.perf_counter() - wall) / args.steps
    penalty = gan.knobs["r1_weight"] > 0
    work = [
        *multiply_adds.discriminator_update(gan.generator, gan.discriminator, penalty),
        *multiply_adds.generator_update(gan.generator, gan.discriminator),
    ]
    updates = {
        WITHOUT_R1: multiply_adds.discriminator_update(
            gan.generator, gan.discriminator, with_penalty=False
        ),
        "step": work,
    }
    repeats = max(LEAST, args.steps)
    # Passes of one size are measured once, and counted.
    uses: dict[tuple[int, int, int], int] = {}
    for part in work:
        for name, size in part.product.sizes(gan.batch_size).items():
            uses[size] = uses.get(size, 0) + getattr(part, name)
    products = [
        {**product_speed(size, repeats), "times_in_a_step": times}
        for size, times in uses.items()
        if times
    ]
    step = tf.constant(1)
    compiled = {name: tf.function(part) for name, part in parts(gan).items()}
    measured = {name: 1e3 * seconds(part, repeats, step)[0] for name, part in compiled.items()}
    gan.set(r1_weight=0.0)  # The same call, which reads the knob and leaves the penalty out.
    measured[WITHOUT_R1] = 1e3 * seconds(compiled[UPDATE], repeats, step)[0]
    result = {
        "name": f"step, products and parts, {args.threads or 'all'} thread(s)",
        "threads": args.threads,
        "cpu_seconds_per_step": cpu,
        "wall_seconds_per_step": wall,
        "steps": args.steps,
        "batch": gan.batch_size,
        "multiply_adds": {
            name: gan.batch_size * multiply_adds.total(of) for name, of in updates.items()
        },
        "peak": product_speed(LARGE, LEAST),
        "products": products,
        "part_cpu_ms": measured,
        "load_average": os.getloadavg()[0],
        "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
