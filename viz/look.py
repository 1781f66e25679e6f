"""How pictures look: numbers as text, text made safe for DOT, and boxes, colours and widths in a style."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from textwrap import wrap
from typing import Any, NamedTuple

from autograd.writing import superscript

from .style import STYLE, Style, channels, mixed

__all__ = ["KINDS", "Cell", "Look", "Row", "breadth", "broken", "escape", "formula", "number", "share"]

WIDEST, MOST_LINES = 22, 6  # characters in a line of a formula, and lines
# The widths of characters in Helvetica and Helvetica-Bold, the larger of both, in font sizes (Adobe's font metrics).
# A capital letter that is not listed has 0.73, anything else 0.62.
BREADTHS = ((0.28, " .,/\\|'ijlI"), (0.34, "()[]-:;!tf"), (0.4, "r*{}"), (0.56, "0123456789acekvsxyz_$#"),
            (0.78, "GOQw"), (0.95, "MWm%"), (1.02, "@"))  # fmt: skip
INSIDE = "\v"  # white space where a word may be broken
KINDS = ("gradients", "values", "slopes", "labels")  # of texts that can be left blank


def number(x: float, digits: int = 4) -> str:
    """Writes a number with `digits` decimals. Whole numbers have none; very small and large ones have a power of 10."""
    if not math.isfinite(x):
        return str(x).replace("inf", "∞").replace("-", "−")
    if x == int(x) and abs(x) < 10**digits:
        return str(int(x)).replace("-", "−")
    if 10.0 ** (1 - digits) <= abs(x) < 10.0**digits:
        text = f"{x:.{digits}f}"
    elif 10.0 ** (-1 - digits) <= abs(x) < 1.0:
        text = f"{x:.{digits + 2}f}"
    else:
        mantissa, exponent = f"{x:.{max(digits - 2, 1)}e}".split("e")
        text = f"{mantissa}·10{superscript(int(exponent))}"
    return text.replace("-", "−")


def escape(text: str) -> str:
    """Escapes text for an HTML-like label of DOT. Line breaks stay line breaks; everything else is plain text."""
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(plain, entity)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "&#160;&#160;&#160;&#160;")
    text = text.replace("\\", "\\\\")  # \\N would be the node's name
    lines = ["".join(c if _printable(c) else "\ufffd" for c in line) for line in text.split("\n")]
    return lines[0] if len(lines) == 1 else "".join(f'{line}<BR ALIGN="LEFT"/>' for line in lines)


def broken(text: str, widest: int = WIDEST) -> list[str]:
    """Breaks a long text into lines, none of which is "=". What the last line cannot hold is left out.

    Lines end at spaces. A word that is too long for a line may be broken behind "_" and "/", too.
    """
    joined = re.sub(" =$", "\u2060=", text)
    joined = re.sub(rf"\S{{{widest + 1},}}", lambda word: re.sub(r"(?<=[_/])(?=\S)", INSIDE, word[0]), joined)
    how: dict[str, Any] = {"break_long_words": False, "expand_tabs": False, "replace_whitespace": False}
    lines = wrap(joined, widest, max_lines=MOST_LINES, placeholder=" …", **how)
    return [line.replace("\u2060=", " =").replace(INSIDE, "") for line in lines]


def formula(text: str, widest: int = WIDEST) -> str:
    """Escapes a formula or a name for an HTML-like label of DOT, in several lines if it is long."""
    return escape("\n".join("\n".join(broken(line, widest)) for line in text.splitlines()))


def _printable(character: str) -> bool:
    """Returns whether XML allows the character."""
    code = ord(character)
    return 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code >= 0x10000


def share(x: float, largest: float) -> float:
    """Returns how strongly to draw x, from 0 to 1: √(|x| / largest). The root keeps small numbers visible."""
    if not math.isfinite(x):
        return 1.0
    return math.sqrt(min(abs(x) / largest, 1.0)) if largest > 0.0 else 0.0


class Cell(NamedTuple):
    """A text in a row of a box. A number that is not known yet is left out; a hidden text becomes a line to write on.

    The text is already DOT (see `escape`).
    """

    text: str
    kind: str = ""  # one of KINDS, or none
    known: bool = True
    room: str = ""  # another text; the cell is wide enough for both


class Row(NamedTuple):
    """A row of a box as DOT, and the width that it needs. The width is the same when texts are hidden."""

    inside: str
    width: float = 0.0


@dataclass(frozen=True)
class Look:
    """A style applied: boxes and labels in DOT's HTML, and the colours and widths that show a gradient."""

    style: Style
    hidden: frozenset[str] = frozenset()  # the kinds of texts that are left blank

    def accent(self, x: float) -> str:
        """Returns the colour of a gradient: red above 0, blue below 0, the colour of lines at 0."""
        return self.style.red if x > 0.0 else self.style.blue if x < 0.0 else self.style.line

    def tint(self, x: float, largest: float) -> str:
        """Returns the background of a gradient's cell: its accent, paler for a smaller gradient."""
        weight = self.style.tint * share(x, largest)
        return mixed(self.style.paper, self.accent(x), weight)

    def width(self, x: float, largest: float) -> float:
        """Returns the width of an edge along which the gradient x flows back, in points."""
        thinnest, widest = self.style.thinnest, self.style.widest
        return thinnest + (widest - thinnest) * share(x, largest)

    def edge(self, x: float, largest: float) -> dict[str, str]:
        """Returns the colour and stroke of an edge along which x flows back: dashed below 0, dotted at 0."""
        drawn = {"color": self.accent(x), "penwidth": f"{self.width(x, largest):.2f}"}
        return drawn | ({"style": "dashed"} if x < 0.0 else {"style": "dotted"} if x == 0.0 else {})

    def signs(self) -> str:
        """Says how an edge shows a gradient's sign, for a caption."""
        return "solid above 0, dashed below" if self.is_grey else "red above 0, blue and dashed below"

    @property
    def kinds_of_slopes(self) -> tuple[str, str]:
        """The kinds (see `KINDS`) of a local derivative's formula and of its number."""
        return ("slopes", "slopes") if "slopes" in self.hidden else ("labels", "values")

    @property
    def is_grey(self) -> bool:
        """Whether the style has no colours."""
        return len(set(channels(self.style.red))) == 1

    def gap(self, length: float) -> str:
        """Scales a length, in any unit, with the size of the texts, and writes it for Graphviz."""
        return f"{length * self.style.size / STYLE.size:.3g}"

    def row(
        self,
        left: Cell | str,
        right: Cell | str,
        *,
        fill: str = "",
        colour: str = "",
        bold: bool = False,
        small: bool = False,
        lit: bool = False,
        close: bool = False,
    ) -> Row:
        """Makes a row of two cells, one at each side of the box; with `close` they meet in the middle.

        `lit` shades the row, because a step uses it.
        """
        size = self.style.small if small else self.style.size
        font = f'COLOR="{(not lit and colour) or self.style.ink}"' + (f' POINT-SIZE="{size:g}"' if small else "")
        padding = round(size / (6 if close else 4))
        pair, width = "", 2.0 * self.inset
        cells = [given if isinstance(given, Cell) else Cell(given) for given in (left, right)]
        sides = ["RIGHT", "LEFT"] if close else ["LEFT", "RIGHT"]
        if close and not cells[0].text:
            cells, sides = cells[1:], ["CENTER"]
        for side, cell in zip(sides, cells, strict=True):
            room = max(breadth(cell.text), breadth(cell.room)) * size + 2 * padding
            width += room
            text, line = cell.text, ""
            if cell.kind in self.hidden and text:
                line = f' WIDTH="{int(room) - 1}" BORDER="1" SIDES="B" CELLPADDING="{padding - 1}"'
                line += f' COLOR="{self.style.grey}"'
            if line or not (cell.known and text):
                text = _blank(text)
            elif bold:
                text = f"<B>{text}</B>"
            pair += f'<TD ALIGN="{side}"{line}><FONT {font}>{text}</FONT></TD>'
        background = self.style.lit if lit else fill
        if background and channels(background) == channels(self.style.paper):
            background = ""
        inner = _table(f"<TR>{pair}</TR>", padding, f' STYLE="ROUNDED" BGCOLOR="{background}"' if background else "")
        return Row(inner, width)

    def table(self, rows: list[Row], border: str = "", thickness: float = 1, width: float = 0) -> str:
        """Makes a rounded box of rows, at least `width` points wide, as an HTML-like label."""
        return (
            f'<<TABLE BORDER="{thickness:g}" COLOR="{border or self.style.line}" STYLE="ROUNDED" CELLBORDER="0" '
            f'CELLSPACING="0" BGCOLOR="{self.style.paper}">{self._below_each_other(rows, width)}</TABLE>>'
        )

    def plain(self, rows: list[Row]) -> str:
        """Makes an HTML-like label of rows without a box."""
        how = f'CELLBORDER="0" CELLSPACING="0" BGCOLOR="{self.style.paper}"'
        return f'<<TABLE BORDER="0" {how}>{self._below_each_other(rows)}</TABLE>>'

    def slope(self, form: Cell, number: Cell, lit: bool = False) -> str:
        """Makes the label of a local derivative: its form, unless that is empty, and its number below."""
        how: dict[str, Any] = {"colour": self.style.grey, "small": True, "close": True, "lit": lit}
        return self.plain([self.row("", cell, **how) for cell in (form, number) if cell is number or form.text])

    @staticmethod
    def beside_bold(text: str) -> str:
        """Puts a text of one line, as DOT, at the height of a bold one: Graphviz draws a line with bold text higher."""
        return text if "<BR" in text else f"{text}<B> </B>"

    def _below_each_other(self, rows: list[Row], width: float = 0.0) -> str:
        """Puts rows below each other, all as wide as the widest."""
        how = f'ALIGN="LEFT" CELLPADDING="{self.inset}" WIDTH="{max(width, *(row.width for row in rows)):.0f}"'
        return "".join(f"<TR><TD {how}>{row.inside}</TD></TR>" for row in rows)

    @property
    def inset(self) -> int:
        """The room around each row of a box, in points."""
        return round(self.style.size / 6)

    def roomy(self, cell: Cell) -> str:
        """Makes the label of a circle. It takes the same room when its text is hidden."""
        room = f'<TD WIDTH="{breadth(cell.text) * self.style.size:.0f}">'
        return f"<{_table(f'<TR>{room}{_blank(cell.text) if cell.kind in self.hidden else cell.text}</TD></TR>', 0)}>"

    def caption(self, told: Sequence[str], colour: str, how: Sequence[str] = (), width: float = 0) -> str:
        """Makes the lines below a picture: what it shows, and how to read it. Either may be empty."""
        wide = f' WIDTH="{width:.0f}"' if width else ""
        lines = [f'<TD{wide}><FONT COLOR="{colour}"><B>{line}</B></FONT></TD>' for line in told]
        lines += [f'<TD><FONT POINT-SIZE="{self.style.small:g}">{line}</FONT></TD>' for line in how]
        return f"<{_table(''.join(f'<TR>{line}</TR>' for line in lines), 1)}>" if lines else ""

    def words(self, own: str) -> str:
        """Makes a caption of the user's own words."""
        return self.caption([escape(line) or " " for line in own.splitlines()], self.style.ink)


def _table(rows: str, padding: int = 3, how: str = "") -> str:
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}"{how}>{rows}</TABLE>'


def _blank(text: str) -> str:
    """Returns a DOT text without its characters, as high as before."""
    return "".join(f" {end}" for end in re.findall("<BR[^>]*>", text)) or " "


def breadth(text: str) -> float:
    """Returns the width of a DOT text in Helvetica, in font sizes: at least that which graphviz-pure takes."""
    lines = (re.sub("<[^>]*>", "", line) for line in re.split("<BR[^>]*>", text))
    return max(sum(map(_breadth, unescape(line))) for line in lines)


def _breadth(character: str) -> float:
    if not character.isascii():
        return 0.28 * len(character.encode())  # graphviz-pure takes 0.278 for each byte
    return next((wide for wide, all_of_it in BREADTHS if character in all_of_it), 0.73 if character.isupper() else 0.62)
