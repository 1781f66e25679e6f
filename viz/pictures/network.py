"""`draw_network`: a comparison as a picture: a column for each layer, δ by graph and by equations for each neuron."""

from collections.abc import Iterable
from itertools import pairwise, product
from typing import Never

from autograd.diagnostics.changes import warn_of_changes
from nn import Comparison
from nn.arguments import tolerance, whole

from ..lines import evenly
from ..look import Look
from ..rendering import Picture
from ..style import Style, styled
from .arguments import hidden, misnamed
from .moments import Moment
from .network_steps import network_steps
from .network_view import NetworkView, squashed

__all__ = ["MOST_LABELS", "draw_network", "squashed"]

LONGEST_LINE = 2  # layers in a line
PULL = "4"  # of the edges to C, so that C stands at the height of the outputs
MOST_LABELS = 16  # edges between two layers; if there are more, their labels cannot be read


def draw_network(
    comparison: Comparison,
    *,
    example: int | None = None,
    step: int | None = None,
    hide: str | Iterable[str] = (),
    wrap: int | None = None,
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
        wrap: The number of layers in a line; 0 for a single line. By default a network of more than two layers has
            lines of up to 2. A further line begins with the activations that it takes from the line before.
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
    picture.attr("graph", rankdir="LR", bgcolor=style.paper, nodesep=look.gap(0.15), ranksep=look.gap(0.18))
    picture.attr("graph", splines="line")
    text = {"fontname": style.font, "fontsize": f"{style.size:g}"}
    picture.attr("graph", fontcolor=style.grey, label=view.caption(caption), **text)
    picture.attr("node", shape="plain", fontcolor=style.ink, **text)
    picture.attr("edge", fontname=style.font, fontsize=f"{style.small:g}", color=style.line, arrowsize=look.gap(0.6))
    longest = evenly(comparison.depth, LONGEST_LINE) if wrap is None else whole(wrap, "wrap", 0)
    _Drawing(picture, view, longest or comparison.depth).draw()
    return picture


class _Drawing:
    """The boxes and edges of the picture, in lines of up to `longest` layers.

    Each line has its boxes in the same columns: layer after layer, with a column for labels of edges before each.
    """

    def __init__(self, picture: Picture, view: NetworkView, longest: int) -> None:
        self.picture, self.view, self.longest = picture, view, longest
        self.columns: dict[int, list[list[str]]] = {}  # the names of a column's boxes, for each line

    def draw(self) -> None:
        """Draws everything."""
        depth = len(self.view.shown) - 1
        self._layer(0, 0, "l0")
        for l in range(1, depth + 1):
            line, place = divmod(l - 1, self.longest)
            before = f"l{l - 1}"
            if place == 0 and line:
                before += "again"
                self._layer(l - 1, 0, before, line)
            self._layer(l, 2 * place + 2, f"l{l}", line)
            self._edges(l, line, 2 * place + 1, before)
        self._cost(line, 2 * place + 3)
        self._arrange(line)

    def _box(self, line: int, column: int, name: str, label: str, **how: str) -> None:
        """Draws a box, in this line and column."""
        self.picture.node(name, label=label, **how)
        lines = self.columns.setdefault(column, [])
        lines += [[] for _ in range(line + 1 - len(lines))]
        lines[line].append(name)

    def _layer(self, l: int, column: int, name: str, line: int = 0) -> None:
        """Draws a layer's title and its boxes, and how many neurons are left out between them."""
        grey = {"fontcolor": self.view.look.style.grey}
        self._box(line, column, name, self.view.title(l), **grey)
        for j, before in zip(self.view.shown[l], [0, *self.view.shown[l]], strict=False):
            if j - before > 1:
                self._box(line, column, f"{name}more{j}", f"{j - before - 1} more", **grey)
            self._box(line, column, f"{name}n{j}", self.view.box(l, j, again=name.endswith("again")))

    def _edges(self, l: int, line: int, column: int, tails: str) -> None:
        """Draws the weights of layer l between the shown neurons. If there is room, each has a label on its edge."""
        view, before, after = self.view, self.view.shown[l - 1], self.view.shown[l]
        room = len(before) * len(after) <= MOST_LABELS
        inside = [(j, k) for j in after for k in before if room or not view.weight_agrees(l, j, k)]
        for j, k in inside:
            self._box(line, column, f"w{l}n{j}n{k}", view.weight(l, j, k))
        for k, j in product(before, after):
            tail, head, flow = f"{tails}n{k}:e", f"l{l}n{j}:w", view.flow(l, j, k)
            if (j, k) in inside:
                self.picture.edge(tail, f"w{l}n{j}n{k}:w", arrowhead="none", **flow)
                tail = f"w{l}n{j}n{k}:e"
            self.picture.edge(tail, head, **flow)

    def _cost(self, line: int, column: int) -> None:
        """Draws C and the edges from the outputs to it. If there is room, each has ∂C/∂a as a label."""
        view, outputs = self.view, self.view.shown[-1]
        self._box(line, column + 1, "C", view.cost())
        for j in outputs:
            tail, slope, flow = (
                f"l{len(view.shown) - 1}n{j}:e",
                view.slope_of_cost(j),
                {"weight": PULL, **view.to_cost(j)},
            )
            if slope is not None and len(outputs) <= MOST_LABELS:
                self._box(line, column, f"c{j}", view.slope_label(j, slope))
                self.picture.edge(tail, f"c{j}:w", arrowhead="none", **flow)
                tail = f"c{j}:e"
            self.picture.edge(tail, "C:w", **flow)

    def _arrange(self, last: int) -> None:
        """Puts the boxes of a column below each other, and an invisible bar across all columns between two lines."""
        bars: list[list[str]] = [[] for _ in range(last)]
        for number, column in sorted(self.columns.items()):
            boxes = []
            with self.picture.subgraph(graph_attr={"rank": "same"}) as same:
                for line in range(last + 1):
                    boxes += column[line] if line < len(column) else []
                    if line < last:
                        boxes.append(f"bar{line}column{number}")
                        bars[line].append(boxes[-1])
                for above, below in pairwise(boxes):  # keeps them in order; a cluster would not
                    same.edge(above, below, style="invis")
        for bar in bars:
            for name in bar:
                self.picture.node(name, label="", shape="point", style="invis", height=self.view.look.gap(0.15))
            for left, right in pairwise(bar):
                self.picture.edge(left, right, style="invis", weight="1000")
