"""How pictures look: colours, line widths, numbers as text, and text made safe for DOT."""

import math

from autograd.writing import superscript

__all__ = ["AMBER", "BLUE", "GREEN", "GREY", "INK", "LINE", "RED", "accent", "caption", "edge_label", "escape",
           "number", "plain", "row", "share", "table", "tint", "width"]  # fmt: skip

INK, GREY, LINE = "#1b1f24", "#656d76", "#b8c0c8"
RED, BLUE, GREEN = "#c9302c", "#1f5fb4", "#1a7f37"  # a gradient above 0, one below, and agreement
AMBER = "#9a6700"  # a warning


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


def accent(x: float) -> str:
    """The colour of a gradient: red above 0, blue below, grey at 0."""
    return RED if x > 0.0 else BLUE if x < 0.0 else LINE


def tint(x: float, largest: float) -> str:
    """The background of a gradient's cell: its accent, paler the smaller it is; never too dark for black text."""
    weight = 0.62 * share(x, largest)
    channels = (int(accent(x)[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + weight * (c - 255)):02x}" for c in channels)


def width(x: float, largest: float) -> str:
    """The width of an edge along which x flows back, in points."""
    return f"{0.8 + 2.6 * share(x, largest):.2f}"


def row(left: str, right: str, *, fill: str = "", colour: str = INK, bold: bool = False, size: int = 0) -> str:
    """A row of a box, one cell to the left and one to the right; both are DOT already (see `escape`)."""
    style = f'COLOR="{colour}"' + (f' POINT-SIZE="{size}"' if size else "")
    cells = [f"<B>{cell}</B>" if bold and cell else cell or " " for cell in (left, right)]
    pair = "".join(
        f'<TD ALIGN="{side}"><FONT {style}>{cell}</FONT></TD>'
        for side, cell in zip(("LEFT", "RIGHT"), cells, strict=True)
    )
    inner = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{3 if size else 4}"><TR>{pair}</TR></TABLE>'
    background = f' BGCOLOR="{fill}"' if fill not in ("", "#ffffff") else ""
    return f'<TR><TD CELLPADDING="0"{background}>{inner}</TD></TR>'


def table(rows: list[str], border: str = LINE, thickness: float = 1, width: int = 0) -> str:
    """A rounded box of rows, at least `width` points wide, as an HTML-like label."""
    wide = f' WIDTH="{width}"' if width else ""
    # Above and below, a little room keeps coloured rows clear of the round corners; it also sets the width.
    heights = (3, 9 if len(rows) > 1 else 3)
    above, below = (f'<TR><TD HEIGHT="{height}"{wide} CELLPADDING="0"></TD></TR>' for height in heights)
    return (
        f'<<TABLE BORDER="{thickness:g}" COLOR="{border}" STYLE="ROUNDED" CELLBORDER="0" CELLSPACING="0" '
        f'BGCOLOR="white">{above}{"".join(rows)}{below}</TABLE>>'
    )


def plain(rows: list[str]) -> str:
    """Rows without a box, as an HTML-like label."""
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" BGCOLOR="white">{"".join(rows)}</TABLE>>'


def edge_label(text: str, colour: str = GREY) -> str:
    """Text beside an edge, with a little room around it; it is DOT already (see `escape`)."""
    cell = f'<TD><FONT COLOR="{colour}">{text}</FONT></TD>'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3"><TR>{cell}</TR></TABLE>>'


def caption(verdict: str, colour: str, how: str) -> str:
    """Two lines below a picture: what it shows, and how to read it; both are DOT already (see `escape`)."""
    first = f'<TR><TD><FONT COLOR="{colour}"><B>{verdict}</B></FONT></TD></TR>'
    second = f'<TR><TD><FONT POINT-SIZE="10">{how}</FONT></TD></TR>'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">{first}{second}</TABLE>>'
