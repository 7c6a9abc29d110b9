"""The DCGANs have the shapes they promise, and the command keeps to its budget."""

import contextlib
import itertools
import json
import shutil
import signal
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from course_utils import language
from course_utils.__main__ import main
from course_utils.models import dcgan, image_commands, weights
from course_utils.training import GAN, checkpoints, files

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

    @pytest.mark.parametrize("damage", ["no provenance", "a longer bias"])
    def test_what_cannot_be_used_changes_nothing(self, model, tmp_path, damage):
        path, before = tmp_path / "w.npz", model.get_weights()
        weights.save(model, path, {})
        arrays = {name: value + 1 for name, value in np.load(path).items() if "weights" in name}
        if damage == "a longer bias":
            arrays |= {"weights/01": np.zeros(4), "provenance": np.array("{}")}
        np.savez(path, **arrays)
        with pytest.raises(weights.WeightsError):
            weights.load(model, path)
        for old, new in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)

    def test_more_than_a_hundred(self, tmp_path):
        values, found = [np.float32(number) for number in range(120)], []
        model = SimpleNamespace(get_weights=lambda: values, set_weights=found.extend)
        weights.save(model, tmp_path / "w.npz", {})
        weights.load(model, tmp_path / "w.npz")
        assert found == values

    def test_an_error_while_writing_keeps_the_former_file(self, model, tmp_path, monkeypatch):
        path = tmp_path / "w.npz"
        weights.save(model, path, {})
        former = path.read_bytes()

        def full_disk(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(files.os, "fsync", full_disk)
        with pytest.raises(OSError, match="space"):
            weights.save(model, path, {"seed": 1})
        assert path.read_bytes() == former and list(tmp_path.iterdir()) == [path]


@pytest.fixture(scope="module")
def traced():
    return dcgan.build_gan()


@contextlib.contextmanager
def quick_command(gan):
    """`train dcgan` with a GAN that is traced already, two steps at a time, a clock of its own.

    The clock counts how often it is looked at: `--seconds 2` are four times two steps.
    """

    def rebuilt(seed, jit_compile):
        gan.reset(seed)
        return gan

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dcgan, "build_gan", rebuilt)
        patch.setattr(image_commands, "STEPS", 2)
        patch.setattr(image_commands, "JUDGED", 100)
        patch.setattr(image_commands, "LOOKS", 1)

        patch.setattr(language, "_chosen", "en")

        def train(out, *words, lang="en"):
            patch.setattr(image_commands.time, "process_time", itertools.count().__next__)
            command = ["--lang", lang, "train", "dcgan", "--samples", 150, "--out", out, *words]
            return main(list(map(str, command)))

        yield train


@pytest.fixture
def train(traced):
    # A job in a shell's background is started with interrupts ignored.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    with quick_command(traced) as command:
        yield command
    signal.signal(signal.SIGINT, former)


def read(path):
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def settings_of(path):
    return json.loads(str(read(path)["settings"]))


@pytest.fixture(scope="module")
def runs(traced, tmp_path_factory):
    """One run of a few steps, and one that goes on from it."""
    out, found = tmp_path_factory.mktemp("train") / "digits.npz", []
    with quick_command(traced) as train:
        for words in (["--seconds", 2, "--seed", 4], ["--seconds", 3, "--resume"]):
            assert train(out, *words, "--weights", out.with_name("g.npz")) == 0
            found.append(read(out))
    return out, found


