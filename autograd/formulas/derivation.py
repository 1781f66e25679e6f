"""`explain`: the graph writes its own derivation, from the recorded operations and the labels.

A derivation goes from one labelled Value to the next. The operations between two of them become one factor. The slope
of an operation comes from the table: a call such as σ′(z) if formulas call the operation by name, else its rule.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..diagnostics.changes import warn_of_changes
from ..value import Value
from ..walk import nodes
from ..writing import indexed
from . import typesetting
from .algebra import Formula, Name, as_factor
from .labelled_graph import Factor, LabelledGraph
from .typesetting import Equations, Piece, fenced, product, rounded

__all__ = ["Derivation", "explain", "expression", "label"]

MOST_TERMS = 8  # terms of a sum over paths that are written out; the rest are counted
MOST_DERIVATIVES = 12  # derivatives that are derived; of further ones, the value and the call that derives them


def label(*unnamed: Any, **named: Any) -> None:
    """Names Values: `label(a=a, b=b)` sets `a.label` to "a" and `b.label` to "b".

    In an array or a list, each Value gets the name with its indices, as in the notes. `label(x=x)` gives x₁, x₂, …; a
    matrix `W` gives w₁₁, w₁₂, …. A matrix `W2`, or the second matrix of a list `W`, gives w²₁₁, w²₁₂, ….

    Args:
        named: The Values by name, alone or in nested lists or arrays.
    Raises:
        TypeError: If something is no Value. Then no label is set.
    Example:
        >>> W = [[Value(0.1), Value(0.2)], [Value(0.3), Value(0.4)]]
        >>> label(W=W)
        >>> W[1][0].label
        'w₂₁'
    """
    if unnamed:
        raise TypeError(
            f"label takes Values by name: label(x=x), not label(x); got {type(unnamed[0]).__name__} {unnamed[0]!r:.60}"
        )
    entries = [entry for name, values in named.items() for entry in _entries(name, values, ())]
    for name, value in entries:
        _check(value, f"label names Values, and {name} is to be")
    for name, value in entries:
        value.label = name


def _entries(name: str, values: Any, indices: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    """Yields a pair (name, Value) for each element of nested lists or arrays. Indices count from 1."""
    if hasattr(values, "tolist"):  # an array
        values = values.tolist()
    if isinstance(values, list | tuple):
        for i, value in enumerate(values, 1):
            yield from _entries(name, value, (*indices, i))
    else:
        yield _entry(name, indices), values


def _entry(name: str, indices: tuple[int, ...]) -> str:
    """Returns the name with indices: `W` at (2, 1) is w₂₁; `W1` at (2, 1), or `W` at (1, 2, 1), is w¹₂₁."""
    if not indices:
        return name
    letter, layer = re.fullmatch(r"(.*?)(\d*)", name, re.DOTALL).groups()  # type: ignore[union-attr]  # always matches
    if len(indices) == 3 and not layer:
        layer, indices = str(indices[0]), indices[1:]
    return indexed(letter.lower() if len(letter) == 1 else letter, layer, indices)


def expression(value: Value) -> Formula:
    """Returns a formula for a Value in terms of the labelled Values that it depends on.

    `str` and `.text` are the formula on one line, `.latex` and `.mathml` are for a page, and `.sympy()` is a sympy
    expression (sympy is an extra).

    Raises:
        TypeError: If `value` is no Value.
    Example:
        >>> x = Value(0.5, "x")
        >>> print(expression((2 * x - 1).tanh() ** 2))
        tanh(2 · x − 1)²
    """
    _check(value, "expression writes")
    return LabelledGraph(value).forward(value)


class Derivation:
    """The result of `explain`: the chain rule, then the same in formulas, in numbers, and its value.

    Printing it shows `.text`.
    """

    def __init__(self, equations: Equations, value: float) -> None:
        self._equations = equations
        self.text: str = equations.text()  # the lines in Unicode
        self.latex: str = equations.latex()  # the lines for LaTeX's aligned
        self.value: float = value  # the derivative, by the slopes that the graph recorded

    @property
    def mathml(self) -> str:
        """The lines for a web page, aligned at their equals signs."""
        return self._equations.mathml()

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle \begin{{aligned}} {self.latex} \end{{aligned}}$"


def explain(output: Value, wrt: Value, errors: Mapping[Value, str] | None = None) -> Derivation:
    """Returns a derivation of ∂output/∂wrt from the recorded graph.

    If one path leads from `wrt` to `output`, the derivation is the chain rule along it. If several do, it is a sum over
    the labelled Values where the paths part; the derivatives by these follow. Of a sum,
    at most 8 terms are written; after 12 derivatives, further ones are given by their value.

    Args:
        output: The Value that is differentiated.
        wrt: The Value that it is differentiated by.
        errors: Names for derivatives by some Values, such as δ²₁ for ∂C/∂z²₁. The derivation then goes from one of
            these to the next. `nn.Comparison.errors` has those of a network.
    Raises:
        ValueError: If `output` does not depend on `wrt`, or if too many operations lie between two labels.
        TypeError: If `output`, `wrt` or a key of `errors` is no Value.
    Example:
        >>> x, w = Value(0.5, "x"), Value(-1.2, "w")
        >>> z = w * x
        >>> C = z.tanh() ** 2
        >>> label(z=z, C=C)
        >>> explain(C, w)
        ∂C/∂w = ∂z/∂w · ∂C/∂z
              = x · 2 · tanh′(z) · tanh(z)
              = 0.5 × (−0.764305)
              = −0.382153
    """
    _check(output, "explain differentiates")
    _check(wrt, "explain differentiates by")
    for value, name in (errors or {}).items():
        _check(value, "errors names the derivatives by")
        if not isinstance(name, str):
            raise TypeError(f"errors gives a derivative a name; got {type(name).__name__} {name!r:.40} for {value!r}")
    warn_of_changes("explain", output)
    found = LabelledGraph(output, wrt)
    if wrt not in found.names:
        turned = "; it is the other way round: explain(output, wrt)" if output in nodes(wrt) else ""
        raise ValueError(
            f"{output!r} does not depend on {wrt!r}: no path was recorded from the second to the first{turned}"
        )
    return Derivation(_Writer(found, dict(errors or {})).equations(wrt), found.totals[wrt])


class _Writer:
    """Writes the derivations on one graph. The derivation by a Value is written once."""

    def __init__(self, graph: LabelledGraph, errors: dict[Value, str]) -> None:
        self.graph = graph
        self.errors = errors
        self.told: set[Value] = set()

    def equations(self, wrt: Value) -> Equations:
        """Returns the derivation of ∂output/∂wrt."""
        graph = self.graph
        self.told.add(wrt)
        left, value = self.derivative(wrt), _number(graph.totals[wrt])
        if len(self.told) > MOST_DERIVATIVES:
            remedy = f" (derived by explain({graph.names[graph.output]}, {graph.names[wrt]}))"
            return Equations(left, [typesetting.joined(value, typesetting.label(remedy))], [])
        chain, node = [], wrt
        while node is not graph.output and len(graph.users[node]) == 1 and (node is wrt or node not in self.errors):
            chain.append(graph.users[node][0])
            node = chain[-1].above
        named = node is not wrt and node in self.errors
        fork = [] if named or node is graph.output else graph.users[node]
        ends = [node] if named else [factor.above for factor in fork[:MOST_TERMS] if factor.above is not graph.output]
        lines = []
        if chain or fork:
            told = [factor for factor in chain if not factor.is_one] or ([] if ends else chain[:1])
            head = [node] if named else []
            lines.append(self.line(head, fork, chain, self.partial, self.derivative))
            lines.append(self.line(head, fork, told, self.formula, self.derivative))
            numbers = (lambda factor: _number(factor.value)), (lambda value: _number(graph.totals[value]))
            lines.append(self.line(head, fork, told, *numbers, typesetting.CROSS))
        if lines and lines[0] == left:
            del lines[0]  # with a single factor, the line would be ∂C/∂a = ∂C/∂a
        lines.append(value)
        where = [self.equations(end) for end in dict.fromkeys(ends) if end not in self.told]
        return Equations(left, list(dict.fromkeys(line.alone for line in lines)), where)

    def line(
        self,
        head: list[Value],
        fork: list[Factor],
        chain: list[Factor],
        factor: Callable[[Factor], Piece],
        derivative: Callable[[Value], Piece],
        sign: Piece = typesetting.DOT,
    ) -> Piece:
        """Returns one line: the product along the chain; at a fork (BP2), the sum over its branches times the chain.

        As in BP4, a named δ replaces the factors before it.
        """
        if head:
            return _product([*map(derivative, head), *map(factor, chain[::-1])], sign)
        if not fork:
            return _product(map(factor, chain), sign)
        terms = []
        for f in fork[:MOST_TERMS]:
            rest = [] if f.above is self.graph.output else [derivative(f.above)]
            if factor == self.partial:  # a partial derivative, unless another path joins the same two Values
                alone = not any(f.above in self.beyond(g.above) for g in fork[:MOST_TERMS] if g is not f)
                terms.append(_product([self.partial(f) if alone else self.formula(f), *rest], sign))
            else:
                terms.append(_product([factor(f), *rest] if not (f.is_one and rest) else rest, sign))
        total = typesetting.summed(terms)
        if len(fork) > MOST_TERMS:
            paths = self.graph.paths[fork[0].below]
            more = typesetting.DOTS._replace(text=f"{len(fork) - MOST_TERMS} terms more, {paths} paths in all")
            total = typesetting.summed([total, more])
        return _product([fenced(total), *map(factor, chain[::-1])], sign) if chain else total

    def derivative(self, by: Value) -> Piece:
        """Returns the derivative ∂output/∂by, or its name if it has one."""
        if by in self.errors:
            return as_factor(Name(self.errors[by], 0.0))
        return self._ratio(self.graph.output, by)

    def beyond(self, value: Value) -> set[Value]:
        """Returns the labelled Values that depend on this one."""
        found = {value: None}
        for below in (listed := [value]):
            for factor in self.graph.users[below]:
                if factor.above not in found:
                    found[factor.above] = None
                    listed.append(factor.above)
        return set(found) - {value}

    def formula(self, factor: Factor) -> Piece:
        """Returns the factor ∂above/∂below as a formula."""
        return as_factor(factor.formula)

    def partial(self, factor: Factor) -> Piece:
        """Returns the symbol ∂above/∂below."""
        return self._ratio(factor.above, factor.below)

    def _ratio(self, above: Value, below: Value) -> Piece:
        return typesetting.ratio(as_factor(self.graph.names[above]), as_factor(self.graph.names[below]))


def _product(factors: Iterable[Piece], sign: Piece) -> Piece:
    """Returns the product. A factor with a minus sign is put in parentheses, unless it is the first before a dot."""
    factors = list(factors)
    if len(factors) > 1:
        leads = sign is not typesetting.CROSS
        factors = [f if (i == 0 and leads) or not f.unsigned else fenced(f) for i, f in enumerate(factors)]
    return product(factors, sign)


def _number(x: float) -> Piece:
    return typesetting.number(x, rounded)


def _check(value: Any, what: str) -> None:
    if not isinstance(value, Value):
        raise TypeError(f"{what} a Value; got {type(value).__name__} {value!r:.60}")
