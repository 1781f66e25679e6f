"""Finds functions in a recorded pass: operations of the table, and functions written out, as in 1 / (1 + np.exp(-z)).

A function here goes from one array to another of the same shape. A function that is written out is recognised by its
numbers: the arithmetic gives the same numbers as an operation of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from ... import table
from ...arrays.rules import ARRAYS
from ...programs.assignments import Array, Assignment, Constant, Contraction, Map, View
from ...programs.recorded import Recorded, once
from ...programs.reverse import Change, Rule, Way
from ...table import Op
from ..edits import called, uses
from ..judged import largest
from ..rules import instead

__all__ = ["Function", "LogSoftmax", "Written", "functions", "inner", "softmax"]

KNOWN = (table.SIGMOID, table.TANH, table.RELU, table.SOFTPLUS)
CLOSE = 1e-12  # relative tolerance for numbers that are computed in two ways
ARITHMETIC = ("add", "sub", "mul", "div", "neg")
LONGEST = 12  # the largest number of assignments of a function that is written out


@dataclass(frozen=True, eq=False)
class Function:
    """A function y = f(x), element by element; or a softmax along an axis."""

    x: Assignment
    y: Assignment
    op: Op | None  # the operation of the table; None for a softmax, and for a function that the table does not have
    axis: int  # the axis of a softmax
    inside: tuple[Way, ...]  # the ways from the function's arithmetic to x
    position: int  # the position of x among the operands of the operation

    @property
    def is_softmax(self) -> bool:
        """Whether each element of y depends on all elements of x along the axis."""
        return self.op is None

    def slope(self, at_y: Array, at_x: Array) -> Array:
        """Returns the slope by the operation's rule, with `at_y` as the output and `at_x` as the input."""
        assert self.op is not None
        if isinstance(self.y, Map) and self.y.op is self.op:
            values = [operand.value for operand in self.y.operands]
            values[self.position] = at_x
        else:
            values = [at_x]
        return np.broadcast_to(self.op.slope(ARRAYS, at_y, values, self.position), self.y.shape)

    def of(self, x: Array) -> Array:
        """Returns the numbers of the function at another array x."""
        assert self.op is not None
        values = [x]
        if isinstance(self.y, Map) and self.y.op is self.op:
            values = [operand.value for operand in self.y.operands]
            values[self.position] = x
        return np.broadcast_to(self.op.forward(ARRAYS, *values), self.y.shape)

    @property
    def derivative(self) -> str:
        """The derivative as text, without its argument: "tanh′", "σ′", "softmax′", "the derivative of y"."""
        if self.is_softmax:
            return "softmax′"
        if self.op is not None and (self.op.called or self.op is table.MAX):
            return f"{self.op.called or 'max'}′"
        return f"the derivative of {called(self.y)}"

    def prime(self) -> str:
        """Returns the derivative as text: "tanh′(z)"; for log, which has no prime, "the derivative 1/x of y"."""
        x, y = called(self.x), called(self.y)
        if self.derivative.endswith("′"):
            return f"{self.derivative}({x})"
        if self.op is None:
            return f"{self.derivative} with respect to {x}"
        is_row = isinstance(self.y, Map) and self.y.op is self.op
        formula = self.op.write_slope(
            [called(operand) for operand in self.y.operands] if is_row else [x], y, self.position
        )
        is_plain = not any(part in formula for part in ("`", "an array", "^("))
        return f"the derivative {formula} of {y}" if is_plain else self.derivative

    def between(self) -> set[int]:
        """Returns the numbers of the arrays that the function computes on the way from x to y."""
        found, waiting = set[int](), [self.y]
        while waiting:
            more = [operand for operand in waiting.pop().operands if not isinstance(operand, Constant)]
            more = [operand for operand in more if self.x.number < operand.number and operand.number not in found]
            found |= {operand.number for operand in more}
            waiting += more
        return found

    def passing(self, rule: Rule) -> Change:
        """Returns the change in which a rule gives the gradient of x from the gradient of y."""
        if len(self.inside) == 1 and self.inside[0].number == self.y.number:
            return Change(rules={self.inside[0]: rule})
        none = partial(instead, np.zeros(self.x.shape))
        return Change(rules=dict.fromkeys(self.inside, none), jumps={(self.y.number, self.x.number): rule})


