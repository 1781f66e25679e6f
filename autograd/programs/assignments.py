"""Defines the kinds of assignments in an array program: how an array is computed from others, and its chain rule.

Each kind has two methods. `forward` computes the array from the numbers of its operands. `back` is the chain rule: it
gives the part of an arriving gradient that goes to one of the operands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays.rules import ARRAYS
from ..table import Op
from .roles import Role

__all__ = [
    "Array",
    "Assignment",
    "Constant",
    "Contraction",
    "Fold",
    "Index",
    "Leaf",
    "Map",
    "Place",
    "View",
    "broadcasts",
    "summed_to",
]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
UNKNOWN = np.empty(0)  # the value of an assignment whose numbers were not computed


@dataclass(frozen=True)
class Place:
    """The place in the user's code where an array was made."""

    function: str  # the name of the function; "" for the forward pass itself
    line: int
    text: str  # the line of source
    at: tuple[Any, ...]  # equal for all runs of one expression
    path: tuple[Any, ...]  # equal for all runs of one expression that the same chain of calls reaches


@dataclass(eq=False, kw_only=True)
class Assignment:
    """An array of a program, and how it is computed. It equals only itself.

    In a program that was recorded, `value` holds the numbers. In a lifted program only constants have numbers, and
    `extents` is the shape of other arrays. An array that varies by example has one more axis in front, of length n,
    which the shape does not count.
    """

    value: Array = field(default_factory=lambda: UNKNOWN)
    extents: tuple[int, ...] | None = None
    varies: bool = False
    operands: tuple[Assignment, ...] = ()
    place: Place | None = None
    name: str = ""
    text: str = ""  # for a constant or a view: its text as an operand of another array
    role: Role | None = None
    number: int = -1  # its index in its program

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array. If it varies by example, the shape for one example."""
        return self.value.shape if self.extents is None else self.extents

    def forward(self, values: Sequence[Array]) -> Array:
        """Returns the array, computed from the numbers of the operands. Here it returns the recorded numbers."""
        return self.value

    def terms(self, values: Sequence[Array]) -> Array:
        """Returns the magnitude of the terms that are summed: rounding errors are relative to it."""
        return np.abs(self.forward(values))

    def back(self, position: int, flow: Array, y: Array, values: Sequence[Array]) -> Array:
        """Returns the part of the gradient `flow` that goes to the operand at `position`. y is this array."""
        return self.ready(position, y, values)(flow)

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """Returns a function from a gradient `flow` to the result of `back`. It may prepare slopes, once."""
        raise NotImplementedError

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """Returns the change of this array if the operand at `position` changes by `tangent`: forward mode."""
        raise NotImplementedError


@dataclass(eq=False, kw_only=True)
class Leaf(Assignment):
    """An input. Its gradient is wanted."""


@dataclass(eq=False, kw_only=True)
class Constant(Assignment):
    """Plain numbers. They get no gradient."""


@dataclass(eq=False, kw_only=True)
class View(Assignment):
    """Elements of other arrays, rearranged: a transpose, a slice, a broadcast, a stack, a look-up by indices."""

    source: Index  # for each element, the index of its operand
    index: Index  # for each element, its position in that operand, flattened

    def forward(self, values: Sequence[Array]) -> Array:
        """Returns the elements, collected from the operands."""
        made = np.empty(self.source.shape)
        for k, value in enumerate(values):
            here = self.source == k
            made[here] = np.ravel(value)[self.index[here]]
        return made

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """Returns the function that adds the gradients of the elements up at the positions they come from."""
        here, shape, size = self.source == position, values[position].shape, values[position].size
        index = self.index[here]

        def back(flow: Array) -> Array:
            return np.asarray(np.bincount(index, weights=flow[here], minlength=size), dtype=float).reshape(shape)

        return back

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """Returns the changes of the elements at their new positions; 0 for elements of other operands."""
        here = self.source == position
        changed = np.zeros(self.shape)
        changed[here] = np.ravel(tangent)[self.index[here]]
        return changed

    @property
    def of_one(self) -> Assignment | None:
        """The only operand, or None if there are several."""
        return self.operands[0] if len(self.operands) == 1 else None


@dataclass(eq=False, kw_only=True)
class Map(Assignment):
    """An operation of the table, element by element. Operands are broadcast as in NumPy."""

    op: Op

    def forward(self, values: Sequence[Array]) -> Array:
        """Returns the result of the operation on each element."""
        return np.broadcast_to(self.op.forward(ARRAYS, *values), self.shape)

    def terms(self, values: Sequence[Array]) -> Array:
        """Returns |a| + |b| for a sum a + b or a difference a − b, and |y| for any other operation."""
        if self.op.name in ("add", "sub"):
            return np.broadcast_to(np.abs(values[0]) + np.abs(values[1]), self.shape)
        return super().terms(values)

    def slope(self, position: int, y: Array, values: Sequence[Array]) -> Array:
        """Returns the local derivative by the operand at `position`, at each element."""
        return np.broadcast_to(self.op.slope(ARRAYS, y, values, position), self.shape)

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """Returns the function flow · slope, or 0 for a branch not taken, summed over the axes that were broadcast."""
        slope, shape = self.slope(position, y, values), values[position].shape
        untaken = slope == 0.0 if self.op.branches else None

        def back(flow: Array) -> Array:
            passed = flow * slope
            return summed_to(passed if untaken is None else np.where(untaken, 0.0, passed), shape)

        return back

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """Returns slope · tangent, in the shape of this array."""
        return np.broadcast_to(self.slope(position, y, values) * tangent, self.shape)


@dataclass(eq=False, kw_only=True)
class Contraction(Assignment):
    """A product of one or more arrays, summed over some axes: a sum, a matrix product, an einsum.

    Axes are letters, as in `np.einsum`: `letters` for each operand and `out` for the result.
    """

    letters: tuple[str, ...]
    out: str

    def forward(self, values: Sequence[Array]) -> Array:
        """Returns the sums."""
        return np.asarray(np.einsum(f"{','.join(self.letters)}->{self.out}", *values))

    def terms(self, values: Sequence[Array]) -> Array:
        """Returns the sums of the magnitudes of the terms."""
        return self.forward([np.abs(value) for value in values])

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """Returns the function that contracts the flow with the other operands: BP2 and BP4 for a matrix product."""
        mine, shape = self.letters[position], values[position].shape
        others = [k for k in range(len(values)) if k != position]
        given, arrays = [self.out, *(self.letters[k] for k in others)], [values[k] for k in others]
        here = set("".join(given))
        sums = f"{','.join(given)}->{''.join(letter for letter in mine if letter in here)}"
        spread = tuple(slice(None) if letter in here else None for letter in mine)

        def back(flow: Array) -> Array:
            passed = np.asarray(np.einsum(sums, flow, *arrays))
            return passed if passed.shape == shape else np.broadcast_to(passed[spread], shape)

        return back

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """Returns the sums of `forward`, with the tangent in place of the operand."""
        return self.forward([tangent if k == position else value for k, value in enumerate(values)])

    @property
    def summed(self) -> str:
        """The letters of the axes that are summed over."""
        return "".join(sorted({letter for letters in self.letters for letter in letters} - set(self.out)))


@dataclass(eq=False, kw_only=True)
class Fold(Assignment):
    """An operation over the elements along one axis, such as the maximum. The result lacks this axis."""

    op: Op
    axis: int

    def forward(self, values: Sequence[Array]) -> Array:
        """Returns the operation over the elements of the axis: pair by pair, or all at once if it takes any number."""
        return np.asarray(self._partial(values[0])[-1])

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """Returns the function flow · slope for each element, or 0 for a branch not taken."""
        slope = self.slope(position, y, values)
        untaken = slope == 0.0 if self.op.branches else None

        def back(flow: Array) -> Array:
            passed = np.expand_dims(flow, self.axis) * slope
            return passed if untaken is None else np.where(untaken, 0.0, passed)

        return back

    def slope(self, position: int, y: Array, values: Sequence[Array]) -> Array:
        """Returns the local derivative by each element, in the shape of the operand."""
        rows = np.moveaxis(values[0], self.axis, 0)
        if not self.op.slopes:  # an operation of any number of inputs
            slopes = np.array([self.op.slope(ARRAYS, y, rows, k) for k in range(len(rows))])
            return np.moveaxis(slopes, 0, self.axis)
        slopes = np.ones_like(rows)
        partial = self._partial(values[0])
        for k in range(1, len(rows)):
            pair = (partial[k - 1], rows[k])
            slopes[:k] *= self.op.slope(ARRAYS, partial[k], pair, 0)
            slopes[k] = self.op.slope(ARRAYS, partial[k], pair, 1)
        return np.moveaxis(slopes, 0, self.axis)

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """Returns the sum of slope · tangent along the axis."""
        return np.asarray((self.slope(position, y, values) * tangent).sum(axis=self.axis))

    def _partial(self, value: Array) -> list[Any]:
        rows = list(np.moveaxis(value, self.axis, 0))
        if not self.op.slopes:
            return [self.op.forward(ARRAYS, *rows)]
        partial = rows[:1]
        for row in rows[1:]:
            partial.append(self.op.forward(ARRAYS, partial[-1], row))
        return partial


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Returns whether an array of one shape can be broadcast to the other shape."""
    pairs = zip(shape[::-1], to[::-1], strict=False)
    return len(shape) <= len(to) and all(size in (1, whole) for size, whole in pairs)


def summed_to(passed: Array, shape: tuple[int, ...]) -> Array:
    """Returns a gradient, summed over the axes along which an array of this shape was broadcast."""
    if passed.shape == shape:
        return passed
    extra = passed.ndim - len(shape)
    spread = [extra + k for k, extent in enumerate(shape) if extent == 1 and passed.shape[extra + k] != 1]
    axes = (*range(extra), *spread)
    return passed.sum(axis=axes).reshape(shape) if axes else passed


@dataclass(eq=False)
class Program:
    """Assignments in the order in which they were made. Each follows its operands."""

    assignments: list[Assignment] = field(default_factory=list)

    def add(self, assignment: Assignment) -> Assignment:
        """Adds an assignment at the end, gives it its number, and returns it."""
        assignment.number = len(self.assignments)
        self.assignments.append(assignment)
        return assignment
