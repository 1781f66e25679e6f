"""`explain`: the graph writes its own derivation, from the operations it recorded and the labels it was given.

Labelled values are the stations of a derivation; what lies between two of them melts into one factor. Each operation's
slope is the table's: its short form where that is a function's derivative (σ′), its rule in symbols otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ..diagnostics.changes import warn_of_changes
from ..value import Value
from ..walk import nodes
from ..writing import latex_function, latex_number, rounded
from .algebra import Formula, Name, is_compound
from .stations import Factor, Stations

__all__ = ["Derivation", "explain", "expression", "label"]

MOST_TERMS = 8  # of a sum over paths that are written out; the rest is counted
MOST_DERIVATIVES = 12  # that are derived in turn; of the others the value is told


def label(**values: Value) -> None:
    """Name Values as they are called: `label(a=a, b=b)` sets `a.label` to "a" and `b.label` to "b".

    Raises TypeError, and names none, if one of them is no Value.
    """
    for name, value in values.items():
        _check(value, f"label names Values, and {name} is to be")
    for name, value in values.items():
        value.label = name


def expression(value: Value) -> Formula:
    """A value in terms of the labelled values it was made from; TypeError for what is no Value.

    `str` and `.text()` write the formula on a line, `.latex()` and `.mathml()` for a page; `.sympy()` hands it to
    sympy (an extra).

        >>> x = Value(0.5, "x")
        >>> print(expression((2 * x - 1).tanh() ** 2))
        tanh(2 · x − 1)²
    """
    _check(value, "expression writes")
    return Stations(value).forward(value)


class Written(NamedTuple):
    """The same mathematics twice."""

    text: str
    latex: str


class Derivation:
    """What `explain` found.

    Its lines are the chain rule, the same in formulas, in numbers, and the value. Printing it shows `.text`.
    """

    def __init__(self, left: Written, lines: list[Written], value: float, where: list[Written]) -> None:
        margin = " " * len(left.text)
        shown = [f"{margin if i else left.text} = {line.text}" for i, line in enumerate(lines)]
        told = [f"{'' if i else left.latex} &= {line.latex}" for i, line in enumerate(lines)]
        for other in where:
            shown += [("where " if i == 0 else "      ") + line for i, line in enumerate(other.text.splitlines())]
            told.append(other.latex)
        self.text: str = "\n".join(shown)  # the lines in Unicode
        self.latex: str = r" \\ ".join(told)  # the same for LaTeX's aligned
        self.value: float = value  # the derivative, by the slopes that the graph recorded

    @property
    def mathml(self) -> str:
        """The lines for a web page, their equals signs under each other."""
        from .mathml import aligned  # here, as pages alone need it

        return aligned(self.latex)

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle \begin{{aligned}} {self.latex} \end{{aligned}}$"


def explain(output: Value, wrt: Value, errors: Mapping[Value, str] | None = None) -> Derivation:
    """A derivation of ∂output/∂wrt from the recorded graph.

    If one path leads from `wrt` to `output`, it is the chain rule along it; if several do, a sum over the stations
    where they part, whose own derivatives follow. `errors` gives derivatives by some values a name of their own, such
    as δ²₁ for ∂C/∂z²₁ (`nn.Comparison.errors` has a network's); the derivation goes from one to the next. σ is the
    sigmoid, or the graph's only activation, which is said then. What is more than a page holds is counted. Raises
    ValueError if `wrt` has no part in `output`, or if too much lies between two labels, TypeError for no Values.

        >>> x, w = Value(0.5, "x"), Value(-1.2, "w")
        >>> z = w * x
        >>> C = z.tanh() ** 2
        >>> label(z=z, C=C)
        >>> explain(C, w)
        ∂C/∂w = ∂z/∂w · ∂C/∂z
              = x · 2 · σ′(z) · σ(z)
              = 0.5 × (−0.764305)
              = −0.382153
        where σ = tanh
    """
    _check(output, "explain differentiates")
    _check(wrt, "explain differentiates by")
    for value, name in (errors or {}).items():
        _check(value, "errors names the derivatives by")
        if not isinstance(name, str):
            raise TypeError(f"errors gives a derivative a name; got {type(name).__name__} {name!r:.40} for {value!r}")
    warn_of_changes("explain", output)
    found = Stations(output, wrt)
    if wrt not in found.names:
        turned = ": it is the other way round, explain(output, wrt)" if output in nodes(wrt) else ""
        raise ValueError(
            f"{wrt!r} has no part in {output!r}; nothing that was recorded leads from the one to the other{turned}"
        )
    return _Writer(found, dict(errors or {})).derivation(wrt)


class _Writer:
    """Writes derivations on the same stations, each station's once."""

    def __init__(self, stations: Stations, errors: dict[Value, str]) -> None:
        self.stations = stations
        self.errors = errors
        self.told: set[Value] = set()

    def derivation(self, wrt: Value) -> Derivation:
        """∂output/∂wrt."""
        s, outermost = self.stations, not self.told
        self.told.add(wrt)
        if len(self.told) > MOST_DERIVATIVES:
            return Derivation(self.derivative(wrt), [_number(s.totals[wrt])], s.totals[wrt], [])
        chain, node = [], wrt
        while node is not s.output and len(s.users[node]) == 1 and (node is wrt or node not in self.errors):
            chain.append(s.users[node][0])
            node = chain[-1].above
        named = node is not wrt and node in self.errors
        fork = [] if named or node is s.output else s.users[node]
        ends = [node] if named else [factor.above for factor in fork[:MOST_TERMS] if factor.above is not s.output]
        lines = []
        if chain or fork:
            told = [factor for factor in chain if not factor.is_one] or ([] if ends else chain[:1])
            head = [node] if named else []
            lines.append(self.line(head, fork, chain, self.partial, self.derivative, "·"))
            lines.append(self.line(head, fork, told, self.formula, self.derivative, "·"))
            lines.append(self.line(head, fork, told, lambda f: _number(f.value), lambda v: _number(s.totals[v]), "×"))
        if lines and lines[0] == self.derivative(wrt):
            del lines[0]  # a single factor: ∂C/∂a = ∂C/∂a tells nothing
        lines.append(_number(s.totals[wrt]))
        derived = [self.derivation(end) for end in dict.fromkeys(ends) if end not in self.told]
        where = [Written(other.text, other.latex) for other in derived]
        if outermost and s.sigma and any("σ" in written.text for written in (*lines, *where)):
            where.append(Written(f"σ = {s.sigma.symbol}", rf"\sigma &= {latex_function(s.sigma.symbol)}"))
        return Derivation(self.derivative(wrt), list(dict.fromkeys(lines)), s.totals[wrt], where)

    def line(
        self,
        head: list[Value],
        fork: list[Factor],
        chain: list[Factor],
        factor: Callable[[Factor], Written],
        derivative: Callable[[Value], Written],
        sign: str,
    ) -> Written:
        """One line: the product along the chain, or as BP2 has it, the sum at the fork times the way back to wrt.

        As BP4 has it, a derivative that bears a name stands at the head for all that would come before it.
        """
        if head:
            return _product([*map(derivative, head), *map(factor, chain[::-1])], sign)
        if not fork:
            return _product(map(factor, chain), sign)
        terms = []
        for f in fork[:MOST_TERMS]:
            rest = [] if f.above is self.stations.output else [derivative(f.above)]
            if factor == self.partial:  # a partial between stations, unless other ways lead from one to the other too
                alone = not any(f.above in self.beyond(g.above) for g in fork[:MOST_TERMS] if g is not f)
                terms.append(_product([self.partial(f) if alone else self.formula(f), *rest], sign))
            else:
                terms.append(_product([factor(f), *rest] if not (f.is_one and rest) else rest, sign))
        text, latex = _sum(terms)
        if len(fork) > MOST_TERMS:
            paths = self.stations.paths[fork[0].below]
            text += f" + {len(fork) - MOST_TERMS} terms more, {paths} paths in all"
            latex += r" + \cdots"
        total = Written(text, latex)
        return _product([_in_parentheses(total), *map(factor, chain[::-1])], sign) if chain else total

    def derivative(self, by: Value) -> Written:
        """∂output/∂by, or the name it has been given."""
        if by in self.errors:
            return _as_factor(Name(self.errors[by], 0.0))
        return self._quotient(self.stations.output, by)

    def beyond(self, station: Value) -> set[Value]:
        """The stations to which ways lead from this one."""
        found = {station: None}
        for below in (listed := [station]):
            for factor in self.stations.users[below]:
                if factor.above not in found:
                    found[factor.above] = None
                    listed.append(factor.above)
        return set(found) - {station}

    def formula(self, factor: Factor) -> Written:
        """∂above/∂below as a formula."""
        return _as_factor(factor.formula)

    def partial(self, factor: Factor) -> Written:
        """∂above/∂below."""
        return self._quotient(factor.above, factor.below)

    def _quotient(self, above: Value, below: Value) -> Written:
        a, b = (_as_factor(self.stations.names[value]) for value in (above, below))
        return Written(f"∂{a.text}/∂{b.text}", rf"\frac{{\partial {a.latex}}}{{\partial {b.latex}}}")


def _product(factors: Iterable[Written], sign: str) -> Written:
    factors = list(factors)
    if len(factors) > 1:
        factors = [f if i == 0 and sign == "·" else _after_a_sign(f) for i, f in enumerate(factors)]
    between = r" \cdot " if sign == "·" else r" \times "
    return Written(f" {sign} ".join(f.text for f in factors), between.join(f.latex for f in factors))


def _as_factor(f: Formula) -> Written:
    """The formula, in parentheses if a product asks for them."""
    written = Written(f.text(), f.latex())
    return _in_parentheses(written) if is_compound(f) else written


def _after_a_sign(f: Written) -> Written:
    return _in_parentheses(f) if f.text.startswith("−") else f


def _in_parentheses(f: Written) -> Written:
    return Written(f"({f.text})", rf"\left({f.latex}\right)")


def _sum(terms: list[Written]) -> Written:
    text, latex = terms[0]
    for term in terms[1:]:
        taken = term.text.startswith("−")
        text += f" − {term.text[1:]}" if taken else f" + {term.text}"
        latex += f" - {term.latex[1:]}" if taken else f" + {term.latex}"
    return Written(text, latex)


def _number(x: float) -> Written:
    return Written(rounded(x), latex_number(rounded(x)))


def _check(value: Any, what: str) -> None:
    if not isinstance(value, Value):
        raise TypeError(f"{what} a Value; got {type(value).__name__} {value!r:.60}")
