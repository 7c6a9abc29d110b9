"""The rows of `live.py` that take minutes: latency, throughput, frames, the cost of a frame."""

from __future__ import annotations

import contextlib
import math
import os
import random
import statistics
from collections.abc import Sequence

from live_lab import Notebook, notebook

MOVES = 100
SETUP = """
from live_kernel import *
session = new_session()
arrivals = Arrivals(session)
"""
PANEL = "lab = whole_panel(session)"
CELL_SECONDS = 60  # at most
CELLS = {
    "none": "",
    "computing": f"""
began = time.time()
while len(arrivals.seen) < {MOVES} and time.time() - began < {{seconds}}:
    sum(number * number for number in range(1000))
""",
    "awaiting": f"""
import asyncio
began = time.time()
while len(arrivals.seen) < {MOVES} and time.time() - began < {{seconds}}:
    await asyncio.sleep(0.02)
""",
}
# When each movement of the slider happened, by the clock that Python's time.time() reads.
LISTEN = """knob => {
  window.moves = [];
  if (window.listens) return;
  window.listens = true;
  let key = 0;
  addEventListener('keydown', event => { key = event.timeStamp; }, true);
  addEventListener('input', event => {
    if (event.target.dataset.knob !== knob) return;
    const at = [performance.timeOrigin + performance.now(), performance.timeOrigin + key];
    window.moves.push([...at.map(time => time / 1000), Number(event.target.value)]);
  }, true);
}"""
KNOB = "instance_noise"


def latency(rounds: int, subshells: bool = True) -> list[dict]:
    """Slider moved in the browser -> value read by the training loop, 100 moves in each round.

    Args:
        rounds: of each kind of cell, interleaved.
        subshells: whether JupyterLab sends widget messages to subshells of the kernel.

    Returns:
        For each kind of cell its rounds' arrivals and milliseconds.
    """
    seconds = CELL_SECONDS if subshells else 20
    sources = [cell.format(seconds=seconds) for cell in CELLS.values()]
    found = {name: [] for name in CELLS}
    with notebook([SETUP, PANEL, *sources], subshells) as page:
        page.run(0)
        page.run(1)
        panel = page.panel(1)
        page.probe("session.play()")
        page.wait(3)
        for _ in range(rounds):
            for index, name in enumerate(CELLS, start=2):
                found[name].append(_moves(page, panel, index, name))
                print(f"latency, {name}: {found[name][-1]}", flush=True)
    return [{"cell": name, "subshells": subshells, "rounds": found[name]} for name in CELLS]


def _moves(page: Notebook, panel, index: int, cell: str) -> dict:
    page.probe(f"session.set({KNOB}=0.0)")
    page.wait(0.5)
    page.probe("arrivals.seen.clear()")
    page.page.evaluate(LISTEN, KNOB)
    if cell != "none":
        page.run(index, wait=False)
        page.wait(1)
        page.cell(1)  # where the panel is
    slider = panel.locator(f'[data-knob="{KNOB}"]')
    slider.focus()
    for _ in range(MOVES):
        page.page.keyboard.press("ArrowRight")
        page.wait(random.uniform(0.02, 0.12))
    page.finish()
    with contextlib.suppress(TimeoutError):  # what is missing then is lost
        page.until(lambda: page.probe("len(arrivals.seen)") >= MOVES, 20)
    times = {round(value, 5): moment for moment, value in page.probe("arrivals.seen")}
    moves = page.page.evaluate("window.moves")
    arrived = [(times[round(v, 5)], at, key) for at, key, v in moves if round(v, 5) in times]
    delays = [1e3 * (moment - at) for moment, at, _ in arrived]
    pressed = [1e3 * (moment - key) for moment, _, key in arrived]
    return {
        "moves": len(moves),
        "arrived": len(delays),
        "median_ms": statistics.median(delays),
        "p95_ms": percentile(delays, 95),
        "max_ms": max(delays),
        "median_from_key_ms": statistics.median(pressed),
        "load": os.getloadavg()[0],
    }


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that is not below `share` percent of them."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


# way -> the cell that shows it; the first two are ours
WAYS = {
    "ours, same picture, 10 frames/s": "shown = small_panel(session)",
    "ours, a lesson's panel": "shown = whole_panel(session)",
    "bqplot": 'shown = Showing(session, "bqplot")',
    "plotly FigureWidget": 'shown = Showing(session, "plotly")',
    "Matplotlib, PNG in an Image": 'shown = Showing(session, "matplotlib")',
    "Output, clear_output, plt.show": 'shown = Showing(session, "output")',
}
USUAL = "the usual way: a loop in the cell, clear_output, plt.show"
OWN = """
own_gan = x2.build_gan(x2.TUTORIAL, seed=0)
own_gan.run(3000)
own_eye = Eye(own_gan)
"""
USUAL_CELL = "usual = usual_loop(own_gan, own_eye, every, {seconds})"


