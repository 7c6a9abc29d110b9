"""Half an hour of play: random actions in the page, and the kernel's memory each minute."""

from __future__ import annotations

import os
import random
import time

import psutil
from live_lab import Notebook, notebook
from live_rows import SETUP

PANEL = "lab = whole_panel(session)"
RELOAD_MINUTES = 4
KEYS = ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End")


def memory(minutes: float, seed: int = 0) -> dict:
    """Play; return the kernel's resident memory in MB at each minute, and what was done."""
    chance, done = random.Random(seed), {}
    samples, began = [], time.monotonic()
    with notebook([SETUP, PANEL]) as page:
        page.run(0)
        page.run(1)
        learner = Learner(page, chance)
        process = psutil.Process(page.probe("__import__('os').getpid()"))
        began = next_sample = time.monotonic()
        next_reload = began + 60 * RELOAD_MINUTES
        while True:
            now = time.monotonic()
            if now >= next_sample:
                steps, rows = page.probe(
                    "session.read(lambda gan: (gan.history.steps, len(gan.history.rows)))"
                )
                row = {
                    "minute": (now - began) / 60,
                    "rss_mb": process.memory_info().rss / 1e6,
                    "steps": steps,
                    "rows": rows,
                    "snapshots": page.probe("len(session.snapshot_steps)"),
                    "load": os.getloadavg()[0],
                }
                samples.append(row)
                print(f"memory: {row}", flush=True)
                next_sample += 60
                if row["minute"] >= minutes:
                    break
            if now >= next_reload:
                learner.reload()
                done["page reload"] = done.get("page reload", 0) + 1
                next_reload += 60 * RELOAD_MINUTES
            action = learner.act()
            done[action] = done.get(action, 0) + 1
            page.wait(chance.uniform(0.2, 1.5))
        threads = page.probe("__import__('threading').active_count()")
    early = next((row for row in samples if row["minute"] >= 2), samples[0])
    return {
        "minutes": minutes,
        "growth_mb": samples[-1]["rss_mb"] - early["rss_mb"],
        "largest_growth_mb": max(
            row["rss_mb"] - early["rss_mb"] for row in samples if row["minute"] >= early["minute"]
        ),
        "actions": done,
        "threads": threads,
        "samples": samples,
    }


class Learner:
    """Uses the panel at random, mostly while it trains at full speed."""

    def __init__(self, page: Notebook, chance: random.Random):
        self._page, self._chance = page, chance
        self._panel = page.panel(1)
        self._file: str | None = None

    def reload(self) -> None:
        """Load the page again; run the panel's cell again if its output was not kept."""
        self._page.reload()
        if not self._page.cell(1).locator(".gan-lab").count():
            self._page.wait(3)
        if not self._page.cell(1).locator(".gan-lab").count():
            self._page.run(1)
        self._panel = self._page.panel(1)

    def act(self) -> str:
        """Do one thing; return its name."""
        if self._panel.get_attribute("data-status") != "playing" and self._chance.random() < 0.5:
            return self._press("play")
        action = self._chance.choices(
            ["knob", "choice", "speed", "rewind", "step", "reset", "reset-new", "replay"],
            [12, 2, 2, 2, 3, 1, 1, 1],
        )[0]
        if action == "knob":
            return self._knob()
        if action == "choice":
            select = self._any("select[data-knob]")
            select.select_option(index=self._chance.randrange(2))
            return action
        if action == "speed":
            # Half of the time full speed, where most happens.
            speed = self._panel.locator('[data-action="speed"]')
            speed.select_option(index=self._chance.choice([0, 0, 0, 1, 2]))
            return action
        if action == "rewind":
            slider = self._panel.locator('input[data-action="rewind"]')
            if slider.is_enabled():
                slider.focus()
                self._page.page.keyboard.press(self._chance.choice(["ArrowLeft", "PageDown"]))
            return action
        if action == "step":
            players = self._chance.choice(["both", "discriminator", "generator"])
            return self._press(f"step-{players}")
        if action == "replay":
            return self._replay()
        return self._press(action)

    def _press(self, action: str) -> str:
        button = self._panel.locator(f'button[data-action="{action}"]')
        if button.count():
            button.click()
        return action

    def _knob(self) -> str:
        self._any('input[type="range"][data-knob]').focus()
        for _ in range(self._chance.randint(1, 10)):
            self._page.page.keyboard.press(self._chance.choice(KEYS))
        if self._chance.random() < 0.3:  # back to what trains well
            self._any("button[data-default]").click()
        return "knob"

    def _replay(self) -> str:
        if self._file is None or self._chance.random() < 0.5:
            with self._page.page.expect_download() as saved:
                self._press("save")
            self._file = str(saved.value.path())
            return "save"
        with self._page.page.expect_file_chooser() as chooser:
            self._press("replay")
        chooser.value.set_files(self._file)
        return "replay"

    def _any(self, selector: str):
        found = self._panel.locator(selector)
        return found.nth(self._chance.randrange(found.count()))
