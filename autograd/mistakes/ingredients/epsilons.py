"""Makes edits with another small constant ε, as in √(variance + ε): forgotten, another, or on the way back alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Leaf, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, listed, number
from ..judged import Given
from ..operations.functions import functions, inner

__all__ = ["epsilons"]

SMALL = 0.05  # a constant up to this size may be such an ε
OTHERS = (0.0, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12)  # 0: ε is forgotten; the rest are common values
MOST = 12  # the largest number of arrays that are tried alone


def epsilons(recorded: Recorded, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits whose backward pass uses numbers that were computed with another ε.

    These are the numbers of all arrays that depend on ε, or of one named array. The numbers of all arrays are used on
    the whole way to the wrong gradients, or only in the last step.
    """
    for at, constant in _constants(recorded):
        for other in OTHERS if constant <= SMALL else OTHERS[:1]:
            if other != constant:
                yield from _with_another(recorded, at, constant, other, wrong)
    yield from _added(recorded)


def _added(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that add ε to the denominators of a slope: to x for ln x, to y for y = √x, to b for a / b.

    Or ε is added to p (1 − p), where the cost has the logarithm of a named array p.
    """
    assignments, hidden = recorded.program.assignments, inner(recorded)
    for op in (table.LOG, table.SQRT, table.DIV):
        ways = {way: node for way in recorded.backward.passed
                if isinstance(node := assignments[way.number], Map) and node.op is op}  # fmt: skip
        under = {way: _denominator(node) for way, node in ways.items() if not hidden & {node.number, *_numbers(node)}}
        under = {way: q for way, q in under.items() if not isinstance(q, Constant)}
        for eps in OTHERS[1:] if under else ():
            factors = {way: (q.value / (q.value + eps)) ** (2 if op is table.DIV and way.position else 1)
                       for way, q in under.items()}  # fmt: skip
            rules = {way: partial(_times, recorded, way, factor) for way, factor in factors.items()}
            yield fixed(Change(rules=rules), _only_back(eps, listed(map(called, under.values()))), 3, rules)
        if op is table.LOG:
            for p in {q.number: q for q in under.values() if q.name and np.all((q.value > 0) & (q.value < 1))}.values():
                both = p.value * (1 - p.value)
                for eps in OTHERS[1:]:
                    change = Change(at={p.number: partial(np.multiply, both / (both + eps))})
                    yield fixed(change, _only_back(eps, f"{called(p)} (1 − {called(p)})"), 4)


def _only_back(eps: float, to: str) -> str:
    return f"{number(eps)} is added to {to} in the backward pass, but not in the forward pass"


def _numbers(node: Assignment) -> list[int]:
    return [operand.number for operand in node.operands]


def _denominator(node: Map) -> Assignment:
    return node if node.op is table.SQRT else node.operands[-1]


def _times(recorded: Recorded, way: Way, factor: Array, flow: Array) -> Array:
    return recorded.backward.through(way, flow * factor)


def _constants(recorded: Recorded) -> Iterator[tuple[list[Way], float]]:
    """Yields constants that are added, or that bound an array from below: the operands, and their number.

    Equal operands on one line of source are one constant; those of all lines are one too. The 1 of a function that is
    written out is none.
    """
    found: dict[object, list[Way]] = {}
    hidden = inner(recorded) | {function.y.number for function in functions(recorded)}
    for node in recorded.backward.order:
        for k, operand in enumerate(node.operands if _may_use(node) else ()):
            if not isinstance(operand, Constant) or operand.value.size != 1:
                continue
            value, key = operand.value.item(), node.place.at if node.place else node.number
            if 0 < abs(value) <= SMALL or (0 < value < np.inf and not _is_bound(node) and node.number not in hidden):
                found.setdefault((key, value), []).append(Way(node.number, k))
                found.setdefault(value, []).append(Way(node.number, k))
    for ways in {tuple(ways): ways for ways in found.values()}.values():
        first = recorded.target(ways[0])
        yield ways, first.value.item()


def _may_use(node: Assignment) -> bool:
    return isinstance(node, Map) and node.op in (table.ADD, table.MAX)


def _is_bound(node: Assignment) -> bool:
    return isinstance(node, Map) and node.op is table.MAX


def _with_another(
    recorded: Recorded, at: Sequence[Way], constant: float, other: float, wrong: Sequence[Given]
) -> Iterator[Edit]:
    assignments = recorded.program.assignments
    anew = Anew(recorded, {way: np.full(recorded.target(way).shape, other) for way in at})
    target = {way: recorded.target(way) for way in recorded.backward.passed}
    of_wrong = {given.assignment.number for given in wrong}
    rules = anew.rules()
    last = {way: rule for way, rule in rules.items() if target[way].number in of_wrong}
    before = {way: rule for way, rule in rules.items() if way in last or not isinstance(target[way], Leaf)}
    gradients = listed(f"d{called(given.assignment)}" for given in wrong)
    are = "are" if len(wrong) > 1 else "is"
    several = {frozenset(last): (f"the numbers in the last step to {gradients}", last),
               frozenset(before): (f"the numbers from which {gradients} {are} computed", before)}  # fmt: skip
    named = [k for k in anew.values if assignments[k].name][:MOST] if constant <= SMALL else []
    alone = [(f"the {assignments[k].name} that the backward pass uses", anew.rules([k])) for k in named]
    small = number(constant)
    if constant > SMALL:
        small += f", which is added in {listed(called(recorded.node(way)) for way in at)},"
    instead = f"{number(other)} is used instead of {small}" if other else f"the constant {small} is missing"
    for where, changed in (*several.values(), *alone):
        if changed:
            yield fixed(Change(rules=changed), f"{instead} in {where}", 2, changed)
