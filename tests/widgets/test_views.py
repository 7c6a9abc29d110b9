"""The pictures: right numbers, the protocol's shapes, clear refusals."""

import numpy as np
import pytest

from course_utils.training import CURVES
from course_utils.widgets import views
from course_utils.widgets.frames import Camera
from course_utils.widgets.views.measures import Measures
from course_utils.widgets.views.points import HALF_LENGTH_AT, LONGEST_ARROW
from course_utils.widgets.views.thinning import MOST, Thinned

pytestmark = pytest.mark.usefixtures("english")


def take(gan, *some):
    return Camera(gan, some).take(gan, 12.345)


# --- points -----------------------------------------------------------------------------------


def test_points_hold_what_the_gan_draws_and_d_believes(gan):
    gan.run(50)
    meta, arrays = take(gan, views.Points(count=150)).views[0]
    assert arrays["real"].shape == arrays["generated"].shape == (150, 2)
    np.testing.assert_allclose(arrays["real"][:, 1], arrays["real"][:, 0] ** 2, atol=1e-6)
    wanted = gan.generator(gan.latents(150), training=False).numpy()
    np.testing.assert_allclose(arrays["generated"], wanted, atol=1e-6)
    (x0, x1), (y0, y1) = meta["bounds"] = gan.source.target.bounds
    sent = take(gan, views.Points()).wire()
    surface = np.frombuffer(sent[1][2], np.uint8).reshape(meta["resolution"], -1)
    corners = gan.belief([[x0, y0], [x1, y0], [x0, y1], [x1, y1]])
    seen = surface[[0, 0, -1, -1], [0, -1, 0, -1]]
    np.testing.assert_allclose(seen / 255, corners, atol=0.003)
    assert arrays["surface"].shape == (64 * 64,) and arrays["arrows"].shape == (100, 4)


def test_arrows_begin_at_the_points_and_are_bounded_functions_of_the_gradient(gan):
    gan.run(50)
    view = views.Points(count=40)
    meta, arrays = take(gan, view).views[0]
    starts, shown = arrays["arrows"][:, :2], arrays["arrows"][:, 2:]
    np.testing.assert_array_equal(starts, arrays["generated"])
    low, high = np.transpose(meta["bounds"])
    lengths = np.linalg.norm(shown / (high - low), axis=1)
    assert 0 < lengths.max() < LONGEST_ARROW
    steep = np.array([[1e9, 0], [0, 0], [np.nan, 1]], np.float32)
    far = view._arrows(np.zeros((3, 2), np.float32), steep)[:, 2:] / (high - low)
    np.testing.assert_allclose(np.linalg.norm(far, axis=1), [LONGEST_ARROW, 0, 0], rtol=1e-5)
    half = np.array([[HALF_LENGTH_AT, 0]], np.float32) / (high - low).astype("f4")
    middling = view._arrows(np.zeros((1, 2), np.float32), half)[:, 2:] / (high - low)
    np.testing.assert_allclose(middling, [[LONGEST_ARROW / 2, 0]], rtol=1e-5)


def test_points_outside_the_picture_are_counted(gan):
    gan.run(5)
    everything = ((-100, 100), (-100, 100))
    assert take(gan, views.Points(everything)).views[0][0]["outside"] == 0
    nothing = ((50, 51), (50, 51))
    assert take(gan, views.Points(nothing)).views[0][0]["outside"] == 400


def test_bounds_follow_the_target_unless_they_were_given(gan, monkeypatch):
    view = views.Points()
    assert take(gan, view).views[0][0]["bounds"] == gan.source.target.bounds
    monkeypatch.setattr(gan.source.target, "bounds", ((-3, 3), (-2, 2)))
    assert take(gan, view).views[0][0]["bounds"] == ((-3, 3), (-2, 2))
    assert take(gan, views.Points(((0, 1), (0, 1)))).views[0][0]["bounds"] == ((0, 1), (0, 1))


def test_parts_of_the_picture_can_be_left_out(gan):
    meta, arrays = take(gan, views.Points(arrows=False, surface=False)).views[0]
    assert arrays.keys() == {"real", "generated"} and meta["resolution"] == 0


