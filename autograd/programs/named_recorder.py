"""A recorder that follows arrays through variables, views and copies.

Each view that a variable holds, and each copy, is an array of its own in the program. So its gradient is that of its
own uses, even if another array has the same elements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from operator import is_
from typing import Any

import numpy as np

from ..arrays.recorder import recording
from ..arrays.value_array import ValueArray, plain, shaped
from ..value import Value
from .assignments import Array, Assignment, View
from .elements import numbers, taken_apart
from .gathered import Origin, gathered
from .naming import Names
from .recording import Recorder
from .run_arrays import RecordedArray, memory
from .shortened import shortened
from .taken import chosen_from, is_array_of_values, is_same_region, is_slice, made_from, places_in, view_above

__all__ = ["NamedRecorder"]


class NamedRecorder(Recorder):
    """A recorder that reads the variables whenever an operation begins.

    If it does not follow copies, a copy has the Values of its array, as outside a recording.
    """

    def __init__(self, names: Names, follows_copies: bool = True) -> None:
        super().__init__(names.here)
        self._names, self._follows_copies = names, follows_copies
        self._for_now: dict[Any, Assignment | None] = {}  # what arrays were before the running operation took them
        self._taken: dict[Value, tuple[Assignment, int]] = {}  # the places of elements that it takes from such views
        self._given: dict[int, tuple[Any, Assignment]] = {}  # its inputs that are such views, by the id of their copy
        self._held: dict[int, tuple[Any, list[Any], Assignment]] = {}  # by the id of an array that a variable holds
        self._copies: set[Assignment] = set()
        self._held_of: dict[Any, Assignment] = {}  # the same views, by shape and elements

    def operation(self, run: Callable[..., Any], name: str, method: str, inputs: Any, kwargs: Any) -> Any:
        """Reads the variables, runs the operation, records its result and returns it."""
        is_inside = self._is_in_operation  # of another operation, which may be one of NumPy's functions
        outside, self._for_now = self._for_now, {}
        token = recording.set(None)  # reading must record no operations
        try:
            self._names.look(self, inputs)
        finally:
            recording.reset(token)
        sources = [] if is_inside else _arrays((*inputs, *kwargs.values()))
        try:
            self._taken = self._taken if is_inside else self._elements_of_views(sources)
            count = len(self.program.assignments)
            result = super().operation(run, name, method, inputs, kwargs)
            return self._told(result, sources, count) if self._follows_copies and not is_inside else result
        finally:
            self._taken = self._taken if is_inside else {}
            self._given = self._given if is_inside else {}
            for key, before in self._for_now.items():
                if before is None:
                    del self._arrays[key]
                else:
                    self._arrays[key] = before
            self._for_now = outside

    def known(self, given: Any) -> Assignment | None:
        """Returns the assignment of the whole array; for a view that a variable holds, this very view."""
        return self._view_held(given) or super().known(given)

    # ---- views

    def _before(self, given: Any) -> Any:
        copy = super()._before(given)
        view = self._view_of(given) if is_array_of_values(given) else None
        if view is not None and not self._given.get(id(copy)):
            self._given[id(copy)] = copy, view
        return copy

    def array(self, given: Any) -> Assignment:
        """Returns the assignment of an array; for an input of the running operation, the view that it is."""
        _, view = self._given.get(id(given), (None, None))
        return super().array(given) if view is None else view

    def holds(self, given: Any) -> None:
        """Makes an array of its own of a view that a variable holds, such as y.T or x[1:]."""
        if self._view_held(given) is not None or (above := made_from(given)) is None:
            return
        found, known = view_above(given, self._known_above), super().known(given)
        self._place = self._here()
        if found is None and known is None and self.is_recorded(given):  # a view of what was written just now
            if above.size > given.size or (places := places_in(above, given)) is None:
                self._hold(given, self.array(given))
                return
            found = self.array(above), places
        if found is not None and (type(given) is not np.ndarray or known is None):  # np.asarray(x) is x
            whole, places = found
            self._hold(given, self._new_view((whole,), np.zeros_like(places), places))

    def _hold(self, given: Any, view: Assignment) -> None:
        elements, shape = taken_apart(given)
        self._held[id(given)] = given, elements, view
        self._held_of[shape, tuple(elements)] = view

    def _known_above(self, given: Any) -> Assignment | None:
        return self.known(given) or (self.array(given) if self.is_choice(given) else None)

    def takes_from(self, given: Any) -> None:
        """Takes an array, while the running operation lasts, for a view of the array that it was made from.

        So y.T is a view of y, not of x, where y is x[:2].
        """
        view = None if self._is_in_operation else self._view_of(given)
        if view is not None:
            key = given.shape, tuple(taken_apart(given)[0])
            self._for_now.setdefault(key, self._arrays.get(key))
            self._arrays[key] = view

    def _elements_of_views(self, sources: Sequence[Any]) -> dict[Value, tuple[Assignment, int]]:
        """Returns the places of elements in views and in arrays that were written to, if variables hold these arrays.

        It leaves out elements that are in several arrays.
        """
        views = list(map(self._view_taken, sources))
        places: dict[Value, Origin] = {}
        several: set[Value] = set()
        for source, view in zip(sources, views, strict=True) if any(views) else ():
            elements = [(x, at) for at, x in enumerate(taken_apart(source)[0]) if isinstance(x, Value)]
            here: dict[Value, Origin] = {x: (view, at) if view else None for x, at in reversed(elements)}
            several.update(x for x in here if x in places and (places[x] or (None,))[0] is not view)
            places = here | places
        return {x: place for x, place in places.items() if place is not None and x not in several}

    def _view_taken(self, given: Any) -> Assignment | None:
        view = self._view_of(given)
        if view is None and not self.is_whole(given) and any(given is held for held in self._names.held()):
            return self.array(given)
        return view

    def _place_of(self, x: Any) -> Origin:
        return self._taken.get(x) or super()._place_of(x)

    def _operand(self, column: list[Any], shape: Any, inputs: Sequence[Any]) -> Assignment:
        view = None if inputs else self._held_of.get((shape, tuple(column)))  # as after np.asarray
        return view or super()._operand(column, shape, inputs)

    def returned(self, result: Any) -> Assignment:
        """Returns the assignment of the array that the function has returned."""
        return self._view_of(result) or self.array(result)

    def _view_of(self, given: Any) -> Assignment | None:
        """Returns the view that a variable holds, or the view of another view; None if the elements tell the same."""
        if (view := self._view_held(given)) is not None:
            return view
        whole, places = view_above(given, self._known_above) or (None, None)
        return self._view((whole,), np.zeros_like(places), places) if isinstance(whole, View) else None

    def _view_held(self, given: Any) -> Assignment | None:
        nothing: tuple[Any, list[Any], None] = None, [], None
        array, elements, view = self._held.get(id(given), nothing)
        if array is None and type(given) is np.ndarray:  # np.asarray has made it
            alike = (each for each in self._held.values() if is_same_region(each[0], given))
            array, elements, view = next(alike, nothing)
        is_held = array is not None and all(map(is_, elements, taken_apart(given)[0]))  # nothing was written to it
        return view if is_held else None

    # ---- copies

    def copied(self, result: RecordedArray, source: RecordedArray, name: str) -> Any:
        """Records what a method with this name has copied, as an operation, unless an operation has called it."""
        if self._is_in_operation:
            return result
        return self.operation(lambda: result, name, "method", (source,), {})

    def _told(self, result: Any, sources: Sequence[Any], count: int) -> Any:
        """Returns the result as an array that knows what it was made from. A copy gets Values of its own.

        `sources` are the arrays that the operation got. The program had `count` assignments before.
        """
        if isinstance(result, tuple | list):
            parts = [self._told(part, sources, count) for part in result]
            return result._make(parts) if hasattr(result, "_make") else type(result)(parts)
        if not isinstance(result, ValueArray) or any(result is source for source in sources):
            return result
        made = result if isinstance(result, RecordedArray) else plain(result).view(RecordedArray)
        made.made_from = next((source for source in sources if memory(source) is memory(made)), None)
        if made.made_from is None:
            self._own_copies(made, sources, count)
        return made

    def _own_copies(self, array: RecordedArray, sources: Sequence[Any], count: int) -> None:
        """Gives an array Values of its own if it has elements that were known before: each is a copy of one of these.

        Only a graph with such copies tells the gradient of x[ids] from the one of x.
        """
        elements, shape = taken_apart(array)
        known = [self._of[x][0] for x in elements if x in self._of]
        if not known or (all(of.number >= count for of in known) and len(set(elements)) == len(elements)):
            return
        same = next((source for source in sources if taken_apart(source)[0] == elements), None)  # in the same order
        view = None if same is None else self._view_taken(same)
        places = list(map(self._place_of, elements)) if view is None else [(view, at) for at in range(len(elements))]
        copy = self._new_view(*gathered(elements, shape, places, self.constant, self.program.add))
        outside, self._is_in_operation = self._is_in_operation, True
        try:
            own = [x * 1.0 for x in elements]
        finally:
            self._is_in_operation = outside
        self._own(copy, own)
        self._copies.add(copy)
        plain(array)[...] = shaped(own, shape)

    # ---- at the end

    def shortened(self, named: Set[Assignment], result: Assignment) -> dict[Assignment, Assignment]:
        """Shortens chains of views. Returns a dict from dropped views that are whole arrays to these arrays."""
        same = shortened(self.program, named, self._copies, result)
        kept = {*self.program.assignments}
        self._of = {x: (same.get(of, of), at) for x, (of, at) in self._of.items() if same.get(of, of) in kept}
        self._arrays = {key: same.get(of, of) for key, of in self._arrays.items() if same.get(of, of) in kept}
        held = {key: (array, of, same.get(view, view)) for key, (array, of, view) in self._held.items()}
        self._held = {key: each for key, each in held.items() if each[2] in kept}
        return same

    def gradients(self) -> tuple[dict[int, Array], dict[int, Array]]:
        """Returns two dicts from the number of an array to its gradient: one for recorded arrays, one for views."""
        found: dict[int, Array] = {}
        for value, (assignment, at) in self._of.items():
            found.setdefault(assignment.number, np.zeros(assignment.shape)).flat[at] = value.grad
        arrays = [*self._arrays.items(), *(((array.shape, of), view) for array, of, view in self._held.values())]
        views = {
            assignment.number: np.array([getattr(x, "grad", 0.0) for x in elements], dtype=float).reshape(shape)
            for (shape, elements), assignment in arrays
            if assignment.number not in found
        }
        return found, views

    # ---- stores

    def is_choice(self, given: Any) -> bool:
        """Returns whether some of the elements are those of another array at their places there, as after h[h < 0] = 0.

        Rows and other slices that were written are no choice, unless numbers were.
        """
        elements, shape = taken_apart(given)
        found = [self._of.get(x, (None, at)) for at, x in enumerate(elements)]
        for whole in {
            of for at, (of, place) in enumerate(found) if of is not None and (of.shape, place) == (shape, at)
        }:
            kept = np.array([of is whole for of, _ in found]).reshape(shape)
            is_slices = is_slice(kept) or is_slice(~kept)
            if not kept.all() and (not is_slices or all(of in (whole, None) for of, _ in found)):
                return True
        return False

    def _assembled(self, elements: list[Any], shape: tuple[int, ...]) -> Assignment:
        if not self._taken.keys().isdisjoint(elements):
            self._for_now.setdefault((shape, tuple(elements)), None)
        whole = chosen_from(elements, shape, self._names.held(), self._is_number)
        if whole is None:
            return super()._assembled(elements, shape)
        self._names.used(self, whole)
        source = np.array([self._is_number(x) for x in elements], dtype=np.int64).reshape(shape)
        operands = self.array(whole), self.constant(np.where(source, numbers(elements, shape), 0.0))
        return self._view(operands, source, np.arange(source.size).reshape(shape))

    def _is_number(self, x: Any) -> bool:
        return not isinstance(x, Value) or (x.op is None and x not in self._of)


def _arrays(given: Sequence[Any]) -> list[Any]:
    """Returns the arrays of Values among arguments, also those in lists and tuples."""
    parts = [part for each in given for part in (each if isinstance(each, list | tuple) else (each,))]
    return list(filter(is_array_of_values, parts))
