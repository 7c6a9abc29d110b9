"""The DCGANs have the shapes they promise, and the command keeps to its budget."""

import json

import keras
import numpy as np
import pytest

from course_utils.__main__ import main
from course_utils.models import dcgan, image_commands, weights

PAIRS = {
    "quick": (dcgan.build_generator, dcgan.build_discriminator),
    "textbook": (dcgan.textbook_generator, dcgan.textbook_discriminator),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_shapes_and_range(pair):
    generator, discriminator = (build() for build in PAIRS[pair])
    random = np.random.default_rng(0)
    latents = 5 * random.standard_normal((4, generator.input_shape[-1]), np.float32)
    images = generator(latents, training=True).numpy()
    assert images.shape == (4, 28, 28, 1) and np.abs(images).max() <= 1
    assert discriminator(images).shape == (4, 1)
    assert discriminator.layers[-1].activation is keras.activations.linear  # logits


def test_textbook_follows_the_guidelines():
    generator, discriminator = dcgan.textbook_generator(), dcgan.textbook_discriminator()
    for layer in generator.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            assert layer.kernel_size[0] % layer.strides[0] == 0, "checkerboards"
    for model in (generator, discriminator):
        kinds = [type(layer) for layer in model.layers]
        assert keras.layers.BatchNormalization in kinds
        assert not {keras.layers.MaxPooling2D, keras.layers.UpSampling2D} & set(kinds)
    assert generator.layers[-1].activation is keras.activations.tanh


class TestPixelShuffle:
    def test_puts_channels_beside_each_other(self):
        places = np.arange(2 * 2 * 4, dtype=np.float32).reshape(1, 2, 2, 4)
        image = dcgan.PixelShuffle(2)(places).numpy()[0, :, :, 0]
        expected = [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]
        np.testing.assert_array_equal(image, expected)

    def test_unshuffle_is_its_inverse(self):
        images = np.random.default_rng(0).random((3, 8, 12, 2), np.float32)
        there = dcgan.PixelUnshuffle(4)(images)
        assert there.shape == (3, 2, 3, 32)
        np.testing.assert_array_equal(dcgan.PixelShuffle(4)(there), images)

    def test_models_with_it_can_be_copied(self):
        model = dcgan.build_discriminator()
        assert keras.models.clone_model(model).count_params() == model.count_params()


def test_pretrained_generator_ships_with_its_provenance():
    generator = dcgan.pretrained_generator()
    assert dcgan.PRETRAINED.stat().st_size <= 2**20
    assert generator.provenance["model"] == "dcgan" and generator.provenance["steps"] > 1000
    assert "--seconds 180 --seed 0" in generator.provenance["command"]
    latents = np.random.default_rng(1).standard_normal((16, dcgan.LATENT_DIM), np.float32)
    images = generator(latents, training=False).numpy()
    # Digits on an empty background, each another one.
    assert (images < -0.9).mean() > 0.6 and images.std(axis=0).mean() > 0.2


@pytest.fixture(scope="module")
def model():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])


class TestWeights:
    def test_come_back_as_they_were(self, model, tmp_path):
        weights.save(model, tmp_path / "w.npz", {"seed": 3})
        copy = keras.models.clone_model(model)
        assert weights.load(copy, tmp_path / "w.npz") == {"seed": 3}
        for old, new in zip(model.get_weights(), copy.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)
        assert [path.name for path in tmp_path.iterdir()] == ["w.npz"]

    @pytest.mark.parametrize("damage", ["missing", "cut", "other network"])
    def test_damage_is_named(self, model, tmp_path, damage):
        path = tmp_path / "w.npz"
        if damage != "missing":
            weights.save(model, path, {})
        if damage == "cut":
            path.write_bytes(path.read_bytes()[:100])
        if damage == "other network":
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)])
        with pytest.raises(weights.WeightsError, match=r"w\.npz"):
            weights.load(model, path)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One run of a few steps, and one that goes on from it; the clock is the test's own."""
    out = tmp_path_factory.mktemp("train") / "digits.npz"
    patch = pytest.MonkeyPatch()
    ticks = iter(range(1000))
    patch.setattr(image_commands.time, "process_time", lambda: next(ticks))
    patch.setattr(image_commands, "STEPS", 2)
    patch.setattr(image_commands, "JUDGED", 100)
    patch.setattr(image_commands, "LOOKS", 1)
    command = ["train", "dcgan", "--seed", "4", "--samples", "150", "--out", str(out)]
    found = []
    try:
        # CPU seconds 0, 1, 2, 3, 4 are looked at: four times two steps in 2 seconds of 2 cores.
        for more in (["--seconds", "2"], ["--seconds", "4", "--resume"]):
            assert main([*command, *more, "--weights", str(out.with_name("g.npz"))]) == 0
            with np.load(out, allow_pickle=False) as file:
                found.append({name: file[name] for name in file.files})
    finally:
        patch.undo()
    return out, found


class TestTrainCommand:
    def test_budget_and_file(self, runs):
        _, (first, _) = runs
        assert first["images"].shape == (150, 28, 28) and first["images"].dtype == np.uint8
        assert first["curves"].shape == (8, 6) and np.isfinite(first["curves"]).all()
        settings = json.loads(str(first["settings"]))
        assert settings["seed"] == 4 and settings["steps"] == 8
        assert settings["resumed_at_step"] is None

    def test_resume_goes_on(self, runs):
        _, (first, second) = runs
        settings = json.loads(str(second["settings"]))
        assert settings["resumed_at_step"] == 8 and settings["steps"] > 8
        np.testing.assert_array_equal(second["curves"][:8], first["curves"])
        assert (second["images"] != first["images"]).any()

    def test_weights_are_those_that_drew(self, runs):
        from course_utils.data.images import to_pixels

        out, (_, second) = runs
        generator = dcgan.build_generator()
        provenance = weights.load(generator, out.with_name("g.npz"))
        assert provenance["steps"] == json.loads(str(second["settings"]))["steps"]
        latents = np.random.default_rng(4).standard_normal((150, dcgan.LATENT_DIM), np.float32)
        drawn = to_pixels(generator(latents, training=False).numpy()).astype(int)
        assert np.abs(drawn - second["images"]).max() <= 1

    def test_interrupt_keeps_what_was_learned(self, monkeypatch, capsys):
        class Interrupted:
            step = 7

            def run(self, steps):
                raise KeyboardInterrupt

        image_commands._train_for(Interrupted(), 1e6)
        assert "step 7" in capsys.readouterr().out

    def test_refusals(self, tmp_path, capsys):
        out = str(tmp_path / "digits.npz")
        assert main(["train", "dcgan", "--out", out, "--resume"]) == 2
        assert "digits.checkpoint.npz" in capsys.readouterr().err
        assert main(["train", "dcgan", "--out", str(tmp_path)]) == 2
        for seconds in ("-1", "nan", "soon"):
            with pytest.raises(SystemExit):
                main(["train", "dcgan", "--out", out, "--seconds", seconds])
        assert "0 … 1e+06" in capsys.readouterr().err
