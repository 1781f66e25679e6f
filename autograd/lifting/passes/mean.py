"""Sums the result of a program over the examples, for its mean.

Where possible, the expression that computes the result also sums over the examples. Then no array holds one result for
each example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ... import table
from ...programs.assignments import Assignment, Contraction, Map
from .arithmetic import added, negated, subtracted, summed_to, times
from .uses import read

__all__ = ["only_in_result", "summed_over_examples"]


def only_in_result(
    result: Assignment, forward: Sequence[Assignment], backward: Iterable[Assignment]
) -> set[Assignment]:
    """Returns the assignments that need no line of their own, because the line of the mean contains them.

    The result is one of them if nothing reads it. If, besides, the result is an elementwise operation, the sums of
    products that only the result reads belong to them too.
    """
    uses: Counter[Assignment] = Counter()
    for assignment in (*forward, *backward):
        uses.update(read(assignment))
    found = {result} if not uses[result] else set()
    if found and isinstance(result, Map):
        found |= {x for x in read(result) if uses[x] == 1 and isinstance(x, Contraction)}
    return found & {*forward}


def summed_over_examples(x: Assignment, inline: set[Assignment], n: Assignment) -> Assignment:
    """Returns the sum of x over the examples; x is one number for each example."""
    if not x.varies:
        return times(n, x)
    if isinstance(x, Contraction) and (x in inline or not x.name):
        return replace(x, varies=False, name="", role=None)
    if isinstance(x, Map) and (x in inline or not x.name):
        parts = [summed_over_examples(part, inline, n) for part in x.operands if part.varies or x.op is not table.MUL]
        if x.op is table.ADD:
            return added(*parts)
        if x.op is table.SUB:
            return subtracted(*parts)
        if x.op is table.NEG:
            return negated(*parts)
        if x.op is table.MUL and len(parts) == 1:
            (plain,) = (part for part in x.operands if not part.varies)
            return times(plain, *parts)
    return summed_to(x, x.shape, True, n, n)
