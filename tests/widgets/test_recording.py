"""A run as a file: it comes back as it was, and anything else is refused in words."""

import json

import pytest

from course_utils.training import replay
from course_utils.widgets import recording

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def log(gan):
    gan.run(7)
    gan.set(instance_noise=0.1)
    gan.run(3, "discriminator")
    return gan.history.log()


def test_a_run_comes_back_and_repeats_itself(gan, log, tmp_path):
    weights = [weight.copy() for weight in gan.generator.get_weights()]
    path = tmp_path / "run.json"
    recording.save(log, "lesson", path)
    assert recording.load(path) == log
    assert [file.name for file in tmp_path.iterdir()] == ["run.json"]
    gan.reset(5)
    replay(gan, recording.load(path))
    assert all((a == b).all() for a, b in zip(weights, gan.generator.get_weights(), strict=True))


def test_the_file_says_what_it_is(log):
    run = json.loads(recording.dumps(log, "课程"))
    assert run["format"] == "gan-course-run" and run["version"] == 1 and run["name"] == "课程"


def changed(log, **parts):
    return json.dumps({"format": "gan-course-run", "version": 1, "name": "x", **log, **parts})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("{", "line 1"),
        ("[1, 2]", "format"),
        ("null", "format"),
        ('{"format": "other"}', "format"),
        ('{"format": "gan-course-run", "version": 2}', "version 2"),
        ('{"format": "gan-course-run", "version": NaN}', "numbers"),
        ("[" * 100_000, "numbers or lists"),
        ("1" * 5000, "numbers"),
        ("x" * 5_000_001, "characters"),
        (b"bytes", "no text"),
        (None, "no text"),
    ],
)
def test_what_is_no_run_is_refused_in_words(text, says):
    with pytest.raises(ValueError, match=says):
        recording.loads(text)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"seed": "7"}, "seed"),
        ({"seed": True}, "seed"),
        ({"knobs": []}, "knobs"),
        ({"events": {}}, "events"),
        ({"events": [3]}, "events 1"),
        ({"events": [{"run": 5}]}, "events 1"),
        ({"events": [{"run": -1, "players": "both"}]}, "run"),
        ({"events": [{"run": 1.5, "players": "both"}]}, "run"),
        ({"events": [{"run": 10**12, "players": "both"}]}, "run"),
        ({"events": [{"set": 3}]}, "events 1"),
        ({"events": [{"fit": 3}]}, "events 1"),
    ],
)
def test_damaged_parts_are_named(log, parts, says):
    with pytest.raises(ValueError, match=says):
        recording.loads(changed(log, **parts))


def test_a_run_of_fit_cannot_be_saved(log):
    log["events"].append({"fit": 3})
    with pytest.raises(ValueError, match="fit"):
        recording.dumps(log, "x")


def test_a_missing_file_and_one_that_is_no_text(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"lab\.save"):
        recording.load(tmp_path / "none.json")
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ValueError, match="not text"):
        recording.load(tmp_path / "picture.json")


def test_a_save_that_fails_leaves_the_earlier_file(log, tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    path.write_text("earlier")

    def full(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(recording.os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        recording.save(log, "x", path)
    assert path.read_text() == "earlier" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["", "../../etc", "第 02 课", "a b/c:d*", "x" * 3])
def test_file_names_are_safe(name):
    made = recording.file_name(name, 5)
    assert made.endswith("-5.json") and not set(made) & set('/\\:*?<>|" ')
