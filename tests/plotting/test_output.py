"""Pictures in the notebook: small, with words for those who cannot see them."""

import base64
import io

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from course_utils import language, plotting


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def figure():
    made, ax = plotting.figure()
    ax.plot([1, 3, 2])
    return made


def decode(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def test_png_is_reproducible_and_has_the_size_of_the_figure(figure):
    data = plotting.png(figure)
    assert data == plotting.png(figure)
    assert data.startswith(b"\x89PNG") and decode(data).shape == (380, 550, 3)
    assert b"Matplotlib" not in data


def test_quantise_makes_smaller_and_hardly_changes(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    small = plotting.quantise(buffer.getvalue())
    assert len(small) < 0.6 * len(buffer.getvalue())
    assert np.abs(decode(small) - decode(buffer.getvalue())).mean() < 1
    assert plotting.quantise(small) in (small, plotting.quantise(small, 128))


def test_quantise_never_makes_larger_and_paints_transparency_white():
    buffer = io.BytesIO()
    Image.new("1", (4, 4)).save(buffer, format="PNG", optimize=True)  # no palette: hard to beat
    assert plotting.quantise(buffer.getvalue()) == buffer.getvalue()
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (64, 64, 4), dtype=np.uint8)
    noise[:32, :, 3] = 0
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, format="PNG")
    assert np.all(decode(plotting.quantise(buffer.getvalue()))[:32] == 255)


def test_show_gives_the_picture_and_its_words(shell, figure):
    with capture_output() as captured:
        plotting.show(figure, alt="A line <up> and down.")
    picture, words = captured.outputs
    png = picture.data["image/png"]
    data = png if isinstance(png, bytes) else base64.b64decode(png)
    assert data == plotting.png(figure)
    assert picture.data["text/plain"] == "A line <up> and down."
    assert picture.metadata["image/png"]["alt"] == "A line <up> and down."
    assert "text/html" not in picture.data  # JupyterLab would show that instead of the picture
    assert set(words.data) == {"text/html"}
    assert ">A line &lt;up&gt; and down.</p>" in words.data["text/html"]


def test_show_in_a_plain_script_prints_the_words(figure, capsys):
    assert not InteractiveShell.initialized()
    plotting.show(figure, alt="A line.")
    assert capsys.readouterr().out == "A line.\n"


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_show_needs_words(figure, alt):
    with pytest.raises(ValueError, match="cannot see it"):
        plotting.show(figure, alt)
