"""Common-subexpression elimination: an expression that is used more than once gets a name and its own assignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ...programs.assignments import Assignment, Constant, Contraction, View
from ...programs.backward_kinds import Buffer, Examples, Slope
from ...programs.roles import Role, code_name

__all__ = ["common_subexpressions_named"]


def common_subexpressions_named(*passes: Sequence[Assignment]) -> list[list[Assignment]]:
    """Returns the passes with new assignments t₁, t₂, …: one for each expression that is used more than once.

    The assignment stands before the first use of the expression.
    """
    uses = Counter(part for assignments in passes for x in assignments for part in _parts(x))
    made: list[list[Assignment]] = []
    count = 0
    for assignments in passes:
        found: list[Assignment] = []
        for x in assignments:
            for part in [*_parts(x)][::-1]:  # inner expressions first
                if uses[part] > 1 and not part.name:
                    count += 1
                    part.role = Role("t", count)
                    part.name = code_name(part.role)
                    found.append(part)
            found.append(x)
        made.append(found)
    return made


def _parts(x: Assignment) -> Iterator[Assignment]:
    """Yields the unnamed operands of x, and those inside them, that may get a name."""
    squared = isinstance(x, Contraction) and len(set(x.operands)) == 1  # code for x² contains x once
    for k, operand in enumerate(x.operands[:1] if squared else x.operands):
        if isinstance(x, Slope) and k not in x.uses:
            continue
        if not operand.name and not isinstance(operand, Constant | Buffer | Examples):
            if not _is_short(operand):
                yield operand
            yield from _parts(operand)


def _is_short(x: Assignment) -> bool:
    """Returns whether x is a named array with added or dropped axes of length 1: too short to need a name."""
    if not isinstance(x, View) or not x.operands[0].name:
        return False
    long, of = (tuple(k for k in shape if k > 1) for shape in (x.shape, x.operands[0].shape))
    return long == of and bool((np.diff(x.index.ravel()) == 1).all())
