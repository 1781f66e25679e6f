"""Where each number of the graph lies in the program's arrays, and how a set of them is read: as a view if it can be.

    parameters   one flat array, in the order given        inputs      a column an example, a row an input
    constants    an array for each use                     computed    an array for each group of nodes

Every array has rows and columns. In a program over examples the columns of what varies are the examples; otherwise
they are whatever the graph repeats.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .texts import Term, atom, shown_name, shown_place
from .views import Ids, cut, progression, stepped

__all__ = ["CONSTANTS", "FIRST", "INPUTS", "PARAMETERS", "TAPE", "Array", "Layout", "Reading"]

PARAMETERS, CONSTANTS, INPUTS, TAPE = range(4)  # the tape holds several arrays, one after another
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
    positions: Ids = np.empty((0, 0), int)  # none of a constant

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
    arrays: list[Array] = field(init=False)
    views: dict[tuple[int, str], tuple[str, str, str]] = field(default_factory=dict)  # of leaves, by array and place:
    #                                                                                   name, equation's name, shape
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)  # the arrays of numbers and of positions, by name
    tape: dict[int, int] = field(default_factory=dict)  # where on the tape an array starts
    tape_size: int = 0
    names: dict[str, int] = field(default_factory=dict)  # those that are taken, and how often they were asked for
    known: dict[tuple[Any, ...], str] = field(default_factory=dict)  # the names of constants, by what they hold

    def __post_init__(self) -> None:
        self.arrays = [
            Array("parameters", "p", self.count, 1, active=True),
            Array("", "", 0, 0),
            Array("inputs", "inputs", 0, 1, varies=True),
            Array("v", "v", 0, 1, varies=self.mapped),
        ]

    def add(self, nodes: Ids, rows: int, columns: int, inputs: Sequence[Ids]) -> int:
        """A new array for these nodes, made of the nodes in `inputs`."""
        self.array_of[nodes] = len(self.arrays)
        self.position_of[nodes] = np.arange(len(nodes))
        varies = any(self.arrays[self.source(ids)].varies for ids in inputs)
        self.arrays.append(Array("", "", rows, columns, varies, any(map(self.is_active, inputs))))
        return len(self.arrays) - 1

    def numbered(self, values: NDArray[np.float64]) -> Ids:
        """Constants with these values, equal ones with the same number."""
        distinct, which = np.unique(values, return_inverse=True)
        new = len(self.array_of) + np.arange(len(distinct))
        self.data = np.append(self.data, distinct)
        self.array_of = np.append(self.array_of, np.full(len(new), CONSTANTS))
        self.position_of = np.append(self.position_of, new)
        self.slots = np.append(self.slots, np.full(len(new), -1))
        return new[which.reshape(values.shape)]

    def source(self, ids: Ids) -> int:
        """The array from which these nodes are read: the one that they all lie in, or the tape."""
        arrays = self.array_of[ids]
        first = int(arrays.flat[0])
        return first if (arrays == first).all() else TAPE

    def is_active(self, ids: Ids) -> bool:
        """Whether a parameter has a part in one of these nodes."""
        return any(self.arrays[array].active for array in np.unique(self.array_of[ids]))

    def ranks(self, arrays: Ids) -> Ids:
        """The arrays' numbers, those of arrays that vary above all others."""
        varying = [number for number, array in enumerate(self.arrays) if array.varies]
        return np.where(np.isin(arrays, varying), arrays + len(self.arrays), arrays)

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
        view of leaves would be called. What has an axis more, to be summed, between the two is read one by one.
        """
        if spread:
            ids = ids[:1] if len(ids) > 1 and (ids == ids[0]).all() else ids
            ids = ids[:, :1] if ids.shape[1] > 1 and (ids == ids[:, :1]).all() else ids
        source = self.source(ids)
        if source == TAPE:
            return self._from_tape(ids)
        if source == CONSTANTS:
            return self._constant(ids, name, spread)
        positions = self.position_of[ids]
        if ids.ndim == 3:
            return self._taken(source, positions)
        return self._of_array(source, positions) if source >= FIRST else self._leaves(source, positions, name, shown)

    def constant(self, values: NDArray[Any], name: str) -> str:
        """The name under which the program finds these numbers."""
        key = values.shape, values.dtype.kind, values.tobytes()
        if key not in self.known:
            self.known[key] = self.named(name)
            self.constants[self.known[key]] = np.ascontiguousarray(values)
        return self.known[key]

    def _constant(self, ids: Ids, name: str, spread: bool) -> Reading:
        values = self.data[ids]
        plain = bool((ids >= self.plain).all())  # somebody's leaf keeps a name, a plain number stands as it is
        if spread and plain and (values == values.flat[0]).all():
            return Reading(CONSTANTS, (1, 1), False, False, Term(float(values.flat[0])))
        called = self.constant(values, name or "k")
        return Reading(CONSTANTS, (len(ids), ids.shape[-1]), False, False, atom(called, shown_name(called)))

    def _leaves(self, source: int, positions: Ids, name: str, shown: str) -> Reading:
        rows, columns = positions.shape
        if source == PARAMETERS:
            place, shape = stepped(positions, self.count), f"({rows}, {columns})"
        else:
            chosen = progression(positions[:, 0]) if columns == 1 else None
            place, shape = chosen and f"{{}}[{chosen}]", f"({rows}, n)"
        if place is None:
            return self._taken(source, positions)
        if (source, place) not in self.views:
            called = self.named(name or ("p" if source == PARAMETERS else "x"))
            self.views[source, place] = called, shown if called == name else shown_name(called), shape
        called, written, _ = self.views[source, place]
        return self._reading(source, positions, atom(called, written), place)

    def _of_array(self, source: int, positions: Ids) -> Reading:
        array = self.arrays[source]
        place = cut(positions, array.rows, array.columns)
        if place is None and not array.varies:
            turned, flat = cut(positions.T, array.rows, array.columns), progression(positions.ravel())
            if turned is not None:
                place = f"{turned}.T"
            elif flat is not None:
                every = flat == f"0:{array.rows * array.columns}"
                shape = ", ".join(map(str, positions.shape))
                place = f"{{}}{'' if every else f'.reshape(-1)[{flat}]'}.reshape({shape})"
        if place is None:
            return self._taken(source, positions)
        term = array.term if place == "{}" else atom(place.format(array.name), shown_place(place, array.shown))
        return self._reading(source, positions, term, place)

    def _taken(self, source: int, positions: Ids) -> Reading:
        """One by one, by an array of positions."""
        array = self.arrays[source]
        index = self.constant(positions[..., 0] if array.varies else positions, "i")
        place = f"{{}}[{index}]" if array.varies or source in (PARAMETERS, TAPE) else f"{{}}.take({index})"
        term = atom(place.format(array.name), f"{array.shown}[{index}]")
        return self._reading(source, positions, term, place, index)

    def _from_tape(self, ids: Ids) -> Reading:
        """From the array that holds several others, one after another."""
        for source in np.unique(self.array_of[ids]).tolist():
            if source == CONSTANTS:
                members = np.unique(ids[(self.array_of[ids] == CONSTANTS) & (self.slots[ids] < 0)])
                self.slots[members] = self.tape_size + np.arange(len(members))
            elif source not in self.tape:
                members = np.flatnonzero(self.array_of == source)
                self.slots[members] = self.tape_size + self.position_of[members]
                self.tape[source] = self.tape_size
            else:
                continue
            self.tape_size += len(members)
        return self._taken(TAPE, self.slots[ids])._replace(active=self.is_active(ids))

    def _reading(self, source: int, positions: Ids, term: Term, place: str, at: str = "") -> Reading:
        array, shape = self.arrays[source], (len(positions), positions.shape[-1])
        return Reading(source, shape, array.varies, array.active, term, place, at, positions)
