"""The places of a page's boxes and the paths of its links, laid out once by Graphviz."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from ..rendering import Picture
from ..style import Style
from .folding import GAP, SCREEN, Place, folded, stacked
from .packing import packed

__all__ = ["Box", "Column", "Link", "Row", "is_legible", "lay_out", "remark", "size_of"]

LETTER, DIGIT = 0.575, 0.567  # widths of a letter of a name and of a digit, in sizes of the text
AGREES = 5  # letters as wide as the " agrees" that the page writes after an equation's name
LONGEST = 28  # letters of the longest name that fits into a box
TIP = 7  # px: an arrow's tip
ROUND = 8  # px: the radius of a corner
LEAST = 12  # px: the smallest text that can be read in a classroom's last row
INCH = 72
PATIENCE = 300.0  # seconds that a page may take to be laid out


class Row(NamedTuple):
    """A line of a box: a text, and a node's number beside it."""

    text: str
    nodes: Sequence[int]  # the node whose number is shown, or one node for each example
    shows: str  # data, gradient, equations (δ by the equations), squashed (the probability from an output),
    #             step (the number that a step makes and no other row shows; the text is the longest of their names),
    #             local (the slope of `edges`), or operation (no number)
    edges: Sequence[tuple[int, int]] = ()


@dataclass(eq=False)
class Box:
    """Rows within a border, a circle with an operation's symbol, or the label on a link."""

    rows: list[Row]
    shape: str = "box"  # box, circle or label
    leaf: bool = False
    line: int = 0  # from 0; a link joins boxes of one line
    again: bool = False  # whether it repeats a box of an earlier line


class Column(NamedTuple):
    """Boxes below each other, and the title above them."""

    title: str
    boxes: list[Box]


@dataclass(eq=False)
class Link:
    """An arrow between two boxes, along which numbers run forward and gradients back."""

    tail: Box
    head: Box
    edges: list[list[tuple[int, int]]] = field(default_factory=list)  # (node, operand) of the graph, for each example
    flow: int | None = None  # the node whose gradient sets its colour and width; None: the edges' contributions do
    arrow: bool = True  # whether it ends in a tip


def remark(style: Style) -> float:
    """Returns the size of remarks and of texts on links: the style's, unless it is too small to be read."""
    return max(style.small, min(style.size, LEAST))


def size_of(box: Box, style: Style, digits: int) -> tuple[float, float]:
    """Returns the width and height of a box in px; `digits` are the decimals of its numbers."""
    letters = min(max((len(row.text) + AGREES * (row.shows == "equations") for row in box.rows), default=0), LONGEST)
    number = 6 + digits  # letters, with a sign, a point and an exponent
    if box.shape == "circle":
        return max(2.5 * style.size, 16 + LETTER * style.size * letters), 2.5 * style.size
    if box.shape == "label":  # two lines: the form, the number
        return LETTER * remark(style) * max(number, 1.5 + letters), 2.8 * remark(style)
    width = 3 * _padding(style) + style.size * (LETTER * letters + DIGIT * number)
    return round(width), _line(style) * len(box.rows) + 2 * _padding(style)


