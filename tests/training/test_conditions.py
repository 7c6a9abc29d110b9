"""GANs of classes: what is drawn, what the networks are told, and what each of them learns."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from course_utils.training import GAN, KNOBS, History, checkpoints, effects, one_hot, replay
from course_utils.training.compiled import SingleUpdates
from course_utils.training.knobs import Knobs
from course_utils.training.randomness import Draws
from course_utils.training.sources import ImageSource, LabelledSource, draw_classes
from course_utils.training.state import read_state, write_state

COUNTS = (60, 30, 10)
LABELS = np.repeat(np.arange(3), COUNTS)
POINTS = np.stack([LABELS, 0.01 * np.arange(100)], axis=1).astype(np.float32)
DRAWS = Draws(3, 5, 0)


def _generator(classes=3):
    latents, conditions = keras.Input((2,)), keras.Input((classes,))
    joined = layers.Concatenate()([latents, conditions])
    hidden = layers.LeakyReLU(0.2)(layers.Dense(8)(joined))
    return keras.Model([latents, conditions], layers.Dense(2)(hidden))


def _discriminator(told: bool, head: bool, classes=3):
    points, conditions = keras.Input((2,)), keras.Input((classes,))
    inputs = [points, conditions] if told else points
    seen = layers.Concatenate()(inputs) if told else points
    hidden = layers.LeakyReLU(0.2)(layers.Dense(8)(seen))
    outputs = [layers.Dense(1)(hidden)] + [layers.Dense(classes, name="head")(hidden)] * head
    return keras.Model(inputs, outputs if head else outputs[0])


def _build(told, head, **options):
    data = LabelledSource(POINTS, LABELS)
    return GAN(_generator(), _discriminator(told, head), data, batch_size=16, **options)


@pytest.fixture(scope="module")
def built():
    return {"cgan": _build(True, False), "acgan": _build(False, True)}


@pytest.fixture(params=["cgan", "acgan"])
def gan(built, request):
    return _fresh(built[request.param])


@pytest.fixture
def acgan(built):
    return _fresh(built["acgan"])


def _fresh(gan):
    gan.knobs._set(**{name: knob.from_number(knob.default) for name, knob in KNOBS.items()})
    gan.reset(0)
    return gan


# --- what is drawn -------------------------------------------------------------------------------


def test_samples_keep_their_labels_and_come_as_often_as_in_the_data():
    source = LabelledSource(POINTS, LABELS)
    samples, labels = (part.numpy() for part in source.draw(DRAWS, 20_000))
    np.testing.assert_array_equal(samples[:, 0], labels)
    np.testing.assert_allclose(np.bincount(labels) / 20_000, (0.6, 0.3, 0.1), atol=0.015)
    assert set(samples[:, 1]) == set(POINTS[:, 1])  # every sample comes, the last one too


def test_weights_say_how_often_a_class_comes():
    source = LabelledSource(POINTS, LABELS)
    for weights, shares in (((1, 1, 1), (1 / 3,) * 3), ((0, 1, 3), (0, 0.25, 0.75))):
        labels = source.draw(DRAWS, 20_000, tf.constant(weights, tf.float32))[1].numpy()
        np.testing.assert_allclose(np.bincount(labels, minlength=3) / 20_000, shares, atol=0.015)
    labels = source.draw(DRAWS, 20_000, tf.zeros(3))[1].numpy()
    np.testing.assert_allclose(np.bincount(labels) / 20_000, (0.6, 0.3, 0.1), atol=0.015)


def test_a_class_without_samples_is_never_drawn():
    source = LabelledSource(POINTS, LABELS, classes=5)
    labels = source.draw(DRAWS, 5000, tf.ones(5))[1].numpy()
    assert set(labels) == {0, 1, 2}


def test_the_last_class_of_weight_zero_is_never_drawn():
    class Largest:
        def uniform(self, stream, shape):
            return tf.fill(shape, np.float32(1 - 2**-23))

    weights = tf.constant([0.3, 0.3, 0.1, 0.0])
    assert draw_classes(Largest(), "fake_classes", 2, weights).numpy().tolist() == [2, 2]


def test_images_are_scaled():
    images = np.array([[[0, 255]], [[51, 204]]], np.uint8)
    samples, labels = LabelledSource(images, [0, 1]).draw(DRAWS, 50)
    expected = images[labels.numpy()][..., None] / 127.5 - 1
    np.testing.assert_allclose(samples, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("samples", "labels", "classes", "words"),
    [
        (POINTS, LABELS[:-1], None, "100 samples and 99 labels"),
        (POINTS, LABELS.astype(float), None, "whole numbers"),
        (POINTS, LABELS, 2, "0 … 1"),
        (POINTS, LABELS - 1, None, "-1"),
        (POINTS[:0], LABELS[:0], None, "at least one"),
        (POINTS.astype(int), LABELS, None, "uint8"),
    ],
)
def test_labelled_samples_of_another_kind_are_refused(samples, labels, classes, words):
    with pytest.raises(ValueError, match=words):
        LabelledSource(samples, labels, classes)


def test_one_hot():
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot([2, 0], 3).dtype == np.float32
    for labels in ([3], [-1], [0.5], [[1]]):
        with pytest.raises(ValueError, match="0 … 2"):
            one_hot(labels, 3)


def test_knobs_choose_the_classes_of_both_players(gan):
    gan.set(class_sampling="weights", class_0=0.0, class_1=0.5)
    told = np.concatenate([gan.draw_real(Draws(0, step, 0))[1] for step in range(200)])
    asked = np.concatenate([gan._asked_for(Draws(0, step, 0), 16) for step in range(200)])
    for conditions in (told, asked):
        np.testing.assert_allclose(conditions.mean(axis=0), (0, 1 / 3, 2 / 3), atol=0.03)
    gan.set(class_1=0.0, class_2=0.0)  # none is left: as in the data
    for drawn in (gan.draw_real(Draws(0, 0, 0))[1], gan._asked_for(Draws(0, 0, 0), 16)):
        assert drawn.numpy()[:, 0].sum() > 3
    gan.set(class_sampling="data")
    asked = np.concatenate([gan._asked_for(Draws(0, step, 0), 16) for step in range(200)])
    np.testing.assert_allclose(asked.mean(axis=0), (0.6, 0.3, 0.1), atol=0.03)


def test_flips_change_what_is_said_of_real_samples_and_nothing_else(gan):
    gan.set(class_flip_rate=0.25)
    pairs = [gan.draw_real(Draws(0, step, 0)) for step in range(200)]
    samples, told = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    wrong = told.argmax(axis=1) != samples[:, 0]
    assert abs(wrong.mean() - 0.25) < 0.03
    others = (told.argmax(axis=1)[wrong] - samples[wrong, 0]) % 3
    assert set(others) == {1, 2} and 0.4 < (others == 1).mean() < 0.6
    gan.set(class_flip_rate=1.0)
    samples, told = gan.draw_real(Draws(0, 0, 0))
    assert (told.numpy().argmax(axis=1) != samples.numpy()[:, 0]).all()


# --- the updates ---------------------------------------------------------------------------------


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_each_step_moves_one_network(gan, weights, moved, player):
    still = {"discriminator": "generator", "generator": "discriminator"}[player]
    before = {name: weights(getattr(gan, name)) for name in (player, still)}
    gan.run(3, player)
    assert moved(before[player], weights(getattr(gan, player)))
    assert not moved(before[still], weights(getattr(gan, still)))


def _cross_entropy(logits, conditions):
    return -np.mean(np.sum(conditions * tf.nn.log_softmax(logits).numpy(), axis=1))


def test_the_losses_are_those_of_the_papers(gan):
    """By hand, on the same random numbers: the adversarial losses, and the class head's."""
    real, told = gan.draw_real(DRAWS)
    latents, asked = gan._latents(DRAWS, 16), gan._asked_for(DRAWS, 16)
    fake = gan.generator([latents, asked])
    pairs = [(real, told), (fake, asked)]
    inputs = [list(pair) if not gan.has_class_head else pair[0] for pair in pairs]
    answers = [gan.discriminator(each) for each in inputs]
    logits = [answer[0] if gan.has_class_head else answer for answer in answers]
    expected = np.mean(np.logaddexp(0, -logits[0])) + np.mean(np.logaddexp(0, logits[1]))
    class_losses = [0.0, 0.0]
    if gan.has_class_head:
        class_losses = [
            _cross_entropy(answer[1], conditions.numpy())
            for answer, (_, conditions) in zip(answers, pairs, strict=True)
        ]
    g_loss, _, g_class_loss = gan.update_generator(DRAWS)
    np.testing.assert_allclose(g_loss, np.mean(np.logaddexp(0, -logits[1])), rtol=1e-5)
    np.testing.assert_allclose(g_class_loss, class_losses[1], rtol=1e-5)
    gan.reset()
    d_loss, *_, d_class_loss = gan.update_discriminator(real, DRAWS, conditions=told)
    np.testing.assert_allclose(d_loss, expected, rtol=1e-5)
    np.testing.assert_allclose(d_class_loss, np.mean(class_losses), rtol=1e-5)