def test_points_say_when_they_come_from_the_averaged_generator(gan):
    assert "measures" not in take(gan, views.Points()).views[0][0]
    gan.set(ema_decay=0.9)
    (measure,) = take(gan, views.Points()).views[0][0]["measures"]
    assert "averaged" in measure["text"]


@pytest.mark.parametrize("count", [0, -1, 5001, 1.5, True, "many"])
def test_a_count_out_of_range_is_refused(count):
    with pytest.raises(ValueError, match="count"):
        views.Points(count=count)


@pytest.mark.parametrize(
    "bounds", [(), "ab", ((1, 0), (0, 1)), ((0, 1),), ((0, float("nan")), (0, 1)), 3]
)
def test_impossible_bounds_are_refused(bounds):
    with pytest.raises(ValueError, match="bounds"):
        views.Points(bounds)


def test_points_need_points_and_bounds(image_gan, gan, monkeypatch):
    with pytest.raises(ValueError, match=r"views\.Images"):
        Camera(image_gan, [views.Points()])
    monkeypatch.setattr(gan.source, "target", None)
    with pytest.raises(ValueError, match="bounds"):
        views.Points().prepare(gan)


# --- curves -----------------------------------------------------------------------------------


def test_short_curves_hold_every_step(gan):
    gan.run(MOST)
    meta, arrays = take(gan, views.Curves()).views[0]
    np.testing.assert_array_equal(arrays["x"], np.arange(1, MOST + 1))
    titles = [series["title"] for group in meta["groups"] for series in group["series"]]
    assert titles == [
        "D's loss", "G's loss", "D(x) on real", "D(x) on generated", "D's gradient", "G's gradient",
    ]  # fmt: skip
    order = [
        "discriminator_loss", "generator_loss", "real_belief", "fake_belief",
        "discriminator_gradient_norm", "generator_gradient_norm",
    ]  # fmt: skip
    for row, name in zip(arrays["y"], order, strict=True):
        np.testing.assert_allclose(row, gan.history[name], rtol=1e-5)
    assert meta["last_step"] == MOST
    assert meta["groups"][0]["reference"] == pytest.approx(2 * np.log(2))


