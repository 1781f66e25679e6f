"""A Value on a page: a box for each value below it, a circle for each operation, a slope on each link."""

from collections.abc import Collection
from typing import Any

from autograd import Value
from autograd.formulas.typesetting import is_symbol

from ..style import Style
from ..wording import symbol
from .layout import Box, Link, Row, lay_out
from .page_graph import PageGraph

__all__ = ["value_page"]


def value_page(
    graph: PageGraph, style: Style, digits: int, parameters: Collection[Value] | None = None
) -> dict[str, Any]:
    """Returns the page's data: the picture, and the leaves that learn.

    By default the leaves learn whose names are symbols that begin with w, W, b or B; if there are none, all leaves.
    """
    boxes = {
        value: Box(
            [Row(graph.names[value], [i], "data"), Row(graph.derivatives[value], [i], "gradient")],
            leaf=value.op is None,
        )
        for value, i in graph.number.items()
    }
    leaves = [value for value in boxes if value.op is None]
    learning = [leaf for leaf in leaves if leaf in (parameters or ())]
    if parameters is None:
        learning = [
            leaf for leaf in leaves if is_symbol(graph.names[leaf]) and graph.names[leaf][0] in "wWbB"
        ] or leaves
    between, links = [], []
    slopes = {(step["node"], step["position"]): step["slope"] for step in graph.steps if step["phase"] == "backward"}
    for value, box in boxes.items():
        if value.op is None:
            continue
        number = graph.number[value]
        circle = Box([Row(symbol(value, value.op), [number], "operation")], "circle")
        between.append(circle)
        into = [i for i, operand in enumerate(value.operands) if isinstance(operand, Value)]
        for i in into:
            edges = [[(number, i)]]
            between.append(Box([Row(slopes[number, i], [], "local", edges[0])], "label"))
            links.append(Link(boxes[value.operands[i]], between[-1], edges, arrow=False))
            links.append(Link(between[-1], circle, edges))
        links.append(Link(circle, box, [[(number, i) for i in into]], flow=number))
    return {
        "title": f"How {graph.names[graph.root]} was made, and how its gradient flows back",
        "picture": lay_out([*boxes.values(), *between], links, style, digits),
        "learning": [graph.number[leaf] for leaf in learning],
        "home": list(range(len(boxes))),
        "examples": 1,
        "equations": [],
        "network": None,
    }
