"""Joins parts to an array, for targets that cannot write into arrays: concatenations, and sums of these.

A part has positions in a flat array. Parts that do not overlap form a layer, which is one concatenation. A part that
overlaps another one goes into a further layer. The array is the sum of the layers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ...programs.assignments import Assignment
from ...programs.roles import Role
from ..layout import Ids
from .dialects import Dialect
from .expressions import Expressions
from .names import Names
from .pieces import Code, extents

__all__ = ["Part", "Parts"]


class Part(NamedTuple):
    """An array, and the distinct positions of its elements in the flat buffer."""

    code: Code
    places: Ids
    is_own: bool = True  # whether its name is used for this part alone


@dataclass
class Parts:
    """The parts that were put into a buffer so far."""

    buffer: Assignment
    layers: list[list[Part]] = field(default_factory=list)
    name: str = ""  # the name of the joined array, until a part is added

    def same(self, index: Ids) -> Part | None:
        """Returns the part with these positions, in this order; None if there is none."""
        found = (part for layer in self.layers for part in layer if np.array_equal(part.places, index))
        return next(found, None)

    def instead(self, old: Part, new: Part) -> None:
        """Replaces the part `old` by the part `new`."""
        self.name = ""
        self.layers = [[new if part is old else part for part in layer] for layer in self.layers]

    def add(self, part: Part) -> None:
        """Puts a part into the first layer where it overlaps no other."""
        self.name = ""
        for layer in self.layers:
            if not any(np.isin(part.places, other.places).any() for other in layer):
                layer.append(part)
                return
        self.layers.append([part])

    def reached(self, index: Ids) -> list[Part]:
        """Returns the parts that have these positions; [] if there are several layers, or if a position has no part."""
        if len(self.layers) != 1:
            return []
        found = [part for part in self.layers[0] if np.isin(part.places, index).any()]
        return found if np.isin(index, [place for part in found for place in part.places.ravel()]).all() else []

    def together(self, printer: Expressions) -> Code:
        """Returns code that joins all parts, in the buffer's shape."""
        shape, varies = self.buffer.shape, self.buffer.varies
        made = None
        for layer in self.layers:
            joined = _Joined(printer, varies).layer(layer, shape)
            made = joined if made is None else made + joined
        return Code(printer.dialect.filled(extents(shape, varies), "0")) if made is None else made


class _Joined:
    """Joins the parts of a layer."""

    def __init__(self, printer: Expressions, varies: bool) -> None:
        self.printer, self.varies = printer, varies
        self.dialect: Dialect = printer.dialect
        self.given: Names = printer.given

    def layer(self, parts: list[Part], shape: tuple[int, ...]) -> Code:
        size = int(np.prod(shape))
        parts = sorted((self._as_it_lies(part) for part in parts), key=lambda part: int(part.places.min()))
        pieces: list[Code] = []
        at, rest = 0, parts
        while rest:
            block = [rest[0]]
            stop = int(rest[0].places.max()) + 1
            while len(block) < len(rest) and rest[len(block)].places.min() < stop:
                block.append(rest[len(block)])
                stop = max(stop, int(block[-1].places.max()) + 1)
            start, rest = int(block[0].places.min()), rest[len(block) :]
            rows, width, columns = self._in_rows(block, start, stop, size if not rest else int(rest[0].places.min()))
            if not columns:
                return self._picked(parts, shape)
            stop = start + rows * width
            if start > at:
                pieces.append(self._zeros(start - at))
            if len(columns) > 1 and (start, stop) == (0, size) and shape == (rows, width):
                return self._side_by_side(columns)
            pieces.append(self._shaped(self._side_by_side(columns), (rows * width,)) if len(columns) > 1 else
                          self._flat(block[0]))  # fmt: skip
            at = stop
        if at < size:
            pieces.append(self._zeros(size - at))
        if len(pieces) == 1 and parts[0].places.shape == shape and len(parts) == 1:
            return parts[0].code
        return self._reshaped(self._side_by_side(pieces), (size,), shape)

    def _as_it_lies(self, part: Part) -> Part:
        """Returns the part in the order of its positions: a matrix that lies column by column is transposed."""
        index = part.places
        if index.ndim == 2 and min(index.shape) > 1 and 0 < index[1, 0] - index[0, 0] < index[0, 1] - index[0, 0]:
            return Part(part.code.then(".swapaxes(-1, -2)" if self.varies else ".T"), index.T)
        return part

    def _in_rows(self, block: list[Part], start: int, stop: int, limit: int) -> tuple[int, int, list[Code]]:
        """Returns the number of rows of a block, their length, and the parts side by side in them.

        Returns (0, 0, []) if the parts do not lie side by side in rows.
        """
        first = block[0].places.ravel()
        if len(block) == 1 and np.array_equal(first, np.arange(start, stop)):
            return 1, stop - start, [block[0].code]
        rows = next((part.places.shape[0] for part in block if part.places.ndim), 1)
        if rows == 1 or any(part.places.shape[:1] != (rows,) for part in block):
            return 0, 0, []
        steps = {int(part.places[1].flat[0] - part.places[0].flat[0]) for part in block if part.places.ndim}
        width = steps.pop()
        if steps or width <= 0 or start + rows * width > limit:
            return 0, 0, []
        columns, at = [], 0
        for part in block:
            lines = part.places.reshape(rows, -1) - start
            count = lines.shape[1]
            if lines[0, 0] < at or not np.array_equal(
                lines, lines[0, 0] + width * np.arange(rows)[:, None] + np.arange(count)
            ):
                return 0, 0, []
            if lines[0, 0] > at:
                columns.append(self._zeros(int(lines[0, 0]) - at, rows))
            columns.append(self._reshaped(part.code, part.places.shape, (rows, count)))
            at = int(lines[0, 0]) + count
        if at > width:
            return 0, 0, []
        if at < width:
            columns.append(self._zeros(width - at, rows))
        return rows, width, columns

    def _picked(self, parts: list[Part], shape: tuple[int, ...]) -> Code:
        """Returns code that concatenates the parts, and a 0 for positions without one, and picks elements by index."""
        whole = np.concatenate([part.places.ravel() for part in parts])
        order = np.full(int(np.prod(shape)), len(whole))
        order[whole] = np.arange(len(whole))
        pieces = [self._flat(part) for part in parts]
        if len(whole) < order.size:
            pieces.append(self._zeros(1))
        name = self.printer.array(order.reshape(shape), Role("i"))
        return self._side_by_side(pieces).then(f"[{':, ' * self.varies}{name}]")

    def _flat(self, part: Part) -> Code:
        return self._reshaped(part.code, part.places.shape, (part.places.size,))

    def _reshaped(self, code: Code, shape: tuple[int, ...], wanted: tuple[int, ...]) -> Code:
        return code if shape == wanted else self._shaped(code, wanted)

    def _shaped(self, code: Code, wanted: tuple[int, ...]) -> Code:
        return code.then(f".reshape({', '.join([*(['n'] * self.varies), *map(str, wanted)])})")

    def _zeros(self, count: int, rows: int = 0) -> Code:
        return Code(self.dialect.filled(extents((rows, count) if rows else (count,), self.varies), "0"))

    def _side_by_side(self, pieces: list[Code]) -> Code:
        """Returns code that concatenates the pieces along the last axis."""
        if len(pieces) == 1:
            return pieces[0]
        return Code(f"{self.dialect.module}.concatenate([{', '.join(map(str, pieces))}], -1)")