def test_the_class_loss_acts_on_both_networks_by_its_weight(acgan):
    """The gradients, by hand: d(adversarial) + weight · d(class loss), summed over both parts."""
    gan = acgan
    gan.knobs._set(auxiliary_weight=3.0)
    real, told = gan.draw_real(DRAWS)
    latents, asked = gan._latents(DRAWS, 16), gan._asked_for(DRAWS, 16)
    entropy = keras.losses.CategoricalCrossentropy(from_logits=True)
    with tf.GradientTape(persistent=True) as tape:
        fake = gan.generator([latents, asked])
        (real_logits, real_classes), (logits, classes) = map(gan.discriminator, (real, fake))
        d_loss = tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
            tf.nn.softplus(logits)
        )
        d_loss += 3.0 * (entropy(told, real_classes) + entropy(asked, classes))
        g_loss = tf.reduce_mean(tf.nn.softplus(-logits)) + 3.0 * entropy(asked, classes)
    norms = [
        tf.linalg.global_norm(tape.gradient(loss, network.trainable_variables))
        for loss, network in ((d_loss, gan.discriminator), (g_loss, gan.generator))
    ]
    np.testing.assert_allclose(gan.update_generator(DRAWS)[1], norms[1], rtol=1e-4)
    gan.reset()
    found = gan.update_discriminator(real, DRAWS, conditions=told)[3]
    np.testing.assert_allclose(found, norms[0], rtol=1e-4)