def test_long_curves_are_means_of_equal_stretches_however_they_came(gan):
    thinned, chunks = Thinned(), [1, 7, 292, 1, 500, 63, 1024, 3]
    for chunk in chunks:
        gan.run(chunk)
        steps, means = thinned.update(gan.history)
    total = sum(chunks)
    length = 8
    assert len(steps) == -(-total // length) <= MOST
    for index in (0, 5, len(steps) - 1):
        part = slice(length * index, min(length * (index + 1), total))
        np.testing.assert_allclose(means[index], gan.history.rows[part].mean(axis=0), rtol=1e-4)
        assert steps[index] == pytest.approx((part.start + 1 + part.stop) / 2)
    at_once = Thinned().update(gan.history)
    np.testing.assert_allclose(at_once[1], means, rtol=1e-5)


def test_curves_of_a_history_that_was_thinned(gan, monkeypatch):
    from course_utils.training import history

    monkeypatch.setattr(history, "MOST_ROWS", 512)
    thinned = Thinned()
    for _ in range(8):
        gan.run(300)
        steps, means = thinned.update(gan.history)
    assert gan.history.stride > 1 and np.isfinite(means).all()
    assert (np.diff(steps) > 0).all() and 2350 < steps[-1] <= 2400


def test_curves_start_over_after_a_reset(gan):
    thinned = Thinned()
    gan.run(100)
    thinned.update(gan.history)
    gan.reset()
    steps, means = thinned.update(gan.history)
    assert steps.shape == (0,) and means.shape == (0, len(CURVES))
    gan.run(3)
    assert len(thinned.update(gan.history)[0]) == 3


def test_chosen_groups_only(gan):
    gan.run(2)
    meta, arrays = take(gan, views.Curves(groups=["beliefs"])).views[0]
    assert len(meta["groups"]) == 1 and arrays["y"].shape == (2, 2)


@pytest.mark.parametrize("groups", [["loss"], "losses"])
def test_unknown_groups_are_refused(groups):
    with pytest.raises(ValueError, match="groups"):
        views.Curves(groups)


def test_a_measure_must_be_a_function():
    with pytest.raises(ValueError, match="error"):
        views.Curves(measures={"error": 0.5})


def test_measures_are_a_group_of_their_own_and_a_table(gan):
    view = views.Curves(groups=[], measures={"steps": lambda gan: gan.history.steps})
    gan.run(5)
    meta, arrays = take(gan, view).views[0]
    assert meta["measures"] == [{"title": "steps", "text": "5"}]
    assert meta["groups"][0]["series"][0]["title"] == "steps"
    np.testing.assert_array_equal(arrays["y"], [[np.nan] * 4 + [5]])


def test_measures_are_computed_once_a_second(gan, clock):
    calls = []
    measures = Measures({"quick": lambda gan: calls.append(0) or 1}, clock)
    for _ in range(40):
        gan.run(1)
        measures.update(gan)
        clock.now += 0.25
    assert 8 <= len(calls) <= 12


def test_slow_measures_are_computed_rarer_and_all_at_the_same_steps(gan, clock):
    """The first one pays for what all of them share, as `live_measures` does."""

    def slow(gan):
        clock.now += 0.1
        return gan.history.steps

    measures = Measures({"slow": slow, "quick": lambda gan: gan.history.steps}, clock)
    for _ in range(40):
        gan.run(1)
        measures.update(gan)
        clock.now += 0.25
    # 0.1 s for both is 0.05 s each: every 2.5 s, beside the time that they take themselves.
    assert 3 <= len(measures._values["slow"]) <= 5
    assert measures._values["slow"] == measures._values["quick"]


def test_a_measure_is_not_computed_twice_for_one_step(gan, clock):
    calls = []
    measures = Measures({"one": lambda gan: calls.append(0) or 1}, clock)
    for _ in range(5):
        measures.update(gan)
        clock.now += 10
    assert len(calls) == 1


def test_a_measure_that_fails_is_left_out_and_says_why(gan, clock):
    measures = Measures({"bad": lambda gan: 1 / 0, "good": lambda gan: 2}, clock)
    measures.update(gan)
    bad, good = measures.texts()
    assert "ZeroDivisionError" in bad["text"] and good["text"] == "2"
    assert np.isnan(measures.at(np.array([0.0, 1.0]))[0]).all()


def test_measures_of_a_run_end_with_it(gan, clock):
    measures = Measures({"steps": lambda gan: gan.history.steps}, clock)
    gan.run(5)
    measures.update(gan)
    gan.reset()
    measures.update(gan)
    np.testing.assert_array_equal(measures.at(np.array([5.0])), [[0]])


# --- histograms and images --------------------------------------------------------------------


def test_histograms_are_shares_of_d_s_beliefs(gan):
    gan.run(100)
    camera = Camera(gan, [views.Histograms()])
    meta, arrays = camera.take(gan).views[0]
    generated = gan.belief(gan.generator(gan.latents(400), training=False))
    counts, _ = np.histogram(generated, meta["bins"], (0, 1))
    np.testing.assert_allclose(arrays["generated"], counts / 400, atol=0.006)
    assert arrays["real"].sum() == pytest.approx(1)


def test_histograms_of_images_take_no_more_than_the_grid_of_images(image_gan):
    camera = Camera(image_gan, [views.Images(), views.Histograms()])
    assert len(camera._sight.see()[0].look.generated) == 64
    assert camera.take(image_gan).views[1][1]["generated"].sum() == pytest.approx(1)


@pytest.mark.parametrize("beliefs", [[0.0, 1.0, 1.0], [np.nan, 0.5]])
def test_the_ends_of_the_histogram_belong_to_it(beliefs):
    from course_utils.widgets.views.histograms import _shares

    assert _shares(np.array(beliefs, np.float32)).sum() == pytest.approx(1)


def test_images_are_one_picture_row_by_row(image_gan):
    meta, arrays = take(image_gan, views.Images(rows=3, columns=4)).views[0]
    images = image_gan.generator(image_gan.latents(12), training=False).numpy()[..., 0]
    pixels = arrays["pixels"]
    assert pixels.shape == (36, 40) and pixels.dtype == np.uint8
    assert (
        meta["rows"] == 3 and meta["columns"] == 4 and (meta["height"], meta["width"]) == (12, 10)
    )
    np.testing.assert_allclose(pixels[12:24, 20:30], 127.5 * (images[6] + 1), atol=0.51)


def test_one_row_for_each_class(image_gan):
    def latents(gan):
        return np.repeat(np.eye(2, gan.latent_dim, dtype=np.float32), 5, axis=0)

    view = views.Images(2, 5, latents, ["zero", "one"])
    meta, arrays = take(image_gan, view).views[0]
    rows = arrays["pixels"].reshape(2, 12, 50)
    assert meta["row_titles"] == ["zero", "one"]
    assert np.array_equal(rows[:, :, :10], rows[:, :, 40:]) and (rows[0] != rows[1]).any()


def test_images_refuse_what_they_cannot_show(gan, image_gan):
    with pytest.raises(ValueError, match=r"views\.Points"):
        Camera(gan, [views.Images()])
    with pytest.raises(ValueError, match="rows"):
        views.Images(rows=33)
    with pytest.raises(ValueError, match="row_titles"):
        views.Images(rows=3, row_titles=["a"])
    with pytest.raises(ValueError, match="latents"):
        Camera(image_gan, [views.Images(2, 2, lambda gan: np.zeros((3, 3)))])


# --- all together -----------------------------------------------------------------------------


def test_all_views_share_one_look(gan):
    camera = Camera(gan, [views.Points(), views.Histograms(), views.Curves()])
    looks = [seen.look for seen in camera._sight.see()]
    assert looks[0] is looks[1]


def test_a_frame_on_the_wire(gan):
    gan.run(3)
    frame = take(gan, views.Points(count=7), views.Curves(), views.Histograms())
    message, buffers = frame.wire()
    assert (message["type"], message["number"], message["step"]) == ("frame", 1, 3)
    assert message["rate"] == 12.35
    names = [view["buffers"] for view in message["views"]]
    assert sorted(index for view in names for index in view.values()) == list(range(8))
    real = np.frombuffer(buffers[names[0]["real"]], "<f4").reshape(-1, 2)
    np.testing.assert_array_equal(real, frame.views[0][1]["real"])
    assert len(buffers[names[0]["surface"]]) == 64 * 64
    import json

    assert len(json.dumps(message)) < 3000


class Failing(views.Histograms):
    def frame(self, gan, seen):
        raise RuntimeError("our slip")


def test_a_view_that_fails_is_left_out_and_the_others_go_on(gan):
    camera = Camera(gan, [Failing(), views.Histograms()])
    for _ in range(2):
        frame = camera.take(gan)
        assert "our slip" in frame.views[0][0]["error"] and frame.views[0][1] == {}
        assert frame.views[1][1]["real"].sum() == pytest.approx(1)
    assert list(camera.errors) == [0]
    frame.wire()
    camera.figure(frame)
    camera.describe(frame)


def test_a_look_that_fails_leaves_the_curves(gan, monkeypatch):
    camera = Camera(gan, [views.Points(), views.Curves()])
    monkeypatch.setattr(camera._sight, "_look", lambda: 1 / 0)
    frame = camera.take(gan)
    assert "ZeroDivisionError" in frame.views[0][0]["error"] and "error" not in frame.views[1][0]


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("steps", [0, 30])
def test_figure_and_words_in_both_languages(gan, code, steps, monkeypatch):
    from course_utils import language, plotting

    monkeypatch.setattr(language, "_chosen", code)
    gan.run(steps)
    gan.set(instance_noise=0.1)
    every = [views.Points(), views.Curves(measures={"m": lambda gan: 1}), views.Histograms()]
    camera = Camera(gan, every)
    frame = camera.take(gan)
    with plotting.missing_glyphs():
        picture = plotting.png(camera.figure(frame, [(3, "knob", "0.1")]))
    assert picture.startswith(b"\x89PNG") and len(picture) < 150_000
    words = camera.describe(frame)
    assert ("第" if code == "zh" else "tep") in words and str(steps) in words


def test_words_about_images(image_gan):
    camera = Camera(image_gan, [views.Images(2, 2)])
    frame = camera.take(image_gan)
    (meta, arrays), view = frame.views[0], camera.views[0]
    assert "4 generated images" in view.describe(meta, arrays)
    camera.figure(frame)
