"""How pictures look: numbers as text, text made safe for DOT, and what is drawn in a style: boxes, colours, widths."""

import math
from dataclasses import dataclass

from autograd.writing import superscript

from .style import Style, channels, mixed

__all__ = ["Look", "escape", "number", "share"]


def number(x: float, digits: int = 4) -> str:
    """A number for the eye: `digits` decimals, whole numbers without any, the very small and large as powers of 10."""
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
    """Text as it was typed, inside an HTML-like label: a line break is a line break, nothing else is markup."""
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(plain, entity)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "&#160;&#160;&#160;&#160;")
    text = text.replace("\\", "\\\\")  # \\N would be the node's name
    lines = ["".join(c if _printable(c) else "\ufffd" for c in line) for line in text.split("\n")]
    return lines[0] if len(lines) == 1 else "".join(f'{line}<BR ALIGN="LEFT"/>' for line in lines)


def _printable(character: str) -> bool:
    """Whether XML can hold the character."""
    code = ord(character)
    return 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code >= 0x10000


def share(x: float, largest: float) -> float:
    """How strongly to draw x beside the largest magnitude, 0 to 1; the root keeps small ones visible."""
    if not math.isfinite(x):
        return 1.0
    return math.sqrt(min(abs(x) / largest, 1.0)) if largest > 0.0 else 0.0


@dataclass(frozen=True)
class Look:
    """What is drawn in a style: boxes and labels in DOT's HTML, and what a gradient's size and sign look like.

    Texts that go into boxes and labels are DOT already (see `escape`).
    """

    style: Style

    def accent(self, x: float) -> str:
        """The colour of a gradient: red above 0, blue below, that of lines at 0."""
        return self.style.red if x > 0.0 else self.style.blue if x < 0.0 else self.style.line

    def tint(self, x: float, largest: float) -> str:
        """The background of a gradient's cell: its accent, paler the smaller it is."""
        weight = self.style.tint * share(x, largest)
        return mixed(self.style.paper, self.accent(x), weight)

    def width(self, x: float, largest: float) -> str:
        """The width of an edge along which x flows back, in points."""
        thinnest, widest = self.style.thinnest, self.style.widest
        return f"{thinnest + (widest - thinnest) * share(x, largest):.2f}"

    def edge(self, x: float, largest: float) -> dict[str, str]:
        """The colour and width of an edge along which x flows back."""
        return {"color": self.accent(x), "penwidth": self.width(x, largest)}

    def row(
        self, left: str, right: str, *, fill: str = "", colour: str = "", bold: bool = False, small: bool = False
    ) -> str:
        """A row of a box, one cell to the left and one to the right."""
        font = f'COLOR="{colour or self.style.ink}"' + (f' POINT-SIZE="{self.style.small:g}"' if small else "")
        cells = [f"<B>{cell}</B>" if bold and cell else cell or " " for cell in (left, right)]
        pair = "".join(
            f'<TD ALIGN="{side}"><FONT {font}>{cell}</FONT></TD>'
            for side, cell in zip(("LEFT", "RIGHT"), cells, strict=True)
        )
        inner = _table(f"<TR>{pair}</TR>", padding=3 if small else 4)
        background = f' BGCOLOR="{fill}"' if fill and channels(fill) != channels(self.style.paper) else ""
        return f'<TR><TD CELLPADDING="0"{background}>{inner}</TD></TR>'

    def table(self, rows: list[str], border: str = "", thickness: float = 1, width: float = 0) -> str:
        """A rounded box of rows, at least `width` points wide, as an HTML-like label."""
        wide = f' WIDTH="{width:g}"' if width else ""
        # Above and below, a little room keeps coloured rows clear of the round corners; it also sets the width.
        heights = (3, 9 if len(rows) > 1 else 3)
        above, below = (f'<TR><TD HEIGHT="{height}"{wide} CELLPADDING="0"></TD></TR>' for height in heights)
        return (
            f'<<TABLE BORDER="{thickness:g}" COLOR="{border or self.style.line}" STYLE="ROUNDED" CELLBORDER="0" '
            f'CELLSPACING="0" BGCOLOR="{self.style.paper}">{above}{"".join(rows)}{below}</TABLE>>'
        )

    def plain(self, rows: list[str]) -> str:
        """Rows without a box, as an HTML-like label."""
        paper = self.style.paper
        return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" BGCOLOR="{paper}">{"".join(rows)}</TABLE>>'

    def edge_label(self, text: str) -> str:
        """Text beside an edge, with a little room around it."""
        return f'<{_table(f"""<TR><TD><FONT COLOR="{self.style.grey}">{text}</FONT></TD></TR>""")}>'

    def caption(self, verdict: str, colour: str, how: str) -> str:
        """Two lines below a picture: what it shows, and how to read it."""
        first = f'<TR><TD><FONT COLOR="{colour}"><B>{verdict}</B></FONT></TD></TR>'
        second = f'<TR><TD><FONT POINT-SIZE="{self.style.small:g}">{how}</FONT></TD></TR>'
        return f"<{_table(first + second)}>"


def _table(rows: str, padding: int = 3) -> str:
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}">{rows}</TABLE>'