@pytest.fixture
def copied(runs, tmp_path):
    """The files of `runs`, to do with as a test likes: the images' file."""
    for path in runs[0].parent.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / "digits.npz"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestTrainCommand:
    def test_budget_and_file(self, runs):
        _, (first, _) = runs
        assert first["images"].shape == (150, 28, 28) and first["images"].dtype == np.uint8
        assert first["curves"].shape == (8, 8) and np.isfinite(first["curves"]).all()
        settings = json.loads(str(first["settings"]))
        assert settings["seed"] == 4 and settings["steps"] == 8
        assert settings["resumed_at_step"] is None

    def test_resume_goes_on_with_the_seed_of_the_checkpoint(self, runs):
        out, (first, second) = runs
        settings = json.loads(str(second["settings"]))
        assert settings["resumed_at_step"] == 8 and settings["steps"] == 20
        assert settings["seed"] == 4 and "--seed 4 --resume" in settings["command"]
        assert settings["legs"] == [
            {"seconds": 2.0, "from": 0, "to": 8},
            {"seconds": 3.0, "from": 8, "to": 20},
        ]
        np.testing.assert_array_equal(second["curves"][:8], first["curves"])
        assert (second["images"] != first["images"]).any()
        names = ["digits.checkpoint.npz", "digits.npz", "g.npz"]
        assert sorted(contents(out.parent)) == names

    def test_weights_are_those_that_drew(self, runs):
        from course_utils.data.images import to_pixels

        out, (_, second) = runs
        generator = dcgan.build_generator()
        provenance = weights.load(generator, out.with_name("g.npz"))
        assert provenance["steps"] == json.loads(str(second["settings"]))["steps"]
        latents = np.random.default_rng(4).standard_normal((150, dcgan.LATENT_DIM), np.float32)
        drawn = to_pixels(generator(latents, training=False).numpy()).astype(int)
        assert np.abs(drawn - second["images"]).max() <= 1

    @pytest.mark.parametrize("former", ["missing", "another run", "no archive"])
    def test_budgets_of_another_run_are_not_taken_over(self, train, copied, former):
        if former == "missing":
            copied.unlink()
        elif former == "no archive":
            copied.write_bytes(b"no archive")
        else:
            arrays = read(copied)
            np.savez(copied, **{**arrays, "curves": arrays["curves"] + 1})
        assert train(copied, "--seconds", 0, "--resume") == 0
        assert settings_of(copied)["legs"] == [{"seconds": 0.0, "from": 20, "to": 20}]

    @pytest.mark.parametrize("impatient", [False, True])
    def test_interrupt_keeps_what_was_learned(
        self, traced, train, tmp_path, monkeypatch, capsys, impatient
    ):
        run, generate = GAN.run, GAN.generate

        def interrupted(gan, steps):
            if gan.step == 4:
                signal.raise_signal(signal.SIGINT)
            return run(gan, steps)

        def interrupted_again(gan, *arguments, **options):
            signal.raise_signal(signal.SIGINT)
            return generate(gan, *arguments, **options)

        monkeypatch.setattr(GAN, "run", interrupted)
        if impatient:
            monkeypatch.setattr(GAN, "generate", interrupted_again)
        out = tmp_path / "digits.npz"
        assert train(out, "--seconds", 100) == (130 if impatient else 0)
        assert "step 4" in capsys.readouterr().out
        assert settings_of(out)["steps"] == 4 and read(out)["images"].shape == (150, 28, 28)
        traced.reset(1)
        checkpoints.load(traced, tmp_path / "digits.checkpoint.npz")
        assert traced.step == 4 and traced.seed == 0
        assert len(contents(tmp_path)) == 2

    def test_a_kill_loses_what_came_after_the_last_look(self, traced, train, tmp_path, monkeypatch):
        class Killed(BaseException):
            pass

        def killed(gan, steps):
            if gan.step == 6:
                raise Killed
            return run(gan, steps)

        run = GAN.run
        monkeypatch.setattr(GAN, "run", killed)
        monkeypatch.setattr(image_commands, "LOOKS", 2)
        with pytest.raises(Killed):
            train(tmp_path / "digits.npz", "--seconds", 2)
        traced.reset(1)
        checkpoints.load(traced, tmp_path / "digits.checkpoint.npz")
        assert traced.step == 4 and list(contents(tmp_path)) == ["digits.checkpoint.npz"]

    @pytest.mark.parametrize(
        ("where", "step"), [("a loss", 23), ("the averaged weights", 24), ("the images", 24)]
    )
    def test_divergence_stops_at_once_and_changes_no_file(
        self, train, copied, monkeypatch, capsys, where, step
    ):
        run, generate, calls = GAN.run, GAN.generate, []

        def diverging(gan, steps):
            calls.append(gan.step)
            if where == "a loss" and gan.step == 22:
                gan.discriminator.variables[0].assign(gan.discriminator.variables[0] * np.nan)
            rows = run(gan, steps)
            if where == "the averaged weights" and gan.step == 24:
                gan.ema_generator.variables[0].assign(gan.ema_generator.variables[0] * np.inf)
            return rows

        def broken(gan, *arguments, **options):
            return np.nan * generate(gan, *arguments, **options)

        monkeypatch.setattr(GAN, "run", diverging)
        if where == "the images":
            monkeypatch.setattr(GAN, "generate", broken)
        before = contents(copied.parent)
        seconds = 100 if where == "a loss" else 1
        words = ["--seconds", seconds, "--resume", "--weights", copied.with_name("g.npz")]
        assert train(copied, *words) == 2
        assert contents(copied.parent) == before and calls == [20, 22]
        said = capsys.readouterr().err
        assert f"at step {step} " in said and "--seed" in said and "digits.checkpoint.npz" in said

    def test_a_diverged_run_leaves_no_checkpoint_at_a_look(
        self, train, tmp_path, monkeypatch, capsys
    ):
        run = GAN.run

        def diverging(gan, steps):
            rows = run(gan, steps)
            gan.generator.variables[0].assign(gan.generator.variables[0] * np.nan)
            return rows

        monkeypatch.setattr(GAN, "run", diverging)
        monkeypatch.setattr(image_commands, "LOOKS", 4)
        assert train(tmp_path / "digits.npz", "--seconds", 2, lang="zh") == 2
        assert contents(tmp_path) == {}
        said = capsys.readouterr().err
        assert "第 2 步" in said and "--seed" in said and "--resume" not in said

    def test_another_seed_is_refused(self, train, copied, capsys):
        before = contents(copied.parent)
        assert train(copied, "--seed", 5, "--resume") == 2
        assert "seed 4, not 5" in capsys.readouterr().err
        assert contents(copied.parent) == before

    def test_refusals_before_training(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr(dcgan, "build_gan", None)
        out = str(tmp_path / "digits.npz")
        assert main(["train", "dcgan", "--out", out, "--resume"]) == 2
        assert "digits.checkpoint.npz" in capsys.readouterr().err
        assert main(["train", "dcgan", "--out", str(tmp_path / "run.1"), "--resume"]) == 2
        assert "run.1.checkpoint.npz" in capsys.readouterr().err
        assert main(["train", "dcgan", "--out", str(tmp_path)]) == 2
        for name in ("digits.npz", "digits.checkpoint.npz"):
            same = str(tmp_path / "." / name)
            assert main(["train", "dcgan", "--out", out, "--weights", same]) == 2
            assert f"--weights {same}" in capsys.readouterr().err
        for seconds in ("-1", "nan", "soon"):
            with pytest.raises(SystemExit):
                main(["train", "dcgan", "--out", out, "--seconds", seconds])
        assert "0 … 1e+06" in capsys.readouterr().err
        monkeypatch.setattr(files.os, "access", lambda path, mode: False)
        assert main(["train", "dcgan", "--out", out]) == 2
        assert "read-only" in capsys.readouterr().err