def throughput(rounds: int, seconds: float = 6.0) -> list[dict]:
    """Steps a second with nobody looking, and with each way of showing; alternating.

    Every way stands between two stretches without any picture, and is compared with their mean.

    Returns:
        For each way the rounds' shares of the throughput that were lost, by wall time and by CPU
        time of the kernel, and the frames it made or showed a second.
    """
    cells = [SETUP + OWN, *WAYS.values(), USUAL_CELL.format(seconds=seconds)]
    found = {name: [] for name in (*WAYS, USUAL)}
    with notebook(cells) as page:
        page.run(0)
        page.probe("session.play()")
        page.wait(5)
        for _ in range(rounds):
            before = _stretch(page, seconds / 2)
            for index, name in enumerate(found, start=1):
                if name == USUAL:
                    shown = _usual(page, index, before)
                else:
                    shown = _shown(page, index, seconds)
                after = _stretch(page, seconds / 2)
                found[name].append(_compared(before, shown, after))
                print(f"throughput, {name}: {found[name][-1]}", flush=True)
                before = after
    return [{"way": name, "rounds": rows} for name, rows in found.items()]


def _stretch(page: Notebook, seconds: float) -> dict:
    page.wait(1.5)
    before = page.probe("clocks(session)")
    page.wait(seconds)
    after = page.probe("clocks(session)")
    return {name: after[name] - before[name] for name in before}


def _shown(page: Notebook, index: int, seconds: float) -> dict:
    ours = index <= 2
    page.run(index)
    root = page.panel(index) if ours else None
    page.wait(1)

    def frames():
        return int(root.get_attribute("data-frames")) if ours else page.probe("shown.frames")

    page.wait(1)
    before = frames()
    found = _stretch(page, seconds)
    found["frames"] = (frames() - before) * found["wall"] / (found["wall"] + 1.5)
    page.probe("shown.close()")
    page.clear()
    return found


def _usual(page: Notebook, index: int, before: dict) -> dict:
    page.probe("session.pause()")
    # As many steps as make ten pictures a second, if the pictures cost nothing.
    every = round(before["steps"] / before["wall"] / 10)
    page.probe(f"globals().update(every={every})")
    page.run(index)
    found = page.probe("usual")
    page.clear()
    page.probe("session.play()")
    return found


def _compared(before: dict, shown: dict, after: dict) -> dict:
    def rate(stretch, clock):
        return stretch["steps"] / stretch[clock]

    def lost(clock):
        alone = (rate(before, clock) + rate(after, clock)) / 2
        return 1 - rate(shown, clock) / alone

    return {
        "lost_wall": lost("wall"),
        "lost_kernel_cpu": lost("kernel"),
        "steps_per_second": rate(shown, "wall"),
        "steps_per_second_alone": (rate(before, "wall") + rate(after, "wall")) / 2,
        "frames_per_second": shown["frames"] / shown["wall"],
        "load": os.getloadavg()[0],
    }


def frames(rounds: int, seconds: float = 10.0) -> dict:
    """Frames a second that the browser has drawn: points, surface, arrows, curves, histograms."""
    rows = []
    with notebook([SETUP, PANEL]) as page:
        page.run(0)
        page.run(1)
        root = page.panel(1)
        page.probe("session.play()")
        page.wait(3)
        for _ in range(rounds):
            read = "root => [performance.now(), Number(root.dataset.frames)]"
            began, first = root.evaluate(read)
            page.wait(seconds)
            ended, last = root.evaluate(read)
            rate = 1e3 * (last - first) / (ended - began)
            rows.append({"frames_per_second": rate, "load": os.getloadavg()[0]})
            print(f"frames: {rows[-1]}", flush=True)
    return {"rounds": rows}


# way -> (its session, the cell that shows it)
COSTS = {
    "ours: points, surface, arrows, curves": ("session", WAYS["ours, same picture, 10 frames/s"]),
    "ours: a lesson's panel": ("session", WAYS["ours, a lesson's panel"]),
    "ours: 8×8 images of 28×28": (
        "images",
        "shown = Lab(images, views=[views.Images()])\nshown.show()",
    ),
    "bqplot": ("session", WAYS["bqplot"]),
    "plotly FigureWidget": ("session", WAYS["plotly FigureWidget"]),
    "Matplotlib, PNG in an Image": ("session", WAYS["Matplotlib, PNG in an Image"]),
    "Output, clear_output, plt.show": ("session", WAYS["Output, clear_output, plt.show"]),
}


def costs(rounds: int) -> list[dict]:
    """CPU, messages and bytes of one frame, for every way."""
    found = {name: [] for name in COSTS}
    cells = [SETUP + "\nimages = image_session()", *(cell for _, cell in COSTS.values())]
    with notebook(cells) as page:
        page.run(0)
        for _ in range(rounds):
            for index, (name, (session, _)) in enumerate(COSTS.items(), start=1):
                page.run(index)
                ours = name.startswith("ours")
                if ours:
                    page.panel(index)
                page.wait(1)
                draw = "own_draw(shown)" if ours else "shown.draw"
                frames = 300 if name.startswith(("ours", "bqplot")) else 40
                row = page.probe(f"frame_cost({session}, {draw}, {frames})")
                found[name].append({**row, "load": os.getloadavg()[0]})
                print(f"cost, {name}: {found[name][-1]}", flush=True)
                page.probe("shown.close()")
                page.clear()
    return [{"way": name, "rounds": rows} for name, rows in found.items()]
