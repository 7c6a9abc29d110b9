"""The phase map: how long 256 x² GANs take for 2,000 steps, and whether each ends as it does alone.

    .venv/bin/python benchmarks/phase_map.py --rounds 3

Agreement is counted twice: against the engine training a sample of the cells one by one, and, as
the measure of what can be expected, against the same fleet with its first weights changed in the
seventh digit: runs that cycle or collapse are chaotic.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import harness
import numpy as np

from course_utils.data.targets import x_squared
from course_utils.evaluation.outcomes import CHECKPOINTS, Judge
from course_utils.models import x2
from course_utils.training import GAN, fleet
from course_utils.widgets.phase_run import LATENTS_SEED, POINTS, PhaseRun

HERE = Path(__file__).resolve().parent
RATES = np.geomspace(1e-4, 1e-1, 16)
STEPS = 2000


def build(**knobs) -> GAN:
    """Build the GAN of lesson 01 with the batch sizes of `models.x2.build_gan`."""
    return GAN(
        x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=64,
        generator_batch_size=128, **knobs,
    )  # fmt: skip


def make_fleet() -> fleet.Fleet:
    """Make the 256 GANs over both learning rates."""
    of_g, of_d = (grid.ravel().tolist() for grid in np.meshgrid(RATES, RATES))
    return fleet.Fleet(build(), generator_learning_rate=of_g, discriminator_learning_rate=of_d)


def whole_map() -> dict:
    """Time one map as a learner waits for it: compilation, training, looks and verdicts."""
    judge, members = Judge(x_squared), make_fleet()
    wall, cpu = time.perf_counter(), time.process_time()
    members.run(1)
    compiled = time.perf_counter() - wall, time.process_time() - cpu
    members.reset()
    run = PhaseRun(members, judge, judge.distance, STEPS)
    wall, cpu = time.perf_counter(), time.process_time()
    run.finish()
    took = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "compile_wall": compiled[0], "compile_cpu": compiled[1],
        "map_wall": took[0], "map_cpu": took[1],
        "outcomes": [verdict.outcome for verdict in run.verdicts],
    }  # fmt: skip


def part_sizes() -> dict[int, float]:
    """CPU time in µs of a GAN's step for several sizes of one compiled call."""
    found, usual = {}, fleet.PART_SIZE
    for members in (16, 32, 64, 128, 256):
        fleet.PART_SIZE = members * 128 * 25
        made = make_fleet()
        made.run(1)
        times = []
        for _ in range(3):
            cpu = time.process_time()
            made.run(100)
            times.append((time.process_time() - cpu) / (100 * len(made)) * 1e6)
        found[members] = min(times)
    fleet.PART_SIZE = usual
    return found


def perturbed() -> list[str]:
    """Train the same map from first weights that differ in the seventh digit: its outcomes."""
    members, judge = make_fleet(), Judge(x_squared)
    members._parts = [
        part._replace(
            generator=part.generator._replace(
                weights=[weight * (1 + 2e-7) for weight in part.generator.weights]
            )
        )
        for part in members._parts
    ]
    run = PhaseRun(members, judge, judge.distance, STEPS)
    run.finish()
    return [verdict.outcome for verdict in run.verdicts]


def alone(cells: np.ndarray) -> tuple[dict[int, str], float]:
    """Train these cells one by one by the engine: their outcomes and the CPU time in µs a step."""
    gan, judge, found = build(), Judge(x_squared), {}
    gan.run(1)
    cpu = 0.0
    for cell in cells:
        row, column = divmod(int(cell), len(RATES))
        gan.knobs._set(
            generator_learning_rate=RATES[column], discriminator_learning_rate=RATES[row]
        )
        gan.reset(0)
        moments = []
        for _ in range(CHECKPOINTS):
            before = time.process_time()
            gan.run(STEPS // CHECKPOINTS)
            cpu += time.process_time() - before
            moments.append(gan.generate(POINTS, seed=LATENTS_SEED))
        found[int(cell)] = judge.verdict(np.stack(moments)).outcome
    return found, cpu / (len(cells) * STEPS) * 1e6


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    harness.add_options(parser, HERE / "results" / "phase_map.json")
    parser.add_argument("--cells", type=int, default=48, help="cells to train alone")
    args = parser.parse_args()
    before = harness.machine()
    maps = [whole_map() for _ in range(args.rounds)]
    outcomes = maps[0].pop("outcomes")
    for other in maps[1:]:
        assert other.pop("outcomes") == outcomes, "one seed must give one map"
    middle = {name: statistics.median(one[name] for one in maps) for name in maps[0]}
    print(f"256 GANs, {STEPS} steps, median of {args.rounds}, in seconds:")
    for name, seconds in middle.items():
        print(f"  {name:13} {seconds:6.1f}")
    sizes = part_sizes()
    for members, microseconds in sizes.items():
        print(f"  {members:3} members in one call: {microseconds:5.1f} µs of CPU a GAN's step")
    shaken = perturbed()
    itself = sum(a == b for a, b in zip(outcomes, shaken, strict=True))
    print(f"  same outcome after a change in the seventh digit: {itself} of 256")
    cells = np.random.default_rng(0).permutation(256)[: args.cells]
    singles, microseconds = alone(cells)
    same = sum(outcomes[cell] == outcome for cell, outcome in singles.items())
    print(f"  same outcome as the engine alone: {same} of {len(singles)}")
    print(f"  the engine alone: {microseconds:.1f} µs of CPU a step")
    harness.write(
        args.json,
        {
            "command": "benchmarks/phase_map.py", "machine": before, "rounds": maps,
            "part_sizes_cpu_us": sizes, "agrees_with_itself_perturbed": itself,
            "agrees_with_engine": [same, len(singles)], "engine_cpu_us": microseconds,
        },
    )  # fmt: skip


if __name__ == "__main__":
    main()