def test_without_weight_the_head_does_not_learn(acgan):
    head = acgan.discriminator.get_layer("head").kernel
    acgan.set(auxiliary_weight=0.0)
    before = head.numpy()
    acgan.run(5)
    np.testing.assert_array_equal(head.numpy(), before)
    acgan.set(auxiliary_weight=1.0)
    acgan.run(5)
    assert (head.numpy() != before).any()


CLASS_KNOBS = {
    "class_sampling": ("data", "weights"),
    **{f"class_{label}": (1.0, 0.0) for label in range(3)},
    "class_flip_rate": (0.0, 0.5),
    "auxiliary_weight": (1.0, 4.0),
}


def test_every_knob_of_classes_is_tried():
    of_classes = {name for name in KNOBS if KNOBS[name].group == "classes"}
    assert of_classes - CLASS_KNOBS.keys() == {f"class_{label}" for label in range(3, 10)}


@pytest.mark.parametrize("name", CLASS_KNOBS)
def test_knobs_act_in_the_next_step_without_retracing(acgan, weights, name):
    """Five steps with the knob changed differ from five without, from the very same state."""
    before, after = CLASS_KNOBS[name]
    acgan.set(**{"class_sampling": "weights", name: before})
    acgan.run(3)
    state, traces = read_state(acgan), acgan.trace_count

    def outcome(value):
        write_state(acgan, state)
        acgan.set(**{name: value})
        acgan.run(5)
        return weights(acgan.generator) + weights(acgan.discriminator)

    unchanged, changed, again = outcome(before), outcome(after), outcome(before)
    assert any((a != b).any() for a, b in zip(unchanged, changed, strict=True))
    assert all((a == b).all() for a, b in zip(unchanged, again, strict=True))
    assert acgan.trace_count == traces


