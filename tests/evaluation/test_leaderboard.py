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


@pytest.fixture
def stored(tmp_path):
    """A file of three rows."""
    entries = [
        {
            "name": name,
            "seconds": seconds,
            "shipped": shipped,
            "seeds": list(range(len(fids))),
            "measures": {"judge_fid": fids, "precision": [0.5] * len(fids), "gan_train": missing},
        }
        for name, seconds, shipped, fids, missing in (
            ("dcgan", 60.0, False, [30.0, 10.0, 20.0], [None] * 3),
            ("acgan", 60.0, False, [1.0, 3.0, 2.0], [0.9] * 3),
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
    language.use("en")
    board = leaderboard.load(stored)
    assert "2.00 (1.00 – 3.00)" in str(board) and "1,234 images" in str(board)
    head, rule, *rows = board.markdown().splitlines()
    assert len(rows) == 3 and all(row.count("|") == head.count("|") for row in (rule, *rows))
    assert "| – |" in rows[1]  # dcgan was asked for nothing
    language.use("zh")
    assert "ACGAN（第 06 课），60 秒" in leaderboard.load(stored).markdown()


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


def test_the_command_takes_runs_that_are_there_and_refuses_other_budgets(tmp_path, monkeypatch):
    language.use("en")
    trained, sets = [], {}

    def train(model, seed, file):
        trained.append((model, seed))
        return 0

    def measured(name, found, seconds=None, seeds=(), shipped=False):
        sets[name, shipped] = found
        measures = {"judge_fid": [1.0] * len(seeds)}
        return dict(name=name, seconds=seconds, shipped=shipped, seeds=seeds, measures=measures)

    runs, board = tmp_path / "runs", tmp_path / "board.json"
    runs.mkdir()
    for model in command.MODELS:
        for seed in command.SEEDS:
            _run(runs, model, seed, 60.0)
    monkeypatch.setattr(command, "_train", train)
    monkeypatch.setattr(command, "measured", measured)
    monkeypatch.setattr(command, "_shipped", lambda: [])
    monkeypatch.setattr(leaderboard, "FILE", board)
    monkeypatch.setattr(leaderboard.load, "__defaults__", (board,))
    arguments = argparse.Namespace(runs=runs, show=False)
    assert command._run(arguments) == 0
    assert len(trained) == 12 and sets["dcgan", False][0][1] is None
    images, labels = sets["one_each", False][0]
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == 10
    assert (sets["memoriser", False][0][1] == labels).all()
    _run(runs, "cgan", 1, 30.0)
    with pytest.raises(CommandProblem, match="budgets"):
        command._run(arguments)


def _run(runs, model, seed, seconds):
    arrays = {"images": np.zeros((10, 28, 28), np.uint8), "labels": np.arange(10)}
    settings = json.dumps({"legs": [{"seconds": seconds}]})
    np.savez(runs / f"{model}-{seed}.npz", settings=np.array(settings), **arrays)


def test_a_run_that_is_there_is_not_trained_again(tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr(command.subprocess, "run", lambda *a, **k: called.append(a))
    file = tmp_path / "acgan-0.npz"
    file.touch()
    assert command._train("acgan", 0, file) == 0 and not called
