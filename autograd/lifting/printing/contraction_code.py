"""Writes sums of products as code: a sum over axes, matrix products, an outer product, or einsum.

Axes are letters; n is the axis of the examples.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...programs.assignments import Assignment
from .dialects import NUMPY, Dialect
from .pieces import Code, call, held

__all__ = ["ONES", "Operand", "contracted"]

ONES = Code("ones")  # an array with a 1 for each example
LARGE = 512  # numbers: for arrays so large, a copy saves more time than it takes


class Operand(NamedTuple):
    """An array, its code and its axes."""

    of: Assignment
    code: Code
    axes: str


def contracted(
    operands: Sequence[Operand], out: str, extents: Mapping[str, int | str], dialect: Dialect = NUMPY
) -> Code:
    """Returns code for the product of the operands, summed over the axes that are not in `out`."""
    found = None
    if len(operands) == 1:
        alone = _summed(operands[0], out, dialect)
        return _transposed(alone.code, alone.axes, out, dialect)
    if len(operands) == 2:
        a, b = (_summed(x, "".join(k for k in x.axes if k in out or k in other.axes), dialect)
                for x, other in zip(operands, operands[::-1], strict=True))  # fmt: skip
        ways = [_all(a, b, out, dialect)]
        ways += [_product(x, y, out, extents, turn, dialect) for turn in (False, True) for x, y in ((a, b), (b, a))]
        found = next((way for way in ways if way is not None), None)
    if found is None:
        axes = ",".join(x.axes for x in operands)
        return Code(f'{dialect.module}.einsum("{axes}->{out}", {", ".join(held(x.code) for x in operands)})')
    return found


def _summed(x: Operand, out: str, dialect: Dialect) -> Operand:
    """Returns an operand, summed over the axes that are not in `out`."""
    axes = [k for k, letter in enumerate(x.axes) if letter not in out]
    if not axes:
        return x
    kept = "".join(k for k in x.axes if k in out)
    if (
        dialect.for_blas and kept[:1] == "n" and axes == [len(x.axes) - 1]
    ):  # .sum(axis=-1) is slow where the axis is short
        return Operand(x.of, Code(f'np.einsum("{x.axes}->{kept}", {held(x.code)})'), kept)
    if dialect.for_blas and len(kept) < 2 and x.axes == "n" + kept:
        return Operand(x.of, ONES.then(f".dot({held(x.code)})"), kept)  # BLAS adds up faster, and `dot` sooner than @
    where = "" if len(axes) == len(x.axes) else f"axis={axes[0] if len(axes) == 1 else tuple(axes)}"
    return Operand(x.of, x.code.then(f".sum({where})"), "".join(k for k in x.axes if k in out))


def _all(a: Operand, b: Operand, out: str, dialect: Dialect) -> Code | None:
    """Returns code for an elementwise product, summed over all elements or some axes; None if it is no such sum.

    For NumPy, it also returns None where such code is slow.
    """
    axes = [k for k, letter in enumerate(a.axes) if letter not in out]
    if a.axes != b.axes or "".join(k for k in a.axes if k in out) != out or not axes:
        return None
    same = a.of is b.of
    if dialect.for_blas:
        if not out and (not same or a.code.is_name):
            return call("np.vdot", a.code, b.code)
        if not same or out not in ("", a.axes[:1]):
            return None
    where = "" if not out else f"axis={axes[0] if len(axes) == 1 else tuple(axes)}"
    product: Code = a.code**2 if same else a.code * b.code
    return product.then(f".sum({where})")


def _product(
    a: Operand, b: Operand, out: str, extents: Mapping[str, int | str], turn: bool, dialect: Dialect
) -> Code | None:
    """Returns code for a matrix product a @ b, a stack of them, or an outer product; None if it is none of these.

    The rows of a and the columns of b are axes of the result. With `turn`, the code may transpose the result.
    """
    both = "".join(k for k in out if k in a.axes and k in b.axes)
    summed = "".join(k for k in b.axes if k in a.axes and k not in out)
    left, right = ("".join(k for k in x.axes if k in out and k not in both) for x in (a, b))
    if both:
        return _stack(a, b, both, left, right, summed, out, dialect) if turn or both + left + right == out else None
    if left + right != out and not turn:
        return None
    if not summed:
        is_outer = len(left) == len(right) == 1 and left + right == out
        return call(f"{dialect.module}.outer", a.code, b.code) if is_outer else None
    one, other = _matrix(a, left, summed, extents, dialect), _matrix(b, summed, right, extents, dialect)
    if dialect.for_blas and "n" in left and b.axes == right + summed and _size(b.axes, extents) >= LARGE:
        other = other.then(".copy()")  # BLAS is slow on a transposed matrix here
    made = one @ other
    if len(left) > 1 or len(right) > 1:
        made = made.then(f".reshape({', '.join(str(extents[k]) for k in left + right)})")
    return _transposed(made, left + right, out, dialect)


def _matrix(x: Operand, rows: str, columns: str, extents: Mapping[str, int | str], dialect: Dialect) -> Code:
    """Returns code for the array as a matrix; rows and columns may each be several axes."""
    turned = x.axes == columns + rows and x.axes != rows + columns
    first, last = (columns, rows) if turned else (rows, columns)
    made = _transposed(x.code, x.axes, first + last, dialect)
    if len(first) > 1 or len(last) > 1:
        shape = ["-1" if len(k) > 1 and k == (first if len(first) > 1 else last) else _extent(k, extents)
                 for k in (first, last) if k]  # fmt: skip
        made = made.then(f".reshape({', '.join(shape)})")
    return made.then(".T") if turned and rows else made


def _size(axes: str, extents: Mapping[str, int | str]) -> int:
    return math.prod(k for k in (extents[axis] for axis in axes) if isinstance(k, int))


def _extent(axes: str, extents: Mapping[str, int | str]) -> str:
    return str(_size(axes, extents)) if "n" not in axes else "n" if axes == "n" else "-1"


def _transposed(x: Code, axes: str, wanted: str, dialect: Dialect) -> Code:
    """Returns code that puts the axes in another order."""
    if axes == wanted:
        return x
    order = [axes.index(k) for k in wanted]
    if len(order) > 2 and order == [*range(len(order) - 2), len(order) - 1, len(order) - 2]:
        return x.then(".swapaxes(-1, -2)")
    return x.then(".T" if order == [1, 0] else f".{dialect.permuted}({', '.join(map(str, order))})")


def _stack(
    a: Operand, b: Operand, both: str, left: str, right: str, summed: str, out: str, dialect: Dialect
) -> Code | None:
    """Returns code for a stack: a matrix product for each position along the axes that a, b and the result share."""
    if len(summed) != 1 or len(left) > 1 or len(right) > 1 or not left + right:
        return None
    one = _transposed(a.code, a.axes, both + left + summed, dialect)
    other = _transposed(b.code, b.axes, both + summed + right, dialect)
    if dialect.for_blas and b.axes == both + right + summed:
        other = other.then(".copy()")  # BLAS is slow on transposed matrices here
    one = one if left else one.then("[..., None, :]")
    other = other if right else other.then("[..., None]")
    made = (one @ other).then("[..., 0, :]" if not left else "[..., 0]" if not right else "")
    return _transposed(made, both + left + right, out, dialect)
