"""The quick DCGAN's networks, loss and R1 in PyTorch, eager, with the fused Adam.

The sizes are those of `course_utils.models.dcgan`: `images.py` compares the numbers of parameters.
It neither averages weights nor records curves.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from images_measuring import arguments, measure
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

DIGITS = Path(__file__).resolve().parents[2] / "course_utils" / "data" / "mnist.npz"
LATENT, CHANNELS, HIDDEN = 64, 32, 128
RATE, BETAS, EPSILON, R1 = 2e-3, (0.0, 0.99), 1e-7, 2.0


def generator():
    """Build G: latents `[N, 64]` -> `[N, 1, 28, 28]`."""
    parts = [nn.Linear(LATENT, 7 * 7 * CHANNELS, bias=False), nn.Unflatten(1, (CHANNELS, 7, 7))]
    for _ in range(2):
        parts += [nn.BatchNorm2d(CHANNELS), nn.ReLU()]
        parts.append(nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1, bias=False))
    parts += [nn.BatchNorm2d(CHANNELS), nn.ReLU(), nn.Conv2d(CHANNELS, 16, 3, padding=1)]
    return nn.Sequential(*parts, nn.PixelShuffle(4), nn.Tanh())


def discriminator():
    """Build D: `[N, 1, 28, 28]` -> logits `[N, 1]`."""
    parts = [nn.PixelUnshuffle(4)]
    for inputs in (16, CHANNELS):
        parts += [nn.Conv2d(inputs, CHANNELS, 3, padding=1), nn.LeakyReLU(0.2)]
    parts += [nn.Flatten(), nn.Linear(7 * 7 * CHANNELS, HIDDEN), nn.LeakyReLU(0.2)]
    return nn.Sequential(*parts, nn.Linear(HIDDEN, 1))


def main():
    """Measure."""
    args = arguments(steps=100, batch=64, channels_last="keep images as NHWC in memory")
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    layout = torch.channels_last if args.channels_last else torch.contiguous_format
    g, d = (build().to(memory_format=layout) for build in (generator, discriminator))
    adam_g, adam_d = (
        torch.optim.Adam(network.parameters(), lr=RATE, betas=BETAS, eps=EPSILON, fused=True)
        for network in (g, d)
    )
    with np.load(DIGITS) as arrays:
        images = torch.from_numpy(arrays["x_train"])[:, None]
    ones, zeros = torch.ones(args.batch, 1), torch.zeros(args.batch, 1)

    def generate():
        return g(torch.randn(args.batch, LATENT))

    def step():
        chosen = images[torch.randint(len(images), (args.batch,))]
        real = (chosen.float() / 127.5 - 1.0).contiguous(memory_format=layout).requires_grad_()
        with torch.no_grad():
            fake = generate()
        real_logits = d(real)
        loss = cross_entropy(real_logits, ones) + cross_entropy(d(fake), zeros)
        (slope,) = torch.autograd.grad(real_logits.sum(), real, create_graph=True)
        loss = loss + 0.5 * R1 * slope.square().sum((1, 2, 3)).mean()
        # Only D's own gradients: `backward` would compute the image's as well.
        adam_d.zero_grad()
        loss.backward(inputs=list(d.parameters()))
        adam_d.step()
        adam_g.zero_grad()
        cross_entropy(d(generate()), ones).backward(inputs=list(g.parameters()))
        adam_g.step()

    def train(steps):
        for _ in range(steps):
            step()

    name = "PyTorch eager, fused Adam" + (", channels_last" if args.channels_last else "")
    parameters = tuple(sum(p.numel() for p in network.parameters()) for network in (g, d))
    measure(name, train, args, 10, parameters, {"torch": torch.__version__})


if __name__ == "__main__":
    main()
