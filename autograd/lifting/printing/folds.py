"""Finds reductions such as log Σ exp: one function computes the value and the slopes by all elements."""

from __future__ import annotations

from collections.abc import Iterator

from ...programs.assignments import Assignment, Fold, View
from ...programs.backward_kinds import Slope

__all__ = ["fold_of", "folds", "named_read"]


def fold_of(x: Assignment) -> Assignment | None:
    """Returns the reduction y if x has the slopes of y by all elements; None if x is something else."""
    if isinstance(x, Slope):
        y = x.operands[0]
        y = y.operands[0] if isinstance(y, View) and not y.name else y
        return y if isinstance(y, Fold) else None
    return None


def named_read(x: Assignment) -> Iterator[Assignment]:
    """Yields the named arrays that an assignment reads. Slopes of a reduction y do not read y: one call makes both."""
    for operand in x.operands if fold_of(x) is None else x.operands[1:]:
        if operand.name:
            yield operand
        else:
            yield from named_read(operand)


def folds(x: Assignment) -> Iterator[Assignment]:
    """Yields the reductions whose slopes an expression needs."""
    fold = fold_of(x)
    if fold is not None:
        yield fold
    for operand in x.operands:
        if not operand.name:
            yield from folds(operand)
