"""Draws the picture of the READMEs: python docs/images/x2_gan.py."""

from pathlib import Path

import numpy as np

from course_utils import language, plotting
from course_utils.data.targets import x_squared
from course_utils.models import x2

language.use("en")
gan = x2.build_gan(x2.TUTORIAL, seed=0)
real = x_squared.sample(120, seed=0)
figure, axes = plotting.figure(ncols=3, width=10, height=3.4)
for ax, until in zip(np.ravel(axes), (0, 1000, 10_000), strict=True):
    gan.run(until - gan.step)
    plotting.surface(ax, gan.belief, resolution=80, colourbar=False)
    plotting.points(ax, real=real, generated=gan.generate(150))
    ax.set_title(f"step {gan.step}")
Path(__file__).with_suffix(".png").write_bytes(plotting.quantise(plotting.png(figure)))
