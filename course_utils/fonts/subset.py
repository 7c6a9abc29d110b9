"""Rebuild `NotoSansSC-subset.otf` from Noto Sans SC or Noto Sans CJK.

    python course_utils/fonts/subset.py [SOURCE]

SOURCE is `NotoSansSC-Regular.otf` or `NotoSansCJK-Regular.ttc`; by default the latter, where
Debian's package `fonts-noto-cjk` puts it. The same source and fontTools give the same bytes.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

DEBIAN = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = Path(__file__).with_name("NotoSansSC-subset.otf")
FAMILY = (
    "Noto Sans SC Subset"  # a name of its own: an installed Noto Sans SC must not be taken instead
)

# Unicode blocks kept beside GB 2312, as far as the source has glyphs for them.
BLOCKS = [
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1 Supplement, Latin Extended-A
    (0x0370, 0x03FF),  # Greek
    (0x2010, 0x205E),  # General Punctuation
    (0x2070, 0x209F),  # Superscripts and Subscripts
    (0x20A0, 0x20BF),  # Currency Symbols
    (0x2100, 0x23FF),  # Letterlike Symbols, Number Forms, Arrows, Operators, Technical
    (0x2460, 0x27BF),  # Enclosed Alphanumerics, Box Drawing, Shapes, Symbols, Dingbats
    (0x3000, 0x303F),  # CJK Symbols and Punctuation
    (0xFF00, 0xFFEF),  # Halfwidth and Fullwidth Forms
]


def gb2312() -> set[str]:
    """Return the 7,445 characters of GB 2312: 6,763 hanzi and 682 others."""
    characters = set()
    for row, cell in itertools.product(range(0xA1, 0xF8), range(0xA1, 0xFF)):
        characters.add(bytes([row, cell]).decode("gb2312", errors="ignore"))
    return characters - {""}


def open_font(source: Path) -> TTFont:
    """Open `source`; of a collection, its Simplified Chinese face."""
    if source.suffix != ".ttc":
        return TTFont(source, recalcTimestamp=False)
    faces = TTCollection(source, recalcTimestamp=False).fonts
    return next(face for face in faces if face["name"].getDebugName(1) == "Noto Sans CJK SC")


def build(source: Path, target: Path) -> None:
    """Write the subset of `source` to `target`."""
    font = open_font(source)
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False  # Matplotlib hints by itself
    options.desubroutinize = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # the copyright and licence among them
    options.drop_tables += ["BASE", "DSIG", "VORG", "vhea", "vmtx"]  # vertical setting, signature
    subsetter = subset.Subsetter(options)
    blocks = {code for first, last in BLOCKS for code in range(first, last + 1)}
    subsetter.populate(unicodes=blocks | {ord(character) for character in gb2312()})
    subsetter.subset(font)
    names = {1: FAMILY, 3: f"{FAMILY} Regular; {font['name'].getDebugName(5)}", 4: FAMILY}
    names[6] = FAMILY.replace(" ", "") + "-Regular"
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    font["CFF "].cff.fontNames = [names[6]]
    top = font["CFF "].cff.topDictIndex[0]
    top.FullName, top.FamilyName = FAMILY, FAMILY
    font.save(target)


def main() -> None:
    """Build the font that the course's figures use."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="?", type=Path, default=DEBIAN)
    build(parser.parse_args().source, TARGET)
    size, characters = TARGET.stat().st_size, len(TTFont(TARGET).getBestCmap())
    print(f"{TARGET.name}: {size:,} bytes, {characters:,} characters")


if __name__ == "__main__":
    main()
