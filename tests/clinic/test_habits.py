import numpy as np
import pytest

from course_utils.clinic import habits


def outputs(random, n=4000, real=2.0, fake=-1.0):
    return random.normal(real, 0.5, n), random.normal(fake, 0.5, n), random.normal(fake, 0.5, n)


def test_the_identities_of_the_lesson():
    zero = np.zeros(10)
    numbers = habits.habit_numbers((zero, zero, zero), sigmoid=False)
    assert numbers["proper_d_loss"] == pytest.approx(np.log(2))
    assert numbers["as_summed_d"] == pytest.approx(2 * np.log(2))
    assert numbers["as_minimax_g"] == pytest.approx(-np.log(2))
    # Two sigmoids, D fooled entirely: G's loss cannot fall below log(1 + 1/e).
    sure = np.ones(10)
    doubled = habits.habit_numbers((sure, 0 * sure, sure), sigmoid=True)
    assert doubled["as_logit_g"] == pytest.approx(np.log1p(np.exp(-1)))
    # Logits clipped as probabilities cost -log 1e-7 each.
    far = np.full(10, 30.0)
    assert habits.habit_numbers((-far, -far, far), sigmoid=False)["as_probability_d"] == (
        pytest.approx(-np.log(1e-7) / 2, rel=1e-3)
    )


def test_probabilities_and_their_logits_have_the_same_losses():
    raw = outputs(np.random.default_rng(0))
    cooked = tuple(1 / (1 + np.exp(-v)) for v in raw)
    a, b = habits.habit_numbers(raw, False), habits.habit_numbers(cooked, True)
    for name in ("proper_d_loss", "proper_g_loss", "as_minimax_g"):
        assert a[name] == pytest.approx(b[name], abs=1e-6)


@pytest.mark.parametrize(("target", "fake_target"), [(1.0, 0.0), (0.9, 0.0), (1.3, 0.0)])
def test_the_implied_target_is_found(target, fake_target):
    random = np.random.default_rng(1)
    seen, logged = [], []
    for _ in range(16):
        seen.append(outputs(random, real=0.6, fake=-0.4))
        real, fake, _ = outputs(random, n=64, real=0.6, fake=-0.4)
        d = habits.softplus(real) - target * real
        g = habits.softplus(fake) - fake_target * fake
        logged.append((d.mean() + g.mean()) / 2)
    found, error = habits.implied_target(seen, np.array(logged))
    assert found == pytest.approx(target, abs=4 * error)
    assert error < 0.08


def test_the_implied_target_needs_steps():
    assert np.isnan(habits.implied_target([], np.zeros(0))[0])
    zero = (np.zeros(4),) * 3
    assert np.isnan(habits.implied_target([zero] * 8, np.ones(8))[0])