@dataclass(frozen=True, eq=False)
class Written(Function):
    """A function of one array that the table does not have; it is defined by the user's arithmetic."""

    nodes: tuple[Map | View, ...]  # the operations from x to y; a view chooses, element by element

    @property
    def is_softmax(self) -> bool:
        """Always False: the arithmetic is element by element."""
        return False

    @property
    def chooses(self) -> bool:
        """Whether it has branches, as np.where(x > 0, x, 0.1 * x)."""
        return any(isinstance(node, View) for node in self.nodes)

    def prime(self) -> str:
        """Returns the derivative as text: "the derivative mask / 0.8 of y", or in words if x is not only scaled."""
        formula, before = "", self.x
        for node in self.nodes:
            others = [operand for operand in node.operands if operand is not before]
            op = node.op if isinstance(node, Map) else None
            divides = op is table.DIV and node.operands[0] is before
            if len(others) != 1 or not (divides or op is table.MUL):
                return super().prime()
            name = called(others[0])
            formula = f"{formula or '1'} / {name}" if divides else f"{formula} * {name}" if formula else name
            before = node
        is_plain = not any(part in formula for part in ("`", "an array"))
        return f"the derivative {formula} of {called(self.y)}" if is_plain else super().prime()

    def slope(self, at_y: Array, at_x: Array) -> Array:
        """Returns the slope at another array, by forward mode through the arithmetic."""
        return self._worked_out(at_x)[1]

    def of(self, x: Array) -> Array:
        """Returns the numbers of the function at another array x."""
        return self._worked_out(x)[0]

    def _worked_out(self, x: Array) -> tuple[Array, Array]:
        values, changes = {self.x.number: x}, {self.x.number: np.ones_like(x)}
        for node in self.nodes:
            operands = [values.get(operand.number, operand.value) for operand in node.operands]
            y = values[node.number] = node.forward(operands)
            inner = [k for k, operand in enumerate(node.operands) if operand.number in changes]
            pushed = [node.push(k, changes[node.operands[k].number], y, operands) for k in inner]
            changes[node.number] = np.sum(pushed, axis=0) if pushed else np.zeros(node.shape)
        return values[self.y.number], changes[self.y.number]


@dataclass(frozen=True, eq=False)
class LogSoftmax(Function):
    """The logarithm of a softmax along an axis."""


@once
def functions(recorded: Recorded) -> tuple[Function, ...]:
    """Returns the functions of a pass: operations except + − × ÷, on an array of their shape; functions written out."""
    return tuple(_functions(recorded))


def _functions(recorded: Recorded) -> Iterator[Function]:
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.op.name not in ARITHMETIC:
            varying = [k for k, operand in enumerate(node.operands) if not isinstance(operand, Constant)]
            for k in varying:
                if node.operands[k].shape == node.shape:
                    op = table.RELU if _is_relu(node) else node.op
                    position = 0 if op is table.RELU else k
                    yield Function(node.operands[k], node, op, 0, (Way(node.number, k),), position)
        yield from _written_out(recorded, node)


def inner(recorded: Recorded) -> set[int]:
    """Returns the numbers of the arrays inside functions of the table that are written out: their slope is one step."""
    return {number for function in functions(recorded) if function.op is not None for number in function.between()}


