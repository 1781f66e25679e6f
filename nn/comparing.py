"""The comparison: one network, once as a graph of Values and once as matrix equations, number by number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value

from . import closed_form
from .closed_form import ClosedForm
from .costs import COSTS, mean
from .layers import MLP, Trace, leaves
from .notation import name
from .verdict import Verdict, judge

__all__ = ["Comparison", "Entry", "Row", "compare"]

Array = NDArray[np.float64]
MOST_ENTRIES = 60  # a table with more numbers than this shows a line a row instead of a line a number


@dataclass(frozen=True)
class Entry:
    """One number from both sides."""

    name: str  # such as δ²₁, or ∂C/∂w¹₂₁
    layer: int  # 0 for the cost
    neuron: int  # j, from 1; 0 for the cost
    example: int | None  # from 1, in a batch
    equation: str  # what the closed form took
    graph: float
    closed_form: float
    agrees: bool

    def __str__(self) -> str:
        of = f" for example {self.example}" if self.example else ""
        where = f"layer {self.layer}, neuron {self.neuron}: " if self.layer else ""
        return f"{where}{self.name}{of} is {self.graph!r} in the graph, {self.closed_form!r} by {self.equation}"


@dataclass(frozen=True, eq=False)
class Row:
    """One quantity of one layer from both sides, as arrays of one shape.

    z, a, δ: (nₗ,) for one example, (n, nₗ) for a batch. ∂C/∂b: (nₗ,). ∂C/∂w: (nₗ, nₗ₋₁). C: ().
    """

    symbol: str  # C, z, a, δ, ∂C/∂b or ∂C/∂w
    layer: int
    equation: str
    graph: Array
    closed_form: Array

    @property
    def name(self) -> str:
        """The quantity, such as δ² or ∂C/∂w¹."""
        return name(self.symbol, self.layer) if self.layer else self.symbol

    @property
    def max_abs_error(self) -> float:
        """The largest |graph − closed form|."""
        return float(np.max(np.abs(self.graph - self.closed_form)))

    def agrees(self, tol: float = 1e-12) -> bool:
        """Whether every |graph − closed form| ≤ tol · max(1, the row's largest magnitude)."""
        return bool(np.all(self.within(tol)))

    def entries(self, tol: float = 1e-12) -> Iterator[Entry]:
        """The row number by number, in reading order."""
        within = self.within(tol)
        for index in np.ndindex(self.graph.shape):
            example = None
            place = index
            if self.symbol in ("z", "a", "δ") and self.graph.ndim == 2:
                example, place = index[0] + 1, index[1:]
            numbers = [i + 1 for i in place]
            label = name(self.symbol, self.layer, *numbers) if self.layer else self.symbol
            graph, closed = float(self.graph[index]), float(self.closed_form[index])
            neuron = numbers[0] if numbers else 0
            yield Entry(label, self.layer, neuron, example, self.equation, graph, closed, bool(within[index]))

    def within(self, tol: float = 1e-12) -> NDArray[np.bool_]:
        """Which of the numbers agree."""
        largest = max(1.0, float(np.max(np.abs(self.graph))), float(np.max(np.abs(self.closed_form))))
        within: NDArray[np.bool_] = np.abs(self.graph - self.closed_form) <= tol * largest
        return within


@dataclass(frozen=True, eq=False)
class Comparison:
    """What `compare` found. Printing it shows both sides as a table."""

    model: MLP
    x: Array  # (n₀,) for one example, (n, n₀) for a batch
    y: Array  # the same with nᴸ
    graph: Value  # the node C, for drawing
    traces: list[Trace]  # the graph's forward pass for each example
    closed_form: ClosedForm  # examples as columns
    rows: list[Row]  # the forward pass, C, and the backward pass, in the order they are worked out

    @property
    def cost(self) -> float:
        """C by the graph: the mean over the examples."""
        return float(self.graph)

    @property
    def depth(self) -> int:
        """L, the number of layers."""
        return len(self.model.layers)

    @property
    def max_abs_error(self) -> float:
        """The largest |graph − closed form| of all numbers."""
        return max(row.max_abs_error for row in self.rows)

    def row(self, symbol: str, layer: int = 0) -> Row:
        """The row of a symbol (C, z, a, δ, ∂C/∂b or ∂C/∂w) in a layer."""
        for row in self.rows:
            if (row.symbol, row.layer) == (symbol, layer):
                return row
        raise KeyError(f"no row of {symbol!r} in layer {layer}; there are {', '.join(row.name for row in self.rows)}")

    def agrees(self, tol: float = 1e-12) -> bool:
        """Whether every |graph − closed form| ≤ tol · max(1, its row's largest magnitude)."""
        return all(row.agrees(tol) for row in self.rows)

    def disagreements(self, tol: float = 1e-12) -> list[Entry]:
        """The numbers on which the two sides differ, each with its layer and neuron."""
        return [entry for row in self.rows if not row.agrees(tol) for entry in row.entries(tol) if not entry.agrees]

    def against(
        self,
        dW: Sequence[ArrayLike] | None = None,
        db: Sequence[ArrayLike] | None = None,
        delta: Sequence[ArrayLike] | None = None,
        tol: float = 1e-9,
    ) -> Verdict:
        """Hold your own matrix backprop to this one.

        Each argument is a list with an array a layer, layer 1 first. In columns dW[l-1] has shape (nₗ, nₗ₋₁) and
        delta[l-1] (nₗ, n), in rows (nₗ₋₁, nₗ) and (n, nₗ); which convention is yours is told from the shapes. db[l-1]
        has nₗ numbers. They are compared within tol times the largest magnitude of each array. The verdict says which
        entries are wrong and, where a known slip explains all of it, which slip. Raises ValueError for shapes that
        fit neither convention.
        """
        return judge(self, dW, db, delta, tol)

    def __str__(self) -> str:
        examples = "one example" if self.x.ndim == 1 else f"{len(self.x)} examples"
        lines = [f"{self.model!r}, {examples}: C = {self.cost:.9g}", ""]
        count = sum(row.graph.size for row in self.rows)
        lines += self._by_number() if count <= MOST_ENTRIES else self._by_row()
        wrong = self.disagreements()
        lines += ["", f"{count} numbers, largest difference {self.max_abs_error:.1e}: " + _verdict(wrong)]
        lines += [f"  {entry}" for entry in wrong[:10]]
        if len(wrong) > 10:
            lines.append(f"  and {len(wrong) - 10} more")
        return "\n".join(lines)

    def _by_number(self) -> list[str]:
        lines = [f"{'':13}{'':12}{'graph':>13}{'closed form':>15}{'difference':>13}"]
        for row in self.rows:
            for i, entry in enumerate(row.entries()):
                of = f" ({entry.example})" if entry.example else ""
                difference = abs(entry.graph - entry.closed_form)
                lines.append(
                    f"{'' if i else row.equation:13}{entry.name + of:12}{entry.graph:13.8f}{entry.closed_form:15.8f}"
                    f"{difference:13.1e}{'' if entry.agrees else '  ≠'}"
                )
        return lines

    def _by_row(self) -> list[str]:
        lines = [f"{'':13}{'':9}{'shape':>12}{'largest':>14}{'difference':>13}"]
        for row in self.rows:
            shape = " × ".join(map(str, row.graph.shape)) or "1"
            lines.append(
                f"{row.equation:13}{row.name:9}{shape:>12}{np.max(np.abs(row.graph)):14.6g}"
                f"{row.max_abs_error:13.1e}{'' if row.agrees() else '  ≠'}"
            )
        return lines


def compare(model: MLP, x: ArrayLike, y: ArrayLike, cost: str = "quadratic") -> Comparison:
    """Work a network out twice, as a graph of Values and by the equations BP1 to BP4, and hold them together.

    x and y are one example (flat, n₀ and nᴸ numbers) or a batch (a row each). The parameters' gradients are zeroed
    first and hold ∂C/∂· of the mean cost afterwards. Raises TypeError or ValueError for what does not fit, with the
    gradients as they were.
    """
    if not isinstance(model, MLP):
        raise TypeError(f"compare works an nn.MLP out twice; got {type(model).__name__}")
    if cost not in COSTS:
        raise ValueError(f"no cost is called {cost!r}; the known ones are {', '.join(COSTS)}")
    X, Y = examples(x, "x"), examples(y, "y")
    n_in, n_out = model.sizes[0], model.sizes[-1]
    if Y.ndim == 1 and X.ndim == 2 and n_out == 1:
        Y = Y[:, None]  # one output a row: a flat list of targets says the same
    batch = X.ndim == 2
    if (X.shape[-1], Y.shape[-1]) != (n_in, n_out) or X.shape[:-1] != Y.shape[:-1]:
        raise ValueError(
            f"{model!r} takes x of {n_in} and y of {n_out} numbers, or as many rows of each; "
            f"got x of shape {X.shape} and y of shape {Y.shape}"
        )
    traces, costs = [], []
    for numbers, targets in zip(np.atleast_2d(X).tolist(), np.atleast_2d(Y).tolist(), strict=True):
        trace = model.trace(numbers)
        costs.append(COSTS[cost](trace.a[-1], leaves(targets, n_out, "y", "the cost")))
        traces.append(trace)
    C = mean(costs)
    C.label = "C"
    model.zero_grad()
    C.backward()

    closed = closed_form.columns(model.weights, model.biases, X.T, Y.T, model.activations)
    return Comparison(model, X, Y, C, traces, closed, _rows(model, C, traces, closed, batch))


def examples(numbers: ArrayLike, what: str) -> Array:
    """One example as a vector or a batch as rows; a TypeError or ValueError if it is neither."""
    try:
        array = np.asarray(numbers)
    except ValueError:
        raise ValueError(f"{what} is a flat list of numbers, or rows of equal length; got rows that differ") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what} is a list of real numbers or of such lists; got an array of {array.dtype}")
    if array.ndim not in (1, 2) or not array.size:
        raise ValueError(f"{what} is a flat list of numbers, or a list of such lists; got shape {array.shape}")
    return array.astype(np.float64)


