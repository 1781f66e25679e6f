"""The contents of a network's picture: numbers of one example, or of a batch, in the boxes of neurons and on edges."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn import Comparison
from nn.activations import DYING
from nn.comparison.agreement import largest
from nn.notation import name

from ..look import Cell, Look, Row, broken, escape, number
from .moments import Moment

__all__ = ["NetworkView", "squashed"]

WIDEST = 12  # characters in a line of the formula on an edge to C
WIDEST_CAPTION = 100  # characters in a line
Array = NDArray[np.float64]


def squashed(comparison: Comparison, j: int) -> str:
    """Names the probability that the cost makes of output j (from 1), such as softmax(z²)₁ or σ(z²₁); "" if none."""
    closed, l = comparison.closed_form, comparison.depth
    logit = "z" if closed.activations[-1] == "linear" else "a"
    if closed.formula.squashed is None:
        return ""
    if closed.formula.squash == "softmax":
        return name(f"softmax({name(logit, l)})", None, j)
    return f"{closed.formula.squash}({name(logit, l, j)})"


class NetworkView:
    """The numbers to show, of one example or of a whole batch. Lists have an entry for each layer, the input first."""

    def __init__(
        self, comparison: Comparison, example: int | None, digits: int, tol: float, look: Look, most: int
    ) -> None:
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
        # the neurons that columns show, from 1
        self.shown = [_shown(len(a), most, wrong) for a, wrong in zip(self.a, self.wrong, strict=True)]
        self.moment = Moment()

    def text(self, x: float) -> str:
        """Writes a number as the picture shows it."""
        return number(float(x), self.digits)

    def row(self, label: str, x: float, kind: str = "", key: Hashable = None, **how: Any) -> Row:
        """Makes a row with a number. `key` identifies a number that is known only after a step."""
        known = key is None or self.moment.knows(key)
        number = Cell(self.text(x), kind, known, self.text(-0.5))
        lit = self.moment.lights(how.pop("lights", key))
        how |= {"fill": how.get("fill", "") if known and kind not in self.look.hidden else ""}
        return self.look.row(Cell(label, "labels"), number, lit=lit, **how)

    def remark(self, label: Cell | str, text: Cell | str, colour: str = "") -> Row:
        """Makes a small, grey row."""
        return self.look.row(label, text, colour=colour or self.look.style.grey, small=True)

    def alarm(self, label: str, text: str) -> Row:
        """Makes a red row that says where graph and equations differ."""
        return self.look.row(label, text, fill=self.look.style.red, colour=self.look.style.paper, bold=True)

    def table(self, rows: list[Row], wrong: bool, width: float = 0) -> str:
        """Makes a box of rows, with a thick red border if something in it is wrong."""
        return self.look.table(rows, self.look.style.red if wrong else "", 3 if wrong else 1, width)

    def title(self, l: int) -> str:
        """Returns the title of a layer's column."""
        return f"layer {l} · {self.comparison.closed_form.activations[l - 1]}" if l else "input"

    def box(self, l: int, j: int, again: bool = False) -> str:
        """Makes the box of an input or of a neuron; with `again` the one that repeats its activation."""
        if l and not again:
            return self.neuron(l, j)
        symbol = name("a", l, j) if l else name("x", None, j)
        key = ("a", l, j)
        row = self.row(
            ("mean " if self.example is None else "") + symbol, self.a[l][j - 1], "values" if l else "",
            key if l else None, bold=not l, lights=key, colour=self.look.style.grey if l else ""
        )  # fmt: skip
        return self.look.table([row])

    def neuron(self, l: int, j: int) -> str:
        """Makes a neuron's box: z, a and δ from the graph, δ by the equations, the bias; an output's target too."""
        z, a, delta, equations = (float(v[l][j - 1]) for v in (self.z, self.a, self.delta, self.by_equations))
        mean, total = ("mean ", "Σₓ ") if self.example is None else ("", "")
        equation = "BP1" if l == self.comparison.depth else "BP2"
        dead = delta == 0.0 and self.comparison.closed_form.activations[l - 1] in DYING and a == 0.0
        wrong = self.wrong[l].get(j, set()) - {"BP4"}  # BP4 is shown at its weight
        rows = [self.row(mean + name(symbol, l, j), x, "values", (symbol, l, j)) for symbol, x in (("z", z), ("a", a))]
        if l == self.comparison.depth:
            if made := squashed(self.comparison, j):
                rows.append(self.row(mean + made, self.probabilities[j - 1], "values", ("a", l, j)))
            y = np.atleast_2d(self.comparison.y)[:, j - 1]
            rows.append(self.row(mean + name("y", None, j), y.mean() if self.example is None else y[self.example - 1]))
        fill = self.look.style.dead if dead else self.look.tint(delta, largest(*self.delta))
        fill = "" if self.moment.step is not None and self.look.is_grey else fill
        key = ("δ", l, j)
        rows.append(self.row(total + name("δ", l, j), delta, "gradients", key, fill=fill, bold=True))
        known = self.moment.knows(key) and "gradients" not in self.look.hidden
        if equation in wrong and known:
            rows.append(self.alarm(f"{equation} differs", self.text(equations)))
        else:
            cells = Cell(f"{equation} agrees", "", known), Cell(self.text(equations), "", known)
            rows.append(self.remark(*cells, self.look.style.green))
        rows += [self.alarm(f"{other} differs", "") for other in sorted(wrong - {equation})]
        if dead:
            here = self.example is not None and len(self.comparison.traces) > 1
            said = "inactive here" if here else "dead"
            rows.append(self.remark(Cell(said, "values", known), Cell("σ′(z) = 0", "slopes", known)))
        bias = self.text(self.comparison.closed_form.biases[l - 1][j - 1])
        rows.append(self.remark(Cell(name("b", l, j), "labels"), bias))
        return self.table(rows, bool(wrong), self.look.style.neuron)

    def flow(self, l: int, j: int, k: int) -> dict[str, str]:
        """Returns the stroke of the edge of wˡⱼₖ, which shows ∂C/∂w."""
        if "gradients" in self.look.hidden or not self.moment.knows(("∂C/∂w", l, j, k)):
            return {"color": self.look.style.line}
        return self.look.edge(float(self.dW[l][j - 1, k - 1]), largest(*self.dW))

    def weight(self, l: int, j: int, k: int) -> str:
        """Makes the label of wˡⱼₖ: the weight, and ∂C/∂w from the graph; if BP4 differs, its number too."""
        gradient = float(self.dW[l][j - 1, k - 1])
        weight = self.comparison.closed_form.weights[l - 1][j - 1, k - 1]
        key = ("∂C/∂w", l, j, k)
        told = self.moment.knows(key) and "gradients" not in self.look.hidden
        colour = self.look.accent(gradient) if gradient and told else ""
        rows = [
            self.row(name("w", l, j, k), weight, small=True, lights=("w", l, j, k)),
            self.row("∂C/∂w", gradient, "gradients", key, small=True, colour=colour or self.look.style.grey),
        ]
        if not self.weight_agrees(l, j, k):
            found = self.comparison.row("∂C/∂w", l)
            sides = f"{self.text(found.graph[j - 1, k - 1])} ≠ {self.text(found.closed_form[j - 1, k - 1])}"
            rows.append(self.alarm("BP4 differs", sides))
        return self.look.plain(rows)

    def weight_agrees(self, l: int, j: int, k: int) -> bool:
        """Returns whether BP4 and the graph agree on ∂C/∂wˡⱼₖ."""
        return bool(self.comparison.row("∂C/∂w", l).within(self.tol)[j - 1, k - 1])

    def slope_of_cost(self, j: int) -> float | None:
        """Returns ∂C/∂a of output j, which is a − y for the quadratic cost; None for a batch as a whole."""
        if self.example is None:
            return None
        return float(self._slopes_of_cost()[j - 1])

    def _slopes_of_cost(self) -> Array:
        assert self.example is not None, "one example's"
        return self.comparison.closed_form.nabla.reshape(-1, len(self.comparison.traces))[:, self.example - 1]

    def to_cost(self, j: int) -> dict[str, str]:
        """Returns the stroke of the edge from output j to C, which shows ∂C/∂a."""
        slope = self.slope_of_cost(j)
        if slope is None or "gradients" in self.look.hidden or not self.moment.knows(("∂C/∂a", j)):
            return {"color": self.look.style.line}
        return self.look.edge(slope, largest(self._slopes_of_cost()))

    def slope_label(self, j: int, slope: float) -> str:
        """Makes the label on the edge from output j to C: ∂C/∂a."""
        n, closed = len(self.comparison.traces), self.comparison.closed_form
        formula = closed.formula.nabla_written
        form = formula if n == 1 or closed.over == "sum" else f"({formula})/{n}"
        key = ("∂C/∂a", j)
        kinds = self.look.kinds_of_slopes
        written = escape("\n".join(broken(f"{form} =", WIDEST)))
        cells = Cell(written, kinds[0]), Cell(self.text(slope), kinds[1], self.moment.knows(key))
        return self.look.slope(*cells, self.moment.lights(key))

    def cost(self) -> str:
        """Makes the box of C. If one example of a batch is shown, the box has its Cₓ too."""
        rows: list[Row] = []
        closed, key = self.comparison.closed_form, ("C",)
        if self.example is not None and len(self.comparison.traces) > 1:
            rows.append(self.row("Cₓ", closed.costs[self.example - 1], "values", key, bold=True))
        is_plain = bool(rows) and not closed.l2
        rows.append(self.row("C", self.comparison.cost, "values", key, bold=not rows))
        if is_plain:
            rows.append(self.remark(f"{closed.over} of Cₓ", ""))
        if self.wrong[0]:
            rows.append(self.alarm("equations", self.text(self.comparison.closed_form.cost)))
        return self.table(rows, bool(self.wrong[0]))

    def caption(self, own: str | None) -> str:
        """Returns the caption: the user's own words, the step, or the verdict and how to read the picture."""
        if own is not None:
            return self.look.words(own)
        if self.moment.step is not None:
            return self.moment.caption(self.look)
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
        told, read, plain = (
            broken(text, WIDEST_CAPTION) for text in (of + verdict, f"{how}. Edges: {self.look.signs()}", how)
        )
        if "gradients" in self.look.hidden:  # as many lines as without blanks
            read = [*plain, *[" "] * (len(read) - len(plain))]
        return self.look.caption(told, colour, read)


def _sum(examples: Array) -> Array:
    """Sums over the examples. A sum that is only rounding error becomes 0."""
    total = examples.sum(axis=0)
    return np.where(np.abs(total) <= 1e-14 * np.abs(examples).sum(axis=0), 0.0, total)


def _shown(size: int, most: int, wrong: Iterable[int]) -> list[int]:
    """Returns a column's neurons; of more than `most`, the first ones, the last, and up to `most` wrong ones."""
    if size <= most:
        return list(range(1, size + 1))
    return sorted({*range(1, most), size, *sorted(wrong)[:most]})
