"""Looking: what the panel sees equals what the engine's own, slower functions say."""

import numpy as np
import pytest
import tensorflow as tf

from course_utils.training.looking import Choosing, Looking, real_samples

CORNERS = np.array([[-0.5, 0.25], [0.0, 0.0], [0.3, 0.4]], np.float32)


@pytest.fixture
def look(gan):
    def make(**options):
        return Looking(gan, 30, 20, **options)

    return make


def by_hand(gan, generator, count=20):
    return generator(gan.latents(count, 0), training=False).numpy()


def test_it_sees_what_the_engine_says(gan, look):
    gan.run(50)
    seen = look(places=[CORNERS, 2 * CORNERS])()
    generated = by_hand(gan, gan.generator)
    np.testing.assert_allclose(seen.generated, generated, atol=1e-6)
    np.testing.assert_allclose(seen.generated_belief, gan.belief(generated), atol=1e-6)
    np.testing.assert_allclose(seen.real_belief, gan.belief(real_samples(gan, 30)), atol=1e-6)
    np.testing.assert_allclose(seen.places_belief[0], gan.belief(CORNERS), atol=1e-6)
    np.testing.assert_allclose(seen.places_belief[1], gan.belief(2 * CORNERS), atol=1e-6)
    assert seen.push.shape == (0, 2)


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_latents_follow_the_knobs_without_a_new_trace(gan, look, distribution):
    looking = look()
    looking()
    gan.set(latent_distribution=distribution, latent_scale=0.3)
    np.testing.assert_allclose(looking().generated, by_hand(gan, gan.generator), atol=1e-6)


def test_it_follows_training_and_the_picture_moves_smoothly(gan, look):
    looking = look()
    before = looking().generated
    assert np.array_equal(before, looking().generated)
    gan.run(20)
    after = looking().generated
    assert 0 < np.abs(after - before).max() < 1


def test_the_averaged_generator_is_shown_while_there_is_averaging(gan, look):
    looking = look()
    gan.set(ema_decay=0.99)
    gan.run(100)
    seen = looking()
    assert seen.averaged
    np.testing.assert_allclose(seen.generated, by_hand(gan, gan.ema_generator), atol=1e-6)
    assert np.abs(by_hand(gan, gan.generator) - seen.generated).max() > 1e-3
    gan.set(ema_decay=0.0)
    seen = looking()
    assert not seen.averaged
    np.testing.assert_allclose(seen.generated, by_hand(gan, gan.generator), atol=1e-6)


def test_the_push_is_minus_the_gradient_of_gs_loss(gan, look):
    gan.run(50)
    seen = look(arrows=5)()
    points = tf.constant(seen.generated[:5])
    shift = 1e-3
    for axis in (0, 1):
        step = shift * np.eye(2, dtype=np.float32)[axis]
        losses = [
            gan.adversarial_loss.generator(gan.discriminator(points + sign * step)).numpy()[:, 0]
            for sign in (1, -1)
        ]
        slope = (losses[0] - losses[1]) / (2 * shift)
        np.testing.assert_allclose(seen.push[:, axis], -slope, atol=5e-3)


def test_a_move_along_the_push_lowers_gs_loss(gan, look):
    gan.run(100)
    seen = look(arrows=20)()
    before, after = (
        gan.belief(points) for points in (seen.generated, seen.generated + 1e-3 * seen.push)
    )
    assert (after >= before).all() and (after > before).any()


def test_looking_changes_nothing(gan, look, weights, moved):
    gan.run(10)
    before = weights(gan), gan.history.steps
    look(arrows=3, places=[CORNERS])()
    assert not moved(before[0], weights(gan)) and gan.history.steps == before[1]


def test_own_latents_are_used_as_they_are(gan):
    latents = np.linspace(-1, 1, 4 * gan.latent_dim).reshape(4, -1).astype("f4")
    choosing = Choosing(gan, latents)
    gan.set(latent_scale=3.0)
    wanted = gan.generator(latents).numpy()
    np.testing.assert_allclose(choosing([2, 0, 2]), wanted[[2, 0, 2]], atol=1e-6)


