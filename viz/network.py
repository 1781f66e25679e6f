"""`draw_network`: a comparison as a picture, a column a layer, the graph's δ above the equations' in every neuron."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.diagnostics.changes import warn_of_changes
from nn import Comparison
from nn.activations import DYING
from nn.arguments import tolerance, whole
from nn.comparison.agreement import largest
from nn.notation import name

from .look import Look, escape, number
from .rendering import Picture
from .style import STYLE, Style, styled

__all__ = ["MOST_LABELS", "draw_network", "squashed"]

Array = NDArray[np.float64]
MOST_LABELS = 16  # edges between two layers that can carry numbers and still be read


def draw_network(
    comparison: Comparison,
    *,
    example: int | None = None,
    max_neurons: int = 8,
    digits: int = 4,
    tol: float = 1e-12,
    style: Style = STYLE,
) -> Picture:
    """A network as a picture: z, a and δ of every neuron from the graph, δ by the equations, and whether they agree.

    On the edges: w and ∂C/∂w. `example` (from 1) picks one of a batch, with its own share of each ∂C/∂w; without it a
    batch shows the means of z and a, and the sum of δ, which is ∂C/∂b. A layer wider than `max_neurons` shows its first
    and last neurons, and any on which the sides disagree by more than `tol` (see `Comparison.agrees`). `style` has the
    colours and sizes.
    """
    if not isinstance(comparison, Comparison):
        raise TypeError(f"draw_network shows what compare(model, x, y) returned; got {type(comparison).__name__}")
    if example is not None:
        example = whole(example, "example", most=len(comparison.traces))
    style = styled(style)
    warn_of_changes("draw_network", comparison.graph)
    view = _View(comparison, example, whole(digits, "digits", 0, 17), tolerance(tol), Look(style))
    most = whole(max_neurons, "max_neurons", least=2)
    shown = [_shown(len(a), most, wrong) for a, wrong in zip(view.a, view.wrong, strict=True)]

    picture = Picture(format="svg")
    picture.attr("graph", rankdir="LR", bgcolor=style.paper, nodesep="0.2", ranksep="0.8", splines="line")
    text = {"fontname": style.font, "fontsize": f"{style.size:g}"}
    picture.attr("graph", fontcolor=style.grey, label=view.verdict(), **text)
    picture.attr("node", shape="plain", fontcolor=style.ink, **text)
    picture.attr("edge", fontname=style.font, fontsize=f"{style.small:g}", color=style.line, arrowsize="0.6")
    for l in range(len(shown)):
        _column(picture, view, l, shown[l])
    picture.node("C", label=view.cost())
    for l in range(1, len(shown)):
        _edges(picture, view, l, shown[l - 1], shown[l])
    for j in shown[-1]:
        picture.edge(f"l{len(shown) - 1}n{j}:e", "C:w", **view.to_cost(j, labelled=len(shown[-1]) <= MOST_LABELS))
    return picture


def squashed(comparison: Comparison, j: int) -> str:
    """What the cost makes of output j (from 1) itself, such as softmax(z²)₁ or σ(z²₁); "" if nothing."""
    closed, l = comparison.closed_form, comparison.depth
    logit = "z" if closed.activations[-1] == "linear" else "a"
    if closed.formula.squashed is None:
        return ""
    if closed.formula.squash == "softmax":
        return name(f"softmax({name(logit, l)})", None, j)
    return f"{closed.formula.squash}({name(logit, l, j)})"


class _View:
    """The numbers to show: of one example, or of a batch as a whole. Lists have an entry a layer, from the input."""

    def __init__(self, comparison: Comparison, example: int | None, digits: int, tol: float, look: Look) -> None:
        self.comparison, self.digits, self.tol, self.look = comparison, digits, tol, look
        x = np.atleast_2d(comparison.x)
        self.example = 1 if len(x) == 1 else example  # the one shown, from 1; None shows the whole batch
        chosen = range(len(x)) if self.example is None else [self.example - 1]
        layers = range(1, comparison.depth + 1)

        def of_layers(symbol: str, closed: bool = False) -> list[Array]:
            rows = [comparison.row(symbol, l) for l in layers]
            return [np.atleast_2d(row.closed_form if closed else row.graph)[chosen] for row in rows]

        none = np.zeros(0)
        activations, deltas = [x[chosen], *of_layers("a")], of_layers("δ")
        probabilities = comparison.closed_form.formula.squashes(activations[-1].T)
        self.probabilities = none if probabilities is None else probabilities.mean(axis=1)
        self.z = [none, *(z.mean(axis=0) for z in of_layers("z"))]
        self.a = [a.mean(axis=0) for a in activations]
        self.delta = [none, *map(_sum, deltas)]
        self.by_equations = [none, *map(_sum, of_layers("δ", closed=True))]
        if self.example is None:
            dW = [comparison.row("∂C/∂w", l).graph for l in layers]
        else:
            dW = [np.outer(delta, before) for delta, before in zip(deltas, activations, strict=False)]
        self.dW = [none, *dW]  # ∂C/∂w; of one example of a batch, its share
        # the neurons (from 1) on which the sides disagree, and by which equations
        self.wrong: list[dict[int, set[str]]] = [{} for _ in range(comparison.depth + 1)]
        for entry in comparison.disagreements(tol):
            self.wrong[entry.layer].setdefault(entry.neuron, set()).add(entry.equation)

    def text(self, x: float) -> str:
        return number(float(x), self.digits)

    def row(self, label: str, x: float, **how: Any) -> str:
        """A row with a number."""
        return self.look.row(label, self.text(x), **how)

    def remark(self, label: str, text: str, colour: str = "") -> str:
        """A row of less weight."""
        return self.look.row(label, text, colour=colour or self.look.style.grey, small=True)

    def alarm(self, label: str, text: str) -> str:
        """A row that says where the sides differ."""
        return self.look.row(label, text, fill=self.look.style.red, colour=self.look.style.paper, bold=True)

    def table(self, rows: list[str], wrong: bool, width: float = 0) -> str:
        """A box, with a thick red border if something in it is wrong."""
        return self.look.table(rows, self.look.style.red if wrong else "", 3 if wrong else 1, width)

    def title(self, l: int) -> str:
        return f"layer {l} · {self.comparison.closed_form.activations[l - 1]}" if l else "input"

    def input(self, k: int) -> str:
        """The box of an input."""
        mean = "mean " if self.example is None else ""
        return self.look.table([self.row(mean + name("x", None, k), self.a[0][k - 1], bold=True)])

    def neuron(self, l: int, j: int) -> str:
        """The box of a neuron: z, a and δ from the graph, δ by the equations, the bias; for an output its target."""
        z, a, delta, equations = (float(v[l][j - 1]) for v in (self.z, self.a, self.delta, self.by_equations))
        mean, total = ("mean ", "Σₓ ") if self.example is None else ("", "")
        equation = "BP1" if l == self.comparison.depth else "BP2"
        dead = delta == 0.0 and self.comparison.closed_form.activations[l - 1] in DYING and a == 0.0
        wrong = self.wrong[l].get(j, set()) - {"BP4"}  # that one is said at its weight
        rows = [self.row(mean + name("z", l, j), z), self.row(mean + name("a", l, j), a)]
        if l == self.comparison.depth:
            if made := squashed(self.comparison, j):
                rows.append(self.row(mean + made, self.probabilities[j - 1]))
            y = np.atleast_2d(self.comparison.y)[:, j - 1]
            rows.append(self.row(mean + name("y", None, j), y.mean() if self.example is None else y[self.example - 1]))
        fill = self.look.style.dead if dead else self.look.tint(delta, largest(*self.delta))
        rows.append(self.row(total + name("δ", l, j), delta, fill=fill, bold=True))
        if equation in wrong:
            rows.append(self.alarm(f"{equation} differs", self.text(equations)))
        else:
            rows.append(self.remark(f"{equation} agrees", self.text(equations), self.look.style.green))
        rows += [self.alarm(f"{other} differs", "") for other in sorted(wrong - {equation})]
        if dead:
            here = self.example is not None and len(self.comparison.traces) > 1
            rows.append(self.remark("inactive here" if here else "dead", "σ′(z) = 0"))
        rows.append(self.remark(name("b", l, j), self.text(self.comparison.closed_form.biases[l - 1][j - 1])))
        return self.table(rows, bool(wrong), self.look.style.neuron)

    def flow(self, l: int, j: int, k: int) -> dict[str, str]:
        """How the edge of wˡⱼₖ looks, by ∂C/∂w."""
        gradient = float(self.dW[l][j - 1, k - 1])
        return {**self.look.edge(gradient, largest(*self.dW)), "style": "solid" if gradient else "dashed"}

    def weight(self, l: int, j: int, k: int) -> str:
        """The label of wˡⱼₖ: the weight, and ∂C/∂w by the graph; where BP4 differs, both."""
        gradient = float(self.dW[l][j - 1, k - 1])
        weight = self.comparison.closed_form.weights[l - 1][j - 1, k - 1]
        rows = [self.row(name("w", l, j, k), weight, small=True)]
        rows.append(self.remark("∂C/∂w", self.text(gradient), self.look.accent(gradient) if gradient else ""))
        if not self.weight_agrees(l, j, k):
            found = self.comparison.row("∂C/∂w", l)
            sides = f"{self.text(found.graph[j - 1, k - 1])} ≠ {self.text(found.closed_form[j - 1, k - 1])}"
            rows.append(self.alarm("BP4 differs", sides))
        return self.look.plain(rows)

    def weight_agrees(self, l: int, j: int, k: int) -> bool:
        """Whether BP4 gives the graph's ∂C/∂wˡⱼₖ."""
        return bool(self.comparison.row("∂C/∂w", l).within(self.tol)[j - 1, k - 1])

    def to_cost(self, j: int, labelled: bool) -> dict[str, str]:
        """How the edge from an output to C looks: ∂C/∂a, which is a − y if the cost is quadratic."""
        if self.example is None:
            return {}
        n, closed = len(self.comparison.traces), self.comparison.closed_form
        errors = closed.nabla.reshape(-1, n)[:, self.example - 1]
        error = float(errors[j - 1])
        drawn = self.look.edge(error, largest(errors))
        if labelled:
            formula = escape(closed.formula.nabla_written)
            drawn["label"] = self.look.edge_label(
                f"{formula if n == 1 or closed.over == 'sum' else f'({formula})/{n}'} = {self.text(error)}"
            )
        return drawn

    def cost(self) -> str:
        """The box of C; for one example of a batch with its own Cₓ."""
        rows, closed = [], self.comparison.closed_form
        if self.example is not None and len(self.comparison.traces) > 1:
            rows.append(self.row("Cₓ", self.comparison.closed_form.costs[self.example - 1], bold=True))
        rows.append(
            self.row(f"C = {closed.over} of Cₓ" if rows and not closed.l2 else "C", self.comparison.cost, bold=not rows)
        )
        if self.wrong[0]:
            rows.append(self.alarm("equations", self.text(self.comparison.closed_form.cost)))
        return self.table(rows, bool(self.wrong[0]))

    def verdict(self) -> str:
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
        if n == 1:
            of, how = "", "on the edges: w and ∂C/∂w (BP4); ∂C/∂b is δ (BP3)"
        elif self.example:
            of = f"example {self.example} of {n}: "
            how = "on the edges: w, and this example's share δ a of ∂C/∂w; its share of ∂C/∂b is δ"
        else:
            of = f"a batch of {n}: "
            how = "on the edges: w and ∂C/∂w (BP4); ∂C/∂b is the sum of δ over the examples (BP3)"
        colour = self.look.style.red if wrong else self.look.style.green
        return self.look.caption(of + verdict, colour, f"{how}. Red: above 0, blue: below")


