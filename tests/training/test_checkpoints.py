import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from course_utils.training import checkpoints, files
from course_utils.training.checkpoints import CheckpointError


def test_a_run_goes_on_from_a_checkpoint_as_if_never_stopped(gan, tmp_path, weights, moved):
    path = tmp_path / "run.npz"
    gan.run(100)
    gan.set(instance_noise=0.1)
    checkpoints.save(gan, path)
    gan.run(100)
    expected, log = weights(gan.generator) + weights(gan.discriminator), gan.history.log()
    rows = gan.history.rows.copy()
    gan.set(instance_noise=0.0, r1_weight=2.0)
    gan.reset(3)
    gan.run(5)
    checkpoints.load(gan, path)
    assert gan.step == 100 and gan.seed == 0
    assert gan.knobs["instance_noise"] == 0.1 and gan.knobs["r1_weight"] == 0.0
    gan.run(100)
    assert not moved(expected, weights(gan.generator) + weights(gan.discriminator))
    assert gan.history.log() == log
    np.testing.assert_array_equal(gan.history.rows, rows)


def test_loads_without_pickle_and_states_versions(gan, tmp_path):
    import json

    path = tmp_path / "run.npz"
    checkpoints.save(gan, path)
    with np.load(path, allow_pickle=False) as archive:
        header = json.loads(bytes(archive["header"]))
        assert {"keras", "tensorflow", "numpy", "course_utils"} <= header["versions"].keys()
        assert header["sha256"].keys() == set(archive.files) - {"header", "header_sha256"}


def test_another_process_can_load_it_however_many_layers_it_made(gan, make_gan, tmp_path):
    """Keras numbers layers in the order they are made; a checkpoint must not depend on it."""
    from course_utils.models import x2

    path = tmp_path / "run.npz"
    gan.run(3)
    checkpoints.save(gan, path)
    x2.build_generator()
    later = make_gan(seed=1)
    assert later.generator.layers[0].name != gan.generator.layers[0].name
    checkpoints.load(later, path)
    assert later.step == 3


def test_other_options_are_refused(gan, make_gan, tmp_path):
    path = tmp_path / "run.npz"
    checkpoints.save(gan, path)
    with pytest.raises(CheckpointError, match="separate_batches"):
        checkpoints.load(make_gan(separate_batches=True), path)


@pytest.mark.parametrize("change", ["unknown knob", "out of range", "no log"])
def test_a_header_that_makes_no_sense_changes_nothing(gan, tmp_path, weights, moved, change):
    import hashlib
    import json

    path = tmp_path / "run.npz"
    gan.run(5)
    checkpoints.save(gan, path)
    arrays = dict(np.load(path))
    header = json.loads(bytes(arrays["header"]))
    if change == "no log":
        del header["log"]
    else:
        header["present_knobs"]["r1_weight" if change == "out of range" else "magic"] = -1
    written = json.dumps(header).encode()
    arrays["header"] = np.frombuffer(written, np.uint8)
    arrays["header_sha256"] = np.array(hashlib.sha256(written).hexdigest())
    np.savez(path, **arrays)
    gan.run(3)
    before = weights(gan.generator)
    with pytest.raises(CheckpointError):
        checkpoints.load(gan, path)
    assert not moved(before, weights(gan.generator))
    assert gan.step == gan.history.steps == 8


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_the_file_has_the_usual_permissions(gan, tmp_path):
    path, usual = tmp_path / "run.npz", tmp_path / "usual"
    checkpoints.save(gan, path)
    usual.touch()
    assert path.stat().st_mode == usual.stat().st_mode


def test_missing(gan, tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoints.load(gan, tmp_path / "nowhere.npz")


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text"])
def test_damage_is_noticed_and_nothing_is_touched(gan, tmp_path, weights, moved, damage):
    path = tmp_path / "run.npz"
    gan.run(10)
    checkpoints.save(gan, path)
    data = bytearray(path.read_bytes())
    if damage == "flip":
        # A bit of a weight: the archive's own CRC is mended, so that our checksum must notice.
        arrays = dict(np.load(path))
        arrays["generator/0/kernel"] = arrays["generator/0/kernel"] + 1e-3
        np.savez(path, **arrays)
    else:
        path.write_bytes(
            {"cut": data[: len(data) // 2], "empty": b"", "text": b"no archive"}[damage]
        )
    before = weights(gan.generator)
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoints.load(gan, path)
    assert not moved(before, weights(gan.generator)) and gan.step == 10


def test_other_shapes_are_refused(gan, tmp_path):
    from course_utils.data.targets import x_squared
    from course_utils.models import x2
    from course_utils.training import GAN

    path = tmp_path / "run.npz"
    checkpoints.save(gan, path)
    other = GAN(x2.build_generator(hidden=7), x2.build_discriminator(), x_squared, batch_size=16)
    with pytest.raises(CheckpointError, match="other networks"):
        checkpoints.load(other, path)


def test_an_error_while_writing_leaves_the_former_file_and_no_litter(gan, tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    checkpoints.save(gan, path)
    former = path.read_bytes()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    gan.run(5)
    with pytest.raises(OSError, match="space"):
        checkpoints.save(gan, path)
    assert path.read_bytes() == former and os.listdir(tmp_path) == ["run.npz"]


SAVER = """
import sys
import numpy as np
from course_utils.training import checkpoints
from course_utils.training.gan import GAN
from course_utils.data.targets import x_squared
from course_utils.models import x2

gan = GAN(x2.build_generator(), x2.build_discriminator(), x_squared, batch_size=16)
# A large array makes each save take long enough to be hit.
gan.history._append(np.zeros((400_000, 8), np.float32))
while True:
    checkpoints.save(gan, sys.argv[1])
    print("saved", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_kill_in_the_middle_leaves_a_readable_checkpoint(gan, tmp_path):
    path = tmp_path / "run.npz"
    process = subprocess.Popen(
        [sys.executable, "-c", SAVER, str(path)], stdout=subprocess.PIPE, text=True
    )
    hit = 0
    try:
        assert process.stdout.readline().strip() == "saved"
        deadline = time.monotonic() + 60
        # Kill while a half-written file is there.
        while time.monotonic() < deadline:
            half = [name for name in os.listdir(tmp_path) if name.startswith(".run.npz.")]
            if half and os.path.getsize(tmp_path / half[0]) > 0:
                process.send_signal(signal.SIGKILL)
                hit = 1
                break
    finally:
        process.kill()
        process.wait()
    assert hit, "the saver was never caught in the middle of a write"
    assert any(name.startswith(".run.npz.") for name in os.listdir(tmp_path))
    checkpoints.load(gan, path)
    assert gan.history.steps == 400_000
