"""Each exercise of the lessons: right answers pass, the common wrong ones are recognised."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils.exercises import lesson_00, lesson_01


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
        "uint8-overflow": lambda images: (images - 127) / 127.5,
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


def share_covered(points, tolerance=0.02, fair=0.01, clip=False):
    x = points[:, 0]
    if clip:
        x = np.clip(x, -0.4999, 0.4999)
    kept = x[np.abs(points[:, 1] - points[:, 0] ** 2) < tolerance]
    counts, _ = np.histogram(kept, bins=20, range=(-0.5, 0.5))
    return np.mean(counts >= max(fair * len(points), 1))


RIGHT[lesson_01.share_covered] = [share_covered]
WRONG[lesson_01.share_covered] = {
    "count-not-share": lambda points: 20 * share_covered(points),
    "points-off-the-curve": lambda points: share_covered(points, tolerance=np.inf),
    "any-point-will-do": lambda points: share_covered(points, fair=0),
    "outsiders-in-the-end-bins": lambda points: share_covered(points, clip=True),
}


def update(tf, loss, of="discriminator", apply=True):
    def update_discriminator(discriminator, generator, optimizer, real, latents):
        with tf.GradientTape() as tape:
            value = loss(discriminator(real), discriminator(generator(latents)))
        variables = {
            "discriminator": discriminator.trainable_variables,
            "both": discriminator.trainable_variables + generator.trainable_variables,
        }[of]
        gradients = tape.gradient(value, variables)
        if apply:
            if of == "both":
                optimizer.build(variables)
            optimizer.apply(gradients, variables)

    return update_discriminator


@pytest.fixture
def losses():
    import tensorflow as tf

    def mean_softplus(x):
        return tf.reduce_mean(tf.nn.softplus(x))

    return {
        "right": lambda real, fake: mean_softplus(-real) + mean_softplus(fake),
        "swapped": lambda real, fake: mean_softplus(real) + mean_softplus(-fake),
        "twice": lambda real, fake: (
            mean_softplus(-tf.sigmoid(real)) + mean_softplus(tf.sigmoid(fake))
        ),
        "real": lambda real, fake: mean_softplus(-real),
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
    assert judged(exercise, WRONG[exercise][mistake]) == ("wrong", mistake)


def test_every_mistake_of_every_exercise_is_tried():
    for exercise, tried in WRONG.items():
        assert {mistake.id for mistake in exercise.mistakes} == tried.keys()


def test_repairing_the_recipe(losses):
    import keras
    import tensorflow as tf

    exercise = lesson_01.update_discriminator
    assert judged(exercise, update(tf, losses["right"])) == ("correct", None)
    expected = {
        "labels-swapped": update(tf, losses["swapped"]),
        "sigmoid-twice": update(tf, losses["twice"]),
        "real-only": update(tf, losses["real"]),
        "nothing-applied": update(tf, losses["right"], apply=False),
        "generator-moved": update(tf, losses["right"], of="both"),
    }
    assert {mistake.id for mistake in exercise.mistakes} == expected.keys()
    for mistake, answer in expected.items():
        assert judged(exercise, answer) == ("wrong", mistake)

    def with_keras_loss(discriminator, generator, optimizer, real, latents):
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        fake = generator(latents, training=True)
        with tf.GradientTape() as tape:
            real_logits, fake_logits = discriminator(real), discriminator(fake)
            value = loss(tf.ones_like(real_logits), real_logits)
            value += loss(tf.zeros_like(fake_logits), fake_logits)
        variables = discriminator.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(value, variables), variables, strict=True))

    assert judged(exercise, with_keras_loss) == ("correct", None)


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
