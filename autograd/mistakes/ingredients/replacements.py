"""Lists the arrays that may replace a factor of a gradient by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Contraction, Map, View
from ...programs.recorded import Recorded
from ...programs.reverse import Way
from ..edits import called, listed, number, uses
from ..relatives import above, below, relatives, variables
from .other_inputs import of_other_inputs
from .other_turns import Data, Values, of_another_turn
from .turnings import REFILLED, RESHAPED, one_everywhere, part_along, places, turnings

__all__ = ["Data", "Values", "of_shape", "replacements"]

MOST = 60  # the largest number of arrays of one shape that are tried in the place of another


def replacements(
    recorded: Recorded, ways: tuple[Way, ...], rights: dict[Way, Assignment]
) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors, such as the operand in another order, its gradient, or another array of its shape.

    Each wrong factor is a text, its numbers for each way, and the data of its edit.
    """
    right = rights[ways[0]]
    yield from _turned(rights)
    yield from _turned_below(rights)
    yield from _not_rearranged(rights)
    yield from _functions_of(rights)
    yield from _a_factor_less(rights)
    flows = recorded.backward.flows
    if all(array.number in flows for array in rights.values()):
        yield f"the gradient of {called(right)}", {way: flows[array.number] for way, array in rights.items()}, ()
    yield from _of_the_next_turn(recorded, rights)
    yield from _with_a_transpose(rights)
    yield from of_other_inputs(recorded, rights)
    if len(ways) == 1:
        for x in filter(partial(_is_of_the_line, right), recorded.program.assignments):
            run = ", from another run of that line," if type(x) is type(right) else ""
            yield f"{called(x)}{run}", {ways[0]: x.value}, (x,)
        yield from ((name, {ways[0]: value}, data) for name, value, data in _alike(recorded, right))
        return
    yield from of_another_turn(recorded, rights)
    yield from _parts_of_another(recorded, rights)
    yield from _of_other_variables(recorded, rights)
    if all(array is right for array in rights.values()):
        inputs = (x for x in recorded.inputs.values() if x is not right and x.shape == right.shape)
        yield from ((called(x), dict.fromkeys(ways, x.value), (x,) * len(ways)) for x in inputs)
    nodes = [recorded.node(way) for way in ways]
    shapes = [array.shape for array in rights.values()]
    made, to = list(above(recorded, nodes)), uses(recorded)
    for several in (*relatives(nodes, shapes), *made, *(beside for x in made for beside in relatives(x, shapes))):
        is_inside = any(_is_inside_a_call(recorded, to, array) for array in several)  # its text is that of the call
        if several != list(rights.values()) and _shapes(several) == shapes and not is_inside:
            values = {way: array.value for way, array in zip(ways, several, strict=True)}
            yield _told(recorded, ways, several), values, several
    for several in relatives(nodes, [shape[::-1] for shape in shapes]) if len(right.shape) == 2 else ():
        if not any(map(_shares, several, rights.values())):
            values = {way: array.value.T for way, array in zip(ways, several, strict=True)}
            yield f"{listed(map(called, several))}, transposed,", values, several