def test_what_is_chosen_follows_the_knobs_and_the_averaging(gan):
    choosing, numbers = Choosing(gan, 20), np.array([7, 0, 7, 19])
    gan.set(latent_scale=0.5, latent_distribution="uniform")
    np.testing.assert_allclose(choosing(numbers), by_hand(gan, gan.generator)[numbers], atol=1e-6)
    gan.set(ema_decay=0.99)
    gan.run(50)
    averaged = by_hand(gan, gan.ema_generator)[numbers]
    np.testing.assert_allclose(choosing(numbers), averaged, atol=1e-6)
    assert np.abs(by_hand(gan, gan.generator)[numbers] - averaged).max() > 1e-3


# --- classes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conditional():
    """Makes a GAN of points of three classes whose D is told the class, or finds it out."""
    import keras
    from keras import layers

    from course_utils.training import GAN
    from course_utils.training.sources import LabelledSource

    labels = np.arange(60) % 3
    points = np.stack([labels, np.arange(60) / 60], axis=1).astype("f4")

    def make(is_told):
        z, y, x = keras.Input((4,)), keras.Input((3,)), keras.Input((2,))
        generator = keras.Model([z, y], layers.Dense(2)(layers.Concatenate()([z, y])))
        if is_told:
            logits = layers.Dense(1)(layers.Dense(8, "tanh")(layers.Concatenate()([x, y])))
            discriminator = keras.Model([x, y], logits)
        else:
            seen = layers.Dense(8, "tanh")(x)
            discriminator = keras.Model(x, [layers.Dense(1)(seen), layers.Dense(3)(seen)])
        return GAN(generator, discriminator, LabelledSource(points, labels), batch_size=8)

    gans = {is_told: make(is_told) for is_told in (True, False)}
    return gans.get


@pytest.mark.parametrize("is_told", [True, False])
def test_d_hears_of_each_sample_its_own_class_and_of_places_all_of_them(conditional, is_told):
    gan = conditional(is_told)
    seen = Looking(gan, 30, 20, places=[CORNERS], arrows=5)()
    np.testing.assert_allclose(seen.generated, gan.generate(20), atol=1e-6)
    labels = np.arange(20) % 3
    np.testing.assert_allclose(seen.generated_belief, gan.belief(seen.generated, labels), atol=1e-6)
    real = real_samples(gan, 30)
    own = real[:, 0].astype(int)  # as the points were made
    assert len(set(own)) == 3
    np.testing.assert_allclose(seen.real_belief, gan.belief(real, own), atol=1e-6)
    equal = np.full((3, 3), 1 / 3, np.float32)
    np.testing.assert_allclose(seen.places_belief[0], gan.belief(CORNERS, equal), atol=1e-6)
    pushed = tf.constant(seen.generated[:5])
    with tf.GradientTape() as tape:
        tape.watch(pushed)
        asked = tf.one_hot(labels[:5], 3)
        logits, class_logits = gan.judge(pushed, asked)
        loss = tf.reduce_sum(gan.adversarial_loss.generator(logits))
        if class_logits is not None:
            loss -= tf.reduce_sum(asked * tf.nn.log_softmax(class_logits))
    np.testing.assert_allclose(seen.push, -tape.gradient(loss, pushed), atol=1e-6)


def test_chosen_conditions_may_be_mixtures(conditional):
    gan, numbers = conditional(True), np.array([3, 3, 0])
    mixed = np.array([[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]], np.float32)
    wanted = gan.generator([gan.latents(8)[numbers], mixed]).numpy()
    np.testing.assert_allclose(Choosing(gan, 8)(numbers, mixed), wanted, atol=1e-6)


def test_a_conditional_gan_without_data_can_be_looked_at(conditional):
    from course_utils.training import GAN

    known = conditional(True)
    seen = Looking(GAN(known.generator, known.discriminator), 30, 4)()
    assert seen.real_belief.shape == (0,) and seen.generated_belief.shape == (4,)


def test_real_samples_are_the_same_every_time_and_real(gan):
    samples = real_samples(gan, 50)
    assert samples.dtype == np.float32 and np.array_equal(samples, real_samples(gan, 50))
    np.testing.assert_allclose(samples[:, 1], samples[:, 0] ** 2, atol=1e-6)


def test_a_gan_without_data_has_no_real_samples():
    from course_utils.models import x2
    from course_utils.training import GAN

    assert real_samples(GAN(x2.build_generator(), x2.build_discriminator()), 9).shape == (0, 2)