def lay_out(
    boxes: list[Box], links: list[Link], style: Style, digits: int, columns: Sequence[Column] = ()
) -> dict[str, Any]:
    """Lays out boxes and links, and returns their places and paths as data for the page, in px.

    The boxes of one column stand below each other, in the order given. So do the lines of a picture that is broken into
    lines. A single line without columns is
    folded if it is long. Raises NoRendererError if there is no Graphviz.
    """
    number = {box: i for i, box in enumerate(boxes)}
    sizes = [size_of(box, style, digits) for box in boxes]
    ends = [(number[link.tail], number[link.head]) for link in links]
    drawn = [_draw(number, sizes, links, columns, line) for line in range(max(box.line for box in boxes) + 1)]
    places = [drawn[box.line].places[i] for box, i in number.items()]
    if len(drawn) == 1:
        fold = folded(places, [] if columns else ends, drawn[0].size)
    else:
        gap = GAP + (2 * style.size if columns else 0)
        fold = stacked([box.line for box in boxes], [line.size for line in drawn], gap)
    paths = [
        _turned(fold.routes[i], link.arrow)
        if i in fold.routes
        else _path(drawn[link.tail.line].splines[i], drawn[link.tail.line].size[1], fold.shifts[fold.lines[tail]])
        for i, (link, (tail, _)) in enumerate(zip(links, ends, strict=True))
    ]
    moved = [place.moved(fold.shifts[line]) for place, line in zip(places, fold.lines, strict=True)]
    return {
        "width": round(fold.size[0], 1),
        "height": round(fold.size[1], 1),
        "size": style.size,
        "small": remark(style),
        "line": _line(style),
        "padding": _padding(style),
        "widths": [style.thinnest, style.widest],
        "tint": min(style.tint, style.dark.tint),
        "longest": LONGEST,
        "titles": [
            {"x": places[number[first]].x, "y": fold.shifts[first.line][1], "text": column.title}
            for column in columns
            for first in column.boxes[:1]
        ],
        "boxes": packed([_box(box, moved[i], fold.lines[i]) for box, i in number.items()]),
        "links": packed([_link(link, number, sizes, *paths[i]) for i, link in enumerate(links)]),
    }


def is_legible(picture: dict[str, Any], beside: float = 0.0) -> bool:
    """Returns whether a page in a window 1400 px wide shows the picture's whole width in type of at least 12 px.

    `beside` is the width of what stands beside the picture, in px.
    """
    return bool(picture["width"] * LEAST <= (SCREEN[0] - beside) * min(picture["size"], picture["small"]))


def _line(style: Style) -> int:
    """Returns a row's height, in px."""
    return round(1.5 * style.size)


def _padding(style: Style) -> int:
    """Returns the room around a box's rows, in px."""
    return round(style.size / 2)


class _Drawn(NamedTuple):
    """A line of the picture as Graphviz lays it out."""

    places: dict[int, Place]  # of the boxes, by their numbers
    splines: dict[int, str]  # of the links, by their places in the list
    size: tuple[float, float]


def _draw(
    number: dict[Box, int],
    sizes: list[tuple[float, float]],
    links: list[Link],
    columns: Sequence[Column],
    line: int,
) -> _Drawn:
    """Lets Graphviz lay out the boxes and links of one line."""
    here = {box: i for box, i in number.items() if box.line == line}
    own = {i: link for i, link in enumerate(links) if link.tail.line == line}
    picture = _dot(here, sizes, own, [column for column in columns if column.boxes[0].line == line])
    placed = json.loads(picture.pipe(format="json0"))
    left, bottom, right, top = map(float, placed["bb"].split(","))
    found = {thing["name"]: _point(thing["pos"], top) for thing in placed["objects"] if "pos" in thing}
    places = {i: Place(*found[str(i)], *sizes[i]) for i in here.values()}
    splines = {int(edge["id"]): edge["pos"] for edge in placed.get("edges", []) if "id" in edge}
    return _Drawn(places, splines, (right - left, top - bottom))


def _dot(
    number: dict[Box, int], sizes: list[tuple[float, float]], links: dict[int, Link], columns: Sequence[Column]
) -> Picture:
    """Writes the DOT that Graphviz lays out: boxes by their numbers, links by their places in the list."""
    picture = Picture()
    picture.seconds = PATIENCE
    if columns:
        picture.attr("graph", rankdir="LR", nodesep="0.12", ranksep="0.5", splines="line")
    else:
        picture.attr("graph", rankdir="LR", nodesep="0.18", ranksep="0.13")
    picture.attr("graph", nslimit="2", nslimit1="2", mclimit="0.5")  # without these, many long edges take minutes
    picture.attr("node", shape="box", fixedsize="true", label="")
    for box, i in number.items():
        width, height = (f"{length / INCH:.4f}" for length in sizes[i])
        picture.node(str(i), width=width, height=height, shape="ellipse" if box.shape == "circle" else "box")
    for column in columns:
        with picture.subgraph(graph_attr={"rank": "same"}) as same:
            for above, below in pairwise(column.boxes):
                same.edge(str(number[above]), str(number[below]), style="invis")
    for i, link in links.items():
        out, into = (bool(columns) or box.shape == "label" for box in (link.tail, link.head))  # at fixed sides
        ends = f"{number[link.tail]}{':e' * out}", f"{number[link.head]}{':w' * into}"
        picture.edge(*ends, id=str(i), arrowhead="normal" if link.arrow else "none", arrowsize="0.6")
    return picture


