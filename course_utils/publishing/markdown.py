"""What a piece of prose is made of: headings, formulas, links, images, lists, tables, words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

HANZI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
ARXIV = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?![\d.]*\d)")

_ALLOW = re.compile(r"[ \t]*<!--\s*allow:\s*([^>]*?)\s*-->[ \t]*\n?")
_URL = re.compile(r"https?://[\w\-./?=&%#~+:@]+")
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_IMAGE_TAG = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
_WORDS_IN_MATHS = re.compile(r"\\(text|mathrm|textrm|mbox)\s*\{[^{}]*\}")
_NOT_TEXT = "\ufffc"  # stands where code or a formula stood

_parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or table cell.

    Attributes:
        line: its first line, counted from 0 in the prose.
        text: its words; code and formulas are replaced by U+FFFC.
        bare: the same without the words of links, and without addresses.
    """

    line: int
    text: str
    bare: str


@dataclass
class Structure:
    r"""The parts of a piece of prose, each in order of appearance.

    Attributes:
        headings: level of each heading.
        maths: LaTeX of each formula, blanks and words inside ``\text`` removed.
        links: target of each link.
        images: source of each picture.
        references: each arXiv id.
        lists: number of items of each list.
        tables: number of rows of each table.
        blocks: the text.
    """

    headings: list[int] = field(default_factory=list)
    maths: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words, one block a line."""
        return "\n".join(block.text for block in self.blocks)


def allowances(text: str) -> list[str]:
    """Return the names in the prose's ``<!-- allow: ... -->`` markers."""
    return [
        name for match in _ALLOW.finditer(text) for name in re.split(r"[,\s]+", match[1]) if name
    ]


def without_allowances(text: str) -> str:
    """Return the prose without its ``<!-- allow: ... -->`` markers."""
    return _ALLOW.sub("", text).strip("\n")


def parse(text: str) -> Structure:
    """Take a piece of Markdown prose apart."""
    structure = Structure()
    tokens = _parser.parse(text)
    items: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            structure.headings.append(int(token.tag[1]))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            structure.lists.append(0)
            items.append(len(structure.lists) - 1)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            items.pop()
        elif token.type == "list_item_open":
            structure.lists[items[-1]] += 1
        elif token.type == "table_open":
            structure.tables.append(0)
        elif token.type == "tr_open":
            structure.tables[-1] += 1
        elif token.type.startswith("math_block"):
            structure.maths.append(_normal(token.content))
        elif token.type == "html_block":
            _html(token, structure)
        elif token.type == "inline":
            _inline(token, structure)
    return structure


def _inline(token: Token, structure: Structure) -> None:
    text, bare, depth = [], [], 0
    for child in token.children or []:
        words = ""
        if child.type == "link_open":
            structure.links.append(child.attrGet("href"))
            structure.references += ARXIV.findall(child.attrGet("href"))
            depth += 1
        elif child.type == "link_close":
            depth -= 1
        elif child.type == "image":
            structure.images.append(child.attrGet("src"))
            words = child.content
        elif child.type.startswith("math_inline"):
            structure.maths.append(_normal(child.content))
            words = _NOT_TEXT
        elif child.type == "code_inline":
            words = _NOT_TEXT
        elif child.type in ("softbreak", "hardbreak"):
            words = "\n"
        elif child.type == "text":
            words = child.content
        text.append(words)
        bare.append("" if depth else words)
    joined = "".join(text)
    # The text of a link often repeats its address: count an arXiv id there once.
    structure.references += ARXIV.findall("".join(bare))
    structure.links += _URL.findall("".join(bare))
    line = token.map[0] if token.map else 0
    structure.blocks.append(Block(line, _URL.sub("", joined), _URL.sub("", "".join(bare))))


def _html(token: Token, structure: Structure) -> None:
    structure.images += _IMAGE_TAG.findall(token.content)
    words = _TAG.sub("", token.content).strip()
    if words:
        structure.blocks.append(Block(token.map[0] if token.map else 0, words, words))


def _normal(latex: str) -> str:
    return re.sub(r"\s+", "", _WORDS_IN_MATHS.sub(r"\\\1{}", latex))
