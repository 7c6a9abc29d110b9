"""Charts: what they draw, in which colours, and what they refuse."""

import threading

import numpy as np
import pytest
from matplotlib.figure import Figure

from course_utils import language, plotting
from course_utils.data.targets import ring, x_squared
from course_utils.plotting import COLOURS


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def ax():
    return plotting.figure()[1]


def legend(ax):
    return [entry.get_text() for entry in ax.get_legend().get_texts()]


def distance(probability):
    """D(x) that depends on the distance from the origin."""
    return lambda points: probability(np.hypot(*points.T))


def test_figure_sizes_and_shapes():
    figure, axes = plotting.figure()
    assert type(figure) is Figure and tuple(figure.get_size_inches()) == (5.5, 3.8)
    figure, axes = plotting.figure(3)
    assert axes.shape == (3,) and figure.get_figwidth() == 10
    figure, axes = plotting.figure(2, 2, width=6, height=5)
    assert axes.shape == (2, 2) and tuple(figure.get_size_inches()) == (6, 5)


def test_letters_are_large_enough(ax):
    plotting.curves(ax, {"loss": [1, 2]}, marks=[(1, "rate")], ylabel="loss")
    ax.set_title("title")
    ax.figure.canvas.draw()
    texts = [text for text in ax.figure.findobj(lambda a: hasattr(a, "get_fontsize"))]
    assert min(t.get_fontsize() for t in texts if t.get_text()) >= 11


def test_points_have_their_colours_and_markers(ax):
    assert plotting.points(ax, x_squared.sample(30, 0), x_squared.sample(20, 1)) is ax
    real, generated = ax.collections
    assert len(real.get_offsets()) == 30 and len(generated.get_offsets()) == 20
    np.testing.assert_allclose(real.get_facecolor()[0, :3], [0, 0x72 / 255, 0xB2 / 255])
    np.testing.assert_allclose(generated.get_edgecolor()[0, :3], [0xD5 / 255, 0x5E / 255, 0])
    assert real.get_paths()[0].vertices.shape != generated.get_paths()[0].vertices.shape
    assert legend(ax) == ["real", "generated"]


def test_points_speak_chinese(ax):
    language.use("zh")
    plotting.points(ax, generated=np.full((2, 2), 9.0), bounds=((0, 1), (0, 1)))
    assert legend(ax) == ["生成（2 个在图外）"]


def test_points_outside_and_not_finite_are_counted(ax):
    fake = np.array([[0, 0], [0.5, 0.25], [0, 7], [np.nan, 0], [np.inf, 0]])
    plotting.points(ax, generated=fake, bounds=x_squared.bounds)
    assert legend(ax) == ["generated (3 outside)"]
    assert ax.get_xlim() == x_squared.bounds[0]


@pytest.mark.parametrize("array", [np.zeros(4), np.zeros((4, 3)), 1.0])
def test_points_of_another_shape_are_refused(ax, array):
    with pytest.raises(ValueError, match="generated has the shape"):
        plotting.points(ax, generated=array)


def test_surface_shows_belief_and_the_line_of_doubt(ax):
    D = distance(lambda r: np.exp(-r * np.log(2)))  # 0.5 at r = 1
    assert plotting.surface(ax, D, bounds=((-2, 2), (-2, 2))) is ax
    mesh, line = ax.collections
    assert mesh.get_clim() == (0, 1) and mesh.get_cmap().name == COLOURS.belief.name
    radius = np.hypot(*line.get_paths()[0].vertices.T)
    np.testing.assert_allclose(radius, 1, atol=0.01)


def test_surface_has_x_along_x(ax):
    plotting.surface(ax, lambda p: (p[:, 0] > 0.3) * 1.0, bounds=((-1, 1), (0, 5)), resolution=41)
    values = ax.collections[0].get_array().reshape(41, 41)
    assert np.all(values[:, -1] == 1) and np.all(values[:, 0] == 0)


def test_surface_takes_columns_and_undecided_discriminators(ax):
    plotting.surface(ax, lambda p: np.full((len(p), 1), 0.5), colourbar=False)
    assert len(ax.collections) == 1  # nothing to draw a line between
    assert len(ax.figure.axes) == 1


@pytest.mark.parametrize(
    ("D", "message"),
    [
        (distance(lambda r: 3 - r), "logits"),
        (distance(lambda r: -r / 10), "logits"),
        (distance(lambda r: r * np.nan), "nan"),
        (lambda p: p, "shape"),
        (lambda p: 0.5, "shape"),
    ],
)
def test_surface_refuses_what_is_no_probability(ax, D, message):
    with pytest.raises(ValueError, match=message):
        plotting.surface(ax, D)


def test_belief_is_undecided_in_white_and_darker_for_real():
    def lightness(value):
        return np.dot(COLOURS.belief(value)[:3], [0.2126, 0.7152, 0.0722])

    assert COLOURS.belief(0.5)[:3] == pytest.approx((1, 1, 1), abs=0.01)
    assert lightness(1.0) < lightness(0.0) - 0.2  # apart in a black-and-white print
    assert COLOURS.belief(1.0)[2] > COLOURS.belief(1.0)[0]  # real: blue
    assert COLOURS.belief(0.0)[0] > COLOURS.belief(0.0)[2]  # generated: orange


