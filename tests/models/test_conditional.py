"""Networks that are told the class, and those that have to find it out."""

import json

import keras
import numpy as np
import pytest

from course_utils.__main__ import main
from course_utils.models import acgan, conditional, dcgan, image_commands
from course_utils.training import GAN, one_hot
from course_utils.training.sources import LabelledSource

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (4, 28, 28, 1)).astype(np.float32)
LATENTS = RANDOM.standard_normal((4, 64)).astype(np.float32)
THREES, FIVES = one_hot([3] * 4), one_hot([5] * 4)


@pytest.mark.parametrize("way", conditional.WAYS)
def test_the_condition_reaches_the_verdict(way):
    discriminator = conditional.build_discriminator(way, channels=4, hidden=8)
    threes, fives = (discriminator([IMAGES, each]).numpy() for each in (THREES, FIVES))
    assert threes.shape == (4, 1) and (threes != fives).all()
    # Not as a constant for each class: the verdict on the pair is more than two verdicts.
    assert np.ptp(threes - fives) > 1e-4
    half = discriminator([IMAGES, 0.5 * (THREES + FIVES)]).numpy()
    assert np.isfinite(half).all()


def test_planes_carry_the_one_hot_at_every_pixel():
    discriminator = conditional.build_discriminator("planes", channels=4, hidden=8)
    joined = next(x for x in discriminator.layers if isinstance(x, keras.layers.Concatenate))
    seen = keras.Model(discriminator.inputs, joined.output)([IMAGES, THREES]).numpy()
    np.testing.assert_array_equal(seen[..., 1:], np.broadcast_to(THREES[0], (4, 28, 28, 10)))
    np.testing.assert_array_equal(seen[..., :1], IMAGES)


def test_projection_is_an_inner_product_beside_the_logit():
    discriminator = conditional.build_discriminator(channels=4, hidden=8)
    dot = next(x for x in discriminator.layers if isinstance(x, keras.layers.Dot))
    vector, features = dot.input
    alone = keras.Model(discriminator.inputs, [vector, features])
    vectors, found = (part.numpy() for part in alone([IMAGES, THREES]))
    weight, bias = discriminator.layers[-3].get_weights()  # the logit without the class
    expected = found @ weight + bias + (vectors * found).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(discriminator([IMAGES, THREES]), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("combination", acgan.COMBINATIONS)
def test_combinations_of_latents_and_class(combination):
    generator = acgan.build_generator(combination, channels=4)
    images = generator([LATENTS, THREES]).numpy()
    assert images.shape == (4, 28, 28, 1) and np.abs(images).max() <= 1
    assert (images != generator([LATENTS, FIVES]).numpy()).any()
    dense = next(x for x in generator.layers if getattr(x, "units", 0) == 7 * 7 * 4)
    seen = keras.Model(generator.inputs, dense.input)([LATENTS, THREES]).numpy()
    if combination == "concatenate":
        expected = np.concatenate([LATENTS, THREES], axis=1)
    else:
        vector = generator.get_layer("embedding").get_weights()[0][3]
        expected = LATENTS * vector if combination == "multiply" else LATENTS + vector
    np.testing.assert_allclose(seen, expected, rtol=1e-6)


def test_a_class_head_beside_the_verdict():
    logits, class_logits = acgan.build_discriminator(channels=4, hidden=8)(IMAGES)
    assert logits.shape == (4, 1) and class_logits.shape == (4, 10)


def test_the_quick_networks_are_those_of_the_dcgan():
    """Without the class they have the same layers, in the same order."""

    def of(model):
        apart = {"InputLayer", "Concatenate", "Dot", "Add"}
        return [type(x).__name__ for x in model.layers if type(x).__name__ not in apart]

    trunk = of(dcgan.build_generator())
    assert of(conditional.build_generator()) == of(acgan.build_generator()) == trunk
    assert of(conditional.build_discriminator())[:-1] == of(dcgan.build_discriminator())
    assert of(acgan.build_discriminator())[:-1] == of(dcgan.build_discriminator())


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: conditional.build_discriminator("sum"), "'concatenation' | 'planes'"),
        (lambda: acgan.build_generator("divide"), "'concatenate' | 'multiply' | 'add'"),
    ],
)
def test_unknown_choices_are_refused(build, words):
    with pytest.raises(ValueError) as refused:
        build()
    assert words in str(refused.value)


def test_the_textbook_networks_train():
    """The widely copied program's sizes; a few steps, each of which moves both networks."""
    generator, discriminator = acgan.textbook_generator(), acgan.textbook_discriminator()
    widths = [x.units for x in generator.layers if isinstance(x, keras.layers.Dense)]
    assert widths == [100, 1024, 6272]
    for network, sizes in (
        (generator, [(256, (5, 5)), (128, (5, 5)), (1, (2, 2))]),
        (discriminator, [(32, (3, 3)), (64, (3, 3)), (128, (3, 3)), (256, (3, 3))]),
    ):
        found = [x for x in network.layers if isinstance(x, keras.layers.Conv2D)]
        assert [(x.filters, x.kernel_size) for x in found] == sizes
    data = LabelledSource(np.zeros((10, 28, 28), np.uint8), np.arange(10))
    settings = {**acgan.TEXTBOOK_SETTINGS, "batch_size": 2, "generator_batch_size": 4}
    gan = GAN(generator, discriminator, data, **settings)
    before = [network.get_weights() for network in (generator, discriminator)]
    rows = gan.run(2)
    assert np.isfinite(rows).all() and (rows[:, 6:] > 1).all()
    for network, old in zip((generator, discriminator), before, strict=True):
        assert all((a != b).any() for a, b in zip(old, network.get_weights(), strict=True))


# --- the command line ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "module"), [("cgan", conditional), ("acgan", acgan)])
def test_train_writes_digits_with_the_labels_asked_for(name, module, tmp_path, monkeypatch):
    built = {}

    def build(seed, jit_compile):
        assert jit_compile
        networks = module.build_generator(channels=2), module.build_discriminator(channels=2)
        data = LabelledSource(np.zeros((10, 28, 28), np.uint8), np.arange(10))
        built["gan"] = GAN(*networks, data, batch_size=2, seed=seed)
        return built["gan"]

    monkeypatch.setattr(module, "build_gan", build)
    monkeypatch.setattr(image_commands, "_train_for", lambda gan, *_: gan.run(1) is None)
    out = tmp_path / "digits.npz"
    words = ["--lang", "en", "train", name, "--samples", "105", "--seed", "3", "--out", str(out)]
    assert main(words) == 0
    with np.load(out) as file:
        images, labels, curves = file["images"], file["labels"], file["curves"]
        settings = json.loads(str(file["settings"]))
    assert images.shape == (105, 28, 28) and curves.shape == (1, 8)
    np.testing.assert_array_equal(labels, np.arange(105) % 10)
    assert settings["model"] == name and f"train {name} --seconds" in settings["command"]
    again = built["gan"].generate(105, seed=3, conditions=labels)
    np.testing.assert_array_equal(images, np.clip(np.round((again[..., 0] + 1) * 127.5), 0, 255))
    assert main(["--lang", "en", "evaluate", name, str(out), "--json"]) == 0
