"""The x² GAN in PyTorch: eager as its tutorials write it, or with `torch.compile`."""

from __future__ import annotations

import torch
from measuring import BATCH, BETA_1, BETA_2, EPSILON, HALF, LATENT, RATE, arguments, measure
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits


def network(inputs, hidden, outputs):
    """Build two dense layers with Keras's initial weights: he_uniform, then glorot_uniform."""
    layers = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
    nn.init.kaiming_uniform_(layers[0].weight, nonlinearity="relu")
    nn.init.xavier_uniform_(layers[2].weight)
    nn.init.zeros_(layers[0].bias)
    nn.init.zeros_(layers[2].bias)
    return layers


def main():
    """Measure."""
    args = arguments(
        steps=1_000,
        single="use one thread",
        fused="use the fused Adam",
        compile="compile the whole step",
    )
    if args.single:
        torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    g, d = network(LATENT, 15, 2), network(2, 25, 1)
    settings = {"lr": RATE, "betas": (BETA_1, BETA_2), "eps": EPSILON}
    if args.fused:
        settings["fused"] = True
    adam_g, adam_d = (torch.optim.Adam(x.parameters(), **settings) for x in (g, d))
    ones, zeros, all_ones = torch.ones(HALF, 1), torch.zeros(HALF, 1), torch.ones(BATCH, 1)

    def step():
        x = torch.rand(HALF, 1) - 0.5
        real = torch.cat([x, x * x], dim=1)
        with torch.no_grad():
            fakes = g(torch.randn(HALF, LATENT))
        for points, labels in ((real, ones), (fakes, zeros)):
            adam_d.zero_grad()
            binary_cross_entropy_with_logits(d(points), labels).backward()
            adam_d.step()
        adam_g.zero_grad()
        fakes = g(torch.randn(BATCH, LATENT))
        binary_cross_entropy_with_logits(d(fakes), all_ones).backward()
        adam_g.step()

    one = torch.compile(step) if args.compile else step

    def train(steps):
        for _ in range(steps):
            one()

    def generate(n):
        with torch.no_grad():
            return g(torch.randn(n, LATENT)).tolist()

    name = "PyTorch, " + ("torch.compile" if args.compile else "eager")
    name += ", fused Adam" if args.fused else ""
    name += ", one thread" if args.single else ""
    versions = {"torch": torch.__version__, "threads": str(torch.get_num_threads())}
    measure(name, train, generate, args.steps, 100, versions)


if __name__ == "__main__":
    main()