def _turned(rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors: the operands with their elements in another order."""
    turns = {shape: dict(turnings(shape)) for shape in dict.fromkeys(array.shape for array in rights.values())}
    first, *others = turns.values()
    names = called(next(iter(rights.values())))
    if others:  # of one shape, such as the same array in each turn, the first name is enough
        names = listed(dict.fromkeys(called(rights[way]) for way in sorted(rights)))
        for of in turns.values():
            for text in (REFILLED, RESHAPED):
                if "transposed" in of:  # a square matrix stays as it is where it is reshaped
                    of.setdefault(text, of["transposed"])
    for text in first:
        if all(text in of for of in others):
            yield f"{names}, {text},", {w: turns[a.shape][text](a.value) for w, a in rights.items()}, (text,)


def _told(recorded: Recorded, ways: Sequence[Way], arrays: Sequence[Assignment]) -> str:
    """Returns the names of arrays, one for each way, in the order of the turns; and whether the turns make them."""
    names = listed(called(array) for _, array in sorted(zip(ways, arrays, strict=True), key=lambda each: each[0]))
    is_made = all(way.number in below(recorded).get(array.number, ()) for way, array in zip(ways, arrays, strict=True))
    return f"what each turn makes, {names}," if is_made else names


def _is_inside_a_call(recorded: Recorded, to: Mapping[int, Sequence[Way]], array: Assignment) -> bool:
    """Returns whether one call, such as np.var(x), made the array on its way to another one."""
    is_told = array.name or (isinstance(array, View) and array.of_one is not None)  # by its own text
    users = [] if is_told else [recorded.node(way).place for way in to.get(array.number, ())]
    return any(place is not None and array.place is not None and place.path == array.place.path for place in users)


def _functions_of(rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors: 1 − m for a mask m, one of two numbers everywhere, both exchanged, the root of an array."""
    right, values = next(iter(rights.values())), [array.value for array in rights.values()]
    numbers = np.unique(np.concatenate([value.ravel() for value in values]))
    if numbers.size <= 2 and np.isin(numbers, (0.0, 1.0)).all():
        yield f"1 − {called(right)}", {way: 1 - array.value for way, array in rights.items()}, ()
    elif numbers.size == 2:
        text = f"{called(right)}, with {number(numbers[0])} and {number(numbers[1])} exchanged,"
        yield text, {way: numbers.sum() - array.value for way, array in rights.items()}, ()
        for one in numbers:
            everywhere = {way: np.full(array.shape, one) for way, array in rights.items()}
            yield f"{number(one)}, one of its two numbers, in every place", everywhere, ()
    elif numbers[0] >= 0.0:
        yield f"the square root of {called(right)}", {way: np.sqrt(array.value) for way, array in rights.items()}, ()


def _a_factor_less(rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors: of a product such as 0.5 x, the factor that was broadcast, 0.5; the other is missing."""
    if all(isinstance(x, Map) and x.op is table.MUL for x in rights.values()):
        for k in (0, 1):
            alone = {way: x.operands[k] for way, x in rights.items()}
            if all(array.shape != rights[way].shape for way, array in alone.items()):
                values = {way: np.broadcast_to(array.value, rights[way].shape) for way, array in alone.items()}
                yield listed(map(called, alone.values())), values, ()


def _of_the_next_turn(recorded: Recorded, rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields a wrong factor of a loop, such as h(t) for h(t − 1): the array that a turn makes, not the one it reads."""
    in_order = [rights[way] for way in sorted(rights)]
    last = in_order[-1].place
    if len(in_order) > 1 and last is not None:
        made = [a for a in recorded.program.assignments if a.place is not None and a.place.path == last.path]
        made = [array for array in made if array.shape == in_order[-1].shape]
        if made[:-1] == in_order[1:] and in_order[0].shape == in_order[-1].shape:
            values = {way: a.value for way, a in zip(sorted(rights), made, strict=True)}
            yield _told(recorded, sorted(rights), made), values, made
            after = [*made[1:], in_order[0]]
            if _shapes(after) == _shapes(in_order):
                text = "in each turn of a loop, what the turn after it makes,"
                yield text, {way: a.value for way, a in zip(sorted(rights), after, strict=True)}, after
            at_end = f"in every turn of a loop, {called(made[-1])}, which the last turn makes,"
            yield at_end, dict.fromkeys(rights, made[-1].value), made[-1:] * len(rights)


def _with_a_transpose(rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors: products in which a square matrix is transposed, such as W x for xᵀ W."""
    first = next(iter(rights.values()))
    for k, of in enumerate(first.operands) if all(isinstance(x, Contraction) for x in rights.values()) else ():
        is_square = len(of.shape) == 2 and of.shape[0] == of.shape[1] > 1
        if is_square and len({(x.shape, *_shapes(x.operands)) for x in rights.values()}) == 1:
            values = {way: x.forward([a.value.T if j == k else a.value for j, a in enumerate(x.operands)])
                      for way, x in rights.items()}  # fmt: skip
            name = listed(called(x.operands[k]) for x in rights.values())
            yield f"{listed(map(called, rights.values()))}, with {name} transposed,", values, ()


def _is_of_the_line(right: Assignment, array: Assignment) -> bool:
    """Returns whether the same source line made both arrays, with the same shape; arrays with a name do not count."""
    if array is right or array.name or array.shape != right.shape or array.place is None or right.place is None:
        return False
    return array.place.at == right.place.at


def _parts_of_another(recorded: Recorded, rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors of a loop: in each turn, a part of another named constant, such as y[i] for x[i]."""
    in_order = [rights[way] for way in sorted(rights)]
    if not all(isinstance(array, Constant) for array in in_order) or len(set(_shapes(in_order))) > 1:
        return
    together = np.stack([array.value for array in in_order])
    named = (array for array in recorded.program.assignments if array.name and isinstance(array, Constant))
    alike = [array for array in named if array.shape == together.shape]
    if any(np.array_equal(array.value, together) for array in alike):
        for other in alike:
            parts = {way: other.value[k] for k, way in enumerate(sorted(rights))}
            yield f"the part of {called(other)}", parts, (other,) * len(parts)


def _of_other_variables(recorded: Recorded, rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors of a loop: what another variable holds in each turn."""
    ways = sorted(rights)
    for turns in variables(recorded, [rights[way] for way in ways]):
        yield _told(recorded, ways, turns), {w: a.value for w, a in zip(ways, turns, strict=True)}, turns


def _shapes(arrays: Sequence[Assignment]) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _turned_below(rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors: views of an array with its elements in another order, such as parts of a flipped kernel."""
    views = {way: array for way, array in rights.items() if isinstance(array, View)}
    below = [[k for k, of in enumerate(view.operands) if not isinstance(of, Constant)] for view in views.values()]
    if len(views) < len(rights) or any(len(several) != 1 for several in below):
        return
    position = dict(zip(views, (k for (k,) in below), strict=True))
    of = {way: view.operands[position[way]] for way, view in views.items()}
    first = next(iter(of.values()))
    if first.name and len({array.shape for array in of.values()}) == 1:
        for text, turn in (*turnings(first.shape), *_one_for_all(first.shape)):
            turned = {array.number: turn(array.value) for array in of.values()}
            values = {way: [turned.get(x.number, x.value) for x in view.operands] for way, view in views.items()}
            yield f"{called(first)}, {text},", {way: view.forward(values[way]) for way, view in views.items()}, (text,)


def _not_rearranged(rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields a wrong factor: instead of a rearranged array, such as merged heads, the first array, only reshaped."""
    wholes = {way: array.of_one for way, array in rights.items() if isinstance(array, View)}
    of = {way: x for way, x in wholes.items() if x is not None and x.value.size == rights[way].value.size}
    values = {way: x.value.reshape(rights[way].shape) for way, x in of.items()}
    if len(of) == len(rights) and not all(np.array_equal(value, rights[way].value) for way, value in values.items()):
        yield f"{listed(map(called, of.values()))}, reshaped as it stands,", values, ()


def _one_for_all(shape: tuple[int, ...]) -> Iterator[tuple[str, Callable[[Array], Array]]]:
    """Yields texts with functions that put the first or last element along an axis in every place of an array."""
    for axis, size in enumerate(shape):
        part, _ = part_along(shape, axis)
        for k, which in ((0, "first"), (-1, "last")) if size > 1 else ():
            yield f"with its {which} {part} in place of every {part}", partial(one_everywhere, axis, k)


def _alike(recorded: Recorded, right: Assignment) -> Iterator[tuple[str, Array, Data]]:
    """Yields wrong factors: other arrays of this shape, transposed arrays, one slice in every place, and rows."""
    to = uses(recorded)
    others = (array for array in of_shape(recorded, right.shape)
              if array is not right and not _is_inside_a_call(recorded, to, array))  # fmt: skip
    yield from ((called(array), array.value, (array,)) for array in others)
    if len(right.shape) == 2:
        turned = (array for array in of_shape(recorded, right.shape[::-1]) if not _shares(array, right))
        yield from ((f"{called(array)}, transposed,", array.value.T, (array,)) for array in turned)
    for axis, size in enumerate(right.shape):
        part, _ = part_along(right.shape, axis)
        for k, which in ((0, "first"), (-1, "last")) if size > 1 else ():
            yield f"the {which} {part} of {called(right)}", one_everywhere(axis, k, right.value), ()
    for array in recorded.named.values():
        if right.shape and array.shape[1:] == right.shape:
            for k, which in places(len(array.value)):
                yield f"the {which} row of {called(array)}", array.value[k], ()


def _shares(array: Assignment, right: Assignment) -> bool:
    """Returns whether the numbers of one array are the transpose of the other's."""
    return array.value.shape == right.value.T.shape and bool(np.array_equal(array.value, right.value.T))


def of_shape(recorded: Recorded, shape: tuple[int, ...]) -> list[Assignment]:
    """Returns arrays of this shape, those with a name first."""
    arrays = [a for a in recorded.program.assignments if a.shape == shape and (a.name or not isinstance(a, View))]
    return sorted(arrays, key=lambda array: not array.name)[:MOST]
