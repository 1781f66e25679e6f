"""Makes edits in which the backward pass belongs to another forward pass: one operation less, a sum over more, a sign.

The operations are a maximum, a clip, an absolute value, and arithmetic with a constant. Of a sum of products, the first
or last term may be left out, such as that of the intercept.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from ... import table
from ...programs.assignments import Assignment, Constant, Contraction, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, leading, listed
from ..rules import stopped

__all__ = ["omitted"]

MOST = 24  # the largest number of edits
ARITHMETIC = ("add", "sub", "mul", "div")


def omitted(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with the numbers of arrays without an operation, with a sum over all axes, or with another sign."""
    yield from islice(_less(recorded), MOST)
    yield from islice(_of_the_other_sign(recorded), MOST)
    yield from islice(_summed_over_all(recorded), MOST)
    yield from islice(_without_a_term(recorded), MOST)


def _less(recorded: Recorded) -> Iterator[Edit]:
    for node in recorded.backward.order:
        for way in recorded.backward.ways(node) if _may_be_left_out(node) else ():
            x = node.operands[way.position]
            if x.shape == node.shape:
                others = stopped(recorded, (other for other in recorded.backward.ways(node) if other != way))
                rules = Anew(recorded, {}, {node.number: x.value}).rules() | others | {way: np.positive}
                instead = f"{called(x)} is used instead of {called(node)} in the whole backward pass"
                text = f"{_left_out(node, way.position)}{instead}"
                yield fixed(Change(rules=rules), text, 4, (way,))


def _left_out(node: Assignment, position: int) -> str:
    """Returns the words for a factor or divisor that is left out, with a colon; "" for another operation."""
    if not isinstance(node, Map) or node.op not in (table.MUL, table.DIV):
        return ""
    what = "the factor" if node.op is table.MUL else "the division by"
    return f"{what} {called(node.operands[1 - position])} is left out: "


def _may_be_left_out(node: Assignment) -> bool:
    """Returns whether an array is a choice between branches, or a sum, product … of an array and a constant."""
    if isinstance(node, Map) and node.op.branches:
        return True
    is_arithmetic = isinstance(node, Contraction) or (isinstance(node, Map) and node.op.name in ARITHMETIC)
    return is_arithmetic and any(isinstance(operand, Constant) for operand in node.operands)


def _summed_over_all(recorded: Recorded) -> Iterator[Edit]:
    for node in recorded.backward.order:
        if isinstance(node, Contraction) and len(node.operands) == 1 and node.value.size > 1:
            ways = leading(recorded, node)
            rules = Anew(recorded, {}, {node.number: np.full(node.shape, node.value.sum())}).rules()
            text = f"the sum over the whole array is used instead of {called(node)} in the whole backward pass"
            yield fixed(Change({way: rule for way, rule in rules.items() if way not in ways}), text, 6, ways)


def _without_a_term(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with the numbers of a product of two arrays without the first or the last term of its sums."""
    for node in recorded.backward.order:
        if isinstance(node, Contraction) and len(node.operands) == 2 and len(node.summed) == 1:
            axis = node.letters[1].index(node.summed) if node.summed in node.letters[1] else -1
            size = node.operands[1].shape[axis]
            for which, k in (("first", 0), ("last", size - 1)) if axis >= 0 and size > 1 else ():
                without = node.operands[1].value.copy()
                without[(slice(None),) * axis + (k,)] = 0.0
                value = node.forward([node.operands[0].value, without])
                rules = Anew(recorded, {}, {node.number: value}).rules()
                text = (
                    f"{called(node)} is computed without the {which} term of its sum, such as an intercept's, where "
                    "the backward pass uses its numbers"
                )
                if rules and not np.array_equal(value, node.value):
                    yield fixed(Change(rules=rules), text, 5, rules)


def _of_the_other_sign(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with a + b in the place of a − b, and the reverse, in all arrays that one line made."""
    lines: dict[object, list[Assignment]] = {}
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.op in (table.ADD, table.SUB):
            lines.setdefault((node.place.at, node.op) if node.place else node.number, []).append(node)
    for nodes in lines.values():
        changed = {Way(node.number, 1): -node.operands[1].value for node in nodes}
        term = listed(dict.fromkeys(called(node.operands[1]) for node in nodes))
        text = f"{term} has the wrong sign in {listed(map(called, nodes))}, where the backward pass uses its numbers"
        ways = tuple(way for node in nodes for way in recorded.backward.ways(node))
        yield fixed(Change(rules=Anew(recorded, changed).rules()), text, 4, ways)
