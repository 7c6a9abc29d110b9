"""`train x2` and `evaluate x2` from the command line, as a person would call them."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

pytestmark = pytest.mark.slow


def call(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "course_utils", *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COURSE_LANGUAGE": "en", **environment},
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("trained") / "x2.npz"
    run = call("train", "x2", "--steps", 1500, "--seed", 4, "--samples", 700, "--out", path)
    assert run.returncode == 0, run.stderr
    assert "1500/1500" in run.stdout and "1500 steps" in run.stdout
    return path


def test_the_file_holds_samples_curves_and_settings(trained):
    with np.load(trained, allow_pickle=False) as file:
        assert file["samples"].shape == (700, 2) and file["samples"].dtype == np.float32
        assert file["curves"].shape == (1500, 8)
        settings = json.loads(str(file["settings"]))
    assert settings["seed"] == 4 and settings["steps"] == 1500
    assert settings["log"]["events"] == [{"run": 1500, "players": "both"}]


def test_the_same_seed_gives_the_same_samples(trained, tmp_path):
    path = tmp_path / "again.npz"
    call("train", "x2", "--steps", 1500, "--seed", 4, "--samples", 700, "--out", path)
    with np.load(trained) as first, np.load(path) as second:
        np.testing.assert_array_equal(first["samples"], second["samples"])


def test_evaluate_reads_what_train_wrote(trained):
    run = call("evaluate", "x2", trained)
    assert run.returncode == 0 and "700 points" in run.stdout
    report = json.loads(call("evaluate", "x2", trained, "--json").stdout)
    assert set(report["measures"]) == {
        "curve_error", "bins_covered", "energy_distance", "sliced_wasserstein"
    }  # fmt: skip


def test_bad_options_are_refused_before_training(tmp_path):
    run = call("train", "x2", "--out", tmp_path / "nowhere" / "x.npz")
    assert run.returncode == 2 and "no folder" in run.stderr
    run = call("train", "x2", "--steps", "-3", "--out", tmp_path / "x.npz")
    assert run.returncode == 2 and "whole number" in run.stderr
    run = call("train", "x2", "--seed", 2**30, "--out", tmp_path / "x.npz")
    assert run.returncode == 2 and "seed" in run.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent otherwise on Windows")
def test_an_interrupt_keeps_what_was_learned(tmp_path):
    import time

    path = tmp_path / "x.npz"
    process = subprocess.Popen(
        [sys.executable, "-m", "course_utils", "train", "x2", "--steps", "9000000", "--out", path],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "COURSE_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
    )
    seen = ""
    while "/9000000" not in seen:  # the progress bar has begun
        seen += process.stdout.read(1)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and "kept" in output
    with np.load(path) as file:
        settings = json.loads(str(file["settings"]))
        assert 0 < settings["steps"] < settings["steps_asked_for"]
        assert len(file["curves"]) == settings["steps"]


def test_an_impatient_second_interrupt_does_not_lose_it(gan, tmp_path, monkeypatch, capsys):
    from course_utils.__main__ import main
    from course_utils.models import x2
    from course_utils.training import GAN

    run, generate = GAN.run, GAN.generate

    def interrupted(gan, steps):
        if gan.step:
            signal.raise_signal(signal.SIGINT)
        return run(gan, 5)

    def interrupted_again(*arguments, **options):
        signal.raise_signal(signal.SIGINT)
        return generate(*arguments, **options)

    monkeypatch.setattr(x2, "build_gan", lambda *_, **options: gan)
    monkeypatch.setattr(GAN, "run", interrupted)
    monkeypatch.setattr(GAN, "generate", interrupted_again)
    path = tmp_path / "x.npz"
    # A job in a shell's background is started with interrupts ignored.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert main(["train", "x2", "--samples", "7", "--out", str(path)]) == 130
    finally:
        signal.signal(signal.SIGINT, former)
    assert "step 5" in capsys.readouterr().out
    with np.load(path) as file:
        assert file["samples"].shape == (7, 2) and len(file["curves"]) == 5
