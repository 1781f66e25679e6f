"""Where each number of the graph lies in the program's arrays, and how a set of them is read: as a view if it can be.

    parameters   one flat array, in the order given        inputs      a column an example, a row an input
    constants    an array for each use                     computed    an array for each group of nodes

Every array has rows and columns. In a program over examples the columns of what varies are the examples; otherwise
they are whatever the graph repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .texts import Term, atom, number, shown_name, shown_place
from .views import Ids, cut, progression, stepped

__all__ = ["CONSTANTS", "FIRST", "INPUTS", "PARAMETERS", "TAPE", "Array", "Layout", "Reading"]

PARAMETERS, CONSTANTS, INPUTS, TAPE = 0, 1, 2, 3
FIRST = 4  # number of the first computed array


@dataclass
class Array:
    """An array of the program: which nodes it holds, row by row, and what it is called."""

    name: str
    shown: str
    rows: int
    columns: int
    varies: bool = False  # from example to example
    active: bool = False  # whether a parameter has a part in it
    text: Term | None = None  # what stands in its place, where that is shorter than a name

    @property
    def term(self) -> Term:
        """What to write for the whole of it."""
        return self.text or atom(self.name, self.shown)


class Reading(NamedTuple):
    """Some numbers of one array (or of the tape), as an array of `shape`; `place.format(name)` is the view of them."""

    array: int
    shape: tuple[int, int]
    varies: bool
    active: bool  # whether a parameter has a part in it
    term: Term
    place: str = "{}"
    at: str = ""  # the name of the array of positions, where no view will do
    positions: Ids | None = None

    @property
    def whole(self) -> bool:
        """Whether it is all of the array, as it lies."""
        return self.place == "{}" and not self.at


@dataclass
class Layout:
    """The arrays so far, and where each node lies: `array_of[node]`, `position_of[node]`."""

    mapped: bool
    data: NDArray[np.float64]  # the leaves' numbers and the constants, by node
    array_of: Ids
    position_of: Ids
    slots: Ids  # where on the tape a node is, or −1
    count: int  # how many parameters there are
    plain: int  # nodes from this number on are plain numbers
    arrays: dict[int, Array] = field(default_factory=dict)
    views: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # place: name, equation's name, shape
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)  # the arrays of numbers and of positions, by name
    tape: dict[int, int] = field(default_factory=dict)  # where on the tape an array starts
    tape_size: int = 0
    names: dict[str, int] = field(default_factory=dict)  # those that are taken, and how often they were asked for
    known: dict[tuple[Any, ...], str] = field(default_factory=dict)  # the names of constants, by what they hold

    def add(self, nodes: Ids, rows: int, columns: int, inputs: Sequence[Ids]) -> int:
        """A new array for these nodes, made of the nodes in `inputs`."""
        key = FIRST + len(self.arrays)
        self.array_of[nodes] = key
        self.position_of[nodes] = np.arange(len(nodes))
        sources = {int(source) for ids in inputs for source in np.unique(self.array_of[ids])}
        self.arrays[key] = Array(
            "", "", rows, columns,
            varies=any(self.is_varying(source) for source in sources) or (
                self.mapped and any((self.array_of[ids] != self.array_of[ids.flat[0]]).any() for ids in inputs)
            ),
            active=any(self.is_active(source) for source in sources),
        )  # fmt: skip
        return key

    @property
    def size(self) -> int:
        """How many numbers nodes may have."""
        return len(self.array_of)

    def numbered(self, values: NDArray[np.float64]) -> Ids:
        """Constants with these values, equal ones with the same number."""
        distinct, which = np.unique(values, return_inverse=True)
        new = self.size + np.arange(len(distinct))
        self.data = np.append(self.data, distinct)
        self.array_of = np.append(self.array_of, np.full(len(new), CONSTANTS))
        self.position_of = np.append(self.position_of, new)
        self.slots = np.append(self.slots, np.full(len(new), -1))
        return new[which.reshape(values.shape)]

    def is_varying(self, array: int) -> bool:
        """Whether the array differs from example to example."""
        return array == INPUTS or (array >= FIRST and self.arrays[array].varies)

    def is_active(self, array: int) -> bool:
        """Whether a parameter has a part in it."""
        return array == PARAMETERS or (array >= FIRST and self.arrays[array].active)

    def ranks(self, arrays: Ids) -> Ids:
        """The arrays' numbers, those of arrays that vary above all others."""
        varying = [array for array in np.unique(arrays).tolist() if self.is_varying(array)]
        return np.where(np.isin(arrays, varying), arrays + FIRST + len(self.arrays), arrays) if varying else arrays

    def named(self, wanted: str) -> str:
        """The name, or the next one that is free."""
        name = wanted
        while name in self.names:
            self.names[wanted] += 1
            name = f"{wanted}_{self.names[wanted]}" if wanted[-1].isdigit() else f"{wanted}{self.names[wanted]}"
        self.names[name] = 1
        return name

    # ---- reading

    def read(self, ids: Ids, name: str = "", shown: str = "", spread: bool = True) -> Reading:
        """How to read these nodes, given as rows and columns (over examples: as one column, if they vary).

        Equal rows, or equal columns, are read once, to be spread again, if `spread` says so. `name` is what a new
        view of leaves would be called.
        """
        if spread:
            ids = ids[:1] if len(ids) > 1 and (ids == ids[0]).all() else ids
            ids = ids[:, :1] if ids.shape[1] > 1 and (ids == ids[:, :1]).all() else ids
        arrays = self.array_of[ids]
        source = int(arrays.flat[0])
        if not (arrays == source).all():
            return self._from_tape(ids)
        positions = self.position_of[ids]
        if source == CONSTANTS:
            return self._constant(ids, name, spread)
        if source == PARAMETERS:
            return self._of_parameters(positions, name, shown)
        if source == INPUTS:
            return self._of_inputs(positions, name, shown)
        return self._of_array(source, positions)

    def gathered(self, ids: Ids) -> Reading:
        """As `read`, one by one, for ids with an axis more in the middle: rows, what is summed, columns."""
        arrays = self.array_of[ids]
        source = int(arrays.flat[0])
        if not (arrays == source).all():
            return self._from_tape(ids)
        if source == CONSTANTS:
            return self._constant(ids, "", spread=False)
        if source in (PARAMETERS, INPUTS):
            name = ("parameters", "p") if source == PARAMETERS else ("inputs", "inputs")
        else:
            name = self.arrays[source].name, self.arrays[source].shown
        return self._taken(source, self.position_of[ids], name)

    def _constant(self, ids: Ids, name: str, spread: bool) -> Reading:
        values = self.data[ids]
        plain = bool((ids >= self.plain).all())  # somebody's leaf keeps a name, a plain number stands as it is
        if spread and plain and (values.size == 1 or (values == values.flat[0]).all()):
            return Reading(CONSTANTS, (1, 1), False, False, number(float(values.flat[0])))
        called = self.constant(values, name or "k")
        return Reading(CONSTANTS, (len(ids), ids.shape[-1]), False, False, atom(called, shown_name(called)))

    def constant(self, values: NDArray[Any], name: str) -> str:
        """The name under which the program finds these numbers."""
        key = values.shape, values.dtype.kind, values.tobytes()
        if key not in self.known:
            self.known[key] = self.named(name)
            self.constants[self.known[key]] = np.ascontiguousarray(values)
        return self.known[key]

    def _of_parameters(self, positions: Ids, name: str, shown: str) -> Reading:
        rows, columns = positions.shape
        place = stepped(positions, self.count)
        if place is None:
            return self._taken(PARAMETERS, positions, ("parameters", "p"))
        if place not in self.views:
            called = self.named(name or "p")
            self.views[place] = called, shown if called == name else shown_name(called), f"({rows}, {columns})"
        called, written, _ = self.views[place]
        return Reading(PARAMETERS, (rows, columns), False, True, atom(called, written), place, "", positions)

    def _of_inputs(self, positions: Ids, name: str, shown: str) -> Reading:
        rows = progression(positions[:, 0])
        if positions.shape[1] != 1 or rows is None:
            return self._taken(INPUTS, positions, ("inputs", "inputs"))
        place = f"{{}}[{rows}]"
        if place not in self.views:
            called = self.named(name or "x")
            self.views[place] = called, shown if called == name else shown_name(called), f"({len(positions)}, n)"
        called, written, _ = self.views[place]
        return Reading(INPUTS, (len(positions), 1), True, False, atom(called, written), place)

    def _of_array(self, source: int, positions: Ids) -> Reading:
        array = self.arrays[source]
        shape: tuple[int, int] = positions.shape
        place = cut(positions, array.rows, array.columns)
        if place is None and not array.varies:
            turned, flat = cut(positions.T, array.rows, array.columns), progression(positions.ravel())
            if turned is not None:
                place = f"{turned}.T"
            elif flat is not None:
                every = flat == f"0:{array.rows * array.columns}"
                place = f"{{}}{'' if every else f'.reshape(-1)[{flat}]'}.reshape({shape[0]}, {shape[1]})"
        if place is None:
            return self._taken(source, positions, (array.name, array.shown))
        if array.text is not None and place == "{}":
            return Reading(source, shape, array.varies, array.active, array.text)
        term = atom(place.format(array.name), shown_place(place, array.shown))
        return Reading(source, shape, array.varies, array.active, term, place)

    def _taken(self, source: int, positions: Ids, names: tuple[str, str]) -> Reading:
        """One by one, by an array of positions."""
        varies = self.is_varying(source)
        shape = (len(positions), positions.shape[-1])
        index = self.constant(positions[..., 0] if varies else positions, "i")
        name, shown = names
        place = f"{{}}[{index}]" if varies or source == PARAMETERS else f"{{}}.take({index})"
        term = atom(place.format(name), f"{shown}[{index}]")
        return Reading(source, shape, varies, self.is_active(source), term, place, index, positions)

    def _from_tape(self, ids: Ids) -> Reading:
        """From the array that holds several others, one after another."""
        sources = np.unique(self.array_of[ids]).tolist()
        for source in sources:
            if source == CONSTANTS:
                new = np.unique(ids[(self.array_of[ids] == CONSTANTS) & (self.slots[ids] < 0)])
                self.slots[new] = self.tape_size + np.arange(len(new))
                self.tape_size += len(new)
            elif source not in self.tape:
                members = np.flatnonzero(self.array_of == source)
                self.slots[members] = self.tape_size + self.position_of[members]
                self.tape[source] = self.tape_size
                self.tape_size += len(members)
        positions = self.slots[ids]
        index = self.constant(positions[..., 0] if self.mapped else positions, "i")
        active = any(self.is_active(source) for source in sources)
        term = atom(f"v[{index}]", f"v[{index}]")
        return Reading(TAPE, (len(ids), ids.shape[-1]), self.mapped, active, term, f"{{}}[{index}]", index, positions)
