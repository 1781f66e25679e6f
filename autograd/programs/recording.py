"""Makes a program from a run of a function: its array operations are recorded as they happen.

Every Value belongs to one element of one assignment. So any array can be read from its elements: it is an assignment,
or a view of several, however it was made (slices, stores, lists, `np.pad`). Values that no array operation made, as in
arithmetic on single Values, are read from their graph. Where they were made is noticed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from .. import table
from ..arrays.recorder import recording
from ..arrays.value_array import ValueArray, of_values, plain, shaped
from ..table import Op
from ..value import Value
from .assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, Place, Program, View
from .elements import copied, has_values, is_made_of, left_out, levels, numbers, overflows, taken_apart
from .gathered import Origin, gathered
from .negated import before_the_minus, without_minus
from .noticing import Noticing
from .plain_dots import plain_dot
from .products import LETTERS, Product, product

__all__ = ["Recorder"]

FOLDED = {"maximum": table.MAX, "minimum": table.MIN, "multiply": table.MUL, "logaddexp": table.LOG_SUM_EXP}


class Recorder:
    """Records the array operations of one run into `program`.

    `here` returns the place of the running operation in the user's code. It is called at each operation.
    """

    def __init__(self, here: Callable[[], Place | None]) -> None:
        self.program = Program()
        self._here = here
        self._of: dict[Value, tuple[Assignment, int]] = {}  # the assignment of a Value, and its position in it
        self._arrays: dict[Any, Assignment] = {}  # by shape and elements
        self._views: dict[Any, Assignment] = {}
        self._place: Place | None = None  # of the running operation
        self._places: dict[Value, Place] = {}  # of the Values that no array operation made
        self._is_in_operation = False
        self._constants: dict[int, tuple[Any, Constant]] = {}  # by the id of an array, which the tuple keeps alive

    @contextmanager
    def running(self) -> Any:
        """Records the array operations of this thread inside the block."""
        token = recording.set(self)
        try:
            with Noticing(self.notice):
                yield
        finally:
            recording.reset(token)

    def notice(self, value: Value) -> None:
        """Remembers the place of a new Value, unless an array operation makes it."""
        place = None if self._is_in_operation else self._here()
        if place is not None:
            self._places[value] = place

    def leaf(self, array: ValueArray, name: str) -> Leaf:
        """Adds an input to the program and returns it, as a leaf."""
        elements = array.ravel().tolist()
        made = Leaf(value=numbers(elements, array.shape), name=name)
        self._own(made, elements)
        return made

    def standing_for(self, assignment: Assignment) -> ValueArray:
        """Returns an array of new Values for the elements of an assignment. Operations on it are recorded."""
        made = of_values(assignment.value)
        self._own(assignment, made.ravel().tolist())
        return made

    # ---- called by `autograd.arrays` at each operation

    def operation(self, run: Callable[..., Any], name: str, method: str, inputs: Any, kwargs: Any) -> Any:
        """Runs an operation on arrays, records its result and returns it. Where exp overflows, it gives a plain inf."""
        if name == "exp" and method == "__call__" and not kwargs and np.any(too_large := overflows(inputs[0])):
            return np.where(too_large, np.inf, np.exp(np.where(too_large, 0.0, inputs[0])))  # a plain inf, no Value
        place = self._place = self._here()
        before = [self._before(x) for x in inputs]  # the operation may write to an input, by `out`
        outside, self._is_in_operation = self._is_in_operation, True
        try:
            result = run()
        finally:
            self._is_in_operation = outside
        self._record(result, name, method, before, kwargs, place)
        return result

    def _before(self, given: Any) -> Any:
        return copied(given)

    def _record(self, result: Any, name: str, method: str, inputs: Any, kwargs: Any, place: Place | None) -> None:
        if isinstance(result, tuple | list):
            for part in result:
                self._record(part, "", "", (), {}, place)
            return
        if not isinstance(result, Value) and not (isinstance(result, np.ndarray) and result.dtype == object):
            return
        held = np.asarray(plain(result), dtype=object)  # NumPy's functions of `result` itself would be recorded
        elements, shape = held.ravel().tolist(), held.shape
        if all(isinstance(x, Value) and (x.op is None or x in self._of) for x in elements):
            return  # a view of known elements
        made = self._special(shape, name, method, inputs, kwargs)
        if made is None:
            self._read(elements, shape, inputs if method == "__call__" else (), place)
        else:
            made.place = place
            self._own(made, elements)

    def _special(self, shape: Any, name: str, method: str, inputs: Any, kwargs: Any) -> Assignment | None:
        """Returns one assignment for an einsum, a matrix product or a reduction such as a sum; None for all others."""
        if found := product(name, method, inputs, kwargs):
            return self._product(found)
        given = {key for key, x in kwargs.items() if x is not True and x is not None} - {"out", "keepdims", "axis"}
        if given or method != "reduce" or np.size(inputs[0]) < 2:
            return None
        return self._reduced(name, inputs, kwargs, shape)

    def _product(self, found: Product) -> Assignment:
        first, *others = map(self.array, found.operands)
        x = without_minus(first, self._place, self.constant)
        made = self._new_contraction((x or first, *others), found.letters, found.out)
        if x is None or self._place is None:
            return made
        made.place = before_the_minus(self._place)
        return self.program.add(Map(value=-made.value, operands=(made,), op=table.NEG))

    def _reduced(self, name: str, inputs: Any, kwargs: Any, shape: Any) -> Assignment | None:
        operand, axis = self.array(inputs[0]), kwargs.get("axis", 0)
        n = len(operand.shape)
        axes = tuple(range(n)) if axis is None else tuple(k % n for k in np.atleast_1d(axis).tolist())
        letters = LETTERS[:n]
        if name == "add":
            kept = "".join(letters[k] for k in range(n) if k not in axes)
            made = self._new_contraction((operand,), (letters,), kept)
            return made if made.shape == shape else self._reshaped(made, shape)
        if name not in FOLDED:
            return None
        if len(axes) > 1:  # NumPy takes the elements of these axes in order
            places = np.moveaxis(np.arange(operand.value.size).reshape(operand.shape), axes, range(n - len(axes), n))
            places = places.reshape(*places.shape[: n - len(axes)], -1)
            operand, axes = self._view((operand,), np.zeros_like(places), places), (places.ndim - 1,)
        fold = Fold(value=np.empty(0), operands=(operand,), op=FOLDED[name], axis=axes[0])
        fold.value = fold.forward([operand.value])
        self.program.add(fold)
        return fold if fold.shape == shape else self._reshaped(fold, shape)

    def _new_contraction(self, operands: Any, letters: tuple[str, ...], out: str) -> Assignment:
        made = Contraction(value=np.empty(0), operands=operands, letters=letters, out=out)
        made.value = made.forward([x.value for x in operands])
        return self.program.add(made)

    def _reshaped(self, of: Assignment, shape: tuple[int, ...]) -> Assignment:
        """Returns the array with the axes of length 1 that `keepdims` keeps."""
        places = np.arange(of.value.size).reshape(shape)
        return self._view((of,), np.zeros_like(places), places)

    # ---- arrays, read from their elements

    def array(self, given: Any) -> Assignment:
        """Returns the assignment of an array. If there is none, it makes a view of the elements, or a constant."""
        if not has_values(given):
            return self.constant(given)
        elements, shape = taken_apart(given)
        if (key := (shape, tuple(elements))) not in self._arrays:
            self._arrays[key] = self._assembled(elements, shape)
        return self._arrays[key]

    def known(self, given: Any) -> Assignment | None:
        """Returns the assignment of the whole array if the program has one, else None. It makes no new one."""
        if not has_values(given):
            return self._constants.get(id(given), (None, None))[1]
        elements, shape = taken_apart(given)
        whole = self._of.get(elements[0]) if elements and isinstance(elements[0], Value) else None
        if whole is not None and whole[0].shape == shape and self._is_whole(whole[0], elements):
            return whole[0]
        return self._arrays.get((shape, tuple(elements)))

    def is_whole(self, given: Any) -> bool:
        """Returns whether one operation made the array, and nothing was written to it since."""
        found = self.known(given)
        return found is not None and not isinstance(found, View)

    def is_recorded(self, given: Any) -> bool:
        """Returns whether some elements of the array belong to this run, or are computed from such elements."""
        return is_made_of(taken_apart(given)[0], self._of)

    def _is_whole(self, assignment: Assignment, elements: list[Any]) -> bool:
        return all(isinstance(x, Value) and self._of.get(x) == (assignment, at) for at, x in enumerate(elements))

    def _assembled(self, elements: list[Any], shape: tuple[int, ...]) -> Assignment:
        if any(isinstance(x, Value) and x.op is not None and x not in self._of for x in elements):
            self._read(elements, shape, (), self._here())
        found = [self._place_of(x) for x in elements]
        first = next((of[0] for of in found if of is not None), None)
        if first is None:
            return self.constant(numbers(elements, shape))
        if first.shape == shape and found == [(first, at) for at in range(len(found))]:
            return first
        return self._view(*gathered(elements, shape, found, self.constant, self.program.add))

    def _place_of(self, x: Any) -> Origin:
        return self._of.get(x) if isinstance(x, Value) else None

    def constant(self, given: Any) -> Constant:
        """Returns plain numbers as a constant. The same array gives the same constant, unless it was written to."""
        numbers = np.array(given, dtype=float)
        before = self._constants.get(id(given))
        if before is not None and np.array_equal(before[1].value, numbers, equal_nan=True):
            return before[1]
        made = Constant(value=numbers)
        self.program.add(made)
        self._constants[id(given)] = given, made
        return made

    def _view(self, operands: tuple[Assignment, ...], source: Any, index: Any) -> Assignment:
        key = tuple(operand.number for operand in operands), source.shape, source.tobytes(), index.tobytes()
        if key not in self._views:
            self._views[key] = self._new_view(operands, source, index)
        return self._views[key]

    def _new_view(self, operands: tuple[Assignment, ...], source: Any, index: Any) -> View:
        made = View(value=np.empty(0), operands=operands, source=source, index=index, place=self._place)
        made.value = made.forward([x.value for x in operands])
        self.program.add(made)
        return made

    def _own(self, made: Assignment, elements: Sequence[Value]) -> None:
        if made.number < 0:
            self.program.add(made)
        for at, value in enumerate(elements):
            self._of.setdefault(value, (made, at))

    # ---- Values that no array operation made, read from their graph

    def _read(self, elements: list[Any], shape: Any, inputs: Sequence[Any], place: Place | None) -> None:
        """Adds assignments for the Values that have none yet, level by level, one for each operation of a level."""
        for part, of in ((elements, shape), *map(taken_apart, filter(has_values, inputs))):
            if part and part[0] not in self._of and (found := plain_dot(part, of, self._places)):
                made = self._new_contraction(tuple(map(self.array, found.operands)), found.letters, found.out)
                made.place = self._places[part[0]]
                self._own(made, part)
        for group in levels(elements, self._of, self._places):
            whole, n = group == elements, len(group)  # n may be one for each element, as inside np.clip
            own = shape if whole or n == len(elements) > 1 else (n,) if n > 1 else ()
            self._row(group, own, inputs if whole else (), place)

    def read_unused(self) -> None:
        """Adds the Values that a condition left out of the result, though others of their line count in it."""
        for value in left_out(self._places, self._of):
            self.array(value)

    def _row(self, group: list[Value], shape: Any, inputs: Sequence[Any], place: Place | None) -> None:
        """Adds one operation of the table, for all Values of the group at once."""
        op: Op = group[0].op  # type: ignore[assignment]
        place = self._places.get(group[0], place)
        columns = list(zip(*(node.operands for node in group), strict=True))
        if op is table.DOT:
            made = self._weighted_sums(columns, shape, place)
        elif not op.slopes:
            stacked = shaped([x for row in zip(*columns, strict=True) for x in row], (*shape, len(columns)))
            made = Fold(value=np.empty(0), operands=(self.array(stacked),), op=op, axis=len(shape), place=place)
        else:
            operands = tuple(self._operand([*x], shape, [*inputs[k : k + 1], *inputs]) for k, x in enumerate(columns))
            made = Map(value=np.empty(0), operands=operands, op=op, place=place)
        made.value = numbers(group, shape)
        self._own(made, group)

    def _operand(self, column: list[Any], shape: Any, inputs: Sequence[Any]) -> Assignment:
        """Returns the operand with these elements. If broadcasting a given input makes them, it is that input."""
        for given in inputs:
            spread = np.broadcast_to(np.asarray(plain(given), dtype=object), shape).ravel().tolist()
            if all(
                x is y or (type(x) is not Value and type(y) is not Value and x == y)
                for x, y in zip(spread, column, strict=True)
            ):
                return self.array(given)
        if len(set(map(id, column))) == 1:
            return self.array(column[0])
        return self.array(shaped(column, shape))

    def _weighted_sums(self, columns: list[Any], shape: Any, place: Place | None) -> Assignment:
        weights, others, bias = table.parts(columns)
        n, letters = len(weights), LETTERS[: len(shape)]
        stacks = [self.array(shaped([x for row in zip(*part, strict=True) for x in row], (*shape, n)))
                  for part in (weights, others)]  # fmt: skip
        made = self._new_contraction(tuple(stacks), (f"{letters}z", f"{letters}z"), letters)
        made.place = place
        if not bias:
            return made
        added = self._operand(list(bias[0]), shape, ())
        return Map(value=np.empty(0), operands=(made, added), op=table.ADD, place=place)
