"""Who looks: decided by the environment variable, else by signs of a notebook front end."""

import subprocess
import sys
import types

import pytest

from course_utils import frontend, language


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    monkeypatch.delenv(frontend.VARIABLE, raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture
def kernel(monkeypatch):
    """A notebook kernel's shell; its `user_ns` can be filled."""
    shell = types.SimpleNamespace(kernel=object(), user_ns={})
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    return shell


def test_a_script_is_headless():
    assert frontend.is_live() is False


@pytest.mark.parametrize(("mode", "live"), [("live", True), ("headless", False)])
def test_the_variable_decides_alone(monkeypatch, kernel, mode, live):
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    monkeypatch.setenv(frontend.VARIABLE, mode)
    assert frontend.is_live() is live


def test_an_unknown_mode_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setenv(frontend.VARIABLE, "interactive")
    with pytest.raises(ValueError, match=r'COURSE_MODE.*interactive.*"live" or "headless"'):
        frontend.is_live()
    language.use("zh")
    with pytest.raises(ValueError, match="请改为"):
        frontend.is_live()


def test_jupyterlab_is_live(monkeypatch, kernel):
    assert frontend.is_live() is False  # a kernel without a server: nbclient, nbval
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    assert frontend.is_live() is True


def test_a_terminal_shell_is_headless(monkeypatch, kernel):
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    kernel.kernel = None
    assert frontend.is_live() is False


def test_vs_code_is_live(kernel):
    kernel.user_ns["__vsc_ipynb_file__"] = "x.ipynb"
    assert frontend.is_live() is True


def test_colab_is_live(monkeypatch, kernel):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert frontend.is_live() is True


def test_a_script_started_from_a_notebook_is_headless(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    program = "from course_utils import frontend; print(frontend.is_live())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_a_kernel_under_nbclient_is_headless(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.v4.new_notebook()
    source = "from course_utils import frontend; print(frontend.is_live())"
    notebook.cells = [nbformat.v4.new_code_cell(source)]
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    assert notebook.cells[0].outputs[0].text == "False\n"
