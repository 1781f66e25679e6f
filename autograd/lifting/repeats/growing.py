"""Sums that grow by a term at each step: Σ of all earlier results, as in the solution of a triangular system.

Each becomes a node of its own, whose operand is the latest of these results. So the steps look alike, however many
terms they have.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..recorded.nodes import Applied, Sum
from .steps import Growing, Past, Unrolled
from .stretches import FEWEST, Flat, Run

__all__ = ["grown", "grows_evenly", "past", "whole_again", "without_latest"]


class Term(NamedTuple):
    """A term of a sum: a plain number times an earlier result, and times a leaf or nothing."""

    result: int
    weight: int  # −1 for nothing
    number: float


def grown(form: Unrolled) -> Unrolled | None:
    """The same graph, with such nodes; None if there are none. New nodes have the numbers from `form.size` on."""
    lengths = {len(node.u) + len(node.w) for node in form.nodes.values() if isinstance(node, Sum)}
    if len(lengths) < FEWEST:
        return None
    place = {number: i for i, number in enumerate(form.nodes)}
    found: dict[tuple[int, ...], list[tuple[int, list[Term]]]] = {}  # sums by the results that they are made of
    for number, node in form.nodes.items():
        if isinstance(node, Sum):
            for terms in _of_a_kind(form, node):
                terms.sort(key=lambda term: place[term.result])
                found.setdefault(tuple(term.result for term in terms), []).append((number, terms))
    chained = {results for results in found if results[:-1] in found or len(results) == 1}
    longest = [results for results in chained if len(results) >= FEWEST]
    taken: dict[int, list[list[Term]]] = {}
    for results in found:
        if results in chained and any(results == other[: len(results)] for other in longest):
            for number, terms in found[results]:
                taken.setdefault(number, []).append(terms)
    if not taken:
        return None
    nodes: dict[int, Sum | Applied | Growing] = {}
    size = form.size
    for number, node in form.nodes.items():
        if number in taken and isinstance(node, Sum):
            for terms in taken[number]:
                nodes[size] = Growing(*map(list, zip(*terms, strict=True)))
                node = _without(node, {(term.result, term.weight) for term in terms})
                node = node._replace(w=[*node.w, size], d=[*node.d, 1.0])
                size += 1
        nodes[number] = node
    return form._replace(nodes=nodes, size=size)  # type: ignore[arg-type]  # these nodes go again, into loops or sums


def _of_a_kind(form: Unrolled, node: Sum) -> list[list[Term]]:
    """The terms that are earlier results times leaves, those together whose results are made by one operation."""
    kinds: dict[Any, list[Term]] = {}
    inner = form.nodes
    for u, v, c in zip(node.u, node.v, node.c, strict=True):
        if (u in inner) != (v in inner):
            term = Term(u, v, c) if u in inner else Term(v, u, c)
            kinds.setdefault((_kind(inner[term.result]), True), []).append(term)
    for w, d in zip(node.w, node.d, strict=True):
        if w in inner:
            kinds.setdefault((_kind(inner[w]), False), []).append(Term(w, -1, d))
    return [terms for terms in kinds.values() if len({term.result for term in terms}) == len(terms)]


def _kind(node: Sum | Applied) -> int:
    return id(node.op) if isinstance(node, Applied) else 0


def _without(node: Sum, gone: set[tuple[int, int]]) -> Sum:
    """The sum without the terms of these results and weights."""
    products = [k for k, pair in enumerate(zip(node.u, node.v, strict=True)) if not {pair, pair[::-1]} & gone]
    singles = [k for k, w in enumerate(node.w) if (w, -1) not in gone]
    u, v, c = ([part[k] for k in products] for part in (node.u, node.v, node.c))
    return Sum(u, v, c, [node.w[k] for k in singles], [node.d[k] for k in singles], node.constant)  # type: ignore[arg-type]


def grows_evenly(flat: Flat, run: Run) -> bool:
    """Whether each such node of a run is made of all that one node of the block was at the steps before."""
    numbers = np.array(flat.numbers[run.at : run.until]).reshape(run.steps, run.period)
    owners = flat.owner[flat.start[run.at] : flat.start[run.at] + len(run.columns)] - run.at
    for k, column in zip(owners.tolist(), run.columns, strict=True):
        first: Any = flat.form.nodes[int(numbers[0, k])]
        if isinstance(first, Growing):
            if type(column) is not tuple or column[0] > 1:
                return False
            made = numbers[:, column[1]].tolist()
            for step, number in enumerate(numbers[:, k].tolist()):
                count = step + 1 - column[0]  # that of the block itself is among them, if it is not behind
                results = flat.form.nodes[number].results  # type: ignore[union-attr]
                if (
                    results[len(results) - count :] != made[:count]
                    or results[: len(results) - count] != (first.results[: len(first.results) - 1 + column[0]])
                ):
                    return False
    return True


def past(nodes: list[Growing], of: int) -> Past:
    """What such nodes are at the steps of a loop, as one node of its body."""
    first = nodes[0].results
    weights = np.full((len(nodes), len(first) + len(nodes)), -1)
    numbers = np.zeros(weights.shape)
    for step, node in enumerate(nodes):
        weights[step, : len(node.weights)] = node.weights
        numbers[step, : len(node.numbers)] = node.numbers
    return Past(of, first, weights, numbers)


def without_latest(node: Growing) -> Growing:
    """The same without its last term."""
    return Growing(node.results[:-1], node.weights[:-1], node.numbers[:-1])


def whole_again(nodes: dict[int, Any]) -> dict[int, Any]:
    """The nodes that are in no loop as the sums that they are."""
    made = {}
    for number, node in nodes.items():
        if isinstance(node, Growing):
            u, v, c, w, d = [], [], [], [], []
            for result, weight, x in zip(*node, strict=True):
                if weight < 0:
                    w.append(result)
                    d.append(x)
                else:
                    u.append(weight)
                    v.append(result)
                    c.append(x)
            node = Sum(u, v, c, w, d, 0.0)
        made[number] = node
    return made