def test_a_run_with_changes_can_be_replayed(gan, weights):
    gan.run(4)
    gan.set(class_sampling="weights", class_2=0.0, class_flip_rate=0.5, schedule="cosine")
    gan.run(3)
    gan.set(auxiliary_weight=4.0, decay_steps=40, class_2=0.5)
    gan.run(3)
    expected = weights(gan.generator) + weights(gan.discriminator)
    log = gan.history.log()
    gan.reset(7)
    replay(gan, log)
    found = weights(gan.generator) + weights(gan.discriminator)
    assert all((a == b).all() for a, b in zip(expected, found, strict=True))


def test_single_updates_train_the_same(acgan, weights, monkeypatch):
    initial = read_state(acgan)
    fused = acgan.run(10)
    expected = weights(acgan.generator) + weights(acgan.discriminator)
    write_state(acgan, initial)
    monkeypatch.setattr(acgan, "_steps", SingleUpdates(acgan, jit_compile=True))
    traces = acgan.trace_count
    single = acgan.run(10)
    acgan.trace_count = traces
    np.testing.assert_allclose(single, fused, rtol=1e-3, atol=1e-5)
    found = weights(acgan.generator) + weights(acgan.discriminator)
    for old, new in zip(expected, found, strict=True):
        np.testing.assert_allclose(new, old, rtol=1e-3, atol=1e-5)


def test_both_learn_to_tell_classes_apart(gan):
    """On three columns, far from each other: what is asked for comes out, and D says so."""
    gan.set(generator_learning_rate=0.01, discriminator_learning_rate=0.01)
    gan.run(2500)
    samples = gan.generate(300, averaged=False)
    asked = np.arange(300) % 3
    means = [samples[asked == label, 0].mean() for label in range(3)]
    assert means[0] + 0.3 < means[1] < means[2] - 0.3


# --- schedules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        ("constant", (1, 1, 1, 1, 1)),
        ("linear", (1, 0.75, 0.5, 0.25, 0)),
        ("cosine", (1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5, 0)),
        ("step", (1, 1, 0.1, 0.01, 0.01)),
    ],
)
def test_schedules(schedule, factors):
    knobs = Knobs(schedule=schedule, decay_steps=100, generator_learning_rate=0.2)
    adam = keras.optimizers.Adam()
    for step, factor in zip((0, 25, 50, 75, 500), factors, strict=True):
        effects.set_learning_rate(adam, knobs, "generator_learning_rate", tf.constant(step))
        np.testing.assert_allclose(adam.learning_rate, 0.2 * factor, atol=1e-7)


def test_no_schedule_without_a_length():
    adam, knobs = keras.optimizers.Adam(), Knobs(schedule="cosine", generator_learning_rate=0.2)
    effects.set_learning_rate(adam, knobs, "generator_learning_rate", tf.constant(10_000))
    np.testing.assert_allclose(adam.learning_rate, 0.2)


# --- the rest of a GAN ---------------------------------------------------------------------------


