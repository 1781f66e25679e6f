"""A Value on a page: a box for each value below it, a circle for each operation, a slope on each link."""

from collections.abc import Collection, Mapping
from typing import Any

from autograd import Value
from autograd.formulas.typesetting import is_symbol

from ..lines import depths, lines_of
from ..style import Style
from ..wording import symbol
from .folding import MOST
from .layout import Box, Link, Row, is_legible, lay_out
from .page_graph import PageGraph

__all__ = ["value_page"]

LENGTHS = (4, 3, 2)  # operations in a line of a graph that is too long to be folded
FOLDED = MOST * LENGTHS[0]  # operations one after another in a graph that may be folded


def value_page(
    graph: PageGraph, style: Style, digits: int, parameters: Collection[Value] | None = None
) -> dict[str, Any]:
    """Returns the page's data: the picture, and the leaves that learn.

    By default the leaves learn whose names are symbols that begin with w, W, b or B; if there are none, all leaves.
    """
    below = {value: value.parents for value in graph.number}
    depth = max(depths(below).values())
    picture = lay_out(*_boxes(graph, lines_of(below, 0)), style, digits) if depth <= FOLDED else None
    for longest in LENGTHS:
        if picture and (is_legible(picture) or depth <= longest):
            break
        picture = lay_out(*_boxes(graph, lines_of(below, longest)), style, digits)
    leaves = [value for value in below if value.op is None]
    learning = [leaf for leaf in leaves if leaf in (parameters or ())]
    if parameters is None:
        learning = [
            leaf for leaf in leaves if is_symbol(graph.names[leaf]) and graph.names[leaf][0] in "wWbB"
        ] or leaves
    return {
        "title": f"How {graph.names[graph.root]} was made, and how its gradient flows back",
        "picture": picture,
        "learning": [graph.number[leaf] for leaf in learning],
        "home": list(graph.number.values()),
        "examples": 1,
        "equations": [],
        "network": None,
    }


def _boxes(graph: PageGraph, lines: Mapping[Value, int]) -> tuple[list[Box], list[Link]]:
    """Returns the boxes and links of a picture in these lines. A line repeats the values that it takes from others."""
    boxes = {(value, lines[value]): _box(graph, value, lines[value]) for value in graph.number}
    between, links = [], []
    slopes = {(step["node"], step["position"]): step["slope"] for step in graph.steps if step["phase"] == "backward"}
    for value, number in graph.number.items():
        if value.op is None:
            continue
        line = lines[value]
        circle = Box([Row(symbol(value, value.op), [number], "operation")], "circle", line=line)
        between.append(circle)
        into = [(i, operand) for i, operand in enumerate(value.operands) if isinstance(operand, Value)]
        for i, operand in into:
            if (operand, line) not in boxes:
                boxes[operand, line] = _box(graph, operand, line, again=True)
            edges = [[(number, i)]]
            between.append(Box([Row(slopes[number, i], [], "local", edges[0])], "label", line=line))
            links.append(Link(boxes[operand, line], between[-1], edges, arrow=False))
            links.append(Link(between[-1], circle, edges))
        links.append(Link(circle, boxes[value, line], [[(number, i) for i, _ in into]], flow=number))
    return [*boxes.values(), *between], links


def _box(graph: PageGraph, value: Value, line: int, again: bool = False) -> Box:
    i = graph.number[value]
    rows = [Row(graph.names[value], [i], "data"), Row(graph.derivatives[value], [i], "gradient")]
    return Box(rows, leaf=value.op is None, line=line, again=again)
