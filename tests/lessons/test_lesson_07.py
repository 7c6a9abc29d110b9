"""What lesson 07 shows is what the package does; its gpu cell runs, with tiny sizes."""

import ast
from pathlib import Path

import numpy as np
import pytest

from course_utils import evaluation, language
from course_utils.data import digits, spoiled
from course_utils.exercises import lesson_07
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read


@pytest.fixture(scope="module")
def cells():
    """The text of each code cell, by its id."""
    source = read(Layout(Path(__file__).parents[2]).source("07_evaluation"))
    return {cell.id: cell for cell in source.code}


@pytest.fixture
def lesson(cells, monkeypatch):
    """The names that the set-up cell defines."""
    monkeypatch.setattr(language, "_chosen", None)  # put back afterwards
    names = {}
    exec(cells["setup"].text, names)
    return names


@pytest.fixture
def samples():
    random = np.random.default_rng(0)
    return random.normal(size=(60, 4)), 1.3 * random.normal(size=(60, 4)) + 0.2


def test_the_solutions_are_the_package_s_measures(cells, lesson, samples):
    for name in ("frechet", "kernel", "recall", "verdict"):
        exec(cells[f"{name}-solution"].text, lesson)
    for name in ("frechet", "kernel_distance", "recall", "verdict"):
        assert getattr(lesson_07, name).check(lesson[name]).status == "correct"
    x, y = samples
    assert lesson["frechet"](x, y) == pytest.approx(evaluation.frechet_distance(x, y), rel=1e-9)
    assert lesson["kernel_distance"](x, y) == pytest.approx(evaluation.kernel_distance(x, y).mean)
    assert lesson["recall"](y, x, 5) == evaluation.manifold_measures(x, y)["recall"]


def test_the_score_is_the_package_s(cells, lesson):
    exec(cells["score"].text.split("\n\n\n")[0], lesson)
    p = np.random.default_rng(0).dirichlet(np.full(10, 0.1), size=200)
    assert lesson["score"](p) == pytest.approx(evaluation.classifier_score(p))


def test_the_copies_are_where_the_answer_says(cells, lesson):
    lines = cells["three-grids"].text.split("\n")
    kinds = next(at for at, line in enumerate(lines) if line.startswith("kinds"))
    assert '"copied"' in lines[kinds + 1]  # kind 0
    exec(next(line for line in lines if line.startswith("order =")), lesson)
    place = list(lesson["order"]).index(0)
    assert lesson_07.which_is_copied.choices[place].correct


def test_the_ring_has_the_moments_of_the_cloud(cells, lesson):
    lesson["random"] = np.random.default_rng(0)
    exec(cells["ring-run"].text.split("for name")[0], lesson)
    circle = lesson["circle"]
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), np.sqrt(2))
    np.testing.assert_allclose(np.cov(circle.T), np.eye(2), atol=0.08)


def test_the_table_s_rows_and_columns_are_those_of_the_text(cells, lesson):
    exec(cells["attacks"].text, lesson)
    rows = list(lesson["attacks"])
    assert (rows[0], rows[8], rows[10]) == ("other real digits", "noisy", "moved by 1 pixel")
    assert [rows[i] for i in (1, 2, 4)] == ["memoriser", "memoriser, moved", "100 images, repeated"]
    (found,) = (
        node for node in ast.walk(ast.parse(cells["measures"].text)) if isinstance(node, ast.Dict)
    )
    names = [eval(ast.unparse(key), lesson) for key in found.keys]
    bad = cells["table-picture"].text.split("\n")[1]
    exec(bad, lesson)
    assert len(lesson["bad"]) == len(names)
    assert (names[0], names[10]) == ("judge-FID", "near copies")
    assert names[int(np.flatnonzero(lesson["bad"] == 0).item())] == "$C_T$"


def test_each_attack_can_be_made(cells, lesson):
    exec(cells["attacks"].text, lesson)
    images, labels = (array[:300] for array in digits.load("test"))
    train = tuple(array[:300] for array in digits.load("train"))
    for faults in lesson["attacks"].values():
        spoilt, _ = spoiled.spoil_digits(images, labels, 100, training=train, seed=0, **faults)
        assert spoilt.shape == (100, 28, 28)


def test_a_fresh_classifier_tells_what_differs_and_nothing_else(cells, lesson):
    exec(cells["fresh-run"].text.split("groups =")[0], lesson)
    random = np.random.default_rng(0)
    a, b = random.permutation(digits.load("test")[0])[:1600].reshape(2, 800, 28, 28)
    assert abs(lesson["fresh_accuracy"](a, b, 0) - 0.5) < 0.1
    assert lesson["fresh_accuracy"](a, 255 - b, 0) > 0.99


def test_the_gpu_cell_runs_with_tiny_sizes(cells, lesson, monkeypatch, capsys):
    assert "gpu" in cells["inception-run"].tags
    exec(cells["inception-sizes"].text, lesson)
    lesson["inception"] |= {"images": 6, "weights": None}

    def features(images, weights):  # the extractor itself has tests of its own
        assert weights is None and images.shape == (6, 28, 28)
        return images.reshape(6, -1)[:, 300:304] / 255

    monkeypatch.setattr(evaluation, "inception_features", features)
    images, labels = digits.load("test")
    pool = images[:50], labels[:50]
    lesson |= {"test_images": images, "known": np.arange(50, 100), "pool": pool}
    lesson["chosen"] = {"real": {}, "noisy": {"noise": 0.3}}
    exec(cells["inception-run"].text, lesson)
    assert capsys.readouterr().out.count("FID") == 2
