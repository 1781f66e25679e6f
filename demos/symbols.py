"""Reads the glossary of demos/README.md, and marks its symbols in a text."""

import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

__all__ = ["GLOSSARY", "Marker", "Symbol", "Term", "equations", "spelled", "terms"]

README = Path(__file__).parent / "README.md"
SCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ˡᴸ₀₁₂₃₄₅₆₇₈₉ₐⱼₖₓ"  # beside a letter, above and below
# The pattern of each symbol in a text, by the symbol's key, the longest first. A letter that is also a word, or has
# other meanings, counts only with an index beside it.
WRITTEN = {
    "∂C/∂w": rf"∂C/∂[wWbB][{SCRIPTS}]*",
    "∂C/∂·": r"∂C/∂",
    "∇": "∇ₐC",
    "δ": rf"δ[{SCRIPTS}]*",
    "σ": "σ′?",
    "w": rf"\b[wW][{SCRIPTS}]+",
    "b": rf"\b[bB][{SCRIPTS}]+",
    "z": rf"\bz[{SCRIPTS}]*(?!\w)",
    "a": rf"\ba[{SCRIPTS}]+",
    "C": r"(?<![\w∂′])C(?![\w′])",
    "η": "η",
    "∘": "∘",
    "W": "ᵀ",
}
# In a formula a letter is always a symbol.
LETTERS = {"δ": "δ", "σ": "σ", "w": "w", "W": "w", "b": "b", "z": "z", "a": "a", "x": "x", "y": "y", "C": "C",
           "∂": "∂C/∂·", "∘": "∘"}  # fmt: skip


class Symbol(NamedTuple):
    """A row of the glossary: a symbol, its name in code, and its meaning."""

    key: str  # its id in links
    written: str
    code: str
    meaning: str


class Term(NamedTuple):
    """A word for a part of the graph, and its meaning."""

    word: str
    meaning: str


def _rows(heading: str) -> Iterator[list[list[str]]]:
    """Yields the tables below a heading of demos/README.md, as rows of cells, the head first."""
    part = README.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for table in re.findall(r"(?:^\|.*\n)+", part, re.M):
        yield [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]


def _symbols() -> dict[str, Symbol]:
    """Returns the symbols of the glossary, each by its key in WRITTEN."""
    found = {}
    table, *_ = _rows("Glossary")
    for number, (written, code, meaning) in enumerate(table[2:], 1):
        sign = next((sign for sign in ("∂C/∂w", "∂C/∂·") if written.startswith(sign)), written[0])
        found[sign] = Symbol(f"symbol-{number}", written, code.strip("`"), meaning)
    return found


def equations() -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Returns the table of equations: its head, and a row for each of BP1 to Δz."""
    ((head, _, *rows),) = _rows("Equations")
    return tuple(head), [tuple(row) for row in rows]


def terms() -> list[Term]:
    """Returns the words for the parts of a graph."""
    _, table = _rows("Glossary")
    return [Term(*row) for row in table[2:]]


def _equations_as_symbols() -> dict[str, Symbol]:
    return {row[0]: Symbol(f"equation-{row[0]}", row[0], "", f"{row[1]}: {row[2]}") for row in equations()[1][:4]}


GLOSSARY = _symbols() | _equations_as_symbols()
PATTERN = re.compile("|".join([*(f"(?P<s{i}>{how})" for i, how in enumerate(WRITTEN.values())), r"(?P<bp>BP[1-4])"]))
SIGNS = list(WRITTEN)


def spelled(text: str, prose: Callable[[str], str] = escape) -> Markup:
    """Writes a text as HTML. Text between backticks becomes code; `prose` converts the rest."""
    parts = re.split(r"`([^`]+)`", text)
    return Markup("".join(f"<code>{escape(part)}</code>" if i % 2 else prose(part) for i, part in enumerate(parts)))


class Marker:
    """Marks the symbols of a chapter. The first mark of each symbol is a link to its entry, which keys can reach."""

    def __init__(self) -> None:
        self.met: dict[str, Symbol] = {}  # in order of appearance

    def text(self, text: str) -> Markup:
        """Writes a text as HTML. Text between backticks becomes code, and symbols are marked."""
        return spelled(text, self._prose)

    def math(self, mathml: str) -> Markup:
        """Returns a MathML formula with its letters marked."""
        return Markup(re.sub(r"<(mi|mo)>(.)</\1>", self._letter, mathml))

    def _prose(self, text: str) -> str:
        done, marked = 0, []
        for found in PATTERN.finditer(text):
            sign = found[0] if found.lastgroup == "bp" else SIGNS[int(str(found.lastgroup)[1:])]
            marked += [escape(text[done : found.start()]), self._marked(GLOSSARY[sign], escape(found[0]))]
            done = found.end()
        return "".join([*marked, escape(text[done:])])

    def _marked(self, symbol: Symbol, text: str) -> str:
        if symbol.key in self.met:
            return f'<span class="symbol" data-symbol="{symbol.key}">{text}</span>'
        self.met[symbol.key] = symbol
        return f'<a class="symbol" href="#{symbol.key}" data-symbol="{symbol.key}">{text}</a>'

    def _letter(self, found: re.Match[str]) -> str:
        tag, letter = found.groups()
        if letter not in LETTERS:
            return found[0]
        symbol = GLOSSARY[LETTERS[letter]]
        self.met.setdefault(symbol.key, symbol)
        return f'<{tag} class="symbol" data-symbol="{symbol.key}">{letter}</{tag}>'
