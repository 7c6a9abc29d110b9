"""How TensorFlow uses this machine.

The networks of the first lessons are so small that a second thread only waits for the first, and
burns a whole core while it waits: one thread makes a step in 60 µs of CPU, two threads in 150 µs.
And the core that is left over keeps JupyterLab smooth while a GAN trains in the background.
"""

from __future__ import annotations

import os

import tensorflow as tf


def use_threads(count: int) -> bool:
    """Has TensorFlow compute each operation with `count` threads; 0 means all cores.

    Returns:
        False if TensorFlow is already at work, when nothing can be changed any more.
    """
    try:
        tf.config.threading.set_intra_op_parallelism_threads(count)
    except RuntimeError:
        return False
    return True


# The advice about retracing is meant for loops that are to be quick; the lessons trace on purpose.
tf.get_logger().setLevel("ERROR")
if "TF_NUM_INTRAOP_THREADS" not in os.environ:
    use_threads(1)
