"""The leaderboard: what the file says, how rows are ordered and shown, and the command."""

import argparse
import json

import numpy as np
import pytest

from course_utils import language
from course_utils.command_line import CommandProblem
from course_utils.evaluation import leaderboard
from course_utils.models import judge
from course_utils.publishing import leaderboard as command


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def stored(tmp_path):
    """A file of three rows."""
    entries = [
        {
            "name": name,
            "steps": steps,
            "shipped": shipped,
            "seeds": list(range(len(fids))),
            "measures": {"judge_fid": fids, "precision": [0.5] * len(fids), "gan_train": missing},
        }
        for name, steps, shipped, fids, missing in (
            ("dcgan", 4000, False, [30.0, 10.0, 20.0], [None] * 3),
            ("acgan", 10_000, False, [1.0, 3.0, 2.0], [0.9] * 3),
            ("one_each", None, False, [900.0], [0.1]),
        )
    ]
    path = tmp_path / "board.json"
    command.write(path, entries, samples=1234)
    return path


def test_rows_are_ordered_by_the_median(stored):
    board = leaderboard.load(stored)
    assert [entry.name for entry in board] == ["acgan", "dcgan", "one_each"]
    assert board["dcgan"].values("gan_train") == []
    assert not board["one_each"].trained and board["acgan"].trained


def test_the_table_shows_median_and_range(stored):
    board = leaderboard.load(stored)
    assert "2.00 (1.00 – 3.00)" in str(board) and "1,234 images" in str(board)
    head, rule, *rows = board.markdown().splitlines()
    assert len(rows) == 3 and all(row.count("|") == head.count("|") for row in (rule, *rows))
    assert "| – |" in rows[1]  # dcgan was asked for nothing
    language.use("zh")
    assert "ACGAN（第 06 课），10,000 步" in leaderboard.load(stored).markdown()


def test_the_course_s_own_board_has_all_generators_with_their_seeds():
    content = json.loads(leaderboard.FILE.read_text(encoding="utf-8"))
    assert content["judge"] == judge.SHA256
    board = leaderboard.load()
    trained = {entry.name: entry.seeds for entry in board if entry.trained and not entry.shipped}
    assert trained == {name: (0, 1, 2, 3) for name in ("acgan", "cgan", "dcgan")}
    assert {entry.name for entry in board if entry.shipped} == set(trained)
    for entry in board:
        assert len(entry.values("judge_fid")) == len(entry.seeds)
        asked = entry.name != "dcgan"
        assert bool(entry.values("conditional_accuracy")) == asked


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A directory with all trainings, of ten images each."""
    monkeypatch.setattr(command, "SAMPLES", 10)
    folder = tmp_path / "runs"
    folder.mkdir()
    for model in command.MODELS:
        for seed in command.SEEDS:
            _store(folder, model, seed)
    return folder


def _store(folder, model, seed, count=10, **other):
    settings = {"model": model, "seed": seed, "steps": command.STEPS[model], **other}
    images = np.full((count, 28, 28), seed, np.uint8)
    np.savez(folder / f"{model}-{seed}.npz", images=images, settings=json.dumps(settings))


def test_the_command_measures_the_runs_that_are_there(runs, tmp_path, monkeypatch, capsys):
    sets, board = {}, tmp_path / "board.json"

    def measured(name, found, steps=None, seeds=(), shipped=False):
        sets[name, shipped] = found
        measures = {"judge_fid": [1.0] * len(seeds)}
        return dict(name=name, steps=steps, shipped=shipped, seeds=seeds, measures=measures)

    monkeypatch.setattr(command, "train", lambda *_: pytest.fail("trained again"))
    monkeypatch.setattr(command, "measured", measured)
    monkeypatch.setattr(command, "_shipped", lambda: [])
    monkeypatch.setattr(leaderboard, "FILE", board)
    monkeypatch.setattr(leaderboard.load, "__defaults__", (board,))
    assert command._run(argparse.Namespace(runs=runs, show=False)) == 0
    assert "conditional GAN (lesson 05), 5,800 steps" in capsys.readouterr().out
    assert sets["dcgan", False][0][1] is None and len(sets["acgan", False]) == 4
    assert [images[0, 0, 0] for images, _ in sets["acgan", False]] == [0, 1, 2, 3]
    images, labels = sets["one_each", False][0]
    assert len(np.unique(images, axis=0)) == 10
    assert (sets["memoriser", False][0][1] == labels).all()


@pytest.mark.parametrize(
    "wrong", [{"seed": 7}, {"model": "dcgan"}, {"steps": 9000}, {"count": 9}], ids=str
)
def test_another_training_is_refused_before_anything_is_measured(runs, monkeypatch, wrong):
    monkeypatch.setattr(command, "measured", lambda *_, **__: pytest.fail("measured"))
    (runs / "cgan-1.npz").unlink()
    arguments = {"model": "cgan", "seed": 1, **wrong}
    model, seed = arguments.pop("model"), arguments.pop("seed")
    _store(runs, model, seed, **arguments)
    if (model, seed) != ("cgan", 1):
        (runs / f"{model}-{seed}.npz").replace(runs / "cgan-1.npz")
    _store(runs, "dcgan", 1)
    with pytest.raises(CommandProblem, match=r"cgan-1\.npz holds"):
        command._run(argparse.Namespace(runs=runs, show=False))


def test_a_training_that_is_missing_is_made(tmp_path, monkeypatch):
    """The real thing, for two steps."""
    monkeypatch.setattr(command, "SAMPLES", 10)
    monkeypatch.setitem(command.STEPS, "cgan", 2)
    images, labels = command._trained("cgan", 3, tmp_path / "new" / "cgan-3.npz")
    assert images.shape == (10, 28, 28) and images.dtype == np.uint8
    assert (labels == np.arange(10)).all()


def test_without_a_board_the_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(leaderboard.load, "__defaults__", (tmp_path / "none.json",))
    with pytest.raises(CommandProblem, match="without --show"):
        command._run(argparse.Namespace(runs=tmp_path, show=True))
