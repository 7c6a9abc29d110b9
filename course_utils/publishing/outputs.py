"""Makes a cell's outputs fit to be committed: small, and without what changes from run to run."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator

from nbformat import NotebookNode
from PIL import Image

WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURE_LIMIT = 60_000  # bytes
NOTEBOOK_LIMIT = 1_000_000  # bytes

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:home|root|Users|tmp|usr|opt|var|private|work|mnt|srv|content|workspace)"
    r"/[\w.~-][^\s\"'<>)]*"
    r"|\b[A-Za-z]:\\{1,2}[\w.~-][^\s\"'<>)]*"
    r"|\S*\bsite-packages\b[^\s\"'<>)]*"
)


def clean(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return a cell's outputs ready to be saved.

    Widgets go (a saved one shows only "model not found"), PNGs are reduced to a palette where that
    makes them smaller, and the traceback of an expected error keeps the learner's own lines only.
    """
    kept = []
    for output in outputs:
        if output.output_type == "error":
            output.traceback = [frame for frame in output.traceback if not _in_library(frame)]
        data = output.get("data", {})
        if WIDGET in data:
            continue
        if "image/png" in data:
            data["image/png"] = shrink_png(data["image/png"])
        kept.append(output)
    return kept


def _in_library(frame: str) -> bool:
    return without_colours(frame).lstrip().startswith("File ")


def without_colours(text: str) -> str:
    """Return ``text`` without ANSI colour codes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def shrink_png(encoded: str) -> str:
    """Return the base64 PNG with a palette of at most 256 colours, if that is smaller."""
    original = base64.b64decode(encoded)
    with Image.open(io.BytesIO(original)) as image:
        if image.mode not in ("RGB", "RGBA"):
            return encoded
        opaque = image.mode == "RGB" or image.getextrema()[3][0] == 255
        method = Image.Quantize.MEDIANCUT if opaque else Image.Quantize.FASTOCTREE
        reduced = (image.convert("RGB") if opaque else image).quantize(
            256, method=method, dither=Image.Dither.NONE
        )
        buffer = io.BytesIO()
        reduced.save(buffer, "PNG", optimize=True)
    return (
        base64.b64encode(buffer.getvalue()).decode() if buffer.tell() < len(original) else encoded
    )


def picture_sizes(outputs: list[NotebookNode]) -> Iterator[int]:
    """Yield the size of each picture in bytes."""
    for output in outputs:
        for kind, data in output.get("data", {}).items():
            if kind.startswith("image/"):
                text = "".join(data)
                yield len(text.encode()) if kind == "image/svg+xml" else len(base64.b64decode(text))


def volatile(outputs: list[NotebookNode]) -> Iterator[str]:
    """Yield each absolute path and memory address that the outputs' text contains."""
    for output in outputs:
        texts = ["".join(output.get("text", "")), "\n".join(output.get("traceback", []))]
        texts += [
            "".join(data)
            for kind, data in output.get("data", {}).items()
            if not kind.startswith("image/") and isinstance(data, (str, list))
        ]
        for text in map(without_colours, texts):
            for pattern in (_ADDRESS, _PATH):
                yield from (match[0] for match in pattern.finditer(text))
