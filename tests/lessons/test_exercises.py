"""Each exercise of the lessons: right answers pass, the common wrong ones are recognised."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils import language
from course_utils.exercises import lesson_00, lesson_01, lesson_02


def judged(exercise, answer):
    result = exercise.check(answer)
    return result.status, result.mistake_id


RIGHT = {
    lesson_00.squares: [lambda x: x * x, lambda x: x**2, np.square],
    lesson_00.to_unit_range: [
        lambda images: images / 127.5 - 1,
        lambda images: (images.astype("float32") - 127.5) / 127.5,
        lambda images: 2 * (images / 255) - 1,
    ],
    lesson_00.share_believed: [
        lambda beliefs: np.mean(beliefs > 0.5),
        lambda beliefs: sum(b > 0.5 for b in beliefs) / len(beliefs),
    ],
    lesson_01.band_accuracy: [lambda e: 1 - e / 2, lambda e: 1 - 2 * e * 1 / 4],
    lesson_01.count_parameters: [
        lambda sizes: sum((a + 1) * b for a, b in pairwise(sizes)),
        lambda sizes: sum(sizes[i] * sizes[i + 1] + sizes[i + 1] for i in range(len(sizes) - 1)),
    ],
}

WRONG = {
    lesson_00.squares: {
        "doubled": lambda x: 2 * x,
        "power-of-two": lambda x: 2**x,
    },
    lesson_00.to_unit_range: {
        "zero-to-one": lambda images: images / 255,
        "zero-to-two": lambda images: images / 127.5,
        "uint8-overflow": [
            lambda images: (images - 127) / 127.5,
            lambda images: (images - np.uint8(128)) / 128,
            lambda images: 2 * images / 255 - 1,
        ],
    },
    lesson_00.share_believed: {
        "mean-belief": lambda beliefs: beliefs.mean(),
        "count": lambda beliefs: (beliefs > 0.5).sum(),
        "at-least": lambda beliefs: (beliefs >= 0.5).mean(),
    },
    lesson_01.band_accuracy: {
        "one-side": lambda e: 1 - e / 4,
        "area-of-the-square": lambda e: 1 - 2 * e,
        "strip-too-long": lambda e: 1 - e,
        "share-inside": lambda e: e / 2,
    },
    lesson_01.count_parameters: {
        "no-biases": lambda sizes: sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1)),
        "biases-of-inputs": lambda sizes: sum(
            sizes[i] * (sizes[i + 1] + 1) for i in range(len(sizes) - 1)
        ),
        "first-layer-only": lambda sizes: (sizes[0] + 1) * sizes[1],
    },
}


def share_covered(points, near=lambda d: np.abs(d) < 0.02, fair=0.01, clip=False, of=len):
    x = points[:, 0]
    if clip:
        x = np.clip(x, -0.4999, 0.4999)
    kept = x[near(points[:, 1] - points[:, 0] ** 2)]
    counts, _ = np.histogram(kept, bins=20, range=(-0.5, 0.5))
    total = {"kept": len(kept), "counted": counts.sum()}.get(of, len(points))
    return np.mean(counts >= max(fair * total, 1))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def dirac(theta, psi, rate, gamma, seen_by_g="new", penalty=1.0):
    new = psi + rate * (-sigmoid(psi * theta) * theta - penalty * gamma * psi)
    seen = new if seen_by_g == "new" else psi
    return theta + rate * (1 - sigmoid(seen * theta)) * seen, new


def dirac_generator_first(theta, psi, rate, gamma):
    theta = theta + rate * (1 - sigmoid(psi * theta)) * psi
    return theta, psi + rate * (-sigmoid(psi * theta) * theta - gamma * psi)


def dirac_minimax(theta, psi, rate, gamma):
    _, new = dirac(theta, psi, rate, gamma)
    return theta + rate * sigmoid(new * theta) * new, new


def modes_covered(points, modes, sigma, reach=3.0, power=1.0):
    distances = np.sqrt(((points[:, None] - modes[None]) ** 2).sum(axis=-1)) ** power
    return (distances <= reach * sigma).any(axis=0).sum()


def modes_in_a_loop(points, modes, sigma):
    return sum(min(np.linalg.norm(points - mode, axis=1)) < 3 * sigma for mode in modes)


def nearest_modes(points, modes, sigma):
    return len(np.unique([np.argmin(np.linalg.norm(modes - p, axis=1)) for p in points]))


def modes_in_boxes(points, modes, sigma):
    near = np.abs(points[:, None] - modes[None]) <= 3 * sigma
    return near.all(axis=-1).any(axis=0).sum()


def points_near_modes(points, modes, sigma):
    return sum(min(np.linalg.norm(modes - point, axis=1)) <= 3 * sigma for point in points)


RIGHT |= {
    lesson_02.generator_slope: [
        lambda logits: sigmoid(logits) - 1,
        lambda logits: -1 / (1 + np.exp(logits)),
        lambda logits: -sigmoid(-logits),
    ],
    lesson_02.best_discriminator: [lambda p, q: p / (p + q), lambda p, q: 1 - q / (p + q)],
    lesson_02.alternating_step: [dirac, lambda *state: list(dirac(*state))],
    lesson_02.modes_covered: [modes_covered, modes_in_a_loop],
}
WRONG |= {
    lesson_02.generator_slope: {
        "minimax": lambda logits: -sigmoid(logits),
        "sign": lambda logits: 1 - sigmoid(logits),
        "belief": lambda logits: -1 / sigmoid(logits),
        "sigmoid-slope": lambda logits: sigmoid(logits) * (1 - sigmoid(logits)),
        "value": lambda logits: np.log(1 + np.exp(-logits)),
    },
    lesson_02.best_discriminator: {
        "swapped": lambda p, q: q / (p + q),
        "ratio": lambda p, q: p / q,
        "decision": lambda p, q: (p > q).astype(float),
        "real-density": lambda p, q: p,
    },
    lesson_02.alternating_step: {
        "simultaneous": lambda *state: dirac(*state, seen_by_g="old"),
        "generator-first": dirac_generator_first,
        "no-penalty": lambda *state: dirac(*state, penalty=0.0),
        "penalty-sign": lambda *state: dirac(*state, penalty=-1.0),
        "minimax": dirac_minimax,
    },
    lesson_02.modes_covered: {
        "nearest": nearest_modes,
        "squared": lambda points, modes, sigma: modes_covered(points, modes, sigma, power=2),
        "box": modes_in_boxes,
        "one-sigma": lambda points, modes, sigma: modes_covered(points, modes, sigma, reach=1),
        "points-counted": points_near_modes,
    },
}

RIGHT[lesson_01.share_covered] = [share_covered]
WRONG[lesson_01.share_covered] = {
    "count-not-share": lambda points: 20 * share_covered(points),
    "points-off-the-curve": lambda points: share_covered(points, near=np.isfinite),
    "no-absolute-value": lambda points: share_covered(points, near=lambda d: d < 0.02),
    "share-of-the-kept": [
        lambda points: share_covered(points, of="kept"),
        lambda points: share_covered(points, of="counted"),
    ],
    "any-point-will-do": lambda points: share_covered(points, fair=0),
    "outsiders-in-the-end-bins": lambda points: share_covered(points, clip=True),
}


@pytest.mark.parametrize("exercise", RIGHT, ids=lambda exercise: exercise.id)
def test_right_answers(exercise):
    for answer in RIGHT[exercise]:
        assert judged(exercise, answer) == ("correct", None)


@pytest.mark.parametrize(
    ("exercise", "mistake"),
    [(exercise, mistake) for exercise, mistakes in WRONG.items() for mistake in mistakes],
    ids=lambda value: getattr(value, "id", value),
)
def test_common_wrong_answers_are_recognised(exercise, mistake):
    answers = WRONG[exercise][mistake]
    for answer in answers if isinstance(answers, list) else [answers]:
        assert judged(exercise, answer) == ("wrong", mistake)


def histogram_without_range(points):
    kept = points[np.abs(points[:, 1] - points[:, 0] ** 2) < 0.02, 0]
    return np.mean(np.histogram(kept, bins=20)[0] >= len(points) / 100)


UNKNOWN = [
    (lesson_00.to_unit_range, lambda images: 1 - images / 127.5),
    (lesson_00.to_unit_range, lambda images: images.astype(float) / 127.5 + 1),
    (lesson_00.to_unit_range, lambda images: images / 128),
    (lesson_01.share_covered, lambda points: share_covered(points, near=lambda d: -d < 0.02)),
    (lesson_01.share_covered, lambda points: share_covered(points, fair=0.05)),
    (lesson_01.share_covered, histogram_without_range),
]


@pytest.mark.parametrize(
    ("exercise", "answer"), UNKNOWN, ids=lambda value: getattr(value, "id", "")
)
def test_no_cause_is_better_than_a_wrong_one(exercise, answer):
    assert judged(exercise, answer) == ("wrong", None)


def test_one_case_tells_all_mistakes_of_the_coverage_apart():
    points = lesson_01._telling_apart()
    assert points.shape == (1000, 2)
    answers = [RIGHT[lesson_01.share_covered][0]]
    for wrong in WRONG[lesson_01.share_covered].values():
        answers.append(wrong[0] if isinstance(wrong, list) else wrong)
    assert len({round(20 * float(answer(points))) for answer in answers}) == len(answers)


def test_every_mistake_of_every_exercise_is_tried():
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def softplus(logits):
    import tensorflow as tf

    return tf.reduce_mean(tf.nn.softplus(logits))


def probability_loss(real, fake):
    import tensorflow as tf

    return -tf.reduce_mean(tf.math.log(real) + tf.math.log(1 - fake))


def keras_loss(**options):
    def loss(real, fake):
        import keras
        import tensorflow as tf

        bce = keras.losses.BinaryCrossentropy(**options)
        return bce(tf.ones_like(real), real) + bce(tf.zeros_like(fake), fake)

    return loss


def sigmoid_first(loss):
    import tensorflow as tf

    return lambda real, fake: loss(tf.sigmoid(real), tf.sigmoid(fake))


def d_loss(real, fake):
    return softplus(-real) + softplus(fake)


def update(*losses, of="discriminator", own=None):
    """An answer to 01.3 that makes one update for each of the losses."""

    def update_discriminator(discriminator, generator, optimizer, real, latents):
        import tensorflow as tf

        variables = list(discriminator.trainable_variables)
        if of == "both":
            variables += generator.trainable_variables
        if own is not None:
            optimizer = own()
        fake = None if of == "both" else generator(latents)
        for loss in losses:
            with tf.GradientTape() as tape:
                made = generator(latents) if fake is None else fake
                value = loss(discriminator(real), discriminator(made))
            optimizer.apply(tape.gradient(value, variables), variables)

    return update_discriminator


def test_repairing_the_recipe():
    for loss in (
        d_loss,
        lambda real, fake: d_loss(real, fake) / 2,
        keras_loss(from_logits=True),
        sigmoid_first(keras_loss()),
    ):
        assert judged(lesson_01.update_discriminator, update(loss)) == ("correct", None)


def _keras(name):
    def make():
        import keras

        return getattr(keras.optimizers, name)(0.1)

    return make


def _forgets_to_apply(discriminator, generator, optimizer, real, latents):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = d_loss(discriminator(real), discriminator(generator(latents)))
    tape.gradient(loss, discriminator.trainable_variables)


UPDATES = {
    "generator-moved": [update(d_loss, of="both")],
    "two-updates": [
        update(lambda real, fake: softplus(-real), lambda real, fake: softplus(fake)),
        update(lambda real, fake: softplus(fake), lambda real, fake: softplus(-real)),
    ],
    "own-optimizer": [
        update(d_loss, own=_keras("Adam")),
        update(d_loss, own=_keras("SGD")),
    ],
    "logits-as-probabilities": [update(keras_loss()), update(probability_loss)],
    "nothing-applied": [_forgets_to_apply],
    "labels-swapped": [update(lambda real, fake: softplus(real) + softplus(-fake))],
    "sigmoid-twice": [
        update(lambda real, fake: sigmoid_first(d_loss)(real, fake)),
        update(lambda real, fake: sigmoid_first(keras_loss(from_logits=True))(real, fake)),
    ],
    "real-only": [update(lambda real, fake: softplus(-real))],
    "fake-part": [
        update(lambda real, fake: softplus(fake)),
        update(lambda real, fake: softplus(-real) - softplus(fake)),
        update(lambda real, fake: softplus(-real) + softplus(-fake)),
        update(lambda real, fake: softplus(real) + softplus(fake)),
    ],
    "sum-not-mean": [
        update(keras_loss(from_logits=True, reduction="sum")),
        update(keras_loss(from_logits=True, reduction="none")),
    ],
}


@pytest.mark.parametrize(
    ("mistake", "answer"),
    [(mistake, answer) for mistake, answers in UPDATES.items() for answer in answers],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_common_wrong_updates_are_recognised(mistake, answer):
    assert judged(lesson_01.update_discriminator, answer) == ("wrong", mistake)


def test_an_update_of_zero_was_applied_and_is_not_called_forgotten():
    nothing = update(lambda real, fake: 0 * d_loss(real, fake))
    assert judged(lesson_01.update_discriminator, nothing) == ("wrong", None)


def test_every_mistake_of_the_update_is_tried():
    assert {mistake.id for mistake in lesson_01.update_discriminator.mistakes} == UPDATES.keys()


def test_what_the_update_did_is_told_in_words(monkeypatch):
    monkeypatch.setattr(language, "_chosen", None)  # put back afterwards
    exercise = lesson_01.update_discriminator
    language.use("zh")
    message = exercise.check(_forgets_to_apply).message
    assert message.endswith(
        "用第一对网络时，`_forgets_to_apply(…)`：$D$ 的权重没变，$G$ 的权重没变。"
    )
    language.use("en")
    message = exercise.check(update(d_loss, of="both")).message
    assert "`update_discriminator(…)` for the first pair of networks: $D$'s" in message
    told = str(lesson_01._Update(np.array([0.0, -0.00052]), 0.0, 1))
    assert told == "$D$'s weights moved by at most 0.00052, $G$'s did not move."
    language.use("zh")
    told = str(lesson_01._Update(np.array([0.0, -0.0005]), 0.0, 1))
    assert told == "$D$ 的权重最多变了 0.0005，$G$ 的权重没变。"


@pytest.mark.parametrize("lesson", [lesson_00, lesson_01], ids=["00", "01"])
def test_starters_are_not_attempts(lesson):
    from course_utils.exercises import Exercise

    def starter(*_): ...

    found = [value for value in vars(lesson).values() if isinstance(value, Exercise)]
    assert len(found) >= 3
    for exercise in found:
        assert exercise.check(starter).status == "not_attempted"


@pytest.mark.parametrize("lesson", [lesson_00, lesson_01], ids=["00", "01"])
def test_quizzes_have_five_questions_with_an_explanation_for_each_choice(lesson):
    assert len(lesson.quiz.questions) >= 5
    letters = [
        [choice.correct for choice in question.choices].index(True)
        for question in lesson.quiz.questions
    ]
    assert len(set(letters)) > 1, "the right answer always has the same letter"
