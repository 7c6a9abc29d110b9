"""Multiply-adds of a training step, counted from the layers of two Keras networks.

A layer with a kernel is a matrix product: for one sample `rows` x `depth` times `depth` x
`columns`. Three passes use it, and each costs the same: forward; backward to its weights; backward
to its inputs. So forward counts 1 and backward 2, but

- backward to the inputs is not needed in the first layer of the network that is trained;
- the R1 penalty takes one more pass from D's logits back to the image (the forward values are those
  of the loss), and the gradient of that: one pass to the weights of each layer, and one forward
  through all but the last, whose incoming slope is the constant 1. There is nothing else, because
  leaky ReLUs have no curvature.

Places at the border of a convolution count in full. What is not a product (normalisation,
activations, Adam, averages, random numbers) does not count: this is the useful work that a matrix
product could do, not what a machine does.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Product(NamedTuple):
    """A layer's matrix product for one sample.

    Attributes:
        layer: the layer's name.
        rows: places that share the kernel: 1 for a dense layer, pixels for a convolution.
        depth: numbers that are summed at a place.
        columns: numbers that come out at a place.
    """

    layer: str
    rows: int
    depth: int
    columns: int

    @property
    def multiply_adds(self) -> int:
        """Of one pass for one sample."""
        return self.rows * self.depth * self.columns

    def sizes(self, batch: int) -> dict[str, tuple[int, int, int]]:
        """The sizes (m, k, n) of [m, k] @ [k, n] for a batch, for each pass in `Work`."""
        rows = batch * self.rows
        return {
            "forward": (rows, self.depth, self.columns),
            "to_weights": (self.depth, rows, self.columns),
            "to_inputs": (rows, self.columns, self.depth),
        }


class Work(NamedTuple):
    """How often an update needs each pass of a product, with as many samples as real images."""

    product: Product
    forward: int = 0
    to_weights: int = 0
    to_inputs: int = 0

    @property
    def multiply_adds(self) -> int:
        """Of the update, for each real image."""
        return (self.forward + self.to_weights + self.to_inputs) * self.product.multiply_adds


def products(model) -> list[Product]:
    """The matrix products of a Keras model, in the order of its layers.

    Raises:
        ValueError: a layer has a matrix of weights that this module does not know how to count.
    """
    found = []
    for layer in model.layers:
        if not hasattr(layer, "kernel"):
            if any(len(weight.shape) > 1 for weight in layer.weights):
                raise ValueError(f"{layer.name} has weights but no kernel: teach me to count them.")
            continue
        *window, inputs, outputs = layer.kernel.shape
        if "Transpose" in type(layer).__name__:
            # Each place of the input is spread over a window; Keras puts the inputs last.
            rows, depth, columns = layer.input.shape, outputs, math.prod(window) * inputs
        else:
            rows, depth, columns = layer.output.shape, math.prod(window) * inputs, outputs
        found.append(Product(layer.name, math.prod(rows[1:-1]), depth, columns))
    return found


def discriminator_update(generator, discriminator, with_penalty: bool) -> list[Work]:
    """D's update on a batch of real and as many generated images; G only generates."""
    work = [Work(product, forward=1) for product in products(generator)]
    layers = products(discriminator)
    for number, product in enumerate(layers):
        is_first, is_last = number == 0, number == len(layers) - 1
        # Twice, for the real and for the generated images; then the penalty at the real ones.
        forward, to_weights, to_inputs = 2, 2, 0 if is_first else 2
        if with_penalty:
            forward += not is_last
            to_weights += 1
            to_inputs += 1
        work.append(Work(product, forward, to_weights, to_inputs))
    return work


def generator_update(generator, discriminator) -> list[Work]:
    """G's update on as many images, through D, whose own weights stay."""
    work = [
        Work(product, forward=1, to_weights=1, to_inputs=int(number > 0))
        for number, product in enumerate(products(generator))
    ]
    return work + [Work(product, forward=1, to_inputs=1) for product in products(discriminator)]


def total(work: list[Work]) -> int:
    """Multiply-adds for each real image."""
    return sum(part.multiply_adds for part in work)
