"""Writes sums of products in equations: W x, δ xᵀ, q kᵀ, ‖y − a‖², Σ y ∘ z; other sums with their axes written out.

Vectors are columns. The vectors of all examples, side by side, are a matrix, so δ xᵀ is a sum over the examples. Other
sums over the examples are Σ of the expression for one example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .pieces import Shown, matrix_product, outer_product, shown, squared_norm, summed

__all__ = ["Operand", "contracted"]

KEPT, SUMMED = "ijklm", "pqrst"  # letters of axes that are written out: of the result, and summed over


class Operand(NamedTuple):
    """An array, the letters of its axes, and whether it varies from example to example."""

    shown: Shown
    axes: str
    varies: bool = False


def contracted(operands: Sequence[Operand], out: str, varies: bool, extents: Mapping[str, int]) -> Shown:
    """Returns the operands' product, summed over the axes that are not in `out`, as a piece.

    If an operand varies by example and the result does not, the product is summed over the examples too.
    """
    over_examples = not varies and any(x.varies for x in operands)
    if over_examples and len(operands) == 2 and all(x.varies and len(x.axes) == 1 for x in operands):
        a, b = operands if operands[0].axes == out[:1] else operands[::-1]
        if a.axes + b.axes == out:
            return matrix_product(a.shown, b.shown.transposed)
    product, is_sum = _of_each(operands, out, extents)
    made = summed(product) if over_examples or is_sum else product
    made.axes = product.axes
    return made


def _of_each(operands: Sequence[Operand], out: str, extents: Mapping[str, int]) -> tuple[Shown, bool]:
    """Returns the product for one example, and whether Σ belongs in front of it."""
    first, *others = operands
    summed_axes = [k for k in extents if k not in out and any(k in x.axes for x in operands)]
    is_sum = any(extents[k] > 1 for k in summed_axes)
    if not others:
        kept = "".join(k for k in first.axes if k in out)
        return (first.shown.transposed if kept != out else first.shown), is_sum
    if all(x.axes in ("", max(operands, key=lambda x: len(x.axes)).axes) for x in operands):
        return _elementwise(operands, out, is_sum)
    if len(operands) == 2:
        a, b = operands
        alone = {k for k in summed_axes if (k in a.axes) != (k in b.axes)}
        a, b = (_without(x, alone, extents) for x in (a, b))
        for left, right in ((a, b), (b, a)):
            found = _matrices(left, right, out)
            if found is not None:
                return found, False
        for left, right in ((a, b), (b, a)):
            for one in _ways(left):
                for other in _ways(right):
                    if one.axes and other.axes and one.axes + other.axes == out:
                        return outer_product(one.shown, other.shown), False
        if not set(summed_axes) - alone and (set(a.axes) <= set(b.axes) or set(b.axes) <= set(a.axes)):
            return a.shown * b.shown, False
    return _written_out(operands, out, is_sum)


def _ways(x: Operand) -> list[Operand]:
    """Returns a list: a matrix and its transpose, or only the array if it is no matrix."""
    return [x, Operand(x.shown.transposed, x.axes[::-1], x.varies)] if len(x.axes) == 2 else [x]


def _elementwise(operands: Sequence[Operand], out: str, is_sum: bool) -> tuple[Shown, bool]:
    """Returns the elementwise product of operands, and whether Σ belongs in front; ‖x‖² for the sum of squares."""
    product = shown(1.0)
    for x in operands:
        product = product * x.shown
    same = len(operands) == 2 and operands[0].shown.piece == operands[1].shown.piece
    if same and is_sum and not out:
        return squared_norm(operands[0].shown), False
    return product, is_sum


def _without(x: Operand, axes: set[str], extents: Mapping[str, int]) -> Operand:
    """Returns the operand, summed over these axes."""
    mine = "".join(k for k in x.axes if k not in axes)
    is_sum = any(extents[k] > 1 for k in set(x.axes) & axes)
    return Operand(summed(x.shown) if is_sum else x.shown, mine, x.varies)


def _matrices(a: Operand, b: Operand, out: str) -> Shown | None:
    """Returns A B if the rows of the result are axes of a, and its columns axes of b; None otherwise.

    Axes that come first in a, b and the result are a stack: there is a product for each position along them. Several
    axes side by side count as one.
    """
    stack = "".join(k for k in a.axes if k in b.axes and k in out)
    if any(axes[: len(stack)] != stack for axes in (a.axes, b.axes, out)):
        return None
    left, right, made = (axes[len(stack) :] for axes in (a.axes, b.axes, out))
    middle = "".join(k for k in left if k in right)
    rows, columns = ("".join(k for k in axes if k not in middle) for axes in (left, right))
    if rows + columns != made or not rows:
        return None
    if not middle and (len(rows), len(columns)) != (1, 1):
        return None
    one = a.shown if left == rows + middle else a.shown.transposed if left == middle + rows else None
    if not columns and right != middle:
        other = b.shown.transposed if right == middle[::-1] else None
    elif not middle:
        other = b.shown.transposed
    else:
        other = b.shown if right == middle + columns else b.shown.transposed if right == columns + middle else None
    return None if one is None or other is None else matrix_product(one, other)


def _written_out(operands: Sequence[Operand], out: str, is_sum: bool) -> tuple[Shown, bool]:
    """Returns the product with the axes of each operand written out, and whether Σ belongs in front.

    The result has the axes i, j, k … in this order; p, q … are summed over.
    """
    letters = dict(zip(out, KEPT, strict=False))
    for x in operands:
        for axis in x.axes:
            if axis not in letters:
                letters[axis] = SUMMED[len(letters) - len(out)]
    product = shown(1.0)
    for x in operands:
        axes = "".join(letters[axis] for axis in x.axes)
        number, inner = x.shown.apart()
        product = product * number * inner.indexed(axes)
    product.axes = "".join(letters[axis] for axis in out)
    return product, is_sum
