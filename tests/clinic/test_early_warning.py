"""The callback: warns of what is wrong, once, is silent otherwise, and changes nothing."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from course_utils.clinic import early_warning
from course_utils.clinic.early_warning import EarlyWarning, TrainingWarning
from course_utils.clinic.monitoring import Curves

BATCH, BATCHES = 32, 240
ANGLES = np.random.default_rng(0).uniform(0, 2 * np.pi, BATCH * BATCHES)
POINTS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1).astype(np.float32)
LOSS = keras.losses.BinaryCrossentropy(from_logits=True)


class Plain(keras.Model):
    """The GAN of a Keras tutorial, with the lines in which it goes wrong as options."""

    def __init__(
        self, d_end=None, mode=True, loss=LOSS, rate=2e-3, names=("d_loss", "g_loss"), wrap=None
    ):
        super().__init__()
        wrap = wrap or (lambda layer: layer)
        keras.utils.set_random_seed(0)
        self.generator = keras.Sequential(
            [keras.Input((2,)), layers.Dense(16), layers.BatchNormalization(),
             layers.ReLU(), layers.Dense(2)]
        )  # fmt: skip
        self.discriminator = keras.Sequential(
            [keras.Input((2,)), wrap(layers.Dense(16, "leaky_relu")), layers.Dropout(0.1),
             layers.Dense(1, d_end)]
        )  # fmt: skip
        self.mode, self.game, self.names = mode, loss, names
        self.d_optimizer, self.g_optimizer = (keras.optimizers.Adam(rate, 0.5) for _ in range(2))
        self.means = [keras.metrics.Mean(name) for name in names]
        self.compile()

    @property
    def metrics(self):
        return self.means

    def update_d(self, real, z):
        with tf.GradientTape() as tape:
            both = tf.concat([real, self.generator(z, training=self.mode)], 0)
            labels = tf.concat([tf.ones((BATCH, 1)), tf.zeros((BATCH, 1))], 0)
            loss = self.game(labels, self.discriminator(both, training=self.mode))
        weights = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    def update_g(self, z):
        with tf.GradientTape() as tape:
            said = self.discriminator(self.generator(z, training=self.mode), training=self.mode)
            loss = self.game(tf.ones((BATCH, 1)), said)
        weights = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    def train_step(self, real):
        losses = [self.update_d(real, tf.random.normal((BATCH, 2)))]
        losses.append(self.update_g(tf.random.normal((BATCH, 2))))
        for mean, loss in zip(self.means, losses, strict=True):
            mean.update_state(loss)
        return {name: mean.result() for name, mean in zip(self.names, self.means, strict=True)}


class OldRecipe(Plain):
    """D's flag is lowered for G's sake, as in the old recipe: no variable is left to train."""

    def __init__(self):
        super().__init__()
        self.discriminator.trainable = False


def fit(model, callback, batches=BATCHES, **options):
    callbacks = [] if callback is None else [callback]
    points = POINTS[: BATCH * batches]
    model.run_eagerly = batches < 20  # sooner done than a step is compiled
    options = {"batch_size": BATCH, "shuffle": False, "verbose": 0, **options}
    model.fit(points, callbacks=callbacks, **options)
    return model


def unlimited(**options):
    return EarlyWarning(POINTS, share=1, **options)


def causes(callback):
    return [name for diagnosis in callback.diagnoses for name in diagnosis.causes]


@pytest.fixture(autouse=True)
def english(speak):
    speak("en")


@pytest.fixture(scope="module")
def healthy():
    """What is left of two equal trainings, one of them watched."""

    def run(callback):
        # Spectral normalisation writes into the weights in each pass in training mode.
        model = fit(Plain(wrap=layers.SpectralNormalization), callback, epochs=2)
        variables = [*model.generator.variables, *model.discriminator.variables]
        return [v.numpy() for v in variables + model.d_optimizer.variables]

    callback = unlimited(every=40)
    with warnings.catch_warnings():
        warnings.simplefilter("error", TrainingWarning)
        return run(None), run(callback), callback


# --- what it warns of -------------------------------------------------------------------------


def test_it_changes_nothing(healthy):
    plain, watched, callback = healthy
    assert callback.looks == 24
    assert all(np.array_equal(a, b) for a, b in zip(plain, watched, strict=True))


def test_a_healthy_training_hears_nothing(healthy):
    assert healthy[2].warnings == [] and healthy[2].diagnoses == []


def test_a_discriminator_that_stands_still():
    callback = unlimited(every=20)
    with pytest.warns(TrainingWarning, match="D is not trained") as shown:
        fit(OldRecipe(), callback, batches=100)
    assert causes(callback) == ["d_frozen"]
    (diagnosis,) = callback.diagnoses
    assert diagnosis.verdict == "sick" and diagnosis.numbers["g_moves"] > 0
    ours = [one for one in shown if one.category is TrainingWarning]
    assert [str(one.message).strip() for one in ours] == callback.warnings
    assert "Epoch 1, batch " in callback.warnings[0] and "trainable" in callback.warnings[0]


def test_the_wrong_mode_and_once_for_each_training():
    model, callback = Plain(mode=False), unlimited()
    for trainings in (1, 2):
        with pytest.warns(TrainingWarning, match="inference mode"):
            fit(model, callback, batches=130)
        assert causes(callback) == ["wrong_mode"] * trainings


def test_numbers_that_blow_up_are_told_at_once():
    model, callback = Plain(rate=1e30), unlimited()
    with pytest.warns(TrainingWarning, match="NaN or infinite"):
        fit(model, callback, batches=8)
    assert causes(callback) == ["diverged"]


@pytest.mark.parametrize(
    ("cause", "options"),
    [
        ("logits_as_probabilities", {"loss": keras.losses.BinaryCrossentropy()}),
        (
            "double_sigmoid",
            {
                "d_end": "sigmoid",
                "loss": lambda labels, p: tf.reduce_mean(
                    tf.nn.sigmoid_cross_entropy_with_logits(labels, p)
                ),
            },
        ),
    ],
)
def test_losses_that_no_right_loop_logs(cause, options):
    callback = unlimited(every=25)
    with pytest.warns(TrainingWarning):
        fit(Plain(**options), callback, batches=105)
    assert causes(callback)[0] == cause


def test_a_range_that_cannot_be_reached():
    callback = EarlyWarning(100 * POINTS, share=1, every=2)
    model = Plain()
    model.generator.add(layers.Activation("tanh"))
    with pytest.warns(TrainingWarning, match="range"):
        fit(model, callback, batches=8)
    assert "range" in causes(callback)


def test_a_filter_can_make_it_stop_the_training():
    with warnings.catch_warnings(), pytest.raises(TrainingWarning):
        warnings.simplefilter("error", TrainingWarning)
        fit(Plain(rate=1e30), unlimited(), batches=8)


def test_in_chinese(speak):
    speak("zh")
    callback = unlimited()
    with pytest.warns(TrainingWarning, match="数值发散"):
        fit(Plain(rate=1e30), callback, batches=8)
    assert callback.warnings[0].startswith("第 1 轮")


def test_a_look_that_fails_does_not_end_the_training():
    model, callback = Plain(), unlimited(every=1)
    latents = iter([np.ones((n, 2)) for n in (2, 64)])
    with pytest.warns(TrainingWarning, match="stops looking: .*training goes on") as shown:
        callback._latents = lambda n: next(latents)
        callback._network = lambda role: getattr(model, role)
        callback.set_model(model)
        callback.on_train_begin()
        callback.on_train_batch_end(0, {})
        callback.on_train_batch_begin(1)
        callback._monitor.passes = lambda: 1 / 0
        for batch in range(1, 9):
            callback.on_train_batch_end(batch, {})
            callback.on_train_batch_begin(batch + 1)
    assert len(shown) == len(callback.warnings) == 1 and not callback.diagnoses


def test_batches_are_counted_not_calls():
    callback = unlimited(every=20)
    callback.set_model(Plain())
    callback.on_train_begin()
    for epoch in (0, 1):  # as `fit` calls with steps_per_execution=10
        callback.on_epoch_begin(epoch)
        for batch in range(0, 45, 10):
            callback.on_train_batch_begin(batch)
            callback.on_train_batch_end(min(batch + 9, 44), {})
            assert callback._batches == 45 * epoch + batch // 20 * 20
        callback.on_epoch_end(epoch)
        assert callback._batches == 45 * (epoch + 1)


# --- any log, any length ----------------------------------------------------------------------


def test_unknown_names_in_the_log_and_epochs_of_one_batch():
    callback = unlimited(every=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", TrainingWarning)
        fit(Plain(names=("a", "b")), callback, batches=1, epochs=5)
    assert callback.looks == 10 and not callback.warnings


def test_the_engines_own_fit_is_watched_and_as_it_was():
    from course_utils.models import x2

    def run(*callbacks):
        gan.reset(1)
        gan.fit(points, batch_size=64, shuffle=False, verbose=0, callbacks=list(callbacks))
        return gan.get_weights(), gan.history.rows

    gan = x2.build_gan(x2.RELIABLE)
    points = np.stack([np.linspace(-1, 1, 640), np.linspace(-1, 1, 640) ** 2], 1)
    callback = EarlyWarning(points, share=1, every=1)
    (plain, rows), (watched, same) = run(), run(callback)
    assert callback.looks == 20 and not callback.warnings
    assert all(map(np.array_equal, plain, watched)) and np.array_equal(rows, same)


def curves_of(values, model=None):
    curves = Curves(model or Plain(names=("d_loss", "g_loss")))
    for epoch in np.split(values, 2):
        curves.begin_epoch()
        means = np.cumsum(epoch) / np.arange(1, len(epoch) + 1)
        for batch, mean in enumerate(means):
            curves.add(batch, {"d_loss": float(mean), "lr": 1.0})
    return curves


def test_means_of_an_epoch_are_unwound():
    values = np.random.default_rng(0).uniform(0.2, 1, 120)
    numbers = curves_of(values).numbers()
    assert numbers.keys() == {"logged_d_loss", "logged_d_loss_sd", "logged_d_loss_min"}
    assert numbers["logged_d_loss"] == pytest.approx(values[-50:].mean())
    assert numbers["logged_d_loss_sd"] == pytest.approx(values[-50:].std())
    assert numbers["logged_d_loss_min"] == pytest.approx(values.min())


def test_a_plain_curve_is_left_as_it_is():
    values = np.random.default_rng(0).uniform(0.2, 1, 60)
    curves = Curves(keras.Sequential([layers.Dense(1)]))
    for batch, value in enumerate(values):
        curves.add(batch, {"disc_loss": float(value)})
    assert curves.numbers()["logged_d_loss"] == pytest.approx(values[-50:].mean())


def test_a_note_that_comes_late_does_no_harm():
    curves = Curves(Plain())
    for batch, mean in ((0, 1.0), (2, 2.0), (1, 1.5), (3, 2.0)):
        curves.add(batch, {"d_loss": mean})
    assert list(curves._late["d_loss"]) == [1.0, 2.5, 2.0]


# --- its cost, and what it refuses ------------------------------------------------------------


@pytest.mark.parametrize("share", [0.001, 0.5])
def test_looks_keep_to_their_share_of_the_time(monkeypatch, share):
    """A batch takes 10 ms and a look 4 ms, by a clock of our own; of CPU a fifth and a half."""
    now = np.zeros(2)
    for name in ("_now", "_elapsed"):
        monkeypatch.setattr(early_warning, name, now.copy)
    callback = EarlyWarning(POINTS, every=1, share=share)
    callback.set_model(Plain())

    def look(batches):
        now[:] += 0.004, 0.002
        return {"finite": 1.0}

    callback.on_train_begin()
    for batch in range(400):
        now[:] += 0.01, 0.002
        callback.on_train_batch_begin(batch)
        if callback._monitor is not None:
            callback._monitor.movements = look
            callback._monitor.passes = dict
        callback.on_train_batch_end(batch, {})
    assert (callback.seconds <= share * now + 0.002).all()
    assert (callback.looks > 100) == (share == 0.5)


@pytest.mark.parametrize("speech", ["en", "zh"])
@pytest.mark.parametrize(
    ("options", "word"),
    [({"every": 0}, "every"), ({"share": 0}, "share"), ({"share": 1.5}, "share"),
     ({"loss": "mse"}, "mse")],
)  # fmt: skip
def test_bad_options(speak, speech, options, word):
    speak(speech)
    with pytest.raises(ValueError, match=word):
        EarlyWarning(POINTS, **options)


@pytest.mark.parametrize(("speech", "word"), [("en", "attributes"), ("zh", "属性")])
def test_a_model_without_the_two_networks(speak, speech, word):
    speak(speech)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=word) as refused:
        model.fit(POINTS, POINTS, callbacks=[unlimited()], verbose=0)
    assert "EarlyWarning(data, generator=" in str(refused.value)


def test_networks_can_be_given():
    model, other = Plain(), keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    callback = unlimited(every=1, generator=model.generator, discriminator=model.discriminator)
    other.compile("sgd", "mse")
    other.fit(POINTS[:96], POINTS[:96], callbacks=[callback], verbose=0)
    assert callback.looks > 0


def test_data_that_do_not_fit_are_refused_after_the_first_batch():
    with pytest.raises(ValueError, match="data"):
        fit(Plain(), EarlyWarning(POINTS[:10], share=1), batches=2)
