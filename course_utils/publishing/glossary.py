"""The glossary: one standard translation for each term, and the wrong ones that people write.

``notebooks/source/glossary.csv`` has the columns

- ``en``: the English term; other forms after ``;`` (a plural in -s needs none);
- ``zh``: the Chinese term; accepted other forms after ``;``;
- ``avoid``: wrong or unusual translations, separated by ``;``;
- ``check``: ``both`` (an English half with the term needs the Chinese term in its partner) or
  ``avoid`` (only the avoided forms are refused: for terms that are also everyday words).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Term:
    """One row of the glossary; every field but ``check`` holds the forms in order."""

    en: tuple[str, ...]
    zh: tuple[str, ...]
    avoid: tuple[str, ...]
    check: str


class GlossaryError(ValueError):
    """The glossary file contradicts itself or lacks something."""


def read(path: Path) -> list[Term]:
    """Read the glossary; no file means no terms.

    Raises:
        GlossaryError: a row is incomplete, ``check`` is neither ``both`` nor ``avoid``, or a term
            stands twice.
    """
    if not path.exists():
        return []
    terms, seen = [], set()
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            term = Term(
                *(_forms(row.get(name)) for name in ("en", "zh", "avoid")), row.get("check") or ""
            )
            if not term.en or not term.zh or term.check not in ("both", "avoid"):
                raise GlossaryError(f"{path.name}:{number}: en, zh, check (both|avoid)")
            twice = seen & {form.lower() for form in term.en}
            if twice:
                raise GlossaryError(f"{path.name}:{number}: {min(twice)!r} × 2")
            seen |= {form.lower() for form in term.en}
            terms.append(term)
    return terms


def _forms(value: str | None) -> tuple[str, ...]:
    return tuple(form.strip() for form in (value or "").split(";") if form.strip())


def untranslated(terms: list[Term], en: str, zh: str) -> Iterator[tuple[str, str]]:
    """Yield (English term, Chinese term) for each checked term that ``en`` has and ``zh`` lacks."""
    forms = sorted(((form, term) for term in terms for form in term.en), key=lambda x: -len(x[0]))
    found: dict[Term, str] = {}
    for form, term in forms:  # longest first: "learning rate" is not also "rate"
        pattern = re.compile(rf"(?<![\w-]){re.escape(form)}(?:s|es)?(?![\w-])", re.IGNORECASE)
        en, count = pattern.subn("\ufffc", en)
        if count and term.check == "both":
            found.setdefault(term, form)
    for term, form in found.items():
        if not any(translation.lower() in zh.lower() for translation in term.zh):
            yield form, term.zh[0]


def avoided(terms: list[Term], zh: str) -> Iterator[tuple[str, str]]:
    """Yield (wrong form, right form) for each wrong translation in ``zh``."""
    wrong = {form: term.zh[0] for term in terms for form in term.avoid}
    right = {form for term in terms for form in term.zh}
    # Longest first: a wrong form inside a longer right one is not wrong, and the other way round.
    forms = sorted(wrong.keys() | right, key=lambda form: (-len(form), form))
    if forms:
        found = set(re.findall("|".join(map(re.escape, forms)), zh))
        yield from ((form, wrong[form]) for form in sorted(found & wrong.keys()))
