"""The kinds of assignments an array program is made of: how an array follows from others, and what flows back.

Each kind says two things. `forward` works the array out from the numbers of its operands. `back` is the chain rule:
what a gradient that arrives at the array passes on to one of its operands.
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
    "summed_to",
]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
UNKNOWN = np.empty(0)  # in the place of numbers that nobody worked out


@dataclass(frozen=True)
class Place:
    """Where in the user's code an array was made."""

    function: str  # the name of the function; "" for the forward pass itself
    line: int
    text: str  # the line of source
    at: tuple[Any, ...]  # the same for all runs of one expression
    path: tuple[Any, ...]  # the same for all runs of one expression that is reached by the same calls


@dataclass(eq=False, kw_only=True)
class Assignment:
    """An array of a program, and how it is worked out. Equal only to itself.

    A program that was recorded as it ran has the numbers, in `value`. A lifted one has none, and says the shape. What
    varies from example to example has one axis more in front, n, which the shape does not count.
    """

    value: Array = field(default_factory=lambda: UNKNOWN)
    extents: tuple[int, ...] | None = None
    varies: bool = False
    operands: tuple[Assignment, ...] = ()
    place: Place | None = None
    name: str = ""
    role: Role | None = None
    number: int = -1  # where it stands in its program

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array, of one example's if it varies."""
        return self.value.shape if self.extents is None else self.extents

    def forward(self, values: Sequence[Array]) -> Array:
        """The array, from the numbers of the operands."""
        return self.value

    def terms(self, values: Sequence[Array]) -> Array:
        """The magnitude of the terms it is a sum of: what rounding is relative to."""
        return np.abs(self.forward(values))

    def back(self, position: int, flow: Array, y: Array, values: Sequence[Array]) -> Array:
        """What the operand at `position` gets of the gradient `flow`, which arrives here; y is this array."""
        raise NotImplementedError

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """`back` with all but the flow given: what it needs of the numbers is worked out once."""
        return lambda flow: self.back(position, flow, y, values)

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """How fast this array changes, if the operand at `position` changes by `tangent`: `back`, the other way."""
        raise NotImplementedError


@dataclass(eq=False, kw_only=True)
class Leaf(Assignment):
    """An input: its gradient is wanted."""


@dataclass(eq=False, kw_only=True)
class Constant(Assignment):
    """Plain numbers: no gradient goes there."""


@dataclass(eq=False, kw_only=True)
class View(Assignment):
    """Elements of other arrays in another order: a transpose, a part, a broadcast, a stack, a look-up by indices."""

    source: Index  # for each element, which operand it comes from
    index: Index  # and where it stands in that operand's flat array

    def forward(self, values: Sequence[Array]) -> Array:
        """The elements, collected."""
        made = np.empty(self.source.shape)
        for k, value in enumerate(values):
            here = self.source == k
            made[here] = np.ravel(value)[self.index[here]]
        return made

    def back(self, position: int, flow: Array, y: Array, values: Sequence[Array]) -> Array:
        """Each element's gradient back to where it came from; those of one source add up."""
        return self.ready(position, y, values)(flow)

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """`back`, which knows already what comes from where."""
        here, shape, size = self.source == position, values[position].shape, values[position].size
        index = self.index[here]

        def back(flow: Array) -> Array:
            return np.asarray(np.bincount(index, weights=flow[here], minlength=size), dtype=float).reshape(shape)

        return back

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """The elements' changes, in their new places; 0 for those of other operands."""
        here = self.source == position
        changed = np.zeros(self.shape)
        changed[here] = np.ravel(tangent)[self.index[here]]
        return changed

    @property
    def of_one(self) -> Assignment | None:
        """The only operand; None if there are several."""
        return self.operands[0] if len(self.operands) == 1 else None


@dataclass(eq=False, kw_only=True)
class Map(Assignment):
    """A row of the table of operations, element by element; operands are broadcast as NumPy does."""

    op: Op

    def forward(self, values: Sequence[Array]) -> Array:
        """The operation of every element."""
        return np.broadcast_to(self.op.forward(ARRAYS, *values), self.shape)

    def terms(self, values: Sequence[Array]) -> Array:
        """Of a sum or a difference, both terms."""
        if self.op.name in ("add", "sub"):
            return np.broadcast_to(np.abs(values[0]) + np.abs(values[1]), self.shape)
        return super().terms(values)

    def slope(self, position: int, y: Array, values: Sequence[Array]) -> Array:
        """The local derivative of each element."""
        return np.broadcast_to(self.op.slope(ARRAYS, y, values, position), self.shape)

    def back(self, position: int, flow: Array, y: Array, values: Sequence[Array]) -> Array:
        """Flow times slope; nothing through a branch that was not taken. Summed over what was broadcast."""
        return self.ready(position, y, values)(flow)

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """`back`, which knows the slope already."""
        slope, shape = self.slope(position, y, values), values[position].shape
        untaken = slope == 0.0 if self.op.branches else None

        def back(flow: Array) -> Array:
            passed = flow * slope
            return summed_to(passed if untaken is None else np.where(untaken, 0.0, passed), shape)

        return back

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """Slope times change."""
        return np.broadcast_to(self.slope(position, y, values) * tangent, self.shape)


