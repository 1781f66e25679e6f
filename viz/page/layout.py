"""Where the boxes of a page stand and how its links run: laid out once, by Graphviz."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from ..rendering import Picture

__all__ = ["Box", "Column", "Link", "Row", "lay_out"]

LINE, PADDING = 18, 6  # px: a row's height, and the room around the rows
DIGIT, LETTER = 6.8, 6.9  # px: a digit of a number, and a letter of a name
LONGEST = 24  # letters of a name that a box has room for
SMALL = 5.7  # px: a letter on a link
TIP = 7  # px: an arrow's tip
INCH = 72


class Row(NamedTuple):
    """A line of a box: a text, and beside it a number of a node."""

    text: str
    nodes: Sequence[int]  # whose number it is: one node, or one for each example
    shows: str  # data, gradient, equations (δ by them), step (what the step works out, if it has no row of its own),
    #             local (the slope on the edges below), or operation (no number)
    edges: Sequence[tuple[int, int]] = ()


@dataclass(eq=False)
class Box:
    """Rows within a border; or a circle with an operation's symbol, or the label on a link."""

    rows: list[Row]
    shape: str = "box"  # box, circle or label
    leaf: bool = False
    digits: int = 4  # decimals of its numbers

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, in px."""
        letters = min(max((len(row.text) for row in self.rows), default=0), LONGEST)
        if self.shape == "circle":
            return max(30.0, 16 + LETTER * letters), 30.0
        number = 6 + self.digits  # letters, with a sign, a point and an exponent
        if self.shape == "label":  # two lines: the form, the number
            return max(SMALL * number, 8 + SMALL * letters), 28.0
        return round(3 * PADDING + LETTER * letters + DIGIT * number), LINE * len(self.rows) + 2 * PADDING


class Column(NamedTuple):
    """Boxes below each other, and what is written above them."""

    title: str
    boxes: list[Box]


@dataclass(eq=False)
class Link:
    """An arrow between two boxes, along which numbers run forward and gradients back."""

    tail: Box
    head: Box
    edges: list[list[tuple[int, int]]] = field(default_factory=list)  # (node, operand) of the graph, for each example
    flow: int | None = None  # the node whose gradient its colour and width show; the edges' contributions, if None
    arrow: bool = True  # whether it ends in a tip


def lay_out(boxes: list[Box], links: list[Link], columns: Sequence[Column] = ()) -> dict[str, Any]:
    """The boxes with their places and the links with their paths, as data for the page; lengths in px.

    Boxes of one column stand below each other in the order given. Raises NoRendererError without any Graphviz.
    """
    number = {box: i for i, box in enumerate(boxes)}
    placed = json.loads(_dot(number, links, columns).pipe(format="json0"))
    left, bottom, right, top = map(float, placed["bb"].split(","))
    places = {thing["name"]: _point(thing["pos"], top) for thing in placed["objects"] if "pos" in thing}
    drawn = {int(edge["id"]): edge["pos"] for edge in placed.get("edges", []) if "id" in edge}
    return {
        "width": right - left,
        "height": top - bottom,
        "line": LINE,
        "padding": PADDING,
        "longest": LONGEST,
        "titles": [{"x": places[str(number[column.boxes[0]])][0], "text": column.title} for column in columns],
        "boxes": [_box(box, *places[str(i)]) for box, i in number.items()],
        "links": [_link(link, number, *_path(drawn[i], top)) for i, link in enumerate(links)],
    }


def _dot(number: dict[Box, int], links: list[Link], columns: Sequence[Column]) -> Picture:
    """What Graphviz is to lay out: boxes known by their numbers, links by their places in the list."""
    picture = Picture()
    if columns:
        picture.attr("graph", rankdir="LR", nodesep="0.2", ranksep="0.7", splines="line")
    else:
        picture.attr("graph", rankdir="LR", nodesep="0.18", ranksep="0.13")
    picture.attr("graph", nslimit="2", nslimit1="2", mclimit="0.5")  # many long edges would take it minutes otherwise
    picture.attr("node", shape="box", fixedsize="true", label="")
    for box, i in number.items():
        width, height = box.size
        shape = "ellipse" if box.shape == "circle" else "box"
        picture.node(str(i), width=f"{width / INCH:.4f}", height=f"{height / INCH:.4f}", shape=shape)
    for column in columns:
        with picture.subgraph(graph_attr={"rank": "same"}) as same:
            for above, below in pairwise(column.boxes):
                same.edge(str(number[above]), str(number[below]), style="invis")
    for i, link in enumerate(links):
        out, into = (bool(columns) or box.shape == "label" for box in (link.tail, link.head))  # where they go through
        ends = f"{number[link.tail]}{':e' * out}", f"{number[link.head]}{':w' * into}"
        picture.edge(*ends, id=str(i), arrowhead="normal" if link.arrow else "none", arrowsize="0.6")
    return picture


def _box(box: Box, x: float, y: float) -> dict[str, Any]:
    """A box whose middle is at (x, y), as the page has it."""
    width, height = box.size
    return {
        "x": round(x - width / 2, 1),
        "y": round(y - height / 2, 1),
        "width": round(width, 1),
        "height": round(height, 1),
        "shape": box.shape,
        "leaf": box.leaf,
        "rows": [{key: part for key, part in row._asdict().items() if part} for row in box.rows],
    }


def _link(link: Link, number: dict[Box, int], shaft: str, tip: str) -> dict[str, Any]:
    """A link and the paths of its shaft and its tip, as the page has it."""
    if link.head.shape == "label":
        shaft += f" h{link.head.size[0]:.1f}"  # on, between the form and the number
    return {
        "tail": number[link.tail],
        "head": number[link.head],
        "edges": link.edges,
        "flow": link.flow,
        "shaft": shaft,
        "tip": tip,
    }


def _path(spline: str, top: float) -> tuple[str, str]:
    """Graphviz's spline as the path of a shaft and, if it has one, that of the arrow's tip; y runs downwards."""
    words = spline.split()
    end = next((word[2:] for word in words if word.startswith("e,")), None)
    points = [_point(word, top) for word in words if word[0] not in "es"]
    shaft = f"M{_at(points[0])} C{' '.join(map(_at, points[1:]))}"
    if end is None:
        return shaft, ""
    (x, y), (u, v) = _point(end, top), points[-1]
    length = math.hypot(x - u, y - v) or 1.0
    across = ((v - y) / length * TIP * 0.45, (x - u) / length * TIP * 0.45)
    corners = [(x, y), (u + across[0], v + across[1]), (u - across[0], v - across[1])]
    return shaft, f"M{' L'.join(map(_at, corners))} Z"


def _point(word: str, top: float) -> tuple[float, float]:
    x, y = map(float, word.split(","))
    return x, top - y


def _at(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
