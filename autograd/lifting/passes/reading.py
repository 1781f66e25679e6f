"""Reads nodes as arrays: as an array in which they lie, a view of it, constants, or a part of the tape."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import table
from ...programs.assignments import Assignment, Constant, Leaf, Map
from ...programs.backward_kinds import Buffer, Put, Slope
from ...programs.roles import Role, code_name
from ..layout import CONSTANTS, FIRST, INPUTS, PARAMETERS, TAPE, Ids, Layout
from .arithmetic import mapped, number, placed, view

__all__ = ["NODES", "TERMS", "Reader", "without_repeats"]

NODES, TERMS = "ijklm", "pqrst"  # the letters of a group's axes, and of the axes that are summed over


class Reader:
    """Returns nodes as arrays. Nodes that lie in several arrays are first copied to one array, the tape."""

    def __init__(self, layout: Layout, assignments: list[Assignment]) -> None:
        self.layout, self.assignments = layout, assignments
        self.parameters = Leaf(name="parameters", extents=(layout.parameters,), role=Role("p"))
        self.inputs = Leaf(name="inputs", extents=(layout.inputs,), varies=True, role=Role("inputs"))
        self.tape = Buffer(name="v", extents=(0,), varies=layout.mapped, role=Role("v"))
        self.arrays: dict[int, Assignment] = {PARAMETERS: self.parameters, INPUTS: self.inputs, TAPE: self.tape}
        self._slots = np.full(len(layout.array_of), -1)  # the position of each node on the tape, or −1
        self._views: dict[tuple[int, tuple[int, ...], bytes], Assignment] = {}

    def inside(self, assignments: list[Assignment]) -> Reader:
        """Returns a reader for the steps of a loop, which have their own tape."""
        inner = copy.copy(self)
        inner.assignments = assignments
        inner.tape = Buffer(name="v", extents=(0,), varies=self.tape.varies, role=Role("v"))
        inner.arrays = {**self.arrays, TAPE: inner.tape}
        inner._slots = np.full(len(self.layout.array_of), -1)
        return inner

    def read(self, ids: Ids, role: Role | None = None, spread: bool = True) -> Assignment:
        """Returns these nodes as an array; a new view of leaves, or a new constant, gets `role`.

        With `spread`, nodes that are the same along an axis are read once; broadcasting repeats them later.
        """
        if spread:
            for axis in range(ids.ndim):
                first = ids.take([0], axis)
                ids = first if ids.shape[axis] > 1 and (ids == first).all() else ids
        source = self.layout.source(ids)
        while spread and source < FIRST and ids.shape[:1] == (1,) and not self.layout.arrays[source].varies:
            ids = ids[0]  # broadcasting puts it in front again
        if source == CONSTANTS:
            values = self.layout.data[ids]
            if spread and bool((ids >= self.layout.plain).all()) and (values == values.flat[0]).all():
                return number(float(values.flat[0]))
            return self.constant(values, role or Role("k"))
        if source == TAPE:
            self._put_on_tape(ids)
            return view(self.tape, self._slots[ids])
        positions = self.layout.position_of[ids]
        made = placed(self.arrays[source], positions)
        if made is self.arrays[source]:
            return made
        key = source, positions.shape, positions.tobytes()
        known = self._views.setdefault(key, made)
        if source < FIRST and not known.name:
            known.role = role or Role("p" if source == PARAMETERS else "x")
            known.name = code_name(known.role)
        return known

    def constant(self, values: NDArray[np.floating[Any]], role: Role) -> Assignment:
        """Returns a named constant; equal numbers are one constant."""
        key = CONSTANTS, values.shape, values.tobytes()
        if key not in self._views:
            self._views[key] = Constant(value=np.array(values, order="C"), role=role, name=code_name(role))
        return self._views[key]

    def _put_on_tape(self, ids: Ids) -> None:
        """Copies all arrays in which these nodes lie to the tape, unless they are there already."""
        layout, tape = self.layout, self.tape
        for source in layout.sources(ids):
            if source == CONSTANTS:
                members = np.unique(ids[layout.array_of[ids] == CONSTANTS])
                members = members[self._slots[members] < 0]
                array: Assignment = Constant(value=layout.data[members])
            else:
                members = np.flatnonzero(layout.array_of == source)
                members = members[np.argsort(layout.position_of[members])]
                array = self.arrays[source]
            if len(members) and self._slots[members[0]] < 0:
                start = tape.shape[0]
                self._slots[members] = start + np.arange(len(members))
                tape.extents = (start + len(members),)
                index = self._slots[members].reshape(array.shape)
                self.assignments.append(Put(operands=(tape, array), index=index, extents=index.shape))

    def masked(self, x: Assignment, mask: NDArray[np.bool_], otherwise: float) -> Assignment:
        """Returns an array that has x where the mask is true, and a number elsewhere."""
        for axis in range(mask.ndim):
            first = mask.take([0], axis)
            mask = first if (mask == first).all() else mask
        while mask.shape[:1] == (1,):
            mask = mask[0]
        if mask.all():
            return x
        condition = self.constant(mask * 1.0, Role("mask"))
        if isinstance(x, Slope) and otherwise == 0.0:  # a softmax with the same mask is 0 there already
            inner = x.operands[1]
            if isinstance(inner, Map) and inner.op is table.WHERE and inner.operands[0] is condition:
                return x
        return mapped(table.WHERE, condition, x, number(otherwise))

    def order(self, ids: Ids, letters: str = "") -> tuple[int, ...]:
        """Returns a factor's axes, sorted by the distance of neighbours in the factor's array, the largest first.

        Constants can be stored in any order: with `letters`, the axes of a constant that are summed over come first.
        """
        source = self.layout.source(ids)
        if source == CONSTANTS and letters:
            return tuple(sorted(range(ids.ndim), key=lambda axis: letters[axis] not in TERMS))
        lie = source not in (CONSTANTS, TAPE)
        return _descending(self.layout.position_of[ids] if lie else np.arange(ids.size).reshape(ids.shape))


def without_repeats(ids: NDArray[Any], axes: str, ones: str = "") -> tuple[NDArray[Any], str]:
    """Returns the ids without the axes along which they are the same, and the letters of the axes that are left.

    An axis of length 1 stays if its letter is in `ones` or if it is summed over.
    """
    kept = ""
    for letter in axes:
        at = len(kept)
        first = ids.take(0, at)
        alone = ids.shape[at] == 1
        if (letter not in TERMS + ones) if alone else (ids == np.expand_dims(first, at)).all():
            ids = first
        else:
            kept += letter
    return ids, kept


def _descending(positions: Ids) -> tuple[int, ...]:
    """Returns the axes sorted by the distance of neighbours along them, the largest first."""
    steps, before = [], int(positions.size * positions.max(initial=0)) + 1
    for axis, extent in enumerate(positions.shape):
        if extent > 1:
            before = abs(int(positions.take(1, axis).flat[0]) - int(positions.flat[0]))
        steps.append(before)
    return tuple(sorted(range(len(steps)), key=lambda axis: (-steps[axis], axis)))
