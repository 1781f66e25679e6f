"""`draw_network`: a comparison as a picture, a column a layer, the graph's δ above the equations' in every neuron."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nn import Comparison
from nn.notation import name

from .look import GREEN, GREY, INK, LINE, RED, accent, edge_label, number, plain, row, table, tint, width
from .rendering import Picture

__all__ = ["draw_network"]

Array = NDArray[np.float64]
DEAD = "#d8dde2"
MOST_LABELS = 16  # edges between two layers that can carry numbers and still be read


def draw_network(
    comparison: Comparison, *, example: int | None = None, max_neurons: int = 8, digits: int = 4, tol: float = 1e-12
) -> Picture:
    """A network as a picture: z, a and δ of every neuron from the graph, δ by the equations, and whether they agree.

    On the edges: w and ∂C/∂w. `example` (from 1) picks one of a batch; without it a batch shows the means of z and a,
    and the sum of δ, which is ∂C/∂b. A layer wider than `max_neurons` shows its first and last neurons, and any on
    which the sides disagree by more than `tol` (see `Comparison.agrees`).
    """
    if not isinstance(comparison, Comparison):
        raise TypeError(f"draw_network shows what compare(model, x, y) returned; got {type(comparison).__name__}")
    count = len(comparison.traces)
    if example is not None and (isinstance(example, bool) or not 1 <= example <= count):
        raise ValueError(f"this comparison has examples 1 to {count}; got example={example}")
    if max_neurons < 2:
        raise ValueError(f"a column shows two neurons at least; got max_neurons={max_neurons}")
    view = _View.of(comparison, example, digits, tol)
    shown = [_shown(size, max_neurons, wrong) for size, wrong in zip(comparison.model.sizes, view.wrong, strict=True)]

    picture = Picture(format="svg")
    picture.attr("graph", rankdir="LR", bgcolor="white", nodesep="0.2", ranksep="0.8", splines="line")
    picture.attr("graph", fontname="Helvetica", fontsize="12", fontcolor=GREY, label=view.caption())
    picture.attr("node", shape="plain", fontname="Helvetica", fontsize="12", fontcolor=INK)
    picture.attr("edge", fontname="Helvetica", fontsize="10", color=LINE, arrowsize="0.6")
    for l in range(len(shown)):
        _column(picture, view, l, shown[l])
    picture.node("C", label=view.cost())
    for l in range(1, len(shown)):
        _edges(picture, view, l, shown[l - 1], shown[l])
    for j in shown[-1]:
        picture.edge(f"l{len(shown) - 1}n{j}:e", "C:w", **view.to_cost(j, labelled=len(shown[-1]) <= MOST_LABELS))
    return picture


@dataclass(frozen=True, eq=False)
class _View:
    """The numbers to show: of one example, or of a batch as a whole. Lists have an entry a layer, from the input."""

    comparison: Comparison
    example: int | None  # the one shown, from 1; None shows the whole batch
    digits: int
    tol: float
    z: list[Array]
    a: list[Array]
    delta: list[Array]
    by_equations: list[Array]
    largest_weight_gradient: float
    wrong: list[dict[int, set[str]]]  # the neurons (from 1) on which the sides disagree, and by which equations

    @classmethod
    def of(cls, comparison: Comparison, example: int | None, digits: int, tol: float) -> "_View":
        x = np.atleast_2d(comparison.x)
        example = 1 if len(x) == 1 else example
        chosen = range(len(x)) if example is None else [example - 1]

        def layers(symbol: str, closed: bool = False) -> list[Array]:
            rows = [comparison.row(symbol, l) for l in range(1, comparison.depth + 1)]
            return [np.atleast_2d(row.closed_form if closed else row.graph)[chosen] for row in rows]

        wrong: list[dict[int, set[str]]] = [{} for _ in range(comparison.depth + 1)]
        for entry in comparison.disagreements(tol):
            wrong[entry.layer].setdefault(entry.neuron, set()).add(entry.equation)
        none = np.zeros(0)
        return cls(
            comparison=comparison,
            example=example,
            digits=digits,
            tol=tol,
            z=[none, *(z.mean(axis=0) for z in layers("z"))],
            a=[x[chosen].mean(axis=0), *(a.mean(axis=0) for a in layers("a"))],
            delta=[none, *(delta.sum(axis=0) for delta in layers("δ"))],
            by_equations=[none, *(delta.sum(axis=0) for delta in layers("δ", closed=True))],
            largest_weight_gradient=_largest([row.graph for row in comparison.rows if row.symbol == "∂C/∂w"]),
            wrong=wrong,
        )

    def text(self, x: float) -> str:
        return number(float(x), self.digits)

    def title(self, l: int) -> str:
        return f"layer {l} · {self.comparison.model.activations[l - 1]}" if l else "input"

    def input(self, k: int) -> str:
        """The box of an input."""
        mean = "mean " if self.example is None else ""
        return table([row(mean + name("x", None, k), self.text(self.a[0][k - 1]), bold=True)])

    def neuron(self, l: int, j: int) -> str:
        """The box of a neuron: z, a and δ from the graph, δ by the equations, the bias."""
        z, a, delta, equations = (float(v[l][j - 1]) for v in (self.z, self.a, self.delta, self.by_equations))
        mean, total = ("mean ", "Σₓ ") if self.example is None else ("", "")
        equation = "BP1" if l == self.comparison.depth else "BP2"
        dead = delta == 0.0 and self.comparison.model.activations[l - 1] == "relu" and a == 0.0
        wrong = self.wrong[l].get(j, set()) - {"BP4"}  # that one is said at its weight
        rows = [row(mean + name("z", l, j), self.text(z)), row(mean + name("a", l, j), self.text(a))]
        fill = DEAD if dead else tint(delta, _largest(self.delta))
        rows.append(row(total + name("δ", l, j), self.text(delta), fill=fill, bold=True))
        if equation in wrong:
            rows.append(row(f"{equation} differs", self.text(equations), fill=RED, colour="white", bold=True))
        else:
            agrees = f"{equation} agrees" + (", dead: σ′ = 0" if dead else "")
            rows.append(row(agrees, self.text(equations), colour=GREEN, size=10))
        for other in sorted(wrong - {equation}):
            rows.append(row(f"{other} differs", "", fill=RED, colour="white", bold=True))
        bias = self.comparison.model.layers[l - 1].neurons[j - 1].bias
        rows.append(row(name("b", l, j), self.text(bias.data), colour=GREY, size=10))
        return table(rows, RED if wrong else LINE, 3 if wrong else 1)

    def flow(self, l: int, j: int, k: int) -> dict[str, str]:
        """How the edge of wˡⱼₖ looks, by ∂C/∂w."""
        gradient = float(self.comparison.row("∂C/∂w", l).graph[j - 1, k - 1])
        return {
            "color": accent(gradient),
            "penwidth": width(gradient, self.largest_weight_gradient),
            "style": "solid" if gradient else "dashed",
        }

    def weight(self, l: int, j: int, k: int) -> str:
        """The label of wˡⱼₖ: the weight, and ∂C/∂w by the graph; where BP4 differs, both."""
        found = self.comparison.row("∂C/∂w", l)
        gradient = float(found.graph[j - 1, k - 1])
        weight = self.comparison.model.layers[l - 1].neurons[j - 1].weights[k - 1].data
        rows = [row(name("w", l, j, k), self.text(weight), size=10)]
        rows.append(row("∂", self.text(gradient), colour=accent(gradient) if gradient else GREY, size=10))
        if not self.weight_agrees(l, j, k):
            rows.append(row("BP4", self.text(found.closed_form[j - 1, k - 1]), fill=RED, colour="white", bold=True))
        return plain(rows)

    def weight_agrees(self, l: int, j: int, k: int) -> bool:
        """Whether BP4 gives the graph's ∂C/∂wˡⱼₖ."""
        return bool(self.comparison.row("∂C/∂w", l).within(self.tol)[j - 1, k - 1])

    def to_cost(self, j: int, labelled: bool) -> dict[str, str]:
        """How the edge from an output to C looks: ∂C/∂a, which is a − y."""
        if self.example is None:
            return {}
        error = float(self.comparison.traces[self.example - 1].a[-1][j - 1].grad)
        largest = max(abs(a.grad) for a in self.comparison.traces[self.example - 1].a[-1])
        style = {"color": accent(error), "penwidth": width(error, largest)}
        n = len(self.comparison.traces)
        if labelled:
            style["label"] = edge_label(f"{'a − y' if n == 1 else f'(a − y)/{n}'} = {self.text(error)}")
        return style

    def cost(self) -> str:
        """The box of C."""
        wrong = bool(self.wrong[0])
        rows = [row("C", self.text(self.comparison.cost), bold=True)]
        if wrong:
            closed = self.text(self.comparison.closed_form.cost)
            rows.append(row("equations", closed, fill=RED, colour="white", bold=True))
        return table(rows, RED if wrong else LINE, 3 if wrong else 1)

    def caption(self) -> str:
        """The verdict, and how to read the picture."""
        count = sum(row.graph.size for row in self.comparison.rows)
        wrong = self.comparison.disagreements(self.tol)
        if wrong:
            first = wrong[0]
            where = f"layer {first.layer}, neuron {first.neuron}: {first.name}" if first.layer else first.name
            sides = f"{self.text(first.graph)} in the graph, {self.text(first.closed_form)} by {first.equation}"
            verdict = f"graph and equations differ in {len(wrong)} of {count} numbers, first in {where} is {sides}"
        else:
            verdict = f"graph and equations agree on all {count} numbers"
        n = len(self.comparison.traces)
        of = "" if n == 1 else f"example {self.example} of {n}: " if self.example else f"a batch of {n}: "
        how = "edges: w and ∂C/∂w (BP4); ∂C/∂b is δ (BP3)" + (" summed over the examples" if not self.example else "")
        style = f'<FONT COLOR="{RED if wrong else GREEN}"><B>{of}{verdict}</B></FONT>'
        return f'<{style}<BR/><FONT POINT-SIZE="10">{how}</FONT>>'


