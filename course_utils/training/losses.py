"""Adversarial losses, written on logits: the discriminator's output before the sigmoid.

A loss offers three functions of a batch of logits `[N, 1]`, each returning one value per sample:
`real(logits, targets)` and `fake(logits, targets)` for the discriminator, `generator(logits)` for
the generator, whose logits are those of its own samples. `targets` are what D is told to answer: 1
for real and 0 for fake unless labels are smoothed or flipped.
"""

from __future__ import annotations

import tensorflow as tf


def binary_cross_entropy(logits, targets):
    """-t log σ(l) - (1 - t) log(1 - σ(l)), in nats, written so that no logit overflows."""
    return tf.nn.softplus(logits) - targets * logits


class NonSaturating:
    """G maximises log D(G(z)). Goodfellow et al. 2014, arXiv:1406.2661, section 3."""

    def real(self, logits, targets):
        """D's loss on real samples: binary cross-entropy, in nats, `[N, 1]`."""
        return binary_cross_entropy(logits, targets)

    def fake(self, logits, targets):
        """D's loss on generated samples: binary cross-entropy, in nats, `[N, 1]`."""
        return binary_cross_entropy(logits, targets)

    def generator(self, logits):
        """G's loss, -log σ(l), in nats, `[N, 1]`."""
        return tf.nn.softplus(-logits)


class Minimax(NonSaturating):
    """G minimises log(1 - D(G(z))), as in the game's own value.

    Its gradient dies where D(G(z)) is near 0. Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """

    def generator(self, logits):
        """G's loss, log(1 - σ(l)), in nats, `[N, 1]`; never above 0."""
        return -tf.nn.softplus(logits)
