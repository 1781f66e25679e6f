"""Finds sums that grow by a term at each step: sums over all earlier results, as in solving a triangular system.

The growing part of a sum becomes a node `Growing`, whose only operand is the latest result. So all steps have the same
form, although the number of their terms differs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..recorded.nodes import Applied, Sum
from .steps import Growing, Past, Unrolled
from .stretches import FEWEST, Flat, Run

__all__ = ["grown", "grows_evenly", "past", "whole_again", "without_latest"]


class Term(NamedTuple):
    """A term of a sum: number · result, or number · weight · result, where the weight is a leaf."""

    result: int
    weight: int  # −1 for no weight
    number: float


def grown(form: Unrolled) -> Unrolled | None:
    """Returns the graph with `Growing` nodes, numbered from `form.size` on; None if it has no growing sums."""
    lengths = {len(node.u) + len(node.w) for node in form.nodes.values() if isinstance(node, Sum)}
    if len(lengths) < FEWEST:
        return None
    place = {number: i for i, number in enumerate(form.nodes)}
    found: dict[tuple[int, ...], list[tuple[int, list[Term]]]] = {}  # sums and their terms, by the results in them
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
    return form._replace(nodes=nodes, size=size)  # type: ignore[arg-type]  # loops and `whole_again` remove these nodes


def _of_a_kind(form: Unrolled, node: Sum) -> list[list[Term]]:
    """Returns lists of the terms number · result, or number · weight · result, of a sum.

    Each list has terms of one form, whose results were made by one operation. Lists with a result twice are left out.
    """
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
    """Returns the sum without the terms that have these results and weights."""
    products = [k for k, pair in enumerate(zip(node.u, node.v, strict=True)) if not {pair, pair[::-1]} & gone]
    singles = [k for k, w in enumerate(node.w) if (w, -1) not in gone]
    u, v, c = ([part[k] for k in products] for part in (node.u, node.v, node.c))
    return Sum(u, v, c, [node.w[k] for k in singles], [node.d[k] for k in singles], node.constant)  # type: ignore[arg-type]


def grows_evenly(flat: Flat, run: Run) -> bool:
    """Returns whether each growing sum of a run is over one node of the block at all earlier steps.

    The same results before the run may also be in the sums of all steps.
    """
    numbers = np.array(flat.numbers[run.at : run.until]).reshape(run.rows.shape)
    for k, columns in enumerate(run.columns):
        first: Any = flat.form.nodes[int(numbers[0, k])]
        if isinstance(first, Growing):
            column = columns[0]
            if type(column) is not tuple or column[0] > 1:
                return False
            made = numbers[:, column[1]].tolist()
            for step, number in enumerate(numbers[:, k].tolist()):
                count = step + 1 - column[0]  # the result of the same step counts, if the sum reads it
                results = flat.form.nodes[number].results  # type: ignore[union-attr]
                if (
                    results[len(results) - count :] != made[:count]
                    or results[: len(results) - count] != (first.results[: len(first.results) - 1 + column[0]])
                ):
                    return False
    return True


def past(nodes: list[Growing], of: int) -> Past:
    """Returns one node of a loop's body for the growing sums of all steps; `of` is the node that they sum."""
    first = nodes[0].results
    weights = np.full((len(nodes), len(first) + len(nodes)), -1)
    numbers = np.zeros(weights.shape)
    for step, node in enumerate(nodes):
        weights[step, : len(node.weights)] = node.weights
        numbers[step, : len(node.numbers)] = node.numbers
    return Past(of, first, weights, numbers)


def without_latest(node: Growing) -> Growing:
    """Returns the growing sum without its last term."""
    return Growing(node.results[:-1], node.weights[:-1], node.numbers[:-1])


def whole_again(nodes: dict[int, Any]) -> dict[int, Any]:
    """Returns the nodes, with growing sums that are in no loop turned into ordinary sums again."""
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
