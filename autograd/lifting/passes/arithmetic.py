"""Does arithmetic on the arrays of a program, and simplifies the results as a person would.

Plain numbers are multiplied out, factors of 1 are left out, −(y − a) becomes a − y. An array may stand for the larger
array to which it can be broadcast. A plain number is a constant array of shape ().
"""

from __future__ import annotations

import numpy as np

from ... import table
from ...operation import Op
from ...programs.assignments import Assignment, Constant, Contraction, Map, View
from ...programs.backward_kinds import Examples
from ..layout import Ids, Shape, full_rank, in_order, whole
from ..recorded.multiplying_out import multiply_out

__all__ = ["added", "broadcast", "in_front", "is_condition", "is_number",
           "mapped", "negated", "number", "number_of", "placed", "reshaped", "spread", "subtracted", "summed_to",
           "times", "unshaped", "view"]  # fmt: skip


def number(x: float) -> Constant:
    """Returns a float as a plain number of the program."""
    return Constant(value=np.asarray(float(x)))


def is_number(x: Assignment, of: float | None = None) -> bool:
    """Returns whether x is a plain number; with `of`, whether x is the number `of`."""
    return isinstance(x, Constant) and x.shape == () and (of is None or bool(x.value == of))


def number_of(x: Assignment) -> float:
    """Returns a plain number as a float."""
    return float(x.value)


def is_condition(x: Assignment) -> bool:
    """Returns whether x is a comparison."""
    return isinstance(x, Map) and x.op in table.COMPARISONS


def broadcast(*operands: Assignment) -> Shape:
    """Returns the shape of an elementwise operation on these operands."""
    return np.broadcast_shapes(*(x.shape for x in operands))


def placed(source: Assignment, index: Ids) -> Assignment:
    """Returns an array of the elements at these flat positions: `source` itself if it would be the same array."""
    if index.shape == source.shape and in_order(index):
        return source
    if isinstance(source, Constant):
        return Constant(value=np.ravel(source.value)[index])
    if isinstance(source, View) and not source.name:
        return placed(source.operands[0], source.index.ravel()[index])
    return view(source, index)


def view(source: Assignment, index: Ids) -> View:
    """Returns a new view of the elements at these flat positions."""
    return View(operands=(source,), source=np.zeros(index.shape, np.int64), index=index, extents=index.shape,
                varies=source.varies)  # fmt: skip


def reshaped(x: Assignment, shape: Shape) -> Assignment:
    """Returns an array of the same elements in another shape."""
    if x.shape == shape:
        return x
    if _is(x, table.MUL) and is_number(x.operands[0]):
        return times(x.operands[0], reshaped(x.operands[1], shape))
    if _is(x, table.NEG):
        return negated(reshaped(x.operands[0], shape))
    if isinstance(x, Map) and not x.name and all(part.shape == x.shape or _is_single(part) for part in x.operands):
        return mapped(x.op, *(part if _is_single(part) else reshaped(part, shape) for part in x.operands))
    return placed(x, whole(shape))


def _is_single(x: Assignment) -> bool:
    """Returns whether x is a single number that is the same for all examples."""
    return x.shape == () and not x.varies


def spread(x: Assignment, shape: Shape) -> Assignment:
    """Returns the array broadcast to this shape."""
    return x if x.shape == shape else view(x, np.broadcast_to(whole(full_rank(x.shape, len(shape))), shape))


def unshaped(x: Assignment) -> Assignment:
    """Returns the array that x is a view of if the view only changes the shape or the order of all elements; else x."""
    while isinstance(x, View) and not x.name:
        if not len(np.unique(x.index)) == x.index.size == np.prod(x.operands[0].shape):
            break
        (x,) = x.operands
    return x


def mapped(op: Op, *operands: Assignment) -> Assignment:
    """Returns an elementwise operation. Operands that vary by example get the result's number of axes.

    So the axis of the examples, n, stays in front when the operands are broadcast.
    """
    shape = broadcast(*operands)
    varies = any(x.varies for x in operands)
    full = [reshaped(x, full_rank(x.shape, len(shape))) if x.varies else x for x in operands]
    return Map(op=op, operands=tuple(full), extents=shape, varies=varies)


