"""The front-end code as anywidget wants it: one ES module and one style sheet, from small files.

There is no build step and there are no imports between the files. A module is its files one after
the other: plain top-level functions, and in the last file the `export default`.
"""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_EXPORT = re.compile(r"^export\b.*$", re.MULTILINE)


def module(*names: str) -> str:
    """Join `static/<name>.js` into the text of one ES module, for a widget's `_esm`.

    Args:
        *names: of the files, without ".js"; what others use comes first, and the last one has
            the module's single `export default`.

    Raises:
        ValueError: there is no such file, a file stands there twice, or another number of exports
            than the one at the end.
    """
    texts = _read(names, ".js")
    exports = [name for name, text in zip(names, texts, strict=True) for _ in _EXPORT.findall(text)]
    if exports != [names[-1]] or not _EXPORT.search(texts[-1]).group().startswith("export default"):
        raise ValueError(
            f"a module has one `export default`, in its last file, {names[-1]}.js; "
            f"these files export something: {exports}"
        )
    return "\n".join(texts)


def styles(*names: str) -> str:
    """Join `static/<name>.css` into the text of one style sheet, for a widget's `_css`.

    Args:
        *names: of the files, without ".css".

    Raises:
        ValueError: there is no such file, or a file stands there twice.
    """
    return "\n".join(_read(names, ".css"))


def _read(names: tuple[str, ...], suffix: str) -> list[str]:
    there = sorted(path.stem for path in STATIC.glob(f"*{suffix}"))
    if not names or not set(names) <= set(there) or len(set(names)) < len(names):
        raise ValueError(f"{list(names)} must be different names from static/*{suffix}: {there}")
    return [
        f"/* {name}{suffix} */\n{(STATIC / f'{name}{suffix}').read_text('utf-8')}" for name in names
    ]