def test_curves_draw_series_marks_and_gaps(ax):
    given = {"D's loss": [1.0, np.nan, 3.0, np.inf], "G's loss": (np.array([0, 100]), [2.0, 1.0])}
    colours = {"G's loss": COLOURS.generated}
    assert plotting.curves(ax, given, [(50, "rate ×10")], "loss", colours=colours) is ax
    first, second, mark = ax.lines
    assert first.get_xdata().tolist() == [1, 2, 3, 4]
    assert np.isfinite(first.get_ydata()).tolist() == [True, False, True, False]
    assert ax.get_ylim()[1] < 4
    assert second.get_xdata().tolist() == [0, 100] and second.get_color() == COLOURS.generated
    assert first.get_linestyle() != second.get_linestyle()
    assert mark.get_xdata() == [50, 50]
    assert [text.get_text() for text in ax.texts] == ["rate ×10"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("training step", "loss")


def test_curves_on_a_logarithmic_axis(ax):
    assert plotting.curves(ax, {"error": [1, 0.1]}, log=True).get_yscale() == "log"


@pytest.mark.parametrize("data", [([1, 2, 3], [1, 2]), np.zeros((2, 2))])
def test_curves_of_unequal_lengths_are_refused(ax, data):
    with pytest.raises(ValueError, match="'loss'"):
        plotting.curves(ax, {"loss": tuple(data) if isinstance(data, tuple) else data})


def test_spread_shows_every_value_and_the_median(ax):
    groups = {"as it is": [4.0, 1.0, 2.0, np.nan, np.inf], "better": [0.5]}
    assert plotting.spread(ax, groups, limit=(0.7, "success")) is ax
    dots, other, limit = ax.lines
    assert sorted(dots.get_ydata()) == [1, 2, 4] and other.get_ydata() == [0.5]
    assert np.abs(dots.get_xdata()).max() < 0.3 and len(set(dots.get_xdata())) == 3
    medians = [c.get_segments()[0][0, 1] for c in ax.collections]
    assert medians == [4.0, 0.5]  # of 1, 2, 4, ∞, ∞
    assert [t.get_text() for t in ax.get_xticklabels()] == ["as it is\n(2 not finite)", "better"]
    assert limit.get_ydata() == [0.7, 0.7]


def test_spread_without_a_finite_median_has_no_bar(ax):
    plotting.spread(ax, {"diverged": [np.nan, np.nan, 1.0]})
    assert len(ax.collections) == 0 and ax.lines[0].get_ydata() == [1.0]


def test_histogram_heights_are_shares(ax):
    assert plotting.histogram(ax, [0.1, 0.1, 0.9, 0.1], [0.95], bins=2, limits=(0, 1)) is ax
    heights = [round(bar.get_height()) for bar in ax.patches if hasattr(bar, "get_height")]
    assert heights == [75, 25, 0, 100]
    assert legend(ax) == ["real", "generated"] and ax.get_xlabel() == "$D(x)$"


def test_histogram_counts_what_it_does_not_show(ax):
    plotting.histogram(ax, generated=[0.5, 2.0, np.nan, 0.7], limits=(0, 1))
    assert legend(ax) == ["generated (2 outside)"]


def test_histogram_of_one_value(ax):
    plotting.histogram(ax, real=[[0.5], [0.5]])


@pytest.mark.parametrize("draw", [plotting.curves, plotting.spread])
def test_nothing_to_draw_is_refused(ax, draw):
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(ax, {})


def test_no_values_are_refused(ax):
    with pytest.raises(ValueError, match="nothing to draw"):
        plotting.histogram(ax)
    with pytest.raises(ValueError, match="nothing to draw"):
        plotting.histogram(ax, real=[np.nan])
    with pytest.raises(ValueError, match="'A'"):
        plotting.spread(ax, {"A": []})


@pytest.mark.parametrize("code", ["en", "zh"])
def test_all_charts_in_both_languages_are_small_and_complete(code):
    language.use(code)
    rng = np.random.default_rng(0)
    target = ring(sigma=0.1)
    figure, axes = plotting.figure(2, 2)
    with plotting.missing_glyphs():
        density = target.density
        plotting.surface(axes[0, 0], lambda p: density(p) / (density(p) + 0.05), target.bounds)
        plotting.points(axes[0, 0], target.sample(500, 0), rng.normal(size=(500, 2)), target.bounds)
        plotting.curves(axes[0, 1], {"D": rng.normal(size=5000)}, [(99, "步 rate")], "loss")
        plotting.spread(axes[1, 0], {"A": rng.normal(size=20)}, limit=(0, "极限"))
        plotting.histogram(axes[1, 1], rng.random(500), rng.random(500))
        picture = plotting.png(figure)
    assert len(picture) <= 60_000
    assert figure.get_size_inches().tolist() == [10, 7.6]


def test_figures_can_be_drawn_in_threads():
    pictures, failures = [], []

    def draw():
        try:
            figure, ax = plotting.figure()
            plotting.points(ax, x_squared.sample(50, 0))
            pictures.append(plotting.png(figure))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and len(pictures) == 4 and len(set(pictures)) == 1