@dataclass(eq=False, kw_only=True)
class Contraction(Assignment):
    """c · Σ over some axes of a product of one to three arrays: a sum, a mean, a matrix product.

    Axes are letters: `letters` of each operand, and `out` of the result, as `np.einsum` has them.
    """

    letters: tuple[str, ...]
    out: str

    def forward(self, values: Sequence[Array]) -> Array:
        """The sums."""
        return np.asarray(np.einsum(f"{','.join(self.letters)}->{self.out}", *values))

    def terms(self, values: Sequence[Array]) -> Array:
        """The sums of the magnitudes of their terms."""
        return self.forward([np.abs(value) for value in values])

    def back(self, position: int, flow: Array, y: Array, values: Sequence[Array]) -> Array:
        """The flow, contracted with the other operands: BP2 and BP4 are this for a matrix product."""
        mine = self.letters[position]
        others = [(letters, value) for k, (letters, value) in enumerate(zip(self.letters, values, strict=True))
                  if k != position]  # fmt: skip
        given = [(self.out, flow), *others]
        here = {letter for letters, _ in given for letter in letters}
        kept = "".join(letter for letter in mine if letter in here)
        passed = np.einsum(f"{','.join(letters for letters, _ in given)}->{kept}", *(value for _, value in given))
        spread = [slice(None) if letter in here else None for letter in mine]
        return np.broadcast_to(np.asarray(passed)[tuple(spread)], values[position].shape)

    def push(self, position: int, tangent: Array, y: Array, values: Sequence[Array]) -> Array:
        """The same sums, with the change in the operand's place."""
        return self.forward([tangent if k == position else value for k, value in enumerate(values)])

    @property
    def summed(self) -> str:
        """The axes that are summed over."""
        return "".join(sorted({letter for letters in self.letters for letter in letters} - set(self.out)))


@dataclass(eq=False, kw_only=True)
class Fold(Assignment):
    """An operation of the elements along one axis, such as the largest; the axis is left out of the result."""

    op: Op
    axis: int

    def forward(self, values: Sequence[Array]) -> Array:
        """The operation, from the first element to the last."""
        return np.asarray(self._partial(values[0])[-1])

    def back(self, position: int, flow: Array, y: Array, values: Sequence[Array]) -> Array:
        """Flow times the slope by each element."""
        return self.ready(position, y, values)(flow)

    def ready(self, position: int, y: Array, values: Sequence[Array]) -> Callable[[Array], Array]:
        """`back`, which knows the slope already."""
        slope = self.slope(position, y, values)
        untaken = slope == 0.0 if self.op.branches else None

        def back(flow: Array) -> Array:
            passed = np.expand_dims(flow, self.axis) * slope
            return passed if untaken is None else np.where(untaken, 0.0, passed)

        return back

    def slope(self, position: int, y: Array, values: Sequence[Array]) -> Array:
        """The local derivative by each element, in the operand's shape."""
        rows = np.moveaxis(values[0], self.axis, 0)
        if not self.op.slopes:  # of any number of inputs
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
        """The sum of slope times change, along the axis."""
        return np.asarray((self.slope(position, y, values) * tangent).sum(axis=self.axis))

    def _partial(self, value: Array) -> list[Any]:
        rows = list(np.moveaxis(value, self.axis, 0))
        if not self.op.slopes:
            return [self.op.forward(ARRAYS, *rows)]
        partial = rows[:1]
        for row in rows[1:]:
            partial.append(self.op.forward(ARRAYS, partial[-1], row))
        return partial


def summed_to(passed: Array, shape: tuple[int, ...]) -> Array:
    """A gradient of a broadcast array, summed over what was broadcast."""
    extra = passed.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        extra + k for k, extent in enumerate(shape) if extent == 1 and passed.shape[extra + k] != 1
    )
    return passed.sum(axis=axes).reshape(shape) if axes else passed


@dataclass(eq=False)
class Program:
    """Assignments in the order in which they were made, each after its operands."""

    assignments: list[Assignment] = field(default_factory=list)

    def add(self, assignment: Assignment) -> Assignment:
        """Put it at the end."""
        assignment.number = len(self.assignments)
        self.assignments.append(assignment)
        return assignment