def _largest(arrays: list[Array]) -> float:
    return max((float(np.nanmax(np.abs(array))) for array in arrays if array.size), default=0.0)


def _shown(size: int, most: int, wrong: Iterable[int]) -> list[int]:
    """The neurons that a column has room for: the first, the last, and those (at most as many) that are wrong."""
    if size <= most:
        return list(range(1, size + 1))
    return sorted({*range(1, most), size, *sorted(wrong)[:most]})


def _column(picture: Picture, view: _View, l: int, shown: list[int]) -> None:
    """A layer's title and its boxes below each other; where neurons are left out, how many."""
    with picture.subgraph(graph_attr={"rank": "same"}) as column:
        boxes = [f"l{l}"]
        column.node(boxes[0], label=view.title(l), fontcolor=GREY)
        for j, before in zip(shown, [0, *shown], strict=False):
            if j - before > 1:
                boxes.append(f"l{l}more{j}")
                column.node(boxes[-1], label=f"{j - before - 1} more", fontcolor=GREY)
            boxes.append(f"l{l}n{j}")
            column.node(boxes[-1], label=view.neuron(l, j) if l else view.input(j))
        for above, below in pairwise(boxes):  # keeps the neurons in their order (Graphviz would not, in a cluster)
            column.edge(above, below, style="invis")


def _edges(picture: Picture, view: _View, l: int, before: list[int], after: list[int]) -> None:
    """The weights of layer l between the neurons that are shown; each stands in its edge if there is room."""
    for k in before:
        for j in after:
            tail, head, flow = f"l{l - 1}n{k}:e", f"l{l}n{j}:w", view.flow(l, j, k)
            if len(before) * len(after) <= MOST_LABELS or not view.weight_agrees(l, j, k):
                weight = f"w{l}n{j}n{k}"
                picture.node(weight, label=view.weight(l, j, k))
                picture.edge(tail, f"{weight}:w", arrowhead="none", **flow)
                tail = f"{weight}:e"
            picture.edge(tail, head, **flow)