def _box(box: Box, place: Place, line: int) -> dict[str, Any]:
    """Returns a box at its place, as the page reads it. The one row of a circle or a label needs no `shows`."""
    rows = [{key: part or None for key, part in row._asdict().items()} for row in box.rows]
    if box.shape != "box":
        rows[0]["shows"] = None
    return {
        "x": round(place.left, 1),
        "y": round(place.top, 1),
        "width": round(place.width, 1),
        "height": round(place.height, 1),
        "rows": packed(rows)["rows"],
        "shape": None if box.shape == "box" else box.shape,
        "leaf": box.leaf or None,
        "again": box.again or None,
        "line": line or None,
    }


def _link(link: Link, number: dict[Box, int], sizes: list[tuple[float, float]], shaft: str, tip: str) -> dict[str, Any]:
    """Returns a link with the paths of its shaft and its tip, as the page reads it."""
    tail, head = number[link.tail], number[link.head]
    if link.head.shape == "label":
        shaft += f" h{sizes[head][0]:.1f}"  # continues between the form and the number
    return {"tail": tail, "head": head, "edges": link.edges, "shaft": shaft, "tip": tip or None, "flow": link.flow}


def _path(spline: str, top: float, shift: tuple[float, float]) -> tuple[str, str]:
    """Turns Graphviz's spline into the paths of a shaft and of the arrow's tip, "" without one; y runs downwards."""
    words = spline.split()
    end = next((word[2:] for word in words if word.startswith("e,")), None)
    points = [_point(word, top, shift) for word in words if word[0] not in "es"]
    shaft = [f"M{_at(points[0])}c"]
    for i in range(1, len(points), 3):  # relative to the start of each piece: fewer digits
        x, y = points[i - 1]
        shaft.append(" ".join(_at((u - x, v - y)) for u, v in points[i : i + 3]))
    return " ".join(shaft), "" if end is None else _tip(points[-1], _point(end, top, shift))


def _turned(corners: list[tuple[float, float]], arrow: bool) -> tuple[str, str]:
    """Turns a route into paths like those of `_path`, with round corners."""
    *before, (x, y) = corners
    base = (x - TIP, y) if arrow else (x, y)
    steps = [f"M{_at(before[0])}"]
    for last, corner, following in zip(before, before[1:], [*before[2:], base], strict=False):
        steps.append(f"L{_at(_toward(corner, last))} Q{_at(corner)} {_at(_toward(corner, following))}")
    return " ".join([*steps, f"L{_at(base)}"]), _tip(base, (x, y)) if arrow else ""


def _toward(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Returns the point ROUND px from a corner towards another, at most half the way."""
    (x, y), (u, v) = corner, other
    share = min(ROUND / (math.hypot(u - x, v - y) or 1.0), 0.5)
    return x + share * (u - x), y + share * (v - y)


def _tip(base: tuple[float, float], end: tuple[float, float]) -> str:
    """Returns the triangle from the end of a shaft to the arrow's point."""
    (u, v), (x, y) = base, end
    length = math.hypot(x - u, y - v) or 1.0
    across = ((v - y) / length * TIP * 0.45, (x - u) / length * TIP * 0.45)
    corners = [(x, y), (u + across[0], v + across[1]), (u - across[0], v - across[1])]
    return f"M{' L'.join(map(_at, corners))} Z"


def _point(word: str, top: float, shift: tuple[float, float] = (0.0, 0.0)) -> tuple[float, float]:
    x, y = map(float, word.split(","))
    return x + shift[0], top - y + shift[1]


def _at(point: tuple[float, float]) -> str:
    return ",".join("0" if abs(x) < 0.05 else f"{x:.1f}".removesuffix(".0") for x in point)
