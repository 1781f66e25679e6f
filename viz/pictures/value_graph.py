"""`draw`: a computation graph with each value's gradient, and on each edge the local derivative that made it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Never

from autograd import Value, nodes
from autograd.diagnostics.changes import warn_of_changes
from nn import Module
from nn.arguments import whole

from ..kinds import is_comparison, is_engine_verdict, is_verdict
from ..lines import LONGEST_LINE, depths, evenly, lines_of, period
from ..look import Look, broken
from ..rendering import Picture
from ..style import Style, styled
from .arguments import hidden, misnamed
from .graph_view import GraphView
from .moments import Moment

if TYPE_CHECKING:
    from autograd.checking.verdict import Verdict
    from autograd.engines.verdict import EngineVerdict

__all__ = ["draw"]

WIDEST = 56  # sizes of the text: the width of a line that a sheet of A4 shows legibly, without its first box
MOST_BESIDE = 3  # lines beside each other, if their direction is vertical


def draw(
    value: Value | Verdict | EngineVerdict,
    *,
    melt: bool = False,
    step: int | None = None,
    hide: str | Iterable[str] = (),
    wrap: int | None = None,
    size: float | None = None,
    style: Style | str = "colour",
    caption: str | None = None,
    direction: str | None = None,
    digits: int = 4,
    max_nodes: int = 150,
    **unknown: Never,
) -> Picture:
    """Draws the graph of a value, or a verdict, as a `graphviz.Digraph` with `.source`, `.pipe` and `.render`.

    Each box shows a value v of the graph and ∂value/∂v from the backward pass of `value` alone, empty before
    `backward()`. If a leaf's `grad` has another number, for example after several calls, it is shown below. Marks show
    numbers that are not finite and where they begin, dead relus, and saturated sigmoids and tanhs. Values without a
    label are called v1, v2, …

    A verdict of `check_backward` is drawn as the named arrays, the equations of the ways back between them, and the
    place of the mistake. A verdict of `check_engine` is drawn as the first graph that fails, with both numbers at each
    node.

    Args:
        value: The result of the graph, or a verdict.
        melt: Leaves out values without a label. One edge then joins two labelled values, with the factor that `explain`
            writes.
        step: Shows the numbers known after this many steps (see `frames`), and in amber those that the last one uses.
        hide: "gradients", "values" (of results), "slopes" or "labels", or several of them: these become blanks to fill
            in. The size of the picture stays the same, as it does for any `step`.
        wrap: The number of operations in a line; 0 for a single line. By default a graph has lines that a sheet of A4
            shows in legible type: usually of 2 operations, of up to 4 if names and formulas are short. If the direction
            is vertical, up to three lines stand beside each other.
        size: The size of the texts, in points.
        style: "colour", "grey", "dark", or a `Style`.
        caption: Your own words below the picture; "" for none.
        direction: "LR", "TB", "RL" or "BT": from left to right, from top to bottom, or the reverse. By default "LR";
            a verdict of `check_backward` has "BT", as it has long equations.
        digits: Decimals of the numbers.
        max_nodes: The largest number of values, or of a verdict's arrays, that is drawn.
    Returns:
        The picture.
    Raises:
        ValueError: If there are more than `max_nodes`. `draw_network(compare(...))` shows a network by its layers.
    Example:
        >>> x = Value(3.0, "x")
        >>> y = x * x
        >>> y.backward()
        >>> picture = draw(y)  # a notebook shows it; picture.render("square.svg") writes a file
        >>> exercise = draw(y, hide="gradients", caption="Fill in the gradients.")
    """
    misnamed(draw, unknown)
    if not (isinstance(value, Value) or is_verdict(value) or is_engine_verdict(value)):
        raise TypeError(f"draw shows the graph below a Value; got {type(value).__name__}{_instead(value)}")
    direction = direction or ("BT" if is_verdict(value) else "LR")
    if direction not in ("LR", "TB", "RL", "BT"):
        raise ValueError(f"direction is LR, TB, RL or BT; got {direction!r}")
    style, blank = styled(style, size), hidden(hide)
    if (is_verdict(value) or is_engine_verdict(value)) and (step is not None or blank or wrap is not None):
        raise TypeError("step, hide and wrap are for graphs of Values; got a verdict")
    if is_engine_verdict(value):
        from .engine_graph import draw_engine

        return draw_engine(value, direction, style)
    if is_verdict(value):
        from .verdict_graph import draw_verdict  # here, as it needs NumPy

        return draw_verdict(value, whole(max_nodes, "max_nodes"), direction, style, caption)
    values = nodes(value)
    shown = sum(v.op is None or bool(v.label) or v is value for v in values) if melt else len(values)
    if shown > whole(max_nodes, "max_nodes"):
        raise ValueError(
            f"this graph has {shown} values, more than max_nodes={max_nodes}: draw an earlier value, let "
            "draw_network(compare(model, x, y)) show a network by its layers, or pass a larger max_nodes"
        )
    changed = warn_of_changes("draw", value)
    make = GraphView.of_labels if melt else GraphView.of_operations
    graph = make(value, whole(digits, "digits", 0, 17), changed, Look(style, blank))
    if step is not None:
        graph.moment = Moment(graph.steps(), step)
    lines = _lines(graph, None if wrap is None else whole(wrap, "wrap", 0), direction in ("TB", "BT"))
    return _picture(graph, lines, direction, caption)


def _instead(shown: object) -> str:
    """Suggests what to draw instead of a thing that is not a Value, for an error."""
    if is_comparison(shown):
        return ": draw_network(comparison) shows it, or draw(comparison.graph)"
    return ": draw(model(x)) shows one example's" if isinstance(shown, Module) else f" {shown!r:.60}"


def _lines(graph: GraphView, longest: int | None, is_vertical: bool) -> dict[Value, int]:
    """Returns the line of each value, from 0."""
    below = {value: [graph.edges[i].below for i in graph.into[value]] for value in graph.names}
    if longest is None:
        depth = depths(below)
        deepest, fitting = max(depth.values()), max(WIDEST // graph.room, 1)
        step = period(depth)
        if is_vertical:
            longest = evenly(deepest, max(LONGEST_LINE, -(-deepest // MOST_BESIDE)))
        else:
            ends = [n for n in range(2, min(fitting, LONGEST_LINE + 1) + 1) if step > 1 and not (n % step and step % n)]
            longest = max(ends, default=evenly(deepest, min(fitting, LONGEST_LINE)))
    return lines_of(below, longest)


def draw_parts(value: Value, most: int, *, hide: Iterable[str], wrap: int, style: Style, digits: int) -> list[Picture]:
    """Draws a graph for paper: its lines from above, up to `most` of them in a picture, without captions.

    `hide`, `wrap`, `style` and `digits` are those of `draw`.
    """
    graph = GraphView.of_operations(value, digits, "", Look(style, hidden(hide)))
    lines = _lines(graph, wrap, False)
    parts = range(0, max(lines.values()) + 1, most)
    return [_picture(graph, lines, "LR", "", range(first, first + most)) for first in parts]


def _picture(
    graph: GraphView, lines: dict[Value, int], direction: str, caption: str | None, shown: range | None = None
) -> Picture:
    """Writes the graph, or these lines of it, in DOT: a cluster for each line, because Graphviz stacks clusters."""
    look, style = graph.look, graph.look.style
    picture = Picture(format="svg")
    small = {"fontname": style.font, "fontsize": f"{style.small:g}", "fontcolor": style.grey}
    picture.attr("graph", rankdir=direction, bgcolor=style.paper, nodesep=look.gap(0.14), ranksep=look.gap(0.16))
    picture.attr("graph", label=graph.caption(caption), **small)
    picture.attr("node", shape="plain", fontname=style.font, fontsize=f"{style.size:g}", fontcolor=style.ink)
    picture.attr("node", color=style.grey, margin="0.04", width=look.gap(0.3), height=look.gap(0.3))
    picture.attr("edge", color=style.line, arrowsize=look.gap(0.6), **small)
    picture.steps = len(graph.moment.steps)
    last = max(lines.values())
    order = range(last, -1, -1) if direction in ("LR", "RL") else range(last + 1)  # Graphviz stacks from below
    for line in order:
        if shown is not None and line not in shown:
            continue
        here = [value for value in graph.names if lines[value] == line]
        if not last:
            _draw(picture, graph, here, lines)
            continue
        how = {"peripheries": "0", "label": "", "margin": look.gap(6)}
        with picture.subgraph(name=f"cluster{line + 1}", graph_attr=how) as cluster:
            _draw(cluster, graph, here, lines)
    return picture


def _draw(picture: Picture, graph: GraphView, values: list[Value], lines: dict[Value, int]) -> None:
    """Draws a line's values: each box and, unless it is a leaf, its operation's circle with the edges into it."""
    again = set()
    for value in values:
        box = f"n{graph.numbers[value]}"
        picture.node(box, label=graph.box(value))
        if value.op is None:
            continue
        circle = f"o{graph.numbers[value]}"
        outline = (
            {"shape": "box", "style": "rounded"} if len(broken(graph.circles[value])) > 1 else {"shape": "ellipse"}
        )
        picture.node(circle, label=graph.circle(value), **outline)
        picture.edge(circle, box)
        for place, i in enumerate(graph.into[value], 1):
            below = graph.edges[i].below
            tail, label = f"n{graph.numbers[below]}", f"{circle}e{place}"
            if lines[below] != lines[value]:
                tail += f"l{lines[value] + 1}"
                if below not in again:
                    picture.node(tail, label=graph.again(below))
                    again.add(below)
            drawn = graph.stroke(i)
            picture.node(label, label=graph.slope(i), fontsize=f"{graph.look.style.small:g}")
            picture.edge(tail, label, arrowhead="none", **drawn)
            picture.edge(label, circle, **drawn)
