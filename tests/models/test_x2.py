"""The networks have the sizes that the lesson says, and the reliable settings are reliable."""

import pytest

from course_utils.models import x2, x2_reliability


def test_parameters():
    assert x2.build_generator().count_params() == 122
    assert x2.build_discriminator().count_params() == 101
    # With the five hidden units of the tutorial's prose.
    assert x2.build_generator(hidden=5).count_params() == 42


def test_a_short_reliable_run_comes_close_to_the_curve():
    from course_utils.data.targets import x_squared
    from course_utils.evaluation import curve_error

    gan = x2.build_gan(steps=4000, seed=1)
    gan.run(4000)
    assert curve_error(gan.generate(2000), x_squared.f) < 0.03


def test_rates_decay_only_where_the_settings_say_so():
    assert x2.build_gan(steps=123).knobs["decay_steps"] == 123
    assert x2.build_gan(x2.TUTORIAL).knobs["decay_steps"] == 0


def test_stored_reliability_is_complete_and_reaches_the_target():
    rows = x2_reliability.load()
    expected = {"tutorial as it is", "tutorial", "all"}
    for change in x2_reliability.CHANGES:
        expected |= {f"only {change}", f"all but {change}"}
    assert rows.keys() == expected
    for row in rows.values():
        assert row["seeds"] == len(row["errors"]) == len(row["covered"]) == 100
        good = [
            error < 0.01 and covered == 1
            for error, covered in zip(row["errors"], row["covered"], strict=True)
        ]
        assert sum(good) == row["successes"]
    assert rows["all"]["successes"] >= 95


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Closed forms at the ends: 0 of n reaches z²/(n + z²), and n of n mirrors it.
        (0, 10, 0.0, 1.96**2 / (10 + 1.96**2)),
        (10, 10, 10 / (10 + 1.96**2), 1.0),
    ],
)
def test_wilson_interval(successes, trials, low, high):
    assert x2_reliability.wilson(successes, trials) == pytest.approx((low, high), abs=1e-6)


def test_wilson_agrees_with_scipy():
    from scipy.stats import binomtest

    reference = binomtest(35, 100).proportion_ci(0.95, method="wilson")
    assert x2_reliability.wilson(35, 100) == pytest.approx(tuple(reference), abs=1e-4)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_table_has_a_line_for_each_row(code, monkeypatch):
    from course_utils import language

    monkeypatch.setattr(language, "_chosen", code)
    lines = x2_reliability.table().splitlines()
    assert len(lines) == 3 + 3 + 2 * len(x2_reliability.CHANGES)
    assert len([line for line in lines if " / 100 " in line]) == len(lines) - 3
