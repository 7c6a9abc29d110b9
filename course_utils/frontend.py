"""Who looks at the notebook: a person with live widgets, or a program that runs it through.

Lessons are the same in both cases. Live, a question shows buttons and training goes on in the
background; headless, static text and a bounded run take their place.
"""

from __future__ import annotations

import os
import sys

from course_utils import language

MODES = ("live", "headless")
VARIABLE = "COURSE_MODE"  # decides alone when it is set


def is_live() -> bool:
    """Return whether a person with a front end that shows widgets is there.

    The environment variable COURSE_MODE, "live" or "headless", decides when it is set. Otherwise
    the answer is True in a notebook kernel of JupyterLab, Jupyter Notebook, VS Code or Colab, and
    False under nbclient, nbconvert and nbval, in a terminal and in a script.

    A program that executes notebooks from inside a JupyterLab kernel cannot be told from
    JupyterLab, whose environment it inherits: it has to set COURSE_MODE=headless.

    Raises:
        ValueError: COURSE_MODE is neither "live" nor "headless".
    """
    mode = os.environ.get(VARIABLE)
    if mode:
        if mode not in MODES:
            raise ValueError(
                language.text(
                    en=f'the environment variable {VARIABLE} is {mode!r}: set it to "live" or '
                    '"headless", or unset it',
                    zh=f'环境变量 {VARIABLE} 的值是 {mode!r}：请改为 "live" 或 "headless"，'
                    "或者取消这个变量",
                )
            )
        return mode == "live"
    shell = _notebook_shell()
    if shell is None:
        return False
    return (
        bool(os.environ.get("JPY_SESSION_NAME"))  # set by Jupyter Server for its kernels
        or "__vsc_ipynb_file__" in shell.user_ns  # set by VS Code in a notebook's namespace
        or "google.colab" in sys.modules  # loaded by every Colab kernel
    )


def _notebook_shell():
    """Return IPython's shell if it belongs to a notebook kernel, else None."""
    # A script started from a notebook inherits the kernel's environment but has no kernel of its
    # own.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if getattr(shell, "kernel", None) is not None else None
