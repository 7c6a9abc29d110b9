"""The x² GAN in JAX: many steps in one compiled `lax.scan`, sampling inside."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from measuring import BATCH, BETA_1, BETA_2, EPSILON, HALF, LATENT, RATE, arguments, measure

CHUNK = 500


def network(key, inputs, hidden, outputs):
    """Return two dense layers with Keras's initial weights: he_uniform, then glorot_uniform."""
    first, second = jax.random.split(key)
    limits = (6 / inputs) ** 0.5, (6 / (hidden + outputs)) ** 0.5
    return {
        "w1": jax.random.uniform(first, (inputs, hidden), minval=-limits[0], maxval=limits[0]),
        "b1": jnp.zeros(hidden),
        "w2": jax.random.uniform(second, (hidden, outputs), minval=-limits[1], maxval=limits[1]),
        "b2": jnp.zeros(outputs),
    }


def forward(p, x):
    """`[n, inputs]` -> `[n, outputs]`."""
    return jax.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def loss(logits, label):
    """Mean binary cross-entropy of logits."""
    return jnp.mean(jax.nn.softplus(logits) - label * logits)


def player(parameters):
    """A network and its Adam state."""
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    return parameters, zeros, zeros, jnp.zeros(())


def adam(state, gradients):
    """Take one step."""
    p, m, v, step = state
    step += 1
    rate = RATE * jnp.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
    m = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, m, gradients)
    v = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, v, gradients)
    p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPSILON), p, m, v)
    return p, m, v, step


def step(carry, _):
    """Take one iteration of the game."""
    g, d, key = carry
    key, key_x, key_z, key_g = jax.random.split(key, 4)
    x = jax.random.uniform(key_x, (HALF, 1)) - 0.5
    fakes = forward(g[0], jax.random.normal(key_z, (HALF, LATENT)))
    for points, label in ((jnp.concatenate([x, x * x], axis=1), 1.0), (fakes, 0.0)):
        d = adam(d, jax.grad(lambda p, x=points, t=label: loss(forward(p, x), t))(d[0]))
    z = jax.random.normal(key_g, (BATCH, LATENT))
    g = adam(g, jax.grad(lambda p: loss(forward(d[0], forward(p, z)), 1.0))(g[0]))
    return (g, d, key), None


def main():
    """Measure."""
    args = arguments(steps=20_000, rbg="use the faster, weaker random generator")
    if args.rbg:
        jax.config.update("jax_default_prng_impl", "unsafe_rbg")
    key_g, key_d, key = jax.random.split(jax.random.key(args.seed), 3)
    state = player(network(key_g, LATENT, 15, 2)), player(network(key_d, 2, 25, 1)), key
    chunk = jax.jit(lambda state: jax.lax.scan(step, state, length=CHUNK)[0])

    def train(steps):
        nonlocal state
        for _ in range(steps // CHUNK):
            state = chunk(state)
        jax.block_until_ready(state)

    def generate(n):
        return forward(state[0][0], jax.random.normal(jax.random.key(1), (n, LATENT))).tolist()

    name = "JAX lax.scan" + (", unsafe_rbg" if args.rbg else "")
    steps = max(1, round(args.steps / CHUNK)) * CHUNK
    measure(name, train, generate, steps, 2 * CHUNK, {"jax": jax.__version__})


if __name__ == "__main__":
    main()