def _sum(examples: Array) -> Array:
    """The sum over the examples; 0 where they cancel but for rounding."""
    total = examples.sum(axis=0)
    return np.where(np.abs(total) <= 1e-14 * np.abs(examples).sum(axis=0), 0.0, total)


def _shown(size: int, most: int, wrong: Iterable[int]) -> list[int]:
    """The neurons that a column has room for: the first, the last, and those (at most as many) that are wrong."""
    if size <= most:
        return list(range(1, size + 1))
    return sorted({*range(1, most), size, *sorted(wrong)[:most]})


def _column(picture: Picture, view: _View, l: int, shown: list[int]) -> None:
    """A layer's title and its boxes below each other; where neurons are left out, how many."""
    with picture.subgraph(graph_attr={"rank": "same"}) as column:
        boxes = [f"l{l}"]
        column.node(boxes[0], label=view.title(l), fontcolor=view.look.style.grey)
        for j, before in zip(shown, [0, *shown], strict=False):
            if j - before > 1:
                boxes.append(f"l{l}more{j}")
                column.node(boxes[-1], label=f"{j - before - 1} more", fontcolor=view.look.style.grey)
            boxes.append(f"l{l}n{j}")
            column.node(boxes[-1], label=view.neuron(l, j) if l else view.input(j))
        for above, below in pairwise(boxes):  # keeps the neurons in their order (Graphviz would not, in a cluster)
            column.edge(above, below, style="invis")


def _edges(picture: Picture, view: _View, l: int, before: list[int], after: list[int]) -> None:
    """The weights of layer l between the neurons that are shown; each stands in its edge if there is room."""
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
