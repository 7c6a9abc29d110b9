"""The check of lesson 00 finds what is missing and says what to do, and never stops half-way."""

import os
import subprocess
import sys

import pytest

from course_utils import language, selfcheck


@pytest.mark.parametrize("code", ["en", "zh"])
def test_all_is_well_here(code, monkeypatch):
    monkeypatch.setattr(language, "_chosen", code)
    findings = selfcheck.check_environment()
    assert findings.ok and len(findings.findings) == 7
    assert ("All is ready." if code == "en" else "一切就绪。") in repr(findings)
    assert "role='status'" in findings._repr_html_()


def failing(monkeypatch, title):
    monkeypatch.setattr(language, "_chosen", "en")
    findings = selfcheck.check_environment()
    failed = [finding for finding in findings.findings if not finding.ok]
    assert [finding.title for finding in failed] == [title]
    assert failed[0].remedy and failed[0].remedy in findings._repr_html_().replace("&#x27;", "'")
    assert "1 thing" in repr(findings)
    return failed[0]


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1, "final", 0))
    assert "3.10" in failing(monkeypatch, "Python").remedy


def test_a_missing_package(monkeypatch):
    monkeypatch.setattr(selfcheck, "PACKAGES", (*selfcheck.PACKAGES, "no-such-package"))
    assert "make setup" in failing(monkeypatch, "Packages").remedy


def test_damaged_data(monkeypatch, tmp_path):
    from course_utils.data import digits

    def damaged(split="train"):
        raise digits.DataError("mnist.npz is damaged. Run git checkout.")

    monkeypatch.setattr(digits, "load", damaged)
    assert "git checkout" in failing(monkeypatch, "Data").remedy


def test_a_missing_glyph(monkeypatch):
    from course_utils import plotting

    def without_font(*arguments, **options):
        raise plotting.MissingGlyphError("Glyph 20013 missing")

    monkeypatch.setattr(plotting, "png", without_font)
    failing(monkeypatch, "Fonts")


def test_the_button_answers(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setenv("COURSE_MODE", "live")
    monkeypatch.setattr(IPython.display, "display", shown.append)
    selfcheck.widget_button()
    button, answer = shown[0].children
    before = answer.value
    button.click()
    assert answer.value != before and "role='status'" in answer.value


def test_the_check_leaves_tensorflow_on_one_thread():
    """Lesson 00 checks before it trains: a second thread would only burn a core."""
    code = (
        "from course_utils import selfcheck\nselfcheck.check_environment()\n"
        "import tensorflow as tf\n"
        "print(tf.config.threading.get_intra_op_parallelism_threads())"
    )
    environment = {k: v for k, v in os.environ.items() if k != "TF_NUM_INTRAOP_THREADS"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8"
    )
    assert run.stdout.strip() == "1", run.stderr