def test_generate_asks_for_classes(gan):
    labels = [2, 2, 0, 1]
    samples = gan.generate(4, seed=1, conditions=labels)
    np.testing.assert_array_equal(samples, gan.generate(4, seed=1, conditions=one_hot(labels, 3)))
    in_turn = gan.generate(4, seed=1)
    np.testing.assert_array_equal(in_turn, gan.generate(4, seed=1, conditions=[0, 1, 2, 0]))
    assert (samples[0] != in_turn[0]).any() and (samples[3] != in_turn[3]).any()
    for wrong in ([0, 1], [0, 1, 2, 3], np.full((4, 3), np.nan), [[1, 0]] * 4):
        with pytest.raises(ValueError, match=r"0 … 2|\[4, 3\]"):
            gan.generate(4, conditions=wrong)


def test_belief_needs_conditions_where_d_is_told_them(built):
    points = POINTS[:4]
    told = built["cgan"].belief(points, [0, 1, 2, 0])
    assert told.shape == (4,) and (told != built["cgan"].belief(points, [1, 2, 0, 1])).any()
    with pytest.raises(ValueError, match="label of each sample"):
        built["cgan"].belief(points)
    np.testing.assert_array_equal(
        built["acgan"].belief(points), built["acgan"].belief(points, [0, 1, 2, 0])
    )


def test_acting_knobs(built, make_gan):
    of_classes = {"class_sampling", "class_flip_rate", "class_0", "class_1", "class_2"}
    everything = {name for name in KNOBS if KNOBS[name].group != "classes"}
    assert set(built["cgan"].acting_knobs) == everything | of_classes
    assert set(built["acgan"].acting_knobs) == everything | of_classes | {"auxiliary_weight"}
    assert set(make_gan().acting_knobs) == everything


def test_networks_and_data_must_know_the_same_classes():
    data = LabelledSource(POINTS, LABELS)
    with pytest.raises(ValueError, match="4 classes and the generator 3"):
        GAN(_generator(), _discriminator(True, False, 4), data)
    with pytest.raises(ValueError, match="knows 4 classes, the data 3"):
        GAN(_generator(4), _discriminator(False, True, 4), data)
    with pytest.raises(ValueError, match="neither gets nor names"):
        GAN(_generator(), _discriminator(False, False), data)
    with pytest.raises(ValueError, match="LabelledSource"):
        images = ImageSource(np.zeros((1, 2, 2), np.uint8))
        GAN(_generator(), _discriminator(False, True), images)


def test_a_gan_without_classes_leaves_labels_alone(make_gan, monkeypatch):
    gan = make_gan()
    monkeypatch.setattr(gan, "source", LabelledSource(POINTS, LABELS))
    real, told = gan.draw_real(DRAWS)
    assert real.shape == (16, 2) and told is None
    with pytest.raises(ValueError, match="knows no classes"):
        gan.generate(2, conditions=[0, 1])


def test_fit_takes_labels(acgan):
    history = acgan.fit(POINTS, LABELS, batch_size=40, epochs=1, verbose=0)
    assert history.history["discriminator_class_loss"][0] > 0 and acgan.step == 3
    with pytest.raises(ValueError, match="labels"):
        acgan.fit(POINTS, batch_size=50, verbose=0)
    for wrong in (LABELS + 1, LABELS - 1, LABELS + 0.5, one_hot(LABELS, 3)):
        with pytest.raises(ValueError, match="0 … 2"):
            acgan.fit(POINTS, wrong, batch_size=50, verbose=0)


def test_checkpoints_from_before_the_class_losses_can_be_read(acgan, tmp_path, monkeypatch):
    acgan.run(3)
    rows, whole = acgan.history.rows.copy(), History.rows
    with monkeypatch.context() as patch:
        patch.setattr(History, "rows", property(lambda history: whole.fget(history)[:, :6]))
        checkpoints.save(acgan, tmp_path / "old.npz")
    checkpoints.load(acgan, tmp_path / "old.npz")
    np.testing.assert_array_equal(acgan.history.rows[:, :6], rows[:, :6])
    assert (acgan.history.rows[:, 6:] == 0).all() and acgan.history.rows.shape == rows.shape