def times(a: Assignment, b: Assignment) -> Assignment:
    """Returns a ∘ b, simplified, with a plain number in front."""
    if is_number(b) and not is_number(a):
        a, b = b, a
    if is_number(a):
        return _scaled(number_of(a), b)
    for one, other in ((a, b), (b, a)):
        if _is(one, table.NEG):
            return negated(times(one.operands[0], other) if one is a else times(other, one.operands[0]))
        if _is(one, table.MUL) and is_number(one.operands[0]):
            c, rest = one.operands
            return times(c, times(rest, other) if one is a else times(other, rest))
        if _is(other, table.DIV):
            above, below = other.operands
            if below is one:
                return above
            return mapped(table.DIV, times(one, above) if one is a else times(above, one), below)
    return mapped(table.MUL, a, b)


def _scaled(c: float, x: Assignment) -> Assignment:
    if c == 1.0:
        return x
    if is_number(x):
        return number(c * number_of(x))
    if c == -1.0:
        return negated(x)
    if _is(x, table.NEG):
        return _scaled(-c, x.operands[0])
    if _is(x, table.MUL) and is_number(x.operands[0]) and multiply_out(c, number_of(x.operands[0])):
        return _scaled(c * number_of(x.operands[0]), x.operands[1])
    if is_mean(x) or (_is(x, table.DIV) and is_number(x.operands[0], 1.0)):
        return mapped(table.DIV, _scaled(c, x.operands[0]), x.operands[1])
    if c < 0.0 and _is(x, table.SUB):
        return _scaled(-c, mapped(table.SUB, *x.operands[::-1]))
    return mapped(table.MUL, number(c), x)


def negated(x: Assignment) -> Assignment:
    """Returns −x, simplified."""
    if is_number(x):
        return number(-number_of(x))
    if _is(x, table.NEG):
        return x.operands[0]
    if _is(x, table.SUB):
        return mapped(table.SUB, *x.operands[::-1])
    if is_mean(x):
        return mapped(table.DIV, negated(x.operands[0]), x.operands[1])
    if _is(x, table.MUL):
        a, b = x.operands
        if is_number(a):
            return _scaled(-number_of(a), b)
        if _is(a, table.SUB):
            return mapped(table.MUL, negated(a), b)
        if _is(b, table.SUB):
            return mapped(table.MUL, a, negated(b))
    return mapped(table.NEG, x)


def added(a: Assignment, b: Assignment) -> Assignment:
    """Returns a + b, simplified."""
    if is_number(a) and is_number(b):
        return number(number_of(a) + number_of(b))
    if _are_alike(a, b):
        return times(number(2.0), a)
    for one, other in ((a, b), (b, a)):
        if is_number(other, 0.0):
            return one
    if is_mean(a) and is_mean(b):
        return times(added(a.operands[0], b.operands[0]), mapped(table.DIV, number(1.0), a.operands[1]))
    if _takes_away(b):
        return mapped(table.SUB, a, negated(b))
    if _takes_away(a):
        return mapped(table.SUB, b, negated(a))
    return mapped(table.ADD, a, b)


def is_mean(x: Assignment) -> bool:
    """Returns whether x is divided by the number of examples."""
    return _is(x, table.DIV) and isinstance(x.operands[1], Examples)


def in_front(x: Assignment) -> tuple[Assignment, Assignment]:
    """Returns two factors of an array: a plain number, maybe divided by the number of examples, and the rest."""
    if is_mean(x):
        scale, rest = in_front(x.operands[0])
        return mapped(table.DIV, scale, x.operands[1]), rest
    if is_number(x):
        return x, number(1.0)
    if _is(x, table.MUL) and is_number(x.operands[0]):
        return x.operands[0], x.operands[1]
    return number(1.0), x


