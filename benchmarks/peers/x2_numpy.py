"""The x² GAN by hand in NumPy: flat parameter vectors, no allocation in the step.

Biases are rows of the weight matrices: every batch has a last column of ones, and a constant column
in each matrix hands that column on. So a layer is one matrix product, forwards and backwards.
"""

from __future__ import annotations

import numpy as np
from measuring import BATCH, BETA_1, BETA_2, EPSILON, HALF, LATENT, RATE, arguments, measure

F = np.float32


class Network:
    """`[n, inputs + 1]` -> ReLU -> `[n, outputs]`, or `[n, outputs + 1]` to hand on the ones."""

    def __init__(self, inputs, hidden, outputs, hands_on, rng):
        shapes = (inputs + 1, hidden + 1), (hidden + 1, outputs + hands_on)
        split = shapes[0][0] * shapes[0][1]
        size = split + shapes[1][0] * shapes[1][1]
        self.parameters, self.gradients, self.trainable = np.zeros((3, size), F)
        (self.w1, self.w2), (self.d1, self.d2), trainable = (
            (flat[:split].reshape(shapes[0]), flat[split:].reshape(shapes[1]))
            for flat in (self.parameters, self.gradients, self.trainable)
        )
        self.w1[:-1, :-1] = rng.uniform(-1, 1, (inputs, hidden)) * np.sqrt(6 / inputs)
        limit = np.sqrt(6 / (hidden + outputs))
        self.w2[:-1, :outputs] = rng.uniform(-1, 1, (hidden, outputs)) * limit
        self.w1[-1, -1] = 1
        self.w2[-1, outputs:] = 1
        trainable[0][:, :-1] = 1
        trainable[1][:, :outputs] = 1
        self.m, self.v, self.buffer, self.step = *np.zeros((3, size), F), 0

    def adam(self):
        """Take one step along the gradients."""
        self.step += 1
        rate = RATE * np.sqrt(1 - BETA_2**self.step) / (1 - BETA_1**self.step)
        g, m, v, buffer = self.gradients, self.m, self.v, self.buffer
        g *= self.trainable
        m *= F(BETA_1)
        m += np.multiply(g, F(1 - BETA_1), out=buffer)
        v *= F(BETA_2)
        g *= g
        v += np.multiply(g, F(1 - BETA_2), out=buffer)
        np.sqrt(v, out=buffer)
        buffer += F(EPSILON)
        np.divide(m, buffer, out=buffer)
        buffer *= F(rate)
        self.parameters -= buffer


class Batch:
    """A batch on its way through a network: its activations, and the way back."""

    def __init__(self, network, n):
        self.network = network
        self.hidden = np.empty((n, network.w1.shape[1]), F)
        self.output = np.empty((n, network.w2.shape[1]), F)
        self.d_hidden, self.active = np.empty_like(self.hidden), np.empty(self.hidden.shape, bool)

    def forward(self, inputs):
        self.inputs = inputs
        np.matmul(inputs, self.network.w1, out=self.hidden)
        np.maximum(self.hidden, 0, out=self.hidden)
        return np.matmul(self.hidden, self.network.w2, out=self.output)

    def back_to_hidden(self, d_output):
        np.matmul(d_output, self.network.w2.T, out=self.d_hidden)
        self.d_hidden *= np.greater(self.hidden, 0, out=self.active)

    def backward(self, d_output):
        """Write the network's gradients."""
        self.back_to_hidden(d_output)
        np.matmul(self.hidden.T, d_output, out=self.network.d2)
        np.matmul(self.inputs.T, self.d_hidden, out=self.network.d1)


def d_logits(logits, label):
    """Turn the logits, in place, into the gradient of their mean binary cross-entropy."""
    sign = F(1 if label else -1)  # label 1: -1 / (1 + exp(l)); label 0: 1 / (1 + exp(-l))
    logits *= sign
    np.exp(logits, out=logits)
    logits += F(1)
    return np.divide(-sign / F(len(logits)), logits, out=logits)


class Game:
    """Both networks, their batches, and one iteration."""

    def __init__(self, seed):
        self.rng = rng = np.random.default_rng(seed)
        self.d, self.g = Network(2, 25, 1, False, rng), Network(LATENT, 15, 2, True, rng)
        self.d_half, self.d_whole = Batch(self.d, HALF), Batch(self.d, BATCH)
        self.g_half, self.g_whole = Batch(self.g, HALF), Batch(self.g, BATCH)
        self.real = np.ones((HALF, 3), F)
        self.z_half, self.z_whole = np.ones((HALF, LATENT + 1), F), np.ones((BATCH, LATENT + 1), F)
        self.d_fakes = np.empty((BATCH, 3), F)

    def latents(self, z):
        z[:, :-1] = self.rng.standard_normal((len(z), LATENT), F)
        return z

    def update_d(self, points, label):
        self.d_half.backward(d_logits(self.d_half.forward(points), label))
        self.d.adam()

    def step(self):
        x = self.rng.random(HALF, F)
        x -= F(0.5)
        self.real[:, 0] = x
        np.multiply(x, x, out=self.real[:, 1])
        fakes = self.g_half.forward(self.latents(self.z_half))
        self.update_d(self.real, 1)
        self.update_d(fakes, 0)
        fakes = self.g_whole.forward(self.latents(self.z_whole))
        self.d_whole.back_to_hidden(d_logits(self.d_whole.forward(fakes), 1))
        np.matmul(self.d_whole.d_hidden, self.d.w1.T, out=self.d_fakes)
        self.g_whole.backward(self.d_fakes)
        self.g.adam()


def main():
    """Measure."""
    args = arguments(steps=10_000)
    game = Game(args.seed)

    def train(steps):
        for _ in range(steps):
            game.step()

    def generate(n):
        return Batch(game.g, n).forward(game.latents(np.ones((n, LATENT + 1), F)))[:, :2]

    versions = {"numpy": np.__version__}
    measure("NumPy by hand", train, generate, args.steps, 500, versions)


if __name__ == "__main__":
    main()
