"""`draw_network`: a comparison as a picture: a column for each layer, δ by graph and by equations for each neuron."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Never

from autograd.diagnostics.changes import warn_of_changes
from nn import Comparison
from nn.arguments import tolerance, whole

from ..look import Look
from ..rendering import Picture
from ..style import Style, styled
from .arguments import hidden, misnamed
from .moments import Moment
from .network_steps import network_steps
from .network_view import NetworkView, squashed

__all__ = ["MOST_LABELS", "draw_network", "squashed"]

MOST_LABELS = 16  # edges between two layers; if there are more, their labels cannot be read


def draw_network(
    comparison: Comparison,
    *,
    example: int | None = None,
    step: int | None = None,
    hide: str | Iterable[str] = (),
    size: float | None = None,
    style: Style | str = "colour",
    caption: str | None = None,
    max_neurons: int = 8,
    digits: int = 4,
    tol: float = 1e-12,
    **unknown: Never,
) -> Picture:
    """Draws a network: z, a and δ of every neuron from the graph, δ by the equations, and whether they agree.

    The edges show w and ∂C/∂w. A batch as a whole shows the means of z and a, and the sum of δ, which is ∂C/∂b. The
    arguments that are not listed here are those of `draw`.

    Args:
        comparison: The comparison that `nn.compare` returned.
        example: The number of one example of a batch, from 1, which is shown with its share of each ∂C/∂w.
        step: Shows the numbers known after this many steps. A step makes a neuron's z and a, the cost, a neuron's δ, or
            its ∂C/∂w.
        max_neurons: A wider layer shows its first neurons, its last, and those on which graph and equations disagree.
        tol: The largest difference at which they agree (see `Comparison.agrees`).
    Returns:
        The picture.
    """
    misnamed(draw_network, unknown)
    if not isinstance(comparison, Comparison):
        raise TypeError(f"draw_network shows what compare(model, x, y) returned; got {type(comparison).__name__}")
    if example is not None:
        example = whole(example, "example", most=len(comparison.traces))
    look = Look(styled(style, size), hidden(hide))
    style, most = look.style, whole(max_neurons, "max_neurons", least=2)
    warn_of_changes("draw_network", comparison.graph)
    view = NetworkView(comparison, example, whole(digits, "digits", 0, 17), tolerance(tol), look, most)
    if step is not None:
        view.moment = Moment(network_steps(view), step)

    picture = Picture(format="svg")
    picture.steps = len(view.moment.steps)
    picture.attr("graph", rankdir="LR", bgcolor=style.paper, nodesep=look.gap(0.15), ranksep=look.gap(0.45))
    picture.attr("graph", splines="line")
    text = {"fontname": style.font, "fontsize": f"{style.size:g}"}
    picture.attr("graph", fontcolor=style.grey, label=view.caption(caption), **text)
    picture.attr("node", shape="plain", fontcolor=style.ink, **text)
    picture.attr("edge", fontname=style.font, fontsize=f"{style.small:g}", color=style.line, arrowsize=look.gap(0.6))
    for l in range(len(view.shown)):
        _column(picture, view, l, view.shown[l])
    picture.node("C", label=view.cost())
    for l in range(1, len(view.shown)):
        _edges(picture, view, l, view.shown[l - 1], view.shown[l])
    _edges_to_cost(picture, view, view.shown[-1])
    return picture


def _column(picture: Picture, view: NetworkView, l: int, shown: list[int]) -> None:
    """Draws a layer's title and its boxes below each other, and how many neurons are left out between them."""
    with picture.subgraph(graph_attr={"rank": "same"}) as column:
        boxes = [f"l{l}"]
        column.node(boxes[0], label=view.title(l), fontcolor=view.look.style.grey)
        for j, before in zip(shown, [0, *shown], strict=False):
            if j - before > 1:
                boxes.append(f"l{l}more{j}")
                column.node(boxes[-1], label=f"{j - before - 1} more", fontcolor=view.look.style.grey)
            boxes.append(f"l{l}n{j}")
            column.node(boxes[-1], label=view.neuron(l, j) if l else view.input(j))
        for above, below in pairwise(boxes):  # keeps the neurons in order; a cluster would not
            column.edge(above, below, style="invis")


def _edges(picture: Picture, view: NetworkView, l: int, before: list[int], after: list[int]) -> None:
    """Draws the weights of layer l between the shown neurons. If there is room, each edge has its weight as a label."""
    room = len(before) * len(after) <= MOST_LABELS
    inside = [(j, k) for j in after for k in before if room or not view.weight_agrees(l, j, k)]
    with picture.subgraph(graph_attr={"rank": "same"}) as column:
        for j, k in inside:
            column.node(f"w{l}n{j}n{k}", label=view.weight(l, j, k))
        for (j, k), (m, n) in pairwise(inside):
            column.edge(f"w{l}n{j}n{k}", f"w{l}n{m}n{n}", style="invis")
    for k in before:
        for j in after:
            tail, head, flow = f"l{l - 1}n{k}:e", f"l{l}n{j}:w", view.flow(l, j, k)
            if (j, k) in inside:
                picture.edge(tail, f"w{l}n{j}n{k}:w", arrowhead="none", **flow)
                tail = f"w{l}n{j}n{k}:e"
            picture.edge(tail, head, **flow)


def _edges_to_cost(picture: Picture, view: NetworkView, outputs: list[int]) -> None:
    """Draws the edges from the outputs to C. If there is room, each has ∂C/∂a as a label."""
    for j in outputs:
        tail, slope, flow = f"l{len(view.shown) - 1}n{j}:e", view.slope_of_cost(j), view.to_cost(j)
        if slope is not None and len(outputs) <= MOST_LABELS:
            picture.node(f"c{j}", label=view.slope_label(j, slope))
            picture.edge(tail, f"c{j}:w", arrowhead="none", **flow)
            tail = f"c{j}:e"
        picture.edge(tail, "C:w", **flow)
