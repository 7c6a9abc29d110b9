"""Random numbers drawn inside the compiled step.

Every number is a pure function of (seed, step, draw, stream): nothing is carried from one step to
the next. That is what makes a run repeatable whatever the size of the chunks it was trained in, and
what lets a run be rewound and replayed. The generator is Philox: Salmon et al., "Parallel random
numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

import math

import tensorflow as tf

from course_utils.training.checks import whole_number

DRAWS_PER_STEP = 64
"""How many draws (for instance D's batches within one step) a step may make from one stream."""

_STREAMS = (
    "data",
    "data_normals",
    "latents",
    "real_noise",
    "fake_noise",
    "real_flips",
    "fake_flips",
    "real_classes",
    "fake_classes",
    "class_flips",
    "flipped_classes",
)
_LARGEST_SEED = 2**31 // 64


class Draws:
    """The random numbers of one draw.

    Args:
        seed: int32 tensor or int, the run's seed, 0 <= seed < 2**25.
        step: int32 tensor or int, the step's number.
        draw: int32 tensor or int, 0 <= draw < DRAWS_PER_STEP: which draw of that step.
    """

    def __init__(self, seed, step, draw):
        self._seed, self._counter = seed, step * DRAWS_PER_STEP + draw

    def uniform(self, stream: str, shape) -> tf.Tensor:
        """float32 numbers of `shape`, uniform in [0, 1)."""
        key = tf.stack([self._seed * 64 + _STREAMS.index(stream), self._counter])
        # The algorithm is named: TensorFlow's own choice is ten times slower on a CPU under XLA.
        return tf.random.stateless_uniform(shape, key, alg="philox")

    def normal(self, stream: str, shape) -> tf.Tensor:
        """float32 numbers of `shape`, standard normal.

        Box and Muller (1958): cheaper under XLA than the inverse error function of
        `stateless_normal`.
        """
        try:
            count = math.prod(shape)
        except TypeError:  # the size of a batch of `fit` is known only when the step runs
            count = tf.reduce_prod(shape)
        uniforms = self.uniform(stream, (2, (count + 1) // 2))
        radius = tf.sqrt(-2.0 * tf.math.log(1.0 - uniforms[0]))
        angle = 2.0 * math.pi * uniforms[1]
        normals = tf.concat([radius * tf.cos(angle), radius * tf.sin(angle)], axis=0)
        return tf.reshape(normals[:count], shape)


def check_seed(seed: int) -> int:
    """`seed` as an int; raises ValueError unless it is a whole number, 0 <= seed < 2**25."""
    return whole_number("seed", seed, 0, _LARGEST_SEED - 1)
