"""The comparison of both sides of a network, number by number, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, nodes

from ..arguments import tolerance
from ..closed_form import ClosedForm
from ..layers import MLP, Trace
from ..notation import EQUATIONS, counted, name
from .agreement import agreeing, difference, largest
from .verdict import Verdict, judge

__all__ = ["Comparison", "Entry", "Row"]

Array = NDArray[np.float64]
MOST_ENTRIES = 60  # a table of more numbers has one line per row, instead of one line per number


@dataclass(frozen=True)
class Entry:
    """One number of a network, from the graph and by the closed form."""

    name: str  # such as δ²₁, or ∂C/∂w¹₂₁
    layer: int  # from 1; 0 for the cost
    neuron: int  # j, from 1; 0 for the cost
    example: int | None  # from 1; None unless x is a batch and the number belongs to one example
    equation: str  # the equation that the closed form used
    graph: float  # the number from the graph
    closed_form: float  # the number by that equation
    agrees: bool  # whether the two are equal within the tolerance

    def __str__(self) -> str:
        of = f" for example {self.example}" if self.example else ""
        where = f"layer {self.layer}, neuron {self.neuron}: " if self.layer else ""
        return f"{where}{self.name}{of} is {self.graph!r} in the graph, {self.closed_form!r} by {self.equation}"


@dataclass(frozen=True, eq=False)
class Row:
    """One quantity of one layer, from the graph and by the closed form, as two arrays of one shape.

    z, a, δ: (nₗ,) for one example, (n, nₗ) for a batch. ∂C/∂b: (nₗ,). ∂C/∂w: (nₗ, nₗ₋₁). C: ().
    """

    symbol: str  # C, z, a, δ, ∂C/∂b or ∂C/∂w
    layer: int  # from 1; 0 for the cost
    equation: str  # the equation that the closed form used
    graph: Array  # the numbers from the graph
    closed_form: Array  # the numbers by that equation

    @property
    def name(self) -> str:
        """The name of the quantity, such as δ² or ∂C/∂w¹."""
        return name(self.symbol, self.layer) if self.layer else self.symbol

    @property
    def max_abs_error(self) -> float:
        """The largest |graph − closed form|; inf if only one number of a pair is finite."""
        return float(np.max(difference(self.graph, self.closed_form)))

    def within(self, tol: float = 1e-12) -> NDArray[np.bool_]:
        """Returns an array of bools: |graph − closed form| ≤ tol · max(1, the row's largest finite magnitude)."""
        return agreeing(self.graph, self.closed_form, tolerance(tol) * max(1.0, largest(self.graph, self.closed_form)))

    def agrees(self, tol: float = 1e-12) -> bool:
        """Returns whether all numbers of the row agree, as `within` defines it."""
        return bool(np.all(self.within(tol)))

    def entries(self, tol: float = 1e-12) -> Iterator[Entry]:
        """Yields an `Entry` for each number of the row, in the order of the array."""
        within = self.within(tol)
        of_examples = self.symbol in ("z", "a", "δ") and self.graph.ndim == 2
        for index in np.ndindex(self.graph.shape):
            example, place = (index[0] + 1, index[1:]) if of_examples else (None, index)
            numbers = [i + 1 for i in place]
            label = name(self.symbol, self.layer, *numbers) if self.layer else self.symbol
            graph, closed = float(self.graph[index]), float(self.closed_form[index])
            neuron = numbers[0] if numbers else 0
            yield Entry(label, self.layer, neuron, example, self.equation, graph, closed, bool(within[index]))


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """The result of `compare`. Printed, it shows both sides as a table.

    Its arrays do not change when the model is changed or trained later.
    """

    model: MLP  # the network
    x: Array  # (n₀,) for one example, (n, n₀) for a batch
    y: Array  # (nᴸ,) or (n, nᴸ)
    graph: Value  # the node C, for drawing
    traces: list[Trace]  # the graph's forward pass for each example
    targets: list[tuple[Value, ...]]  # the nodes y of each example, with which the cost compares the outputs
    closed_form: ClosedForm  # both passes by the equations, with examples as columns; it has the weights and biases too
    costs: Array  # Cₓ of each example by the graph, (n,)
    rows: list[Row]  # the forward pass, C, and the backward pass, in the order of computation

    def __reduce__(self) -> tuple[Any, ...]:
        """Returns the parts to pickle, with the graph once: traces and targets refer to its nodes by number."""
        number = {node: i for i, node in enumerate(nodes(self.graph))}

        def said(value: Value) -> Any:
            return number.get(value, value)  # the value itself, if C does not depend on it

        roles = [_each(said, (list(t.inputs), t.z, t.a)) for t in self.traces]
        targets = _each(said, self.targets)
        return _restored, (self.model, self.x, self.y, self.graph, roles, targets, self.closed_form, self.costs,
                           self.rows)  # fmt: skip

    @property
    def cost(self) -> float:
        """C by the graph: the mean or the sum of the examples' costs, plus the penalty."""
        return float(self.row("C").graph)

    @property
    def equations(self) -> dict[str, str]:
        """A dict from names of equations, such as "BP2" and "C", to the equations, with this cost's C and ∇ₐC."""
        closed, cost = self.closed_form, self.closed_form.formula
        written = f"({cost.written})" if cost.written.startswith("−") else cost.written
        total = f"C = {'(1/n) ' * (closed.over == 'mean')}Σₓ {written}" + f" + ½ · {closed.l2:g} Σ w²" * bool(closed.l2)
        more = {"BP4": f"{EQUATIONS['BP4']} + {closed.l2:g} wˡⱼₖ"} if closed.l2 else {}
        bp1 = f"{EQUATIONS['BP1']}, ∇ₐCₓ = {cost.nabla_written}"
        return EQUATIONS | {"C": total, "BP1": bp1} | more

    @property
    def depth(self) -> int:
        """L, the number of layers."""
        return len(self.model.layers)

    @property
    def errors(self) -> dict[Value, str]:
        """A dict from each Value z of the graph to the name of ∂C/∂z: δˡⱼ, or in a batch δˡⱼ(x) for example x.

        `autograd.explain` takes this dict.
        """
        return {
            z: name("δ", l, j) + (f"({x})" if len(self.traces) > 1 else "")
            for x, trace in enumerate(self.traces, 1)
            for l, layer in enumerate(trace.z, 1)
            for j, z in enumerate(layer, 1)
        }

    @property
    def max_abs_error(self) -> float:
        """The largest |graph − closed form| of all numbers; inf if only one number of a pair is finite."""
        return max(row.max_abs_error for row in self.rows)

    def row(self, symbol: str, layer: int = 0) -> Row:
        """Returns the row of one quantity in one layer.

        Args:
            symbol: C, z, a, δ (or delta), ∂C/∂b (or db), or ∂C/∂w (or dW).
            layer: The number of the layer, from 1; 0 for C.
        Raises:
            KeyError: If there is no such row.
        """
        named = {"delta": "δ", "db": "∂C/∂b", "dW": "∂C/∂w"}.get(symbol, symbol)
        for row in self.rows:
            if (row.symbol, row.layer) == (named, layer):
                return row
        raise KeyError(f"no row of {symbol!r} in layer {layer}; there are {', '.join(row.name for row in self.rows)}")

    def agrees(self, tol: float = 1e-12) -> bool:
        """Returns whether every |graph − closed form| ≤ tol · max(1, its row's largest magnitude)."""
        return all(row.agrees(tol) for row in self.rows)

    def disagreements(self, tol: float = 1e-12) -> list[Entry]:
        """Returns a list with an `Entry` for each number on which the two sides disagree."""
        return [entry for row in self.rows if not row.agrees(tol) for entry in row.entries(tol) if not entry.agrees]

    def against(
        self,
        dW: Sequence[ArrayLike | None] | None = None,
        db: Sequence[ArrayLike | None] | None = None,
        delta: Sequence[ArrayLike | None] | None = None,
        tol: float = 1e-9,
        convention: str | None = None,
    ) -> Verdict:
        """Checks the gradients of your own matrix code against this comparison.

        Args:
            dW: One array per layer, layer 1 first: shape (nₗ, nₗ₋₁) with columns, (nₗ₋₁, nₗ) with rows. None stands for
                a layer that you have not worked out, here and below.
            db: One array of nₗ numbers per layer.
            delta: One array per layer: shape (nₗ, n) with columns, (n, nₗ) with rows.
            tol: Numbers agree within tol times the largest magnitude of their array, plus a bound on rounding errors.
            convention: "columns" or "rows". Without it, the shapes decide; for square matrices, the numbers.
        Returns:
            A verdict: the wrong entries, and why they are wrong if a known mistake explains every array.
        Raises:
            ValueError: If the shapes fit neither convention, or no array is given.
        """
        return judge(self, {"dW": dW, "db": db, "delta": delta}, tol, convention)

    def __str__(self) -> str:
        examples = "one example" if self.x.ndim == 1 else counted(len(self.x), "example")
        lines = [f"{self.model.title}, {examples}: C = {self.cost:.9g}", ""]
        count = sum(row.graph.size for row in self.rows)
        lines += self._by_number() if count <= MOST_ENTRIES else self._by_row()
        wrong = self.disagreements()
        lines += ["", f"{count} numbers, largest difference {_apart(self.max_abs_error)}: " + _verdict(wrong)]
        lines += [f"  {entry}" for entry in wrong[:10]]
        if len(wrong) > 10:
            lines.append(f"  and {len(wrong) - 10} more")
        return "\n".join(lines)

    __repr__ = __str__

    def _by_number(self) -> list[str]:
        wide = self._equations_width()
        lines = [f"{'':{wide}}{'':12}{'graph':>13}{'closed form':>15}{'difference':>13}"]
        for row in self.rows:
            for i, entry in enumerate(row.entries()):
                of = f" ({entry.example})" if entry.example else ""
                difference = abs(entry.graph - entry.closed_form)
                lines.append(
                    f"{'' if i else row.equation:{wide}}{entry.name + of:12}"
                    f"{_written(entry.graph):>13}{_written(entry.closed_form):>15}"
                    f"{_apart(difference):>13}{'' if entry.agrees else '  ≠'}"
                )
        return lines

    def _by_row(self) -> list[str]:
        wide = self._equations_width()
        lines = [f"{'':{wide}}{'':9}{'shape':>12}{'largest':>14}{'difference':>13}"]
        for row in self.rows:
            shape = " × ".join(map(str, row.graph.shape)) or "1"
            lines.append(
                f"{row.equation:{wide}}{row.name:9}{shape:>12}{np.max(np.abs(row.graph)):14.6g}"
                f"{_apart(row.max_abs_error):>13}{'' if row.agrees() else '  ≠'}"
            )
        return lines

    def _equations_width(self) -> int:
        return max(len(row.equation) for row in self.rows) + 2


def _restored(*parts: Any) -> Comparison:
    model, x, y, graph, roles, targets, closed, costs, rows = parts
    node = dict(enumerate(nodes(graph)))

    def meant(said: Any) -> Any:
        return node.get(said, said)

    traces = [Trace(tuple(inputs), z, a) for inputs, z, a in _each(meant, roles)]
    return Comparison(model, x, y, graph, traces, _each(meant, targets), closed, costs, rows)


def _each(of: Callable[[Any], Any], part: Any) -> Any:
    """Returns the same nested lists and tuples, with the function applied to every item."""
    return type(part)(_each(of, inner) for inner in part) if isinstance(part, list | tuple) else of(part)


def _written(x: float) -> str:
    return f"{x:.8f}" if abs(x) < 1e4 else f"{x:.6e}"


def _apart(difference: float) -> str:
    return f"{difference:.1e}" if difference else "0"


def _verdict(wrong: list[Any]) -> str:
    return f"the two sides disagree on {len(wrong)}" if wrong else "the two sides agree"
