"""How the judge is trained and calibrated: `python -m course_utils train judge`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from course_utils.checks import whole_number
from course_utils.data.images import to_unit_range
from course_utils.language import text
from course_utils.models.judge import Judge, build_network
from course_utils.training.randomness import check_seed

EPOCHS = 6
BATCH = 128
RATE = 2e-3
SHIFT = 2
"""A batch is moved by up to so many pixels in each direction."""
HELD_OUT = 1 / 12
"""Share of the training digits that only set the temperature: 5,000 of 60,000."""
FEWEST = 12 * BATCH
"""The fewest digits that a judge is trained on."""


class Trained(NamedTuple):
    """A judge, and how well calibrated it is on digits that it was not trained on.

    Attributes:
        judge: the judge.
        errors: `calibration_error` of the held-out digits, before and after calibration.
    """

    judge: Judge
    errors: tuple[float, float]


def train(
    images: np.ndarray,
    labels: np.ndarray,
    seed: int = 0,
    epochs: int = EPOCHS,
    progress: Callable[[int, int, dict], None] = lambda done, total, means: None,
) -> Trained:
    """Train a judge with Adam, its rate falling linearly to 0, on digits that are shifted a little.

    Args:
        images: uint8 [N, 28, 28], N >= 12 · 128; a twelfth of them is held out.
        labels: integers [N], 0 … 9.
        seed: whole number, 0 <= seed < 2**25: the initial weights, which digits are held out, the
            batches, shifts and dropout.
        epochs: passes over the digits, 1 or more.
        progress: called after each batch with the number of batches done, their total, and the
            epoch's means so far of `loss` (nats) and `accuracy`.

    Raises:
        ValueError: there are fewer digits, or `seed` or `epochs` is not of the kind above.
    """
    epochs = whole_number("epochs", epochs, 1)
    if len(images) < FEWEST:
        raise ValueError(
            text(
                en=f"images holds {len(images)} digits; at least {FEWEST} are needed to train a "
                "judge. digits.load('train') has 60,000.",
                zh=f"images 中只有 {len(images)} 个数字；训练裁判至少需要 {FEWEST} 个。"
                "digits.load('train') 提供 60,000 个。",
            )
        )
    keras.utils.set_random_seed(check_seed(seed))
    order = np.random.default_rng([seed, 0]).permutation(len(images))
    held_out, used = np.split(order, [round(HELD_OUT * len(images))])
    batches = _Batches(images[used], labels[used], seed)
    network = build_network()
    classifier = keras.Model(network.input, network.output[0])
    rate = keras.optimizers.schedules.PolynomialDecay(RATE, epochs * len(batches), 0.0)
    classifier.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=True,  # XLA on a single step: the quickest way on a CPU
    )
    classifier.fit(
        batches, epochs=epochs, verbose=0, callbacks=[_Progress(progress, epochs * len(batches))]
    )
    judge = Judge(network, 1.0)
    logits, known = judge.logits(images[held_out]), labels[held_out]
    judge.temperature = temperature(logits, known)
    errors = [
        calibration_error(_softmax(logits / heat), known) for heat in (1.0, judge.temperature)
    ]
    return Trained(judge, (errors[0], errors[1]))


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The T for which softmax(logits / T) gives `labels` the highest likelihood.

    Args:
        logits: [N, 10].
        labels: integers [N], 0 … 9, of digits that the judge was not trained on.

    Returns:
        From 0.05 to 20. Guo et al. 2017, arXiv:1706.04599, section 4.2.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    logits, rows = np.asarray(logits, np.float64), np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        heat = np.exp(log_temperature)
        return -log_softmax(logits / heat, axis=1)[rows, labels].mean()

    return float(np.exp(minimize_scalar(loss, bounds=np.log([0.05, 20]), method="bounded").x))


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: by how much confidence and accuracy differ.

    Images are sorted into equal bins of confidence; the error is the mean of |accuracy - mean
    confidence| over the bins, weighted by their sizes. Guo et al. 2017, arXiv:1706.04599, eq. 3.

    Args:
        probabilities: [N, 10], each row sums to 1.
        labels: integers [N], 0 … 9.
        bins: how many, 1 or more.

    Returns:
        From 0 (best) to 1.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, right - confidence, bins)
    return float(np.abs(gaps).sum() / len(labels))


def _softmax(logits: np.ndarray) -> np.ndarray:
    from scipy.special import softmax

    return softmax(np.asarray(logits, np.float64), axis=1)


class _Batches(keras.utils.PyDataset):
    """Shifted batches in an order of its own for each epoch."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, seed: int):
        super().__init__()
        edge = (SHIFT, SHIFT)
        self._images, self._labels = np.pad(images, ((0, 0), edge, edge)), labels
        self._random = np.random.default_rng([seed, 1])
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        self._order = self._random.permutation(len(self._labels))

    def __len__(self) -> int:
        return len(self._labels) // BATCH

    def __getitem__(self, number: int):
        chosen = self._order[number * BATCH : (number + 1) * BATCH]
        # One shift for a batch: as good as one for each image, and cheaper.
        down, right = self._random.integers(0, 2 * SHIFT + 1, 2)
        height, width = (side - 2 * SHIFT for side in self._images.shape[1:])
        moved = self._images[chosen, down : down + height, right : right + width]
        return tf.constant(to_unit_range(moved)), tf.constant(self._labels[chosen].astype(np.int32))


class _Progress(keras.callbacks.Callback):
    def __init__(self, report: Callable[[int, int, dict], None], total: int):
        super().__init__()
        self._report, self._done, self._total = report, 0, total

    def on_train_batch_end(self, batch, logs=None):
        self._done += 1
        self._report(self._done, self._total, dict(logs or {}))
