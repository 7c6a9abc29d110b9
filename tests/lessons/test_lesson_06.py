"""What lesson 06 shows is what the package does; its gpu cell runs, with tiny sizes."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from course_utils import language, training
from course_utils.exercises import lesson_06
from course_utils.models import acgan
from course_utils.publishing.layout import Layout
from course_utils.publishing.source import read
from course_utils.training.sources import LabelledSource


@pytest.fixture(scope="module")
def cells():
    """The text of each code cell, by its id."""
    source = read(Layout(Path(__file__).parents[2]).source("06_acgan"))
    return {cell.id: cell for cell in source.code}


@pytest.fixture
def lesson(cells, monkeypatch):
    """The names that the set-up cell defines, and 20 images in place of the digits."""
    monkeypatch.setattr(language, "_chosen", None)  # put back afterwards
    names = {}
    exec(cells["setup"].text, names)
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)
    names["gan"] = type("Gan", (), {"source": LabelledSource(images, np.arange(20) % 10, 10)})
    return names


@pytest.fixture
def without_compiling():
    """TensorFlow's functions run as plain Python: for one step, compiling would take longer."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def configs(model):
    return [layer.get_config() | {"name": ""} for layer in model.layers if layer.weights]


def layer_types(model):
    return [type(layer).__name__ for layer in model.layers]


@pytest.mark.parametrize("combination", acgan.COMBINATIONS)
def test_the_networks_are_the_package_s(cells, lesson, combination):
    exec(cells["generator"].text, lesson)
    mine, theirs = lesson["build_generator"](combination), acgan.build_generator(combination)
    assert layer_types(mine) == layer_types(theirs) and configs(mine) == configs(theirs)
    exec(cells["discriminator"].text, lesson)
    mine, theirs = lesson["build_discriminator"](), acgan.build_discriminator()
    assert layer_types(mine) == layer_types(theirs) and configs(mine) == configs(theirs)
    assert [output.shape for output in mine.outputs] == [(None, 1), (None, 10)]


def test_the_losses_written_out_are_the_engine_s(cells, lesson, without_compiling, capsys):
    for name in ("small-game", "step-batch", "step-losses"):
        exec(cells[name].text, lesson)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    for line in lines:
        mine, engine, _ = line.split()
        assert float(mine) == pytest.approx(float(engine), abs=2e-5)


def test_the_reader_is_the_best_one(cells, lesson):
    """For one number and normal noise the best accuracy is an integral: compare with that."""
    for name in ("embedding", "reader"):
        exec(cells[name].text, lesson)
    found = lesson["readable"]("multiply", "normal", 1, seed=3, count=20_000)
    e = np.abs(lesson["embedding"](1, seed=3)[:, 0])
    x = np.linspace(-5, 5, 200_001)
    exact = stats.norm.pdf(x[:, None], scale=e).max(axis=1).sum() * (x[1] - x[0]) / 10
    assert found == pytest.approx(exact, abs=0.02)
    added = lesson["readable"]("add", "uniform", 1, seed=3, count=20_000)
    e = lesson["embedding"](1, seed=3)[:, 0]
    # Where some interval e(c) ± 1 lies, one of the classes there is right with its share.
    assert added == pytest.approx((2 + np.ptp(e)) / 2 / 10, abs=0.02)


def test_the_reader_sees_what_exercise_2_reads(cells, lesson):
    for name in ("embedding", "reader"):
        exec(cells[name].text, lesson)
    e, labels = lesson["embedding"](5, 0), np.arange(2000) % 10
    h = lesson["noise"]("normal", 2000, 5, 0) * e[labels]
    share = (lesson_06._read(h, e) == labels).mean()
    assert lesson["readable"]("multiply", "normal", 5) == pytest.approx(share)


def test_the_line_s_measures_are_exact_where_the_truth_is_known(cells, lesson):
    exec(cells["overlap-measure"].text, lesson)
    labels = np.arange(400_000) % 2
    x = np.random.default_rng(1).normal(2.0 * labels - 1)
    wrong, centre, deviation, entropy = lesson["on_the_line"](x, labels)
    grid = np.linspace(-8, 8, 4001)
    joint = stats.norm.pdf(grid, np.array([[-1], [1]])) / 2
    exact = -(joint * np.log(joint / joint.sum(axis=0))).sum() * (grid[1] - grid[0])
    assert wrong == pytest.approx(100 * stats.norm.cdf(-1), abs=0.3)
    assert (centre, deviation) == (pytest.approx(1, abs=0.01), pytest.approx(1, abs=0.01))
    assert entropy == pytest.approx(exact, abs=0.005)
    assert lesson["on_the_line"](x, np.int32(x > 0))[3] == pytest.approx(0, abs=1e-9)


def test_the_fault_leaves_the_loss_above_its_bound(cells, lesson):
    exec(cells["stuck-run"].text.split("stuck =")[0], lesson)
    discriminator = acgan.build_discriminator(channels=2, hidden=3)
    _, faulty = lesson["softmax_left_in"](None, discriminator)
    discriminator.layers[-1].kernel.assign(1e3 * np.ones((3, 10)))
    images = np.random.default_rng(0).normal(size=(4, 28, 28, 1)).astype("float32")
    _, answers = faulty(images)
    np.testing.assert_allclose(np.sum(answers, axis=1), 1, rtol=1e-5)
    exec(cells["step-losses"].text.split("tell =")[0], lesson)
    perfect = training.one_hot(np.arange(10))
    least = float(lesson["class_loss_of"](perfect, perfect))
    assert least == pytest.approx(lesson_06._softmax_twice_bound(10), abs=1e-5)


def test_the_multiplications_are_counted_right(cells, lesson):
    import keras
    from keras import layers

    exec(cells["count"].text, lesson)
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(5, 3, strides=2, padding="same"), layers.Flatten()]
    )
    model.add(layers.Dense(7))
    assert lesson["multiply_adds"](model) == 4 * 4 * 9 * 3 * 5 + 80 * 7


def test_the_gpu_cell_runs_with_tiny_sizes(cells, lesson, without_compiling, monkeypatch):
    assert "gpu" in cells["textbook-run"].tags
    exec(cells["textbook-sizes"].text, lesson)
    assert lesson["textbook"]["settings"] is acgan.TEXTBOOK_SETTINGS
    small = {**acgan.TEXTBOOK_SETTINGS, "batch_size": 2, "generator_batch_size": 4}
    lesson["textbook"] |= {"digits": 40, "steps": 1, "settings": small}
    for player in ("generator", "discriminator"):
        # Networks of the same kind in place of the large ones.
        quick = getattr(acgan, f"build_{player}")
        monkeypatch.setattr(acgan, f"textbook_{player}", lambda quick=quick: quick(channels=2))
    shown = {}
    lesson["show_digits"] = lambda rows, alt: shown.update(rows)
    exec(cells["textbook-run"].text, lesson)
    assert lesson["textbook_gan"].step == 1
    assert [len(images) for images in shown.values()] == [20, 10]
