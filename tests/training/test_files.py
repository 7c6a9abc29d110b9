"""Files are written whole or not at all, whoever else writes them."""

import os
import threading

import pytest

from course_utils.training import files
from course_utils.training.files import write_atomically


def test_the_file_takes_its_name_when_it_is_whole_and_on_the_disk(tmp_path, monkeypatch):
    path, order = tmp_path / "a.npz", []
    path.write_bytes(b"former")

    def write(file):
        file.write(b"new")
        assert path.read_bytes() == b"former"

    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(files.os, "fsync", lambda number: (order.append("sync"), sync(number)))
    monkeypatch.setattr(files.os, "replace", lambda *two: (order.append("name"), replace(*two)))
    write_atomically(str(path), write)
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]
    # The folder is synced last; Windows cannot do that.
    assert order == ["sync", "name"] + ["sync"] * (os.name == "posix")


def test_an_error_leaves_the_former_file_and_no_litter(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(b"former")

    def write(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, write)
    assert path.read_bytes() == b"former" and list(tmp_path.iterdir()) == [path]


def test_two_threads_may_write_the_same_file(tmp_path):
    path, both, failures = tmp_path / "a.npz", threading.Barrier(2, timeout=20), []

    def work(letter):
        def write(file):
            file.write(letter * 1000)
            both.wait()
            file.write(letter * 1000)

        try:
            write_atomically(path, write)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(letter,)) for letter in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and path.read_bytes() in (b"a" * 2000, b"b" * 2000)
    assert list(tmp_path.iterdir()) == [path]