def _rows(model: MLP, C: Value, traces: list[Trace], closed: ClosedForm, batch: bool) -> list[Row]:
    def side(of_examples: list[list[float]]) -> Array:
        return np.array(of_examples if batch else of_examples[0])

    depth = len(model.layers)
    rows = []
    for l in range(depth):
        z = side([[v.data for v in trace.z[l]] for trace in traces])
        a = side([[v.data for v in trace.a[l]] for trace in traces])
        rows.append(Row("z", l + 1, "z = W a + b", z, closed.z[l].T))
        rows.append(Row("a", l + 1, "a = σ(z)", a, closed.a[l + 1].T))
    rows.append(Row("C", 0, "½ ‖y − a‖²", np.array(C.data), np.array(closed.cost)))
    for l in reversed(range(depth)):
        delta = side([[v.grad for v in trace.z[l]] for trace in traces])
        neurons = model.layers[l].neurons
        rows.append(Row("δ", l + 1, "BP1" if l == depth - 1 else "BP2", delta, closed.delta[l].T))
        rows.append(Row("∂C/∂b", l + 1, "BP3", np.array([n.bias.grad for n in neurons]), closed.db[l]))
        weight_grads = np.array([[w.grad for w in n.weights] for n in neurons])
        rows.append(Row("∂C/∂w", l + 1, "BP4", weight_grads, closed.dW[l]))
    return rows


def _verdict(wrong: list[Any]) -> str:
    return f"the two sides disagree on {len(wrong)}" if wrong else "the two sides agree"
