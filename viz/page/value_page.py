"""A Value on a page: a box for each value below it, a circle for each operation, a slope on each link."""

from typing import Any

from autograd import Value

from ..style import Style
from ..wording import symbol
from .layout import Box, Link, Row, lay_out
from .page_graph import PageGraph

__all__ = ["value_page"]


def value_page(graph: PageGraph, style: Style, digits: int) -> dict[str, Any]:
    """What the page has to know of the picture."""
    boxes = {
        value: Box(
            [Row(graph.names[value], [i], "data"), Row(graph.derivatives[value], [i], "gradient")],
            leaf=value.op is None,
        )
        for value, i in graph.number.items()
    }
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
        "home": list(range(len(boxes))),
        "examples": 1,
        "equations": [],
        "network": None,
    }