def softmax(value: Array, axis: int) -> Array:
    """Returns eˣ / Σ eˣ along an axis."""
    powers: Array = np.exp(value - value.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def _is_relu(node: Map) -> bool:
    return node.op is table.MAX and any(
        isinstance(operand, Constant) and not np.any(operand.value) for operand in node.operands
    )


def _written_out(recorded: Recorded, y: Assignment) -> Iterator[Function]:
    """Yields the written-out functions that end in y: each starts from one array x of the same shape."""
    if not isinstance(y, Map | View):
        return
    if len(y.operands) == 1 and not (isinstance(y, Map) and y.op is table.LOG):  # softplus ends in ln
        return
    is_arithmetic = isinstance(y, View) or y.op.name in ARITHMETIC
    to = uses(recorded)
    inside: set[int] = {y.number}
    frontier = {recorded.target(way).number for way in recorded.backward.ways(y)}
    while frontier and len(inside) < LONGEST:
        at = max(frontier)  # the latest array: nothing else in the frontier is made of it
        x = recorded.program.assignments[at]
        ways = tuple(way for way in to.get(at, ()) if way.number in inside)
        is_own = all(way.number in inside for number in inside - {y.number} for way in to.get(number, ()))
        if is_own and frontier == {at} and x.shape == y.shape and at != y.number:
            found = _recognised(x, y)
            if found is None and (axis := _log_softmax_axis(x, y)) is not None:
                yield LogSoftmax(x, y, None, axis, ways, 0)
            elif found is None and y.shape and len(inside) > 1 and x.name and _is_told(recorded, to, y):
                yield from _of_own_arithmetic(recorded, x, y, inside, ways)
            if found is not None and (len(inside) > 1 or (found[0] is table.RELU and is_arithmetic)):
                yield Function(x, y, found[0], found[1], ways, 0)
        frontier.discard(at)
        if not isinstance(x, Map | View | Contraction) and type(x).__name__ != "Fold":
            return
        inside.add(at)
        frontier |= {recorded.target(way).number for way in recorded.backward.ways(x)}


def _is_told(recorded: Recorded, to: dict[int, list[Way]], y: Assignment) -> bool:
    """Returns whether an array has a name, is the result, or is what a helper returns."""
    readers = [recorded.node(way).place for way in to.get(y.number, ())]
    is_returned = y.place is not None and any(place and place.function != y.place.function for place in readers)
    return bool(y.name) or y is recorded.result or is_returned


def _log_softmax_axis(x: Assignment, y: Assignment) -> int | None:
    """Returns the axis along which y is the logarithm of x's softmax; None if it is not."""
    with np.errstate(all="ignore"):
        for axis in range(-1, -len(x.shape) - 1, -1):
            if x.shape[axis] > 1 and np.allclose(softmax(x.value, axis), np.exp(y.value), rtol=CLOSE, atol=CLOSE):
                return axis
    return None


def _of_own_arithmetic(
    recorded: Recorded, x: Assignment, y: Assignment, inside: set[int], ways: tuple[Way, ...]
) -> Iterator[Function]:
    """Yields the function from x to y, if all of its arithmetic is element by element."""
    nodes = [recorded.program.assignments[number] for number in sorted(inside)]
    if all(isinstance(node, Map) or _is_choice(node) for node in nodes) and all(n.shape == y.shape for n in nodes):
        yield Written(x, y, None, 0, ways, 0, tuple(node for node in nodes if isinstance(node, Map | View)))


def _is_choice(node: Assignment) -> bool:
    """Returns whether a view takes each element from its own place in one of the operands."""
    is_alike = isinstance(node, View) and all(operand.shape == node.shape for operand in node.operands)
    return is_alike and isinstance(node, View) and np.array_equal(node.index.ravel(), np.arange(node.index.size))


def _recognised(x: Assignment, y: Assignment) -> tuple[Op | None, int] | None:
    atol = CLOSE * largest(y.value)
    if np.allclose(x.value, y.value, rtol=CLOSE, atol=atol):
        return None  # several functions equal x on some inputs: relu above 0, tanh near 0
    if np.isin(np.abs(y.value), (0.0, 1.0)).all():  # such numbers may be chance: with one class, x − max x is 0
        return (table.RELU, 0) if y.value.any() and np.array_equal(np.maximum(x.value, 0.0), y.value) else None
    with np.errstate(all="ignore"):
        for op in KNOWN:
            if np.allclose(op.forward(ARRAYS, x.value), y.value, rtol=CLOSE, atol=atol):
                return op, 0
        for axis in range(-1, -len(x.shape) - 1, -1):
            if x.shape[axis] > 1 and np.allclose(softmax(x.value, axis), y.value, rtol=CLOSE, atol=atol):
                return None, axis
    return None
