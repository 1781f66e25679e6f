"""Makes the normal form of a graph: sums of products, and other operations.

Sums, differences, products, multiples, quotients by a constant, squares and `dot` all have one form,
Σ c·u·v + Σ d·w + constant. A node of this form that is used once, by another such sum, melts into that sum: its terms
become terms of the sum. So a neuron's weighted input is the same, whether it was one `dot` or forty products and sums.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ... import table
from ...value import Value
from .graph import NOTHING, Graph, Terms
from .multiplying_out import multiply_out
from .nodes import Nodes, Numbers, Sum, each_once, starts

__all__ = ["NormalForm", "normal_form"]


class NormalForm(NamedTuple):
    """A graph whose inner nodes are sums of products and other operations; they are numbered as in `Graph`."""

    nodes: Nodes
    outputs: list[int]
    data: Numbers  # the values of leaves and plain numbers, by number; NaN for inner nodes
    plain: int  # plain numbers are numbered from here on
    apart: "NormalForm | None" = None  # the form before equal nodes were merged; None if there were none


def normal_form(graph: Graph, outputs: Sequence[Value]) -> NormalForm:
    """Returns the normal form of a graph: sums are melted into each other, and equal nodes are merged."""
    terms, ends = graph.terms, [graph.number[value] for value in outputs]
    nodes = _Melter(graph, terms, _melting(graph, terms, ends)).nodes()
    data = graph.data.copy()
    data[graph.first : graph.plain] = np.nan
    apart = NormalForm(nodes, ends, data, graph.plain)
    found, same = each_once(nodes, len(data))
    if found is nodes:
        return apart
    return apart._replace(outputs=same[ends].tolist(), nodes=found, apart=apart)


def _melting(graph: Graph, terms: Terms, ends: list[int]) -> list[bool]:
    """Returns a list with a bool for each node, by number: whether the node may melt into the sum that uses it.

    `_Melter` melts such a node only if floats can hold the coefficients too. A node may melt if it is a sum, is used
    once, and is no output. Three kinds of sums with products stay whole, although another sum uses them:

    - A sum that is multiplied by a number: −y·(Σ w a + b) stays a product. In a batch each example has its own y. If it
      were multiplied out, the one matrix product of all examples would be lost.
    - A sum that is subtracted, as z in a cost's y − z: the notes' z is Σ w a + b, not its negative.
    - A sum that is negated for an operation that is no sum, as z in e⁻ᶻ, for the same reason.
    """
    first, inner, size = graph.first, slice(graph.first, graph.plain), len(graph.data)
    is_sum, alone = terms.there, np.diff(terms.start) == 1
    whole = np.bincount(terms.owner, (terms.y != NOTHING) & (terms.x != terms.y), len(is_sum)) > 0
    melting, with_products, neg, sub, mul, squared = np.zeros((6, size), bool)
    melting[inner], with_products[inner] = is_sum, whole
    melting &= np.bincount(graph.operands, minlength=size) == 1
    melting[ends] = False
    for op, by in ((table.NEG, neg), (table.SUB, sub), (table.MUL, mul)):
        by[first + graph.at(op)] = True
    squared[terms.x[(terms.x == terms.y) & alone[terms.owner]]] = True
    negates = np.bincount(graph.owner, neg[graph.operands], len(is_sum)) > 0
    melts: list[bool] = melting.tolist()
    holds = with_products.tolist()
    for k in np.flatnonzero(np.where(is_sum, ~whole, negates)).tolist():
        node, operands = first + k, graph.operands[graph.start[k] : graph.start[k + 1]].tolist()
        if not is_sum[k]:
            for negated in (graph.operands[graph.start[v - first]] for v in operands if neg[v]):
                melts[negated] = melts[negated] and not holds[negated]
        elif alone[k] and not neg[node]:
            for v in operands:
                melts[v] = melts[v] and not holds[v]
        else:
            inside = [v for v in operands if holds[v] and melts[v]]
            if sub[node] and len(inside) == 1 and (squared[node] or (inside[0] == operands[1] and not mul[inside[0]])):
                melts[inside[0]] = False
            elif inside:
                holds[node] = True
    return melts


class _Melter:
    """Melts nodes into the sums that use them."""

    def __init__(self, graph: Graph, terms: Terms, melts: list[bool]) -> None:
        self.graph, self.terms, self.melts = graph, terms, melts
        self.start, self.x, self.y, self.c = (part.tolist() for part in (terms.start, terms.x, terms.y, terms.c))
        numbers = (graph.first + terms.owner[terms.multiples]).tolist()
        self.multiples = {
            number: t for number, t in zip(numbers, terms.multiples.tolist(), strict=True) if melts[number]
        }  # nodes c·x that melt, and the only term of each
        self.gone: set[int] = set()  # nodes that have melted

    def nodes(self) -> Nodes:
        """Returns the nodes that have not melted, with the terms of the nodes that have melted into them."""
        graph, terms, is_sum = self.graph, self.terms, self.terms.there
        n, first, (x, y) = len(is_sum), graph.first, (terms.x, terms.y)
        melting, multiple = np.zeros((2, len(graph.data)), bool)
        melting[:] = self.melts
        multiple[list(self.multiples)] = True
        linear, plain = y == NOTHING, x == NOTHING
        changing = np.zeros(n, bool)  # sums into which some node melts
        changing[terms.owner[np.where(linear, melting[x] & ~plain, multiple[x] | multiple[y])]] = True
        products, constant = np.zeros((2, n))
        owner: list[int] = []
        operands: list[int] = []
        scale: list[float] = []
        for k in np.flatnonzero(changing)[::-1].tolist():  # outputs first: what melts is in `gone` by then
            if first + k not in self.gone:
                u, v, c, w, d, constant[k] = self.sum(first + k)
                products[k] = len(u)
                owner += [k] * (2 * len(u) + len(w))
                operands += u + v + w
                scale += c + [1.0] * len(v) + d
        left = np.ones(n, bool)
        left[np.array([*self.gone], int) - first] = False
        stays = (left & ~changing)[terms.owner]
        pairs, singles, plain = stays & ~linear, stays & linear & ~plain, stays & plain
        products += np.bincount(terms.owner[pairs], minlength=n)
        constant += np.bincount(terms.owner[plain], terms.c[plain], n)
        applied = ~is_sum[graph.owner]
        parts: Any = (
            (owner, operands, scale),
            (terms.owner[pairs], x[pairs], terms.c[pairs]),
            (terms.owner[pairs], y[pairs], np.ones(pairs.sum())),
            (terms.owner[singles], x[singles], terms.c[singles]),
            (graph.owner[applied], graph.operands[applied], np.ones(applied.sum())),
        )
        owners, operands_of, scales = map(np.concatenate, zip(*parts, strict=True))
        order = np.argsort(owners.astype(int), kind="stable")
        rows = np.flatnonzero(left)
        return Nodes(
            first + rows,
            graph.ops,
            np.where(is_sum, 0, graph.kind)[rows],
            starts(np.bincount(owners.astype(int), minlength=n)[rows]),
            products[rows].astype(int),
            operands_of[order].astype(int),
            scales[order],
            constant[rows],
        )

    def sum(self, root: int) -> Sum:
        """Returns the terms of a node and of all nodes that melt into it, from left to right."""
        u, v, c, w, d, constant = Sum([], [], [], [], [], 0.0)
        first, xs, ys, cs, melts, multiples = self.graph.first, self.x, self.y, self.c, self.melts, self.multiples
        stack, melted = [(root, 1.0)], []
        while stack:
            node, scale = stack.pop()
            as_is = abs(scale) == 1.0 and constant == 0.0
            if node == root or (melts[node] and (as_is or self._melts(node, scale, constant))):
                melted.append(node)
            else:
                w.append(node)
                d.append(scale)
                continue
            later = []
            for t in range(self.start[node - first], self.start[node - first + 1]):
                x, y = xs[t], ys[t]
                if x == NOTHING:
                    constant += scale * cs[t]
                elif y == NOTHING:
                    later.append((x, scale * cs[t]))
                else:
                    coefficient = scale
                    if x in multiples or y in multiples:
                        x, y, coefficient = self._pulled(x, y, scale)
                    u.append(x)
                    v.append(y)
                    c.append(coefficient)
            stack += reversed(later)
        self.gone.update(melted[1:])
        return Sum(u, v, c, w, d, constant)

    def _melts(self, node: int, scale: float, constant: float) -> bool:
        """Returns whether a node that is multiplied by the scale may melt into a sum with this constant.

        The sum's new constant must be finite. For each term c·x of the node, `multiply_out` must allow scale · c. Terms
        x·y need no check, because their coefficient is 1 before.
        """
        k = node - self.graph.first
        for t in range(self.start[k], self.start[k + 1]):
            if self.x[t] == NOTHING:
                if not math.isfinite(constant + scale * self.c[t]):
                    return False
            elif self.y[t] == NOTHING and not multiply_out(scale, self.c[t]):
                return False
        return True

    def _pulled(self, a: int, b: int, scale: float) -> tuple[int, int, float]:
        """Returns the factors of a product without their plain numbers, and the scale that has these numbers."""
        if a == b:
            a, scale = self._inner(a, scale, squared=True)
            return a, a, scale
        a, scale = self._inner(a, scale)
        b, scale = self._inner(b, scale)
        return a, b, scale

    def _inner(self, factor: int, scale: float, squared: bool = False) -> tuple[int, float]:
        """Moves plain numbers out of a factor into the scale, as far as the scale can hold them; returns both."""
        while factor in self.multiples:
            t = self.multiples[factor]
            number = self.c[t]
            times = number * number if squared else number
            if not multiply_out(scale, times) or (squared and not multiply_out(number, number)):
                break
            self.gone.add(factor)
            factor, scale = self.x[t], scale * times
        return factor, scale