def subtracted(a: Assignment, b: Assignment) -> Assignment:
    """Returns a − b, simplified."""
    if is_number(a, 0.0) or is_number(b) or (is_mean(a) and is_mean(b)) or _takes_away(b):
        return added(a, negated(b))
    return mapped(table.SUB, a, b)


def _takes_away(x: Assignment) -> bool:
    """Returns whether x has a minus sign in front, or is a number below 0."""
    if is_number(x):
        return number_of(x) < 0.0
    return _is(x, table.NEG) or (_is(x, table.MUL) and is_number(x.operands[0]) and number_of(x.operands[0]) < 0.0)


def summed_to(x: Assignment, of: Shape, of_varies: bool, to: Assignment, n: Assignment) -> Assignment:
    """Returns the sum of x, which stands for an array of the shape `of`, over the axes that `to` lacks.

    If that array varies by example and `to` does not, the sum is over the examples too. Along an axis that x lacks, x
    is multiplied by the length of the axis instead.
    """
    shape, own, count = full_rank(to.shape, len(of)), full_rank(x.shape, len(of)), 1
    summed = []
    for axis, (there, here, wanted) in enumerate(zip(of, own, shape, strict=True)):
        if wanted == 1 != there:
            if here == there:
                summed.append(axis)
            else:
                count *= there
    over_examples = of_varies and not to.varies
    made = x
    if over_examples and not x.varies:
        made = times(n, made)
    made = times(number(count), made)
    if summed or (over_examples and x.varies):
        made = _sum(reshaped(made, own), summed, over_examples)
    extents = made.shape[len(made.shape) - len(to.shape) :] if len(made.shape) > len(to.shape) else made.shape
    return reshaped(made, extents)


def _sum(x: Assignment, axes: list[int], over_examples: bool) -> Assignment:
    """Returns x summed over these axes, which keep the length 1.

    With `over_examples`, x is summed over the examples too. Plain factors are taken out of the sum.
    """
    if _is(x, table.NEG):
        return negated(_sum(x.operands[0], axes, over_examples))
    if _is(x, table.MUL) and is_number(x.operands[0]):
        return times(x.operands[0], _sum(x.operands[1], axes, over_examples))
    if _is(x, table.DIV) and _is_fixed(x.operands[1], len(x.shape), axes, over_examples):
        above, below = x.operands
        if above.shape == x.shape and above.varies == x.varies:
            return times(_sum(above, axes, over_examples), mapped(table.DIV, number(1.0), below))
    factors: tuple[Assignment, ...] = (x,)
    if _is(x, table.MUL) and all(factor.shape == x.shape and factor.varies == x.varies for factor in x.operands):
        factors = x.operands
    letters = "abcdefghijklm"[: len(x.shape)]
    out = "".join(letter for k, letter in enumerate(letters) if k not in axes)
    kept = tuple(1 if k in axes else extent for k, extent in enumerate(x.shape))
    made = Contraction(operands=factors, letters=(letters,) * len(factors), out=out,
                       varies=x.varies and not over_examples,
                       extents=tuple(extent for k, extent in enumerate(x.shape) if k not in axes))  # fmt: skip
    return reshaped(made, kept)


def _is_fixed(x: Assignment, ndim: int, axes: list[int], over_examples: bool) -> bool:
    """Returns whether x is constant along these axes, and over the examples if they are summed over."""
    own = full_rank(x.shape, ndim)
    return all(own[axis] == 1 for axis in axes) and not (over_examples and x.varies)


def _are_alike(a: Assignment, b: Assignment) -> bool:
    """Returns whether both are the same array or number, or the same unnamed operation on such operands."""
    if a is b or (is_number(a) and is_number(b) and number_of(a) == number_of(b)):
        return True
    alike = isinstance(a, Map) and isinstance(b, Map) and a.op is b.op and not a.name and not b.name
    return alike and all(map(_are_alike, a.operands, b.operands))


def _is(x: Assignment, op: Op) -> bool:
    """Returns whether x is this operation and has no name. The expression of a named array is not simplified."""
    return isinstance(x, Map) and x.op is op and not x.name
